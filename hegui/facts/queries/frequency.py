"""How often, as rules write it: the words on the frequency of a permission or a reading, sorted (R05, R30)."""

import re
from dataclasses import dataclass
from typing import Literal

Frequency = Literal["once", "per_use", "interval", "while_in_use", "as_needed", "unclear"]

# The first that fits decides: "每次扫码时按需调用一次" says when, so it is not left to need alone.
_KINDS: tuple[tuple[Frequency, re.Pattern[str]], ...] = (
    (
        "interval",
        re.compile(
            r"每(?:隔)?\s*[\d一二两三四五六七八九十半几]*\s*(?:毫秒|秒|分钟?|小时|天|日|周|月)"
            r"|\d+\s*次\s*[/／每]|every \d|per (?:second|minute|hour|day)",
            re.IGNORECASE,
        ),
    ),
    (
        "per_use",
        re.compile(
            r"每次|每当|每一次|单次(?!授权)|使用.{0,12}[时次]|点击.{0,12}[时后]|each time|every time|per use",
            re.IGNORECASE,
        ),
    ),
    (
        "once",
        re.compile(r"仅?一次|首次|1\s*次|一次性|安装时|启动时|仅.{0,6}[次时]|\bonce\b|first launch", re.IGNORECASE),
    ),
    ("while_in_use", re.compile(r"期间|过程中|持续|实时|连续|while|during|continuous", re.IGNORECASE)),
    ("as_needed", re.compile(r"必要时|按需|需要时|不定期|视情况|根据需要|as needed|when necessary", re.IGNORECASE)),
)


def frequency(words: str) -> Frequency:
    """The kind of frequency that these words state; "unclear" if they state none."""
    return next((kind for kind, pattern in _KINDS if pattern.search(words)), "unclear")


@dataclass(frozen=True)
class Bound:
    """At most `times` in any stretch of `per_ms`."""

    times: int
    per_ms: int

    @property
    def interval_ms(self) -> float:
        return self.per_ms / self.times


_NUMBERS = {"": 1.0, "半": 0.5, "一": 1.0, "二": 2.0, "两": 2.0, "三": 3.0, "四": 4.0, "五": 5.0, "六": 6.0, "七": 7.0}
_NUMBERS |= {"八": 8.0, "九": 9.0, "十": 10.0}
_UNIT_MS = {"毫秒": 1, "秒": 1000, "分": 60_000, "分钟": 60_000, "小时": 3_600_000, "天": 86_400_000, "日": 86_400_000}
_UNIT_MS |= {"millisecond": 1, "second": 1000, "minute": 60_000, "hour": 3_600_000, "day": 86_400_000}
_NUMBER = r"\d+(?:\.\d+)?|[一二两三四五六七八九十半]"
_UNIT = r"毫秒|秒|分钟?|小时|天|日"
_ENGLISH_UNIT = r"millisecond|second|minute|hour|day"
# How many times is not told: 每分钟多次.
_VAGUE = re.compile(r"[多数几]次|若干次|several times", re.IGNORECASE)
_BOUNDS = (
    # 每30秒一次, 每3至5秒, 每分钟不超过10次
    re.compile(
        rf"每(?:隔)?\s*(?P<number>{_NUMBER}|)\s*(?:[-–~～至到]\s*\d+\s*)?个?(?P<unit>{_UNIT})"
        rf"(?:\D{{0,10}}?(?P<times>{_NUMBER})\s*次)?"
    ),
    # 10次/分钟, 1次/30秒
    re.compile(rf"(?P<times>{_NUMBER})\s*次\s*[/／每]\s*(?P<number>{_NUMBER}|)\s*(?P<unit>{_UNIT})"),
    re.compile(rf"every\s+(?P<number>\d+|)\s*(?P<unit>{_ENGLISH_UNIT})s?\b(?P<times>)", re.IGNORECASE),
    re.compile(
        rf"(?:once|(?P<times>\d+)\s+times)\s+(?:per|a|an|every)\s+(?P<number>)(?P<unit>{_ENGLISH_UNIT})", re.IGNORECASE
    ),
)
_PER_START = (
    re.compile(rf"(?:启动|打开).{{0,8}}?(?P<times>{_NUMBER})\s*次"),
    re.compile(rf"(?P<times>{_NUMBER})\s*次\s*[/／每]\s*次?启动"),
    re.compile(r"once\s+(?:per|at|on|each)\s+(?:start|launch)(?P<times>)", re.IGNORECASE),
)


def bound(words: str) -> Bound | None:
    """How often at most these words declare in a length of time (“每30秒一次”, “10次/分钟”); None if they declare none.

    Of a range (每3至5秒) the shortest interval counts.
    """
    if _VAGUE.search(words):
        return None
    match = next((found for pattern in _BOUNDS if (found := pattern.search(words))), None)
    if match is None:
        return None
    number, times = _number(match["number"] or ""), _number(match["times"] or "")
    per_ms = round(number * _UNIT_MS[match["unit"].lower()])
    return Bound(round(times), per_ms) if per_ms and round(times) else None


def per_start(words: str) -> int | None:
    """How often at most in one start of the app these words declare (“每次启动读取一次”); None if they declare none."""
    if _VAGUE.search(words) or bound(words) is not None:
        return None
    match = next((found for pattern in _PER_START if (found := pattern.search(words))), None)
    if match is not None:
        return round(_number(match["times"])) or None
    return 1 if frequency(words) == "once" else None


def _number(said: str) -> float:
    return _NUMBERS[said] if said in _NUMBERS else float(said)
