"""Call sites (调用点) in class files: where a wanted method is called, or a wanted field read, and with which constants.

`offset` counts bytes from the start of the code, as `javap -c` does; the 16-bit units of the contract are DEX's own.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from hegui.facts.package import Argument
from hegui.readers.dex.checks import SAME, Check, TooLarge
from hegui.readers.dex.targets import Api, Members, Targets, Use, matching
from hegui.readers.errors import Malformed
from hegui.readers.jvm import opcodes as op
from hegui.readers.jvm import pool as constants
from hegui.readers.jvm.arguments import INVALID, constant_arguments
from hegui.readers.jvm.class_file import ClassFile, Code, Method, class_type
from hegui.readers.jvm.code import instructions, references
from hegui.readers.jvm.gates import Ways, checks_in, gates
from hegui.readers.jvm.graph import bootstrapped, typed
from hegui.readers.jvm.pool import decoded

# As in readers/dex: call and field are what every tool counts; subclass names a class below the one that is wanted;
# handle is a method handle or the method reference of a lambda, called from somewhere else.
Kind = Literal["call", "field", "subclass", "handle"]

_CALLS: Final = (op.INVOKEVIRTUAL, op.INVOKESPECIAL, op.INVOKESTATIC, op.INVOKEINTERFACE)
_READS: Final = (op.GETSTATIC, op.GETFIELD)
# REF_putField and REF_putStatic (table 5.4.3.5-A).
_REF_PUTS: Final = (3, 4)
_CONSTRUCTOR: Final = b"<init>"
_MOST_FAULTS: Final = 1000


class Hierarchy(Protocol):
    """What must be known of other classes to see a call through a class of one's own; jvm.graph.Graph knows it."""

    def above(self, cls: bytes) -> Iterable[bytes]:
        """The types above b"Lpkg/Cls;", nearest first."""

    def defines(self, cls: bytes, key: bytes) -> bool:
        """Whether that class itself defines b"name(args)ret"."""


@dataclass(frozen=True, slots=True)
class Site:
    """A call site by contract. `through` is the class named in the code where that is not the target's.

    `api` is the record that is meant; `place` the byte offset of the instruction in the class file.
    """

    api: Api
    target: str
    cls: str
    method: str
    offset: int
    kind: Kind
    args: tuple[Argument, ...] = ()
    through: str = ""
    place: int = 0
    # The class and method as bytes of the file, by which a Graph knows them.
    method_key: tuple[bytes, bytes] = (b"", b"")
    gate: str | None = None


@dataclass(slots=True)
class Scanned:
    """What scanning class files gave. `unresolved` counts calls whose constant could not be read, by kind of record.

    `faults` tells methods whose code is no code. `gates_left_out` counts methods too large to look for guards in.
    """

    sites: list[Site] = field(default_factory=list)
    unresolved: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    gates_left_out: int = 0


class _Hit:
    """A member constant that something is wanted for."""

    __slots__ = ("kind", "target", "through", "uses")

    def __init__(self, uses: list[Use], target: str, kind: Kind, through: str = "") -> None:
        self.uses, self.target, self.kind, self.through = uses, target, kind, through


class Wanted:
    """Targets, arranged for looking up in class files."""

    def __init__(self, targets: Targets) -> None:
        self.targets = targets
        self.names = frozenset(
            name for members in (*targets.methods.values(), *targets.fields.values()) for name in members
        )
        # Every class holds the name of constructors, which nobody inherits: there the name of the class is looked for.
        made = {
            cls[1:-1]
            for every in (targets.methods, targets.fields)
            for cls, members in every.items()
            if _CONSTRUCTOR in members
        }
        # CONSTANT_Utf8_info: the tag 1, a length of two bytes, and the name (JVMS 4.4.7).
        texts = {len(name).to_bytes(2) + name for name in (self.names | made) - {_CONSTRUCTOR}}
        self._pattern = re.compile(b"\x01" + _any_of(texts), re.DOTALL)

    def may_be_in(self, class_file: bytes) -> bool:
        """Whether the bytes of a class hold a wanted name as a constant. False is certain, True is not.

        Names and not classes are looked for, since a call through a class of the SDK's own names only that class.
        """
        return self._pattern.search(class_file) is not None


# The methods of a package that pass a check on, by class and name(args)ret as code names them: see jvm/wrappers.
Wrapped = Mapping[tuple[bytes, bytes], tuple[Check, ...]]


def scan(
    class_file: ClassFile,
    wanted: Wanted,
    hierarchy: Hierarchy | None = None,
    into: Scanned | None = None,
    wrapped: Wrapped | None = None,
) -> Scanned:
    """The sites of one class, in file order, added to those in `into`. Raises Malformed for a damaged constant pool."""
    found = Scanned() if into is None else into
    if not wanted.may_be_in(class_file.data):
        return found
    hits = dict(_member_hits(class_file, wanted, hierarchy))
    if not hits:
        return found
    handles = _handle_hits(class_file, hits)
    tokens = _tokens(class_file, hits, handles)
    checks = calls_of(checks_in(class_file) | wrapped_in(class_file, wrapped or {}))
    cls = class_type(class_file.name)
    for method in class_file.methods:
        if method.code is None:
            continue
        try:
            refers = references(class_file.data, method.code.at, method.code.size, class_file.file, bool(handles))
            if not tokens.keys().isdisjoint(refers):
                _in_method(class_file, cls, method, method.code, tokens, checks, wanted.targets, found)
        except Malformed as error:
            if len(found.faults) < _MOST_FAULTS:
                found.faults.append(error.words.en)
    return found


def calls_of(checks: Mapping[int, tuple[Check, ...]]) -> dict[bytes, tuple[Check, ...]]:
    """Checks by member constant, by the instructions that call them."""
    return {bytes([code]) + index.to_bytes(2): each for index, each in checks.items() for code in _CALLS}


def wrapped_in(class_file: ClassFile, wrapped: Wrapped) -> dict[int, tuple[Check, ...]]:
    """The member constants of a class that name a method that passes a check on. Raises Malformed."""
    pool = class_file.pool
    found: dict[int, tuple[Check, ...]] = {}
    for index, tag in enumerate(pool.tags if wrapped else b""):
        if tag in (constants.METHODREF, constants.INTERFACE_METHODREF):
            owner, name, descriptor = pool.member(index)
            if (each := wrapped.get((typed(owner), name + descriptor))) is not None:
                found[index] = each
    return found


def _member_hits(class_file: ClassFile, wanted: Wanted, hierarchy: Hierarchy | None) -> Iterator[tuple[int, _Hit]]:
    pool = class_file.pool
    names, targets = wanted.names, wanted.targets
    for index, tag in enumerate(pool.tags):
        if not constants.FIELDREF <= tag <= constants.INTERFACE_METHODREF:
            continue
        owner, name, descriptor = pool.member(index)
        if name not in names:
            continue
        is_field = tag == constants.FIELDREF
        members = targets.fields if is_field else targets.methods
        of = typed(owner)
        between = ":" if is_field else ""
        member = f"->{decoded(name)}{between}{decoded(descriptor)}"
        uses = matching(members.get(of, {}), name, descriptor)
        if uses:
            yield index, _Hit(uses, decoded(of) + member, "field" if is_field else "call")
        elif hierarchy is not None and name != _CONSTRUCTOR:
            above, uses = _inherited(members, hierarchy, of, name, descriptor, is_field)
            if uses:
                yield index, _Hit(uses, decoded(above) + member, "subclass", decoded(of))


def _inherited(
    members: dict[bytes, Members], hierarchy: Hierarchy, of: bytes, name: bytes, descriptor: bytes, is_field: bool
) -> tuple[bytes, list[Use]]:
    """The nearest class above that something is wanted for; none when a class on the way has such a method itself."""
    key = name + descriptor
    if not is_field and hierarchy.defines(of, key):
        return b"", []
    for above in hierarchy.above(of):
        if not is_field and hierarchy.defines(above, key):
            break
        uses = matching(members.get(above, {}), name, descriptor)
        if uses:
            return above, uses
    return b"", []


def _handle_hits(class_file: ClassFile, hits: dict[int, _Hit]) -> dict[int, _Hit]:
    """Method handles of the pool that stand for a hit. A handle that writes a field is none."""
    found = {}
    for index, tag in enumerate(class_file.pool.tags):
        if tag == constants.METHOD_HANDLE:
            kind, member = class_file.pool.handle(index)
            if member in hits and kind not in _REF_PUTS:
                found[index] = hits[member]
    return found


def _tokens(class_file: ClassFile, hits: dict[int, _Hit], handles: dict[int, _Hit]) -> dict[bytes, list[_Hit]]:
    """The instructions that make a site, as `references` gives them."""
    pool = class_file.pool
    found: dict[bytes, list[_Hit]] = {}
    for index, hit in hits.items():
        codes = _READS if pool.tags[index] == constants.FIELDREF else _CALLS
        for code in codes:
            found[bytes([code]) + index.to_bytes(2)] = [hit]
    if not handles:
        return found
    for index, tag in enumerate(pool.tags):
        if tag in (constants.DYNAMIC, constants.INVOKE_DYNAMIC):
            named = [handles[each] for each in bootstrapped(class_file, pool.dynamic(index)[0]) if each in handles]
        else:
            named = [handles[index]] if index in handles else []
        if not named:
            continue
        as_handles = [_Hit(hit.uses, hit.target, "handle", hit.through) for hit in named]
        if tag == constants.INVOKE_DYNAMIC:
            found[bytes([op.INVOKEDYNAMIC]) + index.to_bytes(2)] = as_handles
        else:
            found[bytes([op.LDC_W]) + index.to_bytes(2)] = as_handles
            if index < 256:
                found[bytes([op.LDC, index])] = as_handles
    return found


def _in_method(
    class_file: ClassFile,
    cls: str,
    method: Method,
    code: Code,
    tokens: dict[bytes, list[_Hit]],
    checks: Mapping[bytes, Sequence[Check]],
    targets: Targets,
    found: Scanned,
) -> None:
    data = class_file.data
    places: list[tuple[int, list[_Hit]]] = []
    checked: dict[int, Sequence[Check]] = {}
    for at in instructions(data, code.at, code.size, class_file.file):
        hits = tokens.get(data[at : at + (2 if data[at] == op.LDC else 3)])
        if hits is not None:
            places.append((at, hits))
        if checks and (each := checks.get(data[at : at + 3])) is not None:
            checked[at - code.at] = each
    calls = {at - code.at for at, _ in places if data[at] in _CALLS}
    arguments = constant_arguments(class_file, code, calls) if calls else {}
    guards: dict[int, str] = {}
    if any(one.kind != SAME for each in checked.values() for one in each):
        try:
            guards = gates(Ways(class_file, method, code, checked), {at - code.at for at, _ in places})
        except TooLarge:
            found.gates_left_out += 1
        except INVALID:
            pass
    name = decoded(method.name + method.descriptor)
    key = typed(class_file.name), method.name + method.descriptor
    for at, hits in places:
        given = arguments.get(at - code.at, ())
        for hit in hits:
            for api in _meant(hit, given, targets, found.unresolved):
                site = Site(
                    api, hit.target, cls, name, at - code.at, hit.kind, given, hit.through, at, key,
                    guards.get(at - code.at),
                )  # fmt: skip
                found.sites.append(site)


def _meant(hit: _Hit, given: tuple[Argument, ...], targets: Targets, unresolved: Counter[str]) -> list[Api]:
    """The records a site stands for: those of the method itself, and those its constant argument names.

    A handle passes no arguments, so what needs them is not claimed.
    """
    found: list[Api] = []
    for use in hit.uses:
        if use.api is not None and use.api.argument is None:
            named = [use.api]
        elif hit.kind == "handle":
            continue
        else:
            named = _through_argument(use, given, targets, unresolved)
        found += [api for api in named if api not in found]
    return found


def _through_argument(use: Use, given: tuple[Argument, ...], targets: Targets, unresolved: Counter[str]) -> list[Api]:
    """As readers/dex/scan has it, but for commands in arrays, whose elements are not followed here."""
    if use.api is not None:
        needed = use.api.argument
        if needed is None:
            return [use.api]
        values = [each.value for each in given if each.index == needed.index]
        unresolved[use.api.kind] += not values
        return [use.api] if any(value in needed.values for value in values) else []
    if use.carrier is None:
        return []
    values = [each.value for each in given if each.index == use.carrier.argument]
    if use.carrier.role != "use":
        unresolved[use.carrier.kind] += not values
    return [api for value in values for api in targets.named(use.carrier, value)]


def _any_of(texts: set[bytes]) -> bytes:
    """A pattern for any of the texts, as a tree of their common beginnings: the engine tries few ways at each place."""
    ways = list(_ways(texts))
    if not ways:
        return b"(?!)"
    return ways[0] if len(ways) == 1 else b"(?:" + b"|".join(ways) + b")"


def _ways(texts: set[bytes]) -> Iterator[bytes]:
    by_first: dict[bytes, set[bytes]] = {}
    for text in texts:
        by_first.setdefault(text[:1], set()).add(text[1:])
    # The longer way first; that nothing more follows comes last.
    for first, rest in sorted(by_first.items(), reverse=True, key=lambda pair: pair[0]):
        yield re.escape(first) + (_any_of(rest) if rest != {b""} else b"") if first else b""
