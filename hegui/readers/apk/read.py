"""The stages of reading an APK, in order. Each is a function over what they share; the sandbox runs and bounds them."""

import re
import struct
from functools import cached_property
from pathlib import Path

from hegui.facts.package import DexFile, NativeLibrary
from hegui.readers.apk.container import Container
from hegui.readers.errors import Malformed, NotSupported
from hegui.readers.limits import Limits
from hegui.readers.sandbox import Fields, Partial, Step

MANIFEST = "AndroidManifest.xml"

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
)


class Reading:
    """What the stages share: the container, opened when first asked for, and the fields read so far."""

    def __init__(self, path: Path, limits: Limits, read: Fields) -> None:
        self.path = path
        self.limits = limits
        self.read = read

    @cached_property
    def container(self) -> Container:
        return Container.open(self.path, self.limits)

    def level(self, name: str) -> int | None:
        """An API level that the manifest stage read; None when it did not."""
        level = self.read.get(name)
        return level if isinstance(level, int) else None


def prepare() -> None:
    # Only inside functions, so that the caller, who imports this module for its list, need not pay for them.
    from hegui.catalogue.added_by import permission_added_by
    from hegui.catalogue.permissions import permission
    from hegui.readers.apk import manifest, signature  # noqa: F401

    permission("android.permission.CAMERA")
    permission_added_by("android.permission.CAMERA")


def begin(path: Path, limits: Limits, read: Fields) -> Reading:
    return Reading(path, limits, read)


def _container(reading: Reading) -> Fields:
    container = reading.container
    container.refuse_bomb()
    # Content is compared for the two files the platform itself parses; a later reader does it for the rest.
    damaged = (*container.damage(MANIFEST), *container.damage("resources.arsc"))
    return {"entries": len(container.entries), "odd_entries": (*container.odd, *damaged)}


def _manifest(reading: Reading) -> Fields:
    from hegui.readers.apk.manifest import manifest_facts

    _require_apk(reading.container)
    return manifest_facts(reading.container)


def _signature(reading: Reading) -> Fields:
    from hegui.readers.apk.signature import signature_facts

    return signature_facts(reading.container, reading.level("min_sdk"), reading.level("target_sdk"))


def _native_libraries(reading: Reading) -> Fields:
    """Files the installer takes as native code: those directly in lib/ABI/ that end in .so."""
    found = []
    for name, entry in reading.container.by_name.items():
        if match := _NATIVE.fullmatch(name):
            found.append(NativeLibrary(match[1], match[2], entry.size, name))
    return {"native_libs": sorted(found, key=lambda library: (library.abi, library.name))}


def _dex_headers(reading: Reading) -> Fields | Partial:
    container = reading.container
    names = sorted((name for name in container.by_name if _DEX.fullmatch(name)), key=_dex_number)
    found, faults = [], []
    for number, name in enumerate(names, start=1):
        try:
            found.append(_dex_file(container, name))
        except Malformed as error:
            faults.append(error.words.en)
        # The runtime counts up from classes.dex and stops at the first number that is missing.
        if _dex_number(name) != number:
            faults.append(f"{name} is not loaded: a lower number is missing")
    dex_files: Fields = {"dex_files": found}
    if faults and not found:
        raise Malformed(
            f"{container.path.name}：没有可读的 DEX：{faults[0]}；请重新获取文件",
            f"no readable DEX: {faults[0]}; get the file again",
        )
    return Partial(dex_files, "MALFORMED", "; ".join(faults[:5])) if faults else dex_files


def _dex_number(name: str) -> int:
    digits = name[len("classes") : -len(".dex")]
    return int(digits) if digits else 1


def _dex_file(container: Container, name: str) -> DexFile:
    """The header_item (Dalvik Executable format, "File layout"). Raises Malformed when it is not one."""
    head = container.head(name, _DEX_HEADER.size)
    entry = container.by_name[name]
    if len(head) < _DEX_HEADER.size:
        raise _bad_dex(container, name, f"its header ends after {len(head)} of {_DEX_HEADER.size} bytes")
    magic, _, _, *words = _DEX_HEADER.unpack(head)
    size, header_size, endian = words[:3]
    version = magic[4:7].decode("latin-1")
    if magic[:4] != b"dex\n" or magic[7] != 0 or version not in _DEX_VERSIONS:
        raise _bad_dex(container, name, f"starts with {magic!r}, not with a magic of version {_DEX_VERSIONS}")
    if endian != _LITTLE_ENDIAN or header_size < _DEX_HEADER.size or size > entry.size:
        raise _bad_dex(
            container, name, f"endian tag {endian:#x}, header size {header_size}, file size {size} do not fit"
        )
    # Pairs of count and offset, and the size of one item: string, type, proto, field and method ids, class definitions.
    counts, offsets = words[6:18:2], words[7:18:2]
    for count, offset, item in zip(counts, offsets, (4, 4, 12, 8, 8, 32), strict=True):
        if count and offset + count * item > entry.size:
            raise _bad_dex(container, name, f"a table of {count} items at {offset} runs past its {entry.size} bytes")
    return DexFile(name, version, size, classes=counts[5], methods=counts[4], strings=counts[0])


def _bad_dex(container: Container, name: str, why: str) -> Malformed:
    return Malformed(
        f"{container.path.name}：{name} 的 DEX 头无效：{why}；请重新获取文件",
        f"{name}: no valid DEX header: {why}; get the file again",
    )


def _require_apk(container: Container) -> None:
    """Raise NotSupported with what the archive is when it is not an APK."""
    if container.has(MANIFEST) and not container.has("classes.jar"):
        head = container.head(MANIFEST, 64)
        if not head:
            raise Malformed(
                f"{container.path.name}：{MANIFEST} 为空（0 字节），无法判断；请重新获取安装包",
                f"{container.path.name}: {MANIFEST} is empty (0 bytes): nothing to judge; get the package again",
            )
        if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return
        zh, en = "含源代码形式（文本）清单的压缩包", "an archive with a manifest in source (text) form"
    else:
        zh, en = _what_archive(container)
    raise NotSupported(
        f"{container.path.name}：是 ZIP，但不是 APK（看来是{zh}），尚不支持；请给出 .apk 文件",
        f"{container.path.name}: a ZIP but not an APK (it looks to be {en}), not supported yet; name an .apk file",
    )


def _what_archive(container: Container) -> tuple[str, str]:
    names = container.by_name
    suffixes = {name.rpartition(".")[2].lower() for name in names if "/" not in name}
    tops = {name.partition("/")[0] for name in names if "/" in name}
    kinds: tuple[tuple[bool, str, str], ...] = (
        ("BundleConfig.pb" in names, "Android App Bundle（.aab）", "an Android App Bundle (.aab)"),
        ("classes.jar" in names, "Android 库（.aar）", "an Android library (.aar)"),
        ("toc.pb" in names, "分包集合（.apks）", "a set of split packages (.apks)"),
        ("apk" in suffixes, "分包集合（.xapk/.apks/.apkm）", "a set of split packages (.xapk, .apks, .apkm)"),
        ("Payload" in tops, "iOS 应用（.ipa）", "an iOS app (.ipa)"),
        ("hap" in suffixes, "HarmonyOS 应用包（.app）", "a HarmonyOS app pack (.app)"),
        (not names.keys().isdisjoint({"module.json", "pack.info"}), "HarmonyOS 应用（.hap）", "a HarmonyOS app (.hap)"),
        ("apex_manifest.pb" in names, "Android 系统模块（.apex）", "an Android system module (.apex)"),
        ("[Content_Types].xml" in names, "Office 文档", "an Office document"),
        (any(name.endswith(".class") for name in names), "Java 库（.jar）", "a Java library (.jar)"),
        (not names, "空压缩包", "an empty archive"),
    )
    for is_it, zh, en in kinds:
        if is_it:
            return zh, en
    return f"没有 {MANIFEST} 的普通压缩包", f"a plain archive without {MANIFEST}"


STAGES: tuple[Step, ...] = (
    Step("container", _container, ("entries", "odd_entries")),
    Step("manifest", _manifest, _MANIFEST_FIELDS, needs=("container",)),
    Step("signature", _signature, ("signers", "sig_schemes", "signature"), needs=("container",)),
    Step("native_libraries", _native_libraries, ("native_libs",), needs=("container",)),
    Step("dex_headers", _dex_headers, ("dex_files",), needs=("container",)),
)
