"""What callers and readers agree on: the stages of a reading, how they end, and which module reads what."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from hegui.facts.facts import Stage
from hegui.readers.errors import ReadError
from hegui.readers.limits import Limits

# The modules that hold the stages of each kind of input.
KINDS = {
    "apk": "hegui.readers.apk.read",
    "sdk": "hegui.readers.sdk.read",
    "policy": "hegui.readers.policy.read",
    "policy_statements": "hegui.readers.policy.state",
    "trace": "hegui.readers.trace.read",
    "screen": "hegui.readers.screen.read",
    "traffic": "hegui.readers.traffic.read",
}

Fields = dict[str, Any]


@dataclass(frozen=True)
class Partial:
    """What a stage returns when it read some, but not all: the fields and why."""

    fields: Fields
    reason: str
    detail: str


@dataclass(frozen=True)
class Step:
    """A stage of a reader. `run` takes what the reader's `begin` returned and gives JSON-ready fields of `fields`.

    Values may be dataclasses, tuples, dicts with string keys, strings, numbers, booleans and None.
    `needs` names stages without which this one is skipped.
    """

    name: str
    run: Callable[[Any], Fields | Partial]
    fields: tuple[str, ...]
    needs: tuple[str, ...] = ()


class Reader(Protocol):
    """A reader module: its stages in order, what is worth doing once for all inputs, and how a reading begins."""

    STAGES: tuple[Step, ...]

    @staticmethod
    def prepare() -> None:
        """Import what the stages import and load their catalogues, in the fork server, before any input."""

    @staticmethod
    def begin(path: Path, limits: Limits, read: Fields) -> Any:
        """What the stages share. `read` holds the fields of stages that are done; it grows as stages end."""


@dataclass(frozen=True)
class Layer:
    """One layer of the confinement. `detail` says how it is in force, or why it is not."""

    name: str
    in_force: bool
    detail: str = ""


@dataclass(frozen=True)
class Result:
    """How the stages ended, in order; the fields read, not validated; errors of failed stages; wall seconds."""

    stages: tuple[Stage, ...]
    fields: Fields
    errors: dict[str, ReadError]
    seconds: dict[str, float]
    confinement: tuple[Layer, ...]
    children: int
