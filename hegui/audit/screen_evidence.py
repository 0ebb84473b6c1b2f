"""Evidence from dumps of screens, written the same way by every check."""

from collections.abc import Sequence

from hegui.audit.finding import Evidence
from hegui.facts.facts import Facts
from hegui.facts.screens import Screen, Sign, Tap, Ui


def sign(facts: Facts, screen: Screen, one: Sign) -> Evidence:
    """What is seen at a node of a screen: dump@node, when, and the state of the box or switch."""
    state = {True: " [checked]", False: " [not checked]", None: ""}[one.checked]
    return Evidence(
        "ui_dump", _at(screen, one.node), f"{_when(screen)} {one.kind} “{one.text}”{state}", _sha256(facts, screen)
    )


def whole(facts: Facts, screen: Screen, excerpt: str = "") -> Evidence:
    """A screen as a whole: when, which activity, and what a user can do there."""
    # What a person typed into a field is nobody's business.
    controls = [one.text for one in screen.nodes if one.visible and one.clickable and one.text and not one.editable][:6]
    line = f"{_when(screen)} {screen.owner} {screen.activity}: {' | '.join(controls)}".rstrip(": ")
    return Evidence(
        "ui_dump", screen.place or screen.id, f"{line}; {excerpt}" if excerpt else line, _sha256(facts, screen)
    )


def way(facts: Facts, ui: Ui, taps: Sequence[Tap], goals: Sequence[tuple[Screen, Sign]]) -> Evidence:
    """A way by recorded taps, one or more: each dump with the node acted on there, and that one of the signs it leads to."""
    screens = {screen.id: screen for screen in ui.screens}
    texts = {(screen.id, node.id): node.text for screen in ui.screens for node in screen.nodes if not node.editable}
    stops = [_at(screens[tap.from_screen], tap.node) for tap in taps]
    acts = [f"“{texts.get((tap.from_screen, tap.node)) or tap.node}”" for tap in taps]
    end = screens[taps[-1].to_screen]
    goal = next((one for one in goals if (one[0].page or one[0].id) == (end.page or end.id)), None)
    if goal:
        end, sign = goal
        acts.append(f"{sign.kind} “{sign.text}”")
    return Evidence(
        "ui_dump",
        " > ".join([*stops, _at(end, goal[1].node if goal else "")]),
        f"{len(taps)} taps: {' > '.join(acts)}",
        _sha256(facts, end),
    )


def coverage(facts: Facts, ui: Ui, excerpt: str = "") -> Evidence:
    """All dumps together, and which phases were explored: how far it reaches that something was not seen."""
    phases = ", ".join(
        f"{phase or '-'} {'explored' if done else 'not explored'}" for phase, done in ui.explored.items()
    )
    line = f"{len(ui.screens)} screens, {len(ui.graph)} taps; {phases or 'no phase explored'}"
    names = list(dict.fromkeys(one.name for one in facts.inputs if one.kind == "screens"))
    hashes = {one.sha256 for one in facts.inputs if one.kind == "screens"}
    return Evidence(
        "ui_dump",
        " + ".join(names) or "screens",
        f"{line}; {excerpt}" if excerpt else line,
        hashes.pop() if len(hashes) == 1 else "",
    )


def _at(screen: Screen, node: str) -> str:
    place = screen.place or screen.id
    return f"{place}@{node}" if node else place


def _when(screen: Screen) -> str:
    return f"t={screen.t_ms / 1000:.1f} s" if screen.clock == "elapsed" else f"dump {screen.t_ms}"


def _sha256(facts: Facts, screen: Screen) -> str:
    """The hash of the folder, ZIP or file a place "NAME#…" lies in; "" where two of that name were given, or none."""
    name = screen.place.partition("#")[0]
    found = {one.sha256 for one in facts.inputs if one.kind == "screens" and one.name == name}
    return found.pop() if len(found) == 1 else ""
