"""The fiscal years that a file declares (#RAR), and where in them a day or a month lies.

A year is named after the calendar year in which it ends; its periods are its months in order, so that a calendar year's
period is the month. Longer years than twelve months have no periods 1-12 and are refused.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from bokslut.intake.sie.fields import date
from bokslut.intake.sie.records import FiscalYear
from bokslut.intake.sie.trouble import FieldError

EPOCH = datetime.date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Day:
    """A day in a fiscal year. year_number: as in #RAR. days: since 1970-01-01."""

    year_number: int
    fiscal_year: int
    period: int
    days: int


class Years:
    """The fiscal years by number. Without any #RAR, as in type 4I, each calendar year is one, numbered by itself."""

    def __init__(self) -> None:
        self.by_number: dict[int, FiscalYear] = {}

    def add(self, year: FiscalYear) -> None:
        """Note a year. Raises FieldError for a wrong span, a number given before, or an overlap."""
        if year.number in self.by_number:
            raise FieldError("the fiscal year stands twice", str(year.number), "number")
        if year.number > 0:
            raise FieldError("a fiscal year's number is 0, -1, -2 ...", str(year.number), "number")
        if year.ends_on < year.starts_on:
            raise FieldError("the fiscal year ends before it begins", f"{year.ends_on:%Y%m%d}", "end")
        if months(year.starts_on, year.ends_on) > 12:
            raise FieldError(
                "a fiscal year of more than twelve months has no periods 1-12", f"{year.ends_on:%Y%m%d}", "end"
            )
        for other in self.by_number.values():
            if year.starts_on <= other.ends_on and other.starts_on <= year.ends_on:
                raise FieldError(f"the fiscal year overlaps year {other.number}", f"{year.starts_on:%Y%m%d}", "start")
        self.by_number[year.number] = year

    def day(self, value: str) -> Day:
        """A date as written. Raises FieldError for no date and for one outside every fiscal year."""
        day = date(value)
        days = day.toordinal() - EPOCH
        if not self.by_number:
            return Day(day.year, day.year, day.month, days)
        for year in self.by_number.values():
            if year.starts_on <= day <= year.ends_on:
                return Day(year.number, year.ends_on.year, months(year.starts_on, day), days)
        raise FieldError(f"the day lies outside the fiscal years of the file ({self.told()})", value, "date")

    def month(self, number: int, period: int) -> tuple[int, int]:
        """Fiscal year and period of a month YYYYMM in the year of that number. Raises FieldError."""
        year = self.year(number)
        first = datetime.date(period // 100, period % 100, 1)
        if not year.starts_on.replace(day=1) <= first <= year.ends_on:
            raise FieldError(f"the month lies outside fiscal year {number} ({self.told()})", str(period), "period")
        return year.ends_on.year, months(year.starts_on, first)

    def year(self, number: int) -> FiscalYear:
        """The year of a number. Raises FieldError when the file has no #RAR for it."""
        if number not in self.by_number:
            raise FieldError("the file has no #RAR for this year", str(number), "year")
        return self.by_number[number]

    def told(self) -> str:
        """The spans of the years, for a message."""
        return ", ".join(f"{year.starts_on} - {year.ends_on}" for year in self.by_number.values())


def months(start: datetime.date, end: datetime.date) -> int:
    """How many months a span touches."""
    return (end.year - start.year) * 12 + end.month - start.month + 1
