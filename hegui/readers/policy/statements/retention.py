"""How long the rules say personal information is kept, or how that is determined, and what happens after."""

import re
from bisect import bisect_left
from dataclasses import replace

from hegui.facts.policy import Retention
from hegui.readers.policy.statements.context import Context, Contexts
from hegui.readers.policy.statements.mentions import Mention
from hegui.readers.policy.statements.reading import Reading
from hegui.readers.policy.statements.records import Record

_KEEPS = re.compile(r"保存|保留|存储|储存|留存|缓存|持有|\b(?:retain|stor(?:e|ed|age)|keep|kept|retention)")
_ENDS = re.compile(r"删除|销毁|清除|匿名化|去标识化|\b(?:delet|eras|anonymi[sz]|destroy)")
_AT_END = re.compile(
    r"超出|超过|届满|到期|期满|期限[^，。；]{0,6}(?:后|外)|注销[^，。；]{0,16}(?:后|时)|停止(?:运营|服务|提供)|"
    r"终止(?:服务|运营)|完成[^，。；]{0,12}后|不再(?:需要|必要)|使用完毕|目的(?:已)?(?:实现|达成)|满后|后(?:立即|"
    r"及时|将)?(?:删除|匿名)|\b(?:expir|after|once|upon|when .{0,30}no longer|end of)"
)
_USER_ENDS = re.compile(
    r"(?<![对将把])您[^，。；]{0,8}(?:删除|清除|撤回)(?![^，]*(?:我们|将))|(?:删除|清除)[^，。；]{0,6}(?:时|后)|法定期限|"
    r"不会立即|无法立即"
)
_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九十两半]{1,3})"
_PERIOD = re.compile(
    rf"(?:不少于|不低于|至少|最[长短久多](?:不超过)?|不超过)?\s*(?<![\d.])(?:{_NUMBER}\s*(?:个)?"
    r"(?:年|月|日|天|小时|周|工作日|分钟)(?![龄满岁度末初]|\d)(?:以上|内|以内)?"
    r"|\d{1,3}[- ](?:years?|months?|days?|hours?|weeks?)|(?:one|two|three|six|twelve|thirty) (?:years?|months?|days?))"
)
_EVENT = re.compile(
    r"(?:直至|直到|至)(?:您|用户|账[号户])?[^，。；]{0,20}(?:注销|撤回|删除|停止|终止|卸载|清除)[^，。；]{0,16}|"
    r"(?:在)?(?:您|用户)?(?:未|没有)(?:撤回|注销|删除)[^。；]{0,24}(?:期间|前)|(?:您|用户|"
    r"账[号户])?(?:的)?(?:账[号户])?(?:注销|卸载)[^，。；]{0,10}(?:之前|(?<![当目之])前|为止|之日|时(?:删除|止))"
    r"|(?:您|用户)?使用(?:我们的|本|该|相关)?[^，。；]{0,12}(?:期间|服务期内)|账[号户]存续(?:期间|期)|(?:永久|"
    r"长期)(?:保存|存储|保留)|until you[^.;]{2,60}"
    r"|for as long as[^.;,]{2,80}?(?= and (?:then )?(?:delet|eras)|[.;,]|$)|while your account[^.;]{2,50}"
)
_METHOD = re.compile(
    r"(?:为|在)?(?:实现|达成|完成|满足|提供|达到|本政策|服务)[^，。；]{0,40}(?:所必[需须要]|必要|所需|最短|"
    r"最低)(?:(?:的)?[^，。；]{0,10}?(?:期限|期间|时间|时限|范围内))?|最(?:短|"
    r"低)(?:的)?(?:必要)?(?:保[存留])?(?:期限|时间|期间|时限)"
    r"|(?:法律法规|法律、行政法规|相关法律|法律)[^，。；另]{0,14}(?:规定|要求|强制|"
    r"允许)(?:[^，。；]{0,16}?(?:期限|期间|时间|保存|留存))?|(?:参考|根据|依据|考虑)[^，。；]{0,12}(?:标准|"
    r"因素)[^。；]{0,80}|(?:必要|所需|合理)(?:的)?(?:期限|期间|时间|时限)"
    r"|as (?:long as )?(?:is )?(?:necessary|required|needed)[^.;]{0,80}|(?:shortest|minimum) (?:period|"
    r"time)[^.;]{0,60}|required by (?:applicable )?law|(?:criteria|factors)[^.;]{2,80}"
)
_SCOPE = re.compile(
    r"(?:网络|系统|登录|操作|服务|运行)?日志(?:信息)?|(?:订单|交易|账[号户]|身份|设备|聊天|录音|位置|浏览|支付|"
    r"注册|商品和服务|实名|认证|客服|直播|简历|评论|发布的?|弹幕|通话|人脸|搜索|物流|消费|充值|"
    r"历史)[^，。；、的]{0,4}(?:信息|记录|数据|内容)|(?:order|transaction|account|log|device|payment|location|"
    r"chat|identity)s?(?: \w+)? (?:information|data|records|history)|\blogs\b"
)
_ABOUT_DATA = re.compile(r"号码|账|信息|数据|记录|日志|资料|内容|照片|information|data|records|logs|it|them")
_ANSWER = re.compile(
    r"(?:答复|回复|响应|处理您的|审核|反馈|回应|核查)[^，。；]{0,20}$|工作日内?(?:答复|回复|响应|完成)"
)
_PLACE = re.compile(r"境内|境外|服务器(?:上|中|位于)|本地")
_NEAR = 12


def read_retention(
    reading: Reading, contexts: Contexts, mentions: list[Mention], records: list[Record], used: set[int]
) -> tuple[Retention, ...]:
    kept: list[tuple[int, Retention]] = []
    ends: list[tuple[int, Context]] = []
    for record in records:
        if made := _of_record(reading, mentions, record):
            kept.append((reading.sentence_at(record.start).line.number, made))
    places = {
        reading.sentence_at(one.start()).number
        for one in (*_KEEPS.finditer(reading.folded), *_ENDS.finditer(reading.folded))
    }
    for number in sorted(places):
        sentence = reading.sentences[number]
        context = contexts.of(sentence)
        topic = context.section.topic
        if sentence.line.number in used or topic in ("definition", "exempt", "contact"):
            continue
        text = context.text
        about = _ABOUT_DATA.search(text) and _KEEPS.search(text)
        made = _of_sentence(reading, context, mentions) if about else None
        if made and (topic != "rights" or made.period):
            kept.append((sentence.line.number, made))
        elif _ENDS.search(text) and _AT_END.search(text) and topic not in ("minor",):
            ends.append((sentence.line.number, context))
    return _with_ends(reading, kept, ends)


def _of_record(reading: Reading, mentions: list[Mention], record: Record) -> Retention | None:
    told = record.words("period")
    if told is None or record.kind == "sdk":
        return None
    where = record.fields.get("types")
    first, last = (
        bisect_left(mentions, at, key=lambda one: one.start)
        for at in ((where.start, where.end) if where else (record.start, record.end))
    )
    period, method = _period(told), _METHOD.search(told.lower())
    return Retention(
        record.words("types", "name", "function") or "个人信息", period, told if method and not period else None,
        record.words("expiry") or _expiry(told), reading.span(record.start, record.end),
        tuple(dict.fromkeys(one.word.type for one in mentions[first:last])), 0.95,
    )  # fmt: skip


def _of_sentence(reading: Reading, context: Context, mentions: list[Mention]) -> Retention | None:
    """A retention from one sentence; None where it only says where something is stored."""
    sentence = context.sentence
    text = reading.text[sentence.start : sentence.end]
    if any(one.act == "store" and one.firm for one in context.denials) and not _PERIOD.search(context.text):
        return None
    period, method = _period(text), _METHOD.search(context.text)
    if period is None and method is None:
        return None
    if period is None and not re.search(
        r"期限|期间|时间|时限|最短|必[需要须]|多久|所需|period|long|necess|requir|criteria|factor", context.text
    ):
        return None
    if (
        period is None
        and context.section.topic not in ("retention", "security", "")
        and not re.search(
            r"(?:保存|保留|存储|储存|留存)(?:的)?(?:期限|时间|期间|时限)|期(?:限|间)(?:内|"
            r"以?内)?[^，。；]{0,6}(?:保存|保留|存储|储存|留存)|最短|\bretain|\bstor|\bkeep|\bkept",
            context.text,
        )
    ):
        return None
    first, last = (bisect_left(mentions, at, key=lambda one: one.start) for at in (sentence.start, sentence.end))
    types = tuple(dict.fromkeys(one.word.type for one in mentions[first:last]))
    scope = _SCOPE.search(context.text)
    named = "、".join(dict.fromkeys(reading.text[one.start : one.end] for one in mentions[first:last]))
    said = text[scope.start() : scope.end()] if scope else named or "个人信息"
    return Retention(
        said, period, text[method.start() : method.end()].strip("，, ") if method else None, _expiry(text),
        reading.span(sentence.start, sentence.end), types, 0.9 if context.section.topic == "retention" else 0.75,
    )  # fmt: skip


def _period(text: str) -> str | None:
    for one in _PERIOD.finditer(text.lower()):
        around = text[max(0, one.start() - 16) : one.start()]
        after = text[one.end() : one.end() + 12]
        if re.search(r"within\s*$", around) or (one[0].endswith("内") and _ENDS.search(after)):
            # That is the time for deleting, after whatever ended the keeping.
            continue
        if not _ANSWER.search(around) and not re.search(r"\d{4}年$|\d年$|\d月$|提前$|每$|(?:不满|未满)$", around):
            return text[one.start() : one.end()].strip()
    found = _EVENT.search(text.lower())
    return text[found.start() : found.end()].strip("，, ") if found else None


def _expiry(text: str) -> str | None:
    """The words on what happens after: from the clause that tells the end, to the deletion."""
    if not (_ENDS.search(text.lower()) and _AT_END.search(text.lower())):
        return None
    clauses = re.split(r"(?<=[，；。,;])", text)
    for index, clause in enumerate(clauses):
        if _ENDS.search(clause.lower()) and not _USER_ENDS.search(clause.lower()):
            begin = index
            while begin and not _AT_END.search("".join(clauses[begin : index + 1]).lower()):
                begin -= 1
            told = "".join(clauses[begin : index + 1]).strip("，。；,;. ")
            return None if told.endswith("方面") else told
    return None


def _with_ends(
    reading: Reading, kept: list[tuple[int, Retention]], ends: list[tuple[int, Context]]
) -> tuple[Retention, ...]:
    """What happens at the end belongs to what is kept in the lines near it; alone it is a statement of its own."""
    result = [one for _, one in kept]
    for line, context in ends:
        text = reading.text[context.sentence.start : context.sentence.end].strip()
        expiry = _expiry(text)
        if expiry is None:
            continue
        section = context.section
        near = [
            index
            for index, (other, one) in enumerate(kept)
            if abs(other - line) <= _NEAR
            and (reading.section_of(reading.lines[other]) is section or abs(other - line) <= 2)
        ]
        if near and not all(result[index].expiry for index in near):
            for index in near:
                if result[index].expiry is None:
                    result[index] = replace(result[index], expiry=expiry)
        elif not near:
            result.append(
                Retention(
                    "个人信息", None, None, expiry, reading.span(context.sentence.start, context.sentence.end), (), 0.6
                )
            )
    return tuple(sorted(result, key=lambda one: one.span.start if one.span else 0))
