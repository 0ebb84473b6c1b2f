"""Dumps of screens (--screens) to facts: each folder, ZIP or file read in a confined child. See docs/evidence.md."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from hegui.facts.facts import Input
from hegui.facts.json import adapter, first_fault
from hegui.facts.screens import Screen, Tap, Ui
from hegui.readers import sandbox
from hegui.readers.errors import ReadError, one_line
from hegui.readers.limits import Limits
from hegui.readers.part import One, Part, file_input, read_each
from hegui.readers.screen.folder import sizes_of

DEFAULT_LIMITS = Limits(answer_mb=256)


def read_screens(paths: Sequence[Path], limits: Limits = DEFAULT_LIMITS) -> Part[Ui]:
    """Read folders, ZIPs or single dumps. Never raises on bad input: its stage is failed, with one line that says why.

    Of several, the names of screens are preceded by that of the folder. A phase is explored if it is in all that show it.
    """
    each = read_each(paths, "screens", _input, lambda path, name: _read(path, name, limits))
    if not each.read:
        return each.part(each.unread("NO_UI"))
    read = [_prefixed(ui, f"{at}:{path.name}/") if len(paths) > 1 else ui for at, (path, ui) in enumerate(each.read, 1)]
    phases = sorted({phase for ui in read for phase in ui.explored})
    whole = Ui(
        tuple(screen for ui in read for screen in ui.screens),
        tuple(tap for ui in read for tap in ui.graph),
        {phase: all(ui.explored[phase] for ui in read if phase in ui.explored) for phase in phases},
    )
    return each.part(whole)


def _read(path: Path, name: str, limits: Limits) -> One[Ui]:
    size = sum(size for _, _, size in sizes_of(path)) if path.is_dir() else path.stat().st_size
    result = sandbox.run("screen", path, limits.for_size(size))
    for error in result.errors.values():
        raise error
    stage = result.stages[0]
    if "ui" not in result.fields:
        raise ReadError(f"{path.name}：{stage.detail or stage.reason}", f"{path.name}: {stage.detail or stage.reason}")
    try:
        ui: Ui = adapter(Ui).validate_python(result.fields["ui"])
    except ValidationError as error:
        said = one_line(": ".join(first_fault(error)))
        raise ReadError(
            f"{path.name}：读取结果不合格式：{said}", f"{path.name}: what was read does not fit: {said}"
        ) from None
    counted = f"{len(ui.screens)} screens, {len(ui.graph)} taps"
    detail = "; ".join(filter(None, (counted, stage.detail)))
    return One(ui, replace(stage, name=name, detail=detail), sum(result.seconds.values()))


def _prefixed(ui: Ui, prefix: str) -> Ui:
    screens = tuple(_with_id(screen, prefix) for screen in ui.screens)
    taps = tuple(Tap(prefix + tap.from_screen, tap.node, prefix + tap.to_screen) for tap in ui.graph)
    return Ui(screens, taps, ui.explored)


def _with_id(screen: Screen, prefix: str) -> Screen:
    return replace(screen, id=prefix + screen.id)


def _input(path: Path) -> Input:
    """A folder is known by the hash over the names and hashes of its files, in order."""
    if not path.is_dir():
        return file_input("screens", path)
    try:
        files = sizes_of(path)
        whole = hashlib.sha256()
        for name, place, _ in files:
            whole.update(f"{_sha256(place)}  {name}\n".encode("utf-8", "surrogateescape"))
        return Input("screens", path.name, whole.hexdigest(), sum(size for _, _, size in files))
    except (OSError, ValueError) as error:
        why = str(getattr(error, "strerror", None) or error)
        raise ReadError(f"界面 {path}：无法读取：{why}", f"screens {path}: cannot be read: {why}") from None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
