"""The closed list of reason codes: why a fact is missing, and the input that would settle it. Data: reasons.toml."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hegui import tables
from hegui.words import Words


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for `undetermined`. `order` 1: the input itself is absent; 2: a quality of an input that is there."""

    code: str
    means: Words
    settle: Words
    order: int


@cache
def _read() -> dict[str, Reason]:
    rows = tables.read(Path(__file__).parent / "reasons.toml")["reason"]
    return {
        row["code"]: Reason(row["code"], Words(**row["means"]), Words(**row["settle"]), row["order"]) for row in rows
    }


REASONS = _read()
