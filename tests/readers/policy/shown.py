"""What tests ask of a document that was read: its blocks as short tuples, and that its places hold."""

from hegui.facts.policy import Block
from hegui.readers.policy.build import DocumentText


def said(read: DocumentText, block: Block) -> str:
    return "|".join(read.text[span.start : span.end] for span in block.spans)


def blocks(read: DocumentText, *kinds: str) -> list[tuple[str, int, str]]:
    """Kind, level and words of the blocks that are seen, all or those of some kinds."""
    return [
        (block.kind, block.level, said(read, block))
        for block in read.blocks
        if not block.hidden and (not kinds or block.kind in kinds)
    ]


def hidden(read: DocumentText) -> list[str]:
    return [said(read, block) for block in read.blocks if block.hidden]


def marks(read: DocumentText) -> set[tuple[str, str, str]]:
    """Kind, value and words of all marks."""
    return {(mark.kind, mark.value, read.text[mark.start : mark.end]) for block in read.blocks for mark in block.marks}


def cells(read: DocumentText) -> list[tuple[int | None, int | None, int, int, str]]:
    return [
        (block.row, block.col, block.rowspan, block.colspan, said(read, block))
        for block in read.blocks
        if block.kind == "cell"
    ]


def check_places(read: DocumentText) -> None:
    """Spans and marks lie inside the text, blocks are in order, and own spans are the whole text, once."""
    text, before = read.text, 0
    own: list[tuple[int, int]] = []
    for number, block in enumerate(read.blocks):
        assert block.spans, f"block {number} has no place"
        for span in block.spans:
            assert 0 <= span.start <= span.end <= len(text)
        assert block.spans[0].start >= before, f"block {number} begins before the one ahead of it"
        before = block.spans[0].start
        assert block.parent is None or 0 <= block.parent < number
        if block.kind not in ("table", "row"):
            own += [(span.start, span.end) for span in block.spans if span.start < span.end]
        for mark in block.marks:
            assert any(span.start <= mark.start < mark.end <= span.end for span in block.spans)
    reached = 0
    for start, end in sorted(own):
        assert start >= reached, "two blocks have the same words"
        assert not text[reached:start].strip("\n\t"), "words that no block has"
        reached = end
    assert not text[reached:].strip("\n\t")
