"""App Bundles: modules with manifests and resources in protocol buffers."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hegui.facts.package import DomainRule, NativeLibrary, NetworkSecurity, Package
from hegui.facts.unread import Unread
from hegui.readers.apk.arsc import ResourceTable, Value
from hegui.readers.apk.axml import Attribute, Element, read_xml
from hegui.readers.apk.container import Container
from hegui.readers.apk.manifest import manifest_facts
from hegui.readers.bundle.proto_table import ProtoTable
from hegui.readers.bundle.proto_values import item_value
from hegui.readers.bundle.proto_xml import read_proto_xml
from hegui.readers.bundle.protobuf import BadMessage, Message
from hegui.readers.errors import LimitReached, Malformed, ReadError
from hegui.readers.package import read_package
from tests.readers.apk.make_axml import Config, Ref, Table, compile_xml
from tests.readers.apk.make_signed import key, pack
from tests.readers.apk.make_zip import dex
from tests.readers.bundle.make_bundle import (
    PACKAGE,
    apk,
    asks,
    bundle,
    field,
    item,
    manifest,
    proto_table,
    proto_xml,
    varint,
)
from tests.readers.bundle.test_sets import read, states, verdict

LABEL, SECURITY, TITLE = 0x7F010000, 0x7F030000, 0x7E010000
TABLE: Table = {
    LABEL: {Config(): "Lantern", Config("zh", "CN"): "灯笼", Config("zh", "CN", density=480): "大灯笼"},
    SECURITY: {Config(): "res/xml/security.xml"},
}
IN_BASE = (
    asks("INTERNET")
    + '<application android:label="@0x7f010000" android:networkSecurityConfig="@0x7f030000" android:allowBackup="false">'
    '<activity android:name=".Main" android:exported="true"><intent-filter>'
    '<action android:name="android.intent.action.MAIN"/></intent-filter></activity></application>'
)
IN_CAMERA = (
    '<dist:module dist:title="@0x7e010000"><dist:delivery><dist:on-demand/></dist:delivery></dist:module>'
    + asks("CAMERA")
    + '<application><service android:name=".Shoot" android:label="@0x7e010000"/></application>'
)
BASE = {
    "manifest/AndroidManifest.xml": proto_xml(manifest(IN_BASE)),
    "resources.pb": proto_table(TABLE),
    "res/xml/security.xml": proto_xml(
        '<network-security-config><domain-config cleartextTrafficPermitted="true"><domain>example.com</domain>'
        "</domain-config></network-security-config>"
    ),
    "dex/classes.dex": dex(classes=2),
    "dex/classes2.dex": dex(classes=1),
    "lib/arm64-v8a/liblantern.so": b"\x7fELF" + bytes(60),
    "root/META-INF/services/a": b"b",
}
CAMERA = {
    "manifest/AndroidManifest.xml": proto_xml(manifest(IN_CAMERA, root='split="camera" android:isFeatureSplit="true"')),
    "resources.pb": proto_table({TITLE: {Config(): "Shutter"}}),
    "dex/classes.dex": dex(classes=1),
}


def package(path: Path) -> Package:
    pkg = read_package(path).pkg
    assert isinstance(pkg, Package)
    return pkg


def test_a_bundle_is_one_app_of_its_modules(tmp_path: Path) -> None:
    facts, pkg = read(tmp_path / "app.zip", bundle({"base": BASE, "camera": CAMERA}, by=key("rsa")))
    assert states(facts) == {}
    assert (pkg.name, pkg.platform, pkg.parts, pkg.splits) == (PACKAGE, "android", ("base", "camera"), ())
    assert (pkg.min_sdk, pkg.target_sdk, pkg.version_code, pkg.label) == (26, 34, 7, "灯笼")
    assert (pkg.allow_backup, pkg.debuggable) == (False, False)
    assert pkg.network_security.rules[1] == DomainRule(("example.com",), True, False)
    assert pkg.network_security.at == "base/res/xml/security.xml@0x0000"
    assert {one.name: one.at.partition("@")[0] for one in pkg.permissions} == {
        "android.permission.INTERNET": "base/manifest/AndroidManifest.xml",
        "android.permission.CAMERA": "camera/manifest/AndroidManifest.xml",
    }
    assert pkg.permissions[1].why_origin == "仅由模块 camera 的清单申请"
    main, shoot = pkg.components
    assert (main.kind, main.exported, main.actions) == ("activity", True, ("android.intent.action.MAIN",))
    assert (shoot.name, shoot.label) == (f"{PACKAGE}.Shoot", "Shutter")
    assert [(one.name, one.classes) for one in pkg.dex_files] == [
        ("base/dex/classes.dex", 2),
        ("base/dex/classes2.dex", 1),
        ("camera/dex/classes.dex", 1),
    ]
    library = NativeLibrary("arm64-v8a", "liblantern.so", 64, "base/lib/arm64-v8a/liblantern.so")
    assert pkg.flags.native_libs == (library,)
    assert verdict(facts)[0] == "compliant"


def test_an_element_is_found_at_its_place(tmp_path: Path) -> None:
    _, pkg = read(tmp_path / "app.aab", bundle({"base": BASE}))
    name, _, offset = pkg.permissions[0].at.partition("@")
    assert name == "base/manifest/AndroidManifest.xml"
    content = BASE["manifest/AndroidManifest.xml"]
    assert b"android.permission.INTERNET" in content[int(offset, 16) :][:200]
    # The field of an XmlNode that holds an element has number 1 and is of bytes.
    assert content[int(offset, 16)] == 0x0A


def test_the_same_manifest_gives_the_same_facts_in_either_form(tmp_path: Path) -> None:
    plain = IN_BASE.replace('android:networkSecurityConfig="@0x7f030000" ', "")
    _, one = read(tmp_path / "app.apk", apk(plain, table=TABLE))
    held = {"manifest/AndroidManifest.xml": proto_xml(manifest(plain)), "resources.pb": proto_table(TABLE)}
    _, other = read(tmp_path / "app.aab", bundle({"base": held}))
    for name in ("name", "version_code", "min_sdk", "target_sdk", "label", "labels", "allow_backup", "features"):
        assert getattr(one, name) == getattr(other, name), name
    assert [(each.name, each.group) for each in one.permissions] == [
        (each.name, each.group) for each in other.permissions
    ]
    assert [(each.name, each.exported, each.filters) for each in one.components] == [
        (each.name, each.exported, each.filters) for each in other.components
    ]


def test_the_signature_of_a_bundle_is_that_of_a_jar(tmp_path: Path) -> None:
    signed = bundle({"base": BASE}, by=key("rsa"))
    facts, pkg = read(tmp_path / "app.aab", signed)
    assert (pkg.signature.state, pkg.sig_schemes) == ("verified", ("jar",))
    assert [one.schemes for one in pkg.signers] == [("jar",)]
    assert "UPLOAD_KEY" in {one.code for one in pkg.signature.warnings}
    # No device sees a bundle, so that it has no newer scheme is nothing against it.
    assert verdict(facts, "app-2021:9.5.4")[0] not in ("risk", "violation")


def test_a_bundle_changed_after_signing_is_broken_and_an_unsigned_one_says_nothing_of_the_app(tmp_path: Path) -> None:
    changed = bytearray(bundle({"base": BASE}, by=key("rsa")))
    changed[changed.index(b"\x7fELF") + 10] ^= 1
    _, pkg = read(tmp_path / "changed.aab", bytes(changed))
    assert pkg.signature.state == "broken"
    assert next((one.scheme, one.code, one.at) for one in pkg.signature.faults) == (
        "jar",
        "ENTRY_CHANGED",
        "base/lib/arm64-v8a/liblantern.so",
    )
    facts, pkg = read(tmp_path / "unsigned.aab", bundle({"base": BASE}))
    assert isinstance(pkg.signature, Unread)
    assert verdict(facts, "app-2021:9.5.4")[0] == "undetermined"


def test_a_damaged_module_leaves_the_base(tmp_path: Path) -> None:
    bad = CAMERA | {"manifest/AndroidManifest.xml": b"\xff\xff\xff"}
    facts, pkg = read(tmp_path / "app.aab", bundle({"base": BASE, "camera": bad}))
    assert states(facts) == {"manifest": ("partial", "MALFORMED")}
    assert pkg.splits == ("camera (cannot be read)",)
    assert [one.name for one in pkg.permissions] == ["android.permission.INTERNET"]
    assert verdict(facts)[0] == "undetermined"


def test_a_module_that_another_needs_and_that_is_not_there_is_missing(tmp_path: Path) -> None:
    needs = proto_xml(manifest('<uses-split android:name="lens"/>', root='split="camera"'))
    modules = {"base": BASE, "camera": CAMERA | {"manifest/AndroidManifest.xml": needs}}
    assert read(tmp_path / "app.aab", bundle(modules))[1].splits == ("lens",)
    lens = {"manifest/AndroidManifest.xml": proto_xml(manifest(root='split="lens"'))}
    assert read(tmp_path / "app.aab", bundle(modules | {"lens": lens}))[1].splits == ()


@pytest.mark.parametrize(
    ("modules", "says"),
    [
        ({"camera": CAMERA}, "no base/manifest/AndroidManifest.xml"),
        ({"base": {"manifest/AndroidManifest.xml": b""}}, "0 bytes"),
        ({"base": {"manifest/AndroidManifest.xml": compile_xml(manifest())}}, "no XML in protocol buffers"),
    ],
    ids=["without a base", "with an empty manifest", "with a manifest in the form of an APK"],
)
def test_a_bundle_is_refused_in_one_line(tmp_path: Path, modules: dict[str, dict[str, bytes]], says: str) -> None:
    with pytest.raises(Malformed) as raised:
        read(tmp_path / "app.aab", bundle(modules))
    assert says in raised.value.words.en
    assert "\n" not in str(raised.value)


def test_an_apk_that_holds_a_bundle_configuration_stays_an_apk(tmp_path: Path) -> None:
    path = tmp_path / "app.aab"
    path.write_bytes(pack({"AndroidManifest.xml": compile_xml(manifest()), "BundleConfig.pb": b""}))
    assert package(path).parts == ()


# --- values -----------------------------------------------------------------------------------------------------------

# An Item, and its type, data and text as Res_value has them.
ITEMS: dict[str, tuple[bytes, tuple[int, int, str | None] | None]] = {
    "a number": (item(7), (0x10, 7, None)),
    "a negative number": (item(-1), (0x10, 0xFFFFFFFF, None)),
    "a hexadecimal number": (field(7, field(7, 0xFF)), (0x11, 0xFF, None)),
    "true": (item(True), (0x12, 0xFFFFFFFF, None)),
    "false": (item(False), (0x12, 0, None)),
    "a string": (item("a"), (0x03, 0, "a")),
    "a raw string": (field(3, field(1, "b")), (0x03, 0, "b")),
    "a styled string": (field(4, field(1, "c") + field(2, field(1, "b"))), (0x03, 0, "c")),
    "a file": (field(5, field(1, "res/a.xml")), (0x03, 0, "res/a.xml")),
    "a reference": (item(Ref(LABEL)), (0x01, LABEL, None)),
    "a theme attribute": (field(1, field(1, 1) + field(2, LABEL)), (0x02, LABEL, None)),
    "a dynamic reference": (field(1, field(2, LABEL) + field(5, field(1, 1))), (0x07, LABEL, None)),
    "nothing": (field(7, field(1, b"")), (0x00, 0, None)),
    "empty": (field(7, field(2, b"")), (0x00, 1, None)),
    "a colour": (field(7, field(9, 0xFF00FF00)), (0x1C, 0xFF00FF00, None)),
    "a float": (field(7, varint(3 << 3 | 5) + b"\0\0\x80\x3f"), (0x04, 0x3F800000, None)),
    "a dimension": (field(7, field(13, 0x1001)), (0x05, 0x1001, None)),
    "an id": (field(6, b""), None),
    "no value": (b"", None),
    "a primitive without value": (field(7, b""), None),
    "a value with a flag": (item(7) + field(8, 1) + field(10, "com.example.flag"), (0x10, 7, None)),
}


@pytest.mark.parametrize("what", ITEMS)
def test_an_item_is_a_value(what: str) -> None:
    content, expected = ITEMS[what]
    found = item_value(Message(memoryview(content)))
    assert (None if found is None else tuple(found)) == expected


def test_a_table_gives_values_and_follows_references() -> None:
    alias = 0x7F010001
    table = ProtoTable(proto_table({**TABLE, alias: {Config(): Ref(LABEL)}}))
    assert [(value.config.locale, value.config.other, value.string) for value in table.resolve(alias)] == [
        ("", False, "Lantern"),
        ("zh-CN", False, "灯笼"),
        ("zh-CN", True, "大灯笼"),
    ]
    assert table.values(0x7F010005) == []
    assert table.values(0x7F090000) == []
    circle = ProtoTable(proto_table({LABEL: {Config(): Ref(alias)}, alias: {Config(): Ref(LABEL)}}))
    assert len(circle.resolve(LABEL)) < 3000


def test_what_a_compound_value_holds_is_left_out() -> None:
    entry = field(3, field(1, b"") + field(6, field(2, field(5, field(4, b"")))))
    table = ProtoTable(field(2, field(1, field(1, 0x7F)) + field(3, field(1, field(1, 1)) + entry)))
    assert table.values(LABEL) == []


# --- what is no message -----------------------------------------------------------------------------------------------

BAD_MESSAGES = {
    "a number without end": b"\x08" + b"\xff" * 11,
    "a number cut off": b"\x08\xff",
    "a field that ends behind the message": b"\x0a\x05ab",
    "a fixed field cut off": b"\x0d\0\0",
    "a group": b"\x0b",
    "field number 0": b"\x00\x00",
}


@pytest.mark.parametrize("what", BAD_MESSAGES)
def test_bytes_that_are_no_message_are_refused(what: str) -> None:
    with pytest.raises(BadMessage):
        list(Message(memoryview(BAD_MESSAGES[what])))
    with pytest.raises(Malformed):
        read_proto_xml(BAD_MESSAGES[what], "a.xml")
    with pytest.raises(Malformed):
        ProtoTable(BAD_MESSAGES[what])


def test_a_number_where_a_message_belongs_is_refused() -> None:
    with pytest.raises(Malformed, match="no message"):
        read_proto_xml(field(1, 5), "a.xml")


def test_text_alone_is_no_xml() -> None:
    with pytest.raises(Malformed, match="no element"):
        read_proto_xml(field(2, "text"), "a.xml")


def test_elements_nested_beyond_bounds_are_refused() -> None:
    node = field(1, field(3, "a"))
    for _ in range(1200):
        node = field(1, field(3, "a") + field(5, node))
    with pytest.raises(LimitReached):
        read_proto_xml(node, "a.xml")


def test_the_tree_is_that_of_compiled_xml() -> None:
    text = manifest(IN_BASE)

    def shape(element: Element) -> object:
        return (
            element.name,
            [(each.id, each.namespace, each.name, each.type) for each in element.attributes],
            [shape(child) for child in element.children],
        )

    one, other = read_proto_xml(proto_xml(text), "a"), read_xml(compile_xml(text))
    assert shape(one.root) == shape(other.root)
    assert (one.mapped, one.complete, one.faults) == (True, True, ())


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 1 << 16), st.integers(0, 255))
def test_damaged_messages_give_something_or_a_read_error(noise: bytes, at: int, byte: int) -> None:
    xml, table = (BASE[name] for name in ("manifest/AndroidManifest.xml", "resources.pb"))
    for content in (changed(xml, at, byte), noise, field(1, noise)):
        with suppress(ReadError):
            read_proto_xml(content, "a.xml")
    for content in (changed(table, at, byte), noise, field(2, noise)):
        with suppress(ReadError):
            made = ProtoTable(content)
            for resource in (LABEL, SECURITY, 0):
                made.resolve(resource)


def changed(content: bytes, at: int, byte: int) -> bytes:
    at %= len(content)
    return content[:at] + bytes([byte]) + content[at + 1 :]


# --- real packages, written as a bundle -------------------------------------------------------------------------------


def test_real_manifests_give_the_same_facts_when_written_as_a_bundle(materials: Path, tmp_path: Path) -> None:
    compared = 0
    for path in sorted((materials / "apk").rglob("*.apk")):
        with Container.open(path) as container:
            # What the platform would not install need not survive being written anew.
            tree = read_xml(container.read("AndroidManifest.xml"))
            if tree.faults or not tree.mapped:
                continue
            table = container.read("resources.arsc") if container.has("resources.arsc") else None
            held = {"manifest/AndroidManifest.xml": as_proto(tree.root)}
            if table is not None:
                held["resources.pb"] = as_proto_table(tree.root, ResourceTable(table))
            expected = manifest_facts(container)
        if isinstance(expected["network_security"], NetworkSecurity):
            continue
        _, pkg = read(tmp_path / "app.aab", bundle({"base": held}))
        compared += 1
        for name in ("permissions", "components", "declared_permissions", "queries"):
            assert without_places(getattr(pkg, name)) == without_places(expected[name]), (path.name, name)
        for name in ("name", "version_code", "version_name", "min_sdk", "target_sdk", "label", "labels", "features"):
            assert getattr(pkg, name) == expected[name], (path.name, name)
        for name in ("debuggable", "allow_backup", "meta_data", "application", "shared_user_id"):
            assert getattr(pkg, name) == expected[name], (path.name, name)
    assert compared > 20


def as_proto(element: Element) -> bytes:
    """A compiled element as an XmlNode."""
    out = field(3, element.name)
    for each in element.attributes:
        made = (field(1, each.namespace) if each.namespace else b"") + field(2, each.name)
        made += field(3, each.raw if each.raw is not None else each.string or "")
        made += field(5, each.id) if each.id else b""
        out += field(4, made + (field(6, as_item(each)) if each.type != 0x03 else b""))
    return field(1, out + b"".join(field(5, as_proto(child)) for child in element.children))


def as_item(value: Attribute | Value) -> bytes:
    match value.type:
        case 0x01 | 0x02 | 0x07:
            dynamic = field(5, field(1, 1)) if value.type == 0x07 else b""
            return field(1, field(1, int(value.type == 0x02)) + field(2, value.data) + dynamic)
        case 0x03:
            return field(2, field(1, value.string or ""))
        case 0x11:
            return field(7, field(7, value.data))
        case 0x12:
            return field(7, field(8, int(value.data != 0)))
        case 0x00:
            return field(7, field(1, b""))
        case 0x04:
            return field(7, varint(3 << 3 | 5) + value.data.to_bytes(4, "little"))
        case kind if 0x1C <= kind <= 0x1F:
            return field(7, field(kind - 0x1C + 9, value.data))
        case 0x05:
            return field(7, field(13, value.data))
    return field(7, field(6, value.data - (1 << 32) if value.data >> 31 else value.data))


def as_proto_table(root: Element, table: ResourceTable) -> bytes:
    """The resources a manifest refers to, and what those refer to."""
    todo = [each for each in attributes(root) if each.type in (0x01, 0x07)]
    wanted = [each.data for each in todo]
    held: dict[int, list[Value]] = {}
    while wanted:
        resource = wanted.pop()
        if resource not in held:
            held[resource] = table.values(resource)
            wanted += [value.data for value in held[resource] if value.type in (0x01, 0x07)]
    out = b""
    for resource, values in held.items():
        entry = field(1, field(1, resource & 0xFFFF))
        for value in values:
            config = field(3, value.config.locale) + field(24, value.config.sdk)
            config += field(18, 480) if value.config.other else b""
            entry += field(6, field(1, config) + field(2, field(4, as_item(value))))
        kind = field(1, field(1, resource >> 16 & 0xFF)) + field(3, entry)
        out += field(2, field(1, field(1, resource >> 24)) + field(3, kind))
    return out


def attributes(element: Element) -> Iterator[Attribute]:
    yield from element.attributes
    for child in element.children:
        yield from attributes(child)


def without_places(part: Any) -> Any:
    if isinstance(part, tuple):
        return tuple(without_places(each) for each in part)
    return replace(part, at="") if is_dataclass(part) and not isinstance(part, type) and hasattr(part, "at") else part
