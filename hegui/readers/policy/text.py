"""Rules as plain text: a paragraph a line, headings told by their numbering."""

from hegui.facts.policy import BlockKind
from hegui.readers.policy.build import Builder, DocumentText, Run
from hegui.readers.policy.headings import Headings, could_be_heading, is_item


def read_text(text: str) -> DocumentText:
    """Paragraphs, items and headings of plain text. Looks are unknown: `styled` is False."""
    builder = Builder()
    headings = Headings()
    title = ""
    first = True
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        line = raw.strip()
        if not line:
            continue
        # A short line alone is a heading only by its number: in text without looks, nothing else tells.
        level = headings.level_of(line, bold=not is_item(line) and line[0].isdigit())
        if first and not level and could_be_heading(line):
            title, level = line, 1
            headings.given(1)
        first = False
        kind: BlockKind = "heading" if level else "item" if is_item(line) else "paragraph"
        builder.add(kind, [Run(line)], level=level, at=f"line {number}")
    return builder.finish("text", styled=False, title=title)
