"""What a user sees on a screen (RULES D1, R14 to R18, R22, R47, R50), each with the node where it stands.

A person reads rows: a switch belongs to the words beside it. So controls are joined with texts by their place on the
screen, and by the tree only where a dump has no bounds.
"""

from collections.abc import Iterator, Sequence

from hegui.catalogue.behaviours import agreeing, shows_rules
from hegui.catalogue.lexicons.screens import (
    asks_for,
    is_permission_control,
    is_permission_owner,
    says,
    settings_activity,
)
from hegui.facts.screens import Node, Sign

_EXCERPT = 80
# R14: a notice has a summary of at least that many characters; R01: rules have that many.
_SUMMARY, _RULES = 30, 500
# What names a control is short; running text only mentions it.
_LABEL = 40
# A title stands in the upper part of the screen.
_TITLE_SHARE = 0.2


def signs(nodes: Sequence[Node], owner: str, activity: str) -> tuple[Sign, ...]:
    """All signs of one screen, those of the whole screen first."""
    seen = [node for node in nodes if node.visible]
    said = [node for node in seen if node.text]
    text = "\n".join(node.text for node in said)
    if is_permission_owner(owner) or any(is_permission_control(node.name) for node in seen):
        # The message alone tells what is asked for; the buttons speak of nothing else.
        message = max(said, key=lambda node: len(node.text), default=None)
        where = message.id if message else (seen[0].id if seen else "")
        return (Sign("system_permission", where, _cut(text), None, asks_for(text)),)
    found = [*_consent(seen, said, text), *_controls(seen, said)]
    found += _switches(seen, found, activity)
    return (*_whole(seen, said, text, activity, {sign.kind for sign in found}), *found)


def _whole(seen: Sequence[Node], said: Sequence[Node], text: str, activity: str, kinds: set[str]) -> Iterator[Sign]:
    """What the screen as a whole is."""
    longest = max(said, key=lambda node: len(node.text), default=None)
    has_rules = says("rules", text) or says("terms", text)
    login = _login(seen, said)
    if login:
        yield Sign("login", login.id, _cut(login.text))
    if longest and has_rules and "agree" in kinds and not login and len(text) >= _SUMMARY:
        yield Sign("rules_notice", longest.id, _cut(longest.text))
    if longest and "agree" not in kinds and not login and (page := _rules_page(seen, said, text)):
        yield Sign("rules_page", page.id, _cut(page.text))
    # A notice of the rules explains all permissions at once; a rationale is put when one is needed.
    for node in said if not ("agree" in kinds and has_rules) else ():
        groups = asks_for(node.text) if says("permission", node.text) and says("purpose", node.text) else ()
        if groups:
            yield Sign("permission_rationale", node.id, _cut(node.text), None, groups)
    title = next((node for node in said if says("settings", node.text) and _is_title(node, seen)), None)
    if title or settings_activity(activity):
        yield Sign("settings", title.id if title else "", _cut(title.text) if title else "")
    if pay := next((node for node in said if len(node.text) <= _LABEL and says("payment", node.text)), None):
        yield Sign("payment", pay.id, _cut(pay.text))


def _login(seen: Sequence[Node], said: Sequence[Node]) -> Node | None:
    """A control to log in, where something can be typed or the number of the SIM card is taken."""
    control = next((node for node in said if len(node.text) <= _LABEL and says("login", node.text)), None)
    if control is None:
        return None
    one_tap = any("一键登录" in node.text for node in said)
    return control if one_tap or any(node.editable for node in seen) else None


def _rules_page(seen: Sequence[Node], said: Sequence[Node], text: str) -> Node | None:
    """Rules in full; or a web page under their name, whose text the tree need not hold."""
    title = next((node for node in said if len(node.text) <= _LABEL and says("rules", node.text)), None)
    if title is None:
        return None
    web = any("WebView" in node.cls for node in seen)
    return title if len(text) >= _RULES or (web and _is_title(title, seen)) else None


def _consent(seen: Sequence[Node], said: Sequence[Node], text: str) -> Iterator[Sign]:
    """Agreeing, refusing, boxes to tick, and links to the rules."""
    if shows_rules(text):
        for node in said:
            act = agreeing(node.text) if len(node.text) <= _LABEL else None
            if act:
                yield Sign("agree" if act == "agree" else "refuse", node.id, _cut(node.text))
    for node in said:
        names_rules = says("rules", node.text) or says("terms", node.text)
        if names_rules and says("implied", node.text):
            yield Sign("implied_consent", node.id, _cut(node.text))
        if names_rules and (len(node.text) <= _LABEL or "《" in node.text):
            yield Sign("rules_link", node.id, _cut(node.text))
        if says("reading", node.text) and (names_rules or _beside_rules(node, said)):
            yield from _box(node, seen)


def _beside_rules(node: Node, said: Sequence[Node]) -> bool:
    """Whether the names of the rules stand in nodes of their own behind the words 我已阅读并同意."""
    return any(
        one is not node and _one_row(node, one) and (says("rules", one.text) or says("terms", one.text)) for one in said
    )


def _box(line: Node, seen: Sequence[Node]) -> Iterator[Sign]:
    boxes = [node for node in seen if node.checkable and (node is line or _one_row(node, line))]
    if boxes:
        yield Sign("consent_box", boxes[0].id, _cut(line.text), boxes[0].checked)
        return
    drawn = [
        node for node in seen
        if node.clickable and not node.text and _one_row(node, line) and "Image" in node.cls and _left_of(node, line)
    ]  # fmt: skip
    if drawn:
        # A picture of a box: the tree does not tell whether it is ticked.
        yield Sign("consent_box", drawn[0].id, _cut(line.text), None)


def _controls(seen: Sequence[Node], said: Sequence[Node]) -> Iterator[Sign]:
    for node in said:
        if len(node.text) > _LABEL:
            continue
        if says("cancellation", node.text):
            yield Sign("cancellation", node.id, _cut(node.text))
        if says("personalisation", node.text):
            switch = next((one for one in seen if one.checkable and (one is node or _one_row(one, node))), None)
            yield Sign("personalisation", (switch or node).id, _cut(node.text), switch.checked if switch else None)
        if says("save", node.text) and any(says("rules", one.text) for one in said):
            yield Sign("save_rules", node.id, _cut(node.text))


def _switches(seen: Sequence[Node], found: Sequence[Sign], activity: str) -> Iterator[Sign]:
    """Every other switch with words beside it, where nothing is put to the user to agree to."""
    taken = {sign.node for sign in found}
    if any(sign.kind == "agree" for sign in found):
        return
    for switch in seen:
        if switch.checkable and switch.id not in taken:
            label = switch.text or next((one.text for one in seen if one.text and _one_row(switch, one)), "")
            if label and len(label) <= _LABEL and not says("reading", label):
                yield Sign("scene_option", switch.id, _cut(label), switch.checked)


def _one_row(first: Node, second: Node) -> bool:
    """Whether a person sees both in one row; without bounds, whether they stand in one container."""
    if first.bounds is None or second.bounds is None:
        return first.id.rpartition(".")[0] == second.id.rpartition(".")[0]
    top, bottom = max(first.bounds[1], second.bounds[1]), min(first.bounds[3], second.bounds[3])
    smaller = min(first.bounds[3] - first.bounds[1], second.bounds[3] - second.bounds[1])
    return smaller > 0 and (bottom - top) * 2 >= smaller


def _left_of(first: Node, second: Node) -> bool:
    return first.bounds is None or second.bounds is None or first.bounds[0] <= second.bounds[0]


def _is_title(node: Node, seen: Sequence[Node]) -> bool:
    bottom = max((one.bounds[3] for one in seen if one.bounds), default=0)
    return node.bounds is None or node.bounds[3] <= bottom * _TITLE_SHARE


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _EXCERPT else plain[: _EXCERPT - 1] + "…"
