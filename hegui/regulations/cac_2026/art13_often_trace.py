"""Articles 13(2) and 23 on recorded runs: taken no more often, and no finer, than declared."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from hegui.audit import Asked, Finding, check, found
from hegui.audit import policy_evidence as said
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.behaviours.causes import pastes
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts
from hegui.facts.policy import Policy, Span
from hegui.facts.queries.frequency import bound, per_start
from hegui.facts.queries.stated_frequency import stated_frequency
from hegui.facts.queries.timeline import Timeline, clusters, most_within
from hegui.facts.trace import Event, Run, What
from hegui.regulations.policy_parts import app_rules
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import (
    got,
    map_approved,
    read_whole,
    run_name,
    runs,
    scene_of,
    scenes,
    seconds,
    takings,
    timelines,
    times,
    unwatched,
    why_actor,
)
from hegui.regulations.trace_rules import is_sdk
from hegui.words import Words

_MOST_SHOWN = 5
# Low-level calls this close are one act of reading (RULES R30).
_FAN_OUT_MS = 1000
_WINDOW_MS = 60_000
# Gaps measured before an interval is judged: fewer may be chance.
_FEWEST_GAPS = 4
# Timers drift: this far below the declared interval is still the interval.
_DRIFT = 0.9


@dataclass(frozen=True)
class _Series:
    """The reads of one kind by one party in one run, calls within a second taken as one, and by the scene they fell in."""

    actor: str
    kind: str
    places: list[int]
    reads: list[int]
    by_scene: dict[str, list[int]]

    @cached_property
    def most(self) -> int:
        """The most reads in any minute of one scene."""
        return max(most_within(reads, _WINDOW_MS) for reads in self.by_scene.values())

    @cached_property
    def gap_ms(self) -> int | None:
        return _median_gap(self.reads)

    @cached_property
    def table(self) -> Words:
        """The rates, scene by scene."""
        rows = [(name, most_within(reads, _WINDOW_MS), _median_gap(reads)) for name, reads in self.by_scene.items()]
        return Words(
            "；".join(
                f"{name or '全程'}：每分钟最多 {most} 次" + (f"，间隔中位数 {seconds(gap)} 秒" if gap else "")
                for name, most, gap in rows
            ),
            "; ".join(
                f"{name or 'whole run'}: up to {most} a minute" + (f", median gap {seconds(gap)} s" if gap else "")
                for name, most, gap in rows
            ),
        )


@dataclass(frozen=True)
class _Over:
    """Above what was declared, or above a ceiling of our own."""

    verdict: Verdict
    says: Words
    span: Span | None = None
    missing: str = "NO_POLICY"


@check(
    "cac-2026:13.2.2",
    "app-2021:7.1",
    "cac-2026:23.1.3",
    needs=("trace",),
    missing=("NO_POLICY", "TRACE_SHORT", "TRACE_NO_STACK", "TRACE_HOOK_GAP", "HUMAN_PENDING"),
)
def takes_too_often(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Taken more often than the rules declare; where they declare nothing, more often than an advisory ceiling (R30, R58).

    Never says that a frequency is the lowest possible.
    """
    sdks_alone = asked.duty.obligor == "sdk_operator"
    within: list[tuple[Run, _Series]] = []
    undeclared = any_over = False
    for run, line in timelines(facts):
        for one in _series(facts, line):
            if sdks_alone and not is_sdk(one.actor):
                continue
            declared = None if sdks_alone else _declared(facts, line, one.kind)
            over = _over_declared(line, one, *declared) if declared else None
            bounded = declared is not None and (bound(declared[0]) or per_start(declared[0])) is not None
            if over is None and not bounded:
                over = _over_ceiling(asked, line, one, declared)
            if over is not None:
                any_over = True
                yield _often(facts, run, line, one, over)
            elif len(one.reads) > 1:
                within.append((run, one))
                undeclared |= not bounded
    if not any_over and runs(facts):
        yield from _not_above(facts, asked, within, undeclared)


def _series(facts: Facts, line: Timeline) -> list[_Series]:
    """A row that sums up tells no times; what lasts (a sensor, location updates) is judged by its sessions."""
    return line.kept(("series", scenes(facts)), lambda: list(_all_series(facts, line)))


def _all_series(facts: Facts, line: Timeline) -> Iterator[_Series]:
    if not line.timed:
        return
    for (actor, kind), rows in takings(line).items():
        places = line.places([row for row in rows if _one_read(line.row(row)[0], line)])
        if not places:
            continue
        reads = clusters((line.t_ms[at] for at in places), _FAN_OUT_MS)
        by_scene: dict[str, list[int]] = {} if scenes(facts) else {"": reads}
        for t_ms in reads if scenes(facts) else ():
            scene = scene_of(facts, line.page_at(t_ms))
            by_scene.setdefault(scene.name if scene else "", []).append(t_ms)
        yield _Series(actor, kind, places, reads, by_scene)


def _one_read(what: What, line: Timeline) -> bool:
    return what.count == 1 and what.type not in ("sensor", "net") and got(what, line.meta) is not False


def _declared(facts: Facts, line: Timeline, kind: str) -> tuple[str, Span | None] | None:
    """What the rules say on how often this kind is taken: at the kind's own function, else at its permission group."""
    rules = app_rules(facts)
    if rules is None:
        return None
    groups = {line.row(row)[0].perm_group for row in line.rows(lambda what: what.pi_type == kind)}
    return stated_frequency(rules, kind, {group for group in groups if group})


def _over_declared(line: Timeline, one: _Series, words: str, span: Span | None) -> _Over | None:
    """Above what the rules declare; None where it is not, or where their words set no bound."""
    limit, starts = per_start(words), max(1, len(line.starts))
    if limit is not None and len(one.reads) > limit * starts:
        says = Words(
            f"规则写“{words}”，{starts} 次启动中读取 {len(one.reads)} 次",
            f"the rules say “{words}”, {len(one.reads)} reads in {starts} starts",
        )
        return _Over("violation", says, span)
    declared = bound(words)
    if declared is None:
        return None
    slack, gap = line.slack(), one.gap_ms
    if declared.per_ms < _WINDOW_MS:
        # One more than fit exactly: where the minute begins is chance.
        window_ms, most = _WINDOW_MS, round(_WINDOW_MS / declared.interval_ms) + 1
    else:
        window_ms, most = round(declared.per_ms * _DRIFT) - slack, declared.times
    seen = most_within(one.reads, max(1, window_ms))
    if seen > most or (gap is not None and gap < declared.interval_ms / 2 - slack):
        says = Words(
            f"规则写“{words}”，实测 {seconds(window_ms)} 秒内最多 {seen} 次",
            f"the rules say “{words}”; up to {seen} reads within {seconds(window_ms)} s",
        )
        return _Over("violation", says, span)
    if gap is not None and gap < declared.interval_ms * _DRIFT - slack:
        says = Words(
            f"规则写“{words}”，实测间隔中位数 {seconds(gap)} 秒，略短于声明",
            f"the rules say “{words}”; the median gap of {seconds(gap)} s is a little shorter",
        )
        return _Over("risk", says, span, "TRACE_SHORT")
    return None


def _over_ceiling(asked: Asked, line: Timeline, one: _Series, declared: tuple[str, Span | None] | None) -> _Over | None:
    """Above a ceiling of our own: a risk, never more (A-15). Location has its own rules (R34, R35)."""
    if one.kind.startswith("location."):
        return None
    words, span = declared or ("", None)
    # Whether words without a number (每次使用时) allow so many, a person has to say.
    lacks = "HUMAN_PENDING" if declared else "NO_POLICY"
    silent = (
        Words(f"规则写“{words}”，没有次数", f"the rules say “{words}”, and no number")
        if declared
        else Words("规则没有写明频度", "the rules declare no frequency")
    )
    starts = max(1, len(line.starts))
    if one.kind.startswith("device_id.") or one.kind == "app_list":
        ids = one.kind.startswith("device_id.")
        limit = asked.number("ceilings.identifier_per_start" if ids else "ceilings.app_list_per_start")
        if len(one.reads) <= limit * starts:
            return None
        return _Over(
            "risk",
            Words(
                f"{silent.zh}；{starts} 次启动中读取 {len(one.reads)} 次，高于参考上限每次启动 {limit:g} 次",
                f"{silent.en}; {len(one.reads)} reads in {starts} starts, above the advisory {limit:g} for each start",
            ),
            span,
            lacks,
        )
    if one.kind == "clipboard" and line.shows_acts:
        pasted = len(line.places(line.rows(_is_paste)))
        limit = asked.number("ceilings.clipboard_per_paste")
        if len(one.reads) <= limit * pasted:
            return None
        return _Over(
            "risk",
            Words(
                f"{silent.zh}；读取 {len(one.reads)} 次，用户粘贴 {pasted} 次（参考上限每次粘贴 {limit:g} 次）",
                f"{silent.en}; {len(one.reads)} reads, {pasted} pastes by the user (advisory: {limit:g} for each)",
            ),
            span,
            lacks,
        )
    limit = asked.number("ceilings.other_per_min")
    if one.most <= limit:
        return None
    return _Over(
        "risk",
        Words(
            f"{silent.zh}；一分钟内最多读取 {one.most} 次，高于参考上限 {limit:g} 次",
            f"{silent.en}; up to {one.most} reads in a minute, above the advisory {limit:g}",
        ),
        span,
        lacks,
    )


def _is_paste(what: What) -> bool:
    return what.type == "ui" and (what.action == "paste" or pastes(what.node_text or ""))


def _median_gap(reads: list[int]) -> int | None:
    gaps = sorted(later - earlier for earlier, later in pairwise(reads))
    return gaps[len(gaps) // 2] if len(gaps) >= _FEWEST_GAPS else None


def _often(facts: Facts, run: Run, line: Timeline, one: _Series, over: _Over) -> Finding:
    rules, table = app_rules(facts), one.table
    events = [line.event(at) for at in one.places[:_MOST_SHOWN]]
    return found(
        over.verdict,
        f"{run_name(run).zh}：{who(one.actor).zh}读取{pi_type(one.kind).zh} {len(one.places)} 次调用，合并为 "
        f"{len(one.reads)} 次；{over.says.zh}（{table.zh}）",
        f"{run_name(run).en}: {who(one.actor).en} takes {pi_type(one.kind).en}: {len(one.places)} calls, {len(one.reads)} "
        f"reads; {over.says.en} ({table.en})",
        *shows.events(facts, run, events),
        *((said.sentence(rules, over.span),) if rules and over.span else ()),
        basis="observed",
        assumptions=("A-15",),
        missing=() if over.verdict == "violation" else (over.missing,),
        actor=one.actor,
        why_actor=why_actor(events[0]),
    )


def _not_above(facts: Facts, asked: Asked, within: list[tuple[Run, _Series]], undeclared: bool) -> Iterator[Finding]:
    """Nothing was above what is declared: good news from use scene by scene (S4), where all that repeated has a bound."""
    used = [run for run, line in timelines(facts, "S4") if line.timed and read_whole(run.meta)]
    watched = bool(used) and not any(unwatched(run.meta) for run in used)
    if not within:
        return
    lacking = [code for code, holds in (("NO_POLICY", undeclared), ("TRACE_SHORT", not used)) if holds]
    if used and not watched:
        lacking.append("TRACE_HOOK_GAP")
    # Precision and amount (7.1), and what an SDK itself declares (23.1.3), take more than this.
    good = not lacking and asked.duty.id == "cac-2026:13.2.2"
    told = [(who(one.actor), pi_type(one.kind), one.table) for _, one in within[:_MOST_SHOWN]]
    tables_zh = "；".join(f"{party.zh}读取{kind.zh}（{table.zh}）" for party, kind, table in told)
    tables_en = "; ".join(f"{party.en}, {kind.en} ({table.en})" for party, kind, table in told)
    yield found(
        "compliant" if good else None,
        f"{len(within)} 组重复读取未高于声明的频度" + ("" if not undeclared else "或参考上限") + f"：{tables_zh}",
        f"{len(within)} series of reads are not above what is declared{' or advised' if undeclared else ''}: {tables_en}",
        *(shows.whole(facts, run) for run in runs(facts)),
        basis="observed",
        assumptions=("A-15",),
        missing=() if good else tuple(lacking) or ("TRACE_SHORT",),
    )


# ------------------------------------------------------------------------------------------------- precision


@check(
    "cac-2026:13.2.2",
    "app-2021:7.1",
    needs=("trace",),
    missing=("NO_POLICY", "HUMAN_PENDING"),
)
def takes_finer_than_declared(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Precise location taken in a scene declared with coarse location, or where the rules state coarse location alone (R30).

    The 2021 draft holds precision to the service itself: against an approved map it is a violation there.
    """
    rules = app_rules(facts)
    coarse_rules = rules is not None and _coarse_alone(_stated(rules))
    if not coarse_rules and not any(_coarse_alone(scene.types) for scene in scenes(facts)):
        return
    for run, line in timelines(facts):
        finer: dict[tuple[str, str, bool], list[Event]] = {}
        for (actor, kind), rows in takings(line).items():
            if kind != "location.precise":
                continue
            for at in line.places([row for row in rows if got(line.row(row)[0], run.meta) is not False]):
                one = line.event(at)
                scene = scene_of(facts, line.page_at(one.t_ms))
                if scene is not None and _coarse_alone(scene.types):
                    finer.setdefault((actor, scene.name, bool(got(one.what, run.meta))), []).append(one)
                elif coarse_rules:
                    finer.setdefault((actor, "", bool(got(one.what, run.meta))), []).append(one)
        for (actor, name, sure), several in finer.items():
            stands = bool(name) and sure and map_approved(facts) and asked.duty.id == "app-2021:7.1"
            many = times(len(several))
            against = Words(f"声明的场景“{name}”", f"the declared scene {name}") if name else Words("规则", "the rules")
            yield found(
                "violation" if stands else "risk",
                f"{run_name(run).zh}：{who(actor).zh}读取精确位置，{many.zh}，而{against.zh}只写了粗略位置",
                f"{run_name(run).en}: {who(actor).en} takes precise location {many.en}, where {against.en} states coarse "
                "location only",
                *shows.events(facts, run, several),
                basis="observed",
                missing=() if stands else ("HUMAN_PENDING",),
                actor=actor,
                why_actor=why_actor(several[0]),
            )


def _stated(rules: Policy) -> tuple[str, ...]:
    return (*(one.type for one in rules.types), *(one for function in rules.functions for one in function.types))


def _coarse_alone(types: tuple[str, ...]) -> bool:
    return "location.coarse" in types and "location.precise" not in types and "location" not in types
