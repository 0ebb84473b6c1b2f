"""`hegui terminal`: the schema, a conformance run, and the page."""

import json
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from hegui.cli.app import app
from hegui.errors import HeguiError

RUN = CliRunner()
HEAD = {"schema": "hegui/terminal-record@1", "from": "2026-03-05T00:00:00+08:00", "to": "2026-03-06T00:00:00+08:00"}
ACTS = {
    "schema": "hegui/trace@1",
    "meta": {"run_id": "r", "package": "com.example.probe", "started_at": "2026-03-05T09:00:00+08:00", "os_api": 34},
}


def lines(path: Path, *rows: Mapping[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def entry(at: str, kind: str, **more: object) -> dict[str, object]:
    return {"at": f"2026-03-05T{at}+08:00", "package": "com.example.probe", "kind": kind, **more}


def read(t_ms: int, **more: object) -> dict[str, object]:
    return {"t_ms": t_ms, "type": "api", "result": "ok", **more}


def ran(*words: str) -> tuple[int, str]:
    got = RUN.invoke(app, ["terminal", *words], standalone_mode=False)
    if got.exception is not None:
        raise got.exception
    return int(got.return_value), got.stdout


def test_the_schema_is_printed_and_holds_the_example_of_the_documents() -> None:
    code, text = ran("schema")
    schema = json.loads(text)
    assert (code, schema["title"]) == (0, "hegui/terminal-record@1")
    shown = (Path(__file__).parents[2] / "docs/terminal.md").read_text("utf-8").split("```json\n")[1].split("```")[0]
    for line in shown.splitlines():
        jsonschema.validate(json.loads(line), schema)


def test_a_missing_entry_is_in_the_table_and_a_violation(tmp_path: Path) -> None:
    record = lines(tmp_path / "r.jsonl", HEAD, entry("09:00:01.000", "clipboard"))
    acts = lines(tmp_path / "a.jsonl", ACTS, read(1000, pi_type="clipboard"), read(60_000, pi_type="clipboard"))
    code, text = ran("check", str(record), "--acts", str(acts), "--out", str(tmp_path / "out"))
    assert code == 1
    assert "剪贴板\t2\t1\t50%\t0\t0\t0\t0" in text
    assert "相机\t0\t0\t未试" in text
    audit = json.loads((tmp_path / "out/audit.json").read_text("utf-8"))
    verdicts = {row["id"]: row["verdict"] for row in audit["duties"]}
    assert verdicts["cac-2026:32.1.3"] == verdicts["app-2021:11.1.2"] == "violation"
    # Only what a maker of terminals owes is judged.
    assert "cac-2026:6.1.1" not in verdicts
    assert verdicts["cac-2026:32.1.1"] == "undetermined"


def test_screens_that_name_no_run_are_of_the_session(tmp_path: Path) -> None:
    record = lines(tmp_path / "r.jsonl", HEAD, entry("09:00:01.000", "clipboard"))
    acts = lines(tmp_path / "a.jsonl", ACTS, read(1000, pi_type="clipboard"))
    folder = tmp_path / "screens"
    folder.mkdir()
    (folder / "1.xml").write_text(
        '<hierarchy><node package="com.example.settings" class="android.widget.TextView" text="隐私使用记录"/>'
        '<node package="com.example.settings" class="android.widget.TextView" text="剪贴板"/></hierarchy>',
        "utf-8",
    )
    out = str(tmp_path / "out")
    ran("check", str(record), "--acts", str(acts), "--screens", str(folder), "--out", out, "--format", "json")
    audit = json.loads((tmp_path / "out/audit.json").read_text("utf-8"))
    row = next(one for one in audit["duties"] if one["id"] == "cac-2026:32.1.3")
    assert "试过的各类都在同一页面展示" in json.dumps(row, ensure_ascii=False)


def test_a_page_is_written_and_unread_rows_show_in_the_exit_code(tmp_path: Path) -> None:
    page = tmp_path / "x.html"
    record = lines(tmp_path / "r.jsonl", HEAD, entry("09:00:01.000", "sms", name="灯笼"))
    assert ran("view", str(record), "--out", str(page))[0] == 0
    assert "灯笼" in page.read_text("utf-8")
    broken = lines(tmp_path / "b.jsonl", HEAD, entry("09:00:01.000", "sms"), {"at": "never"})
    assert ran("view", str(broken), "--out", str(page))[0] == 3
    assert "有 1 行没有读懂" in page.read_text("utf-8")


@pytest.mark.parametrize("text", ["", "once upon a time\n"])
def test_what_is_no_record_is_one_clear_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(text)
    with pytest.raises(HeguiError, match=r"r\.jsonl"):
        ran("view", str(path), "--out", str(tmp_path / "x.html"))
    with pytest.raises(HeguiError, match="没有这个文件"):
        ran("check", str(tmp_path / "nope"), "--acts", str(path))
