"""The screens of an app as a film (界面): each dump drawn in its order, with what a user sees there and what was found on it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from hegui.audit.finding import Evidence
from hegui.facts.screens import Screen, Sign, Ui
from hegui.report import names
from hegui.report.cards import Card
from hegui.report.screens_drawing import Box, Drawing, drawing, masked, place_of
from hegui.words import Words

# Drawn at most, and shapes on the whole page: a night of crawling makes thousands of dumps.
MOST_SCREENS = 120
MOST_SHAPES = 9_000
# One evidence names the screens of a way from one to the next so (hegui/audit/screen_evidence.py).
_THEN = " > "


@dataclass(frozen=True)
class Exit:
    """A recorded tap from a screen: on what, and the screen it led to; None when that one is not drawn."""

    text: str
    to: int | None


@dataclass(frozen=True)
class Shown:
    """One dump, numbered from 1. `findings` are the cards that name it; `before` and `after` its neighbours in the film.

    `marked`: the signs in words, with the text beside each.
    """

    number: int
    screen: Screen
    title: Words
    drawing: Drawing
    marked: tuple[tuple[Words, str, str], ...]
    findings: tuple[int, ...]
    exits: tuple[Exit, ...]
    before: int | None = None
    after: int | None = None

    @property
    def id(self) -> str:
        return anchor(self.number)

    @property
    def kinds(self) -> tuple[tuple[Words, str], ...]:
        """The signs, each once."""
        return tuple(dict.fromkeys((name, look) for name, _, look in self.marked))

    @property
    def when(self) -> Words:
        if self.screen.clock == "elapsed":
            told = f"{self.screen.t_ms / 1000:g} s"
            return Words(told, told)
        return Words(f"第 {self.screen.t_ms} 个", f"no. {self.screen.t_ms}")


@dataclass(frozen=True)
class Phase:
    """Dumps of one phase that follow one another. `explored`: see Ui; False where the dumps name no phase."""

    name: str
    explored: bool
    shown: tuple[Shown, ...]


@dataclass(frozen=True)
class Stop:
    """A screen on a way. `tap`: the outline of the node acted on, and its text; both empty where the way ends."""

    shown: Shown
    tap: Box | None
    text: str


@dataclass(frozen=True)
class Way:
    """The taps that a finding counts, as a film of their own."""

    number: int
    findings: tuple[int, ...]
    stops: tuple[Stop, ...]

    @property
    def id(self) -> str:
        return f"way-{self.number}"

    @property
    def taps(self) -> int:
        return len(self.stops) - 1


@dataclass(frozen=True)
class Screens:
    """All that is drawn, by run. `left_out`: places of dumps that are not. `jump` leads from evidence to its drawing."""

    runs: tuple[tuple[str, tuple[Phase, ...]], ...]
    ways: tuple[Way, ...]
    left_out: tuple[str, ...]
    jump: dict[Evidence, str]
    taps: int

    @property
    def shown(self) -> Iterator[Shown]:
        return (one for _, phases in self.runs for phase in phases for one in phase.shown)


def screens(ui: Ui, cards: Sequence[Card] = ()) -> Screens:
    """The films of the runs and phases, and the ways that findings count."""
    places = _Places(ui)
    named: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for card in cards:
        for piece in card.evidence:
            for screen, node in places.of(piece):
                if card.number not in named[screen.id][node]:
                    named[screen.id][node].append(card.number)
    drawn, left = _chosen(ui, named)
    number = {screen.id: at for at, screen in enumerate(drawn, 1)}
    made = [_shown(ui, screen, number, named[screen.id]) for screen in drawn]
    by_id = {one.screen.id: one for one in made}
    jump: dict[Evidence, str] = {}
    ways: dict[Evidence, Way] = {}
    for card in cards:
        for piece in card.evidence:
            found = [(by_id[screen.id], node) for screen, node in places.of(piece) if screen.id in by_id]
            if _THEN in piece.where and len(found) == len(piece.where.split(_THEN)):
                known = ways.get(piece) or Way(len(ways) + 1, (), tuple(_stop(*one) for one in found))
                ways[piece] = replace(known, findings=(*known.findings, card.number))
                jump[piece] = known.id
            elif found:
                jump[piece] = found[0][0].id
    return Screens(tuple(_runs(ui, made)), tuple(ways.values()), left, jump, len(ui.graph))


def anchor(number: int) -> str:
    return f"scr-{number}"


class _Places:
    """The screens and nodes that evidence names."""

    def __init__(self, ui: Ui) -> None:
        self._by_place: dict[str, Screen] = {}
        for screen in ui.screens:
            self._by_place.setdefault(screen.place or screen.id, screen)

    def of(self, piece: Evidence) -> list[tuple[Screen, str]]:
        """One screen, or those of a way; the node is "" where the evidence names none."""
        if piece.kind != "ui_dump":
            return []
        return [found for where in piece.where.split(_THEN) if (found := self._one(where))]

    def _one(self, where: str) -> tuple[Screen, str] | None:
        if where in self._by_place:
            return self._by_place[where], ""
        place, _, node = where.rpartition("@")
        screen = self._by_place.get(place)
        return (screen, node) if screen else None


def _chosen(ui: Ui, named: dict[str, dict[str, list[int]]]) -> tuple[list[Screen], tuple[str, ...]]:
    """The screens that are drawn, in their order, and the places of the others: findings' first, then those with signs."""
    order = sorted(ui.screens, key=lambda one: (one.run_id, one.t_ms))
    rank = sorted(range(len(order)), key=lambda at: (order[at].id not in named, not order[at].signs, at))
    chosen, shapes = set[int](), 0
    for at in rank:
        shapes += 2 * sum(node.visible for node in order[at].nodes)
        if len(chosen) == MOST_SCREENS or (chosen and shapes > MOST_SHAPES):
            break
        chosen.add(at)
    left = tuple(one.place or one.id for at, one in enumerate(order) if at not in chosen)
    return [one for at, one in enumerate(order) if at in chosen], left


def _shown(ui: Ui, screen: Screen, number: dict[str, int], named: dict[str, list[int]]) -> Shown:
    texts = {node.id: "" if node.editable else node.text for node in screen.nodes}
    typed = {node.id for node in screen.nodes if node.editable}
    exits = dict.fromkeys(
        Exit(masked(texts.get(tap.node, "") or tap.node), number.get(tap.to_screen))
        for tap in ui.graph
        if tap.from_screen == screen.id
    )
    at = number[screen.id]
    return Shown(
        at,
        screen,
        _title(screen),
        drawing(screen, {node: tuple(numbers) for node, numbers in named.items() if node}),
        tuple((names.sign(sign), _said(sign, typed), names.sign_look(sign.kind)) for sign in screen.signs),
        tuple(sorted({one for numbers in named.values() for one in numbers})),
        tuple(exits),
    )


def _said(sign: Sign, typed: set[str]) -> str:
    return "" if sign.node in typed else masked(sign.text)


# What names a screen best, where it shows several.
_TITLES = (
    "system_permission", "rules_notice", "rules_page", "permission_rationale", "login", "settings", "payment",
)  # fmt: skip


def _title(screen: Screen) -> Words:
    kinds = {sign.kind for sign in screen.signs}
    if kind := next((one for one in _TITLES if one in kinds), None):
        return names.SIGNS[kind]
    top = min(
        (node for node in screen.nodes if node.visible and node.text and not node.editable and len(node.text) <= 20),
        key=lambda node: (node.bounds or (0, 0, 0, 0))[1],
        default=None,
    )
    told = masked(top.text) if top else screen.activity.rpartition(".")[2] or screen.id
    return Words(told, told)


def _stop(shown: Shown, node: str) -> Stop:
    tapped = next((one for one in shown.screen.nodes if one.id == node), None)
    text = "" if tapped is None or tapped.editable else masked(tapped.text)
    return Stop(shown, place_of(shown.screen, node) if node else None, text or node)


def _runs(ui: Ui, made: Sequence[Shown]) -> Iterator[tuple[str, tuple[Phase, ...]]]:
    for run_id, several in groupby(made, key=lambda one: one.screen.run_id):
        film = list(several)
        linked = [
            replace(one, before=before.number if before else None, after=after.number if after else None)
            for before, one, after in zip([None, *film], film, [*film[1:], None], strict=False)
        ]
        phases = groupby(linked, key=lambda one: one.screen.phase)
        yield run_id, tuple(Phase(phase, ui.explored.get(phase, False), tuple(some)) for phase, some in phases)
