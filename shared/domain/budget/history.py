"""What each channel spent and what came of it, day by day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from shared.errors import Invalid

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Days = NDArray[np.int64]

WEEK = 7


@dataclass(frozen=True, slots=True)
class History:
    """Daily `spend` and `revenue`, [day, channel], in one currency, of consecutive days.

    NaN stands where nothing is known (infinities are taken for it). `told` [day] is False on days
    whose revenue says nothing of the ordinary, such as a sale: their spend still carries over.
    Revenue below zero is a day of refunds and counts as it stands; spend below zero is a credit
    note and is not known.
    """

    channels: tuple[str, ...]
    first_day: date
    spend: Floats
    revenue: Floats
    told: Bools

    @property
    def days(self) -> int:
        """Number of days."""
        return int(self.spend.shape[0])

    @property
    def weekday(self) -> Days:
        """[day]: 0 is a Monday."""
        return (np.arange(self.days) + self.first_day.weekday()) % WEEK

    @property
    def earned(self) -> float:
        """Revenue of the days and channels of which spend and revenue are known."""
        both = np.isfinite(self.spend) & np.isfinite(self.revenue)
        return float(self.revenue[both & (self.spend > 0)].sum())

    @property
    def latest(self) -> Floats:
        """[channel]: the spend that was last known, 0 where none ever was."""
        known = np.isfinite(self.spend)
        at = self.days - 1 - np.argmax(known[::-1], axis=0)
        found = self.spend[at, np.arange(len(self.channels))]
        return np.where(known.any(axis=0), found, 0.0)

    def last(self, days: int) -> History:
        """The latest days only."""
        gone = max(self.days - days, 0)
        return History(
            channels=self.channels,
            first_day=self.first_day + timedelta(days=gone),
            spend=self.spend[gone:],
            revenue=self.revenue[gone:],
            told=self.told[gone:],
        )


def history(
    channels: Iterable[str],
    first_day: date,
    spend: Floats,
    revenue: Floats,
    excluded: Iterable[date] = (),
) -> History:
    """A history from two arrays [day, channel]; Invalid if the shapes do not fit."""
    names = tuple(channels)
    paid, earned = (np.array(part, dtype=np.float64) for part in (spend, revenue))
    if paid.ndim != 2 or paid.shape != earned.shape or paid.shape[1] != len(names):
        raise Invalid("Give spend and revenue for the same days and channels.")
    if not len(paid):
        raise Invalid("Give at least one day.")
    if not names or len(set(names)) < len(names):
        raise Invalid("Name each channel once, and at least one.")
    told = np.ones(len(paid), dtype=np.bool_)
    for day in excluded:
        if 0 <= (day - first_day).days < len(paid):
            told[(day - first_day).days] = False
    paid[~np.isfinite(paid) | (paid < 0)] = np.nan
    earned[~np.isfinite(earned)] = np.nan
    return History(names, first_day, paid, earned, told)
