"""Which SDKs a package embeds: every clue weighed, the sure ones named, the others unknown (SDK 识别).

What is packaged (classes, components with their class, native libraries) can name an SDK. What only mentions one (a component
whose class is not there, manifest keys, permissions, assets, constants) cannot, however much of it there is: apps keep keys of
SDKs they dropped, and SDKs look for one another by name.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from math import prod
from operator import itemgetter
from typing import Any

from hegui.catalogue.sdks import Sdk as Known
from hegui.catalogue.sdks import catalogue
from hegui.catalogue.sdks.builds import Build, builds
from hegui.facts.package import Sdk, SdkClue
from hegui.facts.unread import Unread
from hegui.readers.errors import ReadError
from hegui.readers.sdk.clues import Clues
from hegui.readers.sdk.versions import Files, version_of

# The default of the knob `sdk.conf` in law/knobs.toml: below it nobody is named.
SURE = 0.8
# Below this a clue is not worth telling of: a permission, or a key that many use.
LEAST = 0.4

# How sure each kind of clue makes, judged by how often it stands there without the SDK. One outer class, or one component with
# its class, may be a stub that another party brought along, such as an AIDL interface, or have moved between SDKs.
_CLASSES = {1: 0.7, 2: 0.85}
_MANY_CLASSES = 0.97
_GENERATED = 0.3
_NATIVE_LIB = 0.5
_JNI = 0.7
_MENTIONS = {"declared": 0.3, "meta_data": 0.3, "permission": 0.15, "asset": 0.35}
_STRINGS = {1: 0.3, 2: 0.5}
_MANY_STRINGS = 0.65
# Whatever only mentions an SDK makes no surer than this.
_MOST_BY_MENTION = 0.7
# Of the shapes known of a build: that many at least, and that share for the first or for the second weight.
_LEAST_SHAPES = 5
_SHAPES = ((0.5, 0.9), (0.2, 0.6))

_MENTIONING = frozenset([*_MENTIONS, "string", "resources"])
# A low confidence in the catalogue: the names may belong to somebody else.
_DOUBTFUL = 0.5

_LIBRARY = re.compile(r"(?:.*!)?(?:[^/]+/)?(?:lib|jni)/([^/]+)/([^/]+\.so)")
_JNI_EXPORT = re.compile(rb"Java_([A-Za-z0-9]+(?:_[A-Za-z0-9]+){2,})")
_MOST_LIBRARY = 32 << 20
_MOST_CLUES = 12
_MOST_PLACES = 5

_UNKNOWN = "未知 SDK（unknown SDK）"


@dataclass(frozen=True)
class Shown:
    """What a package shows besides its code. Components, permissions: names with places. `libraries` map file names of
    native libraries to where they are; `files` are all entries, by name."""

    components: tuple[tuple[str, str], ...] = ()
    meta_data: Mapping[str, str] = field(default_factory=dict)
    permissions: tuple[str, ...] = ()
    libraries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Files = field(default_factory=dict)


def shown(read: Mapping[str, Any], files: Files) -> Shown:
    """From the fields that the manifest stage read, if it did, and the entries of the package."""
    listed = read.get("components")
    asked = read.get("permissions")
    meta_data = read.get("meta_data")
    components = [_plain(one) for one in listed] if isinstance(listed, list | tuple) else []
    libraries: dict[str, tuple[str, ...]] = {}
    for place in sorted(files):
        if found := _LIBRARY.fullmatch(place):
            libraries[found[2]] = (*libraries.get(found[2], ()), place)
    return Shown(
        tuple((str(one.get("target") or one["name"]), str(one.get("at", ""))) for one in components),
        {str(key): str(value) for key, value in meta_data.items()} if isinstance(meta_data, dict) else {},
        tuple(str(_plain(one)["name"]) for one in asked) if isinstance(asked, list | tuple) else (),
        libraries,
        files,
    )


def embedded(clues: Clues, package: Shown, is_packed: bool) -> list[Sdk]:
    """The SDKs of a package, by id; after them what may be one, as `unknown` with its candidate.

    What the manifest and the assets say of an SDK that the code does not know of counts only where a packer hides the code.
    """
    found: dict[str, list[SdkClue]] = {}
    for id, clue in (*_in_code(clues), *_in_manifest(clues, package), *_in_files(package)):
        found.setdefault(id, []).append(clue)
    facts = []
    for id, of_one in sorted(found.items()):
        sdk = catalogue().get(id)
        if not is_packed and all(clue.kind in _MENTIONS for clue in of_one):
            continue
        if sdk is not None and (conf := _confidence(sdk, of_one)) >= LEAST:
            facts.append(_fact(sdk, conf, of_one, clues, package))
    return sorted(facts, key=lambda one: (bool(one.candidate), one.candidate or one.sdk_id))


def named_by_shape(clues: Clues, sdks: Iterable[Sdk]) -> dict[str, tuple[str, str]]:
    """The renamed classes (a.b.C) of those SDKs that the shapes of a known build name by themselves: the SDK, and the file of
    that build. A shape that several classes of the package have tells none of them."""
    named = {one.sdk_id for one in sdks if not one.candidate}
    found = {}
    for id, shapes in clues.shapes.items():
        alike, build = max(
            ((len(shapes.keys() & each.shapes), each) for each in builds() if each.sdk == id), key=itemgetter(0)
        )
        if id in named and alike >= _LEAST_SHAPES and _weight(alike, build) >= SURE:
            for shape in shapes.keys() & build.shapes:
                if len(shapes[shape]) == 1:
                    found[next(iter(shapes[shape]))] = id, build.file
    return found


def _confidence(sdk: Known, clues: Iterable[SdkClue]) -> float:
    """Kinds of clue speak independently; of one kind the strongest speaks. A component is one of the classes."""
    strongest: dict[str, float] = {}
    for clue in clues:
        kind = "class" if clue.kind == "component" else clue.kind
        strongest[kind] = max(clue.weight, strongest.get(kind, 0))
    mentions = 1 - prod(1 - weight for kind, weight in strongest.items() if kind in _MENTIONING)
    packaged = prod(1 - weight for kind, weight in strongest.items() if kind not in _MENTIONING)
    sure = 1 - packaged * (1 - min(mentions, _MOST_BY_MENTION))
    return round(sure * (_DOUBTFUL if sdk.confidence == "low" else 1), 2)


def _in_code(clues: Clues) -> Iterable[tuple[str, SdkClue]]:
    for id, counts in clues.owned.items():
        classes = counts.total()
        for package in sorted(counts)[:_MOST_PLACES]:
            yield id, SdkClue("class", _CLASSES.get(classes, _MANY_CLASSES), f"{package}: {counts[package]}", package)
    for id, counts in clues.generated.items():
        package = min(counts)
        yield id, SdkClue("resources", _GENERATED, f"{package}.R", package)
    for id, strings in clues.strings.items():
        weight = _STRINGS.get(len(strings), _MANY_STRINGS)
        yield from ((id, SdkClue("string", weight, text)) for text in sorted(strings)[:_MOST_PLACES])
    for id, shapes in clues.shapes.items():
        for build in builds():
            alike = len(shapes.keys() & build.shapes)
            if build.sdk == id and alike >= _LEAST_SHAPES:
                what = f"{alike}/{len(build.shapes)} as in {build.file}"
                yield id, SdkClue("shape", _weight(alike, build), what)


def _weight(alike: int, build: Build) -> float:
    """How sure so many shapes of a build make."""
    return next((weight for share, weight in _SHAPES if alike >= share * len(build.shapes)), 0)


def _in_manifest(clues: Clues, package: Shown) -> Iterable[tuple[str, SdkClue]]:
    known = [(name, at, sdk) for name, at in package.components if (sdk := catalogue().by_component(name))]
    packaged = Counter(sdk.id for name, _, sdk in known if name in clues.components)
    for name, at, sdk in known:
        if name in clues.components:
            yield sdk.id, SdkClue("component", _CLASSES.get(packaged[sdk.id], _MANY_CLASSES), name, at)
        else:
            yield sdk.id, SdkClue("declared", _MENTIONS["declared"], name, at)
    for sdk in catalogue().sdks:
        for key in sdk.meta_data:
            for name in _among(key, package.meta_data):
                yield sdk.id, SdkClue("meta_data", _MENTIONS["meta_data"], name)
        for pattern in sdk.permissions:
            for name in _among(pattern, package.permissions):
                yield sdk.id, SdkClue("permission", _MENTIONS["permission"], name)


def _in_files(package: Shown) -> Iterable[tuple[str, SdkClue]]:
    for library, places in package.libraries.items():
        sdk = catalogue().by_native_lib(library)
        if sdk is not None:
            yield sdk.id, SdkClue("native_lib", _NATIVE_LIB, library, places[0])
            if exported := _exported(sdk, package.files, places[0]):
                yield sdk.id, SdkClue("jni", _JNI, exported, places[0])
    assets = [name.removeprefix("assets/") for name in package.files if name.startswith("assets/")]
    for sdk in catalogue().sdks:
        for pattern in sdk.assets:
            for name in _among(pattern, assets)[:1]:
                yield sdk.id, SdkClue("asset", _MENTIONS["asset"], name, f"assets/{name}")


def _exported(sdk: Known, files: Files, place: str) -> str:
    """A native method of the SDK's own class that a library has code for; "" when there is none.

    Such a name is built from the class's ("Resolving Native Method Names" of the JNI specification), so it ties the library to
    the SDK, and shrinkers must keep the class.
    """
    try:
        data = files[place]()[:_MOST_LIBRARY]
    except ReadError:
        return ""
    for found in _JNI_EXPORT.finditer(data):
        # The last part is the method; _1 stands for an underscore.
        name = found[1].decode("ascii").replace("_1", "\0").replace("_", ".").replace("\0", "_")
        owner = catalogue().by_class(name.rpartition(".")[0])
        if owner is not None and owner.id == sdk.id:
            return found[0].decode("ascii")
    return ""


def _fact(sdk: Known, conf: float, of_one: list[SdkClue], clues: Clues, package: Shown) -> Sdk:
    packages = sorted(clues.owned.get(sdk.id, ()))
    is_sure = conf >= SURE
    version, source = (
        version_of(sdk, clues, package.meta_data, package.libraries, package.files) if is_sure else ("", "")
    )
    if is_sure:
        unread = Unread("SDK_VERSION_UNKNOWN", "no place the catalogue knows holds one")
    else:
        unread = Unread("SDK_UNKNOWN", f"perhaps {sdk.id}, with a confidence of {conf}; too little to name it")
    strongest = sorted(of_one, key=lambda clue: (-clue.weight, clue.kind, clue.what))
    places = dict.fromkeys((*packages, *(clue.at for clue in strongest if clue.at)))
    return Sdk(
        sdk_id=sdk.id if is_sure else "unknown",
        name=sdk.name.zh if is_sure else _UNKNOWN,
        pkg_prefix=packages[0] if packages else "",
        version=version or unread,
        version_src=source,
        conf=conf,
        func_class=sdk.func_class,
        collects_pi=bool(sdk.collects),
        at=tuple(places)[:_MOST_PLACES],
        candidate="" if is_sure else sdk.id,
        clues=tuple(strongest[:_MOST_CLUES]),
    )


def _among(pattern: str, names: Iterable[str]) -> list[str]:
    if "*" in pattern:
        return [name for name in names if fnmatchcase(name, pattern)]
    return [pattern] if pattern in names else []


def _plain(record: Any) -> dict[str, Any]:
    """A record's fields; what an earlier child read comes as JSON already."""
    return record if isinstance(record, dict) else vars(record)
