"""One folder, ZIP or dump to screens, in the confined child."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hegui.facts.screens import Node, Screen, Tap, Ui
from hegui.readers.errors import Malformed, ReadError
from hegui.readers.limits import MIB, Limits
from hegui.readers.sandbox.stages import Fields, Partial, Step

_SHOWN = 5
_TIME = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?\b")


@dataclass(frozen=True)
class Reading:
    path: Path
    limits: Limits


@dataclass
class _Unread:
    """What could not be read, and how much was tried."""

    tried: int = 0
    why: list[str] = field(default_factory=list)


def prepare() -> None:
    # Only inside functions, so that the caller, who imports this module for its list, need not pay for them.
    import lxml.etree  # noqa: F401

    from hegui.catalogue.behaviours import agreeing, shows_rules
    from hegui.catalogue.lexicons.screens import says
    from hegui.readers.screen import folder, index, signs, tree  # noqa: F401

    agreeing("")
    shows_rules("")
    says("rules", "")


def begin(path: Path, limits: Limits, read: Fields) -> Reading:
    return Reading(path, limits)


def _screens(reading: Reading) -> Fields | Partial:
    from hegui.readers.screen.folder import DUMPS, INDEX, PICTURES, files_of
    from hegui.readers.screen.index import read_index

    files = files_of(reading.path, reading.limits)
    by_place: dict[str, Any] = {name: read for name, read in files.items() if name.rpartition("/")[2] == INDEX}
    unread = _Unread()
    screens: list[Screen] = []
    taps: list[Tap] = []
    explored: dict[str, bool] = {}
    indexes = {name.rpartition("/")[0]: read_index(read()) for name, read in by_place.items()}
    pictures = {name: read for name, read in files.items() if name.lower().endswith(PICTURES)}
    dumps = [name for name in files if name.lower().endswith(DUMPS)]
    if not dumps:
        raise Malformed(
            f"{reading.path.name}：没有界面导出文件（.xml、.json）；每个界面放一个 uiautomator dump",
            f"{reading.path.name}: no dump of a screen (.xml, .json); put one uiautomator dump for each screen",
        )
    for number, name in enumerate(dumps, 1):
        unread.tried += 1
        place, _, last = name.rpartition("/")
        index = indexes.get(place)
        row = (index.screens.get(last) or {}) if index else {}
        try:
            screens.append(_screen(name, files[name](), row, number, reading, pictures, unread))
        except ReadError as error:
            unread.why.append(error.words.en)
    for place, index in indexes.items():
        prefix = f"{place}/" if place else ""
        unread.tried += index.rows
        unread.why += [f"{prefix}{INDEX} line {line}: {why}" for line, why in index.unread]
        unread.why += [f"{prefix}{INDEX}: no dump {name}" for name in index.screens if prefix + name not in files]
        taps += _taps(index.taps, prefix, screens, unread)
        explored |= index.complete
    if not screens:
        raise Malformed(
            f"{reading.path.name}：{len(dumps)} 个界面文件无一能读；{unread.why[0]}",
            f"{reading.path.name}: none of {len(dumps)} dumps can be read; {unread.why[0]}",
        )
    screens.sort(key=lambda one: (one.run_id, one.t_ms))
    visited = {phase: _explored(phase, screens, taps) for phase in sorted({one.phase for one in screens if one.phase})}
    made = Ui(tuple(screens), tuple(taps), visited | {phase: True for phase, complete in explored.items() if complete})
    if not unread.why:
        return {"ui": made}
    told = f"{len(unread.why)} of {unread.tried} dumps and rows not read, or not whole; " + "; ".join(
        unread.why[:_SHOWN]
    )
    return Partial({"ui": made}, "ROWS_UNREAD", told)


def _screen(
    name: str,
    data: bytes,
    row: dict[str, Any],
    number: int,
    reading: Reading,
    pictures: dict[str, Any],
    unread: _Unread,
) -> Screen:
    from hegui.readers.errors import LimitReached
    from hegui.readers.screen.signs import signs
    from hegui.readers.screen.tree import read_dump

    if len(data) > reading.limits.entry_mb * MIB:
        raise LimitReached(f"{name}：{len(data)} 字节，过大", f"{name}: {len(data)} bytes, too large")
    dump = read_dump(data, name)
    if not dump.whole:
        unread.why.append(f"{name}: cut off; {len(dump.nodes)} nodes before the cut")
    activity, owner = row.get("activity") or dump.activity, row.get("owner") or dump.owner
    place, slash, last = name.rpartition("/")
    stem = last.rpartition(".")[0]
    beside = [place + slash + row["shot"]] if row.get("shot") else [
        one for one in pictures if one.rpartition(".")[0] == place + slash + stem
    ]  # fmt: skip
    shot = next((one for one in beside if one in pictures), None)
    if row.get("shot") and shot is None:
        unread.why.append(f"{name}: no picture {row['shot']}")
    return Screen(
        name,
        row.get("run_id", ""),
        row.get("t_ms", number),
        row.get("phase", ""),
        activity,
        owner,
        dump.nodes,
        shot,
        hashlib.sha256(pictures[shot]()).hexdigest() if shot else "",
        _page(dump.nodes, owner, activity),
        "elapsed" if "t_ms" in row else "order",
        signs(dump.nodes, owner, activity),
        f"{reading.path.name}#{name}" if name != reading.path.name else name,
    )


def _page(nodes: Sequence[Node], owner: str, activity: str) -> str:
    """The same for the same controls: what is typed or ticked, and the time of day, do not make another page."""
    parts = [(node.cls, node.name, "" if node.editable else _TIME.sub("", node.text)) for node in nodes if node.visible]
    return hashlib.sha256(repr((owner, activity, parts)).encode()).hexdigest()[:16]


def _taps(
    rows: Sequence[tuple[int, dict[str, str]]], prefix: str, screens: Sequence[Screen], unread: _Unread
) -> Iterator[Tap]:
    by_id = {screen.id: screen for screen in screens}
    for line, row in rows:
        start, end = prefix + row["from"], prefix + row["to"]
        missing = next((one for one in (start, end) if one not in by_id), None)
        node = None if missing else _named(by_id[start], row["node"])
        if missing or node is None:
            what = f"no dump {missing}" if missing else f"no node {row['node']!r} on {start}"
            unread.why.append(f"{prefix}index.jsonl line {line}: {what}")
        else:
            yield Tap(start, node.id, end)


def _named(screen: Screen, name: str) -> Node | None:
    return next((node for node in screen.nodes if name in (node.id, node.name, node.text)), None)


def _explored(phase: str, screens: Sequence[Screen], taps: Sequence[Tap]) -> bool:
    """Whether every control that can be clicked on any page of the phase was clicked there at least once (RULES D9)."""
    of_phase = {screen.id: screen for screen in screens if screen.phase == phase}
    clicked = {(of_phase[tap.from_screen].page, tap.node) for tap in taps if tap.from_screen in of_phase}
    there = {
        (screen.page, node.id)
        for screen in of_phase.values()
        for node in screen.nodes
        if node.clickable and node.visible and node.style.get("enabled") != "false"
    }
    return bool(there) and there <= clicked


STAGES: tuple[Step, ...] = (Step("screens", _screens, ("ui",)),)
