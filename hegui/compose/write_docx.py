"""A page as a Word document. Questions are highlighted; where each text came from stands in an appendix."""

import io
import zipfile
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as Line

from hegui.compose.pages import Heading, Page, Paragraph, Table, Text

_FONT = "Microsoft YaHei"
# More columns than an upright page can hold legibly.
_UPRIGHT_COLUMNS = 6
# A fixed date: the same page gives the same bytes.
_STAMP = datetime(2020, 1, 1, tzinfo=UTC)


def to_docx(page: Page) -> bytes:
    """The bytes of a .docx file, A4; on its side where a table is wide."""
    document = Document()
    _paper(document, wide=any(isinstance(one, Table) and len(one.columns) > _UPRIGHT_COLUMNS for one in page.parts))
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(10.5)
    # Word takes the font of Chinese characters from a place of its own.
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        document.styles[name].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
    document.core_properties.title = page.title
    document.core_properties.author = "hegui"
    document.core_properties.created = document.core_properties.modified = _STAMP
    document.add_heading(page.title, 0)
    for part in page.parts:
        if isinstance(part, Heading):
            document.add_heading(part.words, part.level - 1)
        elif isinstance(part, Table):
            _table(document, part)
        else:
            _write(document.add_paragraph(style="List Bullet" if part.item else None), part)
    file = io.BytesIO()
    document.save(file)
    return _stamped(file.getvalue())


def _paper(document: Docx, wide: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(20)


def _table(document: Docx, part: Table) -> None:
    made = document.add_table(rows=1, cols=len(part.columns), style="Table Grid")
    for cell, name in zip(made.rows[0].cells, part.columns, strict=True):
        cell.paragraphs[0].add_run(name).bold = True
    for row in part.rows:
        cells = made.add_row().cells
        for cell, pieces in zip(cells, row, strict=True):
            _write(cell.paragraphs[0], Paragraph(pieces))
    document.add_paragraph()


def _write(line: Line, part: Paragraph) -> None:
    for one in part.pieces:
        run = line.add_run(_kept(one))
        run.bold = one.bold or None
        if one.origin == "question":
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _kept(one: Text) -> str:
    # XML cannot hold these; they carry no meaning in a list.
    return "".join(char for char in one.shown if char >= " " or char in "\n\t")


def _stamped(data: bytes) -> bytes:
    """The archive with a fixed time on every member: the library writes the time of day."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(zipfile.ZipInfo(info.filename, _STAMP.timetuple()[:6]), old.read(info), zipfile.ZIP_DEFLATED)
    return made.getvalue()
