"""What a user sees on a screen (RULES D1, R14 to R18, R22, R27, R28, R41, R46, R47, R50 to R53, R62, R63, R77), each with
the node where it stands.

A person reads rows: a switch belongs to the words beside it. So controls are joined with texts by their place on the
screen, and by the tree only where a dump has no bounds.
"""

from collections.abc import Iterator, Sequence

from hegui.catalogue.behaviours import agreeing, shows_rules
from hegui.catalogue.lexicons.screens import (
    LABEL,
    asks_for,
    is_permission_control,
    is_permission_owner,
    says,
    sensitive_types,
    settings_activity,
)
from hegui.facts.screens import Node, Sign
from hegui.readers.screen.asked import asked_of_user, is_announced, refusing
from hegui.readers.screen.places import cut, gap, in_control, is_title, label_of, left_of, one_row
from hegui.readers.screen.steps import purposes, steps

# R14: a notice has a summary of at least that many characters; R01: rules have that many.
_SUMMARY, _RULES = 30, 500


def signs(nodes: Sequence[Node], owner: str, activity: str) -> tuple[Sign, ...]:
    """All signs of one screen, those of the whole screen first."""
    seen = [node for node in nodes if node.visible]
    said = [node for node in seen if node.text]
    text = "\n".join(node.text for node in said)
    if is_permission_owner(owner) or any(is_permission_control(node.name) for node in seen):
        # The message alone tells what is asked for; the buttons speak of nothing else.
        message = max(said, key=lambda node: len(node.text), default=None)
        where = message.id if message else (seen[0].id if seen else "")
        # A dump of all windows also holds what the app shows beside the box.
        beside = [node for node in said if node is not message and not is_permission_owner(node.name.partition(":")[0])]
        return (Sign("system_permission", where, cut(text), None, asks_for(text)), *purposes(beside))
    found = [*_consent(seen, said, text), *_controls(seen, said)]
    found += _switches(seen, found, activity)
    whole = [*_whole(seen, said, text, activity, {sign.kind for sign in found})]
    if not {"rules_notice", "rules_page"} & {sign.kind for sign in whole}:
        found += [*purposes(said), *steps(seen, said, text)]
    found += asked_of_user(seen, said, {sign.kind for sign in (*whole, *found)})
    return (*whole, *found)


def _whole(seen: Sequence[Node], said: Sequence[Node], text: str, activity: str, kinds: set[str]) -> Iterator[Sign]:
    """What the screen as a whole is."""
    longest = max(said, key=lambda node: len(node.text), default=None)
    # Terms that speak of something sensitive are those of one function, say of recognising a face.
    has_rules = says("rules", text) or (says("terms", text) and not sensitive_types(text))
    login = _login(seen, said)
    if login:
        yield Sign("login", login.id, cut(login.text))
    put = bool({"agree", "refuse"} & kinds) or is_announced(seen, said)
    if longest and has_rules and put and not login and len(text) >= _SUMMARY:
        yield Sign("rules_notice", longest.id, cut(longest.text))
    if longest and "agree" not in kinds and not login and (page := _rules_page(seen, said, text)):
        yield Sign("rules_page", page.id, cut(page.text))
    # A notice of the rules explains all permissions at once; a rationale is put when one is needed.
    for node in said if not ("agree" in kinds and has_rules) else ():
        groups = asks_for(node.text) if says("permission", node.text) and says("purpose", node.text) else ()
        if groups:
            yield Sign("permission_rationale", node.id, cut(node.text), None, groups)
    # A gear in the upper corner, read aloud as 设置, leads to the settings; it is not their title.
    titles = (node for node in said if says("settings", node.text) and is_title(node, seen))
    title = next((node for node in titles if not in_control(node, seen)), None)
    if title or settings_activity(activity):
        yield Sign("settings", title.id if title else "", cut(title.text) if title else "")
    if pay := next((node for node in said if len(node.text) <= LABEL and says("payment", node.text)), None):
        yield Sign("payment", pay.id, cut(pay.text))


def _login(seen: Sequence[Node], said: Sequence[Node]) -> Node | None:
    """A control to log in, where something can be typed, the number of the SIM card is taken, or another's account is used."""
    labels = [node for node in said if len(node.text) <= LABEL]
    bound = any(says("bound", node.text) for node in said)
    if not bound and (other := next((node for node in labels if says("third_party_login", node.text)), None)):
        return other
    control = next((node for node in labels if says("login", node.text)), None)
    if control is None and any(says("signing_in", node.text) for node in said):
        control = next((node for node in labels if says("code", node.text)), None)
    if control is None:
        return None
    one_tap = any(says("one_tap_login", node.text) for node in said)
    return control if one_tap or any(node.editable for node in seen) else None


def _rules_page(seen: Sequence[Node], said: Sequence[Node], text: str) -> Node | None:
    """Rules in full; or a web page under their name, whose text the tree need not hold."""
    title = next((node for node in said if len(node.text) <= LABEL and says("rules", node.text)), None)
    if title is None:
        return None
    web = any("WebView" in node.cls for node in seen)
    return title if len(text) >= _RULES or (web and is_title(title, seen)) else None


def _consent(seen: Sequence[Node], said: Sequence[Node], text: str) -> Iterator[Sign]:
    """Agreeing, refusing, boxes to tick, and links to the rules."""
    if shows_rules(text):
        for node in said:
            act = agreeing(node.text) if len(node.text) <= LABEL else None
            if act:
                yield Sign("agree" if act == "agree" else "refuse", node.id, cut(node.text))
        yield from refusing(seen, said)
    for node in said:
        names_rules = says("rules", node.text) or says("terms", node.text)
        if names_rules and says("implied", node.text):
            yield Sign("implied_consent", node.id, cut(node.text))
        if names_rules and (len(node.text) <= LABEL or "《" in node.text):
            yield Sign("rules_link", node.id, cut(node.text))
        if says("reading", node.text) and (
            names_rules or _beside_rules(node, said) or (node.checkable and shows_rules(text))
        ):
            yield from _box(node, seen)


def _beside_rules(node: Node, said: Sequence[Node]) -> bool:
    """Whether the names of the rules stand in nodes of their own behind the words 我已阅读并同意."""
    return any(
        one is not node and one_row(node, one) and (says("rules", one.text) or says("terms", one.text)) for one in said
    )


def _box(line: Node, seen: Sequence[Node]) -> Iterator[Sign]:
    boxes = [node for node in seen if node.checkable and (node is line or one_row(node, line))]
    if boxes:
        # Beside it there may be another, say to stay logged in.
        nearest = min(boxes, key=lambda one: gap(one, line))
        yield Sign("consent_box", nearest.id, cut(line.text), nearest.checked)
        return
    drawn = [
        node for node in seen
        if node.clickable and not node.text and one_row(node, line) and "Image" in node.cls and left_of(node, line)
    ]  # fmt: skip
    if drawn:
        # A picture of a box: the tree does not tell whether it is ticked.
        yield Sign("consent_box", drawn[0].id, cut(line.text), None)


def _controls(seen: Sequence[Node], said: Sequence[Node]) -> Iterator[Sign]:
    for node in said:
        if len(node.text) > LABEL:
            continue
        if says("cancellation", node.text):
            yield Sign("cancellation", node.id, cut(node.text))
        if says("personalisation", node.text):
            switch = next((one for one in seen if one.checkable and (one is node or one_row(one, node))), None)
            yield Sign("personalisation", (switch or node).id, cut(node.text), switch.checked if switch else None)
        if says("save", node.text) and any(says("rules", one.text) for one in said):
            yield Sign("save_rules", node.id, cut(node.text))


def _switches(seen: Sequence[Node], found: Sequence[Sign], activity: str) -> Iterator[Sign]:
    """Every other switch with words beside it, where nothing is put to the user to agree to."""
    taken = {sign.node for sign in found}
    if any(sign.kind == "agree" for sign in found):
        return
    for switch in seen:
        if switch.checkable and switch.id not in taken and not _is_choice(switch, seen):
            beside = (one.text for one in seen if one.text and one_row(switch, one))
            label = label_of(switch, seen) or next(beside, "")
            if label and len(label) <= LABEL and not says("reading", label):
                yield Sign("scene_option", switch.id, cut(label), switch.checked)


def _is_choice(control: Node, seen: Sequence[Node]) -> bool:
    """One of several to choose from, in a list or by a round button: not something that is on or off by itself."""
    parts = [control, *(one for one in seen if one.id.startswith(control.id + "."))]
    return any("RadioButton" in one.cls or "CheckedTextView" in one.cls for one in parts)
