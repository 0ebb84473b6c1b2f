"""The nine rights with the way each is exercised, and how an account is cancelled."""

import re

from hegui.catalogue.lexicons import right_words
from hegui.facts.policy import Stated
from hegui.readers.policy.statements.context import Contexts
from hegui.readers.policy.statements.mentions import right_mentions
from hegui.readers.policy.statements.reading import Line, Reading, Section, Sentence
from hegui.readers.policy.statements.ways import MAIL, way

_MAY = re.compile(
    r"(?:您|你|用户)(?:有权|可以|可|能够|能|亦可|也可|还可|如|若|需要|享有|希望|想|想要|有(?:以下|下列|如下))|"
    r"我们(?:将|会)?(?:为您|向您)?(?:提供|保障|保证|尊重|支持|响应)[^，。；]{0,30}(?:权利|权限|方式|途径)"
    r"|如(?:果)?(?:您|你)|若(?:您|你)|当(?:您|你)|you (?:may|can|have the right|are entitled|could)|right (?:to|"
    r"of)|if you (?:wish|want|would like|need)"
)
# Of these rights the bare word is too common to count without the user as its subject or a heading.
_COMMON = ("access", "correct", "supplement", "delete", "restrict", "transfer", "copy", "withdraw")
_REFUSING = re.compile(r"无法响应|拒绝(?:您的)?请求|予以拒绝|不予响应|security|安全措施|防止|避免")
_GENERAL = re.compile(
    r"(?:上述|以上|前述|这些|相关|该等|任何)[^，。；]{0,8}(?:权利|请求|操作|方式|路径|途径)|(?:行使|"
    r"主张)[^，。；]{0,14}权利|如(?:果)?(?:您)?无法(?:通过|自行|直接)|(?:these|your|any of (?:these|the above|"
    r"your)) rights|exercise"
)
_DEADLINE = re.compile(
    r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*(?:个)?(?:工作日|自然日|日|天|小时|business days|working days|"
    r"days|hours)(?:之?内|以内)?"
)
_CONDITION = re.compile(
    r"条件|前提|验证|核验|清空|结清|满足|身份|放弃|冷静期|须|需(?:要|先|您)|资产|余额|未完结|纠纷|"
    r"确认[^，。；]{0,12}(?:同意|无)|注销(?:须知|协议|规则)|verif|condition|provided that|must|settle"
)
_CANCEL = re.compile(
    r"注销|删除(?:您的)?账[号户]|cancel|close your account|delet\w+ (?:of )?your account|account deletion"
)


def read_rights(reading: Reading, contexts: Contexts) -> dict[str, Stated]:
    """Each right that is named, with the way it is exercised; "" where no way is told."""
    found: dict[str, tuple[int, Stated]] = {}
    general = _general_way(reading)
    named = {(reading.sentence_at(start).number, key): None for start, key in right_mentions(reading.folded)}
    for number, key in sorted(named, key=lambda one: one[0]):
        sentence = reading.sentences[number]
        title = sentence.line.kind == "heading"
        context = contexts.of(sentence)
        section = context.section
        topic = section.topic
        if topic in ("definition", "exempt", "change", "cookie", "minor", "share", "security", "crossborder"):
            continue
        if not title and (_REFUSING.search(context.text) or any(one.firm for one in context.denials)):
            continue
        in_rights = topic in ("rights", "personal")
        if not in_rights and not (key == "cancel" or _MAY.search(context.text)):
            continue
        if not in_rights and key in _COMMON and not _user_does(context.text, key):
            continue
        rank, told = _told(reading, section, sentence, title, in_rights)
        if told is not None and _names(key, section.title):
            rank += 1
        if told is None and general and in_rights:
            rank, told = 1, general
        value = Stated(
            told or "",
            reading.span(sentence.start, sentence.end),
            {5: 0.95, 4: 0.95, 3: 0.85, 2: 0.8, 1: 0.6, 0: 0.5}[rank],
        )
        if key not in found or rank > found[key][0]:
            found[key] = (rank, value)
    return {key: found[key][1] for key in right_words() if key in found}


def read_cancellation(reading: Reading, contexts: Contexts, cancel: Stated | None) -> dict[str, Stated]:
    """How an account is cancelled: `path`, the promised `limit`, and `conditions`."""
    found: dict[str, Stated] = {}
    if cancel is not None:
        found["path"] = cancel
    near: set[int] = set()
    for one in _CANCEL.finditer(reading.folded):
        line = reading.sentence_at(one.start()).line
        context = contexts.at(one.start())
        if context.section.topic not in ("minor", "definition", "exempt"):
            near.add(line.number)
    conditions: list[tuple[Sentence, str]] = []
    for number in sorted(near):
        line = reading.lines[number]
        for sentence in reading.sentences_in(line.start, line.end):
            text = reading.text[sentence.start : sentence.end]
            about = _CANCEL.search(text.lower())
            limit = _DEADLINE.search(text.lower())
            if limit and "limit" not in found and (about or _CANCEL.search(reading.section_of(line).title.lower())):
                found["limit"] = Stated(
                    text[limit.start() : limit.end()].strip(), reading.span(sentence.start, sentence.end), 0.9
                )
            if about and _CONDITION.search(text.lower()) and len(text) > 8:
                conditions.append((sentence, text.strip()))
    if conditions:
        sentence, text = conditions[0]
        found["conditions"] = Stated(text, reading.span(sentence.start, sentence.end), 0.8)
    return found


def _user_does(text: str, key: str) -> bool:
    """Whether it is the user who does it, to what is kept of him."""
    words = "|".join(re.escape(word) for word in right_words()[key][0])
    may = r"(?:您|你|用户)(?:有权|可以|可|能够|亦可|也可|还可|如需|若需|希望|想|要)"
    chinese = re.search(rf"{may}[^。；]{{0,60}}(?:{words})", text) and re.search(
        r"信息|资料|数据|账|记录|授权|同意|权限", text
    )
    may = r"you (?:may|can|have the right to|are entitled to)|right (?:to|of)"
    return bool(chinese or re.search(rf"(?:{may})[^.;]{{0,80}}(?:{words})", text))


def _names(key: str, title: str) -> bool:
    return any(named == key for _, named in right_mentions(title.lower()))


def _told(
    reading: Reading, section: Section, sentence: Sentence, title: bool, in_rights: bool
) -> tuple[int, str | None]:
    """The way told for a right: in the sentence, in its line and those after it, or below its heading."""
    text = reading.text[sentence.start : sentence.end]
    if not title and (found := way(text)):
        return (4 if in_rights else 3), found
    if sentence.line.kind == "cell":
        lines = _row(reading, sentence.line)
    elif title:
        lines = reading.within(section)[1:]
    elif in_rights:
        lines = _following(reading, section, sentence.line)
    else:
        lines = [sentence.line]
    for line in lines:
        if found := way(reading.said(line)):
            return 2, found
    return 0, None


def _row(reading: Reading, line: Line) -> list[Line]:
    """The lines of the cells beside one, in the same row of a table."""
    blocks = reading.policy.blocks
    row = blocks[line.block].parent
    return [one for one in reading.section_of(line).lines if one.kind == "cell" and blocks[one.block].parent == row]


def _following(reading: Reading, section: Section, line: Line) -> list[Line]:
    """The line, and those below it that belong to it: numbered lower, or not at all."""
    lines = [line]
    for other in section.lines:
        if other.number <= line.number:
            continue
        if other.number > line.number + 6 or other.kind == "heading":
            break
        if other.numbering is not None and other.numbering == line.numbering:
            break
        lines.append(other)
    return lines


def _general_way(reading: Reading) -> str | None:
    """A way for all rights (如需行使上述权利，请发送邮件至……)."""
    for section in reading.sections:
        if section.topic != "rights":
            continue
        for line in section.lines:
            for sentence in reading.sentences_in(line.start, line.end):
                text = reading.text[sentence.start : sentence.end]
                if _GENERAL.search(text.lower()) and (found := way(text)):
                    mail = MAIL.search(text)
                    return mail[0] if mail and mail[0] not in found else found
    return None
