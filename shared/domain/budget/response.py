"""How revenue follows spend: carry-over, then a concave curve that saturates.

Adstock is geometric and comes before saturation (Jin et al. 2017, Google Research, "Bayesian
Methods for Media Mix Modeling with Carryover and Shape Effects"). A curve is known by its family
and its `half`: families differ in how hard they saturate, so that none has to be believed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from shared.domain.budget.history import Days, Floats

ROOT, HILL, EXPONENTIAL = range(3)
FAMILIES = 3
POWER = 0.6  # of the softest family, x^p / (1 + x^p)
LEAST = 1e-6  # of `half`: slopes of the softest family have no bound at zero
LN2 = float(np.log(2.0))


def stock(spend: Floats, carry: Floats) -> Floats:
    """Adstock [day, channel, carry] of spend [day, channel]; steady spend is its own stock.

    The days before the first are taken to have been like the first week.
    """
    keep = carry[None, :]
    level = np.repeat(spend[:7].mean(axis=0)[:, None], len(carry), axis=1)
    stocks = np.empty((*spend.shape, len(carry)))
    for day, paid in enumerate(spend):
        level = (1 - keep) * paid[:, None] + keep * level
        stocks[day] = level
    return stocks


def curve(family: int, x: Floats) -> Floats:
    """Between 0 and 1 for x = stock / half of zero and more; one half at 1."""
    if family == EXPONENTIAL:
        return -np.expm1(-LN2 * x)
    power = np.power(x, POWER) if family == ROOT else x
    result: Floats = power / (1 + power)
    return result


def slope(family: int, x: Floats) -> Floats:
    """The derivative of `curve`."""
    if family == EXPONENTIAL:
        return LN2 * np.exp(-LN2 * x)
    if family == HILL:
        return 1 / (1 + x) ** 2
    at = np.maximum(x, LEAST)
    result: Floats = POWER * at ** (POWER - 1) / (1 + at**POWER) ** 2
    return result


@dataclass(frozen=True, slots=True)
class Curves:
    """Some possible responses of each channel, all [curve, channel].

    Steady spend x brings height × curve(x / half) a day; `half` and `height` are in currency.
    """

    family: Days
    half: Floats
    height: Floats

    def revenue(self, split: Floats) -> Floats:
        """[curve, channel]: what a split [channel] brings on an ordinary day."""
        x = split / self.half
        curves: Floats = self.height * np.choose(
            self.family, [curve(n, x) for n in range(FAMILIES)]
        )
        return curves

    def mean_revenue(self, spends: Floats) -> Floats:
        """[channel, point]: revenue at spends [channel, point], by all curves taken together."""
        return self._mean(curve, spends, self.height)

    def marginal(self, spends: Floats) -> Floats:
        """[channel, point]: what one more unit of steady spend brings there."""
        return self._mean(slope, spends, self.height / self.half)

    def _mean(
        self, shape: Callable[[int, Floats], Floats], spends: Floats, height: Floats
    ) -> Floats:
        total = np.zeros_like(spends)
        for family in range(FAMILIES):
            one, channel = np.nonzero(self.family == family)
            at = spends[channel] / self.half[one, channel][:, None]
            np.add.at(total, channel, height[one, channel][:, None] * shape(family, at))
        return total / len(self.family)
