"""Guards (守卫) in class files: checks that a call cannot be reached without passing, in the same method.

As in readers/dex/gates, a guard is shown only where one outcome of the check dominates the call: it is supposed that the
check fails each time it runs, and the ways still left are followed. Numbers are followed through the operand stack and the
locals on the way. Exceptions count as ways.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from operator import eq, ge, gt, le, lt, ne
from typing import Final

from hegui.readers.dex.checks import FLAGS, NOT_SET, PERMISSION_CHECKS, SAME, TEXT, Asked, Check, TooLarge, check
from hegui.readers.jvm import opcodes as op
from hegui.readers.jvm import pool as constants
from hegui.readers.jvm.arguments import INVALID, NOTHING, Frames, Locals, Value, Values, slots
from hegui.readers.jvm.class_file import ACC_STATIC, ClassFile, Code, Method
from hegui.readers.jvm.graph import typed

# Of ifeq and of if_icmpeq on (JVMS 6.5 if<cond>): what the one on top, or the two there, are tested for.
_TESTS: Final = (eq, ne, lt, ge, gt, le)
_IFEQ, _IF_ICMPEQ, _IRETURN = 0x99, 0x9F, 0xAC
# Instructions times the ways through them; a method with more is left out. The largest in the SDKs tried that holds both
# a check and a call has 868.
_MOST_WORK = 50_000
# A class without any of these asks nothing of its own.
_SOUGHT: Final = (*PERMISSION_CHECKS, *(cls[1:-1] for cls in FLAGS))
# Before what a value is that is not known, but where it comes from: a declared parameter by number, or the text kept under
# a name, which may itself be such a parameter.
_PARAMETER, _KEPT = "\0parameter ", "\0kept "


def may_ask(class_file: bytes) -> bool:
    """Whether the bytes of a class may call a check of the platform."""
    return any(name in class_file for name in _SOUGHT)


def checks_in(class_file: ClassFile) -> dict[int, tuple[Check, ...]]:
    """The member constants of a class that can guard a call. Raises Malformed."""
    if not may_ask(class_file.data):
        return {}
    pool = class_file.pool
    found: dict[int, tuple[Check, ...]] = {}
    for index, tag in enumerate(pool.tags):
        if tag in (constants.METHODREF, constants.INTERFACE_METHODREF):
            owner, name, descriptor = pool.member(index)
            one = check(typed(owner), name, descriptor)
            if one is not None:
                found[index] = (one,)
    return found


def gates(ways: "Ways", sites: set[int]) -> dict[int, str]:
    """For each of `sites` (offsets from the start of the code) that a guard dominates: which guard, as Asked.gate tells it.

    Of several guards the nearest before the call is given, one by way of another method only where there is none else.
    Code that is not valid has no guards. Raises TooLarge.
    """
    own: dict[int, str] = {}
    via: dict[int, str] = {}
    try:
        for asked in ways.asked():
            for outcome in asked.check.outcomes:
                guarded = ways.reached(asked.place, outcome.passed) - ways.reached(asked.place, outcome.failed)
                (via if asked.check.via else own).update(dict.fromkeys(sites & guarded, asked.gate(outcome)))
    except INVALID:
        return {}
    return via | own


class Ways:
    """The ways through a method that are left when what one call gives back is supposed: see checks.Ways.

    Whoever asks takes care of INVALID, raised for code that is not valid.
    """

    def __init__(
        self, class_file: ClassFile, method: Method, code: Code, checks: Mapping[int, Sequence[Check]]
    ) -> None:
        """`checks` are the calls that can be one, by their offset. Raises TooLarge, and INVALID."""
        self._checks = checks
        self._names = _Names(class_file, method, code, checks)
        self._left = _Left(class_file, code)
        suppositions = sum(2 * len(one.outcomes) for each in checks.values() for one in each)
        if len(self._left.next) * (suppositions + len(self._left.handlers)) > _MOST_WORK:
            raise TooLarge
        self._left.find_ranges()
        self._known: dict[tuple[int, int], tuple[set[int], set[int | None]]] = {}

    def asked(self) -> Iterator[Asked]:
        """The checks whose answer is a number, with their names, in the order of the code. Raises TooLarge."""
        self._names.find()
        for place, each in sorted(self._checks.items()):
            for number, one in enumerate(each):
                if (place, number) in self._names.found:
                    yield Asked(place, one, self._names.found[place, number])

    def reached(self, call: int, results: Collection[int]) -> set[int]:
        """The offsets that may run when the call gives back one of these numbers."""
        return set().union(*(self._when(call, result)[0] for result in results))

    def returned(self, call: int, results: Collection[int]) -> set[int | None]:
        return set().union(*(self._when(call, result)[1] for result in results))

    def _when(self, call: int, result: int) -> tuple[set[int], set[int | None]]:
        known = self._known.get((call, result))
        if known is None:
            known = self._known[call, result] = self._left.when(call, result)
        return known


class _Names(Frames):
    """The names of the flags that the checks of a method ask for, as far as they are known."""

    def __init__(
        self, class_file: ClassFile, method: Method, code: Code, checks: Mapping[int, Sequence[Check]]
    ) -> None:
        super().__init__(class_file, code, set())
        self.checks = checks
        # By offset and place among the checks of that call.
        self.found: dict[tuple[int, int], str | int | None] = {}
        self.begin: Locals = {}
        local = 0 if method.access & ACC_STATIC else 1
        for index, width in enumerate(slots(method.descriptor)[0]):
            self.begin[local] = frozenset({f"{_PARAMETER}{index}"})
            local += width

    def find(self) -> None:
        # Any instruction of the range may have thrown: nothing is known of the locals (JVMS 2.10).
        caught: dict[int, tuple[Values, Locals]] = {handler: ([NOTHING], {}) for _, _, handler in self.handlers}
        if not self.run({0: ([], self.begin)} | caught):
            raise TooLarge

    def returned(self, place: int, method: bytes, passed: Values) -> Value:
        for number, one in enumerate(self.checks.get(place, ())):
            if one.kind == TEXT:
                return frozenset({_KEPT + next(iter(self.named(place, one, passed)), "")})
            if one.kind == SAME:
                kept = _only(each for each in passed if next(iter(each), "").startswith(_KEPT))
                constant = any(len(each) == 1 and _is_set(*each) for each in passed)
                self.found.pop((place, number), None)
                if kept and constant:
                    self.found[place, number] = _name(kept.removeprefix(_KEPT))
            else:
                self.found[place, number] = _name(next(iter(self.named(place, one, passed)), ""))
        return super().returned(place, method, passed)

    def named(self, place: int, one: Check, passed: Values) -> Value:
        """The name of a flag as the call passes it; empty where it is not known, or may be several."""
        if not isinstance(one.name, int):
            return frozenset({one.name} if one.name else ())
        first = 0 if self.data[self.start + place] in (op.INVOKESTATIC, op.INVOKEDYNAMIC) else 1
        held = passed[first + one.name] if first + one.name < len(passed) else NOTHING
        return held if len(held) == 1 else NOTHING


class _Left(Frames):
    """The ways through a method that are left when what one call gives back is supposed.

    A slot holds a number only where every way that is left puts the same number there.
    """

    def __init__(self, class_file: ClassFile, code: Code) -> None:
        super().__init__(class_file, code, set())
        self.caught: dict[int, list[int]] = {}
        self.supposed = (0, NOTHING)
        self.run_through: set[int] = set()
        self.given: set[int | None] = set()

    def find_ranges(self) -> None:
        """Where an exception of each instruction may lead."""
        for start, end, handler in sorted(set(self.handlers)):
            for place in self.next:
                if start <= place < end:
                    self.caught.setdefault(place, []).append(handler)

    def when(self, call: int, result: int) -> tuple[set[int], set[int | None]]:
        """The offsets that may run when the call gives back this number, and the numbers that the method then may. Raises
        TooLarge, and what Frames raises."""
        self.supposed = call, frozenset({str(result)})
        self.run_through, self.given = set(), set()
        if not self.run({0: ([], {})}):
            raise TooLarge
        return self.run_through, self.given

    def either(self, one: Value, other: Value) -> Value:
        return one if one == other else NOTHING

    def returned(self, place: int, method: bytes, passed: Values) -> Value:
        call, result = self.supposed
        return result if place == call else super().returned(place, method, passed)

    def advance(self, place: int, stack: Values, local: Locals) -> bool:
        self.run_through.add(place)
        if self.data[self.start + place] == _IRETURN:
            self.given.add(_number(stack[-1]))
        for handler in self.caught.get(place, ()):
            self.join(handler, [NOTHING], local)
        only = self.decided(place, stack)
        if only is None:
            return super().advance(place, stack, local)
        self.step(place, stack, local)
        self.join(only, stack, local)
        return False

    def decided(self, place: int, stack: Values) -> int | None:
        """Where an if or a switch goes whose numbers are known; None for every other instruction."""
        code = self.data[self.start + place]
        other: int | None = 0
        if _IFEQ <= code < _IFEQ + 6:
            one, test = _number(stack[-1]), _TESTS[code - _IFEQ]
        elif _IF_ICMPEQ <= code < _IF_ICMPEQ + 6:
            one, other, test = _number(stack[-2]), _number(stack[-1]), _TESTS[code - _IF_ICMPEQ]
        elif code in (op.TABLESWITCH, op.LOOKUPSWITCH):
            key = _number(stack[-1])
            return None if key is None else self.case(place, key)
        else:
            return None
        if one is None or other is None:
            return None
        return self.goes[place][0] if test(one, other) else self.next[place]

    def case(self, place: int, key: int) -> int:
        """Where the switch at `place` goes for this key."""
        data, goes = self.data, self.goes[place]
        at = self.start + place
        operands = at + 4 - place % 4
        if data[at] == op.TABLESWITCH:
            case = key - int.from_bytes(data[operands + 4 : operands + 8], signed=True)
            return goes[1 + case] if 0 <= case < len(goes) - 1 else goes[0]
        for case in range(len(goes) - 1):
            if int.from_bytes(data[operands + 8 + 8 * case : operands + 12 + 8 * case], signed=True) == key:
                return goes[1 + case]
        return goes[0]


def _number(value: Value) -> int | None:
    """The number that a slot holds. Valid code has no text where a number is tested, so a text of digits does no harm."""
    (text,) = value or ("",)
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() else None


def _only(some: Iterator[Value]) -> str:
    """The only value of the only one of these; "" where there are more, or none."""
    listed = [*some]
    return next(iter(listed[0])) if len(listed) == 1 and len(listed[0]) == 1 else ""


def _is_set(text: str) -> bool:
    return not text.startswith((_PARAMETER, _KEPT)) and text.lower() not in NOT_SET


def _name(text: str) -> str | int | None:
    """A flag's name as Check has it."""
    return int(text.removeprefix(_PARAMETER)) if text.startswith(_PARAMETER) else text or None
