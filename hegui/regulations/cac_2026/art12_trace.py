"""Article 12 on recorded runs: asking for permissions only at use, only for what the scene needs, and not again and again."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.permissions import GROUPS
from hegui.facts import Facts
from hegui.facts.queries.timeline import Timeline, between, by_handler, timeline
from hegui.facts.trace import Event, Run
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import (
    asked_groups,
    lacks_acts,
    needs,
    requests,
    run_name,
    runs,
    scene_of,
    scenes,
    seconds,
    timelines,
    why_actor,
)
from hegui.words import Words

# Between the window and this, the act may still have led to the request (RULES R26).
_LATE_ACT_MS = 15_000


def _groups(one: Event) -> Words:
    names = [GROUPS.get(group, Words(group, group)) for group in asked_groups(one.what)]
    return Words("、".join(name.zh for name in names), ", ".join(name.en for name in names))


@check(
    "cac-2026:12.1.1",
    "app-2021:6.4.1",
    "app-2021:7.3.2",
    needs=("trace",),
    missing=("TRACE_NO_UI", "TRACE_SHORT", "SCENE_UNMAPPED", "HUMAN_PENDING"),
)
def asks_without_use(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A permission asked for though the user had done nothing that needs it: at start-up, by a timer (R26, limb 1)."""
    window_ms = round(asked.number("window_s") * 1000)
    several = 0
    fine = True
    for run, line in timelines(facts):
        grouped: dict[tuple[str, str, Verdict, tuple[str, ...]], list[_Asked]] = {}
        for req in requests(line):
            several += 1
            weighed = _asked_at(facts, line, req, window_ms)
            if weighed is not None:
                key = (req.origin, _groups(req).zh, weighed.verdict, weighed.missing)
                grouped.setdefault(key, []).append(weighed)
        for alike in grouped.values():
            fine = False
            yield _without_use(facts, run, alike)
    if not fine:
        return
    done = {run.meta.scenario for run, line in timelines(facts, "S3", "S4") if line.shows_acts and line.timed}
    evidence = [shows.whole(facts, run) for run in runs(facts)]
    if asked.duty.id == "cac-2026:12.1.1" and several and done == {"S3", "S4"}:
        yield found(
            "compliant",
            f"同意后停留主页（S3）与逐场景使用（S4）中，{several} 次权限申请均紧接用户操作",
            f"idle after consent (S3) and scene by scene (S4): all {several} requests came right after an act of the user",
            *evidence,
            basis="observed",
        )
    elif evidence:
        no_acts = lacks_acts(timelines(facts))
        yield found(
            None,
            f"{several} 次权限申请均紧接用户操作，但场景没有做全（S3、S4）" if several else "各次运行中未见权限申请",
            f"{several} requests, each right after an act of the user; S3 and S4 were not both run"
            if several
            else "no permission request in these runs",
            *evidence,
            basis="observed",
            missing=("TRACE_NO_UI",) if no_acts else ("TRACE_SHORT",),
        )


@dataclass(frozen=True)
class _Asked:
    """A request that did not come right after an act: what it may be called, why, and the last act before it."""

    req: Event
    act: Event | None
    verdict: Verdict
    missing: tuple[str, ...]
    why: Words


def _asked_at(facts: Facts, line: Timeline, req: Event, window_ms: int) -> _Asked | None:
    """None where the request came right after an act of the user."""
    if by_handler(req.stack):
        return None
    act = line.act_before(req.t_ms) if line.timed else None
    gap = req.t_ms - act.t_ms if act else None
    if gap is not None and gap <= window_ms + line.slack(req.what):
        return None
    verdict, missing, zh, en = _how_bad(facts, line, req, gap)
    return _Asked(req, act, verdict, missing, Words(zh, en))


def _without_use(facts: Facts, run: Run, alike: list[_Asked]) -> Finding:
    first = alike[0]
    req, groups = first.req, _groups(first.req)
    more_zh = f"；同类共 {len(alike)} 次" if len(alike) > 1 else ""
    more_en = f"; {len(alike)} times alike" if len(alike) > 1 else ""
    return found(
        first.verdict,
        f"{run_name(run).zh}：{who(req.origin).zh}申请{groups.zh}权限，{first.why.zh}{more_zh}",
        f"{run_name(run).en}: {who(req.origin).en} asks for {groups.en}, {first.why.en}{more_en}",
        *shows.events(facts, run, [one.req for one in alike]),
        *shows.events(facts, run, [first.act] if first.act else []),
        shows.whole(facts, run),
        basis="observed",
        missing=first.missing,
        actor=req.origin,
        why_actor=why_actor(req),
    )


def _how_bad(facts: Facts, line: Timeline, req: Event, gap: int | None) -> tuple[Verdict, tuple[str, ...], str, str]:
    if not line.timed:
        return (
            "undetermined",
            ("TRACE_SHORT",),
            "日志没有时间，与操作的间隔无法判定",
            "the log has no times to tell how long after an act",
        )
    if not line.shows_acts:
        return (
            "undetermined",
            ("TRACE_NO_UI",),
            "日志没有用户操作，是否由用户触发无法判定",
            "the log shows no acts, so who triggered it is open",
        )
    if gap is not None and gap <= _LATE_ACT_MS:
        return (
            "risk",
            ("HUMAN_PENDING",),
            f"上一次用户操作在 {seconds(gap)} 秒前，是否由其引发待人工确认",
            f"the user's last act was {seconds(gap)} s before; whether it led here awaits review",
        )
    scene = scene_of(facts, line.page_at(req.t_ms))
    if scene and any(needs(scene, group) for group in asked_groups(req.what)):
        return (
            "risk",
            ("HUMAN_PENDING",),
            f"此前没有用户操作；所在页面属于声明的场景“{scene.name}”，是否进入即需要待人工确认",
            f"no act of the user before it; the page is of the declared scene {scene.name}, whose need on entry awaits review",
        )
    last = f"上一次用户操作在 {seconds(gap)} 秒前" if gap is not None else "此前没有用户操作"
    last_en = f"the user's last act was {seconds(gap)} s before" if gap is not None else "no act of the user before it"
    return "violation", (), f"{last}，并非使用具体功能时", f"{last_en}: not when a function was used"


@check("cac-2026:12.1.2", needs=("trace",), missing=("SCENE_UNMAPPED", "HUMAN_PENDING"))
def asks_beyond_the_scene(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A permission group asked for on a page whose declared scene does not list it (R26, limb 2). The map awaits review."""
    mapped = 0
    for run, line in timelines(facts):
        unmapped: list[Event] = []
        off: dict[tuple[str, str, tuple[str, ...]], list[Event]] = {}
        for req in requests(line):
            scene = scene_of(facts, line.page_at(req.t_ms))
            if scene is None:
                unmapped.append(req)
                continue
            mapped += 1
            beyond = tuple(group for group in asked_groups(req.what) if not needs(scene, group))
            if beyond:
                off.setdefault((req.origin, scene.name, beyond), []).append(req)
        for (actor, name, beyond), several in off.items():
            names = [GROUPS.get(group, Words(group, group)) for group in beyond]
            yield found(
                "risk",
                f"{run_name(run).zh}：在场景“{name}”中申请了该场景没有列出的权限：{'、'.join(one.zh for one in names)}",
                f"{run_name(run).en}: in the scene {name} permissions it does not list were asked for: "
                f"{', '.join(one.en for one in names)}",
                *shows.events(facts, run, several),
                basis="observed",
                missing=("HUMAN_PENDING",),
                actor=actor,
                why_actor=why_actor(several[0]),
            )
        if unmapped:
            yield found(
                None,
                f"{run_name(run).zh}：{len(unmapped)} 次权限申请时所在页面不属于任何声明的场景",
                f"{run_name(run).en}: {len(unmapped)} requests came on pages of no declared scene",
                *shows.events(facts, run, unmapped),
                basis="observed",
                missing=("SCENE_UNMAPPED",),
            )
    if mapped:
        yield found(
            None,
            f"{mapped} 次权限申请落在声明的场景内；场景对应表尚待人工确认",
            f"{mapped} requests lie in declared scenes; the map of scenes awaits review",
            *(shows.whole(facts, run) for run in runs(facts)),
            basis="observed",
            missing=("HUMAN_PENDING",),
        )


# Requests this close, with nothing done by the user between, are one bundle (RULES R24).
_BUNDLE_MS = 3000
# Groups that one function needs together: a video call, a video recording.
_TOGETHER = frozenset({"camera", "microphone"})


@check("app-2021:6.4.2", "cac-2026:12.1.2", needs=("trace",), missing=("SCENE_UNMAPPED", "TRACE_SHORT"))
def asks_for_a_bundle(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Several groups asked for at once, or one after the other without an act between, beyond what one scene needs (R24).

    The system lets the user skip each of its boxes, so a bundle is a risk; that none can be skipped, screens must show.
    """
    for run, line in timelines(facts):
        told: set[tuple[str, ...]] = set()
        for bundle in _bundles(line):
            groups = list(dict.fromkeys(group for one in bundle for group in asked_groups(one.what)))
            scene = scene_of(facts, line.page_at(bundle[0].t_ms))
            if (scene and all(needs(scene, group) for group in groups)) or tuple(groups) in told:
                continue
            told.add(tuple(groups))
            names = [GROUPS.get(group, Words(group, group)) for group in groups]
            yield found(
                "risk",
                f"{run_name(run).zh}：一次要了 {len(groups)} 组权限（{'、'.join(one.zh for one in names)}），中间没有用户操作",
                f"{run_name(run).en}: {len(groups)} groups asked for at once ({', '.join(one.en for one in names)}), "
                "with no act of the user between",
                *shows.events(facts, run, bundle),
                basis="observed",
                missing=() if scene else ("SCENE_UNMAPPED",),
                actor=bundle[0].origin,
                why_actor=why_actor(bundle[0]),
            )
    if asked.duty.id == "app-2021:6.4.2" and any(True for _, line in timelines(facts) for _ in requests(line)):
        yield found(
            None,
            "其余权限申请均为单组，或为同一功能所需",
            "all other requests were for one group, or for what one function needs together",
            *(shows.whole(facts, run) for run in runs(facts)),
            basis="observed",
            missing=("TRACE_SHORT",),
        )


def _bundles(line: Timeline) -> Iterator[list[Event]]:
    """Requests that make one bundle of two groups or more; a log without times shows only those of one request."""
    bundle: list[Event] = []
    for one in (*requests(line), None):
        if one is not None and bundle and line.timed and one.t_ms - bundle[-1].t_ms <= _BUNDLE_MS:
            act = line.act_before(one.t_ms)
            if act is None or act.t_ms <= bundle[-1].t_ms:
                bundle.append(one)
                continue
        groups = {group for each in bundle for group in asked_groups(each.what)}
        if len(groups) > 1 and not groups <= _TOGETHER:
            yield bundle
        bundle = [one] if one is not None else []


# ------------------------------------------------------------------------------------------------ asking again

# A denial this soon after the request was given by the system, which no longer shows its box ("don't ask again"): that
# disturbs nobody.
_NOT_SHOWN_MS = 300


@dataclass(frozen=True)
class _Moment:
    """An event, its time on the clock that the runs of a story share, and the run it is of."""

    at_ms: int
    run: Run
    event: Event


@dataclass(frozen=True)
class _Story:
    """One run, or the dated runs of one device one after the other: what was asked, what was denied, and each launch."""

    asked: tuple[_Moment, ...]
    denied: tuple[_Moment, ...]
    launches: tuple[int, ...]
    shows_acts: bool
    timed: bool


@check(
    "cac-2026:12.1.4",
    "app-2021:7.3.3",
    needs=("trace",),
    missing=("TRACE_NO_UI", "TRACE_SHORT", "SCENE_UNMAPPED"),
)
def asks_again_after_refusal(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A permission asked for again after the user denied it, without the user having turned to what needs it (R28)."""
    quiet = 0
    for story in _stories(facts):
        of_group: dict[str, list[_Moment]] = {}
        for one in story.asked:
            for group in asked_groups(one.event.what):
                of_group.setdefault(group, []).append(one)
        for group, refusal in _refusals(story):
            again = list(_again(facts, asked, of_group.get(group, []), group, refusal))
            if again:
                yield _nagging(facts, asked, story, group, refusal, again)
            else:
                launches = len(story.launches) - bisect_right(story.launches, refusal.at_ms)
                quiet += story.timed and story.shows_acts and launches >= _RELAUNCHES
    evidence = [shows.whole(facts, run) for run in runs(facts)]
    if quiet:
        yield found(
            "compliant",
            f"{quiet} 组权限被拒绝后，多次重新启动均未再主动索要",
            f"{quiet} permission groups were denied and, over several launches, not asked for again unprompted",
            *evidence,
            basis="observed",
            assumptions=("A-02",),
        )
    elif evidence:
        yield found(
            None,
            "各次运行中未见拒绝权限后重新启动至少两次的过程",
            "no run shows a permission denied and the app launched at least twice after it",
            *evidence,
            basis="observed",
            missing=("TRACE_NO_UI",) if lacks_acts(timelines(facts)) else ("TRACE_SHORT",),
        )


# Launches after the denial that a run must hold before its silence counts (RULES R28).
_RELAUNCHES = 2


def _stories(facts: Facts) -> Iterator[_Story]:
    """Runs with a date lie on one clock, and a denial in one counts in the next; each other run stands alone."""
    dated: dict[tuple[str, str], list[tuple[int, Run]]] = {}
    for run in runs(facts):
        start = _date_ms(run)
        if start is None:
            yield _story([(0, run)])
        else:
            dated.setdefault((run.meta.device, run.meta.package), []).append((start, run))
    for several in dated.values():
        yield _story(sorted(several, key=lambda one: one[0]))


def _date_ms(run: Run) -> int | None:
    try:
        return (
            round(datetime.fromisoformat(run.meta.started_at).timestamp() * 1000) if run.meta.clock == "wall" else None
        )
    except ValueError:
        return None


def _story(several: list[tuple[int, Run]]) -> _Story:
    asked: list[_Moment] = []
    denied: list[_Moment] = []
    launches: list[int] = []
    lines = [timeline(run) for _, run in several]
    for (start, run), line in zip(several, lines, strict=True):
        answers = [_Moment(start + one.t_ms, run, one) for one in line.events(lambda what: what.type == "perm_res")]
        refused = [one for one in answers if (one.event.what.result or "").startswith("denied")]
        denied += refused
        made = [_Moment(start + one.t_ms, run, one) for one in requests(line)]
        at = [no.at_ms for no in refused]
        asked += [one for one in made if not between(at, one.at_ms, one.at_ms + _NOT_SHOWN_MS)]
        launches += [start + one.t_ms for one in line.starts] or [start]
    return _Story(
        tuple(asked),
        tuple(denied),
        tuple(launches),
        all(line.shows_acts for line in lines),
        all(line.timed for line in lines),
    )


def _refusals(story: _Story) -> list[tuple[str, _Moment]]:
    """The first denial of each group."""
    first: dict[str, _Moment] = {}
    for one in story.denied:
        for group in asked_groups(one.event.what):
            first.setdefault(group, one)
    return list(first.items())


def _again(facts: Facts, asked: Asked, requested: list[_Moment], group: str, refusal: _Moment) -> Iterator[_Moment]:
    """Those of the requests for the group that came unprompted after its denial, within the period that counts."""
    window_ms = round(asked.number("window_s") * 1000)
    until = refusal.at_ms + round(asked.number("nag.hours") * 3_600_000)
    for one in requested:
        if not refusal.at_ms < one.at_ms <= until:
            continue
        line = timeline(one.run)
        act = line.act_before(one.event.t_ms)
        prompted = act is not None and one.event.t_ms - act.t_ms <= window_ms + line.slack(one.event.what)
        if prompted or by_handler(one.event.stack):
            continue
        scene = scene_of(facts, line.page_at(one.event.t_ms))
        # The 2021 draft forbids asking for what the scene at hand has nothing to do with.
        if asked.duty.id != "app-2021:7.3.3" or scene is None or not needs(scene, group):
            yield one


def _nagging(facts: Facts, asked: Asked, story: _Story, group: str, refusal: _Moment, again: list[_Moment]) -> Finding:
    verdict: Verdict = "violation" if len(again) > asked.number("nag.max") else "risk"
    missing: tuple[str, ...] = ()
    zh, en = "", ""
    if not story.timed or not story.shows_acts:
        verdict, missing = "undetermined", ("TRACE_NO_UI",) if story.timed else ("TRACE_SHORT",)
        zh, en = "；日志看不出是否由用户触发", "; the log does not tell whether the user led to it"
    elif asked.duty.id == "app-2021:7.3.3" and not scenes(facts):
        verdict, missing = "risk", ("SCENE_UNMAPPED",)
        zh, en = (
            "；是否与当时场景无关，须有场景对应表",
            "; whether the scene had nothing to do with it takes a map of scenes",
        )
    launches = len({bisect_right(story.launches, one.at_ms) for one in again})
    name = GROUPS.get(group, Words(group, group))
    hours = f"{asked.number('nag.hours'):g}"
    return found(
        verdict,
        f"{name.zh}权限被拒绝后，{hours} 小时内又索要 {len(again)} 次，涉及 {launches} 次启动，此前没有用户操作{zh}",
        f"after {name.en} was denied it was asked for again {len(again)} times within {hours} h, in {launches} launches, "
        f"with no act of the user before{en}",
        shows.event(facts, refusal.run, refusal.event),
        *(shows.event(facts, one.run, one.event) for one in again[:4]),
        basis="observed",
        assumptions=("A-02",),
        missing=missing,
        actor=again[0].event.origin,
        why_actor=why_actor(again[0].event),
    )
