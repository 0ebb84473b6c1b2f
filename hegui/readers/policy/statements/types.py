"""The kinds of personal information that rules say are collected, used or shared: by whom, in which function, what for."""

import re
from bisect import bisect_right
from collections import defaultdict
from functools import cached_property

from hegui.facts.policy import StatedType
from hegui.readers.policy.statements.context import Context, Contexts
from hegui.readers.policy.statements.functions import FunctionAt
from hegui.readers.policy.statements.mentions import Mention, asks_permission
from hegui.readers.policy.statements.reading import Line, Reading
from hegui.readers.policy.statements.records import Record

_SENSITIVE = re.compile(r"敏感个人信息|个人敏感信息|敏感信息|敏感的?个人|sensitive (?:personal )?(?:information|data)")
_NOT_SENSITIVE = re.compile(
    r"(?:不含|不包含|不包括|不属于|非|不涉及|可能(?:会)?(?:包括|包含|涉及)|不会收集|不收集)[^，。；]{0,8}$|(?:not|"
    r"non-)\s*$"
)
_ABOVE = re.compile(r"(?:上述|以上|这些|此类|该类|该等|此|该|前述)(?:信息|均|都|类|等|为|属)")
_BRACKET = re.compile(r"[（(][^（()）]*(?:敏感个人信息|个人敏感信息|敏感信息|sensitive[^()]*)[^（()）]*[）)]")
_REQUESTS = re.compile(r"申请|请求|授权|授予|开启|获取|调用|使用|访问|需要|读取|request|access|grant|use")
_MENU = re.compile(r"^(?:的)?(?:访问|使用)?权限(?:设置|管理|开关|路径|状态|列表|清单|说明|的(?:设置|关闭|开启))")

# Kinds some law or standard calls sensitive: for these necessity and effect are looked for even where the rules do not
# use the word (PIPL article 28; GB/T 35273-2020 annex B; the set of seven of the 2021 draft).
_WATCHED = ("biometric", "health", "religion_ethnicity", "finance", "minor", "location.precise", "account.id_number",
            "contacts", "sms", "call_log", "account.phone", "browse_search")  # fmt: skip
# How many lines of the same part are looked through for necessity and effect.
_NEAR = 4


def read_types(
    reading: Reading, contexts: Contexts, mentions: list[Mention], records: list[Record], functions: list[FunctionAt]
) -> tuple[StatedType, ...]:
    return tuple(_Types(reading, contexts, mentions, records, functions).read())


class _Types:
    def __init__(
        self,
        reading: Reading,
        contexts: Contexts,
        mentions: list[Mention],
        records: list[Record],
        functions: list[FunctionAt],
    ) -> None:
        self.reading = reading
        self.contexts = contexts
        self.mentions = mentions
        self.records = records
        self.record_starts = [one.start for one in records]
        self.functions = functions
        self.function_starts = [one.start for one in functions]
        self._near: dict[int, tuple[str | None, str | None]] = {}

    def read(self) -> list[StatedType]:
        found: list[StatedType] = []
        seen: set[tuple[str, str, int, str | None]] = set()
        for one in self.mentions:
            record = self._record(one.start)
            stated = self._of_record(one, record) if record else self._of_prose(one)
            if stated is None:
                continue
            key = (
                stated.type,
                stated.actor,
                one.start if record else self.reading.sentence_at(one.start).number,
                stated.function,
            )
            if key not in seen:
                seen.add(key)
                found.append(stated)
        return found

    def _record(self, position: int) -> Record | None:
        index = bisect_right(self.record_starts, position) - 1
        return self.records[index] if index >= 0 and position < self.records[index].end else None

    def _of_record(self, one: Mention, record: Record) -> StatedType | None:
        cell = record.fields.get("types")
        if record.kind in ("other", "retention") or (record.kind == "permission" and not cell):
            return None
        if cell and not cell.start <= one.start < cell.end:
            return None
        if cell is None:
            # A row without a column of types may name them in its purpose (收集IMEI用于推送).
            where = record.fields.get("purpose")
            if not where or not where.start <= one.start < where.end or not self.contexts.at(one.start).confidence:
                return None
        if self.contexts.at(one.start).denied(one.start):
            return None
        actor = "app"
        if record.kind == "sdk":
            actor = record.words("sdk", "name", "recipient", "operator", "function") or "sdk"
        elif record.kind == "sharing":
            actor = record.words("recipient", "operator", "name") or "app"
        sensitive = one.word.sensitive or one.start in self._marked
        return StatedType(
            one.word.type, sensitive, record.words("necessity"), record.words("impact"),
            self.reading.span(record.start, record.end), self.reading.text[one.start : one.end], actor.split("\n")[0],
            record.words("function", "name") if actor == "app" else None, record.words("purpose"), one.word.conf,
        )  # fmt: skip

    def _of_prose(self, one: Mention) -> StatedType | None:
        context = self.contexts.at(one.start)
        conf = context.confidence_at(one.start) * one.word.conf
        if not conf or context.denied(one.start) or any(s <= one.start < e for s, e in context.quoted):
            return None
        if asks_permission(self.reading.folded, one.end):
            before = self.reading.folded[context.sentence.start : one.start]
            if _MENU.match(self.reading.folded[one.end : one.end + 14]) or not _REQUESTS.search(before):
                return None
            conf = min(conf, 0.5)
        function = self._function(one.start)
        sensitive = one.word.sensitive or one.start in self._marked
        necessity = impact = None
        if sensitive or one.word.type.startswith(_WATCHED):
            necessity, impact = self._reasons(context, function)
        return StatedType(
            one.word.type, sensitive, necessity, impact, self.reading.span(context.sentence.start, context.sentence.end),
            self.reading.text[one.start : one.end], context.actor(one.start),
            context.function or (function.function.name if function else None),
            context.purpose or self._purpose_near(context), round(conf, 3),
        )  # fmt: skip

    def _function(self, position: int) -> FunctionAt | None:
        index = bisect_right(self.function_starts, position) - 1
        found = self.functions[index] if index >= 0 else None
        return found if found and position < found.end else None

    def _purpose_near(self, context: Context) -> str | None:
        """The purpose told in what introduces the sentence, or in the rest of its line (收集这些信息是为了……)."""
        if context.lead and context.lead.purpose:
            return context.lead.purpose
        line = context.sentence.line
        for sentence in self.reading.sentences_in(line.start, line.end):
            other = self.contexts.of(sentence)
            if sentence.number > context.sentence.number and _ABOVE.search(other.text) and other.purpose:
                return other.purpose
        for sentence in self.reading.sentences_in(line.start, line.end):
            other = self.contexts.of(sentence)
            if sentence.number != context.sentence.number and other.confidence and other.purpose:
                return other.purpose
        return None

    def _reasons(self, context: Context, function: FunctionAt | None) -> tuple[str | None, str | None]:
        """Necessity and effect: in the sentence, in its line, then in the lines near it of the same function or part."""
        number = context.sentence.number
        if number not in self._near:
            necessity, impact = context.necessity, context.impact
            for line in self._lines_near(context.sentence.line, function):
                if necessity and impact:
                    break
                for sentence in self.reading.sentences_in(line.start, line.end):
                    other = self.contexts.of(sentence)
                    if other.section.topic in ("exempt", "definition"):
                        continue
                    impact = impact or other.impact
                    necessity = necessity or other.necessity
            self._near[number] = necessity, impact
        return self._near[number]

    def _lines_near(self, line: Line, function: FunctionAt | None) -> list[Line]:
        lines = function.lines if function and function.lines else self.reading.section_of(line).lines
        near = [one for one in lines if abs(one.number - line.number) <= _NEAR]
        return sorted(
            near, key=lambda one: (one.number != line.number, one.number < line.number, abs(one.number - line.number))
        )

    @cached_property
    def _marked(self) -> set[int]:
        """Where words stand that the rules themselves call sensitive, there or elsewhere in the same words."""
        by_sentence: dict[int, list[Mention]] = defaultdict(list)
        for one in self.mentions:
            by_sentence[self.reading.sentence_at(one.start).number].append(one)
        marked: set[int] = set()
        for found in _SENSITIVE.finditer(self.reading.folded):
            sentence = self.reading.sentence_at(found.start())
            before = self.reading.folded[max(sentence.start, found.start() - 16) : found.start()]
            if _NOT_SENSITIVE.search(before):
                continue
            own = by_sentence.get(sentence.number, [])
            bracket = next(
                (
                    b
                    for b in _BRACKET.finditer(self.reading.folded, sentence.start, sentence.end)
                    if b.start() <= found.start() < b.end()
                ),
                None,
            )
            if bracket:
                inside = [one for one in own if bracket.start() < one.start < bracket.end()]
                just_before = [one for one in own if one.end <= bracket.start() and bracket.start() - one.end <= 6]
                marked |= {one.start for one in inside or just_before[-1:]}
            elif own:
                marked |= {one.start for one in own}
            else:
                line = sentence.line
                if _ABOVE.search(self.reading.folded, sentence.start, sentence.end):
                    marked |= {
                        one.start
                        for earlier in self.reading.sentences_in(line.start, sentence.start)
                        for one in by_sentence.get(earlier.number, [])
                    }
        words = {self._word(one) for one in self.mentions if one.start in marked}
        return {one.start for one in self.mentions if self._word(one) in words}

    def _word(self, one: Mention) -> tuple[str, str]:
        return one.word.type, self.reading.folded[one.start : one.end]
