"""What an SDK package (AAR or JAR) says of itself besides its manifest and code."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LibraryVersion:
    """A version that stands somewhere in the SDK (版本标注). `how`: implementation-version, bundle-version,
    specification-version, pom, version-file, manifest, constant (a static final field of such a name), or method (one of
    such a name that gives back nothing but a constant). `of` names the artefact, field or method.
    """

    value: str
    how: str
    at: str
    of: str = ""


@dataclass(frozen=True)
class KeptClasses:
    """A consumer rule (混淆保留规则) that keeps the names of classes when the host app is shrunk: a pattern of them."""

    pattern: str
    at: str


@dataclass(frozen=True)
class JarSummary:
    """A JAR of the SDK. `packages` counts classes by package, the largest first, 50 at most."""

    name: str
    classes: int
    packages: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class LibraryCoverage:
    """What was read of the code. `reached`: methods to which a path was found; `shadowed`: second classes of a name.

    `left_out`: classes in META-INF, which no app takes in. `unresolved`: calls whose constant could not be read, by the
    kind of what it would have named. `reach_whole`: every call was followed. `gates_left_out`: methods with calls
    listed that are too large to look for guards in.
    """

    classes: int
    methods: int
    reached: int
    shadowed: int
    left_out: int
    unresolved: dict[str, int]
    reach_whole: bool
    gates_left_out: int = 0


@dataclass(frozen=True)
class Library:
    """An SDK package as such (SDK 包). `form` is aar or jar. `resources` are names of R.txt, type/name; `assets` are names
    of files."""

    form: str
    jars: tuple[JarSummary, ...]
    versions: tuple[LibraryVersion, ...]
    kept: tuple[KeptClasses, ...]
    resources: tuple[str, ...]
    assets: tuple[str, ...]
    coverage: LibraryCoverage
