"""Where controls stand on a screen: what a person sees in one row, at the top, and how its words are quoted."""

from collections.abc import Sequence

from hegui.facts.screens import Node

_EXCERPT = 80
# A title stands in the upper part of the screen.
_TITLE_SHARE = 0.2
# What takes up that much of the height is the page.
_PAGE_SHARE = 0.5


def one_row(first: Node, second: Node) -> bool:
    """Whether a person sees both in one row; without bounds, whether they stand in one container."""
    if first.bounds is None or second.bounds is None:
        return first.id.rpartition(".")[0] == second.id.rpartition(".")[0]
    top, bottom = max(first.bounds[1], second.bounds[1]), min(first.bounds[3], second.bounds[3])
    smaller = min(first.bounds[3] - first.bounds[1], second.bounds[3] - second.bounds[1])
    return smaller > 0 and (bottom - top) * 2 >= smaller


def left_of(first: Node, second: Node) -> bool:
    return first.bounds is None or second.bounds is None or first.bounds[0] <= second.bounds[0]


def gap(box: Node, line: Node) -> int:
    """How far a box stands before the words of a row, in pixels, a box behind them as far as the page is wide; 0 if unknown."""
    if box is line or box.bounds is None or line.bounds is None:
        return 0
    return line.bounds[0] - box.bounds[2] if box.bounds[0] <= line.bounds[0] else max(line.bounds[2], box.bounds[2])


def is_title(node: Node, seen: Sequence[Node]) -> bool:
    bottom = max((one.bounds[3] for one in seen if one.bounds), default=0)
    return node.bounds is None or node.bounds[3] <= bottom * _TITLE_SHARE


def cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _EXCERPT else plain[: _EXCERPT - 1] + "…"


def label_of(control: Node, seen: Sequence[Node]) -> str:
    """What a control says: its own text, or the first inside it. Compose and lists keep the words in a child of what is
    clicked."""
    inside = (one.text for one in seen if one.text and one.id.startswith(control.id + "."))
    return control.text or next(inside, "")


def in_control(node: Node, seen: Sequence[Node]) -> bool:
    """Whether a node can be clicked, or stands in something that can; a page that takes clicks as a whole is no control."""
    bottom = max((one.bounds[3] for one in seen if one.bounds), default=0)
    around = (one for one in seen if one.clickable and (one is node or node.id.startswith(one.id + ".")))
    return any(
        one is node or one.bounds is None or one.bounds[3] - one.bounds[1] < bottom * _PAGE_SHARE for one in around
    )
