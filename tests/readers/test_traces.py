"""Logs through the confined child, with what lies beside them."""

from pathlib import Path

import pytest

from hegui.facts import is_read
from hegui.facts.trace import Run
from hegui.readers.traces import read_traces
from tests.readers.trace import logs

PACKAGE = "com.example.lantern"


def given(folder: Path, text: str, beside: str = "", name: str = "a.log") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    if beside:
        (folder / f"{name}.run.toml").write_text(beside, "utf-8")
    return path


def one(path: Path) -> Run:
    part = read_traces([path], package=PACKAGE)
    assert is_read(part.value), part.stages
    (run,) = part.value.runs
    return run


def test_a_log_with_rows_unread_is_a_partial_stage_that_names_them(tmp_path: Path) -> None:
    part = read_traces([given(tmp_path, logs.CAMILLE)], package=PACKAGE)
    assert part.stages[0].state == "partial"
    assert "1 of 3 rows not read; line 15" in part.stages[0].detail
    assert part.inputs[0].kind == "trace"


def test_the_same_bytes_twice_are_one_log(tmp_path: Path) -> None:
    paths = [given(tmp_path, logs.CAMILLE), given(tmp_path, logs.CAMILLE, name="b.log")]
    part = read_traces(paths, package=PACKAGE)
    assert is_read(part.value)
    assert len(part.value.runs) == 1
    assert [stage.reason for stage in part.stages] == ["ROWS_UNREAD", "GIVEN_TWICE", ""]


def test_what_lies_beside_completes_the_run(tmp_path: Path) -> None:
    beside = 'scenario = "S1"\nfresh_install = true\nuncertainty_ms = 50\nhooks = ["id.android_id"]\nagreed_at = 500\n'
    run = one(given(tmp_path, logs.CAMILLE, beside))
    assert (run.meta.scenario, run.meta.fresh_install, run.meta.hooks) == ("S1", True, ("id.android_id",))
    assert run.meta.uncertainty_ms == 1000, "a log of whole seconds is not more exact because its maker says so"
    assert [(event.t_ms, event.what.type, event.what.derived) for event in run.ev][1] == (500, "consent", False)


def test_the_agreement_may_be_noted_as_a_time(tmp_path: Path) -> None:
    run = one(given(tmp_path, logs.CAMILLE, 'agreed_at = "2026-03-05 09:03:02"\nskew_ms = 100\n'))
    assert [event.t_ms for event in run.of("consent")] == [1100]


@pytest.mark.parametrize(
    ("beside", "says"),
    [("colour = 1", "colour"), ("scenario = 1", "scenario"), ("x", "TOML"), ('agreed_at = "soon"', "agreed_at")],
)
def test_a_wrong_file_beside_is_one_line_that_names_the_field(beside: str, says: str, tmp_path: Path) -> None:
    part = read_traces([given(tmp_path, logs.CAMILLE, beside)])
    assert not is_read(part.value)
    assert part.stages[0].state == "failed"
    assert says in part.stages[0].detail
    assert "\n" not in part.stages[0].detail


def test_other_apps_of_a_dump_are_left_out_and_named(tmp_path: Path) -> None:
    part = read_traces([given(tmp_path, logs.APPOPS_14)], package=PACKAGE)
    assert is_read(part.value)
    assert {run.meta.package for run in part.value.runs} == {PACKAGE}
    assert "1 other packages left out: com.example.other" in part.stages[0].detail


def test_the_list_of_what_is_watched_completes_the_runs_of_its_tool(tmp_path: Path) -> None:
    sheet = "调用时间,别名,函数名,调用堆栈\n03-05 12:37:26.152,获取设备id,getDeviceId,a.b.C.m\n"
    part = read_traces([given(tmp_path, sheet), given(tmp_path, logs.HOOKS, name="b.json")])
    assert is_read(part.value)
    assert [run.meta.hooks for run in part.value.runs] == [("telephony.device_id",)]


BAD = {
    "empty": b"",
    "only NULs": bytes(4096),
    "half a sheet": b"PK\x03\x04" + b"\xff" * 2000,
    "a head and nothing else": b'{"schema": "hegui/trace@1", "meta": {"run_id": "r"}}\n',
    "a head of another kind": b'{"schema": "hegui/trace@1", "meta": {"run_id": 1}}\n',
    "claims to be read": b'{"schema": "hegui/trace@1", "meta": {"run_id": "r", "rows_unread": 0}}\n{"t_ms": 1, "type": "fg"}\n',
    "nested without end": b'{"stackTrace": ' + b"[" * 100_000,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
}


@pytest.mark.parametrize("data", BAD.values(), ids=list(BAD))
def test_a_bad_file_is_a_failed_stage_and_never_a_run(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bad.log"
    path.write_bytes(data)
    part = read_traces([path])
    assert not is_read(part.value)
    (stage,) = part.stages
    assert stage.state == "failed"
    assert stage.detail
    assert "\n" not in stage.detail


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    part = read_traces([tmp_path / "gone.log"])
    assert "gone.log" in part.stages[0].detail


def test_hostile_values_are_bounded_and_counted(tmp_path: Path) -> None:
    head = '{"schema": "hegui/trace@1", "meta": {"run_id": "r"}}\n'
    long = '{"t_ms": 1, "type": "api", "behaviour": "' + "x" * 100_000 + '"}\n'
    huge = '{"t_ms": 99999999999999999999, "type": "fg"}\n{"t_ms": -1, "type": "fg"}\n{"t_ms": true, "type": "fg"}\n'
    run = one(given(tmp_path, head + long + huge + '{"t_ms": 2, "type": "fg", "t_ms": 3}\n'))
    assert len(next(run.ev).what.behaviour or "") == 400
    assert (run.meta.rows, run.meta.rows_unread) == (5, 3)


def test_two_logs_of_one_name_are_told_apart_by_a_number(tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    paths = [given(tmp_path, logs.CAMILLE), given(tmp_path / "second", logs.CAMILLE + "\n")]
    part = read_traces(paths, package=PACKAGE)
    assert is_read(part.value)
    assert [each.name for each in part.inputs] == ["a.log", "a.log (2)"]
    assert [run.meta.source for run in part.value.runs] == ["a.log", "a.log (2)"]
    assert part.inputs[0].sha256 != part.inputs[1].sha256
