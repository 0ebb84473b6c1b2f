"""Sheets, screens and captures that were cut, shuffled, doubled or changed: all of a file is read or counted as unread.

As for logs in text (trace/test_damaged.py), what is in a file is told by a count that knows nothing of the readers, and
what is no longer known as a file of its kind gets one clear line. Everything is read in a confined child, as always.
"""

import io
import json
import struct
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dpkt
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from hegui.facts import is_read
from hegui.facts.screens import Ui
from hegui.facts.trace import Run
from hegui.facts.traffic import Capture
from hegui.readers.part import Part
from hegui.readers.screens import read_screens
from hegui.readers.traces import read_traces
from hegui.readers.traffics import read_traffic
from tests.readers.screen import dumps
from tests.readers.traffic import captures

QUIET = settings(max_examples=25, deadline=None)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damaged")


def one_line(part: Part[Any]) -> bool:
    """Whether nothing was read, and one clear line says so."""
    failed = [stage for stage in part.stages if stage.state == "failed"]
    for stage in failed:
        assert "\n" not in stage.detail
        assert "CRASHED" not in stage.detail
        assert "what was read does not fit" not in stage.detail
    return bool(failed)


def changed(data: bytes, draw: st.DataObject) -> bytes:
    raw = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 6))):
        at = draw.draw(st.integers(0, len(raw)))
        raw[at : at + draw.draw(st.integers(0, 20))] = draw.draw(st.binary(max_size=8))
    return bytes(raw)


def mixed(rows: Sequence[Any], draw: st.DataObject) -> list[Any]:
    return draw.draw(st.permutations([*rows, *draw.draw(st.lists(st.sampled_from(rows), max_size=4))]))


# --- sheets ----------------------------------------------------------------------------------------------------------

HEADING = ["时间点", "操作行为", "行为描述", "传入参数", "调用堆栈"]
ROWS: list[list[Any]] = [
    ["2026-3-5 9:3:1", "获取系统信息", "获取安卓ID", "", "a.b.C.d(C.java:1)"],
    ["2026-3-5 9:3:2", "定位", "获取位置", "无参数", ""],
    ["9999-12-31 23:59:59", "获取系统信息", "获取安卓ID", "", ""],
    ["0000-01-01 00:00:00", "获取系统信息", "获取安卓ID", "", ""],
    [-4.5, "获取系统信息", "获取安卓ID", "", ""],
    [1e300, "获取系统信息", "获取安卓ID", "", ""],
    ["2026-3-5 9:3:4", "", "", "", ""],
]


def sheet(rows: Sequence[Sequence[Any]]) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    # Else the file would differ from one second to the next.
    book.set_properties({"created": datetime(2026, 3, 5, tzinfo=UTC)})
    page = book.add_worksheet()
    for number, row in enumerate([HEADING, *rows]):
        page.write_row(number, 0, row)
    book.close()
    return made.getvalue()


def stored(data: bytes) -> bytes:
    """The same archive, uncompressed, so that a changed byte strikes its content."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(made, "w") as copy:
        for name in archive.namelist():
            copy.writestr(zipfile.ZipInfo(name), archive.read(name))
    return made.getvalue()


def runs(place: Path, data: bytes) -> tuple[Run, ...] | None:
    path = place / "log"
    path.write_bytes(data)
    part = read_traces([path])
    if one_line(part):
        return None
    assert is_read(part.value)
    for run in part.value.runs:
        observed = sum(not event.what.derived for event in run.ev)
        assert observed + run.meta.rows_unread <= run.meta.rows
    return part.value.runs


@QUIET
@given(draw=st.data())
def test_rows_of_a_sheet_in_any_order_and_doubled(place: Path, draw: st.DataObject) -> None:
    rows = mixed(ROWS, draw)
    found = runs(place, sheet(rows))
    assert found is not None
    (run,) = found
    # The time has no year 0, no number before 0 is a day, and a row that says nothing tells no act.
    lost = sum(row[0] in (ROWS[3][0], ROWS[4][0], ROWS[5][0]) or not row[1] for row in rows)
    assert (run.meta.rows, run.meta.rows_unread) == (len(rows), lost)


@QUIET
@given(draw=st.data())
def test_a_sheet_of_changed_bytes_is_read_or_refused(place: Path, draw: st.DataObject) -> None:
    runs(place, changed(stored(sheet(ROWS)), draw))


@QUIET
@given(draw=st.data())
def test_a_sheet_that_was_cut_is_refused(place: Path, draw: st.DataObject) -> None:
    data = sheet(ROWS)
    cut = data[: draw.draw(st.integers(1, len(data) - 1))]
    assert runs(place, cut) is None


# --- captures --------------------------------------------------------------------------------------------------------

ENTRIES: list[Any] = [
    captures.entry(**captures.posted('{"phone": "13900001234"}')),
    captures.entry("https://b.example.com/%ud800?x=\ud800"),
    captures.entry() | {"startedDateTime": "0000-01-01T00:00:00Z"},
    captures.entry() | {"startedDateTime": "9999-12-31T23:59:59Z"},
    captures.entry("https:///no-host"),
    captures.entry(bodySize=10**30),
    {"request": None},
    "no entry",
]


def capture(place: Path, data: bytes) -> Capture | None:
    path = place / "capture"
    path.write_bytes(data)
    part = read_traffic([path])
    if one_line(part):
        return None
    assert is_read(part.value)
    return part.value.captures[0]


@QUIET
@given(draw=st.data())
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_entries_of_a_har_in_any_order_and_doubled(place: Path, encoding: str, draw: st.DataObject) -> None:
    entries = mixed(ENTRIES, draw)
    found = capture(place, captures.har(*entries).decode().encode(encoding))
    assert found is not None
    lost = sum(entry not in ENTRIES[:2] and entry != ENTRIES[5] for entry in entries)
    assert (found.records, found.records_unread) == (len(entries), lost)


@QUIET
@given(draw=st.data())
def test_a_har_cut_at_any_byte(place: Path, draw: st.DataObject) -> None:
    entries = [json.dumps(entry) for entry in ENTRIES[:2]]
    start = '{"log": {"entries": ['
    data = f"{start}{', '.join(entries)}]}}}}".encode()
    cut = data[: draw.draw(st.integers(1, len(data) - 1))]
    ends = (len(start) + len(entries[0]), len(start) + len(entries[0]) + 2 + len(entries[1]))
    whole = sum(len(cut) >= end for end in ends)
    found = capture(place, cut)
    # What was begun after the last whole entry is one more record, which is unread.
    assert (found and (found.records, found.records_unread)) == ((whole + 1, 1) if whole else None)


PACKETS = (
    captures.dns_question("a.example.com"),
    captures.tcp(captures.client_hello("a.example.com"), dport=443),
    captures.tcp(b"GET //[ HTTP/1.1\r\nHost: a\r\n\r\n", sport=40009),
    captures.udp(b"\xc3" + bytes(40)),
)


def pcapng(*packets: bytes) -> bytes:
    made = io.BytesIO()
    writer = dpkt.pcapng.Writer(made, linktype=101)
    for number, packet in enumerate(packets):
        writer.writepkt(packet, 1_772_672_400.0 + number)
    return made.getvalue()


def pcap_ends(data: bytes) -> list[int]:
    """Where each packet of a pcap ends."""
    ends, at = [], 24
    while at < len(data):
        at += 16 + int(struct.unpack_from("<I", data, at + 8)[0])
        ends.append(at)
    return ends


def pcapng_ends(data: bytes) -> list[int]:
    """Where each block ends, and so each packet: two blocks stand before the first."""
    ends, at = [], 0
    while at < len(data):
        at += int(struct.unpack_from("<I", data, at + 4)[0])
        ends.append(at)
    return ends[2:]


FILES = [(captures.pcap, pcap_ends), (pcapng, pcapng_ends)]


@QUIET
@given(draw=st.data())
@pytest.mark.parametrize(("made", "ends"), FILES, ids=["pcap", "pcapng"])
def test_packets_in_any_order_and_doubled(
    place: Path, made: Callable[..., bytes], ends: Callable[[bytes], list[int]], draw: st.DataObject
) -> None:
    packets = mixed(PACKETS, draw)
    found = capture(place, made(*packets))
    assert found is not None
    assert (found.records, found.records_unread) == (len(packets), 0)


@QUIET
@given(draw=st.data())
@pytest.mark.parametrize(("made", "ends"), FILES, ids=["pcap", "pcapng"])
def test_a_capture_cut_at_any_byte(
    place: Path, made: Callable[..., bytes], ends: Callable[[bytes], list[int]], draw: st.DataObject
) -> None:
    data = made(*PACKETS)
    cut = data[: draw.draw(st.integers(1, len(data) - 1))]
    whole = sum(end <= len(cut) for end in ends(data))
    broken = len(cut) not in ends(data)
    found = capture(place, cut)
    assert (found and (found.records, found.records_unread)) == ((whole + broken, broken) if whole else None)


MITM = b"".join(captures.tnetstring(captures.flow(b"{}")) for _ in range(3))


@QUIET
@given(draw=st.data())
@pytest.mark.parametrize("data", [captures.har(*ENTRIES), captures.pcap(*PACKETS), pcapng(*PACKETS), MITM])
def test_a_capture_of_changed_bytes_is_read_or_refused(place: Path, data: bytes, draw: st.DataObject) -> None:
    found = capture(place, changed(data, draw))
    assert found is None or found.records_unread <= found.records


# --- screens ---------------------------------------------------------------------------------------------------------

DUMPS = (
    dumps.NOTICE,
    dumps.SETTINGS,
    b"<hierarchy/>",
    b'{"views": [{"class": "a.B", "children": 5, "bounds": [[0]]}], "foreground_activity": {}}',
    b"[" * 100_000,
    b"\x89PNG",
)
INDEX: list[dict[str, Any]] = [
    {"screen": "0.xml", "t_ms": 5, "phase": "first_launch"},
    {"screen": "0.xml", "t_ms": -5},
    {"screen": "0.xml", "t_ms": 10**40},
    {"screen": "9.xml"},
    {"tap": {"from": "0.xml", "node": "0.0", "to": "1.xml"}},
    {"tap": {"from": "0.xml", "node": "nobody", "to": "1.xml"}},
    {"explored": "first_launch", "complete": False, "by": "Lin Xiaoyu"},
    {"screen": 3},
    {},
]


def archive(dumps_: Sequence[bytes], index: bytes = b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as whole:
        for number, data in enumerate(dumps_):
            whole.writestr(f"{number}.xml", data)
        if index:
            whole.writestr("index.jsonl", index)
    return made.getvalue()


def screens(place: Path, data: bytes) -> tuple[Ui, str] | None:
    path = place / "screens.zip"
    path.write_bytes(data)
    part = read_screens([path])
    if one_line(part):
        return None
    assert is_read(part.value)
    return part.value, part.stages[0].detail


@QUIET
@given(draw=st.data())
def test_every_dump_is_a_screen_or_told(place: Path, draw: st.DataObject) -> None:
    chosen = mixed(DUMPS, draw)
    good = sum(one in DUMPS[:2] or one == DUMPS[3] for one in chosen)
    found = screens(place, archive(chosen))
    assert found is not None
    ui, detail = found
    assert len(ui.screens) == good
    assert f"{len(chosen) - good} of {len(chosen)} dumps" in detail


@QUIET
@given(draw=st.data())
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_every_row_of_an_index_counts_or_is_told(place: Path, encoding: str, draw: st.DataObject) -> None:
    rows = mixed(INDEX, draw)
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    found = screens(place, archive(DUMPS[:2], text.encode(encoding)))
    assert found is not None
    ui, detail = found
    # A dump that is not there is told once, however many rows name it.
    lost = sum(row in (INDEX[1], INDEX[2], INDEX[5], INDEX[7], INDEX[8]) for row in rows) + 1
    assert f"{lost} of {len(rows) + 2} dumps and rows" in detail
    assert (len(ui.screens), len(ui.graph)) == (2, rows.count(INDEX[4]))


@QUIET
@given(draw=st.data())
def test_an_archive_that_was_cut_is_refused(place: Path, draw: st.DataObject) -> None:
    data = archive(DUMPS)
    assert screens(place, data[: draw.draw(st.integers(1, len(data) - 1))]) is None


@QUIET
@given(draw=st.data())
def test_an_archive_of_changed_bytes_is_read_or_refused(place: Path, draw: st.DataObject) -> None:
    screens(place, changed(archive(DUMPS[:3], b'{"screen": "0.xml"}'), draw))
