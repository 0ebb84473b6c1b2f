"""Guards by way of an SDK's own methods, as readers/dex/wrappers has them: methods whose answer one check decides, and those
that call such a method in turn."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from hegui.readers.dex.checks import SAME, Check, TooLarge, passed_on
from hegui.readers.errors import Malformed
from hegui.readers.jvm.arguments import INVALID
from hegui.readers.jvm.class_file import ACC_ABSTRACT, ACC_FINAL, ACC_PRIVATE, ACC_STATIC, ClassFile, Code, Method
from hegui.readers.jvm.code import instructions
from hegui.readers.jvm.gates import Ways, checks_in
from hegui.readers.jvm.graph import EXACT, NONE, VIRTUAL, Graph, typed
from hegui.readers.jvm.pool import decoded
from hegui.readers.jvm.sites import Wrapped, calls_of, wrapped_in

_MOST_WRAPPERS = 5000
_FIXED = ACC_STATIC | ACC_PRIVATE | ACC_FINAL


def wrapped(
    graph: Graph, asking: Iterable[ClassFile], read: Callable[[bytes], ClassFile | None]
) -> tuple[Wrapped, int]:
    """The calls that count as a check, and how many methods were too large to tell.

    `asking` are the classes that call a check of the platform; `read` gives a class b"Lpkg/Cls;" again, or None.
    """
    left_out = 0
    calls: dict[tuple[bytes, bytes], tuple[Check, ...]] = {}
    for level in range(2):
        found: dict[int, tuple[Check, ...]] = {}
        classes = asking if level == 0 else filter(None, map(read, _callers(graph, calls)))
        for class_file in classes:
            try:
                checks = checks_in(class_file) if level == 0 else wrapped_in(class_file, calls)
            except Malformed:
                continue
            cls = graph.class_number(typed(class_file.name))
            for method, code in _answering(class_file):
                try:
                    decides = _passes_on(class_file, method, code, calls_of(checks))
                except TooLarge:
                    left_out += 1
                    continue
                node = graph.own(cls, graph.keys.number(method.name + method.descriptor))
                if decides and node != NONE and len(found) < _MOST_WRAPPERS:
                    found[node] = decides
        # A method that asks the platform itself is not looked at again.
        calls = _calls(graph, found) | calls
    return calls, left_out


def _answering(class_file: ClassFile) -> Iterator[tuple[Method, Code]]:
    """The methods that give back a boolean or an int."""
    for method in class_file.methods:
        if method.code is not None and method.descriptor.endswith((b")Z", b")I")):
            yield method, method.code


def _passes_on(
    class_file: ClassFile, method: Method, code: Code, checks: Mapping[bytes, tuple[Check, ...]]
) -> tuple[Check, ...]:
    data = class_file.data
    asked = {}
    try:
        for at in instructions(data, code.at, code.size, class_file.file):
            if (each := checks.get(data[at : at + 3])) is not None:
                asked[at - code.at] = each
        if all(one.kind == SAME for each in asked.values() for one in each):
            return ()
        via = decoded(typed(class_file.name) + b"->" + method.name + method.descriptor)
        return passed_on(Ways(class_file, method, code, asked), method.descriptor.endswith(b"Z"), via)
    except INVALID:
        return ()


def _callers(graph: Graph, calls: Wrapped) -> list[bytes]:
    """The classes that make one of these calls."""
    wanted = {graph.edge(kind, cls, graph.keys.number(key)) for cls, key in calls for kind in (EXACT, VIRTUAL)}
    nodes = {
        node for node in range(len(graph.node_key) if wanted else 0) if not wanted.isdisjoint(graph.edges_from(node))
    }
    return [graph.classes.all[cls] for cls in sorted({graph.node_class[node] for node in nodes})]


def _calls(graph: Graph, found: Mapping[int, tuple[Check, ...]]) -> dict[tuple[bytes, bytes], tuple[Check, ...]]:
    """The classes and methods by which code may call one of these and no other method."""
    calls = {}
    for node, checks in found.items():
        key = graph.node_key[node]
        for cls in {
            graph.node_class[node],
            *graph.ancestors(graph.node_class[node]),
            *graph.descendants(graph.node_class[node]),
        }:
            if _meant(graph, cls, key) == node:
                calls[graph.classes.all[cls], graph.keys.all[key]] = checks
    return calls


def _meant(graph: Graph, cls: int, key: int) -> int:
    """The node that a call of this key on the class means, if it can mean only one; else NONE."""
    node = graph.lookup(cls, key)
    if node != NONE and graph.node_access[node] & _FIXED:
        return node
    if graph.class_access.get(cls, 0) & ACC_FINAL:
        return node
    runs = {own for below in graph.descendants(cls) if (own := graph.own(below, key)) != NONE} | ({node} - {NONE})
    runs = {one for one in runs if not graph.node_access[one] & ACC_ABSTRACT}
    return runs.pop() if len(runs) == 1 else NONE
