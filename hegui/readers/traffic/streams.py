"""The bytes one side of a TCP connection sent, in order, and what they are: a TLS greeting, HTTP/1 requests."""

import re
import struct
from bisect import bisect_right
from dataclasses import dataclass, field

from hegui.facts.unread import Unread
from hegui.readers.traffic.sent import Sent

_MOST_BYTES = 32 << 20
_START = re.compile(rb"(GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|CONNECT) (\S{1,65536}) HTTP/1\.[01]\r\n")
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[^\r\n]{0,100}\r\n")
TLS_HANDSHAKE, _CLIENT_HELLO, _SERVER_NAME = 22, 1, 0
_SEQUENCES = 1 << 32


@dataclass
class Stream:
    """Segments as they came: offset, bytes, time. `number` is that of its first packet."""

    first_s: float
    number: int
    parts: list[tuple[int, bytes, float]] = field(default_factory=list)
    size_bytes: int = 0
    cut: bool = False
    _first: int | None = None

    def add(self, at_s: float, seq: int, data: bytes, syn: bool, missing: int) -> None:
        if self._first is None:
            self._first = seq + 1 if syn else seq
        self.cut = self.cut or missing > 0
        if not data:
            return
        # Keep-alive probes repeat the byte before; sequence numbers wrap at 4 GiB.
        at = (seq - self._first + _SEQUENCES // 2) % _SEQUENCES - _SEQUENCES // 2
        self.size_bytes += len(data)
        if at + len(data) <= _MOST_BYTES:
            self.parts.append((at, data, at_s))
        else:
            self.cut = True

    def joined(self) -> tuple[bytes, bool, list[tuple[int, float]]]:
        """The bytes up to the first gap, whether that is all, and from which byte on each time holds."""
        made, whole = bytearray(), not self.cut
        times: list[tuple[int, float]] = []
        parts = sorted(self.parts, key=lambda part: part[0])
        # A capture may begin in the middle, so that the first segment seen is not the first in order.
        base = min(parts[0][0], 0) if parts and len(parts[0][1]) > 1 else 0
        for offset, data, at_s in parts:
            at = offset - base
            if at > len(made):
                return bytes(made), False, times
            if at + len(data) > len(made):
                times.append((len(made), at_s))
                made += data[len(made) - at :]
        return bytes(made), whole, times


def sent_at(times: list[tuple[int, float]], offset: int) -> float:
    """When the byte was sent: one connection may carry requests that lie minutes apart."""
    return times[max(0, bisect_right(times, offset, key=lambda one: one[0]) - 1)][1]


def server_name(data: bytes) -> str | None:
    """The server name of a TLS ClientHello; "" when it names none, None when this is no TLS. Source: RFC 8446, RFC 6066."""
    if len(data) < 6 or data[0] != TLS_HANDSHAKE or data[1] != 3 or data[5] != _CLIENT_HELLO:
        # A record of application data: a connection that was open before the capture began.
        return "" if len(data) >= 5 and data[0] in (20, 21, 23) and data[1] == 3 and data[2] <= 4 else None
    hello = bytearray()
    at = 0
    # One greeting may fill several records.
    while at + 5 <= len(data) and data[at] == TLS_HANDSHAKE:
        size = int.from_bytes(data[at + 3 : at + 5])
        hello += data[at + 5 : at + 5 + size]
        at += 5 + size
    return name_in_hello(bytes(hello))


def name_in_hello(hello: bytes) -> str:
    """The server name of a ClientHello message, as far as it is there; "" without one. Source: RFC 8446, RFC 6066."""
    if hello[:1] != bytes([_CLIENT_HELLO]):
        return ""
    try:
        at = 4 + 2 + 32
        at += 1 + hello[at]
        at += 2 + int.from_bytes(hello[at : at + 2])
        at += 1 + hello[at]
        end = at + 2 + int.from_bytes(hello[at : at + 2])
        at += 2
        while at + 4 <= min(end, len(hello)):
            kind, size = struct.unpack_from(">HH", hello, at)
            if kind == _SERVER_NAME and size > 5 and at + 4 + size <= len(hello):
                return hello[at + 9 : at + 4 + size].decode("ascii", "replace").lower()
            at += 4 + size
    except (IndexError, struct.error):
        return ""
    return ""


def http_requests(data: bytes, whole: bool, times: list[tuple[int, float]]) -> list[Sent]:
    """The HTTP/1 requests of a stream, host "" where none is named; [] when it does not begin with one."""
    found: list[Sent] = []
    at = 0
    while start := _START.match(data, at):
        end = data.find(b"\r\n\r\n", start.start())
        head = data[start.end() : end if end >= 0 else len(data)].decode("utf-8", "replace")
        lines = (line.partition(":") for line in head.split("\r\n") if line)
        headers = [(name.strip(), text.strip()) for name, _, text in lines]
        sent = Sent(sent_at(times, at), "", "", start[1].decode(), start[2].decode("utf-8", "replace"), headers=headers)
        sent.host = sent.header("host").partition(":")[0].rstrip(".").lower()
        body_at = end + 4 if end >= 0 else len(data)
        after = _body(sent, data, body_at)
        if end < 0 or after > len(data) or (not whole and after == len(data)):
            sent.gaps.append(Unread("CAPTURE_ENCRYPTED", "the capture lacks packets of this request"))
        sent.size_bytes = min(after, len(data)) - at
        found.append(sent)
        at = after
    if found and at < len(data):
        rest = Unread("CAPTURE_ENCRYPTED", f"{len(data) - at} bytes after the request are not HTTP/1")
        found[-1].gaps.append(rest)
        found[-1].messages = [data[at:]]
    return found


def _body(sent: Sent, data: bytes, at: int) -> int:
    """Take the body of a request; where the next request begins."""
    if "chunked" in sent.header("transfer-encoding").lower():
        sent.body, after = _chunks(data, at)
        return after
    length = sent.header("content-length")
    size = int(length) if length.isdigit() and len(length) < 12 else 0
    sent.body = data[at : at + size] or None
    return at + size


def _chunks(data: bytes, at: int) -> tuple[bytes, int]:
    made = bytearray()
    while found := _CHUNK.match(data, at):
        size = int(found[1], 16)
        made += data[found.end() : found.end() + size]
        at = found.end() + size + 2
        if not size:
            return bytes(made), at
    return bytes(made), max(at, len(data) + 1)
