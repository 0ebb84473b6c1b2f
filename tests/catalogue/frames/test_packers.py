"""Packers: known by what they leave, each row with what confirmed it, and no name that is somebody else's."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

import hegui.catalogue.frames.packers
from hegui.catalogue.frames.packers import packer_by_application, packer_by_class, packer_by_file, packers

ROWS = tomllib.loads(Path(hegui.catalogue.frames.packers.__file__).with_name("packers.toml").read_text("utf-8"))[
    "packer"
]


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_a_row_says_what_confirmed_it_and_what_nothing_confirmed(row: dict[str, list[str]]) -> None:
    assert row["source"]
    assert date.fromisoformat(str(row["checked"]))
    assert set(row["unverified"]) <= {*row["applications"], *row["classes"], *row["libraries"], *row["assets"]}
    assert all(re.fullmatch(r"(?:[\w$]+\.)*[\w$]+\.?", name) for name in row["classes"])


@pytest.mark.parametrize(
    ("name", "packer"),
    [
        ("com.stub.StubApp", "qihoo-jiagu"),
        ("com.qihoo.util.StubApp1053578832", "qihoo-jiagu"),
        ("com.example.lantern.MyWrapperProxyApplication", "tencent-legu"),
        ("s.h.e.l.l.A", "ijiami"),
        ("com.Kiwisec.KiwiSecApplication", "kiwisec"),
        ("com.sagittarius.v6.StubApplication", "baidu-protect"),
        ("com.example.lantern.StubApp", None),
        ("com.shell.station.App", None),
    ],
)
def test_a_stub_application_names_its_packer(name: str, packer: str | None) -> None:
    found = packer_by_application(name)
    assert (found and found.id) == packer


@pytest.mark.parametrize(
    ("name", "packer"),
    [
        ("lib/arm64-v8a/libshell-super.2021.so", "tencent-legu"),
        ("lib/arm64-v8a/libvdog.so", "naga"),
        ("lib/arm64-v8a/libdexprotector_h.so", "dexprotector"),
        ("assets/ijiami3.ajm", "ijiami"),
        ("assets/dp.arm-v7.so.dat", "dexprotector"),
        # Of an advertising SDK that is protected itself, and of a face SDK with Baidu's cipher: the app is not packed.
        ("assets/libyaqpro.so", None),
        ("lib/arm64-v8a/libbaiduprotect_sec_jni_v3_lite_face.so", None),
    ],
)
def test_a_file_names_its_packer(name: str, packer: str | None) -> None:
    found = packer_by_file(["classes.dex", name])
    assert (found and found[0].id) == packer


@pytest.mark.parametrize(
    "name", ["com.kiwisec.floatwindow.FloatWindow", "com.dingxiang.mobile.risk.DXRisk", "com.shell.station.Main"]
)
def test_a_class_of_somebody_else_names_no_packer(name: str) -> None:
    assert packer_by_class(name) is None


def test_no_two_packers_share_a_name() -> None:
    keys = ("applications", "classes", "libraries", "assets")
    names = [name for row in ROWS for name in {name for key in keys for name in row[key]}]
    assert sorted({name for name in names if names.count(name) > 1}) == []
    assert len(packers()) == len(ROWS)
