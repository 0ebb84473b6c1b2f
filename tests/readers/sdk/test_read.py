"""SDKs to facts: AARs and JARs made here, broken ones, and real ones where they are at hand."""

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hegui.facts.library import KeptClasses, Library, LibraryVersion
from hegui.facts.package import Argument, CallSite, NativeLibrary
from hegui.facts.unread import Unread
from hegui.readers.dex.targets import Target, Targets
from hegui.readers.errors import NotSupported, ReadError
from hegui.readers.limits import Limits
from hegui.readers.sandbox import Partial
from hegui.readers.sdk.library import common_package, kept_classes, resources_in
from hegui.readers.sdk.read import STAGES, Reading
from tests.readers.apk.make_zip import File, pack
from tests.readers.jvm.make_class import DEVICE_ID, Class, lantern
from tests.readers.jvm.test_gates import CHECK, END, READ, assembled
from tests.readers.sdk.test_text_xml import manifest

ROOT = Path(__file__).parents[3]
MATERIALS = ROOT.parent / "shared/materials/sdk"
TARGETS = Targets([Target("device_id", "method", (DEVICE_ID,), pi_type="device_id.imei", perm_group="phone")])


def jar(*classes: Class, **files: bytes) -> bytes:
    packed = [File(f"{each.name}.class".encode(), each.file()) for each in classes]
    return pack(*packed, *(File(name.encode(), content) for name, content in files.items()))


def versioned() -> Class:
    made = lantern(name="com/example/push/BuildConfig")
    made.constants = [("VERSION_NAME", "Ljava/lang/String;", made.pool.string("Push-3.1.4"))]
    return made


SERVICE = '<application><service android:name=".PushService"/></application>'
RULES = b"""# keep what the host app calls
-keep public class com.example.push.** { *; } -keepnames class com.example.a.B, com.example.c.* extends x.Y
-keepclassmembers class com.example.members.** { *; }  -keep,allowobfuscation @interface com.example.Kept
-keep class * implements android.os.Parcelable { public static final ** CREATOR; } -dontwarn other.**
"""


def aar(**more: bytes) -> bytes:
    files = {
        "AndroidManifest.xml": manifest(SERVICE),
        "classes.jar": jar(versioned(), lantern(name="com/example/push/Api")),
        "libs/inner.jar": jar(lantern(name="com/example/inner/Deep")),
        "proguard.txt": RULES,
        "R.txt": b"int string app_name 0x0\nint[] styleable Push { 0x0 }\nint styleable Push_a 0\nnot a line\n",
        "jni/arm64-v8a/libpush.so": b"\x7fELF",
        "assets/push.cfg": b"",
    } | more
    return pack(*(File(name.encode(), content) for name, content in files.items()))


def read(path: Path, targets: Targets = TARGETS) -> tuple[dict[str, Any], dict[str, str]]:
    """All fields, and what the stages that are not done said. Each answer must be fit to be sent."""
    reading = Reading(path, Limits(), {}, targets)
    found: dict[str, Any] = {}
    told: dict[str, str] = {}
    for step in STAGES:
        try:
            result = step.run(reading)
        except ReadError as error:
            told[step.name] = f"failed: {error.words.en}"
            continue
        if isinstance(result, Partial):
            told[step.name] = result.detail
            result = result.fields
        assert set(result) == set(step.fields), step.name
        json.dumps(result, default=dataclasses.asdict)
        found |= result
        reading.read.update(result)
    return found, told


def write(folder: Path, content: bytes, name: str = "sdk.bin") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_an_aar_is_read_by_every_stage(tmp_path: Path) -> None:
    found, told = read(write(tmp_path, aar()))
    assert told == {}
    assert (found["platform"], found["name"], found["version_name"]) == ("android-sdk", "com.example.push", "3.1.4")
    assert [each.name for each in found["components"]] == ["com.example.push.PushService"]
    assert found["native_libs"] == [NativeLibrary("arm64-v8a", "libpush.so", 4, "jni/arm64-v8a/libpush.so")]
    library = found["library"]
    assert isinstance(library, Library)
    assert [(each.name, each.classes) for each in library.jars] == [("classes.jar", 2), ("libs/inner.jar", 1)]
    assert library.resources == ("string/app_name", "styleable/Push", "styleable/Push_a")
    assert library.assets == ("assets/push.cfg",)
    (version,) = library.versions
    assert (version.how, version.of) == ("constant", "com.example.push.BuildConfig.VERSION_NAME")
    assert version.at.startswith("classes.jar!com/example/push/BuildConfig.class@0x")
    assert (library.coverage.classes, library.coverage.methods) == (3, 3)


def test_its_call_sites_are_facts_with_their_place(tmp_path: Path) -> None:
    found, _ = read(write(tmp_path, aar()))
    assert [site.cls for site in found["callsites"]] == [
        "Lcom/example/push/BuildConfig;",
        "Lcom/example/push/Api;",
        "Lcom/example/inner/Deep;",
    ]
    site = found["callsites"][2]
    assert isinstance(site, CallSite)
    assert (site.api, site.pi_type, site.perm_group, site.target) == ("device_id", "device_id.imei", "phone", DEVICE_ID)
    assert (site.offset, site.origin, site.args) == (1, "com.example.push", ())
    assert site.reach == ("public_api", f"Lcom/example/inner/Deep;->{site.method}")
    place, _, at = site.at.partition("@")
    assert place == "libs/inner.jar!com/example/inner/Deep.class"
    assert lantern(name="com/example/inner/Deep").file()[int(at, 16)] == 0xB6


def test_an_sdk_of_the_catalogue_is_recognised_with_the_place_of_its_version(tmp_path: Path) -> None:
    push = lantern(name="com/igexin/sdk/PushBuildConfig")
    push.constants = [("sdk_conf_version", "Ljava/lang/String;", push.pool.string("3.1.4"))]
    others = [lantern(name=f"com/igexin/push/{name}") for name in ("A", "B", "C")]
    found, told = read(write(tmp_path, jar(push, *others)))
    assert told == {}
    (one,) = found["sdks"]
    assert (one.sdk_id, one.version, one.version_src, one.conf) == (
        "com.getui", "3.1.4", "com.igexin.sdk.PushBuildConfig.sdk_conf_version", 0.97,
    )  # fmt: skip
    assert found["version_name"] == "3.1.4"


def test_what_is_the_hosts_is_not_claimed(tmp_path: Path) -> None:
    found, _ = read(write(tmp_path, aar()))
    for key in ("target_sdk", "debuggable", "cleartext_ok", "allow_backup", "signature", "signers", "label"):
        assert isinstance(found[key], Unread), key


def test_a_jar_has_no_manifest_and_so_no_empty_list_of_permissions(tmp_path: Path) -> None:
    mf = b"Manifest-Version: 1.0\r\nImplementation-Ver\r\n sion: 2.0.1\r\n\r\nName: a\r\nImplementation-Version: 9\r\n"
    content = jar(lantern(name="com/example/push/Api"), **{"META-INF/MANIFEST.MF": mf})
    found, told = read(write(tmp_path, content))
    assert told == {}
    assert (found["name"], found["version_name"]) == ("com.example.push", "2.0.1")
    for key in ("permissions", "components", "min_sdk", "queries", "features"):
        assert isinstance(found[key], Unread), key
    assert found["library"].versions == (LibraryVersion("2.0.1", "implementation-version", "META-INF/MANIFEST.MF"),)
    assert len(found["callsites"]) == 1
    assert found["callsites"][0].at.startswith("com/example/push/Api.class@0x")


def test_the_guard_of_a_call_is_a_fact(tmp_path: Path) -> None:
    made = Class()
    made.methods.append(assembled(made, [*CHECK, "ifne no", *READ, *END]))
    found, _ = read(write(tmp_path, jar(made)))
    assert [site.gate for site in found["callsites"]] == ["checkSelfPermission"]
    assert found["library"].coverage.gates_left_out == 0


def test_a_known_sdk_bundled_inside_answers_for_its_own_code(tmp_path: Path) -> None:
    inner = lantern(name="com/cmic/sso/sdk/Auth")
    found, _ = read(write(tmp_path, aar(**{"libs/inner.jar": jar(inner)})))
    origins = {site.cls: site.origin for site in found["callsites"]}
    assert origins == {
        "Lcom/example/push/BuildConfig;": "com.example.push",
        "Lcom/example/push/Api;": "com.example.push",
        "Lcom/cmic/sso/sdk/Auth;": "com.cmic",
    }
    (bundled,) = [site for site in found["callsites"] if site.origin == "com.cmic"]
    assert bundled.candidates == ("com.cmic", "com.example.push")


def test_versions_stand_where_build_tools_put_them(tmp_path: Path) -> None:
    files = {
        "META-INF/maven/com.example/push/pom.properties": b"#made\nversion=1.2\ngroupId=com.example\n",
        "META-INF/androidx.core_core.version": b"1.9.0\n",
    }
    found, _ = read(write(tmp_path, jar(lantern(), **files)))
    assert found["library"].versions == (
        LibraryVersion("1.2", "pom", "META-INF/maven/com.example/push/pom.properties", "com.example:push"),
        LibraryVersion("1.9.0", "version-file", "META-INF/androidx.core_core.version", "androidx.core_core"),
    )
    assert found["version_name"] == "1.2"


def test_versions_that_differ_are_none(tmp_path: Path) -> None:
    files = {"META-INF/a.version": b"1.0", "META-INF/b.version": b"2.0"}
    found, _ = read(write(tmp_path, jar(lantern(), **files)))
    assert isinstance(found["version_name"], Unread)
    assert "1.0 (a), 2.0 (b)" in found["version_name"].detail


def test_a_version_of_an_sdk_inside_is_not_that_of_the_whole(tmp_path: Path) -> None:
    inner = lantern(name="org/other/BuildConfig")
    inner.constants = [("VERSION_NAME", "Ljava/lang/String;", inner.pool.string("9.9"))]
    classes = [lantern(name=f"com/example/push/A{number}") for number in range(3)]
    found, _ = read(write(tmp_path, jar(*classes, inner)))
    assert [each.value for each in found["library"].versions] == ["9.9"]
    assert isinstance(found["version_name"], Unread)


def test_classes_for_other_java_releases_are_left_out_and_counted(tmp_path: Path) -> None:
    newer = {"META-INF/versions/11/com/example/Lantern.class": lantern(major=55).file(), "module-info.class": b""}
    found, told = read(write(tmp_path, jar(lantern(), **newer)))
    assert told == {}
    assert (found["library"].coverage.classes, found["library"].coverage.left_out) == (1, 1)


def test_a_class_that_stands_twice_is_counted_and_read_once(tmp_path: Path) -> None:
    twin = jar(lantern(name="com/example/push/Api"))
    found, _ = read(write(tmp_path, aar(**{"libs/inner.jar": twin})))
    assert found["library"].coverage.shadowed == 1
    assert [site.at.partition("!")[0] for site in found["callsites"]] == ["classes.jar", "classes.jar"]


def test_a_second_name_of_a_sandboxed_answer_is_the_same(tmp_path: Path) -> None:
    first, _ = read(write(tmp_path, aar(), "a.aar"))
    second, _ = read(write(tmp_path, aar(), "b.zip"))
    assert first == second


BROKEN: dict[str, tuple[dict[str, bytes], str, str]] = {
    "a JAR inside that is none": ({"libs/inner.jar": b"not a zip"}, "code", "libs/inner.jar is no ZIP"),
    "an empty classes.jar": ({"classes.jar": b""}, "code", "classes.jar is no ZIP"),
    "a class that is none": ({"libs/inner.jar": jar(**{"a/B.class": b"no class"})}, "code", "expected a class file"),
    "a manifest that is no XML": ({"AndroidManifest.xml": b"<manifest"}, "manifest", "failed: AndroidManifest.xml at"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_the_rest_is_read_beside(tmp_path: Path, fault: str) -> None:
    files, stage, says = BROKEN[fault]
    found, told = read(write(tmp_path, aar(**files)))
    assert says in told[stage]
    assert found["callsites"]
    assert found["native_libs"]
    assert found["library"].kept


def test_an_app_is_refused(tmp_path: Path) -> None:
    from tests.readers.apk import make_zip

    _, told = read(write(tmp_path, make_zip.sound()))
    assert "no SDK" in told["container"]
    with pytest.raises(NotSupported):
        _ = Reading(write(tmp_path, make_zip.sound()), Limits(), {}, TARGETS).form


def test_consumer_rules_that_keep_classes() -> None:
    assert [rule.pattern for rule in kept_classes(RULES.decode(), "proguard.txt")] == [
        "com.example.push.**",
        "com.example.a.B",
        "com.example.c.*",
        "com.example.Kept",
    ]
    assert list(kept_classes("-keep", "p")) == []
    assert list(kept_classes("-keep class", "p")) == []
    assert list(kept_classes("-keep class a.B", "p")) == [KeptClasses("a.B", "p")]


def test_resource_lines_that_are_none_are_left_out() -> None:
    assert resources_in("int\n\nint id\nint id x 0x1\nlong id y 0\n") == ("id/x",)


PREFIXES = {
    "one tree": (["com/example/push/A", "com/example/push/core/B"], "com.example.push"),
    "two trees, one larger": (["cn/one/a/A", "cn/one/b/B", "org/other/x/C"], "cn.one"),
    "nothing below two names": (["A", "a/B"], ""),
    "one class deep down": (["com/a/b/c/D"], "com.a.b.c"),
}


@pytest.mark.parametrize("case", PREFIXES)
def test_a_jar_is_known_by_the_package_most_classes_share(tmp_path: Path, case: str) -> None:
    names, expected = PREFIXES[case]
    path = write(tmp_path, jar(*(Class(name=name) for name in names)))
    assert common_package(Reading(path, Limits(), {}, TARGETS).jars) == expected


@settings(max_examples=100, deadline=5000)
@given(st.data())
def test_any_change_of_bytes_raises_nothing_but_read_errors(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray(aar())
    for _ in range(data.draw(st.integers(1, 10))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    read(write(tmp_path_factory.getbasetemp(), bytes(content)))


# --- real ones ---

# Most have it in their code; detox nowhere, so that only the catalogue's builds tell it.
VERSIONS = {
    "gtc-3.2.18.0.jar": "3.2.18.0",
    "gtsdk-3.3.12.0.jar": "3.3.12.0",
    "janalytics-android-2.1.8.jar": "2.1.8",
    "jcore-android-2.1.2.jar": "2.1.2",
    "jpush-android-3.3.4.jar": "3.3.4",
    "jverification-android-3.4.8.jar": "3.4.8",
    "detox-20.51.4.aar": "20.51.4",
}
needs_materials = pytest.mark.skipif(not MATERIALS.is_dir(), reason="needs ../shared/materials/sdk")


@needs_materials
@pytest.mark.parametrize("name", VERSIONS)
def test_a_real_sdk_is_read_whole(name: str) -> None:
    found, told = read(MATERIALS / name)
    assert told == {}
    assert found["version_name"] == VERSIONS[name]
    for site in found["callsites"]:
        assert site.reach[0] != "unreached", site


@needs_materials
def test_arguments_in_a_real_sdk() -> None:
    service = "Landroid/content/Context;->getSystemService(Ljava/lang/String;)Ljava/lang/Object;"
    found, _ = read(MATERIALS / "jcore-android-2.1.2.jar", Targets([Target("service", "method", (service,))]))
    values = [site.args for site in found["callsites"]]
    assert (Argument(0, "phone"),) in values
    assert sum(bool(args) for args in values) / len(values) > 0.9


@needs_materials
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("javap") is None, reason="needs javap of a JDK")
def test_call_sites_equal_those_of_javap() -> None:
    done = subprocess.run(
        [sys.executable, "bench/jvm_oracle.py"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().endswith(" 0 differences")
