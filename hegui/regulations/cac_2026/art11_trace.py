"""Article 11 on recorded runs: a scene the user switched off takes nothing more, and the others go on (S12)."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.catalogue.pi_types import pi_type
from hegui.facts import Facts
from hegui.facts.declaration import Scene
from hegui.facts.queries.pairs import switched_off
from hegui.facts.queries.timeline import Timeline
from hegui.facts.trace import Run
from hegui.regulations.reads import who
from hegui.regulations.trace_parts import (
    got,
    read_whole,
    run_name,
    runs,
    scene_of,
    scenes,
    takings,
    timelines,
    times,
    unwatched,
    why_actor,
)
from hegui.words import Words


@check(
    "cac-2026:11.1.2",
    needs=("trace",),
    missing=("SCENE_UNMAPPED", "TRACE_SHORT", "TRACE_HOOK_GAP", "NO_DECL"),
)
def takes_for_a_scene_switched_off(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """In a run with a scene switched off (S12), a kind was taken that only this scene is declared to need (R41, limb 4)."""
    quiet: list[tuple[Run, Timeline]] = []
    any_taken = False
    for run, line in timelines(facts, "S12"):
        off = _off(facts, run)
        findings = list(_taken(facts, run, line, off)) if off else []
        any_taken |= bool(findings)
        yield from findings
        if off and not findings:
            quiet.append((run, line))
    if quiet and not any_taken:
        yield _stopped(facts, quiet)
    elif runs(facts) and not any_taken:
        planned = any(True for _ in timelines(facts, "S12"))
        yield found(
            None,
            "关闭场景的运行（S12）没有写明关闭的是哪个已声明的场景"
            if planned
            else "没有关闭场景的运行（S12），关闭后是否停止收集无从判断",
            "the runs with a scene off (S12) do not name a declared scene"
            if planned
            else "no run with a scene switched off (S12): whether taking stops is not known",
            *(shows.whole(facts, run) for run in runs(facts)),
            basis="observed",
            missing=("SCENE_UNMAPPED",) if planned else ("TRACE_SHORT",),
        )


def _off(facts: Facts, run: Run) -> list[Scene]:
    return [one for one in scenes(facts) if one.name in switched_off(run)]


def _alone(facts: Facts, off: list[Scene]) -> set[str]:
    """The kinds that these scenes are declared to need, and no other."""
    others = {kind for one in scenes(facts) if one not in off for kind in one.types}
    return {kind for one in off for kind in one.types} - others


def _taken(facts: Facts, run: Run, line: Timeline, off: list[Scene]) -> Iterator[Finding]:
    alone = _alone(facts, off)
    names = "、".join(one.name for one in off)
    for (actor, kind), rows in takings(line).items():
        if kind not in alone:
            continue
        sure = [row for row in rows if got(line.row(row)[0], run.meta)]
        several = [line.event(at) for at in line.places(sure or rows)]
        many = times(len(several))
        refused = all(one.what.result == "denied" for one in several)
        doubt = Words("，但都被拒绝", ", but was denied each time") if refused else Words("", "")
        yield found(
            "violation" if sure else "risk",
            f"{run_name(run).zh}：场景“{names}”关闭后，{who(actor).zh}仍读取只有它才需要的{pi_type(kind).zh}，{many.zh}{doubt.zh}",
            f"{run_name(run).en}: with the scene {names} off, {who(actor).en} still takes {pi_type(kind).en}, which it alone "
            f"is declared to need, {many.en}{doubt.en}",
            *shows.events(facts, run, several),
            shows.whole(facts, run, ", ".join(run.meta.covers)),
            basis="observed",
            assumptions=("A-05",),
            actor=actor,
            why_actor=why_actor(several[0]),
        )


def _stopped(facts: Facts, quiet: list[tuple[Run, Timeline]]) -> Finding:
    """Nothing more was taken: good news where each optional scene had its run, all its kinds were watched, and every basic
    scene was opened in it."""
    tried = {one.name for run, _ in quiet for one in _off(facts, run)}
    optional = {one.name for one in scenes(facts) if not one.basic}
    watched = all(_tells(facts, run) for run, _ in quiet)
    usable = all(_opened_basics(facts, line) for _, line in quiet)
    lacking = []
    if optional - tried or not usable:
        lacking.append("TRACE_SHORT")
    if not watched:
        lacking.append("TRACE_HOOK_GAP")
    left = sorted(optional - tried)
    zh = f"；没有试过：{'、'.join(left)}" if left else ""
    zh += "" if usable else "；基本功能的页面没有都打开过"
    zh += "" if watched else "；该场景的信息没有都监测"
    en = f"; not tried: {', '.join(left)}" if left else ""
    en += "" if usable else "; not all pages of basic scenes were opened"
    en += "" if watched else "; not all kinds of the scene were watched"
    return found(
        None if lacking else "compliant",
        f"{len(quiet)} 次关闭场景的运行中，未见读取只有该场景才需要的信息{zh}",
        f"in {len(quiet)} runs with a scene off, nothing was taken that it alone needs{en}",
        *(shows.whole(facts, run, ", ".join(run.meta.covers)) for run, _ in quiet),
        basis="observed",
        assumptions=("A-05",),
        missing=tuple(lacking),
    )


def _tells(facts: Facts, run: Run) -> bool:
    """Whether silence tells something: the scene has kinds of its own, and all of them were watched."""
    alone = _alone(facts, _off(facts, run))
    return bool(alone) and not alone & set(unwatched(run.meta)) and read_whole(run.meta)


def _opened_basics(facts: Facts, line: Timeline) -> bool:
    basic = {one.name for one in scenes(facts) if one.basic}
    opened = {scene.name for page in line.pages if (scene := scene_of(facts, page)) is not None}
    return bool(basic) and basic <= opened
