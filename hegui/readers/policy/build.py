"""What the readers of all formats write: the text of one document, and its blocks with places in that text."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from hegui.facts.policy import Block, BlockKind, Mark, MarkKind, Span
from hegui.readers.errors import LimitReached
from hegui.readers.policy.characters import tidy, unified

T = TypeVar("T")

# More than any rules hold, and what the answer of a stage can carry.
MOST_BLOCKS = 200_000
MOST_CHARACTERS = 8_000_000

_LONGEST_TITLE = 200

# A size that differs by less from the body's is no emphasis but rounding.
_SAME_SIZE = 0.05


@dataclass(frozen=True, slots=True)
class Style:
    """How a run of text looks. `size` in any unit that is the same in all of a document; None if unknown."""

    size: float | None = None
    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: str | None = None
    background: str | None = None
    link: str | None = None
    hidden: bool = False


PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style, as it stands in the source; `at` is its place there."""

    text: str
    style: Style = PLAIN
    at: str = ""


@dataclass(frozen=True)
class DocumentText:
    """One document as read. Offsets of its blocks count in `text`; their spans name no document yet.

    `unread` says what of it could not be read, "" if all was; `reason` is then the code.
    """

    form: str
    text: str
    blocks: tuple[Block, ...]
    styled: bool
    title: str = ""
    reason: str = ""
    unread: str = ""


@dataclass(slots=True)
class _Draft:
    kind: BlockKind
    parent: int | None
    level: int
    at: str
    hidden: bool
    # Where its text would begin, if it had any.
    begins: int
    row: int | None = None
    col: int | None = None
    rowspan: int = 1
    colspan: int = 1
    spans: list[tuple[int, int]] = field(default_factory=list)
    styles: list[tuple[int, int, Style]] = field(default_factory=list)


class Builder:
    """Takes runs and containers in the order of the source, and gives the text and its blocks.

    A table holds rows, a row cells. Items and cells take one line after the other; what stands inside them as a block of
    its own (a table, a heading, hidden text) is their child and no part of their spans. The own spans of headings,
    paragraphs, items and cells never overlap and together are the text; those of tables and rows cover their cells.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._drafts: list[_Draft] = []
        # The block that was written last, which the next line of an item or cell may continue.
        self._last: int | None = None

    def open(
        self,
        kind: BlockKind,
        parent: int | None = None,
        *,
        level: int = 0,
        at: str = "",
        hidden: bool = False,
        row: int | None = None,
        col: int | None = None,
        rowspan: int = 1,
        colspan: int = 1,
    ) -> int:
        """Begin a block that is filled by `line`, or by blocks that name it as parent. Its number."""
        if len(self._drafts) >= MOST_BLOCKS:
            raise LimitReached(f"超过 {MOST_BLOCKS} 个段落", f"more than {MOST_BLOCKS} blocks")
        self._drafts.append(_Draft(kind, parent, level, at, hidden, self._next, row, col, rowspan, colspan))
        return len(self._drafts) - 1

    def line(self, block: int, runs: Iterable[Run]) -> bool:
        """Write a line of a block. False if there was nothing in it."""
        runs = [run for run in runs if run.text]
        draft = self._drafts[block]
        text, moved = tidy("".join(run.text for run in runs))
        if not text:
            return False
        if self._length + len(text) > MOST_CHARACTERS:
            raise LimitReached(f"正文超过 {MOST_CHARACTERS} 字", f"more than {MOST_CHARACTERS} characters of text")
        if not draft.at:
            draft.at = next((run.at for run in runs if run.at), "")
        self._separate(draft)
        start = self._length
        self._write(unified(text))
        if draft.spans and self._last == block:
            draft.spans[-1] = (draft.spans[-1][0], self._length)
        else:
            draft.spans.append((start, self._length))
        self._last = block
        offset = 0
        for run in runs:
            begins, offset = offset, offset + len(run.text)
            marked = start + moved(begins), start + moved(offset)
            if marked[0] < marked[1]:
                draft.styles.append((*marked, run.style))
        return True

    def reach_down(self, cell: int) -> None:
        """A cell covers one more row."""
        self._drafts[cell].rowspan += 1

    def lines(self, block: int, runs: Iterable[Run]) -> None:
        """Write a line of an item or cell. What is hidden in it, when the whole is not, becomes a block in it."""
        runs = list(runs)
        whole = self._drafts[block].hidden
        self.line(block, [run for run in runs if run.style.hidden == whole])
        self.add("paragraph", [run for run in runs if run.style.hidden != whole], block)

    def add(
        self, kind: BlockKind, runs: Iterable[Run], parent: int | None = None, *, level: int = 0, at: str = ""
    ) -> int | None:
        """Write a block of one line; None if there was nothing in it. What is hidden in it becomes a block after it."""
        runs = list(runs)
        shown = [run for run in runs if not run.style.hidden]
        hidden = [run for run in runs if run.style.hidden]
        made: int | None = None
        if any(run.text.strip() for run in shown):
            made = self._single(kind, shown, parent, level, at, hidden=False)
        if any(run.text.strip() for run in hidden):
            number = self._single("paragraph" if made is not None else kind, hidden, parent, level, at, hidden=True)
            made = number if made is None else made
        return made

    def picture(self, alt: str, parent: int | None, at: str) -> None:
        """A picture in the text: what it shows is not read, its description is."""
        number = self.open("picture", parent, at=at)
        if not self.line(number, [Run(alt)]):
            self._drafts[number].spans.append((self._next, self._next))

    def finish(self, form: str, *, styled: bool, title: str = "", reason: str = "", unread: str = "") -> DocumentText:
        """The document. Emphasis is what differs from the look most of its text has."""
        body = _body(self._drafts)
        # A block opened early may get its first text after another's (a heading inside an item of a list).
        kept = sorted(_with_content(self._drafts, self._length), key=lambda number: self._drafts[number].spans[0][0])
        numbers = {old: new for new, old in enumerate(kept)}
        blocks = []
        for old in kept:
            draft = self._drafts[old]
            blocks.append(
                Block(
                    draft.kind,
                    tuple(Span("", start, end) for start, end in draft.spans),
                    draft.level,
                    None if draft.parent is None else numbers[draft.parent],
                    draft.row,
                    draft.col,
                    draft.rowspan,
                    draft.colspan,
                    _marks(draft.styles, body),
                    draft.at,
                    draft.hidden,
                )
            )
        title = title[:_LONGEST_TITLE]
        return DocumentText(form, "".join(self._pieces), tuple(_under_headings(blocks)), styled, title, reason, unread)

    def _single(
        self, kind: BlockKind, runs: list[Run], parent: int | None, level: int, at: str, *, hidden: bool
    ) -> int | None:
        number = self.open(kind, parent, level=level, at=at, hidden=hidden)
        if self.line(number, runs):
            return number
        del self._drafts[number:]
        return None

    @property
    def _next(self) -> int:
        """Where the next block begins: after the character that separates it from the one before."""
        return self._length + 1 if self._length else 0

    def _separate(self, draft: _Draft) -> None:
        if not self._length:
            return
        row = draft.parent
        same_row = (
            draft.kind == "cell"
            and not draft.spans
            and self._last is not None
            and self._drafts[self._last].kind == "cell"
            and self._drafts[self._last].parent == row
        )
        self._write("\t" if same_row else "\n")

    def _write(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)


def _with_content(drafts: list[_Draft], length: int) -> list[int]:
    """The blocks with text or pictures in them, and all cells of a table with any; each gets its spans."""
    covers = _covers(drafts)
    kept: list[int] = []
    alive: set[int] = set()
    for number, draft in enumerate(drafts):
        of_dropped = draft.parent is not None and draft.parent not in alive
        if of_dropped or (number not in covers and draft.kind not in ("row", "cell")):
            continue
        begins = min(draft.begins, length)
        if draft.kind in ("table", "row"):
            draft.spans = [covers.get(number, (begins, begins))]
        elif not draft.spans or draft.spans[0][0] > covers[number][0]:
            # It holds no text, or not before that of what it holds: a place without text.
            draft.spans.insert(0, (begins, begins))
        draft.spans = [(min(start, length), min(end, length)) for start, end in draft.spans]
        kept.append(number)
        alive.add(number)
    return kept


def _covers(drafts: list[_Draft]) -> dict[int, tuple[int, int]]:
    """From where to where each block reaches with all it holds; those without text or pictures are left out."""
    covers: dict[int, tuple[int, int]] = {}
    for number in range(len(drafts) - 1, -1, -1):
        draft = drafts[number]
        spans = [*draft.spans, *((covers[number],) if number in covers else ())]
        if not spans:
            continue
        covers[number] = min(start for start, _ in spans), max(end for _, end in spans)
        if draft.parent is not None:
            so_far = covers.get(draft.parent, covers[number])
            covers[draft.parent] = min(so_far[0], covers[number][0]), max(so_far[1], covers[number][1])
    return covers


def _under_headings(blocks: list[Block]) -> Iterable[Block]:
    """The blocks with the heading they stand under as parent, where they have none."""
    above: list[tuple[int, int]] = []
    for number, block in enumerate(blocks):
        if block.kind == "heading" and not block.hidden and block.parent is None:
            while above and above[-1][0] >= block.level:
                above.pop()
            yield replace(block, parent=above[-1][1] if above else None)
            above.append((block.level, number))
        elif block.parent is None and above:
            yield replace(block, parent=above[-1][1])
        else:
            yield block


def _body(drafts: list[_Draft]) -> Style:
    """The size, colour and background that most characters have."""
    sizes: Counter[float | None] = Counter()
    colours: Counter[str | None] = Counter()
    backgrounds: Counter[str | None] = Counter()
    for draft in drafts:
        if draft.hidden:
            continue
        for start, end, style in draft.styles:
            sizes[style.size] += end - start
            colours[style.colour] += end - start
            backgrounds[style.background] += end - start
    return Style(size=_most(sizes), colour=_most(colours), background=_most(backgrounds))


def _most(counted: "Counter[T]") -> T | None:
    return counted.most_common(1)[0][0] if counted else None


def _marks(styles: list[tuple[int, int, Style]], body: Style) -> tuple[Mark, ...]:
    """The marks of a block, neighbours of the same kind and value joined, in order of their start."""
    open_marks: dict[tuple[MarkKind, str], int] = {}
    marks: list[Mark] = []
    for start, end, style in styles:
        for key in _told(style, body):
            at = open_marks.get(key)
            if at is not None and marks[at].end >= start - 1:
                marks[at] = replace(marks[at], end=end)
            else:
                open_marks[key] = len(marks)
                marks.append(Mark(key[0], start, end, key[1]))
    return tuple(marks)


def _told(style: Style, body: Style) -> Iterable[tuple[MarkKind, str]]:
    if style.bold:
        yield "bold", ""
    if style.size and body.size and abs(style.size / body.size - 1) >= _SAME_SIZE:
        yield "size", f"{style.size / body.size:.2f}"
    if style.colour != body.colour and style.colour:
        yield "colour", style.colour
    if style.background != body.background and style.background:
        yield "background", style.background
    if style.underline:
        yield "underline", ""
    if style.italic:
        yield "italic", ""
    if style.link:
        yield "link", style.link
