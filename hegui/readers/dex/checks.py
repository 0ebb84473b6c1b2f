"""Calls that answer whether something is allowed (检查): of a permission, or of a flag kept from an earlier run.

Besides those of the platform there are an app's own methods whose answer one of these decides: see wrappers.py. The same
for DEX and class files.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple, Protocol

# Kinds. TEXT reads a flag that is kept as a text, SAME compares two texts; only both together are a check.
PERMISSION, FLAG, TEXT, SAME = "checkSelfPermission", "flag", "text", "same"

# Names of methods that answer PERMISSION_GRANTED (0) or PERMISSION_DENIED (-1).
PERMISSION_CHECKS = (b"checkSelfPermission", b"checkCallingOrSelfPermission", b"checkPermission")
# Methods that read a named flag, or say whether it is kept at all: the name is the first declared parameter.
FLAGS = {
    b"Landroid/content/SharedPreferences;": (b"getBoolean", b"contains"),
    b"Lcom/tencent/mmkv/MMKV;": (b"getBoolean", b"decodeBool", b"contains", b"containsKey"),
}
TEXTS = {
    b"Landroid/content/SharedPreferences;": (b"getString",),
    b"Lcom/tencent/mmkv/MMKV;": (b"getString", b"decodeString"),
}
# What compares two texts, by class and name.
SAMES = {
    b"Ljava/lang/String;": (b"equals",),
    b"Ljava/util/Objects;": (b"equals",),
    b"Landroid/text/TextUtils;": (b"equals",),
    b"Lkotlin/jvm/internal/Intrinsics;": (b"areEqual",),
}
# A flag that is kept as one of these texts, in small letters, is not set.
NOT_SET = ("", "0", "false", "no")
# A method without any of these has no check of its own.
CHECK_NAMES = frozenset(PERMISSION_CHECKS).union(*FLAGS.values(), *TEXTS.values())
SAME_NAMES = frozenset[bytes]().union(*SAMES.values())


class Outcome(NamedTuple):
    """A way a check can turn out: what its call gives back then, and what it gives back otherwise. `is_set`: of a flag."""

    is_set: bool
    passed: frozenset[int]
    failed: frozenset[int]


class Check(NamedTuple):
    """What the call of one method tells. `name` is that of the flag, or the declared parameter from 0 that holds it, or None
    where neither is known. `via` is the method of the package that passes the answer on, `Lpkg/Cls;->name(args)ret`."""

    kind: str
    outcomes: tuple[Outcome, ...] = ()
    name: str | int | None = None
    via: str = ""


class Asked(NamedTuple):
    """A call at `place` in a method that is a check; `name` is that of the flag, as known there: see Check.name."""

    place: int
    check: Check
    name: str | int | None

    def gate(self, outcome: Outcome) -> str:
        """How a guard is told: "checkSelfPermission" where the permission was found granted, "flag:agreed" where the flag was
        found set, "flag:!agreed" where not, "flag:?" for one of unknown name; then " via " and the package's own method."""
        via = f" via {self.check.via}" if self.check.via else ""
        if self.check.kind == PERMISSION:
            return PERMISSION + via
        name = self.name if isinstance(self.name, str) else "?"
        return f"{FLAG}:{'' if outcome.is_set else '!'}{name}{via}"


class Ways(Protocol):
    """The ways through one method: see readers/dex/gates and readers/jvm/gates."""

    def asked(self) -> Iterable[Asked]:
        """The checks whose result is used, in the order of the code."""

    def returned(self, call: int, results: Collection[int]) -> set[int | None]:
        """The numbers that the method may give back when that call gives back one of these; None: one that is not known."""


class TooLarge(Exception):
    """A method in which guards are not looked for, or not to the end."""


_ZERO, _ONE = frozenset({0}), frozenset({1})
_ANSWERS = (Outcome(True, _ONE, _ZERO), Outcome(False, _ZERO, _ONE))
DIRECT = {
    # PERMISSION_GRANTED is 0, PERMISSION_DENIED is -1.
    PERMISSION: Check(PERMISSION, (Outcome(True, _ZERO, frozenset({-1})),)),
    FLAG: Check(FLAG, _ANSWERS, 0),
    TEXT: Check(TEXT, (), 0),
    SAME: Check(SAME, _ANSWERS),
}


def check(cls: bytes, name: bytes, descriptor: bytes) -> Check | None:
    """What a method of the platform checks, if it does; `cls` as b"Lpkg/Cls;", the descriptor up to the result.

    A checkPermission that gives back a boolean is somebody's own: 0 says there the opposite of PERMISSION_GRANTED.
    """
    if name in PERMISSION_CHECKS:
        return DIRECT[PERMISSION] if descriptor.endswith(b")I") else None
    for kind, of_class in ((FLAG, FLAGS), (TEXT, TEXTS), (SAME, SAMES)):
        if name in of_class.get(cls, ()):
            return DIRECT[kind]
    return None


def passed_on(ways: Ways, is_boolean: bool, via: str) -> tuple[Check, ...]:
    """The checks that decide what a method gives back, a boolean or an int; of several for one answer the last.

    `via` is the method, as Check has it. Raises TooLarge.
    """
    found: dict[tuple[bool, frozenset[int]], Check] = {}
    for asked in ways.asked():
        for outcome in asked.check.outcomes:
            passed, failed = (ways.returned(asked.place, results) for results in (outcome.passed, outcome.failed))
            if None in passed | failed and not is_boolean:
                continue
            if_passed, if_failed = _numbers(passed), _numbers(failed)
            # Where it does not come back without passing, nothing it gives back could be told apart.
            if if_failed and if_passed - if_failed:
                decided = Outcome(outcome.is_set, if_passed - if_failed, if_failed)
                kind = PERMISSION if asked.check.kind == PERMISSION else FLAG
                found[decided.is_set, decided.passed] = Check(kind, (decided,), asked.name, via)
    return tuple(found.values())


def _numbers(given: Collection[int | None]) -> frozenset[int]:
    """What a method gives back. What is not known of a boolean may be both."""
    return frozenset(one for one in given if one is not None) | (_ZERO | _ONE if None in given else frozenset())
