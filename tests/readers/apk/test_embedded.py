"""What a DEX file shows of SDKs: the same as the class files it was made from."""

from pathlib import Path

import pytest

from bench.dexing import dex_files
from hegui.readers.apk.embedded import look, members_of
from hegui.readers.dex.tables import Methods, read_dex
from hegui.readers.jvm.class_file import ClassFile
from hegui.readers.sdk.clues import Clues
from hegui.readers.sdk.code import look as look_at_class
from hegui.readers.sdk.code import members
from hegui.readers.sdk.embedded import Shown, embedded
from hegui.readers.sdk.shapes import named, shape
from tests.readers.dex.make_dex import STATIC, Assembly
from tests.readers.jvm.make_class import Class, lantern

MATERIALS = Path(__file__).parents[4] / "shared/materials/sdk"
needs_materials = pytest.mark.skipif(not MATERIALS.is_dir(), reason="needs ../shared/materials/sdk")


def seen_in(*contents: bytes) -> Clues:
    clues = Clues()
    for content in contents:
        for dex in read_dex("classes.dex", content):
            look(clues, dex, Methods(dex))
    return clues


def class_files(*classes: Class) -> list[ClassFile]:
    return [ClassFile(one.file(), one.name) for one in classes]


def push() -> list[ClassFile]:
    config = lantern(name="com/igexin/sdk/PushBuildConfig")
    config.constants = [("sdk_conf_version", "Ljava/lang/String;", config.pool.string("3.1.4"))]
    return class_files(config, *(lantern(name=f"com/igexin/push/{name}") for name in "ABC"))


def test_classes_and_static_texts_are_found() -> None:
    clues = seen_in(*dex_files(push()))
    assert clues.owned == {"com.getui": {"com.igexin.push": 3, "com.igexin.sdk": 1}}
    assert clues.texts == {("com.igexin.sdk.PushBuildConfig", "sdk_conf_version"): "3.1.4"}


def test_a_class_only_mentioned_is_not_there() -> None:
    app = Assembly()
    main = app.cls("Lcom/example/Main;")
    main.method(
        "start()V",
        [
            "const-class v0, Lcom/igexin/sdk/PushManager;",
            'const-string v0, "com.igexin.sdk.PushService"',
            "invoke-static {}, Lcom/igexin/sdk/PushManager;->getInstance()V",
            "return-void",
        ],
        STATIC,
    )
    clues = seen_in(app.dex())
    assert not clues.owned
    assert embedded(clues, Shown(), is_packed=False) == []


def test_constants_of_a_class_have_their_place() -> None:
    app = Assembly()
    api = app.cls("Lcn/jpush/android/api/JPushInterface;")
    api.method("init()V", ['const-string v0, "action:init - sdkVersion:3.3.4, buildId:36"', "return-void"], STATIC)
    for name in "ABC":
        app.cls(f"Lcn/jpush/android/{name};")
    content = app.dex()
    clues = seen_in(content)
    ((text, place),) = clues.constants["cn.jpush.android.api.JPushInterface"]
    assert text == "action:init - sdkVersion:3.3.4, buildId:36"
    assert content[int(place.partition("@")[2], 16)] == 0x1A
    (one,) = embedded(clues, Shown(), is_packed=False)
    assert (one.sdk_id, one.version, one.version_src) == ("cn.jpush", "3.3.4", place)


def test_strings_by_which_sdks_and_versions_are_known_are_looked_up() -> None:
    app = Assembly(extra_strings=["SwitchNetManagerExternal", "quick_login_android_5.9.17", "quick_login", "zzz"])
    app.cls("Lx/a;")
    clues = seen_in(app.dex())
    assert clues.strings == {"cn.com.chinatelecom": {"SwitchNetManagerExternal"}}
    assert clues.begun == {"quick_login_android_5.9.17": "classes.dex"}


def test_a_class_has_the_same_members_in_both_forms() -> None:
    (one,) = class_files(lantern())
    (content,) = dex_files([one])
    (dex,) = read_dex("classes.dex", content)
    from_dex, from_class = members_of(dex, Methods(dex), 0), members(one)
    assert named(one.name, from_dex) == named(one.name, from_class)


@needs_materials
@pytest.mark.parametrize("name", ["jpush-android-3.3.4.jar", "gtc-3.2.18.0.jar"])
def test_a_real_sdk_shows_the_same_in_both_forms(name: str) -> None:
    import zipfile

    with zipfile.ZipFile(MATERIALS / name) as jar:
        files = [ClassFile(jar.read(one), one) for one in jar.namelist() if one.endswith(".class")]
    by_class = Clues()
    for one in files:
        look_at_class(by_class, one, one.file)
    by_dex = seen_in(*dex_files(files))
    assert by_dex.owned == by_class.owned
    assert by_dex.strings == by_class.strings
    assert by_dex.texts == by_class.texts
    found = {}
    for content in dex_files(files):
        for dex in read_dex("classes.dex", content):
            methods = Methods(dex)
            for row, index in enumerate(dex.class_defs[0::8].tolist()):
                found[dex.type_name(index)[1:-1]] = shape(members_of(dex, methods, row))
    assert found == {one.name: shape(members(one)) for one in files}
