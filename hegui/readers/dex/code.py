"""Instructions: how long each is, what it writes, and where it goes. One method is decoded at a time, when needed.

Source: Dalvik bytecode (source.android.com/docs/core/runtime/dalvik-bytecode), "Summary of bytecode set",
"packed-switch-payload format" and the two after it; Dalvik executable instruction formats (…/instruction-formats).

Walking all of a long method is left to the regular expression engine of Python: one pattern matches whole instructions,
so that the loop over them runs in C, exactly and without an object for each. All methods of a file: see walk.py.
"""

import re
import struct
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from operator import itemgetter

from hegui.readers.dex.tables import Dex

NOP, MOVE_RESULT, MOVE_RESULT_WIDE, MOVE_RESULT_OBJECT = 0x00, 0x0A, 0x0B, 0x0C
RETURNS, THROW = range(0x0E, 0x12), 0x27
CONST_4, CONST_16, CONST_32, CONST_HIGH16 = 0x12, 0x13, 0x14, 0x15
CONST_WIDE_16, CONST_WIDE_32, CONST_WIDE, CONST_WIDE_HIGH16 = 0x16, 0x17, 0x18, 0x19
CONST_STRING, CONST_STRING_JUMBO, CONST_CLASS, CHECK_CAST, NEW_INSTANCE = 0x1A, 0x1B, 0x1C, 0x1F, 0x22
FILLED_NEW_ARRAY, FILLED_NEW_ARRAY_RANGE = 0x24, 0x25
GOTO, GOTO_16, GOTO_32, PACKED_SWITCH, SPARSE_SWITCH = 0x28, 0x29, 0x2A, 0x2B, 0x2C
IFS, IF_EQ, IF_NE, IF_EQZ, IF_NEZ = range(0x32, 0x3E), 0x32, 0x33, 0x38, 0x39
IGETS, SGETS, SPUTS, SGET_OBJECT = range(0x52, 0x59), range(0x60, 0x67), range(0x67, 0x6E), 0x62
INVOKES, INVOKES_RANGE = range(0x6E, 0x73), range(0x74, 0x79)
INVOKE_POLYMORPHIC, INVOKE_POLYMORPHIC_RANGE, INVOKE_CUSTOM, INVOKE_CUSTOM_RANGE = 0xFA, 0xFB, 0xFC, 0xFD
CONST_METHOD_HANDLE = 0xFE

ALL_INVOKES = frozenset([*INVOKES, *INVOKES_RANGE])

_PAYLOADS = (1, 2, 3)
JUMPS = frozenset([GOTO, GOTO_16, GOTO_32, PACKED_SWITCH, SPARSE_SWITCH, *IFS])
NO_WAY_ON = frozenset([*RETURNS, THROW, GOTO, GOTO_16, GOTO_32])


def _opcodes(*ranges: tuple[int, int]) -> list[int]:
    return [opcode for first, last in ranges for opcode in range(first, last + 1)]


def _lengths() -> bytes:
    """Code units of each opcode. Unused opcodes take one, as in the format 10x the specification gives them."""
    units = bytearray([1]) * 256
    two = _opcodes(
        (0x02, 0x02), (0x05, 0x05), (0x08, 0x08), (0x13, 0x13), (0x15, 0x16), (0x19, 0x1A), (0x1C, 0x1C), (0x1F, 0x20),
        (0x22, 0x23), (0x29, 0x29), (0x2D, 0x3D), (0x44, 0x6D), (0x90, 0xAF), (0xD0, 0xE2), (0xFE, 0xFF),
    )  # fmt: skip
    three = _opcodes(
        (0x03, 0x03), (0x06, 0x06), (0x09, 0x09), (0x14, 0x14), (0x17, 0x17), (0x1B, 0x1B), (0x24, 0x26),
        (0x2A, 0x2C), (0x6E, 0x72), (0x74, 0x78), (0xFC, 0xFD),
    )  # fmt: skip
    for opcodes, length in ((two, 2), (three, 3), (_opcodes((0xFA, 0xFB)), 4), ([CONST_WIDE], 5)):
        for opcode in opcodes:
            units[opcode] = length
    return bytes(units)


def _written() -> bytes:
    """Where each opcode says which register it writes: 0 none, 4 the A of B|A|op, 8 the AA of AA|op, 16 AAAA."""
    where = bytearray(256)
    nibble = _opcodes(
        (0x01, 0x01), (0x04, 0x04), (0x07, 0x07), (0x12, 0x12), (0x20, 0x21), (0x23, 0x23), (0x52, 0x58), (0x7B, 0x8F),
        (0xB0, 0xD7),
    )  # fmt: skip
    byte = _opcodes(
        (0x02, 0x02), (0x05, 0x05), (0x08, 0x08), (0x0A, 0x0D), (0x13, 0x1C), (0x22, 0x22), (0x2D, 0x31), (0x44, 0x4A),
        (0x60, 0x66), (0x90, 0xAF), (0xD8, 0xE2), (0xFE, 0xFF),
    )  # fmt: skip
    for opcodes, bits in ((nibble, 4), (byte, 8), ([0x03, 0x06, 0x09], 16)):
        for opcode in opcodes:
            where[opcode] = bits
    return bytes(where)


LENGTHS = _lengths()
# Not 0 for the opcodes that write a register.
WRITTEN = _written()
# Opcodes that write a pair of registers.
_WIDE = _opcodes(
    (0x04, 0x06), (0x0B, 0x0B), (0x16, 0x19), (0x45, 0x45), (0x53, 0x53), (0x61, 0x61), (0x7D, 0x7E), (0x80, 0x81),
    (0x83, 0x83), (0x86, 0x86), (0x88, 0x89), (0x8B, 0x8B), (0x9B, 0xA5), (0xAB, 0xAF), (0xBB, 0xC5), (0xCB, 0xCF),
)  # fmt: skip


def _one_of(opcodes: "list[int] | range") -> bytes:
    return b"[" + b"".join(b"\\x%02x" % opcode for opcode in opcodes) + b"]"


def any_of(opcodes: Iterable[int]) -> re.Pattern[bytes]:
    """A pattern for one byte that is one of these; one that never matches for none."""
    listed = sorted(opcodes)
    return re.compile(_one_of(listed) if listed else rb"(?!)")


def _instructions(but: frozenset[int] = frozenset()) -> bytes:
    """A pattern for one instruction whose opcode is not in `but`; never the beginning of a payload."""
    ways = [
        _one_of([opcode for opcode in range(1, 256) if LENGTHS[opcode] == units and opcode not in but])
        + b"." * (2 * units - 1)
        for units in (1, 2, 3, 4, 5)
    ]
    # The commonest first: the engine tries them in turn.
    return b"|".join([ways[1], ways[0], ways[2], rb"\x00[^\x01-\x03]", *(way for way in ways[3:] if way[0:2] != b"[]")])


_TYPED = [CONST_CLASS, NEW_INSTANCE, *SGETS, *SPUTS, CONST_METHOD_HANDLE]
_CALLS = [*INVOKES, *INVOKES_RANGE, INVOKE_CUSTOM, INVOKE_CUSTOM_RANGE]
# The opcodes whose references `tokens` gives.
SAID = frozenset([*_TYPED, *_CALLS])

_WHOLE = re.compile(b"(?:" + _instructions() + b")*+", re.DOTALL)
# What code refers to, in order: tokens of four bytes as they stand in the code (opcode, registers, and the index of a type
# for const-class and new-instance, of a field for sget and sput, of a method for invoke, of a call site or method handle);
# empty ones, which mean nothing; and at last one of a single byte when a payload or no whole instruction follows.
_TOKENS = re.compile(
    b"(?:" + _instructions(SAID) + b")*+"
    # What it says, or one byte at a payload or where no whole instruction is left; then step over it.
    b"(?:(?=(" + _one_of(_TYPED) + b"...|" + _one_of(_CALLS) + rb"...(?=..)|.))"
    b"(?:" + _one_of(_TYPED) + b"...|" + _one_of(_CALLS) + rb".....|.+)|\Z)",
    re.DOTALL,
)


_JUMP = any_of(JUMPS)
# "try_item": the first code unit, how many, and the offset of the handlers.
_TRY = struct.Struct("<IHH")
# By opcode, the code units to the next instruction; 0 where a payload may begin.
_STEPS = b"\0" + LENGTHS[1:]


def tokens(data: bytes, at: int, end: int) -> tuple[bytes, bool]:
    """The tokens of four bytes between two byte offsets, equal ones once, and whether all is whole instructions.

    Payloads are stepped over wherever they are.
    """
    # In the order of the code: a set of bytes has another order in each process, and the example paths with it.
    said: dict[bytes, None] = {}
    while True:
        found = _TOKENS.findall(data, at, end)
        said |= dict.fromkeys(found)
        # One of a single byte takes all that follows, so that only the empty one of the end comes after it.
        stopped = [token for token in found[-2:] if len(token) == 1]
        for nothing in (b"", *stopped):
            said.pop(nothing, None)
        if not stopped:
            return b"".join(said), True
        at = _whole_until(data, at, end)
        if end - at < 2 or data[at] != NOP or data[at + 1] not in _PAYLOADS:
            return b"".join(said), False
        at = _past_payload(data, at, end)
        if at < 0:
            return b"".join(said), False


def _whole_until(data: bytes, at: int, end: int) -> int:
    """Where whole instructions, counted from a byte offset, end: at a payload, a remainder, or `end`."""
    found = _WHOLE.match(data, at, end)
    return found.end() if found else at


def starts_instruction(data: bytes, at: int, end: int, place: int) -> bool:
    """Whether a whole instruction begins at byte offset `place` of the code between byte offsets `at` and `end`."""
    if place + 2 * LENGTHS[data[place]] > end:
        return False
    while True:
        at = _whole_until(data, at, place)
        if at == place:
            return data[at] != NOP or data[at + 1] not in _PAYLOADS
        if place - at < 2 or data[at] != NOP or data[at + 1] not in _PAYLOADS:
            return False
        at = _past_payload(data, at, end)
        if at < 0 or at > place:
            return False


def _past_payload(data: bytes, at: int, end: int) -> int:
    """The byte offset after the payload at a byte offset, or -1 when it does not fit."""
    if at + 8 > end:
        return -1
    kind, count = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "little")
    if kind == 1:
        after = at + 8 + 4 * count
    elif kind == 2:
        after = at + 4 + 8 * count
    else:
        size = count * int.from_bytes(data[at + 4 : at + 8], "little")
        after = at + 8 + size + (size & 1)
    return after if after <= end else -1


class Body:
    """The instructions of one method: `opcodes[k]` is that of instruction k, `at[k]` where it stands, in code units,
    of which `number_at` is the reverse. Payloads are left out. `whole` tells whether all the code is whole instructions.
    """

    def __init__(self, dex: Dex, code_off: int) -> None:
        self.dex = dex
        size = dex.code_size(code_off)
        self.registers, self.ins, _, self.tries_n = dex.units(code_off, 4)
        self.insns = code_off + 16
        self.size = size
        # A list, for its items are asked for many times.
        self.units: list[int] = dex.units(self.insns, size).tolist()
        # The low byte of each code unit: where an instruction begins, its opcode.
        low = dex.data[self.insns : self.insns + 2 * size : 2]
        self.whole = True
        at: list[int] = []
        steps, place = low.translate(_STEPS), 0
        add = at.append
        while place < size:
            if step := steps[place]:
                add(place)
                place += step
            elif self.units[place] >> 8 not in _PAYLOADS:
                add(place)
                place += 1
            else:
                place = (_past_payload(dex.data, self.insns + 2 * place, self.insns + 2 * size) - self.insns) // 2
                if place < 0:
                    self.whole = False
                    break
        if place > size:
            # The last one is cut off by the end of the code.
            self.whole = False
            at.pop()
        self.at = at
        # An itemgetter is the quickest, and gives no tuple for a single item.
        self.opcodes = bytes(itemgetter(*at)(low)) if len(at) > 1 else bytes(low[place] for place in at)
        self._jumped: dict[int, list[int]] | None = None
        self._handlers: list[tuple[int, int, tuple[int, ...]]] | None = None

    def number_at(self, place: int) -> int | None:
        """The instruction that begins at a code unit; None where none does."""
        k = bisect_left(self.at, place)
        return k if k < len(self.at) and self.at[k] == place else None

    def opcode(self, k: int) -> int:
        return self.opcodes[k]

    def written(self, k: int) -> tuple[int, bool]:
        """The register instruction k writes, -1 for none, and whether the one after it is written too."""
        opcode = self.opcodes[k]
        bits = WRITTEN[opcode]
        if not bits:
            return -1, False
        unit = self.units[self.at[k]]
        register = unit >> 8 & 0xF if bits == 4 else unit >> 8 if bits == 8 else self.units[self.at[k] + 1]
        return register, opcode in _WIDE

    def arguments(self, k: int) -> list[int]:
        """The registers an invoke or filled-new-array passes, the receiver first; a long or double takes two."""
        at = self.at[k]
        unit, last = self.units[at], self.units[at + 2]
        opcode = unit & 0xFF
        if opcode in INVOKES_RANGE or opcode in (FILLED_NEW_ARRAY_RANGE, INVOKE_CUSTOM_RANGE, INVOKE_POLYMORPHIC_RANGE):
            return list(range(last, last + (unit >> 8)))
        count = unit >> 12
        four = (last & 0xF, last >> 4 & 0xF, last >> 8 & 0xF, last >> 12, unit >> 8 & 0xF)
        return list(four[:count])

    def goes_to(self, k: int) -> list[int]:
        """The instructions that can run after k, but for exceptions: the next one first, when it is one of them."""
        opcode = self.opcodes[k]
        following = [k + 1] if opcode not in NO_WAY_ON and k + 1 < len(self.at) else []
        if opcode in JUMPS:
            # A branch into the middle of an instruction would not pass the runtime's verifier; it leads nowhere here.
            following += [target for place in self._branches(k) if (target := self.number_at(place)) is not None]
        return following

    def handlers(self) -> list[tuple[int, int, tuple[int, ...]]]:
        """Ranges of code units, from and up to, and where the handlers that cover them begin ("try_item")."""
        if self._handlers is None:
            self._handlers = list(self._read_handlers())
        return self._handlers

    def caught_at(self, k: int) -> list[int]:
        """The handlers that an exception thrown by instruction k can reach."""
        place = self.at[k]
        return [
            target
            for first, end, places in self.handlers()
            if first <= place < end
            for handler in places
            if (target := self.number_at(handler)) is not None
        ]

    def comes_from(self, k: int) -> list[int]:
        """The instructions that can run before k, exceptions included, in the order of the code."""
        before = [k - 1] if k and self.opcodes[k - 1] not in NO_WAY_ON else []
        jumps = self.jumped().get(k)
        return before if jumps is None else sorted({*before, *jumps})

    def jumped(self) -> dict[int, list[int]]:
        """For each instruction that branches or exceptions lead to: those they come from, besides the one before it."""
        if self._jumped is None:
            jumped: dict[int, list[int]] = {}
            at, units, last = self.at, self.units, len(self.at)
            for jump in _JUMP.finditer(self.opcodes):
                k = jump.start()
                place = at[k]
                # Nearly all are ifs, so they do without the calls.
                is_if = self.opcodes[k] in IFS
                for to in (place + _signed(units[place + 1], 16),) if is_if else self._branches(k):
                    target = bisect_left(at, to)
                    if target < last and at[target] == to:
                        jumped.setdefault(target, []).append(k)
            for first, end, places in self.handlers():
                covered = range(bisect_left(self.at, first), bisect_left(self.at, end))
                for place in places:
                    if covered and (handler := self.number_at(place)) is not None:
                        jumped.setdefault(handler, []).extend(covered)
            self._jumped = jumped
        return self._jumped

    def _branches(self, k: int) -> Iterator[int]:
        """Where the branch at k leads, in code units from the method's first."""
        at, units = self.at[k], self.units
        unit = units[at]
        opcode = unit & 0xFF
        if opcode == GOTO:
            yield at + _signed(unit >> 8, 8)
        elif opcode in (GOTO_16, *IFS):
            yield at + _signed(units[at + 1], 16)
        elif opcode == GOTO_32:
            yield at + _signed(units[at + 1] | units[at + 2] << 16, 32)
        else:
            yield from self._cases(at, at + _signed(units[at + 1] | units[at + 2] << 16, 32))

    def case(self, k: int, key: int) -> int | None:
        """Where the switch at k goes for this key; None where that is in the middle of an instruction or outside."""
        at, units = self.at[k], self.units
        payload = at + _signed(units[at + 1] | units[at + 2] << 16, 32)
        for number, to in enumerate(self._cases(at, payload)):
            packed = self.opcodes[k] == PACKED_SWITCH
            place = payload + 2 if packed else payload + 2 + 2 * number
            if _signed(units[place] | units[place + 1] << 16, 32) + (number if packed else 0) == key:
                return self.number_at(to)
        return k + 1 if k + 1 < len(self.at) else None

    def moved_from(self, k: int) -> int | None:
        """The register a move at k copies; None when instruction k is no move."""
        units, at = self.units, self.at[k]
        opcode = self.opcodes[k]
        if opcode in (0x01, 0x04, 0x07):
            return units[at] >> 12
        if opcode in (0x02, 0x05, 0x08):
            return units[at + 1]
        if opcode in (0x03, 0x06, 0x09):
            return units[at + 2]
        return None

    def _cases(self, at: int, payload: int) -> Iterator[int]:
        if not 0 <= payload < self.size - 3:
            return
        count = self.units[payload + 1]
        first = payload + 4 if self.units[payload] == 0x100 else payload + 2 + 2 * count
        if self.units[payload] not in (0x100, 0x200) or first + 2 * count > self.size:
            return
        for place in range(first, first + 2 * count, 2):
            yield at + _signed(self.units[place] | self.units[place + 1] << 16, 32)

    def _read_handlers(self) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        if not self.tries_n:
            return
        dex = self.dex
        tries = self.insns + 2 * self.size + 2 * (self.size & 1)
        listed = tries + 8 * self.tries_n
        if listed > len(dex.data):
            dex.bad(tries, f"{self.tries_n} try items inside the file")
        # Many ranges have the same handlers.
        known: dict[int, tuple[int, ...]] = {}
        for first, count, offset in _TRY.iter_unpack(dex.data[tries:listed]):
            if offset not in known:
                known[offset] = self._handlers_at(listed + offset)
            yield first, first + count, known[offset]

    def _handlers_at(self, place: int) -> tuple[int, ...]:
        """Where the handlers begin that an encoded_catch_handler at a byte offset lists, that for all types last."""
        dex = self.dex
        size, place = dex.sleb(place)
        addresses = []
        for _ in range(abs(size)):
            _, place = dex.uleb(place)
            address, place = dex.uleb(place)
            addresses.append(address)
        if size <= 0:
            address, place = dex.uleb(place)
            addresses.append(address)
        return tuple(addresses)


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) else value
