"""Article 14(1) on recorded runs, in the background and after; article 13(2)(3), stopping; article 14(2), locating on."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate, takewhile
from math import inf

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.catalogue.behaviours.acts import tells
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts
from hegui.facts.queries.sessions import Session, kind_of, left_open, sessions, uses, watches_ends
from hegui.facts.queries.timeline import Spell, Timeline, clusters
from hegui.facts.trace import Event, Run
from hegui.regulations.reads import who
from hegui.regulations.sensor_parts import (
    GRACE,
    GROUP,
    LISTENS,
    NAMES,
    SENSORS,
    Grouped,
    Weighed,
    delivered,
    good_news,
    listens_for_its_name,
    not_sure_it_opened,
    took_nothing,
)
from hegui.regulations.trace_parts import (
    continuing,
    got,
    map_approved,
    needs,
    run_name,
    scene_of,
    seconds,
    takings,
    timelines,
    why_actor,
)
from hegui.words import Words

_MAP_PENDING = Words("；场景对应表尚待确认", "; the map of scenes awaits review")
# Up to so many times the grace, a slow release is as likely as a use (RULES R31).
_SLOW = 3


@check(
    "cac-2026:14.1.2",
    "cac-2026:13.2.3",
    "cac-2026:14.2.1",
    needs=("trace",),
    missing=("TRACE_NO_UI", "TRACE_SHORT", "TRACE_HOOK_GAP", "SCENE_UNMAPPED", "HUMAN_PENDING"),
)
def goes_on_after_use(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Camera, microphone or location opened in the background, or kept open after the app, the scene or the act that
    ended it was left (R31, R33); for article 14(2), location of a scene that locates continuously (R34)."""
    kinds = {"cac-2026:14.1.2": SENSORS, "cac-2026:13.2.3": tuple(NAMES)}.get(asked.duty.id, ("location",))
    realtime_only = asked.duty.id == "cac-2026:14.2.1"
    fine = 0
    unsettled: set[str] = set()
    for run, line in timelines(facts):
        if not line.timed:
            unsettled.add("TRACE_SHORT")
            continue
        grouped, idle = Grouped(), took_nothing(line)
        lasting = [one for one in sessions(line, kinds) if one.opened.seq not in idle]
        stops = [one for one in line.acts if tells("stops_camera_or_microphone", one.what.node_text)]
        told_of = _told_of(lasting, _SLOW * round(asked.number(GRACE["location"]) * 1000))
        for one in uses(line, kinds) if not realtime_only else ():
            if one.seq in idle or (delivered(one.what) and told_of(one.t_ms)):
                continue
            weighed = _behind(facts, asked, line, one)
            if weighed is not None:
                grouped.add(one.origin, kind_of(one.what) or "", weighed, one)
        for session in lasting:
            if realtime_only and not _realtime(facts, line, session):
                continue
            weighed = _late(facts, asked, line, session, stops)
            if weighed is not None:
                told = (session.opened, session.closed) if session.closed else (session.opened,)
                grouped.add(session.opened.origin, session.kind, weighed, *told)
            fine += weighed is None and session.closed is not None and bool(line.background)
        unsettled |= grouped.open_questions()
        yield from grouped.findings(facts, run)
    if not realtime_only:
        yield from good_news(
            facts,
            kinds,
            fine,
            unsettled,
            Words(
                "次使用在离开后的宽限时间内结束，后台未见开启",
                "uses ended within grace after leaving; none began in the background",
            ),
        )


def _realtime(facts: Facts, line: Timeline, session: Session) -> bool:
    scene = scene_of(facts, line.page_at(session.opened.t_ms))
    return scene is not None and scene.loc_mode == "realtime"


# -------------------------------------------------------------------------------------------- in the background


def _behind(facts: Facts, asked: Asked, line: Timeline, one: Event) -> Weighed | None:
    """What an opening in the background may be called; None in front, or where a declared scene visibly goes on."""
    if not line.behind(one):
        return None
    kind = kind_of(one.what) or ""
    # Grace is for what was open to be released; what opens for longer there needs none.
    grace_ms = 0 if one.what.op in ("open", "start") else asked.number(GRACE[kind]) * 1000
    spell = line.spell_behind(one.t_ms)
    if spell is not None and one.t_ms - spell.start_ms <= grace_ms + line.slack(one.what):
        return None
    why = Words("在后台开启", "opened in the background")
    if spell is None:
        return Weighed(
            "risk", Words("来源标明发生在后台", "marked by the source as in the background"), ("SCENE_UNMAPPED",)
        )
    act = line.act_before(one.t_ms)
    if act is not None and one.t_ms - act.t_ms <= asked.number("window_s") * 1000:
        return None
    weighed = _in_background(facts, line, spell, kind, why)
    if weighed is not None and weighed.verdict == "violation" and not got(one.what, line.meta):
        return not_sure_it_opened(one, why)
    return weighed


def _told_of(lasting: list[Session], after_ms: int) -> Callable[[int], bool]:
    """Whether a position delivered at a time belongs to a use that is told of itself: one still open, or one just ended,
    of which the system may still deliver what it had buffered (RULES R31)."""
    starts = [one.opened.t_ms for one in lasting]
    ends = list(accumulate((inf if one.closed is None else one.closed.t_ms + after_ms for one in lasting), max))

    def told_of(t_ms: int) -> bool:
        at = bisect_right(starts, t_ms) - 1
        return at >= 0 and t_ms <= ends[at]

    return told_of


def _in_background(facts: Facts, line: Timeline, spell: Spell, kind: str, why: Words) -> Weighed | None:
    """What a use in the background may be called. A call, navigation or small window goes on there, and shows."""
    seen = line.notified(spell)
    if kind == "mic" and listens_for_its_name(facts):
        return LISTENS
    if continuing(facts, line, spell) is not None and seen:
        return None if map_approved(facts) else Weighed(None, _and(why, _MAP_PENDING), ("HUMAN_PENDING",))
    if continuing(facts, line, spell) is not None:
        more = Words(
            "；声明该场景可在后台继续，但未见通知或小窗",
            "; a declared scene goes on in the background, but neither notification nor small window was seen",
        )
        return Weighed("risk", _and(why, more), ("HUMAN_PENDING",))
    if seen:
        more = Words(
            "；可见通知，但没有声明可在后台继续的场景", "; a notification was seen, but no scene is declared to go on"
        )
        return Weighed("risk", _and(why, more), ("SCENE_UNMAPPED",))
    if not line.shows_acts:
        more = Words(
            "；日志没有界面记录，是否有通知无从得知", "; the log has no screens, so a notification may have gone unseen"
        )
        return Weighed("risk", _and(why, more), ("TRACE_NO_UI",))
    more = Words("，无通知，也无声明可在后台继续的场景", ", without a notification or a scene declared to go on")
    return Weighed("violation", _and(why, more))


def _and(why: Words, more: Words) -> Words:
    return Words(why.zh + more.zh, why.en + more.en)


# ------------------------------------------------------------------------------------------------- kept open


def _late(facts: Facts, asked: Asked, line: Timeline, session: Session, stops: list[Event]) -> Weighed | None:
    grace_ms = round(asked.number(GRACE[session.kind]) * 1000)
    over = left_open(line, session, grace_ms)
    if over is None:
        return _after_the_end(line, session, stops, grace_ms) or _off_scene(facts, line, session, grace_ms)
    spell, lasted = over
    if session.closed is None and not watches_ends(line, session.kind):
        why = Words(
            "进入后台后未见结束，但采集器可能没有监测结束",
            "no end was seen after leaving, but the collector may not watch for ends",
        )
        return Weighed("undetermined", why, ("TRACE_HOOK_GAP",))
    still = "" if session.closed else "以上"
    why = Words(
        f"进入后台后仍持续 {seconds(lasted)} 秒{still}（宽限 {seconds(grace_ms)} 秒）",
        f"went on for {'at least ' if still else ''}{seconds(lasted)} s after the app was left (grace {seconds(grace_ms)} s)",
    )
    weighed = _in_background(facts, line, spell, session.kind, why)
    if weighed is not None and weighed.verdict == "violation" and lasted <= _SLOW * grace_ms:
        return Weighed("risk", why)
    return weighed


def _after_the_end(line: Timeline, session: Session, stops: list[Event], grace_ms: int) -> Weighed | None:
    """A use of camera or microphone that outlasts the act by which the user ended it (R33, limb 2)."""
    if session.kind not in SENSORS or session.closed is None:
        return None
    at = bisect_right(stops, session.opened.t_ms, key=lambda one: one.t_ms)
    if at == len(stops):
        return None
    lasted = session.closed.t_ms - stops[at].t_ms
    if lasted <= grace_ms + line.slack(session.opened.what):
        return None
    text = stops[at].what.node_text
    why = Words(
        f"用户点“{text}”后仍持续 {seconds(lasted)} 秒（宽限 {seconds(grace_ms)} 秒）",
        f"went on for {seconds(lasted)} s after the user chose “{text}” (grace {seconds(grace_ms)} s)",
    )
    return Weighed("violation" if lasted > _SLOW * grace_ms else "risk", why)


def _off_scene(facts: Facts, line: Timeline, session: Session, grace_ms: int) -> Weighed | None:
    """A use that outlasts the page of its declared scene, in front; no more than a risk while nobody approved the map."""
    page = line.page_at(session.opened.t_ms)
    scene, group = scene_of(facts, page), GROUP[session.kind]
    if scene is None or page is None or page.end_ms is None or not needs(scene, group) or scene.continues_bg:
        return None
    after = scene_of(facts, line.page_at(page.end_ms))
    ended = session.closed is not None or watches_ends(line, session.kind)
    lasted = (session.until(line) if ended else _last_delivered(line, session)) - page.end_ms
    if (after is not None and needs(after, group)) or lasted <= grace_ms + line.slack(session.opened.what):
        return None
    why = Words(
        f"离开场景“{scene.name}”后仍持续 {seconds(lasted)} 秒（宽限 {seconds(grace_ms)} 秒）",
        f"went on for {seconds(lasted)} s after the scene {scene.name} was left (grace {seconds(grace_ms)} s)",
    )
    # Where the page that followed belongs to no scene, the map does not say that the scene had ended.
    if not map_approved(facts) or after is None:
        return Weighed("risk", why, ("HUMAN_PENDING" if not map_approved(facts) else "SCENE_UNMAPPED",))
    return Weighed("violation" if lasted > _SLOW * grace_ms else "risk", why)


def _last_delivered(line: Timeline, session: Session) -> int:
    """When the last position came of a use of which no end was watched; its beginning where none came, or another use of the
    kind began that it may be of."""
    later = [one for one in uses(line, (session.kind,)) if one.seq > session.opened.seq]
    of_it = takewhile(lambda one: delivered(one.what), later)
    return max((one.t_ms for one in of_it), default=session.opened.t_ms)


# ---------------------------------------------------------------------------------------------------- polling

# As few readings in a row as show that a timer goes on, and not that a last answer came late.
_FEWEST_POLLS = 3


@check(
    "cac-2026:13.2.3",
    needs=("trace",),
    missing=("TRACE_NO_UI", "TRACE_SHORT", "SCENE_UNMAPPED", "HUMAN_PENDING"),
)
def polls_after_use(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Information that was read in front is read again and again in the background (R31, limb 2)."""
    grace_ms = asked.number(GRACE["location"]) * 1000
    for run, line in timelines(facts):
        away = list(line.background_from(0, round(grace_ms))) if line.timed else []
        if not away:
            continue
        for (actor, kind), rows in takings(line).items():
            read = ((row, line.row(row)[0]) for row in rows)
            places = line.places(row for row, what in read if what.type == "api" and what.result != "denied")
            times_ms = [line.t_ms[at] for at in places]
            for spell in away:
                if not times_ms or times_ms[0] >= spell.start_ms:
                    continue
                start = bisect_left(times_ms, spell.start_ms + grace_ms)
                end = len(times_ms) if spell.end_ms is None else bisect_left(times_ms, spell.end_ms)
                again = clusters(times_ms[start:end], round(asked.number("loc.cluster_s") * 1000))
                if len(again) >= _FEWEST_POLLS:
                    several = [line.event(at) for at in (places[0], *places[start:end])]
                    yield from _polled(facts, run, line, spell, (actor, kind), several, len(again))


def _polled(
    facts: Facts, run: Run, line: Timeline, spell: Spell, whose: tuple[str, str], several: list[Event], count: int
) -> Iterator[Finding]:
    actor, kind = whose
    name = pi_type(kind)
    why = Words(f"前台读取后，在后台又读取 {count} 次", f"read in front, and {count} times more in the background")
    weighed = _in_background(facts, line, spell, kind, why)
    if weighed is None:
        return
    sure = all(got(one.what, line.meta) for one in several[1:])
    verdict = "risk" if weighed.verdict == "violation" and not sure else weighed.verdict
    yield found(
        verdict,
        f"{run_name(run).zh}：{who(actor).zh}离开后继续轮询{name.zh}：{weighed.why.zh}",
        f"{run_name(run).en}: {who(actor).en} goes on polling {name.en} after the app was left: {weighed.why.en}",
        *shows.events(facts, run, several),
        shows.whole(facts, run),
        basis="observed",
        missing=weighed.missing,
        actor=actor,
        why_actor=why_actor(several[0]),
    )
