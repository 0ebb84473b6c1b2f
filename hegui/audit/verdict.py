"""Verdicts, what they rest on, and how several become one (RULES §1)."""

from collections.abc import Iterable
from typing import Literal

from hegui.words import Words

Verdict = Literal["violation", "risk", "undetermined", "compliant", "not_applicable"]
Basis = Literal["structural", "observed", "textual", "recorded", "declared", "human"]

# Worst first. Never an average, never a score.
ORDER: tuple[Verdict, ...] = ("violation", "risk", "undetermined", "compliant", "not_applicable")

NAMES: dict[Verdict, Words] = {
    "violation": Words("违反", "violation"),
    "risk": Words("风险", "risk"),
    "undetermined": Words("待定", "undetermined"),
    "compliant": Words("符合", "compliant"),
    "not_applicable": Words("不适用", "not applicable"),
}


def combine(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of them: violation > risk > undetermined > compliant > not_applicable. None at all: undetermined."""
    return min(verdicts, key=ORDER.index, default="undetermined")
