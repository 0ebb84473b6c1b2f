"""What a reader of the inputs beside the package gives: one part of the facts, with the inputs and stages behind it."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from hegui.facts.facts import Input, Stage
from hegui.facts.unread import Unread

T = TypeVar("T")


@dataclass(frozen=True)
class Part(Generic[T]):
    """`value` is the part of Facts, or Unread with the reason. `seconds` are wall seconds by stage, for timings.json."""

    value: T | Unread
    inputs: tuple[Input, ...]
    stages: tuple[Stage, ...]
    seconds: dict[str, float] = field(default_factory=dict)
