"""A screen drawn from the bounds of its nodes (界面示意图): what stands where, the state of each box and switch, no pixels.

What a person typed is never drawn, and numbers long enough to be somebody's are masked.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hegui.facts.screens import Node, Screen
from hegui.report import names
from hegui.words import Language, Words

# In units of the drawing; what is about a finger's width on a phone is so here.
WIDTH = 360
_TALLEST = 900
# Without bounds, nodes stand one beneath the other.
_ROW = 36
MOST_NODES = 200

_SIZES = (15, 13, 11, 9)
_LONGEST = 600
_LINE = 1.3

_NUMBER = re.compile(r"\d(?:[ -]?\d){6,}")
_MAIL = re.compile(r"[\w.+-]+(?=@[\w-]+\.)")


class Box(NamedTuple):
    """A rectangle with rounded corners, and how it looks."""

    x: float
    y: float
    width: float
    height: float
    radius: float
    look: str


class Line(NamedTuple):
    """One line of text; its left end, or its middle where it is centred. `y` is its base line."""

    x: float
    y: float
    size: int
    text: str
    look: str


class Tag(NamedTuple):
    """The names of the signs at a node, and the numbers of the findings that name it, in one language."""

    x: float
    y: float
    width: float
    text: str
    look: str
    language: Language


@dataclass(frozen=True)
class Drawing:
    """`left_out` counts nodes that were not drawn. `rows`: the dump has no bounds, and the nodes stand in order only."""

    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    outlines: tuple[Box, ...]
    tags: tuple[Tag, ...]
    left_out: int
    rows: bool


def drawing(screen: Screen, findings: dict[str, tuple[int, ...]] | None = None) -> Drawing:
    """The drawing of a screen. `findings` are the numbers of the findings that name a node, by node."""
    seen = [node for node in screen.nodes if node.visible]
    placed, rows = _placed(seen)
    right, bottom = max((box[2] for _, box in placed), default=1), max((box[3] for _, box in placed), default=1)
    scale = WIDTH / right
    height = min(_TALLEST, max(60, round(bottom * scale)))
    fitted = [(node, _scaled(box, scale, height)) for node, box in placed]
    within = {node.id: box for node, box in fitted}
    said_inside = _said_inside(seen)
    boxes: list[Box] = []
    lines: list[Line] = []
    for node, box in fitted[:MOST_NODES]:
        boxes += _shapes(node, box)
        lines += _lines(node, box, said_inside)
    outlines, tags = _marked(screen, within, findings or {}, height)
    left_out = max(0, len(fitted) - MOST_NODES)
    return Drawing(height, tuple(boxes), tuple(lines), tuple(outlines), tuple(tags), left_out, rows)


def place_of(screen: Screen, node: str) -> Box | None:
    """The outline of one node in the drawing of its screen."""
    placed, _ = _placed([one for one in screen.nodes if one.visible])
    scale = WIDTH / max((box[2] for _, box in placed), default=1)
    found = next((_scaled(box, scale, _TALLEST) for one, box in placed if one.id == node), None)
    return _outline(found, "s-tap") if found else None


def readable(node: Node) -> str:
    """What may be shown of a node's text: what was typed is not, and long numbers and addresses are masked."""
    hint = node.style.get("hint", "")
    if node.style.get("password") or (node.editable and node.text and node.text != hint):
        return "••••••"
    return masked(node.text or hint)


def masked(text: str) -> str:
    """The text with numbers of seven digits or more, and names in mail addresses, cut to their ends."""
    text = _NUMBER.sub(lambda found: f"{found[0][:3]}••••{found[0][-2:]}", text)
    return _MAIL.sub(lambda found: f"{found[0][:1]}•••", text)


_Bounds = tuple[int, int, int, int]


def _placed(seen: Sequence[Node]) -> tuple[list[tuple[Node, _Bounds]], bool]:
    """The nodes with where they stand, moved so that the screen begins at 0; in rows where no node has bounds."""
    bound = [(node, node.bounds) for node in seen if node.bounds and node.bounds[2] > 0 and node.bounds[3] > 0]
    if bound:
        left = min(max(0, box[0]) for _, box in bound)
        top = min(max(0, box[1]) for _, box in bound)
        return [
            (node, (max(0, box[0]) - left, max(0, box[1]) - top, box[2] - left, box[3] - top)) for node, box in bound
        ], False
    told = [node for node in seen if node.text or node.checkable or node.editable]
    return [(node, (10, 8 + at * _ROW, WIDTH - 10, 4 + (at + 1) * _ROW)) for at, node in enumerate(told)], True


def _scaled(box: _Bounds, scale: float, height: int) -> tuple[float, float, float, float]:
    """Left, top, width and height in the drawing, cut to it."""
    left, top, right, bottom = (round(side * scale, 1) for side in box)
    top, bottom = min(top, height - 2), min(bottom, height)
    return left, top, max(2, round(right - left, 1)), max(2, round(bottom - top, 1))


_Placed = tuple[float, float, float, float]


def _said_inside(seen: Sequence[Node]) -> set[str]:
    """The nodes whose text a node inside them says again, as a reading aid does."""
    by_text: dict[str, list[str]] = defaultdict(list)
    for node in seen:
        if node.text:
            by_text[node.text].append(node.id)
    return {one for ids in by_text.values() for one in ids if any(other.startswith(one + ".") for other in ids)}


# ------------------------------------------------------------------------------------------------------ controls


def _kind(node: Node, width: float) -> str:
    """How a node of a width is drawn, by its class and what can be done with it."""
    cls = node.cls.rpartition(".")[2]
    if node.editable:
        return "field"
    if node.checkable:
        return "switch" if "Switch" in cls or "Toggle" in cls else "radio" if "Radio" in cls else "box"
    if "WebView" in cls:
        return "web"
    if "Image" in cls and not node.text:
        return "image"
    if "Button" in cls:
        return "button"
    if node.clickable:
        return "area" if not node.text else "row" if width > WIDTH / 2 else "link"
    return "text"


def _shapes(node: Node, box: _Placed) -> Iterator[Box]:
    left, top, width, height = box
    kind = _kind(node, width)
    off = " s-off" if node.style.get("enabled") == "false" else ""
    match kind:
        case "switch" | "radio" | "box":
            yield from _state(node, kind, box, off)
        case "row":
            yield Box(left, round(top + height - 1, 1), width, 1, 0, "s-rule")
        case "image" | "web" | "area" | "field":
            yield Box(left, top, width, height, 3, f"s-{kind}{off}")
        case "button":
            yield Box(left, top, width, height, min(8, height / 2), f"s-button{off}")


def _state(node: Node, kind: str, box: _Placed, off: str) -> Iterator[Box]:
    """A switch, a box or a round box with its state; where the node is a whole row, at the end of the row it is used at."""
    left, top, width, height = box
    on, middle = " s-on" if node.checked else "", top + height / 2
    if kind == "switch":
        start = left + width - 36 if width > 60 else left + max(0, (width - 32) / 2)
        yield Box(round(start, 1), round(middle - 9, 1), 32, 18, 9, f"s-switch{on}{off}")
        yield Box(round(start + (16 if node.checked else 2), 1), round(middle - 7, 1), 14, 14, 7, "s-knob")
        return
    side = min(18, width, height)
    start = left + (4 if width > 40 else (width - side) / 2)
    yield Box(
        round(start, 1), round(middle - side / 2, 1), side, side, side / 2 if kind == "radio" else 3, f"s-tick{on}{off}"
    )
    if node.checked:
        inner = side * 0.5
        yield Box(
            round(start + side / 4, 1),
            round(middle - inner / 2, 1),
            inner,
            inner,
            inner / 2 if kind == "radio" else 1,
            "s-dot",
        )


def _lines(node: Node, box: _Placed, said_inside: Collection[str]) -> Iterator[Line]:
    left, top, width, height = box
    kind = _kind(node, width)
    text = "" if node.id in said_inside else readable(node)
    if kind == "web" and not text:
        text = "WebView"
    if not text:
        return
    indent = 28 if kind in ("box", "radio") and width > 40 else 5
    room = width - indent - (40 if kind == "switch" and width > 60 else 5)
    if room < 8:
        return
    size, lines = _fitted(" ".join(text[:_LONGEST].split()), room, height)
    centred = kind in ("button", "area", "image", "link")
    x = left + width / 2 if centred else left + indent
    deep = size * _LINE
    first = (
        top + (height - deep * len(lines)) / 2 if len(lines) * deep < height and (centred or len(lines) == 1) else top
    )
    look = f"s-{kind}{' s-middle' if centred else ''}{' s-empty' if kind == 'field' and not node.text else ''}"
    if kind == "row":
        yield Line(round(left + width - 12, 1), round(top + height / 2 + 6, 1), 16, "›", "s-more")
    for at, line in enumerate(lines):
        yield Line(round(x, 1), round(first + deep * at + size, 1), size, line, look)


def _fitted(text: str, width: float, height: float) -> tuple[int, list[str]]:
    """The largest size in which a text fits, with its lines; in the smallest it is cut."""
    for size in _SIZES:
        lines = _wrapped(text, width / size)
        room = max(1, int(height / (size * _LINE)))
        if len(lines) <= room and (size * 0.9 <= height or size == _SIZES[-1]):
            return size, lines
    kept = lines[:room]
    if len(lines) > room and kept:
        kept[-1] = kept[-1][:-1] + "…"
    return size, kept


def _wrapped(text: str, widest: float) -> list[str]:
    """Lines of at most `widest` em."""
    lines, line, taken = [], "", 0.0
    for character in text:
        wide = 1.0 if ord(character) > 0x2E7F else 0.56
        if taken + wide > widest and line:
            lines.append(line)
            line, taken = "", 0.0
        line, taken = line + character, taken + wide
    return [*lines, line] if line else lines


# --------------------------------------------------------------------------------------------------------- signs


def _marked(
    screen: Screen, within: dict[str, _Placed], findings: dict[str, tuple[int, ...]], height: int
) -> tuple[list[Box], list[Tag]]:
    """The outlines of the nodes that a sign or a finding stands at, each with its names."""
    looks: dict[str, str] = {}
    said: dict[str, list[Words]] = defaultdict(list)
    for sign in screen.signs:
        if sign.node in within:
            looks.setdefault(sign.node, names.sign_look(sign.kind))
            said[sign.node].append(names.sign(sign))
    for node, numbers in findings.items():
        if node in within:
            looks[node] = "found"
            flags = " ".join(f"⚑{number}" for number in numbers[:4])
            said[node].insert(0, Words(flags, flags))
    marked = sorted(said.items(), key=lambda one: (within[one[0]][1], within[one[0]][0]))
    languages: tuple[Language, ...] = ("zh", "en")
    return [_outline(within[node], looks[node]) for node, _ in marked], [
        tag
        for language in languages
        for tag in _tags([(within[node], looks[node], words) for node, words in marked], language, height)
    ]


def _outline(box: _Placed, look: str) -> Box:
    left, top, width, height = box
    return Box(max(1, left - 2), max(1, top - 2), min(width + 4, WIDTH - 2), height + 4, 4, look)


def _tags(marked: Sequence[tuple[_Placed, str, Sequence[Words]]], language: Language, height: int) -> Iterator[Tag]:
    """Each above its node; below it, or further down, where another tag stands."""
    taken: list[tuple[float, float, float]] = []
    for (left, top, _, high), look, words in marked:
        text = " · ".join(dict.fromkeys(one.in_(language) for one in words))
        wide = round(10 + _em(text) * 11, 1)
        x = round(max(1, min(left - 2, WIDTH - wide - 1)), 1)
        steps = (max(0, top - 16), *(top + high + 2 + 15 * step for step in range(len(taken) + 1)))
        y = next(one for one in steps if not any(_meet(x, one, wide, other) for other in taken))
        taken.append((x, y, wide))
        yield Tag(x, round(min(y, height - 15), 1), wide, text, look, language)


def _meet(x: float, y: float, wide: float, other: tuple[float, float, float]) -> bool:
    start, level, long = other
    return abs(y - level) < 15 and x < start + long and start < x + wide


def _em(text: str) -> float:
    return sum(1.0 if ord(one) > 0x2000 else 0.6 for one in text)
