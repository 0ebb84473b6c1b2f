"""Tables with a heading row: the sheets of PrivacySentry, camille, AppScan, Xiaomi, and any CSV with a mapping (表格)."""

import csv
import re
import tomllib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

from hegui.catalogue.behaviours import normal
from hegui.readers.errors import Malformed, NotSupported, one_line
from hegui.readers.trace.meaning import meaning
from hegui.readers.trace.rows import Rows
from hegui.readers.trace.source import Source
from hegui.readers.trace.stacks import frames
from hegui.readers.trace.times import moment

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PANIC = "PanicException"
_ZIP = b"PK\x03\x04"
_SHEETS = "xl/worksheets/"
_DIMENSION = re.compile(rb'<dimension ref="(?:[A-Z]+\d+:)?([A-Z]{1,3})(\d{1,7})"')
_HEAD = 4096
_MOST_CELLS = 1 << 24
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
# How far down a sheet its heading row may stand.
_HEADING_WITHIN = 12
_LONGEST_CELL = 1 << 20
# A sheet claims its size; more than this is no log that a person has looked at.
_MOST_ROWS = 1_048_576
_SEPARATORS = ",\t;|"
_FIELDS = (
    "time", "behaviour", "method", "stack", "args", "actor", "permission", "phase", "result", "type", "package",
    "activity", "page", "node_text", "host", "count",
)  # fmt: skip
_DENIED = {
    normal(word) for word in ("denied", "拒绝", "被拒绝", "SecurityException", "ignore", "无权限", "fail", "失败")
}
_OK = {normal(word) for word in ("ok", "成功", "success", "allow", "允许", "granted")}
_YES_BEFORE = {normal(word) for word in ("是", "同意前", "before", "未同意", "否-未同意")}

Table = Iterable[tuple[int, list[str]]]


def is_sheet(source: Source) -> bool:
    if source.head.startswith(OLE):
        return True
    if not source.head.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(source.path) as archive:
            return "xl/workbook.xml" in archive.namelist() or "content.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def is_csv(source: Source) -> bool:
    """A table in text: one whose heading is of a known layout, or any, when the file beside it names its columns."""
    rows = list(_split(source.head_lines[: _HEADING_WITHIN * 4]))[:_HEADING_WITHIN]
    return any(_layout(row) is not None or _mapping(source, row) is not None for _, row in rows)


def read_csv(source: Source) -> list[Rows]:
    return [_one_table(source, [("", _split(source.lines))])]


def read_sheet(source: Source) -> list[Rows]:
    """Every sheet of a workbook; those that sum up others are counted, not read twice. Raises Malformed or NotSupported."""
    import python_calamine

    if source.head.startswith(_ZIP):
        _refuse_bomb(source)
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(source.path)
        sheets = [(name, workbook.get_sheet_by_name(name)) for name in workbook.sheet_names]
    except BaseException as error:
        # A panic of the Rust library derives from BaseException alone, and has no importable name.
        if (
            not isinstance(error, python_calamine.CalamineError | OSError | ValueError)
            and type(error).__name__ != _PANIC
        ):
            raise
        said = one_line(error)
        raise Malformed(
            f"{source.name}：不是可读的表格文件（{said}）；请在表格软件中另存为 .xlsx 后重试",
            f"{source.name}: no workbook that can be read ({said}); save it as .xlsx and try again",
        ) from None
    wrong = any("\0" in str(cell) for _, sheet in sheets for row in islice(sheet.iter_rows(), 2) for cell in row)
    return [_one_table(source, [(_right(name, wrong), _cells(sheet.iter_rows(), wrong)) for name, sheet in sheets])]


def _refuse_bomb(source: Source) -> None:
    most = source.limits.entry_mb << 20
    try:
        with zipfile.ZipFile(source.path) as archive:
            claimed = sum(entry.file_size for entry in archive.infolist())
            sheets = [entry for entry in archive.infolist() if entry.filename.startswith(_SHEETS)]
            corners = [_cells_claimed(archive.open(entry).read(_HEAD)) for entry in sheets]
    except _BROKEN_ZIP as error:
        raise Malformed(
            f"{source.name}：表格文件损坏（{one_line(error)}）；请重新导出",
            f"{source.name}: a broken workbook ({one_line(error)}); export it again",
        ) from None
    if max(corners, default=0) > _MOST_CELLS:
        raise NotSupported(
            f"{source.name}：表的范围超过 {_MOST_CELLS} 格；请删去远处的单元格，或把记录复制到新表后另存",
            f"{source.name}: a sheet spans more than {_MOST_CELLS} cells; delete cells far away, or copy the rows to a new one",
        )
    if claimed > most:
        raise NotSupported(
            f"{source.name}：解压后 {claimed} 字节，超过 {most} 字节的上限；请只导出要审查的时段",
            f"{source.name}: {claimed} bytes when inflated, more than {most}; export only the time in question",
        )


def _cells_claimed(head: bytes) -> int:
    """How many cells a sheet says it spans; all of them are laid out in memory, also for two at opposite corners."""
    found = _DIMENSION.search(head)
    if found is None:
        return 0
    columns = 0
    for letter in found[1]:
        columns = 26 * columns + letter - ord("A") + 1
    return columns * int(found[2])


def _cells(rows: Iterable[list[Any]], wrong: bool) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(rows, 1):
        yield number, [_right(_cell(cell), wrong) for cell in row]


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ", "milliseconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:_LONGEST_CELL]


def _right(text: str, wrong: bool) -> str:
    """Text of a BIFF8 file without a usable code page, as PrivacySentry's writer leaves it, comes as one letter a byte."""
    if not wrong:
        return text
    raw = bytearray()
    for letter in text:
        try:
            raw += letter.encode("cp1252")
        except UnicodeEncodeError:
            # The five bytes without a letter in Windows-1252 come as the control of the same number.
            raw.append(ord(letter) & 0xFF)
    return raw.decode("utf-16-le", "replace")


def _split(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Rows of a CSV with the line each begins at; the separator is the one that the first lines agree on."""
    heads = [line for line in lines[:_HEADING_WITHIN] if line.strip()]
    separator = max(_SEPARATORS, key=lambda one: (min((line.count(one) for line in heads[:2]), default=0), one == ","))
    reader = csv.reader(StringIO("\n".join(lines)), delimiter=separator)
    csv.field_size_limit(_LONGEST_CELL)
    before = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield before + 1, [f"\0{error}"]
            before = reader.line_num
            continue
        yield before + 1, row
        before = reader.line_num


def _one_table(source: Source, sheets: list[tuple[str, Table]]) -> Rows:
    kept: Rows | None = None
    headings: list[str] = []
    counted: list[tuple[str, int]] = []
    for name, table in sheets:
        layout: dict[str, Any] | None = None
        places: dict[str, list[int]] = {}
        number = 0
        for line, row in table:
            if layout is None:
                if not any(cell.strip() for cell in row):
                    continue
                number += 1
                layout = _mapping(source, row) or _layout(row)
                if layout is None:
                    if number == 1:
                        headings.append("|".join(cell[:20] for cell in row[:12]))
                    if number >= _HEADING_WITHIN:
                        break
                    continue
                places = _places(layout.get("columns", {}), row)
                number = 0
                if not layout.get("sums"):
                    kept = kept or Rows(layout["id"], collector=layout["collector"])
                continue
            if not any(cell.strip() for cell in row):
                continue
            number += 1
            if layout.get("sums") or kept is None:
                continue
            if number > _MOST_ROWS:
                kept.unread(line, f"more than {_MOST_ROWS} rows")
                continue
            _add(kept, layout, places, line, row)
        if layout is None or layout.get("sums"):
            counted.append((name or source.name, number))
    if kept is None:
        said, file = "; ".join(headings)[:200], f"{source.name}.run.toml"
        raise NotSupported(
            f"{source.name}：表头不认识（{said}）；请在旁边放 {file} 写明各列，见 docs/trace.md",
            f"{source.name}: unknown heading ({said}); name its columns in {file} beside it, see docs/trace.md",
        )
    for name, number in counted:
        kept.note(
            f"表“{name}”{number} 行为汇总或非事件，未重复计入 / sheet {name}: {number} rows that sum up or are no events"
        )
    return kept


def _add(rows: Rows, layout: dict[str, Any], places: dict[str, list[int]], line: int, row: list[str]) -> None:
    if row[:1] and row[0].startswith("\0"):
        rows.unread(line, row[0][1:])
        return
    cell = {field: [row[at].strip() for at in found if at < len(row)] for field, found in places.items()}
    one = {field: next((value for value in values if value), "") for field, values in cell.items()}
    written = one.get("time", "")
    phase = ""
    for name, marks in layout.get("marks", {}).items():
        if any(mark in value for mark in marks for value in row):
            phase = name
            for mark in marks:
                written = written.replace(mark, "")
    at = moment(written) if written.strip() else None
    if at is None and ("time" in places or written):
        rows.unread(line, f"no time in {one.get('time', '')[:40]!r}" if one.get("time") else "no time")
        return
    words = " ".join(value for value in cell.get("behaviour", ()) if value)
    stack = frames(next((value for value in cell.get("stack", ()) if frames(value)), ""))
    method = one.get("method", "")
    if not (words or method or stack or one.get("type")):
        rows.unread(line, "neither behaviour nor stack")
        return
    args = _arguments(one.get("args", ""))
    fields = meaning(" ".join([words, *cell.get("permission", ())]), method, stack, args)
    fields |= {name: one[name] for name in ("actor", "activity", "page", "node_text", "host") if one.get(name)}
    fields |= {"type": one["type"]} if one.get("type") else {}
    fields |= {"behaviour": words or method, "args": args}
    told = normal(one.get("phase", ""))
    if told:
        phase = (
            phase
            or meaning(one["phase"], "", (), ()).get("phase", "")
            or ("before_consent" if told in _YES_BEFORE else "")
        )
    fields |= {"phase": phase} if phase else {}
    result = normal(one.get("result", ""))
    fields |= {"result": "denied"} if result in _DENIED else {"result": "ok"} if result in _OK else {}
    if one.get("count", "").isdecimal():
        fields["count"] = int(one["count"][:9])
    if one.get("package"):
        rows.meta.setdefault("package", one["package"].removeprefix("pkg=").strip(" ,"))
    rows.add(line, at, fields, stack)


def _arguments(text: str) -> tuple[str, ...]:
    return (
        ()
        if normal(text) in ("", "无参数", "none", "null")
        else tuple(part for part in text.split("\n") if part.strip())
    )


@cache
def _layouts() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads((Path(__file__).parent / "layouts.toml").read_text("utf-8"))["layout"])


def _layout(row: list[str]) -> dict[str, Any] | None:
    heads = [normal(cell) for cell in row]
    for layout in _layouts():
        if all(any(head.startswith(normal(name)) for head in heads) for name in layout["tell"]):
            return layout
    return None


def _mapping(source: Source, row: list[str]) -> dict[str, Any] | None:
    """The layout that the file beside names, when this row holds its headings."""
    columns = _columns(source)
    heads = {normal(cell) for cell in row}
    if not columns or not all(normal(names[0]) in heads for names in columns.values()):
        return None
    return {"id": "csv", "collector": str(source.given.get("collector", "")), "columns": columns}


def _columns(source: Source) -> dict[str, list[str]]:
    """The headings of each field, as the file beside tells them. Raises Malformed for a field that does not exist."""
    made: dict[str, list[str]] = {}
    for name, value in source.given.get("columns", {}).items():
        if name not in _FIELDS:
            file, known = f"{source.name}.run.toml", " ".join(_FIELDS)
            raise Malformed(
                f"{file}：[columns] 没有字段 {one_line(name)}；可用 {known}",
                f"{file}: [columns] has no field {one_line(name)}; there are {known}",
            )
        made[name] = [value] if isinstance(value, str) else value
    return made


def _places(columns: dict[str, list[str]], row: list[str]) -> dict[str, list[int]]:
    heads = [normal(cell) for cell in row]
    return {
        field: found
        for field, names in columns.items()
        if (found := [at for name in names for at, head in enumerate(heads) if head and head.startswith(normal(name))])
    }
