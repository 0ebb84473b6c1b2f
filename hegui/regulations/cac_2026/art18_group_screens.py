"""Article 18(3) on screens: leaving one app of a group whose apps share the account (R53)."""

from collections.abc import Iterator

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.facts import Facts, is_read
from hegui.facts.screens import Node, Screen, Sign
from hegui.regulations.screen_parts import (
    app_screens,
    cancelling,
    explored,
    showing,
)


@check("cac-2026:18.3.1", needs=("ui",), missing=("UI_UNREACHED", "NO_DECL", "HUMAN_PENDING"))
def lets_one_app_alone_be_cancelled(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Where several apps of a group share the account, cancelling offers to leave this app alone (R53)."""
    if not is_read(facts.ui):
        return
    screens = app_screens(facts)
    behind = cancelling(facts.ui, screens)
    declared = facts.decl.app.shared_account if is_read(facts.decl) else None
    signs = [*((one, sign) for one in behind for sign in one.of("shared_account")), *_login_signs(screens)]
    options = [
        (one, sign)
        for one in (*behind, *(at for at, _ in showing(screens, "cancellation")))
        for sign in one.of("cancel_one")
    ]
    controls = [
        (one, sign) for one, sign in options if any(node.id == sign.node and _acts(one, node) for node in one.nodes)
    ]
    by = (
        [Evidence("declaration", facts.decl.at, f"shared_account = {declared}", "")]
        if is_read(facts.decl) and declared
        else []
    )
    evidence = [*by, *(shows.sign(facts, *one) for one in (*signs[:2], *options[:2]))]
    if not declared and not signs and not options:
        return
    if controls:
        yield found(
            "compliant",
            f"可以只注销本应用：“{controls[0][1].text}”",
            f'this app alone can be cancelled: "{controls[0][1].text}"',
            *evidence,
            basis="observed",
        )
    elif options:
        yield found(
            "risk",
            f"只在说明文字里提到可以只注销本应用：“{options[0][1].text}”",
            f'that this app alone can be cancelled is only mentioned in running text: "{options[0][1].text}"',
            *evidence,
            basis="observed",
        )
    elif not behind:
        yield found(
            "undetermined",
            "多款应用共用账号；注销流程没有走过，能否只注销本应用尚未查看",
            "several apps share the account; cancelling was not gone through, so whether one app alone can be cancelled is open",
            *evidence,
            basis="observed",
            missing=("UI_UNREACHED",),
        )
    else:
        sure = explored(facts.ui, behind)
        grouped = declared or any(one.of("shared_account") for one in behind)
        verdict: Verdict = "undetermined" if not sure else "violation" if grouped else "risk"
        yield found(
            verdict,
            "多款应用共用账号，注销流程里没有只注销本应用的选项" + ("" if sure else "（但流程没有走完）"),
            "several apps share the account, and cancelling has no option for one app alone"
            + ("" if sure else " (but it was not gone through in full)"),
            *evidence,
            *(shows.whole(facts, one) for one in behind[:2]),
            basis="observed",
            missing=("UI_UNREACHED",) if not sure else () if grouped else ("NO_DECL",),
        )


def _login_signs(screens: tuple[Screen, ...]) -> list[tuple[Screen, Sign]]:
    """An account shared by several apps, told where one logs in. An account of another company is none of the group."""
    return [(one, sign) for one in screens if one.of("login") for sign in one.of("shared_account")]


def _acts(screen: Screen, node: Node) -> bool:
    """Whether a node is a control, or stands in one."""
    around = (one for one in screen.nodes if one.clickable and node.id.startswith(one.id + "."))
    return node.clickable or node.checkable or any(True for one in around if one.text == "")
