"""Policies for tests, from a small markup: `# heading`, `| a | b |` for rows of a table, `- item`, else a paragraph a line."""

from pathlib import Path

from hegui.facts.policy import Block, BlockKind, Document, DocumentKind, Policy, Span

HERE = Path(__file__).parent


def policy_of(text: str, kind: DocumentKind = "rules", name: str = "rules") -> Policy:
    blocks: list[Block] = []
    table: int | None = None
    row = 0
    position = 0
    for raw in text.splitlines(keepends=True):
        line = raw.strip()
        start = position + len(raw) - len(raw.lstrip())
        position += len(raw)
        if not line.startswith("|"):
            table = None
        if not line:
            continue
        if line.startswith("|"):
            if table is None:
                table, row = len(blocks), 0
                blocks.append(Block("table", ()))
            blocks.append(Block("row", (), parent=table))
            row_at = len(blocks) - 1
            at = start
            for column, cell in enumerate(line.strip("|").split("|")):
                begin = text.index(cell, at) if cell else at
                at = begin + len(cell)
                spans = (
                    (Span(name, begin + len(cell) - len(cell.lstrip()), begin + len(cell.rstrip())),)
                    if cell.strip()
                    else ()
                )
                blocks.append(Block("cell", spans, parent=row_at, row=row, col=column))
            row += 1
        elif line.startswith("#"):
            level = len(line) - len(line.lstrip("#"))
            blocks.append(_line("heading", name, start + level + 1, start + len(line), level))
        elif line.startswith("- "):
            blocks.append(_line("item", name, start + 2, start + len(line)))
        else:
            blocks.append(_line("paragraph", name, start, start + len(line)))
    return Policy(text=text, blocks=tuple(blocks), documents=(Document(name, kind, "", 0, len(text), "markdown"),))


def _line(kind: BlockKind, name: str, start: int, end: int, level: int = 0) -> Block:
    return Block(kind, (Span(name, start, end),), level=level)


def example(name: str) -> Policy:
    """One of the invented policies beside this file."""
    return policy_of((HERE / "policies" / f"{name}.md").read_text("utf-8"))
