"""Periods called by name: days, weekdays, weeks, months and their parts, quarters, years."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from shared.domain.periods.calendar import DAY, months_later
from shared.domain.periods.days import Days, Frame, Problem
from shared.domain.periods.tokens import MONTHS, WEEKDAYS

Groups = Mapping[str, str | None]
Reading = Days | Problem
_IMPOSSIBLE = Problem("impossible")
_PARTS = {
    **dict.fromkeys(("beginning", "start", "early"), (1, 10)),
    **dict.fromkeys(("mid", "middle"), (11, 20)),
    **dict.fromkeys(("end", "late"), (21, 31)),
}


def month(groups: Groups, frame: Frame) -> Reading:
    """A month; without a year the latest that has begun."""
    number = _month(groups)
    if not 1 <= number <= 12:
        return _IMPOSSIBLE
    year = _year(groups, frame, lambda year: date(year, number, 1))
    return _whole_month(date(year, number, 1))


def last_month_called(groups: Groups, frame: Frame) -> Days:
    """`last March`: the latest that is over."""
    number, today = _month(groups), frame.today
    return _whole_month(date(today.year - (number >= today.month), number, 1))


def this_month_called(groups: Groups, frame: Frame) -> Days:
    """`this March`: this year's."""
    return _whole_month(date(frame.today.year, _month(groups), 1))


def quarter(groups: Groups, frame: Frame) -> Days:
    """A quarter; without a year the latest that has begun."""
    number = _int(groups, "number")
    year = _year(groups, frame, lambda year: date(year, number * 3 - 2, 1))
    first = date(year, number * 3 - 2, 1)
    return Days(first, months_later(first, 3) - DAY, "quarter", f"Q{number} {year}")


def half(groups: Groups, frame: Frame) -> Days:
    """A half of a year; without a year the latest that has begun."""
    number = _int(groups, "number")
    year = _year(groups, frame, lambda year: date(year, number * 6 - 5, 1))
    first = date(year, number * 6 - 5, 1)
    words = f"in the {'first' if number == 1 else 'second'} half of {year}"
    return Days(first, months_later(first, 6) - DAY, "month", words)


def year(groups: Groups, _: Frame) -> Days:
    """A calendar year."""
    number = _int(groups, "year")
    return Days(date(number, 1, 1), date(number, 12, 31), "year", str(number))


def iso_week(groups: Groups, frame: Frame) -> Reading:
    """A week by its ISO 8601 number, Monday to Sunday."""
    number = _int(groups, "number")
    if not 1 <= number <= 53:
        return _IMPOSSIBLE
    counted = min(number, 52)
    year = _year(groups, frame, lambda year: date.fromisocalendar(year, counted, 1))
    try:
        monday = date.fromisocalendar(year, number, 1)
    except ValueError:
        return _IMPOSSIBLE
    return Days(monday, monday + timedelta(days=6), "week", f"in week {number} of {year}")


def weekday(groups: Groups, frame: Frame) -> Days:
    """The latest day of this name before today."""
    last = min(frame.until or frame.yesterday, frame.yesterday)
    day = last - timedelta(days=(last.weekday() - _weekday(groups)) % 7)
    return Days(day, day, "week", f"on {WEEKDAYS[day.weekday()].title()}")


def weekday_of_week(weeks_ago: int) -> Callable[[Groups, Frame], Days]:
    """The day of this name in this week or an earlier one."""

    def read(groups: Groups, frame: Frame) -> Days:
        first = frame.units_ago("week", weeks_ago).start
        day = first + timedelta(days=(_weekday(groups) - first.weekday()) % 7)
        return Days(day, day, "week")

    return read


def day(groups: Groups, frame: Frame) -> Reading:
    """A day of a month; without a year the latest that is not in the future."""
    found = _day(groups, "day", frame)
    if found is None or _is_another_weekday(groups, found):
        return _IMPOSSIBLE
    return Days(found, found)


def iso_day(groups: Groups, _: Frame) -> Reading:
    """2025-03-01."""
    numbers = (groups["iso"] or "").replace("/", "-").replace(".", "-").split("-")
    return _one_day(*map(int, numbers))


def compact_day(groups: Groups, _: Frame) -> Reading:
    """20250301."""
    digits = groups["iso"] or ""
    return _one_day(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def short_day(groups: Groups, frame: Frame) -> Reading:
    """1.3. is 1 March, the latest that is not in the future."""
    return day({"day": groups["one"], "number": groups["two"]}, frame)


def numbers(groups: Groups, _: Frame) -> Reading:
    """1.3.2025 is 1 March; 3/1/2025 may be either, unless only one is a date."""
    one, two, year = (_int(groups, name) for name in ("one", "two", "year"))
    day_first, month_first = _one_day(year, two, one), _one_day(year, one, two)
    if groups["sign"] == "." or isinstance(month_first, Problem) or one == two:
        return day_first
    if isinstance(day_first, Problem):
        return month_first
    return Problem("ambiguous", (month_first.start.isoformat(), day_first.start.isoformat()))


def days_of_month(groups: Groups, frame: Frame) -> Reading:
    """1–15 March."""
    first = _day(groups, "day", frame)
    last = _date(first.year, first.month, _int(groups, "day2")) if first else None
    return Days(first, last) if first and last else _IMPOSSIBLE


def week_of_month(groups: Groups, frame: Frame) -> Reading:
    """The first week of a month is its days 1–7, the last its last seven."""
    if not (groups["nth"] or "").isdigit():
        return last_days({**groups, "n": "7"}, frame)
    last = 7 * _int(groups, "nth")
    return _within(month(groups, frame), last - 6, last)


def first_days(groups: Groups, frame: Frame) -> Reading:
    """The first so many days of a month."""
    count = _int(groups, "n")
    return _within(month(groups, frame), 1, count) if 1 <= count <= 31 else _IMPOSSIBLE


def last_days(groups: Groups, frame: Frame) -> Reading:
    """The last so many days of a month."""
    whole, count = month(groups, frame), _int(groups, "n")
    if isinstance(whole, Problem) or not 1 <= count <= whole.end.day:
        return _IMPOSSIBLE
    return Days(whole.end - timedelta(days=count - 1), whole.end)


def half_month(groups: Groups, frame: Frame) -> Reading:
    """Days 1–15, or from 16 on."""
    first, last = (1, 15) if groups["number"] == "1" else (16, 31)
    return _within(month(groups, frame), first, last)


def part_of_month(groups: Groups, frame: Frame) -> Reading:
    """The beginning, middle or end of a month: days 1–10, 11–20, from 21 on."""
    first, last = _PARTS[groups["edge"] or ""]
    if groups.get("month"):
        return _within(month(groups, frame), first, last)
    return _within(frame.units_ago("month", int(groups["which"] == "last")), first, last)


def _within(whole: Reading, first: int, last: int) -> Reading:
    if isinstance(whole, Problem):
        return whole
    return Days(whole.start.replace(day=first), whole.start.replace(day=min(last, whole.end.day)))


def _whole_month(first: date) -> Days:
    last = months_later(first, 1) - DAY
    return Days(first, last, "month", f"{MONTHS[first.month - 1].title()} {first.year}")


def _one_day(year: int, month: int, day: int) -> Reading:
    found = _date(year, month, day)
    return Days(found, found) if found else _IMPOSSIBLE


def _day(groups: Groups, name: str, frame: Frame) -> date | None:
    number, month = _int(groups, name), _month(groups)
    if groups.get("year") or groups.get("which"):
        return _date(_year(groups, frame, lambda year: date(year, 1, 1)), month, number)
    years = range(frame.latest.year, frame.latest.year - 9, -1)  # 29 February may be years ago
    days = (_date(year, month, number) for year in years)
    return next((d for d in days if d and d <= frame.latest), None)


def _date(year: int, month: int, day: int) -> date | None:
    if 1900 <= year < 2100 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]:
        return date(year, month, day)
    return None


def _is_another_weekday(groups: Groups, day: date) -> bool:
    return bool(groups.get("weekday")) and day.weekday() != _weekday(groups)


def _year(groups: Groups, frame: Frame, begins: Callable[[int], date]) -> int:
    if given := groups.get("year"):
        return int(given)
    if which := groups.get("which"):
        return frame.today.year - (which == "last")
    latest = frame.latest
    # A week may begin in the year before its own, so look one ahead.
    return next(y for y in (latest.year + 1, latest.year, latest.year - 1) if begins(y) <= latest)


def _month(groups: Groups) -> int:
    if name := groups.get("month"):
        return next(n for n, full in enumerate(MONTHS, 1) if full.startswith(name[:3]))
    return _int(groups, "number")


def _weekday(groups: Groups) -> int:
    name = (groups["weekday"] or "")[:3]
    return next(n for n, full in enumerate(WEEKDAYS) if full.startswith(name))


def _int(groups: Groups, name: str) -> int:
    return int(groups[name] or 0)
