"""Ruled tables of a PDF page: the boxes that its lines enclose, with merged cells."""

from collections.abc import Iterable
from dataclasses import dataclass

from hegui.readers.policy.pdf_page import Box, Edge

# Lines nearer than this (points) are the two sides of one rule, or meet.
_NEAR = 3.0
# A grid of more boxes is a drawing.
_MOST_BOXES = 20_000
_MOST_EDGES = 4_000


@dataclass(frozen=True)
class RuledCell:
    box: Box
    row: int
    col: int
    rowspan: int
    colspan: int


@dataclass(frozen=True)
class RuledTable:
    """A table by its rules. `columns` are where its upright rules stand."""

    box: Box
    columns: tuple[float, ...]
    cells: tuple[RuledCell, ...]


def ruled_tables(edges: list[Edge]) -> list[RuledTable]:
    """The tables of a page, from the top. A frame around text, and lines that enclose nothing, are none."""
    if len(edges) > _MOST_EDGES:
        return []
    found = [_table(group) for group in _connected(edges)]
    return sorted((table for table in found if table is not None), key=lambda table: (-table.box.top, table.box.left))


def _connected(edges: list[Edge]) -> list[list[Edge]]:
    """Groups of lines that meet or cross."""
    leader = list(range(len(edges)))

    def lead(at: int) -> int:
        while leader[at] != at:
            leader[at] = leader[leader[at]]
            at = leader[at]
        return at

    upright = [number for number, edge in enumerate(edges) if edge.upright]
    level = [number for number, edge in enumerate(edges) if not edge.upright]
    for one in upright:
        for other in level:
            if _meet(edges[one], edges[other]):
                leader[lead(one)] = lead(other)
    groups: dict[int, list[Edge]] = {}
    for number, edge in enumerate(edges):
        groups.setdefault(lead(number), []).append(edge)
    return list(groups.values())


def _meet(upright: Edge, level: Edge) -> bool:
    return (
        level.start - _NEAR <= upright.at <= level.end + _NEAR
        and upright.start - _NEAR <= level.at <= upright.end + _NEAR
    )


def _table(edges: list[Edge]) -> RuledTable | None:
    xs = _clustered(edge.at for edge in edges if edge.upright)
    ys = _clustered(edge.at for edge in edges if not edge.upright)[::-1]
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 2 or rows < 1 or columns * rows > _MOST_BOXES:
        return None
    upright = [edge for edge in edges if edge.upright]
    level = [edge for edge in edges if not edge.upright]

    def ruled_right(row: int, col: int) -> bool:
        middle = (ys[row] + ys[row + 1]) / 2
        return any(abs(edge.at - xs[col + 1]) <= _NEAR and edge.start <= middle <= edge.end for edge in upright)

    def ruled_below(row: int, col: int) -> bool:
        middle = (xs[col] + xs[col + 1]) / 2
        return any(abs(edge.at - ys[row + 1]) <= _NEAR and edge.start <= middle <= edge.end for edge in level)

    taken: set[tuple[int, int]] = set()
    cells = []
    for row in range(rows):
        for col in range(columns):
            if (row, col) in taken:
                continue
            right = col
            while right + 1 < columns and (row, right + 1) not in taken and not ruled_right(row, right):
                right += 1
            below = row
            while below + 1 < rows and not ruled_below(below, col):
                below += 1
            taken |= {(each_row, each_col) for each_row in range(row, below + 1) for each_col in range(col, right + 1)}
            box = Box(xs[col], ys[below + 1], xs[right + 1], ys[row])
            cells.append(RuledCell(box, row, col, below - row + 1, right - col + 1))
    if len({cell.col for cell in cells}) < 2:
        return None
    return RuledTable(Box(xs[0], ys[-1], xs[-1], ys[0]), tuple(xs), tuple(cells))


def _clustered(places: Iterable[float]) -> list[float]:
    """The places in order, those that are near one another as one."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > _NEAR:
            found.append(place)
    return found
