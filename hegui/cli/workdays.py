"""`hegui workdays`: deadlines in working days and months, with the days that were counted."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hegui.cli.audit import Lang, LangOption
from hegui.cli.law import Replace, say

if TYPE_CHECKING:
    from hegui.law.errors import CalendarUnknown
    from hegui.law.workdays import Calendar, Provisional

workdays = typer.Typer(help="工作日与期限 / working days and deadlines")

_WEEKDAYS = (
    ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
)

Start = Annotated[
    str, typer.Argument(metavar="DATE", help="起算日，不计入，如 2026-02-11 / the day it starts, not counted")
]


@workdays.command()
def add(
    start: Start,
    n: Annotated[int, typer.Argument(metavar="N", min=0, max=100_000, help="工作日数 / number of working days")],
    lang: LangOption = Lang.zh,
) -> None:
    """从某日起 N 个工作日的最后一日，并列出所计各日 / The last day of N working days, with the days counted."""
    from hegui.law.errors import CalendarUnknown
    from hegui.law.layer import law_in_force
    from hegui.law.workdays import counted_days, provisional_workdays

    zh, first, calendar = lang is Lang.zh, _date(start), law_in_force().calendar
    try:
        days = counted_days(first, n, calendar)
    except CalendarUnknown as unknown:
        raise _with_provisional(unknown, provisional_workdays(first, n, calendar)) from None
    say(_until(days[-1] if days else first, zh), "bold")
    say(f"  {'起算日不计' if zh else 'start, not counted'}: {_named(first, zh)}")
    for number, day in enumerate(days, 1):
        say(f"  {number:>3}  {_named(day, zh)}{_exchanged(day, calendar, zh)}")


@workdays.command()
def count(
    start: Annotated[str, typer.Argument(metavar="FROM", help="起算日，不计入 / the day it starts, not counted")],
    end: Annotated[str, typer.Argument(metavar="TO", help="末日，计入 / the last day, counted")],
    lang: LangOption = Lang.zh,
) -> None:
    """两日之间有几个工作日 / How many working days lie between two days."""
    from hegui.law.errors import LawError
    from hegui.law.layer import law_in_force
    from hegui.law.workdays import workdays_between

    first, last = _date(start), _date(end)
    if last < first:
        raise LawError(f"末日 {last} 早于起算日 {first}", f"the last day {last} is before the first, {first}")
    many = workdays_between(first, last, law_in_force().calendar)
    say(
        f"{many} 个工作日（{first} 不计，{last} 计入）"
        if lang is Lang.zh
        else f"{many} working days ({first} not counted, {last} counted)"
    )


@workdays.command()
def months(
    start: Start,
    n: Annotated[int, typer.Argument(metavar="N", min=0, max=1200, help="月数 / number of months")],
    roll: Annotated[
        bool,
        typer.Option(
            "--roll/--no-roll", help="末日休息则顺延（履行义务用）；展示期、禁止期不顺延 / roll a last day off work"
        ),
    ] = True,
    lang: LangOption = Lang.zh,
) -> None:
    """从某日起 N 个月的最后一日 / The last day of N months."""
    from hegui.law.errors import CalendarUnknown
    from hegui.law.layer import law_in_force
    from hegui.law.workdays import add_months, provisional_months

    zh, first, calendar = lang is Lang.zh, _date(start), law_in_force().calendar
    try:
        day = add_months(first, n, roll, calendar)
    except CalendarUnknown as unknown:
        raise _with_provisional(unknown, provisional_months(first, n, roll, calendar)) from None
    say(_until(day, zh), "bold")
    plain = add_months(first, n, False, calendar)
    if plain != day:
        say(f"  {_named(plain, zh)} {'休息，顺延' if zh else 'is off work: rolled on'}")


@workdays.command()
def load(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="年度文件（JSON/TOML：year, notice, off, work） / a year file")
    ],
    replace: Replace = False,
    lang: LangOption = Lang.zh,
) -> None:
    """载入一个年度的放假通知，存入用户层 / Load a year of working days into the user layer."""
    from hegui.law.layer import law_in_force, save_year
    from hegui.law.workdays import read_year

    here, year = law_in_force(), read_year(file)
    path = save_year(year, here.home, here.calendar, replace_other=replace)
    off = sum(day.weekday() < 5 for day in year.off)
    say(
        f"{year.year}：{year.notice}；平日放假 {off} 天，调休上班 {len(year.work)} 天；已存入 {path}"
        if lang is Lang.zh
        else f"{year.year}: {year.notice}; {off} weekdays off, {len(year.work)} weekend days worked; kept in {path}"
    )


@workdays.command("list")
def list_(lang: LangOption = Lang.zh) -> None:
    """列出已载入的年度及其依据 / The years that are loaded, and the notice each comes from."""
    from hegui.law.layer import law_in_force

    zh = lang is Lang.zh
    for year in law_in_force().calendar.years.values():
        off = sum(day.weekday() < 5 for day in year.off)
        origin = ("随附" if zh else "shipped") if year.shipped else ("用户层" if zh else "user layer")
        say(
            f"{year.year}  平日放假 {off} 天，调休上班 {len(year.work)} 天  {year.notice}  {origin}"
            if zh
            else f"{year.year}  {off} weekdays off, {len(year.work)} weekend days worked  {year.notice}  {origin}"
        )


def _date(text: str) -> date:
    from hegui.law.errors import LawError

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise LawError(f"{text!r} 不是日期；写成 2026-02-11", f"{text!r} is not a date; write 2026-02-11") from None


def _named(day: date, zh: bool) -> str:
    return f"{day} {_WEEKDAYS[not zh][day.weekday()]}"


def _until(day: date, zh: bool) -> str:
    return f"{_named(day, zh)} 24:00（北京时间）止" if zh else f"ends {_named(day, zh)} 24:00 Asia/Shanghai"


def _exchanged(day: date, calendar: "Calendar", zh: bool) -> str:
    if day not in calendar.years[day.year].work:
        return ""
    return " 调休上班" if zh else " worked in exchange"


def _with_provisional(unknown: "CalendarUnknown", guess: "Provisional") -> Exception:
    """The error of a missing year, with the provisional date in it: nobody may take it for an answer."""
    from hegui.law.errors import LawError

    return LawError(
        f"{unknown.words.zh}。暂定 {guess.day}（缺的年度按周一至周五计，不作依据）",
        f"{unknown.words.en}. Provisional: {guess.day} (missing years counted Monday to Friday; not to be acted upon)",
    )
