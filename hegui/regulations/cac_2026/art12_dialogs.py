"""Article 12(1) on screens: the app's own dialogs that ask again for a permission the user denied (R28).

A dialog counts like a box of the system where it covers the page; a hint on a page does not. When it came is known to lie
between two dumps: where the user did something just before or between them, the dialog may be the answer to that.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from hegui.audit import Asked, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.audit import trace_evidence as ran
from hegui.audit.verdict import Verdict
from hegui.catalogue.lexicons.screens import says
from hegui.catalogue.permissions import GROUPS
from hegui.facts import Facts, is_read
from hegui.facts.queries.timeline import timeline
from hegui.facts.screens import Screen, Sign
from hegui.facts.trace import Run
from hegui.regulations.refusals import Moment, Story, date_ms, refusals, stories, unprompted
from hegui.regulations.screen_parts import app_screens, scene_shown
from hegui.regulations.trace_parts import asked_groups, map_approved, needs, runs
from hegui.words import Words


@dataclass(frozen=True)
class _Dialog:
    """A dialog, from its first dump; at_ms on the clock of its story. `since_ms`: the dump before, of its run's clock."""

    at_ms: int
    since_ms: int
    run: Run
    screen: Screen
    sign: Sign


@check(
    "cac-2026:12.1.4",
    "app-2021:7.3.3",
    needs=("trace", "ui"),
    missing=("TRACE_NO_UI", "TRACE_SHORT", "UI_UNREACHED", "SCENE_UNMAPPED", "HUMAN_PENDING"),
)
def asks_again_by_dialogs_of_its_own(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Dialogs of the app for a group the user denied, counted with the system's boxes; or one that cannot be closed (R28)."""
    for story in stories(facts):
        of_group: dict[str, list[Moment]] = {}
        for one in story.asked:
            for group in asked_groups(one.event.what):
                of_group.setdefault(group, []).append(one)
        for group, refusal in refusals(story):
            dialogs = list(_dialogs(facts, asked, group, refusal))
            if dialogs:
                again = list(unprompted(facts, asked, of_group.get(group, []), group, refusal))
                yield _nagging(facts, asked, story, group, refusal, dialogs, again)


def _dialogs(facts: Facts, asked: Asked, group: str, refusal: Moment) -> Iterator[_Dialog]:
    """The dialogs for a group that came unprompted after its denial, within the period that counts."""
    window_ms = round(asked.number("window_s") * 1000)
    until = refusal.at_ms + round(asked.number("nag.hours") * 3_600_000)
    for one in _shown(facts, group, refusal.run):
        if not refusal.at_ms < one.at_ms <= until:
            continue
        line = timeline(one.run)
        act = line.trigger_before(one.screen.t_ms)
        if act is not None and act.t_ms > one.since_ms - window_ms:
            continue
        scene = scene_shown(facts, one.screen)
        if asked.duty.id != "app-2021:7.3.3" or scene is None or not needs(scene, group):
            yield one


def _shown(facts: Facts, group: str, denied_in: Run) -> Iterator[_Dialog]:
    """Every time a dialog for the group came up in the run of the denial, or in those of its device with a date."""
    dated = date_ms(denied_in)
    for run in runs(facts):
        start = date_ms(run)
        same = dated is not None and start is not None
        if run is not denied_in and not (
            same and (run.meta.device, run.meta.package) == (denied_in.meta.device, denied_in.meta.package)
        ):
            continue
        before: Screen | None = None
        for screen in sorted(app_screens(facts), key=lambda one: one.t_ms):
            if screen.run_id != run.meta.run_id or screen.clock != "elapsed":
                continue
            sign = next((one for one in screen.of("permission_prompt") if group in one.groups), None)
            still = before is not None and any(group in one.groups for one in before.of("permission_prompt"))
            if sign is not None and not (still and _no_start(run, before, screen)):
                yield _Dialog((start or 0) + screen.t_ms, before.t_ms if before else 0, run, screen, sign)
            before = screen


def _no_start(run: Run, before: Screen | None, screen: Screen) -> bool:
    since = before.t_ms if before else 0
    return not any(since < one.t_ms <= screen.t_ms for one in timeline(run).starts)


def _nagging(
    facts: Facts,
    asked: Asked,
    story: Story,
    group: str,
    refusal: Moment,
    dialogs: list[_Dialog],
    again: list[Moment],
) -> Finding:
    total = len(dialogs) + len(again)
    times = [one.at_ms for one in dialogs] + [one.at_ms for one in again]
    launches = sorted({bisect_right(story.launches, at_ms) for at_ms in times})
    in_a_row = any(later - earlier == 1 for earlier, later in pairwise(launches))
    shut = next((one for one in dialogs if not _closable(one.screen)), None)
    explored = shut is not None and is_read(facts.ui) and facts.ui.explored.get(shut.screen.phase, False)
    verdict: Verdict = "violation" if total > asked.number("nag.max") or in_a_row or explored else "risk"
    missing: tuple[str, ...] = ("UI_UNREACHED",) if shut and not explored and verdict == "risk" else ()
    if not story.timed or not story.shows_acts:
        verdict, missing = "undetermined", ("TRACE_NO_UI",) if story.timed else ("TRACE_SHORT",)
    elif asked.duty.id == "app-2021:7.3.3" and any(scene_shown(facts, one.screen) is None for one in dialogs):
        verdict, missing = "risk", ("SCENE_UNMAPPED",)
    elif asked.duty.id == "app-2021:7.3.3" and not map_approved(facts):
        verdict, missing = "risk", ("HUMAN_PENDING",)
    name = GROUPS.get(group, Words(group, group))
    hours = f"{asked.number('nag.hours'):g}"
    no_way = (
        Words("；其中有弹窗看不到关闭的控件", "; one of the dialogs shows no control to close it")
        if shut
        else Words("", "")
    )
    return found(
        verdict,
        f"{name.zh}权限被拒绝后，{hours} 小时内应用又弹出 {len(dialogs)} 次自己的索权弹窗"
        f"（系统授权框 {len(again)} 次，合计 {total} 次），此前没有用户操作{no_way.zh}",
        f"after {name.en} was denied the app put up {len(dialogs)} dialogs of its own within {hours} h "
        f"(and {len(again)} boxes of the system, {total} in all), with no act of the user before{no_way.en}",
        ran.event(facts, refusal.run, refusal.event),
        *(shows.sign(facts, one.screen, one.sign) for one in dialogs[:3]),
        *(shows.whole(facts, one.screen) for one in (shut,) if one),
        *(ran.event(facts, one.run, one.event) for one in again[:2]),
        basis="observed",
        assumptions=("A-02",),
        missing=missing,
    )


def _closable(screen: Screen) -> bool:
    """Whether there may be a control to close the dialog: one that says so, or one without a label, which may be a cross."""
    controls = [node for node in screen.nodes if node.visible and node.clickable]
    return any(
        not one.text or says("close", one.text) or says("close", one.name.rpartition("/")[2]) for one in controls
    )
