"""Constants that reach the arguments of a call, followed backwards inside one method.

Followed: constants of every kind, class constants, static fields, moves, Uri.parse and the like, and strings put
together from constants. A value is given only where an instruction puts it there on some path to the call; what a
register may hold besides is not claimed. Sources: Dalvik bytecode, "Summary of bytecode set".
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hegui.readers.dex import code
from hegui.readers.dex.android import CONTENT_URIS
from hegui.readers.dex.code import Body
from hegui.readers.dex.tables import Dex, mutf8

if TYPE_CHECKING:
    from hegui.facts.package import Argument

# Values listed for one argument, instructions looked at for one argument, and characters of one value.
MOST_VALUES = 8
_MOST_STEPS = 2000
_MOST_TEXT = 1024
_DEEPEST = 6

# Calls whose result says the same as one of their arguments (0 is the receiver of an instance method).
_SAME = {
    b"Landroid/net/Uri;->parse": 0,
    b"Landroid/net/Uri;->toString": 0,
    b"Landroid/net/Uri;->buildUpon": 0,
    b"Landroid/net/Uri$Builder;->build": 0,
    b"Ljava/lang/String;->intern": 0,
    b"Ljava/lang/String;->toString": 0,
    b"Ljava/lang/String;->trim": 0,
    b"Ljava/lang/String;->valueOf": 0,
    b"Ljava/util/Arrays;->asList": 0,
    b"Ljava/util/Objects;->requireNonNull": 0,
    b"Lkotlin/jvm/internal/Intrinsics;->checkNotNull": 0,
}
# Calls that put something after a path: the path, what follows it, and what stands between.
_JOINED = {
    b"Landroid/content/ContentUris;->withAppendedId": (0, 1, "/"),
    b"Landroid/net/Uri$Builder;->appendEncodedPath": (0, 1, "/"),
    b"Landroid/net/Uri$Builder;->appendPath": (0, 1, "/"),
    b"Landroid/net/Uri;->withAppendedPath": (0, 1, "/"),
    b"Ljava/lang/String;->concat": (0, 1, ""),
}
_BUILDERS = (b"Ljava/lang/StringBuilder;", b"Ljava/lang/StringBuffer;")
_UNKNOWN = "…"
_APUT_OBJECT = 0x4D
# An invoke may name up to 255 registers from the 65,536th on.
_REGISTER_BITS, _REGISTER = 17, (1 << 17) - 1
# What does not lead to the instruction after it, or may put something into an array in the register.
_NOT_STRAIGHT = code.NO_WAY_ON | {_APUT_OBJECT}
_FILLED = (code.FILLED_NEW_ARRAY, code.FILLED_NEW_ARRAY_RANGE)


def arguments(body: Body, k: int, method: int, static: bool) -> "tuple[Argument, ...]":
    """The constant arguments of the invoke at instruction k, which names that method id.

    Several of one index are values it has on different paths, or the elements of an array. Text as it is; a number in
    decimal (false and null are 0); a class as its descriptor; a static field as `Lpkg/Cls;->NAME`, or the content URI
    it is known to hold. A text that goes on with something unknown ends in "…".
    """
    # The bare scan has no use for facts, and importing them takes as long as scanning a small package.
    from hegui.facts.package import Argument

    registers = body.arguments(k)
    found = []
    first = 0 if static else 1
    for index, position in enumerate(body.dex.parameters(method)):
        if first + position < len(registers):
            found += [Argument(index, value) for value in Values(body).of(k, registers[first + position])]
    return tuple(found)


class Values:
    """The constants a register can hold, found by walking back from its use. The number of steps is bounded."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.dex = body.dex
        self.steps = 0

    def of(self, k: int, register: int, depth: int = 0) -> list[str]:
        """What `register` can hold when instruction k begins: distinct values, at most eight.

        Those of an array are its elements, in the order they are put in.
        """
        found: list[str] = []
        elements: list[str] = []
        for value, is_element in self._walk(k, register, depth):
            kept = elements if is_element else found
            if value not in found and value not in elements:
                kept.append(value)
            if len(found) + len(elements) == MOST_VALUES:
                break
        # The walk goes backwards, so it meets the last element first.
        return elements[::-1] + found

    def one(self, k: int, register: int, depth: int) -> str | None:
        """The only constant known for a register; None when there is none or more than one."""
        values = self.of(k, register, depth=depth)
        return values[0] if len(values) == 1 else None

    def _walk(self, k: int, register: int, depth: int) -> Iterator[tuple[str, bool]]:
        """Values, and whether each is an element put into an array."""
        body, opcodes, jumped = self.body, self.body.opcodes, self.body.jumped()
        units, at, written_at = body.units, body.at, code.WRITTEN
        # Where the walk has been, and what is left to look at: instruction << _REGISTER_BITS | register.
        pending = [k << _REGISTER_BITS | register]
        seen = set(pending)
        while pending and self.steps < _MOST_STEPS:
            self.steps += 1
            place = pending.pop()
            k, register = place >> _REGISTER_BITS, place & _REGISTER
            # Most instructions run after the one before them alone, and most of those leave the register be.
            while k and k not in jumped:
                opcode = opcodes[k - 1]
                if bits := written_at[opcode]:
                    unit = units[at[k - 1]]
                    written = unit >> 8 & 0xF if bits == 4 else unit >> 8 if bits == 8 else units[at[k - 1] + 1]
                    if written == register or written + 1 == register:
                        break
                elif opcode in _NOT_STRAIGHT:
                    break
                place -= 1 << _REGISTER_BITS
                if place in seen or self.steps == _MOST_STEPS:
                    k = -1
                    break
                seen.add(place)
                self.steps += 1
                k -= 1
            for before in body.comes_from(k) if k in jumped else (k - 1,) if k > 0 else ():
                opcode = opcodes[before]
                source = register
                if written_at[opcode]:
                    written, pair = body.written(before)
                    is_it = written == register
                    # What is thrown on the way has written nothing.
                    if (is_it or (pair and written + 1 == register)) and before + 1 == k:
                        moved = body.moved_from(before) if is_it else None
                        if moved is None:
                            for value in self._written_by(before, depth) if is_it else ():
                                yield value, False
                            continue
                        source = moved
                elif opcode == _APUT_OBJECT and depth < _DEEPEST:
                    unit, operands = units[at[before]], units[at[before] + 1]
                    if operands & 0xFF == register:
                        for value in self.of(before, unit >> 8, depth + 1):
                            yield value, True
                elif opcode in code.NO_WAY_ON and k not in jumped:
                    continue
                if (following := before << _REGISTER_BITS | source) not in seen:
                    seen.add(following)
                    pending.append(following)

    def _written_by(self, k: int, depth: int) -> Iterator[str]:
        """The constant instruction k writes, if it is one."""
        body, dex = self.body, self.dex
        units, at = body.units, body.at[k]
        opcode = units[at] & 0xFF
        if opcode == code.CONST_STRING:
            yield _shortened(dex.text(units[at + 1]))
        elif opcode == code.CONST_STRING_JUMBO:
            yield _shortened(dex.text(units[at + 1] | units[at + 2] << 16))
        elif opcode == code.CONST_CLASS:
            yield mutf8(dex.type_name(units[at + 1]))
        elif opcode in code.SGETS:
            yield field_read(dex, units[at + 1])
        elif code.CONST_4 <= opcode <= code.CONST_WIDE_HIGH16:
            yield str(loaded(opcode, units, at))
        elif opcode == code.MOVE_RESULT_OBJECT and k and body.opcode(k - 1) in _FILLED:
            for element in body.arguments(k - 1):
                yield from self.of(k - 1, element, depth + 1)
        elif opcode == code.MOVE_RESULT_OBJECT and k:
            yield from self._result(k - 1, depth + 1)

    def _result(self, k: int, depth: int) -> Iterator[str]:
        """What the call at instruction k returns, for the few calls that return what they are given."""
        if depth > _DEEPEST or self.body.opcode(k) not in code.ALL_INVOKES:
            return
        method = self.body.units[self.body.at[k] + 1]
        if method >= self.dex.methods_n:
            return
        registers = self.body.arguments(k)
        cls = self.dex.type_name(self.dex.method_class[method])
        name = self.dex.string(self.dex.method_name[method])
        if name == b"toString" and cls in _BUILDERS and registers:
            text = self._built(k, registers[0], depth)
            if text:
                yield text
            return
        called = cls + b"->" + name
        if called in _SAME and len(registers) > _SAME[called]:
            yield from self.of(k, registers[_SAME[called]], depth=depth)
        elif called in _JOINED and len(registers) > 1:
            first, second, between = _JOINED[called]
            rest = (
                self.one(k, registers[second], depth)
                if called != b"Landroid/content/ContentUris;->withAppendedId"
                else None
            )
            for begin in self.of(k, registers[first], depth=depth):
                yield begin if begin.endswith(_UNKNOWN) else _shortened(begin + between + (rest or _UNKNOWN))

    def _built(self, k: int, register: int, depth: int) -> str:
        """The text of a StringBuilder in `register` at instruction k, as far as straight code before k put it there."""
        pieces: list[str] = []
        body, dex = self.body, self.dex
        while k > 0 and body.comes_from(k) == [k - 1] and self.steps < _MOST_STEPS:
            self.steps += 1
            k -= 1
            opcode = body.opcode(k)
            if opcode in code.ALL_INVOKES:
                registers = body.arguments(k)
                method = body.units[body.at[k] + 1]
                if not registers or registers[0] != register or method >= dex.methods_n:
                    continue
                if dex.type_name(dex.method_class[method]) not in _BUILDERS:
                    continue
                name = dex.string(dex.method_name[method])
                if name not in (b"append", b"<init>"):
                    return ""
                if len(registers) > 1:
                    number = dex.proto(dex.method_proto[method]).startswith(b"(I") and name == b"<init>"
                    pieces.append("" if number else self._piece(k, registers[1], method, depth))
                if name == b"<init>":
                    return _put_together(pieces[::-1])
                continue
            written, pair = body.written(k)
            if written == register or (pair and written + 1 == register):
                if opcode == code.MOVE_RESULT_OBJECT and k and body.opcode(k - 1) in code.ALL_INVOKES:
                    # append returns the builder itself.
                    called = body.units[body.at[k - 1] + 1]
                    if called < dex.methods_n and dex.type_name(dex.method_class[called]) in _BUILDERS:
                        register = body.arguments(k - 1)[0]
                        continue
                source = body.moved_from(k)
                if source is None:
                    return ""
                register = source
        return ""

    def _piece(self, k: int, register: int, method: int, depth: int) -> str:
        kind = self.dex.proto(self.dex.method_proto[method])[1:2]
        value = self.one(k, register, depth + 1) if depth < _DEEPEST else None
        if value is None or kind in b"JDF":
            return _UNKNOWN
        return chr(int(value)) if kind == b"C" and value.isdecimal() and int(value) < 0xD800 else value


def _put_together(pieces: list[str]) -> str:
    """The pieces up to the first unknown one; nothing when that is the first."""
    text = ""
    for piece in pieces:
        text += piece
        if piece.endswith(_UNKNOWN):
            break
    return "" if text == _UNKNOWN else _shortened(text)


def _shortened(text: str) -> str:
    return text if len(text) <= _MOST_TEXT else text[: _MOST_TEXT - 1] + _UNKNOWN


def field_read(dex: Dex, field: int) -> str:
    """A static field as `Lpkg/Cls;->NAME`, or the content URI it is known to hold. Raises Malformed."""
    if field >= dex.fields_n:
        dex.bad(0, f"a field index below {dex.fields_n}, not {field}")
    written = dex.type_name(dex.field_class[field]) + b"->" + dex.string(dex.field_name[field])
    return CONTENT_URIS.get(written) or mutf8(written)


def loaded(opcode: int, units: Sequence[int], at: int) -> int:
    """The number a const instruction loads: sign-extended, or shifted for the high16 forms."""
    unit = units[at]
    if opcode == code.CONST_4:
        value, bits = unit >> 12, 4
    elif opcode in (code.CONST_16, code.CONST_WIDE_16):
        value, bits = units[at + 1], 16
    elif opcode in (code.CONST_32, code.CONST_WIDE_32):
        value, bits = units[at + 1] | units[at + 2] << 16, 32
    elif opcode == code.CONST_HIGH16:
        value, bits = units[at + 1] << 16, 32
    elif opcode == code.CONST_WIDE:
        value, bits = sum(units[at + 1 + i] << 16 * i for i in range(4)), 64
    else:
        value, bits = units[at + 1] << 48, 64
    return value - (1 << bits) if value >> (bits - 1) else value
