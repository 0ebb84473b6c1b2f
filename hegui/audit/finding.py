"""What a check yields, and the evidence under it."""

from dataclasses import dataclass
from typing import Literal

from hegui.audit.verdict import Basis, Verdict
from hegui.facts import REASONS
from hegui.words import Words

EvidenceKind = Literal[
    "package_static", "policy_text", "runtime_trace", "ui_dump", "network_capture", "declaration", "workflow_record",
    "human_review",
]  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """Something a stranger can find again (证据): the input's hash, the place in it, and what stands there."""

    kind: EvidenceKind
    where: str
    excerpt: str
    sha256: str


@dataclass(frozen=True)
class Finding:
    """One thing a check saw. `verdict` None is an observation: shown, but it decides nothing.

    `actor` is the party to whom the act belongs: "app", an SDK id, or "unknown", which counts against the operator.
    """

    verdict: Verdict | None
    basis: Basis
    says: Words
    evidence: tuple[Evidence, ...] = ()
    assumptions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    actor: str = "app"
    why_actor: Words | None = None

    def __post_init__(self) -> None:
        for code in self.missing:
            if code not in REASONS:
                raise ValueError(f"unknown reason code {code!r}; the closed list is hegui/facts/reasons.toml")


def found(
    verdict: Verdict | None,
    zh: str,
    en: str,
    *evidence: Evidence,
    basis: Basis = "structural",
    assumptions: tuple[str, ...] = (),
    missing: tuple[str, ...] = (),
    actor: str = "app",
    why_actor: Words | None = None,
) -> Finding:
    """A finding, written on one line. `missing` are the reason codes of what would settle it."""
    return Finding(verdict, basis, Words(zh, en), evidence, assumptions, missing, actor, why_actor)
