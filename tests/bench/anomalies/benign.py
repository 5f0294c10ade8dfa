"""What happens to a project without being an anomaly: plans, holidays, promotions, gaps in rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import holidays
import numpy as np

from shared.domain.anomalies.panel import OPEN_END, OPEN_START
from tests.bench.anomalies.calm import EMAIL, Plan
from tests.bench.anomalies.truth import DAYS, NEVER, Cause

if TYPE_CHECKING:
    from shared.domain.anomalies.panel import Bools, Days, Floats

COUNTRIES = ("DE", "FR", "GB", "US")
SMALL = 60.0  # spend a day below which a campaign now and then has no impression, so no row
WEEK = 7  # days at least between two days without any row
DECIDES = 10  # days after which what cannot be told from a fault has shown that it is none


@dataclass(slots=True, eq=False)
class Course:
    """What happens to a plan, [series, day]: `seen_from` of rows, days of `zero` spend, `busy` days
    on which an event would not be told from what else happens to the campaign."""

    starts: Days
    ends: Days
    seen_from: Days
    zero: Bools
    busy: Bools
    holidays: dict[date, str] = field(default_factory=dict)
    causes: list[Cause] = field(default_factory=list)

    def say(self, plan: Plan, name: str, row: int, days: tuple[int, int]) -> None:
        self.causes.append(Cause(name, plan.channels[row], plan.campaign_ids[row], *days))


def benign(rng: np.random.Generator, plan: Plan, first_day: date) -> Course:
    """Let it happen to the plan; each row of the campaigns has at most one turn of its flight."""
    shape = (plan.size, DAYS)
    course = Course(
        starts=np.full(plan.size, OPEN_START),
        ends=np.full(plan.size, OPEN_END),
        seen_from=np.repeat(np.arange(DAYS)[None, :], plan.size, axis=0),
        zero=np.zeros(shape, dtype=np.bool_),
        busy=np.zeros(shape, dtype=np.bool_),
    )
    course.busy[:, :20] = True
    rows = rng.permutation(np.flatnonzero(plan.paid))
    turns = np.cumsum([rng.integers(2, 5), rng.integers(2, 4), rng.integers(1, 3)])
    launched, ended, paused = np.split(rows, turns)[:3]
    _launches(rng, plan, course, launched)
    _ends(rng, plan, course, ended)
    _pauses(rng, plan, course, paused)
    _budgets(rng, plan, course, first_day)
    _month_ends(rng, plan, first_day)
    _holidays(rng, plan, course, first_day)
    _promotions(rng, plan, course)
    _missing_rows(rng, plan, course)
    return course


def _launches(rng: np.random.Generator, plan: Plan, course: Course, rows: Days) -> None:
    """A learning phase: spend and efficiency approach their level within about two weeks."""
    for row in rows:
        first = int(rng.integers(15, 150))
        age = np.arange(DAYS - first)
        ramp = np.exp(-age / rng.uniform(3, 6))
        low = np.array([rng.uniform(0.3, 0.6), 0.9, 0.85, rng.uniform(0.6, 0.85), 1])[:, None]
        plan.log[:, row, first:] += np.log(1 - (1 - low) * ramp)
        course.seen_from[row, :first] = NEVER
        course.starts[row] = first if rng.random() < 0.75 else OPEN_START
        course.busy[row, : first + 35] = True
        course.say(plan, "launch", row, (first, first + 30))


def _ends(rng: np.random.Generator, plan: Plan, course: Course, rows: Days) -> None:
    """A planned end: the rows stop, or go on with zeros."""
    for row in rows:
        last = int(rng.integers(70, 170))
        course.ends[row] = last
        course.busy[row, last - 8 :] = True
        _stop(rng, course, row, last + 1)
        course.say(plan, "planned end", row, (last, DAYS))


def _stop(rng: np.random.Generator, course: Course, row: int, day: int) -> None:
    """No rows from this day on, or rows of zeros."""
    if rng.random() < 0.5:
        course.zero[row, day:] = True
    else:
        course.seen_from[row, day:] = NEVER


def _pauses(rng: np.random.Generator, plan: Plan, course: Course, rows: Days) -> None:
    """Somebody pauses a campaign for good, without a planned end.

    Nobody can tell it from an exhausted budget before it has lasted.
    """
    for row in rows:
        day = int(rng.integers(70, 165))
        course.busy[row, day - 8 :] = True
        _stop(rng, course, row, day)
        name, channel = plan.campaign_ids[row], plan.channels[row]
        course.causes.append(Cause("pause", channel, name, day, day + DECIDES, undecidable=True))


def _budgets(rng: np.random.Generator, plan: Plan, course: Course, first_day: date) -> None:
    """Steps of a budget: up by 20–80 % or down by as much (a factor), which stay."""
    for _ in range(rng.integers(3, 7)):
        row = int(rng.choice(np.flatnonzero(plan.paid)))
        day = int(rng.integers(30, 170))
        if rng.random() < 0.4:  # the month's budget
            day = int(rng.choice(_month_starts(first_day)))
        if course.busy[row, day]:
            continue
        plan.log[0, row, day:] += rng.choice((-1, 1)) * np.log(rng.uniform(1.2, 1.8))
        course.busy[row, day - 5 : day + 14] = True
        course.say(plan, "budget step", row, (day, day + 28))


def _month_starts(first_day: date) -> list[int]:
    return [n for n in range(25, DAYS - 5) if (first_day + timedelta(days=n)).day == 1]


def _month_ends(rng: np.random.Generator, plan: Plan, first_day: date) -> None:
    """Pacing: what is left of a month's budget is spent, or saved, in its last days."""
    paced = plan.paid * rng.choice((0, 1), plan.size) * rng.normal(0.05, 0.1, plan.size)
    for n in range(DAYS):
        if (first_day + timedelta(days=n + 4)).month != (first_day + timedelta(days=n)).month:
            plan.log[0, :, n] += np.clip(paced, -0.2, 0.25)


def _holidays(rng: np.random.Generator, plan: Plan, course: Course, first_day: date) -> None:
    """A country's holidays: less spend, another conversion rate, everywhere."""
    country = str(rng.choice(COUNTRIES))
    years = (first_day.year, first_day.year + 1)
    course.holidays = dict(holidays.country_holidays(country, years=years).items())
    effect = np.array([rng.uniform(-0.2, 0), 0, 0, rng.uniform(-0.5, 0.2), 0])
    for day in course.holidays:
        index = (day - first_day).days
        if 0 <= index < DAYS:
            share = effect[:, None] * rng.uniform(0.6, 1.4, (5, plan.size))
            plan.log[:, :, index] += share
            course.causes.append(Cause("holiday", None, None, index, index))


def _promotions(rng: np.random.Generator, plan: Plan, course: Course) -> None:
    """Days of promotion common to the project, announced to nobody."""
    for first in rng.integers(15, DAYS - 4, rng.integers(2, 5)):
        last = int(first + rng.integers(0, 4))
        effect = np.log([rng.uniform(1, 1.4), 1, 1.05, rng.uniform(1.2, 1.8), 0.92])
        plan.log[:, :, first : last + 1] += (
            effect[:, None] * rng.uniform(0.7, 1.3, (5, plan.size))
        )[:, :, None]
        course.causes.append(Cause("promotion", None, None, int(first), last))


def _missing_rows(rng: np.random.Generator, plan: Plan, course: Course) -> None:
    """Days without any row, rows that campaigns lack now and then, mails on some weekdays only."""
    before = -WEEK
    for day in np.sort(rng.integers(5, DAYS - 2, rng.integers(2, 5))):
        seen_from = NEVER if rng.random() < 0.5 else day + rng.integers(2, 5)
        if day - before < WEEK:
            continue
        before = day
        course.seen_from[:, day] = seen_from
        course.causes.append(Cause("no rows", None, None, int(day), int(day), undecidable=True))
    small = np.median(plan.expected("spend"), axis=1) < SMALL
    rate = small * plan.paid * rng.choice((0, 0.02, 0.06), plan.size)
    course.seen_from[rng.random(course.seen_from.shape) < rate[:, None]] = NEVER
    weekday = (np.arange(DAYS) + plan.first_weekday) % 7
    for row in np.flatnonzero(np.array(plan.channels) == EMAIL)[1:]:
        sent = np.isin(weekday, rng.choice(5, rng.integers(1, 3), replace=False))
        course.seen_from[row, ~sent] = NEVER
        course.busy[row] = True


def incomplete(
    rng: np.random.Generator, plan: Plan, taken: Bools
) -> tuple[Floats, Bools, list[Cause]]:
    """Days loaded before they were over: what share of a row was there, and whether it is said.

    Unsaid, it is the project that was loaded early: a channel alone cannot be told from a fault.
    """
    cut, told = np.ones(taken.shape), np.zeros(taken.shape, dtype=np.bool_)
    causes: list[Cause] = []
    for day in np.flatnonzero((rng.random(DAYS) < 0.03) & ~taken.any(axis=0)):
        said = rng.random() < 0.5
        whose = str(rng.choice(plan.channels)) if said and rng.random() < 0.5 else None
        rows = np.array([whose in (None, name) for name in plan.channels])
        cut[rows, day] = rng.uniform(0.3, 0.85) * rng.uniform(0.93, 1.07, rows.sum())
        told[rows, day] = said
        name = "incomplete, said" if said else "incomplete, unsaid"
        causes.append(Cause(name, whose, None, int(day), int(day)))
    return cut, told, causes
