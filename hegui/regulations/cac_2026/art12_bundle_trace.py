"""Article 12(1) on recorded runs: permissions are not asked for in a bundle that the function at hand does not need."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.catalogue.behaviours.causes import is_crash
from hegui.facts import Facts
from hegui.facts.queries.asking import since_box
from hegui.facts.queries.timeline import Timeline
from hegui.facts.trace import Event, Run
from hegui.regulations.refusals import ended_on
from hegui.regulations.trace_parts import (
    asked_groups,
    group_names,
    map_approved,
    needs,
    read_whole,
    requests,
    run_name,
    runs,
    scene_of,
    timelines,
    why_actor,
)
from hegui.words import Words

# Requests this close, with nothing done by the user between but answering, are one bundle (RULES R24).
_BUNDLE_MS = 3000
# Groups that one function needs together: a video call, a video recording.
_TOGETHER = frozenset({"camera", "microphone"})


@check(
    "app-2021:6.4.2",
    "cac-2026:12.1.2",
    needs=("trace",),
    missing=("SCENE_UNMAPPED", "TRACE_SHORT", "HUMAN_PENDING"),
)
def asks_for_a_bundle(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Several groups asked for at once, or one after the other without an act between, beyond what one scene needs (R24).

    The system lets the user skip each of its boxes, so a bundle is a risk; where the app ended on a denial of it, it was not.
    """
    any_found = False
    for run, line in timelines(facts):
        told: set[tuple[str, ...]] = set()
        for bundle in _bundles(line):
            groups = tuple(dict.fromkeys(group for one in bundle for group in asked_groups(one.what)))
            scene = scene_of(facts, line.page_at(bundle[0].t_ms))
            beyond = tuple(group for group in groups if scene is None or not needs(scene, group))
            if beyond and groups not in told:
                told.add(groups)
                any_found = True
                yield _bundled(facts, run, line, bundle, groups, None if scene is None else beyond)
    if not any_found and any(True for _, line in timelines(facts) for _ in requests(line)):
        yield _no_bundle(facts)


def _bundled(
    facts: Facts, run: Run, line: Timeline, bundle: list[Event], groups: tuple[str, ...], beyond: tuple[str, ...] | None
) -> Finding:
    """A bundle that asks for more than its scene needs. `beyond` None: no scene is known for the page."""
    left = _left_on_denial(line, bundle, groups)
    approved = beyond is not None and map_approved(facts)
    more = Words("", "")
    if beyond is not None:
        more = Words(
            f"；当时场景没有列出{group_names(beyond).zh}", f"; the scene at hand does not list {group_names(beyond).en}"
        )
    if left:
        more = Words(
            f"{more.zh}；拒绝后应用退出，无法跳过", f"{more.en}; the app ended on the denial: no way to skip it"
        )
    return found(
        "violation" if left and approved else "risk",
        f"{run_name(run).zh}：连续要了 {len(groups)} 组权限（{group_names(groups).zh}），中间没有用户操作；"
        f"距第一次的毫秒数：{_gaps(bundle)}{more.zh}",
        f"{run_name(run).en}: {len(groups)} groups asked for in a row ({group_names(groups).en}), with no act of the user "
        f"between; ms since the first: {_gaps(bundle)}{more.en}",
        *shows.events(facts, run, bundle),
        *shows.events(facts, run, left),
        basis="observed",
        missing=("SCENE_UNMAPPED",) if beyond is None else () if approved else ("HUMAN_PENDING",),
        actor=bundle[0].origin,
        why_actor=why_actor(bundle[0]),
    )


def _gaps(bundle: list[Event]) -> str:
    return ", ".join(str(one.t_ms - bundle[0].t_ms) for one in bundle)


def _left_on_denial(line: Timeline, bundle: list[Event], groups: tuple[str, ...]) -> list[Event]:
    """A denial of the bundle and the end of the app that followed it with no act of the user; [] where it went on."""
    for no in line.events(lambda what: what.type == "perm_res" and (what.result or "").startswith("denied")):
        if no.t_ms < bundle[0].t_ms or not set(groups) & set(asked_groups(no.what)):
            continue
        gone = ended_on(line, no)
        if gone is not None and not is_crash(gone.what.cause or ""):
            return [no, gone]
    return []


def _no_bundle(facts: Facts) -> Finding:
    """Nothing bundled was seen: good news from the idle home page and scene by scene (S3 and S4), with acts and times."""
    done = {run.meta.scenario for run, line in timelines(facts) if line.timed and line.shows_acts}
    good = {"S3", "S4"} <= done and all(read_whole(run.meta) for run in runs(facts))
    return found(
        "compliant" if good else None,
        "权限申请均为单组，或为同一功能所需" + ("" if good else "；场景没有做全（S3、S4）"),
        "every request was for one group, or for what one function needs together"
        + ("" if good else "; S3 and S4 were not both run"),
        *(shows.whole(facts, run) for run in runs(facts)),
        basis="observed",
        missing=() if good else ("TRACE_SHORT",),
    )


def _bundles(line: Timeline) -> Iterator[list[Event]]:
    """Requests that make one bundle of two groups or more; a log without times shows only those of one request."""
    bundle: list[Event] = []
    for one in (*requests(line), None):
        if one is not None and bundle and line.timed and since_box(line, bundle[-1], one) <= _BUNDLE_MS:
            act = line.trigger_before(one.t_ms)
            if act is None or act.t_ms <= bundle[-1].t_ms:
                bundle.append(one)
                continue
        groups = {group for each in bundle for group in asked_groups(each.what)}
        if len(groups) > 1 and not groups <= _TOGETHER:
            yield bundle
        bundle = [one] if one is not None else []
