"""A terminal's usage record: what is published is what is read, and a row that does not fit is counted."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from hegui.facts import is_read
from hegui.facts.trace import Run
from hegui.readers.trace.terminal_record import ENTRY, HEAD, check, record_schema
from hegui.readers.traces import read_traces

TOLD = {
    "schema": "hegui/terminal-record@1",
    "from": "2026-03-05T00:00:00+08:00",
    "to": "2026-03-06T00:00:00+08:00",
    "os_api": 35,
}
USE: dict[str, Any] = {"at": "2026-03-05T09:00:01.120+08:00", "package": "com.example.lantern", "kind": "camera"}


def read(tmp_path: Path, *entries: dict[str, Any] | str, head: dict[str, Any] = TOLD) -> dict[str, Run]:
    path = tmp_path / "record.jsonl"
    lines = [json.dumps(head), *(one if isinstance(one, str) else json.dumps(one) for one in entries)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    part = read_traces([path])
    assert is_read(part.value), part.stages
    return {run.meta.package: run for run in part.value.runs}


def test_an_entry_becomes_an_event_of_the_run_of_its_app(tmp_path: Path) -> None:
    told = USE | {"name": "灯笼", "lasts_ms": 8000, "state": "background", "count": 3}
    run = read(tmp_path, told)["com.example.lantern"]
    assert (run.meta.os_api, run.meta.covers, run.meta.ended_ms) == (35, ("record",), 86_400_000)
    [one] = run.ev
    assert (one.t_ms, one.line) == (9 * 3_600_000 + 1120, 2)
    what = one.what
    assert (what.perm_group, what.pi_type, what.actor, what.lasts_ms, what.count) == (
        "camera",
        "photo",
        "灯笼",
        8000,
        3,
    )
    assert (what.phase, what.result) == ("background", "ok")


def test_zones_meet(tmp_path: Path) -> None:
    run = read(tmp_path, USE | {"at": "2026-03-05T01:00:01.120Z"})["com.example.lantern"]
    assert next(run.ev).t_ms == 9 * 3_600_000 + 1120


def test_a_linked_start_is_the_act_of_the_starter(tmp_path: Path) -> None:
    told = {
        "kind": "linked_start",
        "starter": "com.example.kite",
        "starter_name": "纸鸢",
        "name": "灯笼",
        "result": "denied",
    }
    run = read(tmp_path, USE | told)["com.example.kite"]
    what = next(run.ev).what
    assert (what.type, what.target, what.actor, what.page) == ("start_app", "com.example.lantern", "纸鸢", "灯笼")
    assert what.result == "denied"


def test_how_exact_a_time_is_stays_with_it(tmp_path: Path) -> None:
    entries = (USE, USE | {"at": "2026-03-05T09:00:01+08:00"}, USE | {"at": "2026-03-05"})
    run = read(tmp_path, *entries)["com.example.lantern"]
    assert {(one.line, one.what.uncertainty_ms) for one in run.ev} == {(2, None), (3, 1000), (4, 86_400_000)}


def test_a_delay_is_told(tmp_path: Path) -> None:
    run = read(tmp_path, USE | {"recorded_at": "2026-03-06T09:00:02.120+08:00"})["com.example.lantern"]
    assert next(run.ev).what.late_ms == 86_401_000


@pytest.mark.parametrize(
    ("entry", "why"),
    {
        "an unknown kind": (USE | {"kind": "weather"}, "kind is 'weather'"),
        "no package": ({"at": USE["at"], "kind": "sms"}, "package is missing"),
        "a time without a zone": (USE | {"at": "2026-03-05T09:00:01"}, "with zone"),
        "a day that is none": (USE | {"at": "2026-02-30T09:00:01+08:00"}, "day"),
        "an unknown field": (USE | {"imei": "1"}, "no field 'imei'"),
        "an identifier that is not told": (USE | {"kind": "device_id"}, "item is missing"),
        "an identifier of a camera": (USE | {"item": "device_id.imei"}, "item goes with"),
        "a starter of a camera": (USE | {"starter": "com.example.kite"}, "starter goes with"),
        "entered before it happened": (USE | {"recorded_at": "2026-03-05T08:00:00+08:00"}, "before at"),
        "outside the time the head tells": (USE | {"at": "2026-03-07T09:00:01+08:00"}, "not between"),
        "a count of none": (USE | {"count": 0}, "count is '0'"),
        "true for a number": (USE | {"count": True}, "count is 'True'"),
        "no JSON": ('{"at": ', "Expecting"),
        "a list": ("[1]", "not an object"),
    }.values(),
)
def test_a_row_that_does_not_fit_is_counted_with_its_reason(
    tmp_path: Path, entry: dict[str, Any] | str, why: str
) -> None:
    runs = read(tmp_path, USE, entry)
    assert len(runs["com.example.lantern"]) == 1
    [unread] = runs[""].meta.unread
    assert unread.line == 3
    assert why in unread.why


@pytest.mark.parametrize(
    "head", [TOLD | {"to": "2026-03-04T00:00:00+08:00"}, TOLD | {"more": 1}, {"schema": TOLD["schema"]}]
)
def test_a_head_that_does_not_fit_is_one_clear_line(tmp_path: Path, head: dict[str, Any]) -> None:
    path = tmp_path / "record.jsonl"
    path.write_text(json.dumps(head) + "\n" + json.dumps(USE) + "\n")
    part = read_traces([path])
    assert not is_read(part.value)
    assert "line 1 is no head" in part.stages[0].detail or "hegui terminal schema" in part.stages[0].detail


SAMPLES = [
    TOLD, USE, USE | {"at": "2026-03-05"}, USE | {"at": "x"}, USE | {"count": 0}, USE | {"count": "1"}, USE | {"more": 1},
    USE | {"package": "a b"}, USE | {"name": "x" * 201}, {"at": USE["at"]}, TOLD | {"from": "today"}, [], 1,
]  # fmt: skip


@pytest.mark.parametrize("line", SAMPLES, ids=str)
def test_the_published_schema_accepts_what_is_read_and_nothing_else(line: Any) -> None:
    def read_as(record: dict[str, Any]) -> bool:
        try:
            check(line, record)
        except ValueError:
            return False
        return True

    validator = jsonschema.Draft202012Validator(record_schema())
    assert validator.is_valid(line) == (read_as(HEAD) or read_as(ENTRY))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(record_schema())
    assert all("description" in one for one in ENTRY["properties"].values())
