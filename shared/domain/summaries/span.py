"""The days that a summary looks at: its week and the four weeks before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from shared.domain.summaries.week import DAYS, Week

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

WEEKS_BEFORE: Final = 4
THIS: Final = WEEKS_BEFORE  # the week's own place, the oldest is 0
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """`over` is the last day that is over in the project's time zone; no later one counts."""

    week: Week
    over: date
    zone: ZoneInfo

    @property
    def first(self) -> date:
        """The Monday of the oldest week."""
        return self.week.before(WEEKS_BEFORE).start

    @property
    def last(self) -> date:
        """The last day that counts; before the week's first if none of it is over."""
        return min(self.week.end, self.over)

    @property
    def begun(self) -> bool:
        """Whether a day of the week is over."""
        return self.last >= self.week.start

    def days(self, week: int = THIS) -> tuple[date, ...]:
        """The seven days of a week."""
        monday = self.first + week * DAYS * _DAY
        return tuple(monday + n * _DAY for n in range(DAYS))

    def counted(self) -> tuple[date, ...]:
        """The days of the week that are over."""
        return tuple(day for day in self.days() if day <= self.last)

    def place(self, day: date) -> tuple[int, int]:
        """The week and the weekday of a day."""
        return divmod((day - self.first).days, DAYS)

    def end_of(self, day: date) -> datetime:
        """The instant at which a day is over, in UTC."""
        return datetime.combine(day + _DAY, time(), self.zone).astimezone(UTC)
