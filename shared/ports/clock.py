"""The Clock port."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """What time it is: the only source of it."""

    def now(self) -> datetime:
        """The current instant, UTC-aware."""

    def today(self, zone: ZoneInfo) -> date:
        """The current calendar day in a zone; it is not over, so its numbers are incomplete."""
