"""Promises of quiet hours: by the clock on the wall, over midnight and over changes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.notifications.preferences import QuietHours
from shared.domain.notifications.quiet import quiet_until

NIGHT = ("22:00", "07:00")
# hours, zone, now, until (both UTC)
TABLE = [
    (NIGHT, "UTC", "2025-04-01T21:59", None),
    (NIGHT, "UTC", "2025-04-01T22:00", "2025-04-02T07:00"),
    (NIGHT, "UTC", "2025-04-01T23:59", "2025-04-02T07:00"),
    (NIGHT, "UTC", "2025-04-02T00:00", "2025-04-02T07:00"),
    (NIGHT, "UTC", "2025-04-02T06:59", "2025-04-02T07:00"),
    (NIGHT, "UTC", "2025-04-02T07:00", None),
    (("09:00", "17:00"), "UTC", "2025-04-01T12:00", "2025-04-01T17:00"),
    (("09:00", "17:00"), "UTC", "2025-04-01T18:00", None),
    (("08:00", "08:00"), "UTC", "2025-04-01T08:00", None),
    (("00:00", "00:00"), "UTC", "2025-04-01T00:00", None),
    (("18:00", "00:00"), "UTC", "2025-04-01T20:00", "2025-04-02T00:00"),
    (NIGHT, "Europe/Berlin", "2025-04-01T20:30", "2025-04-02T05:00"),
    (NIGHT, "Asia/Kolkata", "2025-04-01T17:00", "2025-04-02T01:30"),
    (NIGHT, "America/Los_Angeles", "2025-04-02T06:00", "2025-04-02T14:00"),
    # Clocks go forward on 30 March 2025 and back on 26 October 2025, both at 01:00 UTC.
    (NIGHT, "Europe/Berlin", "2025-03-29T22:00", "2025-03-30T05:00"),
    (NIGHT, "Europe/Berlin", "2025-10-25T21:00", "2025-10-26T06:00"),
    (("22:00", "02:30"), "Europe/Berlin", "2025-03-29T23:00", "2025-03-30T01:30"),
    (("22:00", "02:30"), "Europe/Berlin", "2025-10-25T23:00", "2025-10-26T00:30"),
    (("22:00", "02:30"), "Europe/Berlin", "2025-10-26T00:45", None),
    (("22:00", "02:30"), "Europe/Berlin", "2025-10-26T01:10", "2025-10-26T01:30"),
]


@pytest.mark.parametrize("hours,zone,now,until", TABLE)
def test_quiet_hours_end_when_the_clock_on_the_wall_says(hours, zone, now, until):
    quiet = QuietHours(start=hours[0], end=hours[1], timezone=zone)
    found = quiet_until(quiet, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == (until and datetime.fromisoformat(until).replace(tzinfo=UTC))


def test_without_quiet_hours_it_is_never_quiet():
    assert quiet_until(None, datetime(2025, 4, 1, tzinfo=UTC)) is None


minutes = st.integers(0, 24 * 60 - 1).map(lambda m: f"{m // 60:02}:{m % 60:02}")
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
year = (datetime.fromisoformat(day) for day in ("2025-01-01", "2025-12-31"))
instants = st.datetimes(*year, timezones=st.just(UTC))


@given(minutes, minutes, zones, instants)
def test_the_end_is_the_first_minute_that_is_not_quiet(start, end, zone, now):
    quiet = QuietHours(start=start, end=end, timezone=zone)
    until = quiet_until(quiet, now)
    if until is None:
        return
    assert now < until <= now + timedelta(hours=49)
    assert quiet_until(quiet, until) is None
    gap = _forward(until, zone)
    minute = now
    while (minute := minute + timedelta(minutes=1)) < until - gap:
        assert quiet_until(quiet, minute) == until


def _forward(until: datetime, zone: str) -> timedelta:
    """By how much clocks were put forward in the hour before."""
    there = ZoneInfo(zone)
    before, after = ((until - timedelta(hours=h)).astimezone(there).utcoffset() for h in (1, 0))
    return max(timedelta(0), after - before)
