"""What an app explains, and the steps that one app puts to the user and another does not (RULES R27, R28, R46, R50 to R53,
R62, R63, R77)."""

from collections.abc import Iterator, Sequence

from hegui.catalogue.lexicons.screens import LABEL, asks_for, says, told_purpose
from hegui.facts.screens import Node, Sign, SignKind
from hegui.readers.screen.places import cut, in_control, is_title, label_of, one_row

# What explains one permission is a few sentences; a longer text is of the rules.
_EXPLANATION = 200

# Kinds that are known by the label of one control, each by the topic of the same name.
_LABELLED: tuple[SignKind, ...] = (
    "os_permissions", "age_gate", "guardian", "identity", "network_id", "network_id_done", "update_prompt", "cancel_done",
)  # fmt: skip


def purposes(said: Sequence[Node]) -> Iterator[Sign]:
    """What something is used for; the group it is about may stand in the line above, as the title."""
    above = ""
    for node in said:
        told = told_purpose(node.text) if len(node.text) <= _EXPLANATION else ""
        if told:
            kind: SignKind = "purpose" if told == "specific" else "vague_purpose"
            yield Sign(kind, node.id, cut(node.text), None, asks_for(node.text) or asks_for(above))
        above = node.text if len(node.text) <= LABEL else ""


def steps(seen: Sequence[Node], said: Sequence[Node], text: str) -> Iterator[Sign]:
    """Steps that one app puts to the user and another does not: for age, guardian, identity, a permission, an update."""
    account = says("of_account", text)
    # A screen has few boxes and many texts.
    boxes = [one for one in seen if one.checkable]
    for node in said:
        box = next((one for one in boxes if one is node or one_row(node, one)), None)
        if len(node.text) <= LABEL or box:
            for kind in _LABELLED:
                if says(kind, node.text):
                    state = box.checked if box and kind == "guardian" else None
                    yield Sign(kind, (box or node).id, cut(node.text), state)
        if account and says("shared_account", node.text):
            yield Sign("shared_account", node.id, cut(node.text))
        if account and says("cancel_one", node.text):
            yield Sign("cancel_one", (box or node).id, cut(node.text), box.checked if box else None)
        if (
            says("collected_list", node.text)
            and len(node.text) <= LABEL
            and is_title(node, seen)
            and not in_control(node, seen)
        ):
            yield Sign("collected_list", node.id, cut(node.text))
    if prompt := _prompt(seen, said):
        yield prompt


def _prompt(seen: Sequence[Node], said: Sequence[Node]) -> Sign | None:
    """A dialog of the app that wants a permission and covers the page: nothing else on the screen can be acted on (R28)."""
    wanted = next((one for one in said if asks_for(one.text) and len(one.text) <= _EXPLANATION), None)
    labels = [label for one in seen if one.clickable and (label := label_of(one, seen))]
    goes_on = [label for label in labels if says("go_allow", label) and not says("close", label)]
    others = [label for label in labels if not says("go_allow", label) and not says("close", label)]
    typed = any(one.editable for one in seen)
    asking = wanted is not None and any(says("permission", one.text) or says("purpose", one.text) for one in said)
    strong = any(says("go_allow", label) and not says("bare_yes", label) for label in goes_on)
    if wanted is None or typed or not goes_on or not (asking or strong):
        return None
    if any(not says("rules", label) and not says("terms", label) for label in others):
        return None
    return Sign("permission_prompt", wanted.id, cut(wanted.text), None, asks_for("\n".join(one.text for one in said)))
