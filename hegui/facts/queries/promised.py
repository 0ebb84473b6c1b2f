"""A time limit as rules promise it: "15个工作日", "三十天", "within 15 business days"."""

import re
from dataclasses import dataclass

_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_LIMIT = re.compile(
    r"(?P<number>\d+|[一二两三四五六七八九十]+)\s*(?:个)?\s*(?:\(\d+\)|（\d+）)?\s*"
    r"(?P<unit>工作日|个工作日|自然日|小时|天|日|周|个月|月|business days?|working days?|days?|hours?)",
    re.IGNORECASE,
)
_WORKING = ("工作日", "个工作日", "business day", "business days", "working day", "working days")
_CALENDAR_DAYS = {"自然日": 1, "天": 1, "日": 1, "day": 1, "days": 1, "周": 7, "个月": 30, "月": 30}


@dataclass(frozen=True)
class Limit:
    """A promised limit. `number` counts working days, or calendar days where `working` is False."""

    number: int
    working: bool
    words: str


def limit(words: str) -> Limit | None:
    """The longest limit these words promise; hours count as one day begun. None if there is none."""
    found = [_read(one) for one in _LIMIT.finditer(words)]
    return max(found, key=lambda one: (one.number, not one.working), default=None)


def _read(found: re.Match[str]) -> Limit:
    count, unit = number(found["number"]), found["unit"].lower()
    if unit in _WORKING:
        return Limit(count, True, found[0])
    if unit in ("小时", "hour", "hours"):
        return Limit(-(-count // 24), False, found[0])
    return Limit(count * _CALENDAR_DAYS[unit], False, found[0])


def number(words: str) -> int:
    """A number below one hundred, in figures or in Chinese: 十五, 三十, 二十一."""
    if words.isdigit():
        return int(words)
    tens, ten, ones = words.partition("十")
    if not ten:
        return _DIGITS[words[-1]]
    return (_DIGITS[tens[-1]] if tens else 1) * 10 + (_DIGITS[ones[0]] if ones else 0)
