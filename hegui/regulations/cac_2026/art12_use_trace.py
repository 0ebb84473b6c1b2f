"""Article 12(1) on recorded runs: a permission is asked for when its function is used, and only what that function needs."""

from collections.abc import Iterator
from dataclasses import dataclass

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.facts import Facts
from hegui.facts.declaration import Scene
from hegui.facts.queries import asking
from hegui.facts.queries.asking import led_to
from hegui.facts.queries.timeline import Timeline
from hegui.facts.trace import Event, Run
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import (
    asked_groups,
    group_names,
    lacks_acts,
    map_approved,
    needs,
    opens_with,
    read_whole,
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
    several, in_scene, fine = 0, True, True
    for run, line in timelines(facts):
        grouped: dict[tuple[str, str, Verdict, tuple[str, ...]], list[_Weighed]] = {}
        for one in led_to(line, requests(line), window_ms):
            several += 1
            in_scene &= _beyond(facts, line, one, window_ms) == ()
            weighed = _weighed(facts, line, one, window_ms)
            if weighed is not None:
                key = (one.req.origin, group_names(asked_groups(one.req.what)).zh, weighed.verdict, weighed.missing)
                grouped.setdefault(key, []).append(weighed)
        for alike in grouped.values():
            fine = False
            yield _without_use(facts, run, alike)
    if fine and runs(facts):
        # That background location is not asked for in advance (7.3.2) takes more than these runs.
        may_clear = asked.duty.id != "app-2021:7.3.2"
        yield _asked_at_use(facts, several, in_scene and may_clear)


def _asked_at_use(facts: Facts, several: int, in_scene: bool) -> Finding:
    """Every request followed an act: good news from S3 and S4, where an approved map says that the scene needs it."""
    evidence = _whole(facts)
    if several and in_scene and map_approved(facts) and _planned(facts):
        return found(
            "compliant",
            f"同意后停留主页（S3）与逐场景使用（S4）中，{several} 次权限申请均紧接用户操作，且为当时场景所需",
            f"idle after consent (S3) and scene by scene (S4): all {several} requests came right after an act of the user, in a "
            "scene that needs them",
            *evidence,
            basis="observed",
        )
    missing = []
    if lacks_acts(timelines(facts)):
        missing.append("TRACE_NO_UI")
    elif not several or not _planned(facts):
        missing.append("TRACE_SHORT")
    if several and not (in_scene and map_approved(facts)):
        missing.append("HUMAN_PENDING" if in_scene else "SCENE_UNMAPPED")
    return found(
        None,
        f"{several} 次权限申请均紧接用户操作；场景是否做全（S3、S4）、是否为场景所需，尚不足以认定"
        if several
        else "各次运行中未见权限申请",
        f"{several} requests, each right after an act of the user; that S3 and S4 were run whole, and that their scenes need "
        "them, is not settled"
        if several
        else "no permission request in these runs",
        *evidence,
        basis="observed",
        missing=tuple(missing) or ("TRACE_SHORT",),
    )


def _planned(facts: Facts) -> bool:
    """Whether S3 and S4 were both run, with acts, times and every row read."""
    done = [run for run, line in timelines(facts, "S3", "S4") if line.shows_acts and line.timed]
    return {run.meta.scenario for run in done if read_whole(run.meta)} == {"S3", "S4"}


def _whole(facts: Facts) -> list[Evidence]:
    return [shows.whole(facts, run) for run in runs(facts)]


@dataclass(frozen=True)
class _Weighed:
    """A request that did not come right after an act: what it may be called, and why."""

    asked: asking.Asked
    verdict: Verdict
    missing: tuple[str, ...]
    why: Words


def _weighed(facts: Facts, line: Timeline, one: asking.Asked, window_ms: int) -> _Weighed | None:
    """None where the request came when its function was used."""
    if one.within(line, window_ms):
        return None
    if not line.timed:
        why = Words("日志没有时间，与操作的间隔无法判定", "the log has no times to tell how long after an act")
        return _Weighed(one, "undetermined", ("TRACE_SHORT",), why)
    if not line.shows_acts:
        why = Words("日志没有用户操作，是否由用户触发无法判定", "the log shows no acts, so who triggered it is open")
        return _Weighed(one, "undetermined", ("TRACE_NO_UI",), why)
    entered = _on_entry(facts, line, one.req, window_ms)
    if entered is not None:
        why = Words(
            f"所在页面属于声明的场景“{entered.name}”，进入即需要；场景对应表尚待人工确认",
            f"the page is of the declared scene {entered.name}, which needs it on entry; the map awaits review",
        )
        return None if map_approved(facts) else _Weighed(one, "risk", ("HUMAN_PENDING",), why)
    gap = one.gap_ms
    if gap is not None and gap <= _LATE_ACT_MS:
        why = Words(
            f"上一次用户操作在 {seconds(gap)} 秒前，是否由其引发待人工确认",
            f"the user's last act was {seconds(gap)} s before; whether it led here awaits review",
        )
        return _Weighed(one, "risk", ("HUMAN_PENDING",), why)
    scene = scene_of(facts, line.page_at(one.req.t_ms))
    if scene and not map_approved(facts) and any(needs(scene, group) for group in asked_groups(one.req.what)):
        why = Words(
            f"此前没有用户操作；所在页面属于声明的场景“{scene.name}”，是否进入即需要待人工确认",
            f"no act of the user before it; the page is of the declared scene {scene.name}, whose need on entry awaits review",
        )
        return _Weighed(one, "risk", ("HUMAN_PENDING",), why)
    page = line.page_at(one.req.t_ms)
    if page is not None and any(opens_with(facts, line, page, group) for group in asked_groups(one.req.what)):
        why = Words(
            "应用打开后的首个页面看来就是该功能，没有声明场景，待确认",
            "the first page of the app seems to be the function itself; no scenes are declared to tell",
        )
        return _Weighed(one, "risk", ("SCENE_UNMAPPED",), why)
    last = f"上一次用户操作在 {seconds(gap)} 秒前" if gap is not None else "此前没有引发它的用户操作"
    last_en = f"the user's last act was {seconds(gap)} s before" if gap is not None else "no act of the user led to it"
    return _Weighed(
        one, "violation", (), Words(f"{last}，并非使用具体功能时", f"{last_en}: not when a function was used")
    )


def _on_entry(facts: Facts, line: Timeline, req: Event, window_ms: int) -> Scene | None:
    """The scene whose page was just entered and that needs all that is asked for: entered by an act of the user, or as the
    first page of an app whose opening is the use of that function (RULES R26)."""
    page = line.page_at(req.t_ms)
    scene = scene_of(facts, page)
    if page is None or scene is None or req.t_ms - page.start_ms > window_ms + line.slack(req.what):
        return None
    if not all(needs(scene, group) for group in asked_groups(req.what)):
        return None
    act = line.trigger_before(page.start_ms)
    by_act = act is not None and page.start_ms - act.t_ms <= window_ms
    # A splash or the notice of the rules may come before it.
    first = scene.launch_is_function and not any(
        scene_of(facts, one) for one in line.pages if one.start_ms < page.start_ms
    )
    return scene if by_act or first else None


def _without_use(facts: Facts, run: Run, alike: list[_Weighed]) -> Finding:
    first = alike[0]
    req, act = first.asked.req, first.asked.act
    groups = group_names(asked_groups(req.what))
    more_zh = f"；同类共 {len(alike)} 次" if len(alike) > 1 else ""
    more_en = f"; {len(alike)} times alike" if len(alike) > 1 else ""
    return found(
        first.verdict,
        f"{run_name(run).zh}：{who(req.origin).zh}申请{groups.zh}权限，{first.why.zh}{more_zh}",
        f"{run_name(run).en}: {who(req.origin).en} asks for {groups.en}, {first.why.en}{more_en}",
        *shows.events(facts, run, [one.asked.req for one in alike]),
        *shows.events(facts, run, [act] if act else []),
        shows.whole(facts, run),
        basis="observed",
        missing=first.missing,
        actor=req.origin,
        why_actor=why_actor(req),
    )


# ----------------------------------------------------------------------------------------- what the scene needs


@check("cac-2026:12.1.2", needs=("trace",), missing=("SCENE_UNMAPPED", "TRACE_SHORT", "HUMAN_PENDING"))
def asks_beyond_the_scene(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A permission group asked for where no scene at hand lists it (R26, limb 2). A map nobody approved carries a risk."""
    window_ms = round(asked.number("window_s") * 1000)
    mapped, unmapped_at_all, any_off = 0, False, False
    for run, line in timelines(facts):
        unmapped: list[Event] = []
        off: dict[tuple[str, str, tuple[str, ...]], list[Event]] = {}
        for one in led_to(line, requests(line), window_ms):
            beyond = _beyond(facts, line, one, window_ms)
            if beyond is None:
                unmapped.append(one.req)
                continue
            mapped += 1
            if beyond:
                names = "、".join(scene.name for scene in _scenes_of(facts, line, one, window_ms))
                off.setdefault((one.req.origin, names, beyond), []).append(one.req)
        for (_, name, beyond), several in off.items():
            any_off = True
            yield _beyond_scene(facts, run, name, beyond, several)
        if unmapped:
            unmapped_at_all = True
            yield found(
                None,
                f"{run_name(run).zh}：{len(unmapped)} 次权限申请时所在页面不属于任何声明的场景",
                f"{run_name(run).en}: {len(unmapped)} requests came on pages of no declared scene",
                *shows.events(facts, run, unmapped),
                basis="observed",
                missing=("SCENE_UNMAPPED",),
            )
    if mapped and not any_off:
        yield _within_scenes(facts, mapped, unmapped_at_all)


def _beyond_scene(facts: Facts, run: Run, name: str, beyond: tuple[str, ...], several: list[Event]) -> Finding:
    approved, groups = map_approved(facts), group_names(beyond)
    return found(
        "violation" if approved else "risk",
        f"{run_name(run).zh}：在场景“{name}”中申请了该场景没有列出的权限：{groups.zh}"
        + ("" if approved else "；场景对应表尚待人工确认"),
        f"{run_name(run).en}: in the scene {name} permissions it does not list were asked for: {groups.en}"
        + ("" if approved else "; the map of scenes awaits review"),
        *shows.events(facts, run, several),
        basis="observed",
        missing=() if approved else ("HUMAN_PENDING",),
        actor=several[0].origin,
        why_actor=why_actor(several[0]),
    )


def _within_scenes(facts: Facts, mapped: int, unmapped: bool) -> Finding:
    approved, planned = map_approved(facts), _planned(facts)
    good = approved and planned and not unmapped
    lacking = (*(() if approved else ("HUMAN_PENDING",)), *(() if planned else ("TRACE_SHORT",)))
    zh = "" if approved else "；场景对应表尚待人工确认"
    zh += "" if planned else "；场景没有做全（S3、S4）"
    en = ("" if approved else "; the map of scenes awaits review") + (
        "" if planned else "; S3 and S4 were not both run"
    )
    return found(
        "compliant" if good else None,
        f"{mapped} 次权限申请均为当时场景所列{zh}",
        f"{mapped} requests, each listed by its scene{en}",
        *_whole(facts),
        basis="observed",
        missing=() if good else lacking or ("SCENE_UNMAPPED",),
    )


def _beyond(facts: Facts, line: Timeline, one: asking.Asked, window_ms: int) -> tuple[str, ...] | None:
    """The groups asked for that none of the scenes at hand lists; None where no scene is known."""
    at_hand = _scenes_of(facts, line, one, window_ms)
    if not at_hand:
        return None
    return tuple(group for group in asked_groups(one.req.what) if not any(needs(scene, group) for scene in at_hand))


def _scenes_of(facts: Facts, line: Timeline, one: asking.Asked, window_ms: int) -> list[Scene]:
    """The scenes a request may be made for: that of its page, of the page it leads to, of the control the user touched.

    A button on the home page may open a scene whose page shows only after the permission was given.
    """
    page = line.page_at(one.req.t_ms)
    after = line.page_after(one.req.t_ms) if line.timed else None
    pages = [page, after if after and after.start_ms - one.req.t_ms <= window_ms else None]
    text = one.act.what.node_text if one.act and one.within(line, window_ms) else None
    named = [
        scene for scene in scenes(facts) if text and (scene.name in text or (text in scene.name and len(text) > 1))
    ]
    return list(
        dict.fromkeys(scene for scene in (*(scene_of(facts, each) for each in pages), *named) if scene is not None)
    )
