"""Calendar arithmetic: where weeks, months, quarters and years begin and end."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from shared.domain.periods.period import Grain

MONTHS_IN: dict[Grain, int] = {"month": 1, "quarter": 3, "year": 12}
DAY = timedelta(days=1)


def months_later(day: date, months: int) -> date:
    """The same day so many months later (or earlier); the month's last if it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def first_of(unit: Grain, day: date, week_start: int = 0) -> date:
    """The first day of the unit that holds the day; `week_start` 0 is Monday."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=(day.weekday() - week_start) % 7)
    months = MONTHS_IN[unit]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def units_later(unit: Grain, day: date, count: int) -> date:
    """The day so many units later (or earlier)."""
    if unit in MONTHS_IN:
        return months_later(day, MONTHS_IN[unit] * count)
    return day + timedelta(days=count * (7 if unit == "week" else 1))


def last_of(unit: Grain, day: date, week_start: int = 0) -> date:
    """The last day of the unit that holds the day."""
    return units_later(unit, first_of(unit, day, week_start), 1) - DAY
