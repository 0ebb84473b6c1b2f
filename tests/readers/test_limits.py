"""Limits grow with the input where that is time, and only there."""

from hegui.readers.limits import MIB, Limits


def test_a_small_input_gets_the_times_as_they_are() -> None:
    assert Limits().for_size(1000) == Limits()
    assert Limits().for_size(50 * MIB) == Limits()


def test_a_large_input_gets_time_in_proportion_and_no_more_memory() -> None:
    limits = Limits(wall_s=10, stage_s=5, cpu_s=10).for_size(500 * MIB)
    assert (limits.wall_s, limits.stage_s, limits.cpu_s) == (100, 50, 100)
    assert limits.memory_mb == Limits().memory_mb
