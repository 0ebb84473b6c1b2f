"""Article 14(2) on recorded runs: location as often as the scene needs, and once where once is enough."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.behaviours.acts import tells
from hegui.facts import Facts
from hegui.facts.declaration import Scene
from hegui.facts.queries.sessions import sessions, uses, watches_ends
from hegui.facts.queries.timeline import Spell, Timeline, between, clusters
from hegui.facts.trace import Event, Run
from hegui.regulations.reads import who
from hegui.regulations.sensor_parts import delivered, watched
from hegui.regulations.trace_parts import (
    map_approved,
    needs,
    read_whole,
    run_name,
    runs,
    scene_of,
    scenes,
    seconds,
    timelines,
    why_actor,
)
from hegui.words import Words

# Sources asked at the same time for one fix of a continuous location (RULES R34).
_PARALLEL_MS = 500
_FEWEST_GAPS = 4
_FASTEST_MS = 1000


def _locating(facts: Facts) -> list[Scene]:
    return [one for one in scenes(facts) if one.loc_mode or needs(one, "location")]


# ------------------------------------------------------------------------------------------------ continuous


@check(
    "cac-2026:14.2.1",
    "app-2021:7.1",
    needs=("trace",),
    missing=("NO_DECL", "SCENE_UNMAPPED", "TRACE_SHORT", "HUMAN_PENDING"),
)
def locates_faster_than_declared(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Continuous location faster than the declared interval, or than once a second where none is declared (R34)."""
    measured: list[bool] = []
    for run, line in timelines(facts):
        fixes: dict[tuple[str, Scene | None], list[Event]] = {}
        requested: dict[tuple[str, Scene | None, int], list[Event]] = {}
        single = _ended_with_first(asked, line)
        for one in uses(line, ("location",)):
            scene = scene_of(facts, line.page_at(one.t_ms))
            if one.what.op in ("start", "updates") and one.what.interval_ms is not None and one.seq not in single:
                requested.setdefault((one.origin, scene, one.what.interval_ms), []).append(one)
            if one.what.op in ("fix", "update") and one.what.result != "denied" and one.what.count == 1:
                fixes.setdefault((one.origin, scene), []).append(one)
        for (_, scene, gap_ms), several in requested.items():
            yield from _weighed(facts, run, scene, several, gap_ms, 0, "请求的间隔", "asked for an interval of")
        for (_, scene), several in fixes.items() if line.timed else ():
            gaps = _gaps(several)
            if len(gaps) < _FEWEST_GAPS:
                continue
            median = gaps[len(gaps) // 2]
            faster = list(
                _weighed(facts, run, scene, several, median, line.slack(), "实测间隔中位数", "a median gap of")
            )
            yield from faster
            # What keeps to the interval of its scene, in a run that used each scene and shows uses end, is settled.
            settled = scene is not None and scene.loc_mode == "realtime" and bool(scene.interval_s)
            used = run.meta.scenario == "S4" and read_whole(run.meta) and watches_ends(line, "location")
            measured += [settled and used] * (not faster)
    if measured:
        # Of article 7 of the draft of 2021, this is one part among several.
        settled = all(measured) and map_approved(facts) and asked.duty.id == "cac-2026:14.2.1"
        yield _kept(facts, settled, len(measured))
    elif asked.duty.id == "cac-2026:14.2.1":
        yield from _no_scene_of(facts, "realtime", Words("实时定位", "continuous location"))


def _ended_with_first(asked: Asked, line: Timeline) -> frozenset[int]:
    """The requests (their seq) for updates that were removed with the first position: a single location, asked for in this
    way, is judged as one (R35)."""
    delivered_at = [one.t_ms for one in uses(line, ("location",)) if delivered(one.what)]
    reach = round(asked.number("loc.cluster_s") * 1000)
    found_: set[int] = set()
    for session in sessions(line, ("location",)) if line.timed else ():
        first = bisect_left(delivered_at, session.opened.t_ms)
        if session.closed and first < len(delivered_at) and session.closed.t_ms - delivered_at[first] <= reach:
            found_.add(session.opened.seq)
    return frozenset(found_)


def _gaps(several: list[Event]) -> list[int]:
    at = clusters((one.t_ms for one in several), _PARALLEL_MS)
    return sorted(later - earlier for earlier, later in pairwise(at))


def _weighed(
    facts: Facts, run: Run, scene: Scene | None, several: list[Event], gap_ms: int, slack_ms: int, zh: str, en: str
) -> Iterator[Finding]:
    """Faster than any declared scene may locate is a violation whatever the page; faster than this page's, by the map."""
    locating = _locating(facts)
    every = [one.interval_s for one in locating if one.interval_s and one.loc_mode == "realtime"]
    declared = min(every, default=None)
    known = declared is not None and len(every) == len(locating)
    own = scene.interval_s if scene is not None and scene.loc_mode == "realtime" else None
    verdict: Verdict
    missing: tuple[str, ...]
    if known and declared and gap_ms + slack_ms < declared * 500:
        verdict, missing, against = "violation", (), declared
    elif own and gap_ms + slack_ms < own * 500:
        approved = map_approved(facts)
        verdict, missing, against = ("violation", (), own) if approved else ("risk", ("HUMAN_PENDING",), own)
    elif own or gap_ms + slack_ms >= _FASTEST_MS or (scene is not None and tells("navigates", scene.name)):
        return
    else:
        verdict, missing, against = "risk", ("SCENE_UNMAPPED",) if declared else ("NO_DECL", "SCENE_UNMAPPED"), None
    one = several[0]
    than = (
        Words(f"声明 {against:g} 秒", f"declared {against:g} s")
        if against
        else Words("未见该场景声明的间隔", "no declared interval is known for it")
    )
    yield found(
        verdict,
        f"{run_name(run).zh}：{who(one.origin).zh}连续定位，{zh} {seconds(gap_ms)} 秒（{than.zh}）",
        f"{run_name(run).en}: {who(one.origin).en} locates continuously, {en} {seconds(gap_ms)} s ({than.en})",
        *shows.events(facts, run, several),
        basis="observed",
        missing=missing,
        actor=one.origin,
        why_actor=why_actor(one),
    )


def _kept(facts: Facts, settled: bool, count: int) -> Finding:
    return found(
        "compliant" if settled else None,
        f"{count} 组连续定位的间隔不短于声明的一半" + ("" if settled else "；场景未做全、未声明间隔或对应表尚待确认"),
        f"{count} series of fixes are no faster than half the declared interval"
        + ("" if settled else "; not every scene was run or declared, or the map awaits review"),
        *(shows.whole(facts, run) for run in runs(facts)),
        basis="observed",
        assumptions=("A-15",),
        missing=() if settled else ("TRACE_SHORT",) if map_approved(facts) else ("TRACE_SHORT", "HUMAN_PENDING"),
    )


def _no_scene_of(facts: Facts, mode: str, name: Words) -> Iterator[Finding]:
    """Not applicable where an approved map tells how each scene locates, and none does so in this way."""
    locating = _locating(facts)
    if map_approved(facts) and all(one.loc_mode for one in locating) and mode not in {one.loc_mode for one in locating}:
        yield found(
            "not_applicable",
            f"经复核的场景对应表中没有{name.zh}的场景",
            f"the approved map of scenes has none of {name.en}",
            *(shows.whole(facts, run) for run in runs(facts)),
            basis="declared",
        )


# ---------------------------------------------------------------------------------------------------- single


@check(
    "cac-2026:14.2.2",
    "app-2021:7.1",
    needs=("trace",),
    missing=("SCENE_UNMAPPED", "TRACE_NO_UI", "TRACE_HOOK_GAP", "TRACE_SHORT", "HUMAN_PENDING"),
)
def locates_more_than_once(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """More fixes than one for each entry and each refresh by the user, or a listener that stays, in a scene declared to
    take a single one (R35). Where only cached positions are read again, no new fix was taken."""
    kept, planned = 0, False
    lacking: set[str] = set()
    for run, line in timelines(facts):
        if not line.timed or not line.shows_acts or not watched(line.meta, ("location",)):
            lacking.add("TRACE_HOOK_GAP" if line.shows_acts and line.timed else "TRACE_NO_UI")
            continue
        planned |= run.meta.scenario == "S4" and read_whole(run.meta)
        lacking |= set() if run.meta.hooks else {"TRACE_HOOK_GAP"}
        located = _Located(facts, asked, run, line)
        entries = [
            (page, scene) for page in line.pages if (scene := scene_of(facts, page)) and scene.loc_mode == "single"
        ]
        more: dict[tuple[str, bool], list[tuple[Words, list[Event]]]] = {}
        for page, scene in entries:
            too_many = located.more_than_allowed(page) or located.listener_stays(page)
            if too_many is None:
                kept += 1
            else:
                sure, says, here = too_many
                more.setdefault((scene.name, sure), []).append((says, here))
        for (name, sure), told in more.items():
            yield _repeated(facts, run, name, sure, told)
        if located.asks and not entries:
            lacking.add("SCENE_UNMAPPED")
    if asked.duty.id == "app-2021:7.1":
        lacking.add("TRACE_SHORT")
    yield from _once(facts, asked, kept, planned, lacking)


def _once(facts: Facts, asked: Asked, kept: int, planned: bool, lacking: set[str]) -> Iterator[Finding]:
    whole = [shows.whole(facts, run) for run in runs(facts)]
    unsettled = {*lacking, *(() if planned else ("TRACE_SHORT",)), *(() if map_approved(facts) else ("HUMAN_PENDING",))}
    if kept:
        yield found(
            None if unsettled else "compliant",
            f"{kept} 次进入单次定位场景，定位次数未超过进入与主动刷新的次数"
            + ("（尚待补充或确认）" if unsettled else ""),
            f"{kept} entries into scenes of a single location: no more fixes than entries and refreshes"
            + (" (something is still open)" if unsettled else ""),
            *whole,
            basis="observed",
            assumptions=("A-16",),
            missing=tuple(sorted(unsettled)),
        )
    elif lacking and whole:
        yield found(
            None,
            "没有可判断的单次定位场景：日志没有用户操作、没有监测定位，或定位未对应到场景",
            "no scene of a single location to judge: no acts in the log, location not watched, or in no known scene",
            *whole,
            basis="observed",
            missing=tuple(sorted(lacking)),
        )
    if not kept and asked.duty.id == "cac-2026:14.2.2":
        yield from _no_scene_of(facts, "single", Words("单次定位", "a single location"))


# Whether a new position was taken, in words what was too much, and the events.
_TooMany = tuple[bool, Words, list[Event]]


class _Located:
    """What was located in one run, held against its entries into scenes of a single location."""

    def __init__(self, facts: Facts, asked: Asked, run: Run, line: Timeline) -> None:
        self.facts, self.run, self.line = facts, run, line
        self.cluster_ms = round(asked.number("loc.cluster_s") * 1000)
        self.reentry_ms = round(asked.number("loc.reentry_min") * 60_000)
        located = [one for one in uses(line, ("location",)) if one.what.result != "denied"]
        self.asks = _asks(line, located)
        self.delivered = [one.t_ms for one in located if delivered(one.what)]
        self.refreshed = [act.t_ms for act in line.acts if _refreshes(act)]
        self.lasting = sessions(line, ("location",)) if watches_ends(line, "location") else []

    def more_than_allowed(self, page: Spell) -> _TooMany | None:
        end_ms = self.line.end_ms + 1 if page.end_ms is None else page.end_ms
        first, last = (bisect_left(self.asks, at, key=lambda one: one.t_ms) for at in (page.start_ms, end_ms))
        here = self.asks[first:last]
        acts = between(self.refreshed, page.start_ms, end_ms)
        allowed = 1 + acts + _long_absences(self.line, page.start_ms, end_ms, self.reentry_ms)
        gap_ms = self.cluster_ms + self.line.slack()
        in_all = len(clusters((one.t_ms for one in here), gap_ms))
        new = len(clusters((one.t_ms for one in here if one.what.op != "last"), gap_ms))
        if in_all <= allowed:
            return None
        if new <= allowed:
            cached = Words(
                f"反复读取缓存位置，共 {in_all} 次", f"the cached position was read, {in_all} times in one entry"
            )
            return False, cached, here
        says = Words(f"定位 {new} 次，主动刷新 {acts} 次", f"{new} fixes in one entry, {acts} refreshes by the user")
        return True, says, here

    def listener_stays(self, page: Spell) -> _TooMany | None:
        """Updates begun on the page that were not removed within a cluster's length after their first fix (limb 3)."""
        start = bisect_left(self.lasting, page.start_ms, key=lambda one: one.opened.t_ms)
        for session in self.lasting[start:]:
            if not page.holds(session.opened.t_ms):
                return None
            first = bisect_left(self.delivered, session.opened.t_ms)
            lasted = session.until(self.line) - self.delivered[first] if first < len(self.delivered) else 0
            if lasted > self.cluster_ms + self.line.slack(session.opened.what):
                says = Words(
                    f"首次定位后监听仍持续 {seconds(lasted)} 秒",
                    f"the listener stayed {seconds(lasted)} s after its first fix",
                )
                return True, says, [session.opened]
        return None


def _repeated(facts: Facts, run: Run, name: str, sure: bool, several: list[tuple[Words, list[Event]]]) -> Finding:
    """The entries into one scene in which too much was taken: the first tells how, all count."""
    approved = map_approved(facts)
    says, here = several[0]
    entries = len(several)
    return found(
        "violation" if sure and approved else "risk",
        f"{run_name(run).zh}：场景“{name}”声明单次定位，一次进入中{says.zh}"
        + (f"；{entries} 次进入均如此" if entries > 1 else ""),
        f"{run_name(run).en}: the scene {name} is declared to take one location; {says.en}"
        + (f"; so in {entries} entries" if entries > 1 else ""),
        *shows.events(facts, run, here),
        basis="observed",
        assumptions=("A-16",),
        missing=() if approved else ("HUMAN_PENDING",),
        actor=here[0].origin,
        why_actor=why_actor(here[0]),
    )


def _asks(line: Timeline, located: list[Event]) -> list[Event]:
    """What the app asked for. What the system delivers to a listener is no asking of its own: not the first position after
    the listener was set, nor any where the log shows listeners being removed."""
    ends = watches_ends(line, "location")
    asks, started, waiting = [], False, False
    for one in located:
        if delivered(one.what) and started and (ends or waiting):
            waiting = False
            continue
        if one.what.op in ("start", "updates"):
            started = waiting = True
        asks.append(one)
    return asks


def _long_absences(line: Timeline, start_ms: int, end_ms: int, reentry_ms: int) -> int:
    """How often the user came back, within these times, after so long in the background that it is a new entry."""
    count = 0
    for spell in line.background_from(start_ms):
        if spell.end_ms is None or spell.end_ms >= end_ms:
            break
        count += spell.end_ms - spell.start_ms > reentry_ms
    return count


_PULLS = ("pull", "refresh", "swipe", "scroll")


def _refreshes(act: Event) -> bool:
    return act.what.action in _PULLS or tells("refreshes_location", act.what.node_text)
