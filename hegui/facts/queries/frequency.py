"""How often, as rules write it: the words on the frequency of a permission or a reading, sorted (R05, R30)."""

import re
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
