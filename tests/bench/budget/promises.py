"""Whether promises are kept: intervals of the change in revenue beside the true change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from shared.domain.budget.advice import advise
from shared.domain.budget.constraints import bounds, unconstrained
from shared.domain.budget.fitting import fit
from shared.domain.budget.history import Floats
from shared.domain.budget.policy import best, trusted
from shared.domain.budget.trust import trust
from shared.domain.budget.uncertainty import change, drawn, expected
from tests.bench.budget.season import Outcome, past, story
from tests.bench.budget.world import BEFORE, TOTAL, World

DRAWS = 400


@dataclass(frozen=True, slots=True)
class Promise:
    """What was said of a change in daily revenue, and what it truly is."""

    low: float
    said: float
    high: float
    true: float

    @property
    def kept(self) -> bool:
        """Whether the truth lies within the interval."""
        return self.low <= self.true <= self.high


def first_advice(made: World) -> Promise | None:
    """Of the advice on the first day; None where it advises no change."""
    told = past(made)
    current = tuple(Decimal(str(round(part, 2))) for part in told.spend[-1])
    given = unconstrained(float(sum(current)), len(current))
    said = advise(told, current, given, np.random.default_rng(made.seed))
    if said.maintain:
        return None
    now, then = (
        np.array([float(getattr(one, what)) for one in said.channels])
        for what in ("current", "proposed")
    )
    true = true_change(made, BEFORE, now, then)
    return Promise(said.low, said.expected_change, said.high, true)


def within_season(made: World, seen: Outcome, days: tuple[int, ...]) -> Iterator[Promise]:
    """Of the best split of some days of a season, whether it is worth a change or not."""
    rng = np.random.default_rng([made.seed, 3])
    for day in days:
        at = len(made.past) + day
        told = story(made, seen.spend[:at], seen.seen[:at])
        known, now = fit(told), told.spend[-1]
        limits = bounds(made.constraints, now, told.channels)
        then = best(expected(known), *trusted(trust(told, known), now, limits, TOTAL), TOTAL)
        gains = change(drawn(known, DRAWS, rng), now, then)
        low, high = np.quantile(gains, (0.05, 0.95))
        true = true_change(made, BEFORE + day - 1, now, then)
        yield Promise(float(low), float(gains.mean()), float(high), true)


def true_change(made: World, day: int, before: Floats, after: Floats) -> float:
    """Of daily revenue in the week round a day, once carry-over has settled."""
    week = made.season[day - 3 : day + 4].mean(axis=0)
    gains = made.curve(day, after) - made.curve(day, before)
    return float((week * gains).sum())
