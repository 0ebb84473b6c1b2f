"""LawError: a pack, an official text, a user layer or a calendar that cannot be used."""

from hegui.errors import HeguiError


class LawError(HeguiError):
    pass


class CalendarUnknown(LawError):
    """The working-day calendar of a year is not loaded; the reason code is CAL_UNKNOWN."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"没有 {year} 年的工作日历（CAL_UNKNOWN）；请在国务院办公厅通知发布后用 hegui workdays load 文件 载入",
            f"no working-day calendar for {year} (CAL_UNKNOWN); load one with: hegui workdays load FILE",
        )
        self.year = year

    def __reduce__(self) -> tuple[type, tuple[int]]:  # type: ignore[override]
        return type(self), (self.year,)
