"""`hegui workdays`, as a new user tries it, also with bad input."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hegui.cli.app import app
from hegui.errors import HeguiError


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["workdays", *words])


def said(*words: str) -> list[str]:
    result = run(*words)
    assert result.exception is None, result.exception
    return result.stdout.splitlines()


def refused(*words: str) -> str:
    result = run(*words)
    assert isinstance(result.exception, HeguiError), result.output
    return str(result.exception)


def test_add_shows_the_last_day_and_the_days_counted() -> None:
    lines = said("add", "2026-02-11", "5")
    assert lines[0] == "2026-02-25 周三 24:00（北京时间）止"
    assert [line.split()[1] for line in lines[2:]] == [
        "2026-02-12",
        "2026-02-13",
        "2026-02-14",
        "2026-02-24",
        "2026-02-25",
    ]
    assert lines[4].endswith("周六 调休上班")
    assert said("add", "2026-02-11", "5", "--lang", "en")[0] == "ends 2026-02-25 Wed 24:00 Asia/Shanghai"


def test_count_and_months() -> None:
    assert said("count", "2026-02-11", "2026-02-25") == ["5 个工作日（2026-02-11 不计，2026-02-25 计入）"]
    assert said("months", "2026-07-01", "1") == ["2026-08-03 周一 24:00（北京时间）止", "  2026-08-01 周六 休息，顺延"]
    assert said("months", "2026-07-01", "6", "--no-roll") == ["2027-01-01 周五 24:00（北京时间）止"]


def test_a_missing_year_is_an_error_that_shows_a_provisional_date() -> None:
    for words in (("add", "2026-12-30", "3"), ("months", "2026-07-04", "6")):
        error = refused(*words)
        assert "CAL_UNKNOWN" in error
        assert "暂定 2027-01-04" in error
        assert "not to be acted upon" in error


def test_a_loaded_year_is_used_and_listed(tmp_path: Path) -> None:
    path = tmp_path / "2027.json"
    row = {"year": 2027, "notice": "an invented notice", "off": ["2027-01-01", "2027-01-04", "2027-10-01"], "work": []}
    path.write_text(json.dumps(row), "utf-8")
    assert "an invented notice" in said("load", str(path))[0]
    assert said("add", "2026-12-30", "3")[0].startswith("2027-01-06")
    listed = said("list")
    assert [line[:4] for line in listed] == ["2024", "2025", "2026", "2027"]
    assert [line.endswith("用户层") for line in listed] == [False, False, False, True]
    path.write_text(json.dumps({**row, "off": ["2027-01-01", "2027-10-01"]}), "utf-8")
    assert "--replace" in refused("load", str(path))
    said("load", str(path), "--replace")
    assert said("add", "2026-12-30", "3", "--lang", "en")[0].startswith("ends 2027-01-05")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "2026-02-30", "5"), "is not a date"),
        (("add", "明天", "5"), "is not a date"),
        (("count", "2026-02-25", "2026-02-11"), "is before the first"),
        (("load", "/nowhere/2027.json"), "cannot read"),
    ],
)
def test_bad_input_gets_one_clear_line(words: tuple[str, ...], says: str) -> None:
    assert says in refused(*words)


@pytest.mark.parametrize(
    "words", [("add", "2026-02-11", "five"), ("add", "2026-02-11"), ("add", "2026-02-11", "--", "-3")]
)
def test_bad_usage_exits_with_2(words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2
