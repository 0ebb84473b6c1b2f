"""audit.json, the contract: typed records, made from an Audit. Same input, same bytes: no clock, no paths."""

import json
import shlex
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from hegui import __version__
from hegui.audit.errors import AuditError
from hegui.audit.finding import Evidence, Finding
from hegui.audit.run import Audit, Judgement, look_up
from hegui.audit.verdict import ORDER, Basis, Verdict
from hegui.facts import REASONS, Facts, Input, Stage, Unread, is_read
from hegui.law.duty import Duty
from hegui.law.knobs import Value
from hegui.words import Words

SCHEMA: Final = "hegui/audit@1"

NOTICE = Words(
    "对照征求意见稿的预评估，不是执法结论",
    "pre-assessment against a consultation draft; not an enforcement finding",
)

# Which part of the facts holds each kind of evidence; records and reviews have no input yet.
_PARTS = {
    "package_static": "pkg",
    "policy_text": "policy",
    "runtime_trace": "trace",
    "ui_dump": "ui",
    "network_capture": "net",
    "declaration": "decl",
}
# The option that gives each kind of input beside the package.
_OPTIONS = {
    "policy": "--policy",
    "trace": "--trace",
    "screens": "--screens",
    "traffic": "--traffic",
    "declaration": "--declare",
}
_CODE_FACTS = ("pkg.callsites", "pkg.sdks", "pkg.flags.packed", "pkg.flags.dyn_code")


@dataclass(frozen=True)
class Tool:
    name: str
    version: str


@dataclass(frozen=True)
class LawRow:
    id: str
    title: Words
    status: str
    version: str
    effective: str | None
    note: Words


@dataclass(frozen=True)
class Subject:
    """Whose app it is: package, signer and hash together are its identity. Unknown parts are null."""

    name: str | None
    label: str | None
    version_name: str | None
    version_code: int | None
    platform: str | None
    sha256: str | None
    size_bytes: int | None
    signers: tuple[str, ...] | None
    min_sdk: int | None
    target_sdk: int | None


@dataclass(frozen=True)
class MissingRow:
    """A reason code, its meaning, and the input that would settle it."""

    code: str
    detail: str
    means: Words
    settle: Words


@dataclass(frozen=True)
class Coverage:
    """Which kinds of evidence the verdict could draw on, which were lacking, and what in them was not read."""

    had: tuple[str, ...]
    lacked: tuple[str, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True)
class FindingRow:
    check: str
    verdict: Verdict | None
    basis: Basis
    says: Words
    actor: str
    why_actor: Words | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class DutyRow:
    id: str
    regulation: str
    article: int
    clause: str
    cite: str
    obligor: str
    modality: str
    automation: str
    verdict: Verdict
    basis: Basis | None
    severity: str
    title: Words
    evidence: tuple[Evidence, ...]
    missing: tuple[MissingRow, ...]
    assumptions: tuple[str, ...]
    coverage: Coverage
    repro: str
    findings: tuple[FindingRow, ...]


@dataclass(frozen=True)
class ClauseRow:
    id: str
    verdict: Verdict


@dataclass(frozen=True)
class Summary:
    """How many duties have each verdict, in all and per regulation. Counts, never a score."""

    duties: int
    verdicts: dict[str, int]
    by_regulation: dict[str, dict[str, int]]


@dataclass(frozen=True)
class Baseline:
    """Held against an earlier audit.json: duties whose finding is new or worse, and those that no longer stand."""

    sha256: str
    new: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True)
class AuditFile:
    tool: Tool
    notice: Words
    law: tuple[LawRow, ...]
    as_of: str
    inputs: tuple[Input, ...]
    subject: Subject
    stages: tuple[Stage, ...]
    knobs: dict[str, Value]
    changes: tuple[str, ...]
    duties: tuple[DutyRow, ...]
    clauses: tuple[ClauseRow, ...]
    summary: Summary
    baseline: Baseline | None = None
    schema: Literal["hegui/audit@1"] = SCHEMA


def audit_file(audit: Audit, knobs: dict[str, Value], changes: tuple[str, ...] = ()) -> AuditFile:
    """The record of an audit. `changes` name what the user layer altered (knobs, overrides), with author and reason."""
    rows = tuple(_row(one, audit.facts) for one in audit.judgements)
    return AuditFile(
        tool=Tool("hegui", __version__),
        notice=NOTICE,
        law=tuple(
            LawRow(one.id, one.title, one.status, one.version, one.effective, one.note) for one in audit.regulations
        ),
        as_of=audit.as_of.isoformat(),
        inputs=audit.facts.inputs,
        subject=_subject(audit.facts),
        stages=audit.stages,
        knobs=dict(sorted(knobs.items())),
        changes=changes,
        duties=rows,
        clauses=tuple(ClauseRow(clause, verdict) for clause, verdict in audit.clauses().items()),
        summary=_summary(rows),
    )


def against(file: AuditFile, earlier: AuditFile, sha256: str) -> AuditFile:
    """The same record with what is new beside an earlier one. `sha256` is that of the earlier file."""
    before = {row.id: ORDER.index(row.verdict) for row in earlier.duties}
    after = {row.id: ORDER.index(row.verdict) for row in file.duties}
    finding = ORDER.index("risk")
    new = tuple(one for one, rank in after.items() if rank <= finding and rank < before.get(one, len(ORDER)))
    gone = tuple(one for one, rank in before.items() if rank <= finding < after.get(one, len(ORDER)))
    return replace(file, baseline=Baseline(sha256, new, gone))


def to_json(file: AuditFile) -> str:
    """Indented UTF-8 JSON with sorted keys and a final newline."""
    return json.dumps(_adapter().dump_python(file, mode="json"), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def from_json(text: str | bytes, name: str = "audit.json") -> AuditFile:
    """Read what to_json wrote. Raises AuditError that names the first place that is wrong."""
    try:
        return _adapter().validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"]) or "(root)"
        raise AuditError(
            f"{name}：{place} 处不符合 hegui/audit@1：{first['msg']}；用 hegui schema audit 查看格式",
            f"{name}: {place} does not fit hegui/audit@1: {first['msg']}; see hegui schema audit",
        ) from None


def schema() -> dict[str, Any]:
    """The JSON Schema of audit.json."""
    made = _adapter().json_schema()
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    made["title"] = SCHEMA
    return made


@cache
def _adapter() -> TypeAdapter[AuditFile]:
    AuditFile.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[attr-defined]
    return TypeAdapter(AuditFile)


def _row(one: Judgement, facts: Facts) -> DutyRow:
    duty = one.duty
    return DutyRow(
        id=duty.id,
        regulation=duty.regulation,
        article=duty.article,
        clause=duty.clause,
        cite=duty.cite,
        obligor=duty.obligor,
        modality=duty.modality,
        automation=duty.automation,
        verdict=one.verdict,
        basis=one.basis,
        severity=duty.severity,
        title=duty.title,
        evidence=tuple(dict.fromkeys(piece for finding in one.findings for piece in finding.evidence)),
        missing=tuple(
            MissingRow(lack.code, lack.detail, REASONS[lack.code].means, REASONS[lack.code].settle)
            for lack in one.missing
        ),
        assumptions=one.assumptions,
        coverage=_coverage(duty, facts),
        repro=f"{command(facts.inputs)} --duty {duty.id}",
        findings=tuple(_finding(answer.check, finding) for answer in one.answers for finding in answer.findings),
    )


def command(inputs: tuple[Input, ...]) -> str:
    """The command that judges these inputs again."""
    named = {kind: [shlex.quote(one.name) for one in inputs if one.kind == kind] for kind in ("package", *_OPTIONS)}
    if named["package"] or not named["policy"]:
        words = ["hegui audit", *(named.pop("package") or ["PACKAGE"])]
    else:
        words = ["hegui policy check", *named.pop("policy")]
    return " ".join([*words, *(f"{_OPTIONS[kind]} {name}" for kind in _OPTIONS for name in named.get(kind, []))])


def _finding(check: str, one: Finding) -> FindingRow:
    return FindingRow(check, one.verdict, one.basis, one.says, one.actor, one.why_actor, one.evidence)


def _coverage(duty: Duty, facts: Facts) -> Coverage:
    had = tuple(kind for kind in duty.evidence if kind in _PARTS and is_read(getattr(facts, _PARTS[kind])))
    unread: tuple[str, ...] = ()
    if "package_static" in had:
        parts = ((path, look_up(facts, path)) for path in _CODE_FACTS)
        unread = tuple(f"{path}: {part.reason}" for path, part in parts if isinstance(part, Unread))
    return Coverage(had, tuple(kind for kind in duty.evidence if kind not in had), unread)


def _subject(facts: Facts) -> Subject:
    pkg = facts.pkg
    if isinstance(pkg, Unread):
        named = facts.policy.app_names if is_read(facts.policy) else ()
        return Subject(None, named[0].value if named else None, *(None,) * 8)
    signers = tuple(one.sha256 for one in pkg.signers) if is_read(pkg.signers) else None
    return Subject(
        pkg.name,
        _known(pkg.label),
        _known(pkg.version_name),
        _known(pkg.version_code),
        pkg.platform,
        pkg.sha256,
        pkg.size_bytes,
        signers,
        _known(pkg.min_sdk),
        _known(pkg.target_sdk),
    )


def _known(part: Any) -> Any:
    return None if isinstance(part, Unread) else part


def _summary(rows: tuple[DutyRow, ...]) -> Summary:
    def count(some: list[DutyRow]) -> dict[str, int]:
        seen = Counter(row.verdict for row in some)
        return {verdict: seen[verdict] for verdict in ORDER}

    regulations = dict.fromkeys(row.regulation for row in rows)
    return Summary(
        duties=len(rows),
        verdicts=count(list(rows)),
        by_regulation={name: count([row for row in rows if row.regulation == name]) for name in regulations},
    )
