"""What stands together, and in which order."""

from collections.abc import Iterable

from hegui.audit import Finding, found
from hegui.audit import package_evidence as evidence
from hegui.facts import Facts
from hegui.facts.package import Package
from hegui.report.cards import cards
from tests.report.example import CHECKS, audited, checked, package


def test_one_finding_that_answers_both_drafts_is_one_card() -> None:
    numbered = cards(audited(package())[0])
    assert [(one.verdict, [row.id for row in one.duties]) for one in numbered] == [
        ("violation", ["cac-2026:12.1.1", "app-2021:6.4.1"]),
        ("risk", ["cac-2026:14.1.1", "app-2021:7.3.2"]),
        ("risk", ["cac-2026:36.1.1"]),
    ]


def test_cards_that_share_some_evidence_name_each_other() -> None:
    def both(given: Facts, _: object) -> Iterable[Finding]:
        assert isinstance(given.pkg, Package)
        assert isinstance(given.pkg.components, tuple)
        boot = evidence.component(given.pkg, given.pkg.components[-1], why="BOOT_COMPLETED")
        yield found("risk", "还有一处。", "one more", boot, evidence.application(given.pkg, "more"))

    file, _, _ = audited(package(), (*CHECKS, checked(both, "cac-2026:13.1.1")))
    related = {one.number: one.related for one in cards(file)}
    assert any(other in related and number in related[other] for number, some in related.items() for other in some)
