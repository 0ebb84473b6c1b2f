"""Times as logs write them (时间)."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

_TIME = re.compile(
    r"(?:(?:(?P<year>\d{4})[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?[ T_,]+)?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2}):(?P<second>\d{1,2})(?:[.,: ](?P<part>\d{1,9}))?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?\s*$"
)
_NUMBER = re.compile(r"\d{10}(?:\d{3}){0,3}(?:\.\d+)?$")
DAY_MS = 86_400_000
# Three centuries; a larger number is no time of a run.
MOST_MS = 10**13
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Moment:
    """`ms` since 1970 for a day, since midnight for a clock; `of` is how much was written. `step_ms`: the smallest unit."""

    ms: int
    of: Literal["day", "day_without_year", "clock"]
    step_ms: int = 1


@lru_cache(maxsize=65_536)
def moment(text: str) -> Moment | None:
    """A time of day with or without its date, or seconds, milli- or microseconds since 1970; None for anything else.

    A time without a zone is taken as it stands: distances hold, and what must meet another clock is given a skew.
    """
    text = text.strip()
    if _NUMBER.match(text):
        whole = text.partition(".")[0]
        step = {10: 1000, 13: 1}.get(len(whole), 0)
        value = int(whole)
        return Moment(value * step if step else value // 10 ** (len(whole) - 13), "day", step or 1)
    found = _TIME.match(text)
    if found is None:
        return None
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"])
    if hour > 24 or minute > 59 or second > 60:
        return None
    part = found["part"]
    ms = ((hour * 60 + minute) * 60 + second) * 1000 + (int(part[:3].ljust(3, "0")) if part else 0)
    if found["zone"] and found["zone"] != "Z":
        sign, digits = found["zone"][0], found["zone"][1:].replace(":", "")
        shift = (int(digits[:2]) * 60 + int(digits[2:])) * 60_000
        ms -= shift if sign == "+" else -shift
    step = 1 if part and len(part) >= 3 else 10 ** (3 - len(part)) if part else 1000
    if not found["month"]:
        return Moment(ms, "clock", step)
    # A collector that counts months from 0, as JavaScript does, writes 0 for January.
    month = int(found["month"]) or 1
    try:
        day = date(int(found["year"] or 2000), month, int(found["day"])).toordinal() - _EPOCH
    except ValueError:
        return None
    return Moment(day * DAY_MS + ms, "day" if found["year"] else "day_without_year", step)
