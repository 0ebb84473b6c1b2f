"""Findings as a person reads them: what rests on the same evidence stands together, whichever duties it answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from hegui.audit.file import AuditFile, DutyRow, FindingRow, MissingRow
from hegui.audit.finding import Evidence
from hegui.audit.verdict import ORDER, Verdict
from hegui.law.duty import Severity
from hegui.words import Words

SEVERITY_ORDER: tuple[str, ...] = get_args(Severity)


@dataclass(frozen=True)
class Statement:
    """One thing that was found, to whom it belongs, and the duties it answers with the verdict it means for each."""

    says: Words
    actor: str
    why_actor: Words | None
    answers: tuple[tuple[DutyRow, Verdict], ...]


@dataclass(frozen=True)
class Card:
    """What was found on one set of evidence. `related` are the numbers of other cards that share some of it."""

    number: int
    verdict: Verdict
    severity: str
    statements: tuple[Statement, ...]
    evidence: tuple[Evidence, ...]
    related: tuple[int, ...]

    @property
    def duties(self) -> tuple[DutyRow, ...]:
        return tuple({row.id: row for one in self.statements for row, _ in one.answers}.values())

    @property
    def missing(self) -> tuple[MissingRow, ...]:
        return tuple({lack.code: lack for row in self.duties for lack in row.missing}.values())

    @property
    def assumptions(self) -> tuple[str, ...]:
        return tuple(sorted({one for row in self.duties for one in row.assumptions}))


def cards(file: AuditFile) -> tuple[Card, ...]:
    """Violations first, then risks, each by severity, then in the order of the texts. Numbered from 1."""
    groups: dict[frozenset[Evidence], list[tuple[DutyRow, FindingRow]]] = {}
    for row in file.duties:
        for finding in row.findings:
            if finding.verdict in ("violation", "risk"):
                groups.setdefault(frozenset(finding.evidence), []).append((row, finding))
    ordered = sorted(groups.items(), key=lambda group: (ORDER.index(_worst(group[1])), _rank(group[1])))
    return tuple(
        Card(
            number,
            _worst(pairs),
            SEVERITY_ORDER[_rank(pairs)],
            _statements(pairs),
            pairs[0][1].evidence,
            tuple(other for other, (pieces, _) in enumerate(ordered, 1) if other != number and pieces & evidence),
        )
        for number, (evidence, pairs) in enumerate(ordered, 1)
    )


def _worst(pairs: Iterable[tuple[DutyRow, FindingRow]]) -> Verdict:
    return min((finding.verdict for _, finding in pairs if finding.verdict), key=ORDER.index)


def _rank(pairs: Iterable[tuple[DutyRow, FindingRow]]) -> int:
    return min(SEVERITY_ORDER.index(row.severity) for row, _ in pairs)


def _statements(pairs: list[tuple[DutyRow, FindingRow]]) -> tuple[Statement, ...]:
    grouped: dict[tuple[Words, str, Words | None], list[tuple[DutyRow, Verdict]]] = {}
    for row, finding in pairs:
        if finding.verdict:
            grouped.setdefault((finding.says, finding.actor, finding.why_actor), []).append((row, finding.verdict))
    return tuple(Statement(*key, tuple(dict.fromkeys(answers))) for key, answers in grouped.items())
