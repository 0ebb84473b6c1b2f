"""One folder, ZIP or dump to screens, in the confined child."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hegui.facts.screens import Node, Screen, Tap, Ui
from hegui.readers.errors import Malformed, ReadError, one_line
from hegui.readers.limits import Limits
from hegui.readers.sandbox.stages import Fields, Partial, Step
from hegui.words import Words

if TYPE_CHECKING:
    from hegui.readers.screen.folder import Files

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
    first: Words | None = None

    def add(self, *why: str) -> None:
        self.why += map(one_line, why)

    def failed(self, error: ReadError) -> None:
        self.first = self.first or error.words
        self.add(error.words.en)


class _Pictures:
    """The pictures beside the dumps, by name and by the part before the last dot."""

    def __init__(self, files: "Files") -> None:
        self._files = files
        self._by_stem = {name.rpartition(".")[0]: name for name in reversed(list(files))}

    def named(self, name: str) -> str | None:
        return name if name in self._files else None

    def beside(self, stem: str) -> str | None:
        return self._by_stem.get(stem)

    def sha256(self, name: str) -> str:
        """Raises ReadError."""
        return hashlib.sha256(self._files[name]()).hexdigest()


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
    from hegui.readers.screen.index import Index, read_index

    files = files_of(reading.path, reading.limits)
    unread = _Unread()
    screens: list[Screen] = []
    taps: list[Tap] = []
    explored: dict[str, bool] = {}
    indexes: dict[str, Index] = {}
    for name in files:
        if name.rpartition("/")[2].lower() == INDEX:
            try:
                indexes[name.rpartition("/")[0]] = read_index(files[name](), name)
            except ReadError as error:
                unread.tried += 1
                unread.failed(error)
    pictures = _Pictures({name: read for name, read in files.items() if name.lower().endswith(PICTURES)})
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
            unread.failed(error)
    for place, index in indexes.items():
        prefix = f"{place}/" if place else ""
        unread.tried += index.rows
        unread.add(*(f"{prefix}{INDEX} line {line}: {why}" for line, why in index.unread))
        unread.add(*(f"{prefix}{INDEX}: no dump {name}" for name in index.screens if prefix + name not in files))
        taps += _taps(index.taps, prefix, screens, unread)
        explored |= index.complete
    if not screens and unread.first:
        raise Malformed(
            f"{reading.path.name}：{len(dumps)} 个界面文件无一能读；{one_line(unread.first.zh)}",
            f"{reading.path.name}: none of {len(dumps)} dumps can be read; {one_line(unread.first.en)}",
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
    pictures: "_Pictures",
    unread: _Unread,
) -> Screen:
    from hegui.readers.screen.signs import signs
    from hegui.readers.screen.tree import read_dump

    dump = read_dump(data, name)
    if not dump.whole:
        unread.add(f"{name}: cut off, or more and deeper nodes than a screen has; {len(dump.nodes)} nodes read")
    activity, owner = row.get("activity") or dump.activity, row.get("owner") or dump.owner
    place, slash, last = name.rpartition("/")
    told = row.get("shot", "")
    shot = pictures.named(place + slash + told) if told else pictures.beside(place + slash + last.rpartition(".")[0])
    if told and shot is None:
        unread.add(f"{name}: no picture {told}")
    try:
        shot_sha256 = pictures.sha256(shot) if shot else ""
    except ReadError as error:
        shot, shot_sha256 = None, ""
        unread.add(error.words.en)
    return Screen(
        name,
        row.get("run_id", ""),
        row.get("t_ms", number),
        row.get("phase", ""),
        activity,
        owner,
        dump.nodes,
        shot,
        shot_sha256,
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
            unread.add(f"{prefix}index.jsonl line {line}: {what}")
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
