"""Split sets and bundles built by code: APKs of a few files, signed, and the messages of protocol buffers.

The message writer is of the wire format's documentation alone and shares nothing with the reader. Field numbers: AOSP's
Resources.proto and Configuration.proto, bundletool's commands.proto.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Any

from hegui.readers.apk.manifest_names import ATTR
from tests.readers.apk import make_signed
from tests.readers.apk.make_axml import ANDROID, Config, Ref, Table, compile_table, compile_xml
from tests.readers.apk.make_signed import Key, key, pack
from tests.readers.apk.make_zip import dex

PACKAGE = "com.example.lantern"
USES_SDK = '<uses-sdk android:minSdkVersion="26" android:targetSdkVersion="34"/>'


def manifest(inside: str = "", *, root: str = "", sdk: str = USES_SDK, package: str = PACKAGE, version: int = 7) -> str:
    return (
        f'<manifest xmlns:android="{ANDROID}" xmlns:dist="http://schemas.android.com/apk/distribution" '
        f'package="{package}" android:versionCode="{version}" {root}>{sdk}{inside}</manifest>'
    )


def asks(*names: str) -> str:
    return "".join(f'<uses-permission android:name="android.permission.{name}"/>' for name in names)


def apk(
    inside: str = "<application/>",
    *,
    root: str = "",
    files: Mapping[str, bytes] | None = None,
    table: Table | None = None,
    by: Key | None = None,
    signed: bool = True,
    **more: Any,
) -> bytes:
    """An APK signed with v2 by one key unless told otherwise."""
    held = {"AndroidManifest.xml": compile_xml(manifest(inside, root=root, **more))}
    if table is not None:
        held["resources.arsc"] = compile_table(table)
    plain = pack(held | dict(files or {}))
    return make_signed.with_v2(plain, by or key()) if signed else plain


CODE = {"classes.dex": dex(classes=2)}
LIBRARY = {"lib/arm64-v8a/liblantern.so": b"\x7fELF" + bytes(60)}
NEEDS_SPLITS = 'android:isSplitRequired="true" android:requiredSplitTypes="base__abi" android:splitTypes=""'
ABI = 'split="config.arm64_v8a" configForSplit="" android:splitTypes="base__abi"'
ACTIVITY = '<application><activity android:name=".Main" android:exported="true"/></application>'
FEATURE = 'split="camera" android:isFeatureSplit="true"'
IN_FEATURE = asks("CAMERA") + '<application><activity android:name=".Shoot"/></application>'


def base(inside: str = "", *, root: str = NEEDS_SPLITS) -> bytes:
    return apk(asks("INTERNET") + inside + ACTIVITY, root=root, files=CODE)


def abi_split() -> bytes:
    return apk(root=ABI, files=LIBRARY)


def feature() -> bytes:
    return apk(IN_FEATURE, root=FEATURE, files=CODE)


def whole() -> dict[str, bytes]:
    """A set with all it needs."""
    return {
        "base.apk": base(),
        "split_config.arm64_v8a.apk": abi_split(),
        "split_camera.apk": feature(),
    }


# --- protocol buffers -------------------------------------------------------------------------------------------------


def varint(number: int) -> bytes:
    number &= 0xFFFFFFFFFFFFFFFF
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def field(number: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    raw = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(raw)) + raw


def item(value: str | bool | int | Ref) -> bytes:
    match value:
        case bool():
            return field(7, field(8, int(value)))
        case int():
            return field(7, field(6, value))
        case Ref():
            return field(1, field(2, value.id))
        case str():
            return field(2, field(1, value))


def proto_xml(text: str) -> bytes:
    """An XmlNode of an XML text; values are typed as make_axml types them."""
    return _node(ET.fromstring(text))  # noqa: S314


def _node(element: ET.Element) -> bytes:
    out = field(3, element.tag.rpartition("}")[2])
    for name, value in element.attrib.items():
        out += field(4, _attribute(name, value))
    if element.text and element.text.strip():
        out += field(5, field(2, element.text))
    for child in element:
        out += field(5, _node(child))
    return field(1, out)


def _attribute(name: str, value: str) -> bytes:
    namespace, _, local = name[1:].rpartition("}") if name.startswith("{") else ("", "", name)
    out = field(1, namespace) + field(2, local) if namespace else field(2, local)
    out += field(3, value)
    if namespace == ANDROID and local in ATTR:
        out += field(5, ATTR[local])
    if value in ("true", "false"):
        out += field(6, item(value == "true"))
    elif re.fullmatch(r"-?\d{1,10}", value):
        out += field(6, item(int(value)))
    elif re.fullmatch(r"@0x[0-9a-f]{8}", value):
        out += field(6, item(Ref(int(value[1:], 16))))
    return out


def proto_table(table: Table) -> bytes:
    """A ResourceTable."""
    out = b""
    for package in sorted({each >> 24 for each in table}):
        types = b""
        for kind in sorted({each >> 16 & 0xFF for each in table if each >> 24 == package}):
            entries = b""
            for each, held in table.items():
                if each >> 16 == package << 8 | kind:
                    values = b"".join(
                        field(6, field(1, _config(config)) + field(2, field(4, item(value))))
                        for config, value in held.items()
                    )
                    number = each & 0xFFFF
                    entries += field(3, field(1, field(1, number) if number else b"") + field(2, "name") + values)
            types += field(3, field(1, field(1, kind)) + field(2, "string") + entries)
        out += field(2, field(1, field(1, package)) + field(2, PACKAGE) + types)
    return out


def _config(config: Config) -> bytes:
    locale = "-".join(part for part in (config.language, config.script, config.region) if part)
    out = field(3, locale) if locale else b""
    if config.density:
        out += field(18, config.density)
    return out + (field(24, config.sdk) if config.sdk else b"")


def bundle(modules: Mapping[str, Mapping[str, bytes]], *, by: Key | None = None) -> bytes:
    """An .aab: the files of each module, and a JAR signature when a key is given."""
    files = {"BundleConfig.pb": field(1, field(2, "1.15.6"))}
    for module, held in modules.items():
        files |= {f"{module}/{name}": content for name, content in held.items()}
    return make_signed.with_v1(files, by) if by else pack(files)


def toc(*variants: tuple[int, Mapping[str, int]], slices: Mapping[str, int] | None = None) -> bytes:
    """A BuildApksResult: per variant its number, and per path the field its metadata stands in (3 split, 4 standalone)."""

    def described(apks: Mapping[str, int]) -> bytes:
        return b"".join(field(2, field(2, path) + field(kind, field(1, ""))) for path, kind in apks.items())

    out = b"".join(field(1, field(2, described(apks)) + (field(3, n) if n else b"")) for n, apks in variants)
    out += field(3, described(slices)) if slices else b""
    return out + field(4, PACKAGE)
