"""Titles of regulations, and which regulation one names."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from hegui.law.duty import Regulation


def regulation_of(title: str, regulations: Iterable[Regulation]) -> Regulation | None:
    """The regulation a title names. The stage in brackets does not count: a draft and its successor share a title."""
    wanted = bare_title(title)
    scored = [(SequenceMatcher(None, wanted, bare_title(one.title.zh)).ratio(), one) for one in regulations]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= 0.92 else None


def bare_title(title: str) -> str:
    return re.sub(r"[（(【〔][^）)】〕]*[）)】〕]|[\s《》]", "", title)


def is_draft(title: str) -> bool:
    return bool(re.search(r"征求意见|草案|送审稿|讨论稿", title))
