"""SDKs are named by what is packaged, left unknown by what only mentions them, and their versions carry the place."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hegui.catalogue.sdks import forget
from hegui.catalogue.sdks.builds import builds
from hegui.facts import Unread
from hegui.facts.package import Sdk
from hegui.readers.errors import Malformed
from hegui.readers.sdk.clues import Clues, wanted
from hegui.readers.sdk.embedded import SURE, Shown, embedded, named_by_shape, shown

LANTERN = """
id = "com.lantern.push"
name = { zh = "灯笼推送", en = "Lantern push" }
operator = { name = "灯笼公司", country = "CN" }
func_class = "push"
prefixes = ["com.lantern.push."]
classes = ["com.wick.Shared"]
components = ["com.lantern.push.LampService", "com.other.LampReceiver"]
meta_data = ["LANTERN_KEY", "LANTERN_EXTRA_*"]
permissions = ["*.permission.LANTERN"]
native_libs = ["liblantern*.so"]
assets = ["lantern.cfg"]
strings = ["lantern wick trimmed", "lantern oil is low: ", "LanternLampHelper_x", "lantern_glow_level"]
collects_known = true
collects = ["device_id.oaid"]
sources = ["invented"]
checked = "2026-11-22"

[[version]]
kind = "field"
class = "com.lantern.push.BuildInfo"
field = "VERSION"

[[version]]
kind = "string"
class = "com.lantern.push.Api"
pattern = 'lit up ([\\d.]+)'

[[version]]
kind = "constant"
name = "Lantern/"
pattern = '^Lantern/([\\d.]+)'

[[version]]
kind = "meta_data"
name = "LANTERN_VERSION"

[[version]]
kind = "asset"
path = "lantern.cfg"
pattern = 'v=([\\d.]+)'

[[version]]
kind = "native_string"
name = "liblantern*.so"
pattern = 'lantern core ([\\d.]+)'

[[version]]
kind = "native_name"
name = "liblantern*.so"
pattern = '_v(\\d+)_(\\d+)\\.so'
"""
DOUBTFUL = """
id = "com.wick"
name = { zh = "灯芯", en = "Wick" }
func_class = "other"
confidence = "low"
prefixes = ["com.wick."]
sources = ["invented"]
checked = "2026-11-22"
"""
KEY = {"LANTERN_KEY": "x"}
LIB = b"\x7fELF\0\0lantern core 4.5.6\0Java_com_lantern_push_Native_light\0"


@pytest.fixture(autouse=True)
def catalogue_with_lantern(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "catalogue" / "sdks"
    folder.mkdir(parents=True)
    (folder / "com.lantern.push.toml").write_text(LANTERN, "utf-8")
    (folder / "com.wick.toml").write_text(DOUBTFUL, "utf-8")
    monkeypatch.setenv("HEGUI_HOME", str(tmp_path))
    _forget()
    yield
    _forget()


def _forget() -> None:
    forget()
    wanted.cache_clear()


def clues(*classes: str, strings: tuple[str, ...] = ()) -> Clues:
    made = Clues()
    for name in classes:
        made.add(name.encode())
    made.add_strings(text.encode() for text in strings)
    return made


def of(seen: Clues, package: Shown | None = None, is_packed: bool = False) -> Sdk | None:
    found = embedded(seen, package or Shown(), is_packed)
    assert len(found) <= 1
    return found[0] if found else None


MANY = ("com/lantern/push/Api", "com/lantern/push/A", "com/lantern/push/a/B")


def test_classes_of_its_name_name_it() -> None:
    one = of(clues(*MANY))
    assert one is not None
    assert (one.sdk_id, one.name, one.conf, one.candidate) == ("com.lantern.push", "灯笼推送", 0.97, "")
    assert (one.pkg_prefix, one.at, one.collects_pi) == (
        "com.lantern.push", ("com.lantern.push", "com.lantern.push.a"), True,
    )  # fmt: skip


def test_an_sdk_known_by_single_classes_is_found() -> None:
    one = of(clues("com/wick/Shared", "com/wick/Shared$1", "com/lantern/push/Api"))
    assert one is not None
    assert (one.sdk_id, one.conf) == ("com.lantern.push", 0.85)


def test_one_class_may_be_a_stub_so_it_is_unknown() -> None:
    one = of(clues("com/lantern/push/ILamp", "com/lantern/push/ILamp$Stub"))
    assert one is not None
    assert (one.sdk_id, one.candidate, one.conf) == ("unknown", "com.lantern.push", 0.7)
    assert one.version == Unread(
        "SDK_UNKNOWN", "perhaps com.lantern.push, with a confidence of 0.7; too little to name it"
    )
    assert "灯笼" not in one.name


def test_its_one_component_is_the_same_class_and_no_second_clue() -> None:
    package = Shown(components=(("com.lantern.push.LampService", "AndroidManifest.xml@0x10"),))
    one = of(clues("com/lantern/push/LampService"), package)
    assert one is not None
    assert (one.sdk_id, one.conf) == ("unknown", 0.7)


def test_resources_without_code_are_not_the_sdk() -> None:
    assert of(clues("com/lantern/push/R", "com/lantern/push/R$string", "com/lantern/push/BuildConfig")) is None


def test_what_only_mentions_it_never_names_it() -> None:
    package = Shown(
        components=(("com.lantern.push.LampService", ""),),
        meta_data=KEY,
        permissions=("com.example.permission.LANTERN",),
        files={"assets/lantern.cfg": lambda: b""},
    )
    everything = ("lantern wick trimmed", "lantern oil is low: ", "LanternLampHelper_x", "lantern_glow_level")
    one = of(clues(strings=everything), package, is_packed=True)
    assert one is not None
    assert (one.sdk_id, one.conf) == ("unknown", 0.7)
    assert one.conf < SURE
    assert {clue.kind for clue in one.clues} == {"declared", "meta_data", "permission", "asset", "string"}


def test_keys_left_in_the_manifest_tell_nothing_of_code_that_is_there_to_read() -> None:
    package = Shown(components=(("com.lantern.push.LampService", ""),), meta_data=KEY)
    assert of(clues("com/example/Main"), package) is None
    one = of(clues("com/shell/Stub"), package, is_packed=True)
    assert one is not None
    assert one.candidate == "com.lantern.push"


def test_a_renamed_copy_that_keeps_its_components_is_named() -> None:
    seen = clues(
        "x/a", "x/b", "com/lantern/push/LampService", "com/other/LampReceiver", strings=("lantern wick trimmed",)
    )
    package = Shown(components=(("com.lantern.push.LampService", ""), ("com.other.LampReceiver", "")))
    one = of(seen, package)
    assert one is not None
    assert one.sdk_id == "com.lantern.push"


def test_shapes_of_a_known_build_name_a_copy_of_which_nothing_else_is_left() -> None:
    build = builds()[0]
    seen = Clues()
    for shape in build.shapes:
        seen.add_shape(b"a/" + shape.encode(), shape)
    one = of(seen)
    assert one is not None
    assert (one.sdk_id, one.clues[0].kind) == (build.sdk, "shape")
    few = Clues()
    for shape in sorted(build.shapes)[:4]:
        few.add_shape(b"a/" + shape.encode(), shape)
    assert of(few) is None


def test_a_renamed_class_with_a_shape_of_its_own_is_the_sdks() -> None:
    build = builds()[0]
    seen = Clues()
    for i, shape in enumerate(sorted(build.shapes)):
        seen.add_shape(f"a/C{i}".encode(), shape)
    seen.add_shape(b"b/Other", max(build.shapes))
    named = named_by_shape(seen, embedded(seen, Shown(), is_packed=False))
    assert named["a.C0"] == (build.sdk, build.file)
    # Two classes have the last one's shape.
    assert "b.Other" not in named
    assert len(named) == len(build.shapes) - 1
    few = Clues()
    for shape in sorted(build.shapes)[: len(build.shapes) // 3]:
        few.add_shape(b"a/" + shape.encode(), shape)
    assert named_by_shape(few, embedded(few, Shown(), is_packed=False)) == {}


def test_names_that_may_be_anothers_are_unknown() -> None:
    one = of(clues("com/wick/A", "com/wick/B", "com/wick/C"))
    assert one is not None
    assert (one.sdk_id, one.candidate) == ("unknown", "com.wick")


def test_a_library_with_native_methods_of_its_class_is_surer_than_a_name() -> None:
    named = Shown(
        libraries={"liblantern.so": ("lib/a/liblantern.so",)}, files={"lib/a/liblantern.so": lambda: b"\x7fELF"}
    )
    exports = Shown(libraries=named.libraries, files={"lib/a/liblantern.so": lambda: LIB})
    by_name, by_code = of(clues(), named), of(clues(), exports)
    assert by_name is not None
    assert by_code is not None
    assert (by_name.sdk_id, by_name.conf) == ("unknown", 0.5)
    assert (by_code.sdk_id, by_code.conf) == ("com.lantern.push", 0.85)
    assert "Java_com_lantern_push_Native_light" in [clue.what for clue in by_code.clues]


def test_a_library_that_cannot_be_read_is_a_name_only() -> None:
    def broken() -> bytes:
        raise Malformed("坏", "broken")

    one = of(clues(), Shown(libraries={"liblantern.so": ("l",)}, files={"l": broken}))
    assert one is not None
    assert one.conf == 0.5


def test_the_manifest_may_hold_records_or_json() -> None:
    read = {
        "components": [{"kind": "activity-alias", "name": "a.Alias", "target": "a.B", "at": "here"}],
        "permissions": [{"name": "p"}],
        "meta_data": {"k": "v"},
    }
    files = {"lib/arm64-v8a/liba.so": lambda: b"", "jni/x86/liba.so": lambda: b"", "assets/lib/x": lambda: b""}
    package = shown(read, files)
    assert package.components == (("a.B", "here"),)
    assert (package.meta_data, package.permissions) == ({"k": "v"}, ("p",))
    assert package.libraries == {"liba.so": ("jni/x86/liba.so", "lib/arm64-v8a/liba.so")}
    assert shown({"components": Unread("NO_PACKAGE")}, {}) == Shown()


# --- versions: the readers in their order ---


def version(seen: Clues, package: Shown | None = None) -> tuple[str | Unread, str]:
    one = of(seen, package)
    assert one is not None
    return one.version, one.version_src


def test_a_field() -> None:
    seen = clues(*MANY)
    seen.texts["com.lantern.push.BuildInfo", "VERSION"] = "1.2.3"
    assert version(seen) == ("1.2.3", "com.lantern.push.BuildInfo.VERSION")


def test_a_string_of_a_class() -> None:
    seen = clues(*MANY)
    seen.constants["com.lantern.push.Api"] = [("dark", "classes.dex@0x8"), ("lit up 2.0", "classes.dex@0x10")]
    assert version(seen) == ("2.0", "classes.dex@0x10")


def test_a_constant_that_renaming_leaves() -> None:
    seen = clues(*MANY)
    seen.begun["Lantern/3.1"] = "classes.dex"
    assert version(seen) == ("3.1", "classes.dex")


def test_a_manifest_value() -> None:
    found = version(clues(*MANY), Shown(meta_data={"LANTERN_VERSION": "4.0"}))
    assert found == ("4.0", "AndroidManifest.xml meta-data LANTERN_VERSION")


def test_an_asset() -> None:
    found = version(clues(*MANY), Shown(files={"assets/lantern.cfg": lambda: b"a\nv=4.1\n"}))
    assert found == ("4.1", "assets/lantern.cfg")


def test_a_string_of_a_library() -> None:
    place = "lib/arm64-v8a/liblantern.so"
    found = version(clues(*MANY), Shown(libraries={"liblantern.so": (place,)}, files={place: lambda: LIB}))
    assert found == ("4.5.6", f"{place}@0x6")


def test_the_name_of_a_library_in_groups() -> None:
    place = "lib/arm64-v8a/liblantern_v7_5.so"
    found = version(clues(*MANY), Shown(libraries={"liblantern_v7_5.so": (place,)}, files={place: lambda: b""}))
    assert found == ("7.5", place)


def test_none_is_unread_and_never_empty() -> None:
    assert version(clues(*MANY)) == (Unread("SDK_VERSION_UNKNOWN", "no place the catalogue knows holds one"), "")
