"""Exact tests, held against counts by hand and by brute force."""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hegui.facts.queries.pairs import fisher, paired, sides, sign_flip, switched_off
from tests.facts.queries.test_timeline import run


def test_five_pairs_all_one_way_are_one_in_thirty_two() -> None:
    assert sign_flip([3, 1, 4, 1, 5]) == pytest.approx(1 / 32)
    assert sign_flip([1, 1, 1, 1]) == pytest.approx(1 / 16)
    assert sign_flip([]) == 1.0
    assert sign_flip([0, 0]) == 1.0


@given(st.lists(st.integers(-6, 6), max_size=8))
def test_sign_flip_counts_every_way(differences: list[int]) -> None:
    totals = [
        sum(sign * abs(one) for sign, one in zip(signs, differences, strict=True))
        for signs in product((1, -1), repeat=len(differences))
    ]
    assert sign_flip(differences) == pytest.approx(sum(one >= sum(differences) for one in totals) / len(totals))


def test_fisher_is_the_share_of_the_tables() -> None:
    # Three of three against none of three: one table in C(6, 3).
    assert fisher(0, 3, 3, 3) == pytest.approx(1 / 20)
    assert fisher(0, 0, 0, 0) == 1.0


@given(st.integers(0, 4), st.integers(0, 4), st.data())
def test_fisher_counts_every_choice(first: int, second: int, data: st.DataObject) -> None:
    with_first, with_second = data.draw(st.integers(0, first)), data.draw(st.integers(0, second))
    places = list(combinations(range(first + second), with_first + with_second))
    extreme = sum(sum(place >= first for place in chosen) >= with_second for chosen in places)
    assert fisher(with_first, first, with_second, second) == pytest.approx(extreme / len(places))


def test_the_sides_are_told_by_what_the_runs_cover() -> None:
    several = [
        run(run_id=name, covers=list(covers)) for name, covers in (("a", ["on"]), ("b", ["推荐=关"]), ("c", ["扫码"]))
    ]
    on, off = sides(several)
    assert [one.meta.run_id for one in on] == ["a"]
    assert [one.meta.run_id for one in off] == ["b"]


def test_pairs_are_made_of_runs_that_did_the_same_on_one_device() -> None:
    on = [run(run_id="1", covers=["推荐=on"], device="a"), run(run_id="2", covers=["推荐=on", "搜索"], device="a")]
    off = [run(run_id="3", covers=["推荐=off", "搜索"], device="a"), run(run_id="4", covers=["推荐=off"], device="b")]
    assert [(one.meta.run_id, other.meta.run_id) for one, other in paired(on, off)] == [("2", "3")]


def test_runs_of_one_kind_are_paired_by_their_dates() -> None:
    first = [run(run_id="2", started_at="2026-03-05T10:00:00"), run(run_id="1", started_at="2026-03-05T09:00:00")]
    second = [run(run_id="3", started_at="2026-03-05T09:30:00"), run(run_id="4", started_at="2026-03-05T10:30:00")]
    assert [(one.meta.run_id, other.meta.run_id) for one, other in paired(first, second)] == [("1", "3"), ("2", "4")]
    # What is left over makes no pair; without dates they are taken as given.
    assert len(paired(first, second[:1])) == 1
    assert paired([run(run_id="a"), run(run_id="b")], [run(run_id="c")])[0][0].meta.run_id == "a"


def test_what_was_off_throughout_a_run() -> None:
    assert switched_off(run(covers=["附近的人=off", "搜索=开", "扫码"])) == ("附近的人",)
    assert switched_off(run(covers=["off"])) == ()
