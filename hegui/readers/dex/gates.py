"""Guards (守卫): checks that a call cannot be reached without passing, in the same method.

A guard is shown only where one outcome of an if on the checked value dominates the call: with that branch removed, no
path from the method's first instruction reaches the call any more. Exceptions count as paths.
"""

from collections.abc import Mapping, Sequence

from hegui.readers.dex import code
from hegui.readers.dex.arguments import Values
from hegui.readers.dex.code import Body

# Names of methods that answer PERMISSION_GRANTED (0) or PERMISSION_DENIED (-1).
PERMISSION_CHECKS = (b"checkSelfPermission", b"checkCallingOrSelfPermission", b"checkPermission")
# Methods that read a named flag: the name is the first declared parameter.
FLAGS = {
    b"Landroid/content/SharedPreferences;": (b"getBoolean",),
    b"Lcom/tencent/mmkv/MMKV;": (b"getBoolean", b"decodeBool"),
}
CHECK_NAMES = frozenset(PERMISSION_CHECKS).union(*FLAGS.values())
# What `check` calls the two kinds.
PERMISSION, FLAG = "checkSelfPermission", "flag"
# How far after a check the if on its result may stand.
_NEAR = 24
# Checks looked at in one method; a call behind a later one is shown without its guard.
_MOST_CHECKS = 64


def check(cls: bytes, name: bytes, descriptor: bytes) -> str | None:
    """Which kind of guard a method is, if it is one; `cls` as b"Lpkg/Cls;", the descriptor up to the result.

    A checkPermission that gives back a boolean is somebody's own: 0 says there the opposite of PERMISSION_GRANTED.
    """
    if name in PERMISSION_CHECKS:
        return PERMISSION if descriptor.endswith(b")I") else None
    return FLAG if name in FLAGS.get(cls, ()) else None


def flag_gate(names: Sequence[str], *, is_set: bool) -> str:
    """How the guard of a flag is told. `names` are the constants known for its name."""
    return f"flag:{'' if is_set else '!'}{names[0] if len(names) == 1 else '?'}"


def gates(body: Body, sites: list[int], checks: Mapping[int, str]) -> dict[int, str]:
    """For each call (an instruction number of `sites`) that a guard dominates: which guard.

    `checks` are the kinds of guard by method id, as `check` names them. The answer is
    "checkSelfPermission" where the permission was found granted, "flag:name" where the flag was found set, and
    "flag:!name" where it was found not set. Of several guards the nearest before the call is given.
    """
    found: dict[int, str] = {}
    always: bytearray | None = None
    looked_at = 0
    units = body.units
    for k, at in enumerate(body.at):
        if units[at] & 0xFF not in code.ALL_INVOKES:
            continue
        kind = checks.get(units[at + 1])
        branch = _branch_on_result(body, k) if kind is not None and looked_at < _MOST_CHECKS else None
        if kind is None or branch is None:
            continue
        looked_at += 1
        always = always or _reached(body, (-1, -1))
        test, on_true, on_false = branch
        outcomes = [(True, on_true), (False, on_false)] if kind == FLAG else [(True, on_false)]
        for is_set, target in outcomes if on_true != on_false else ():
            # What is not reached without the step from `test` to `target` is dominated by it.
            otherwise = _reached(body, (test, target))
            guarded = [site for site in sites if always[site] and not otherwise[site]]
            if guarded:
                found |= dict.fromkeys(guarded, flag_gate(_flag(body, k), is_set=is_set) if kind == FLAG else kind)
    return found


def _flag(body: Body, k: int) -> list[str]:
    registers = body.arguments(k)
    return Values(body).of(k, registers[1]) if len(registers) > 1 else []


def _branch_on_result(body: Body, k: int) -> tuple[int, int, int] | None:
    """The if that first looks at the result of the call at k: where it stands, and where it goes for not 0 and for 0.

    Comparing with a constant other than 0 is understood for -1, PERMISSION_DENIED, as its opposite.
    """
    if k + 1 >= len(body.at) or body.opcode(k + 1) != code.MOVE_RESULT:
        return None
    held = {body.units[body.at[k + 1]] >> 8}
    for at in range(k + 2, min(k + _NEAR, len(body.at) - 1)):
        unit = body.units[body.at[at]]
        opcode = unit & 0xFF
        if opcode in (code.IF_EQZ, code.IF_NEZ) and unit >> 8 in held:
            return _outcomes(body, at, opcode == code.IF_NEZ)
        if opcode in (code.IF_EQ, code.IF_NE):
            first, second = unit >> 8 & 0xF, unit >> 12
            if first in held or second in held:
                value = Values(body).of(at, second if first in held else first)
                if value == ["0"]:
                    return _outcomes(body, at, opcode == code.IF_NE)
                return _outcomes(body, at, opcode == code.IF_EQ) if value == ["-1"] else None
        following = body.goes_to(at)
        if following != [at + 1] or len(body.comes_from(at)) != 1:
            return None
        written, _ = body.written(at)
        if opcode == 0x01 and unit >> 12 in held:
            held.add(written)
        else:
            held.discard(written)
    return None


def _outcomes(body: Body, at: int, jumps_if_set: bool) -> tuple[int, int, int] | None:
    following = body.goes_to(at)
    if len(following) != 2:
        return None
    through, jump = following
    return (at, jump, through) if jumps_if_set else (at, through, jump)


def _reached(body: Body, without: tuple[int, int]) -> bytearray:
    """Which instructions paths from the first one reach that do not take the step `without`."""
    reached = bytearray(len(body.at))
    pending = [0]
    reached[0] = 1
    while pending:
        k = pending.pop()
        for following in (*body.goes_to(k), *(body.caught_at(k) if body.tries_n else ())):
            if not reached[following] and (k, following) != without:
                reached[following] = 1
                pending.append(following)
    return reached
