"""A page as Markdown. Tables keep one line a row, so cells have no line breaks."""

import re
from itertools import groupby

from hegui.compose.pages import Heading, Page, Paragraph, Table, Text

# What Markdown would read as markup inside a sentence.
_MARKUP = re.compile(r"([\\`*_\[\]<>#|])")


def to_markdown(page: Page) -> str:
    """UTF-8 text ending in a newline. Key content is bold."""
    lines = [f"# {_escaped(page.title)}"]
    for part in page.parts:
        if isinstance(part, Heading):
            lines += ["", f"{'#' * part.level} {_escaped(part.words)}"]
        elif isinstance(part, Table):
            lines += ["", *_table(part)]
        else:
            lines += ["", _paragraph(part)]
    return "\n".join(lines) + "\n"


def _paragraph(part: Paragraph) -> str:
    return f"{'- ' if part.item else ''}{_pieces(part.pieces)}"


def _table(part: Table) -> list[str]:
    rows = [[_cell(cell) for cell in row] for row in part.rows]
    return [
        f"| {' | '.join(_escaped(one) for one in part.columns)} |",
        f"| {' | '.join('---' for _ in part.columns)} |",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def _cell(cell: tuple[Text, ...]) -> str:
    return _pieces(cell).replace("\n", " ")


def _pieces(pieces: tuple[Text, ...]) -> str:
    """Bold only where Markdown surely takes it so: two runs of bold side by side are one."""
    runs = [
        (bold, _escaped("".join(one.shown for one in some))) for bold, some in groupby(pieces, key=lambda one: one.bold)
    ]
    return "".join(f"**{words}**" if bold and words else words for bold, words in runs)


def _escaped(words: str) -> str:
    return _MARKUP.sub(r"\\\1", words)
