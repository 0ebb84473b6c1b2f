"""Pages as one workbook: a sheet for each table, and one that says where every cell came from."""

import io
from collections.abc import Iterable
from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell

from hegui.compose.pages import Page, Table, Text, plain

_NAMES = {"package": "安装包", "declared": "声明", "catalogue": "目录", "wording": "固定用语", "question": "待填写"}
# What a sheet's name must not hold, and its greatest length.
_FORBIDDEN = str.maketrans("[]:*?/\\", "_______")
_LONGEST_NAME = 31


def to_xlsx(pages: Iterable[Page]) -> bytes:
    """The bytes of an .xlsx file. Text is never taken for a formula or a link: it may come from a hostile package."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, options) as book:
        # A fixed date: the same pages give the same bytes.
        book.set_properties({"author": "hegui", "created": datetime(2020, 1, 1)})
        head = book.add_format({"bold": True, "bg_color": "#F6F8FA", "border": 1, "text_wrap": True, "valign": "top"})
        body = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        open_ = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "bg_color": "#FFF3C4"})
        sources: list[tuple[str, str, Text]] = []
        for page in pages:
            for table in (part for part in page.parts if isinstance(part, Table)):
                name = _name(table.name, {sheet.get_name() for sheet in book.worksheets()})
                sheet = book.add_worksheet(name)
                sheet.set_column(0, len(table.columns) - 1, 24)
                sheet.freeze_panes(1, 1)
                sheet.set_landscape()
                sheet.set_paper(9)
                sheet.fit_to_pages(1, 0)
                for column, words in enumerate(table.columns):
                    sheet.write_string(0, column, words, head)
                for row, cells in enumerate(table.rows, 1):
                    for column, cell in enumerate(cells):
                        gap = any(one.origin == "question" for one in cell)
                        sheet.write_string(row, column, plain(cell), open_ if gap else body)
                        place = xl_rowcol_to_cell(row, column)
                        sources += [(name, place, one) for one in cell if one.origin != "wording"]
        _sources(book, head, body, sources)
    return file.getvalue()


def _name(words: str, taken: set[str]) -> str:
    """A sheet name that is allowed and not taken."""
    name = words.translate(_FORBIDDEN)[:_LONGEST_NAME]
    number = 2
    while name in taken:
        name = f"{words.translate(_FORBIDDEN)[: _LONGEST_NAME - 3]} {number}"
        number += 1
    return name


def _sources(book: Workbook, head: Format, body: Format, rows: list[tuple[str, str, Text]]) -> None:
    sheet = book.add_worksheet("来源")
    sheet.set_column(0, 4, 24)
    for column, words in enumerate(("工作表", "单元格", "内容", "来自", "位置")):
        sheet.write_string(0, column, words, head)
    for row, (name, place, one) in enumerate(rows, 1):
        for column, words in enumerate((name, place, one.shown, _NAMES[one.origin], one.source)):
            sheet.write_string(row, column, words, body)


def has_table(page: Page) -> bool:
    return any(isinstance(part, Table) for part in page.parts)
