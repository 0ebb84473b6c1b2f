"""The runner: combination, strength, missing inputs, and checks that fail."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from hegui.audit import Asked, Audit, Check, Finding, Judgement, combine, found, judge
from hegui.audit import package_evidence as shows
from hegui.audit.check import check
from hegui.audit.errors import AuditError
from hegui.audit.verdict import ORDER, Basis, Verdict
from hegui.facts import Facts, Unread
from hegui.law.knobs import shipped_knobs
from hegui.law.packs import shipped
from hegui.regulations import load_checks
from tests.packages import facts_of, package

DAY = date(2026, 11, 1)
KNOBS = {name: knob.value for name, knob in shipped_knobs().items()}


def run(facts: Facts, *checks: Check) -> Audit:
    return judge(facts, shipped(), checks, KNOBS, DAY)


def of(audit: Audit, duty: str) -> Judgement:
    return next(one for one in audit.judgements if one.duty.id == duty)


def saying(verdict: Verdict | None, duty: str, **more: object) -> Check:
    def function(facts: Facts, asked: Asked) -> Iterator[Finding]:
        assert not isinstance(facts.pkg, Unread)
        yield replace(found(verdict, "一句话", "a sentence", shows.manifest(facts.pkg, "line")), **more)  # type: ignore[arg-type]

    return Check("tests.saying", (duty,), ("pkg",), (), function, "says so")


def test_every_duty_is_judged_once_in_the_order_of_the_texts() -> None:
    audit = run(facts_of(package()))
    assert [one.duty.id for one in audit.judgements] == [duty.id for pack in shipped() for duty in pack.duties]
    assert len(audit.judgements) == 260


def test_nothing_supplied_leaves_nothing_compliant() -> None:
    audit = run(Facts((), ()), *load_checks())
    assert {one.verdict for one in audit.judgements} <= {"undetermined", "not_applicable"}
    for one in audit.judgements:
        if one.verdict == "undetermined":
            assert one.missing, f"{one.duty.id} does not say what is missing"
        else:
            assert one.duty.automation == "none", one.duty.id


@pytest.mark.parametrize("worse", range(len(ORDER)))
def test_the_worst_verdict_stands(worse: int) -> None:
    assert combine(ORDER[worse:]) == ORDER[worse]


def test_no_verdicts_combine_to_undetermined() -> None:
    assert combine([]) == "undetermined"


def test_a_package_alone_cannot_carry_a_violation_outside_the_closed_world() -> None:
    audit = run(facts_of(package()), saying("violation", "cac-2026:14.2.3"))
    assert of(audit, "cac-2026:14.2.3").verdict == "undetermined"
    assert any(stage.state == "failed" and "14.2.3" in stage.detail for stage in audit.stages)


def test_a_risk_lists_what_would_settle_it() -> None:
    one = of(run(facts_of(package()), saying("risk", "cac-2026:14.2.3")), "cac-2026:14.2.3")
    assert one.verdict == "risk"
    assert "NO_DECL" in {lack.code for lack in one.missing}


def test_an_observation_decides_nothing() -> None:
    one = of(run(facts_of(package()), saying(None, "cac-2026:14.2.3")), "cac-2026:14.2.3")
    assert one.verdict == "undetermined"
    assert one.findings
    assert one.missing


def test_a_declaration_alone_never_clears_a_prohibition() -> None:
    one = of(run(facts_of(package()), saying("compliant", "cac-2026:14.2.3", basis="declared")), "cac-2026:14.2.3")
    assert one.verdict == "undetermined"
    assert "DECL_UNVERIFIED" in {lack.code for lack in one.missing}


def test_a_finding_without_evidence_is_refused() -> None:
    audit = run(facts_of(package()), saying("compliant", "cac-2026:14.2.3", evidence=()))
    assert of(audit, "cac-2026:14.2.3").verdict == "undetermined"


def test_a_finding_with_an_unknown_reason_code_is_a_failed_check_and_not_a_crash_of_the_report() -> None:
    audit = run(facts_of(package()), saying("risk", "cac-2026:14.2.3", missing=("NO_IDEA",)))
    assert of(audit, "cac-2026:14.2.3").verdict == "undetermined"
    assert any("NO_IDEA" in stage.detail for stage in audit.stages if stage.state == "failed")


def test_an_unread_fact_blocks_the_check_that_needs_it_and_gives_its_reason() -> None:
    asked: list[str] = []

    def function(facts: Facts, asking: Asked) -> Iterator[Finding]:
        asked.append(asking.duty.id)
        yield from ()

    needing = Check("tests.needing", ("cac-2026:14.2.3",), ("pkg.components",), (), function, "needs components")
    facts = facts_of(package(components=Unread("NO_PACKAGE", "manifest cut off")))
    one = of(run(facts, needing), "cac-2026:14.2.3")
    assert asked == []
    assert ("NO_PACKAGE", "manifest cut off") in {(lack.code, lack.detail) for lack in one.missing}


@pytest.mark.parametrize(
    ("need", "basis", "verdict"),
    [
        ("pkg.callsites", "structural", "undetermined"),
        ("policy", "structural", "compliant"),
        ("policy", "textual", "undetermined"),
        ("previous", "textual", "compliant"),
    ],
    ids=[
        "a part of the package that could not be read spoils good news",
        "what the structure rules out needs no rules",
        "an input the duty asks for is waited for",
        "an input the duty does not ask for is not waited for",
    ],
)
def test_good_news_and_what_another_check_could_not_look_at(need: str, basis: Basis, verdict: str) -> None:
    duty = "cac-2026:7.1.2.2"
    needing = Check("tests.b", (duty,), (need,), (), lambda facts, asked: (), "needs more")
    audit = run(facts_of(package()), saying("compliant", duty, basis=basis), needing)
    assert of(audit, duty).verdict == verdict


def test_a_check_that_crashes_is_a_failed_stage_and_claims_nothing() -> None:
    def function(facts: Facts, asked: Asked) -> Iterator[Finding]:
        raise RuntimeError("boom")
        yield

    broken = Check("tests.broken", ("cac-2026:14.2.3",), (), (), function, "breaks")
    audit = run(facts_of(package()), broken)
    assert of(audit, "cac-2026:14.2.3").verdict == "undetermined"
    assert [stage.reason for stage in audit.stages if stage.state == "failed"] == ["CRASHED"]


@pytest.mark.parametrize(
    ("duty", "need", "code", "said"),
    [
        ("cac-2026:99.9", "pkg", "NO_TRACE", "99.9"),
        ("cac-2026:14.2.3", "pkg.colour", "NO_TRACE", "pkg.colour"),
        ("cac-2026:14.2.3", "pkg", "NO_IDEA", "NO_IDEA"),
    ],
)
def test_an_unknown_duty_fact_or_code_fails_when_the_check_is_tied(duty: str, need: str, code: str, said: str) -> None:
    with pytest.raises(AuditError, match=said):
        check(duty, needs=(need,), missing=(code,))


def test_a_clause_has_the_worst_verdict_of_its_duties() -> None:
    audit = run(facts_of(package()), saying("risk", "cac-2026:14.2.3"))
    assert audit.clauses()["cac-2026:14.2"] == "risk"
