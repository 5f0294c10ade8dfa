"""Days that move demand: a country's public holidays, and retail days that hold in every country.

The public ones come from the package `holidays`, which is loaded when first asked for. Whose they
are is read off the time zone if nobody said: IANA's zone.tab names one country per zone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from shared.domain.countries import countries_of_zones

MOST_YEARS = 50
_ENGLISH = "en_US"


def _black_friday(year: int) -> date:
    """The day after the fourth Thursday of November, which is Thanksgiving (5 U.S.C. § 6103)."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 22)


# Mother's and Father's Day are left out: countries keep them on different days.
RETAIL_DAYS: Mapping[str, Callable[[int], date]] = {
    "Valentine's Day": lambda year: date(year, 2, 14),  # gifts are bought until the day, then not
    "Black Friday": _black_friday,  # the largest sales of the year
    "Cyber Monday": lambda year: _black_friday(year) + timedelta(days=3),  # the same, online
    "Christmas Eve": lambda year: date(year, 12, 24),  # too late to be delivered: demand falls
    "New Year's Eve": lambda year: date(year, 12, 31),  # shops close early
}


def holidays_of(country: str | None, zone: str, first: date, last: date) -> dict[date, str]:
    """The days from `first` to `last`, both included, that have a name; a public one's counts.

    `country` is an ISO 3166 code; without one it is the country of `zone`, an IANA name. Of an
    unknown country only the retail days are known. At most MOST_YEARS years are looked at.
    """
    years = range(first.year, min(last.year, first.year + MOST_YEARS) + 1)
    named = {rule(year): name for year in years for name, rule in RETAIL_DAYS.items()}
    named |= _public(country or country_of(zone), years)
    return {day: named[day] for day in sorted(named) if first <= day <= last}


def _public(country: str | None, years: range) -> dict[date, str]:
    """The public holidays of the whole country, in English where there is a translation."""
    if country is None:
        return {}
    from holidays import country_holidays  # a tenth of a second that most functions save

    try:
        return dict(country_holidays(country, years=years, expand=False, language=_ENGLISH))
    except NotImplementedError:
        return {}


def country_of(zone: str) -> str | None:
    """The country (ISO 3166) of an IANA zone; None for UTC and its like, and for old names."""
    return countries_of_zones().get(zone)
