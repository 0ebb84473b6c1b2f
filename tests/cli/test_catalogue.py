"""`hegui catalogue`: lists, linters, and taking others' rules into the user layer."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hegui.cli.app import app
from hegui.errors import HeguiError

RUN = CliRunner()


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("permissions", "android.permission.CAMERA\t相机"),
        ("app-types", "38\t实用工具类"),
        ("sdks", "消息推送"),
        ("apis", "device_id.android_id"),
    ],
)
def test_a_catalogue_is_listed_in_chinese(name: str, line: str) -> None:
    said = RUN.invoke(app, ["catalogue", "list", name])
    assert said.exit_code == 0
    assert line in said.output


def test_the_shipped_catalogues_have_no_faults() -> None:
    said = RUN.invoke(app, ["catalogue", "check"], standalone_mode=False)
    assert said.return_value == 0, said.output


def test_trackers_come_into_the_user_layer_and_nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEGUI_HOME", str(tmp_path))
    rules = tmp_path / "trackers.json"
    tracker = {"name": "Lantern Fiction", "code_signature": "com.lanternfiction.sdk.", "network_signature": ""}
    rules.write_text(json.dumps({"trackers": {"1": tracker}}), "utf-8")
    said = RUN.invoke(app, ["catalogue", "import", str(rules)], standalone_mode=False)
    assert said.exit_code == 0, said.output
    written = list((tmp_path / "catalogue" / "sdks").iterdir())
    assert len(written) == 1
    assert "com.lanternfiction.sdk." in written[0].read_text("utf-8")


def test_a_file_that_is_neither_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text("127.0.0.1 localhost\n", "utf-8")
    said = RUN.invoke(app, ["catalogue", "import", str(tmp_path / "hosts")])
    assert isinstance(said.exception, HeguiError)
    assert "\n" not in said.exception.words.zh
