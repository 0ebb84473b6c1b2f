"""Working days (工作日) in China and deadlines counted in them. WORKFLOWS §0; question A-01; Civil Code 201–203.

The day a period starts is not counted. A working day is one that the notice of the General Office of the State Council
for its year leaves or makes one. A year without a loaded notice raises; nothing is ever guessed unless asked for.
"""

import calendar as months
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from hegui.law.errors import CalendarUnknown, LawError

# Bare machines have no time zone database; China has had no summer time since 1991, so the offset is enough.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
_DAY = timedelta(days=1)
# New Year, Labour Day and National Day are days off by law in every year; a table that works them is wrong.
_ALWAYS_OFF = ((1, 1), (5, 1), (10, 1))


@dataclass(frozen=True, slots=True)
class Year:
    """The table of one year. `off`: days not worked; `work`: weekend days worked in exchange (调休上班)."""

    year: int
    notice: str
    off: frozenset[date]
    work: frozenset[date]
    shipped: bool = True


@dataclass(frozen=True, slots=True)
class Calendar:
    """The years that are loaded. `guesses`: count years that are missing as Monday to Friday (see `provisional`)."""

    years: dict[int, Year]
    guesses: bool = False

    def with_year(self, year: Year) -> "Calendar":
        return replace(self, years=dict(sorted({**self.years, year.year: year}.items())))


@dataclass(frozen=True, slots=True)
class Provisional:
    """A date counted with Monday to Friday in `unknown` years: to be shown as provisional, never acted upon."""

    day: date
    unknown: tuple[int, ...]


@cache
def shipped_calendar() -> Calendar:
    path = Path(__file__).parent / "workdays_cn.json"
    rows = json.loads(path.read_text("utf-8"))["years"]
    return Calendar({row["year"]: _year(row, path, shipped=True) for row in rows})


def read_year(path: Path) -> Year:
    """Read a year a user loads: JSON or TOML with year, notice, off and work. Raises LawError naming what is wrong.

    {"year": 2027, "notice": "国办发明电〔2026〕…号, 2026-11-…", "off": ["2027-01-01", …], "work": ["2027-02-06", …]}
    """
    try:
        text = path.read_text("utf-8-sig")
        row = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except OSError as error:
        raise LawError(
            f"读不了 {path}：{error.strerror}；请给出一个 JSON 或 TOML 年度文件",
            f"cannot read {path}: {error.strerror}; give a year file in JSON or TOML",
        ) from None
    except (ValueError, RecursionError) as error:
        raise LawError(
            f"{path}：不是有效的 JSON 或 TOML：{error}；{_FORM.zh}",
            f"{path}: not valid JSON or TOML: {error}; {_FORM.en}",
        ) from None
    return _year(row, path, shipped=False)


def is_workday(day: date, calendar: Calendar) -> bool:
    """Whether a day is worked. Raises CalendarUnknown when its year is not loaded."""
    year = calendar.years.get(day.year)
    if year is None:
        if calendar.guesses:
            return day.weekday() < 5
        raise CalendarUnknown(day.year)
    return day in year.work or (day.weekday() < 5 and day not in year.off)


def counted_days(start: date, n: int, calendar: Calendar) -> tuple[date, ...]:
    """The n working days after `start`, which itself is not counted: the evidence of a deadline."""
    if n < 0:
        raise LawError(f"工作日数不能为负：{n}", f"a number of working days cannot be negative: {n}")
    days = _workdays_after(start, calendar)
    return tuple(next(days) for _ in range(n))


def add_workdays(start: date, n: int, calendar: Calendar) -> date:
    """The last day of a period of n working days from `start`. Raises CalendarUnknown for a missing year."""
    return (start, *counted_days(start, n, calendar))[-1]


def workdays_between(start: date, end: date, calendar: Calendar) -> int:
    """How many working days follow `start` up to and including `end`; 0 when `end` is not later."""
    return sum(is_workday(start + step * _DAY, calendar) for step in range(1, (end - start).days + 1))


def add_months(start: date, n: int, roll: bool, calendar: Calendar) -> date:
    """The corresponding day n months later, or the last day of that month when it has none.

    `roll` for duties to perform: a last day that is not worked goes on to the next working day. Periods of display and
    of bans do not roll, and need no calendar.
    """
    if n < 0:
        raise LawError(f"月数不能为负：{n}", f"a number of months cannot be negative: {n}")
    years, month = divmod(start.month - 1 + n, 12)
    if start.year + years > date.max.year:
        raise CalendarUnknown(start.year + years)
    year, month = start.year + years, month + 1
    day = date(year, month, min(start.day, months.monthrange(year, month)[1]))
    while roll and not is_workday(day, calendar):
        day = _next(day)
    return day


def end_of(day: date) -> datetime:
    """24:00 of a day in Shanghai, when its period ends: the first moment of the next day."""
    return datetime.combine(_next(day), time(), SHANGHAI)


def provisional_workdays(start: date, n: int, calendar: Calendar) -> Provisional:
    """What add_workdays would give if the years that are missing had neither holidays nor exchanged weekends."""
    day = add_workdays(start, n, replace(calendar, guesses=True))
    return Provisional(day, _unknown(start + _DAY, day, calendar))


def provisional_months(start: date, n: int, roll: bool, calendar: Calendar) -> Provisional:
    """The same for add_months; only a last day that may roll asks for a calendar."""
    day = add_months(start, n, roll, replace(calendar, guesses=True))
    return Provisional(day, _unknown(add_months(start, n, False, calendar), day, calendar) if roll else ())


def _workdays_after(start: date, calendar: Calendar) -> Iterator[date]:
    day = start
    while True:
        day = _next(day)
        if is_workday(day, calendar):
            yield day


def _next(day: date) -> date:
    if day == date.max:
        raise CalendarUnknown(day.year + 1)
    return day + _DAY


def _unknown(first: date, last: date, calendar: Calendar) -> tuple[int, ...]:
    return tuple(year for year in range(first.year, last.year + 1) if year not in calendar.years)


# --- a year file ----------------------------------------------------------------------------------------------------

_FORM = LawError(
    "年度文件要有 year（年份）、notice（依据的通知）、off（放假日）、work（调休上班日）",
    "a year file has year, notice, off (days not worked) and work (weekend days worked)",
).words


def year_as_json(year: Year) -> str:
    """The documented form of a year file; what `read_year` reads."""
    row = {
        "year": year.year,
        "notice": year.notice,
        "off": [day.isoformat() for day in sorted(year.off)],
        "work": [day.isoformat() for day in sorted(year.work)],
    }
    return json.dumps(row, ensure_ascii=False, indent=1) + "\n"


def _year(row: Any, path: Path, *, shipped: bool) -> Year:
    if not isinstance(row, dict) or set(row) != {"year", "notice", "off", "work"}:
        raise LawError(f"{path}：{_FORM.zh}，且仅有这四项", f"{path}: {_FORM.en}, and nothing else")
    number, notice = row["year"], row["notice"]
    if not isinstance(number, int) or isinstance(number, bool) or not 1949 <= number <= 2199:
        raise LawError(
            f"{path}：year 要是 1949 到 2199 的整数，写的是 {number!r}", f"{path}: year must be 1949 … 2199: {number!r}"
        )
    if not isinstance(notice, str) or not notice.strip():
        raise LawError(f"{path}：notice 要写明依据的通知", f"{path}: notice must name the notice it comes from")
    off, work = _days(row["off"], "off", number, path), _days(row["work"], "work", number, path)
    for day in sorted(off & work):
        _refuse(path, day, "同时列在 off 和 work", "stands in both off and work")
    for day in sorted(work):
        if day.weekday() < 5:
            _refuse(path, day, "不是周末，不能列在 work（调休上班日）", "is not a weekend day, so it cannot be in work")
    for month, number_of_day in _ALWAYS_OFF:
        day = date(number, month, number_of_day)
        if day not in off and (day in work or day.weekday() < 5):
            _refuse(
                path,
                day,
                "是法定放假日，应列在 off；请核对是否漏抄",
                "is a holiday by law and belongs in off; is the table complete?",
            )
    return Year(number, notice, off, work, shipped)


def _days(rows: Any, name: str, year: int, path: Path) -> frozenset[date]:
    if not isinstance(rows, list):
        raise LawError(f"{path}：{name} 要是日期的列表", f"{path}: {name} must be a list of dates")
    days: list[date] = []
    for one in rows:
        try:
            # TOML knows dates; JSON has them as text.
            day = one if type(one) is date else date.fromisoformat(one)
        except (TypeError, ValueError):
            raise LawError(
                f"{path}：{name} 中的 {one!r} 不是日期；写成 {year}-01-01",
                f"{path}: {one!r} in {name} is not a date; write {year}-01-01",
            ) from None
        if day.year != year:
            _refuse(path, day, f"不在 {year} 年内（{name}）", f"is not in {year} ({name})")
        if day in days:
            _refuse(path, day, f"在 {name} 中重复", f"stands twice in {name}")
        days.append(day)
    return frozenset(days)


def _refuse(path: Path, day: date, zh: str, en: str) -> None:
    raise LawError(f"{path}：{day} {zh}", f"{path}: {day} {en}")
