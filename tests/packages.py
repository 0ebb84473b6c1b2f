"""Invented packages for tests: plain ones that ask for nothing, changed by the test that needs more."""

from dataclasses import replace
from typing import Any

from hegui.facts import Facts, Input, Stage, Unread
from hegui.facts.package import Flags, Package, Signature

SHA256 = "ab" * 32
_NOT_READ = Unread("PLATFORM_UNSUPPORTED", "not read by this version")

_PLAIN = Package(
    name="com.example.lantern",
    platform="android",
    sha256=SHA256,
    size_bytes=1000,
    version_name="1.0",
    version_code=1,
    min_sdk=26,
    target_sdk=34,
    target_sdk_written=True,
    label="灯笼",
    permissions=(),
    components=(),
    cleartext_ok=False,
    allow_backup=False,
    debuggable=False,
    signers=(),
    sig_schemes=("v2",),
    signature=Signature("verified"),
    flags=Flags(_NOT_READ, None, _NOT_READ, (), _NOT_READ),
    callsites=_NOT_READ,
    sdks=_NOT_READ,
    urls=_NOT_READ,
    application_at="AndroidManifest.xml@0x0100",
    manifest_at="AndroidManifest.xml@0x0008",
)


def package(**changes: Any) -> Package:
    return replace(_PLAIN, **changes)


def facts_of(pkg: Package, **more: Any) -> Facts:
    given = Input("package", "lantern.apk", pkg.sha256, pkg.size_bytes)
    return Facts((given,), (Stage("manifest", "done"),), pkg=pkg, **more)
