"""How texts for people write numbers, money, days and lists, in English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from shared.domain.semantics import METRICS, Unit

# Sign, whether it stands before the number, decimals. Any other currency: its code, 2 decimals.
CURRENCIES: dict[str, tuple[str, bool, int]] = {
    "EUR": ("€", True, 2),
    "USD": ("$", True, 2),
    "GBP": ("£", True, 2),
    "INR": ("₹", True, 2),
    "JPY": ("¥", True, 0),
    "KRW": ("₩", True, 0),
    "CLP": ("CLP", False, 0),
    "ISK": ("ISK", False, 0),
    "VND": ("₫", False, 0),
}
UNDEFINED = "–"
MOST_NAMED = 5

_PLURAL = {"impressions", "clicks", "conversions"}
_MINUS = "−"


def number(value: float, decimals: int) -> str:
    """Thousands by commas, at most so many decimals: 1,234.5."""
    text = f"{abs(value):,.{decimals}f}"
    if decimals:
        text = text.rstrip("0").rstrip(".")
    return f"{_MINUS}{text}" if value < 0 and text != "0" else text


def money(value: float, currency: str) -> str:
    """€1,234.56 or 1,234.56 CHF."""
    sign, before, decimals = CURRENCIES.get(currency, (currency, False, 2))
    text = f"{abs(value):,.{decimals}f}"
    minus = _MINUS if value < 0 else ""
    return f"{minus}{sign}{text}" if before else f"{minus}{text} {sign}"


def percent(fraction: float, decimals: int = 2) -> str:
    """0.034 → 3.4 %."""
    return f"{number(fraction * 100, decimals)} %"


def figure(value: float | None, unit: Unit, currency: str) -> str:
    """A metric's value in its unit; an undefined one is a dash."""
    if value is None:
        return UNDEFINED
    if unit == "money":
        return money(value, currency)
    if unit == "percent":
        return percent(value)
    if unit == "ratio":  # always with cents, as money: 4.90 beside 3.84
        return f"{_MINUS if round(value, 2) < 0 else ''}{abs(value):,.2f}"
    return number(value, {"count": 0, "decimal": 1}[unit])


def why_undefined(metric_id: str) -> str:
    """Why a metric has no value."""
    below = METRICS[metric_id].denominator
    return f"no {below}" if below else "not in the data"


def changed(change: float) -> str:
    """0.123 → up 12.3 % from; to be followed by the earlier value."""
    if round(change, 3) == 0:
        return "practically unchanged from" if change else "unchanged from"
    return f"{'up' if change > 0 else 'down'} {percent(abs(change), 1)} from"


def label(metric_id: str) -> str:
    """A metric as it stands inside a sentence."""
    return METRICS[metric_id].label


def was(metric_id: str) -> str:
    """`spend was`, `clicks were`."""
    return f"{label(metric_id)} {'were' if metric_id in _PLURAL else 'was'}"


def capital(text: str) -> str:
    """With a capital first letter."""
    return f"{text[:1].upper()}{text[1:]}"


def listing(parts: Sequence[str]) -> str:
    """a, b and c."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def some(parts: Sequence[str]) -> str:
    """The first few of them, and whether there are others."""
    if len(parts) <= MOST_NAMED:
        return listing(parts)
    return f"{', '.join(parts[:MOST_NAMED])} and others in the table"


def day(value: date) -> str:
    """3 March 2025."""
    return f"{value.day} {value:%B} {value.year}"


def days(start: date, end: date) -> str:
    """3–9 March 2025, or 28 February – 3 March 2025."""
    if start == end:
        return day(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day(end)}"
    first = f"{start.day} {start:%B}" if start.year == end.year else day(start)
    return f"{first} – {day(end)}"


def bucket(value: date, grain: str) -> str:
    """A step of the time axis by its first day."""
    names = {
        "day": day(value),
        "week": f"the week of {day(value)}",
        "month": f"{value:%B} {value.year}",
        "quarter": f"Q{(value.month + 2) // 3} {value.year}",
        "year": str(value.year),
    }
    return names[grain]
