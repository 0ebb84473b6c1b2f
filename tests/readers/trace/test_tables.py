"""Tables: sheets and CSV, of known tools and by a mapping."""

from pathlib import Path

import pytest
import xlsxwriter

from hegui.readers.errors import Malformed, NotSupported
from tests.readers.trace.logs import HOST, SECURE, rows_of, run_of, runs_of

STACK = f"{SECURE}\n{HOST}"


def workbook(path: Path, *sheets: list[list[object]]) -> bytes:
    book = xlsxwriter.Workbook(path)
    for rows in sheets:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return path.read_bytes()


def test_camille_sheet(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["时间点", "操作行为", "行为描述", "传入参数", "调用堆栈"],
        ["2026-3-5 9:3:1", "获取系统信息", "获取安卓ID", '参数0：{}\r\n参数1："android_id"', STACK],
        ["2026-3-5 9:3:2", "申请权限", '申请具体权限看"参数1"', "无参数", STACK],
        ["", "", "", "", ""],
        ["no time", "获取系统信息", "获取安卓ID", "", STACK],
    ]
    run = run_of(tmp_path, workbook(tmp_path / "a.xlsx", rows))
    assert rows_of(run) == [(0, "api", "device_id.android_id", "app"), (1000, "perm_req", None, "app")]
    assert [(row.line, row.why) for row in run.meta.unread] == [(5, "no time in 'no time'")]


def test_privacysentry_counting_sheet_is_not_counted_twice(tmp_path: Path) -> None:
    calls: list[list[object]] = [
        ["调用时间(倒序排序)", "别名", "函数名", "调用堆栈"],
        ["check!!! 03-05 12:37:26.152", "获取设备id-getDeviceId", "getDeviceId", HOST],
        ["03-05 12:37:28.152", "设置剪贴板内容-setText", "setText", HOST],
    ]
    sums: list[list[object]] = [
        ["别名", "函数名", "调用堆栈", "调用次数"],
        ["获取设备id-getDeviceId", "getDeviceId", HOST, 1],
    ]
    run = run_of(tmp_path, workbook(tmp_path / "a.xlsx", calls, sums))
    assert rows_of(run) == [(0, "api", "device_id.imei", "app"), (2000, "api", None, "app")]
    assert [event.what.phase for event in run.ev] == ["before_consent", None]
    assert "1 rows that sum up" in run.meta.notes[0]


def test_appscan_export_tells_actor_and_phase(tmp_path: Path) -> None:
    text = (
        "主体,隐私权限,操作行为,问题标记,堆栈\n"
        f'极光推送,设备信息,获取AndroidID,用户同意前,"{STACK}"\n'
        f'APP,位置,获取位置信息,用户同意后,"{STACK}"\n'
    )
    run = run_of(tmp_path, text.encode("gb18030"))
    told = [(event.what.type, event.what.pi_type, event.what.phase, event.what.actor) for event in run.ev]
    assert run.meta.clock == "order"
    assert told == [
        ("api", "device_id.android_id", "before_consent", "极光推送"),
        ("consent", None, None, None),
        ("loc", "location.precise", "after_consent", "APP"),
    ]


def test_a_csv_of_an_unknown_tool_is_read_by_its_mapping(tmp_path: Path) -> None:
    text = f'when;did;who\n2026/03/05 10:00:00.5;读取剪贴板;"{STACK}"\nnever;读取剪贴板;\n'
    columns = {"time": "when", "behaviour": "did", "stack": "who"}
    run = run_of(tmp_path, text, columns=columns, collector="own")
    assert (rows_of(run), run.meta.uncertainty_ms, run.meta.collector) == ([(0, "api", "clipboard", "app")], 100, "own")
    assert run.meta.rows_unread == 1


def test_an_unknown_heading_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotSupported, match=r"colour"):
        run_of(tmp_path, workbook(tmp_path / "a.xlsx", [["colour", "shape"], ["red", "round"]]))


def test_a_broken_workbook_is_one_line(tmp_path: Path) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    with pytest.raises(Malformed) as caught:
        run_of(tmp_path, data)
    assert "\n" not in caught.value.words.zh


def test_a_real_sheet_whose_letters_come_one_byte_each(materials: Path) -> None:
    (run,) = runs_of(materials / "runtime/hooklog/privacysentry_demo_result.xls", "com.yl.lib.privacysentry")
    assert (run.meta.rows, run.meta.rows_unread, len(run)) == (19, 0, 19)
    assert [(event.t_ms, event.what.act) for event in run.of("consent")] == [(1993, "agree")]
    assert {event.origin for event in run.of("api")} == {"app"}
