"""The Clock port: the machine's clock, and one that stays on a chosen day."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


class SystemClock:
    """The machine's clock. The only reader of it."""

    def now(self) -> datetime:
        """The current instant, UTC-aware."""
        return datetime.now(UTC)  # noqa: TID251

    def today(self, zone: ZoneInfo) -> date:
        """The current calendar day in a zone."""
        return self.now().astimezone(zone).date()


class FixedDayClock:
    """A clock for reproducible runs: today is `day` in every zone.

    `started` is the real instant now. Time runs on from the same time of day on `day`, measured by
    the monotonic clock: it never goes back.
    """

    def __init__(self, day: date, started: datetime) -> None:
        started = started.astimezone(UTC)
        self._day = day
        self._started = started + timedelta(days=(day - started.date()).days)
        self._ticks = time.monotonic()

    def now(self) -> datetime:
        """The instant, whole days away from the real one; begins on the chosen day (UTC)."""
        return self._started + timedelta(seconds=time.monotonic() - self._ticks)

    def today(self, zone: ZoneInfo) -> date:  # noqa: ARG002
        """The chosen day, whatever the zone."""
        return self._day
