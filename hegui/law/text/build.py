"""Lines to articles. Nothing is dropped in silence: what has no place is left aside with the reason."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from hegui.law.text.headings import Head
from hegui.law.text.lines import FOOTNOTE, Line
from hegui.law.text.marks import CHAPTER, HEAD, finished, glued_items, mark_of
from hegui.law.text.model import Article, Chapter, Fault, FaultKind, Item, Lines, OfficialText, Paragraph, Unplaced
from hegui.law.text.numerals import number_of, numeral
from hegui.law.text.titles import bare_title, is_draft
from hegui.words import Words

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

    head: Head
    chapter: int | None
    lines: Lines
    paragraphs: list[_Unit] = field(default_factory=list)
    broken_at: int | None = None
    in_force: bool = False


class Builder:
    """Places the lines of one text, one after the other."""

    def __init__(self, lines: list[Line], run: list[Head], others: list[list[Head]], heads: list[Head]) -> None:
        self.lines, self.run, self.others = lines, run, others
        self.heads = {head.line: head for head in run}
        after = [head.line for head in heads if head.line > run[-1].line]
        self.end = min(after, default=len(lines))
        body = [line for line in lines[run[0].line : self.end] if len(line.text) >= 15 and not line.note]
        broken = [line for line in body if not finished(line.text)]
        # Copied from a PDF or a mail, every line is broken at the margin; then an unfinished line goes on in the next.
        self.wrapped = len(broken) * 4 > len(body)
        # Where the paragraphs begin shows by indent, or else by blank lines, if the article headings show it so.
        starts = [lines[head.line] for head in run]
        margin = sum(line.indented for line in body) > 0.8 * len(body)
        self.by_indent = self.wrapped and not margin and sum(line.indented for line in starts) * 2 > len(starts)
        self.by_gap = self.wrapped and not self.by_indent and sum(line.gap for line in starts) * 2 > len(starts)
        seen = Counter(line.text for line in lines if not finished(line.text))
        self.repeated = {text for text, times in seen.items() if times > 2 and not CHAPTER.match(text)}
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

    def _leave(self, line: Line, why: Words) -> None:
        if line.note:
            why = _FOOT if FOOTNOTE.match(line.text) else _WRAPPER
        self.unplaced.append(Unplaced(line.first, line.text, why))

    # What stands before the first article: wrapper, title, table of contents, the first chapter heading.

    def _front(self) -> int:
        """Sort the lines before the first article; returns where the text begins, its chapter heading included."""
        first = self.run[0].line
        start = first
        # Walk back over the lines of the heading of the first chapter (and section), also when its title is broken.
        for at in range(first - 1, max(-1, first - 5), -1):
            if not self.lines[at].note and (found := CHAPTER.match(self.lines[at].text)):
                start = at
                if found[2] == "章":
                    break
            elif finished(self.lines[at].text) or _STAGE.fullmatch(self.lines[at].text):
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

    def _is_heading(self, line: Line) -> bool:
        return not line.note and bool(CHAPTER.match(line.text) or HEAD.match(line.text))

    def _lists_article(self, at: int) -> bool:
        return any(head.line == at for run in self.others for head in run) and not finished(self.lines[at].text)

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
        elif found := CHAPTER.match(line.text):
            self._chapter(line, found)
        elif draft is None or (self.chapters and self.chapters[-1].lines[0] > draft.lines[1]):
            self._under_chapter(line)
        else:
            self._text(line, starts=False)

    def _chapter(self, line: Line, found: re.Match[str]) -> None:
        kind: Literal["章", "节"] = "章" if found[2] == "章" else "节"
        number = number_of(found[1])
        if kind == "章" and any(one.kind == "章" and one.number >= number for one in self.chapters):
            self._leave(line, _CONTENTS)
            return
        self.chapters.append(Chapter(kind, number, _bare(line.text[found.end() :]), (line.first, line.last)))

    def _under_chapter(self, line: Line) -> None:
        chapter = self.chapters[-1] if self.chapters else None
        if chapter and not finished(line.text) and len(line.text) <= 30 and (not chapter.title or not line.gap):
            title = chapter.title + re.sub(r"\s", "", line.text)
            self.chapters[-1] = replace(chapter, title=title, lines=(chapter.lines[0], line.last))
        else:
            self._leave(line, Words("在章标题与第一条之间", "between a chapter heading and its first article"))

    def _text(self, line: Line, starts: bool) -> None:
        """Place a line of the current article: item, new paragraph, more of the last one, or the page around it."""
        draft = self.drafts[-1]
        pieces = glued_items(line.text)
        unit = _last(draft.paragraphs) if draft.paragraphs else None
        mark = mark_of(pieces[0])
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
            mark = mark_of(piece)
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

    def _ends_here(self, draft: _Draft, line: Line) -> bool:
        if draft.head is not self.run[-1]:
            return False
        if draft.in_force:
            return not re.search(r"废止|同时|停止执行|不一致|为准", line.text)
        return bool(_FURNITURE.match(line.text) and len(line.text) <= 40) or bool(
            _LAW_NAME.search(line.text) and "《" in line.text
        )

    def _is_page_line(self, line: Line, unit: _Unit) -> bool:
        if line.text in self.repeated:
            return True
        if finished(line.text) or mark_of(line.text):
            return False
        if self.wrapped:
            return bool(_FURNITURE.match(line.text)) and finished(unit.text) and line.gap
        return len(line.text) <= 40 and (finished(unit.text) or bool(_FURNITURE.match(line.text)))

    def _continues(self, line: Line, unit: _Unit) -> bool:
        if re.search(r"[，、,（《“]$", unit.text):
            return True
        if not self.wrapped:
            return False
        if self.by_indent:
            return not line.indented
        if self.by_gap and not line.gap:
            return True
        return not finished(unit.text)

    def _item(self, draft: _Draft, mark: tuple[str, int, int], text: str, line: Line) -> None:
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
            if any(finished(self.lines[head.line].text) for head in run):
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
            if not finished(_last([paragraph]).text):
                self._fault(
                    "unfinished", f"{place}第{numeral(paragraph.number)}款", paragraph.lines[0],
                    f"{place}第{numeral(paragraph.number)}款没有句末标点，可能被截断",
                    f"{_english(draft.head)}, paragraph {paragraph.number} has no end mark; it may be cut off",
                )  # fmt: skip
        ending = units[-1].text if units else ""
        cut = not ending or ending.endswith(("：", ":", "…", "...")) or draft.broken_at is not None
        if cut or not finished(ending):
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


def _label(head: Head) -> str:
    return f"第{numeral(head.number)}条" + (f"之{numeral(head.inserted)}" if head.inserted else "")


def _english(head: Head) -> str:
    return f"Article {head.number}" + (f"-{head.inserted}" if head.inserted else "")


def _bare(heading: str) -> str:
    return re.sub(r"\s", "", _LEADER.sub("", heading[:200]))
