"""What a manifest says of the installed app, by the platform's rules."""

from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hegui.facts.package import Component, DomainRule, Package, Permission
from hegui.facts.unread import Unread
from hegui.readers.apk.axml import read_xml
from hegui.readers.apk.container import Container
from hegui.readers.apk.manifest import manifest_facts
from hegui.readers.errors import Malformed, ReadError
from tests.readers.apk.make_axml import Config, Faults, Table, compile_table, compile_xml

APP_NAME, AUTHORITY, FLAG, SECURITY = 0x7F010000, 0x7F010001, 0x7F020000, 0x7F030000
TABLE: Table = {
    APP_NAME: {Config(): "Lantern", Config("zh", "CN"): "灯笼", Config("zh", "TW"): "燈籠", Config("de"): "Laterne"},
    AUTHORITY: {Config(): "com.example.files"},
    FLAG: {Config(): True, Config(sdk=23): False},
    SECURITY: {Config(): "res/xml/security.xml"},
}


class Files:
    """A package as a dict of files."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def has(self, name: str) -> bool:
        return name in self.files

    def read(self, name: str, limit: int | None = None) -> bytes:
        return self.files[name]


def facts(
    inside: str = "",
    *,
    root: str = "",
    sdk: str = '<uses-sdk android:minSdkVersion="21" android:targetSdkVersion="33"/>',
    faults: Faults | None = None,
    table: Table | None = None,
    **files: str,
) -> dict[str, Any]:
    """The facts of a manifest with this inside <manifest>, and of other files given as name=XML text."""
    text = (
        '<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="com.example" '
        f"{root}>{sdk}{inside}</manifest>"
    )
    made = {"AndroidManifest.xml": compile_xml(text, faults), "resources.arsc": compile_table(table or TABLE)}
    made |= {f"res/xml/{name}.xml": compile_xml(xml) for name, xml in files.items()}
    return manifest_facts(Files(made))


def application(inside: str = "", attributes: str = "", **more: Any) -> dict[str, Any]:
    return facts(f"<application {attributes}>{inside}</application>", **more)


def component(text: str, attributes: str = "", **more: Any) -> Component:
    found: tuple[Component, ...] = application(text, attributes, **more)["components"]
    return found[-1]


def asked(text: str, target: int = 33) -> dict[str, Permission]:
    sdk = f'<uses-sdk android:minSdkVersion="1" android:targetSdkVersion="{target}"/>'
    return {each.name.removeprefix("android.permission."): each for each in facts(text, sdk=sdk)["permissions"]}


def uses(name: str, more: str = "", tag: str = "uses-permission") -> str:
    full = name if "." in name else f"android.permission.{name}"
    return f'<{tag} android:name="{full}" {more}/>'


def problems(found: dict[str, Any]) -> list[str]:
    return [entry.problem for entry in found["odd_entries"]]


def test_every_fact_is_a_field_of_the_package() -> None:
    assert facts().keys() <= {field.name for field in fields(Package)}


# --- the package ---


def test_the_head_of_a_manifest() -> None:
    found = facts(
        root='android:versionName="1.2" android:versionCode="7" android:versionCodeMajor="2" '
        'android:compileSdkVersion="34" android:sharedUserId="com.example.shared"'
    )
    assert found["name"] == "com.example"
    assert found["version_name"] == "1.2"
    assert found["version_code"] == (2 << 32) + 7
    assert found["compile_sdk"] == 34
    assert found["shared_user_id"] == "com.example.shared"
    assert found["manifest_at"].startswith("AndroidManifest.xml@0x")


# What is written, and the effective minimum, target, and whether a target is written.
LEVELS = {
    "both are written": ('android:minSdkVersion="21" android:targetSdkVersion="33"', (21, 33, True)),
    "a missing target is the minimum": ('android:minSdkVersion="21"', (21, 21, False)),
    "a missing minimum is 1": ('android:targetSdkVersion="33"', (1, 33, True)),
    "a code name stands for its level": (
        'android:minSdkVersion="21" android:targetSdkVersion="Tiramisu"',
        (21, 33, True),
    ),
    "a code name with a fingerprint too": ('android:targetSdkVersion="S.abc123"', (1, 31, True)),
    "a code name nobody knows is the development level": ('android:targetSdkVersion="Zabaglione"', (1, 10000, True)),
}


@pytest.mark.parametrize("case", LEVELS)
def test_levels(case: str) -> None:
    written, expected = LEVELS[case]
    found = facts(sdk=f"<uses-sdk {written}/>")
    assert (found["min_sdk"], found["target_sdk"], found["target_sdk_written"]) == expected


def test_without_uses_sdk_all_is_1() -> None:
    found = facts(sdk="")
    assert (found["min_sdk"], found["target_sdk"], found["target_sdk_written"], found["max_sdk"]) == (1, 1, False, None)


def test_the_label_is_chinese_first() -> None:
    found = application(attributes='android:label="@0x7f010000"')
    assert found["label"] == "灯笼"
    assert found["labels"] == {"default": "Lantern", "zh-CN": "灯笼", "zh-TW": "燈籠"}


def test_a_label_for_taiwan_alone_is_not_shown_on_a_phone_of_the_mainland() -> None:
    table: Table = {APP_NAME: {Config(): "Lantern", Config("zh", "TW"): "燈籠"}}
    assert application(attributes='android:label="@0x7f010000"', table=table)["label"] == "Lantern"


def test_a_label_that_cannot_be_resolved_is_kept_as_a_reference() -> None:
    assert application(attributes='android:label="@0x7f010009"')["label"] == "@0x7f010009"


def test_without_a_label_the_launcher_activity_gives_it() -> None:
    found = application(
        '<activity android:name=".A" android:label="Quiet"/><activity android:name=".B" android:label="Shown">'
        '<intent-filter><action android:name="android.intent.action.MAIN"/>'
        '<category android:name="android.intent.category.LAUNCHER"/></intent-filter></activity>'
    )
    assert found["label"] == "Shown"
    assert found["labels"] == {}


def test_a_version_name_may_be_a_resource() -> None:
    assert facts(root='android:versionName="@0x7f010001"')["version_name"] == "com.example.files"


def test_a_manifest_with_two_applications_counts_the_first() -> None:
    found = facts('<application android:name=".First"/><application android:name=".Second"/>')
    assert found["application"] == "com.example.First"
    assert "MANIFEST_SECOND_APPLICATION" in problems(found)


def test_a_package_without_a_manifest_is_refused() -> None:
    with pytest.raises(Malformed):
        manifest_facts(Files({}))


def test_a_broken_table_leaves_references_and_says_so() -> None:
    text = '<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="p.q">' \
        '<application android:label="@0x7f010000"/></manifest>'  # fmt: skip
    found = manifest_facts(Files({"AndroidManifest.xml": compile_xml(text), "resources.arsc": b"no table at all"}))
    assert found["label"] == "@0x7f010000"
    assert problems(found) == ["RESOURCES_UNREAD"]


@pytest.mark.parametrize("fault", ["blank names", "another namespace", "no map"])
def test_attributes_are_found_in_a_protected_manifest(fault: str) -> None:
    faults = {
        "blank names": Faults(blank_names=True),
        "another namespace": Faults(namespace="android"),
        "no map": Faults(resource_map=False),
    }[fault]
    found = facts(uses("CAMERA"), faults=faults)
    assert [each.name for each in found["permissions"]] == ["android.permission.CAMERA"]
    assert found["target_sdk"] == 33


# --- flags of the application ---

FLAGS = {
    "nothing written, target 33": ("", 33, {"cleartext_ok": False, "allow_backup": True, "debuggable": False}),
    "nothing written, target 27": ("", 27, {"cleartext_ok": True}),
    "clear traffic is allowed": ('android:usesCleartextTraffic="true"', 33, {"cleartext_ok": True}),
    "clear traffic is forbidden": ('android:usesCleartextTraffic="false"', 27, {"cleartext_ok": False}),
    "debuggable and not backed up": (
        'android:debuggable="true" android:allowBackup="false"', 33, {"allow_backup": False, "debuggable": True},
    ),
    "a boolean that differs by level counts on a current phone": (
        'android:debuggable="@0x7f020000"', 33, {"debuggable": False},
    ),
    "backup rules are named": ('android:dataExtractionRules="@0x7f030000"', 33, {"backup_rules": True}),
    "fullBackupContent false is no file of rules": ('android:fullBackupContent="false"', 33, {"backup_rules": False}),
}  # fmt: skip


@pytest.mark.parametrize("case", FLAGS)
def test_flags(case: str) -> None:
    written, target, expected = FLAGS[case]
    found = application(attributes=written, sdk=f'<uses-sdk android:targetSdkVersion="{target}"/>')
    assert {name: found[name] for name in expected} == expected


def test_a_flag_that_cannot_be_resolved_is_unread_not_false() -> None:
    found = application(attributes='android:debuggable="@0x7f020009"')
    assert found["debuggable"] == Unread("NO_PACKAGE", "debuggable is @0x7f020009, which resources.arsc does not hold")


SECURE = """<network-security-config>
  <base-config cleartextTrafficPermitted="{base}"/>
  <domain-config cleartextTrafficPermitted="true"><domain includeSubdomains="true">Example.com</domain>
    <trust-anchors><certificates src="system"/><certificates src="user"/></trust-anchors>
    <domain-config><domain>inner.example.com</domain></domain-config></domain-config>
  <debug-overrides/>
</network-security-config>"""


def test_the_network_security_configuration_decides_alone() -> None:
    found = application(
        attributes='android:networkSecurityConfig="@0x7f030000" android:usesCleartextTraffic="true"',
        security=SECURE.format(base="false"),
    )
    assert found["cleartext_ok"] is False
    assert found["network_security"].rules == (
        DomainRule((), False, False),
        DomainRule(("example.com",), True, True),
        DomainRule(("inner.example.com",), True, True),
    )
    assert found["network_security"].debug_overrides
    assert found["network_security"].at.startswith("res/xml/security.xml@0x")


def test_an_empty_network_security_configuration_means_the_defaults_of_the_target() -> None:
    sdk = '<uses-sdk android:targetSdkVersion="23"/>'
    attributes = 'android:networkSecurityConfig="@0x7f030000" android:usesCleartextTraffic="false"'
    found = application(attributes=attributes, sdk=sdk, security="<network-security-config/>")
    assert found["cleartext_ok"] is True
    assert found["network_security"].rules == (DomainRule((), True, True),)


def test_a_network_security_configuration_that_is_missing_is_unread() -> None:
    found = application(attributes='android:networkSecurityConfig="@0x7f030000"')
    assert isinstance(found["network_security"], Unread)
    assert isinstance(found["cleartext_ok"], Unread)


# --- permissions ---


def test_a_permission_with_all_it_says() -> None:
    found = asked(uses("BLUETOOTH_SCAN", 'android:usesPermissionFlags="0x10000"') + uses("CAMERA"))
    assert found["BLUETOOTH_SCAN"].flags == ("neverForLocation",)
    camera = found["CAMERA"]
    assert (camera.group, camera.dangerous, camera.max_sdk, camera.origin) == ("camera", True, None, "manifest")
    assert camera.protection[0] == "dangerous"
    assert camera.at.startswith("AndroidManifest.xml@0x")


MERGED: dict[str, tuple[list[str | None], int | None]] = {
    "twice with limits: the higher one": (["28", "30"], 30),
    "once without a limit: no limit": (["28", None], None),
    "a limit of 0 is none": (["0"], None),
}


@pytest.mark.parametrize("case", MERGED)
def test_a_permission_written_twice_is_one(case: str) -> None:
    limits, expected = MERGED[case]
    text = "".join(uses("NFC", f'android:maxSdkVersion="{limit}"' if limit else "") for limit in limits)
    found = asked(text)
    assert found["NFC"].max_sdk == expected
    assert found["NFC"].flags == (("duplicate",) if len(limits) > 1 else ())


def test_never_for_location_holds_only_when_each_says_so() -> None:
    found = asked(uses("BLUETOOTH_SCAN", 'android:usesPermissionFlags="0x10000"') + uses("BLUETOOTH_SCAN"))
    assert found["BLUETOOTH_SCAN"].flags == ("duplicate",)


def test_permissions_from_level_23_on() -> None:
    found = asked(uses("CAMERA", tag="uses-permission-sdk-23") + uses("NFC", tag="uses-permission-sdk-m"))
    assert [found[name].flags for name in ("CAMERA", "NFC")] == [("sdk-23",), ("sdk-23",)]


def test_a_permission_inside_the_application_is_none() -> None:
    assert asked(f"<application>{uses('CAMERA')}</application>") == {}


def test_a_permission_named_by_a_resource_is_noted_and_not_asked_for() -> None:
    found = facts('<uses-permission android:name="@0x7f010001"/>')
    assert found["permissions"] == ()
    assert problems(found) == ["PERMISSION_BY_REFERENCE"]


def test_a_limit_that_is_no_number_is_none() -> None:
    assert asked(uses("NFC", 'android:maxSdkVersion="twenty"'))["NFC"].max_sdk is None


def test_a_permission_without_a_name_is_noted() -> None:
    assert "PERMISSION_NO_NAME" in problems(facts("<uses-permission/>"))


# Asked for, target, and what the platform adds.
IMPLIED = {
    "everything below target 4": ("NFC", 3, {"WRITE_EXTERNAL_STORAGE", "READ_PHONE_STATE", "READ_EXTERNAL_STORAGE",
                                             "ACCESS_MEDIA_LOCATION"}),
    "reading comes with writing, at any target": ("WRITE_EXTERNAL_STORAGE", 35, {"READ_EXTERNAL_STORAGE"}),
    "the call log came with contacts before 16": ("READ_CONTACTS", 15, {"READ_CALL_LOG"}),
    "and no longer does": ("READ_CONTACTS", 16, set()),
    "location reached into the background before 29": ("ACCESS_COARSE_LOCATION", 28, {"ACCESS_BACKGROUND_LOCATION"}),
    "fine location comes with coarse": ("ACCESS_FINE_LOCATION", 35, {"ACCESS_COARSE_LOCATION"}),
    "bluetooth was one permission before 31": ("BLUETOOTH", 30, {"BLUETOOTH_SCAN", "BLUETOOTH_CONNECT",
                                                                 "BLUETOOTH_ADVERTISE"}),
    "body sensors reached into the background before 33": ("BODY_SENSORS", 32, {"BODY_SENSORS_BACKGROUND"}),
}  # fmt: skip


@pytest.mark.parametrize("case", IMPLIED)
def test_the_platform_adds_permissions_for_old_targets(case: str) -> None:
    name, target, expected = IMPLIED[case]
    found = asked(uses(name), target)
    assert {each for each, permission in found.items() if permission.origin == "implied"} == expected
    assert all(found[each].why_origin for each in expected)


def test_what_is_written_is_not_implied() -> None:
    found = asked(uses("WRITE_EXTERNAL_STORAGE") + uses("READ_EXTERNAL_STORAGE", 'android:maxSdkVersion="32"'))
    assert (found["READ_EXTERNAL_STORAGE"].origin, found["READ_EXTERNAL_STORAGE"].max_sdk) == ("manifest", 32)


def test_an_implied_permission_ends_where_its_source_ends() -> None:
    found = asked(uses("WRITE_EXTERNAL_STORAGE", 'android:maxSdkVersion="18"'))
    assert found["READ_EXTERNAL_STORAGE"].max_sdk == 18
    # BLUETOOTH ends at 30, and its successors begin at 31.
    assert list(asked(uses("BLUETOOTH", 'android:maxSdkVersion="30"'), 30)) == ["BLUETOOTH"]


def test_who_added_a_permission_where_the_name_shows_it() -> None:
    found = asked(uses("com.example.DYNAMIC_RECEIVER_NOT_EXPORTED_PERMISSION") + uses("com.example.OWN"))
    assert found["com.example.DYNAMIC_RECEIVER_NOT_EXPORTED_PERMISSION"].origin == "androidx.core"
    assert found["com.example.OWN"].origin == "manifest"
    assert (found["com.example.OWN"].protection, found["com.example.OWN"].dangerous) == ((), False)


def test_permissions_the_package_defines() -> None:
    (found,) = facts(
        '<permission android:name="com.example.P" android:protectionLevel="0x12" android:label="@0x7f010000"/>'
    )["declared_permissions"]
    assert (found.name, found.protection, found.label) == ("com.example.P", ("signature", "privileged"), "灯笼")


# --- components ---

FILTER = '<intent-filter><action android:name="a"/></intent-filter>'
EMPTY_FILTER = "<intent-filter/>"
# Kind, attributes, inside, target, and whether other apps can reach it.
EXPORTED = {
    "an activity without a filter": ("activity", "", "", 30, False),
    "an activity with a filter": ("activity", "", FILTER, 30, True),
    "an activity whose filter names no action": ("activity", "", EMPTY_FILTER, 30, False),
    "a receiver with a filter": ("receiver", "", FILTER, 30, True),
    "a service whose filter names no action": ("service", "", EMPTY_FILTER, 30, True),
    "a filter, but written false": ("service", 'android:exported="false"', FILTER, 30, False),
    "no filter, but written true": ("receiver", 'android:exported="true"', "", 30, True),
    "a provider for target 16": ("provider", "", "", 16, True),
    "a provider for target 17": ("provider", "", "", 17, False),
    "a provider with a filter": ("provider", "", FILTER, 33, False),
}


@pytest.mark.parametrize("case", EXPORTED)
def test_exported(case: str) -> None:
    kind, written, inside, target, expected = EXPORTED[case]
    sdk = f'<uses-sdk android:targetSdkVersion="{target}"/>'
    found = component(f'<{kind} android:name=".C" {written}>{inside}</{kind}>', sdk=sdk)
    assert found.exported is expected
    assert found.exported_written is ("exported" in written)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (".A", "com.example.A"),
        ("A", "com.example.A"),
        ("org.other.A", "org.other.A"),
        (".deep.A", "com.example.deep.A"),
    ],
)
def test_names_are_completed_with_the_package(written: str, name: str) -> None:
    assert component(f'<activity android:name="{written}"/>').name == name


@pytest.mark.parametrize(
    ("own", "whole", "process"),
    [
        ("", "", None),
        ('android:process=":push"', "", "com.example:push"),
        ('android:process="org.other"', "", "org.other"),
        ("", 'android:process=":all"', "com.example:all"),
        ('android:process="com.example"', 'android:process=":all"', None),
    ],
)
def test_processes(own: str, whole: str, process: str | None) -> None:
    assert component(f'<service android:name=".S" {own}/>', whole).process == process


def test_a_component_takes_the_permission_of_the_application() -> None:
    whole = 'android:permission="com.example.P"'
    assert component('<service android:name=".S"/>', whole).permission == "com.example.P"
    assert component('<service android:name=".S" android:permission="q"/>', whole).permission == "q"
    alias = '<activity android:name=".A"/><activity-alias android:name=".B" android:targetActivity=".A"/>'
    assert component(alias, whole).permission is None


def test_a_provider_shows_what_reading_it_takes() -> None:
    found = component(
        '<provider android:name=".P" android:authorities="a; @b;a" android:permission="p" android:readPermission="r"/>'
    )
    assert (found.permission, found.authorities) == ("r", ("a", "@b"))


def test_an_alias_lives_where_its_target_does() -> None:
    found = component(
        '<activity android:name=".A" android:process=":x" android:directBootAware="true" android:exported="false"/>'
        f'<activity-alias android:name=".B" android:targetActivity=".A">{FILTER}</activity-alias>'
    )
    assert (found.kind, found.target, found.process) == ("activity-alias", "com.example.A", "com.example:x")
    assert (found.exported, found.direct_boot) == (True, True)


def test_a_component_with_all_it_says() -> None:
    found = component(
        '<service android:name=".S" android:foregroundServiceType="0x48" android:enabled="false" android:label="x">'
        '<intent-filter android:priority="-5"><action android:name="one"/><action android:name="two"/>'
        '<category android:name="c"/><data android:scheme="https"/></intent-filter>'
        f'{FILTER}<meta-data android:name="m" android:value="@0x7f010001"/>'
        '<meta-data android:name="n" android:resource="@0x7f0100ff"/></service>'
    )
    assert found.foreground_types == ("location", "camera")
    assert found.actions == ("one", "two", "a")
    assert (found.filters[0].categories, found.filters[0].schemes, found.filters[0].priority) == (
        ("c",),
        ("https",),
        -5,
    )
    assert not found.enabled
    assert found.meta_data == {"m": "com.example.files", "n": "@0x7f0100ff"}


def test_components_of_a_disabled_application_are_disabled() -> None:
    assert not component('<service android:name=".S"/>', 'android:enabled="false"').enabled


def test_an_exported_value_that_cannot_be_told_is_noted() -> None:
    found = application('<service android:name=".S" android:exported="@0x7f0200ff"/>')
    assert "REFERENCE_UNRESOLVED" in problems(found)


def test_who_added_a_component_where_the_class_shows_it() -> None:
    assert component('<service android:name="cn.jpush.android.service.PushService"/>').origin == "cn.jpush"
    assert component('<service android:name=".Own"/>').origin == "manifest"


def test_stub_components_of_a_plugin_host_are_told_and_those_of_a_hot_fix_are_not() -> None:
    stub = (
        '<activity android:name="com.didi.virtualapk.core.A$1"/><activity android:name="com.didi.virtualapk.core.B$1"/>'
    )
    fix = '<service android:name="com.tencent.tinker.lib.service.TinkerPatchService"/>'
    assert application(stub + fix)["plugin_hosts"] == ("VirtualAPK",)
    assert application(fix)["plugin_hosts"] == ()


def test_what_the_app_wants_to_see_of_others() -> None:
    found = facts(
        '<queries><package android:name="com.tencent.mm"/><intent><action android:name="android.intent.action.VIEW"/>'
        '<data android:scheme="https"/></intent><provider android:authorities="a;b"/></queries>'
        '<queries><package android:name="com.tencent.mm"/></queries>'
    )["queries"]
    assert found.packages == ("com.tencent.mm",)
    assert found.actions == ("android.intent.action.VIEW",)
    assert found.authorities == ("a", "b")
    assert found.at


def test_features_and_meta_data() -> None:
    found = facts(
        '<uses-feature android:name="f"/><feature-group><uses-feature android:name="g"/></feature-group>'
        '<application><meta-data android:name="CHANNEL" android:value="huawei"/></application>'
    )
    assert found["features"] == ("f", "g")
    assert found["meta_data"] == {"CHANNEL": "huawei"}


# --- splits ---


@pytest.mark.parametrize(
    "more",
    [
        {"root": 'android:isSplitRequired="true"'},
        {"root": 'android:requiredSplitTypes="base__abi,base__density"'},
        {"inside": '<application android:isSplitRequired="true"/>'},
        {
            "inside": '<application><meta-data android:name="com.android.vending.splits.required" '
            'android:value="true"/></application>'
        },
    ],
)
def test_a_base_that_needs_splits_says_so(more: dict[str, str]) -> None:
    assert problems(facts(**more)) == ["SPLITS_REQUIRED"]  # type: ignore[arg-type]


def test_a_split_is_no_base() -> None:
    found = facts('<uses-split android:name="other"/>', root='split="config.zh"')
    assert found["splits"] == ("config.zh", "other")
    assert problems(found) == ["IS_SPLIT"]


# --- robustness ---


def test_a_manifest_cut_short_proves_nothing_by_absence() -> None:
    text = f'<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="p.q">{uses("CAMERA")}' \
        '<application android:debuggable="true"/></manifest>'  # fmt: skip
    whole = compile_xml(text)
    place = read_xml(whole).root.children[1].at
    found = manifest_facts(Files({"AndroidManifest.xml": whole[:place] + b"\xff" * (len(whole) - place)}))
    assert found["name"] == "p.q"
    for name in (
        "permissions",
        "components",
        "plugin_hosts",
        "debuggable",
        "allow_backup",
        "cleartext_ok",
        "target_sdk",
    ):
        assert isinstance(found[name], Unread), name
    assert "MANIFEST_CUT_SHORT" in problems(found)


RICH = (
    uses("CAMERA") + '<application android:label="@0x7f010000" android:networkSecurityConfig="@0x7f030000">'
    f'<activity android:name=".A">{FILTER}</activity><provider android:name=".P" android:authorities="a"/></application>'
)


@settings(max_examples=200, deadline=3000)
@given(st.data())
def test_any_change_reads_or_is_refused(data: st.DataObject) -> None:
    text = f'<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="p">{RICH}</manifest>'
    files = {
        "AndroidManifest.xml": bytearray(compile_xml(text)),
        "resources.arsc": bytearray(compile_table(TABLE)),
        "res/xml/security.xml": bytearray(compile_xml(SECURE.format(base="true"))),
    }
    for made in files.values():
        for _ in range(data.draw(st.integers(0, 5))):
            made[data.draw(st.integers(0, len(made) - 1))] = data.draw(st.integers(0, 255))
    with suppress(ReadError):
        manifest_facts(Files({name: bytes(made) for name, made in files.items()}))


def test_real_packages_read_without_a_remark(materials: Path) -> None:
    for path in sorted((materials / "apk").rglob("*.apk")):
        with Container.open(path) as container:
            found = manifest_facts(container)
        assert found["name"], path.name
        assert found["odd_entries"] == (), path.name
