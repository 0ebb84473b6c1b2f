"""Which lines begin an article, and which series of articles holds the text."""

import re
from dataclasses import dataclass, replace

from hegui.law.text.lines import Line
from hegui.law.text.marks import CHAPTER, ENDS, HEAD, REFERENCE, finished
from hegui.law.text.numerals import number_of


@dataclass(frozen=True, slots=True)
class Head:
    """An article heading: the line it stands in, its number, and where the text after it begins."""

    line: int
    number: int
    inserted: int
    body: int


def article_heads(lines: list[Line]) -> tuple[list[Head], list[Line]]:
    """Find the article headings, cutting lines in two where a heading is glued to the text before it."""
    heads: list[Head] = []
    cut: list[Line] = []
    queue = list(reversed(lines))
    last = 0
    while queue:
        line = queue.pop()
        at_start = None if line.note else _head_at(line.text, 0)
        if at_start and _stands_as_heading(at_start, line, cut[-1] if cut else None, last):
            last = at_start.number
            heads.append(replace(at_start, line=len(cut)))
            begin = at_start.body
        else:
            begin = 0
        split = None if line.note else _glued_heading(line.text, begin, last)
        if split:
            queue.append(replace(line, text=line.text[split:], gap=False))
            line = replace(line, text=line.text[:split].rstrip())
        cut.append(line)
    return heads, cut


def _head_at(text: str, start: int) -> Head | None:
    found = HEAD.match(text, start)
    if not found or (not found[3] and REFERENCE.match(text, found.end())):
        return None
    return Head(0, number_of(found[1]), number_of(found[2]) if found[2] else 0, found.end())


def _stands_as_heading(head: Head, line: Line, before: Line | None, last: int) -> bool:
    """A wrapped line may begin with a reference to an article; a heading follows an end mark or is the next."""
    spaced = line.text[head.body - 1] in " :：、．.】]"
    return spaced or line.gap or before is None or finished(before.text) or head.number in (last, last + 1)


def _glued_heading(text: str, begin: int, last: int) -> int | None:
    """Where the next heading begins inside a line: after an end mark, or after the title of a chapter."""
    in_chapter = CHAPTER.match(text)
    for found in re.compile("第").finditer(text, max(begin, in_chapter.end() if in_chapter else 1)):
        place = found.start()
        ended = text[max(0, place - 2) : place].rstrip()[-1:] in ENDS
        if ended and (chapter := CHAPTER.match(text, place)) and text[chapter.end() - 1] in " :：、．.章节":
            return place
        head = _head_at(text, place) if ended or in_chapter else None
        if head and head.number == last + 1:
            return place
    return None


def choose_run(heads: list[Head], lines: list[Line]) -> tuple[list[Head], list[list[Head]]]:
    """The series of articles that holds the text, and the others: tables of contents, a second text in the file."""
    runs: list[list[Head]] = []
    for head in heads:
        if (head.number == 1 and not head.inserted) or not runs:
            runs.append([])
        runs[-1].append(head)
    if len(runs) > 1 and runs[0][0].number != 1:
        runs = runs[1:]
    ends = [run[0].line for run in runs[1:]] + [len(lines)]
    sizes = [
        sum(len(line.text) for line in lines[run[0].line : end] if finished(line.text))
        for run, end in zip(runs, ends, strict=True)
    ]
    best = sizes.index(max(sizes))
    return runs[best], runs[:best] + runs[best + 1 :]
