"""Article 9(1) on screens: where the rules are put to the user, refusing is as near as agreeing, and leads on."""

from collections.abc import Iterator

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.catalogue.lexicons.screens import says
from hegui.facts import Facts, is_read
from hegui.facts.screens import Screen, Sign, Ui
from hegui.regulations.screen_parts import (
    app_screens,
    explored,
    first_shown,
    launches,
    refusal,
    showing,
    small_pictures,
    target,
    words_of,
)

# A user who refuses may be asked once whether they mean it; each time after that is pressing.
_MOST_ASKED_AGAIN = 1
# The least height of a control by WCAG 2.2, success criterion 2.5.8, in density-independent pixels. A dump tells pixels only,
# but the screens of phones are hardly wider than that, and longer than wide by so much.
_LEAST_DP, _SCREEN_DP, _PHONE = 24, 450, 1.5
# What a notice offers beside agreeing and is no way out: to go on, or to read.
_LEADS_ON = ("passing", "consenting", "rules", "terms")


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
    closes = any(one.clickable and not one.checkable for one in small_pictures(screen))
    known = {sign.node for sign in (*screen.of("agree"), *screen.of("rules_link"))}
    labels = [words_of(screen, one) for one in screen.nodes if one.visible and one.clickable and one.id not in known]
    other = next((one for one in labels if one and not any(says(topic, one) for topic in _LEADS_ON)), "")
    agree = screen.of("agree")
    zh = "规则告知只有同意，没有拒绝的控件" if agree else "规则告知既没有同意也没有拒绝的控件，只能继续"
    en = (
        "the notice of the rules has a control to agree and none to refuse"
        if agree
        else "the notice of the rules can only be gone on from: nothing to agree or refuse with"
    )
    if other:
        zh, en = f"{zh}；“{other[:20]}”是否用于拒绝待人工确认", f'{en}; whether "{other[:20]}" refuses awaits review'
    elif closes:
        zh += "；有没有文字的图形控件，是否用于关闭须看截图"
        en += "; a control without words may close it: look at the screenshot"
    return found(
        "undetermined" if closes or other else "risk",
        zh,
        en,
        *evidence,
        basis="observed",
        missing=("HUMAN_PENDING",) if closes or other else (),
    )


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
    elif on := next((one for one in tried.ends if not one.of("blocked") and not one.of("broken_page")), None):
        others = any(one.checked is not False for _, one in showing(app_screens(facts), "consent_box"))
        sure = not others and explored(ui, [screen])
        yield found(
            "compliant" if sure else None,
            "规则告知里同意与拒绝并列，拒绝后可继续",
            "the notice offers agreeing and refusing, and refusing leads on",
            *evidence,
            shows.whole(facts, on),
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
