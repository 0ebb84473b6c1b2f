"""The stages of reading an SDK, an AAR or a JAR, in order, for the sandbox; the protocol is that of readers/apk/read."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from hegui.catalogue.sdks import by_class
from hegui.facts.library import Library, LibraryCoverage, LibraryVersion
from hegui.facts.package import CallSite, NativeLibrary
from hegui.facts.unread import Unread
from hegui.readers.apk.container import Container
from hegui.readers.errors import NotSupported, ReadError
from hegui.readers.limits import Limits
from hegui.readers.sandbox import Fields, Partial, Step
from hegui.readers.sdk.archive import Jar, jars_of
from hegui.readers.sdk.recognise import MANIFEST, kind_of

if TYPE_CHECKING:
    from hegui.facts.package import Sdk
    from hegui.readers.apk.axml import XmlTree
    from hegui.readers.dex.reach import Entries
    from hegui.readers.dex.targets import Targets

PLATFORM = "android-sdk"

# jni/ABI in an AAR; lib/ABI in a JAR, which the build tools pack into the app the same way.
_NATIVE = re.compile(r"(?:jni|lib)/([^/]+)/([^/]+\.so)")
_MOST_TEXT = 8 << 20
_MOST_LIBRARY = 64 << 20
_MOST_NAMES = 20_000
_TOLD_FAULTS = 5
_STARTUP_PROVIDER = "androidx.startup.InitializationProvider"
_INITIALISER = "androidx.startup"
_OWN_VERSION = re.compile(r"(?:get)?(?:sdk|lib|library|build)?_?version_?(?:name|string)?", re.IGNORECASE)

_OF_MANIFEST = (
    "name",
    "version_code",
    "min_sdk",
    "target_sdk",
    "target_sdk_written",
    "max_sdk",
    "permissions",
    "declared_permissions",
    "components",
    "plugin_hosts",
    "queries",
    "features",
    "meta_data",
    "application",
    "application_at",
    "manifest_at",
)
# Parts of an installation package that are the host app's to decide.
_OF_HOST = (
    "label",
    "cleartext_ok",
    "allow_backup",
    "backup_rules",
    "debuggable",
    "network_security",
    "shared_user_id",
    "compile_sdk",
    "signers",
    "sig_schemes",
    "signature",
)
_NO_MANIFEST = Unread(
    "PLATFORM_UNSUPPORTED", "a JAR has no manifest; what the host app must declare stands in its vendor's guide"
)


class Reading:
    """What the stages share: the archives, opened when first asked for, and the fields read so far."""

    def __init__(self, path: Path, limits: Limits, read: Fields, targets: "Targets | None" = None) -> None:
        self.path = path
        self.limits = limits
        self.read = read
        self.faults: list[str] = []
        self._targets = targets

    @property
    def targets(self) -> "Targets":
        """What is looked for: the catalogue, unless the caller said otherwise."""
        return _catalogue() if self._targets is None else self._targets

    @cached_property
    def container(self) -> Container:
        return Container.open(self.path, self.limits)

    @cached_property
    def form(self) -> str:
        kind = kind_of(self.container)
        if kind not in ("aar", "jar"):
            raise NotSupported(
                f"{self.path.name}：内容是 {kind}，不是 SDK；请按安装包处理",
                f"{self.path.name}: holds {kind}, which is no SDK; read it as a package",
            )
        return kind

    @cached_property
    def jars(self) -> tuple[Jar, ...]:
        if self.form == "jar":
            return (Jar("", self.container),)
        found = []
        for each in jars_of(self.container):
            if isinstance(each, Jar):
                found.append(each)
            else:
                self.faults.append(each.words.en)
        return tuple(found)

    @cached_property
    def tree(self) -> "XmlTree | None":
        """The manifest of an AAR. Raises ReadError when it cannot be read."""
        from hegui.readers.sdk.manifest import MOST_MANIFEST_BYTES
        from hegui.readers.sdk.text_xml import read_text_xml

        if self.form == "jar":
            return None
        return read_text_xml(self.container.read(MANIFEST, MOST_MANIFEST_BYTES), MANIFEST)


def prepare() -> None:
    # Only inside functions, so that the caller, who imports this module for its list, need not pay for them.
    from hegui.catalogue.added_by import permission_added_by
    from hegui.catalogue.permissions import permission
    from hegui.readers.sdk import code, embedded, library, manifest  # noqa: F401
    from hegui.readers.sdk.clues import wanted

    permission("android.permission.CAMERA")
    permission_added_by("android.permission.CAMERA")
    # The user's own SDKs stand outside what a confined child may read.
    wanted()
    _catalogue()


def begin(path: Path, limits: Limits, read: Fields) -> Reading:
    return Reading(path, limits, read)


@cache
def _catalogue() -> "Targets":
    from hegui.catalogue.apis import apis, carriers
    from hegui.readers.dex.targets import Targets

    return Targets(apis(), carriers())


def _container(reading: Reading) -> Fields | Partial:
    container = reading.container
    container.refuse_bomb()
    damaged = container.damage(MANIFEST) if reading.form == "aar" else ()
    found = {"platform": PLATFORM, "entries": len(container.entries), "odd_entries": (*container.odd, *damaged)}
    return Partial(found, "LIMIT_REACHED", container.excess[:2000]) if container.excess else found


def _manifest(reading: Reading) -> Fields:
    from hegui.readers.sdk.library import common_package
    from hegui.readers.sdk.manifest import left_to_host, library_facts

    hosts = {key: left_to_host(key) for key in _OF_HOST}
    tree = reading.tree
    if tree is None:
        return (
            hosts
            | dict.fromkeys(_OF_MANIFEST, _NO_MANIFEST)
            | {
                "name": common_package(reading.jars),
                "target_sdk_written": False,
                "application_at": "",
                "manifest_at": "",
            }
        )
    found = library_facts(tree)
    return hosts | {key: found[key] for key in _OF_MANIFEST}


def _native_libraries(reading: Reading) -> Fields | Partial:
    found = []
    for name, entry in reading.container.by_name.items():
        if match := _NATIVE.fullmatch(name):
            found.append(NativeLibrary(match[1], match[2], entry.size, name))
    for jar in reading.jars:
        for name, entry in jar.container.by_name.items() if jar.name else ():
            if match := _NATIVE.fullmatch(name):
                found.append(NativeLibrary(match[1], match[2], entry.size, jar.place(name)))
    libraries: Fields = {"native_libs": sorted(found, key=lambda library: (library.abi, library.name, library.at))}
    return Partial(libraries, "MALFORMED", reading.faults[0]) if reading.faults else libraries


def _owned(site: CallSite, name: str) -> CallSite:
    """The site put down to a known SDK that is bundled inside this one, where its class is that one's."""
    cls = site.cls.removeprefix("L").removesuffix(";").replace("/", ".")
    known, own = by_class(cls), by_class(f"{name}.Any")
    # The common package of a JAR may be as short as "com", which is nobody's own.
    is_own = "." in name and cls.startswith(f"{name}.")
    if known is None or is_own or (own is not None and known.id == own.id):
        return site
    why = f"class {cls} stands under a package of {known.id}, which is bundled in {name}"
    return replace(site, origin=known.id, why_origin=why, candidates=(known.id, name))


def _code(reading: Reading) -> Fields | Partial:
    """Call sites, and what the SDK says of itself; together, for both need every class."""
    from hegui.readers.sdk.code import call_sites, read_code
    from hegui.readers.sdk.embedded import embedded, shown
    from hegui.readers.sdk.library import kept_classes, resources_in, rules_in, summary, versions_of
    from hegui.readers.sdk.manifest import library_facts

    name = str(reading.read.get("name") or "")
    container, jars, faults = reading.container, reading.jars, list(reading.faults)
    entries, manifest_version = None, None
    if reading.form == "aar":
        try:
            tree = reading.tree
            facts = library_facts(tree) if tree is not None else {}
            entries = _entries(facts)
            manifest_version = facts.get("manifest_version")
        except ReadError as error:
            faults.append(error.words.en)
    code = read_code(jars, reading.targets, entries)
    faults += code.faults
    own = Jar("", container)
    versions = [version for jar in dict.fromkeys((own, *jars)) for version in versions_of(jar)]
    if isinstance(manifest_version, str):
        versions.insert(0, LibraryVersion(manifest_version, "manifest", MANIFEST))
    kept = [rule for jar in dict.fromkeys((own, *jars)) for rule in rules_in(jar)]
    kept += kept_classes(_text(reading, "proguard.txt", faults), "proguard.txt")
    library = Library(
        form=reading.form,
        jars=tuple(summary(jar) for jar in jars),
        versions=(*versions, *code.versions),
        kept=tuple(kept[:_MOST_NAMES]),
        resources=resources_in(_text(reading, "R.txt", faults)),
        assets=tuple(name for name in container.names("assets/") if not name.endswith("/"))[:_MOST_NAMES],
        coverage=LibraryCoverage(
            classes=code.classes,
            methods=code.methods,
            reached=code.reached,
            shadowed=code.shadowed,
            left_out=sum(jar.left_out() for jar in jars),
            unresolved={kind: count for kind, count in sorted(code.unresolved.items()) if count},
            reach_whole=code.reach_whole,
            gates_left_out=code.gates_left_out,
        ),
    )
    sdks = embedded(code.clues, shown(reading.read, _files(reading)), is_packed=False)
    found: Fields = {
        "library": library,
        "version_name": _version_name(library.versions, name, sdks),
        "callsites": [_owned(site, name) for site in call_sites(code.found, name)],
        "sdks": sdks,
        "dex_files": (),
    }
    if not code.reach_whole:
        faults.append("the class hierarchy is too large to follow every call")
    if faults:
        told = "; ".join(faults[:_TOLD_FAULTS])
        more = f"; and {len(faults) - _TOLD_FAULTS} more" if len(faults) > _TOLD_FAULTS else ""
        return Partial(found, "MALFORMED", told + more)
    return found


def _files(reading: Reading) -> dict[str, Callable[[], bytes]]:
    """All entries of the SDK and of the JARs in it but classes, by place."""
    return {
        jar.place(name): partial(jar.content, name, _MOST_LIBRARY)
        for jar in dict.fromkeys((*reading.jars, Jar("", reading.container)))
        for name in jar.container.by_name
        if not name.endswith((".class", ".jar"))
    }


def _entries(facts: dict[str, object]) -> "Entries":
    from hegui.facts.package import Component
    from hegui.readers.dex.reach import Entries

    listed = facts["components"]
    components = [each for each in listed if isinstance(each, Component)] if isinstance(listed, tuple) else []
    application = facts["application"]
    return Entries(
        application=application if isinstance(application, str) else None,
        components=tuple(each.target or each.name for each in components),
        providers=tuple(each.name for each in components if each.kind == "provider"),
        initialisers=tuple(
            name
            for each in components
            if each.name == _STARTUP_PROVIDER
            for name, value in each.meta_data.items()
            if value == _INITIALISER
        ),
    )


def _version_name(versions: tuple[LibraryVersion, ...], name: str, sdks: "list[Sdk]") -> str | Unread:
    """The version of the SDK as a whole: what its manifest says, else what all of META-INF agrees on, else its code, else what
    is found of the SDK in the catalogue that owns the package it is known by.

    In code only what is named as the version of an SDK or build counts, in a class below the package the SDK is known
    by: others are those of a protocol, or of an SDK inside.
    """
    own = [each for each in versions if each.how in ("constant", "method") and each.of.startswith(f"{name}.") and name]
    named = [each for each in own if _OWN_VERSION.fullmatch(each.of.rpartition(".")[2])]
    for found in (
        [each for each in versions if each.how == "manifest"],
        [each for each in versions if each.how in ("implementation-version", "pom", "bundle-version")],
        [each for each in versions if each.how == "version-file"],
        named,
    ):
        values = {each.value for each in found}
        if len(values) == 1:
            return values.pop()
        if values:
            break
    itself = by_class(f"{name}.X")
    for sdk in sdks:
        if itself is not None and sdk.sdk_id == itself.id and isinstance(sdk.version, str):
            return sdk.version
    told = ", ".join(f"{each.value} ({each.of or each.how})" for each in versions[:5])
    return Unread("SDK_VERSION_UNKNOWN", f"none stands for the whole; found: {told}" if told else "none found")


def _text(reading: Reading, name: str, faults: list[str]) -> str:
    if not reading.container.has(name):
        return ""
    try:
        return reading.container.read(name, _MOST_TEXT).decode("utf-8", "replace")
    except ReadError as error:
        faults.append(error.words.en)
        return ""


STAGES: tuple[Step, ...] = (
    Step("container", _container, ("platform", "entries", "odd_entries")),
    Step("manifest", _manifest, (*_OF_MANIFEST, *_OF_HOST), needs=("container",)),
    Step("native_libraries", _native_libraries, ("native_libs",), needs=("container",)),
    Step("code", _code, ("callsites", "sdks", "library", "version_name", "dex_files"), needs=("container",)),
)
