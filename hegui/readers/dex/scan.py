"""From one DEX file, the places in its code that use what is looked for.

First one pass over the bytes for "an opcode that can mean it, followed by a wanted index"; then each find is held
against the true instructions of the methods that cover it. Sources: Dalvik bytecode, "Summary of bytecode set".
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from hegui.readers.dex import code
from hegui.readers.dex.android import PLATFORM_PARENTS, is_platform
from hegui.readers.dex.arguments import arguments
from hegui.readers.dex.code import Body, starts_instruction
from hegui.readers.dex.graph import Graph
from hegui.readers.dex.handles import Handles
from hegui.readers.dex.hidden import WATCHED_IDS
from hegui.readers.dex.tables import NO_INDEX, Column, Dex, Methods, mutf8
from hegui.readers.dex.targets import Api, Targets, Use, matching

if TYPE_CHECKING:
    from hegui.facts.package import Argument
    from hegui.readers.dex.wrappers import Guards

_CALLS = [*code.INVOKES, *code.INVOKES_RANGE]
_POLYMORPHIC = [code.INVOKE_POLYMORPHIC, code.INVOKE_POLYMORPHIC_RANGE]
_CUSTOM = [code.INVOKE_CUSTOM, code.INVOKE_CUSTOM_RANGE]
_READS = [*code.IGETS, *code.SGETS]


@dataclass(slots=True)
class Hit:
    """A use found in one DEX file. `method_no` counts the methods that file defines; `at` is a byte offset in it.

    `kind`: "call" is an invoke that names the target itself (what cross references are elsewhere); "field" a read;
    "subclass" an invoke that names a class below the target's, settled once all classes are known; "handle" a
    method handle, call site or polymorphic invoke. `written` is the class the instruction names; `meant` the method or field id.
    """

    api: Api
    use: Use
    kind: str
    opcode: int
    method_no: int
    offset: int
    at: int
    target: str
    written: bytes
    wanted_class: bytes
    meant: int
    args: "tuple[Argument, ...]" = ()
    gate: str | None = None


@dataclass(slots=True)
class Scanned:
    """What scanning one DEX file gave. `unresolved` counts carriers whose constant could not be read, by kind."""

    hits: list[Hit]
    unresolved: dict[str, int]


class _Covering:
    """Which methods' code covers a byte offset. Code may be shared by methods, and hostile code may overlap.

    Code that is not inside the file is left out: it is counted as not decoded where references are collected.
    """

    def __init__(self, dex: Dex, methods: Methods) -> None:
        size = len(dex.data)
        words = np.frombuffer(dex.data, "<u4", size // 4)
        offs = np.array(methods.code_off, np.int64)
        order = np.argsort(offs)
        at = offs[order]
        inside = (at != 0) & (at & 3 == 0) & (at + 16 <= size)
        order, at = order[inside], at[inside]
        self.method_nos, self.starts = order, at + 16
        ends = self.starts + 2 * words[(at >> 2) + 3].astype(np.int64)
        self.ends = np.where(ends <= size, ends, self.starts)
        self.last = np.maximum.accumulate(self.ends)

    def at(self, place: int) -> Iterator[tuple[int, int, int]]:
        """Each method that covers the byte offset: its number, and where its code begins and ends."""
        i = int(np.searchsorted(self.starts, place, side="right")) - 1
        while i >= 0 and self.last[i] > place:
            if self.ends[i] > place:
                yield int(self.method_nos[i]), int(self.starts[i]), int(self.ends[i])
            i -= 1


# What one index of a table is wanted for: the wanted, the kind of hit, the wanted class, the method or field id meant.
_Uses = list[tuple[Use, str, bytes, int]]


@dataclass(slots=True)
class Found:
    """Where a DEX file uses what is wanted, before anything more is read of the methods: see `find` and `settle`."""

    places: dict[int, list[tuple[int, int]]]
    uses_of: dict[int, dict[int, _Uses]]


def find(
    dex: Dex, methods: Methods, targets: Targets, graph: Graph | None = None, handles: Handles | None = None
) -> Found:
    """The places in a DEX file that use the targets. With a graph, also calls by way of a subclass.

    Raises Malformed.
    """
    called = _wanted_methods(dex, targets, arguments_too=graph is not None)
    if graph is not None:
        _add_subclass_calls(dex, targets, graph, called)
    read = _wanted_fields(dex, targets)
    by_opcode: list[tuple[list[int], dict[int, _Uses]]] = [
        (_CALLS, called),
        (_READS, read),
        (_POLYMORPHIC, {i: _as_handle(uses) for i, uses in called.items() if _is_signature_polymorphic(dex, i)}),
    ]
    if handles is not None and handles.of_handle:
        direct = {i for i, uses in called.items() if any(kind == "call" for _, kind, _, _ in uses)}
        of_handle, of_site = handles.using(direct)
        for opcodes, found in (([code.CONST_METHOD_HANDLE], of_handle), (_CUSTOM, of_site)):
            uses = {i: [use for m in named for use in _as_handle(called[m])] for i, named in found.items()}
            by_opcode.append((opcodes, uses))
    uses_of = {opcode: uses for opcodes, uses in by_opcode for opcode in opcodes if uses}
    if graph is None:
        return Found(_places(dex, methods, uses_of), uses_of)
    # The graph knows which methods refer to what, but for the few opcodes it has no use for.
    wanted = {opcode | i << 16 for opcode, uses in uses_of.items() if opcode in code.SAID for i in uses}
    per_method = _places(dex, methods, {opcode: uses for opcode, uses in uses_of.items() if opcode not in code.SAID})
    for method_no in graph.referring(wanted):
        per_method.setdefault(method_no, [])
    return Found(per_method, uses_of)


def _wanted_in(
    body: Body, opcodes: re.Pattern[bytes], uses_of: dict[int, dict[int, _Uses]]
) -> Iterator[tuple[int, int]]:
    """The wanted references of one method, of those opcodes: byte offset and opcode."""
    for found in opcodes.finditer(body.opcodes):
        at, opcode = body.at[found.start()], found[0][0]
        if body.units[at + 1] in uses_of[opcode]:
            yield body.insns + 2 * at, opcode


def _is_signature_polymorphic(dex: Dex, method: int) -> bool:
    """Whether a method id can stand in an invoke-polymorphic: those of MethodHandle and VarHandle."""
    return dex.type_names[dex.method_class[method]].startswith(b"Ljava/lang/invoke/")


def _places(dex: Dex, methods: Methods, uses_of: dict[int, dict[int, _Uses]]) -> dict[int, list[tuple[int, int]]]:
    """By method number: byte offsets and opcodes of true instructions that name what is wanted."""
    per_method: dict[int, list[tuple[int, int]]] = defaultdict(list)
    if any(uses_of.values()):
        covering = _Covering(dex, methods)
        for place, opcode in _candidates(dex, uses_of, covering):
            for method_no, begin, end in covering.at(place):
                if not (place - begin) & 1 and starts_instruction(dex.data, begin, end, place):
                    per_method[method_no].append((place, opcode))
    return per_method


def _candidates(dex: Dex, uses_of: dict[int, dict[int, _Uses]], covering: _Covering) -> Iterator[tuple[int, int]]:
    """Byte offsets where an opcode stands before an index wanted of it. Instructions begin at even offsets."""
    if not uses_of or not len(covering.starts):
        return
    units = np.frombuffer(dex.data, "<u2", len(dex.data) // 2)
    first, end = int(covering.starts[0]) >> 1, int(covering.last[-1]) >> 1
    is_wanted = _among(1 << 16, {index for uses in uses_of.values() for index in uses if index <= 0xFFFF})
    is_opcode = _among(1 << 8, uses_of)
    found = first + np.flatnonzero(is_wanted[units[first + 1 : end]])
    opcodes = units[found] & 0xFF
    said = is_opcode[opcodes]
    for place, opcode, index in zip(
        found[said].tolist(), opcodes[said].tolist(), units[found[said] + 1].tolist(), strict=True
    ):
        if index in uses_of[opcode]:
            yield 2 * place, opcode


def _among(size: int, numbers: Iterable[int]) -> Column:
    """For each number below `size`, whether it is one of these."""
    is_one = np.zeros(size, np.bool_)
    is_one[list(numbers)] = True
    return is_one


def _of_these(column: memoryview, size: int, numbers: Iterable[int]) -> list[int]:
    """The rows of a column, of numbers below `size`, that hold one of these."""
    return [int(row) for row in np.flatnonzero(_among(size, numbers)[np.asarray(column)])]


def _wanted_methods(dex: Dex, targets: Targets, arguments_too: bool) -> dict[int, _Uses]:
    classes = {i: members for i, members in enumerate(map(targets.methods.get, dex.type_names)) if members}
    found: dict[int, _Uses] = {}
    for method in _of_these(dex.method_class, dex.types_n, classes):
        cls = dex.method_class[method]
        name = dex.string(dex.method_name[method])
        if name in classes[cls]:
            uses = matching(classes[cls], name, dex.proto(dex.method_proto[method]))
            uses = [use for use in uses if arguments_too or not use.needs_arguments]
            if uses:
                found[method] = [(use, "call", dex.type_names[cls], method) for use in uses]
    return found


def _wanted_fields(dex: Dex, targets: Targets) -> dict[int, _Uses]:
    classes = {i: members for i, members in enumerate(map(targets.fields.get, dex.type_names)) if members}
    found: dict[int, _Uses] = {}
    if not classes:
        return found
    for field in _of_these(dex.field_class, dex.types_n, classes):
        cls = dex.field_class[field]
        uses = matching(classes[cls], dex.string(dex.field_name[field]), dex.type_names[dex.field_type[field]])
        if uses:
            found[field] = [(use, "field", dex.type_names[cls], field) for use in uses]
    return found


def _add_subclass_calls(dex: Dex, targets: Targets, graph: Graph, called: dict[int, _Uses]) -> None:
    """Method ids whose name and prototype are wanted of another class, which theirs may turn out to extend."""
    base = graph.ref_bases[-1]
    number_of = cache(graph.protos.number_of)
    # What a name and prototype are wanted of, by key: the class, its number, and the use.
    wanted_of: dict[int, list[tuple[bytes, int, Use]]] = {}
    for method, name in methods_named(graph, targets.inherited):
        number, key = graph.ref_class[base + method], graph.ref_key[base + method]
        if key not in wanted_of:
            wanted_of[key] = [
                (cls, graph.class_number(cls), use)
                for cls, proto, use in targets.inherited[name]
                if proto is None or number_of(proto) == key & NO_INDEX
            ]
        if not wanted_of[key]:
            continue
        written = dex.type_names[dex.method_class[method]]
        if is_platform(written) and written not in PLATFORM_PARENTS:
            continue
        found = [
            (cls, use)
            for cls, above, use in wanted_of[key]
            if above != number and graph.inherits(number, key, above) is not False
        ]
        if found:
            order = {graph.classes.all[above]: i for i, above in enumerate(graph.ancestors(number))}
            # The nearest class first: a target listed for several classes of one line is told once.
            found.sort(key=lambda pair: order.get(pair[0], len(order)))
            called.setdefault(method, []).extend((use, "subclass", above, method) for above, use in found)


def _as_handle(uses: _Uses) -> _Uses:
    # A handle has no registers to read constants from, so what needs them is not claimed.
    return [(use, "handle", cls, id_) for use, kind, cls, id_ in uses if kind == "call" and not use.needs_arguments]


def settle(
    dex: Dex,
    methods: Methods,
    targets: Targets,
    found: Found,
    graph: Graph | None = None,
    guards: "Guards | None" = None,
) -> Scanned:
    """Hits from the places found, method by method. With a graph: with their arguments, what these name, and gates; what
    of gates is not known before the last DEX file was read is left to `guards`.

    Raises Malformed.
    """
    per_method, uses_of = found.places, found.uses_of
    hits: list[Hit] = []
    unresolved: dict[str, int] = defaultdict(int)
    names: dict[tuple[str, bytes, int], tuple[bytes, str]] = {}
    if guards is not None:
        guards.add(dex, methods)
    # What the graph tells of, which `find` has left to be looked for here.
    told_of = code.any_of(code.SAID & uses_of.keys())
    for method_no, places in sorted(per_method.items()):
        insns = methods.code_off[method_no] + 16
        body = Body(dex, methods.code_off[method_no]) if graph is not None else None
        of_method: list[Hit] = []
        if body is not None:
            places += _wanted_in(body, told_of, uses_of)
        for place, opcode in sorted(places):
            offset = (place - insns) // 2
            index = dex.data[place + 2] | dex.data[place + 3] << 8
            args = _arguments(body, offset, opcode, index) if body is not None else ()
            of_place: set[str] = set()
            for use, kind, wanted_class, meant in uses_of[opcode][index]:
                for api in _apis(targets, use, args, unresolved):
                    # A class on the way up may turn out to override the method, so those are all kept until then.
                    if api.id not in of_place:
                        if (kind, wanted_class, meant) not in names:
                            names[kind, wanted_class, meant] = _written(dex, kind, wanted_class, meant)
                        cls, target = names[kind, wanted_class, meant]
                        of_method.append(
                            Hit(
                                api, use, kind, opcode, method_no, offset, place, target, cls, wanted_class, meant, args
                            )
                        )
                        if kind != "subclass":
                            of_place.add(api.id)
        of_method = _not_twice(of_method)
        told = [hit for hit in of_method if hit.api.id not in WATCHED_IDS]
        if body is not None and guards is not None and told:
            guards.guard(dex, method_no, body, told)
        hits += of_method
    return Scanned(hits, dict(unresolved))


def _not_twice(hits: list[Hit]) -> list[Hit]:
    """Without a URI's making where the same method also uses it: the use is the better evidence."""
    used = {hit.api.id for hit in hits if hit.use.carrier is not None and hit.use.carrier.role == "use"}
    return [
        hit
        for hit in hits
        if hit.use.carrier is None or hit.use.carrier.role == "use" or hit.api.kind != "uri" or hit.api.id not in used
    ]


def _arguments(body: Body, offset: int, opcode: int, index: int) -> "tuple[Argument, ...]":
    if opcode not in code.ALL_INVOKES:
        return ()
    return arguments(body, bisect_left(body.at, offset), index, static=opcode in (0x71, 0x77))


def _apis(targets: Targets, use: Use, args: "tuple[Argument, ...]", unresolved: dict[str, int]) -> list[Api]:
    """The records a use stands for: its own, or for a carrier those that its constant names."""
    if use.api is not None:
        needed = use.api.argument
        if needed is None or any(each.index == needed.index and each.value in needed.values for each in args):
            return [use.api]
        if all(each.index != needed.index for each in args):
            unresolved[use.api.kind] += 1
        return []
    assert use.carrier is not None  # noqa: S101 (a use is one or the other)
    constants = [each.value for each in args if each.index == use.carrier.argument]
    if use.carrier.kind == "command" and constants:
        constants = [" ".join(constants)]
    if not constants and use.carrier.role != "use":
        unresolved[use.carrier.kind] += 1
    found: list[Api] = []
    for constant in constants:
        found += [api for api in targets.named(use.carrier, constant) if api not in found]
    return found


def _written(dex: Dex, kind: str, wanted_class: bytes, meant: int) -> tuple[bytes, str]:
    """The class that an instruction names, and the target as the contract writes it."""
    if kind == "field":
        cls, of_type = dex.type_names[dex.field_class[meant]], dex.type_names[dex.field_type[meant]]
        return cls, mutf8(cls + b"->" + dex.string(dex.field_name[meant]) + b":" + of_type)
    return dex.type_names[dex.method_class[meant]], mutf8(wanted_class + b"->" + dex.signature(meant))


def methods_named(graph: Graph, names: Iterable[bytes]) -> list[tuple[int, bytes]]:
    """The method ids, of the DEX file the graph took in last, with one of these names."""
    wanted = {number: name for name in names if (number := graph.names.numbers.get(name)) is not None}
    written = np.frombuffer(graph.ref_key, np.uint64)[graph.ref_bases[-1] :] >> np.uint64(32)
    found = np.flatnonzero(_among(len(graph.names.numbers), wanted)[written])
    return [(method, wanted[number]) for method, number in zip(found.tolist(), written[found].tolist(), strict=True)]
