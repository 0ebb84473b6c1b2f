"""Sets of split APKs: one app of several files, complete or not, sound or not."""

import json
import random
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hegui.audit import judge
from hegui.facts.facts import Facts
from hegui.facts.package import NativeLibrary, Package
from hegui.facts.queries.closed_world import open_doors
from hegui.law.knobs import shipped_knobs
from hegui.law.packs import shipped
from hegui.readers.errors import LimitReached, Malformed, ReadError
from hegui.readers.limits import MIB, Limits
from hegui.readers.package import read_package
from hegui.regulations import load_checks
from tests.readers.apk import make_zip
from tests.readers.apk.make_axml import Config
from tests.readers.apk.make_signed import key, pack
from tests.readers.bundle.make_bundle import (
    ABI,
    ACTIVITY,
    CODE,
    FEATURE,
    IN_FEATURE,
    NEEDS_SPLITS,
    PACKAGE,
    abi_split,
    apk,
    asks,
    base,
    feature,
    toc,
    whole,
)

# The duty that is compliant when no permission reaches contacts, calls or messages: closed-world case (a).
CLOSED = "cac-2026:10.1"


def verdict(facts: Facts, duty: str = CLOSED) -> tuple[str, set[str]]:
    knobs = {name: knob.value for name, knob in shipped_knobs().items()}
    audit = judge(facts, shipped(), load_checks(), knobs, date(2026, 11, 1))
    one = next(one for one in audit.judgements if one.duty.id == duty)
    return one.verdict, {lack.code for lack in one.missing}


def read(path: Path, content: bytes | Mapping[str, bytes], limits: Limits | None = None) -> tuple[Facts, Any]:
    path.write_bytes(content if isinstance(content, bytes) else pack(content))
    return read_it(path, limits)


def read_it(path: Path, limits: Limits | None = None) -> tuple[Facts, Any]:
    facts = read_package(path, limits or Limits())
    assert isinstance(facts.pkg, Package)
    return facts, facts.pkg


def states(facts: Facts) -> dict[str, tuple[str, str]]:
    """The stages over the parts that did not end well. What code of so little can tell is not asked here."""
    return {
        stage.name: (stage.state, stage.reason)
        for stage in facts.stages
        if stage.state != "done" and stage.name != "code"
    }


def problems(pkg: Any) -> dict[str, str]:
    return {entry.problem: entry.name for entry in pkg.odd_entries}


def xapk(splits: Mapping[str, bytes], **listed: Any) -> dict[str, bytes]:
    said = {
        "xapk_version": 2,
        "package_name": PACKAGE,
        "version_code": "7",
        "split_apks": [{"file": name, "id": name.removesuffix(".apk")} for name in splits],
    }
    return {**splits, "manifest.json": json.dumps(said | listed).encode(), "icon.png": b"\x89PNG"}


def in_toc() -> dict[str, bytes]:
    splits = {
        "splits/base-master.apk": base(),
        "splits/base-arm64_v8a.apk": abi_split(),
        "splits/camera-master.apk": feature(),
    }
    return {"toc.pb": toc((0, dict.fromkeys(splits, 3))), **splits}


def apkm() -> dict[str, bytes]:
    return {"info.json": json.dumps({"apkm_version": 5, "pname": PACKAGE, "versioncode": 7}).encode(), **whole()}


FORMS: dict[str, Callable[[], dict[str, bytes]]] = {
    "an .apks of bundletool": in_toc,
    "an .xapk": lambda: xapk(whole()),
    "an .apkm": apkm,
    "an archive of APKs without a list": whole,
}


SETS = tuple(pack(make()) for make in FORMS.values())


@pytest.mark.parametrize("form", FORMS)
def test_a_whole_set_is_one_app(tmp_path: Path, form: str) -> None:
    # The name says nothing: what it is shows inside.
    facts, pkg = read(tmp_path / "app.bin", FORMS[form]())
    assert states(facts) == {}
    assert (pkg.name, pkg.min_sdk, pkg.target_sdk, pkg.version_code) == (PACKAGE, 26, 34, 7)
    assert pkg.parts[0].endswith(("base.apk", "base-master.apk"))
    assert len(pkg.parts) == 3
    assert (pkg.splits, open_doors(pkg), pkg.odd_entries) == ((), (), ())
    assert pkg.signature.state == "verified"
    assert verdict(facts)[0] == "compliant"


def test_each_fact_tells_the_file_it_comes_from(tmp_path: Path) -> None:
    _, pkg = read(tmp_path / "app.xapk", xapk(whole()))
    camera, internet = (
        next(one for one in pkg.permissions if one.name.endswith(name)) for name in ("CAMERA", "INTERNET")
    )
    assert camera.at.startswith("split_camera.apk!AndroidManifest.xml@0x")
    assert camera.why_origin == "仅由拆分包 camera（split_camera.apk）的清单申请"
    assert internet.at.startswith("base.apk!AndroidManifest.xml@0x")
    assert internet.why_origin == ""
    assert {one.name: one.at.partition("@")[0] for one in pkg.components} == {
        f"{PACKAGE}.Main": "base.apk!AndroidManifest.xml",
        f"{PACKAGE}.Shoot": "split_camera.apk!AndroidManifest.xml",
    }
    assert pkg.manifest_at.startswith("base.apk!AndroidManifest.xml@")
    library = NativeLibrary("arm64-v8a", "liblantern.so", 64, "split_config.arm64_v8a.apk!lib/arm64-v8a/liblantern.so")
    assert pkg.flags.native_libs == (library,)
    assert [one.name for one in pkg.dex_files] == [
        "base.apk!classes.dex",
        "split_camera.apk!classes.dex",
    ]


def test_a_folder_of_splits_is_the_same_app_as_the_archive(tmp_path: Path) -> None:
    folder = tmp_path / "lantern"
    folder.mkdir()
    for name, content in whole().items():
        (folder / name).write_bytes(content)
    (folder / "notes.txt").write_text("not a package", "utf-8")
    (folder / "main.obb").write_bytes(pack({"level1": b"data"}))
    (folder / "deeper").mkdir()
    facts, pkg = read_it(folder)
    _, same = read(tmp_path / "lantern.zip", whole())
    assert states(facts) == {}
    assert (pkg.permissions, pkg.components, pkg.parts) == (same.permissions, same.components, same.parts)
    assert facts.inputs[0].name == "lantern"
    assert facts.inputs[0].size_bytes == sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    again, _ = read_it(folder)
    assert again == facts
    (folder / "notes.txt").write_text("changed", "utf-8")
    assert read_it(folder)[0].inputs[0].sha256 != facts.inputs[0].sha256


def test_a_folder_of_many_splits_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "lantern"
    folder.mkdir()
    (folder / "base.apk").write_bytes(base(root=""))
    for number in range(100):
        split = apk(root=f'split="config.l{number}" configForSplit=""', signed=False)
        (folder / f"split_config.l{number}.apk").write_bytes(split)
    facts, pkg = read_it(folder)
    assert states(facts) == {}
    assert len(pkg.parts) == 101


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "lantern"
    folder.mkdir()
    (folder / "base.apk").write_bytes(base())
    outside = tmp_path / "split_config.arm64_v8a.apk"
    outside.write_bytes(abi_split())
    (folder / outside.name).symlink_to(outside)
    _, pkg = read_it(folder)
    assert pkg.parts == ("base.apk",)
    assert pkg.splits == ("base__abi",)


# What is given, and what is still missing.
INCOMPLETE: dict[str, tuple[Callable[[], bytes | dict[str, bytes]], tuple[str, ...]]] = {
    "a base alone that needs a type": (base, ("base__abi",)),
    "a base alone that needs any split": (
        lambda: base(root='android:isSplitRequired="true"'),
        ("any configuration split (isSplitRequired)",),
    ),
    "a base alone that says so in its meta-data": (
        lambda: apk(
            '<application><meta-data android:name="com.android.vending.splits.required" android:value="true"/>'
            "</application>"
        ),
        ("any configuration split (isSplitRequired)",),
    ),
    "a set with a feature but no configuration": (
        lambda: {"base.apk": base(root='android:isSplitRequired="true"'), "split_camera.apk": feature()},
        ("any configuration split (isSplitRequired)",),
    ),
    "a feature that needs another": (
        lambda: whole() | {"split_camera.apk": apk('<uses-split android:name="lens"/>', root=FEATURE)},
        ("lens",),
    ),
    "a split alone": (lambda: apk(root='split="config.zh" configForSplit=""'), ("the base package",)),
    "an .xapk that lists more than it holds": (
        lambda: xapk(whole(), split_apks=[{"file": "base.apk", "id": "base"}, {"file": "maps.apk", "id": "maps"}]),
        ("maps.apk (listed in manifest.json)",),
    ),
}


@pytest.mark.parametrize("what", INCOMPLETE)
def test_what_is_missing_leaves_the_question_open(tmp_path: Path, what: str) -> None:
    make, lacking = INCOMPLETE[what]
    facts, pkg = read(tmp_path / "app.apk", make())
    assert pkg.splits == lacking
    assert open_doors(pkg) == tuple(f"required split not given: {each}" for each in lacking)
    found, missing = verdict(facts)
    assert found == "undetermined"
    assert "NO_PACKAGE" in missing


def test_any_configuration_satisfies_a_base_that_names_no_types(tmp_path: Path) -> None:
    splits = {
        "base.apk": base(root='android:isSplitRequired="true"'),
        "split_config.zh.apk": apk(root='split="config.zh" configForSplit=""'),
    }
    assert read(tmp_path / "app.apks", splits)[1].splits == ()


def test_parts_by_different_signers_are_refused_as_the_platform_does(tmp_path: Path) -> None:
    other = apk(root=ABI, by=key("ec", "Somebody else"))
    facts, pkg = read(tmp_path / "app.xapk", xapk(whole() | {"split_config.arm64_v8a.apk": other}))
    assert pkg.signature.state == "broken"
    (fault,) = pkg.signature.faults
    assert (fault.code, fault.at) == ("SIGNERS_DIFFER", "split_config.arm64_v8a.apk")
    assert verdict(facts, "app-2021:9.5.4")[0] == "violation"


def test_an_unsigned_part_of_a_signed_app_is_a_fault_and_a_set_without_any_signature_is_unsigned(
    tmp_path: Path,
) -> None:
    _, pkg = read(tmp_path / "one.xapk", whole() | {"split_config.arm64_v8a.apk": apk(root=ABI, signed=False)})
    assert pkg.signature.state == "broken"
    assert pkg.signature.faults[0].code == "SIGNERS_DIFFER"
    splits = {"base.apk": apk(signed=False), "split_config.arm64_v8a.apk": apk(root=ABI, signed=False)}
    assert read(tmp_path / "none.xapk", splits)[1].signature.state == "unsigned"


def test_a_change_inside_a_split_is_found_at_that_split(tmp_path: Path) -> None:
    changed = bytearray(abi_split())
    changed[changed.index(b"\x7fELF") + 10] ^= 1
    _, pkg = read(tmp_path / "app.xapk", whole() | {"split_config.arm64_v8a.apk": bytes(changed)})
    assert pkg.signature.state == "broken"
    (fault,) = pkg.signature.faults
    assert (fault.code, fault.at) == ("CONTENT_CHANGED", "split_config.arm64_v8a.apk!v2 signer 1")


BOMB = make_zip.pack(
    make_zip.File(b"AndroidManifest.xml", b"x"),
    make_zip.File(b"classes.dex", b"x", central={"size": 0x7FFFFFFF}),
    make_zip.File(b"classes2.dex", b"x", central={"size": 0x7FFFFFFF}),
)
# What stands in the place of a configuration split, and the reason given for it.
DAMAGED: dict[str, tuple[Callable[[], bytes], str]] = {
    "is cut short": (lambda: abi_split()[:200], "MALFORMED"),
    "is empty": (lambda: b"", "MALFORMED"),
    "is a web page": (lambda: b"<html>404</html>" * 9, "NOT_SUPPORTED"),
    "has no manifest": (lambda: pack({"a": b"b"}), "MALFORMED"),
    "has a manifest of rubbish": (lambda: pack({"AndroidManifest.xml": b"\1\2" * 50}), "MALFORMED"),
    "claims what a bomb claims": (lambda: BOMB, "LIMIT_REACHED"),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_split_leaves_the_other_parts_when_it(tmp_path: Path, damage: str) -> None:
    make, reason = DAMAGED[damage]
    name = "split_config.arm64_v8a.apk"
    facts, pkg = read(tmp_path / "app.xapk", xapk(whole() | {name: make()}))
    assert set(states(facts).values()) == {("partial", reason)}
    assert all(name in stage.detail for stage in facts.stages if stage.name in states(facts))
    assert "CAMERA" in str(pkg.permissions)
    assert f"{name} (cannot be read)" in pkg.splits
    assert pkg.signature.state != "verified"
    assert verdict(facts)[0] == "undetermined"


@pytest.mark.parametrize("where", ["archive", "folder"])
def test_a_set_whose_base_is_damaged_is_refused_in_one_line(tmp_path: Path, where: str) -> None:
    splits = whole() | {"base.apk": base()[:200]}
    path = tmp_path / "app.xapk"
    if where == "folder":
        path.mkdir()
        for name, content in splits.items():
            (path / name).write_bytes(content)
    else:
        path.write_bytes(pack(splits))
    with pytest.raises(Malformed, match=r"base\.apk") as raised:
        read_it(path)
    assert "\n" not in str(raised.value)


def test_a_nested_bomb_is_not_inflated(tmp_path: Path) -> None:
    huge = make_zip.pack(
        make_zip.File(b"base.apk", bytes(400 * MIB), central={"size": 1000}, local={"size": 1000}),
    )
    with pytest.raises(LimitReached, match=r"base\.apk inflates beyond"):
        read(tmp_path / "app.xapk", huge)
    with pytest.raises(LimitReached, match="bomb"):
        read(tmp_path / "app.xapk", {"base.apk": BOMB})


# What is no app, and what its one line says.
REFUSED: dict[str, tuple[Callable[[], dict[str, bytes]], str]] = {
    "two bases": (
        lambda: {"a.apk": apk(package="com.example.a"), "b.apk": apk(package="com.example.b")},
        "2 base packages (a.apk com.example.a 7, b.apk com.example.b 7)",
    ),
    "two bases in one variant": (
        lambda: {
            "toc.pb": toc((0, {"splits/a.apk": 3, "splits/b.apk": 3})),
            "splits/a.apk": apk(),
            "splits/b.apk": apk(),
        },
        "2 base packages",
    ),
    "splits alone": (lambda: {"split_config.arm64_v8a.apk": abi_split(), "split_camera.apk": feature()}, "all splits"),
    "no APK": (lambda: {"toc.pb": toc((0, {"splits/base-master.apk": 3}))}, "without an APK"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_in_one_line(tmp_path: Path, what: str) -> None:
    make, says = REFUSED[what]
    with pytest.raises(ReadError) as raised:
        read(tmp_path / "app.apks", make())
    for text in (raised.value.words.zh, raised.value.words.en):
        assert "\n" not in text
        assert "app.apks" in text
    assert says in raised.value.words.en


def test_an_empty_folder_and_one_without_packages_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "nothing"
    folder.mkdir()
    with pytest.raises(ReadError, match="directory without files"):
        read_it(folder)
    (folder / "notes.txt").write_text("no package", "utf-8")
    with pytest.raises(Malformed, match="a directory without an APK"):
        read_it(folder)


WRONG_LISTS: dict[str, tuple[bytes, str]] = {
    "is no JSON": (b"{", "LIST_UNREADABLE"),
    "is a list": (b"[]", "LIST_UNREADABLE"),
    "nests without end": (b"[" * 100_000, "LIST_UNREADABLE"),
    "names another package": (b'{"package_name": "com.example.other"}', "LIST_DIFFERS"),
    "names another version": (b'{"version_code": "8"}', "LIST_DIFFERS"),
    "leaves out a split": (b'{"split_apks": [{"file": "base.apk", "id": "base"}]}', "GIVEN_NOT_LISTED"),
    "has expansions": (b'{"expansions": [{"file": "Android/obb/main.obb"}]}', "EXPANSIONS_NOT_READ"),
    "has parts of other types": (b'{"split_apks": 3}', "LIST_UNREADABLE"),
}


@pytest.mark.parametrize("fault", WRONG_LISTS)
def test_the_apks_are_believed_and_not_a_manifest_json_that(tmp_path: Path, fault: str) -> None:
    content, problem = WRONG_LISTS[fault]
    facts, pkg = read(tmp_path / "app.xapk", xapk(whole()) | {"manifest.json": content})
    assert states(facts) == {}
    assert (pkg.name, len(pkg.parts), pkg.splits) == (PACKAGE, 3, ())
    assert problems(pkg) == {problem: "manifest.json"}


def test_of_several_variants_the_newest_in_splits_is_read(tmp_path: Path) -> None:
    old, new = base(asks("READ_SMS")), base()
    splits = {
        "standalones/standalone-arm64_v8a.apk": apk(),
        "splits/base-master.apk": old,
        "splits/base-master_2.apk": new,
        "splits/base-arm64_v8a.apk": abi_split(),
        "instant/instant-base-master.apk": apk(),
    }
    listed = toc(
        (0, {"standalones/standalone-arm64_v8a.apk": 4}),
        (1, {"splits/base-master.apk": 3, "splits/base-arm64_v8a.apk": 3}),
        (2, {"splits/base-master_2.apk": 3, "splits/base-arm64_v8a.apk": 3, "instant/instant-base-master.apk": 5}),
    )
    _, pkg = read(tmp_path / "app.apks", {"toc.pb": listed, **splits})
    assert pkg.parts == ("splits/base-master_2.apk", "splits/base-arm64_v8a.apk")
    assert "READ_SMS" not in str(pkg.permissions)
    (odd,) = pkg.odd_entries
    assert odd.problem == "OTHER_VARIANTS"
    assert "standalones/standalone-arm64_v8a.apk" in odd.detail


def test_of_standalone_packages_the_one_for_64_bit_arm_is_read(tmp_path: Path) -> None:
    names = ("standalones/standalone-arm64_v8a_hdpi.apk", "standalones/standalone-x86_hdpi.apk")
    listed = toc(*((number, {name: 4}) for number, name in enumerate(names)))
    _, pkg = read(tmp_path / "app.apks", {"toc.pb": listed, **dict.fromkeys(names, apk())})
    assert pkg.parts == names[:1]


def test_a_universal_apk_and_asset_slices_are_read(tmp_path: Path) -> None:
    _, pkg = read(tmp_path / "app.apks", {"toc.pb": toc((0, {"universal.apk": 4})), "universal.apk": apk()})
    assert pkg.parts == ("universal.apk",)
    asset = apk(root='split="art" android:isFeatureSplit="true"')
    listed = toc((0, {"splits/base-master.apk": 3}), slices={"asset-slices/art-master.apk": 7})
    files = {"toc.pb": listed, "splits/base-master.apk": apk(), "asset-slices/art-master.apk": asset}
    assert read(tmp_path / "app.apks", files)[1].parts == ("splits/base-master.apk", "asset-slices/art-master.apk")


def test_a_part_of_another_package_or_version_is_told(tmp_path: Path) -> None:
    other = apk(asks("READ_SMS"), root='split="config.zh"', package="com.example.other")
    _, pkg = read(tmp_path / "app.xapk", whole() | {"other.apk": other})
    assert problems(pkg) == {"PART_OF_ANOTHER_PACKAGE": "other.apk!AndroidManifest.xml"}
    assert "READ_SMS" not in str(pkg.permissions)
    assert "other.apk" not in pkg.parts
    later = apk(root='split="config.zh"', version=8)
    assert "PART_OF_ANOTHER_VERSION" in problems(read(tmp_path / "app.xapk", whole() | {"zh.apk": later})[1])
    again = whole() | {"again.apk": feature()}
    assert "SPLIT_TWICE" in problems(read(tmp_path / "app.xapk", again)[1])


def test_a_permission_several_parts_ask_for_is_one_with_the_wider_limit(tmp_path: Path) -> None:
    limited = '<uses-permission android:name="android.permission.CAMERA" android:maxSdkVersion="28"/>'
    _, pkg = read(tmp_path / "app.xapk", whole() | {"base.apk": base(limited)})
    (camera,) = (one for one in pkg.permissions if one.name.endswith("CAMERA"))
    assert (camera.max_sdk, camera.why_origin) == (None, "")
    assert camera.at.startswith("base.apk!")


def test_a_split_takes_the_levels_of_the_base(tmp_path: Path) -> None:
    # On its own, without <uses-sdk>, it would be of level 1 and be given old permissions.
    splits = {"base.apk": base(root=""), "split_camera.apk": apk(IN_FEATURE, root=FEATURE, sdk="")}
    _, pkg = read(tmp_path / "app.xapk", splits)
    assert [one.name for one in pkg.permissions] == [
        "android.permission.INTERNET",
        "android.permission.CAMERA",
    ]


def test_a_component_copied_to_the_base_is_one(tmp_path: Path) -> None:
    both = '<application><activity android:name=".Main"/><activity android:name=".Shoot"/></application>'
    splits = {"base.apk": apk(both, files=CODE), "split_camera.apk": feature()}
    _, pkg = read(tmp_path / "app.xapk", splits)
    assert [one.at.partition("!")[0] for one in pkg.components] == ["base.apk"] * 2


def test_a_label_that_a_language_split_holds_is_found(tmp_path: Path) -> None:
    label = 0x7F010000
    splits = {
        "base.apk": apk('<application android:label="@0x7f010000"/>', table={label: {Config(): "Lantern"}}),
        "split_config.zh.apk": apk(root='split="config.zh" configForSplit=""', table={label: {Config("zh"): "灯笼"}}),
        "split_config.fr.apk": apk(
            root='split="config.fr" configForSplit=""', table={label: {Config("fr"): "Lanterne"}}
        ),
    }
    assert read(tmp_path / "app.xapk", splits)[1].label == "灯笼"


def test_a_split_whose_manifest_ends_early_is_told_and_what_it_held_is_kept(tmp_path: Path) -> None:
    from tests.readers.apk.make_axml import Faults, compile_xml
    from tests.readers.bundle.make_bundle import manifest

    short = compile_xml(manifest(IN_FEATURE, root=FEATURE), Faults(after_nodes=b"\x03\x01\x10\x00\xff\xff\xff\xff"))
    nodes_end = short.rindex(b"\x03\x01\x10\x00\xff\xff\xff\xff")
    cut = short[: nodes_end - 100] + short[nodes_end:]
    facts, pkg = read(tmp_path / "app.xapk", whole() | {"split_camera.apk": pack({"AndroidManifest.xml": cut})})
    assert states(facts)["manifest"] == ("partial", "MALFORMED")
    assert "split_camera.apk (cannot be read)" in pkg.splits


def test_deflated_apks_are_read_from_memory(tmp_path: Path) -> None:
    packed = make_zip.pack(*(make_zip.File(name.encode(), content, method=8) for name, content in whole().items()))
    facts, pkg = read(tmp_path / "app.xapk", packed)
    assert states(facts) == {}
    assert pkg.signature.state == "verified"


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), changes=st.integers(1, 6))
def test_a_damaged_set_gives_facts_or_a_read_error(
    tmp_path_factory: pytest.TempPathFactory, seed: int, changes: int
) -> None:
    chance = random.Random(seed)  # noqa: S311
    made = bytearray(SETS[seed % len(SETS)])
    for _ in range(changes):
        made[chance.randrange(len(made))] = chance.choice((0, 1, 0x7F, 0xFF, chance.randrange(256)))
    path = tmp_path_factory.getbasetemp() / "damaged.apks"
    path.write_bytes(made)
    try:
        facts = read_package(path, Limits(stage_s=20))
    except ReadError:
        return
    assert not [stage for stage in facts.stages if stage.reason in ("CRASHED", "TIME_LIMIT", "MEMORY_LIMIT")]


def test_a_lone_apk_reads_as_before(tmp_path: Path) -> None:
    _, pkg = read(
        tmp_path / "app.apk", apk(ACTIVITY, root=NEEDS_SPLITS.replace("true", "false").replace("base__abi", ""))
    )
    assert (pkg.parts, pkg.splits) == ((), ())
    assert pkg.manifest_at.startswith("AndroidManifest.xml@")
