"""Facts × duties → judgements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from hegui.audit.check import Asked, Check
from hegui.audit.errors import AuditError
from hegui.audit.finding import Finding, found
from hegui.audit.missing import Missing, missing_for
from hegui.audit.verdict import Basis, Verdict, combine
from hegui.facts import Facts, Stage, Unread
from hegui.law.duty import Duty, Regulation
from hegui.law.knobs import Value

# Where a package alone may carry a violation (RULES §1): the closed-world cases (b) and (c). Elsewhere what code or
# manifest could do is a risk at most.
CLOSED_WORLD = frozenset({"cac-2026:12.1.1", "app-2021:6.4.1", "app-2021:9.5.4"})


@dataclass(frozen=True)
class Answer:
    """What one check said about one duty."""

    check: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Judgement:
    """The verdict on one duty, with everything it rests on (判定)."""

    duty: Duty
    verdict: Verdict
    basis: Basis | None
    answers: tuple[Answer, ...]
    missing: tuple[Missing, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for answer in self.answers for finding in answer.findings)

    @property
    def assumptions(self) -> tuple[str, ...]:
        return tuple(sorted({one for finding in self.findings for one in finding.assumptions}))


@dataclass(frozen=True)
class Audit:
    """All judgements on one app on one day. `stages` are those of the reading and of the judging."""

    facts: Facts
    regulations: tuple[Regulation, ...]
    judgements: tuple[Judgement, ...]
    stages: tuple[Stage, ...]
    as_of: date

    def clauses(self) -> dict[str, Verdict]:
        """The verdict of each clause: the worst of its duties."""
        parts: dict[str, list[Verdict]] = {}
        for one in self.judgements:
            parts.setdefault(one.duty.clause, []).append(one.verdict)
        return {clause: combine(verdicts) for clause, verdicts in parts.items()}


def judge(
    facts: Facts,
    regulations: tuple[Regulation, ...],
    checks: Iterable[Check],
    knobs: Mapping[str, Value],
    as_of: date,
) -> Audit:
    """Judge every duty of the regulations. A check that fails leaves its duty undetermined and a failed stage."""
    by_duty: dict[str, list[Check]] = {}
    for one in checks:
        for duty in one.duties:
            by_duty.setdefault(duty, []).append(one)
    failed: list[Stage] = []
    judgements = tuple(
        _judge_duty(duty, facts, by_duty.get(duty.id, []), dict(knobs), failed)
        for regulation in regulations
        for duty in regulation.duties
    )
    return Audit(facts, regulations, judgements, (*facts.stages, *failed), as_of)


def _judge_duty(
    duty: Duty, facts: Facts, checks: list[Check], knobs: dict[str, Value], failed: list[Stage]
) -> Judgement:
    answers: list[Answer] = []
    unread: list[Unlooked] = []
    for one in checks:
        blocked = [(path, part) for path in one.needs if isinstance(part := look_up(facts, path), Unread)]
        if blocked:
            unread += [Unlooked(Missing(part.unread, part.detail), path.partition(".")[0]) for path, part in blocked]
            continue
        try:
            findings = tuple(_within_strength(duty, finding) for finding in one(facts, Asked(duty, knobs)))
        # A fault in one check must not take the report with it; it is shown, and nothing is claimed in its place.
        except Exception as error:
            failed.append(
                Stage(f"check {one.name}", "failed", "CRASHED", f"{duty.id}: {type(error).__name__}: {error}")
            )
            unread.append(Unlooked(Missing("HUMAN_PENDING", f"check {one.name} failed"), "check"))
            continue
        answers.append(Answer(one.name, findings))
    return _conclude(duty, facts, tuple(answers), unread)


@dataclass(frozen=True)
class Unlooked:
    """What a check could not look at: the reason, and the part of the facts, or "check" when the check itself failed."""

    missing: Missing
    part: str

    def spoils(self, duty: Duty, basis: Basis | None) -> bool:
        """Whether good news must wait for it: a worse finding may have been there.

        What was given and could not be read always does. An input that was never given does where the duty itself names
        it as an input; it cannot undo what the structure of the package rules out.
        """
        if self.part in ("pkg", "check"):
            return True
        return basis != "structural" and self.missing.code in duty.missing


def _conclude(duty: Duty, facts: Facts, answers: tuple[Answer, ...], unlooked: list[Unlooked]) -> Judgement:
    unread = [one.missing for one in unlooked]
    findings = [finding for answer in answers for finding in answer.findings]
    deciding = [finding for finding in findings if finding.verdict is not None]
    lacking = missing_for(duty, facts)
    named = [Missing(code) for finding in findings for code in finding.missing]
    if not deciding:
        if not (lacking or unread or named):
            nothing = found(
                "not_applicable",
                "本条款只说明目的、定义或原则，不设可单独判定的义务",
                "this clause states a purpose, definition or principle and sets no duty that is judged by itself",
            )
            return Judgement(duty, "not_applicable", "structural", (*answers, Answer("runner", (nothing,))), ())
        return Judgement(duty, "undetermined", None, answers, _unique([*unread, *named, *lacking]))
    verdict = combine(finding.verdict for finding in deciding if finding.verdict is not None)
    basis = next(finding.basis for finding in deciding if finding.verdict == verdict)
    # A check that could not look may have found worse than the others: good news alone no longer decides.
    if verdict in ("compliant", "not_applicable") and any(one.spoils(duty, basis) for one in unlooked):
        return Judgement(duty, "undetermined", None, answers, _unique([*unread, *named]))
    settle = {"risk": [*unread, *named, *lacking], "undetermined": [*unread, *named] or [*lacking]}.get(verdict, [])
    return Judgement(duty, verdict, basis, answers, _unique(settle))


def look_up(facts: Facts, path: str) -> object:
    """The part of the facts at a dotted path; Unread as soon as a step on the way is."""
    part: object = facts
    for step in path.split("."):
        if isinstance(part, Unread):
            return part
        part = getattr(part, step)
    return part


def _within_strength(duty: Duty, finding: Finding) -> Finding:
    """Hold a finding to what its evidence can prove (RULES §1)."""
    static = finding.evidence and all(one.kind == "package_static" for one in finding.evidence)
    if finding.verdict == "violation" and static and duty.id not in CLOSED_WORLD:
        raise AuditError(
            f"{duty.id}：仅凭安装包不能判“违反”", f"{duty.id}: a package alone cannot carry a violation of this duty"
        )
    if finding.verdict is not None and not finding.evidence:
        raise AuditError(f"{duty.id}：没有证据的判定", f"{duty.id}: a finding without evidence")
    if finding.basis == "declared" and finding.verdict == "compliant" and duty.modality == "must_not":
        return replace(finding, verdict="undetermined", missing=(*finding.missing, "DECL_UNVERIFIED"))
    return finding


def _unique(missing: Iterable[Missing]) -> tuple[Missing, ...]:
    kept: dict[str, Missing] = {}
    for one in missing:
        if one.code not in kept or (one.detail and not kept[one.code].detail):
            kept[one.code] = one
    return tuple(kept.values())
