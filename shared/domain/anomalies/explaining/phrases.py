"""How findings write names, days, amounts and changes, on top of how answers do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from math import floor, log10

from shared.domain import wording
from shared.domain.semantics import METRICS

MOST_NAME = 60
_TIMES = 2.0  # from here on a rise is told as so many times the usual
_COUNTLESS = 1e6  # and up to here

_YEAR = re.compile(r" \d{4}\b")
_SMALL = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight"}


def name(text: str, most: int = MOST_NAME) -> str:
    """A name as plain text on one line; people and exports may have put anything into it."""
    shown = " ".join("".join(c if c.isprintable() else " " for c in text).split()) or "unnamed"
    return shown if len(shown) <= most else f"{shown[: most - 1].rstrip()}…"


def days(start: date, end: date) -> str:
    """15 March, 10–15 March; the year goes without saying."""
    return _YEAR.sub("", wording.days(start, end))


def during(start: date, end: date) -> str:
    """On 15 March, from 10 to 15 March."""
    if start == end:
        return f"on {days(start, end)}"
    return f"from {' to '.join(re.split(' ?– ?', days(start, end)))}"


def length(start: date, end: date) -> str:
    """Four weeks, two days, 25 days."""
    number = (end - start).days + 1
    weeks, rest = divmod(number, 7)
    if not rest and weeks in _SMALL:
        return f"{_SMALL[weeks]} weeks"
    return f"{_SMALL.get(number, number)} days"


def amount(value: float, metric: str, currency: str) -> str:
    """A metric's value; money from 100 on is without cents."""
    unit = METRICS[metric].unit
    if unit == "money" and abs(value) >= 100:
        return whole(value, currency)
    return wording.figure(value, unit, currency)


def rough(value: float, metric: str, currency: str) -> str:
    """A usual value: a count by its first three digits."""
    counted = METRICS[metric].unit == "count"
    return amount(significant(value, 3) if counted else value, metric, currency)


def whole(value: float, currency: str) -> str:
    """Money without cents."""
    return wording.money(round(value), currency).replace(".00", "")


def significant(value: float, digits: int) -> float:
    """Rounded to so many significant digits, never finer than to a whole number."""
    size = floor(log10(abs(value))) if value else 0
    return round(value, min(digits - 1 - size, 0))


def size(deviation: float) -> str:
    """45 %, 7.6 %."""
    return wording.percent(abs(deviation), 0 if abs(deviation) >= 0.0995 else 1)


def share(fraction: float) -> str:
    """A part of a whole."""
    return wording.percent(fraction, 0)


def times(deviation: float) -> str | None:
    """`2.9 times`, for what at least doubled."""
    factor = 1 + deviation
    if factor < _TIMES:
        return None
    if factor > _COUNTLESS:
        return "over a million times"
    return f"{wording.number(factor, 1 if factor < 10 else 0)} times"


def on(start: date, end: date, holidays: Mapping[date, str]) -> str:
    """`On 18 April (Good Friday)`, `From 17 to 20 April (with Good Friday)`."""
    named = [text for day, text in sorted(holidays.items()) if start <= day <= end]
    lead = "" if start == end else "with "
    known = f" ({lead}{wording.listing(named[:2])})" if named else ""
    return f"{wording.capital(during(start, end))}{known}"


def weekdays(start: date, end: date) -> str:
    """What the usual is usual for."""
    return f"a {start:%A}" if start == end else "these days of the week"
