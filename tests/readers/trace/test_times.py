"""Times, however a tool writes them."""

import pytest

from hegui.readers.trace.times import Moment, moment

DAY = 1_772_668_800_000  # 2026-03-05


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-05 00:00:01", Moment(DAY + 1000, "day", 1000)),
        ("2026/3/5 00:00:01.5", Moment(DAY + 1500, "day", 100)),
        ("2026-03-05 00:00:01 738\t", Moment(DAY + 1738, "day", 1)),
        ("2026-03-05T08:00:01.000+08:00", Moment(DAY + 1000, "day", 1)),
        ("1772668801", Moment(DAY + 1000, "day", 1000)),
        ("1772668801000", Moment(DAY + 1000, "day", 1)),
        ("00:01:01.500", Moment(61_500, "clock", 1)),
        ("25:01:01", None),
        ("2026-13-05 00:00:01", None),
        ("soon", None),
        ("", None),
    ],
)
def test_moment(text: str, at: Moment | None) -> None:
    assert moment(text) == at


def test_a_month_counted_from_0_is_january() -> None:
    assert moment("2026-0-5 1:2:3") == moment("2026-01-05 01:02:03")


def test_a_date_without_a_year_keeps_distances() -> None:
    first, second = moment("12-31 23:59:59.000"), moment("12-31 23:59:58.000")
    assert first is not None
    assert second is not None
    assert (first.of, first.ms - second.ms) == ("day_without_year", 1000)
