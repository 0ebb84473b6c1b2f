"""Guards (守卫) in class files: checks that a call cannot be reached without passing, in the same method.

As in readers/dex/gates, a guard is shown only where one outcome of the check dominates the call. Here it is supposed
that the check fails each time it runs, and the ways still left are followed: a call that none of them reaches any more,
but one where the check passes does, is guarded. Numbers are followed through the operand stack and the locals on the way,
so that a result may be negated, compared, stored or switched on before it decides. Exceptions count as ways.
"""

from collections.abc import Mapping
from operator import eq, ge, gt, le, lt, ne
from typing import Final

from hegui.facts.package import Argument
from hegui.readers.dex.gates import CHECK_NAMES, FLAG, check, flag_gate
from hegui.readers.jvm import opcodes as op
from hegui.readers.jvm import pool as constants
from hegui.readers.jvm.arguments import INVALID, NOTHING, Frames, Locals, Value, Values
from hegui.readers.jvm.class_file import ClassFile, Code
from hegui.readers.jvm.graph import typed

# Of ifeq and of if_icmpeq on (JVMS 6.5 if<cond>): what the one on top, or the two there, are tested for.
_TESTS: Final = (eq, ne, lt, ge, gt, le)
_IFEQ, _IF_ICMPEQ = 0x99, 0x9F
# Instructions times the ways through them; a method with more is left out. The largest in the SDKs tried that holds both
# a check and a call has 868.
_MOST_WORK = 50_000


class TooLarge(Exception):
    """A method in which guards are not looked for, or not to the end."""


def checks_in(class_file: ClassFile) -> dict[int, str]:
    """The member constants of a class that can guard a call, as `check` names them. Raises Malformed."""
    if not any(name in class_file.data for name in CHECK_NAMES):
        return {}
    pool, found = class_file.pool, {}
    for index, tag in enumerate(pool.tags):
        if tag in (constants.METHODREF, constants.INTERFACE_METHODREF):
            owner, name, descriptor = pool.member(index)
            kind = check(typed(owner), name, descriptor) if name in CHECK_NAMES else None
            if kind is not None:
                found[index] = kind
    return found


def gates(
    class_file: ClassFile,
    code: Code,
    sites: set[int],
    checks: Mapping[int, str],
    arguments: Mapping[int, tuple[Argument, ...]],
) -> dict[int, str]:
    """For each of `sites` (offsets from the start of the code) that a guard dominates: which guard, as dex.gates says it.

    `checks` are the calls that can be one, by their offset, `arguments` their constants. Of several guards the nearest
    before the call is given. Code that is not valid has no guards. Raises TooLarge.
    """
    found: dict[int, str] = {}
    try:
        ways = _Ways(class_file, code)
        if len(ways.next) * (2 * len(checks) + len(ways.handlers)) > _MOST_WORK:
            raise TooLarge
        ways.find_ranges()
        for at, kind in sorted(checks.items()):
            if kind == FLAG:
                if_set, if_not = ways.reached(at, 1), ways.reached(at, 0)
                names = [each.value for each in arguments.get(at, ()) if each.index == 0]
                found |= dict.fromkeys(sites & (if_set - if_not), flag_gate(names, is_set=True))
                found |= dict.fromkeys(sites & (if_not - if_set), flag_gate(names, is_set=False))
            else:
                # PERMISSION_GRANTED is 0, PERMISSION_DENIED is -1.
                found |= dict.fromkeys(sites & (ways.reached(at, 0) - ways.reached(at, -1)), kind)
    except INVALID:
        return {}
    return found


class _Ways(Frames):
    """The ways through a method that are left when what one call gives back is supposed.

    A slot holds a number only where every way that is left puts the same number there.
    """

    def __init__(self, class_file: ClassFile, code: Code) -> None:
        super().__init__(class_file, code, set())
        self.caught: dict[int, list[int]] = {}
        self.supposed = (0, NOTHING)
        self.run_through: set[int] = set()

    def find_ranges(self) -> None:
        """Where an exception of each instruction may lead."""
        for start, end, handler in sorted(set(self.handlers)):
            for place in self.next:
                if start <= place < end:
                    self.caught.setdefault(place, []).append(handler)

    def reached(self, call: int, result: int) -> set[int]:
        """The offsets that may run when the call gives back this number. Raises TooLarge, and what Frames raises."""
        self.supposed = call, frozenset({str(result)})
        self.run_through = set()
        if not self.run({0: ([], {})}):
            raise TooLarge
        return self.run_through

    def either(self, one: Value, other: Value) -> Value:
        return one if one == other else NOTHING

    def returned(self, place: int, method: bytes, passed: Values) -> Value:
        call, result = self.supposed
        return result if place == call else super().returned(place, method, passed)

    def advance(self, place: int, stack: Values, local: Locals) -> bool:
        self.run_through.add(place)
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
