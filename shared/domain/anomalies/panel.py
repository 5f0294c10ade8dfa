"""The daily history of one project as arrays: what detection looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Days = NDArray[np.int64]

OPEN_START, OPEN_END = -(1 << 30), 1 << 30  # of a flight whose day nobody planned


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Every campaign of one project, one row each; arrays are [series, day], oldest day first.

    `values` holds the stored sums (spend, impressions, clicks, conversions, revenue), NaN on a day
    without a row. `unfinished` marks days whose rows were loaded before the day was over.
    `starts` and `ends` are the planned flights as day numbers of the panel, OPEN_START and
    OPEN_END where no day is planned. Rows of one channel stand together. `campaign_ids` of REST
    are what a channel spent on campaigns that are too many to be judged one by one.
    """

    first_day: date
    channels: tuple[str, ...]
    campaign_ids: tuple[str, ...]
    names: tuple[str, ...]
    values: Mapping[str, Floats]
    unfinished: Bools
    starts: Days
    ends: Days

    @property
    def days(self) -> int:
        """Number of days."""
        return int(self.unfinished.shape[1])

    @property
    def arrived(self) -> Bools:
        """[series, day]: whether there is a row."""
        there = ~self.unfinished & False
        for grid in self.values.values():
            there = there | (grid == grid)
        return there

    @property
    def last_day(self) -> date:
        """The day that is judged: the last one."""
        return self.day(self.days - 1)

    def between(self, first: int, last: int) -> Panel:
        """Only the columns from `first` to `last`, both included."""
        days = slice(first, last + 1)
        return replace(
            self,
            first_day=self.day(first),
            values={metric: grid[:, days] for metric, grid in self.values.items()},
            unfinished=self.unfinished[:, days],
            starts=self.starts - first * (self.starts != OPEN_START),
            ends=self.ends - first * (self.ends != OPEN_END),
        )

    def day(self, index: int) -> date:
        """The calendar day of a column."""
        return self.first_day + timedelta(days=index)


REST = "\x00rest"
