"""The classes and calls of a whole SDK as arrays: what is kept when its class files have been read and let go.

As in readers/dex/graph: a class, and a name with its descriptor, are numbers; a method defined is a node. Kept per
node: 20 bytes; per distinct reference from a node: 8 bytes; each distinct name once.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from hegui.readers.dex.android import PLATFORM_PARENTS
from hegui.readers.errors import Malformed
from hegui.readers.jvm import opcodes as op
from hegui.readers.jvm import pool as constants
from hegui.readers.jvm.class_file import ClassFile
from hegui.readers.jvm.code import references

NONE = -1

# What a reference does. EXACT: the method named or inherited. VIRTUAL: also those that override it.
# INITIALISES: the static initialiser of the class. MAKES: an instance, whose methods the platform may then call.
EXACT, VIRTUAL, INITIALISES, MAKES = 0, 1, 2, 3

_KEY_BITS = 31
_KEY_MASK = (1 << _KEY_BITS) - 1
_KIND_SHIFT = 62
# Reference kinds of a method handle (table 5.4.3.5-A).
_REF_STATIC, _REF_SPECIAL, _REF_NEW = 6, 7, 8
_FIRST_METHOD_KIND = 5
_DEEPEST = 16
# Real classes have fewer than a hundred types above them; a hostile chain is cut off here.
_MOST_ABOVE = 500
_MOST_FAULTS = 1000


class Names:
    """Each distinct byte string once, numbered in the order of arrival."""

    def __init__(self) -> None:
        self.numbers: dict[bytes, int] = {}
        self.all: list[bytes] = []

    def number(self, name: bytes) -> int:
        number = self.numbers.setdefault(name, len(self.all))
        if number == len(self.all):
            self.all.append(name)
        return number


class Graph:
    """Grows by one class at a time; of several of one name the first counts. Classes are named `Lpkg/Cls;`, in bytes.

    A `key` numbers `name(args)ret` in `keys`. Call `finish` before anything is asked.
    """

    def __init__(self) -> None:
        self.classes, self.keys = Names(), Names()
        # By class number; for a class only mentioned, parents and first are NONE.
        self._parents: dict[int, tuple[int, ...]] = {}
        self.class_access: dict[int, int] = {}
        self.first: dict[int, int] = {}
        # By node.
        self.node_class, self.node_key, self.node_access = array("I"), array("I"), array("H")
        self.edges, self.edge_ends = array("Q"), array("I")
        self.faults: list[str] = []
        self.shadowed = 0
        self._sorted = array("Q")
        self._order = array("I")
        self._children: dict[int, list[int]] = {}

    def add(self, class_file: ClassFile) -> None:
        """Take in a class. A method whose code is no code keeps its node, and its fault is told in `faults`."""
        number = self.classes.number(typed(class_file.name))
        if number in self.first:
            self.shadowed += 1
            return
        above = (*((class_file.super_name,) if class_file.super_name else ()), *class_file.interfaces)
        self._parents[number] = tuple(self.classes.number(typed(name)) for name in above)
        self.class_access[number] = class_file.access
        self.first[number] = len(self.node_key)
        links = _Links(self, class_file)
        for method in class_file.methods:
            self.node_class.append(number)
            self.node_key.append(self.keys.number(method.name + method.descriptor))
            self.node_access.append(method.access)
            if method.code is not None:
                try:
                    tokens = references(
                        class_file.data, method.code.at, method.code.size, class_file.file, links.with_loads
                    )
                    # In the order of the code, for the numbers of names go by it, and with them the example paths.
                    found = {edge for token in dict.fromkeys(tokens) for edge in links.of(token)}
                    self.edges.extend(sorted(found))
                except Malformed as error:
                    if len(self.faults) < _MOST_FAULTS:
                        self.faults.append(error.words.en)
            self.edge_ends.append(len(self.edges))

    def finish(self) -> None:
        """Arrange what was added for looking up."""
        full = [cls << _KEY_BITS | key for cls, key in zip(self.node_class, self.node_key, strict=True)]
        order = sorted(range(len(full)), key=full.__getitem__)
        self._order = array("I", order)
        self._sorted = array("Q", [full[node] for node in order])
        for number, above in self._parents.items():
            for parent in above:
                self._children.setdefault(parent, []).append(number)

    def edges_of(self, node: int) -> Iterator[tuple[int, int, int]]:
        """Kind, class and key of what a method refers to; the key means nothing for INITIALISES and MAKES."""
        for edge in self.edges_from(node):
            yield edge >> _KIND_SHIFT, edge >> _KEY_BITS & _KEY_MASK, edge & _KEY_MASK

    def edges_from(self, node: int) -> "array[int]":
        """The same as `edge` makes them."""
        return self.edges[self.edge_ends[node - 1] if node else 0 : self.edge_ends[node]]

    def edge(self, kind: int, cls: bytes, key: int = 0) -> int:
        return kind << _KIND_SHIFT | self.classes.number(cls) << _KEY_BITS | key

    def parents(self, cls: int) -> tuple[int, ...]:
        """The superclass, then the interfaces: as the SDK says, or for a platform class as far as we know."""
        known = self._parents.get(cls)
        if known is None:
            names = PLATFORM_PARENTS.get(self.classes.all[cls], ())
            known = self._parents[cls] = tuple(self.classes.number(name) for name in names)
        return known

    def ancestors(self, cls: int) -> list[int]:
        """A class and all above it, each once, nearest first."""
        found = [cls]
        seen = {cls}
        for above in found:
            for parent in self.parents(above):
                if parent not in seen and len(found) < _MOST_ABOVE:
                    seen.add(parent)
                    found.append(parent)
        return found

    def descendants(self, cls: int) -> list[int]:
        """The classes of the SDK below a class."""
        found = list(self._children.get(cls, ()))
        seen = set(found)
        for below in found:
            for child in self._children.get(below, ()):
                if child not in seen:
                    seen.add(child)
                    found.append(child)
        return found

    def own(self, cls: int, key: int) -> int:
        """The node of a method that the class itself defines, or NONE."""
        wanted = cls << _KEY_BITS | key
        at = bisect_left(self._sorted, wanted)
        return self._order[at] if at < len(self._sorted) and self._sorted[at] == wanted else NONE

    def lookup(self, cls: int, key: int) -> int:
        """The node of a method called on a class: its own, or the nearest inherited (JVMS 5.4.3.3); NONE outside."""
        for above in self.ancestors(cls):
            node = self.own(above, key)
            if node != NONE:
                return node
        return NONE

    def nodes_of(self, cls: int) -> range:
        """The methods that a class itself defines."""
        first = self.first.get(cls, NONE)
        last = first
        while first != NONE and last < len(self.node_class) and self.node_class[last] == cls:
            last += 1
        return range(first, last) if first != NONE else range(0)

    def class_number(self, cls: bytes) -> int:
        """The number of a class that was defined or mentioned, or NONE."""
        return self.classes.numbers.get(cls, NONE)

    def is_defined(self, cls: int) -> bool:
        return cls in self.first

    def signature(self, node: int) -> bytes:
        """b"Lpkg/Cls;->name(args)ret"."""
        return self.classes.all[self.node_class[node]] + b"->" + self.keys.all[self.node_key[node]]

    def name(self, node: int) -> bytes:
        return self.keys.all[self.node_key[node]].partition(b"(")[0]

    # What sites.py asks: see its Hierarchy.

    def above(self, cls: bytes) -> Iterable[bytes]:
        number = self.class_number(cls)
        return [] if number == NONE else [self.classes.all[each] for each in self.ancestors(number)[1:]]

    def defines(self, cls: bytes, key: bytes) -> bool:
        number, key_number = self.class_number(cls), self.keys.numbers.get(key)
        return number != NONE and key_number is not None and self.own(number, key_number) != NONE


class _Links:
    """What the constant pool of one class makes of the instructions of its methods, each constant looked up once."""

    def __init__(self, graph: Graph, class_file: ClassFile) -> None:
        self.graph, self.class_file, self.pool = graph, class_file, class_file.pool
        tags = class_file.pool.tags
        self.with_loads = bytes([constants.METHOD_HANDLE]) in tags or bytes([constants.DYNAMIC]) in tags
        self.known: dict[bytes, tuple[int, ...]] = {}
        self.names: dict[int, bytes] = {}

    def of(self, token: bytes) -> tuple[int, ...]:
        """The edges of an instruction as `references` gives it."""
        edges = self.known.get(token)
        if edges is None:
            edges = self.known[token] = tuple(self.read(token[0], int.from_bytes(token[1:])))
        return edges

    def read(self, code: int, index: int) -> Iterator[int]:
        pool, graph = self.pool, self.graph
        if op.GETSTATIC <= code <= op.PUTFIELD:
            if code <= op.PUTSTATIC:
                yield graph.edge(INITIALISES, typed(pool.member(index)[0]))
        elif code == op.INVOKEDYNAMIC:
            yield from self.of_handles(bootstrapped(self.class_file, pool.dynamic(index)[0]))
        elif code in (op.LDC, op.LDC_W):
            if pool.tags[index : index + 1] == bytes([constants.METHOD_HANDLE]):
                yield from self.of_handles([index])
            elif pool.tags[index : index + 1] == bytes([constants.DYNAMIC]):
                yield from self.of_handles(bootstrapped(self.class_file, pool.dynamic(index)[0]))
        elif code == op.NEW:
            made = typed(pool.class_name(index))
            yield graph.edge(INITIALISES, made)
            yield graph.edge(MAKES, made)
        else:
            yield from self.call(index, code in (op.INVOKEVIRTUAL, op.INVOKEINTERFACE), code == op.INVOKESTATIC)

    def call(self, index: int, virtual: bool, static: bool) -> Iterator[int]:
        owner, name, descriptor = self.pool.member(index)
        cls = typed(owner)
        if static:
            yield self.graph.edge(INITIALISES, cls)
        yield self.graph.edge(VIRTUAL if virtual else EXACT, cls, self.graph.keys.number(name + descriptor))

    def of_handles(self, handles: Iterable[int]) -> Iterator[int]:
        """A method handle is taken as called where it is loaded: when it runs does not show."""
        for index in handles:
            kind, member = self.pool.handle(index)
            if kind >= _FIRST_METHOD_KIND:
                exact = kind in (_REF_STATIC, _REF_SPECIAL, _REF_NEW)
                yield from self.call(member, not exact, kind == _REF_STATIC)
                if kind == _REF_NEW:
                    yield self.graph.edge(MAKES, typed(self.pool.member(member)[0]))


def bootstrapped(class_file: ClassFile, bootstrap: int) -> list[int]:
    """The method handles among the arguments of a bootstrap method, also of constants it computes (JVMS 4.7.23).

    For a lambda the one of its body. The bootstrap method itself is left out: it is the runtime's.
    """
    pool, found = class_file.pool, []
    methods = class_file.bootstrap_arguments()
    todo, seen = [bootstrap], {bootstrap}
    for number in todo:
        if number >= len(methods) or len(todo) > _DEEPEST:
            break
        for argument in methods[number][1:]:
            tag = pool.tags[argument] if argument < pool.count else 0
            if tag == constants.METHOD_HANDLE:
                found.append(argument)
            elif tag == constants.DYNAMIC and (inner := pool.dynamic(argument)[0]) not in seen:
                seen.add(inner)
                todo.append(inner)
    return found


def typed(name: bytes) -> bytes:
    """A name in internal form as a type: b"Lpkg/Cls;"; an array class is its own type (JVMS 4.4.1)."""
    return name if name.startswith(b"[") else b"L" + name + b";"
