"""`hegui timeline`: what was understood, printed."""

import json
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from hegui.cli.app import app
from tests.readers.screen import dumps
from tests.readers.trace import logs

RUN = CliRunner()


def told(path: Path, *options: str) -> tuple[int, str]:
    got = RUN.invoke(app, ["timeline", str(path), *options], standalone_mode=False)
    if got.exception is not None:
        raise got.exception
    return int(got.return_value), got.stdout


def test_a_log_is_told_with_its_rows_consent_and_actors(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text(logs.TIMELINE, "utf-8")
    code, text = told(path, "--package", "com.example.lantern")
    assert code == 0
    for words in (
        "vivo、应用宝时间线",
        "api=2",
        "device_id.android_id=1",
        "cn.jpush=1",
        "agree 0:02:26.434",
        "来源写明",
        "±1 ms",
    ):
        assert words in text


def test_unread_rows_are_shown_with_their_line_and_the_exit_code_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text(logs.LOG, "utf-8")
    code, text = told(path, "--lang", "en")
    assert code == 3
    assert "unread row 7\tValueError: seq 2 stood on another event before" in text
    assert "derived" in text


def test_codes_that_stand_in_no_list_are_named_and_the_exit_code_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    head = '{"schema": "hegui/trace@1", "meta": {"run_id": "r1"}}\n'
    path.write_text(head + '{"t_ms": 1, "type": "api", "api_id": "sms.inbox"}\n' * 2)
    code, text = told(path, "--lang", "en")
    assert code == 3
    assert "CODES_UNKNOWN 2 of 2 rows name what they read by a code of no list" in text.replace("hegui 日志; ", "")
    assert "api_id sms.inbox is in no list" in text
    assert "unread row" not in text


def test_nothing_that_can_be_read_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("once upon a time")
    with pytest.raises(Exception, match=r"once|a\.log"):
        told(path)


def test_a_log_is_converted_to_our_own_and_says_the_same(tmp_path: Path) -> None:
    first, made = tmp_path / "a.log", tmp_path / "b.jsonl"
    first.write_text(logs.CAMILLE, "utf-8")
    assert told(first, "--package", "com.example.lantern", "--out", str(made))[0] == 3
    schema = json.loads(RUN.invoke(app, ["schema", "trace-log"]).stdout)
    for line in made.read_text("utf-8").splitlines():
        jsonschema.validate(json.loads(line), schema)
    assert "api=2" in told(made)[1]


def test_a_log_is_drawn_as_a_page(tmp_path: Path) -> None:
    path, made = tmp_path / "a.log", tmp_path / "b.html"
    path.write_text(logs.TIMELINE, "utf-8")
    assert told(path, "--package", "com.example.lantern", "--out", str(made))[0] == 0
    text = made.read_text("utf-8")
    assert "用户同意（日志写明" in text
    assert "sha256" in text


def test_screens_are_told_and_drawn_with_the_log(tmp_path: Path) -> None:
    log, folder, made = tmp_path / "a.log", tmp_path / "dumps", tmp_path / "b.html"
    log.write_text(logs.TIMELINE, "utf-8")
    folder.mkdir()
    (folder / "001.xml").write_bytes(dumps.NOTICE)
    code, text = told(log, "--package", "com.example.lantern", "--screens", str(folder))
    assert code == 0
    assert "同意=1" in text
    assert told(log, "--package", "com.example.lantern", "--screens", str(folder), "--out", str(made))[0] == 0
    assert 'id="scr-1"' in made.read_text("utf-8")
