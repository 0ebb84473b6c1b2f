"""The difference between "none found" and "nobody looked"."""

from dataclasses import dataclass
from typing import TypeGuard, TypeVar

from hegui.facts.reasons import REASONS

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unread:
    """A part that was not read, or could not be. `()` means read, and none found; the two never meet.

    `unread` is a code of the closed list in reasons.py; `detail` says what, in technical terms.
    """

    unread: str
    detail: str = ""

    def __post_init__(self) -> None:
        if self.unread not in REASONS:
            raise ValueError(f"unknown reason code {self.unread!r}; the closed list is hegui/facts/reasons.py")

    @property
    def reason(self) -> str:
        return self.unread


def is_read(part: T | Unread) -> TypeGuard[T]:
    return not isinstance(part, Unread)
