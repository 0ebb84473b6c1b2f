"""One page of a PDF: its pieces of text with place and look, its ruled lines, and what covers it.

Coordinates are points from the lower left, as in the format (ISO 32000-1, 8.3.2.3).
"""

import ctypes
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from hegui.readers.policy.build import PLAIN, Style
from hegui.readers.policy.looks import same_colour

# More on one page is no text for people.
_MOST_CHARACTERS = 100_000
_MOST_PATHS = 20_000
_MOST_LINKS = 5_000

_BOLD_NAME = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_BOLD_WEIGHT = 600
_TINY = 2.0
# Within this a line is level; beyond it on both axes, text is turned, as watermarks are.
_LEVEL = 0.02
# A gap in a line wider than this many characters separates columns.
_COLUMN_GAP = 1.5
# A path thinner than this is a line, a picture larger than this share of the page is what the page shows.
_THIN = 3.0
_SHORTEST_EDGE = 4.0
_LARGE_PICTURE = 0.4


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.bottom <= y <= self.top


@dataclass(slots=True)
class Piece:
    """Text on one line without a wide gap: its characters by look, and where it is."""

    left: float
    bottom: float
    right: float
    top: float
    size: float
    parts: list[tuple[Style, list[str]]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join("".join(letters) for _, letters in self.parts)


@dataclass(frozen=True, slots=True)
class Edge:
    """A ruled line: at `at` across, from `start` to `end` along. `upright` if it runs from below to above."""

    upright: bool
    at: float
    start: float
    end: float


@dataclass
class Page:
    width: float
    height: float
    pieces: list[Piece] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    characters: int = 0
    # Characters whose font does not tell what they mean.
    unknown: int = 0
    # Characters in fonts that tell neither name nor weight, as drawn ("Type 3") fonts do.
    nameless: int = 0
    large_pictures: int = 0
    paths: int = 0
    cut: bool = False


def read_page(document: pdfium.PdfDocument, number: int) -> Page:
    """Read a page, from 0. Raises pdfium.PdfiumError when it is broken."""
    source = document[number]
    page = Page(*source.get_size())
    grounds = _read_objects(source, page)
    text = source.get_textpage()
    try:
        _read_text(source, text, page, grounds, list(_links(document, source)))
    finally:
        text.close()
        source.close()
    return page


def _read_text(
    source: pdfium.PdfPage, text: pdfium.PdfTextPage, page: Page, grounds: list[Box], links: list[tuple[Box, str]]
) -> None:
    count = text.count_chars()
    page.cut = count > _MOST_CHARACTERS
    # The objects that hold the characters, by address: their looks are asked for once. None for turned text.
    looks: dict[int | None, _Look | None] = {}
    fonts: dict[int | None, tuple[str, int]] = {}
    rect = raw.FS_RECTF()
    space = False
    for index in range(min(count, _MOST_CHARACTERS)):
        code = raw.FPDFText_GetUnicode(text, index)
        if code in (0x20, 0x0D, 0x0A, 0xA0, 0x09, 0x3000):
            space = True
            continue
        thing = raw.FPDFText_GetTextObject(text, index)
        address = ctypes.cast(thing, ctypes.c_void_p).value
        if address not in looks:
            looks[address] = _look(thing, text, index, fonts)
        look = looks[address]
        if look is None or not raw.FPDFText_GetLooseCharBox(text, index, rect):
            continue
        page.characters += 1
        page.unknown += code in (0, 0xFFFD) or 0xE000 <= code < 0xF900
        size, style = look.size, look.style
        page.nameless += not look.named
        x, y = (rect.left + rect.right) / 2, (rect.bottom + rect.top) / 2
        link = next((target for box, target in links if box.holds(x, y)), None) if links else None
        off_page = not (-1 <= x <= page.width + 1 and -1 <= y <= page.height + 1)
        if link or off_page or style.hidden:
            # White letters on a painted ground, or over the picture they were recognised in, are there to be read.
            unseen = off_page or (style.hidden and not any(ground.holds(x, y) for ground in grounds))
            style = Style(size=style.size, bold=style.bold, colour=style.colour, link=link, hidden=unseen)
        _put(page, Piece(rect.left, rect.bottom, rect.right, rect.top, size), chr(code), style, space)
        space = False


def _put(page: Page, box: Piece, letter: str, style: Style, space: bool) -> None:
    """Add a letter to the piece before it, or begin a new piece."""
    last = page.pieces[-1] if page.pieces else None
    height = max(box.top - box.bottom, 0.1)
    goes_on = (
        last is not None
        and abs((box.bottom + box.top) - (last.bottom + last.top)) < height
        and last.right - 0.6 * box.size <= box.left <= last.right + _COLUMN_GAP * max(box.size, last.size)
    )
    if not goes_on or last is None:
        last = box
        page.pieces.append(box)
    elif space:
        last.parts[-1][1].append(" ")
    if not last.parts or last.parts[-1][0] != style:
        last.parts.append((style, []))
    last.parts[-1][1].append(letter)
    last.left, last.right = min(last.left, box.left), max(last.right, box.right)
    last.bottom, last.top = min(last.bottom, box.bottom), max(last.top, box.top)
    last.size = max(last.size, box.size)


@dataclass(frozen=True, slots=True)
class _Look:
    """How a text object looks. `named` if its font tells a name or weight; a hidden style is one to look closer at."""

    size: float
    style: Style
    named: bool


def _look(thing: Any, text: pdfium.PdfTextPage, index: int, fonts: dict[int | None, tuple[str, int]]) -> _Look | None:
    """The look of a text object; None if its text is turned."""
    matrix = raw.FS_MATRIX()
    size = raw.FPDFText_GetFontSize(text, index)
    if not thing:
        return _Look(size, PLAIN, False)
    if raw.FPDFText_GetMatrix(text, index, matrix):
        scale = math.hypot(matrix.b, matrix.d)
        if abs(matrix.b) > _LEVEL * scale and abs(matrix.a) > _LEVEL * scale:
            return None
        size *= scale or math.hypot(matrix.a, matrix.c) or 1.0
    font = raw.FPDFTextObj_GetFont(thing)
    mode = raw.FPDFTextObj_GetTextRenderMode(thing)
    bold = mode == raw.FPDF_TEXTRENDERMODE_FILL_STROKE
    address = ctypes.cast(font, ctypes.c_void_p).value
    if address not in fonts:
        fonts[address] = (_font_name(font), raw.FPDFFont_GetWeight(font)) if font else ("", 0)
    name, weight = fonts[address]
    bold = bold or weight >= _BOLD_WEIGHT or _BOLD_NAME.search(name) is not None
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    colour = None
    if raw.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha):
        colour = f"#{red.value:02x}{green.value:02x}{blue.value:02x}"
    unseen = (
        mode in (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
        or size < _TINY
        or (colour is not None and (alpha.value == 0 or same_colour(colour, "#ffffff")))
    )
    return _Look(size, Style(size=round(size, 1), bold=bold, colour=colour, hidden=unseen), bool(name) or weight > 0)


def _font_name(font: Any) -> str:
    length = raw.FPDFFont_GetBaseFontName(font, None, 0)
    if not 0 < length < 1000:
        return ""
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFFont_GetBaseFontName(font, buffer, length)
    return buffer.value.decode("utf-8", "replace")


def _read_objects(source: pdfium.PdfPage, page: Page) -> list[Box]:
    """Note the ruled lines and pictures of a page; the areas that are painted under its text."""
    grounds = []
    box = [ctypes.c_float() for _ in range(4)]
    for index in range(raw.FPDFPage_CountObjects(source)):
        thing = raw.FPDFPage_GetObject(source, index)
        kind = raw.FPDFPageObj_GetType(thing)
        if kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING):
            continue
        if not raw.FPDFPageObj_GetBounds(thing, *box):
            continue
        area = Box(*(side.value for side in box))
        if kind == raw.FPDF_PAGEOBJ_PATH:
            page.paths += 1
            if page.paths > _MOST_PATHS:
                page.edges.clear()
                break
            page.edges += _edges(thing, area)
            if not _paints_dark(thing):
                continue
        elif (area.right - area.left) * (area.top - area.bottom) > _LARGE_PICTURE * page.width * page.height:
            page.large_pictures += 1
        grounds.append(area)
    return grounds


def _paints_dark(path: Any) -> bool:
    """Whether a path fills its area with something that white letters stand out from."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFPath_GetDrawMode(path, fill, stroke) or not fill.value:
        return False
    if not raw.FPDFPageObj_GetFillColor(path, red, green, blue, alpha) or not alpha.value:
        return False
    return not same_colour(f"#{red.value:02x}{green.value:02x}{blue.value:02x}", "#ffffff")


def _edges(path: Any, area: Box) -> Iterator[Edge]:
    """The level and upright lines of a path: it itself if it is thin, else its sides."""
    width, height = area.right - area.left, area.top - area.bottom
    if width <= _THIN or height <= _THIN:
        if height > max(width, _SHORTEST_EDGE):
            yield Edge(True, (area.left + area.right) / 2, area.bottom, area.top)
        elif width > max(height, _SHORTEST_EDGE):
            yield Edge(False, (area.bottom + area.top) / 2, area.left, area.right)
        return
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(path, matrix):
        return
    before: tuple[float, float] | None = None
    first: tuple[float, float] | None = None
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(min(raw.FPDFPath_CountSegments(path), _MOST_PATHS)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        here = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = here
        elif kind == raw.FPDF_SEGMENT_LINETO and before is not None:
            yield from _edge(before, here)
        if raw.FPDFPathSegment_GetClose(segment) and first is not None:
            yield from _edge(here, first)
        before = here


def _edge(one: tuple[float, float], other: tuple[float, float]) -> Iterator[Edge]:
    across, up = abs(one[0] - other[0]), abs(one[1] - other[1])
    if across < 1 and up > _SHORTEST_EDGE:
        yield Edge(True, one[0], min(one[1], other[1]), max(one[1], other[1]))
    elif up < 1 and across > _SHORTEST_EDGE:
        yield Edge(False, one[1], min(one[0], other[0]), max(one[0], other[0]))


def _links(document: pdfium.PdfDocument, source: pdfium.PdfPage) -> Iterator[tuple[Box, str]]:
    """The areas that lead to an address."""
    position, link, rect = ctypes.c_int(0), raw.FPDF_LINK(), raw.FS_RECTF()
    for _ in range(_MOST_LINKS):
        if not raw.FPDFLink_Enumerate(source, position, link):
            return
        action = raw.FPDFLink_GetAction(link)
        if (
            not action
            or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI
            or not raw.FPDFLink_GetAnnotRect(link, rect)
        ):
            continue
        length = raw.FPDFAction_GetURIPath(document, action, None, 0)
        if 1 < length < 4000:
            buffer = ctypes.create_string_buffer(length)
            raw.FPDFAction_GetURIPath(document, action, buffer, length)
            yield Box(rect.left, rect.bottom, rect.right, rect.top), buffer.value.decode("utf-8", "replace")
