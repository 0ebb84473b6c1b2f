"""Article 13(1) on recorded runs: what was taken before the user agreed to the rules, or after the user refused them."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts
from hegui.facts.queries.consent import NOBODY_AGREES, Consents, Side
from hegui.facts.queries.timeline import Timeline, timeline
from hegui.facts.trace import Event, Run
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import (
    got,
    read_whole,
    run_name,
    runs,
    seconds,
    takings,
    tells_consent,
    times,
    unwatched,
    why_actor,
)
from hegui.words import Words

# How long S1 stays on the notice (RULES §3).
_STAY_MS = 60_000
_MOST_SHOWN = 5


@dataclass
class _Taken:
    """What one party took of one kind on one side of the agreement. `marked`: the source itself says it was before."""

    count: int = 0
    places: list[int] = field(default_factory=list)
    marked: bool = False


@check(
    "cac-2026:13.1.1",
    "app-2021:6.3.1",
    "cac-2026:3.2.1",
    needs=("trace",),
    missing=("TRACE_NOT_FRESH", "TRACE_NO_CONSENT", "TRACE_HOOK_GAP", "TRACE_SHORT"),
)
def takes_before_consent(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """What was taken before the user agreed to the rules, or after the user refused them (R20, limbs 1 to 4)."""
    several = [(run, Consents(run)) for run in runs(facts)]
    findings = [one for run, consents in several for one in _early(facts, run, consents)]
    yield from findings
    if not findings:
        yield _nothing_early(facts, several, asked)


# The gravest alone is told of a party and kind: an attempt or a doubt adds nothing to what was got before consent.
_GRAVEST_FIRST: tuple[tuple[Side, bool | None], ...] = (
    ("before", True), ("refused", True), ("before", None), ("refused", None), ("before", False), ("refused", False),
    ("unsure", True), ("unsure", None), ("unsure", False),
)  # fmt: skip


def _early(facts: Facts, run: Run, consents: Consents) -> Iterator[Finding]:
    line = timeline(run)
    for (actor, kind), rows in takings(line).items():
        taken = _by_side(line, consents, rows)
        found_as = next((key for key in _GRAVEST_FIRST if key in taken), None)
        if found_as is not None:
            yield _finding(facts, run, consents, (actor, kind), found_as, taken[found_as])


def _by_side(line: Timeline, consents: Consents, rows: list[int]) -> dict[tuple[Side, bool | None], _Taken]:
    taken: dict[tuple[Side, bool | None], _Taken] = {}
    for row in rows:
        what, _ = line.row(row)
        if what.phase == "after_consent":
            continue
        places = line.of_row(row)
        for side, start, end, _by in consents.stretches(what):
            low, high = bisect_left(places, start), bisect_left(places, end)
            if what.phase == "before_consent":
                # A mark that an agreement written down contradicts settles nothing.
                side = "unsure" if side == "after" else side if side == "refused" else "before"
            if low == high or side == "after":
                continue
            one = taken.setdefault((side, got(what, line.meta)), _Taken())
            one.count += (high - low) * what.count
            one.places += places[low : min(high, low + _MOST_SHOWN)]
            one.marked |= what.phase == "before_consent"
    return taken


def _finding(
    facts: Facts,
    run: Run,
    consents: Consents,
    whose: tuple[str, str],
    found_as: tuple[Side, bool | None],
    taken: _Taken,
) -> Finding:
    (actor, kind), (side, success) = whose, found_as
    line = timeline(run)
    events = [line.event(at) for at in sorted(taken.places)[:_MOST_SHOWN]]
    # An agreement that the log does not tell may have come before the first of them.
    told = taken.marked or tells_consent(run, events[0].t_ms)
    verdict, missing, doubt = _weigh(run, consents, side, success, taken.marked, told=told)
    when = _when(run, consents, side, events[0], told=told)
    did = {
        True: Words("取得", "took"),
        None: Words("调用接口读取（来源没有记录结果）", "called to read (the source does not record the result)"),
        False: Words("试图读取（被拒绝）", "tried to read (and was denied)"),
    }[success]
    name, many = pi_type(kind), times(taken.count)
    by = [consents.agreed] if consents.agreed else consents.given[:1]
    return found(
        verdict,
        f"{run_name(run).zh}：{who(actor).zh}{when.zh}{did.zh}{name.zh}，{many.zh}"
        + (f"；{doubt.zh}" if doubt else ""),
        f"{run_name(run).en}: {who(actor).en} {did.en} {name.en} {when.en}, {many.en}"
        + (f"; {doubt.en}" if doubt else ""),
        *shows.events(facts, run, events),
        *shows.events(facts, run, by),
        shows.whole(facts, run),
        basis="observed",
        assumptions=("A-30",) if success is False else ("A-14",),
        missing=missing,
        actor=actor,
        why_actor=why_actor(events[0]),
    )


def _weigh(
    run: Run, consents: Consents, side: Side, success: bool | None, marked: bool, *, told: bool
) -> tuple[Verdict, tuple[str, ...], Words | None]:
    """What this may be called, which reason codes stand in the way of more, and the doubt in words."""
    if side == "unsure":
        doubt = Words(
            "时间差在时钟误差之内，先后无法判定", "within what the clock may be off: before or after cannot be told"
        )
        if timeline(run).set_back:
            doubt = Words(
                "日志的时钟曾被拨回，先后无法判定", "the log's clock was set back: before or after cannot be told"
            )
        return "undetermined", ("TRACE_NO_CONSENT",), doubt
    if not told:
        why = (
            Words("此前的操作中可能有同意，日志看不出", "one of the acts before may have agreed; the log does not tell")
            if consents.tells
            else Words(
                "日志既无同意事件也无界面操作，可能未记录同意",
                "the log shows neither consent nor user acts: an agreement may have gone unrecorded",
            )
        )
        return "undetermined", ("TRACE_NO_CONSENT", *(() if run.meta.fresh_install else ("TRACE_NOT_FRESH",))), why
    if run.meta.fresh_install is False and side == "before":
        return (
            "undetermined",
            ("TRACE_NOT_FRESH",),
            Words("并非全新安装，此前可能已同意过", "not a fresh install: the user may have agreed before"),
        )
    if not run.meta.fresh_install:
        # An agreement in the run, or the source's own mark, tells that none was in force; that data was cleared, nobody says.
        weight: Verdict = "risk" if consents.given or marked else "undetermined"
        return weight, ("TRACE_NOT_FRESH",), Words("未写明是否全新安装", "whether the install was fresh is not told")
    return "violation" if success else "risk", (), None


def _when(run: Run, consents: Consents, side: Side, first: Event, *, told: bool) -> Words:
    agreed = consents.agreed
    if not consents.given and not told:
        return Words("（当时是否已同意，日志看不出）", "(whether the user had agreed by then, the log does not tell)")
    if side == "refused":
        return Words("在用户拒绝规则之后", "after the user refused the rules")
    if side == "unsure":
        return Words("在用户表示同意或拒绝的前后", "about when the user agreed or refused")
    if agreed is None:
        return Words(
            "在用户同意规则之前（该次运行中用户没有同意）", "before consent (the user never agreed in this run)"
        )
    if run.meta.clock == "order" or agreed.what.derived:
        return Words("在用户同意规则之前", "before the user agreed to the rules")
    ahead = seconds(agreed.t_ms - first.t_ms)
    return Words(f"在用户同意规则之前 {ahead} 秒", f"{ahead} s before the user agreed to the rules")


def _nothing_early(facts: Facts, several: list[tuple[Run, Consents]], asked: Asked) -> Finding:
    """Nothing was seen early: good news from S1 and S2 on a fresh install with full hooks, else only not seen."""
    fresh = [run for run, consents in several if run.meta.fresh_install and consents.tells]
    planned = {run.meta.scenario for run in fresh if _stayed(run)} & set(NOBODY_AGREES)
    gaps = sorted({kind for run in fresh if run.meta.scenario in NOBODY_AGREES for kind in unwatched(run.meta)})
    missing = []
    if not any(run.meta.fresh_install for run, _ in several):
        missing.append("TRACE_NOT_FRESH")
    elif not fresh:
        missing.append("TRACE_NO_CONSENT")
    elif len(planned) < len(NOBODY_AGREES):
        missing.append("TRACE_SHORT")
    if fresh and gaps:
        missing.append("TRACE_HOOK_GAP")
    evidence = [shows.whole(facts, run) for run, _ in several]
    if missing or not fresh or asked.duty.id == "cac-2026:3.2.1":
        gap_zh = f"；未监测：{'、'.join(pi_type(one).zh for one in gaps[:6])}等 {len(gaps)} 种" if gaps else ""
        gap_en = (
            f"; not watched: {', '.join(pi_type(one).en for one in gaps[:6])} … ({len(gaps)} kinds)" if gaps else ""
        )
        return found(
            None,
            f"{len(several)} 次运行中未见同意前取得个人信息，但所做场景与监测范围不足以认定没有{gap_zh}",
            f"in {len(several)} runs nothing was seen to be taken before consent; what was run and watched does not settle it"
            f"{gap_en}",
            *evidence,
            basis="observed",
            missing=tuple(missing),
        )
    return found(
        "compliant",
        "全新安装后停留在告知界面（S1）与拒绝规则（S2）两种运行中，监测范围内未见取得个人信息",
        "fresh installs that stayed on the notice (S1) and refused the rules (S2): within what was watched, nothing was taken",
        *evidence,
        basis="observed",
    )


def _stayed(run: Run) -> bool:
    """Whether the run lasted as long as its plan asks, every row of it was read, and its times are times."""
    line = timeline(run)
    return line.timed and line.end_ms >= _STAY_MS and read_whole(run.meta)
