"""Let a policy spend in a world, day by day, and reckon what it brought."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from shared.domain.budget.constraints import Constraints, bounds
from shared.domain.budget.history import Floats, History, history
from tests.bench.budget.world import BEFORE, FIRST_DAY, HORIZON, World

NEAR = 1e-6  # of the total
Policy = Callable[[int, History, Constraints, np.random.Generator], Floats]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Expected revenue by day of the season; how often a constraint was broken; and what could be
    known, spend and noisy revenue [day, channel] from the first day of the history."""

    revenue: Floats
    broken: int
    spend: Floats
    seen: Floats

    @property
    def total(self) -> float:
        """Expected revenue of the whole season: without the noise, so that luck counts for none."""
        return float(self.revenue.sum())


def play(made: World, policy: Policy, days: int = HORIZON) -> Outcome:
    """So many days of it. The policy knows spend and noisy revenue of the days before only."""
    given, rng = made.constraints, np.random.default_rng([made.seed, 11])
    spend = np.vstack([made.past, np.full((days, made.past.shape[1]), np.nan)])
    stocks = carried(made)
    mean = np.array([made.mean(day, stock) for day, stock in stocks])
    seen, earned, broken = list(_seen(made, mean)), [], 0
    stock = _last(made)
    for day in range(days):
        at = len(made.past) + day
        told = story(made, spend[:at], np.array(seen))
        split = policy(day, told, given, rng)
        broken += _breaks(given, spend[at - 1], split)
        spend[at] = split
        stock = (1 - made.carry) * split + made.carry * stock
        means = made.mean(BEFORE + day, stock)
        earned.append(float(means.sum()))
        seen.append(_noisy(made, BEFORE + day, means))
    return Outcome(np.array(earned), broken, spend, np.array(seen))


def carried(made: World) -> Iterator[tuple[int, Floats]]:
    """The days of the history, as numbers of the world, and their stocks."""
    stock, first = made.past[0], BEFORE - len(made.past)
    for n, spend in enumerate(made.past):
        stock = (1 - made.carry) * spend + made.carry * stock
        yield first + n, stock


def story(made: World, spend: Floats, revenue: Floats) -> History:
    """What a policy is told."""
    names = [f"channel {n}" for n in range(spend.shape[1])]
    first = FIRST_DAY + timedelta(days=BEFORE - len(made.past))
    return history(names, first, spend, revenue)


def past(made: World) -> History:
    """What is known on the first day."""
    mean = np.array([made.mean(day, stock) for day, stock in carried(made)])
    return story(made, made.past, np.array(list(_seen(made, mean))))


def _last(made: World) -> Floats:
    return list(carried(made))[-1][1]


def _seen(made: World, mean: Floats) -> Iterator[Floats]:
    first = BEFORE - len(made.past)
    for n, row in enumerate(mean):
        yield _noisy(made, first + n, row)


def _noisy(made: World, day: int, mean: Floats) -> Floats:
    return np.where(made.lost[day], np.nan, np.round(mean * made.noise[day], 2))


def _breaks(given: Constraints, before: Floats, split: Floats) -> int:
    """How many constraints a split breaks."""
    near = NEAR * given.total
    names = [str(n) for n in range(len(split))]
    low, high = bounds(given, before, names)
    broken = (split < low - near).sum() + (split > high + near).sum()
    return int(broken + (abs(split.sum() - given.total) > near) + ~np.isfinite(split).all())
