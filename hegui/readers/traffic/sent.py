"""What every format gives: one request as it was sent, and one capture."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from hegui.facts.traffic import Flow, Lookup, Protocol
from hegui.facts.unread import Unread
from hegui.readers.errors import one_line

# The year 5138; a later time is a broken one.
_MOST_S = 1e11


@dataclass
class Sent:
    """One request with all it sent. t_s: seconds since 1970. target: path with query. body: as transferred.

    messages: what the device sent after the upgrade to WebSocket, or as raw stream of an unknown protocol.
    readable: whether the content lies open; if not, only what is here was searched.
    """

    t_s: float
    host: str
    place: str
    method: str = ""
    target: str = ""
    tls: bool = True
    readable: bool = True
    protocol: Protocol = "http"
    headers: Sequence[tuple[str, str]] = ()
    body: bytes | None = None
    messages: Sequence[bytes] = ()
    size_bytes: int = 0
    status: int | None = None
    gaps: list[Unread] = field(default_factory=list)

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")


@dataclass
class Content:
    """What one file holds. `unread` are records that could not be read: their number in the file, and why."""

    format: str
    sent: list[Sent] = field(default_factory=list)
    lookups: list[tuple[float, str, str]] = field(default_factory=list)
    records: int = 0
    unread: list[tuple[int, str]] = field(default_factory=list)

    def not_read(self, why: object) -> None:
        """The record counted last cannot be read. An error may quote what was sent, and that is cut short."""
        self.unread.append((self.records, one_line(why)))


@dataclass
class Examined:
    """The child's answer: flows with t_ms since 1970."""

    format: str
    flows: tuple[Flow, ...]
    lookups: tuple[Lookup, ...]
    records: int
    records_unread: int


def sent_at_s(value: object) -> float:
    """Seconds since 1970. Raises ValueError: a record without a time is none that was sent."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < _MOST_S:
        raise ValueError("no time of sending")
    return float(value)
