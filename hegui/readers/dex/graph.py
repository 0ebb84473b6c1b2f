"""The classes and calls of a whole package as arrays: what is kept when a DEX file has been read and let go.

Kept per class named: its descriptor, parent and first method (one dict entry and three numbers). Per method id of
each DEX file: class, name and prototype, node (20 bytes). Per method defined, called a node: 20 bytes. Per reference
from code to a type, static field or method: 4 bytes. Names and prototypes are held once per package.
"""

import re
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import count, pairwise

import numpy as np

from hegui.readers.dex.android import PLATFORM_PARENTS, is_platform
from hegui.readers.dex.handles import Handles
from hegui.readers.dex.tables import INTERFACE, NO_INDEX, Column, Dex, Methods
from hegui.readers.dex.walk import walk

NONE = -1

# Classes whose ancestors are remembered, and how far up is looked: hostile classes can extend each other.
_REMEMBERED = 20_000
_MOST_SUPERCLASSES = 256
_HASH_BITS = 20
_TYPE = re.compile(rb"\[*(?:L[^;]*;|[VZBSCIJFD])")


class Names:
    """Each distinct byte string once, numbered in the order of arrival."""

    def __init__(self) -> None:
        # Looking up a name that is not there gives it the next number.
        self.numbers: defaultdict[bytes, int] = defaultdict(count().__next__)
        self._all: list[bytes] = []

    def number(self, name: bytes) -> int:
        return self.numbers[name]

    def number_all(self, names: Iterable[bytes]) -> list[int]:
        return [*map(self.numbers.__getitem__, names)]

    @property
    def all(self) -> list[bytes]:
        """By number."""
        if len(self._all) != len(self.numbers):
            self._all = list(self.numbers)
        return self._all


class Prototypes:
    """Each distinct prototype once, numbered in the order of arrival: as numbers of classes, the returned one first."""

    def __init__(self, classes: Names) -> None:
        self._classes = classes
        self._names = Names()
        self._texts: dict[int, bytes] = {}

    def number_all(self, classes: Column, ends: Column) -> list[int]:
        """The numbers of prototypes that follow one another, the last class of each before `ends`."""
        stored = classes.astype(np.uint32).tobytes()
        cuts = [0, *(4 * ends).tolist()]
        return self._names.number_all([stored[begin:end] for begin, end in pairwise(cuts)])

    def number_of(self, text: bytes) -> int | None:
        """The number of a prototype written b"(args)ret"; None when no DEX file has it so far."""
        given, _, returned = text[1:].rpartition(b")")
        numbers = [self._classes.numbers.get(name) for name in (returned, *_TYPE.findall(given))]
        return None if None in numbers else self._names.numbers.get(np.array(numbers, np.uint32).tobytes())

    def text(self, number: int) -> bytes:
        """b"(args)ret"."""
        text = self._texts.get(number)
        if text is None:
            names = self._classes.all
            returned, *given = array("I", self._names.all[number])
            text = self._texts[number] = b"(%b)%b" % (b"".join([names[each] for each in given]), names[returned])
        return text

    def beginning(self, *given: bytes) -> list[int]:
        """Those whose first parameters are these classes."""
        numbers = [self._classes.numbers.get(name) for name in given]
        if None in numbers:
            return []
        wanted = np.array(numbers, np.uint32).tobytes()
        return [i for i, stored in enumerate(self._names.all) if stored.startswith(wanted, 4)]


class Graph:
    """Grows by one DEX file at a time, in load order: where two define a class, the first one's definition counts.

    A class, method name and prototype are numbers into `classes`, `names`, `protos`. A method id of a DEX file is a
    `ref`: base of the file plus index. A `key` is name << 32 | prototype. A method defined is a `node`.
    """

    def __init__(self) -> None:
        self.classes, self.names = Names(), Names()
        self.protos = Prototypes(self.classes)
        self.parent, self.first, self.count, self.class_access = array("i"), array("i"), array("I"), array("I")
        self.interfaces: dict[int, tuple[int, ...]] = {}
        self.ref_class, self.ref_key, self.ref_node = array("I"), array("Q"), array("i")
        self.node_ref, self.node_key, self.node_access = array("I"), array("Q"), array("I")
        # The references of node n are edges[edge_ends[n - 1] : edge_ends[n]]: opcode in the low byte, index << 16.
        self.edges, self.edge_ends = array("I"), array("I")
        self.ref_bases: list[int] = []
        self.node_bases: list[int] = []
        self.types: list[array[int]] = []
        self.field_class: list[array[int]] = []
        self.handles: list[Handles] = []
        self.shadowed: set[tuple[int, int]] = set()
        # Answers remembered, a bounded number, until the next file is taken in.
        self._above: dict[int, tuple[int, ...]] = {}
        self._implemented: dict[int, tuple[int, ...]] = {}
        self._platform: dict[int, tuple[int, ...]] = {}

    def add(self, dex: Dex, methods: Methods, handles: Handles) -> None:
        """Take in the tables of a DEX file; `link` its references afterwards. Raises Malformed and then takes nothing."""
        types = np.array(self.classes.number_all(dex.type_names), np.uint32)
        self._make_room()
        name_strings = np.asarray(dex.method_name)
        is_name = np.zeros(dex.strings_n, np.bool_)
        is_name[name_strings] = True
        used = np.flatnonzero(is_name)
        names = np.zeros(dex.strings_n, np.uint64)
        names[used] = self.names.number_all(dex.strings(used))
        # Superclass and interfaces of each class definition, checked before anything is kept.
        parents = np.array(dex.class_defs[2::8], np.int64)
        has_parent = parents != NO_INDEX
        lists = np.asarray(dex.class_defs[3::8])
        try:
            flat, ends = dex.prototypes()
            protos = np.array(self.protos.number_all(types.take(flat), ends), np.uint64)
            parents[has_parent] = types[parents[has_parent]]
            above = {at: tuple(types[dex.type_list(at)].tolist()) for at in set(lists.tolist())}
        except IndexError:
            dex.bad(0, f"parameter, superclass and interface indexes below {dex.types_n}")
        keys = names.take(name_strings) << np.uint64(32) | protos.take(np.asarray(dex.method_proto))

        self._above.clear()
        self._implemented.clear()
        number, base, node_base = len(self.ref_bases), len(self.ref_class), len(self.node_ref)
        self.ref_bases.append(base)
        self.node_bases.append(node_base)
        self.handles.append(handles)
        self.types.append(array("I", types.tobytes()))
        self.field_class.append(array("H", dex.field_class.tobytes()))
        index = np.array(methods.index, np.uint32)
        self.ref_class.frombytes(_stored(types.take(np.asarray(dex.method_class))))
        self.ref_key.frombytes(_stored(keys))
        self.node_ref.frombytes(_stored(index + np.uint32(base)))
        self.node_key.frombytes(_stored(keys.take(index)))
        self.node_access.extend(methods.access)
        # Of a class defined more than once, in this file or an earlier one, the first definition runs.
        cls = types[np.asarray(dex.class_defs[0::8])]
        first = np.asarray(self.first)
        runs = np.zeros(len(cls), np.bool_)
        runs[np.unique(cls, return_index=True)[1]] = True
        runs &= first[cls] == NONE
        ends = np.array(methods.ends, np.int64)
        counts = np.diff(ends, prepend=0)
        defined = cls[runs]
        for column, values in (
            (self.first, node_base + ends - counts),
            (self.count, counts),
            (self.class_access, np.asarray(dex.class_defs[1::8])),
            (self.parent, np.where(has_parent, parents, NONE)),
        ):
            np.asarray(column)[defined] = values[runs]
        self.shadowed.update((number, shadowed) for shadowed in cls[~runs].tolist())
        self.interfaces.update(
            (each, above[at]) for each, at in zip(defined.tolist(), lists[runs].tolist(), strict=True) if above[at]
        )
        nodes = np.where(np.repeat(runs, counts), np.arange(node_base, node_base + len(index), dtype=np.int32), NONE)
        ref_node = np.full(dex.methods_n, NONE, np.int32)
        kept = nodes != NONE
        ref_node[index[kept]] = nodes[kept]
        self.ref_node.frombytes(_stored(ref_node))

    def link(self, dex: Dex, methods: Methods) -> int:
        """Take in what the code of a DEX file just added refers to. Returns how many methods could not be decoded."""
        walked = walk(dex, methods)
        total = len(self.edges)
        self.edges.frombytes(_stored(walked.references))
        self.edge_ends.frombytes(_stored((walked.ends + total).astype(np.uint32)))
        return walked.failed

    def referring(self, wanted: Collection[int]) -> Iterator[int]:
        """The methods of the DEX file added last, by number, that make a wanted reference (opcode | index << 16)."""
        node_base = self.node_bases[-1]
        begin = self.edge_ends[node_base - 1] if node_base else 0
        edges = np.frombuffer(self.edges, np.uint32)[begin:]
        is_wanted = np.zeros(1 << 16, np.bool_)
        is_wanted[[reference >> 16 for reference in wanted]] = True
        places = np.flatnonzero(is_wanted.take(edges >> np.uint32(16)))
        found = [at for at, edge in zip(places.tolist(), edges[places].tolist(), strict=True) if edge in wanted]
        ends = np.frombuffer(self.edge_ends, np.uint32)[node_base:]
        yield from np.searchsorted(ends, begin + np.array(found, np.int64), side="right").tolist()

    def nodes_with(self, keys: Collection[int]) -> list[int]:
        """The nodes that have one of these keys, which are few, of one name."""
        column = np.frombuffer(self.node_key, np.uint64)
        places = np.flatnonzero(column >> np.uint64(32) == np.uint64(min(keys, default=0) >> 32))
        wanted = frozenset(keys)
        return [at for at, key in zip(places.tolist(), column[places].tolist(), strict=True) if key in wanted]

    def definers(self) -> bytes:
        """For each method id, how many methods have its name and prototype: 0, 1, or 2 for more, and maybe for fewer."""
        # Keys are told apart by a hash, for exact counts would need them sorted.
        counts = np.zeros(1 << _HASH_BITS, np.uint8)
        last = np.zeros(1 << _HASH_BITS, np.uint32)
        defined = _hashed(self.node_key)
        number = np.arange(len(defined), dtype=np.uint32)
        last[defined] = number
        counts[defined] = 1
        counts[defined[last[defined] != number]] = 2
        return counts[_hashed(self.ref_key)].tobytes()

    def dex_of(self, node: int) -> int:
        """Which DEX file, in load order, defines a node."""
        return bisect_right(self.node_bases, node) - 1

    def is_defined(self, cls: int) -> bool:
        return self.first[cls] != NONE

    def defined(self) -> list[bytes]:
        """The names of the classes that the package defines, in the order in which they are first named."""
        names = self.classes.all
        return [names[cls] for cls in np.flatnonzero(np.asarray(self.first) != NONE).tolist()]

    def class_of(self, node: int) -> int:
        return self.ref_class[self.node_ref[node]]

    def parents(self, cls: int) -> tuple[int, ...]:
        """The superclass and interfaces of a class: as the package says, or for a platform class as far as we know."""
        if self.first[cls] != NONE:
            above = self.interfaces.get(cls, ())
            return (self.parent[cls], *above) if self.parent[cls] != NONE else above
        known = self._platform.get(cls)
        if known is None:
            names = PLATFORM_PARENTS.get(self.classes.all[cls], ())
            known = self._platform[cls] = tuple(self.class_number(name) for name in names)
        return known

    def class_number(self, name: bytes) -> int:
        """The number of a class, also of one that no DEX file names."""
        number = self.classes.number(name)
        if number >= len(self.parent):
            self._make_room()
        return number

    def _make_room(self) -> None:
        """Rows for classes named since."""
        new = len(self.classes.numbers) - len(self.parent)
        for column, blank in ((self.parent, NONE), (self.first, NONE), (self.count, 0), (self.class_access, 0)):
            column.extend([blank] * new)

    def ancestors(self, cls: int) -> tuple[int, ...]:
        """A class and all above it, each once: superclasses first, nearest first."""
        known = self._above.get(cls)
        if known is None:
            found = [cls]
            seen = {cls}
            for above in found:
                for parent in self.parents(above):
                    if parent not in seen:
                        seen.add(parent)
                        found.append(parent)
            if len(self._above) >= _REMEMBERED:
                self._above.clear()
            known = self._above[cls] = tuple(found)
        return known

    def own(self, cls: int, key: int) -> int:
        """The node of a method a class itself defines, or NONE."""
        first = self.first[cls]
        if first == NONE:
            return NONE
        try:
            return self.node_key.index(key, first, first + self.count[cls])
        except ValueError:
            return NONE

    def inherits(self, cls: int, key: int, wanted: int) -> bool | None:
        """Whether a method called on a class of the package is the one a class above it has.

        None when that cannot be said yet: a class on the way up is none of the platform's, and not read so far.
        """
        unknown = False
        for above in self.ancestors(cls):
            if above == wanted:
                return True
            if self.first[above] == NONE:
                unknown = unknown or not is_platform(self.classes.all[above])
            elif self.own(above, key) != NONE:
                # Overridden: the method above it only runs where this one calls it, which is a call of its own.
                return False
        return None if unknown else False

    def lookup(self, cls: int, key: int) -> int:
        """The node that runs for a method called on a class: its own, inherited, or a default of an interface.

        NONE when the package defines none. Source: "Method resolution" as ART does it (class_linker).
        """
        first, node_key = self.first, self.node_key
        above = cls
        for _ in range(_MOST_SUPERCLASSES):
            if above == NONE or (begin := first[above]) == NONE:
                break
            # Most classes define few methods, so looking through them beats an index of them.
            try:
                return node_key.index(key, begin, begin + self.count[above])
            except ValueError:
                above = self.parent[above]
        for above in self._interfaces_above(cls):
            if (node := self.own(above, key)) != NONE:
                return node
        return NONE

    def _interfaces_above(self, cls: int) -> tuple[int, ...]:
        """The interfaces of the package that a class implements."""
        known = self._implemented.get(cls)
        if known is None:
            access = self.class_access
            known = tuple(above for above in self.ancestors(cls) if access[above] & INTERFACE and self.count[above])
            if len(self._implemented) >= _REMEMBERED:
                self._implemented.clear()
            self._implemented[cls] = known
        return known

    def name(self, node: int) -> bytes:
        return self.names.all[self.node_key[node] >> 32]

    def signature(self, node: int) -> bytes:
        """b"name(args)ret"."""
        key = self.node_key[node]
        return self.names.all[key >> 32] + self.protos.text(key & NO_INDEX)

    def nodes_of(self, cls: int) -> range:
        """The methods a class itself defines."""
        first = self.first[cls]
        return range(first, first + self.count[cls]) if first != NONE else range(0)


def _stored(column: Column) -> memoryview:
    """The bytes of a column, without a copy."""
    return np.ascontiguousarray(column).view(np.uint8).data


def _hashed(keys: "array[int]") -> Column:
    """For each key a number of _HASH_BITS bits; in pieces, for a package has a million keys."""
    column = np.frombuffer(keys, np.uint64)
    hashed = np.empty(len(column), np.uint32)
    for at in range(0, len(column), 1 << 16):
        piece = column[at : at + (1 << 16)]
        hashed[at : at + len(piece)] = piece * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - _HASH_BITS)
    return hashed
