"""The manifest of an AAR: text, within bounds."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hegui.facts.package import Component, DeclaredPermission, Permission
from hegui.facts.unread import Unread
from hegui.readers.errors import LimitReached, Malformed, ReadError
from hegui.readers.sdk.manifest import library_facts
from hegui.readers.sdk.text_xml import MOST_ATTRIBUTES, MOST_DEPTH, read_text_xml

SPACES = 'xmlns:android="http://schemas.android.com/apk/res/android" xmlns:tools="http://schemas.android.com/tools"'


def manifest(inside: str, attributes: str = 'package="com.example.push"') -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?>\n<manifest {SPACES} {attributes}>{inside}</manifest>'.encode()


def facts(inside: str, attributes: str = 'package="com.example.push"') -> dict[str, object]:
    return library_facts(read_text_xml(manifest(inside, attributes), "AndroidManifest.xml"))


def test_a_permission_is_read_with_its_place() -> None:
    text = manifest('<uses-permission android:name="android.permission.READ_CONTACTS" android:maxSdkVersion="28"/>')
    found = library_facts(read_text_xml(text, "AndroidManifest.xml"))["permissions"]
    assert isinstance(found, tuple)
    (permission,) = found
    assert isinstance(permission, Permission)
    assert (permission.name, permission.group, permission.max_sdk) == (
        "android.permission.READ_CONTACTS",
        "contacts",
        28,
    )
    at = int(permission.at.partition("@")[2], 16)
    assert text[at:].startswith(b"<uses-permission")


def test_what_the_platform_adds_is_left_to_the_host_app() -> None:
    found = facts(
        '<uses-sdk android:minSdkVersion="19"/><uses-permission android:name="android.permission.ACCESS_FINE_LOCATION"/>'
    )
    assert isinstance(found["permissions"], tuple)
    assert [each.name for each in found["permissions"]] == ["android.permission.ACCESS_FINE_LOCATION"]
    assert found["min_sdk"] == 19
    assert isinstance(found["target_sdk"], Unread)


def test_a_library_without_levels_has_none() -> None:
    assert isinstance(facts("")["min_sdk"], Unread)


COMPONENTS = """<application>
  <service android:name=".PushService" android:process=":push" android:foregroundServiceType="location|dataSync">
    <intent-filter><action android:name="com.example.PUSH"/></intent-filter></service>
  <provider android:name="other.Provider" android:authorities="${applicationId}.push" android:exported="true"/>
  <receiver android:name=".Gone" tools:node="remove"><intent-filter/></receiver>
  <activity android:name=".Page" android:exported="@bool/no"/>
</application>"""


def test_components_are_those_the_host_app_takes_over() -> None:
    found = facts(COMPONENTS)["components"]
    assert isinstance(found, tuple)
    service, provider, activity = found
    assert isinstance(service, Component)
    assert (service.kind, service.name, service.exported) == ("service", "com.example.push.PushService", True)
    assert service.process == "com.example.push:push"
    assert set(service.foreground_types) == {"location", "dataSync"}
    assert (provider.name, provider.exported, provider.authorities) == (
        "other.Provider",
        True,
        ("${applicationId}.push",),
    )
    assert (activity.name, activity.exported) == ("com.example.push.Page", False)


def test_permissions_it_defines_have_their_protection() -> None:
    found = facts('<permission android:name="p" android:protectionLevel="signature|privileged"/>')
    assert found["declared_permissions"] == (
        DeclaredPermission("p", ("signature", "privileged"), at=f"AndroidManifest.xml@0x{len(manifest('')) - 11:04x}"),
    )


def test_a_version_is_text_however_it_looks() -> None:
    assert facts("", 'package="p.q" android:versionName="007"')["manifest_version"] == "007"


def test_a_missing_package_is_noted() -> None:
    found = facts("", "")
    assert found["name"] == ""
    assert [entry.problem for entry in found["odd_entries"]] == ["MANIFEST_NO_PACKAGE"]  # type: ignore[attr-defined]


BOMB = b"""<!DOCTYPE manifest [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><manifest>&b;</manifest>"""
REFUSED: dict[str, tuple[bytes, type[ReadError], str]] = {
    "declares entities": (BOMB, Malformed, "document type"),
    "names a file outside": (b'<!DOCTYPE m SYSTEM "file:///etc/hosts"><m/>', Malformed, "document type"),
    "uses an entity nobody declared": (b"<m>&other;</m>", Malformed, "not well formed"),
    "is empty": (b"", Malformed, "not well formed"),
    "ends in an element": (b"<manifest><application>", Malformed, "not well formed"),
    "is in an encoding nobody knows": (b'<?xml version="1.0" encoding="klingon"?><m/>', Malformed, "encoding"),
    "is nested too deep": (b"<a>" * (MOST_DEPTH + 1), LimitReached, "too deep"),
    "is nested too deep where it is removed": (
        f'<m {SPACES}><a tools:node="remove">'.encode() + b"<a>" * MOST_DEPTH,
        LimitReached,
        "too deep",
    ),
    "has too many attributes": (
        b"<m>" + (b"<a " + b" ".join(b'a%d=""' % n for n in range(5000)) + b"/>") * (MOST_ATTRIBUTES // 5000 + 1),
        LimitReached,
        "too many",
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_manifest_is_refused_that(fault: str) -> None:
    text, kind, says = REFUSED[fault]
    with pytest.raises(kind, match=r"AndroidManifest\.xml at 0x") as raised:
        read_text_xml(text, "AndroidManifest.xml")
    assert says in raised.value.words.en


@settings(max_examples=300, deadline=2000)
@given(st.data())
def test_any_change_of_bytes_raises_nothing_but_read_errors(data: st.DataObject) -> None:
    text = bytearray(manifest(COMPONENTS))
    for _ in range(data.draw(st.integers(1, 6))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ReadError):
        library_facts(read_text_xml(bytes(text), "AndroidManifest.xml"))
