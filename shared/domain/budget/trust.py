"""How far the data carry: what was seen of a channel, and how much it told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.domain.budget.fitting import HALF, Posterior, prior
from shared.domain.budget.history import Bools, Floats, History
from shared.domain.budget.response import FAMILIES, curve, slope

RECENT = 28  # days whose spend counts as seen
VARIED = 0.04  # sd of the log of spend, below which no response can be told from it
UP, DOWN = 2.0, 0.5  # of the most and the least that was seen
NEAR_UP, NEAR_DOWN = 1.25, 0.8  # and of a channel that never varied or is hardly known
FEW_DAYS = 14
ELASTICITY = np.concatenate(
    [slope(n, 1 / HALF) / HALF / curve(n, 1 / HALF) for n in range(FAMILIES)]
)


@dataclass(frozen=True, slots=True)
class Trust:
    """All [channel].

    `days` on which spend, above zero, and revenue are known; the spend seen lately from `least` to
    `most`, and the sd of the log of all spend (`varied`); `error`, the relative sd of a day round
    the fit; `identified`, by how much the days narrowed down the elasticity, 0 nothing to 1 all;
    `since_break`, about how many days ago the level broke, infinity if it never did.
    """

    days: Floats
    least: Floats
    most: Floats
    varied: Floats
    error: Floats
    identified: Floats
    since_break: Floats

    @property
    def near(self) -> Bools:
        """[channel]: known too little to go far from what it spends."""
        result: Bools = (self.days < FEW_DAYS) | (self.varied < VARIED)
        return result


def trust(told: History, known: Posterior) -> Trust:
    """What the history and its posterior tell about how far they can be trusted."""
    recent = np.where(np.isfinite(told.spend), told.spend, np.nan)[-RECENT:]
    least, most = (_or_zero(part, recent) for part in (np.fmin, np.fmax))
    both = np.isfinite(told.spend) & np.isfinite(told.revenue) & told.told[:, None]
    logs = np.where(both & (told.spend > 0), np.log(np.maximum(told.spend, 1e-300)), np.nan)
    return Trust(
        days=(both & (told.spend > 0)).sum(axis=0).astype(np.float64),
        least=least,
        most=most,
        varied=_sd(logs),
        error=known.noise,
        identified=_identified(known),
        since_break=_since_break(told, known),
    )


def _since_break(told: History, known: Posterior) -> Floats:
    """Of the curves that are believed, if most of them saw one."""
    seen = known.weight * (known.broken >= 0)
    share = seen.sum(axis=(1, 2, 3))
    last = (seen * known.broken).sum(axis=(1, 2, 3)) / np.maximum(share, 0.5)
    return np.where(share > 0.5, told.days - 1 - last, np.inf)


def _or_zero(pick: np.ufunc, values: Floats) -> Floats:
    result: Floats = np.nan_to_num(pick.reduce(values, axis=0))
    return result


def _sd(values: Floats) -> Floats:
    """[channel]: sd of the known values; 0 of less than two."""
    there = np.isfinite(values)
    number = np.maximum(there.sum(axis=0), 1)
    mean = np.where(there, values, 0.0).sum(axis=0) / number
    apart = np.where(there, values - mean, 0.0)
    result: Floats = np.sqrt((apart**2).sum(axis=0) / number)
    return result


def _identified(known: Posterior) -> Floats:
    base = np.exp(prior()).sum(axis=(0, 2))
    before = _spread((base / base.sum())[None])
    result: Floats = np.clip(1 - _spread(known.weight.sum(axis=(1, 3))) / before, 0, 1)
    return result


def _spread(weight: Floats) -> Floats:
    """Sd of the elasticity [channel] under weights [channel, family × half]."""
    mean = weight @ ELASTICITY
    result: Floats = np.sqrt(np.maximum(weight @ ELASTICITY**2 - mean**2, 0))
    return result


def reach(seen: Trust, current: Floats) -> tuple[Floats, Floats]:
    """The least and most [channel] that may be recommended of a channel for what was seen of it."""
    down = np.where(seen.near, NEAR_DOWN, DOWN)
    up = np.where(seen.near, NEAR_UP, UP)
    return down * np.minimum(seen.least, current), up * np.maximum(seen.most, current)
