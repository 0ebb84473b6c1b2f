"""What is composed: pages of headings, paragraphs and tables, in which every piece of text knows where it came from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

# Where a text came from: read from the package, declared by a person, known of the world by the catalogue, words of
# ours that state no fact, or nobody yet: then it is a question to the operator.
Origin = Literal["package", "declared", "catalogue", "wording", "question"]


@dataclass(frozen=True)
class Text:
    """A piece of text. `source` is the place it came from: "AndroidManifest.xml@0x01a4", "app.scenes[0].purpose".

    A bold one marks key content (article 7, last paragraph).
    """

    words: str
    origin: Origin = "wording"
    source: str = ""
    bold: bool = False

    @property
    def shown(self) -> str:
        """As readers see it: a question stands in brackets and cannot be mistaken for a statement."""
        return f"【请填写：{self.words}】" if self.origin == "question" else self.words


@dataclass(frozen=True)
class Heading:
    words: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """Pieces of text in one paragraph, or in one item of a list."""

    pieces: tuple[Text, ...]
    item: bool = False


@dataclass(frozen=True)
class Table:
    """A table; each cell is one or more pieces. `name` is the sheet's name in a workbook."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[Text, ...], ...], ...]


Part = Heading | Paragraph | Table


@dataclass(frozen=True)
class Page:
    """One composed document. `id` names its file."""

    id: str
    title: str
    parts: tuple[Part, ...]

    def texts(self) -> Iterator[Text]:
        """Every piece of text in order."""
        for part in self.parts:
            if isinstance(part, Paragraph):
                yield from part.pieces
            elif isinstance(part, Table):
                for row in part.rows:
                    for cell in row:
                        yield from cell

    def questions(self) -> tuple[Text, ...]:
        """What the operator must still answer, each once."""
        return tuple(dict.fromkeys(one for one in self.texts() if one.origin == "question"))


def ask(words: str) -> Text:
    """A gap: a question to the operator, never a guess."""
    return Text(words, "question")


def declared(words: str | None, field: str, question: str) -> Text:
    """What the declaration says in a field, or the question that fills it."""
    return Text(words, "declared", field) if words else ask(question)


def line(*pieces: Text | str, item: bool = False) -> Paragraph:
    """A paragraph; plain strings are our own wording."""
    return Paragraph(tuple(Text(one) if isinstance(one, str) else one for one in pieces if one != ""), item)


def key(one: Text | str) -> Text:
    """The text as key content, which stands out."""
    return replace(Text(one) if isinstance(one, str) else one, bold=True)


def joined(texts: Iterable[Text], by: str = "、") -> tuple[Text, ...]:
    """The texts with a separator of ours between them."""
    made: list[Text] = []
    for one in texts:
        made += [Text(by), one] if made else [one]
    return tuple(made)


def plain(cell: Iterable[Text]) -> str:
    """A cell as readers see it."""
    return "".join(one.shown for one in cell)
