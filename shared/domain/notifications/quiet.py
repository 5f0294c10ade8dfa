"""Quiet hours: whether somebody is to be left alone, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.domain.notifications.preferences import QuietHours


def quiet_until(hours: QuietHours | None, now: datetime) -> datetime | None:
    """When the quiet hours that hold `now` end; None outside them.

    They go by the clock on the wall: where it is put forward over the end, they end with the first
    time after it, and where it is put back behind the end, they hold again.
    """
    if hours is None or not _quiet(hours, now):
        return None
    zone = ZoneInfo(hours.timezone)
    today, end = now.astimezone(zone).date(), time.fromisoformat(hours.end)
    ends = (
        datetime.combine(today + timedelta(days=days), end, zone).replace(fold=fold).astimezone(UTC)
        for days in range(3)
        for fold in (0, 1)
    )
    return min(at for at in ends if at > now and not _quiet(hours, at))


def _quiet(hours: QuietHours, at: datetime) -> bool:
    wall = at.astimezone(ZoneInfo(hours.timezone)).time()
    start, end = time.fromisoformat(hours.start), time.fromisoformat(hours.end)
    if start <= end:
        return start <= wall < end
    return wall >= start or wall < end
