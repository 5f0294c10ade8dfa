"""The labelled events of a project, and the rule by which one is worth a label.

An event happens only where it can be told from chance: its effect is at least five standard
deviations of what the campaign's own final numbers do by chance on that day or window, and it moves
at least MONEY. Of some 120 tests a day with normal noise, chance alone passes 3.9 deviations once
in twelve weeks (0.08 a week), so an event of five is one that a perfect test misses once in seven.
The deviation counts daily noise and counts (which shrink with days) and the wander of the level
(which does not); it knows the truth and no detector. What fails the rule does not happen at all.

A spend event is one that no plan makes: at least double, or at most 40 %. Budgets are planned in
steps below that, and on the first day nothing in the numbers tells a step from a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tests.bench.anomalies.benign import SMALL, Course
from tests.bench.anomalies.calm import DRIVERS, Plan
from tests.bench.anomalies.truth import DAYS, JUDGED, NEVER, Cause, Event

if TYPE_CHECKING:
    from shared.domain.anomalies.finding import Kind
    from shared.domain.anomalies.panel import Days, Floats

SIGMAS = 5.0
MONEY = 50.0  # spend or revenue per day that it moves at least, in the project's currency
APART = 14  # days between two events of one campaign
LINGERS = 10  # days after a slope in which it is still news
MIX: Mapping[str, float] = {
    "point": 0.34,
    "sustained": 0.25,
    "gradual": 0.15,
    "zero_spend": 0.11,
    "missing_data": 0.08,
    "tracking": 0.07,
}


@dataclass(frozen=True, slots=True)
class Draw:
    """A change that may become an event: rows, days and the log effect of each of these days."""

    kind: Kind
    rows: Days
    driver: int
    first: int
    effect: Floats

    @property
    def last(self) -> int:
        return self.first + len(self.effect) - 1

    @property
    def days(self) -> slice:
        return slice(self.first, self.last + 1)


def happen(rng: np.random.Generator, plan: Plan, course: Course) -> tuple[Event, ...]:
    """Draw four to eight events of the judged days, and one of before, and apply them."""
    makers = {"zero_spend": _zero_spend, "missing_data": _missing_data, "tracking": _tracking}
    events: list[Event] = []
    past = _change(rng, plan, course, "sustained", range(22, 40))
    if past:
        course.causes.append(Cause("before", None, None, past.first, past.last))
    for kind in rng.choice(list(MIX), rng.integers(4, 9), p=list(MIX.values())):
        make: Callable[..., Event | None] = makers.get(str(kind), _change)
        kinds = () if kind in makers else (str(kind),)
        tries = (make(rng, plan, course, *kinds) for _ in range(40))
        events.extend(event for event in [next(filter(None, tries), None)] if event)
    return tuple(sorted(events, key=lambda event: event.first))


def _change(
    rng: np.random.Generator, plan: Plan, course: Course, kind: Kind, days: range | None = None
) -> Event | None:
    """A driver of a campaign, now and then of a whole channel, that moves."""
    draw = _draw(rng, plan, kind, days or range(JUDGED.start + 2, DAYS - 6))
    if draw.last >= DAYS - 3 or not _free(course, draw) or not _matters(plan, draw):
        return None
    plan.log[draw.driver, draw.rows, draw.first : draw.last + 1] += draw.effect
    if kind == "gradual":  # what has worn out recovers slowly, if at all
        rest = DAYS - draw.last - 1
        plan.log[draw.driver, draw.rows, draw.last + 1 :] += draw.effect[-1] * np.exp(
            -np.arange(1, rest + 1) / 120
        )
    _take(course, draw, APART + 14 * (kind == "gradual"))
    return _label(plan, draw)


def _draw(rng: np.random.Generator, plan: Plan, kind: Kind, days: range) -> Draw:
    row = int(rng.integers(plan.size))
    driver = int(rng.choice(5, p=(0.25, 0.15, 0.2, 0.25, 0.15)))
    if not plan.paid[row]:
        driver = max(driver, 1)  # nothing is spent on it: what falls is what is sent
    wide = rng.random() < 0.12 and kind != "gradual"
    rows = np.flatnonzero(np.array(plan.channels) == plan.channels[row]) if wide else [row]
    first = int(rng.integers(days.start, days.stop))
    return Draw(kind, np.array(rows), driver, first, _effect(rng, kind, driver))


def _effect(rng: np.random.Generator, kind: Kind, driver: int) -> Floats:
    """The log effect of each day of a change of this kind."""
    if kind == "gradual":
        length = int(rng.integers(21, 36))
        low, high = (0.08, 0.12) if rng.random() < 0.3 else (0.15, 0.45)
        down = (driver > 0 and rng.random() < 0.75) or rng.random() < 0.5
        size = rng.uniform(low, high)
        whole: float = np.log(1 - size if down else 1 + size)
        return whole * np.arange(1, length + 1) / length
    up = bool(rng.random() < 0.45)
    length = 1 if kind == "point" else int(rng.integers(3, 9))
    return np.full(length, np.log(_factor(rng, kind, up, spend=driver == 0)))


def _factor(rng: np.random.Generator, kind: Kind, up: bool, *, spend: bool) -> float:
    """Spikes of 35–300 % and drops of 35–95 % in a day; ±30–70 % of days (see above for spend)."""
    if spend:
        return float(rng.uniform(2, 4 if kind == "point" else 2.6) if up else rng.uniform(0.1, 0.4))
    if kind == "point":
        return float(1 + np.exp(rng.uniform(*np.log((0.35, 3)))) if up else rng.uniform(0.05, 0.65))
    return float(rng.uniform(1.3, 1.7) if up else rng.uniform(0.3, 0.7))


def _free(course: Course, draw: Draw) -> bool:
    """Nothing else happens to these campaigns, and most of the days have rows."""
    seen = course.seen_from[draw.rows, draw.days] <= np.arange(draw.first, draw.last + 1)
    ready = bool(seen[:, 0].all() and seen.mean() > 0.7)
    return ready and not course.busy[draw.rows, draw.days].any()


def _take(course: Course, draw: Draw, apart: int) -> None:
    course.busy[draw.rows, max(draw.first - APART, 0) : draw.last + 1 + apart] = True


def _matters(plan: Plan, draw: Draw) -> bool:
    """The rule of this module's head, for the campaign of the event that shows it best."""
    size = draw.effect[-1]
    shown = min(abs(np.expm1(size)), abs(size))
    money = plan.expected("spend" if draw.driver == 0 else "revenue")[draw.rows, draw.first]
    enough = shown >= SIGMAS * _chance(plan, draw)
    return bool((enough & (money * abs(np.expm1(size)) >= MONEY)).any())


def _chance(plan: Plan, draw: Draw) -> Floats:
    """Relative standard deviation [row] by chance of the driver's mean over the event's window.

    A slope is the difference of two weeks at its end from the four before it began.
    """
    rows, driver = draw.rows, draw.driver
    daily = plan.noise[driver, rows] ** 2 + _counting(plan, draw)
    days = 1 / 14 + 1 / 28 if draw.kind == "gradual" else 1 / len(draw.effect)
    result: Floats = np.sqrt(daily * days + plan.wander[driver, rows] ** 2)
    return result


def _counting(plan: Plan, draw: Draw) -> Floats:
    """Relative variance [row] of a day's driver from counts: clicks, conversions, baskets."""
    clicks, orders = (plan.expected(name)[draw.rows, draw.days] for name in DRIVERS[2:4])
    zero = np.zeros(len(draw.rows))
    by_driver = (
        zero,
        zero,
        1 / clicks.mean(axis=1) + plan.clumping[0, draw.rows],
        1 / orders.mean(axis=1) + plan.clumping[1, draw.rows],
        plan.basket[draw.rows] ** 2 / orders.mean(axis=1),
    )
    return by_driver[draw.driver]


def _label(plan: Plan, draw: Draw) -> Event:
    """A slope counts as found from the day 40 % of it has happened to ten days after its end."""
    gradual = draw.kind == "gradual"
    length = len(draw.effect)
    return Event(
        kind=draw.kind,
        channels=tuple(sorted({plan.channels[row] for row in draw.rows})),
        campaign_id=plan.campaign_ids[draw.rows[0]] if len(draw.rows) == 1 else None,
        metric=DRIVERS[draw.driver],
        direction="spike" if draw.effect[-1] > 0 else "drop",
        first=draw.first,
        last=draw.last,
        found_from=draw.first + int(0.4 * length) if gradual else draw.first,
        found_to=draw.last + (LINGERS if gradual else 1),
    )


def _zero_spend(rng: np.random.Generator, plan: Plan, course: Course) -> Event | None:
    """Spend stops and comes back within days; or never does, before a planned end.

    Its rows are of zeros, or are left out while the channel's others are there.
    """
    row = int(rng.choice(np.flatnonzero(plan.paid)))
    first, length = int(rng.integers(JUDGED.start + 2, DAYS - 8)), int(rng.integers(1, 5))
    planned = rng.random() < 0.3
    effect = np.full(DAYS - first if planned else length, -9.0)
    draw = Draw("zero_spend", np.array([row]), 0, first, effect)
    if not _free(course, draw) or plan.expected("spend")[row, first] < 2 * SMALL:
        return None
    if planned:
        course.ends[row] = DAYS + 30
    company = np.array(plan.channels) == plan.channels[row]
    others = (course.seen_from[company, draw.days] < NEVER).sum(axis=0).min() - 1
    if others >= 2 and rng.random() < 0.5:  # platforms leave out rows without an impression
        course.seen_from[row, draw.days] = NEVER
    else:
        course.zero[row, draw.days] = True
    _take(course, draw, APART)
    return _label(plan, draw)


def _missing_data(rng: np.random.Generator, plan: Plan, course: Course) -> Event | None:
    """A channel's rows stay away for one to three days; half of the time they come late."""
    channel = rng.choice(sorted(set(plan.channels)))
    rows = np.flatnonzero(np.array(plan.channels) == channel)
    first, length = int(rng.integers(JUDGED.start + 2, DAYS - 8)), int(rng.integers(1, 4))
    draw = Draw("missing_data", rows, 0, first, np.full(length, -9.0))
    days = np.arange(first, first + length)
    seen = (course.seen_from[rows, draw.days] <= days).mean(axis=0)
    usual = (course.seen_from[rows, first - 28 : first] <= np.arange(first - 28, first)).any(axis=0)
    if seen.min() < 0.5 or usual.mean() < 0.9 or _events_on(course, rows, draw.days):
        return None
    late = rng.random() < 0.5
    gone = course.seen_from[np.ix_(rows, days)] <= days
    course.seen_from[np.ix_(rows, days)] = np.where(
        gone, draw.last + 2 if late else NEVER, course.seen_from[np.ix_(rows, days)]
    )
    _take(course, draw, 7)
    return _label(plan, draw)


def _events_on(course: Course, rows: Days, days: slice) -> bool:
    """Whether most campaigns are busy with something else: a gap would hide it."""
    return bool(course.busy[rows, days].mean() > 0.5)


def _tracking(rng: np.random.Generator, plan: Plan, course: Course) -> Event | None:
    """Conversions of every campaign are lost, for one to four days."""
    length = int(rng.integers(1, 5))
    first = int(rng.integers(JUDGED.start + 2, DAYS - 8))
    rows = np.arange(plan.size)
    kept = np.log(max(1 - rng.uniform(0.7, 1.0), 0.002))
    draw = Draw("point" if length == 1 else "sustained", rows, 3, first, np.full(length, kept))
    seen = course.seen_from[:, draw.days] <= np.arange(first, draw.last + 1)
    if seen.any(axis=0).mean() < 1 or not _matters(plan, draw):
        return None
    plan.log[3, :, draw.days] += kept
    course.busy[:, first - 3 : draw.last + 4] = True
    return _label(plan, draw)
