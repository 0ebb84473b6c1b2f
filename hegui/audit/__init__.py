"""Facts × duties → judgements, each with evidence or with what is missing."""

from hegui.audit.check import CHECKS, Asked, Check, check
from hegui.audit.finding import Evidence, Finding, found
from hegui.audit.run import Audit, Judgement, judge
from hegui.audit.verdict import Basis, Verdict, combine

__all__ = [
    "CHECKS", "Asked", "Audit", "Basis", "Check", "Evidence", "Finding", "Judgement", "Verdict", "check", "combine",
    "found", "judge",
]  # fmt: skip
