"""The packets of a capture file, each with its time and link type: pcap of both byte orders, pcapng of any sections.

Sources: draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng. A file that was cut, or whose lengths lead nowhere, is told.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

# Byte order and ticks in a second, by the first four bytes.
_PCAP = {
    bytes.fromhex("d4c3b2a1"): ("<", 1e6),
    bytes.fromhex("a1b2c3d4"): (">", 1e6),
    bytes.fromhex("4d3cb2a1"): ("<", 1e9),
    bytes.fromhex("a1b23c4d"): (">", 1e9),
}
_SECTION = bytes.fromhex("0a0d0d0a")
MAGICS = frozenset({*_PCAP, _SECTION})
_ORDERS = {bytes.fromhex("4d3c2b1a"): "<", bytes.fromhex("1a2b3c4d"): ">"}
_INTERFACE, _PACKET, _SIMPLE, _ENHANCED = 1, 2, 3, 6
_RESOLUTION, _OFFSET = 9, 14
# What libpcap takes at most (MAXIMUM_SNAPLEN); a length beyond it leads past the packets that follow.
_LONGEST = 262_144


@dataclass(frozen=True, slots=True)
class Packet:
    """at_s: seconds since 1970; None for a simple packet block, which has no time."""

    at_s: float | None
    link: int
    data: bytes


@dataclass
class _Interface:
    link: int
    ticks: float = 1e6
    offset_s: int = 0


@dataclass
class _Section:
    order: str
    interfaces: list[_Interface] = field(default_factory=list)


def packets(data: bytes) -> Iterator[Packet]:
    """The packets in the order of the file. Raises ValueError, after those before, where it cannot be read on."""
    try:
        yield from _pcapng(data) if data.startswith(_SECTION) else _pcap(data)
    except struct.error as error:
        raise ValueError(str(error)) from None


def _pcap(data: bytes) -> Iterator[Packet]:
    order, ticks = _PCAP[data[:4]]
    snap_length, network = struct.unpack_from(f"{order}II", data, 16)
    at = 24
    while at < len(data):
        seconds, part, size, _ = struct.unpack_from(f"{order}IIII", data, at)
        end = at + 16 + size
        if end > len(data) or size > max(_LONGEST, snap_length):
            raise ValueError(f"at byte {at} stands a packet of {size} bytes, and {len(data) - at - 16} are left")
        # Above the link type stand the bits of the frame check sequence.
        yield Packet(seconds + part / ticks, network & 0xFFFF, data[at + 16 : end])
        at = end


def _pcapng(data: bytes) -> Iterator[Packet]:
    section = _Section("<")
    at = 0
    while at < len(data):
        if data.startswith(_SECTION, at):
            order = _ORDERS.get(data[at + 8 : at + 12])
            if order is None:
                raise ValueError(f"at byte {at} stands a section without a byte order")
            section = _Section(order)
        kind, size = struct.unpack_from(f"{section.order}II", data, at)
        if size < 12 or size % 4 or at + size > len(data):
            raise ValueError(f"at byte {at} stands a block of {size} bytes, and {len(data) - at} are left")
        body = data[at + 8 : at + size - 4]
        if kind == _INTERFACE:
            section.interfaces.append(_interface(body, section.order))
        elif kind in (_PACKET, _SIMPLE, _ENHANCED):
            yield _of_block(kind, body, section)
        at += size


def _interface(body: bytes, order: str) -> _Interface:
    made = _Interface(struct.unpack_from(f"{order}H", body)[0])
    at = 8
    while at + 4 <= len(body):
        code, size = struct.unpack_from(f"{order}HH", body, at)
        option = body[at + 4 : at + 4 + size]
        if code == _RESOLUTION and size == 1:
            made.ticks = float((2 if option[0] & 0x80 else 10) ** (option[0] & 0x7F))
        elif code == _OFFSET and size == 8:
            (made.offset_s,) = struct.unpack(f"{order}q", option)
        at += 4 + (size + 3) // 4 * 4
    return made


def _of_block(kind: int, body: bytes, section: _Section) -> Packet:
    if kind == _SIMPLE:
        return Packet(None, section.interfaces[0].link if section.interfaces else -1, body[4:])
    form = "IIIII" if kind == _ENHANCED else "HHIIII"
    number, *_, high, low, size, _ = struct.unpack_from(section.order + form, body)
    if number >= len(section.interfaces):
        raise ValueError(f"a packet of interface {number}, and {len(section.interfaces)} are described")
    interface = section.interfaces[number]
    return Packet(interface.offset_s + (high << 32 | low) / interface.ticks, interface.link, body[20 : 20 + size])
