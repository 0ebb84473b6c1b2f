"""Article 12 on recorded runs: asking for permissions only at use, only for what the scene needs, and not again and again."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import trace_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.catalogue.permissions import GROUPS
from hegui.facts import Facts, is_read
from hegui.facts.queries.timeline import Timeline, by_handler, timeline
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
    several = [(run, line, one) for run, line in timelines(facts) for one in requests(line)]
    findings = [one for run, line, req in several if (one := _asked_at(facts, run, line, req, window_ms))]
    yield from findings
    if findings:
        return
    done = {run.meta.scenario for run, line in timelines(facts, "S3", "S4") if line.shows_acts and line.timed}
    evidence = [shows.whole(facts, run) for run in runs(facts)]
    if asked.duty.id == "cac-2026:12.1.1" and several and done == {"S3", "S4"}:
        yield found(
            "compliant",
            f"同意后停留主页（S3）与逐场景使用（S4）中，{len(several)} 次权限申请均紧接用户操作",
            f"idle after consent (S3) and scene by scene (S4): all {len(several)} requests came right after an act of the user",
            *evidence,
            basis="observed",
        )
    elif evidence:
        no_acts = lacks_acts(timelines(facts))
        yield found(
            None,
            f"{len(several)} 次权限申请均紧接用户操作，但场景没有做全（S3、S4）" if several else "各次运行中未见权限申请",
            f"{len(several)} requests, each right after an act of the user; S3 and S4 were not both run"
            if several
            else "no permission request in these runs",
            *evidence,
            basis="observed",
            missing=("TRACE_NO_UI",) if no_acts else ("TRACE_SHORT",),
        )


def _asked_at(facts: Facts, run: Run, line: Timeline, req: Event, window_ms: int) -> Finding | None:
    """The finding on one request; None where it came right after an act of the user."""
    if by_handler(req.stack):
        return None
    act = line.act_before(req.t_ms) if line.timed else None
    gap = req.t_ms - act.t_ms if act else None
    slack = line.slack(req.what)
    if gap is not None and gap <= window_ms + slack:
        return None
    verdict, missing, zh, en = _how_bad(facts, line, req, gap)
    groups = _groups(req)
    evidence = (shows.event(facts, run, req), *shows.events(facts, run, [act] if act else []), shows.whole(facts, run))
    return found(
        verdict,
        f"{run_name(run).zh}：{who(req.origin).zh}申请{groups.zh}权限，{zh}",
        f"{run_name(run).en}: {who(req.origin).en} asks for {groups.en}, {en}",
        *evidence,
        basis="observed",
        missing=missing,
        actor=req.origin,
        why_actor=why_actor(req),
    )


def _how_bad(facts: Facts, line: Timeline, req: Event, gap: int | None) -> tuple[Verdict, tuple[str, ...], str, str]:
    if not line.timed:
        return "undetermined", ("TRACE_SHORT",), "日志没有时间，与操作的间隔无法判定", "the log has no times to tell how long after an act"
    if not line.shows_acts:
        return "undetermined", ("TRACE_NO_UI",), "日志没有用户操作，是否由用户触发无法判定", "the log shows no acts, so who triggered it is open"
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
            f"no act of the user before it; the page is of the declared scene {scene.name}: whether it needs it on entry awaits review",
        )
    last = f"上一次用户操作在 {seconds(gap)} 秒前" if gap is not None else "此前没有用户操作"
    last_en = f"the user's last act was {seconds(gap)} s before" if gap is not None else "no act of the user before it"
    return "violation", (), f"{last}，并非使用具体功能时", f"{last_en}: not when a function was used"


@check("cac-2026:12.1.2", needs=("trace",), missing=("SCENE_UNMAPPED", "HUMAN_PENDING"))
def asks_beyond_the_scene(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A permission group asked for on a page whose declared scene does not list it (R26, limb 2). The map awaits review."""
    mapped = 0
    for run, line in timelines(facts):
        for req in requests(line):
            scene = scene_of(facts, line.page_at(req.t_ms))
            if scene is None:
                yield found(
                    None,
                    f"{run_name(run).zh}：申请{_groups(req).zh}权限时所在页面不属于任何声明的场景",
                    f"{run_name(run).en}: {_groups(req).en} was asked for on a page of no declared scene",
                    shows.event(facts, run, req),
                    basis="observed",
                    missing=("SCENE_UNMAPPED",),
                )
                continue
            mapped += 1
            beyond = [group for group in asked_groups(req.what) if not needs(scene, group)]
            if beyond:
                names = [GROUPS.get(group, Words(group, group)) for group in beyond]
                yield found(
                    "risk",
                    f"{run_name(run).zh}：在场景“{scene.name}”中申请了该场景没有列出的权限：{'、'.join(one.zh for one in names)}",
                    f"{run_name(run).en}: in the scene {scene.name} permissions it does not list were asked for: "
                    f"{', '.join(one.en for one in names)}",
                    shows.event(facts, run, req),
                    basis="observed",
                    missing=("HUMAN_PENDING",),
                    actor=req.origin,
                    why_actor=why_actor(req),
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
        for bundle in _bundles(line):
            groups = list(dict.fromkeys(group for one in bundle for group in asked_groups(one.what)))
            scene = scene_of(facts, line.page_at(bundle[0].t_ms))
            if scene and all(needs(scene, group) for group in groups):
                continue
            names = [GROUPS.get(group, Words(group, group)) for group in groups]
            yield found(
                "risk",
                f"{run_name(run).zh}：一次要了 {len(groups)} 组权限（{'、'.join(one.zh for one in names)}），中间没有用户操作",
                f"{run_name(run).en}: {len(groups)} groups asked for at once ({', '.join(one.en for one in names)}), with no act of the user between",
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


@check("cac-2026:12.1.4", "app-2021:7.3.3", needs=("trace",), missing=("TRACE_NO_UI", "TRACE_SHORT"))
def asks_again_after_refusal(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A permission asked for again after the user denied it, without the user having turned to what needs it (R28)."""
    window_ms = round(asked.number("window_s") * 1000)
    hours, most = asked.number("nag.hours"), asked.number("nag.max")
    denied, quiet = 0, 0
    for story in _stories(facts):
        for group, refusal in _refusals(story):
            denied += 1
            again = [one for one in _requests_after(story, group, refusal) if _unprompted(one, window_ms)]
            within = [one for one in again if one[0] - refusal[0] <= hours * 3_600_000]
            launches = sum(start > refusal[0] for run_start in story.starts for start in (run_start,))
            if within:
                yield _nagging(facts, group, refusal, within, most, launches)
            elif launches >= 2:  # noqa: PLR2004 (RULES R28: at least two relaunches after the denial)
                quiet += 1
    del quiet, denied
