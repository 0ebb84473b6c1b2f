"""index.jsonl beside the dumps: what a dump does not say, one JSON object a line (界面索引).

    {"screen": "001.xml", "run_id": "r1", "t_ms": 900, "phase": "first_launch", "activity": ".Splash", "shot": "001.png"}
    {"tap": {"from": "001.xml", "node": "com.example:id/agree", "to": "002.xml"}}
    {"explored": "first_launch", "complete": true, "by": "Lin Xiaoyu"}

A node is named by its resource id, its path in the tree ("0.2.1") or its whole text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hegui.readers.errors import one_line
from hegui.readers.trace.text import lines
from hegui.readers.trace.times import MOST_MS

_SCREEN = {"screen": str, "run_id": str, "t_ms": int, "phase": str, "activity": str, "owner": str, "shot": str}
_TAP = {"from": str, "node": str, "to": str}
_EXPLORED = {"explored": str, "complete": bool, "by": str}


@dataclass
class Index:
    """`unread` are lines that could not be taken: their number, and why."""

    screens: dict[str, dict[str, Any]] = field(default_factory=dict)
    taps: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    complete: dict[str, bool] = field(default_factory=dict)
    rows: int = 0
    unread: list[tuple[int, str]] = field(default_factory=list)


def read_index(data: bytes, name: str = "index.jsonl") -> Index:
    """The index, line by line, in any encoding of a log. A line that cannot be taken is counted and told."""
    index = Index()
    rows, _ = lines(data, name, len(data))
    for number, line in enumerate(rows, 1):
        if line.strip():
            index.rows += 1
            try:
                _take(json.loads(line), number, index)
            except (ValueError, RecursionError) as error:
                index.unread.append((number, one_line(error)))
    return index


def _take(row: Any, number: int, index: Index) -> None:
    """Raises ValueError that names the field."""
    if not isinstance(row, dict):
        raise ValueError("not an object")
    if "screen" in row:
        _check(row, _SCREEN)
        if index.screens.setdefault(row["screen"], row) != row:
            raise ValueError(f"{row['screen']} has another row before")
    elif isinstance(row.get("tap"), dict) and len(row) == 1:
        _check(row["tap"], _TAP, all_of=True)
        index.taps.append((number, row["tap"]))
    elif "explored" in row:
        _check(row, _EXPLORED, all_of=True)
        if not row["by"].strip():
            raise ValueError("by names nobody; completeness is ticked by a person")
        # Of two that contradict each other, the one that claims less holds.
        index.complete[row["explored"]] = row["complete"] and index.complete.get(row["explored"], True)
    else:
        raise ValueError("none of screen, tap, explored")


def _check(row: Mapping[str, Any], known: Mapping[str, type], all_of: bool = False) -> None:
    for name, value in row.items():
        if name not in known:
            raise ValueError(f"unknown field {name!r}; there are {', '.join(known)}")
        if not isinstance(value, known[name]) or (isinstance(value, bool) and known[name] is not bool):
            raise ValueError(f"{name} is not {known[name].__name__}")
    if not 0 <= row.get("t_ms", 0) < MOST_MS:
        raise ValueError("t_ms is a whole number from 0, of a run of less than three centuries")
    if all_of and (missing := [name for name in known if name not in row]):
        raise ValueError(f"{missing[0]} is missing")
