"""Instructions of a method: what they refer to, in bulk, and one by one where a method is looked into.

Walking all code of an SDK is left to Python's regular expression engine, as in readers/dex: a pattern matches whole
instructions, so the loop runs in C without an object each. Its repetition is greedy and not possessive: releases of
Python 3.11 before 3.11.5 match possessive ones wrongly when alternatives are inside (gh-106052).
"""

import re
from collections.abc import Iterator
from typing import Final

from hegui.readers.jvm.opcodes import (
    GETSTATIC,
    GOTO_W,
    IINC,
    INVOKEDYNAMIC,
    INVOKEINTERFACE,
    JSR_W,
    LAST_OPCODE,
    LDC,
    LDC_W,
    LENGTH,
    LOOKUPSWITCH,
    MULTIANEWARRAY,
    NEW,
    TABLESWITCH,
    WIDE,
    length_of,
)

_SHORT = (*range(GETSTATIC, INVOKEINTERFACE), NEW)
_LONG = (INVOKEINTERFACE, INVOKEDYNAMIC)
_CHANGED_BY_WIDE = (*range(0x15, 0x1A), *range(0x36, 0x3B), 0xA9)


def _one_of(opcodes: tuple[int, ...]) -> bytes:
    return b"[" + b"".join(b"\\x%02x" % opcode for opcode in opcodes) + b"]"


def _any_but(told: tuple[int, ...]) -> bytes:
    """A pattern for instructions whose opcode is not in `told`; never for a switch, whose length hangs on its place."""

    def of_length(length: int) -> tuple[int, ...]:
        return tuple(each for each in range(LAST_OPCODE + 1) if LENGTH[each] == length and each not in told)

    wide = b"\\x%02x(?:\\x%02x....|" % (WIDE, IINC) + _one_of(_CHANGED_BY_WIDE) + b"..)"
    ways = [
        _one_of(of_length(1)) + b"+",
        _one_of(of_length(2)) + b".",
        _one_of(of_length(3)) + b"..",
        _one_of((GOTO_W, JSR_W)) + b"....",
        _one_of((MULTIANEWARRAY,)) + b"...",
        wide,
    ]
    if not told:
        ways.insert(3, _one_of(_LONG) + b"....")
    return b"(?:" + b"|".join(ways) + b")*"


def _telling(loads: bool) -> re.Pattern[bytes]:
    short, long = _one_of(_SHORT), _one_of(_LONG)
    ldc, ldc_w = _one_of((LDC,)), _one_of((LDC_W,))
    # What is captured, and how long the instruction is. A single byte stands for a switch, or for no instruction.
    captured = [short + b"..", long + b"..(?=..)"]
    whole = [short + b"..", long + b"...."]
    if loads:
        captured += [ldc + b".", ldc_w + b".."]
        whole += [ldc + b".", ldc_w + b".."]
    told = (*_SHORT, *_LONG, *((LDC, LDC_W) if loads else ()))
    pattern = (
        _any_but(told) + b"(?:(?=(" + b"|".join([*captured, b"."]) + b"))(?:" + b"|".join([*whole, b".+"]) + b"))?"
    )
    return re.compile(pattern, re.DOTALL)


_REFERENCES: Final = _telling(loads=False)
_REFERENCES_AND_LOADS: Final = _telling(loads=True)
_WHOLE: Final = re.compile(_any_but(()), re.DOTALL)


def references(data: bytes, at: int, size: int, file: str, loads: bool = False) -> list[bytes]:
    """What the instructions data[at:at+size] refer to, in order: field access, calls, `new`, as they stand in the file.

    Three bytes each, opcode and constant pool index. With `loads` also ldc (two bytes) and ldc_w, which matter only
    where the pool holds method handles. Raises Malformed where no instruction stands.
    """
    pattern = _REFERENCES_AND_LOADS if loads else _REFERENCES
    start, end = at, at + size
    found: list[bytes] = pattern.findall(data, at, end)
    while found:
        last = found[-1]
        if len(last) > 1:
            break
        found.pop()
        if not last:
            continue
        at = _WHOLE.match(data, at, end).end()  # type: ignore[union-attr]
        at += length_of(data, at, start, end, file)
        found += pattern.findall(data, at, end)
    return found


def instructions(data: bytes, at: int, size: int, file: str) -> Iterator[int]:
    """Where each instruction of data[at:at+size] begins. Raises Malformed where none stands."""
    start, end = at, at + size
    while at < end:
        yield at
        length = LENGTH[data[at]]
        at += length if length and at + length <= end else length_of(data, at, start, end, file)


def branches(data: bytes, at: int, start: int) -> list[int]:
    """Where the instruction at `at` may go but for the next one: offsets from the start of the code.

    Not bounded here: a hostile offset leads anywhere.
    """
    opcode = data[at]
    if 0x99 <= opcode <= 0xA8 or opcode in (0xC6, 0xC7):
        return [at - start + int.from_bytes(data[at + 1 : at + 3], signed=True)]
    if opcode in (GOTO_W, JSR_W):
        return [at - start + int.from_bytes(data[at + 1 : at + 5], signed=True)]
    if opcode not in (TABLESWITCH, LOOKUPSWITCH):
        return []
    operands = at + 4 - (at - start) % 4
    words = [int.from_bytes(data[place : place + 4], signed=True) for place in range(operands, operands + 12, 4)]
    if opcode == TABLESWITCH:
        places = range(operands + 12, operands + 12 + 4 * (words[2] - words[1] + 1), 4)
    else:
        places = range(operands + 12, operands + 12 + 8 * words[1], 8)
    return [at - start + words[0]] + [
        at - start + int.from_bytes(data[place : place + 4], signed=True) for place in places
    ]
