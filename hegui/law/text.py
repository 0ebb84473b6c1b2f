"""Reading an official text as people find it: a saved web page, Markdown or plain text becomes articles and items.

Nothing is dropped in silence: what has no place in the articles stands in `unplaced`, what is wrong in `faults`.
"""

import hashlib
import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Literal

from hegui.law.duty import Regulation
from hegui.law.errors import LawError
from hegui.words import Words

Lines = tuple[int, int]
FaultKind = Literal["cut_off", "gap", "twice", "blank_date", "unfinished"]
LIMIT_BYTES = 8_000_000


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
    text, encoding = _decode(data, name)
    lines = list(_html_lines(text) if _is_html(text) else _plain_lines(text))
    heads, lines = _article_heads(lines)
    if not heads:
        raise LawError(
            f"{name} 中没有找到“第…条”；请确认这是法规正文，而不是通知或解读",
            f"no article heading (第…条) in {name}; is this the text of the regulation, not a notice about it?",
        )
    run, other_runs = _choose_run(heads, lines)
    return _Builder(lines, run, other_runs, heads).build(name, hashlib.sha256(data).hexdigest(), encoding)


def regulation_of(title: str, regulations: Iterable[Regulation]) -> Regulation | None:
    """The regulation a title names. The stage in brackets does not count: a draft and its successor share a title."""
    wanted = bare_title(title)
    scored = [(SequenceMatcher(None, wanted, bare_title(one.title.zh)).ratio(), one) for one in regulations]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= 0.92 else None


def bare_title(title: str) -> str:
    return re.sub(r"[（(【〔][^）)】〕]*[）)】〕]|[\s《》]", "", title)


def is_draft(title: str) -> bool:
    return bool(re.search(r"征求意见|草案|送审稿|讨论稿", title))


_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def number_of(numeral: str) -> int:
    """The value of 十四, 一百零二, 14 or １４."""
    plain = unicodedata.normalize("NFKC", re.sub(r"\s", "", numeral))
    if plain.isdigit():
        return int(plain)
    total = digit = 0
    for sign in plain:
        if sign in _UNITS:
            total += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            digit = digit * 10 + _DIGITS[sign] if sign in _DIGITS else digit * 10 + int(sign)
    return total + digit


def numeral(number: int) -> str:
    """Chinese numeral for 1 … 9999, as article headings write it: 十四, 一百零二."""
    signs, rest, out, zero = "〇一二三四五六七八九", number, "", False
    for unit, value in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, rest = divmod(rest, value)
        if digit:
            out += ("零" if zero else "") + signs[digit] + unit
            zero = False
        elif out:
            zero = True
    return out.removeprefix("一") if 10 <= number < 20 else out


# --- bytes to lines -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """One line or block of the source, cleaned. `gap`: a blank line stands before it."""

    first: int
    last: int
    text: str
    gap: bool
    indented: bool
    note: bool = False


_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def _decode(data: bytes, name: str) -> tuple[str, str]:
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
        fits.append((len(_HEAD.findall(text)), text, encoding))
    best = max(fits, key=lambda fit: fit[0], default=None)
    if best is None:
        raise LawError(
            f"{name} 的文字编码认不出（试过 UTF-8、GB18030、UTF-16）；请另存为 UTF-8",
            f"cannot tell the encoding of {name} (tried UTF-8, GB18030, UTF-16); save it as UTF-8",
        )
    return best[1], best[2]


def _is_html(text: str) -> bool:
    return (
        bool(re.match(r"\s*<(!doctype|html|\?xml)", text, re.I)) or len(re.findall(r"</(?:p|div|td)>", text, re.I)) > 9
    )


_MARKS_OF_NO_WIDTH = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad\x00]")
_SPACES = re.compile("[ \t\r\f\v\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_FOOTNOTE = re.compile(r"[\[［]\^?\d{1,3}[\]］]")


def _clean(raw: str) -> str:
    """A line without Markdown and HTML marks, footnote marks, bookmarks and odd spaces."""
    text = html.unescape(re.sub(r"<[^<>]{1,2000}>", "", raw))
    text = _SPACES.sub(" ", _MARKS_OF_NO_WIDTH.sub("", text))
    text = re.sub(r"!\[[^\[\]]*\]\([^()]*\)", "", text)
    text = re.sub(r"\[([^\[\]]*)\]\([^()]*\)", r"\1", text)
    text = re.sub(r"\[bookmark:[^\[\]]*\]", "", text)
    text = re.sub(r"(?<![A-Za-z])[⁰¹²³⁴-⁹]+", "", _FOOTNOTE.sub("", text))
    text = re.sub(r"\*\*|__|`|\\(?=[\W_])", "", text)
    text = re.sub(r"^\s*(?:#{1,6} |>|[-*+] (?=\S))\s*", "", text)
    text = re.sub(r"^\s*(?:[-*_]\s?){3,}$", "", text)
    # ⑴ ⒈ ㈠ are one sign each; spelled out they read like any other mark.
    return re.sub("[⑴-⒛㈠-㈩]", lambda sign: unicodedata.normalize("NFKC", sign[0]), text).strip()


def _plain_lines(text: str) -> Iterator[_Line]:
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
            yield _Line(number, number, raw.strip(), gap, False, note=True)
            continue
        cleaned = _clean(raw)
        if cleaned:
            note = bool(re.match(r"\s*" + _FOOTNOTE.pattern + r"[:：]?", raw)) and not _HEAD.match(cleaned)
            yield _Line(number, number, cleaned, gap, bool(re.match(r"\s{2,}|\u3000|\t", raw)), note)
        elif raw.strip():
            yield _Line(number, number, raw.strip(), gap, False, note=True)
        gap = not raw.strip()


_TOKEN = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)[^<>]*>|<![^<>]*>|[^<]+|<")
_SILENT = frozenset({"script", "style", "noscript", "template", "svg"})
_INLINE = re.compile("a|abbr|b|big|code|em|font|i|label|mark|s|small|span|strong|su[bp]|u|wbr|tt|ins|del|o:p")


def _html_lines(text: str) -> list[_Line]:
    """The text of a page, a block element to a line; scripts and styles are not text.

    Own tokens, since html.parser takes minutes over a page of unclosed tags.
    """
    found: list[_Line] = []
    parts: list[str] = []
    line = first = last = 1
    muted, raised = "", False

    def flush() -> None:
        # A line break in HTML is a space, and between two Chinese characters not even that.
        whole = re.sub(r"(?<=[^\x00-\x7f])[ \t\r]*\n\s*(?=[^\x00-\x7f])", "", "".join(parts)).replace("\n", " ")
        if cleaned := _clean(whole):
            found.append(_Line(first, last, cleaned, gap=True, indented=True))
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


# --- headings and marks ---------------------------------------------------------------------------------------------

_NUMERAL = r"[〇零一二三四五六七八九十百千两0-9０-９]"
_NUMBER = rf"({_NUMERAL}(?:\s?{_NUMERAL}){{0,7}})"
_HEAD = re.compile(rf"[【\[]?第\s?{_NUMBER}\s?条(?:\s?之\s?({_NUMERAL}{{1,3}})(?!{_NUMERAL}))?[】\]]?([\s:：、．.]*)")
_CHAPTER = re.compile(rf"第\s?{_NUMBER}\s?([章节])(?![的第、，])[\s:：、．.]*")
# "第三条第二款的情形" is a reference, not a heading.
_REFERENCE = re.compile(rf"第{_NUMERAL}+[款项条章]|的|之?规定|所[列述称]|[、，,；。）》]|[和及与至或]|中[的所规]")
_STYLES = {
    "（一）": re.compile(r"[（(]\s?([一二三四五六七八九十]{1,3})\s?[)）]\s?[、.．]?\s*"),
    "（1）": re.compile(r"[（(]?\s?([0-9０-９]{1,2})\s?[)）]\s?[、.．]?\s*"),
    "一、": re.compile(r"([一二三四五六七八九十]{1,3})、\s*"),
    "1．": re.compile(r"([0-9０-９]{1,2})\s?(?:[.．](?![0-9０-９])|、)\s*"),
    "①": re.compile(r"([①-⑳])\s*"),
}
_ENDS = frozenset("。；！？”")
_FINISHED = re.compile(r"(?:[。！？；：;:!?…]|(?<=[\u4e00-\u9fff])\.)(?:[”’」』）)》]{0,2})$")
_PAGE_NUMBER = re.compile(r"[-—–·\s]*(?:第\s?)?\d{1,3}(?:\s?页)?(?:\s?[/共,，]\s?(?:共\s?)?\d{1,3}\s?页?)?[-—–·\s]*")
_DOTS = re.compile(r"[.…．·。\s]*")
_LEADER = re.compile(r"\s*(?:[.…·．]{2,}|\t|\s)\s*\d{1,3}$|[.…·．]{2,}$")
_FURNITURE = re.compile(
    r"附\s?[件表录]|责任编辑|编辑\s?[:：]|来源\s?[:：]|作者\s?[:：]|扫码|扫一扫|长按|阅读原文|相关(?:链接|阅读|文章|新闻|稿件)|上一篇|下一篇|打印"
    r"|关闭|分享|收藏|版权|转载|微信|声明\s?[:：]|主办|承办|网站|京?ICP备|京公网安备|联系我们|点击|推荐阅读|往期|预览时|点赞|在看|返回顶部|Copyright|©"
)
_LAW_NAME = re.compile(
    r"(?:规定|办法|条例|规则|细则|准则|标准|规范|决定|要求|指南|通则|制度|法)(?:[（(][^（()）]*[)）])?$"
)
# A title line of such words alone goes on from the line before it.
_GENERIC = re.compile(
    r"(?:暂行|管理|若干|试行|实施|监督|安全|保护)*(?:规定|办法|条例|规则|细则|准则|标准|规范|决定)(?:[（(].*[)）])?"
)
_TITLE_PART = re.compile(r"(?!.*(?:局|部|院|会|室|厅|委)$)[^。；：，:！？|｜《》\d]{2,40}")
_STAGE = re.compile(r"[（(][^（()）]{1,80}[)）]")
_IN_FORCE = re.compile(r"自.{0,20}起施行|起施行。$")
_BLANK_DATE = re.compile(r"自[\s×xX＿_○…\[\]]*年[\s×xX＿_○…\[\]]*月[\s×xX＿_○…\[\]]*日")

_BEFORE = Words("在第一条之前", "before the first article")
_AFTER = Words("在最后一条之后", "after the last article")
_WRAPPER = Words("网页或文件的外壳（图片、题注、属性）", "page wrapper (picture, caption, property)")
_CONTENTS = Words("目录：同一标题在后面正文中再次出现", "table of contents: the same heading stands again in the text")
_PAGE = Words("页码", "page number")
_FOOT = Words("脚注", "footnote")
_ELLIPSIS = Words("只有省略号：文字在此中断", "only an ellipsis: the text breaks off here")
_PAGE_LINE = Words("没有句末标点，像网页上的字", "no end mark: looks like a line of the page")
_OTHER_TEXT = Words("属于同一文件中的另一篇文本", "belongs to another text in the same file")


@dataclass(frozen=True, slots=True)
class _Head:
    """An article heading: the line it stands in, its number, and where the text after it begins."""

    line: int
    number: int
    inserted: int
    body: int


def _finished(text: str) -> bool:
    return bool(_FINISHED.search(text[-4:]))


def _article_heads(lines: list[_Line]) -> tuple[list[_Head], list[_Line]]:
    """Find the article headings, cutting lines in two where a heading is glued to the text before it."""
    heads: list[_Head] = []
    cut: list[_Line] = []
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


def _head_at(text: str, start: int) -> _Head | None:
    found = _HEAD.match(text, start)
    if not found or (not found[3] and _REFERENCE.match(text, found.end())):
        return None
    return _Head(0, number_of(found[1]), number_of(found[2]) if found[2] else 0, found.end())


def _stands_as_heading(head: _Head, line: _Line, before: _Line | None, last: int) -> bool:
    """A wrapped line may begin with a reference to an article; a heading follows an end mark or is the next."""
    spaced = line.text[head.body - 1] in " :：、．.】]"
    return spaced or line.gap or before is None or _finished(before.text) or head.number in (last, last + 1)


def _glued_heading(text: str, begin: int, last: int) -> int | None:
    """Where the next heading begins inside a line: after an end mark, or after the title of a chapter."""
    in_chapter = _CHAPTER.match(text)
    for found in re.compile("第").finditer(text, max(begin, in_chapter.end() if in_chapter else 1)):
        place = found.start()
        ended = text[max(0, place - 2) : place].rstrip()[-1:] in _ENDS
        if ended and (chapter := _CHAPTER.match(text, place)) and text[chapter.end() - 1] in " :：、．.章节":
            return place
        head = _head_at(text, place) if ended or in_chapter else None
        if head and head.number == last + 1:
            return place
    return None


def _choose_run(heads: list[_Head], lines: list[_Line]) -> tuple[list[_Head], list[list[_Head]]]:
    """The series of articles that holds the text, and the others: tables of contents, a second text in the file."""
    runs: list[list[_Head]] = []
    for head in heads:
        if (head.number == 1 and not head.inserted) or not runs:
            runs.append([])
        runs[-1].append(head)
    if len(runs) > 1 and runs[0][0].number != 1:
        runs = runs[1:]
    ends = [run[0].line for run in runs[1:]] + [len(lines)]
    sizes = [
        sum(len(line.text) for line in lines[run[0].line : end] if _finished(line.text))
        for run, end in zip(runs, ends, strict=True)
    ]
    best = sizes.index(max(sizes))
    return runs[best], runs[:best] + runs[best + 1 :]


def _mark(text: str) -> tuple[str, int, int] | None:
    """The item mark a line begins with: its style, its number, and where the text after it begins."""
    for style, pattern in _STYLES.items():
        if found := pattern.match(text):
            return style, _mark_number(found[1]), found.end()
    return None


def _mark_number(sign: str) -> int:
    return ord(sign) - ord("①") + 1 if "①" <= sign <= "⑳" else number_of(sign)


def _glued_items(text: str) -> list[str]:
    """A line cut before each item of a list that was glued into it: …事项：（一）…；（二）…。"""
    first = _mark(text)
    for style, pattern in _STYLES.items():
        wanted = first[1] + 1 if first and first[0] == style else 1
        cuts = []
        for found in re.finditer(rf"(?<=[：:；;。])\s?(?={pattern.pattern})", text):
            mark = pattern.match(text, found.end())
            if mark and _mark_number(mark[1]) == wanted:
                cuts.append(found.end())
                wanted += 1
        if cuts and (len(cuts) > 1 or (first and first[0] == style)):
            pieces = [text[a:b].strip() for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
            return [part for piece in pieces for part in _glued_items(piece)]
    return [text]


# --- lines to articles ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Unit:
    """A paragraph or item while it is being read."""

    number: int
    label: str
    text: str
    lines: Lines
    style: str = ""
    items: list["_Unit"] = field(default_factory=list)

    def add(self, text: str, last: int) -> None:
        latin = self.text[-1:].isascii() and text[:1].isascii() and self.text
        self.text += (" " if latin else "") + text
        self.lines = (self.lines[0], last)


@dataclass(slots=True)
class _Draft:
    """An article while it is being read."""

    head: _Head
    chapter: int | None
    lines: Lines
    paragraphs: list[_Unit] = field(default_factory=list)
    broken_at: int | None = None
    in_force: bool = False


class _Builder:
    """Places the lines of one text, one after the other."""

    def __init__(self, lines: list[_Line], run: list[_Head], others: list[list[_Head]], heads: list[_Head]) -> None:
        self.lines, self.run, self.others = lines, run, others
        self.heads = {head.line: head for head in run}
        after = [head.line for head in heads if head.line > run[-1].line]
        self.end = min(after, default=len(lines))
        body = [line for line in lines[run[0].line : self.end] if len(line.text) >= 15 and not line.note]
        broken = [line for line in body if not _finished(line.text)]
        # Copied from a PDF or a mail, every line is broken at the margin; then an unfinished line goes on in the next.
        self.wrapped = len(broken) * 4 > len(body)
        # Where the paragraphs begin shows by indent, or else by blank lines, if the article headings show it so.
        starts = [lines[head.line] for head in run]
        margin = sum(line.indented for line in body) > 0.8 * len(body)
        self.by_indent = self.wrapped and not margin and sum(line.indented for line in starts) * 2 > len(starts)
        self.by_gap = self.wrapped and not self.by_indent and sum(line.gap for line in starts) * 2 > len(starts)
        seen = Counter(line.text for line in lines if not _finished(line.text))
        self.repeated = {text for text, times in seen.items() if times > 2 and not _CHAPTER.match(text)}
        self.unplaced: list[Unplaced] = []
        self.faults: list[Fault] = []
        self.chapters: list[Chapter] = []
        self.drafts: list[_Draft] = []
        self.tail = False

    def build(self, name: str, sha256: str, encoding: str) -> OfficialText:
        start = self._front()
        for at in range(start, self.end):
            self._place(at)
        for at in range(self.end, len(self.lines)):
            self._leave(self.lines[at], _OTHER_TEXT)
        self._check_numbers()
        for at, draft in enumerate(self.drafts):
            self._check_article(draft, last=at == len(self.drafts) - 1)
        return OfficialText(
            title=self.title,
            chapters=tuple(self.chapters),
            articles=tuple(self._article(draft) for draft in self.drafts),
            unplaced=tuple(sorted(self.unplaced, key=lambda one: one.line)),
            faults=tuple(sorted(self.faults, key=lambda one: one.line)),
            source=name,
            sha256=sha256,
            encoding=encoding,
        )

    def _leave(self, line: _Line, why: Words) -> None:
        if line.note:
            why = _FOOT if _FOOTNOTE.match(line.text) else _WRAPPER
        self.unplaced.append(Unplaced(line.first, line.text, why))

    # What stands before the first article: wrapper, title, table of contents, the first chapter heading.

    def _front(self) -> int:
        """Sort the lines before the first article; returns where the text begins, its chapter heading included."""
        first = self.run[0].line
        start = first
        # Walk back over the lines of the heading of the first chapter (and section), also when its title is broken.
        for at in range(first - 1, max(-1, first - 5), -1):
            if not self.lines[at].note and (found := _CHAPTER.match(self.lines[at].text)):
                start = at
                if found[2] == "章":
                    break
            elif _finished(self.lines[at].text) or _STAGE.fullmatch(self.lines[at].text):
                break
        headings = {_bare(line.text) for line in self.lines[start : self.end] if self._is_heading(line)}
        contents = {
            at
            for at in range(start)
            if self._is_heading(self.lines[at]) and (_bare(self.lines[at].text) in headings or self._lists_article(at))
        }
        top = min(contents, default=start)
        label = next((at for at in range(top - 1, max(-1, top - 3), -1) if _bare(self.lines[at].text) == "目录"), None)
        if label is not None:
            contents, top = contents | set(range(label, start)), label
        title_lines = self._find_title(top if contents else start) or self._find_title(start)
        for at in range(start):
            if at not in title_lines:
                self._leave(self.lines[at], _CONTENTS if at in contents else _BEFORE)
        return start

    def _is_heading(self, line: _Line) -> bool:
        return not line.note and bool(_CHAPTER.match(line.text) or _HEAD.match(line.text))

    def _lists_article(self, at: int) -> bool:
        return any(head.line == at for run in self.others for head in run) and not _finished(self.lines[at].text)

    def _find_title(self, top: int) -> set[int]:
        """Find the title above line `top`; sets self.title and returns the lines it stands in."""
        quoted = {
            re.sub(r"\s", "", one) for line in self.lines[:top] for one in re.findall(r"《([^《》]{4,80})》", line.text)
        }
        stage, at, taken = "", top - 1, set()
        lowest = max(-1, top - 7)
        while at > lowest:
            line = self.lines[at]
            if not stage and not line.note and _STAGE.fullmatch(line.text):
                stage, taken = line.text, {at}
            elif not line.note and len(line.text) <= 60 and _LAW_NAME.search(line.text) and "《" not in line.text:
                break
            at -= 1
        else:
            alone = {_bare(line.text) for line in self.lines[:top]}
            named = [one for one in sorted(quoted, key=lambda one: (-len(one), one)) if _LAW_NAME.search(one)]
            likely = [one for one in named if is_draft(one)] or [one for one in named if one in alone]
            self.title = next(iter(likely or (named if len(named) == 1 else [])), "")
            return set()
        begin = at
        names = {bare_title(one) for one in quoted}
        for more in (1, 2):
            pieces = self.lines[max(0, at - more) : at + 1]
            joined = "".join(re.sub(r"\s", "", line.text) for line in pieces)
            unfinished = (
                _GENERIC.fullmatch(pieces[1].text) or re.search("[、和及与的]$", pieces[0].text) if pieces[1:] else None
            )
            adjacent = unfinished and not any(line.gap for line in pieces[1:]) and _TITLE_PART.fullmatch(pieces[0].text)
            if len(pieces) == more + 1 and not pieces[0].note and (adjacent or bare_title(joined) in names):
                begin = at - more
        spoken = "".join(line.text for line in self.lines[begin : at + 1])
        self.title = re.sub(r"\s", "", spoken + ("" if _STAGE.search(spoken) else stage))
        return taken | set(range(begin, at + 1))

    # The text itself.

    def _place(self, at: int) -> None:
        line = self.lines[at]
        draft = self.drafts[-1] if self.drafts else None
        if at in self.heads:
            head = self.heads[at]
            chapter = next((one.number for one in reversed(self.chapters) if one.kind == "章"), None)
            self.drafts.append(_Draft(head, chapter, (line.first, line.last)))
            if rest := line.text[head.body :].strip():
                self._text(replace(line, text=rest), starts=True)
        elif line.note:
            self._leave(line, _WRAPPER)
        elif _DOTS.fullmatch(line.text):
            self._leave(line, _ELLIPSIS)
            if draft:
                draft.broken_at = line.first
        elif _PAGE_NUMBER.fullmatch(line.text):
            self._leave(line, _PAGE)
        elif found := _CHAPTER.match(line.text):
            self._chapter(line, found)
        elif draft is None or (self.chapters and self.chapters[-1].lines[0] > draft.lines[1]):
            self._under_chapter(line)
        else:
            self._text(line, starts=False)

    def _chapter(self, line: _Line, found: re.Match[str]) -> None:
        kind: Literal["章", "节"] = "章" if found[2] == "章" else "节"
        number = number_of(found[1])
        if kind == "章" and any(one.kind == "章" and one.number >= number for one in self.chapters):
            self._leave(line, _CONTENTS)
            return
        self.chapters.append(Chapter(kind, number, _bare(line.text[found.end() :]), (line.first, line.last)))

    def _under_chapter(self, line: _Line) -> None:
        chapter = self.chapters[-1] if self.chapters else None
        if chapter and not _finished(line.text) and len(line.text) <= 30 and (not chapter.title or not line.gap):
            title = chapter.title + re.sub(r"\s", "", line.text)
            self.chapters[-1] = replace(chapter, title=title, lines=(chapter.lines[0], line.last))
        else:
            self._leave(line, Words("在章标题与第一条之间", "between a chapter heading and its first article"))

    def _text(self, line: _Line, starts: bool) -> None:
        """Place a line of the current article: item, new paragraph, more of the last one, or the page around it."""
        draft = self.drafts[-1]
        pieces = _glued_items(line.text)
        unit = _last(draft.paragraphs) if draft.paragraphs else None
        mark = _mark(pieces[0])
        if mark and draft.paragraphs and self._goes_on(draft, mark):
            self.tail = False
        elif not starts and unit is not None:
            if self.tail or self._ends_here(draft, line):
                self.tail = True
                self._leave(line, _AFTER)
                return
            if self._is_page_line(line, unit):
                self.tail = draft.head is self.run[-1] and not self.wrapped
                self._leave(line, _PAGE_LINE)
                return
            if not mark and self._continues(line, unit):
                unit.add(pieces[0], line.last)
                pieces = pieces[1:]
        for piece in pieces:
            mark = _mark(piece)
            if not (mark and draft.paragraphs):
                text = "" if mark else piece
                draft.paragraphs.append(_Unit(len(draft.paragraphs) + 1, "", text, (line.first, line.last)))
            if mark:
                self._item(draft, mark, piece, line)
        draft.lines = (draft.lines[0], line.last)
        draft.in_force = draft.in_force or bool(_IN_FORCE.search(_last(draft.paragraphs).text[-60:]))

    def _goes_on(self, draft: _Draft, mark: tuple[str, int, int]) -> bool:
        items = draft.paragraphs[-1].items
        return mark[1] == (items[-1].number + 1 if items else 1)

    def _ends_here(self, draft: _Draft, line: _Line) -> bool:
        if draft.head is not self.run[-1]:
            return False
        if draft.in_force:
            return not re.search(r"废止|同时|停止执行|不一致|为准", line.text)
        return bool(_FURNITURE.match(line.text) and len(line.text) <= 40) or bool(
            _LAW_NAME.search(line.text) and "《" in line.text
        )

    def _is_page_line(self, line: _Line, unit: _Unit) -> bool:
        if line.text in self.repeated:
            return True
        if _finished(line.text) or _mark(line.text):
            return False
        if self.wrapped:
            return bool(_FURNITURE.match(line.text)) and _finished(unit.text) and line.gap
        return len(line.text) <= 40 and (_finished(unit.text) or bool(_FURNITURE.match(line.text)))

    def _continues(self, line: _Line, unit: _Unit) -> bool:
        if re.search(r"[，、,（《“]$", unit.text):
            return True
        if not self.wrapped:
            return False
        if self.by_indent:
            return not line.indented
        if self.by_gap and not line.gap:
            return True
        return not _finished(unit.text)

    def _item(self, draft: _Draft, mark: tuple[str, int, int], text: str, line: _Line) -> None:
        """Put an item into its list: the same style is the same level, a new style that begins at 1 a level below."""
        style, number, begin = mark
        paragraph = draft.paragraphs[-1]
        made = _Unit(number, text[:begin].strip(), text[begin:].strip(), (line.first, line.last), style)
        chain = [paragraph]
        while chain[-1].items:
            chain.append(chain[-1].items[-1])
        for depth in range(len(chain) - 1, 0, -1):
            if chain[depth].style == style:
                self._expect(draft, chain[depth].number + 1, made)
                chain[depth - 1].items.append(made)
                return
        # A list that mixes its marks, （一）… (2)…, still counts on.
        for depth in range(len(chain) - 1, 0, -1):
            if chain[depth].number + 1 == number != 1:
                chain[depth - 1].items.append(made)
                return
        self._expect(draft, 1, made)
        chain[-1].items.append(made)

    def _expect(self, draft: _Draft, wanted: int, made: _Unit) -> None:
        if made.number != wanted:
            place = _label(draft.head)
            self._fault(
                "gap" if made.number > wanted else "twice", place, made.lines[0],
                f"{place}的项次序号不连续：应为第 {wanted} 项，写的是“{made.label}”",
                f"{_english(draft.head)}: items are not in series: number {wanted} expected, “{made.label}” found",
            )  # fmt: skip

    def _fault(self, kind: FaultKind, place: str, line: int, zh: str, en: str) -> None:
        self.faults.append(Fault(kind, place, line, Words(zh, en)))

    # What is wrong with the text.

    def _check_numbers(self) -> None:
        number = inserted = 0
        seen: set[tuple[int, int]] = set()
        for draft in self.drafts:
            head, line, place = draft.head, draft.lines[0], _label(draft.head)
            here = (head.number, head.inserted)
            missing = (number + 1, head.number if head.inserted else head.number - 1)
            if here in seen:
                self._fault("twice", place, line, f"{place}出现不止一次", f"{_english(head)} stands more than once")
            elif head.number > number and missing[0] <= missing[1]:
                zh, en = f"第{numeral(missing[0])}条", f"Article {missing[0]}"
                if missing[0] < missing[1]:
                    zh, en = f"{zh}至第{numeral(missing[1])}条", f"Articles {missing[0]} to {missing[1]}"
                self._fault("gap", place, line, f"{place}之前缺{zh}", f"missing before {_english(head)}: {en}")
            elif here not in ((number + 1, 0), (number, inserted + 1)):
                self._fault("gap", place, line, f"{place}的次序不对", f"{_english(head)} is out of order")
            seen.add(here)
            number, inserted = max(number, head.number), head.inserted
        for run in self.others:
            if any(_finished(self.lines[head.line].text) for head in run):
                at = self.lines[run[0].line].first
                self._fault(
                    "twice", _label(run[0]), at,
                    f"第 {at} 行另有一篇从{_label(run[0])}开始的文本，没有读入",
                    f"line {at}: another text begins with {_english(run[0])}; it was not read",
                )  # fmt: skip

    def _check_article(self, draft: _Draft, last: bool) -> None:
        place, line = _label(draft.head), draft.lines[0]
        units = _flat(draft.paragraphs)
        for unit in units:
            if _BLANK_DATE.search(unit.text):
                self._fault(
                    "blank_date",
                    place,
                    unit.lines[0],
                    f"{place}的施行日期为空白",
                    f"{_english(draft.head)}: the effective date is left blank",
                )
        for paragraph in draft.paragraphs[:-1]:
            if not _finished(_last([paragraph]).text):
                self._fault(
                    "unfinished", f"{place}第{numeral(paragraph.number)}款", paragraph.lines[0],
                    f"{place}第{numeral(paragraph.number)}款没有句末标点，可能被截断",
                    f"{_english(draft.head)}, paragraph {paragraph.number} has no end mark; it may be cut off",
                )  # fmt: skip
        ending = units[-1].text if units else ""
        cut = not ending or ending.endswith(("：", ":", "…", "...")) or draft.broken_at is not None
        if cut or not _finished(ending):
            shown = f"，止于“{ending[-14:]}”" if ending else "，没有内容"
            shown_en = f": it ends with “{ending[-14:]}”" if ending else ": it has no text"
            kind: FaultKind = "cut_off" if cut or last else "unfinished"
            self._fault(kind, place, line, f"{place}不完整{shown}", f"{_english(draft.head)} is cut off{shown_en}")

    def _article(self, draft: _Draft) -> Article:
        paragraphs = tuple(
            Paragraph(one.number, one.text, one.lines, tuple(_item(item) for item in one.items))
            for one in draft.paragraphs
        )
        return Article(draft.head.number, draft.head.inserted, draft.chapter, draft.lines, paragraphs)


def _item(unit: _Unit) -> Item:
    return Item(unit.number, unit.label, unit.text, unit.lines, tuple(_item(one) for one in unit.items))


def _last(units: Sequence[_Unit]) -> _Unit:
    """The paragraph or item that was read last."""
    return _last(units[-1].items) if units[-1].items else units[-1]


def _flat(units: Sequence[_Unit]) -> list[_Unit]:
    return [one for unit in units for one in (unit, *_flat(unit.items))]


def _label(head: _Head) -> str:
    return f"第{numeral(head.number)}条" + (f"之{numeral(head.inserted)}" if head.inserted else "")


def _english(head: _Head) -> str:
    return f"Article {head.number}" + (f"-{head.inserted}" if head.inserted else "")


def _bare(heading: str) -> str:
    return re.sub(r"\s", "", _LEADER.sub("", heading[:200]))
