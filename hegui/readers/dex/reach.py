"""Which methods can run, from where, and by way of which: at start-up, when the launcher opens the app, or later.

Calls are resolved by class hierarchy, cut down to classes that reached code creates (rapid type analysis): a virtual
call reaches the method the written class has or inherits, and that of every class below it that is created in code
reached so far. Three rounds, each starting from what the one before reached:

startup    Application, providers and androidx.startup initialisers: what runs before any screen
launcher   what the launcher's activities run up to their first frame
component  everything components and the objects they make may run, acts of the user included. Here the platform is
           taken to call any method of a class of the app that is below a class of the platform: the weakest claim

An edge is also: the static initialiser of a class first used; from code that creates an object to the methods the
platform calls on it by itself (`android.CALLBACKS`: Runnable, Handler, AsyncTask, …); from a class constant of a
service, job, worker or initialiser to what then runs. Not seen: reflection other than Class.forName with a
constant, native code, layouts (any view with the constructor that layouts need counts in the last round).
"""

from array import array
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hegui.readers.dex import code
from hegui.readers.dex.android import (
    APPLICATION_STARTS,
    CALLBACKS,
    INITIALISER_STARTS,
    LAUNCHER_STARTS,
    MADE_FROM_CLASS,
    PROVIDER_STARTS,
    SCREEN_CALLBACKS,
)
from hegui.readers.dex.graph import NONE, Graph
from hegui.readers.dex.tables import ABSTRACT, STATIC, mutf8

ENTRY_KINDS = ("unreached", "startup", "launcher", "component")
# Pairs of a call and a class it may mean that are looked at: 100 MB of bytecode need 200 thousand.
MOST_DISPATCHES = 5_000_000
# Methods of a path that are given; of a longer one the middle is left out.
MOST_STEPS = 12

_OBJECT = b"Ljava/lang/Object;"
_INFLATED = (b"Landroid/content/Context;", b"Landroid/util/AttributeSet;")
_PRIVATE_OR_STATIC = 0x2 | STATIC
_EXACT, _VIRTUAL, _NEW, _CLASS, _FIELD, _SITE, _HANDLE = range(1, 8)


def _kinds() -> bytes:
    kinds = bytearray(256)
    for opcode in (0x6F, 0x70, 0x71, 0x75, 0x76, 0x77):
        kinds[opcode] = _EXACT
    for opcode in (0x6E, 0x72, 0x74, 0x78):
        kinds[opcode] = _VIRTUAL
    for opcode in (*code.SGETS, *code.SPUTS):
        kinds[opcode] = _FIELD
    for opcode, kind in ((code.NEW_INSTANCE, _NEW), (code.CONST_CLASS, _CLASS), (code.CONST_METHOD_HANDLE, _HANDLE)):
        kinds[opcode] = kind
    kinds[code.INVOKE_CUSTOM] = kinds[code.INVOKE_CUSTOM_RANGE] = _SITE
    return bytes(kinds)


_KINDS = _kinds()


@dataclass(frozen=True, slots=True)
class Entries:
    """Where the platform enters the code, by class names as the manifest gives them, made whole (com.example.Main).

    `components` are all activities (for an alias: its target), services, receivers and providers; `launchers` the
    activities with a MAIN and LAUNCHER filter; `initialisers` the androidx.startup ones named in meta-data.
    """

    application: str | None = None
    components: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    initialisers: tuple[str, ...] = ()
    launchers: tuple[str, ...] = ()


def descriptor(name: str) -> bytes:
    """b"Lcom/example/Main;" for com.example.Main."""
    return b"L%b;" % name.replace(".", "/").encode("utf-8", "surrogatepass")


class Reach:
    """The methods reached, by round, each with the method it was first reached from."""

    def __init__(self, graph: Graph, entries: Entries, named: Iterable[tuple[int, str]] = ()) -> None:
        """`named` are pairs of a node and a class name it passes to Class.forName."""
        self.graph = graph
        count = len(graph.node_ref)
        self.round = bytearray(count)
        self.from_node = array("i", [NONE]) * count
        # Whether the search was ended early: then "unreached" says little.
        self.cut = False
        self._dispatched = 0
        self._now = 0
        self._queue: deque[int] = deque()
        self._made = bytearray(len(graph.parent))
        self._made_by = array("i", [NONE]) * len(graph.parent)
        self._started = bytearray(len(graph.parent))
        # Per class: classes at or below it that are made, and keys called on it with the node that first did.
        self._live: dict[int, list[int]] = {}
        self._called: dict[int, dict[int, int]] = {}
        self._definers = graph.definers()
        self._seen = [tuple(bytearray(size) for size in sizes) for sizes in self._sizes()]
        numbers = graph.classes.numbers
        self._callbacks = {numbers[name]: methods for name, methods in CALLBACKS.items() if name in numbers}
        self._on_screen = {numbers[name]: methods for name, methods in SCREEN_CALLBACKS.items() if name in numbers}
        self._by_class = {numbers[name]: methods for name, methods in MADE_FROM_CLASS.items() if name in numbers}
        self._object = numbers.get(_OBJECT, NONE)
        self._init, self._clinit = (graph.names.numbers.get(name, NONE) for name in (b"<init>", b"<clinit>"))
        # Paths, and methods on them, as written: those of a package begin alike.
        self._paths: dict[int, tuple[str, ...]] = {}
        self._steps: dict[int, str] = {}
        self._named: dict[int, list[int]] = {}
        for node, name in named:
            cls = numbers.get(descriptor(name))
            if cls is not None and graph.is_defined(cls):
                self._named.setdefault(node, []).append(cls)
        self._run(entries)

    def path(self, node: int) -> tuple[str, ...]:
        """The entry kind, then the methods from the entry to the node. ("unreached",) when there is no path.

        The kind is that of the round in which the node was reached: a listener that Application.onCreate creates is on
        a path from there, and still runs only once a user acts.
        """
        if node < 0 or not self.round[node]:
            return (ENTRY_KINDS[0],)
        known = self._paths.get(node)
        if known is None:
            known = self._paths[node] = self._path(node)
        return known

    def _path(self, node: int) -> tuple[str, ...]:
        steps = [node]
        while (above := self.from_node[steps[-1]]) != NONE:
            steps.append(above)
        steps.reverse()
        written = [self._written(step) for step in steps[:MOST_STEPS]]
        if len(steps) > MOST_STEPS:
            half = MOST_STEPS // 2
            left_out = f"… {len(steps) - MOST_STEPS + 1} more …"
            written = [*written[: half - 1], left_out, *(self._written(step) for step in steps[-half:])]
        return (self.entry_kind(node), *written)

    def entry_kind(self, node: int) -> str:
        return ENTRY_KINDS[self.round[node]] if node >= 0 else ENTRY_KINDS[0]

    def _written(self, node: int) -> str:
        written = self._steps.get(node)
        if written is None:
            graph = self.graph
            written = mutf8(graph.classes.all[graph.class_of(node)] + b"->" + graph.signature(node))
            self._steps[node] = written
        return written

    def _sizes(self) -> Iterable[tuple[int, int, int, int]]:
        """Per DEX file: method ids (twice), type ids, field ids."""
        graph = self.graph
        ends = [*graph.ref_bases[1:], len(graph.ref_class)]
        # Without a DEX file there is one end too many.
        for base, end, types, fields in zip(graph.ref_bases, ends, graph.types, graph.field_class, strict=False):
            yield end - base, end - base, len(types), len(fields)

    def _run(self, entries: Entries) -> None:
        self._now = 1
        starts: tuple[tuple[tuple[str, ...], tuple[bytes, ...]], ...] = (
            ((entries.application,) if entries.application else (), APPLICATION_STARTS),
            (entries.providers, PROVIDER_STARTS),
            (entries.initialisers, INITIALISER_STARTS),
        )
        for names, methods in starts:
            self._enter(names, methods)
        self._drain()
        self._now = 2
        if entries.launchers:
            for above, methods in self._on_screen.items():
                for cls in self._live.get(above, ()):
                    self._call_named(cls, methods, self._made_by[cls])
        self._enter(entries.launchers, LAUNCHER_STARTS)
        self._drain()
        self._now = 3
        graph = self.graph
        for cls in range(len(self._made)):
            if self._made[cls]:
                self._all_overrides(cls, self._made_by[cls])
        for name in (*entries.components, *entries.launchers, *entries.providers):
            cls = graph.classes.numbers.get(descriptor(name), NONE)
            if cls != NONE and graph.is_defined(cls):
                self._make(cls, NONE)
                self._call_named(cls, (b"<init>",), NONE)
        self._drain()
        self._make_inflated()
        self._drain()

    def _enter(self, names: Sequence[str], methods: tuple[bytes, ...]) -> None:
        for name in names:
            cls = self.graph.classes.numbers.get(descriptor(name), NONE)
            if cls != NONE and self.graph.is_defined(cls):
                self._make(cls, NONE)
                self._call_named(cls, methods, NONE)
                self._drain()

    def _make_inflated(self) -> None:
        """Views with the constructor that layouts call: no code creates them, the platform does by name."""
        graph = self.graph
        init = graph.names.numbers.get(b"<init>", 0) << 32
        keys = [init | i for i in graph.protos.beginning(*_INFLATED)]
        for node in graph.nodes_with(keys):
            cls = graph.class_of(node)
            if graph.first[cls] <= node < graph.first[cls] + graph.count[cls]:
                self._make(cls, NONE)
                self._reached(node, NONE)

    def _reached(self, node: int, by: int) -> None:
        if not self.round[node]:
            self.round[node] = self._now
            self.from_node[node] = by
            self._queue.append(node)

    def _drain(self) -> None:
        queue, graph = self._queue, self.graph
        while queue:
            node = queue.popleft()
            begin = graph.edge_ends[node - 1] if node else 0
            end = graph.edge_ends[node]
            if begin != end:
                self._follow(node, graph.edges[begin:end])
            for cls in self._named.get(node, ()):
                self._start(cls, node)
                self._class_constant(cls, node)

    def _follow(self, node: int, references: "array[int]") -> None:
        graph = self.graph
        number = graph.dex_of(node)
        base = graph.ref_bases[number]
        exact, virtual, types_seen, fields_seen = self._seen[number]
        for reference in references:
            kind, index = _KINDS[reference & 0xFF], reference >> 16
            try:
                if kind == _VIRTUAL:
                    if not virtual[index]:
                        virtual[index] = 1
                        self._virtual(base + index, node)
                elif kind == _EXACT:
                    if not exact[index]:
                        exact[index] = 1
                        self._exact(base + index, node)
                elif kind == _FIELD:
                    if not fields_seen[index]:
                        fields_seen[index] = 1
                        self._start(graph.types[number][graph.field_class[number][index]], node)
                elif kind == _NEW:
                    if not types_seen[index] & 1:
                        types_seen[index] |= 1
                        self._new(graph.types[number][index], node)
                elif kind == _CLASS:
                    # A class constant means more in the last round than before.
                    if types_seen[index] >> 1 < self._now:
                        types_seen[index] = types_seen[index] & 1 | self._now << 1
                        self._class_constant(graph.types[number][index], node)
                else:
                    handles = graph.handles[number]
                    for method in (handles.of_call_site if kind == _SITE else handles.of_handle)[index]:
                        self._exact(base + method, node)
                        self._virtual(base + method, node)
            except IndexError:
                # An index outside its table: the runtime would not run such code.
                continue

    def _exact(self, ref: int, by: int) -> None:
        graph = self.graph
        cls = graph.ref_class[ref]
        node = graph.ref_node[ref]
        if node == NONE:
            node = graph.lookup(cls, graph.ref_key[ref])
            if node == NONE:
                return
        if graph.node_access[node] & STATIC:
            self._start(cls, by)
        self._reached(node, by)

    def _virtual(self, ref: int, by: int) -> None:
        graph = self.graph
        cls, key = graph.ref_class[ref], graph.ref_key[ref]
        if cls == self._object:
            return
        called = self._called.setdefault(cls, {})
        if key in called:
            return
        node = graph.ref_node[ref]
        if node == NONE:
            node = graph.lookup(cls, key)
        if node != NONE:
            self._reached(node, by)
        if self._definers[ref] <= (node != NONE):
            # No other method of that name and prototype is there to be meant.
            return
        called[key] = by
        for below in self._live.get(cls, ()):
            self._dispatch(below, key, by)

    def _dispatch(self, cls: int, key: int, by: int) -> None:
        if self._dispatched >= MOST_DISPATCHES:
            self.cut = True
            return
        self._dispatched += 1
        node = self.graph.lookup(cls, key)
        if node != NONE:
            self._reached(node, by)

    def _new(self, cls: int, by: int) -> None:
        if self.graph.is_defined(cls):
            self._start(cls, by)
            self._make(cls, by)

    def _start(self, cls: int, by: int) -> None:
        """A class is used for the first time: its static initialiser runs, and those of its superclasses."""
        graph = self.graph
        while cls != NONE and graph.is_defined(cls) and not self._started[cls]:
            self._started[cls] = 1
            for node in graph.nodes_of(cls):
                if graph.node_key[node] >> 32 == self._clinit and graph.node_access[node] & STATIC:
                    self._reached(node, by)
            cls = graph.parent[cls]

    def _make(self, cls: int, by: int) -> None:
        """An object of the class exists from now on."""
        if self._made[cls]:
            return
        self._made[cls] = 1
        self._made_by[cls] = by
        graph = self.graph
        for above in graph.ancestors(cls):
            if above == self._object:
                continue
            self._live.setdefault(above, []).append(cls)
            for key, caller in self._called.get(above, {}).items():
                self._dispatch(cls, key, caller)
            if above in self._callbacks:
                self._call_named(cls, self._callbacks[above], by)
            if above in self._on_screen and self._now > 1:
                self._call_named(cls, self._on_screen[above], by)
        if self._now == 3:
            self._all_overrides(cls, by)

    def _call_named(self, cls: int, names: tuple[bytes, ...], by: int) -> None:
        """Methods of these names run on an object of the class: for each prototype the nearest definition."""
        graph = self.graph
        wanted = {graph.names.numbers[name] for name in names if name in graph.names.numbers}
        seen: set[int] = set()
        for _ in range(256):
            if cls == NONE or not graph.is_defined(cls):
                break
            for node in graph.nodes_of(cls):
                key = graph.node_key[node]
                if key >> 32 in wanted and key not in seen and not graph.node_access[node] & ABSTRACT:
                    seen.add(key)
                    self._reached(node, by)
            # Constructors and static initialisers are not inherited.
            wanted -= {graph.names.numbers.get(name, NONE) for name in (b"<init>", b"<clinit>")}
            cls = graph.parent[cls]

    def _all_overrides(self, cls: int, by: int) -> None:
        """Every method the platform could call on an object whose class is below one of the platform's."""
        graph = self.graph
        above = graph.ancestors(cls)
        if not any(not graph.is_defined(each) and each != self._object for each in above):
            return
        seen: set[int] = set()
        for each in above:
            for node in graph.nodes_of(each):
                key = graph.node_key[node]
                if key not in seen and not graph.node_access[node] & (_PRIVATE_OR_STATIC | ABSTRACT):
                    seen.add(key)
                    if key >> 32 != self._init:
                        self._reached(node, by)

    def _class_constant(self, cls: int, by: int) -> None:
        graph = self.graph
        if not graph.is_defined(cls):
            return
        above = graph.ancestors(cls)
        for each in above:
            if each in self._by_class:
                self._start(cls, by)
                self._make(cls, by)
                self._call_named(cls, self._by_class[each], by)
        if self._now == 3 and any(not graph.is_defined(each) and each != self._object for each in above):
            # Libraries make fragments, workers and views from class constants.
            self._start(cls, by)
            self._make(cls, by)
            self._call_named(cls, (b"<init>",), by)
