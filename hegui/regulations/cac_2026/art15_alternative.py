"""Article 15(1) on screens: at a step that compares a face, fingerprint or voice, another way to go on."""

from collections.abc import Iterator

from hegui.audit import Asked, Finding, check, found
from hegui.audit import screen_evidence as shows
from hegui.catalogue.behaviours.acts import Topic, tells
from hegui.facts import Facts, is_read
from hegui.facts.screens import Node, Screen, SignKind
from hegui.regulations.screen_parts import app_screens, explored, opened_by
from hegui.words import Words

_NO_STEPS: tuple[SignKind, ...] = ("rules_notice", "rules_page", "settings", "permission_rationale")
# Longer texts tell of something; a title or button is short.
_LONGEST = 20
_NEED = Words("；目的与必要性待人工确认", "; purpose and need await review")


@check("cac-2026:15.1.1", needs=("ui",), missing=("UI_UNREACHED", "NO_DECL", "HUMAN_PENDING"))
def offers_no_other_way(facts: Facts, asked: Asked) -> Iterator[Finding]:
    """A step that compares biometrics with no control on it, or one tap from it, that offers another way (R43, limb 2).

    A screen behind a page that nobody explored may have held it. Purpose and need stay a person's judgement.
    """
    if not is_read(facts.ui):
        return
    seen: set[str] = set()
    for screen in app_screens(facts):
        step = _step(screen)
        if step is None or (screen.page or screen.id) in seen:
            continue
        seen.add(screen.page or screen.id)
        other = _other_way(facts, screen)
        whole = explored(facts.ui, (screen,))
        zh, en = f"比对生物识别的步骤“{step.text}”", f"at “{step.text}”, a step that compares biometrics, "
        if other is not None:
            zh, en = f"{zh}另有“{other[1].text}”可选{_NEED.zh}", f"{en}“{other[1].text}” is offered{_NEED.en}"
        else:
            zh, en = f"{zh}未见其他方式", f"{en}no other way was seen"
        yield found(
            "risk" if other is None and whole else None,
            zh if other or whole else f"{zh}，该界面未探索完",
            en if other or whole else f"{en}; the page was not explored whole",
            shows.whole(facts, screen, f"“{step.text}” @{step.id}"),
            *([shows.whole(facts, other[0], f"“{other[1].text}” @{other[1].id}")] if other else []),
            basis="observed",
            missing=("HUMAN_PENDING",) if other or whole else ("UI_UNREACHED",),
        )


def _step(screen: Screen) -> Node | None:
    """Rules tell of faces too, and settings list where a comparison may be switched on: neither compares one."""
    if any(screen.of(kind) for kind in _NO_STEPS):
        return None
    return _showing(screen, compares=True)


def _other_way(facts: Facts, screen: Screen) -> tuple[Screen, Node] | None:
    """The control that offers another way on the screen, or on one that a control of it leads to."""
    ways = [screen]
    if is_read(facts.ui):
        ways += [then for node in screen.nodes if node.clickable for then in opened_by(facts.ui, screen, node.id)]
    return next(((one, node) for one in ways if (node := _showing(one, compares=False)) is not None), None)


def _showing(screen: Screen, *, compares: bool) -> Node | None:
    topic: Topic = "compares_biometrics" if compares else "other_way"
    shown = (node for node in screen.nodes if node.visible and 0 < len(node.text) <= _LONGEST)
    return next((node for node in shown if tells(topic, node.text)), None)
