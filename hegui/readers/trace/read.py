"""One log to runs, in the confined child: recognise the format, read its rows, put them in order."""

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hegui.readers.errors import Malformed
from hegui.readers.limits import Limits
from hegui.readers.sandbox.stages import Fields, Partial, Step
from hegui.readers.trace.monitors import HOOKS
from hegui.readers.trace.recognise import recognise
from hegui.readers.trace.rows import Rows
from hegui.readers.trace.source import Source

_SHOWN_UNREAD = 5


@dataclass(frozen=True)
class Reading:
    source: Source


def prepare() -> None:
    """Load what the readers look up, before any input."""
    importlib.import_module("python_calamine")
    from hegui.catalogue.behaviours import app_op, by_method, by_words, is_collector, settings_keys, uris

    by_words("")
    by_method("getDeviceId")
    app_op("CAMERA")
    is_collector("")
    settings_keys()
    uris()


def begin(path: Path, limits: Limits, read: Fields) -> Reading:
    return Reading(Source(path, limits, read.get("given") or {}))


def _events(reading: Reading) -> Fields | Partial:
    """The runs, as columns; `hooks` when the file only says what is watched."""
    source = reading.source
    kind = recognise(source)
    found = kind.read(source)
    hooks = [hook for rows in found if rows.meta["format"] == HOOKS for hook in rows.meta["hooks"]]
    runs = [rows.finish() for rows in found if rows.meta["format"] != HOOKS]
    notes = [note for rows in found if rows.meta["format"] == HOOKS for note in rows.notes]
    if not hooks and not any(rows.rows for rows in found):
        raise Malformed(
            f"{source.name}：识别为{kind.name}，但没有一行记录；请核实导出是否完整",
            f"{source.name}: recognised as {kind.name}, but without a single row; check the export",
        )
    fields: dict[str, Any] = {"recognised": kind.name, "runs": runs, "hooks": hooks, "hook_notes": notes}
    unread = sum(rows.rows_unread for rows in found)
    # A log that was read whole without our own decoding of each line has none.
    damaged = source.damaged_lines if "_decoded" in source.__dict__ else 0
    unclear = sum(rows.rows_unclear for rows in found)
    if not unread and not damaged and not unclear:
        return fields
    return Partial(
        fields, "ROWS_UNREAD" if unread or damaged else "CODES_UNKNOWN", _told(found, unread, damaged, unclear)
    )


def _told(found: list[Rows], unread: int, damaged: int, unclear: int) -> str:
    total = sum(rows.rows for rows in found)
    parts = [f"{unread} of {total} rows not read"] if unread else []
    parts += [f"{damaged} lines with bytes of no known encoding"] if damaged else []
    parts += [f"{unclear} of {total} rows name what they read by a code of no list, see the notes"] if unclear else []
    shown = [one for rows in found for one in rows.kept_unread][:_SHOWN_UNREAD]
    return "; ".join([*parts, *(f"line {line}: {why}" for line, why in shown)])


STAGES: tuple[Step, ...] = (Step("events", _events, ("recognised", "runs", "hooks", "hook_notes")),)
