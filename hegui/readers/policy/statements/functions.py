"""The business functions of rules and what is collected for each: rows of tables, entries of lists, parts of prose."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from hegui.facts.policy import Function
from hegui.readers.policy.statements.context import Context, Contexts
from hegui.readers.policy.statements.mentions import Mention, asks_permission
from hegui.readers.policy.statements.permissions import PermissionAt, frequency
from hegui.readers.policy.statements.reading import Line, Reading, Section
from hegui.readers.policy.statements.records import Record

# Headings over many functions, and over what is none.
_NO_FUNCTION = re.compile(
    r"(如何|怎样|怎么)[^，。]{0,8}(收集|使用|处理|获取)|收集(和|与|、|及|以及)?[^，。]{0,6}使用(您的|你的|"
    r"用户)?[^，。]{0,4}(个人)?信息|^(个人)?信息(的)?(收集|使用|获取)|收集(的)?(个人)?信息(的)?(范围|类型|种类|"
    r"清单|情况)?$"
    r"|主动收集|目的变更|例外|豁免|无需征得|第三方(处)?(获得|获取|间接)|间接(获取|获得|收集)|从第三方|来自第三方|"
    r"^cookie|特别(提示|说明|提醒)|概述|引言|定义|共享|转让|公开披露|^使用$|如何使用|信息的使用|授权使用|隐私政策|"
    r"权限|清单|原则|所需信息和权限$|基本(业务)?功能|(扩展|附加|拓展|其他附加)(业务)?功能|收集、使用|"
    r"敏感(个人)?信息|^其他$|^其他用途|规则$"
    r"|how we (collect|use)|information (we|you)|personal information|we collect|permissions?$|cookies?|^overview|"
    r"^purpose",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"^(?:更|优质|该|相关|上述|我们|本|此|以下|各项|这些|其他|相应|特定|某些|任何|多样|上述各|前述|的|产品|这)|"
    r"^(?:服务|功能|产品|应用|软件)$"
)
_NO_NAME = re.compile(r"[，。；：:]|^具体|可以|\d[.、]|^包括|^您|影响|(?:时|后)$|无法")
_LONGEST_NAME = 30
_IS_INFORMATION = re.compile(r"(?<!所需)(?<!需要的)(信息|数据|记录|资料|日志|权限|标识)$")
_SUFFIX = re.compile(r"(所)?(需要?|必需|必须|收集)?的?(个人)?信息$|(的)?(相关)?(功能|服务|业务)?(（[^（）]*）)?$")
_INLINE = re.compile(
    r"[【\[](?P<bracket>[^【】\[\]]{2,24})[】\]]|(?P<dash>[^。，；：、\n——]{2,24})——|"
    r"(?P<needed>[^。，；：\n]{2,20}?)所需(?:要的)?信息(?=[\u4e00-\u9fff])|"
    r"(?P<colon>[^。，；：\n]{2,24}?)(?:[：:。])(?=.{8})"
)
_NOT_INLINE = re.compile(r"我们|您|你|当|如果|为了|若|以下|包括|http|特别|注意|请|因此|例如|说明|信息$|数据$|权限$")
_DATA_WORDS = re.compile(
    r"(?:(?!我们|收集|会|的|和|及|与|或|将|获取|使用|提供|包括|您|其|记录)[\u4e00-\u9fffA-Za-z]){0,6}?(?:设备|日志|订单|账号|帐号|账户|身份|位置|网络|服务|操作|行为|交易|支付|"
    r"地址|软件|系统|个人|资料|物流|收货|评价|互动|交互|使用|崩溃|性能|活动|注册|登录|认证|发布|聊天|通讯|游戏|"
    r"内容)(?:信息|记录|数据|日志|资料|内容)"
    r"|头像|性别|生日|出生日期|年龄|地区|地址|密码|签名|验证码|职业|学历|院校|订单号|[a-z]+ (?:information|data|"
    r"records|logs)\b"
)


@dataclass
class FunctionAt:
    """A function with the stretches of Reading.text it covers."""

    function: Function
    start: int
    end: int
    record: Record | None = None
    lines: list[Line] = field(default_factory=list)


def read_functions(
    reading: Reading,
    contexts: Contexts,
    mentions: list[Mention],
    permissions: list[PermissionAt],
    records: list[Record],
    used: set[int],
) -> list[FunctionAt]:
    """All functions in the order of the text; one that several rows of a table speak of is one."""
    maker = _Maker(reading, contexts, mentions, permissions)
    of_records = _joined([maker.of_record(one) for one in records if one.kind == "function"])
    of_prose = [made for lines, name in _parts(reading, contexts, used) if (made := maker.of_prose(lines, name))]
    return sorted([*of_records, *of_prose], key=lambda one: one.start)


class _Maker:
    def __init__(
        self, reading: Reading, contexts: Contexts, mentions: list[Mention], permissions: list[PermissionAt]
    ) -> None:
        self.reading = reading
        self.contexts = contexts
        self.mentions = mentions
        self.starts = [one.start for one in mentions]
        self.permissions = permissions
        self.permission_starts = [one.start for one in permissions]

    def of_record(self, record: Record) -> FunctionAt:
        cell = record.fields.get("types")
        types = self._types(cell.start, cell.end, sure=True) if cell else ()
        said = listed_words(cell.text) if cell else ()
        name = record.words("function", "name", "purpose") or ""
        perms = tuple(one.permission for one in self.permissions if one.record is record)
        whole = " | ".join(one.text for one in record.fields.values())
        function = Function(
            _clean(name) or name, record.words("purpose", "necessity"), record.words("method"), types, perms,
            self.reading.span(record.start, record.end), record.form, record.words("freq") or frequency(whole), said,
            0.95 if record.form == "table" else 0.9,
        )  # fmt: skip
        return FunctionAt(function, record.start, record.end, record)

    def of_prose(self, lines: list[Line], name: str) -> FunctionAt | None:
        """A function from its lines; None where they name nothing that is collected."""
        start, end = lines[0].start, lines[-1].end
        types: list[str] = []
        said: list[str] = []
        purpose = method = freq = None
        perms = []
        for line in lines:
            for sentence in self.reading.sentences_in(line.start, line.end):
                context = self.contexts.of(sentence)
                if context.confidence:
                    types += self._types(sentence.start, sentence.end, sure=False)
                    said += self._said(context)
                purpose = purpose or (context.purpose if context.confidence else None)
                method = method or context.method
            freq = freq or frequency(self.reading.said(line))
            first, last = (bisect_left(self.permission_starts, at) for at in (line.start, line.end))
            perms += [one.permission for one in self.permissions[first:last] if one.record is None]
        if not types and not (said and self.reading.section_of(lines[0]).topic == "collect"):
            return None
        if purpose is None and (
            own := next((c for line in lines if (c := self.contexts.at(line.body)).function), None)
        ):
            # "当您使用搜索功能时" says what for: the function itself.
            purpose = own.function
        function = Function(
            name, purpose, method, tuple(dict.fromkeys(types)), tuple(perms), self.reading.span(start, end), "prose",
            freq, tuple(dict.fromkeys(said)), 0.8,
        )  # fmt: skip
        return FunctionAt(function, start, end, None, lines)

    def _types(self, start: int, end: int, *, sure: bool) -> tuple[str, ...]:
        first, last = (bisect_left(self.starts, at) for at in (start, end))
        found: dict[str, None] = {}
        for one in self.mentions[first:last]:
            if not sure:
                context = self.contexts.at(one.start)
                if (
                    not context.confidence_at(one.start)
                    or context.denied(one.start)
                    or context.actor(one.start) != "app"
                ):
                    continue
                if asks_permission(self.reading.folded, one.end):
                    continue
            found[one.word.type] = None
        return tuple(found)

    def _said(self, context: Context) -> list[str]:
        start = context.sentence.start
        words = [
            self.reading.text[start + one.start() : start + one.end()]
            for one in _DATA_WORDS.finditer(context.text)
            if not context.denied(start + one.start())
            and one[0] not in ("个人信息", "personal information", "personal data")
        ]
        first, last = (bisect_left(self.starts, at) for at in (start, context.sentence.end))
        words += [
            self.reading.text[one.start : one.end]
            for one in self.mentions[first:last]
            if not context.denied(one.start) and not asks_permission(self.reading.folded, one.end)
        ]
        return words if context.confidence >= 0.8 else []


def _parts(reading: Reading, contexts: Contexts, used: set[int]) -> list[tuple[list[Line], str]]:
    """Lines of prose that speak of one function, with its name: below its heading, after its own title, or alone."""
    found: list[tuple[list[Line], str]] = []
    for section in reading.sections:
        if section.topic not in ("collect", "use"):
            continue
        lines = [line for line in section.lines if line.number not in used and line.kind != "cell"]
        name = _function_title(section)
        if name and len(lines) > 1 and not _has_inner_titles(reading, lines):
            found.append((lines, name))
            continue
        found += _titled_lines(reading, contexts, lines[1:] if section.number else lines, name)
    return found


def _function_title(section: Section) -> str | None:
    title = section.title
    if not title or _NO_FUNCTION.search(title) or _IS_INFORMATION.search(title) or len(title) > 36:
        return None
    return _clean(title)


def _clean(title: str) -> str:
    plain = title.strip('“”"：:。 【】\n')
    short = _SUFFIX.sub("", re.sub(r"^(?:为|向)(?:您|用户)(?:提供)?|^(?:用于|实现|关于)", "", plain)).strip()
    return short if len(short) >= 2 else plain


def _has_inner_titles(reading: Reading, lines: list[Line]) -> bool:
    return sum(_inline_title(reading, line) is not None for line in lines[1:]) >= 2


def _inline_title(reading: Reading, line: Line) -> str | None:
    """The title a line begins with (客户服务。当您……), if it does."""
    if line.kind == "heading":
        return None
    found = _INLINE.match(reading.text, line.body, min(line.end, line.body + 40))
    if not found or (found["bracket"] is None and line.numbering is None):
        return None
    title = found["bracket"] or found["dash"] or found["needed"] or found["colon"]
    return None if _NOT_INLINE.search(title) or _NO_FUNCTION.search(title) else _clean(title)


def _titled_lines(
    reading: Reading, contexts: Contexts, lines: list[Line], above: str | None
) -> list[tuple[list[Line], str]]:
    """Lines with a title of their own, each with those that follow it; and lines that name a function in words."""
    found: list[tuple[list[Line], str]] = []
    numbering: int | None = None
    alone = False
    for line in lines:
        title = _inline_title(reading, line)
        named = title or _named(contexts, reading, line) or ""
        # A paragraph among unnumbered ones that names its function speaks for itself, not for those below it.
        goes_alone = bool(named and found) and title is None and line.numbering is None and (alone or not found[-1][1])
        if goes_alone or title or (named and (line.numbering is not None or not found)):
            found.append(([line], named))
            numbering, alone = line.numbering, goes_alone
        elif found and not alone and (line.numbering is None or line.numbering != numbering):
            found[-1][0].append(line)
        elif named or above:
            found.append(([line], named or above or ""))
            numbering = line.numbering
        else:
            numbering, alone = line.numbering, False
            found.append(([line], ""))
    return [
        (part, name)
        for part, name in found
        if name and len(name) <= _LONGEST_NAME and not _NO_NAME.search(name) and name.count("（") == name.count("）")
    ]


def _named(contexts: Contexts, reading: Reading, line: Line) -> str | None:
    for sentence in reading.sentences_in(line.start, line.end)[:2]:
        context = contexts.of(sentence)
        if (name := context.function) and context.confidence and not _VAGUE.search(name):
            return _clean(name)
    return None


def listed_words(text: str) -> tuple[str, ...]:
    """What a cell lists, item by item, with notes in brackets left out."""
    flat = re.sub(r"[（(][^（()）]*[）)]", "", text)
    parts = (
        re.split(r"[、，,；;\n/。]|(?<=[^\s]) (?=\S)|以及|和(?=[\u4e00-\u9fff]{2})", flat)
        if not flat.isascii()
        else re.split(r"[,;\n]|\band\b", flat)
    )
    return tuple(dict.fromkeys(part.strip(" .：:") for part in parts if part.strip(" .：:")))


def _joined(rows: list[FunctionAt]) -> list[FunctionAt]:
    """Rows of one table that name the same function as one."""
    joined: list[FunctionAt] = []
    for row in rows:
        before = joined[-1] if joined else None
        if (
            before
            and before.function.name == row.function.name
            and before.function.form == row.function.form
            and row.function.name
        ):
            a, b = before.function, row.function
            merged = Function(
                a.name, _either(a.purpose, b.purpose), _either(a.method, b.method),
                tuple(dict.fromkeys((*a.types, *b.types))), tuple(dict.fromkeys((*a.perms, *b.perms))), a.span, a.form,
                _either(a.freq, b.freq), tuple(dict.fromkeys((*a.said_types, *b.said_types))), min(a.conf, b.conf),
            )  # fmt: skip
            joined[-1] = FunctionAt(merged, before.start, row.end, before.record)
        else:
            joined.append(row)
    return joined


def _either(one: str | None, other: str | None) -> str | None:
    if one and other and other not in one:
        return f"{one}；{other}"
    return one or other
