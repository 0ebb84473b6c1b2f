"""Who else gets personal information by the rules: entrusted, shared, joint, transferred, disclosed."""

import re
from bisect import bisect_left

from hegui.facts.policy import Sharing
from hegui.readers.policy.statements.context import Context, Contexts
from hegui.readers.policy.statements.mentions import Mention
from hegui.readers.policy.statements.reading import Reading, Sentence
from hegui.readers.policy.statements.records import Record

_ROLES = (
    ("joint", re.compile(r"共同处理|共同决定|联合(?:处理|运营)|joint")),
    ("entrusted", re.compile(
        r"委托|受托|代为处理|entrust|on our behalf|process(?:ors?|es|ing)? .{0,20}for us|service provider"
    )),
    ("transferred", re.compile(r"转让|受让|合并|收购|破产|merg|acqui|bankrupt|transferred to")),
    ("disclosed", re.compile(r"公开披露|披露|公示|司法机关|行政机关|执法|disclos|law enforcement")),
    ("shared", re.compile(r"共享|分享|提供|传输|发送|同步|交换|收集|获取|shar|provid|send|collect|transfer")),
)  # fmt: skip
_CUE = re.compile(
    r"共享|分享给|提供给|提供至|转让|披露|委托|传输给|向[^，。；]{2,24}提供|发送给|同步给|shar|disclos|entrust|"
    r"provide[^.]{2,60} (?:to|with)|transfer"
)

# A company that something is given to counts also in a part about something else, with less confidence.
_NAMED = re.compile(r"(?:会|将|需要?)(?:向|与)[^，。；]{2,30}公司(?:提供|共享|传输|发送)")
_ASIDE = 0.75


def read_sharing(
    reading: Reading, contexts: Contexts, mentions: list[Mention], records: list[Record], used: set[int]
) -> tuple[Sharing, ...]:
    found = [made for one in records if one.kind == "sharing" and (made := _of_record(reading, mentions, one))]
    seen: set[tuple[str, int]] = set()
    for cue in _CUE.finditer(reading.folded):
        sentence = reading.sentence_at(cue.start())
        context = contexts.of(sentence)
        if sentence.line.number in used or context.section.topic in ("definition", "exempt", "change"):
            continue
        is_told = context.confidence and context.section.topic != "rights"
        if context.denied(cue.start()) or not (is_told or _NAMED.search(context.text)):
            continue
        recipients = [*context.receivers, *(name for _, name in context.takers)]
        for recipient in dict.fromkeys(recipients):
            made = _of_sentence(reading, context, mentions, sentence, recipient)
            # Principles name the same recipients again and again; what adds nothing is left out.
            key = (recipient, sentence.number if made.types or made.purpose else -1)
            if key not in seen:
                seen.add(key)
                found.append(made)
    return tuple(sorted(found, key=lambda one: one.span.start if one.span else 0))


def _of_record(reading: Reading, mentions: list[Mention], record: Record) -> Sharing | None:
    recipient = record.words("recipient", "operator", "name", "function")
    if recipient is None:
        return None
    cell = record.fields.get("types")
    types = _types(mentions, cell.start, cell.end) if cell else ()
    named = _role((record.words("method") or "").lower())
    alone = "委托" in record.title and "共享" not in record.title
    return Sharing(
        recipient.split("\n")[0], record.words("purpose", "function"), types, named or ("entrusted" if alone else "shared"),
        reading.span(record.start, record.end), 0.95 if record.form == "table" else 0.9,
    )  # fmt: skip


def _of_sentence(
    reading: Reading, context: Context, mentions: list[Mention], sentence: Sentence, recipient: str
) -> Sharing:
    types = tuple(
        dict.fromkeys(
            one.word.type for one in _within(mentions, sentence.start, sentence.end) if not context.denied(one.start)
        )
    )
    role = _role(context.text)
    return Sharing(
        recipient,
        context.purpose,
        types,
        role,
        reading.span(sentence.start, sentence.end),
        round(0.8 * (context.confidence or _ASIDE), 3),
    )


def _role(text: str) -> str | None:
    return next((role for role, pattern in _ROLES if pattern.search(text)), None)


def _types(mentions: list[Mention], start: int, end: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.word.type for one in _within(mentions, start, end)))


def _within(mentions: list[Mention], start: int, end: int) -> list[Mention]:
    first, last = (bisect_left(mentions, at, key=lambda one: one.start) for at in (start, end))
    return mentions[first:last]
