"""Article 9 on screens and runs: agreeing by an act of one's own."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.audit import trace_evidence as did
from hegui.catalogue.behaviours import agreeing
from hegui.catalogue.lexicons.screens import says
from hegui.facts import Facts, is_read
from hegui.facts.queries.timeline import Timeline
from hegui.facts.screens import Screen, Sign, Ui
from hegui.facts.trace import Event, Run
from hegui.regulations.screen_parts import (
    app_screens,
    asks_to_agree,
    explored,
    first_shown,
    launches,
    opened_by,
    run_of,
    showing,
    small_pictures,
)
from hegui.regulations.trace_parts import run_name, timelines

# RULES R15: an agreement is put down to an act up to that long before it.
_ACT_MS = 10_000


@check(
    "app-2021:6.2",
    "cac-2026:9.1.2",
    "app-2021:6.0.2",
    needs=("ui",),
    missing=("TRACE_NOT_FRESH", "UI_UNREACHED", "HUMAN_PENDING"),
)
def ticks_the_box_itself(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A box to agree that is ticked when first shown (R15, limb 1). A box that is a picture does not tell its state."""
    if not is_read(facts.ui):
        return
    screens = app_screens(facts)
    boxes = list(showing(first_shown(screens), "consent_box"))
    first_launches = list(launches(facts))
    fresh_runs = {run[0].run_id for run in first_launches}
    for screen, box in boxes:
        if box.checked is None:
            yield found(
                "undetermined",
                "同意的勾选框是图片，控件树看不出是否已勾选，须看截图",
                "the box to agree is a picture: the tree does not tell whether it is ticked; look at the screenshot",
                shows.sign(facts, screen, box),
                basis="observed",
                missing=("HUMAN_PENDING",),
            )
        elif box.checked and not _ticked_by_user(facts, facts.ui, screen, box):
            fresh = screen.run_id in fresh_runs
            yield found(
                "violation" if fresh else "risk",
                f"同意框首次出现时已勾选：“{box.text}”" + ("" if fresh else "；不是全新安装，可能是此前勾选的"),
                f'the box to agree is ticked when first shown: "{box.text}"'
                + ("" if fresh else "; not a fresh installation, so it may have been ticked before"),
                shows.sign(facts, screen, box),
                basis="observed",
                missing=() if fresh else ("TRACE_NOT_FRESH",),
            )
    where_asked = [*(run[0] for run in first_launches), *(one for one, _ in showing(screens, "login"))]
    all_empty = all(box.checked is False for _, box in boxes)
    if asked.duty.id == "app-2021:6.2" and all_empty and first_launches and explored(facts.ui, where_asked):
        yield found(
            "compliant",
            "首次启动和登录的界面已探索完整，没有默认勾选的同意框",
            "first launch and login were explored in full; no box to agree is ticked by default",
            shows.coverage(facts, facts.ui),
            *(shows.sign(facts, *one) for one in boxes[:3]),
            basis="observed",
        )


def _ticked_by_user(facts: Facts, ui: Ui, screen: Screen, box: Sign) -> bool:
    """Whether the first dump of a page came after the user had acted on its box."""
    page = {one.id: one.page or one.id for one in ui.screens}
    if any(
        tap.to_screen == screen.id and tap.node == box.node and page.get(tap.from_screen) == page[screen.id]
        for tap in ui.graph
    ):
        return True
    run = run_of(facts, screen)
    name = next((one.name for one in screen.nodes if one.id == box.node), "")
    return run is not None and any(
        one.t_ms <= screen.t_ms and (one.what.node_text == box.text or (name and one.what.node_id == name))
        for _, line in timelines(facts)
        if line.meta.run_id == run.meta.run_id
        for one in line.acts
    )


@check("cac-2026:9.1.2", "app-2021:6.0.2", "cac-2026:3.2.1", needs=("ui",), missing=("HUMAN_PENDING",))
def takes_using_for_agreeing(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """ "Logging in means that you agree", with no box to tick and no control to agree (R15, limb 2)."""
    if not is_read(facts.ui):
        return
    for screen, line in showing(app_screens(facts), "implied_consent"):
        if screen.of("consent_box") or screen.of("agree"):
            continue
        led = (each for node in screen.nodes for each in opened_by(facts.ui, screen, node.id))
        if put := next((one for one in led if asks_to_agree(one)), None):
            yield found(
                None,
                f"“{line.text}”；其后另有界面请用户同意",
                f'"{line.text}"; a screen that follows asks the user to agree',
                shows.sign(facts, screen, line),
                shows.whole(facts, put),
                basis="observed",
                missing=("HUMAN_PENDING",),
            )
            continue
        drawn = _may_be_box(screen, line)
        yield found(
            "undetermined" if drawn else "violation",
            f"以使用代替同意，{'旁边的图形是否为勾选框须看截图' if drawn else '没有勾选框或同意按钮'}：“{line.text}”",
            f"using is taken for agreeing, {'with something beside it that may be a box' if drawn else 'with no box to tick'}"
            f'{"" if drawn else " and no button"}: "{line.text}"',
            shows.sign(facts, screen, line),
            basis="observed",
            missing=("HUMAN_PENDING",) if drawn else (),
        )


def _may_be_box(screen: Screen, line: Sign) -> bool:
    """Whether something small without words stands left of the line, in its height: a box need not be called one."""
    words = next((one.bounds for one in screen.nodes if one.id == line.node), None)
    return words is not None and any(
        box[1] < words[3] and box[3] > words[1] and box[0] <= words[0]
        for one in small_pictures(screen)
        if (box := one.bounds)
    )


@check(
    "cac-2026:9.1.2",
    "app-2021:6.0.2",
    "cac-2026:3.2.1",
    needs=("trace",),
    missing=("TRACE_NO_UI", "TRACE_NO_CONSENT", "TRACE_NOT_FRESH", "HUMAN_PENDING"),
)
def agrees_without_an_act(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A run records an agreement to the rules, and nobody had acted on a control that agrees in the ten seconds before (R15).

    What the maker of the run noted beside it, or was worked out from an act, is no record of the app. An agreement kept from
    an earlier launch is recorded anew at each start: only a fresh installation tells.
    """
    for run, line in timelines(facts):
        given = line.events(
            lambda what: (
                what.type == "consent" and what.act == "agree" and what.scope in (None, "rules") and not what.derived
            )
        )
        recorded = [one for one in given if one.line]
        if recorded and line.timed and run.meta.fresh_install is not False:
            yield _put_down_to_act(facts, run, line, recorded[0])


def _put_down_to_act(facts: Facts, run: Run, line: Timeline, agreed: Event) -> Finding:
    slack = line.slack(agreed.what)
    near = [one for one in line.acts if agreed.t_ms - _ACT_MS - slack <= one.t_ms <= agreed.t_ms + slack]
    evidence = (did.event(facts, run, agreed), *did.events(facts, run, near))
    if any(_agrees(facts, run, one) for one in near):
        return found(
            None,
            f"{run_name(run).zh}：记录的同意之前，用户点了同意",
            f"{run_name(run).en}: the user acted on a control that agrees before the agreement was recorded",
            *evidence,
            basis="observed",
        )
    if not line.shows_acts:
        return found(
            None,
            f"{run_name(run).zh}：记录了同意；用户的操作没有记录，是否出于点击无从判断",
            f"{run_name(run).en}: an agreement is recorded; the log shows no acts, so whether one led to it is open",
            *evidence,
            basis="observed",
            missing=("TRACE_NO_UI",),
        )
    if near:
        on = near[-1].what.node_text or near[-1].what.node_id or "?"
        return found(
            "undetermined",
            f"{run_name(run).zh}：记录的同意之前，用户点的是“{on}”，是否在同意待人工确认",
            f'{run_name(run).en}: before the agreement the user acted on "{on}"; whether that meant agreeing awaits review',
            *evidence,
            basis="observed",
            missing=("HUMAN_PENDING",),
        )
    fresh = run.meta.fresh_install is True
    return found(
        "violation" if fresh else "risk",
        f"{run_name(run).zh}：记录了同意，其前 10 秒内用户没有任何操作" + ("" if fresh else "；是否全新安装没有记录"),
        f"{run_name(run).en}: an agreement is recorded, and the user did nothing in the 10 s before"
        + ("" if fresh else "; whether the installation was fresh is not told"),
        *evidence,
        did.whole(facts, run),
        basis="observed",
        missing=() if fresh else ("TRACE_NOT_FRESH",),
    )


def _agrees(facts: Facts, run: Run, act: Event) -> bool:
    """Whether an act was on a control that agrees: by its words, or as the dumps of the run show that control."""
    words = act.what.node_text or ""
    if agreeing(words) == "agree" or says("consenting", words) or says("reading", words):
        return True
    shown = (one for one in app_screens(facts) if one.run_id == run.meta.run_id)
    names = {
        name
        for screen in shown
        for sign in (*screen.of("agree"), *screen.of("consent_box"))
        for node in screen.nodes
        if node.id == sign.node
        for name in (node.id, node.name)
        if name
    }
    return act.what.node_id in names
