"""What an SDK says of itself besides its manifest and code: versions, consumer rules, resource and asset names."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from hegui.facts.library import JarSummary, KeptClasses, LibraryVersion
from hegui.facts.package import Place
from hegui.readers.errors import ReadError
from hegui.readers.sdk.archive import Jar

_MOST_TEXT = 4 << 20
_MOST_NAMES = 20_000
_MOST_VALUE = 200
_MOST_VERSION = 40

# META-INF/androidx.core_core.version, as AndroidX libraries carry it.
_VERSION_FILE = re.compile(r"META-INF/([^/]+)\.version")
_POM = re.compile(r"META-INF/maven/([^/]+)/([^/]+)/pom\.properties")
_RULES_IN_JAR = re.compile(r"META-INF/(?:proguard|com\.android\.tools/[^/]+)/[^/]+\.(?:pro|txt|cfg)")
# 3.4.8, v2.1, GTC-3.2.18.0, 1.0.0-beta.2
_A_VERSION = re.compile(r"(?:[A-Za-z]{1,12}[-_ ])?[vV]?(\d+(?:\.\d+){1,4}(?:[-_.+]?[A-Za-z0-9]+){0,4})")
_MANIFEST_KEYS = ("Implementation-Version", "Bundle-Version", "Specification-Version")

# -keep and those of its kin that keep the class itself (ProGuard manual, "Keep options").
_KEEPS = re.compile(r"-keep(?:names|classeswithmembers|classeswithmembernames)?(?:,\w+)*")
_CLASS_WORDS = ("class", "interface", "enum", "@interface")


def summary(jar: Jar) -> JarSummary:
    packages = Counter(name.rpartition("/")[0].replace("/", ".") for name in jar.class_names())
    largest = sorted(packages.items(), key=lambda pair: (-pair[1], pair[0]))
    return JarSummary(jar.name, packages.total(), tuple(largest[:50]))


def common_package(jars: Iterable[Jar]) -> str:
    """The package that most classes share, at least two names deep: what a JAR is known by, for want of a manifest.

    "" when there are no classes below two names.
    """
    packages = Counter(tuple(name.split("/")[:-1]) for jar in jars for name in jar.class_names())
    roots: Counter[tuple[str, ...]] = Counter()
    for package, count in packages.items():
        if len(package) > 1:
            roots[package[:2]] += count
    if not roots:
        return ""
    found = min(roots, key=lambda root: (-roots[root], root))
    while True:
        below = {package[: len(found) + 1] for package in packages if package[: len(found)] == found}
        if len(below) != 1 or found in below:
            return ".".join(found)
        (found,) = below


def versions_of(jar: Jar) -> Iterator[LibraryVersion]:
    """Versions in META-INF, each with its place."""
    for name in jar.container.names("META-INF/"):
        try:
            if name == "META-INF/MANIFEST.MF":
                yield from _in_jar_manifest(_text(jar, name), jar.place(name))
            elif match := _POM.fullmatch(name):
                value = re.search(r"^version[ \t]*[=:][ \t]*(\S+)", _text(jar, name), re.MULTILINE)
                if value:
                    yield LibraryVersion(value[1][:_MOST_VALUE], "pom", jar.place(name), f"{match[1]}:{match[2]}")
            elif match := _VERSION_FILE.fullmatch(name):
                lines = _text(jar, name).split()
                if lines:
                    yield LibraryVersion(lines[0][:_MOST_VALUE], "version-file", jar.place(name), match[1])
        except ReadError:
            # Such a file is a courtesy; the container's own oddities tell when its data is broken.
            continue


def version_in(text: str) -> str:
    """The version that a text is, without the name some vendors put before it; "" for another text."""
    match = _A_VERSION.fullmatch(text) if len(text) <= _MOST_VERSION else None
    return match[1] if match else ""


def rules_in(jar: Jar) -> Iterator[KeptClasses]:
    for name in jar.container.names("META-INF/"):
        if _RULES_IN_JAR.fullmatch(name):
            try:
                yield from kept_classes(_text(jar, name), jar.place(name))
            except ReadError:
                continue


def kept_classes(rules: str, at: Place) -> Iterator[KeptClasses]:
    """The class patterns of -keep options, each once. A pattern that keeps every class says nothing and is left out."""
    plain = re.sub(r"#[^\n]*", "", rules)
    words = re.sub(r"\{[^}]*\}", " ; ", plain).replace(",", " , ").split()
    seen = set()
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        if _KEEPS.fullmatch(word) is None:
            continue
        while place < len(words) and words[place] not in _CLASS_WORDS and not words[place].startswith("-"):
            place += 1
        names = words[place + 1 : place + 2] if place < len(words) and words[place] in _CLASS_WORDS else []
        place += 1 + len(names) if names else 0
        while place + 1 < len(words) and words[place] == "," and names:
            names.append(words[place + 1])
            place += 2
        for name in names:
            pattern = name.strip("'\"")[:_MOST_VALUE]
            if pattern.strip("*?%.<>0123456789") and not pattern.startswith("!") and pattern not in seen:
                seen.add(pattern)
                yield KeptClasses(pattern, at)


def resources_in(text: str) -> tuple[str, ...]:
    """Names of R.txt: lines `int string app_name 0x0` ("int[] styleable …" too), as type/name."""
    found: dict[str, None] = {}
    for line in text.splitlines():
        parts = line.split(None, 3)
        if len(parts) >= 3 and parts[0] in ("int", "int[]") and len(found) < _MOST_NAMES:
            found[f"{parts[1]}/{parts[2]}"[:_MOST_VALUE]] = None
    return tuple(found)


def _in_jar_manifest(text: str, at: Place) -> Iterator[LibraryVersion]:
    """The main section of a JAR manifest; a line that starts with a space goes on with the last one ("JAR Manifest")."""
    section = re.split(r"\r?\n\r?\n", text, maxsplit=1)[0]
    for line in re.sub(r"\r?\n ", "", section).splitlines():
        key, _, value = line.partition(":")
        if key in _MANIFEST_KEYS and value.strip():
            yield LibraryVersion(value.strip()[:_MOST_VALUE], key.lower(), at)


def _text(jar: Jar, name: str) -> str:
    return jar.content(name, _MOST_TEXT).decode("utf-8", "replace")
