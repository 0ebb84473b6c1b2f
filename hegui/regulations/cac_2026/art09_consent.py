"""Article 9 on screens and runs: agreeing by an act of one's own, and a way to refuse."""

from collections.abc import Iterator

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.audit import trace_evidence as did
from hegui.catalogue.behaviours import agreeing
from hegui.catalogue.lexicons.screens import says
from hegui.facts import Facts, is_read
from hegui.facts.queries.timeline import Timeline
from hegui.facts.screens import Node, Screen, Sign, Ui
from hegui.facts.trace import Event, Run
from hegui.regulations.screen_parts import (
    app_screens,
    explored,
    first_shown,
    launches,
    refusal,
    run_of,
    showing,
    target,
)
from hegui.regulations.trace_parts import run_name, timelines

# RULES R15: an agreement is put down to an act up to that long before it.
_ACT_MS = 10_000
# A user who refuses may be asked once whether they mean it; each time after that is pressing.
_MOST_ASKED_AGAIN = 1
# The least height of a control by WCAG 2.2, success criterion 2.5.8, in density-independent pixels. A dump tells pixels only,
# but the screens of phones are hardly wider than that, and longer than wide by so much.
_LEAST_DP, _SCREEN_DP, _PHONE = 24, 450, 1.5
# What is no wider than that share of the screen, without words and beside a line, may be a box drawn by hand.
_BOX_SHARE = 0.15


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
    if any(tap.to_screen == screen.id and tap.node == box.node for tap in ui.graph):
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
    for screen, line in showing(app_screens(facts), "implied_consent"):
        if screen.of("consent_box") or screen.of("agree"):
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
    wide = max((one.bounds[2] for one in screen.nodes if one.bounds), default=0)
    words = next((one.bounds for one in screen.nodes if one.id == line.node), None)
    if words is None:
        return False
    small = [one.bounds for one in screen.nodes
             if one.visible and not one.text and one.bounds and one.bounds[2] - one.bounds[0] <= wide * _BOX_SHARE]  # fmt: skip
    return any(top < words[3] and bottom > words[1] and left <= words[0] for left, top, _right, bottom in small)


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


@check("cac-2026:9.1.2", "app-2021:6.0.2", needs=("ui",), missing=("UI_UNREACHED", "HUMAN_PENDING"))
def lets_the_user_refuse(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Where the rules are put to the user, agreeing and refusing stand side by side, and refusing leads on (R15, limb 3)."""
    if not is_read(facts.ui):
        return
    firsts = [next((one for one in run if one.of("rules_notice")), None) for run in launches(facts)]
    for screen, sign in showing(first_shown(app_screens(facts)), "rules_notice"):
        refuse = screen.of("refuse")
        # What is announced later, with nothing to agree to, asks for nothing.
        if not refuse and not screen.of("agree") and screen not in firsts:
            continue
        evidence = [shows.sign(facts, screen, one) for one in (sign, *screen.of("agree")[:1], *refuse[:1])]
        if refuse:
            yield from _refusing(facts, facts.ui, screen, refuse, evidence)
        else:
            yield _no_way_to_refuse(screen, evidence)


def _no_way_to_refuse(screen: Screen, evidence: list[Evidence]) -> Finding:
    closes = next((one for one in screen.nodes if one.visible and one.clickable and _is_picture(screen, one)), None)
    agree = screen.of("agree")
    zh = "规则告知只有同意，没有拒绝的控件" if agree else "规则告知既没有同意也没有拒绝的控件，只能继续"
    en = (
        "the notice of the rules has a control to agree and none to refuse"
        if agree
        else "the notice of the rules can only be gone on from: nothing to agree or refuse with"
    )
    return found(
        "undetermined" if closes else "risk",
        zh + ("；有没有文字的图形控件，是否用于关闭须看截图" if closes else ""),
        en + ("; a control without words may close it: look at the screenshot" if closes else ""),
        *evidence,
        basis="observed",
        missing=("HUMAN_PENDING",) if closes else (),
    )


def _is_picture(screen: Screen, node: Node) -> bool:
    """A control of a few fingers' size without words: the cross that closes a dialog is one."""
    wide = max((one.bounds[2] for one in screen.nodes if one.bounds), default=0)
    inside = any(one.text for one in screen.nodes if one.id.startswith(node.id + "."))
    return (
        not node.text and not inside and not node.checkable and node.bounds is not None
        and node.bounds[2] - node.bounds[0] <= wide * _BOX_SHARE
    )  # fmt: skip


def _refusing(
    facts: Facts, ui: Ui, screen: Screen, refuse: tuple[Sign, ...], evidence: list[Evidence]
) -> Iterator[Finding]:
    """What is to be said of a notice that can be refused."""
    tried = refusal(ui, screen)
    height = _height_dp(screen, refuse[0])
    if len(refuse) == 1 and height is not None and height < _LEAST_DP:
        yield found(
            "risk",
            f"拒绝只是一行小字，可点高度至多约 {height:.0f} dp",
            f"refusing is only a small line, about {height:.0f} dp high at the most",
            *evidence,
            basis="observed",
        )
    if len(tried.asked_again) > _MOST_ASKED_AGAIN:
        yield found(
            "risk",
            f"拒绝后又 {len(tried.asked_again)} 次弹出要求同意的界面",
            f"after refusing the user is asked to agree {len(tried.asked_again)} times more",
            *evidence,
            *(shows.whole(facts, one) for one in tried.asked_again[:3]),
            basis="observed",
        )
    elif tried.asked_again and not tried.ends and _comes_round(tried.asked_again, screen):
        yield found(
            "risk",
            "拒绝后仍回到同一个规则告知",
            "refusing leads back to the same notice",
            *evidence,
            shows.whole(facts, tried.asked_again[0]),
            basis="observed",
        )
    elif tried.ends:
        others = any(one.checked is not False for _, one in showing(app_screens(facts), "consent_box"))
        sure = not others and explored(ui, [screen])
        yield found(
            "compliant" if sure else None,
            "规则告知里同意与拒绝并列，拒绝后可继续",
            "the notice offers agreeing and refusing, and refusing leads on",
            *evidence,
            shows.whole(facts, tried.ends[0]),
            basis="observed",
            missing=() if sure else ("UI_UNREACHED",),
        )
    else:
        yield found(
            "undetermined",
            "规则告知里有拒绝的控件；没有一直点到底，拒绝后能否继续尚未查看",
            "the notice offers to refuse; that was not tried to its end, so whether it leads on is open",
            *evidence,
            basis="observed",
            missing=("UI_UNREACHED",),
        )


def _comes_round(again: tuple[Screen, ...], screen: Screen) -> bool:
    return any((one.page or one.id) == (screen.page or screen.id) for one in again)


def _height_dp(screen: Screen, sign: Sign) -> float | None:
    """How high a control is at the most, in density-independent pixels; None where the dump gives no bounds."""
    wide = max((one.bounds[2] for one in screen.nodes if one.bounds), default=0)
    tall = max((one.bounds[3] for one in screen.nodes if one.bounds), default=0)
    node = target(screen, sign)
    if node is None or node.bounds is None or max(wide, tall) < min(wide, tall) * _PHONE:
        return None
    return (node.bounds[3] - node.bounds[1]) * _SCREEN_DP / min(wide, tall)
