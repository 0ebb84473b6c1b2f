"""Which SDKs a package embeds, and in which version, with the place it was read."""

import re
from collections.abc import Callable, Mapping
from functools import cache

from hegui.catalogue.sdks import Sdk as Known
from hegui.catalogue.sdks import VersionReader, catalogue
from hegui.facts.package import Sdk
from hegui.facts.unread import Unread
from hegui.readers.dex import CodeFacts
from hegui.readers.errors import ReadError
from hegui.readers.sandbox import Fields

# A version file is a line or a small table; more than this is something else.
_MOST_BYTES = 64 * 1024
_VERSION = re.compile(r"v?\d+(?:\.\w+)*(?:[-_+.]\w+)*", re.ASCII)
_FOLDERS = {"asset": "assets/", "meta_inf": "META-INF/", "file": ""}


@cache
def version_fields() -> dict[str, frozenset[str]]:
    """The static fields in which the catalogue's SDKs keep their version: class, or package with ".*", to field names."""
    wanted: dict[str, set[str]] = {}
    for sdk in catalogue().sdks:
        for reader in sdk.versions:
            if reader.kind == "field":
                wanted.setdefault(reader.cls, set()).add(reader.field)
    return {cls: frozenset(names) for cls, names in wanted.items()}


def embedded(code: CodeFacts, files: Mapping[str, Callable[[], bytes]], read: Fields) -> list[Sdk]:
    """The SDKs whose classes the package defines. One that is only mentioned, or only named in the manifest, is not there."""
    by_class = catalogue().by_class
    packages: dict[str, list[str]] = {}
    known: dict[str, Known] = {}
    for package in code.packages:
        name = package.replace("/", ".")
        sdk = by_class(f"{name}.X")
        if sdk is not None:
            known[sdk.id] = sdk
            packages.setdefault(sdk.id, []).append(name)
    return [_fact(known[id], sorted(packages[id]), code, files, read) for id in sorted(known)]


def _fact(
    sdk: Known, packages: list[str], code: CodeFacts, files: Mapping[str, Callable[[], bytes]], read: Fields
) -> Sdk:
    version, source = "", ""
    for reader in sdk.versions:
        version, source = _version(reader, code, files, read)
        if version:
            break
    return Sdk(
        sdk_id=sdk.id,
        name=sdk.name.zh,
        pkg_prefix=packages[0],
        version=version or Unread("SDK_VERSION_UNKNOWN", "no place the catalogue knows holds one"),
        version_src=source,
        conf=1.0 if sdk.confidence == "high" else 0.5,
        func_class=sdk.func_class,
        collects_pi=bool(sdk.collects),
        at=tuple(packages[:5]),
    )


def _version(
    reader: VersionReader, code: CodeFacts, files: Mapping[str, Callable[[], bytes]], read: Fields
) -> tuple[str, str]:
    """The version by one reader of the catalogue, and where it stands; ("", "") when it is not there."""
    if reader.kind == "field":
        for (cls, field), text in sorted(code.texts.items()):
            here = cls == reader.cls or (reader.cls.endswith(".*") and cls.rpartition(".")[0] == reader.cls[:-2])
            if here and field == reader.field and (found := _matched(reader, text)):
                return found, f"{cls}.{field}"
    elif reader.kind == "meta_data":
        meta = read.get("meta_data")
        value = meta.get(reader.name) if isinstance(meta, dict) else None
        if value and (found := _matched(reader, str(value))):
            return found, f"AndroidManifest.xml meta-data {reader.name}"
    elif reader.kind in _FOLDERS:
        name = _FOLDERS[reader.kind] + reader.path.removeprefix(_FOLDERS[reader.kind])
        if name in files and (found := _matched(reader, _text(files[name]))):
            return found, name
    return "", ""


def _matched(reader: VersionReader, text: str) -> str:
    """The version in a text: group 1 of the reader's pattern; without a pattern the whole text, if it looks like one."""
    text = text.strip()
    if reader.pattern:
        match = re.search(reader.pattern, text[:_MOST_BYTES])
        return match[1] if match else ""
    return text if len(text) <= 64 and _VERSION.fullmatch(text) else ""


def _text(content: Callable[[], bytes]) -> str:
    try:
        return content()[:_MOST_BYTES].decode("utf-8", "replace")
    except ReadError:
        return ""
