"""What a period phrase comes to: days, a problem with them, or what something else tells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from shared.domain.periods.calendar import DAY, first_of, last_of, units_later
from shared.domain.periods.period import Grain, Period

LONGEST = 3_660  # days
LONG_AGO = date(2000, 1, 1)  # where data are taken to begin when that is not known

ProblemKind = Literal["future", "begins today", "ambiguous", "vague", "impossible", "backwards"]


@dataclass(frozen=True, slots=True)
class Frame:
    """What phrases are read against. `week_start` 0 is Monday; `earliest` is where data begin.

    `until` is set while the first half of a range is read: the latest day it may begin.
    """

    today: date
    week_start: int = 0
    earliest: date = LONG_AGO
    until: date | None = None

    @property
    def yesterday(self) -> date:
        """The last complete day."""
        return self.today - DAY

    @property
    def latest(self) -> date:
        """What is named without a year has begun by this day."""
        return self.until or self.today

    def around(self, unit: Grain, day: date, words: str = "") -> Days:
        """The unit that holds the day."""
        first, last = first_of(unit, day, self.week_start), last_of(unit, day, self.week_start)
        return Days(first, last, unit, words)

    def units_ago(self, unit: Grain, count: int, length: int = 1) -> Days:
        """So many whole units, the last of them `count` before the one that holds today."""
        this = first_of(unit, self.today, self.week_start)
        end = units_later(unit, this, 1 - count) - DAY
        return Days(units_later(unit, this, 1 - count - length), end, unit)


@dataclass(frozen=True, slots=True)
class Days:
    """The days a phrase names, not yet cut at yesterday; the rest as in `Period`."""

    start: date
    end: date
    step: Grain = "day"
    words: str = ""

    def named(self, words: str) -> Days:
        """The same days, so called."""
        return replace(self, words=words)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a phrase gives no period; `choices` are phrases that would.

    `days` are the days to come that it names, if it does.
    """

    kind: ProblemKind
    choices: tuple[str, ...] = ()
    days: Days | None = None


@dataclass(frozen=True, slots=True)
class Relative:
    """A period that another one tells, or the data do.

    `previous` is the one just before, by `unit` if the phrase says one, and `in_steps` if it is
    "month over month"; `year_ago` the same dates a year before; `life` all days there are.
    `count` is how many units long it is.
    """

    kind: Literal["previous", "year_ago", "life"]
    unit: Grain | None = None
    in_steps: bool = False
    count: int = 1


def settled(days: Days, frame: Frame) -> Period | Problem:
    """The days as a period: cut at yesterday, unless they are today alone."""
    start, end, today = days.start, days.end, frame.today
    if end < start:
        return Problem("backwards")
    if start > today:
        return Problem("future")
    if end - start > timedelta(days=LONGEST) and start != frame.earliest:
        return Problem("impossible")
    if start == end == today:
        return Period(start=start, end=end, words=days.words, partial=True)
    if start == today:
        return Problem("begins today")
    cut = end >= today
    last = frame.yesterday if cut else end
    return Period(start=start, end=last, words=days.words, partial=cut, step=days.step)
