"""Headings that are told by their numbering and their weight, where nothing else says that they are headings."""

import re
from collections.abc import Iterable

from hegui.readers.policy.build import Run
from hegui.readers.policy.characters import tidy

_NUMBER = "〇零一二三四五六七八九十百"

# The ways headings of Chinese and English documents are numbered. Their rank is the order in which a document uses them.
_NUMBERINGS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"第[{_NUMBER}\d]+(?:章|部分|编)",
        rf"第[{_NUMBER}\d]+[节節條条]",
        rf"[{_NUMBER}]+[、.．]",
        rf"[（(][{_NUMBER}]+[）)]",
        r"(?:[IVX]+|[A-Z])[.．、]\s",
        r"\d+\.\d+\.\d+[.．、]?(?!\d)",
        r"\d+[.．]\d+[.．、]?(?!\d)",
        r"\d+[.．、](?!\d)",
    )
)
# Numbering of these kinds is for headings; the later ones number items too, and need weight to tell.
_SURE = 4
_ITEM = re.compile(r"(?:[（(]?\d+[）)]|[a-z][)）.]|[①-⑳]|[•·●○■□◆▪‣※*–—-]\s*(?=\S))")
_ENDS_SENTENCE = re.compile(r"[。；;，,！!？?：:、]$|[a-z]\.$")
_LONGEST_WIDTH = 80
# A date, or a line of a table of contents with its page number.
_NO_HEADING = re.compile(r".*(?:\d{4}\s*[-年./]\s*\d{1,2}|[.…·\s]\d{1,3}$)")


def could_be_heading(line: str) -> bool:
    """Short (40 Chinese characters, 80 Latin ones), on one line, and no sentence."""
    width = len(line) if line.isascii() else 2 * len(line)
    return (
        0 < width <= _LONGEST_WIDTH
        and "\n" not in line
        and not _ENDS_SENTENCE.search(line)
        and not _NO_HEADING.match(line)
    )


def is_item(line: str) -> bool:
    """Whether a line begins with a number in brackets, or a bullet."""
    return _ITEM.match(line) is not None


def is_numbered(line: str) -> bool:
    """Whether a line is a heading by its number alone."""
    return could_be_heading(line) and any(pattern.match(line) for pattern in _NUMBERINGS[:_SURE])


class Headings:
    """Gives the levels of headings in the order in which a document comes to use its ways of numbering."""

    def __init__(self) -> None:
        self._ranks: dict[int | None, int] = {}
        self._above = 0

    def given(self, level: int) -> None:
        """The document itself named a heading of this level; those told by number stand below."""
        if not self._ranks:
            self._above = max(self._above, level)

    def level(self, runs: Iterable[Run]) -> int:
        """The level of a paragraph that is a heading: numbered as such, or all bold; 0 if it is none."""
        runs = [run for run in runs if run.text.strip() and not run.style.hidden]
        return self.level_of(tidy("".join(run.text for run in runs))[0], all(run.style.bold for run in runs))

    def level_of(self, line: str, bold: bool) -> int:
        if not could_be_heading(line):
            return 0
        way = next((number for number, pattern in enumerate(_NUMBERINGS) if pattern.match(line)), None)
        if not bold and (way is None or way >= _SURE):
            return 0
        if way is None and is_item(line):
            return 0
        return min(self._above + self._ranks.setdefault(way, len(self._ranks) + 1), 6)
