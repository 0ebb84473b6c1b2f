"""Runs in pairs (S7 old and new, S8 switch on and off): exact tests in whole numbers, and which runs make a pair.

Both tests count every way the outcomes could have fallen if the switch, or the version, made no difference, and tell the
share of those at least as extreme as what was seen. With n pairs that share is never below 1 in 2 to the n: fewer than
five pairs cannot reach one in twenty. A large share is no proof that nothing changed.
"""

from collections.abc import Sequence
from math import comb

from hegui.facts.trace import Run

_ON = ("on", "开", "开启", "打开")
_OFF = ("off", "关", "关闭")


def sides(runs: Sequence[Run]) -> tuple[list[Run], list[Run]]:
    """The runs with the switch on and those with it off, as `covers` names it ("on", "关闭" or "个性化推荐=off")."""
    return [run for run in runs if _says(run, _ON)], [run for run in runs if _says(run, _OFF)]


def switched_off(run: Run) -> tuple[str, ...]:
    """The names of what was off throughout a run, as `covers` tells ("附近的人=off")."""
    return tuple(
        one.rpartition("=")[0].strip() for one in run.meta.covers if one.rpartition("=")[0] and _names(one, _OFF)
    )


def _says(run: Run, words: tuple[str, ...]) -> bool:
    return any(_names(one, words) for one in run.meta.covers)


def _names(covered: str, words: tuple[str, ...]) -> bool:
    return covered.rpartition("=")[2].strip().lower() in words


def paired(first: Sequence[Run], second: Sequence[Run]) -> list[tuple[Run, Run]]:
    """The runs that differ in nothing but the side they are on: made on one device, doing the same, one after the other.

    What of the plan they did is told by `covers`, less the switch itself. Runs of one kind are taken in order of their
    date where all have one, else as given; what is left over on one side makes no pair.
    """
    of_kind: dict[tuple[str, tuple[str, ...]], tuple[list[Run], list[Run]]] = {}
    for side, runs in enumerate((first, second)):
        for run in sorted(runs, key=lambda one: one.meta.started_at) if _dated(runs) else runs:
            of_kind.setdefault(_kind(run), ([], []))[side].append(run)
    return [pair for sides in of_kind.values() for pair in zip(*sides, strict=False)]


def _dated(runs: Sequence[Run]) -> bool:
    return all(run.meta.started_at for run in runs)


def _kind(run: Run) -> tuple[str, tuple[str, ...]]:
    """What a run did and on which device."""
    did = sorted(one for one in run.meta.covers if not any(_names(one, words) for words in (_ON, _OFF)))
    return run.meta.device, tuple(did)


def sign_flip(differences: Sequence[int]) -> float:
    """Of all ways to swap the two runs within each pair, the share whose sum of differences is at least that seen.

    One-sided: a small share tells that the first runs of the pairs had more. 1.0 without pairs.
    """
    ways = {0: 1}
    for one in differences:
        size, after = abs(one), dict[int, int]()
        for total, count in ways.items():
            for signed in (total + size, total - size):
                after[signed] = after.get(signed, 0) + count
        ways = after
    seen = sum(differences)
    return sum(count for total, count in ways.items() if total >= seen) / sum(ways.values())


def fisher(with_first: int, first: int, with_second: int, second: int) -> float:
    """Fisher's exact test, one-sided: `with_first` of `first` runs showed it, `with_second` of `second`.

    The share of tables with the same margins in which the second runs show it at least as often as seen.
    """
    shown, total = with_first + with_second, first + second
    if not total:
        return 1.0
    ways = comb(total, shown)
    return sum(comb(second, k) * comb(first, shown - k) for k in range(with_second, min(second, shown) + 1)) / ways
