"""Article 3 on screens: nothing that misleads or presses where the user is asked to agree."""

import re
from collections.abc import Iterator

from hegui.audit import Asked, Evidence, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.audit.verdict import Verdict
from hegui.facts import Facts, is_read
from hegui.facts.screens import Node, Screen, Ui
from hegui.regulations.screen_parts import (
    app_screens,
    explored,
    first_shown,
    in_use,
    opened_by,
    refusal,
    showing,
    target,
)
from hegui.words import Words

# RULES R23.
_AREA_RATIO = 3
_CONTRAST = 3
_SOFT_ENOUGH = 2
# What shines through has a colour that the dump does not tell.
_COLOUR = re.compile(r"#?(?:ff)?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", re.IGNORECASE)


@check("cac-2026:3.1.2", "app-2021:5.1.1", needs=("ui",), missing=("UI_UNREACHED", "HUMAN_PENDING"))
def agrees_by_doing_nothing(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A countdown after which the user counts as having agreed (R23). One that only holds the button back is none."""
    for screen, timer in showing(app_screens(facts), "countdown"):
        if any(screen.of(kind) for kind in ("rules_notice", "rules_link", "sensitive_notice", "permission_rationale")):
            # News and help pages speak of it too.
            put = any(screen.of(kind) for kind in ("agree", "refuse", "sensitive_notice"))
            yield found(
                "violation" if put else "undetermined",
                f"不操作即自动同意：“{timer.text}”"
                + ("" if put else "；没有看到同意或拒绝的控件，是否在请用户同意待人工确认"),
                f'doing nothing counts as agreeing: "{timer.text}"'
                + (
                    ""
                    if put
                    else "; nothing to agree or refuse with was seen, so whether the user is asked awaits review"
                ),
                shows.sign(facts, screen, timer),
                basis="observed",
                missing=() if put else ("HUMAN_PENDING",),
            )


@check("cac-2026:3.1.2", "app-2021:5.1.1", needs=("ui",), missing=("UI_UNREACHED", "HUMAN_PENDING"))
def threatens_what_is_not_true(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """ "Without agreeing the app cannot be used", and after refusing it can be (R23)."""
    if not is_read(facts.ui):
        return
    for screen, claim in showing(first_shown(app_screens(facts)), "refuse_claim"):
        if not screen.of("rules_notice"):
            continue
        tried = refusal(facts.ui, screen)
        used = next((one for one in tried.ends if in_use(facts, one)), None)
        if used is not None:
            yield found(
                "violation",
                f"称“{claim.text}”，拒绝后实际可以使用",
                f'"{claim.text}" is said, and the app can be used after refusing',
                shows.sign(facts, screen, claim),
                *(shows.sign(facts, screen, one) for one in screen.of("refuse")[:1]),
                shows.whole(facts, used),
                basis="observed",
            )
        elif screen.of("refuse") and not tried.ends:
            yield found(
                None,
                f"称“{claim.text}”；拒绝没有试到底，是否属实尚未查看",
                f'"{claim.text}" is said; refusing was not tried to its end, so whether it is true is open',
                shows.sign(facts, screen, claim),
                basis="observed",
                missing=("UI_UNREACHED",),
            )


@check("cac-2026:3.1.2", "app-2021:5.1.1", needs=("ui",), missing=("UI_UNREACHED", "HUMAN_PENDING"))
def pushes_the_user_to_agree(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """Two softer signs at once on a notice of the rules (R23). Emphasis is common: one of them alone is only told.

    Good news takes all notices: on each of them both ways stood side by side and their colours could be compared.
    """
    if not is_read(facts.ui):
        return
    clear: list[Evidence] = []
    told: list[Finding] = []
    for screen, notice in showing(first_shown(app_screens(facts)), "rules_notice"):
        signs = list(_soft(facts.ui, screen))
        colours = _contrast(screen) is not None
        evidence = [
            shows.sign(facts, screen, one) for one in (notice, *screen.of("agree")[:1], *screen.of("refuse")[:1])
        ]
        evidence += [
            shows.sign(facts, screen, one) for kind in ("shaming", "broad_purpose") for one in screen.of(kind)[:1]
        ]
        if signs or not colours or not screen.of("agree"):
            told.append(_told("risk" if len(signs) >= _SOFT_ENOUGH else None, signs, evidence, colours))
        else:
            clear += evidence
    yield from told
    if clear and not told:
        sure = explored(facts.ui, app_screens(facts))
        yield found(
            "compliant" if sure else None,
            "规则告知里没有看到误导或胁迫的做法，同意与拒绝的大小、颜色已比对" + ("" if sure else "（但没有探索完整）"),
            "nothing misleading or pressing was seen on the notices of the rules; size and colour were compared"
            + ("" if sure else " (but not all was explored)"),
            *clear,
            shows.coverage(facts, facts.ui),
            basis="observed",
            missing=() if sure else ("UI_UNREACHED",),
        )


def _told(verdict: Verdict | None, signs: list[Words], evidence: list[Evidence], colours: bool) -> Finding:
    zh = "；".join(one.zh for one in signs) or "没有看到误导或胁迫的做法"
    en = "; ".join(one.en for one in signs) or "nothing misleading or pressing was seen"
    return found(
        verdict,
        f"规则告知：{zh}" + ("" if colours else "；导出里没有颜色，对比度须看截图"),
        f"the notice of the rules: {en}"
        + ("" if colours else "; the dump has no colours, so contrast takes the screenshot"),
        *evidence,
        basis="observed",
        missing=("HUMAN_PENDING",),
    )


def _soft(ui: Ui, screen: Screen) -> Iterator[Words]:
    """The softer signs on a notice."""
    agree, refuse = screen.of("agree"), screen.of("refuse")
    ratio = _area(target(screen, agree[0])) / area if agree and refuse and (area := _largest(screen)) else 0.0
    if ratio > _AREA_RATIO:
        yield Words(f"同意按钮的面积是拒绝的 {ratio:.1f} 倍", f"agreeing is {ratio:.1f} times as large as refusing")
    contrast = _contrast(screen)
    if contrast is not None and contrast < _CONTRAST:
        yield Words(
            f"拒绝的文字对比度为 {contrast:.1f}:1", f"the words that refuse have a contrast of {contrast:.1f}:1"
        )
    if agree and not refuse:
        behind = next((one for one in _behind(ui, screen) if one.of("refuse")), None)
        yield (
            Words("拒绝藏在另一页里", "refusing is hidden on another page")
            if behind
            else Words("没有拒绝的控件", "there is no control to refuse")
        )
    if any(one.checked for one in screen.of("consent_box")):
        yield Words("同意框已勾选", "the box to agree is ticked")
    if shaming := screen.of("shaming"):
        yield Words(f"措辞令人难堪：“{shaming[0].text}”", f'words that shame: "{shaming[0].text}"')
    if broad := screen.of("broad_purpose"):
        yield Words(
            f"与核心同意捆绑的宽泛目的：“{broad[0].text}”", f'a broad purpose in one with the rest: "{broad[0].text}"'
        )


def _behind(ui: Ui, screen: Screen) -> Iterator[Screen]:
    """The screens that acting on anything but the control that agrees led to."""
    agree = {one.node for one in screen.of("agree")}
    for node in screen.nodes:
        if node.id not in agree:
            yield from opened_by(ui, screen, node.id)


def _largest(screen: Screen) -> int:
    """Of the ways to refuse, in square pixels; 0 where the dump gives no bounds."""
    return max((_area(target(screen, one)) for one in screen.of("refuse")), default=0)


def _area(node: Node | None) -> int:
    if node is None or node.bounds is None:
        return 0
    left, top, right, bottom = node.bounds
    return max(0, right - left) * max(0, bottom - top)


def _contrast(screen: Screen) -> float | None:
    """Between the words that refuse and what is behind them, as WCAG 2.2 measures it (1 to 21); None without colours."""
    found = []
    for sign in screen.of("refuse"):
        style = next((one.style for one in screen.nodes if one.id == sign.node), {})
        words, ground = _luminance(style.get("color", "")), _luminance(style.get("background", ""))
        if words is not None and ground is not None:
            found.append((max(words, ground) + 0.05) / (min(words, ground) + 0.05))
    return max(found, default=None)


def _luminance(colour: str) -> float | None:
    """Of #RRGGBB, or #AARRGGBB that covers what is behind it; None for anything else."""
    parts = _COLOUR.fullmatch(colour.strip())
    if parts is None:
        return None
    red, green, blue = (_linear(int(one, 16) / 255) for one in parts.groups())
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
