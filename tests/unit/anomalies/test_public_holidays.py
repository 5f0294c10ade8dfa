"""Days with a name: a country's public holidays and the days on which people buy everywhere."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from shared.domain.public_holidays import RETAIL_DAYS, country_of, holidays_of

YEAR = (date(2025, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("country", "day", "name"),
    [
        ("DE", date(2025, 10, 3), "German Unity Day"),
        ("DE", date(2025, 4, 18), "Good Friday"),
        ("US", date(2025, 7, 4), "Independence Day"),
        ("FR", date(2025, 4, 21), "Easter Monday"),
        ("JP", date(2025, 11, 3), "Culture Day"),
        ("IN", date(2025, 8, 15), "Independence Day"),
    ],
)
def test_public_holidays_carry_english_names(country, day, name):
    assert holidays_of(country, "UTC", *YEAR)[day] == name


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2024, 11, 29), "Black Friday"),
        (date(2024, 12, 2), "Cyber Monday"),
        (date(2025, 2, 14), "Valentine's Day"),
        (date(2025, 11, 28), "Black Friday"),
        (date(2025, 12, 1), "Cyber Monday"),
        (date(2025, 12, 24), "Christmas Eve"),
        (date(2025, 12, 31), "New Year's Eve"),
        (date(2026, 11, 27), "Black Friday"),
        (date(2027, 11, 26), "Black Friday"),
    ],
)
def test_retail_days_are_known_everywhere(day, name):
    assert holidays_of(None, "UTC", day, day) == {day: name}


def test_a_regional_holiday_is_not_a_national_one():
    assert date(2025, 8, 15) not in holidays_of("DE", "UTC", *YEAR)  # Assumption, in Bavaria


def test_the_zone_says_whose_holidays_count_unless_the_country_does():
    unity = date(2025, 10, 3)
    assert unity in holidays_of(None, "Europe/Berlin", unity, unity)
    assert unity not in holidays_of("US", "Europe/Berlin", unity, unity)


@pytest.mark.parametrize("country", ["ZZ", None])
def test_of_an_unknown_country_only_the_retail_days_are_known(country):
    assert sorted(holidays_of(country, "UTC", *YEAR).values()) == sorted(RETAIL_DAYS)


def test_only_the_days_asked_for_are_named_in_order():
    first, last = date(2024, 12, 26), date(2025, 1, 1)
    assert list(holidays_of("DE", "UTC", first, last)) == [first, date(2024, 12, 31), last]


def test_no_days_no_names():
    assert holidays_of("DE", "UTC", date(2025, 5, 2), date(2025, 5, 1)) == {}


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Berlin", "DE"),
        ("Europe/London", "GB"),
        ("America/New_York", "US"),
        ("Asia/Kolkata", "IN"),
        ("UTC", None),
        ("Etc/GMT+5", None),
        ("Asia/Calcutta", None),
        ("no zone", None),
    ],
)
def test_a_zone_lies_in_one_country_or_in_none(zone, country):
    assert country_of(zone) == country


def test_who_does_not_ask_does_not_load_the_calendars():
    code = (
        "import sys, datetime as d; from shared.domain import public_holidays as p; day = "
        "d.date(2025, 2, 14); assert p.holidays_of(None, 'UTC', day, day); "
        "assert 'holidays' not in sys.modules; assert p.holidays_of('DE', 'UTC', day, day); "
        "assert 'holidays' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
