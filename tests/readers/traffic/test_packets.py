"""Packets out of pcap and pcapng, beside what an independent writer made and by hand."""

import io
import struct

import dpkt
import pytest

from hegui.readers.traffic.packets import Packet, packets


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    size = 12 + len(body)
    return struct.pack(f"{order}II", kind, size) + body + struct.pack(f"{order}I", size)


def section(order: str = "<") -> bytes:
    return block(0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(link: int, options: bytes = b"", order: str = "<") -> bytes:
    return block(1, struct.pack(f"{order}HHI", link, 0, 0) + options, order)


def enhanced(number: int, ticks: int, data: bytes, order: str = "<") -> bytes:
    told = struct.pack(f"{order}IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(data), len(data))
    return block(6, told + data + bytes(-len(data) % 4), order)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("magic", "part"), [(0xA1B2C3D4, 250_000), (0xA1B23C4D, 250_000_000)])
def test_pcap_of_both_orders_and_units(order: str, magic: int, part: int) -> None:
    head = struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, 65535, 1)
    data = head + struct.pack(f"{order}IIII", 100, part, 3, 9) + b"abc"
    assert list(packets(data)) == [Packet(100.25, 1, b"abc")]


def test_pcapng_of_an_independent_writer() -> None:
    made = io.BytesIO()
    writer = dpkt.pcapng.Writer(made, linktype=101)
    writer.writepkt(b"abc", 100.25)
    writer.writepkt(b"d", 101.0)
    assert list(packets(made.getvalue())) == [Packet(100.25, 101, b"abc"), Packet(101.0, 101, b"d")]


def test_each_packet_has_the_link_and_the_clock_of_its_interface() -> None:
    # Thousandths of a second, and ten seconds to add.
    clock = struct.pack("<HHB3xHHq", 9, 1, 3, 14, 8, 10)
    data = section() + interface(1) + interface(113, clock) + enhanced(1, 2_500, b"b") + enhanced(0, 7_000_000, b"a")
    assert list(packets(data)) == [Packet(12.5, 113, b"b"), Packet(7.0, 1, b"a")]


def test_a_section_begins_anew_in_its_own_byte_order() -> None:
    data = section() + interface(1) + section(">") + interface(101, order=">") + enhanced(0, 3_000_000, b"a", ">")
    assert list(packets(data)) == [Packet(3.0, 101, b"a")]


def test_a_packet_without_a_time_is_not_lost() -> None:
    assert list(packets(section() + interface(1) + block(3, struct.pack("<I", 4) + b"abcd"))) == [
        Packet(None, 1, b"abcd")
    ]


@pytest.mark.parametrize(
    ("rest", "says"),
    [
        (b"\0", "buffer"),
        (block(1, bytes(8))[:-4], "a block of 20 bytes"),
        (struct.pack("<II", 5, 8), "a block of 8 bytes"),
        (struct.pack("<II", 5, 0xFFFFFFFC), "a block of"),
        (enhanced(1, 0, b"a"), "interface 1"),
        (b"\x0a\x0d\x0d\x0a" + bytes(24), "without a byte order"),
    ],
)
def test_where_a_file_breaks_off_is_told_after_what_stands_before(rest: bytes, says: str) -> None:
    read = packets(section() + interface(1) + enhanced(0, 0, b"a") + rest)
    assert next(read).data == b"a"
    with pytest.raises(ValueError, match=says):
        next(read)
