"""The demo apps: their packages match their sources, hegui reads them, and the good one keeps what the bad one breaks."""

import hashlib
import re
import tomllib
import zipfile
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

from hegui.audit import Audit, judge
from hegui.facts import Facts, is_read
from hegui.facts.package import Package
from hegui.law.knobs import shipped_knobs
from hegui.law.packs import shipped
from hegui.readers.declaration import read_declaration
from hegui.readers.package import read_package
from hegui.regulations import load_checks

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ANDROID = "{http://schemas.android.com/apk/res/android}"
AS_OF = date(2026, 11, 22)

SOURCES = {
    "lantern-bad.apk": ("bad", "AndroidManifest.xml"),
    "lantern-greedy.apk": ("bad", "greedy/AndroidManifest.xml"),
    "lantern-good.apk": ("good", "AndroidManifest.xml"),
}
DECLARATIONS = {"lantern-bad.apk": "bad.toml", "lantern-greedy.apk": "bad.toml", "lantern-good.apk": "good.toml"}
every_package = pytest.mark.parametrize("name", SOURCES)


@cache
def facts_of(name: str) -> Facts:
    return read_package(EXAMPLES / name)


def package_of(name: str) -> Package:
    pkg = facts_of(name).pkg
    assert is_read(pkg)
    return pkg


@cache
def audit_of(name: str, declared: bool) -> Audit:
    facts = facts_of(name)
    if declared:
        given, declaration = read_declaration(EXAMPLES / DECLARATIONS[name])
        facts = replace(facts, inputs=(*facts.inputs, given), decl=declaration)
    knobs = {knob.name: knob.value for knob in shipped_knobs().values()}
    return judge(facts, shipped(), load_checks(), knobs, AS_OF)


def verdicts(name: str, verdict: str, *, declared: bool = True) -> set[str]:
    return {one.duty.id for one in audit_of(name, declared).judgements if one.verdict == verdict}


# ------------------------------------------------------------------------------------------- packages and sources


def listed_sums() -> dict[str, str]:
    lines = (EXAMPLES / "SHA256SUMS").read_text("utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ") for line in lines)}


def test_every_listed_file_has_its_digest() -> None:
    listed = listed_sums()
    changed = [
        name for name, sha in listed.items() if hashlib.sha256((EXAMPLES / name).read_bytes()).hexdigest() != sha
    ]
    assert not changed, f"edited but not built: run python examples/build.py ({changed})"


def test_every_source_is_listed() -> None:
    sources = {
        one.relative_to(EXAMPLES).as_posix()
        for folder in ("bad", "good", "platform")
        for one in (EXAMPLES / folder).rglob("*")
        if one.is_file()
    }
    assert set(listed_sums()) == sources | set(SOURCES)


@every_package
def test_a_package_stays_small(name: str) -> None:
    assert (EXAMPLES / name).stat().st_size < 60_000


@every_package
def test_a_package_holds_every_class_of_its_sources(name: str) -> None:
    java = EXAMPLES / SOURCES[name][0] / "java"
    with zipfile.ZipFile(EXAMPLES / name) as held:
        dex = held.read("classes.dex")
    for source in java.rglob("*.java"):
        descriptor = f"L{source.relative_to(java).with_suffix('').as_posix()};"
        assert descriptor.encode() + b"\0" in dex, descriptor


@every_package
def test_a_package_carries_its_rules_as_an_asset(name: str) -> None:
    with zipfile.ZipFile(EXAMPLES / name) as held:
        assert held.read("assets/rules.html") == (EXAMPLES / SOURCES[name][0] / "rules.html").read_bytes()


def test_the_sdk_version_stands_in_the_code_and_in_the_good_rules() -> None:
    source = (EXAMPLES / "good/java/com/example/lanternads/LanternAds.java").read_text("utf-8")
    found = re.search(r'VERSION = "([0-9.]+)"', source)
    assert found is not None
    version = found.group(1)
    rules = (EXAMPLES / "good/rules.html").read_text("utf-8")
    assert f"（com.example.lanternads）</td><td>{version}</td>" in rules
    with zipfile.ZipFile(EXAMPLES / "lantern-good.apk") as held:
        assert version.encode() in held.read("classes.dex")


def test_no_source_names_a_host_that_exists() -> None:
    invented = re.compile(r"^([a-z0-9-]+\.)*example$")
    for source in [*EXAMPLES.rglob("*.java"), *EXAMPLES.rglob("*.html"), *EXAMPLES.rglob("*.xml")]:
        hosts = re.findall(r"https?://([^/\"'<>\s]+)", source.read_text("utf-8"))
        for host in hosts:
            # The name of the XML namespace is no address.
            assert host == "schemas.android.com" or invented.match(host), (source.name, host)


# -------------------------------------------------------------------------------------------------------- reading


def source_manifest(name: str) -> ElementTree.Element:
    folder, manifest = SOURCES[name]
    return ElementTree.fromstring((EXAMPLES / folder / manifest).read_text("utf-8"))  # noqa: S314 (our own file)


@every_package
def test_every_stage_of_reading_is_done(name: str) -> None:
    assert {stage.state for stage in facts_of(name).stages} == {"done"}


@every_package
def test_the_facts_are_those_of_the_source_manifest(name: str) -> None:
    manifest, pkg = source_manifest(name), package_of(name)
    assert pkg.name == manifest.get("package")
    assert pkg.version_name == manifest.get(ANDROID + "versionName")
    levels = manifest.find("uses-sdk")
    assert levels is not None
    assert str(pkg.min_sdk) == levels.get(ANDROID + "minSdkVersion")
    assert str(pkg.target_sdk) == levels.get(ANDROID + "targetSdkVersion")
    assert is_read(pkg.components)
    application = manifest.find("application")
    assert application is not None
    components = [
        (each.tag, each.get(ANDROID + "name"), each.get(ANDROID + "exported") == "true")
        for each in application
        if each.tag in ("activity", "service", "receiver", "provider")
    ]
    assert sorted(components) == sorted((one.kind, one.name, one.exported) for one in pkg.components)


@every_package
def test_the_permissions_are_those_of_the_source_manifest(name: str) -> None:
    pkg = package_of(name)
    assert is_read(pkg.permissions)
    written = {
        (each.get(ANDROID + "name"), each.get(ANDROID + "maxSdkVersion"))
        for each in source_manifest(name).iter("uses-permission")
    }
    # What the platform adds for an old target is "implied" and stands in no manifest.
    read = [one for one in pkg.permissions if one.origin != "implied"]
    assert written == {(one.name, None if one.max_sdk is None else str(one.max_sdk)) for one in read}


@every_package
def test_the_label_is_chinese_with_an_english_one_beside_it(name: str) -> None:
    pkg = package_of(name)
    assert pkg.label == "灯笼记账"
    assert pkg.labels["en"] == "Lantern Ledger"


def test_the_bad_package_was_changed_after_signing() -> None:
    pkg = package_of("lantern-bad.apk")
    assert is_read(pkg.signature)
    assert pkg.sig_schemes == ("v1",)
    assert pkg.signature.state == "broken"
    assert [fault.at for fault in pkg.signature.faults] == ["assets/channel.txt"]


@pytest.mark.parametrize(("name", "schemes"), [("lantern-greedy.apk", ("v2",)), ("lantern-good.apk", ("v2", "v3"))])
def test_the_other_packages_are_soundly_signed(name: str, schemes: tuple[str, ...]) -> None:
    pkg = package_of(name)
    assert is_read(pkg.signature)
    assert is_read(pkg.signers)
    assert pkg.sig_schemes == schemes
    assert pkg.signature.state == "verified"
    assert "do not trust" in pkg.signers[0].subject


def test_the_good_package_shuts_every_door_a_manifest_can_shut() -> None:
    pkg = package_of("lantern-good.apk")
    assert is_read(pkg.permissions)
    assert [one.name for one in pkg.permissions] == ["android.permission.INTERNET"]
    assert (pkg.cleartext_ok, pkg.allow_backup, pkg.debuggable) == (False, False, False)
    assert is_read(pkg.components)
    assert [one.name.rsplit(".", 1)[1] for one in pkg.components if one.exported] == ["MainActivity"]


def test_the_bad_package_asks_for_all_ten_groups() -> None:
    pkg = package_of("lantern-bad.apk")
    assert is_read(pkg.permissions)
    groups = {"calendar", "call_log", "camera", "contacts", "location", "microphone", "phone", "sms", "storage", "body"}
    assert {one.group for one in pkg.permissions if one.group} == groups


@pytest.mark.parametrize("name", ["bad.toml", "good.toml"])
def test_the_pages_of_a_declared_scene_are_activities_of_the_package(name: str) -> None:
    _, declaration = read_declaration(EXAMPLES / name)
    pkg = package_of(f"lantern-{name.removesuffix('.toml')}.apk")
    assert is_read(pkg.components)
    activities = {one.name for one in pkg.components if one.kind == "activity"}
    assert {page for scene in declaration.app.scenes for page in scene.pages} <= activities
    assert any(scene.basic for scene in declaration.app.scenes)
    # The form as a person reads it says that nobody real signed.
    assert "虚构" in tomllib.loads((EXAMPLES / name).read_text("utf-8"))["signed_by"]


# -------------------------------------------------------------------------------------------------------- judging


@every_package
@pytest.mark.parametrize("declared", [False, True])
def test_every_duty_is_judged_and_no_check_fails(name: str, declared: bool) -> None:
    audit = audit_of(name, declared)
    assert len(audit.judgements) == sum(len(regulation.duties) for regulation in shipped())
    assert {stage.state for stage in audit.stages} == {"done"}


def test_the_bad_app_violates_what_a_package_alone_can_prove() -> None:
    assert verdicts("lantern-bad.apk", "violation") == {"cac-2026:12.1.1", "app-2021:6.4.1", "app-2021:9.5.4"}


# The duties that examples/README.md says the package alone settles.
BROKEN = {
    "cac-2026:3.3.1",
    "cac-2026:3.3.2",
    "cac-2026:10.1",
    "cac-2026:13.2.4",
    "cac-2026:14.2.3",
    "cac-2026:14.3.1",
    "cac-2026:36.1.2",
    "app-2021:7.0",
    "app-2021:7.3.2",
    "app-2021:7.4",
    "app-2021:8.5.1",
    "app-2021:13.4",
}


@pytest.mark.parametrize("name", ["lantern-bad.apk", "lantern-greedy.apk"])
def test_the_bad_and_the_greedy_app_carry_every_risk_the_readme_names(name: str) -> None:
    assert verdicts(name, "risk") >= BROKEN


def test_the_greedy_app_shows_that_a_sound_package_alone_carries_risks_at_most() -> None:
    assert not verdicts("lantern-greedy.apk", "violation")


@pytest.mark.parametrize("declared", [False, True])
def test_the_good_app_has_no_violation_and_no_risk(declared: bool) -> None:
    assert not verdicts("lantern-good.apk", "violation", declared=declared)
    assert not verdicts("lantern-good.apk", "risk", declared=declared)


def test_the_good_app_keeps_by_its_structure_what_a_package_can_show() -> None:
    kept = verdicts("lantern-good.apk", "compliant")
    assert kept >= {"cac-2026:10.1", "cac-2026:14.1.1", "cac-2026:14.1.2", "cac-2026:14.3.1"}
    # Silence is no compliance: most duties need rules, screens, runs or records, and say so.
    assert len(verdicts("lantern-good.apk", "undetermined")) > 200


def test_every_duty_the_readme_names_exists() -> None:
    known = {duty.id for regulation in shipped() for duty in regulation.duties}
    readme = (EXAMPLES / "README.md").read_text("utf-8")
    named = {
        f"{draft}:{number}"
        for draft, numbers in re.findall(r"(cac-2026|app-2021):([0-9.]+(?:(?:、|, )[0-9.]+)*)", readme)
        for number in re.split("、|, ", numbers)
    }
    assert BROKEN <= named <= known
