"""The version of an SDK, and where it was read: the version readers of the catalogue, tried in their order."""

import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase

from hegui.catalogue.sdks import Sdk, VersionReader
from hegui.catalogue.sdks.builds import builds
from hegui.readers.errors import ReadError
from hegui.readers.sdk.clues import Clues
from hegui.readers.sdk.shapes import together

# A version file is a line or a small table; more than this is something else.
_MOST_TEXT = 64 * 1024
_VERSION = re.compile(r"v?\d+(?:\.\w+)*(?:[-_+.]\w+)*", re.ASCII)
_FOLDERS = {"asset": "assets/", "meta_inf": "META-INF/", "file": ""}
# Strings of a library, as bytes that print.
_PRINTED = re.compile(rb"[\x20-\x7e]{4,400}")
_MOST_LIBRARY = 64 << 20

Files = Mapping[str, Callable[[], bytes]]


def version_of(
    sdk: Sdk, clues: Clues, meta_data: Mapping[str, str], libraries: Mapping[str, tuple[str, ...]], files: Files
) -> tuple[str, str]:
    """The version and its place; ("", "") when no reader finds one. An SDK without any reader is told by its known builds.

    `libraries` are the places of native libraries by file name, `files` all entries of the package by name.
    """
    for reader in sdk.versions:
        for text, place in _texts(reader, clues, meta_data, libraries, files):
            if version := _matched(reader, text):
                return version, place
    if sdk.id in clues.members:
        digest = together(clues.members[sdk.id])
        for build in builds():
            if build.sdk == sdk.id and build.version and build.members == digest:
                return build.version, f"the same classes and members as {build.file}"
    return "", ""


def _texts(
    reader: VersionReader,
    clues: Clues,
    meta_data: Mapping[str, str],
    libraries: Mapping[str, tuple[str, ...]],
    files: Files,
) -> Iterator[tuple[str, str]]:
    """The texts in which a version reader looks, each with its place."""
    if reader.kind == "field":
        for (cls, field), text in sorted(clues.texts.items()):
            if field == reader.field and _is_class(reader, cls):
                yield text, f"{cls}.{field}"
    elif reader.kind == "string":
        for cls, texts in sorted(clues.constants.items()):
            if _is_class(reader, cls):
                yield from texts
    elif reader.kind == "constant":
        yield from ((text, place) for text, place in sorted(clues.begun.items()) if text.startswith(reader.name))
    elif reader.kind == "meta_data":
        if reader.name in meta_data:
            yield meta_data[reader.name], f"AndroidManifest.xml meta-data {reader.name}"
    elif reader.kind in ("native_name", "native_string"):
        for name in sorted(name for name in libraries if fnmatchcase(name, reader.name)):
            # Builds for several processors are of one version.
            place = libraries[name][0]
            if reader.kind == "native_name":
                yield name, place
            else:
                for found in _PRINTED.finditer(_content(files, place)[:_MOST_LIBRARY]):
                    yield found[0].decode("ascii"), f"{place}@{found.start():#x}"
    else:
        name = _FOLDERS[reader.kind] + reader.path.removeprefix(_FOLDERS[reader.kind])
        if name in files:
            yield _content(files, name)[:_MOST_TEXT].decode("utf-8", "replace"), name


def _is_class(reader: VersionReader, cls: str) -> bool:
    return cls == reader.cls or (reader.cls.endswith(".*") and cls.rpartition(".")[0] == reader.cls[:-2])


def _matched(reader: VersionReader, text: str) -> str:
    """The groups of the reader's pattern, joined by dots; without a pattern the whole text, if it looks like a version."""
    text = text.strip()
    if reader.pattern:
        match = re.search(reader.pattern, text[:_MOST_TEXT])
        return ".".join(part for part in match.groups() if part) if match else ""
    return text if len(text) <= 64 and _VERSION.fullmatch(text) else ""


def _content(files: Files, name: str) -> bytes:
    try:
        return files[name]()
    except (KeyError, ReadError):
        return b""
