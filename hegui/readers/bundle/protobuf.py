"""The wire format of protocol buffers (Protocol Buffers documentation, "Encoding"): fields in the order they stand.

No generated code and no schema: each reader names the field numbers it wants. Nothing is copied but what is asked for.
"""

from collections.abc import Iterator
from typing import NamedTuple

VARINT, I64, LEN, I32 = 0, 1, 2, 5


class BadMessage(Exception):
    """Bytes that are no message. It becomes a ReadError in the reader that knows the file, and never leaves it."""


class Field(NamedTuple):
    """A field. `value` is the number of a VARINT, I64 or I32, 0 for LEN, whose content runs from `start` to `end`.

    `at` is where the field's tag stands. All offsets count bytes from the start of the data.
    """

    number: int
    wire: int
    value: int
    start: int
    end: int
    at: int


class Message:
    """The data and the bounds of one message in it."""

    __slots__ = ("data", "end", "start")

    def __init__(self, data: memoryview, start: int = 0, end: int | None = None) -> None:
        self.data = data
        self.start = start
        self.end = len(data) if end is None else end

    def __iter__(self) -> Iterator[Field]:
        """The fields. Raises BadMessage where the bytes stop being some."""
        data, at, end = self.data, self.start, self.end
        while at < end:
            tag_at = at
            tag, at = _varint(data, at, end)
            number, wire = tag >> 3, tag & 7
            value, start = 0, at
            if not number:
                raise BadMessage(f"field number 0 at {tag_at}")
            if wire == VARINT:
                value, at = _varint(data, at, end)
            elif wire == LEN:
                size, start = _varint(data, at, end)
                at = start + size
            elif wire == I32:
                at += 4
            elif wire == I64:
                at += 8
            else:
                raise BadMessage(f"wire type {wire} at {tag_at}")
            if at > end:
                raise BadMessage(f"field {number} at {tag_at} ends at {at}, its message at {end}")
            if wire in (I32, I64):
                value = int.from_bytes(data[start:at], "little")
            yield Field(number, wire, value, start, at, tag_at)

    def last(self) -> dict[int, Field]:
        """Each field by its number: the last of several, as a parser takes it where the schema wants one."""
        return {field.number: field for field in self}

    def inner(self, field: Field | None) -> "Message":
        """The message a field holds: an empty one when there is none. Raises BadMessage when it holds no message."""
        if field is None:
            return Message(self.data, 0, 0)
        if field.wire != LEN:
            raise BadMessage(f"field {field.number} at {field.at} is no message")
        return Message(self.data, field.start, field.end)

    def text(self, field: Field | None) -> str:
        """The string a field holds, "" when there is none; what is not UTF-8 comes as U+FFFD."""
        inside = self.inner(field)
        return bytes(inside.data[inside.start : inside.end]).decode("utf-8", "replace")


def _varint(data: memoryview, at: int, end: int) -> tuple[int, int]:
    """A base 128 varint of at most ten bytes, and where it ends; kept to 64 bits."""
    value = shift = 0
    began = at
    while at < end and shift < 70:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, at
        shift += 7
    raise BadMessage(f"a number at {began} does not end")
