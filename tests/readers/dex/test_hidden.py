"""What limits the reading of the code."""

import re

import pytest

from hegui.catalogue.frames.packers import packer_by_application, packer_by_class, packer_by_file, packers
from hegui.readers.dex import CodeFacts, Entries
from tests.readers.dex.make_dex import STATIC, Assembly
from tests.readers.dex.reading import read

LOADER = "Ldalvik/system/DexClassLoader;-><init>(Ljava/lang/String;Ljava/lang/String;Ljava/lang/String;Ljava/lang/ClassLoader;)V"


def code(cls: str, *lines: str, **more: object) -> CodeFacts:
    made = Assembly()
    made.cls(cls).method("go()V", [*lines, "return-void"], STATIC)
    return read(made, **more)  # type: ignore[arg-type]


def test_an_ordinary_package() -> None:
    made = Assembly()
    for name in ("Lapp/Main;", "Lapp/App;", "Lapp/Account;"):
        made.cls(name).method("go()V", ["return-void"])
    seen = read(made, entries=Entries(application="app.App", components=("app.Main",))).coverage
    assert seen["packed"] is False
    assert seen["packer"] is None
    assert seen["dyn_code"] is False
    assert seen["obfuscation"] == 0.0
    assert seen["methods"] == {"decoded": 3, "failed": 0}
    assert seen["missing"] == []


def test_an_application_class_that_no_file_defines() -> None:
    seen = code("Lapp/Main;", entries=Entries(application="app.Gone")).coverage
    assert (seen["packed"], seen["packer"]) == (True, None)
    assert seen["packed_why"] == ["Application app.Gone is in no DEX file"]
    # Code that is hidden now is code that is loaded later.
    assert seen["dyn_code"] is True


def test_a_known_stub() -> None:
    seen = code("Lcom/stub/StubApp;", entries=Entries(application="com.stub.StubApp")).coverage
    assert (seen["packed"], seen["packer"]) == (True, "qihoo-jiagu")


def test_a_known_library() -> None:
    seen = code("Lapp/Main;", files=("lib/arm64-v8a/libDexHelper.so",)).coverage
    assert (seen["packed"], seen["packer"]) == (True, "bangcle")


def test_a_shell_of_its_own_package_beside_a_missing_application() -> None:
    seen = code("Lcom/secneo/apkwrapper/Loader;", entries=Entries(application="app.Gone")).coverage
    assert seen["packer"] == "bangcle"
    assert code("Lcom/secneo/apkwrapper/Loader;").coverage["packer"] is None


def test_most_components_missing() -> None:
    gone = tuple(f"app.Gone{i}" for i in range(4))
    seen = code("Lapp/Main;", entries=Entries(components=("app.Main", *gone))).coverage
    assert seen["packed"] is True
    assert seen["missing"] == sorted(gone)
    few = code("Lapp/Main;", entries=Entries(components=("app.Main", "app.Gone")))
    assert few.coverage["packed"] is False
    assert few.coverage["missing"] == ["app.Gone"]


def test_a_class_loader_is_dynamic_code() -> None:
    seen = code(
        "Lapp/Main;", f"invoke-direct/range_ {LOADER}"[:0] or "nop", "invoke-static {}, Lapp/Main;->go()V"
    ).coverage
    assert seen["dyn_code"] is False
    seen = code("Lapp/Main;", "invoke-static/range {v1, v2, v3, v4, v5}, " + LOADER).coverage
    assert seen["dyn_code"] is True
    assert seen["dyn_code_why"]["counts"] == {"watch.class_loader": 1}
    assert re.fullmatch(r"Lapp/Main; classes\.dex@0x[0-9a-f]+", seen["dyn_code_why"]["places"]["watch.class_loader"][0])


def test_more_files_of_its_own_are_not() -> None:
    seen = code("Landroidx/multidex/MultiDex;", "invoke-static/range {v1, v2, v3, v4, v5}, " + LOADER).coverage
    assert seen["dyn_code"] is False
    assert seen["dyn_code_why"]["own_loading"] == 1


def test_plugin_hosts() -> None:
    seen = code("Lcom/qihoo360/replugin/RePlugin;").coverage
    assert (seen["dyn_code"], seen["dyn_code_why"]["plugin_hosts"]) == (True, ["RePlugin"])


def test_reflection_is_counted_by_whether_the_name_is_known() -> None:
    name = "Ljava/lang/Class;->forName(Ljava/lang/String;)Ljava/lang/Class;"
    seen = code(
        "Lapp/Main;", f"invoke-static {{v1}}, {name}", 'const-string v1, "a.B"', f"invoke-static {{v1}}, {name}"
    ).coverage
    assert seen["dyn_code_why"]["counts"] == {"watch.class_for_name.constant": 1, "watch.class_for_name.unknown": 1}
    assert seen["dyn_code"] is False


@pytest.mark.parametrize(
    ("path", "where"), [("/system/lib/libc.so", "system"), ("/data/x.so", "elsewhere"), (None, "elsewhere")]
)
def test_native_libraries_loaded_by_path(path: str | None, where: str) -> None:
    lines = [f'const-string v1, "{path}"'] if path else []
    seen = code("Lapp/Main;", *lines, "invoke-static {v1}, Ljava/lang/System;->load(Ljava/lang/String;)V").coverage
    assert seen["dyn_code_why"]["counts"] == {f"watch.native_load.{where}": 1}


def test_obfuscation_is_the_share_of_short_names_outside_frameworks() -> None:
    made = Assembly()
    for name in ("La/b;", "La/c$1;", "Lapp/Main;", "Lapp/Account;", "Landroidx/core/a;", "Lapp/R$id;"):
        made.cls(name)
    assert read(made).coverage["obfuscation"] == 0.5
    assert code("Landroidx/core/a;").coverage["obfuscation"] is None


def test_code_that_is_no_instructions_is_counted() -> None:
    made = Assembly()
    made.cls("Lapp/Main;").method("a()V", [".units 0x006e"]).method("b()V", [".units 0x0100 0xffff 0 0"]).method(
        "c()V", ["nop"]
    )
    assert read(made).coverage["methods"] == {"decoded": 1, "failed": 2}


def test_the_table_of_packers_is_sound() -> None:
    ids = [packer.id for packer in packers()]
    assert len(ids) == len(set(ids)) >= 14
    assert all(packer.name.zh and packer.name.en for packer in packers())
    applications = [name for packer in packers() for name in packer.applications]
    assert len(applications) == len(set(applications))
    for packer in packers():
        assert packer.applications or packer.files
        for name in packer.applications:
            assert packer_by_application(name) == packer
    found = packer_by_file(["lib/x86/libshella-4.1.0.so"])
    assert found is not None
    assert found[0].id == "tencent-legu"
    assert packer_by_file(["lib/x86/libc++_shared.so", "assets/a.txt", "lib/x86/libshell.sort"]) is None
    assert packer_by_class("com.tencent.mm.Main") is None
