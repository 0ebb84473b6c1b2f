"""Article 18(1) on screens: the way to cancel an account, and what is asked for on it."""

import re
from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.facts import Facts, is_read
from hegui.facts.queries.policy_text import fully_read
from hegui.facts.screens import Node, Screen, Ui
from hegui.regulations.policy_parts import app_rules, types_en, types_zh
from hegui.regulations.screen_parts import app_screens, explored, first_use, opened_by, reachable, showing

# RULES R50.
_MOST_STEPS = 10
_HARSH = re.compile(r"线下|邮寄|到店|现场办理|缴费|缴纳")

# What cancelling must not newly ask for (article 18(1)), and the kind of information it is.
_EXTRA: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"人脸|刷脸|面部|活体"), "biometric.face"),
    (re.compile(r"指纹"), "biometric.finger"),
    (re.compile(r"声纹"), "biometric.voice"),
    (re.compile(r"身份证|手持证件|手持照"), "account.id_number"),
    (re.compile(r"银行卡号"), "finance"),
)
_ASKS = re.compile(r"请|上传|拍摄|输入|填写|提供|提交|验证|识别|认证|采集")
_DENIES = re.compile(r"无需|无须|不需|不会|不必|不要求|如已|可选|选填")


@check("cac-2026:18.1.1", needs=(), missing=("UI_UNREACHED",))
def has_a_way_to_cancel(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """An entry to cancel the account in the app, in a few steps and without harsh conditions (R50).

    Without screens it is silent: that there are no accounts may be declared without them.
    """
    if not is_read(facts.ui):
        return
    ui, screens = facts.ui, app_screens(facts)
    entries = list(showing(screens, "cancellation"))
    if not entries:
        yield from _no_entry(facts, ui, screens)
        return
    behind = _flow(ui, screens)
    harsh = next(
        ((one, node) for one in behind for node in one.nodes if node.visible and _HARSH.search(node.text)), None
    )
    start = first_use(one for one in screens if not one.of("login"))
    steps = ui.clicks({start.id}, {one.id for one, _ in entries}) if start else None
    evidence = [shows.sign(facts, *one) for one in entries[:2]]
    if harsh is not None:
        yield found(
            "risk",
            f"注销设有不便的条件：“{harsh[1].text[:60]}”",
            f'cancelling comes with a burdensome condition: "{harsh[1].text[:60]}"',
            *evidence,
            shows.whole(facts, harsh[0], harsh[1].text[:60]),
            basis="observed",
        )
    elif steps is None:
        yield found(
            "undetermined",
            f"有注销入口“{entries[0][1].text}”，从主页面到它的点击没有记录",
            f'there is an entry "{entries[0][1].text}"; the taps from the main page to it were not recorded',
            *evidence,
            basis="observed",
            missing=("UI_UNREACHED",),
        )
    elif steps > _MOST_STEPS:
        yield found(
            "risk",
            f"到注销入口需点击 {steps} 次",
            f"it takes {steps} taps to the entry for cancelling",
            *evidence,
            basis="observed",
        )
    elif not behind:
        yield found(
            "undetermined",
            f"点击 {steps} 次可到注销入口；入口没有点开，注销能否完成尚未查看",
            f"the entry is {steps} taps away; it was not opened, so whether cancelling works is open",
            *evidence,
            basis="observed",
            missing=("UI_UNREACHED",),
        )
    else:
        yield found(
            "compliant",
            f"点击 {steps} 次可到注销入口“{entries[0][1].text}”，其后的页面没有不便的条件",
            f'the entry "{entries[0][1].text}" is {steps} taps away, and no burdensome condition stands behind it',
            *evidence,
            *(shows.whole(facts, one) for one in behind[:2]),
            basis="observed",
        )


def _no_entry(facts: Facts, ui: Ui, screens: tuple[Screen, ...]) -> Iterator[Finding]:
    """No entry was seen: that tells only where there are accounts and the settings were explored."""
    login = next(showing(screens, "login"), None)
    declared = is_read(facts.decl) and facts.decl.app.has_account is True
    if login is None and not declared:
        return
    settings = [one for one, _ in showing(screens, "settings")]
    sure = explored(ui, settings)
    yield found(
        "violation" if sure else "undetermined",
        "有账号，设置里没有注销账号的入口" + ("" if sure else "（但没有探索完整）"),
        "there are accounts, and the settings have no entry to cancel one"
        + ("" if sure else " (but they were not explored in full)"),
        *([shows.sign(facts, *login)] if login else []),
        *(shows.whole(facts, one) for one in settings[:2]),
        shows.coverage(facts, ui),
        basis="observed",
        missing=() if sure else ("UI_UNREACHED",),
    )


def _flow(ui: Ui, screens: tuple[Screen, ...]) -> list[Screen]:
    """The app's screens behind the entry: what acting on it opened, and where that leads, short of the way back."""
    entries = list(showing(screens, "cancellation"))
    opened = {one.id for screen, sign in entries for one in opened_by(ui, screen, sign.node)}
    back = {one.id for one in screens if one.of("settings")} | {one.id for one, _ in entries} - opened
    return [one for one in screens if one.id in reachable(ui, opened, short_of=back)]


@check("cac-2026:18.1.2", needs=("ui",), missing=("UI_UNREACHED", "NO_DECL", "NO_POLICY", "HUMAN_PENDING"))
def asks_for_more_to_cancel(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A face, a document held in the hand or the like, asked for only to cancel (R51). What the rules say is collected anyway
    was not asked for in addition; a code by SMS is none of these."""
    if not is_read(facts.ui):
        return
    behind = _flow(facts.ui, app_screens(facts))
    if not behind:
        return
    rules = app_rules(facts)
    stated = (
        {one.type for one in rules.types} | {kind for one in rules.functions for kind in one.types} if rules else set()
    )
    wanted: dict[str, tuple[Screen, Node]] = {}
    for screen in behind:
        for node in screen.nodes:
            for words, kind in _EXTRA:
                if (
                    node.visible
                    and words.search(node.text)
                    and _ASKS.search(node.text)
                    and not _DENIES.search(node.text)
                ):
                    wanted.setdefault(kind, (screen, node))
    for kind, (screen, node) in wanted.items():
        if kind in stated:
            continue
        known = rules is not None and fully_read(facts)
        yield found(
            "violation" if known else "risk",
            f"注销时要求提供{types_zh((kind,))}：“{node.text[:60]}”"
            + ("，规则没有写明此前收集" if known else "，此前是否收集过待核对"),
            f'cancelling asks for {types_en((kind,))}: "{node.text[:60]}"'
            + (
                ", which the rules do not say is collected otherwise"
                if known
                else "; whether it was collected before is to be checked"
            ),
            shows.whole(facts, screen, node.text[:60]),
            basis="observed",
            missing=() if known else ("NO_POLICY", "NO_DECL"),
        )
    if not wanted:
        sure = explored(facts.ui, behind)
        yield found(
            "compliant" if sure else "undetermined",
            "注销流程没有要求人脸、手持证件等信息" + ("" if sure else "（但流程没有走完）"),
            "cancelling asks for no face, document or the like"
            + ("" if sure else " (but it was not gone through in full)"),
            *(shows.whole(facts, one) for one in behind[:3]),
            basis="observed",
            missing=() if sure else ("UI_UNREACHED",),
        )
