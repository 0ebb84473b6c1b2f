"""Guards by way of a package's own methods: `hasPermission(name)` that asks checkSelfPermission, `Consent.given()` that
reads a flag. Such a method counts as the check that decides its answer, as does one that calls such a method in turn.

Which method a call means shows only when the last DEX file was read, and the file with the call is gone by then. So the
code of methods that hold call sites and may call one is kept, a bounded number of bytes.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hegui.readers.dex import code
from hegui.readers.dex.android import is_platform
from hegui.readers.dex.arguments import field_read
from hegui.readers.dex.checks import CHECK_NAMES, SAME, SAME_NAMES, TEXT, Check, TooLarge, check, passed_on
from hegui.readers.dex.code import Body
from hegui.readers.dex.gates import Checks, Ways, gates
from hegui.readers.dex.graph import NONE, Graph
from hegui.readers.dex.scan import methods_named
from hegui.readers.dex.tables import ABSTRACT, FINAL, PRIVATE, STATIC, Dex, Methods, mutf8
from hegui.readers.errors import Malformed

if TYPE_CHECKING:
    from hegui.readers.dex.scan import Hit

# Bytes of code kept, and methods that pass a check on: 100 MB of bytecode have 1 MB and 300.
_MOST_KEPT = 8 << 20
_MOST_WRAPPERS = 5000
_RESULT = re.compile(b"\\x%02x" % code.MOVE_RESULT)
_LOADED = re.compile(b"[\\x%02x\\x%02x]" % (code.CONST_STRING, code.SGET_OBJECT), re.DOTALL)
_STRING = b"Ljava/lang/String;"


class _Excerpt(Dex):
    """A DEX file of which only one code item is left, at 0: what Body asks for stands on that alone."""

    def __init__(self, name: str, code_item: bytes) -> None:
        self.name, self.data, self._view = name, code_item, memoryview(code_item)


class _Kept(NamedTuple):
    """A method with call sites that may be guarded from elsewhere. `calls` are method ids of its DEX file, by which
    `positions` are too; `texts` are what its code loads, by opcode and index."""

    file: str
    code_item: bytes
    calls: frozenset[int]
    texts: Mapping[tuple[int, int], str]
    positions: Mapping[int, Sequence[int]]

    def text(self, opcode: int, index: int) -> str | None:
        return self.texts.get((opcode, index))


class _Wrapper(NamedTuple):
    """What a method passes on. `rests_on` are the calls of other wrappers, as refs of the graph, that this holds of."""

    checks: tuple[Check, ...]
    rests_on: frozenset[int]
    level: int


class Guards:
    """The guards of a package's call sites, as far as they are known: the methods that pass a check on, and those that may be
    guarded by one.

    `add` a DEX file, `guard` its methods with call sites; at the end, `by_wrappers`. `left_out` counts methods in which
    guards were not looked for, or not to the end.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.left_out = 0
        self._found: dict[int, _Wrapper] = {}
        self._kept: dict[int, _Kept] = {}
        self._room = _MOST_KEPT
        # Of the file added last: the checks of the platform by method id, the methods that call one, and by method id whether
        # its answer may be that of a check, and whether it is told the name.
        self._direct: dict[int, tuple[Check, ...]] = {}
        self._checking: set[int] = set()
        self._may_be: dict[int, tuple[bool, bool]] = {}

    def add(self, dex: Dex, methods: Methods) -> None:
        """Find what is a check, and what passes one on, in a DEX file just linked. Raises Malformed."""
        self._may_be = {}
        self._direct = {method: (one,) for method, one in self._checks(dex).items()}
        asking = [method for method, (one,) in self._direct.items() if one.kind != SAME]
        self._checking = set(self._calling(asking))
        for method_no in sorted(self._checking):
            self._look_at(dex, methods, method_no, self._direct, {}, 1)
        refs = self._calls_of_wrappers()
        checks = {method: self._found[self._means(ref)].checks for method, ref in refs.items()}
        for method_no in sorted(set(self._calling(refs))):
            self._look_at(dex, methods, method_no, checks, refs, 2)

    def guard(self, dex: Dex, method_no: int, body: Body, hits: "Sequence[Hit]") -> None:
        """Tell the guards that stand in a method of the file added last, and keep it where there may be others."""
        if method_no in self._checking:
            sites = [bisect_left(body.at, hit.offset) for hit in hits]
            try:
                guards = gates(ways_of(body, self._direct), sites)
            except TooLarge:
                self.left_out += 1
                return
            for hit, site in zip(hits, sites, strict=True):
                hit.gate = guards.get(site)
        if any(hit.gate is None for hit in hits):
            self._keep(dex, method_no, body)

    def _keep(self, dex: Dex, method_no: int, body: Body) -> None:
        """Keep a method of the file added last that holds call sites, if a call of it may be a wrapper's."""
        calls = set()
        is_told = False
        for found in _RESULT.finditer(body.opcodes, 1):
            k = found.start() - 1
            if body.opcodes[k] not in code.ALL_INVOKES:
                continue
            method = body.units[body.at[k] + 1]
            may_be, takes_text = self._may_be.get(method) or self._judge(dex, method)
            if may_be:
                calls.add(method)
                is_told = is_told or takes_text
        if not calls:
            return
        end = _end(dex, body)
        self._room -= end - body.insns + 16
        if self._room < 0:
            self.left_out += 1
            return
        texts = {}
        for found in _LOADED.finditer(body.opcodes) if is_told else ():
            opcode, index = body.opcodes[found.start()], body.units[body.at[found.start()] + 1]
            texts[opcode, index] = _text(dex, opcode, index)
        node = self.graph.node_bases[-1] + method_no
        positions = {method: dex.parameters(method) for method in calls}
        self._kept[node] = _Kept(dex.name, dex.data[body.insns - 16 : end], frozenset(calls), texts, positions)

    def by_wrappers(self, sites: Mapping[int, Collection[int]]) -> dict[tuple[int, int], str]:
        """The guards by way of other methods. `sites` are the offsets of call sites by node; so are the guards."""
        found: dict[tuple[int, int], str] = {}
        if not self._found:
            return found
        meant = self._all_meant()
        for node, kept in self._kept.items():
            base = self.graph.ref_bases[self.graph.dex_of(node)]
            checks = {
                method: self._found[meant[base + method]].checks for method in kept.calls if base + method in meant
            }
            if not checks or node not in sites:
                continue
            try:
                body = Body(_Excerpt(kept.file, kept.code_item), 0)
                ways = Ways(body, checks, kept.text, kept.positions.__getitem__)
                numbers = {bisect_left(body.at, offset): offset for offset in sites[node]}
                found |= {(node, numbers[k]): guard for k, guard in gates(ways, numbers).items()}
            except TooLarge:
                self.left_out += 1
        return found

    def _checks(self, dex: Dex) -> dict[int, Check]:
        """The method ids of the platform that can guard a call."""
        found: dict[int, Check] = {}
        for names in (CHECK_NAMES, SAME_NAMES):
            # Nearly every file compares texts; it matters where one is read that is kept.
            if names is SAME_NAMES and all(one.kind != TEXT for one in found.values()):
                break
            for method, name in methods_named(self.graph, names):
                one = check(dex.type_names[dex.method_class[method]], name, dex.signature(method))
                if one is not None:
                    found[method] = one
        return found

    def _calling(self, wanted: Collection[int]) -> Iterable[int]:
        """The methods of the DEX file added last, by number, that call one of these."""
        calls = {opcode | method << 16 for opcode in code.ALL_INVOKES for method in wanted}
        return self.graph.referring(calls) if calls else ()

    def _judge(self, dex: Dex, method: int) -> tuple[bool, bool]:
        """Whether the answer of a method id may be that of a check, and whether it takes a text, which may be the name."""
        proto = dex.proto(dex.method_proto[method])
        node = self.graph.ref_node[self.graph.ref_bases[-1] + method]
        may_be = proto.endswith((b")Z", b")I")) and not is_platform(dex.type_names[dex.method_class[method]])
        if may_be and node != NONE:
            may_be = node in self._found or bool(self.graph.node_access[node] & ABSTRACT)
        judged = self._may_be[method] = may_be, _STRING in proto
        return judged

    def _look_at(
        self,
        dex: Dex,
        methods: Methods,
        method_no: int,
        checks: Checks,
        refs: Mapping[int, int],
        level: int,
    ) -> None:
        node = self.graph.node_bases[-1] + method_no
        if node in self._found or len(self._found) >= _MOST_WRAPPERS or not methods.code_off[method_no]:
            return
        method = methods.index[method_no]
        proto = dex.proto(dex.method_proto[method])
        if not proto.endswith((b")Z", b")I")):
            return
        try:
            body = Body(dex, methods.code_off[method_no])
            first = body.registers - body.ins + (0 if methods.access[method_no] & STATIC else 1)
            parameters = {first + position: i for i, position in enumerate(dex.parameters(method))}
            ways = ways_of(body, checks, parameters)
            via = mutf8(dex.type_names[dex.method_class[method]] + b"->" + dex.signature(method))
            decides = passed_on(ways, proto.endswith(b"Z"), via)
        except TooLarge:
            self.left_out += 1
            return
        except Malformed:
            return
        if decides:
            called = {body.units[body.at[k] + 1] for k in range(len(body.at)) if body.opcodes[k] in code.ALL_INVOKES}
            self._found[node] = _Wrapper(decides, frozenset(refs[one] for one in called & refs.keys()), level)

    def _calls_of_wrappers(self) -> dict[int, int]:
        """The method ids of the DEX file added last by which wrappers of the first level are called, with their refs."""
        graph = self.graph
        base = graph.ref_bases[-1]
        return {
            ref - base: ref
            for ref in (self._refs_from(base) if self._found else ())
            if (node := self._means(ref)) in self._found and self._found[node].level == 1
        }

    def _refs_from(self, base: int) -> list[int]:
        """The refs from this one on that have the name and prototype of a wrapper."""
        keys = np.array(sorted({self.graph.node_key[node] for node in self._found}), np.uint64)
        column = np.frombuffer(self.graph.ref_key, np.uint64)[base:]
        return (base + np.flatnonzero(np.isin(column, keys))).tolist()

    def _means(self, ref: int) -> int:
        return self.graph.lookup(self.graph.ref_class[ref], self.graph.ref_key[ref])

    def _all_meant(self) -> dict[int, int]:
        """The refs that mean a wrapper and nothing else, with its node."""
        graph = self.graph
        named = {graph.node_key[node] for node in self._found}
        column = np.frombuffer(graph.node_key, np.uint64)
        defined: dict[int, list[int]] = defaultdict(list)
        for node in np.flatnonzero(np.isin(column, np.array(sorted(named), np.uint64))).tolist():
            if not graph.node_access[node] & ABSTRACT and graph.own(graph.class_of(node), graph.node_key[node]) == node:
                defined[graph.node_key[node]].append(node)
        meant = {}
        for ref in self._refs_from(0):
            cls, key = graph.ref_class[ref], graph.ref_key[ref]
            node = graph.lookup(cls, key)
            if node == NONE or not (
                graph.node_access[node] & (STATIC | PRIVATE | FINAL) or graph.class_access[cls] & FINAL
            ):
                runs = {one for one in defined[key] if one == node or cls in graph.ancestors(graph.class_of(one))}
                node = runs.pop() if len(runs) == 1 else NONE
            if node in self._found:
                meant[ref] = node
        # What rests on a call that may mean another method as well is none.
        return {
            ref: node
            for ref, node in meant.items()
            if all(self._means(one) == meant.get(one) for one in self._found[node].rests_on)
        }


def ways_of(body: Body, checks: Checks, parameters: Mapping[int, int] | None = None) -> Ways:
    """The ways through a method while its DEX file is at hand. `parameters` are registers. Raises TooLarge, Malformed."""
    dex = body.dex
    return Ways(body, checks, lambda opcode, index: _text(dex, opcode, index), dex.parameters, parameters)


def _text(dex: Dex, opcode: int, index: int) -> str:
    return dex.text(index) if opcode == code.CONST_STRING else field_read(dex, index)


def _end(dex: Dex, body: Body) -> int:
    """The byte offset after a code item ("encoded_catch_handler_list")."""
    place = body.insns + 2 * body.size
    if not body.tries_n:
        return place
    count, place = dex.uleb(place + 2 * (body.size & 1) + 8 * body.tries_n)
    for _ in range(count):
        size, place = dex.sleb(place)
        for _ in range(2 * abs(size) + (size <= 0)):
            _, place = dex.uleb(place)
    return place
