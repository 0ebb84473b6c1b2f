"""What an audit prints to the terminal, and the exit code it ends with. Plain text: it is piped and pasted."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from hegui.facts.facts import Stage
from hegui.words import Language, halves

if TYPE_CHECKING:
    from hegui.audit.file import AuditFile, DutyRow

_FINDINGS = {"violation": ("violation",), "risk": ("violation", "risk"), "never": ()}


def exit_code(file: "AuditFile", fail_on: str) -> int:
    """1: findings at or above `fail_on` (new ones only, beside a baseline); 3: a stage failed or was cut short; 0."""
    counted = set(file.baseline.new) if file.baseline else {row.id for row in file.duties}
    if any(row.verdict in _FINDINGS[fail_on] and row.id in counted for row in file.duties):
        return 1
    return 3 if cut_short(file.stages) else 0


def cut_short(stages: Iterable[Stage]) -> bool:
    return any(stage.state != "done" for stage in stages)


def summary(file: "AuditFile", language: Language) -> str:
    """What a person wants to know first: the subject, the counts, the findings, and what could not be read."""
    # Only here: `hegui facts` ends with the exit code of this module, and judges nothing.
    from hegui.audit.verdict import NAMES, ORDER

    zh = language == "zh"
    subject = file.subject
    lines = [
        f"{subject.label or subject.name or '?'}  {subject.name or ''} {subject.version_name or ''}".rstrip(),
        file.notice.in_(language),
    ]
    for law in file.law:
        counts = file.summary.by_regulation[law.id]
        numbers = "  ".join(f"{NAMES[verdict].in_(language)} {counts[verdict]}" for verdict in ORDER)
        lines.append(f"{law.id}: {numbers}")
    for verdict in ("violation", "risk"):
        for row in (row for row in file.duties if row.verdict == verdict):
            said = next((one.says for one in row.findings if one.verdict == row.verdict), row.title)
            lines.append(f"  [{NAMES[row.verdict].in_(language)}] {row.id} {row.cite} {said.in_(language)}")
    for stage in file.stages:
        if stage.state != "done":
            detail = halves(stage.detail).in_(language) if stage.state == "failed" else stage.detail
            lines.append(f"  {'步骤' if zh else 'stage'} {stage.name}: {stage.state} {stage.reason} {detail}".rstrip())
    if file.baseline:
        new, gone = file.baseline.new, file.baseline.gone
        lines.append(
            f"与基线相比：新增或加重 {len(new)} 项，不再成立 {len(gone)} 项"
            if zh
            else f"against the baseline: {len(new)} new or worse, {len(gone)} no longer standing"
        )
    return "\n".join(lines)


def duty_in_full(row: "DutyRow", sha256: str | None, language: Language) -> str:
    """One duty with its findings, evidence and what would settle it."""
    from hegui.audit.verdict import NAMES

    zh = language == "zh"
    lines = [
        f"{row.id}  {row.cite}  [{NAMES[row.verdict].in_(language)}]  {row.title.in_(language)}",
    ]
    for one in row.findings:
        verdict = NAMES[one.verdict].in_(language) if one.verdict else ("事实" if zh else "seen")
        lines.append(f"  [{verdict}] {one.says.in_(language)}  ({one.check}, {one.basis}, {one.actor})")
        lines += [f"      {piece.where}: {piece.excerpt}" for piece in one.evidence]
    for lack in row.missing:
        detail = f" ({lack.detail})" if lack.detail else ""
        lines.append(
            f"  {'缺' if zh else 'missing'} {lack.code}: {lack.means.in_(language)}{detail} → {lack.settle.in_(language)}"
        )
    if row.assumptions:
        lines.append(f"  {'所用解释' if zh else 'assumptions'}: {' '.join(row.assumptions)}")
    lines.append(f"  sha256 {sha256}")
    return "\n".join(lines)
