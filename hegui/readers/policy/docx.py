"""Rules as a Word document (WordprocessingML, ECMA-376 part 1, section 17)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from hegui.readers.policy.build import PLAIN, Builder, DocumentText, Run, Style
from hegui.readers.policy.characters import BREAK
from hegui.readers.policy.headings import Headings, could_be_heading
from hegui.readers.policy.looks import same_colour
from hegui.readers.policy.ooxml import Archive, attribute, child, name_of
from hegui.readers.policy.table import Grid

_HEADING_STYLE = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_LINK_FIELD = re.compile(r'\s*HYPERLINK\s+"([^"]*)"')
_OFF = ("0", "false", "off")
# Sizes are in half points; 10 points where a document says nothing (17.3.2.38).
_DEFAULT_SIZE = 20.0
# Styles are based on one another; a chain longer than this is a ring.
_LONGEST_CHAIN = 32
# English Metric Units of 64 pixels: smaller pictures are icons.
_ICON_EMU = 609_600
_HIGHLIGHTS = {
    "yellow": "#ffff00", "green": "#00ff00", "cyan": "#00ffff", "magenta": "#ff00ff", "blue": "#0000ff", "red": "#ff0000",
    "darkBlue": "#000080", "darkCyan": "#008080", "darkGreen": "#008000", "darkMagenta": "#800080", "darkRed": "#800000",
    "darkYellow": "#808000", "darkGray": "#808080", "lightGray": "#c0c0c0", "black": "#000000", "white": "#ffffff",
}  # fmt: skip


@dataclass(frozen=True)
class _ParagraphStyle:
    """What a named style gives to a paragraph. `level` is that of a heading, `item` of a list; 0 if it is none."""

    look: Style
    level: int = 0
    item: int = 0


def read_docx(data: bytes) -> DocumentText:
    """Read a DOCX: headings by style, lists, tables with merged cells, looks. Deleted text is left out.

    Raises Malformed when the archive or its XML is broken, NotSupported when it is another kind of archive.
    """
    return _Reader(Archive(data)).read()


class _Reader:
    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.builder = Builder()
        self.headings = Headings()
        self.links = archive.related(archive.main)
        self.title = ""
        self.paragraphs = 0
        self.pictures = 0
        # The link of the field that is being read, and its code.
        self.field_code: str | None = None
        self.field_link: str | None = None
        self._read_styles()

    def read(self) -> DocumentText:
        root = self.archive.part(self.archive.main)
        body = child(root, "body")
        if body is not None:
            self.content(body, None)
        notes = self.archive.part("word/footnotes.xml")
        for note in notes if notes is not None else ():
            if attribute(note, "type") in (None, "normal"):
                self.content(note, None)
        read = self.builder.finish("docx", styled=True, title=self.title)
        if read.text:
            return read
        if self.pictures:
            return replace(read, reason="POLICY_IMAGE_ONLY", unread=f"no text, {self.pictures} pictures")
        return replace(read, reason="NO_POLICY", unread="the document holds no text")

    def content(self, parent: etree._Element, cell: int | None) -> None:
        """Read paragraphs and tables, also those in content controls and the like."""
        for element in parent:
            name = name_of(element)
            if name == "p":
                self.paragraph(element, cell)
            elif name == "tbl":
                self.table(element, cell)
            elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"):
                self.content(element, cell)
            elif name == "AlternateContent":
                chosen = child(element, "Choice")
                if chosen is not None:
                    self.content(chosen, cell)

    def paragraph(self, element: etree._Element, cell: int | None) -> None:
        self.paragraphs += 1
        at = f"paragraph {self.paragraphs}"
        properties = child(element, "pPr")
        style = self.styles.get(attribute(child(properties, "pStyle"), "val") or "", self.normal)
        runs = [replace(run, at=at) for run in self.runs(element, style.look, None)]
        if cell is not None:
            self.builder.lines(cell, runs)
        elif any(run.text.strip() for run in runs):
            level, item = self.role(properties, style, runs)
            if item:
                self.builder.lines(self.builder.open("item", level=item, at=at, hidden=_all_hidden(runs)), runs)
            else:
                self.builder.add("heading" if level else "paragraph", runs, level=level, at=at)
            if level and not self.title:
                self.title = "".join(run.text for run in runs).strip()
        self.apart(element, cell, at)

    def role(self, properties: etree._Element | None, style: _ParagraphStyle, runs: list[Run]) -> tuple[int, int]:
        """The level of the paragraph as a heading and as an item of a list; 0 where it is none."""
        outline = attribute(child(properties, "outlineLvl"), "val")
        level = int(outline) + 1 if outline in tuple("012345678") else style.level
        if level:
            self.headings.given(min(level, 6))
            return min(level, 6), 0
        number = child(properties, "numPr")
        item = style.item
        if number is not None:
            numbered = attribute(child(number, "numId"), "val") not in (None, "0")
            item = _number(attribute(child(number, "ilvl"), "val"), 0) + 1 if numbered else 0
        if not item:
            return self.headings.level(runs), 0
        # A bold line that Word numbers is how most people write headings.
        text = "".join(run.text for run in runs).strip()
        if all(run.style.bold for run in runs if run.text.strip()) and could_be_heading(text):
            return self.headings.level_of(text, bold=True), 0
        return 0, item

    def apart(self, element: etree._Element, cell: int | None, at: str) -> None:
        """Read the pictures and text boxes that hang on a paragraph."""
        for drawing in element.iter():
            name = name_of(drawing)
            if name == "txbxContent" and not any(name_of(each) == "Fallback" for each in drawing.iterancestors()):
                if next(drawing.iterancestors("{*}p"), None) is element:
                    self.content(drawing, cell)
            elif name in ("drawing", "pict"):
                extent = next(drawing.iter("{*}extent"), None)
                sides = (
                    [_number(attribute(extent, side), _ICON_EMU) for side in ("cx", "cy")] if extent is not None else []
                )
                shows = next(drawing.iter("{*}blip", "{*}imagedata"), None) is not None
                if (
                    shows
                    and min(sides, default=_ICON_EMU) >= _ICON_EMU
                    and next(drawing.iterancestors("{*}p"), None) is element
                ):
                    self.pictures += 1
                    self.builder.picture(attribute(next(drawing.iter("{*}docPr"), None), "descr") or "", cell, at)

    def runs(self, parent: etree._Element, look: Style, link: str | None) -> Iterator[Run]:
        """The runs of a paragraph, also those in links, fields and insertions; no deleted ones."""
        for element in parent:
            name = name_of(element)
            if name == "r":
                yield from self.run(element, look, link)
            elif name == "hyperlink":
                target = self.links.get(attribute(element, "id") or "")
                yield from self.runs(element, look, target or link)
            elif name == "fldSimple":
                code = _LINK_FIELD.match(attribute(element, "instr") or "")
                yield from self.runs(element, look, code[1] if code else link)
            elif name in ("ins", "moveTo", "smartTag", "sdt", "sdtContent", "customXml", "dir", "bdo"):
                yield from self.runs(element, look, link)

    def run(self, element: etree._Element, look: Style, link: str | None) -> Iterator[Run]:
        properties = child(element, "rPr")
        named = self.characters.get(attribute(child(properties, "rStyle"), "val") or "")
        look = _seen(_looks(properties, _looks(named, look)))
        for part in element:
            name = name_of(part)
            if name == "fldChar":
                self.field(attribute(part, "fldCharType"))
            elif name == "instrText":
                self.field_code = None if self.field_code is None else self.field_code + (part.text or "")
            elif self.field_code is None:
                text = part.text or "" if name == "t" else _TEXTS.get(name, "")
                if text:
                    yield Run(text, replace(look, link=link or self.field_link))

    def field(self, kind: str | None) -> None:
        """Keep track of a field: its code is no text, its result is."""
        if kind == "begin":
            self.field_code = ""
        elif kind == "separate":
            code = _LINK_FIELD.match(self.field_code or "")
            self.field_link = code[1] if code else None
            self.field_code = None
        elif kind == "end":
            self.field_code = self.field_link = None

    def table(self, element: etree._Element, parent: int | None) -> None:
        at = f"paragraph {self.paragraphs + 1}"
        table = self.builder.open("table", parent, at=at)
        grid = Grid()
        # The cell that reaches down to this row, by its column.
        above: dict[int, int] = {}
        for row in _inside(element, "tr"):
            row_block = self.builder.open("row", table, row=grid.next_row(), at=f"paragraph {self.paragraphs + 1}")
            before = _number(attribute(child(row, "trPr", "gridBefore"), "val"), 0)
            if before:
                grid.place(1, before)
            for cell in _inside(row, "tc"):
                properties = child(cell, "tcPr")
                colspan = min(max(_number(attribute(child(properties, "gridSpan"), "val"), 1), 1), 1000)
                col = grid.place(1, colspan)
                merge = child(properties, "vMerge")
                if merge is not None and attribute(merge, "val") != "restart" and col in above:
                    self.builder.reach_down(above[col])
                    self.content(cell, above[col])
                    continue
                block = self.builder.open(
                    "cell", row_block, row=grid.row, col=col, colspan=colspan, at=f"paragraph {self.paragraphs + 1}"
                )
                above[col] = block
                self.content(cell, block)

    def _read_styles(self) -> None:
        """Read the named styles: looks of characters, and looks and roles of paragraphs."""
        root = self.archive.part("word/styles.xml")
        named = (
            {attribute(one, "styleId") or "": one for one in root if name_of(one) == "style"}
            if root is not None
            else {}
        )
        default = _looks(child(root, "docDefaults", "rPrDefault", "rPr"), replace(PLAIN, size=_DEFAULT_SIZE))
        self.characters = {
            key: child(one, "rPr") for key, one in named.items() if attribute(one, "type") == "character"
        }
        self.styles = {
            key: _paragraph_style(key, named, default)
            for key, one in named.items()
            if attribute(one, "type") != "character"
        }
        normal = next(
            (
                key
                for key, one in named.items()
                if attribute(one, "type") == "paragraph" and attribute(one, "default") == "1"
            ),
            "",
        )
        self.normal = self.styles.get(normal, _ParagraphStyle(default))


# What the parts of a run other than text stand for.
_TEXTS = {"tab": " ", "br": BREAK, "cr": BREAK, "noBreakHyphen": "-"}


def _paragraph_style(key: str, named: dict[str, etree._Element], default: Style) -> _ParagraphStyle:
    """A style with what it takes from those it is based on."""
    chain: list[etree._Element] = []
    while key in named and len(chain) < _LONGEST_CHAIN:
        chain.append(named[key])
        key = attribute(child(named[key], "basedOn"), "val") or ""
    look, level, item = default, 0, 0
    for one in reversed(chain):
        look = _looks(child(one, "rPr"), look)
        name = attribute(child(one, "name"), "val") or ""
        outline = attribute(child(one, "pPr", "outlineLvl"), "val")
        by_name = _HEADING_STYLE.fullmatch(name)
        if name.lower() in ("title", "标题"):
            level = 1
        elif by_name:
            level = int(by_name[1])
        elif outline in tuple("012345678"):
            level = int(outline) + 1
        number = child(one, "pPr", "numPr")
        if number is not None:
            item = _number(attribute(child(number, "ilvl"), "val"), 0) + 1
    return _ParagraphStyle(look, min(level, 6), 0 if level else item)


def _looks(properties: etree._Element | None, look: Style) -> Style:
    """The looks that run properties give over inherited ones."""
    if properties is None:
        return look
    changed: dict[str, object] = {}
    for one in properties:
        name, value = name_of(one), attribute(one, "val")
        if name in _TOGGLES:
            changed[_TOGGLES[name]] = value not in _OFF
        elif name == "sz":
            changed["size"] = float(_number(value, int(look.size or _DEFAULT_SIZE)))
        elif name == "u":
            changed["underline"] = value not in (None, "none")
        elif name == "color":
            changed["colour"] = _hex(value)
        elif name == "highlight":
            changed["background"] = _HIGHLIGHTS.get(value or "")
        elif name == "shd":
            changed["background"] = _hex(attribute(one, "fill"))
    return replace(look, **changed)  # type: ignore[arg-type]


_TOGGLES = {"b": "bold", "i": "italic", "vanish": "hidden"}


def _seen(look: Style) -> Style:
    """The look, hidden also when the letters have the colour of the paper behind them."""
    if look.colour is not None and same_colour(look.colour, look.background or "#ffffff"):
        return replace(look, hidden=True)
    return look


def _hex(value: str | None) -> str | None:
    return f"#{value.lower()}" if value and re.fullmatch(r"[0-9A-Fa-f]{6}", value) else None


def _number(value: str | None, default: int) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else default


def _all_hidden(runs: list[Run]) -> bool:
    return all(run.style.hidden for run in runs if run.text.strip())


def _inside(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The children of this name, also those in content controls."""
    for each in element:
        if name_of(each) == name:
            yield each
        elif name_of(each) in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _inside(each, name)
