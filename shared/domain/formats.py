"""How texts write figures and days for somebody's locale. The words around them stay English.

Without a locale, or with one that nobody knows, it is the style of shared.domain.wording. Signs and
units never break from their number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
)

from shared.domain import wording
from shared.domain.semantics import METRICS

WHOLE_FROM = 100  # from here on a sentence leaves out the decimals of money
_MANY = 1000  # and of a count that platforms report in fractions

_BIDI = re.compile("[\u061c\u200e\u200f]")  # marks for text that runs right to left: ours does not
_CENTS = re.compile(r"\.0+")
_YEAR = re.compile(r",? \d{4}\b")
_CODE = re.compile(r"(?<=[^\W\d_])(?=[−\d])")  # CHF12 is read as one word
_NBSP = "\u00a0"


class Formats:
    """Figures as `locale` (de, de-DE) writes them, money in `currency` (ISO 4217)."""

    def __init__(self, locale: str | None, currency: str) -> None:
        self.currency = currency
        self._locale = _known(locale) if locale else None

    def number(self, value: float, decimals: int = 0) -> str:
        """1,234.5: at most so many decimals."""
        if self._locale is None:
            return wording.number(value, decimals)
        whole = _pattern(self._locale.decimal_formats[None].pattern)
        pattern = whole + ("." + "#" * decimals if decimals else "")
        return _shown(format_decimal(_exact(value), pattern, locale=self._locale))

    def money(self, value: float) -> str:
        """€1,234.56: with the decimals of its currency, as tables show it."""
        value = self._rounded(value)
        if self._locale is None:
            return _shown(wording.money(value, self.currency))
        return _shown(format_currency(_exact(value), self.currency, locale=self._locale))

    def amount(self, value: float) -> str:
        """€1,235: money as a sentence tells it; decimals only if it has some, below WHOLE_FROM."""
        value = self._rounded(value)
        if abs(value) < WHOLE_FROM and not value.is_integer():
            return self.money(value)
        value = float(round(value))
        if self._locale is None:
            return _shown(_CENTS.sub("", wording.money(value, self.currency)))
        pattern = _CENTS.sub("", self._locale.currency_formats["standard"].pattern)
        return _shown(
            format_currency(
                _exact(value), self.currency, pattern, locale=self._locale, currency_digits=False
            )
        )

    def percent(self, fraction: float, decimals: int = 2) -> str:
        """0.034 → 3.4 %: at most so many decimals."""
        if self._locale is None:
            return _shown(wording.percent(fraction, decimals))
        form = "0." + "#" * decimals if decimals else "0"
        pattern = self._locale.percent_formats[None].pattern.replace("0", form, 1)
        return _shown(format_percent(_exact(fraction), pattern, locale=self._locale))

    def change(self, fraction: float) -> str:
        """How much something changed, without its direction: 45 %, 7.6 %."""
        return self.percent(abs(fraction), 0 if abs(fraction) >= 0.0995 else 1)

    def figure(self, metric: str, value: float | None) -> str:
        """A metric's value in its unit, exact; an undefined one is a dash."""
        if value is None:
            return wording.UNDEFINED
        unit = METRICS[metric].unit
        if unit == "money":
            return self.money(value)
        if unit == "percent":
            return self.percent(value)
        if unit == "ratio":  # always with cents, as money
            return self._ratio(value)
        return self.number(value, {"count": 0, "decimal": 1}[unit])

    def told(self, metric: str, value: float | None) -> str:
        """A metric's value as a sentence tells it."""
        if value is not None and METRICS[metric].unit == "money":
            return self.amount(value)
        if value is not None and METRICS[metric].unit == "decimal" and abs(value) >= _MANY:
            return self.number(value)
        return self.figure(metric, value)

    def day(self, value: date) -> str:
        """3 March 2025, or March 3, 2025 where English is written so."""
        if self._month_first:
            return f"{value:%B} {value.day}, {value.year}"
        return wording.day(value)

    def days(self, start: date, end: date) -> str:
        """3–9 March 2025, or March 3–9, 2025."""
        if not self._month_first or start == end:
            return wording.days(start, end) if start != end else self.day(start)
        if (start.year, start.month) == (end.year, end.month):
            return f"{start:%B} {start.day}–{end.day}, {end.year}"
        first = self.day(start) if start.year != end.year else f"{start:%B} {start.day}"
        return f"{first} – {self.day(end)}"

    def near(self, start: date, end: date) -> str:
        """Days near to what is spoken of: the year goes without saying. 3–9 March."""
        return _YEAR.sub("", self.days(start, end))

    def these(self, days: Sequence[date]) -> str:
        """Some days, those in a row together: 3–5 and 8 March."""
        rows: list[tuple[date, date]] = []
        for one in sorted(set(days)):
            if rows and one - rows[-1][1] == timedelta(days=1):
                rows[-1] = (rows[-1][0], one)
            else:
                rows.append((one, one))
        return wording.listing([self.near(start, end) for start, end in rows])

    @property
    def _month_first(self) -> bool:
        known = self._locale
        return known is not None and known.language == "en" and _begins_with_month(known)

    def _rounded(self, value: float) -> float:
        """To the currency's decimals; never minus zero."""
        return round(float(value), get_currency_precision(self.currency)) + 0.0

    def _ratio(self, value: float) -> str:
        if self._locale is None:
            return wording.figure(value, "ratio", self.currency)
        return _shown(format_decimal(_exact(value), "#,##0.00", locale=self._locale))


def _begins_with_month(locale: Locale) -> bool:
    return str(locale.date_formats["long"].pattern).startswith("M")


@lru_cache(maxsize=512)
def _known(name: str) -> Locale | None:
    """The locale, its language alone if the land is not known with it, or none."""
    for one in (name.replace("-", "_"), name.partition("-")[0]):
        try:
            return Locale.parse(one)
        except (UnknownLocaleError, ValueError):
            continue
    return None


def _pattern(pattern: str) -> str:
    """A number's pattern without decimals: how thousands are parted."""
    return pattern.partition(".")[0]


def _exact(value: float) -> Decimal:
    """The decimal that a float is written as; never minus zero."""
    return Decimal(repr(float(value))) + 0


def _shown(text: str) -> str:
    """On one line, with a minus that is none of a compound word's, and without invisible marks."""
    return _CODE.sub(_NBSP, _BIDI.sub("", text).replace(" ", _NBSP).replace("-", "−"))
