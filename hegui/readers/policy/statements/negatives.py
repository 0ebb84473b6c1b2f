"""What rules say is not done: not collected, not uploaded, not stored, not shared."""

import re
from bisect import bisect_left

from hegui.facts.policy import Stated
from hegui.readers.policy.statements.context import Context, Contexts, Denial
from hegui.readers.policy.statements.mentions import Mention
from hegui.readers.policy.statements.reading import Reading

_CUE = re.compile(
    r"不会|不(?:收集|采集|获取|读取|访问|上传|存储|保存|共享|提供|记录|留存|录音|录像|录屏|拍照)|从未|从不|绝不|决不|do not|"
    r"does not|don't|will not|won't|never|shall not"
)
# Verbs that name by themselves what would be collected.
_OWN_TYPES = {"录音": "audio", "录像": "video", "录屏": "video", "拍照": "photo", "定位": "location.precise"}
_WHOLE = re.compile(
    r"(?<!敏感)(?<!其他)(?<!其它)(?<!必要)(?<!必要的)(?<!sensitive )"
    r"(?:个人信息|用户信息|隐私信息|任何信息|您的信息|personal information|personal data|your information)"
)
_OF_MINORS = re.compile(r"未成年|儿童|minors|children")
# Words before "we do not" that do not tie the claim to one function or case.
_LEAD_IN = re.compile(
    r"(?:请(?:您)?放心|但|因此|同时|我们承诺|此外|目前|另外|however|also|please note that)[，,：:]?|[\s（(）)\d.、•-]"
)
_LONGEST_SUBJECT = 14
_LONGEST_DENIED = 200


def read_negatives(reading: Reading, contexts: Contexts, mentions: list[Mention]) -> tuple[Stated, ...]:
    """One statement "ACT:TYPE" for each type denied without a condition; see read_statements."""
    found: dict[tuple[str, int], Stated] = {}
    for number in sorted({reading.sentence_at(one.start()).number for one in _CUE.finditer(reading.folded)}):
        context = contexts.of(reading.sentences[number])
        if context.section.topic in ("definition", "exempt"):
            continue
        for value, conf in _of(context, mentions):
            sentence = context.sentence
            found.setdefault((value, number), Stated(value, reading.span(sentence.start, sentence.end), conf))
    return tuple(found.values())


def _of(context: Context, mentions: list[Mention]) -> list[tuple[str, float]]:
    sentence = context.sentence
    made: list[tuple[str, float]] = []
    for denial in context.denials:
        if not denial.firm:
            continue
        scope = _within(mentions, denial.start, denial.end)
        text = context.text[denial.start - sentence.start : denial.end - sentence.start][:_LONGEST_DENIED]
        conf = 0.9
        if not scope and denial.act != "collect":
            # 这些信息仅存储在本地，不会上传: what is denied stands before.
            scope = _within(mentions, sentence.start, denial.start)
            conf = 0.6
        own = _OWN_TYPES.get(context.text[denial.verb - sentence.start :][:2])
        if own:
            made.append((f"collect:{own}", conf))
        elif scope:
            made += [(f"{denial.act}:{type}", conf) for type in dict.fromkeys(one.word.type for one in scope)]
        elif _OF_MINORS.search(text):
            made.append((f"{denial.act}:minor", 0.8))
        elif _WHOLE.search(text) and (denial.act == "share" or _of_the_app(context, denial)):
            made.append((f"{denial.act}:", 0.7))
    return made


def _of_the_app(context: Context, denial: Denial) -> bool:
    """Whether the claim is about the app as a whole, and not about a function named before it."""
    before = context.text[: denial.start - context.sentence.start]
    return len(_LEAD_IN.sub("", before)) <= _LONGEST_SUBJECT


def _within(mentions: list[Mention], start: int, end: int) -> list[Mention]:
    first, last = (bisect_left(mentions, at, key=lambda one: one.start) for at in (start, end))
    return mentions[first:last]
