"""Article 13(2) on recorded runs: use that the scene at hand needs, and no more often than declared; with it article 23."""

import re
from collections.abc import Iterator
from itertools import pairwise

from hegui.audit import Asked, Finding, check, found
from hegui.audit import policy_evidence as said
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts
from hegui.facts.policy import Span
from hegui.facts.queries.frequency import frequency
from hegui.facts.queries.timeline import Timeline, clusters, most_within
from hegui.facts.trace import Event, Run, What
from hegui.regulations.policy_parts import app_rules
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import (
    continuing,
    kinds_of,
    needs,
    run_name,
    runs,
    scene_of,
    scenes,
    seconds,
    takes,
    takings,
    timelines,
    times,
    why_actor,
)
from hegui.regulations.trace_rules import is_sdk
from hegui.words import Words

_MOST_SHOWN = 5


@check("cac-2026:13.2.1", needs=("trace",), missing=("SCENE_UNMAPPED", "TRACE_NO_UI", "HUMAN_PENDING"))
def uses_off_the_scene(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Protected information taken on a page whose declared scene does not need it, or in the background (R29).

    A declared map of scenes awaits review, so what is off it is a risk.
    """
    mapped, unmapped = 0, 0
    for run, line in timelines(facts):
        off: dict[tuple[str, str, str], list[Event]] = {}
        rows = line.rows(lambda what: takes(what) and bool(what.perm_group))
        if not scenes(facts):
            unmapped += sum(len(line.of_row(row)) for row in rows)
            continue
        for one in map(line.event, line.places(rows)):
            if one.origin == "system" or line.foreign(one.what):
                continue
            where = _off_scene(facts, line, one)
            mapped += where == ""
            unmapped += where is None
            if where:
                several = off.setdefault((one.origin, kinds_of(one.what)[0], where), [])
                several.append(one)
        for (actor, kind, where), several in off.items():
            yield _off(facts, run, actor, kind, where, several)
    evidence = [shows.whole(facts, run) for run in runs(facts)]
    if evidence:
        yield found(
            None,
            f"{mapped} 次受权限保护的读取在声明的场景之内（对应表尚待人工确认），{unmapped} 次无法对应到场景",
            f"{mapped} protected reads lie in declared scenes (the map awaits review), {unmapped} in none that is known",
            *evidence,
            basis="observed",
            missing=("SCENE_UNMAPPED",) if unmapped or not mapped else ("HUMAN_PENDING",),
        )


def _off_scene(facts: Facts, line: Timeline, one: Event) -> str | None:
    """The scene, or "后台 / background", that an event does not fit; "" where it fits; None where the scene is not known."""
    group, kind = one.what.perm_group, kinds_of(one.what)[0]
    spell = line.spell_behind(one.t_ms)
    if spell is not None or one.what.phase == "background":
        scene = continuing(facts, line, spell) if spell else None
        if scene is None and line.behind(one) is None:
            return None
        return "" if scene and needs(scene, group, kind) else "后台 / background"
    scene = scene_of(facts, line.page_at(one.t_ms))
    if scene is None:
        return None
    return "" if needs(scene, group, kind) else scene.name


def _off(facts: Facts, run: Run, actor: str, kind: str, where: str, several: list[Event]) -> Finding:
    name, many = pi_type(kind), times(sum(one.what.count for one in several))
    return found(
        "risk",
        f"{run_name(run).zh}：{who(actor).zh}读取{name.zh}，{many.zh}，与当时的场景不相关（{where}）",
        f"{run_name(run).en}: {who(actor).en} takes {name.en} {many.en}, which the scene at hand does not need ({where})",
        *shows.events(facts, run, several),
        basis="observed",
        missing=("HUMAN_PENDING",),
        actor=actor,
        why_actor=why_actor(several[0]),
    )


# ------------------------------------------------------------------------------------------------- how often

# Low-level calls this close are one act of reading (RULES R30).
_FAN_OUT_MS = 1000
_WINDOW_MS = 60_000
# Gaps measured before an interval is judged: fewer may be chance.
_FEWEST_GAPS = 4

_INTERVAL = re.compile(r"每(?:隔)?\s*(?P<number>\d+|[一二两三四五六七八九十半]*)\s*(?P<unit>毫秒|秒|分钟?|小时|天|日)")
_UNIT_MS = {"毫秒": 1, "秒": 1000, "分": 60_000, "分钟": 60_000, "小时": 3_600_000, "天": 86_400_000, "日": 86_400_000}
_NUMBERS = {"": 1.0, "半": 0.5, "一": 1.0, "二": 2.0, "两": 2.0, "三": 3.0, "四": 4.0, "五": 5.0, "六": 6.0, "七": 7.0}
_NUMBERS |= {"八": 8.0, "九": 9.0, "十": 10.0}


@check(
    "cac-2026:13.2.2",
    "app-2021:7.1",
    "cac-2026:23.1.3",
    needs=("trace",),
    missing=("NO_POLICY", "TRACE_SHORT", "TRACE_NO_STACK"),
)
def takes_too_often(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Taken more often than the rules declare; where they declare nothing, more often than an advisory ceiling (R30, R58).

    Never says that a frequency is the lowest possible.
    """
    sdks_alone = asked.duty.obligor == "sdk_operator"
    fine = 0
    for run, line in timelines(facts):
        for (actor, kind), rows in takings(line).items():
            if sdks_alone and not is_sdk(actor):
                continue
            # A row that sums up tells no times; what lasts (a sensor, location updates) is judged by its sessions.
            single = [
                row for row in rows if line.row(row)[0].count == 1 and line.row(row)[0].type not in ("sensor", "net")
            ]
            if not single or not line.timed:
                continue
            places = line.places(single)
            reads = clusters((line.t_ms[at] for at in places), _FAN_OUT_MS)
            told = _too_often(facts, asked, line, kind, reads)
            if told is None:
                fine += len(reads) > 1
                continue
            verdict, says, span = told
            yield _often(facts, run, line, (actor, kind), places, reads, verdict, says, span)
    if fine:
        yield found(
            None,
            f"{fine} 组重复读取未高于声明的频度或参考上限；是否为最低频度，运行记录不能证明",
            f"{fine} series of reads are not above what is declared or advised; no run shows that they are the fewest possible",
            *(shows.whole(facts, run) for run in runs(facts)),
            basis="observed",
            assumptions=("A-15",),
            missing=("TRACE_SHORT",),
        )


def _one_read(what: What) -> bool:
    return what.count == 1 and what.result != "denied" and what.type not in ("sensor", "net")


def _too_often(
    facts: Facts, asked: Asked, line: Timeline, kind: str, reads: list[int]
) -> tuple[Verdict, Words, Span | None] | None:
    starts = max(1, len(line.starts))
    declared = None if asked.duty.obligor == "sdk_operator" else _declared(facts, line, kind)
    if declared is not None:
        words, span = declared
        every_ms = interval_ms(words)
        gap = _median_gap(reads)
        if every_ms is not None and gap is not None and gap < every_ms / 2 - line.slack():
            return (
                "violation",
                Words(
                    f"规则写“{words}”，实测间隔中位数 {seconds(gap)} 秒",
                    f"the rules say “{words}”, the median gap is {seconds(gap)} s",
                ),
                span,
            )
        if every_ms is None and frequency(words) == "once" and len(reads) > starts:
            return (
                "violation",
                Words(
                    f"规则写“{words}”，{starts} 次启动中读取 {len(reads)} 次",
                    f"the rules say “{words}”, {len(reads)} reads in {starts} starts",
                ),
                span,
            )
        if every_ms is not None or frequency(words) == "once":
            return None
    return _over_ceiling(asked, line, kind, reads, starts)


def _over_ceiling(
    asked: Asked, line: Timeline, kind: str, reads: list[int], starts: int
) -> tuple[Verdict, Words, Span | None] | None:
    """Above a ceiling of our own: a risk, never more (A-15)."""
    if kind.startswith("location."):
        return None
    per_start = "ceilings.identifier_per_start" if kind.startswith("device_id.") else "ceilings.app_list_per_start"
    if kind.startswith("device_id.") or kind == "app_list":
        limit = asked.number(per_start)
        if len(reads) > limit * starts:
            return (
                "risk",
                Words(
                    f"{starts} 次启动中读取 {len(reads)} 次，高于参考上限每次启动 {limit:g} 次",
                    f"{len(reads)} reads in {starts} starts, above the advisory {limit:g} for each start",
                ),
                None,
            )
        return None
    if kind == "clipboard" and line.shows_acts:
        pastes = sum("粘贴" in (act.what.node_text or "") or act.what.action == "paste" for act in line.acts)
        limit = asked.number("ceilings.clipboard_per_paste")
        if len(reads) > limit * pastes:
            return (
                "risk",
                Words(
                    f"读取 {len(reads)} 次，用户粘贴 {pastes} 次（参考上限每次粘贴 {limit:g} 次）",
                    f"{len(reads)} reads, {pastes} pastes by the user (advisory: {limit:g} for each)",
                ),
                None,
            )
        return None
    most, limit = most_within(reads, _WINDOW_MS), asked.number("ceilings.other_per_min")
    if most > limit:
        return (
            "risk",
            Words(
                f"一分钟内最多读取 {most} 次，高于参考上限 {limit:g} 次",
                f"up to {most} reads in a minute, above the advisory {limit:g}",
            ),
            None,
        )
    return None


def _declared(facts: Facts, line: Timeline, kind: str) -> tuple[str, Span | None] | None:
    """What the rules say on how often this kind is taken: at the kind's own function, else at its permission group."""
    rules = app_rules(facts)
    if rules is None:
        return None
    for function in rules.functions:
        if function.freq and kind in function.types:
            return function.freq, function.span
    groups = {line.row(row)[0].perm_group for row in line.rows(lambda what: what.pi_type == kind)} - {None}
    named = (*rules.permissions, *(one for function in rules.functions for one in function.perms))
    return next(((one.freq, one.span) for one in named if one.freq and one.group in groups), None)


def interval_ms(words: str) -> int | None:
    """The interval these words declare (“每30秒一次”), in ms; None if they declare none."""
    match = _INTERVAL.search(words)
    if match is None:
        return None
    number = float(match["number"]) if match["number"].isdecimal() else _NUMBERS.get(match["number"])
    return None if number is None else round(number * _UNIT_MS[match["unit"]])


def _median_gap(reads: list[int]) -> int | None:
    gaps = sorted(later - earlier for earlier, later in pairwise(reads))
    return gaps[len(gaps) // 2] if len(gaps) >= _FEWEST_GAPS else None


def _often(
    facts: Facts,
    run: Run,
    line: Timeline,
    whose: tuple[str, str],
    places: list[int],
    reads: list[int],
    verdict: Verdict,
    says: Words,
    span: Span | None,
) -> Finding:
    (actor, kind), rules = whose, app_rules(facts)
    events = [line.event(at) for at in places[:_MOST_SHOWN]]
    return found(
        verdict,
        f"{run_name(run).zh}：{who(actor).zh}读取{pi_type(kind).zh} {len(places)} 次调用，合并为 {len(reads)} 次；{says.zh}",
        f"{run_name(run).en}: {who(actor).en} takes {pi_type(kind).en}: {len(places)} calls, {len(reads)} reads; {says.en}",
        *shows.events(facts, run, events),
        *((said.sentence(rules, span),) if rules and span else ()),
        basis="observed",
        assumptions=("A-15",),
        missing=() if verdict == "violation" else ("NO_POLICY",),
        actor=actor,
        why_actor=why_actor(events[0]),
    )
