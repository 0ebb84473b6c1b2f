"""A policy as the readers of statements take it: its shown text without stray spaces, in lines, sentences and sections."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from hegui.facts.policy import Block, Document, Mark, Policy, Span

# Spaces beside a Chinese character or its punctuation come from layout and would part words (信 息).
_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—"
_STRAY_SPACE = re.compile(rf"(?<=[{_HAN}])[ \t\u3000\xa0\u200b]+|[ \t\u3000\xa0\u200b]+(?=[{_HAN}])|\u200b+")
_SENTENCE_END = re.compile(r"[。！？；!?;]+[”’）)】\"']*|(?<=[a-z0-9)’”])[.](?=\s+[A-Z“\"(])")
_FOLD = {
    ord(full): ord(half)
    for full, half in zip(
        "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ", "abcdefghijklmnopqrstuvwxyz", strict=True
    )
}
_FOLD |= {ord(capital): ord(capital) + 32 for capital in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}

_NUMBERINGS = tuple(
    re.compile(pattern)
    for pattern in (
        r"第[一二三四五六七八九十百\d]+[章节條条部编][分]?[：:、\s]?",
        r"[一二三四五六七八九十]+(?:[、．.，]|\s)",
        r"[（(][一二三四五六七八九十]+[）)]、?",
        r"\d+[.．]\d+[.．]\d+[.．]\d+[.．、]?",
        r"\d+[.．]\d+[.．]\d+[.．、]?(?!\d)",
        r"\d+[.．]\d+[.．、]?(?!\d)",
        r"\d{1,2}[.．、](?!\d)",
        r"[（(]\d{1,2}[）)]、?",
        r"\d{1,2}[）)]、?",
        r"[①-⑳]",
        r"[（(]?[A-Za-z][）)]|[A-Za-z][.、．](?!\w)",
        r"[（(]?[ivxIVX]+[）)]|[IVX]+[.．]",
        r"[•·●○■□◆▪※*–—-]\s*",
    )
)
# How the numberings rank as headings: 一、 above （一） above 1. above 1.1 and so on.
_RANKS = (0, 1, 2, 6, 5, 4, 3, 7, 8, 9, 10, 11, 12)
_NUMERAL = re.compile(r"[一二三四五六七八九十]{1,3}")
_BULLET = len(_NUMBERINGS) - 1
_SENTENCE_LIKE = re.compile(r"[。；;！!？?，,]|[a-z]\.$|^.{0,6}[：:].")
_INTRODUCES = re.compile(r"(?:包括|如下|以下|下列|包含|例如)[^：:]{0,8}[：:]?$")
_LONGEST_HEADING = 40
_LONGEST_SENTENCE = 1500

# What a section is about, by its title; the first that matches decides.
_TOPICS = tuple(
    (topic, re.compile(pattern, re.IGNORECASE))
    for topic, pattern in (
        ("definition", r"名词解释|定义|术语|关键词说明|definition|glossary"),
        ("minor", r"未成年|儿童|青少年|minors?\b|child"),
        ("cookie", r"cookie|beacon|同类技术"),
        ("exempt", r"例外|豁免|无需.{0,6}(征得|取得)?.{0,4}(同意|授权)|不经授权|without (your )?consent"),
        ("contact", r"联系我们|联系方式|如何联系|与我们联系|contact"),
        (
            "change",
            r"(政策|声明|条款|协议|规则|指引|本文).{0,8}(更新|变更|修订|修改|变动|通知)|如何更新|^变更$|^更新$|"
            r"修订和通知|chang(e|es) to|updates? to|revision",
        ),
        (
            "rights",
            r"权利|注销|撤回|撤销|管理(您|你|自己|用户|个人)|(访问|查阅|查询|更正|删除|更改|控制).{0,12}(管理|"
            r"个人信息|您的信息|信息)|个人信息(的)?(访问|查阅|查询|更正|删除|管理|副本)|信息管理|自主控制|"
            r"your rights|your choices|manage your|access.{0,20}(control|correct|delete)",
        ),
        ("contact", r"投诉|举报|complain"),
        (
            "share",
            r"共享|转让|公开披露|披露|委托处理|对外提供|向(谁|哪些|其他)[^。]{0,8}提供|提供给第三方|sdk|向第三方|合作方|合作伙伴|shar(e|ing)|"
            r"disclos|third.part",
        ),
        ("permission", r"权限|permission"),
        ("collect", r"收集|采集|获取.{0,6}信息|信息(的)?获取|collect"),
        ("retention", r"存储|保存|保留|留存|储存|期限|retention|retain|stor(e|age)|how long"),
        ("crossborder", r"跨境|全球|境外|出境|cross.border|international transfer|global"),
        ("security", r"安全|保护(措施)?|保密|security|protect|safeguard"),
        ("use", r"使用|用途|\buse\b"),
    )
)
# Topics a part can have of its own although it stands in a part about collecting: 账号安全 or 第三方登录 are functions there.
_OWN_TOPIC = re.compile(
    r"共享|转让|披露|委托处理|sdk|cookie|未成年|儿童|例外|豁免|无需|权利|注销|撤回|权限(清单|列表|说明|申请|使用)|"
    r"(保存|存储|保留).{0,6}(期限|时间|地点)|联系我们",
    re.IGNORECASE,
)  # fmt: skip
# The title of rules as a whole tells no topic, though 保护 stands in it.
_WHOLE_RULES = re.compile(
    r"(?:隐私(?:权)?(?:保护)?|个人信息(?:保护|处理)?)(?:政策|声明|条款|协议|指引|指南|规则)(?:[（(].*|全文|"
    r"正文)?$|^privacy (?:policy|notice|statement)$|privacy policy$",
    re.IGNORECASE,
)
# The same words may name the part on collecting; as a title without a number, above all else, they name the whole.
_RULES_OF_COLLECTING = re.compile(r"收集(?:和|与|及|、)?使用(?:个人信息)?(?:的)?规则(?:[（(].*|全文|正文)?$")
# What a draft leaves open: 【请填写：…】, [公司名称], XX, a line to write on. Nothing in it is said.
_FIELD = (
    r"(?:公司|企业|运营者|开发者|主体|应用|app|产品|平台|软件)(?:的)?(?:全称|名称|名)|(?:联系)?(?:邮箱|电话|地址|方式)|日期|"
    r"版本号?|链接|网址"
)
_GAP = re.compile(
    r"[【\[［](?:(?!请填|待填|待补|请补|待定|待确认)[^【】\[\]［］\n]){0,40}(?:请填|待填|待补|请补|待定|待确认)[^【】\[\]［］\n]{0,200}[】\]］]|"
    rf"(?<!\n)[【\[［{{<](?:{_FIELD})[】\]］}}>](?!\s*[：:])|"
    r"(?<![A-Za-z])[Xx×Ｘ]{2,}(?![A-Za-z])|(?<![\w./-])_{3,}(?![\w./-])",
    re.IGNORECASE,
)
_WITH_PARTS = ("collect", "use", "share", "permission", "retention", "security")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a block that is shown. Offsets count in `Reading.text`."""

    number: int
    start: int
    end: int
    block: int
    kind: str
    section: int
    numbering: int | None
    body: int
    """Where the line begins after its number."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence; `lead` is the number of the one that introduces it (我们会收集以下信息：), or None."""

    number: int
    start: int
    end: int
    line: Line
    lead: int | None = None


@dataclass(slots=True)
class Section:
    """A part of the rules under a heading; number 0 is the whole. `lines` are its own, without those of parts in it."""

    number: int
    title: str
    parent: int
    topic: str
    start: int
    end: int
    depth: int = 0
    lines: list[Line] = field(default_factory=list)


class Reading:
    """The lines, sentences and sections of a policy. All offsets count in `text`; `span` takes them back to Policy.text."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._starts: list[int] = []
        self._shift: list[int] = []
        self.lines: list[Line] = []
        self.sections = [Section(0, "", 0, "", 0, 0)]
        self._open: list[tuple[tuple[int, int], int]] = []
        pieces: list[str] = []
        length = 0
        for number, block in enumerate(_blocks(policy)):
            if block.hidden or block.kind not in ("heading", "paragraph", "item", "cell"):
                continue
            for start, end in _lines_of(policy.text, block):
                piece = self._squeezed(policy.text, start, end, length)
                if not piece:
                    continue
                pieces.append(piece)
                self._add(piece, length, number, block)
                length += len(piece) + 1
                pieces.append("\n")
        self.text = _GAP.sub(lambda gap: " " * len(gap[0]), "".join(pieces))
        self.folded = self.text.translate(_FOLD)
        self.sentences = self._sentences()
        self._sentence_starts = [one.start for one in self.sentences]

    def span(self, start: int, end: int) -> Span:
        """The place in Policy.text."""
        first, last = self._raw(start), self._raw(max(start, end - 1)) + 1
        return Span(self.document_at(first), first, last)

    def document_at(self, raw: int) -> str:
        found = self._document(raw)
        return found.name if found else ""

    def document_of(self, line: Line) -> Document | None:
        return self._document(self._raw(line.start))

    def sentence_at(self, position: int) -> Sentence:
        return self.sentences[max(0, bisect_right(self._sentence_starts, position) - 1)]

    def said(self, one: Sentence | Line) -> str:
        return self.text[one.start : one.end]

    def section_of(self, line: Line) -> Section:
        return self.sections[line.section]

    def path(self, section: Section) -> list[Section]:
        """A section and those it stands in, from the inside."""
        found = [section]
        while found[-1].number:
            found.append(self.sections[found[-1].parent])
        return found[:-1]

    def within(self, section: Section) -> list[Line]:
        """The lines of a section and of all parts in it."""
        inside = {section.number}
        for one in self.sections[section.number + 1 :]:
            if one.parent not in inside:
                break
            inside.add(one.number)
        return [line for number in sorted(inside) for line in self.sections[number].lines]

    @cached_property
    def links(self) -> list[Mark]:
        """The links of the text, in order; their offsets count in Policy.text."""
        marks = [mark for block in self.policy.blocks for mark in block.marks if mark.kind == "link"]
        return sorted(marks, key=lambda one: one.start)

    def sentences_in(self, start: int, end: int) -> list[Sentence]:
        first = max(0, bisect_right(self._sentence_starts, start) - 1)
        last = bisect_right(self._sentence_starts, max(start, end - 1))
        return self.sentences[first:last]

    @cached_property
    def has_topics(self) -> bool:
        """Whether headings tell which part is about collecting."""
        return any(one.topic == "collect" and len(one.lines) > 1 for one in self.sections)

    def _raw(self, position: int) -> int:
        index = bisect_right(self._starts, position) - 1
        return position + self._shift[index]

    def _document(self, raw: int) -> Document | None:
        documents = self.policy.documents
        index = bisect_right(documents, raw, key=lambda one: one.start) - 1
        return documents[index] if index >= 0 else None

    def _squeezed(self, text: str, start: int, end: int, at: int) -> str:
        pieces = []
        position = start
        length = 0
        for gap in _STRAY_SPACE.finditer(text, start, end):
            if gap.start() - start <= 3 and _NUMERAL.fullmatch(text, start, gap.start()):
                # 「一 我们如何收集」: the space is what tells the number from the words.
                continue
            if gap.start() > position:
                self._starts.append(at + length)
                self._shift.append(position - at - length)
                pieces.append(text[position : gap.start()])
                length += gap.start() - position
            position = gap.end()
        if position < end:
            self._starts.append(at + length)
            self._shift.append(position - at - length)
            pieces.append(text[position:end])
        return "".join(pieces)

    def _add(self, piece: str, start: int, number: int, block: Block) -> None:
        numbering, body = _numbering(piece)
        heading = block.kind == "heading" or (
            block.kind in ("paragraph", "item")
            and numbering is not None
            and numbering != _BULLET
            and len(piece) <= _LONGEST_HEADING
            and not _SENTENCE_LIKE.search(piece, body)
            and not _INTRODUCES.search(piece)
        )
        if heading:
            told = self._levels_told(block)
            by_level = block.kind == "heading" and (numbering is None or told)
            key = (0, block.level) if by_level else (1, _RANKS[numbering or 0])
            self._begin(piece, start, body, key, numbering)
        line = Line(
            len(self.lines), start, start + len(piece), number, "heading" if heading else block.kind,
            self._open[-1][1] if self._open else 0, numbering, start + body,
        )  # fmt: skip
        self.lines.append(line)
        self.sections[line.section].lines.append(line)

    def _levels_told(self, block: Block) -> bool:
        """Whether the source itself gives headings their levels; in text and PDF only their numbers do."""
        document = self._document(block.spans[0].start)
        return document is not None and document.form in ("html", "docx", "markdown")

    def _begin(self, piece: str, start: int, body: int, key: tuple[int, int], numbering: int | None) -> None:
        """Open a section below the last one that ranks higher; levels that are told rank above all numbers."""
        while self._open and self._open[-1][0] >= key:
            self._open.pop()
        parent = self.sections[self._open[-1][1]] if self._open else self.sections[0]
        title = piece[body:].strip(" ：:【】[]")
        whole = not self._open and numbering is None and _RULES_OF_COLLECTING.search(title)
        topic = "" if whole else topic_of(title)
        in_parts = parent.topic in _WITH_PARTS and parent.topic != "use" and not _OWN_TOPIC.search(title)
        if in_parts or not topic or parent.topic in ("minor", "definition", "exempt", "cookie"):
            topic = parent.topic
        section = Section(
            len(self.sections), title, parent.number, topic, start + body, start + len(piece), parent.depth + 1
        )
        self.sections.append(section)
        self._open.append((key, section.number))

    def _sentences(self) -> list[Sentence]:
        found: list[Sentence] = []
        lead: Sentence | None = None
        lead_line = -2
        item_numbering: int | None = None
        for line in self.lines:
            carried = None
            if lead is not None and line.kind != "cell":
                first_after = line.number == lead_line + 1
                if first_after:
                    item_numbering = line.numbering
                goes_on = line.kind == "item" or (line.numbering is not None and line.numbering == item_numbering)
                short = line.numbering is None and item_numbering is None and line.end - line.start < 60
                if first_after or goes_on or (short and line.kind != "heading"):
                    carried = lead.number
                else:
                    lead = None
            position = line.start
            for stop in (*_SENTENCE_END.finditer(self.text, line.start, line.end), None):
                end = stop.end() if stop else line.end
                while end > position:
                    # No one writes such sentences; the cut keeps the search within them short.
                    part = min(end, position + _LONGEST_SENTENCE)
                    found.append(Sentence(len(found), position, part, line, carried))
                    position = part
            if found and self.text[line.end - 1] in "：:" and line.kind != "cell":
                # A list in a list is introduced by its own words; what stood above them is lost, which is right as often.
                lead, lead_line = found[-1], line.number
        return found


def topic_of(title: str) -> str:
    if _WHOLE_RULES.search(title):
        return ""
    return next((topic for topic, pattern in _TOPICS if pattern.search(title)), "")


def _numbering(piece: str) -> tuple[int | None, int]:
    for number, pattern in enumerate(_NUMBERINGS):
        if found := pattern.match(piece):
            rest = piece[found.end() :]
            return number, found.end() + len(rest) - len(rest.lstrip())
    return None, 0


def _blocks(policy: Policy) -> tuple[Block, ...]:
    """The blocks; a text without any is one paragraph a line."""
    return policy.blocks or (Block("paragraph", (Span("", 0, len(policy.text)),)),)


def _lines_of(text: str, block: Block) -> list[tuple[int, int]]:
    found = []
    for span in block.spans:
        position = span.start
        while position < span.end:
            stop = text.find("\n", position, span.end)
            stop = span.end if stop < 0 else stop
            start, end = position, stop
            while start < end and text[start].isspace():
                start += 1
            while end > start and text[end - 1].isspace():
                end -= 1
            if start < end:
                found.append((start, end))
            position = stop + 1
    return found
