"""Periods told from today: yesterday, last week, the last 30 days, this month, 3 days ago."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from shared.domain.periods.days import LONGEST, Days, Frame, Problem, Relative
from shared.domain.periods.period import Grain

Groups = Mapping[str, str | None]

_UNITS: dict[str, Grain] = {
    "day": "day",
    "week": "week",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
    "d": "day",
    "w": "week",
    "m": "month",
    "q": "quarter",
    "y": "year",
}
_DAYS_IN: dict[Grain, int] = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
_FEW: dict[Grain, tuple[int, int]] = {
    "day": (3, 7),
    "week": (2, 4),
    "month": (3, 6),
    "quarter": (2, 4),
    "year": (2, 3),
}


def _unit(groups: Groups) -> Grain:
    return _UNITS[groups.get("unit") or groups.get("short") or "day"]


def days_back(count: int, words: str) -> Callable[[Groups, Frame], Days]:
    """One day, so many before today."""

    def read(_: Groups, frame: Frame) -> Days:
        day = frame.today - timedelta(days=count)
        return Days(day, day, words=words)

    return read


def last_unit(groups: Groups, frame: Frame) -> Days:
    """The last complete week, month, quarter or year."""
    unit = _unit(groups)
    words = "yesterday" if unit == "day" else f"last {unit}"
    return frame.units_ago(unit, 1).named(words)


def last_units(groups: Groups, frame: Frame) -> Days | Problem:
    """So many complete units before today."""
    unit, count = _unit(groups), _count(groups)
    if not 0 < count * _DAYS_IN[unit] <= LONGEST:
        return Problem("impossible")
    words = f"the last {count} {unit}s" if count > 1 else f"last {unit}"
    return frame.units_ago(unit, 1, count).named(words)


def last_few(groups: Groups, _: Frame) -> Problem:
    """`few` is no number."""
    unit = _unit(groups)
    return Problem("vague", tuple(f"the last {count} {unit}s" for count in _FEW[unit]))


def past_year(_: Groups, frame: Frame) -> Days:
    """The last 365 days: `last year` is the calendar's, the past year is not."""
    return frame.units_ago("day", 1, 365).named("the last 365 days")


def last_fortnight(_: Groups, frame: Frame) -> Days:
    """The last 14 days."""
    return frame.units_ago("day", 1, 14).named("the last 14 days")


def last_half(_: Groups, frame: Frame) -> Days:
    """The last complete half of a year."""
    months = (frame.today.month - 1) % 6 + 1
    return frame.units_ago("month", months, 6)


def before_last(groups: Groups, frame: Frame) -> Days:
    """The unit before the last complete one."""
    unit = _unit(groups)
    return frame.units_ago(unit, 2).named(f"the {unit} before last")


def this_unit(groups: Groups, frame: Frame) -> Days:
    """The unit that holds today."""
    unit = _unit(groups)
    return frame.around(unit, frame.today, f"this {unit}")


def units_ago(groups: Groups, frame: Frame) -> Days | Problem:
    """The one day, calendar week, month … so many before this one."""
    unit, count = _unit(groups), _count(groups)
    if count * _DAYS_IN[unit] > LONGEST:
        return Problem("impossible")
    return frame.units_ago(unit, count)


def _count(groups: Groups) -> int:
    given = groups.get("n") or "1"
    return 2 if given == "couple" else int(given)


def weekend_back(count: int) -> Callable[[Groups, Frame], Days]:
    """The Saturday and Sunday so many before this week's, or the last complete ones."""

    def read(_: Groups, frame: Frame) -> Days:
        since_saturday = (frame.today.weekday() - 5) % 7
        saturday = frame.today - timedelta(days=since_saturday)
        if since_saturday < 2:  # it is weekend now
            saturday -= timedelta(days=7 * count)
        else:
            saturday -= timedelta(days=7 * (count - 1))
        words = "last weekend" if count == 1 else ""
        return Days(saturday, saturday + timedelta(days=1), "week", words)

    return read


def future(_: Groups, __: Frame) -> Problem:
    """Days to come."""
    return Problem("future")


def next_units(groups: Groups, frame: Frame) -> Problem:
    """The whole unit that comes next, or so many of them."""
    unit, count = _unit(groups), _count(groups)
    if count * _DAYS_IN[unit] > LONGEST:
        return Problem("future")
    return Problem("future", days=frame.units_ago(unit, -count, count))


def last_count(groups: Groups, _: Frame) -> Problem:
    """`last 7`, without a unit."""
    count = _count(groups)
    return Problem("vague", tuple(f"last {count} {unit}s" for unit in ("day", "week", "month")))


def life(_: Groups, __: Frame) -> Relative:
    """All days there are."""
    return Relative("life")


def previous(groups: Groups, _: Frame) -> Relative:
    """The period just before, by a unit if one is named."""
    unit = groups.get("unit") or groups.get("short")
    if unit and _UNITS[unit] == "year":
        return Relative("year_ago")
    return Relative("previous", _UNITS[unit] if unit else None, count=_count(groups))


def over(groups: Groups, _: Frame) -> Relative:
    """Month over month."""
    return Relative("previous", _unit(groups), in_steps=True)


def year_ago(_: Groups, __: Frame) -> Relative:
    """The same dates one year before."""
    return Relative("year_ago")
