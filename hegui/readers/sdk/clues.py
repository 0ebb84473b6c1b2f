"""What the code of a package shows of SDKs, gathered class by class while its files are read; the same for DEX and JAR."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from hegui.catalogue.sdks import Catalogue, Sdk, catalogue
from hegui.catalogue.sdks.builds import builds
from hegui.readers.sdk.shapes import Members, named

# Constants kept of one class: a version stands among the first few, and hostile classes have many.
MOST_CONSTANTS = 2000
# Constants kept of those that begin alike.
MOST_BEGUN = 20


@dataclass(frozen=True)
class Wanted:
    """What of the code the catalogue asks for. Classes are in internal form (a/b/C), packages too (a/b).

    `fields` and `constants` are read of classes, or of every class of a package: static texts, and all string constants.
    `strings` are constants by which an SDK is known, `shapes` those of its classes, each to the id of the SDK. `members` are
    the SDKs that say their version nowhere, so that only a known build tells it. `beginnings` are those of constants that
    hold a version.
    """

    fields: dict[bytes, frozenset[str]]
    constants: frozenset[bytes]
    packages: frozenset[bytes]
    components: frozenset[bytes]
    strings: dict[bytes, str]
    shapes: dict[str, str]
    members: frozenset[str]
    beginnings: tuple[bytes, ...]

    def fields_of(self, name: bytes, package: bytes) -> frozenset[str]:
        return self.fields.get(name, _NONE) | self.fields.get(package + b"/*", _NONE)

    def constants_of(self, name: bytes, package: bytes) -> bool:
        return name in self.constants or package + b"/*" in self.constants


_NONE: frozenset[str] = frozenset()


@cache
def wanted() -> Wanted:
    """What the catalogue in force asks for."""
    fields: dict[bytes, set[str]] = defaultdict(set)
    constants: set[bytes] = set()
    beginnings: set[bytes] = set()
    components: set[bytes] = set()
    strings: dict[bytes, str] = {}
    sdks = catalogue().sdks
    for sdk in sdks:
        for reader in sdk.versions:
            if reader.kind == "field":
                fields[_internal(reader.cls)].add(reader.field)
            elif reader.kind == "string":
                constants.add(_internal(reader.cls))
            elif reader.kind == "constant":
                beginnings.add(reader.name.encode())
        components.update(_internal(name) for name in sdk.components)
        strings.update((text.encode(), sdk.id) for text in sdk.strings)
    return Wanted(
        fields={name: frozenset(names) for name, names in fields.items()},
        constants=frozenset(constants),
        packages=frozenset(name.rpartition(b"/")[0] for name in (*fields, *constants, *components)),
        components=frozenset(components),
        strings=strings,
        shapes={shape: build.sdk for build in builds() for shape in build.shapes},
        members=frozenset(
            build.sdk for build in builds() if not any(one.versions for one in sdks if one.id == build.sdk)
        ),
        beginnings=tuple(sorted(beginnings)),
    )


class Asked(NamedTuple):
    """What of a class is asked for: static fields by name, all string constants, all members."""

    fields: frozenset[str]
    constants: bool
    members: bool


@dataclass(slots=True)
class _Package:
    """`singly`: some of its classes belong to another SDK, or hold what is asked for."""

    owner: Sdk | None
    singly: bool
    asked: Asked | None


@dataclass
class Clues:
    """What was seen in code. Classes and packages are in dotted form.

    `owned` counts, by SDK and package, the outer classes that stand under a name of the SDK; those that build tools make
    (R, BuildConfig) are in `generated`, for an app may hold the resources of an SDK without its code.
    `components` are classes that the catalogue lists as an SDK's components. `texts` are static texts by class and field,
    `constants` the string constants of classes asked for, each with its place. `shapes` map an SDK to the shapes found
    of its classes, each with the names under which they were; `strings` map it to
    what was found of it, `members` to the digests of its classes. `begun` are constants of any class that begin as wanted,
    with their places.
    """

    owned: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    generated: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    components: set[str] = field(default_factory=set)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    constants: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    strings: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    shapes: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    begun: dict[str, str] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _packages: dict[bytes, _Package] = field(default_factory=dict)
    # Asked for once: there are many classes, and `catalogue` looks for the user layer at every call.
    _known: Catalogue = field(default_factory=catalogue)
    _wanted: Wanted = field(default_factory=wanted)

    def add(self, name: bytes) -> Asked | None:
        """A class that the package defines, in internal form. Returns what of it is asked for, None for nothing."""
        package = name.rpartition(b"/")[0]
        known = self._packages.get(package) or self._add_package(package)
        if not known.singly:
            if known.owner is not None:
                self._own(known.owner, name)
            return known.asked
        owner = self._known.by_class(name.decode("utf-8", "replace"))
        if owner is not None:
            self._own(owner, name)
        if name in self._wanted.components:
            self.components.add(name.decode().replace("/", "."))
        asked = Asked(
            self._wanted.fields_of(name, package),
            self._wanted.constants_of(name, package),
            owner is not None and owner.id in self._wanted.members,
        )
        return asked if any(asked) else None

    def owner(self, name: bytes) -> Sdk | None:
        """The SDK under whose name a class that was added stands."""
        known = self._packages[name.rpartition(b"/")[0]]
        return self._known.by_class(name.decode("utf-8", "replace")) if known.singly else known.owner

    def add_strings(self, found: Iterable[bytes]) -> None:
        """Those of the wanted strings that are constants of the code."""
        for text in found:
            self.strings[self._wanted.strings[text]].add(text.decode())

    def add_members(self, name: bytes, of_class: Members) -> None:
        if (owner := self.owner(name)) is not None:
            self.members[owner.id].append(named(name, of_class))

    def add_shape(self, name: bytes, shape: str) -> None:
        """The shape of a class that stands under no SDK's name."""
        if (id := self._wanted.shapes.get(shape)) is not None:
            self.shapes[id][shape].add(name.decode("utf-8", "replace").replace("/", "."))

    def _add_package(self, package: bytes) -> _Package:
        dotted = package.replace(b"/", b".").decode("utf-8", "replace")
        owner = self._known.by_class(f"{dotted}.X")
        asked = Asked(_NONE, False, True) if owner is not None and owner.id in self._wanted.members else None
        singly = package in self._wanted.packages or self._known.is_shared(dotted)
        known = self._packages[package] = _Package(owner, singly, asked)
        return known

    def _own(self, owner: Sdk, name: bytes) -> None:
        package, _, last = name.rpartition(b"/")
        is_generated = last in (b"R", b"BuildConfig") or last.startswith(b"R$")
        if is_generated or b"$" not in last:
            counts = self.generated if is_generated else self.owned
            counts[owner.id][package.replace(b"/", b".").decode("utf-8", "replace")] += 1


def _internal(name: str) -> bytes:
    return name.replace(".", "/").encode()
