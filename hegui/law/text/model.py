"""An official text taken apart: articles, paragraphs, items, and what could not be placed."""

from dataclasses import dataclass
from typing import Literal

from hegui.law.text.numerals import numeral
from hegui.words import Words

Lines = tuple[int, int]
FaultKind = Literal["cut_off", "gap", "twice", "blank_date", "unfinished"]


@dataclass(frozen=True, slots=True)
class Item:
    """An item (项), or below it a sub-item (目). `label` is the mark as printed; `lines` count from 1."""

    number: int
    label: str
    text: str
    lines: Lines
    items: tuple["Item", ...] = ()

    @property
    def wording(self) -> tuple[str, ...]:
        """The item as printed, and its sub-items after it."""
        return (f"{self.label}{self.text}", *(text for item in self.items for text in item.wording))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph (款) of an article, with the items it introduces."""

    number: int
    text: str
    lines: Lines
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """An article (条). `inserted` is 1 for 第十一条之一, 0 for an article in the plain series."""

    number: int
    inserted: int
    chapter: int | None
    lines: Lines
    paragraphs: tuple[Paragraph, ...]

    @property
    def label(self) -> str:
        return f"第{numeral(self.number)}条" + (f"之{numeral(self.inserted)}" if self.inserted else "")

    @property
    def wording(self) -> str:
        """The text of the article, a paragraph or item to a line."""
        return "\n".join(
            line
            for one in self.paragraphs
            for line in (one.text, *(text for item in one.items for text in item.wording))
        )


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter (章), or a section (节) inside the chapter before it."""

    kind: Literal["章", "节"]
    number: int
    title: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Unplaced:
    line: int
    text: str
    why: Words


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with the text itself: cut off, a number missing or standing twice, a date left blank."""

    kind: FaultKind
    place: str
    line: int
    words: Words


@dataclass(frozen=True, slots=True)
class OfficialText:
    """An official text taken apart, and what could not be placed. `title` keeps its stage, “（征求意见稿）”."""

    title: str
    chapters: tuple[Chapter, ...]
    articles: tuple[Article, ...]
    unplaced: tuple[Unplaced, ...]
    faults: tuple[Fault, ...]
    source: str
    sha256: str
    encoding: str

    def article(self, number: int, inserted: int = 0) -> Article | None:
        return next((one for one in self.articles if (one.number, one.inserted) == (number, inserted)), None)
