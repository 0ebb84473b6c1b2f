"""Article 3 on screens: no misleading or forcing where the rules are put to the user, and service for those who refuse."""

import re
from collections.abc import Iterator

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.facts import Facts, is_read
from hegui.facts.screens import Node, Screen, Sign
from hegui.regulations.screen_parts import app_screens, first_shown, is_functional, opened_by, showing
from hegui.words import Words

# RULES R23.
_AREA_RATIO = 3
_COUNTDOWN = re.compile(r"\d+\s*(?:s|秒)[钟后內内]*.{0,6}自动同意|自动同意.{0,6}\d+\s*(?:s|秒)")
_SAYS_UNUSABLE = re.compile(r"不同意.{0,12}(?:无法|不能)(?:继续)?使用|拒绝.{0,12}(?:无法|不能)(?:继续)?使用")


@check("cac-2026:3.1.2", "app-2021:5.1.1", needs=("ui",), missing=("UI_UNREACHED", "HUMAN_PENDING"))
def pushes_the_user_to_agree(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Agreeing by itself after a countdown, a threat that is not true, or two softer signs at once (R23).

    Emphasis alone is common and says little: one of the softer signs is only told.
    """
    if not is_read(facts.ui):
        return
    for screen, notice in showing(first_shown(app_screens(facts)), "rules_notice"):
        evidence = [
            shows.sign(facts, screen, one) for one in (notice, *screen.of("agree")[:1], *screen.of("refuse")[:1])
        ]
        seen = [node for node in screen.nodes if node.visible]
        timer = next((node for node in seen if _COUNTDOWN.search(node.text)), None)
        threat = next((node for node in seen if _SAYS_UNUSABLE.search(node.text)), None)
        after = [each for one in screen.of("refuse") for each in opened_by(facts.ui, screen, one.node)]
        usable = next((one for one in after if _is_of_app(facts, one) and is_functional(one)), None)
        if timer is not None:
            yield found(
                "violation",
                f"不操作即自动同意：“{timer.text[:60]}”",
                f'doing nothing counts as agreeing: "{timer.text[:60]}"',
                shows.whole(facts, screen, timer.text[:60]),
                *evidence,
                basis="observed",
            )
        elif threat is not None and usable is not None:
            yield found(
                "violation",
                f"称“{threat.text[:60]}”，拒绝后实际可以使用",
                f'"{threat.text[:60]}" is said, and the app can be used after refusing',
                shows.whole(facts, screen, threat.text[:60]),
                *evidence,
                shows.whole(facts, usable),
                basis="observed",
            )
        else:
            yield _soft(facts, screen, evidence)


def _soft(facts: Facts, screen: Screen, evidence: list[Evidence]) -> Finding:
    """The softer signs on a notice: a refusal much smaller, or none; a box ticked in advance."""
    signs: list[Words] = []
    agree, refuse = screen.of("agree"), screen.of("refuse")
    ratio = _area(screen, agree) / _area(screen, refuse) if _area(screen, agree) and _area(screen, refuse) else 0.0
    if ratio > _AREA_RATIO:
        signs.append(
            Words(f"同意按钮的面积是拒绝的 {ratio:.1f} 倍", f"agreeing is {ratio:.1f} times as large as refusing")
        )
    if agree and not refuse:
        signs.append(Words("没有拒绝的控件", "there is no control to refuse"))
    if any(one.checked for one in screen.of("consent_box")):
        signs.append(Words("同意框已勾选", "the box to agree is ticked"))
    if not signs:
        return found(
            None,
            "规则告知里没有看到误导或胁迫的做法",
            "nothing misleading or forcing was seen on the notice of the rules",
            *evidence,
            basis="observed",
            missing=("HUMAN_PENDING",),
        )
    return found(
        "risk" if len(signs) > 1 else None,
        "规则告知：" + "；".join(one.zh for one in signs),
        "the notice of the rules: " + "; ".join(one.en for one in signs),
        *evidence,
        basis="observed",
        missing=("HUMAN_PENDING",),
    )


def _area(screen: Screen, signs: tuple[Sign, ...]) -> int:
    """Of the first of these controls, in pixels; 0 where the dump gives no bounds."""
    nodes: list[Node] = [node for one in signs[:1] for node in screen.nodes if node.id == one.node and node.bounds]
    if not nodes or nodes[0].bounds is None:
        return 0
    left, top, right, bottom = nodes[0].bounds
    return max(0, right - left) * max(0, bottom - top)


def _is_of_app(facts: Facts, screen: Screen) -> bool:
    return any(one.id == screen.id for one in app_screens(facts))


@check("cac-2026:3.4.1", "app-2021:7.5", needs=("ui",), missing=("UI_UNREACHED", "CATEGORY_UNKNOWN", "HUMAN_PENDING"))
def serves_those_who_refuse(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """After refusing the rules, is there still something to use (R22, limb 4)? Closing or asking again is a risk: which
    information the service cannot do without, a person must say (A-09)."""
    if not is_read(facts.ui):
        return
    tried = {
        screen.page or screen.id: (screen, refuse, opened_by(facts.ui, screen, refuse.node))
        for screen, refuse in showing(app_screens(facts), "refuse")
        if screen.of("rules_notice")
    }
    for screen, refuse, after in tried.values():
        if not after:
            yield found(
                "undetermined",
                "没有点过拒绝，拒绝规则后能否使用尚未查看",
                "refusing was not tried, so whether the app can be used after it is open",
                shows.sign(facts, screen, refuse),
                basis="observed",
                missing=("UI_UNREACHED",),
            )
        elif any(_is_of_app(facts, one) and is_functional(one) for one in after):
            yield found(
                None,
                "拒绝规则后仍有可以使用的页面",
                "after refusing the rules there is still a screen that can be used",
                shows.sign(facts, screen, refuse),
                *(shows.whole(facts, one) for one in after[:2]),
                basis="observed",
            )
        else:
            away = not any(_is_of_app(facts, one) for one in after)
            yield found(
                "risk",
                "拒绝规则后应用退出" if away else "拒绝规则后没有可以使用的页面",
                "the app closes after the rules are refused"
                if away
                else "after refusing the rules no screen can be used",
                shows.sign(facts, screen, refuse),
                *(shows.whole(facts, one) for one in after[:2]),
                basis="observed",
                assumptions=("A-09",),
                missing=("HUMAN_PENDING", "CATEGORY_UNKNOWN"),
            )
