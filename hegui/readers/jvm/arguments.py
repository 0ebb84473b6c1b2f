"""Which constants reach the arguments of a call (常量参数): the operand stack and locals of one method, followed.

The frames are those of JVMS 2.6, holding for each slot the constants that some way through the method puts there; where
two ways meet, those of both. What a slot may hold besides is not claimed. Followed: constants of every kind, static
fields, moves, and calls that give back or join texts; not strings put together by a StringBuilder.
"""

import re
import struct
from functools import lru_cache
from typing import Final

from hegui.facts.package import Argument
from hegui.readers.dex.android import CONTENT_URIS
from hegui.readers.errors import Malformed
from hegui.readers.jvm import opcodes as op
from hegui.readers.jvm.class_file import ClassFile, Code
from hegui.readers.jvm.code import branches, instructions
from hegui.readers.jvm.pool import decoded

# As in readers/dex/arguments: calls whose result says the same as one of their arguments (0 is the receiver of an
# instance method), and calls that put something after a path.
_SAME: Final = {
    b"android/net/Uri->parse": 0,
    b"android/net/Uri->toString": 0,
    b"android/net/Uri->buildUpon": 0,
    b"android/net/Uri$Builder->build": 0,
    b"java/lang/String->intern": 0,
    b"java/lang/String->toString": 0,
    b"java/lang/String->trim": 0,
    b"java/lang/String->valueOf": 0,
    b"java/util/Objects->requireNonNull": 0,
    b"kotlin/jvm/internal/Intrinsics->checkNotNull": 0,
}
_JOINED: Final = {
    b"android/content/ContentUris->withAppendedId": "/",
    b"android/net/Uri$Builder->appendEncodedPath": "/",
    b"android/net/Uri$Builder->appendPath": "/",
    b"android/net/Uri->withAppendedPath": "/",
    b"java/lang/String->concat": "",
}
_UNKNOWN: Final = "…"

# How often instructions may be run again, on average, until nothing changes; real code needs less than three times.
_MOST_RUNS = 8
_MOST_LOCALS = 64
_MOST_STACK = 256
_MOST_VALUES = 8
_MOST_TEXT = 1024
_TYPE = re.compile(rb"\[*(?:[BCDFIJSZ]|L[^;]+;)")
_CHECKCAST = 0xC0
_HANDLER = struct.Struct(">3H2x")

Value = frozenset[str]
Values = list[Value]
Locals = dict[int, Value]
NOTHING: Value = frozenset()
# What happens when the ways through a method are not those of valid code.
INVALID = (IndexError, KeyError, Malformed)


@lru_cache(maxsize=4096)
def slots(descriptor: bytes) -> tuple[tuple[int, ...], int]:
    """The slots that each parameter of a method descriptor takes, and its result (JVMS 4.3.3)."""
    parameters, _, result = descriptor[1:].rpartition(b")")
    widths = tuple(2 if each in (b"J", b"D") else 1 for each in _TYPE.findall(parameters))
    return widths, 0 if result == b"V" else 2 if result in (b"J", b"D") else 1


def constant_arguments(class_file: ClassFile, code: Code, calls: set[int]) -> dict[int, tuple[Argument, ...]]:
    """The constant arguments of the calls at these offsets from the start of the code; parameters count from 0.

    A value is a text, a number in decimal (false and null are 0), a class as descriptor, a static field as
    `Lpkg/Cls;->NAME`, or the content URI that is known to hold. A text that goes on with something unknown ends in "…".
    Code that is not valid, or too entangled to be followed to the end, gives what was found until then.
    """
    frames = None
    try:
        frames = Frames(class_file, code, calls)
        # Any instruction of the range may have thrown: nothing is known of the locals (JVMS 2.10).
        caught: dict[int, tuple[Values, Locals]] = {handler: ([NOTHING], {}) for _, _, handler in frames.handlers}
        frames.run({0: ([], {})} | caught)
    except INVALID:
        pass
    return frames.arguments if frames else {}


class Frames:
    """The frames of one method where ways meet, and `arguments`: the constants passed by `calls`.

    Raises Malformed, and running it also IndexError or KeyError, where the code is not valid. Looking for guards, a
    subclass follows only some of the ways (readers/jvm/gates).
    """

    def __init__(self, class_file: ClassFile, code: Code, calls: set[int]) -> None:
        self.class_file, self.pool, self.data = class_file, class_file.pool, class_file.data
        self.start, self.code, self.calls = code.at, code, calls
        self.arguments: dict[int, tuple[Argument, ...]] = {}
        places = [at - code.at for at in instructions(self.data, code.at, code.size, class_file.file)]
        self.next = dict(zip(places, [*places[1:], code.size], strict=True))
        self.goes = {place: to for place in places if (to := branches(self.data, code.at + place, code.at))}
        # Start and end of the range, and where its handler begins.
        self.handlers = [
            _HANDLER.unpack_from(self.data, at)
            for at in range(code.handlers_at, code.handlers_at + 8 * code.handlers, 8)
        ]
        self.entry: dict[int, tuple[Values, Locals]] = {}
        self.todo: list[int] = []
        self.joins = {to for each in self.goes.values() for to in each} | {handler for _, _, handler in self.handlers}
        self.joins |= {self.next[place] for place in places if self.data[code.at + place] in (op.JSR, op.JSR_W)}

    def run(self, begin: dict[int, tuple[Values, Locals]]) -> bool:
        """Follow every way from these places and their frames until nothing changes. False when it takes too long."""
        self.entry, self.todo = begin, list(begin)
        budget = _MOST_RUNS * len(self.next) + 1000
        while self.todo:
            place = self.todo.pop()
            stack, local = list(self.entry[place][0]), dict(self.entry[place][1])
            while True:
                budget -= 1
                if budget < 0 or len(stack) > _MOST_STACK:
                    return False
                following = self.next[place]
                falls_through = self.advance(place, stack, local)
                if not falls_through or following >= self.code.size:
                    break
                if following in self.joins:
                    self.join(following, stack, local)
                    break
                place = following
        return True

    def advance(self, place: int, stack: Values, local: Locals) -> bool:
        """Do one instruction and take what it leaves to where it jumps. Whether the next one may run after it."""
        falls_through = self.step(place, stack, local)
        for to in self.goes.get(place, ()):
            self.join(to, stack, local)
        return falls_through

    def join(self, place: int, stack: Values, local: Locals) -> None:
        if place not in self.next:
            raise IndexError(place)
        known = self.entry.get(place)
        if known is None:
            self.entry[place] = (list(stack), dict(local))
            self.todo.append(place)
            return
        old_stack, old_local = known
        if len(old_stack) != len(stack):
            raise IndexError(place)
        new_stack = [self.either(one, other) for one, other in zip(old_stack, stack, strict=True)]
        new_local = {
            index: self.either(old_local.get(index, NOTHING), local.get(index, NOTHING))
            for index in old_local.keys() | local.keys()
            if index in old_local or len(old_local) < _MOST_LOCALS
        }
        if new_stack != old_stack or new_local != old_local:
            self.entry[place] = (new_stack, new_local)
            self.todo.append(place)

    def either(self, one: Value, other: Value) -> Value:
        """What a slot holds where two ways meet: the values of both; once there are many no more are taken, so that
        this comes to an end."""
        if other <= one or len(one) >= _MOST_VALUES:
            return one
        return one | frozenset(sorted(other - one)[: _MOST_VALUES - len(one)])

    def step(self, place: int, stack: Values, local: Locals) -> bool:
        """Do one instruction. Whether the next one may run after it."""
        data, at = self.data, self.start + place
        code = data[at]
        if code in op.MOVES:
            takes, order = op.MOVES[code]
            taken = _take(stack, takes)
            stack.extend(taken[index] for index in order)
        elif code == _CHECKCAST:
            stack.append(stack.pop())
        elif code in op.SLOTS:
            takes, gives = op.SLOTS[code]
            if code == op.IINC:
                local.pop(data[at + 1], None)
            _take(stack, takes)
            stack.extend([NOTHING] * gives)
            if code in (op.JSR, op.JSR_W):
                # The subroutine takes the return address; what it does to the locals is not followed.
                local.clear()
                self.join(self.next[place], stack[:-1], local)
                return False
            return not (code in (0xA7, op.GOTO_W, op.RET, op.ATHROW) or 0xAA <= code <= 0xB1)
        elif code < 0x15:
            stack.extend(self.constant(at, code))
        elif code <= 0x4E:
            self.move(at, code, stack, local)
        elif code == op.WIDE:
            self.wide(at, stack, local)
            return data[at + 1] != op.RET
        elif code == op.MULTIANEWARRAY:
            _take(stack, data[at + 3])
            stack.append(NOTHING)
        else:
            self.refer(place, code, stack)
        return True

    def constant(self, at: int, code: int) -> Values:
        """aconst_null to ldc2_w."""
        data = self.data
        if code <= 0x08:
            # aconst_null is 1, iconst_0 is 3.
            return [frozenset({str(code - 3 if code > 1 else 0)})]
        if code <= 0x0A:
            return [frozenset({str(code - 9)}), NOTHING]
        if code <= 0x0F:
            return [NOTHING] * (1 if code <= 0x0D else 2)
        if code <= 0x11:
            return [frozenset({str(int.from_bytes(data[at + 1 : at + code - 0x0E], signed=True))})]
        index = data[at + 1] if code == op.LDC else data[at + 1] << 8 | data[at + 2]
        text = self.pool.constant(index)
        value = NOTHING if text is None else frozenset({_cut(text)})
        return [value, NOTHING] if code == op.LDC2_W else [value]

    def move(self, at: int, code: int, stack: Values, local: Locals) -> None:
        """xload, xload_n, xstore, xstore_n. The kinds are int, long, float, double, reference, in this order."""
        if code <= 0x19:
            self.load(self.data[at + 1], code - 0x15, stack, local)
        elif code <= 0x2D:
            self.load((code - 0x1A) % 4, (code - 0x1A) // 4, stack, local)
        elif code <= 0x35:
            raise KeyError(code)
        elif code <= 0x3A:
            self.store(self.data[at + 1], code - 0x36, stack, local)
        else:
            self.store((code - 0x3B) % 4, (code - 0x3B) // 4, stack, local)

    def load(self, index: int, kind: int, stack: Values, local: Locals) -> None:
        stack.append(local.get(index, NOTHING))
        if kind in (1, 3):
            stack.append(NOTHING)

    def store(self, index: int, kind: int, stack: Values, local: Locals) -> None:
        taken = _take(stack, 2 if kind in (1, 3) else 1)
        local.pop(index, None)
        if kind in (1, 3):
            local.pop(index + 1, None)
        if taken[0] and len(local) < _MOST_LOCALS:
            local[index] = taken[0]

    def wide(self, at: int, stack: Values, local: Locals) -> None:
        code, index = self.data[at + 1], self.data[at + 2] << 8 | self.data[at + 3]
        if code == op.IINC:
            local.pop(index, None)
        elif code <= 0x19:
            self.load(index, code - 0x15, stack, local)
        elif code <= 0x3A:
            self.store(index, code - 0x36, stack, local)

    def refer(self, place: int, code: int, stack: Values) -> None:
        """Field access and calls."""
        at = self.start + place
        index = self.data[at + 1] << 8 | self.data[at + 2]
        if code == op.INVOKEDYNAMIC:
            _, _, descriptor = self.pool.dynamic(index)
            owner = name = b""
        else:
            owner, name, descriptor = self.pool.member(index)
        if code <= op.PUTFIELD:
            width = 2 if descriptor in (b"J", b"D") else 1
            takes = (0, width, 1, width + 1)[code - op.GETSTATIC]
            _take(stack, takes)
            if code == op.GETSTATIC:
                named = b"L" + owner + b";->" + name
                stack.append(frozenset({CONTENT_URIS.get(named) or decoded(named)}))
                stack.extend([NOTHING] * (width - 1))
            elif code == op.GETFIELD:
                stack.extend([NOTHING] * width)
            return
        widths, result = slots(descriptor)
        taken = _take(stack, sum(widths))
        passed = _first_slots(widths, taken)
        if place in self.calls:
            self.arguments[place] = tuple(
                Argument(index, value) for index, values in enumerate(passed) for value in sorted(values)
            )
        if code not in (op.INVOKESTATIC, op.INVOKEDYNAMIC):
            passed.insert(0, stack.pop())
        stack.extend([NOTHING] * result)
        if result == 1:
            stack[-1] = self.returned(place, owner + b"->" + name, passed)

    def returned(self, place: int, method: bytes, passed: Values) -> Value:
        """What the call at `place` gives back."""
        return _said(method, passed)


def _said(method: bytes, passed: Values) -> Value:
    """What the result of a call is known to say."""
    if method in _SAME and passed:
        return passed[_SAME[method]]
    if method in _JOINED and len(passed) > 1:
        between = _JOINED[method]
        ends = passed[1] or {_UNKNOWN}
        said = sorted(
            _cut(f"{begin.rstrip('/') if between else begin}{between}{end}") for begin in passed[0] for end in ends
        )
        return frozenset(said[:_MOST_VALUES])
    return NOTHING


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_TEXT else text[:_MOST_TEXT] + _UNKNOWN


def _first_slots(widths: tuple[int, ...], taken: Values) -> Values:
    """The value of each parameter: that of the first of its slots."""
    found, at = [], 0
    for width in widths:
        found.append(taken[at])
        at += width
    return found


def _take(stack: Values, count: int) -> Values:
    """The topmost values, in the order they were pushed. Raises IndexError when there are fewer."""
    if count > len(stack):
        raise IndexError(count)
    taken = stack[len(stack) - count :]
    del stack[len(stack) - count :]
    return taken
