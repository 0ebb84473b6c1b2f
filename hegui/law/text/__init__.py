"""Reading an official text as people find it: a saved web page, Markdown or plain text becomes articles and items.

Nothing is dropped in silence: what has no place in the articles stands in `unplaced`, what is wrong in `faults`.
"""

import hashlib
from pathlib import Path

from hegui.law.errors import LawError
from hegui.law.text.build import Builder
from hegui.law.text.headings import article_heads, choose_run
from hegui.law.text.lines import decode, html_lines, is_html, plain_lines
from hegui.law.text.model import Article, Chapter, Fault, Item, OfficialText, Paragraph, Unplaced
from hegui.law.text.numerals import number_of, numeral
from hegui.law.text.titles import bare_title, is_draft, regulation_of

__all__ = [
    "Article", "Chapter", "Fault", "Item", "OfficialText", "Paragraph", "Unplaced", "bare_title", "is_draft", "number_of",
    "numeral", "parse_official_text", "read_official_text", "regulation_of",
]  # fmt: skip

LIMIT_BYTES = 8_000_000


def read_official_text(path: Path) -> OfficialText:
    """Read a file of any of the usual forms and encodings. Raises LawError when no article can be found in it."""
    try:
        data = path.read_bytes() if path.stat().st_size <= LIMIT_BYTES else None
    except OSError as error:
        raise LawError(
            f"读不了 {path}：{error.strerror}；请给出一个文本、Markdown 或网页文件",
            f"cannot read {path}: {error.strerror}; give a text, Markdown or HTML file",
        ) from None
    if data is None:
        raise LawError(
            f"{path} 超过 {LIMIT_BYTES} 字节，不像一部法规的文本",
            f"{path} is over {LIMIT_BYTES} bytes: not one regulation",
        )
    return parse_official_text(data, path.name)


def parse_official_text(data: bytes, name: str) -> OfficialText:
    """The same from bytes; `name` is used in messages and kept as the source."""
    text, encoding = decode(data, name)
    lines = list(html_lines(text) if is_html(text) else plain_lines(text))
    heads, lines = article_heads(lines)
    if not heads:
        raise LawError(
            f"{name} 中没有找到“第…条”；请确认这是法规正文，而不是通知或解读",
            f"no article heading (第…条) in {name}; is this the text of the regulation, not a notice about it?",
        )
    run, other_runs = choose_run(heads, lines)
    return Builder(lines, run, other_runs, heads).build(name, hashlib.sha256(data).hexdigest(), encoding)
