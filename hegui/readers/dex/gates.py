"""Guards (守卫): checks that a call cannot be reached without passing, in the same method.

A guard is shown only where one outcome of the check dominates the call. It is supposed that the check fails each time it
runs, and the ways still left are followed: a call that none of them reaches any more, but one where the check passes
does, is guarded. Numbers are followed through the registers on the way, so that a result may be negated, compared,
stored or switched on before it decides. Exceptions count as ways.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from operator import eq, ge, gt, le, lt, ne
from typing import NamedTuple

from hegui.readers.dex import code
from hegui.readers.dex.arguments import loaded
from hegui.readers.dex.checks import NOT_SET, SAME, TEXT, Asked, Check, TooLarge
from hegui.readers.dex.code import Body

# Of if-eq and of if-eqz on: what two registers, or one and 0, are tested for.
_TESTS = (eq, ne, lt, ge, gt, le)
# What Kotlin and D8 make of !, and, or: of two registers, into the first of them, with a number of 16 and of 8 bits.
_AND, _OR, _XOR = (0x95, 0xB5, 0xD5, 0xDD), (0x96, 0xB6, 0xD6, 0xDE), (0x97, 0xB7, 0xD7, 0xDF)
_LOGIC = frozenset((*_AND, *_OR, *_XOR))
_MOVES = frozenset(range(0x01, 0x0A))
_RETURN = 0x0F
# Instructions times the ways through them; a method with more is left out.
_MOST_WORK = 100_000
# How often an instruction may be run again, on average, until nothing changes.
_MOST_RUNS = 8


class Source(NamedTuple):
    """Where a value comes from: a declared parameter, counted from 0, or the text kept under a name (see Check.name)."""

    is_kept: bool
    name: str | int | None


# What is known of a register: a number, a text, or where its value comes from.
Known = int | str | Source
State = dict[int, Known]
# The text that an instruction loads, by its opcode and index; None where it is not at hand.
Texts = Callable[[int, int], str | None]
# The checks that a call of a method id can be.
Checks = Mapping[int, Sequence[Check]]
# Where the declared parameters of a method id stand among the registers passed, the receiver aside.
Positions = Callable[[int], Sequence[int]]
_STATIC_INVOKES = (0x71, 0x77)


class Ways:
    """The ways through a method that are left when what one call gives back is supposed.

    A register holds something known only where every way that is left puts the same there.
    """

    def __init__(
        self,
        body: Body,
        checks: Checks,
        texts: Texts,
        positions: Positions,
        parameters: Mapping[int, int] | None = None,
    ) -> None:
        """`parameters` are the registers in which declared ones begin. Raises TooLarge, and Malformed."""
        self.body, self.checks, self._texts, self._positions = body, checks, texts, positions
        self._begin: State = {register: Source(False, i) for register, i in (parameters or {}).items()}
        self._calls = {
            k for k, at in enumerate(body.at) if body.opcodes[k] in code.ALL_INVOKES and body.units[at + 1] in checks
        }
        outcomes = sum(len(one.outcomes) for k in self._calls for one in self._checks_at(k))
        if len(body.at) * (2 * outcomes + 1) > _MOST_WORK:
            raise TooLarge
        self._caught = {k: body.caught_at(k) for k in range(len(body.at))} if body.tries_n else {}
        self._known: dict[tuple[int, int], tuple[bytearray, set[int | None]]] = {}
        # What is known when each of the calls begins, with nothing supposed.
        self._before: dict[int, State] = {}

    def asked(self) -> Iterator[Asked]:
        """The checks whose result is used, in the order of the code."""
        body = self.body
        if self._calls:
            self._follow(-1, 0)
        for k in sorted(self._before):
            if k + 1 == len(body.at) or body.opcodes[k + 1] != code.MOVE_RESULT:
                continue
            for check in self._checks_at(k):
                if check.kind == SAME:
                    if (kept := self._compared(k)) is not None:
                        yield Asked(k, check, kept.name)
                else:
                    yield Asked(k, check, self._name(k, check, self._before[k]))

    def reached(self, call: int, results: Collection[int]) -> bytearray:
        """Which instructions may run when the call gives back one of these numbers. Raises TooLarge."""
        found = bytearray(len(self.body.at))
        for result in results:
            found = bytearray(map(max, found, self._when(call, result)[0]))
        return found

    def returned(self, call: int, results: Collection[int]) -> set[int | None]:
        """The numbers that the method may then give back; None for one that is not known. Raises TooLarge."""
        found: set[int | None] = set()
        for result in results:
            found |= self._when(call, result)[1]
        return found

    def _when(self, call: int, result: int) -> tuple[bytearray, set[int | None]]:
        known = self._known.get((call, result))
        if known is None:
            known = self._known[call, result] = self._follow(call, result)
        return known

    def _checks_at(self, k: int) -> Sequence[Check]:
        return self.checks[self.body.units[self.body.at[k] + 1]]

    def _name(self, k: int, check: Check, known: State) -> str | int | None:
        if not isinstance(check.name, int):
            return check.name
        body = self.body
        positions, registers = self._positions(body.units[body.at[k] + 1]), body.arguments(k)
        first = 0 if body.opcodes[k] in _STATIC_INVOKES else 1
        if check.name >= len(positions) or first + positions[check.name] >= len(registers):
            return None
        held = known.get(registers[first + positions[check.name]])
        if isinstance(held, Source):
            return None if held.is_kept else held.name
        return held if isinstance(held, str) else None

    def _compared(self, k: int) -> Source | None:
        """The text kept under a name that the call at k compares with a constant one."""
        passed = [self._before[k].get(register) for register in self.body.arguments(k)]
        is_set = any(isinstance(one, str) and one.lower() not in NOT_SET for one in passed)
        return next((one for one in passed if isinstance(one, Source) and one.is_kept), None) if is_set else None

    def _follow(self, call: int, result: int) -> tuple[bytearray, set[int | None]]:
        """Every way from the first instruction: what may run, and what is given back."""
        body, opcodes = self.body, self.body.opcodes
        last, jumped = len(body.at), body.jumped()
        reached, returned = bytearray(last), set[int | None]()
        entry: dict[int, State] = {0: self._begin}
        todo = [0] if last else []
        left = _MOST_RUNS * last + 1000
        while todo:
            k = todo.pop()
            known = dict(entry[k])
            while True:
                left -= 1
                if left < 0:
                    raise TooLarge
                reached[k] = 1
                for handler in self._caught.get(k, ()):
                    # What is thrown on the way has written nothing.
                    _join(entry, todo, handler, known)
                opcode = opcodes[k]
                if call < 0 and k in self._calls:
                    self._before[k] = dict(known)
                if code.WRITTEN[opcode]:
                    self._write(k, known, call, result)
                elif opcode in code.JUMPS:
                    for target in self._goes_to(k, known):
                        _join(entry, todo, target, known)
                    break
                elif opcode in code.NO_WAY_ON:
                    if opcode == _RETURN:
                        value = known.get(body.units[body.at[k]] >> 8)
                        returned.add(value if isinstance(value, int) else None)
                    break
                k += 1
                if k == last:
                    break
                if k in jumped:
                    _join(entry, todo, k, known)
                    break
        return reached, returned

    def _goes_to(self, k: int, known: State) -> list[int]:
        """Where an if or a switch goes as far as its numbers are known."""
        body, opcode = self.body, self.body.opcodes[k]
        unit = body.units[body.at[k]]
        following = body.goes_to(k)
        if opcode in code.IFS:
            zero = opcode >= code.IF_EQZ
            one = known.get(unit >> 8 if zero else unit >> 8 & 0xF)
            other = 0 if zero else known.get(unit >> 12)
            if isinstance(one, int) and isinstance(other, int) and len(following) == 2:
                return [following[_TESTS[opcode - (code.IF_EQZ if zero else code.IF_EQ)](one, other)]]
        elif opcode in (code.PACKED_SWITCH, code.SPARSE_SWITCH):
            key = known.get(unit >> 8)
            if isinstance(key, int):
                target = body.case(k, key)
                return [] if target is None else [target]
        return following

    def _write(self, k: int, known: State, call: int, result: int) -> None:
        """Do an instruction that writes a register."""
        register, is_pair = self.body.written(k)
        value = result if k == call + 1 and self.body.opcodes[k] == code.MOVE_RESULT else self._value(k, known)
        known.pop(register, None)
        if is_pair:
            known.pop(register + 1, None)
        if value is not None:
            known[register] = value

    def _value(self, k: int, known: State) -> Known | None:
        """What the instruction writes, where that is known."""
        body, opcode = self.body, self.body.opcodes[k]
        at = body.at[k]
        if opcode in _MOVES:
            source = body.moved_from(k)
            return None if source is None else known.get(source)
        if code.CONST_4 <= opcode <= code.CONST_HIGH16:
            return loaded(opcode, body.units, at)
        if opcode in (code.CONST_STRING, code.SGET_OBJECT):
            return self._texts(opcode, body.units[at + 1])
        if opcode in _LOGIC:
            return _logic(opcode, body.units[at], body.units[at + 1 : at + 2], known)
        if opcode == code.MOVE_RESULT_OBJECT and k - 1 in self._calls:
            text = next((one for one in self._checks_at(k - 1) if one.kind == TEXT), None)
            return Source(True, self._name(k - 1, text, known)) if text else None
        return None


def gates(ways: Ways, sites: Collection[int]) -> dict[int, str]:
    """For each call (an instruction number of `sites`) that a guard dominates: which guard, as Check.gate tells it.

    Of several guards the nearest before the call is given. Raises TooLarge.
    """
    found: dict[int, str] = {}
    for asked in ways.asked():
        for outcome in asked.check.outcomes:
            passed, failed = ways.reached(asked.place, outcome.passed), ways.reached(asked.place, outcome.failed)
            found |= {site: asked.gate(outcome) for site in sites if passed[site] and not failed[site]}
    return found


def _join(entry: dict[int, State], todo: list[int], k: int, known: State) -> None:
    """Another way leads to instruction k: what is known there is what both know."""
    before = entry.get(k)
    if before is None:
        entry[k] = dict(known)
        todo.append(k)
    elif lost := [register for register, value in before.items() if register not in known or known[register] != value]:
        entry[k] = {register: value for register, value in before.items() if register not in lost}
        todo.append(k)


def _logic(opcode: int, unit: int, more: Sequence[int], known: State) -> int | None:
    """The result of and, or, xor, where it is known."""
    one: Known | None
    other: Known | None
    if opcode < 0xB0:
        one, other = known.get(more[0] & 0xFF), known.get(more[0] >> 8)
    elif opcode < 0xD0:
        one, other = known.get(unit >> 8 & 0xF), known.get(unit >> 12)
    elif opcode < 0xD8:
        one, other = known.get(unit >> 12), more[0] - (more[0] >> 15 << 16)
    else:
        number = more[0] >> 8
        one, other = known.get(more[0] & 0xFF), number - (number >> 7 << 8)
    if opcode in _AND and 0 in (one, other):
        return 0
    if not isinstance(one, int) or not isinstance(other, int):
        return None
    return one & other if opcode in _AND else one | other if opcode in _OR else one ^ other
