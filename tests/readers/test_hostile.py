"""Inputs made to break a reader, or broken so by accident: each once did, and now is read in part or refused in one line.

A limit on processor time stands for "no hang": what is refused here took minutes before, or all the memory there was.
"""

import base64
import io
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from hegui.facts import Unread, is_read
from hegui.facts.facts import Stage
from hegui.facts.trace import Trace
from hegui.readers.limits import Limits
from hegui.readers.screens import read_screens
from hegui.readers.traces import read_traces
from hegui.readers.traffics import read_traffic
from tests.readers.screen import dumps
from tests.readers.trace.logs import LOG
from tests.readers.trace.test_terminal_record import TOLD, USE
from tests.readers.traffic import captures

QUICK = Limits(memory_mb=1024, answer_mb=256, cpu_s=20)
HEAD = json.dumps({"schema": "hegui/trace@1", "meta": {"run_id": "r", "package": "com.example.lantern"}})
EVENT = '{"t_ms": 5, "type": "fg"}'
OWN = f"{HEAD}\n{EVENT}\n"
LOGCAT = "03-05 10:00:03.000  1000  1010 I ActivityTaskManager: Displayed com.example.lantern/.Main: +50ms\n"
IOS = (
    '{"domain":"a.example.com","bundleID":"com.example.lantern","hits":%s,'
    '"firstTimeStamp":"2026-03-05T11:01:09.897+08:00","type":"networkActivity"}\n'
)
NODE = {"class": "a.B", "text": "t", "bounds": [[0, 1], [9, 9]]}


def traced(place: Path, text: str | bytes, beside: str = "", package: str = "") -> tuple[Trace | Unread, Stage]:
    path = place / "log"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    if beside:
        (place / "log.run.toml").write_text(beside, "utf-8")
    part = read_traces([path], QUICK, package)
    assert "\n" not in part.stages[0].detail
    assert len(part.stages[0].detail) < 3000
    return part.value, part.stages[0]


def record(*entries: Any) -> str:
    return "".join(f"{json.dumps(one)}\n" for one in (TOLD, *entries))


MANY_APPS = record(*(USE | {"package": f"a.b{at}"} for at in range(6000)), "no entry")


@pytest.mark.parametrize(
    ("text", "rows", "unread"),
    [
        pytest.param(LOGCAT + LOGCAT.replace("ActivityTaskManager", " " * 200_000), 2, 0, id="spaces for a tag"),
        pytest.param(LOGCAT + LOGCAT.replace(": Dis", ": " + "START u0 {cmp=a/} from uid 1" * 300), 2, 0, id="many starts"),
        pytest.param(f"{HEAD}\n{'[' * 100_000}\n{EVENT}\n", 2, 1, id="a deep line"),
        pytest.param(f'{HEAD}\n{{"t_ms": {"9" * 5000}, "type": "fg"}}\n{EVENT}\n', 2, 1, id="a long number"),
        pytest.param(f'{HEAD}\n{{"t_ms": 1e999, "type": "fg"}}\n{{"t_ms": NaN, "type": "fg"}}\n{EVENT}\n', 3, 2, id="no numbers"),
        pytest.param(f'{HEAD}\n{{"t_ms": 10000000000000, "type": "fg"}}\n{EVENT}\n', 2, 1, id="a time of no run"),
        pytest.param(IOS % "1e400" + IOS % "NaN" + IOS % "-3" + IOS % "2", 4, 3, id="contacts that are no number"),
        pytest.param(f"Uid 0:\n Package a.b:\n  CAMERA: mode=0; time=+{'0' * 9000}m1s ago\n", 1, 0, id="a long duration"),
        pytest.param(record(USE | {"package": "com.a\n"}, USE), 2, 1, id="a line break in a name"),
        pytest.param(MANY_APPS, 6001, 1000, id="more apps than a phone has", marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_read_are_counted(tmp_path: Path, text: str, rows: int, unread: int) -> None:
    found, stage = traced(tmp_path, text)
    assert is_read(found), stage
    assert sum(run.meta.rows for run in found.runs) == rows
    assert sum(run.meta.rows_unread for run in found.runs) == unread


@pytest.mark.parametrize(
    ("text", "beside", "says"),
    [
        pytest.param(OWN.replace("run_id", "run" * 9000), "", "hegui schema trace-log", id="a long name in the head"),
        pytest.param(OWN, "a." * 300_000 + "a = 1", "32", id="a key of many steps, for which tomllib takes all memory"),
        pytest.param(OWN, f'"{"long" * 9000}" = 1', "没有字段", id="a long field"),
        pytest.param(OWN, "skew_ms = 99999999999999999999", "skew_ms", id="a skew of centuries"),
        pytest.param(OWN, "started_at = 9999-12-31\nagreed_at = 0001-01-01T00:00:00", "agreed_at", id="millennia apart"),
        pytest.param("when,what\n1,2\n", '[columns]\ntime = 2026-03-05', "time", id="a heading that is a date"),
        pytest.param("when,what\n1,2\n", "[columns]\ntmie = 'when'", "tmie", id="a field that is misspelt"),
        pytest.param("when,what\n1,2\n", "[columns.time]\na = 1", "time", id="a heading that is a table"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_line_that_names_it(tmp_path: Path, text: str, beside: str, says: str) -> None:
    found, stage = traced(tmp_path, text, beside)
    assert not is_read(found)
    assert (stage.state, says in stage.detail) == ("failed", True), stage.detail


def test_a_time_of_toml_is_a_time(tmp_path: Path) -> None:
    found, _ = traced(tmp_path, OWN, "started_at = 2026-03-05T09:00:00\nagreed_at = 2026-03-05T09:00:03")
    assert is_read(found)
    assert [(event.t_ms, event.what.type) for event in found.runs[0].ev] == [(5, "fg"), (3000, "consent")]


def test_a_log_of_another_app_alone_is_left_out_and_says_so(tmp_path: Path) -> None:
    found, stage = traced(tmp_path, OWN, package="com.example.other")
    assert not is_read(found)
    assert (stage.state, stage.reason) == ("skipped", "OTHER_APP")
    assert "com.example.lantern" in stage.detail


def test_a_package_of_two_lines_stays_one_line(tmp_path: Path) -> None:
    traced(tmp_path, OWN.replace("com.example.lantern", "com\\nexample"), package="com.example.other")


def test_two_cells_at_the_corners_of_a_sheet_do_not_take_all_memory(tmp_path: Path) -> None:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    page = book.add_worksheet()
    page.write(0, 0, "时间点")
    page.write(1_048_575, 16_383, "x")
    book.close()
    _, stage = traced(tmp_path, made.getvalue())
    assert (stage.reason, "16777216" in stage.detail) == ("NOT_SUPPORTED", True)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(lambda path: path.mkdir(), "是目录", id="a folder"),
        pytest.param(lambda path: path.symlink_to(path), "链接", id="a link to itself"),
        pytest.param(lambda path: path.write_bytes(b""), "0 字节", id="an empty file"),
        pytest.param(lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99)), "不是", id="a picture"),
    ],
)
def test_what_is_no_file_of_its_kind_is_told_apart(tmp_path: Path, make: Any, says: str) -> None:
    path = tmp_path / "a.jsonl"
    make(path)
    for read in (read_traces, read_traffic):
        (stage,) = read([path]).stages
        assert (stage.state, says in stage.detail) == ("failed", True), stage.detail


# --- screens ---------------------------------------------------------------------------------------------------------


def views(number: int) -> bytes:
    return json.dumps({"views": [NODE | {"children": [at + 1]} for at in range(number)]}).encode()


@pytest.mark.parametrize(
    ("dump", "screens", "says"),
    [
        pytest.param(views(100_000), 2, "1.json: cut off, or more and deeper", id="a chain of views"),
        pytest.param(b'{"children":[' * 100_000, 1, "1.json: broken JSON", id="deep JSON"),
        pytest.param(
            json.dumps([NODE] * 30_000).encode(),
            2,
            "5000 nodes read",
            id="more nodes than a screen has",
            marks=pytest.mark.slow,
        ),
        pytest.param(b"<hierarchy>\0</hierarchy>", 1, "1.json: not a single node", id="a zero byte"),
        pytest.param(b"[]" + b" " * (17 << 20), 1, "more than 16777216", id="a dump that is too large"),
        pytest.param(json.dumps([NODE | {"text": "0" * 20_000}] * 50).encode(), 2, "", id="long numbers"),
    ],
)
def test_a_hostile_dump_costs_no_other_one(tmp_path: Path, dump: bytes, screens: int, says: str) -> None:
    (tmp_path / "1.json").write_bytes(dump)
    (tmp_path / "2.xml").write_bytes(dumps.NOTICE)
    part = read_screens([tmp_path], QUICK)
    assert is_read(part.value), part.stages
    assert len(part.value.screens) == screens
    assert says in part.stages[0].detail
    assert "\n" not in part.stages[0].detail


def test_a_link_is_told_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "outside.xml").write_bytes(dumps.NOTICE)
    (tmp_path / "s" / "1.xml").write_bytes(dumps.NOTICE)
    (tmp_path / "s" / "2.xml").symlink_to(tmp_path / "outside.xml")
    (tmp_path / "s" / "3.xml").symlink_to("3.xml")
    (tmp_path / "s" / "again").symlink_to(".")
    part = read_screens([tmp_path / "s"])
    assert is_read(part.value)
    assert [screen.id for screen in part.value.screens] == ["1.xml"]
    assert "2 of 3" in part.stages[0].detail


def archive(**more: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as whole:
        whole.writestr("1.xml", dumps.NOTICE)
        for name, data in more.items():
            whole.writestr(name.replace("_", "."), data)
    return made.getvalue()


def with_twins() -> bytes:
    return archive(b_xml=b"<a/>", c_xml=b"<b/>").replace(b"c.xml", b"b.xml")


def needs_a_newer_zip(data: bytes) -> bytes:
    at = data.rindex(b"PK\1\2")
    return data[: at + 6] + struct.pack("<H", 148) + data[at + 8 :]


def broken_index(data: bytes) -> bytes:
    return data.replace(b'{"screen"', b'{"scream"', 1)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(needs_a_newer_zip(archive()), "zip file version", id="a version of ZIP that is not known"),
        pytest.param(with_twins(), "b.xml", id="twins"),
    ],
)  # fmt: skip
def test_an_archive_of_no_known_meaning_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    part = read_screens([path])
    assert (part.stages[0].reason, says in part.stages[0].detail) == ("MALFORMED", True), part.stages


def test_a_broken_index_costs_no_screen(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(broken_index(archive(index_jsonl=b'{"screen": "1.xml"}')))
    part = read_screens([path])
    assert is_read(part.value)
    assert len(part.value.screens) == 1
    assert "index.jsonl: broken ZIP entry" in part.stages[0].detail


# --- captures --------------------------------------------------------------------------------------------------------


def captured(place: Path, data: bytes, beside: str = "") -> tuple[Any, Stage]:
    path = place / "capture"
    path.write_bytes(data)
    if beside:
        (place / "capture.run.toml").write_text(beside, "utf-8")
    part = read_traffic([path], limits=QUICK)
    assert "\n" not in part.stages[0].detail
    assert len(part.stages[0].detail) < 3000
    return part.value, part.stages[0]


# Base64 of JSON with half a surrogate pair.
HALF = base64.b64encode(b'{"imei": "\\ud800 and more"}').decode()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(captures.pcap(captures.tcp(b"GET //[ HTTP/1.1\r\nHost: a\r\n\r\n")), id="an address that is none"),
        pytest.param(captures.har(captures.entry(f"https://a.example.com/?d={HALF}")), id="half a surrogate pair"),
        pytest.param(captures.har(captures.entry(**captures.posted("[" * 100_000))), id="a deep body"),
        pytest.param(captures.har(captures.entry(bodySize=10**400)), id="a size of 400 digits"),
        pytest.param(captures.tnetstring(captures.flow() | {"response": {"status_code": b"x"}}), id="a status that is none"),
    ],
)  # fmt: skip
def test_a_hostile_request_is_a_flow_like_others(tmp_path: Path, data: bytes) -> None:
    net, stage = captured(tmp_path, data)
    assert is_read(net), stage
    assert (len(net.flows), stage.state) == (1, "done")


def test_of_a_huge_body_what_is_not_taken_apart_is_a_gap(tmp_path: Path) -> None:
    net, _ = captured(tmp_path, captures.har(captures.entry(**captures.posted("." * (17 << 20)))))
    assert is_read(net)
    assert "after 16777216 were not taken apart" in net.flows[0].gaps[0].detail


def dated(time: Any) -> Any:
    return captures.entry() | {"startedDateTime": time}


def test_a_request_without_a_time_is_counted_in_one_short_line(tmp_path: Path) -> None:
    net, stage = captured(
        tmp_path, captures.har(captures.entry(), *(dated(one) for one in ("9" * 9000, None, "0000-01-01", 5)))
    )
    assert is_read(net)
    assert (net.captures[0].records, net.captures[0].records_unread, stage.state) == (5, 4, "partial")


@pytest.mark.parametrize(
    ("data", "beside", "says"),
    [
        pytest.param(captures.har(), "", "没有一条记录", id="a HAR without entries"),
        pytest.param(captures.pcap(), "", "没有一条记录", id="a pcap without packets"),
        pytest.param(captures.pcap()[:20], "", "文件头", id="half a head"),
        pytest.param(captures.pcap() + bytes(range(16)) * 99, "", "文件头", id="a head and rubbish"),
        pytest.param(captures.har(captures.entry()), "skew_ms = 99999999999999999999", "skew_ms", id="a skew of centuries"),
        pytest.param(captures.har(captures.entry()), "a = " + "[" * 100_000, "nested too deep", id="deep TOML"),
        pytest.param(captures.har(captures.entry()), "a." * 300_000 + "a = 1", "32", id="a key of many steps"),
    ],
)  # fmt: skip
def test_a_capture_without_sense_is_one_line(tmp_path: Path, data: bytes, beside: str, says: str) -> None:
    net, stage = captured(tmp_path, data, beside)
    assert not is_read(net)
    assert (stage.state, says in stage.detail) == ("failed", True), stage.detail


@pytest.mark.slow
def test_of_more_events_than_a_run_has_the_rest_is_counted(tmp_path: Path) -> None:
    number = 2_100_000
    path = tmp_path / "log"
    with path.open("w") as file:
        file.write(f"{HEAD}\n")
        file.writelines(f'{{"t_ms": {at}, "type": "fg"}}\n' for at in range(number))
    part = read_traces([path])
    assert is_read(part.value)
    (run,) = part.value.runs
    assert (run.meta.rows, run.meta.rows_unread, len(run)) == (number, 100_000, 2_000_000)


def test_a_log_that_ends_within_a_line_says_so(tmp_path: Path) -> None:
    _, stage = traced(tmp_path, LOG)
    assert "(the file ends here)" in stage.detail
