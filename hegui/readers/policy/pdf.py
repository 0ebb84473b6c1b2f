"""Rules as a PDF: lines become paragraphs, what every page repeats is left out, ruled tables become tables."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from hegui.readers.errors import LimitReached, Malformed, NotSupported
from hegui.readers.policy.build import Builder, DocumentText, Run
from hegui.readers.policy.headings import Headings, could_be_heading, is_item, is_numbered
from hegui.readers.policy.pdf_page import Page, Piece, read_page
from hegui.readers.policy.pdf_tables import RuledTable, ruled_tables

_MOST_PAGES = 2_000

# Where page headers and footers stand, as a share of the height from either end.
_MARGIN = 0.08
_RULE = r"[-–—·\s]*"
_PAGE_NUMBER = re.compile(
    rf"{_RULE}(?:第|page)?\s*\d{{1,4}}\s*页?\s*(?:(?:/|of|共|，|,)\s*共?\s*\d{{1,4}}\s*页?)?{_RULE}", re.IGNORECASE
)

_DIGITS = re.compile(r"\d+")
# A name or address that is cut at the end of a line: nothing stands between its halves.
_CUT_WORD = re.compile(r"[A-Za-z0-9][-/_.?&=]$")
_ENDS = re.compile(r"[。！？!?；;：:.]\s*$")
# Letters larger than the body's by this are a heading's.
_LARGER = 1.12
# Lines further apart than this many times the usual distance are two paragraphs.
_APART = 1.3
# A page with fewer characters and a picture on it is a picture.
_FEW = 10
# More letters than this in fonts without names, and weight is not known.
_NAMELESS_SHARE = 0.1
# As much unreadable text means that the fonts do not tell what it is.
_UNKNOWN_SHARE = 0.3


@dataclass(slots=True)
class _Line:
    """Pieces of text beside each other. `page` counts from 1; `table` is that of the page it stands in."""

    page: int
    pieces: list[Piece]

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces).strip()

    @property
    def left(self) -> float:
        return min(piece.left for piece in self.pieces)

    @property
    def right(self) -> float:
        return max(piece.right for piece in self.pieces)

    @property
    def bottom(self) -> float:
        return min(piece.bottom for piece in self.pieces)

    @property
    def top(self) -> float:
        return max(piece.top for piece in self.pieces)

    @property
    def size(self) -> float:
        return Counter({piece.size: 0 for piece in self.pieces} | _sizes(self.pieces)).most_common(1)[0][0]


def read_pdf(data: bytes) -> DocumentText:
    """Read a PDF. Pages that are pictures are told apart as unread.

    Raises NotSupported when it needs a password, Malformed when it cannot be opened.
    """
    try:
        document = pdfium.PdfDocument(data)
        count = len(document)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise NotSupported(
                "PDF 已加密，需要密码；请另存为不加密的 PDF", "the PDF needs a password; save it without encryption"
            ) from None
        raise Malformed(
            f"PDF 无法打开（{error}）；请重新获取文件", f"the PDF cannot be opened ({error}); get it again"
        ) from None
    if count > _MOST_PAGES:
        raise LimitReached(f"PDF 超过 {_MOST_PAGES} 页", f"a PDF of more than {_MOST_PAGES} pages")
    pages: list[Page | None] = []
    for number in range(count):
        try:
            pages.append(read_page(document, number))
        except pdfium.PdfiumError:
            pages.append(None)
    return _Reader(pages).read()


class _Reader:
    def __init__(self, pages: list[Page | None]) -> None:
        self.pages = pages
        self.builder = Builder()
        self.headings = Headings()
        self.title = ""
        # The columns, block and rows of the table at the end of the page before, which may go on.
        self.open_table: tuple[tuple[float, ...], int, int, list[str]] | None = None

    def read(self) -> DocumentText:
        by_page = [list(_lines(page, number)) if page else [] for number, page in enumerate(self.pages, 1)]
        tables = [ruled_tables(page.edges) if page else [] for page in self.pages]
        free = [
            [line for line in lines if _table_of(line, on_page) is None]
            for lines, on_page in zip(by_page, tables, strict=True)
        ]
        repeated = _repeated(self.pages, free)
        self.pitch = _pitch(free)
        sizes = Counter[float]()
        for lines in by_page:
            for line in lines:
                sizes.update(_sizes(line.pieces))
        self.body = sizes.most_common(1)[0][0] if sizes else 10.0
        larger = sorted({size for size in sizes if size >= _LARGER * self.body}, reverse=True)
        self.levels = {size: min(level, 4) for level, size in enumerate(_grouped(larger), 1)}
        paragraph: list[_Line] = []
        for number, (page, lines) in enumerate(zip(self.pages, by_page, strict=True), 1):
            if page is None or (page.characters < _FEW and page.large_pictures):
                self.write(paragraph)
                paragraph = []
                self.builder.picture("", None, f"page {number}")
                continue
            lines = [line for line in lines if id(line) not in repeated]
            paragraph = self.page(number, lines, tables[number - 1], paragraph)
        self.write(paragraph)
        return self.judged(self.builder.finish("pdf", styled=self.tells_weight(), title=self.title))

    def tells_weight(self) -> bool:
        """Whether the fonts have names or weights; without, bold letters look like all others here."""
        characters = sum(page.characters for page in self.pages if page)
        nameless = sum(page.nameless for page in self.pages if page)
        return nameless <= _NAMELESS_SHARE * characters

    def judged(self, read: DocumentText) -> DocumentText:
        """The document with what of it could not be read."""
        pictures = [
            n for n, page in enumerate(self.pages, 1) if page and page.characters < _FEW and page.large_pictures
        ]
        broken = [n for n, page in enumerate(self.pages, 1) if page is None]
        characters = sum(page.characters for page in self.pages if page)
        unknown = sum(page.unknown for page in self.pages if page)
        paths = sum(page.paths for page in self.pages if page)
        if not read.text and pictures:
            return replace(
                read, reason="POLICY_IMAGE_ONLY", unread=f"scanned: {len(pictures)} pages are pictures without text"
            )
        if not read.text and paths > 50 * len(self.pages):
            return replace(read, reason="POLICY_IMAGE_ONLY", unread="its letters are drawn as shapes, not as text")
        if not read.text:
            return replace(read, reason="NO_POLICY", unread=f"{len(self.pages)} pages hold no text")
        if unknown > _UNKNOWN_SHARE * characters:
            return replace(
                read,
                reason="POLICY_IMAGE_ONLY",
                unread=f"the fonts do not name {unknown} of {characters} letters",
            )
        if pictures:
            return replace(read, reason="POLICY_IMAGE_ONLY", unread=f"pages that are pictures: {_listed(pictures)}")
        if broken:
            return replace(read, reason="MALFORMED", unread=f"broken pages: {_listed(broken)}")
        cut = [n for n, page in enumerate(self.pages, 1) if page and page.cut]
        return replace(read, reason="LIMIT_REACHED", unread=f"pages read in part: {_listed(cut)}") if cut else read

    def page(self, number: int, lines: list[_Line], tables: list[RuledTable], before: list[_Line]) -> list[_Line]:
        """Write a page but for its last paragraph, which is returned: the next page may go on with it."""
        inside: dict[int, list[Piece]] = {}
        # Each table once, where its first line stands.
        order: list[_Line | int] = []
        for line in lines:
            at = _table_of(line, tables)
            if at is None:
                order.append(line)
            else:
                if at not in inside:
                    order.append(at)
                inside.setdefault(at, []).extend(line.pieces)
        right = max((line.right for line in order if isinstance(line, _Line)), default=0.0)
        paragraph = before
        for each in order:
            if not isinstance(each, _Line):
                self.write(paragraph)
                paragraph = []
                self.table(tables[each], inside[each], number)
                continue
            if paragraph and not self.goes_on(paragraph, each, right):
                self.write(paragraph)
                paragraph = []
            self.open_table = None
            paragraph.append(each)
        return paragraph

    def goes_on(self, paragraph: list[_Line], line: _Line, right: float) -> bool:
        """Whether a line continues the paragraph before it."""
        last = paragraph[-1]
        if abs(last.size - line.size) > 0.1 * self.body or is_item(line.text) or is_numbered(line.text):
            return False
        # A heading ends before the margin; so does the last line of a paragraph: the next word would have fitted on it.
        word = line.size if not line.text[:1].isascii() else line.size * 0.5 * len(line.text.split(" ", 1)[0])
        if last.right + word + line.size < right:
            return False
        if line.left > paragraph[0].left + 0.5 * line.size and line.left > last.left + 0.5 * line.size:
            # Indented further than the paragraph itself.
            return False
        if len(paragraph) > 1 and line.left > last.left + 1.5 * line.size:
            return False
        if last.page != line.page:
            return not _ENDS.search(last.text)
        return 0 < last.bottom - line.bottom <= _APART * max(self.pitch, line.size)

    def write(self, lines: list[_Line]) -> None:
        """Write a paragraph, or the heading or item it is."""
        if not lines:
            return
        runs = list(_runs(lines))
        text = " ".join(line.text for line in lines)
        at = f"page {lines[0].page}"
        level = (
            self.levels.get(_nearest(lines[0].size, self.levels), 0) if could_be_heading(text) and self.levels else 0
        )
        if level:
            self.headings.given(level)
        else:
            level = self.headings.level(runs)
        if level:
            self.title = self.title or text
            self.builder.add("heading", runs, level=level, at=at)
        else:
            self.builder.add("item" if is_item(text) else "paragraph", runs, at=at)

    def table(self, table: RuledTable, pieces: list[Piece], number: int) -> None:
        """Write a table; one that goes on from the page before goes on in its block, without its repeated first row."""
        at = f"page {number}"
        held: dict[int, list[Piece]] = {}
        for piece in pieces:
            x, y = _middle(piece)
            at_cell = next((n for n, cell in enumerate(table.cells) if cell.box.holds(x, y)), None)
            if at_cell is not None:
                held.setdefault(at_cell, []).append(piece)
        texts = [
            ["".join(piece.text for piece in held.get(n, ())) for n, cell in enumerate(table.cells) if cell.row == 0]
        ]
        block, first, skip = None, 0, False
        if self.open_table is not None and _alike(self.open_table[0], table.columns):
            _, block, first, head = self.open_table
            skip = head == texts[0] and any(head)
        if block is None:
            block = self.builder.open("table", at=at)
        head = self.open_table[3] if self.open_table is not None and first else texts[0]
        row_block, row = 0, -1
        for n, cell in enumerate(table.cells):
            if skip and cell.row == 0:
                continue
            if cell.row != row:
                row = cell.row
                row_block = self.builder.open("row", block, row=first + row - skip, at=at)
            made = self.builder.open(
                "cell",
                row_block,
                row=first + row - skip,
                col=cell.col,
                rowspan=cell.rowspan,
                colspan=cell.colspan,
                at=at,
            )
            lines = [_Line(number, beside) for beside in _rows(held.get(n, []))]
            for paragraph in _cell_paragraphs(lines, cell.box.right):
                self.builder.lines(made, _runs(paragraph))
        rows = max(cell.row + cell.rowspan for cell in table.cells)
        self.open_table = (table.columns, block, first + rows - skip, head)


def _lines(page: Page, number: int) -> Iterator[_Line]:
    """The pieces of a page as lines, in the order of the page."""
    for beside in _rows(page.pieces):
        yield _Line(number, beside)


def _table_of(line: _Line, tables: list[RuledTable]) -> int | None:
    """The table in which a line stands."""
    return next((n for n, table in enumerate(tables) if table.box.holds(*_middle(line.pieces[0]))), None)


def _pitch(by_page: list[list[_Line]]) -> float:
    """The usual distance from one line to the next; 0 if there are no two lines."""
    steps = Counter(
        round(2 * (above.bottom - below.bottom)) / 2
        for lines in by_page
        for above, below in pairwise(lines)
        if 0 < above.bottom - below.bottom < 4 * below.size
    )
    return steps.most_common(1)[0][0] if steps else 0.0


def _rows(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Pieces that follow one another at one height."""
    row: list[Piece] = []
    for piece in pieces:
        if row and not (_overlap(row[-1], piece) and piece.left >= row[-1].left):
            yield row
            row = []
        row.append(piece)
    if row:
        yield row


def _overlap(one: Piece, other: Piece) -> bool:
    shared = min(one.top, other.top) - max(one.bottom, other.bottom)
    return shared > 0.5 * min(one.top - one.bottom, other.top - other.bottom)


def _runs(lines: list[_Line]) -> Iterator[Run]:
    """The runs of a paragraph. Its lines end where the page does, which means nothing."""
    for number, line in enumerate(lines):
        if number and not (
            _CUT_WORD.search(lines[number - 1].text) and line.text[:1].isalnum() and line.text[:1].isascii()
        ):
            yield Run("\n")
        for place, piece in enumerate(line.pieces):
            if place:
                yield Run(" ")
            for style, letters in piece.parts:
                yield Run(_text(letters), style)


def _text(letters: list[str]) -> str:
    text = "".join(letters)
    if any("\ud800" <= letter <= "\udfff" for letter in letters):
        # The engine gives characters beyond the basic plane as two halves.
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _cell_paragraphs(lines: list[_Line], right: float) -> Iterator[list[_Line]]:
    """The lines of a cell by paragraph: one that ends well before the edge ends its paragraph."""
    paragraph: list[_Line] = []
    for line in lines:
        if paragraph and (paragraph[-1].right + 2.5 * line.size < right or is_item(line.text)):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _repeated(pages: list[Page | None], by_page: list[list[_Line]]) -> set[int]:
    """Headers, footers and page numbers, by id: what stands at either end of most pages, the numbers in it aside."""
    at_ends: list[tuple[tuple[str, int], _Line]] = []
    for page, lines in zip(pages, by_page, strict=True):
        for line in lines if page else ():
            middle = (line.bottom + line.top) / 2 / page.height if page and page.height else 0.5
            if middle < _MARGIN or middle > 1 - _MARGIN:
                at_ends.append(((_DIGITS.sub("#", line.text), round(line.bottom / 6)), line))
    counts = Counter(key for key, _ in at_ends)
    enough = max(3, (len(pages) + 1) // 2)
    return {
        id(line)
        for key, line in at_ends
        if counts[key] >= enough or (len(pages) > 1 and _PAGE_NUMBER.fullmatch(line.text))
    }


def _sizes(pieces: list[Piece]) -> Counter[float]:
    """How many letters there are of each size."""
    counted = Counter[float]()
    for piece in pieces:
        for style, letters in piece.parts:
            if not style.hidden:
                counted[style.size or round(piece.size, 1)] += len(letters)
    return counted


def _grouped(sizes: list[float]) -> list[float]:
    """Sizes in falling order without those that only rounding tells from the one before."""
    kept: list[float] = []
    for size in sizes:
        if not kept or size < 0.95 * kept[-1]:
            kept.append(size)
    return kept


def _nearest(size: float, levels: dict[float, int]) -> float:
    """The size of a heading that this is, give or take rounding; 0 if none."""
    return next((each for each in levels if 0.95 * each < size <= 1.05 * each), 0.0)


def _middle(piece: Piece) -> tuple[float, float]:
    return (piece.left + piece.right) / 2, (piece.bottom + piece.top) / 2


def _alike(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return len(one) == len(other) and all(abs(a - b) < 4 for a, b in zip(one, other, strict=True))


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:20])) + (" …" if len(numbers) > 20 else "")
