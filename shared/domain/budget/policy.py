"""A day's split from what is known the evening before: the best guess, and enough of trying.

Thompson (1933) sampling acts on one draw from what is known, which tries most where least is known
(Russo et al. 2018, "A Tutorial on Thompson Sampling"). Returns here are concave and a day is noisy:
acting on the mean of some draws tries as much as is needed and costs far less.
"""

from __future__ import annotations

import numpy as np

from shared.domain.budget.allocation import equalise, grid, nearest
from shared.domain.budget.constraints import Constraints, bounds
from shared.domain.budget.fitting import fit
from shared.domain.budget.history import Floats, History
from shared.domain.budget.response import Curves
from shared.domain.budget.trust import Trust, reach, trust
from shared.domain.budget.uncertainty import drawn

DRAWS = 4


def split(_day: int, told: History, given: Constraints, rng: np.random.Generator) -> Floats:
    """[channel]: the spend of the day after the history; Contradiction where there is none.

    Steps are from the spend last known. While nothing is known to have been earned, spend stays as
    near to that as constraints allow. The day is for those that
    plan ahead; this policy does not.
    """
    current = told.latest
    low, high = bounds(given, current, told.channels)
    if told.earned <= 0:
        return nearest(current, low, high, given.total)
    known = fit(told)
    low, high = trusted(trust(told, known), current, (low, high), given.total)
    return best(drawn(known, DRAWS, rng), low, high, given.total)


def best(curves: Curves, low: Floats, high: Floats, total: float) -> Floats:
    """The split of the highest expected revenue within bounds."""
    spends = grid(low, high)
    return equalise(spends, curves.marginal(spends), total)


def trusted(
    seen: Trust, current: Floats, bound: tuple[Floats, Floats], total: float
) -> tuple[Floats, Floats]:
    """Bounds drawn closer to what was seen, as far as the total allows it."""
    low, high = bound
    least, most = (np.clip(part, low, high) for part in reach(seen, current))
    return (least if least.sum() <= total else low), (most if most.sum() >= total else high)
