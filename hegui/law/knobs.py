"""The numbers and choices nobody wrote into the drafts (可调参数): RULES §4, with a reason each. Data: knobs.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hegui.words import Words

Value = int | float | bool | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Knob:
    """`set_by` is "" for the shipped default, else who set it and why (the user layer)."""

    name: str
    value: Value
    unit: str
    why: Words
    source: str
    set_by: str = ""


@cache
def shipped_knobs() -> dict[str, Knob]:
    rows = tomllib.loads((Path(__file__).parent / "knobs.toml").read_text("utf-8"))["knob"]
    return {
        row["name"]: Knob(row["name"], as_value(row["value"]), row["unit"], Words(**row["why"]), row["source"])
        for row in rows
    }


def as_value(read: object) -> Value:
    """A value as TOML gives it; a list of texts becomes a tuple. Raises TypeError for anything else."""
    if isinstance(read, list) and all(isinstance(one, str) for one in read):
        return tuple(read)
    if isinstance(read, int | float | bool | str):
        return read
    raise TypeError(f"a knob is a number, a truth value, a text or a list of texts, not {type(read).__name__}")
