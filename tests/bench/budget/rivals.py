"""What one would do without a model, and what one would do if one knew the truth."""

from __future__ import annotations

import numpy as np

from shared.domain.budget.allocation import nearest
from shared.domain.budget.constraints import Constraints, bounds
from shared.domain.budget.history import Floats, History
from tests.bench.budget.season import Policy
from tests.bench.budget.world import BEFORE, World, optimum

WINDOW = 28  # days over which return on ad spend is reckoned


def within(wanted: Floats, told: History, given: Constraints) -> Floats:
    """The allowed split nearest to the wanted one."""
    low, high = bounds(given, told.spend[-1], told.channels)
    return nearest(wanted, low, high, given.total)


def equal(day: int, told: History, given: Constraints, rng: np.random.Generator) -> Floats:
    """The same for every channel."""
    channels = len(told.channels)
    return within(np.full(channels, given.total / channels), told, given)


def stay(day: int, told: History, given: Constraints, rng: np.random.Generator) -> Floats:
    """The split of the last day."""
    return within(told.spend[-1], told, given)


def by_roas(day: int, told: History, given: Constraints, rng: np.random.Generator) -> Floats:
    """In proportion to the average return on ad spend of the last four weeks."""
    recent = told.last(WINDOW)
    both = np.isfinite(recent.revenue) & np.isfinite(recent.spend)
    paid = np.where(both, recent.spend, 0.0).sum(axis=0)
    earned = np.where(both, recent.revenue, 0.0).sum(axis=0)
    roas = np.maximum(earned, 1.0) / np.maximum(paid, 1.0)
    return within(given.total * roas / roas.sum(), told, given)


def oracle(made: World) -> Policy:
    """Knows every curve of the day: the best steady split within the bounds."""

    def split(day: int, told: History, given: Constraints, rng: np.random.Generator) -> Floats:
        low, high = bounds(given, told.spend[-1], told.channels)
        return optimum(made, BEFORE + day, low, high)

    return split
