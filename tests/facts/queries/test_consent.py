"""On which side of the agreement an event lies."""

from typing import Any

import pytest

from hegui.facts.queries.consent import Consents, consents
from hegui.facts.trace import What
from tests.facts.queries.test_timeline import at, run

_API = What("api")


def sides(several: Consents, what: What = _API) -> list[tuple[str, int, int]]:
    return [(one.side, one.start, one.end) for one in several.stretches(what) if one.start < one.end]


def agree(t_ms: int, act: str = "agree", **more: Any) -> dict[str, Any]:
    return at(t_ms, "consent", scope="rules", act=act, **more)


def test_without_any_agreement_all_of_it_is_before() -> None:
    assert sides(Consents(run(at(1), at(2)))) == [("before", 0, 2)]


@pytest.mark.parametrize(
    ("off", "expected"),
    [
        (0, [("before", 0, 2), ("unsure", 2, 3), ("after", 3, 4)]),
        (1, [("before", 0, 1), ("unsure", 1, 4)]),
        (5, [("unsure", 0, 4)]),
    ],
)
def test_within_what_the_clock_is_off_it_is_unsure(off: int, expected: list[tuple[str, int, int]]) -> None:
    assert sides(Consents(run(at(5), at(9), agree(10), at(11), uncertainty_ms=off))) == expected


def test_an_event_less_exact_than_the_run_is_unsure_more_widely() -> None:
    consents = Consents(run(at(5), agree(10), at(15)))
    assert sides(consents, What("api", uncertainty_ms=5)) == [("unsure", 0, 3)]


def test_a_refusal_lasts_until_the_user_agrees() -> None:
    consents = Consents(run(at(1), agree(5, "refuse"), at(6), agree(9), at(10), agree(12, "refuse"), at(13)))
    assert [side for side, *_ in sides(consents)] == [
        "before",
        "unsure",
        "refused",
        "unsure",
        "after",
        "unsure",
        "refused",
    ]


def test_another_scope_is_no_agreement_to_the_rules() -> None:
    assert Consents(run(at(1, "consent", scope="biometric", act="agree"))).given == []


def test_what_would_have_shown_an_agreement() -> None:
    assert Consents(run(at(1), scenario="S1")).tells
    assert Consents(run(at(1, "ui", action="click"))).tells
    assert Consents(run(agree(1))).tells
    assert not Consents(run(at(1), scenario="S3")).tells
    assert not Consents(run(at(1), has_ui=True)).tells


def test_nobody_changes_their_mind_a_thousand_times() -> None:
    many = [agree(number, "agree" if number % 2 else "refuse") for number in range(1000)]
    assert sides(Consents(run(*many)))[-1][0] == "unsure"


def test_where_the_clock_was_set_back_nothing_is_told() -> None:
    assert sides(Consents(run(at(8000), agree(9000), at(4000)))) == [("unsure", 0, 3)]
    # With no agreement to compare with, all of it is before one.
    assert sides(Consents(run(at(8000), at(9000), at(4000)))) == [("before", 0, 3)]


def test_the_consents_of_a_run_are_made_once() -> None:
    one = run(at(1))
    assert consents(one) is consents(one)
