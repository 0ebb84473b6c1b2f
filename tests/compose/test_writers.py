"""The files: whole, the same bytes twice, and safe to open whatever the package says."""

import io
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from openpyxl import load_workbook

from hegui.compose import PAGES
from hegui.compose.pages import Page, Table, Text
from hegui.compose.write_docx import to_docx
from hegui.compose.write_html import to_html
from hegui.compose.write_markdown import to_markdown
from hegui.compose.write_xlsx import to_xlsx
from tests.compose.subjects import APP, subject

HOSTILE = '=HYPERLINK("http://x")|<script>alert(1)</script>**[a](b)'
EVIL = Page("evil", HOSTILE, (Table("a/b:c" * 9, (HOSTILE,), (((Text(HOSTILE, "package", "m"),),),)),))


def test_same_pages_same_bytes() -> None:
    page = PAGES["rules"](subject())
    assert to_docx(page) == to_docx(page)
    assert to_xlsx([page]) == to_xlsx([page])


def test_a_workbook_holds_a_sheet_for_each_table_and_one_for_sources() -> None:
    book = load_workbook(io.BytesIO(to_xlsx([PAGES["functions"](subject()), PAGES["sdks"](subject())])))
    assert book.sheetnames == ["功能清单", "SDK 清单", "来源"]
    assert book["功能清单"]["A3"].value == "扫码"
    rows = list(book["来源"].iter_rows(values_only=True))
    assert ("功能清单", "B3", "识别二维码", "声明", "app.scenes[1].purpose") in rows


def test_hostile_text_is_no_formula_link_or_markup() -> None:
    book = load_workbook(io.BytesIO(to_xlsx([EVIL])))
    cell = book.worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("s", HOSTILE)
    assert "<script>" not in to_html(EVIL)
    assert "\\|\\<script\\>" in to_markdown(EVIL)
    assert Document(io.BytesIO(to_docx(EVIL))).tables[0].cell(1, 0).text == HOSTILE


def test_characters_xml_cannot_hold_do_not_break_a_document() -> None:
    page = Page("x", "x", (Table("t", ("c",), (((Text("a\x00\x0b\x1fb"),),),)),))
    assert zipfile.is_zipfile(io.BytesIO(to_docx(page)))
    assert load_workbook(io.BytesIO(to_xlsx([page]))).sheetnames[0] == "t"


def test_questions_stand_out() -> None:
    page = PAGES["rules"](subject(replace(APP, rules_version=None)))
    assert "【请填写：版本号】" in to_markdown(page)
    assert "<mark title=" in to_html(page)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_can_be_written_in_every_format(name: str) -> None:
    page = PAGES[name](subject())
    assert page.title in to_html(page)
    assert page.title.split("个")[0] in to_markdown(page)
    assert Document(io.BytesIO(to_docx(page))).paragraphs[0].text == page.title
