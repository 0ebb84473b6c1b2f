"""Working days and months, against the worked dates of the rules and the workflows."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hegui.law.errors import CalendarUnknown, LawError
from hegui.law.workdays import (
    Calendar,
    Provisional,
    add_months,
    add_workdays,
    counted_days,
    end_of,
    is_workday,
    provisional_months,
    provisional_workdays,
    read_year,
    shipped_calendar,
    workdays_between,
    year_as_json,
)

CN = shipped_calendar()


def day(text: str) -> date:
    return date.fromisoformat(text)


WORKED = {
    "order served, to rectify within 5 (W-ENF)": ("2026-02-11", 5, "2026-02-25"),
    "announced, may be delisted after 5 (W-ENF)": ("2026-02-26", 5, "2026-03-04"),
    "delisted, no re-listing for 40 (W-ENF)": ("2026-03-05", 40, "2026-05-06"),
    "complaint, answered within 15 (W-CMP)": ("2026-09-23", 15, "2026-10-21"),
    "complaint with a promise of 10 (W-CMP)": ("2026-09-23", 10, "2026-10-14"),
    "consultation of 7 (W-POL)": ("2026-05-06", 7, "2026-05-14"),
    "consultation of 7 over a worked Sunday (R13)": ("2026-09-18", 7, "2026-09-29"),
    "cancellation within 15 (R52)": ("2026-04-30", 15, "2026-05-25"),
    "cancellation within 15 (article 18)": ("2026-04-28", 15, "2026-05-21"),
    "complaint over the Spring Festival (R78)": ("2026-02-06", 15, "2026-03-05"),
    "nothing to count": ("2026-02-14", 0, "2026-02-14"),
}


@pytest.mark.parametrize("name", WORKED)
def test_the_worked_dates(name: str) -> None:
    start, n, wanted = WORKED[name]
    assert add_workdays(day(start), n, CN) == day(wanted)
    assert workdays_between(day(start), day(wanted), CN) == n


def test_the_days_that_were_counted_are_the_evidence() -> None:
    days = ["2026-02-12", "2026-02-13", "2026-02-14", "2026-02-24", "2026-02-25"]
    assert counted_days(day("2026-02-11"), 5, CN) == tuple(map(day, days))


def test_a_consultation_closed_early_ran_five_days() -> None:
    """R13: opened on Friday 18 September 2026, closed on Thursday the 24th; Sunday the 20th is worked."""
    assert workdays_between(day("2026-09-18"), day("2026-09-24"), CN) == 5


def test_delisting_may_be_ordered_and_a_ban_ends_on_the_next_day() -> None:
    assert end_of(add_workdays(day("2026-02-26"), 5, CN)).date() == day("2026-03-05")
    assert end_of(add_workdays(day("2026-03-05"), 40, CN)).date() == day("2026-05-07")


MONTHS = {
    "1 month that ends on a Saturday rolls": ("2026-07-01", 1, True, "2026-08-03"),
    "1 month of display does not roll": ("2026-07-01", 1, False, "2026-08-01"),
    "a warning of 6 months (R66)": ("2026-03-31", 6, False, "2026-09-30"),
    "6 months into a year without a calendar, without rolling": ("2026-07-01", 6, False, "2027-01-01"),
    "no corresponding day: the last of the month": ("2025-08-31", 6, False, "2026-02-28"),
    "a leap year has one": ("2023-08-29", 6, False, "2024-02-29"),
    "no month at all": ("2026-07-04", 0, False, "2026-07-04"),
    "over a holiday": ("2026-01-16", 1, True, "2026-02-24"),
    "twelve months": ("2024-02-29", 12, False, "2025-02-28"),
}


@pytest.mark.parametrize("name", MONTHS)
def test_months(name: str) -> None:
    start, n, roll, wanted = MONTHS[name]
    assert add_months(day(start), n, roll, CN) == day(wanted)


def test_a_missing_year_raises_wherever_it_is_touched() -> None:
    touched: tuple[Callable[[], object], ...] = (
        lambda: add_workdays(day("2026-12-31"), 1, CN),
        lambda: add_workdays(day("2023-12-28"), 1, CN),
        lambda: add_months(day("2026-07-01"), 6, True, CN),
        lambda: is_workday(day("2023-05-01"), CN),
        lambda: workdays_between(day("2026-12-30"), day("2027-01-01"), CN),
    )
    for count in touched:
        with pytest.raises(CalendarUnknown, match="CAL_UNKNOWN"):
            count()
    # The day a period starts is not counted, so its year is not asked for.
    assert add_workdays(day("2023-12-31"), 1, CN) == day("2024-01-02")


def test_a_provisional_date_says_which_years_were_guessed() -> None:
    assert provisional_workdays(day("2026-12-30"), 3, CN) == Provisional(day("2027-01-04"), (2027,))
    assert provisional_workdays(day("2026-02-11"), 5, CN) == Provisional(day("2026-02-25"), ())
    assert provisional_months(day("2026-07-02"), 6, True, CN) == Provisional(day("2027-01-04"), (2027,))
    assert provisional_months(day("2026-07-02"), 6, False, CN) == Provisional(day("2027-01-02"), ())


def test_the_day_ends_at_midnight_in_shanghai() -> None:
    assert end_of(day("2026-02-25")) == datetime(2026, 2, 25, 16, tzinfo=UTC)
    assert end_of(day("2026-02-25")).isoformat() == "2026-02-26T00:00:00+08:00"


def test_periods_cannot_be_negative_or_run_out_of_the_calendar() -> None:
    with pytest.raises(LawError, match="negative"):
        add_workdays(day("2026-01-05"), -1, CN)
    with pytest.raises(LawError, match="negative"):
        add_months(day("2026-01-05"), -1, False, CN)
    with pytest.raises(CalendarUnknown):
        end_of(date.max)
    with pytest.raises(CalendarUnknown):
        add_months(day("2026-01-05"), 99_999_999, False, CN)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_shipped_years_name_their_notice_and_are_sane(year: int) -> None:
    table = CN.years[year]
    assert table.notice
    assert all(one.year == year for one in table.off | table.work)
    assert not table.off & table.work
    assert all(one.weekday() >= 5 for one in table.work)
    assert 247 <= sum(is_workday(date(year, 1, 1) + timedelta(n), CN) for n in range(365)) <= 252


def test_the_shipped_years_are_those_of_the_notices(shared: Path) -> None:
    rows = json.loads((shared / "law" / "workdays_cn.json").read_text("utf-8"))["years"]
    assert {int(year): (set(row["off"]), set(row["work"]), row["notice"]) for year, row in rows.items()} == {
        year: ({str(d) for d in one.off}, {str(d) for d in one.work}, one.notice) for year, one in CN.years.items()
    }


DAYS = st.dates(date(2024, 1, 1), date(2026, 6, 30))
COUNTS = st.integers(0, 100)


@given(DAYS, COUNTS)
def test_the_last_day_is_worked_and_the_count_comes_back(start: date, n: int) -> None:
    days = counted_days(start, n, CN)
    assert len(set(days)) == n
    assert list(days) == sorted(days)
    assert all(is_workday(one, CN) and one > start for one in days)
    assert workdays_between(start, add_workdays(start, n, CN), CN) == n


@given(DAYS, COUNTS, COUNTS)
def test_periods_add_up(start: date, one: int, other: int) -> None:
    if start + timedelta(days=(one + other) * 2 + 30) < date(2026, 12, 31):
        assert add_workdays(add_workdays(start, one, CN), other, CN) == add_workdays(start, one + other, CN)


@given(DAYS, COUNTS)
def test_a_later_start_never_ends_earlier(start: date, n: int) -> None:
    if n:
        assert add_workdays(start + timedelta(1), n, CN) >= add_workdays(start, n, CN)


@given(DAYS, st.integers(0, 5))
def test_rolling_only_goes_forward_to_a_working_day(start: date, n: int) -> None:
    plain, rolled = add_months(start, n, False, CN), add_months(start, n, True, CN)
    assert rolled >= plain
    assert is_workday(rolled, CN)
    assert (rolled == plain) == is_workday(plain, CN)
    assert plain.day == start.day or (plain + timedelta(1)).day == 1


@given(DAYS, COUNTS)
def test_without_notices_only_weekdays_count(start: date, n: int) -> None:
    bare = Calendar({})
    guess = provisional_workdays(start, n, bare)
    assert n == 0 or guess.unknown
    assert n == 0 or guess.day.weekday() < 5


# --- a year file ----------------------------------------------------------------------------------------------------

GOOD = {
    "year": 2031,
    "notice": "an invented notice",
    "off": ["2031-01-01", "2031-05-01", "2031-10-01"],
    "work": ["2031-01-04"],
}


def test_a_year_is_read_from_json_and_toml_alike(tmp_path: Path) -> None:
    (tmp_path / "y.json").write_text(json.dumps(GOOD), "utf-8-sig")
    (tmp_path / "y.toml").write_text(
        'year = 2031\nnotice = "an invented notice"\noff = [2031-01-01, "2031-05-01", 2031-10-01]\nwork = [2031-01-04]\n'
    )
    one, other = read_year(tmp_path / "y.json"), read_year(tmp_path / "y.toml")
    assert one == other
    assert not one.shipped
    assert is_workday(day("2031-01-04"), CN.with_year(one))
    (tmp_path / "again.json").write_text(year_as_json(one))
    assert read_year(tmp_path / "again.json") == one


BAD = {
    "not JSON": ("{", "not valid JSON"),
    "a list": ("[]", "year, notice, off"),
    "a field missing": (json.dumps({"year": 2031}), "year, notice, off"),
    "a field too many": (json.dumps({**GOOD, "of": []}), "nothing else"),
    "a year in words": (json.dumps({**GOOD, "year": "2031"}), "year must be"),
    "no notice": (json.dumps({**GOOD, "notice": " "}), "notice"),
    "a day of another year": (json.dumps({**GOOD, "off": [*GOOD["off"], "2032-01-01"]}), "2032-01-01 is not in 2031"),  # type: ignore[misc]
    "a day twice": (json.dumps({**GOOD, "work": ["2031-01-04", "2031-01-04"]}), "stands twice"),
    "a day both off and worked": (json.dumps({**GOOD, "off": [*GOOD["off"], "2031-01-04"]}), "both off and work"),  # type: ignore[misc]
    "a weekday among the worked weekends": (json.dumps({**GOOD, "work": ["2031-01-06"]}), "not a weekend day"),
    "New Year worked": (json.dumps({**GOOD, "off": ["2031-05-01", "2031-10-01"]}), "2031-01-01 is a holiday by law"),
    "no date": (json.dumps({**GOOD, "off": ["soon"]}), "'soon' in off is not a date"),
    "off is no list": (json.dumps({**GOOD, "off": "2031-01-01"}), "must be a list"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_year_file_gets_one_clear_line(name: str, tmp_path: Path) -> None:
    text, says = BAD[name]
    path = tmp_path / "year.json"
    path.write_text(text)
    with pytest.raises(LawError, match=says) as caught:
        read_year(path)
    assert "year.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_year_file_gets_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(LawError, match="cannot read"):
        read_year(tmp_path / "none.json")
