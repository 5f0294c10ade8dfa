"""The periods that a period is compared with."""

from __future__ import annotations

from datetime import date, timedelta

from shared.domain.periods.calendar import DAY, MONTHS_IN, months_later
from shared.domain.periods.period import Period


def previous_period(period: Period) -> Period:
    """The period of the same length and kind just before.

    March goes back to February, a weekend to the weekend before, seven days to seven days. Of a
    period that is not over, the same number of days counts: 1–11 March goes back to 1–11 February.
    """
    if period.step in MONTHS_IN:
        return _months_before(period)
    length = 7 * -(-period.days // 7) if period.step == "week" else period.days
    back = timedelta(days=length)
    return _moved(period, period.start - back, period.end - back)


def same_period_last_year(period: Period) -> Period:
    """The same calendar dates one year before; 28 February for 29 February."""
    return _moved(period, months_later(period.start, -12), months_later(period.end, -12))


def _months_before(period: Period) -> Period:
    size = MONTHS_IN[period.step]
    start, end = period.start, period.end
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    first = months_later(start, -size * -(-months // size))
    last = start - DAY
    if period.partial:
        last = min(last, first + timedelta(days=period.days - 1))
    return _moved(period, first, last)


def _moved(period: Period, start: date, end: date) -> Period:
    return Period(start=start, end=end, step=period.step)
