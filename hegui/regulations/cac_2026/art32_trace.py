"""Article 32 on a conformance run (S13): what a test app did on a terminal, held against what the terminal recorded of it.

Two logs of one session: the test app's own, which knows what it did, and the terminal's export, whose `covers` says
"record" (终端记录). See docs/terminal.md.
"""

from collections.abc import Iterator, Sequence

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.catalogue.permissions import GROUPS
from hegui.catalogue.usage_kinds import READS, STARTS, USAGE_KINDS
from hegui.facts import Facts
from hegui.facts.queries.usage import DAY_MS, Conformance, Paired, Use, uses
from hegui.regulations.terminal_parts import acts, declared, held, records
from hegui.words import Words

_MOST_SHOWN = 4

_OF_DUTY: dict[str, dict[str, Words]] = {
    "cac-2026:32.1.1": GROUPS,
    "cac-2026:32.1.2": STARTS,
    "cac-2026:32.1.3": READS,
    "app-2021:11.1.2": USAGE_KINDS,
}


@check(*_OF_DUTY, needs=("trace",), missing=("NO_RECORD", "TRACE_SHORT", "HUMAN_PENDING"))
def records_what_apps_did(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An act of the test app that the terminal's record does not hold, holds late, or holds without its time (R71, limb 1)."""
    done, recorded = acts(facts), records(facts)
    if not done:
        return
    if not recorded:
        yield found(
            None,
            "测试应用的运行已给出，终端自己的记录没有给出",
            "the test app's own log was given, the terminal's record was not",
            *(shows.whole(facts, run) for run in done),
            basis="observed",
            missing=("NO_RECORD",),
        )
        return
    wanted, session = _OF_DUTY[asked.duty.id], held(facts)
    faults = [finding for kind in wanted for finding in _of_kind(facts, session, kind)]
    yield from faults
    tried = [kind for kind in wanted if session.of(kind)]
    untried = [kind for kind in wanted if kind not in tried]
    matched = sum(one.entry is not None for kind in tried for one in session.of(kind))
    total = sum(len(session.of(kind)) for kind in tried)
    notes = list(_left_out(session, wanted))
    clear = not (untried or faults or notes or not session.timed)
    yield found(
        "compliant" if clear else None,
        f"{total} 次行为中 {matched} 次在终端记录中有对应（{len(tried)} 类）；没有试过的：{_names(untried).zh}"
        + "".join(f"；{one.zh}" for one in notes),
        f"{matched} of {total} acts stand in the record ({len(tried)} kinds); not tried: {_names(untried).en}"
        + "".join(f"; {one.en}" for one in notes),
        *(shows.whole(facts, run) for run in (*done, *recorded[:_MOST_SHOWN])),
        basis="observed",
        missing=() if clear else ("TRACE_SHORT",) if untried or notes or not session.timed else ("HUMAN_PENDING",),
    )


@check(*_OF_DUTY, needs=("trace",))
def names_the_right_app(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An entry that shows a test app under a name that is not its own (R71, limb 2)."""
    names = declared(facts).apps
    if not acts(facts):
        return
    for run in records(facts):
        own = names.get(run.meta.package, "").strip()
        wrong = [
            one
            for one in uses(run)
            if own and one.kind in _OF_DUTY[asked.duty.id] and one.what.actor and one.what.actor.strip() != own
        ]
        if wrong:
            yield found(
                "violation",
                f"终端记录把 {run.meta.package}（{own}）的行为记为“{wrong[0].what.actor}”，共 {len(wrong)} 条",
                f"the record shows acts of {run.meta.package} ({own}) as those of “{wrong[0].what.actor}”: {len(wrong)} entries",
                *_shown(facts, wrong),
                basis="observed",
            )


def _of_kind(facts: Facts, session: Conformance, kind: str) -> Iterator[Finding]:
    pairs, name = session.of(kind), USAGE_KINDS[kind]
    lost = [one for one in pairs if one.entry is None]
    if lost:
        sure = session.whole
        under = next((one.elsewhere for one in lost if one.elsewhere), None)
        beside = f"；同一时刻有一条记在 {under.package} 名下" if under else ""
        beside_en = f"; at the same moment one stands under {under.package}" if under else ""
        yield found(
            "violation" if sure else "undetermined",
            f"测试应用 {len(pairs)} 次“{name.zh}”中，{len(lost)} 次在终端记录中没有{beside}"
            + ("" if sure else "（但记录没有读完，或只留最近一次）"),
            f"of {len(pairs)} acts “{name.en}” of the test app, the terminal's record does not hold {len(lost)}{beside_en}"
            + ("" if sure else " (but the record was not read whole, or keeps the last use only)"),
            *_shown(facts, [one.act for one in lost]),
            *(_shown(facts, [under]) if under else ()),
            basis="observed",
            missing=() if sure else ("NO_RECORD",),
        )
    late = [one for one in pairs if one.late_ms > DAY_MS]
    if late:
        yield _risk(
            facts,
            late,
            Words(
                f"“{name.zh}”迟于 24 小时才记入：{len(late)} 次",
                f"“{name.en}” entered more than 24 hours late: {len(late)}",
            ),
        )
    untimed = [one for one in pairs if one.entry is not None and one.entry.untimed]
    if untimed:
        yield _risk(
            facts,
            untimed,
            Words(
                f"“{name.zh}”合并记录而不写明时间，公开的记录规则也没有说明合并：{len(untimed)} 次",
                f"“{name.en}” merged without times, which no published rule explains: {len(untimed)}",
            ),
        )
    extra = [one for one in session.extra if one.kind == kind]
    if extra:
        yield found(
            "risk",
            f"终端记录了 {len(extra)} 次“{name.zh}”，测试应用的日志中没有：或记错，或日志不全",
            f"the record holds {len(extra)} of “{name.en}” that the test app's log does not: wrong entries, or an incomplete log",
            *_shown(facts, extra),
            basis="observed",
            missing=("HUMAN_PENDING",),
        )


def _risk(facts: Facts, pairs: Sequence[Paired], says: Words) -> Finding:
    shown = [*_shown(facts, [one.act for one in pairs]), *_shown(facts, [one.entry.use for one in pairs if one.entry])]
    return found("risk", says.zh, says.en, *shown, basis="observed")


def _left_out(session: Conformance, wanted: dict[str, Words]) -> Iterator[Words]:
    if outside := [one for one in session.outside if one.kind in wanted]:
        yield Words(f"{len(outside)} 次在记录的起止时间之外", f"{len(outside)} outside the time of the record")
    if unsure := [one for one in session.unsure if one.kind in wanted]:
        yield Words(
            f"{len(unsure)} 次日志没有写明是否成功", f"{len(unsure)} of which the log does not say that they succeeded"
        )
    if not session.timed:
        yield Words(
            "两份日志的时间不能相比（须写明带时区的 started_at 和 package），只按种类对应",
            "the times of the two logs cannot be compared (a started_at with its zone and a package are needed): by kind only",
        )


def _names(kinds: Sequence[str]) -> Words:
    if not kinds:
        return Words("无", "none")
    return Words("、".join(USAGE_KINDS[one].zh for one in kinds), ", ".join(USAGE_KINDS[one].en for one in kinds))


def _shown(facts: Facts, several: Sequence[Use]) -> list[Evidence]:
    return [shows.event(facts, one.run, one.event) for one in several[:_MOST_SHOWN]]
