"""The stages of reading an Android package, in order: an APK, a set of APKs, or a bundle (readers/bundle).

Each is a function over what they share; the sandbox runs and bounds them. Every stage goes over the parts of the package:
one for an APK. A part that cannot be read makes a stage partial and leaves the others.
"""

import re
import struct
from collections.abc import Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from hegui.facts.package import DexFile, NativeLibrary
from hegui.readers.errors import Malformed, NotSupported, ReadError
from hegui.readers.kinds import WORDS
from hegui.readers.limits import Limits
from hegui.readers.sandbox import Fields, Partial, Step
from hegui.readers.sdk.recognise import MANIFEST

if TYPE_CHECKING:
    from hegui.readers.apk.container import Container
    from hegui.readers.bundle.parts import Opened, Part

_NATIVE = re.compile(r"lib/([^/]+)/([^/]+\.so)")
_DEX = re.compile(r"classes(?:[2-9]|[1-9][0-9]+)?\.dex")
_DEX_HEADER = struct.Struct("<8s I 20s 20I")
_DEX_VERSIONS = ("035", "037", "038", "039", "040", "041")
_LITTLE_ENDIAN = 0x12345678

_MANIFEST_FIELDS = (
    "name",
    "version_name",
    "version_code",
    "min_sdk",
    "target_sdk",
    "target_sdk_written",
    "max_sdk",
    "compile_sdk",
    "label",
    "labels",
    "permissions",
    "declared_permissions",
    "components",
    "plugin_hosts",
    "cleartext_ok",
    "allow_backup",
    "backup_rules",
    "debuggable",
    "application",
    "shared_user_id",
    "queries",
    "network_security",
    "features",
    "purpose_strings",
    "meta_data",
    "splits",
    "application_at",
    "manifest_at",
    "parts",
    "odd_entries",
)


# What the code stage (apk/code.py) gives.
CODE_FIELDS = (
    "callsites",
    "sdks",
    "urls",
    "unowned_code",
    "packed",
    "packer",
    "why_packed",
    "dyn_code",
    "why_dyn_code",
    "reflection",
    "obfuscation",
    "gates_left_out",
)


class Reading:
    """What the stages share: the package, opened when first asked for, and the fields read so far."""

    def __init__(self, path: Path, limits: Limits, read: Fields) -> None:
        self.path = path
        self.limits = limits
        self.read = read

    @cached_property
    def opened(self) -> "Opened":
        from hegui.readers.bundle.parts import open_package

        opened = open_package(self.path, self.limits)
        opened.refuse_bomb(self.limits)
        return opened

    @property
    def parts(self) -> "tuple[Part, ...]":
        """The parts of the app, the base first once the manifest stage has told which it is.

        Raises NotSupported when this is no Android app.
        """
        if not self.opened.parts:
            words = WORDS[self.opened.kind]
            raise NotSupported(
                f"{self.path.name}：看来是{words.zh}，不是安卓应用，尚不支持；请给出 .apk、.aab 或分包集合",
                f"{self.path.name}: it looks to be {words.en}, no Android app, and is not supported yet; name an .apk, an "
                ".aab, or a set of split packages",
            )
        of_app = self.read.get("parts")
        if not of_app:
            return self.opened.parts
        by_name = {part.name: part for part in self.opened.parts}
        return tuple(by_name[name] for name in of_app if name in by_name)

    @property
    def container(self) -> "Container":
        """The archive of the base."""
        return self.parts[0].container

    def dex_files(self) -> "Iterator[tuple[Part, str]]":
        """Each DEX file the runtime would load or skip, with its part: classes.dex, classes2.dex … of each in turn."""
        for part in self.parts:
            for name in sorted((name for name in part.files if _DEX.fullmatch(name)), key=_dex_number):
                yield part, name

    def level(self, name: str) -> int | None:
        """An API level that the manifest stage read; None when it did not."""
        level = self.read.get(name)
        return level if isinstance(level, int) else None


def prepare() -> None:
    # Only inside functions, so that the caller, who imports this module for its list, need not pay for them.
    from hegui.catalogue.added_by import permission_added_by
    from hegui.catalogue.permissions import permission
    from hegui.readers.apk import code, manifest, signature  # noqa: F401
    from hegui.readers.bundle import merge  # noqa: F401
    from hegui.readers.sdk.clues import wanted

    permission("android.permission.CAMERA")
    permission_added_by("android.permission.CAMERA")
    # The user's own SDKs stand outside what a confined child may read.
    wanted()


def begin(path: Path, limits: Limits, read: Fields) -> Reading:
    return Reading(path, limits, read)


def _container(reading: Reading) -> Fields | Partial:
    opened = reading.opened
    entries = 0
    odd = list(opened.listing.odd)
    if opened.outer is not None and opened.outer not in [part.container for part in opened.parts]:
        # What is odd about the archive around the APKs; the APKs themselves come next.
        odd += opened.outer.odd
    for number, part in enumerate(opened.parts):
        # The modules of a bundle share one archive.
        if number == 0 or opened.kind != "aab":
            entries += len(part.container.entries)
            odd += part.container.odd if opened.kind == "aab" else part.odd(part.container.odd)
        # Content is compared for the two files the platform itself parses; a later reader does it for the rest.
        for name in (MANIFEST, "resources.arsc"):
            if part.has(name):
                damaged = part.container.damage(part.files[name].name)
                odd += damaged if part.root else part.odd(damaged)
    found = {"kind": opened.kind, "entries": entries, "odd_entries": odd}
    archives = {part.place(""): part.container for part in opened.parts if part.container is not opened.outer}
    if opened.outer is not None:
        archives[""] = opened.outer
    excess = [f"{name} {archive.excess}".strip() for name, archive in archives.items() if archive.excess]
    if excess and not opened.unreadable:
        return Partial(found, "LIMIT_REACHED", "; ".join(excess)[:2000])
    return _with_unreadable(found, opened.unreadable)


def _manifest(reading: Reading) -> Fields | Partial:
    from hegui.readers.bundle.merge import merged_manifests
    from hegui.readers.bundle.splits import members, missing

    opened = reading.opened
    if len(reading.parts) == 1:
        _require_manifest(reading.path.name, reading.parts[0])
    parts = members(reading.path.name, opened)
    found, unread = merged_manifests(parts)
    parts.unread.update(unread)
    of_app = (parts.base, *parts.others)
    found |= {
        "splits": missing(parts, opened),
        "parts": [each.part.name for each in of_app if each.part.name],
        "odd_entries": [*reading.read.get("odd_entries", ()), *found["odd_entries"]],
    }
    return _with_unreadable(found, unread)


def _with_unreadable(found: Fields, unreadable: dict[str, ReadError]) -> Fields | Partial:
    """The fields, partial when a part could not be read: with the reason of the first and the names of all."""
    if not unreadable:
        return found
    first = next(iter(unreadable.values()))
    return Partial(
        found, first.code, "; ".join(f"{name}: {error.words.en}" for name, error in unreadable.items())[:2000]
    )


def _signature(reading: Reading) -> Fields | Partial:
    from hegui.readers.apk.signature import signature_facts
    from hegui.readers.bundle.merge import bundle_signature, merged_signatures

    opened = reading.opened
    if opened.kind == "aab":
        # By the rules of Android 7 and later, where v1 is the plain signed JAR it was made from.
        return bundle_signature(signature_facts(reading.container, 24, None))
    levels = reading.level("min_sdk"), reading.level("target_sdk")
    checked = [(part, signature_facts(part.container, *levels)) for part in reading.parts]
    if len(checked) == 1 and not opened.unreadable:
        return checked[0][1] if not checked[0][0].name else merged_signatures(checked, ())
    return _with_unreadable(merged_signatures(checked, opened.unreadable), opened.unreadable)


def _native_libraries(reading: Reading) -> Fields | Partial:
    """Files the installer takes as native code: those directly in lib/ABI/ that end in .so."""
    found = []
    for part in reading.parts:
        for name, entry in part.files.items():
            if match := _NATIVE.fullmatch(name):
                found.append(NativeLibrary(match[1], match[2], entry.size, part.place(name)))
    found.sort(key=lambda library: (library.abi, library.name))
    return _with_unreadable({"native_libs": found}, reading.opened.unreadable)


def _code(reading: Reading) -> Fields | Partial:
    from hegui.readers.apk.code import code_facts

    dex_files = ((part.place(name), partial(part.read, name)) for part, name in reading.dex_files())
    files = {name: partial(part.read, name) for part in reversed(reading.parts) for name in part.files}
    return code_facts(dex_files, files, reading.read)


def _dex_headers(reading: Reading) -> Fields | Partial:
    found, faults = [], []
    numbers: dict[str, int] = {}
    for part, name in reading.dex_files():
        number = numbers[part.name] = numbers.get(part.name, 0) + 1
        try:
            found.append(_dex_file(part, name))
        except Malformed as error:
            faults.append(error.words.en)
        # The runtime counts up from classes.dex and stops at the first number that is missing.
        if _dex_number(name) != number:
            faults.append(f"{part.place(name)} is not loaded: a lower number is missing")
    dex_files: Fields = {"dex_files": found}
    if faults and not found:
        raise Malformed(
            f"{reading.path.name}：没有可读的 DEX：{faults[0]}；请重新获取文件",
            f"no readable DEX: {faults[0]}; get the file again",
        )
    if faults:
        return Partial(dex_files, "MALFORMED", "; ".join(faults[:5]))
    return _with_unreadable(dex_files, reading.opened.unreadable)


def _dex_number(name: str) -> int:
    digits = name[len("classes") : -len(".dex")]
    return int(digits) if digits else 1


def _dex_file(part: "Part", name: str) -> DexFile:
    """The header_item (Dalvik Executable format, "File layout"). Raises Malformed when it is not one."""
    head = part.head(name, _DEX_HEADER.size)
    entry = part.files[name]
    if len(head) < _DEX_HEADER.size:
        raise _bad_dex(part, name, f"its header ends after {len(head)} of {_DEX_HEADER.size} bytes")
    magic, _, _, *words = _DEX_HEADER.unpack(head)
    size, header_size, endian = words[:3]
    version = magic[4:7].decode("latin-1")
    if magic[:4] != b"dex\n" or magic[7] != 0 or version not in _DEX_VERSIONS:
        raise _bad_dex(part, name, f"starts with {magic!r}, not with a magic of version {_DEX_VERSIONS}")
    if endian != _LITTLE_ENDIAN or header_size < _DEX_HEADER.size or size > entry.size:
        raise _bad_dex(part, name, f"endian tag {endian:#x}, header size {header_size}, file size {size} do not fit")
    # Pairs of count and offset, and the size of one item: string, type, proto, field and method ids, class definitions.
    counts, offsets = words[6:18:2], words[7:18:2]
    for count, offset, item in zip(counts, offsets, (4, 4, 12, 8, 8, 32), strict=True):
        if count and offset + count * item > entry.size:
            raise _bad_dex(part, name, f"a table of {count} items at {offset} runs past its {entry.size} bytes")
    return DexFile(part.place(name), version, size, classes=counts[5], methods=counts[4], strings=counts[0])


def _bad_dex(part: "Part", name: str, why: str) -> Malformed:
    return Malformed(
        f"{part.place(name)} 的 DEX 头无效：{why}；请重新获取文件",
        f"{part.place(name)}: no valid DEX header: {why}; get the file again",
    )


def _require_manifest(name: str, part: "Part") -> None:
    """Raise Malformed when the manifest of an APK holds nothing: a file cut short, rather than one badly made."""
    if not part.head(MANIFEST, 1):
        raise Malformed(
            f"{name}：{MANIFEST} 为空（0 字节），无法判断；请重新获取安装包",
            f"{name}: {MANIFEST} is empty (0 bytes): nothing to judge; get the package again",
        )


STAGES: tuple[Step, ...] = (
    Step("container", _container, ("kind", "entries", "odd_entries")),
    Step("manifest", _manifest, _MANIFEST_FIELDS, needs=("container",)),
    Step("signature", _signature, ("signers", "sig_schemes", "signature"), needs=("container",)),
    Step("native_libraries", _native_libraries, ("native_libs",), needs=("container",)),
    Step("dex_headers", _dex_headers, ("dex_files",), needs=("container",)),
    Step("code", _code, CODE_FIELDS, needs=("manifest",)),
)
