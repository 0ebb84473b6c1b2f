"""The edits of a near miss, made in a copy of its scenario folder; near_misses.toml says what each is."""

import json
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def edit(folder: Path, miss: dict[str, Any]) -> None:
    for name, old, new in miss.get("words", ()):
        text = (folder / name).read_text("utf-8")
        if text.count(old) != 1:
            raise ValueError(f"{folder / name}: {old!r} stands {text.count(old)} times, expected once")
        (folder / name).write_text(text.replace(old, new), "utf-8")
    for name, source in miss.get("copy", ()):
        (folder / name).write_bytes((folder / source).read_bytes())
    log = folder / miss.get("log", "run.jsonl")
    if {"at", "without", "plus", "head"} & miss.keys():
        rows = _edited([json.loads(line) for line in log.read_text("utf-8").splitlines()], miss)
        log.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def _edited(rows: list[Row], miss: dict[str, Any]) -> list[Row]:
    by_seq = {row["seq"]: row for row in rows if "seq" in row}
    for change in miss.get("at", ()):
        _change(by_seq[change["seq"]], change)
    _change(rows[0].get("meta", {}), miss.get("head", {}))
    kept = [row for row in rows if row.get("seq") not in miss.get("without", ())]
    kept += [{"seq": seq, **event} for seq, event in enumerate(miss.get("plus", ()), max(by_seq) + 1)]
    # In order of time, head and stacks first: one row that goes back by over a second looks like a clock set back.
    return sorted(kept, key=lambda row: row.get("t_ms", -1))


def _change(row: Row, change: Row) -> None:
    row |= {name: value for name, value in change.items() if name != "drop"}
    for name in change.get("drop", ()):
        del row[name]
