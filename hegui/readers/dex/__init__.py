"""DEX bytecode: tables, call sites with their constant arguments, what can run when, and what cannot be seen.

`read_code` reads all of a package. Each DEX file is asked for once and let go before the next; what stays is the call
graph, in arrays (see graph.py for the bytes), and what was found. Formats: Dalvik Executable format and Dalvik bytecode
(source.android.com/docs/core/runtime/dex-format, …/dalvik-bytecode), versions 035 to 041.
"""

import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from hegui.readers.dex.graph import Graph
from hegui.readers.dex.handles import read_handles
from hegui.readers.dex.hidden import NAMES_CLASS, WATCHED, WATCHED_IDS, Watch, coverage
from hegui.readers.dex.reach import Entries, Reach
from hegui.readers.dex.scan import Hit, find, settle
from hegui.readers.dex.site import CodeFacts, Site
from hegui.readers.dex.tables import Dex, Methods, mutf8, read_dex
from hegui.readers.dex.targets import Api, Carrier, Target, Targets
from hegui.readers.errors import ReadError

__all__ = ["Api", "Carrier", "CodeFacts", "Entries", "Site", "Target", "Targets", "read_code", "scan_calls"]

Blobs = Iterable[tuple[str, Callable[[], "bytes | memoryview"]]]

# Sites and addresses kept per package, and sites of what is only counted (reflection and the like). 500 MB of bytecode have
# a third of that; what more there is, coverage says. A site takes 0.7 kB of the answer, which Limits.answer_mb bounds.
MOST_SITES = 75_000
MOST_COUNTED = 200_000
MOST_URLS = 5000
_URL = re.compile(rb"https?://[^\x00-\x20\"'<>\\^`{|}\x7f-\xff]{4,2048}")


def read_code(
    dex_files: Blobs,
    entries: Entries,
    apis: Iterable[Api],
    carriers: Iterable[Carrier] = (),
    files: Sequence[str] = (),
    look: Callable[[Dex, Methods], None] | None = None,
) -> CodeFacts:
    """Read the code of a package. `dex_files` are names and ways to get the content, in the order they are loaded.

    `files` are the names of all the package's entries, by which packers are known; `look` is shown each DEX file while it
    is at hand. A DEX file that cannot be read is named in `faults` and the others still are; when none can be, raises the
    ReadError of the first.
    """
    reading = _Reading(Targets((*apis, *WATCHED), carriers), look)
    for name, content in dex_files:
        reading.add(name, content)
    return reading.finish(entries, files)


def scan_calls(dex_files: Blobs, apis: Iterable[Api]) -> Iterator[tuple[str, str, str, str, int]]:
    """Only the plain call sites: DEX file, class, method, target, offset. No graph is built and nothing kept.

    Raises Malformed. Records that need an argument, and those reached by a carrier, are left out.
    """
    targets = Targets(apis)
    for name, content in dex_files:
        for dex in read_dex(name, content()):
            methods = Methods(dex)
            for hit in settle(dex, methods, targets, find(dex, methods, targets)).hits:
                if hit.kind == "call":
                    index = methods.index[hit.method_no]
                    cls = mutf8(dex.type_name(dex.method_class[index]))
                    yield dex.name, cls, mutf8(dex.signature(index)), hit.target, hit.offset


class _Reading:
    """What is known of a package while its DEX files are read."""

    def __init__(self, targets: Targets, look: Callable[[Dex, Methods], None] | None) -> None:
        # The bare scan has no use for them.
        from hegui.readers.dex.wrappers import Guards

        self.targets = targets
        self.look = look
        self.graph = Graph()
        self.guards = Guards(self.graph)
        self.found: list[tuple[int, str, str, Hit]] = []
        self.urls: set[bytes] = set()
        self.unresolved: Counter[str] = Counter()
        self.decoded = self.failed = self.dex_count = 0
        self.faults: list[str] = []
        # How many more sites are kept, of those told and of those only counted.
        self.room = [MOST_SITES, MOST_COUNTED]
        self.sites_cut = False
        self.first_fault: ReadError | None = None
        self.seconds: dict[str, float] = defaultdict(float)

    def add(self, name: str, content: Callable[[], "bytes | memoryview"]) -> None:
        try:
            with self._timed("inflate"):
                data = content()
            self._add_urls(data)
            for dex in read_dex(name, data):
                self._add(dex)
        except ReadError as fault:
            # Malformed, or larger than the limits allow.
            self.faults.append(fault.words.en)
            self.first_fault = self.first_fault or fault

    def _add(self, dex: Dex) -> None:
        graph = self.graph
        with self._timed("tables"):
            methods = Methods(dex)
            handles = read_handles(dex)
            graph.add(dex, methods, handles)
        with self._timed("graph"):
            failed = graph.link(dex, methods)
        if self.look is not None:
            with self._timed("sdks"):
                self.look(dex, methods)
        self.dex_count += 1
        self.failed += failed
        self.decoded += int(np.count_nonzero(np.asarray(methods.code_off))) - failed
        with self._timed("scan"):
            found = find(dex, methods, self.targets, graph, handles)
        with self._timed("arguments"):
            scanned = settle(dex, methods, self.targets, found, graph, self.guards)
        self.unresolved.update(scanned.unresolved)
        base = graph.node_bases[-1]
        for hit in scanned.hits:
            is_counted = hit.api.id in WATCHED_IDS
            if self.room[is_counted]:
                self.room[is_counted] -= 1
                self.found.append((base + hit.method_no, dex.name, f"{dex.name}@{hit.at:#x}", hit))
            else:
                self.sites_cut = True

    def _add_urls(self, data: "bytes | memoryview") -> None:
        with self._timed("urls"):
            for url in _URL.findall(data):
                if len(self.urls) >= MOST_URLS:
                    return
                self.urls.add(url)

    def finish(self, entries: Entries, files: Sequence[str]) -> CodeFacts:
        if self.first_fault is not None and not self.dex_count:
            raise self.first_fault
        graph = self.graph
        found = self._settled()
        named = [
            (node, argument.value)
            for node, _, _, hit in found
            if hit.api.id == NAMES_CLASS
            for argument in hit.args
            if argument.index == 0
        ]
        with self._timed("gates"):
            self._guard(found)
        with self._timed("reach"):
            reach = Reach(graph, entries, named)
        watch = Watch()
        sites = []
        with self._timed("sites"):
            for node, name, place, hit in found:
                cls = mutf8(graph.classes.all[graph.class_of(node)])
                if hit.api.id in WATCHED_IDS:
                    watch.saw(hit.api.id, cls, place, [each.value for each in hit.args if each.index == 0])
                else:
                    sites.append(self._site(node, cls, name, place, hit, reach))
            defined = graph.defined()
            counts = Counter([name[1:].rpartition(b"/")[0] for name in defined])
            packages = {mutf8(name): count for name, count in sorted(counts.items())}
            seen = coverage(watch, frozenset(defined), packages, entries, files, self.decoded, self.failed)
        seen["unresolved_constants"] = dict(sorted(self.unresolved.items()))
        seen["shadowed_classes"] = len(graph.shadowed)
        seen["gates_left_out"] = self.guards.left_out
        seen["sites_cut"] = self.sites_cut
        seen["reach_cut"] = reach.cut
        seen["urls_cut"] = len(self.urls) >= MOST_URLS
        urls = tuple(sorted(mutf8(url) for url in self.urls))
        return CodeFacts(tuple(sites), urls, packages, seen, tuple(self.faults), dict(self.seconds))

    def _guard(self, found: list[tuple[int, str, str, Hit]]) -> None:
        """Tell the guards by way of other methods, where a method has none of its own before a call."""
        unguarded: dict[int, set[int]] = defaultdict(set)
        for node, _, _, hit in found:
            if hit.gate is None:
                unguarded[node].add(hit.offset)
        guards = self.guards.by_wrappers(unguarded)
        for node, _, _, hit in found if guards else ():
            if hit.gate is None:
                hit.gate = guards.get((node, hit.offset))

    def _settled(self) -> list[tuple[int, str, str, Hit]]:
        """The hits, without those whose class turned out not to extend the wanted one; each target of a place once."""
        graph = self.graph
        kept = []
        told: set[tuple[str, str]] = set()
        for node, name, place, hit in self.found:
            if hit.kind == "subclass":
                ref = graph.ref_bases[graph.dex_of(node)] + hit.meant
                wanted = graph.class_number(hit.wanted_class)
                if graph.inherits(graph.ref_class[ref], graph.ref_key[ref], wanted) is not True:
                    continue
            if (place, hit.api.id) in told and hit.kind == "subclass":
                continue
            told.add((place, hit.api.id))
            kept.append((node, name, place, hit))
        return kept

    def _site(self, node: int, cls: str, name: str, place: str, hit: Hit, reach: Reach) -> Site:
        graph = self.graph
        shadowed = (graph.dex_of(node), graph.class_of(node)) in graph.shadowed
        return Site(
            api=hit.api.id,
            pi_type=hit.api.pi_type or None,
            perm_group=hit.api.perm_group or None,
            target=hit.target,
            cls=cls,
            method=mutf8(graph.signature(node)),
            offset=hit.offset,
            kind=hit.kind,
            opcode=hit.opcode,
            written=mutf8(hit.written),
            dex=name,
            at=place,
            shadowed=shadowed,
            reach=reach.path(node),
            args=hit.args,
            gate=hit.gate,
        )

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        began = time.process_time()
        try:
            yield
        finally:
            self.seconds[step] += time.process_time() - began
