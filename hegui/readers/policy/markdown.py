"""Rules as Markdown: the common part of CommonMark, with tables."""

import re
from collections.abc import Iterator

from hegui.readers.policy.build import PLAIN, Builder, DocumentText, Run, Style
from hegui.readers.policy.characters import BREAK
from hegui.readers.policy.headings import Headings
from hegui.readers.policy.table import Grid

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
_RULE = re.compile(r" {0,3}(?:[*_-][ \t]*){3,}")
_FENCE = re.compile(r" {0,3}(?:`{3,}|~{3,})")
_ITEM = re.compile(r"(\s*)(?:[-*+]|\d{1,9}[.)])[ \t]+(.*)")
_QUOTE = re.compile(r"^ {0,3}(?:> ?)+")
_DELIMITER = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?\s*")
_BAR = re.compile(r"(?<!\\)\|")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_INLINE = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])|(?P<strong>\*\*|__)|(?P<emphasis>[*])"
    r"|(?P<image>!\[[^\[\]\n]{0,2000}\]\([^()\n]{0,2000}\))"
    r"|\[(?P<text>[^\[\]\n]{0,2000})\]\((?P<link>[^()\s]{0,2000})[^()\n]{0,200}\)|(?P<code>`+)|(?P<br><br\s*/?>)|(?P<tag></?[a-zA-Z][^<>\n]{0,200}>)"
)


def read_markdown(text: str) -> DocumentText:
    """Read a Markdown text. Its looks are those it asks for: headings, bold, italic and links."""
    return _Reader(_COMMENT.sub(_blank, text.replace("\r\n", "\n").replace("\r", "\n"))).read()


def _blank(comment: re.Match[str]) -> str:
    return "\n" * comment[0].count("\n")


class _Reader:
    def __init__(self, text: str) -> None:
        self.lines = [_QUOTE.sub("", line, count=1) for line in text.split("\n")]
        self.builder = Builder()
        self.headings = Headings()
        self.title = ""
        self.gathered: list[str] = []
        self.began = 0
        # Indentation and block of the items around the one read.
        self.items: list[tuple[int, int]] = []

    def read(self) -> DocumentText:
        number = 0
        fenced = False
        while number < len(self.lines):
            line = self.lines[number]
            if _FENCE.match(line):
                self.end_paragraph()
                fenced = not fenced
            elif fenced:
                self.paragraph([Run(line)], number)
            elif "|" in line and number + 1 < len(self.lines) and _DELIMITER.fullmatch(self.lines[number + 1]):
                number = self.table(number)
                continue
            else:
                self.line(line, number)
            number += 1
        self.end_paragraph()
        return self.builder.finish("markdown", styled=True, title=self.title)

    def line(self, line: str, number: int) -> None:
        if heading := _HEADING.fullmatch(line):
            self.heading(heading[2], len(heading[1]), number)
        elif self.gathered and (under := _UNDERLINE.fullmatch(line)):
            text, self.gathered = "\n".join(self.gathered), []
            self.heading(text, 1 if under[1][0] == "=" else 2, self.began)
        elif _RULE.fullmatch(line):
            self.end_paragraph()
        elif item := _ITEM.fullmatch(line):
            self.end_paragraph()
            self.item(len(item[1].expandtabs(4)), item[2], number)
        elif not line.strip():
            self.end_paragraph()
        else:
            if not self.gathered:
                self.began = number
                if self.items and not line[:1].isspace():
                    self.items.clear()
            self.gathered.append(line)

    def heading(self, text: str, level: int, number: int) -> None:
        self.end_paragraph()
        self.items.clear()
        runs = list(_inline(text))
        if not self.title:
            self.title = "".join(run.text for run in runs).strip()
        self.builder.add("heading", runs, level=level, at=f"line {number + 1}")
        self.headings.given(level)

    def item(self, indent: int, text: str, number: int) -> None:
        while self.items and self.items[-1][0] >= indent:
            self.items.pop()
        parent = self.items[-1][1] if self.items else None
        block = self.builder.open("item", parent, level=len(self.items) + 1, at=f"line {number + 1}")
        self.items.append((indent, block))
        self.builder.lines(block, _inline(text))

    def end_paragraph(self) -> None:
        lines, self.gathered = self.gathered, []
        if not lines:
            return
        text = "\n".join(line.lstrip() if not line.endswith("  ") else line.strip() + BREAK for line in lines)
        runs = list(_inline(text))
        if self.items:
            self.builder.lines(self.items[-1][1], runs)
        else:
            self.paragraph(runs, self.began)

    def paragraph(self, runs: list[Run], number: int) -> None:
        level = self.headings.level(runs)
        self.builder.add("heading" if level else "paragraph", runs, level=level, at=f"line {number + 1}")

    def table(self, number: int) -> int:
        """Read a table that begins at this line; the line after it."""
        self.end_paragraph()
        self.items.clear()
        table = self.builder.open("table", at=f"line {number + 1}")
        grid = Grid()
        first = number
        while number < len(self.lines) and "|" in self.lines[number]:
            if number != first + 1:
                at = f"line {number + 1}"
                row = self.builder.open("row", table, row=grid.next_row(), at=at)
                for text in _cells(self.lines[number]):
                    cell = self.builder.open("cell", row, row=grid.row, col=grid.place(1, 1), at=at)
                    self.builder.lines(cell, _inline(text))
            number += 1
        return number


def _cells(line: str) -> list[str]:
    line = line.strip()
    cells = _BAR.split(line.removeprefix("|"))
    return [cell.strip().replace("\\|", "|") for cell in (cells[:-1] if not cells[-1].strip() else cells)]


def _inline(text: str) -> Iterator[Run]:
    """The runs of a text. A mark that is never closed is text."""
    strong = emphasis = False
    # Marks come in pairs: the last of an odd number stands for itself.
    counts = dict.fromkeys(("strong", "emphasis"), 0)
    found = list(_INLINE.finditer(text))
    for match in found:
        if match.lastgroup in counts:
            counts[match.lastgroup] += 1
    left = dict(counts)
    done = 0
    for match in found:
        if match.start() > done:
            yield Run(text[done : match.start()], _style(strong, emphasis))
        done = match.end()
        kind = match.lastgroup
        if kind in counts:
            left[kind] -= 1
            if counts[kind] % 2 and left[kind] == 0:
                yield Run(match[0], _style(strong, emphasis))
            elif kind == "strong":
                strong = not strong
            else:
                emphasis = not emphasis
        elif kind == "escape":
            yield Run(match[0][1], _style(strong, emphasis))
        elif kind == "link":
            yield Run(match["text"], _style(strong, emphasis, match["link"]))
        elif kind == "image":
            yield Run(match[0][2:].partition("](")[0], _style(strong, emphasis))
        elif kind == "br":
            yield Run(BREAK)
    if done < len(text):
        yield Run(text[done:], _style(strong, emphasis))


def _style(strong: bool, emphasis: bool, link: str | None = None) -> Style:
    return Style(bold=strong, italic=emphasis, link=link) if strong or emphasis or link else PLAIN
