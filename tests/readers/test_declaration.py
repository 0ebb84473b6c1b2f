"""Declarations: a signed form, and one clear line for every way to get it wrong."""

from pathlib import Path

import pytest

from hegui.readers.declaration import read_declaration
from hegui.readers.errors import ReadError

GOOD = """
signed_by = "张三（虚构）"
signed_on = "2026-11-01"
[app]
type = "实用工具类"
mau = 10
[[app.scenes]]
name = "扫码"
perms = ["CAMERA"]
interval_s = 3
"""


def test_a_form_in_toml_is_read_with_its_hash(tmp_path: Path) -> None:
    path = tmp_path / "app.toml"
    path.write_text(GOOD, "utf-8")
    given, made = read_declaration(path)
    assert given.kind == "declaration"
    assert len(given.sha256) == 64
    assert made.app.type == "实用工具类"
    assert made.app.scenes[0].perms == ("CAMERA",)
    assert made.at == "app.toml"


def test_the_same_form_in_json_is_the_same_declaration(tmp_path: Path) -> None:
    path = tmp_path / "app.json"
    path.write_text('\ufeff{"signed_by": "甲", "signed_on": "2026-11-01", "app": {"mau": 10}}', "utf-8")
    assert read_declaration(path)[1].app.mau == 10


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.toml", b"signed_by = ", "TOML"),
        ("a.json", b"[" * 100_000, "TOML/JSON"),
        ("a.toml", "名 = 1".encode("gb18030"), "UTF-8"),
        ("a.toml", b"x = 1", "signed_by"),
        ("a.toml", GOOD.replace("2026-11-01", "yesterday").encode(), "signed_on"),
        ("a.toml", GOOD.replace('"张三（虚构）"', '" "').encode(), "signed_by"),
        ("a.toml", GOOD.replace("mau = 10", 'mau = "many"').encode(), "app.mau"),
        ("a.toml", GOOD.replace("mau = 10", "colour = 10").encode(), "app.colour"),
        ("a.toml", GOOD.replace('perms = ["CAMERA"]', 'perms = "CAMERA"').encode(), "app.scenes.0.perms"),
        ("a.toml", (GOOD + '[app.scenes_approved]\nby = "李四（虚构）"\non = "soon"').encode(), "scenes_approved"),
        ("a.json", b"[]", "root"),
        ("a.toml", b"#" * (1 << 20) + b"#", "1 MiB"),
    ],
)
def test_a_wrong_form_gets_one_line_that_names_it(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        read_declaration(path)
    assert said in caught.value.words.zh
    assert name in caught.value.words.zh
    assert "\n" not in caught.value.words.zh


def test_a_missing_form_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"absent\.toml"):
        read_declaration(tmp_path / "absent.toml")
