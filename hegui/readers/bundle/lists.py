"""What a set of APKs says of itself: toc.pb of bundletool, manifest.json of an .xapk, info.json of an .apkm.

A list tells which APKs go together and which ought to be there; facts about the app come from the APKs alone.
Sources: bundletool's commands.proto (BuildApksResult to ApkDescription) for field numbers; manifest.json and info.json as
public archives of apkpure.com and apkmirror.com hold them, for which there is no specification.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hegui.facts.package import Entry
from hegui.readers.apk.container import Container
from hegui.readers.bundle.protobuf import BadMessage, Message
from hegui.readers.errors import ReadError

TOC, XAPK, APKM = "toc.pb", "manifest.json", "info.json"
_MOST_BYTES = 8 << 20
_MOST_NAMES = 20

# BuildApksResult
_VARIANT, _ASSET_SLICE_SET = 1, 3
# Variant, ApkSet, AssetSliceSet, ApkDescription
_APK_SET, _VARIANT_NUMBER = 2, 3
_APK_DESCRIPTION = 2
_PATH, _SPLIT, _STANDALONE, _INSTANT, _SYSTEM, _ARCHIVED = 2, 3, 4, 5, 6, 9


@dataclass
class Listing:
    """Which entries are the APKs of one installation, and what the set says of them.

    `absent`: names a list gives that the archive does not hold. `package` and `version_code`: what the list claims.
    """

    apks: tuple[str, ...]
    absent: tuple[str, ...] = ()
    odd: list[Entry] = field(default_factory=list)
    source: str = ""
    package: str = ""
    version_code: int | None = None

    def differs(self, package: str, version_code: int) -> tuple[Entry, ...]:
        """What the list says of the app that its base does not."""
        told = []
        if self.package and self.package != package:
            told.append(f"package {self.package[:200]!r}, the base is {package}")
        if self.version_code is not None and self.version_code != version_code:
            told.append(f"version code {self.version_code}, the base has {version_code}")
        return tuple(Entry(self.source, "LIST_DIFFERS", each) for each in told)


def listing(container: Container) -> Listing:
    """The APKs of a set, in the order of the archive. A list that cannot be read is odd, and all APKs are taken."""
    names = tuple(name for name in container.by_name if is_inner_apk(name))
    found = Listing(names)
    for source, read in ((TOC, _read_toc), (XAPK, _read_xapk), (APKM, _read_apkm)):
        if not container.has(source):
            continue
        try:
            found = read(container.read(source, _MOST_BYTES), names)
            found.source = source
            if found.absent:
                told = f"it names {_shown(found.absent)}, which the archive does not hold"
                found.odd.append(Entry(source, "LISTED_NOT_GIVEN", told))
            return found
        except (BadMessage, ValueError, TypeError, RecursionError, ReadError) as error:
            found.odd.append(Entry(source, "LIST_UNREADABLE", f"{type(error).__name__}: {error}"[:500]))
    return found


def is_inner_apk(name: str) -> bool:
    """Whether an archive's entry is one of a set of APKs: at its top, or in a folder such as splits/."""
    return name.lower().endswith(".apk") and name.count("/") <= 1


@dataclass(frozen=True)
class _Variant:
    """APKs that are installed together; bundletool makes several, for platforms and devices that differ."""

    number: int
    paths: tuple[str, ...]
    split: bool


def _read_toc(content: bytes, names: tuple[str, ...]) -> Listing:
    """The APKs of the newest variant that comes in splits, else of a standalone one, for 64-bit ARM when there is one.

    A device takes the matching variant of the highest number; numbers rise with the platform.
    """
    result = Message(memoryview(content))
    variants = [_variant(result.inner(each)) for each in result if each.number == _VARIANT]
    variants = [variant for variant in variants if variant.paths]
    if not variants:
        raise BadMessage("it names no APK")
    chosen = max(variants, key=lambda each: (each.split, any("arm64" in path for path in each.paths), each.number))
    slices = [
        path
        for each in result
        if each.number == _ASSET_SLICE_SET
        for path, _ in _descriptions(result.inner(each), (_SPLIT, 7))
    ]
    wanted = tuple(dict.fromkeys((*chosen.paths, *slices)))
    made = Listing(
        tuple(name for name in names if name in set(wanted)), tuple(name for name in wanted if name not in names)
    )
    if others := [name for name in names if name not in set(wanted)]:
        told = (
            f"{len(others)} APKs are of other variants than number {chosen.number} and were not read: {_shown(others)}"
        )
        made.odd.append(Entry(TOC, "OTHER_VARIANTS", told))
    return made


def _variant(variant: Message) -> _Variant:
    number, paths, split = 0, [], False
    for each in variant:
        if each.number == _VARIANT_NUMBER:
            number = each.value
        elif each.number == _APK_SET:
            for path, kind in _descriptions(variant.inner(each), (_SPLIT, _STANDALONE, _SYSTEM)):
                paths.append(path)
                split = split or kind == _SPLIT
    return _Variant(number, tuple(paths), split)


def _descriptions(apk_set: Message, kinds: tuple[int, ...]) -> Iterable[tuple[str, int]]:
    """The APKs of a set that are of these kinds: not those for instant apps, nor what is left of an archived app."""
    for each in apk_set:
        if each.number != _APK_DESCRIPTION:
            continue
        description = apk_set.inner(each)
        parts = description.last()
        kind = next((kind for kind in kinds if kind in parts), 0)
        if kind and (path := description.text(parts.get(_PATH))):
            yield path, kind


def _read_xapk(content: bytes, names: tuple[str, ...]) -> Listing:
    listed = _object(content)
    splits = listed.get("split_apks") or []
    files = [str(each["file"]) for each in splits if isinstance(each, dict) and "file" in each]
    made = Listing(names, tuple(dict.fromkeys(file for file in files if file not in names)))
    made.package, made.version_code = str(listed.get("package_name", "")), _number(listed.get("version_code"))
    if files and (more := [name for name in names if name not in files]):
        made.odd.append(
            Entry(XAPK, "GIVEN_NOT_LISTED", f"it does not name {_shown(more)}, which were read all the same")
        )
    expansions = listed.get("expansions") or []
    if obbs := [str(each["file"]) for each in expansions if isinstance(each, dict) and "file" in each]:
        made.odd.append(Entry(XAPK, "EXPANSIONS_NOT_READ", f"expansion files (OBB) were not read: {_shown(obbs)}"))
    return made


def _read_apkm(content: bytes, names: tuple[str, ...]) -> Listing:
    listed = _object(content)
    return Listing(names, package=str(listed.get("pname", "")), version_code=_number(listed.get("versioncode")))


def _object(content: bytes) -> dict[str, Any]:
    made = json.loads(content.decode("utf-8-sig"))
    if not isinstance(made, dict):
        raise ValueError("the file is no JSON object")
    return made


def _number(value: Any) -> int | None:
    """A version code, which some write as text."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 20 else None


def _shown(names: Iterable[str]) -> str:
    several = list(names)
    more = f" and {len(several) - _MOST_NAMES} more" if len(several) > _MOST_NAMES else ""
    return ", ".join(name[:200] for name in several[:_MOST_NAMES]) + more
