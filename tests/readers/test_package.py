"""Packages to facts, through the confined child: sound ones, faulty ones, and what is no package at all."""

import os
import random
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hegui.facts import Unread
from hegui.facts.facts import Stage
from hegui.facts.json import from_json, to_json
from hegui.facts.package import DexFile, NativeLibrary, Package
from hegui.readers.apk.read import STAGES
from hegui.readers.errors import LimitReached, Malformed, NotSupported, ReadError
from hegui.readers.limits import MIB, Limits
from hegui.readers.package import read_package, read_package_timed
from tests.readers.apk import make_zip
from tests.readers.apk.make_zip import FAULTS, MANIFEST, SOUND, File, pack


def package_of(folder: Path, content: bytes, limits: Limits | None = None) -> Package:
    path = folder / "app.apk"
    path.write_bytes(content)
    pkg = read_package(path, limits or Limits()).pkg
    assert isinstance(pkg, Package)
    return pkg


def test_a_sound_package_is_read_by_every_stage(tmp_path: Path) -> None:
    path = tmp_path / "app.apk"
    path.write_bytes(make_zip.sound())
    facts, timings = read_package_timed(path)
    assert facts.stages == tuple(Stage(step.name, "done") for step in STAGES)
    pkg = facts.pkg
    assert isinstance(pkg, Package)
    assert (pkg.name, pkg.platform, pkg.min_sdk, pkg.target_sdk) == ("com.example.lantern", "android", 26, 34)
    assert (pkg.entries, pkg.odd_entries) == (4, ())
    assert pkg.dex_files == (DexFile("classes.dex", "035", 112, 0, 0, 0),)
    library = NativeLibrary("arm64-v8a", "liblantern.so", 64, "lib/arm64-v8a/liblantern.so")
    assert pkg.flags.native_libs == (library,)
    assert isinstance(pkg.signature, Unread) or pkg.signature.state == "unsigned"
    assert (pkg.callsites, pkg.sdks, pkg.urls, pkg.flags.packed, pkg.flags.dyn_code) == ((), (), (), False, False)
    assert facts.inputs[0].name == "app.apk"
    assert facts.inputs[0].sha256 == pkg.sha256
    assert set(timings.stages_s) == {step.name for step in STAGES}
    assert timings.children == 1


def test_the_same_bytes_give_the_same_facts_wherever_they_lie(tmp_path: Path) -> None:
    texts = set()
    for folder in ("here", "and/there"):
        path = tmp_path / folder / "app.apk"
        path.parent.mkdir(parents=True)
        path.write_bytes(make_zip.duplicate_name())
        texts.add(to_json(read_package(path)))
    assert len(texts) == 1
    text = texts.pop()
    assert str(tmp_path) not in text
    assert to_json(from_json(text)) == text


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_container_is_read_and_its_fault_kept(tmp_path: Path, fault: str) -> None:
    make, problem = FAULTS[fault]
    pkg = package_of(tmp_path, make())
    assert pkg.name == "com.example.lantern"
    assert problem in {entry.problem for entry in pkg.odd_entries}


def test_a_package_without_code_or_libraries_has_none_which_is_not_unread(tmp_path: Path) -> None:
    pkg = package_of(tmp_path, pack(SOUND[0]))
    assert (pkg.dex_files, pkg.flags.native_libs) == ((), ())


def test_a_failed_stage_leaves_its_fields_unread_and_the_rest_read(tmp_path: Path) -> None:
    path = tmp_path / "app.apk"
    path.write_bytes(pack(SOUND[0], File(b"classes.dex", b"no dex"), SOUND[2]))
    facts = read_package(path)
    assert {stage.name: stage.state for stage in facts.stages}["dex_headers"] == "failed"
    assert isinstance(facts.pkg, Package)
    assert isinstance(facts.pkg.dex_files, Unread)
    assert facts.pkg.dex_files.unread == "NO_PACKAGE"
    assert facts.pkg.flags.native_libs != ()


BAD_DEX = {
    "is cut off": make_zip.dex()[:50],
    "has no magic": b"zip\n" + make_zip.dex()[4:],
    "has an unknown version": make_zip.dex(version=b"099"),
    "has a table past its end": make_zip.dex(classes=3)[:-20],
    "has the other byte order": make_zip.dex().replace(b"\x78\x56\x34\x12", b"\x12\x34\x56\x78"),
}


@pytest.mark.parametrize("fault", BAD_DEX)
def test_one_bad_dex_makes_the_stage_partial_when_it(tmp_path: Path, fault: str) -> None:
    path = tmp_path / "app.apk"
    path.write_bytes(pack(*SOUND, File(b"classes2.dex", BAD_DEX[fault])))
    facts = read_package(path)
    headers = next(stage for stage in facts.stages if stage.name == "dex_headers")
    assert headers.state == "partial"
    assert "classes2.dex" in headers.detail
    assert isinstance(facts.pkg, Package)
    assert isinstance(facts.pkg.dex_files, tuple)
    assert [each.name for each in facts.pkg.dex_files] == ["classes.dex"]


def test_a_dex_behind_a_missing_number_is_said_not_to_be_loaded(tmp_path: Path) -> None:
    path = tmp_path / "app.apk"
    path.write_bytes(pack(*SOUND, File(b"classes3.dex", make_zip.dex())))
    details = {stage.detail for stage in read_package(path).stages}
    assert "classes3.dex is not loaded: a lower number is missing" in details


CLAIM = {"size": 0xFFFFFFF0}
# The name given to the file, its content, the error, and what its line says.
REFUSED: dict[str, tuple[Callable[[], bytes], type[ReadError], str]] = {
    "an empty file": (lambda: b"", ReadError, "empty"),
    "a web page": (lambda: b"<html><body>404", NotSupported, "web page"),
    "a package cut short": (lambda: make_zip.sound()[:500], Malformed, "incomplete ZIP"),
    "an archive of nothing": (lambda: pack(), NotSupported, "it holds nothing"),
    "an archive without a manifest": (lambda: pack(*SOUND[1:]), NotSupported, "no package, library or SDK"),
    "a manifest of 0 bytes": (lambda: pack(File(MANIFEST, b"")), Malformed, "0 bytes"),
    "a manifest of rubbish": (lambda: pack(File(MANIFEST, b"\x01\x02" * 50)), ReadError, "AndroidManifest.xml"),
    "a DEX file that claims 4 GiB": (
        lambda: pack(*SOUND, File(b"classes2.dex", b"a", central=CLAIM)),
        LimitReached,
        "claims",
    ),
    "a manifest that is a bomb": (
        lambda: pack(File(MANIFEST, bytes(64 * MIB), central={"size": 9}, local={"size": 9})),
        LimitReached,
        "beyond the limit",
    ),
    "an .aab without modules": (
        lambda: pack(File(b"BundleConfig.pb", b""), File(b"base/dex/a.dex", b"")),
        Malformed,
        "no base/manifest/AndroidManifest.xml",
    ),
    "an .apks without APKs": (lambda: pack(File(b"toc.pb", b"")), Malformed, ".apks"),
    "an .xapk whose APK is empty": (lambda: pack(File(b"base.apk", b"")), Malformed, "base.apk is empty"),
    "an .ipa": (lambda: pack(File(b"Payload/A.app/Info.plist", b"")), NotSupported, ".ipa"),
    "a .hap": (lambda: pack(File(b"module.json", b"")), NotSupported, ".hap"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_in_one_line(tmp_path: Path, what: str) -> None:
    make, kind, says = REFUSED[what]
    with pytest.raises(kind) as raised:
        package_of(tmp_path, make())
    for text in (raised.value.words.zh, raised.value.words.en):
        assert "\n" not in text
        assert "app.apk" in text
    assert says in raised.value.words.en


def test_an_asset_that_claims_4_gib_leaves_the_rest_to_be_judged(tmp_path: Path) -> None:
    path = tmp_path / "app.apk"
    path.write_bytes(pack(*SOUND, File(b"assets/a", b"a", central=CLAIM)))
    facts = read_package(path)
    container, *others = facts.stages
    assert (container.state, container.reason) == ("partial", "LIMIT_REACHED")
    assert "assets/a: claims 4294967280 bytes" in container.detail
    assert {stage.state for stage in others} == {"done"}


def test_places_that_hold_no_package_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.apk")
    for path, says in (
        (tmp_path, "directory"),
        (tmp_path / "pipe.apk", "not a regular file"),
        (Path(os.devnull), "not a regular file"),
        (tmp_path / "absent.apk", "No such file"),
        (tmp_path / "absent\0.apk", "cannot be read"),
    ):
        with pytest.raises(ReadError, match=says):
            read_package(path)


def test_a_file_without_permission_to_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "app.apk"
    path.write_bytes(make_zip.sound())
    path.chmod(stat.S_IWUSR)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(ReadError, match="Permission denied"):
        read_package(path)


def test_a_manifest_stage_out_of_time_is_a_read_error(tmp_path: Path) -> None:
    with pytest.raises(LimitReached, match="TIME_LIMIT"):
        package_of(tmp_path, make_zip.sound(), Limits(wall_s=0.0001))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), changes=st.integers(1, 6))
def test_a_damaged_package_gives_facts_or_a_read_error(
    tmp_path_factory: pytest.TempPathFactory, seed: int, changes: int
) -> None:
    chance = random.Random(seed)  # noqa: S311
    made = bytearray(pack(*(File(file.name, file.content, method=0) for file in SOUND)))
    for _ in range(changes):
        made[chance.randrange(len(made))] = chance.choice((0, 1, 0x7F, 0xFF, chance.randrange(256)))
    path = tmp_path_factory.getbasetemp() / "damaged.apk"
    path.write_bytes(made)
    try:
        facts = read_package(path, Limits(stage_s=20))
    except ReadError:
        return
    assert not [stage for stage in facts.stages if stage.reason in ("CRASHED", "TIME_LIMIT", "MEMORY_LIMIT")]


def test_real_packages_are_read_by_every_stage(materials: Path) -> None:
    for path in sorted((materials / "apk").rglob("*.apk")):
        facts = read_package(path)
        assert [(stage.name, stage.reason) for stage in facts.stages if stage.state != "done"] == [], path.name
        assert to_json(read_package(path)) == to_json(facts)


def test_a_library_goes_to_the_reader_of_sdks(tmp_path: Path) -> None:
    assert package_of(tmp_path, pack(File(b"a/B.class", b""))).platform == "android-sdk"
    text = b'<manifest package="com.example.lamp" xmlns:android="http://schemas.android.com/apk/res/android"/>'
    pkg = package_of(tmp_path, pack(File(MANIFEST, text), File(b"classes.jar", pack())))
    assert (pkg.platform, pkg.name) == ("android-sdk", "com.example.lamp")
