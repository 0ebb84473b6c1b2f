"""Bytes to lines: any encoding, a web page, Markdown or plain text."""

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from hegui.law.errors import LawError
from hegui.law.text.marks import HEAD


@dataclass(frozen=True, slots=True)
class Line:
    """One line or block of the source, cleaned. `gap`: a blank line stands before it."""

    first: int
    last: int
    text: str
    gap: bool
    indented: bool
    note: bool = False


_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def decode(data: bytes, name: str) -> tuple[str, str]:
    if data[:5] == b"%PDF-" or data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise LawError(
            f"{name} 是 PDF 或 Word 文件；请另存为纯文本（.txt）或网页（.html）再载入",
            f"{name} is a PDF or Word file; save it as plain text (.txt) or HTML first",
        )
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), encoding
    # A page may say GB2312 and hold UTF-8: the bytes decide. Where several encodings fit, the text with most headings.
    fits = []
    for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        fits.append((len(HEAD.findall(text)), text, encoding))
    best = max(fits, key=lambda fit: fit[0], default=None)
    if best is None:
        raise LawError(
            f"{name} 的文字编码认不出（试过 UTF-8、GB18030、UTF-16）；请另存为 UTF-8",
            f"cannot tell the encoding of {name} (tried UTF-8, GB18030, UTF-16); save it as UTF-8",
        )
    return best[1], best[2]


def is_html(text: str) -> bool:
    return (
        bool(re.match(r"\s*<(!doctype|html|\?xml)", text, re.I)) or len(re.findall(r"</(?:p|div|td)>", text, re.I)) > 9
    )


_MARKS_OF_NO_WIDTH = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00]")
_SPACES = re.compile("[ \t\r\f\v\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
FOOTNOTE = re.compile(r"[\[［]\^?\d{1,3}[\]］]")


def _clean(raw: str) -> str:
    """A line without Markdown and HTML marks, footnote marks, bookmarks and odd spaces."""
    text = html.unescape(re.sub(r"<[^<>]{1,2000}>", "", raw))
    text = _SPACES.sub(" ", _MARKS_OF_NO_WIDTH.sub("", text))
    text = re.sub(r"!\[[^\[\]]*\]\([^()]*\)", "", text)
    text = re.sub(r"\[([^\[\]]*)\]\([^()]*\)", r"\1", text)
    text = re.sub(r"\[bookmark:[^\[\]]*\]", "", text)
    text = re.sub(r"(?<![A-Za-z])[⁰¹²³⁴-⁹]+", "", FOOTNOTE.sub("", text))
    text = re.sub(r"\*\*|__|`|\\(?=[\W_])", "", text)
    text = re.sub(r"^\s*(?:#{1,6} |>|[-*+] (?=\S))\s*", "", text)
    text = re.sub(r"^\s*(?:[-*_]\s?){3,}$", "", text)
    # ⑴ ⒈ ㈠ are one sign each; spelled out they read like any other mark.
    return re.sub("[⑴-⒛㈠-㈩]", lambda sign: unicodedata.normalize("NFKC", sign[0]), text).strip()


def plain_lines(text: str) -> Iterator[Line]:
    gap, front_matter = True, False
    has_front_matter = bool(re.match(r"---[ \t]*\r?\n(?:.*\n){0,60}?---[ \t]*\r?\n", text))
    # Line numbers are those an editor shows; Word and JavaScript know other separators inside such a line.
    whole = enumerate(re.split(r"\r\n|\n|\r", text), 1)
    for number, raw in (
        (number, part) for number, line in whole for part in re.split("[\x0b\x0c\x85\u2028\u2029]", line)
    ):
        if has_front_matter and raw.strip() == "---" and (number == 1 or front_matter):
            front_matter = not front_matter
        elif front_matter:
            yield Line(number, number, raw.strip(), gap, False, note=True)
            continue
        cleaned = _clean(raw)
        if cleaned:
            note = bool(re.match(r"\s*" + FOOTNOTE.pattern + r"[:：]?", raw)) and not HEAD.match(cleaned)
            yield Line(number, number, cleaned, gap, bool(re.match(r"\s{2,}|\u3000|\t", raw)), note)
        elif raw.strip():
            yield Line(number, number, raw.strip(), gap, False, note=True)
        gap = not raw.strip()


_TOKEN = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)[^<>]*>|<![^<>]*>|[^<]+|<")
_SILENT = frozenset({"script", "style", "noscript", "template", "svg"})
_INLINE = re.compile("a|abbr|b|big|code|em|font|i|label|mark|s|small|span|strong|su[bp]|u|wbr|tt|ins|del|o:p")


def html_lines(text: str) -> list[Line]:
    """The text of a page, a block element to a line; scripts and styles are not text.

    Own tokens, since html.parser takes minutes over a page of unclosed tags.
    """
    found: list[Line] = []
    parts: list[str] = []
    line = first = last = 1
    muted, raised = "", False

    def flush() -> None:
        # A line break in HTML is a space, and between two Chinese characters not even that.
        whole = re.sub(r"(?<=[^\x00-\x7f])[ \t\r]*\n\s*(?=[^\x00-\x7f])", "", "".join(parts)).replace("\n", " ")
        if cleaned := _clean(whole):
            found.append(Line(first, last, cleaned, gap=True, indented=True))
        parts.clear()

    for token in _TOKEN.finditer(_without_comments(text)):
        data, name = token[0], (token[2] or "").lower()
        if name in _SILENT and not (muted and muted != name):
            muted = "" if token[1] else name
        elif muted:
            pass
        elif name == "sup":
            raised = not token[1]
        elif name:
            if not _INLINE.fullmatch(name):
                flush()
        elif not data.startswith("<!") and (data.strip() or parts):
            # A raised number is a footnote mark, unless it is an exponent as in m².
            before = parts[-1][-1:] if parts else ""
            mark = raised and re.fullmatch(r"\W?\d{1,3}\W?", data.strip())
            if not mark or (before.isascii() and before.isalpha()):
                if not parts:
                    first = line + data[: len(data) - len(data.lstrip())].count("\n")
                if data.strip():
                    last = line + data.rstrip().count("\n")
                parts.append(data)
        line += data.count("\n")
    flush()
    return found


def _without_comments(text: str) -> str:
    """The page without its comments, every line still at its number."""
    kept, at = [], 0
    while (begin := text.find("<!--", at)) >= 0:
        end = text.find("-->", begin)
        kept.append(text[at:begin])
        at = end + 3 if end >= 0 else len(text)
        kept.append("\n" * text.count("\n", begin, at))
    return "".join(kept) + text[at:]
