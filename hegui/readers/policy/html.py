"""Rules as a web page: what a reader of the page sees, and, marked as hidden, what they do not."""

import re
from dataclasses import dataclass, replace

from lxml import etree

from hegui.readers.policy.build import PLAIN, Builder, DocumentText, Run, Style
from hegui.readers.policy.characters import BREAK, tidy
from hegui.readers.policy.css import Stylesheet
from hegui.readers.policy.headings import Headings
from hegui.readers.policy.looks import colour, font_element_size, font_size, is_bold, length, same_colour
from hegui.readers.policy.table import Grid

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HEADING_SIZES = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h4": 1.0, "h5": 0.83, "h6": 0.67}
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "search", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
_BLOCK_DISPLAYS = frozenset(("block", "flex", "grid", "list-item", "table", "flow-root"))
_NOT_TEXT = frozenset((
    "audio", "canvas", "datalist", "embed", "head", "iframe", "map", "math", "noembed", "noframes", "noscript",
    "object", "script", "select", "style", "svg", "template", "textarea", "title", "video",
))  # fmt: skip
_BOLD = frozenset(("b", "strong", "th"))
_ITALIC = frozenset(("i", "em", "cite", "dfn", "address", "var"))
_UNDERLINED = frozenset(("u", "ins"))
_SIZED = {"small": 1 / 1.2, "big": 1.2, "sub": 1 / 1.2, "sup": 1 / 1.2}
_COLOUR_ATTRIBUTES = {"body": "text", "font": "color"}

# What no one can read: smaller than this (pixels), or this far off the screen.
_TINY = 2.0
_FAR_OFF = -500.0
# Pictures smaller than this on a side are icons and rules, not text.
_ICON = 64.0
_CLIPPED = re.compile(r"rect\(\s*(?:0|1)(?:px)?(?:[\s,]+(?:0|1)(?:px)?){3}\s*\)|inset\(\s*(?:50|100)%\s*\)")

# A heading that is never closed runs on; what is longer than this (characters) is text.
_LONGEST_HEADING = 300

# Below this, a page that runs scripts is a shell for them unless it says something of the subject.
_SHELL = 200
_SPEAKS = re.compile(r"(?:收集|使用|保护|处理).{0,30}(?:信息|数据)|personal (?:information|data)", re.IGNORECASE)


@dataclass(slots=True)
class _Frame:
    """What holds inside an element. `container` is the item or cell that takes its lines."""

    style: Style
    pre: bool = False
    gone: bool = False
    invisible: bool = False
    colour: str | None = None
    ground: str | None = None
    is_block: bool = False
    heading: int = 0
    container: int | None = None
    in_cell: bool = False
    list_level: int = 0
    table: int | None = None
    row: int | None = None
    grid: Grid | None = None

    @property
    def part(self) -> int | None:
        """The row, else the table, that holds what stands outside cells."""
        return self.table if self.row is None else self.row


def read_html(text: str, styles: str = "") -> DocumentText:
    """Read a page. `styles` are the style sheets that came with it, as in a web archive.

    A page that only starts a script, a frame or a picture comes back with the reason and whatever text it has.
    """
    parser = etree.HTMLParser(huge_tree=True, no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    root = etree.fromstring(text.replace("\0", "").encode("utf-8", "replace") or b"<html/>", parser)
    if root is None:
        return Builder().finish("html", styled=False, reason="NO_POLICY", unread="no element in it")
    walker = _Walker(root, styles)
    walker.walk()
    read = walker.builder.finish("html", styled=not walker.lacks_styles, title=walker.title)
    cut = next((each.message for each in parser.error_log if each.level == etree.ErrorLevels.FATAL), "")
    if cut:
        return replace(read, reason="LIMIT_REACHED", unread=f"what is nested too deep: {cut}")
    return _judged(read, root)


def _judged(read: DocumentText, root: etree._Element) -> DocumentText:
    """The document with the reason when its text is not in the page itself."""
    if len(read.text) >= _SHELL or _SPEAKS.search(read.text):
        return read
    frames = [frame.get("src") or "" for frame in root.iter("iframe", "frame") if frame.get("src")]
    scripts = sum(1 for _ in root.iter("script"))
    pictures = sum(block.kind == "picture" for block in read.blocks)
    held = f"the page holds {len(read.text)} characters of text"
    if frames:
        return replace(
            read, reason="NO_POLICY", unread=f"{held}; its content is another page, not fetched: {frames[0][:200]}"
        )
    if scripts:
        return replace(
            read,
            reason="NO_POLICY",
            unread=f"{held} and {scripts} scripts: it is put together in the browser; save it there once it is shown",
        )
    if pictures:
        return replace(read, reason="POLICY_IMAGE_ONLY", unread=f"{held} and {pictures} pictures")
    return read if read.text else replace(read, reason="NO_POLICY", unread="the page holds no text")


class _Walker:
    def __init__(self, root: etree._Element, styles: str) -> None:
        self.root = root
        self.builder = Builder()
        self.headings = Headings()
        self.sheet = Stylesheet()
        if styles:
            self.sheet.add(styles)
        for style in root.iter("style"):
            if (style.get("media") or "all").strip().lower() in ("all", "screen", ""):
                self.sheet.add(style.text or "")
        linked = any("stylesheet" in (link.get("rel") or "").lower() for link in root.iter("link"))
        self.lacks_styles = linked and not styles
        self.title = next((tidy(title.text or "")[0] for title in root.iter("title") if title.text), "")
        self.frames = [
            _Frame(replace(PLAIN, size=16.0), colour="#000000", ground=None if self.lacks_styles else "#ffffff")
        ]
        self.runs: list[Run] = []

    def walk(self) -> None:
        # Without recursion: pages nest deeper than Python's stack.
        walk = etree.iterwalk(self.root, events=("start", "end"))
        for event, element in walk:
            tag = str(element.tag)
            if event == "start":
                if tag in _NOT_TEXT:
                    walk.skip_subtree()
                else:
                    self.start(element, tag)
            else:
                if tag not in _NOT_TEXT:
                    self.end(tag)
                if element.tail:
                    self.text(element.tail, element)
        self.flush()

    def start(self, element: etree._Element, tag: str) -> None:
        if tag == "br":
            self.line_break()
        elif tag == "img":
            self.picture(element)
        outer = self.frames[-1]
        frame = self.styled(element, tag, outer)
        if frame.is_block:
            self.flush()
            self.open(element, tag, frame)
        self.frames.append(frame)
        if element.text and tag not in ("br", "img"):
            self.text(element.text, element)

    def end(self, tag: str) -> None:
        if self.frames[-1].is_block:
            self.flush()
        self.frames.pop()

    def text(self, text: str, element: etree._Element) -> None:
        frame = self.frames[-1]
        if frame.pre and text.strip():
            lines = text.split("\n")
            for number, line in enumerate(lines):
                if number:
                    self.line_break()
                self.runs.append(Run(line, frame.style, f"line {element.sourceline}"))
        else:
            self.runs.append(Run(text, frame.style, f"line {element.sourceline}"))

    def line_break(self) -> None:
        frame = self.frames[-1]
        if frame.container is not None or frame.heading:
            self.runs.append(Run(BREAK, frame.style))
        else:
            self.flush()

    def picture(self, element: etree._Element) -> None:
        told = self.sheet.of(element)
        sides = [length(told.get(side) or element.get(side) or "") for side in ("width", "height")]
        sides += [float(value) for side in ("width", "height") if (value := element.get(side) or "").isdecimal()]
        small = any(side is not None and side < _ICON for side in sides)
        frame = self.frames[-1]
        if not small and not frame.style.hidden and told.get("display") != "none":
            self.flush()
            self.builder.picture(
                element.get("alt") or "",
                frame.part if frame.container is None else frame.container,
                f"line {element.sourceline}",
            )

    def open(self, element: etree._Element, tag: str, frame: _Frame) -> None:
        """Begin the block that an element stands for, if it is one of a list or table."""
        at = f"line {element.sourceline}"
        hidden = frame.style.hidden
        if tag in _HEADINGS:
            frame.heading = _HEADINGS[tag]
        elif tag in ("ul", "ol", "dl", "menu", "dir"):
            frame.list_level += 1
            frame.heading = 0
        elif tag in ("li", "dt", "dd") and not frame.in_cell:
            frame.container = self.builder.open(
                "item", frame.container, level=max(frame.list_level, 1) + (tag == "dd"), at=at, hidden=hidden
            )
        elif tag == "table" and not _is_layout(element):
            frame.table = self.builder.open("table", frame.container, at=at, hidden=hidden)
            frame.grid, frame.row, frame.container, frame.in_cell, frame.heading = Grid(), None, None, False, 0
        elif tag == "table":
            frame.table = frame.grid = frame.row = None
        elif tag == "tr" and frame.grid is not None:
            frame.row = self.builder.open("row", frame.table, row=frame.grid.next_row(), at=at, hidden=hidden)
            frame.container = None
        elif tag in ("td", "th") and frame.grid is not None and frame.row is not None:
            rowspan, colspan = _span(element, "rowspan"), _span(element, "colspan")
            frame.container = self.builder.open(
                "cell",
                frame.row,
                row=frame.grid.row,
                col=frame.grid.place(rowspan, colspan),
                rowspan=rowspan,
                colspan=colspan,
                at=at,
                hidden=hidden,
            )
            frame.in_cell = True
            frame.list_level = 0

    def flush(self) -> None:
        """Write the text gathered so far as a line of the container around it, or as a block of its own."""
        runs, self.runs = self.runs, []
        if not any(run.text.strip() for run in runs):
            return
        frame = self.frames[-1]
        if frame.heading and sum(len(run.text) for run in runs) <= _LONGEST_HEADING:
            self.builder.add("heading", runs, frame.container if frame.in_cell else frame.part, level=frame.heading)
            self.headings.given(frame.heading)
        elif frame.container is not None:
            self.builder.lines(frame.container, runs)
        elif frame.part is not None:
            # A caption, or text that stands between rows or cells.
            self.builder.add("paragraph", runs, frame.part)
        else:
            level = self.headings.level(runs)
            self.builder.add("heading" if level else "paragraph", runs, level=level)

    def styled(self, element: etree._Element, tag: str, outer: _Frame) -> _Frame:
        """The frame inside an element, with its looks as far as its tag, attributes and the page's rules tell."""
        told = self.sheet.of(element)
        display = told.get("display", "")
        frame = replace(outer, is_block=tag in _BLOCKS or display in _BLOCK_DISPLAYS)
        style = outer.style
        inherited = style.size or 16.0
        size = inherited * _HEADING_SIZES.get(tag, _SIZED.get(tag, 1.0))
        if tag == "font" and element.get("size"):
            size = font_element_size(str(element.get("size")), inherited)
        if "font-size" in told:
            size = font_size(told["font-size"], inherited)
        bold = is_bold(told.get("font-weight", ""), style.bold or tag in _BOLD or tag in _HEADINGS)
        decoration = told.get("text-decoration", "") + told.get("text-decoration-line", "")
        underline = "underline" in decoration or (
            (style.underline or tag in _UNDERLINED) and not (tag in _UNDERLINED and "none" in decoration)
        )
        italic = told.get("font-style", "italic" if style.italic or tag in _ITALIC else "") in ("italic", "oblique")
        link = (element.get("href") or "").strip() or style.link if tag == "a" else style.link
        self._colours(element, tag, told, frame)
        if "white-space" in told or tag == "pre":
            frame.pre = told.get("white-space", "pre").startswith(("pre", "break"))
        visibility = told.get("visibility", "")
        frame.invisible = visibility in ("hidden", "collapse") or (outer.invisible and visibility != "visible")
        frame.gone = outer.gone or _is_gone(element, tag, told)
        unseen = (
            frame.gone
            or frame.invisible
            or size < _TINY
            or frame.colour == ""
            or (frame.colour is not None and bool(frame.ground) and same_colour(frame.colour, frame.ground or ""))
        )
        frame.style = Style(size, bold, italic, underline, frame.colour, frame.ground, link, unseen)
        return frame

    def _colours(self, element: etree._Element, tag: str, told: dict[str, str], frame: _Frame) -> None:
        """Set the colour of the text and of the ground behind it; None is one that is not known."""
        written = told.get("color") or (element.get(_COLOUR_ATTRIBUTES[tag]) if tag in _COLOUR_ATTRIBUTES else "") or ""
        if written and written not in ("inherit", "currentcolor", "initial", "unset"):
            frame.colour = colour(written)
            if frame.colour == "" and "clip" in " ".join(told):
                # Letters cut out of a coloured ground.
                frame.colour = None
        ground = told.get("background-color") or element.get("bgcolor") or ""
        shorthand = told.get("background", "")
        if "url(" in shorthand or "gradient(" in shorthand or told.get("background-image", "none") != "none":
            frame.ground = None
        elif ground or shorthand:
            found = colour(ground) if ground else _colour_in(shorthand)
            frame.ground = frame.ground if found == "" else found
        elif tag == "mark":
            frame.ground = "#ffff00"


def _colour_in(shorthand: str) -> str | None:
    return next((found for part in shorthand.split() if (found := colour(part)) is not None), None)


def _is_gone(element: etree._Element, tag: str, told: dict[str, str]) -> bool:
    """Whether an element is not shown at all, with everything in it."""
    if told.get("display") == "none" or ("hidden" in element.attrib and "display" not in told):
        return True
    if tag == "dialog" and "open" not in element.attrib:
        return True
    if told.get("opacity") in ("0", "0.0", "0%") or _CLIPPED.fullmatch(told.get("clip") or told.get("clip-path") or ""):
        return True
    if told.get("overflow", "").startswith("hidden") and any(
        length(told.get(side, "")) == 0 for side in ("height", "width", "max-height", "max-width")
    ):
        return True
    moved = ("left", "top", "right", "bottom") if told.get("position") in ("absolute", "fixed") else ()
    return any((length(told.get(name, "")) or 0) <= _FAR_OFF for name in (*moved, "text-indent"))


def _is_layout(table: etree._Element) -> bool:
    """Whether a table only arranges the page: told so, or without two cells side by side."""
    if (table.get("role") or "") in ("presentation", "none"):
        return True
    sections = [table, *(child for child in table if child.tag in ("tbody", "thead", "tfoot"))]
    rows = [row for section in sections for row in section if row.tag == "tr"]
    return all(sum(cell.tag in ("td", "th") for cell in row) < 2 for row in rows)


def _span(element: etree._Element, name: str) -> int:
    written = (element.get(name) or "").strip()
    return min(max(int(written), 1), 65534) if written.isascii() and written.isdigit() and len(written) < 9 else 1
