"""The code of an SDK: its classes read once for hierarchy and calls, and those with a wanted name once more for sites."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from hegui.facts.library import LibraryVersion
from hegui.facts.package import CallSite
from hegui.readers.dex.reach import Entries
from hegui.readers.dex.targets import Targets
from hegui.readers.errors import Malformed, ReadError
from hegui.readers.jvm.class_file import ClassFile, class_type
from hegui.readers.jvm.gates import may_ask
from hegui.readers.jvm.graph import Graph, typed
from hegui.readers.jvm.opcodes import LDC, LDC_W
from hegui.readers.jvm.pool import decoded
from hegui.readers.jvm.reach import Reach
from hegui.readers.jvm.sites import Scanned, Site, Wanted, Wrapped, scan
from hegui.readers.jvm.wrappers import wrapped
from hegui.readers.sdk.archive import Jar
from hegui.readers.sdk.clues import MOST_CONSTANTS, Clues, wanted
from hegui.readers.sdk.library import version_in
from hegui.readers.sdk.shapes import Members, shape

_MOST_FAULTS = 1000
_MOST_VERSIONS = 500
_MOST_SITES = 100_000
_PATHS_KEPT = 50_000
_STRING = b"Ljava/lang/String;"
_ARETURN = 0xB0


@dataclass(slots=True)
class Found:
    """A site and where its class stands. `at` is `libs/a.jar!com/x/A.class@0x01a4`."""

    site: Site
    at: str
    reach: tuple[str, ...]


@dataclass(slots=True)
class Code:
    """What reading all classes gave. `unresolved` counts calls whose constant could not be read, by kind of record; `clues`
    are what speaks for SDKs."""

    found: list[Found] = field(default_factory=list)
    versions: list[LibraryVersion] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    unresolved: Counter[str] = field(default_factory=Counter)
    clues: Clues = field(default_factory=Clues)
    classes: int = 0
    shadowed: int = 0
    methods: int = 0
    reached: int = 0
    reach_whole: bool = True
    gates_left_out: int = 0

    def fault(self, error: ReadError) -> None:
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(error.words.en)


def read_code(jars: Iterable[Jar], targets: Targets, entries: Entries | None) -> Code:
    """Read the classes of all JARs, in their order. `entries` as Reach takes them.

    A class or method that is malformed is told in `faults`, and the rest is read.
    """
    code = Code()
    graph = Graph()
    wanted = Wanted(targets)
    again: list[tuple[Jar, str]] = []
    asking: list[bytes] = []
    stored: dict[bytes, tuple[Jar, str]] = {}
    for jar, name, class_file in _classes(jars, code):
        before = graph.shadowed
        try:
            graph.add(class_file)
            if len(code.versions) < _MOST_VERSIONS:
                code.versions += _versions(class_file, jar.place(name))
            look(code.clues, class_file, jar.place(name))
        except Malformed as error:
            code.fault(error)
            continue
        code.classes += 1
        # A second class of a name never runs, and its sites would stand under the first one's methods.
        if graph.shadowed != before:
            continue
        stored[typed(class_file.name)] = jar, name
        if may_ask(class_file.data):
            asking.append(typed(class_file.name))
        if wanted.may_be_in(class_file.data):
            again.append((jar, name))
    code.faults += graph.faults
    code.shadowed = graph.shadowed
    graph.finish()
    reach = Reach(graph, entries)
    code.methods, code.reached, code.reach_whole = len(graph.node_key), reach.reached(), reach.whole
    calls, code.gates_left_out = wrapped(
        graph, filter(None, (_read(stored, each) for each in asking)), partial(_read, stored)
    )
    _find(code, again, wanted, graph, reach, calls)
    del code.faults[_MOST_FAULTS:]
    return code


def look(clues: Clues, class_file: ClassFile, place: str) -> None:
    """Add what one class shows of SDKs. Raises Malformed."""
    asked = clues.add(class_file.name)
    strings = list(class_file.pool.strings())
    if asked is not None:
        name = decoded(class_file.name).replace("/", ".")
        for each in class_file.constant_fields() if asked.fields else ():
            if decoded(each.name) in asked.fields:
                clues.texts.setdefault((name, decoded(each.name)), each.value)
        if asked.constants and name not in clues.constants:
            clues.constants[name] = [(decoded(text), f"{place}@0x{at:04x}") for at, text in strings[:MOST_CONSTANTS]]
        if asked.members:
            clues.add_members(class_file.name, members(class_file))
    clues.add_strings(text for _, text in strings if text in wanted().strings)
    for at, text in strings:
        if text.startswith(wanted().beginnings) and len(clues.begun) < MOST_CONSTANTS:
            clues.begun.setdefault(decoded(text), f"{place}@0x{at:04x}")
    if clues.owner(class_file.name) is None:
        clues.add_shape(class_file.name, shape(members(class_file)))


def members(class_file: ClassFile) -> Members:
    """A class without its name, as shapes compare it. Raises Malformed."""
    return Members(
        class_file.access,
        class_type(class_file.super_name or b"").encode(),
        tuple(class_type(each).encode() for each in class_file.interfaces),
        tuple((access, kind) for access, _, kind in class_file.fields()),
        tuple((method.access, method.name, method.descriptor) for method in class_file.methods),
    )


def call_sites(found: Iterable[Found], origin: str) -> list[CallSite]:
    """Sites as facts, in the order of the files. `offset` counts bytes here, and not units of 16 bits."""
    return [
        CallSite(
            api=each.site.api.id,
            pi_type=each.site.api.pi_type or None,
            perm_group=each.site.api.perm_group or None,
            target=each.site.target,
            cls=each.site.cls,
            method=each.site.method,
            offset=each.site.offset,
            origin=origin,
            reach=each.reach,
            args=each.site.args,
            gate=each.site.gate,
            at=each.at,
            kind=each.site.kind,
        )
        for each in found
    ]


def _read(stored: Mapping[bytes, tuple[Jar, str]], name: bytes) -> ClassFile | None:
    """A class b"Lpkg/Cls;" once more."""
    jar, member = stored[name]
    try:
        return ClassFile(jar.content(member), jar.place(member))
    except ReadError:
        return None


def _find(code: Code, again: list[tuple[Jar, str]], wanted: Wanted, graph: Graph, reach: Reach, calls: Wrapped) -> None:
    paths: dict[tuple[str, str], tuple[str, ...]] = {}
    scanned = Scanned()
    for jar, name in again:
        scanned.sites.clear()
        try:
            class_file = ClassFile(jar.content(name), jar.place(name))
            scan(class_file, wanted, graph, scanned, calls)
        except ReadError as error:
            code.fault(error)
        if len(code.found) + len(scanned.sites) > _MOST_SITES:
            code.faults.append(f"more than {_MOST_SITES} call sites; those from {jar.place(name)} on are left out")
            break
        for site in scanned.sites:
            method = site.cls, site.method
            path = paths.get(method)
            if path is None:
                if len(paths) >= _PATHS_KEPT:
                    paths.clear()
                key = site.method_key
                path = paths[method] = reach.path(*key)
            code.found.append(Found(site, f"{jar.place(name)}@0x{site.place:04x}", path))
    code.unresolved += scanned.unresolved
    code.gates_left_out += scanned.gates_left_out


def _classes(jars: Iterable[Jar], code: Code) -> Iterator[tuple[Jar, str, ClassFile]]:
    for jar in jars:
        for name in jar.class_names():
            try:
                yield jar, name, ClassFile(jar.content(name), jar.place(name))
            except ReadError as error:
                code.fault(error)


def _versions(class_file: ClassFile, place: str) -> Iterator[LibraryVersion]:
    """Constants that tell a version: static final fields, and methods that only return one, whose name says so."""
    data = class_file.data
    if b"VERSION" not in data and b"ersion" not in data:
        return
    owner = decoded(class_file.name).replace("/", ".")
    for each in class_file.constant_fields():
        if b"version" in each.name.lower() and each.descriptor == _STRING and (version := version_in(each.value)):
            yield LibraryVersion(version, "constant", f"{place}@0x{each.at:04x}", f"{owner}.{decoded(each.name)}")
    for method in class_file.methods:
        code = method.code
        if code is None or code.size not in (3, 4) or b"version" not in method.name.lower():
            continue
        if data[code.at + code.size - 1] == _ARETURN and data[code.at] == (LDC if code.size == 3 else LDC_W):
            index = int.from_bytes(data[code.at + 1 : code.at + code.size - 1])
            if version := version_in(class_file.pool.constant(index) or ""):
                yield LibraryVersion(version, "method", f"{place}@0x{code.at:04x}", f"{owner}.{decoded(method.name)}")
