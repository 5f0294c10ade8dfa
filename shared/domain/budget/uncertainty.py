"""What the responses may be: their mean, and draws from what is known."""

from __future__ import annotations

import numpy as np

from shared.domain.budget.fitting import HALF, Posterior
from shared.domain.budget.history import Floats
from shared.domain.budget.response import FAMILIES, Curves, curve

FAMILY_OF = np.repeat(np.arange(FAMILIES), len(HALF))  # [curve] of the grid
HALF_OF = np.tile(HALF, FAMILIES)
AT_USUAL = np.concatenate([curve(n, 1 / HALF) for n in range(FAMILIES)])


def expected(known: Posterior) -> Curves:
    """The posterior mean of every channel's response, exactly: a mixture of the grid's curves."""
    worth = (known.weight * known.level).sum(axis=(1, 3)).T
    return Curves(
        family=np.repeat(FAMILY_OF[:, None], worth.shape[1], axis=1),
        half=HALF_OF[:, None] * known.usual,
        height=len(worth) * worth / AT_USUAL[:, None],
    )


def drawn(known: Posterior, draws: int, rng: np.random.Generator) -> Curves:
    """Responses drawn from the posterior, each channel by itself."""
    channels = len(known.usual)
    family, half, height = (np.empty((draws, channels)) for _ in range(3))
    for n in range(channels):
        sums = known.weight[n].cumsum()
        chosen = np.searchsorted(sums, rng.uniform(size=draws) * sums[-1])
        at = np.minimum(chosen, sums.size - 1)
        mean, variance = known.level[n].ravel()[at], known.variance[n].ravel()[at]
        level = mean + np.sqrt(variance) * rng.standard_normal(draws)
        shape = np.unravel_index(at, known.weight[n].shape)[1]
        family[:, n], half[:, n] = FAMILY_OF[shape], HALF_OF[shape] * known.usual[n]
        height[:, n] = np.maximum(level, 0.0) / AT_USUAL[shape]
    return Curves(family.astype(np.int64), half, height)


def change(curves: Curves, before: Floats, after: Floats) -> Floats:
    """[curve]: how much more revenue a day the split `after` brings than `before`, in the end."""
    result: Floats = (curves.revenue(after) - curves.revenue(before)).sum(axis=1)
    return result
