"""One log as the readers of formats get it."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from hegui.readers.limits import MIB, Limits
from hegui.readers.trace import text

_HEAD_BYTES = 256 * 1024


@dataclass
class Source:
    """`given` is what the file beside it says (run.toml), see hegui.readers.traces."""

    path: Path
    limits: Limits
    given: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.path.name

    @cached_property
    def head(self) -> bytes:
        with self.path.open("rb") as file:
            return file.read(_HEAD_BYTES)

    @cached_property
    def head_lines(self) -> list[str]:
        """The first lines, without the last one, which may be cut."""
        found, _ = text.lines(self.head, self.name, _HEAD_BYTES)
        return found[:-1] if len(self.head) == _HEAD_BYTES else found

    @cached_property
    def _decoded(self) -> tuple[list[str], int]:
        most = self.limits.entry_mb * MIB
        # One byte more than allowed is told as too large; a file of gigabytes is not read for that.
        with self.path.open("rb") as file:
            return text.lines(file.read(most + 1), self.name, most)

    @property
    def lines(self) -> list[str]:
        return self._decoded[0]

    @property
    def damaged_lines(self) -> int:
        """Lines with bytes of no known encoding."""
        return self._decoded[1]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)
