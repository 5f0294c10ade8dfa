"""The promises of shared.ports.Clock."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.adapters.local.clock import FixedDayClock, SystemClock

ZONES = [ZoneInfo(name) for name in ("Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago")]
DAY = date(2025, 4, 1)
CLOCKS = {
    "system": SystemClock,
    "fixed day": lambda: FixedDayClock(DAY, SystemClock().now()),
}


@pytest.fixture(params=CLOCKS)
def clock(request):
    return CLOCKS[request.param]()


def test_now_is_aware_of_utc_and_moves_forward_only(clock):
    instants = [clock.now() for _ in range(1000)]
    assert instants == sorted(instants)
    assert instants[0].utcoffset() == timedelta(0)
    time.sleep(0.01)
    assert clock.now() >= instants[-1] + timedelta(seconds=0.009)


def test_the_day_is_the_calendar_day_in_the_zone():
    clock = SystemClock()
    for zone in ZONES:
        before = clock.now().astimezone(zone).date()
        assert before <= clock.today(zone) <= clock.now().astimezone(zone).date()
    assert clock.today(ZONES[0]) > clock.today(ZONES[2])


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_on_a_fixed_day_it_is_that_day_everywhere(zone):
    assert FixedDayClock(DAY, SystemClock().now()).today(zone) == DAY


@pytest.mark.parametrize(
    "started",
    [
        datetime(2026, 11, 21, 0, 0, 0, 1, UTC),
        datetime(2020, 2, 29, 23, 59, 59, tzinfo=UTC),
        datetime(2026, 1, 1, 1, tzinfo=ZoneInfo("Asia/Tokyo")),
    ],
    ids=["later", "leap-day", "other-zone"],
)
def test_a_fixed_day_begins_at_the_real_time_of_day(started):
    began = FixedDayClock(DAY, started).now()
    moment = datetime.combine(DAY, started.astimezone(UTC).time(), UTC)
    assert timedelta(0) <= began - moment < timedelta(seconds=5)
