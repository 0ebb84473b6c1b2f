"""Which methods of an SDK can run, and from where (可达性), in three rounds, each going on from the one before:

startup     providers and androidx.startup initialisers of an AAR: what runs in the host app before any screen
component   everything the other components may run; of a JAR, which has no manifest, classes derived from one
public_api  everything else that public methods of public classes may run when the host app calls them

As in readers/dex/reach, calls are followed through the class hierarchy and objects that are made have called what the
platform calls by itself (CALLBACKS). From the second round on, others are taken to call any method of such an object
that could be an override of one from outside: the weakest claim. Unlike there, a virtual call on a class of the SDK
leads to all its overrides, made or not, for the host app may make them. Reflection is not followed. A path shows that
a call is possible in the code, never that it happens.
"""

from array import array
from collections.abc import Iterable, Iterator
from typing import Final

from hegui.readers.dex.android import CALLBACKS, INITIALISER_STARTS, PROVIDER_STARTS
from hegui.readers.dex.reach import MOST_STEPS, Entries, descriptor
from hegui.readers.jvm.class_file import ACC_PRIVATE, ACC_PROTECTED, ACC_PUBLIC, ACC_STATIC
from hegui.readers.jvm.graph import EXACT, INITIALISES, MAKES, NONE, VIRTUAL, Graph
from hegui.readers.jvm.pool import decoded

ENTRY_KINDS: Final = ("unreached", "startup", "component", "public_api")

# Types of which an object is never called back by others in a way that matters here.
_MARKERS: Final = frozenset(
    b"Ljava/%b;" % name
    for name in (
        b"lang/Object",
        b"lang/Cloneable",
        b"io/Serializable",
        b"lang/Enum",
        b"lang/Exception",
        b"lang/RuntimeException",
        b"lang/Throwable",
        b"lang/annotation/Annotation",
    )
)
# Types whose subclasses the platform makes and calls, once the host's manifest names them.
_COMPONENT_TYPES: Final = frozenset(
    b"Landroid/%b;" % name
    for name in (
        b"app/Activity",
        b"app/Application",
        b"app/Service",
        b"content/BroadcastReceiver",
        b"content/ContentProvider",
    )
)
_STARTUP, _COMPONENT, _PUBLIC = 1, 2, 3
_ENTRY: Final = -1
# Overrides tried for all calls and objects together: beyond, reach is not whole. A 40 MB JAR tries a million.
_MOST_TRIES = 5_000_000


class Reach:
    """The methods reached, by round, each with the method it was first reached from.

    `whole` is False when the hierarchy was too large to follow every virtual call.
    """

    def __init__(self, graph: Graph, entries: Entries | None = None) -> None:
        """`entries` are those of an AAR's manifest; None for a JAR."""
        self.graph = graph
        self.whole = True
        self.round = bytearray(len(graph.node_key))
        self.from_node = array("i", [_ENTRY]) * len(graph.node_key)
        self._now = _STARTUP
        self._todo: list[int] = []
        self._tries = 0
        self._object = graph.class_number(b"Ljava/lang/Object;")
        self._called: set[int] = set()
        self._made: dict[int, int] = {}
        self._started: set[int] = set()
        self._ancestors: dict[int, list[int]] = {}
        if entries is not None:
            self._enter(self._known(entries.providers), PROVIDER_STARTS)
            self._enter(self._known(entries.initialisers), INITIALISER_STARTS)
            self._enter(self._known((entries.application,) if entries.application else ()), PROVIDER_STARTS)
        self._follow()
        self._now = _COMPONENT
        for cls, by in list(self._made.items()):
            self._overrides(cls, by)
        named = self._derived() if entries is None else self._known((*entries.providers, *entries.components))
        self._enter(named, (b"<init>", b"<clinit>"))
        self._follow()
        self._now = _PUBLIC
        for cls, access in graph.class_access.items():
            if access & ACC_PUBLIC:
                for node in graph.nodes_of(cls):
                    if graph.node_access[node] & ACC_PUBLIC:
                        self._reached(node, _ENTRY)
        self._follow()

    def path(self, cls: bytes, key: bytes) -> tuple[str, ...]:
        """The entry kind, then an example of methods from an entry to b"name(args)ret" of b"Lpkg/Cls;".

        ("unreached",) when there is no path, or no such method.
        """
        graph = self.graph
        number, key_number = graph.class_number(cls), graph.keys.numbers.get(key, NONE)
        node = graph.own(number, key_number) if NONE not in (number, key_number) else NONE
        if node == NONE or not self.round[node]:
            return (ENTRY_KINDS[0],)
        steps = [node]
        while (above := self.from_node[steps[-1]]) != _ENTRY:
            steps.append(above)
        steps.reverse()
        written = [decoded(graph.signature(step)) for step in steps]
        if len(written) > MOST_STEPS:
            half = MOST_STEPS // 2
            written = [*written[: half - 1], f"… {len(written) - MOST_STEPS + 1} more …", *written[-half:]]
        return ENTRY_KINDS[self.round[steps[0]]], *written

    def reached(self) -> int:
        """How many methods are reached."""
        return len(self.round) - self.round.count(0)

    def _known(self, names: Iterable[str]) -> Iterator[int]:
        for name in names:
            cls = self.graph.class_number(descriptor(name))
            if cls in self.graph.first:
                yield cls

    def _derived(self) -> Iterator[int]:
        graph = self.graph
        for cls in list(graph.first):
            if any(graph.classes.all[above] in _COMPONENT_TYPES for above in self._above(cls)):
                yield cls

    def _enter(self, classes: Iterable[int], names: tuple[bytes, ...]) -> None:
        for cls in classes:
            self._make(cls, _ENTRY)
            for each in self._above(cls):
                for node in self.graph.nodes_of(each):
                    name = self.graph.name(node)
                    # Constructors are called down the hierarchy by each other.
                    if name in names and (each == cls or name != b"<init>"):
                        self._reached(node, _ENTRY)

    def _above(self, cls: int) -> list[int]:
        found = self._ancestors.get(cls)
        if found is None:
            found = self._ancestors[cls] = self.graph.ancestors(cls)
        return found

    def _reached(self, node: int, by: int) -> None:
        if node != NONE and not self.round[node]:
            self.round[node] = self._now
            self.from_node[node] = by
            self._todo.append(node)

    def _follow(self) -> None:
        graph = self.graph
        at = 0
        # First in, first out: the paths of a round are shortest.
        while at < len(self._todo):
            node = self._todo[at]
            at += 1
            self._start(graph.node_class[node], node)
            for kind, cls, key in graph.edges_of(node):
                if kind == EXACT:
                    self._reached(self._lookup(cls, key), node)
                elif kind == VIRTUAL:
                    self._call(cls, key, node)
                elif kind == INITIALISES:
                    self._start(cls, node)
                elif kind == MAKES:
                    self._make(cls, node)
        self._todo.clear()

    def _lookup(self, cls: int, key: int) -> int:
        """The method's nearest definition, at the class or above (JVMS 5.4.3.3)."""
        own = self.graph.own(cls, key)
        if own != NONE:
            return own
        return next((node for above in self._above(cls) if (node := self.graph.own(above, key)) != NONE), NONE)

    def _call(self, cls: int, key: int, by: int) -> None:
        call = cls << 31 | key
        if call in self._called or cls == self._object:
            return
        self._called.add(call)
        graph = self.graph
        self._reached(self._lookup(cls, key), by)
        if not self.whole:
            return
        below = graph.descendants(cls)
        self._try(len(below))
        # Of a type from outside (Runnable, Comparator) there are too many: those count that are made somewhere.
        inside = graph.is_defined(cls)
        for each in below:
            if inside:
                self._reached(graph.own(each, key), by)
            elif each in self._made:
                self._reached(self._lookup(each, key), by)

    def _try(self, count: int) -> None:
        self._tries += count
        self.whole = self.whole and self._tries <= _MOST_TRIES

    def _start(self, cls: int, by: int) -> None:
        """A class is used for the first time: it is initialised, as are its superclasses (JVMS 5.5)."""
        graph = self.graph
        if cls in self._started or not graph.is_defined(cls):
            return
        self._started.add(cls)
        clinit = graph.keys.numbers.get(b"<clinit>()V")
        if clinit is not None:
            for above in self._above(cls):
                self._reached(graph.own(above, clinit), by)

    def _make(self, cls: int, by: int) -> None:
        """An object of the class exists from now on."""
        graph = self.graph
        if cls in self._made or not graph.is_defined(cls):
            return
        self._made[cls] = by
        outside = [each for each in self._above(cls) if not graph.is_defined(each)]
        names = {name for each in outside for name in CALLBACKS.get(graph.classes.all[each], ())}
        for each in self._above(cls) if self.whole else ():
            nodes = graph.nodes_of(each)
            self._try(len(nodes))
            for node in nodes:
                called = any(above << 31 | graph.node_key[node] in self._called for above in outside)
                if called or graph.name(node) in names:
                    self._reached(node, by)
        if self._now > _STARTUP:
            self._overrides(cls, by)

    def _overrides(self, cls: int, by: int) -> None:
        """What another could call on an object whose class is below one from outside.

        Where all that is outside is in CALLBACKS and no component, only what stands there.
        """
        graph = self.graph
        above = self._above(cls)
        types = {graph.classes.all[each] for each in above if not graph.is_defined(each)} - _MARKERS
        if types & _COMPONENT_TYPES or any(each not in CALLBACKS for each in types):
            for each in above if self.whole else ():
                nodes = graph.nodes_of(each)
                self._try(len(nodes))
                for node in nodes:
                    access = graph.node_access[node]
                    may = access & (ACC_PUBLIC | ACC_PROTECTED) and not access & (ACC_PRIVATE | ACC_STATIC)
                    if may and graph.name(node) != b"<init>":
                        self._reached(node, by)
