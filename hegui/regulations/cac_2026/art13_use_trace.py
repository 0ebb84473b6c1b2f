"""Articles 3 and 13(2) on recorded runs: use that the scene at hand needs, and that some scene of the app needs at all."""

from collections.abc import Iterator
from dataclasses import dataclass

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.app_types import AppType, app_type
from hegui.catalogue.permissions import GROUPS
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts, is_read
from hegui.facts.queries.timeline import Timeline
from hegui.facts.trace import Event, Run, What
from hegui.regulations.reads import who
from hegui.regulations.sensor_parts import delivered
from hegui.regulations.trace_parts import (
    continuing,
    got,
    kinds_of,
    map_approved,
    needs,
    origin_of,
    read_whole,
    run_name,
    runs,
    scene_of,
    scenes,
    scenes_of,
    takes,
    takings,
    timelines,
    times,
    unwatched,
    why_actor,
)
from hegui.words import Words


@dataclass(frozen=True)
class _Place:
    """Where a use lay against the map of scenes. `scene`: what it does not fit; `doubt`: why it may fit all the same."""

    scene: Words
    doubt: Words | None = None


@check(
    "cac-2026:13.2.1",
    needs=("trace",),
    missing=("SCENE_UNMAPPED", "TRACE_NO_UI", "TRACE_SHORT", "TRACE_HOOK_GAP", "HUMAN_PENDING"),
)
def uses_off_the_scene(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Protected information taken on a page whose declared scene does not need it, or in the background (R29).

    Off an approved map of scenes it is a violation, off one that awaits review a risk.
    """
    fits, unmapped, any_off = 0, 0, False
    for run, line in timelines(facts):
        off: dict[tuple[str, str, _Place, bool | None], list[Event]] = {}
        rows = [row for row in line.rows(_protected) if not line.foreign(line.row(row)[0])]
        if not scenes(facts):
            unmapped += sum(len(line.of_row(row)) for row in rows if origin_of(*line.row(row)) != "system")
            continue
        for one in map(line.event, line.places(rows)):
            if one.origin == "system":
                continue
            where = _off_scene(facts, asked, line, one)
            fits += where == ""
            unmapped += where is None
            if isinstance(where, _Place):
                key = (one.origin, kinds_of(one.what)[0], where, got(one.what, run.meta))
                off.setdefault(key, []).append(one)
        for (actor, kind, where, success), several in off.items():
            any_off = True
            yield _off(facts, run, (actor, kind), where, success, several)
    if runs(facts) and not any_off:
        yield _on_scene(facts, fits, unmapped)


def _protected(what: What) -> bool:
    return takes(what) and bool(what.perm_group)


def _off_scene(facts: Facts, asked: Asked, line: Timeline, one: Event) -> _Place | str | None:
    """What an event does not fit; "" where it fits; None where its scene is not known.

    A last position that the system still delivers right after a scene was left belongs to that scene (R31).
    """
    group, kind = one.what.perm_group, kinds_of(one.what)[0]
    spell = line.spell_behind(one.t_ms)
    slack = round(asked.number("window_s") * 1000) + line.slack(one.what)
    if spell is not None or one.what.phase == "background":
        if line.behind(one) is None:
            return None
        left = scene_of(facts, line.page_at(spell.start_ms)) if spell else None
        if spell and left and delivered(one.what) and one.t_ms - spell.start_ms <= slack and needs(left, group, kind):
            return ""
        scene = continuing(facts, line, spell) if spell else None
        notified = spell is not None and line.notified(spell)
        if spell is None or not line.shows_acts:
            # The source marks the call, or the states of the app, and shows no screens: a scene may have gone on.
            unseen = Words(
                "日志没有界面，是否有场景在后台继续无从得知", "the log shows no screens: a scene may have gone on"
            )
            return _Place(Words("后台", "background"), unseen)
        if scene is not None and needs(scene, group, kind):
            doubt = Words("声明可在后台继续，但未见通知", "declared to go on, but no notification was seen")
            return "" if notified else _Place(Words("后台", "background"), doubt)
        doubt = Words("可见通知", "a notification was seen")
        return _Place(Words("后台", "background"), doubt if notified else None)
    page = line.page_at(one.t_ms)
    scene = scene_of(facts, page)
    if scene is None or page is None:
        return None
    if any(needs(each, group, kind) for each in scenes_of(facts, page)):
        return ""
    # Fetched ahead for the page that follows, or delivered late for the one before: a person has to say.
    after, before = line.page_after(one.t_ms), line.page_at(page.start_ms - 1)
    left = scene_of(facts, before)
    if left and delivered(one.what) and one.t_ms - page.start_ms <= slack and needs(left, group, kind):
        return ""
    beside = [
        scene_of(facts, before if one.t_ms - page.start_ms <= slack else None),
        scene_of(facts, after if after and after.start_ms - one.t_ms <= slack else None),
    ]
    near = next((each for each in beside if each and needs(each, group, kind)), None)
    return _Place(
        Words(scene.name, scene.name),
        Words(f"紧邻场景“{near.name}”", f"right beside the scene {near.name}") if near else None,
    )


def _off(
    facts: Facts, run: Run, whose: tuple[str, str], where: _Place, success: bool | None, several: list[Event]
) -> Finding:
    (actor, kind), approved = whose, map_approved(facts)
    name, many = pi_type(kind), times(sum(one.what.count for one in several))
    sure = approved and where.doubt is None and bool(success)
    zh = "" if approved else "；场景对应表尚待人工确认"
    en = "" if approved else "; the map of scenes awaits review"
    if where.doubt:
        zh, en = f"，{where.doubt.zh}{zh}", f", {where.doubt.en}{en}"
    if not success:
        zh += "；被拒绝" if success is False else "；来源没有记录读取结果"
        en += "; it was denied" if success is False else "; the result is not recorded"
    return found(
        "violation" if sure else "risk",
        f"{run_name(run).zh}：{who(actor).zh}读取{name.zh}，{many.zh}，与当时的场景不相关（{where.scene.zh}）{zh}",
        f"{run_name(run).en}: {who(actor).en} takes {name.en} {many.en}, which the scene at hand does not need "
        f"({where.scene.en}){en}",
        *shows.events(facts, run, several),
        basis="observed",
        missing=() if sure else ("HUMAN_PENDING",),
        actor=actor,
        why_actor=why_actor(several[0]),
    )


def _on_scene(facts: Facts, fits: int, unmapped: int) -> Finding:
    """Nothing off the scenes: good news within what was run, where the map is approved and every call could be placed."""
    approved = map_approved(facts)
    used = [run for run, line in timelines(facts, "S4") if line.shows_acts and read_whole(run.meta)]
    watched = bool(used) and not any(unwatched(run.meta) for run in used)
    lacking = []
    if unmapped or not fits:
        lacking.append("SCENE_UNMAPPED" if unmapped or not scenes(facts) else "TRACE_SHORT")
    if not approved:
        lacking.append("HUMAN_PENDING")
    if not watched:
        lacking.append("TRACE_HOOK_GAP" if used else "TRACE_SHORT")
    zh = "" if approved else "；场景对应表尚待人工确认"
    en = "" if approved else "; the map of scenes awaits review"
    return found(
        None if lacking else "compliant",
        f"{fits} 次受权限保护的读取在声明的场景之内，{unmapped} 次无法对应到场景{zh}",
        f"{fits} protected reads lie in declared scenes, {unmapped} in none that is known{en}",
        *(shows.whole(facts, run) for run in runs(facts)),
        basis="observed",
        missing=tuple(dict.fromkeys(lacking)),
    )


# --------------------------------------------------------------------------------- what no scene needs at all


@check(
    "cac-2026:13.2.4",
    "cac-2026:3.3.2",
    "app-2021:7.0",
    needs=("trace", "decl"),
    missing=("SCENE_UNMAPPED", "CATEGORY_UNKNOWN", "HUMAN_PENDING", "TRACE_SHORT"),
)
def uses_what_no_scene_needs(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Taken in a run though no declared scene, and not the basic function of this kind of app, needs it (R32, limb 3).

    What no permission protects has no place in the list of necessary information by groups: it stays a risk.
    """
    if not is_read(facts.decl):
        return
    kind_of_app = app_type(facts.decl.app.type) if facts.decl.app.type else None
    if not scenes(facts):
        return
    several = 0
    for run, line in timelines(facts):
        for (actor, kind), rows in takings(line).items():
            several += 1
            took = [row for row in rows if got(line.row(row)[0], run.meta) is not False]
            groups = {line.row(row)[0].perm_group for row in took}
            if not took or any(needs(scene, group, kind) for scene in scenes(facts) for group in groups):
                continue
            if kind_of_app is not None and any(group in kind_of_app.groups for group in groups):
                continue
            sure = [row for row in took if got(line.row(row)[0], run.meta)]
            events = [line.event(at) for at in line.places(sure or took)]
            protected = any(group in GROUPS for group in groups)
            yield _needless(facts, run, (actor, kind), events, kind_of_app, bool(sure), protected)
    if several:
        yield found(
            None,
            f"运行中读取的 {several} 组信息里，其余均属某一声明的场景或该类应用的必要范围",
            f"of {several} kinds taken by somebody in these runs the others belong to a declared scene or to what this kind of "
            "app needs",
            *(shows.whole(facts, run) for run in runs(facts)),
            basis="observed",
            missing=("TRACE_SHORT",),
        )


def _needless(
    facts: Facts,
    run: Run,
    whose: tuple[str, str],
    events: list[Event],
    kind_of_app: AppType | None,
    sure: bool,
    protected: bool,
) -> Finding:
    (actor, kind), approved = whose, map_approved(facts)
    verdict: Verdict = "violation" if sure and approved and protected and kind_of_app else "risk"
    missing = [] if kind_of_app else ["CATEGORY_UNKNOWN"]
    if verdict == "risk" and (not approved or not protected or not sure):
        missing.append("HUMAN_PENDING")
    name, many = pi_type(kind), times(sum(one.what.count for one in events))
    zh = f"，也不在{kind_of_app.zh}应用的必要范围" if kind_of_app else "；应用类型没有声明，必要范围未知"
    en = (
        f", nor does the basic function of {kind_of_app.en}"
        if kind_of_app
        else "; the kind of app, and so what it needs, is not declared"
    )
    zh += "" if approved else "；场景对应表尚待人工确认"
    en += "" if approved else "; the map of scenes awaits review"
    zh += "" if sure else "；来源没有记录读取结果"
    en += "" if sure else "; the result is not recorded"
    return found(
        verdict,
        f"{run_name(run).zh}：{who(actor).zh}读取{name.zh}，{many.zh}，声明的场景均不需要它{zh}",
        f"{run_name(run).en}: {who(actor).en} takes {name.en} {many.en}; no declared scene needs it{en}",
        *shows.events(facts, run, events),
        shows.whole(facts, run),
        basis="observed",
        missing=tuple(missing),
        actor=actor,
        why_actor=why_actor(events[0]),
    )
