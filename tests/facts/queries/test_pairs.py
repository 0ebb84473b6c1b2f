"""Exact tests, held against counts by hand and by brute force."""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hegui.facts.queries.pairs import fisher, sides, sign_flip
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
