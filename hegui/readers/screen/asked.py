"""What a screen asks of its user, and how: to agree by doing nothing, to accept a change, to give something sensitive.

Words alone are read here. Whether what they say is true, and whether it was asked in time, other screens and runs tell.
"""

from collections.abc import Collection, Iterator, Sequence

from hegui.catalogue.behaviours import agreeing
from hegui.catalogue.lexicons.screens import LABEL, asks_for, field_types, says, sensitive_types
from hegui.facts.screens import Node, Sign, SignKind
from hegui.readers.screen.places import cut, in_control, is_title, one_row

# A notice that is only announced leaves little else to do.
_FEW = 5
# A page or a dialog that lets nobody go on has its words and a way out; where there is more to act on, it is a line in a page.
_FEW_WAYS = 4

# Kinds that are known by the words of one node, each by the topic of the same name.
_IN_WORDS: tuple[SignKind, ...] = ("countdown", "refuse_claim", "broad_purpose")


def refusing(seen: Sequence[Node], said: Sequence[Node]) -> Iterator[Sign]:
    """Ways out of a notice of the rules that do not say "refuse": where one can agree or go on, leaving is refusing."""
    if any(agreeing(node.text) == "agree" for node in said) or is_announced(seen, said):
        for node in said:
            if len(node.text) <= LABEL and says("refusing", node.text) and agreeing(node.text) is None:
                yield Sign("refuse", node.id, cut(node.text))


def is_announced(seen: Sequence[Node], said: Sequence[Node]) -> bool:
    """Whether the screen only tells and goes on ("知道了"), with next to nothing else to act on."""
    acts = [node for node in seen if node.clickable or node.editable or node.checkable]
    return len(acts) <= _FEW and any(says("passing", node.text) and in_control(node, seen) for node in said)


def asked_of_user(seen: Sequence[Node], said: Sequence[Node], kinds: Collection[SignKind]) -> Iterator[Sign]:
    """Whatever the screen asks in words or by a form. `kinds` are the signs found before."""
    if "rules_page" in kinds:
        # Rules in full speak of everything; nothing of it is asked for there.
        return
    for node in said:
        for kind in _IN_WORDS:
            if says(kind, node.text):
                yield Sign(kind, node.id, cut(node.text))
        if len(node.text) <= LABEL and says("shaming", node.text) and (agreeing(node.text) or "agree" in kinds):
            yield Sign("shaming", node.id, cut(node.text))
    changed = next((node for node in said if says("update", node.text) and _names_rules(node.text)), None)
    if changed is not None and "settings" not in kinds:
        yield Sign("rules_update", changed.id, cut(changed.text))
    yield from _separately(seen, said)
    yield from _closed(seen, said)
    yield from _fields(seen, said, kinds)


def _names_rules(text: str) -> bool:
    return says("rules", text) or says("terms", text)


def _separately(seen: Sequence[Node], said: Sequence[Node]) -> Iterator[Sign]:
    """Sensitive kinds named in running text, on a screen with something to agree to: a control or a box."""
    named = sensitive_types("\n".join(node.text for node in said))
    if not named:
        return
    agrees = any(len(node.text) <= LABEL and says("consenting", node.text) for node in said)
    lines = [node for node in said if "同意" in node.text or says("reading", node.text)]
    boxes = [node for node in seen if node.checkable]
    boxed = any(box is line or one_row(box, line) for line in lines for box in boxes)
    where = max((node for node in said if sensitive_types(node.text)), key=lambda node: len(node.text), default=None)
    if where is not None and (agrees or boxed):
        yield Sign("sensitive_notice", where.id, cut(where.text), None, (), named)


def _closed(seen: Sequence[Node], said: Sequence[Node]) -> Iterator[Sign]:
    """A screen that lets nobody on, until something is given or at all: its words say so, and there is hardly anything else
    to do. A list of news may hold the same words."""
    ways = [node for node in seen if node.clickable or node.editable]
    if len(ways) > _FEW_WAYS or any(node.editable for node in ways):
        return
    yield from (
        Sign("broken_page", node.id, cut(node.text))
        for node in said
        if len(node.text) <= LABEL and says("broken_page", node.text)
    )
    where = next((node for node in said if says("blocked", node.text)), None)
    if where is not None:
        yield Sign("blocked", where.id, cut(where.text), None, asks_for(where.text))


def _fields(seen: Sequence[Node], said: Sequence[Node], kinds: Collection[SignKind]) -> Iterator[Sign]:
    """Fields to fill in: those for something sensitive, and, where an account is opened, those that must be filled in."""
    opens = "login" in kinds or any(says("register", node.text) for node in said if is_title(node, seen))
    for node in seen:
        if not node.editable:
            continue
        labels = [node.style.get("hint", ""), *(one.text for one in said if one is not node and one_row(one, node))]
        for label in labels:
            types, sensitive = field_types(label)
            if not types:
                continue
            if sensitive:
                yield Sign("sensitive_field", node.id, cut(label), None, (), types)
            if opens and any(says("required", one) for one in labels):
                yield Sign("required_field", node.id, cut(label), None, (), types)
            break
