"""Tables and uniform lists as records: what each column or label means, and the words under it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from hegui.catalogue.lexicons import column_patterns
from hegui.facts.policy import Block
from hegui.readers.policy.statements.reading import Line, Reading

Kind = Literal["sdk", "sharing", "function", "permission", "retention", "other"]

# What says nothing in a cell.
_EMPTY = {"", "/", "-", "--", "—", "——", "无", "none", "n/a", "\\", "暂无", "不涉及"}
_LABEL = re.compile(
    r"(?:^|(?<=[；;。\n|"
    r"｜]))\s*[【\[]?([\u4e00-\u9fffA-Za-z][\u4e00-\u9fffA-Za-z0-9/（）() ]{1,17}?)[】\]]?\s*[：:](?!//)"
)
_LONGEST_HEADER = 24
_LONGEST_NAME = 60
_SENTENCE = re.compile(r"[。；，,]|我们|您")
# A record of a list begins with one of these.
_STARTS = ("sdk", "name", "function", "perms", "recipient", "number")


@dataclass(frozen=True, slots=True)
class Field:
    """The words of a record under one meaning. Offsets count in Reading.text."""

    text: str
    start: int
    end: int


@dataclass
class Record:
    """A row of a table or an entry of a list; `title` is the heading it stands under, `header` the words of the columns."""

    form: Literal["table", "list"]
    start: int
    end: int
    fields: dict[str, Field] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    title: str = ""
    document: str = ""
    labels: dict[str, str] = field(default_factory=dict)

    def words(self, *meanings: str) -> str | None:
        """The words under the first of the meanings that has any."""
        for meaning in meanings:
            if (found := self.fields.get(meaning)) and found.text.strip().lower() not in _EMPTY:
                return found.text.strip(" \n；;，,")
        return None

    @property
    def kind(self) -> Kind:
        has = set(self.columns) | set(self.fields)
        about_sdks = self.document == "sdk_list" or "sdk" in self.title.lower() or "插件" in self.title
        named = has & {"sdk", "name", "recipient", "operator", "function"}
        sdk_in_name = any("sdk" in (self.words(one) or "").lower() for one in ("name", "recipient", "operator"))
        if (
            "sdk" in has
            or "package" in has
            or (about_sdks and named and has & {"types", "purpose", "link", "function"})
        ):
            return "sdk"
        if sdk_in_name and has & {"types", "purpose", "link"}:
            return "sdk"
        if has & {"recipient"} and has & {"types", "purpose", "link", "method"}:
            return "sharing"
        if "operator" in has and has & {"types", "purpose"} and has & {"link", "contact"}:
            return "sharing"
        if "perms" in has and not ("types" in has and "function" in has):
            return "permission"
        if "types" in has and has & {"function", "purpose", "name", "method"}:
            return "function"
        if has & {"function", "name"} and has & {"purpose", "types", "method", "necessity"}:
            return "function"
        if "period" in has and has & {"types", "name", "function", "expiry", "method"}:
            return "retention"
        return "other"


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((meaning, re.compile(pattern)) for meaning, pattern in column_patterns())


@cache
def meaning(header: str) -> str | None:
    """What a header or label means; None for words that are none."""
    plain = re.sub(r"[\s*：:“”\"'_]+", "", header).lower()
    if not plain or len(plain) > _LONGEST_HEADER * (2 if plain.isascii() else 1):
        return None
    return next((name for name, pattern in _patterns() if pattern.search(plain)), None)


def read_records(reading: Reading) -> tuple[list[Record], set[int]]:
    """All records, and the numbers of the lines they are made of."""
    of_tables, used = _tables(reading)
    of_lists, lines = _lists(reading)
    return sorted([*of_tables, *of_lists], key=lambda one: one.start), used | lines


def _tables(reading: Reading) -> tuple[list[Record], set[int]]:
    lines_of: dict[int, list[Line]] = {}
    for line in reading.lines:
        if line.kind == "cell":
            lines_of.setdefault(line.block, []).append(line)
    records: list[Record] = []
    used: set[int] = set()
    last: tuple[dict[int, str], dict[int, str]] | None = None
    for table in _grids(reading.policy.blocks):
        grid = [{column: lines_of.get(block, []) for column, block in row.items()} for row in table]
        grid = [row for row in grid if any(row.values())]
        if not grid:
            continue
        header, body = _header(reading, grid, last)
        if header is None:
            last = None
            continue
        last = header
        for row in body:
            if record := _row(reading, row, header):
                records.append(record)
        used |= {line.number for row in grid for lines in row.values() for line in lines}
    return records, used


def _grids(blocks: tuple[Block, ...]) -> Iterator[list[dict[int, int]]]:
    """Each table as rows of column → number of the block that covers it."""
    children: dict[int, list[int]] = {}
    for number, block in enumerate(blocks):
        if block.parent is not None and block.kind in ("row", "cell"):
            children.setdefault(block.parent, []).append(number)
    for number, block in enumerate(blocks):
        if block.kind != "table" or block.hidden:
            continue
        rows: dict[int, dict[int, int]] = {}
        for index, row in enumerate(children.get(number, ())):
            for place, cell in enumerate(children.get(row, ())):
                one = blocks[cell]
                at, left = one.row if one.row is not None else index, one.col if one.col is not None else place
                for down in range(min(max(one.rowspan, 1), 1000)):
                    for right in range(min(max(one.colspan, 1), 50)):
                        rows.setdefault(at + down, {}).setdefault(left + right, cell)
        yield [rows[at] for at in sorted(rows)]


Header = tuple[dict[int, str], dict[int, str]]


def _header(
    reading: Reading, grid: list[dict[int, list[Line]]], last: Header | None
) -> tuple[Header | None, list[dict[int, list[Line]]]]:
    """The meaning of each column and its words, with the rows below; a table without a header goes on the one before."""
    for index, row in enumerate(grid[:3]):
        if found := _meanings(reading, row):
            return found, [one for one in grid[index + 1 :] if _meanings(reading, one) != found]
    # The header may be the first column: a table for each SDK, its fields one below the other.
    side = {number: row.get(min(row, default=0), []) for number, row in enumerate(grid)}
    if found := _meanings(reading, side):
        columns = sorted({column for row in grid for column in row})[1:]
        return found, [{number: row.get(column, []) for number, row in enumerate(grid)} for column in columns]
    if last and max((max(row, default=0) for row in grid), default=0) == max(last[0]):
        return last, grid
    return None, []


def _meanings(reading: Reading, row: dict[int, list[Line]]) -> Header | None:
    meanings: dict[int, str] = {}
    words: dict[int, str] = {}
    filled = 0
    for column, lines in row.items():
        text = "".join(reading.said(line) for line in lines)
        filled += bool(text)
        if text and not _SENTENCE.search(text) and (found := meaning(text)):
            meanings[column], words[column] = found, text
    distinct = set(meanings.values())
    if len(distinct) >= 2 and len(meanings) * 2 >= filled:
        return meanings, words
    return None


def _row(reading: Reading, row: dict[int, list[Line]], header: Header) -> Record | None:
    meanings, words = header
    lines = [line for column in sorted(row) for line in row[column]]
    if not lines:
        return None
    blocks = {line.block for line in lines}
    # A row of one cell across all columns is a title within the table.
    if len(blocks) == 1 and len(row) > 1 and len(meanings) > 1 and sum(bool(one) for one in row.values()) == len(row):
        return None
    own = [line for line in lines if line.start >= lines[0].start]
    record = Record(
        "table", min(line.start for line in own), max(line.end for line in own), columns=tuple(meanings.values()),
        title=_titles(reading, lines[0]), document=_document(reading, lines[0]),
    )  # fmt: skip
    for column, name in meanings.items():
        of_cell = row.get(column, [])
        if of_cell:
            text = "\n".join(reading.said(line) for line in of_cell)
            if name in record.fields:
                # Two columns of one meaning (使用目的, 使用说明): both count.
                before = record.fields[name]
                if before.text != text:
                    record.fields[name] = Field(
                        f"{before.text}\n{text}", before.start, max(before.end, of_cell[-1].end)
                    )
            else:
                record.fields[name] = Field(text, of_cell[0].start, of_cell[-1].end)
            record.labels[name] = words[column]
    return record


def _lists(reading: Reading) -> tuple[list[Record], set[int]]:
    """Entries of labels and words (功能：… 目的：…), told by two labels of different meaning in a row of lines."""
    records: list[Record] = []
    used: set[int] = set()
    for run in _runs(reading):
        for entry in _entries(run):
            distinct = {name for name, *_ in entry}
            if len(distinct) < 2 or (len(distinct) == 2 and distinct <= {"link", "contact", "operator", "version"}):
                continue
            first = entry[0][2]
            record = Record(
                "list", entry[0][3], entry[-1][4], title=_titles(reading, first), document=_document(reading, first)
            )
            for name, label, _, start, end in entry:
                record.fields.setdefault(name, Field(reading.text[start:end].strip(), start, end))
                record.labels.setdefault(name, label)
            record.columns = tuple(record.fields)
            if not distinct & set(_STARTS):
                _name_from_above(reading, record, first)
            names = [record.words(one) for one in ("sdk", "name", "function", "recipient", "operator", "perms")]
            # A label before a whole paragraph (产品和服务：……) makes no entry of a list.
            if record.kind != "other" and not any(one and len(one) > _LONGEST_NAME for one in names):
                records.append(record)
                used |= {line.number for line in reading.lines[first.number : entry[-1][2].number + 1]}
    return records, used


Entry = tuple[str, str, Line, int, int]


def _runs(reading: Reading) -> Iterator[list[Entry]]:
    """Labelled words that follow each other, with at most two lines without a label between."""
    run: list[Entry] = []
    silent = 0
    for line in reading.lines:
        if line.kind == "cell" or not re.search(r"[：:]", reading.said(line)):
            found: list[Entry] = []
        else:
            found = _labelled(reading, line)
        if found:
            run += found
            silent = 0
        elif run:
            silent += 1
            if silent > 2 or line.kind == "cell":
                yield run
                run, silent = [], 0
            elif line.kind != "heading" and line.numbering is None and len(reading.said(line)) > 0:
                name, label, first, start, _ = run[-1]
                # The words of a label may go on in the next line.
                if reading.text[start : run[-1][4]].strip() == "" or first.kind == line.kind == "item":
                    run[-1] = (name, label, line, start, line.end)
    if run:
        yield run


def _labelled(reading: Reading, line: Line) -> list[Entry]:
    text = reading.text[line.body : line.end]
    labels = [
        (one, name)
        for one in _LABEL.finditer(text)
        if (name := meaning(one[1])) and not _SENTENCE.search(one[1]) and len(one[1].strip()) > 1
    ]
    if not labels or labels[0][0].start() > 2:
        return []
    ends = [one.start() for one, _ in labels[1:]] + [len(text)]
    return [
        (name, one[1].strip(), line, line.body + one.end(), line.body + end)
        for (one, name), end in zip(labels, ends, strict=True)
    ]


def _entries(run: Iterable[Entry]) -> Iterator[list[Entry]]:
    entry: list[Entry] = []
    for one in run:
        seen = {name for name, *_ in entry}
        if entry and (one[0] in seen or (one[0] in ("sdk", "number") and seen)):
            yield entry
            entry = []
        entry.append(one)
    if entry:
        yield entry


def _name_from_above(reading: Reading, record: Record, first: Line) -> None:
    """The line above names what the labels are about: 「微信SDK」, then 使用目的：…"""
    if not first.number:
        return
    above = reading.lines[first.number - 1]
    text = reading.text[above.body : above.end].strip("【】[]：: ")
    if above.kind != "cell" and 1 < len(text) <= 40 and not _SENTENCE.search(text):
        record.fields["name"] = Field(text, above.body, above.end)
        record.start = min(record.start, above.start)


def _titles(reading: Reading, line: Line) -> str:
    """The words above: the headings it stands under, and the line before the table or list."""
    section = reading.section_of(line)
    titles = [one.title for one in reading.path(section)[:2]]
    before = next(
        (one for one in reversed(reading.lines[max(0, line.number - 1) : line.number]) if one.kind != "cell"), None
    )
    if before is not None and before.end - before.start <= 60:
        titles.append(reading.said(before))
    return " ".join(titles)


def _document(reading: Reading, line: Line) -> str:
    document = reading.document_of(line)
    return document.kind if document else ""
