"""What the days tell about each channel's response, as a posterior over a grid of curves.

A curve is a carry-over, a family and a half-way spend; beside it, the level may wander at one of
some paces. For each of them the level of every day is filtered (a local-level model, Harvey 1989,
§4.1): exact, of one pass over the days for all of them at once, and it cannot fail to converge.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shared.domain.budget.filtering import Seen, filtered, traced
from shared.domain.budget.history import WEEK, Floats, History
from shared.domain.budget.response import FAMILIES, curve, stock

CARRY = np.array([0.05, 0.25, 0.45, 0.65, 0.8])
CARRY_MEAN, CARRY_SD = 0.35, 0.3
HALF = np.exp(np.linspace(np.log(0.06), np.log(16.0), 12))  # of the usual spend
PACE = np.array([0.005, 0.025])  # sd of a day's wandering of the level
HALF_MEAN, HALF_SD = -0.5, 1.5  # of the log: spend is seldom far from half-way, rather above
PACE_WEIGHT = np.array([0.6, 0.4])
SKETCH_CARRY = np.array([0.15, 0.5])
SKETCH_HALF = np.array([0.15, 0.6, 2.4])
SKETCH_PACE = np.array([0.015])
POOLED = 12.0  # channels that the prior is worth when curves are pooled
NOISE = 0.15  # of a day, before anything is known, and for how many days that is believed
BELIEVED = 10.0
WEEKDAY_SD = 0.15
USUAL_ELASTICITY = 0.5
MAD_TO_SIGMA = 1.4826
NOTHING = 1e-6  # of an ordinary revenue
ASSUMED = 3.0  # days that the return of all channels is worth for one that is new
QUIET = 0.1  # of usual revenue: below it noise falls no further


@dataclass(frozen=True, slots=True)
class Days:
    """The history made ready: all [day, channel], revenue NaN where it tells nothing.

    `week` is by how much the weekday lifts a day, `usual` [channel] the spend that curves are
    scaled by, `typical` [channel] about the revenue of a day; `units` those of spend and revenue.
    """

    spend: Floats
    revenue: Floats
    week: Floats
    usual: Floats
    typical: Floats
    units: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is known after the last day.

    `weight`, `level`, `variance` and `broken` are [channel, carry, curve, pace]: how likely it is,
    mean and variance of the level, and the day of the last break in it. A level is the revenue of
    an ordinary day at `usual` spend [channel]; `noise` [channel] the relative sd of a day.
    """

    weight: Floats
    level: Floats
    variance: Floats
    broken: Floats
    usual: Floats
    noise: Floats


def fit(told: History) -> Posterior:
    """Everything that is known about the responses after the last day."""
    days = ready(told)
    noise = np.full(len(days.usual), NOISE)
    days = replace(days, week=_first_lifts(told, days, noise))
    expected = _sketch(days, noise)
    days = replace(days, week=_lifts(told, days.revenue, expected, noise))
    noise = _noise(days, expected)
    size = (len(days.usual), len(CARRY), FAMILIES * len(HALF), len(PACE))
    lift = _shapes(days, CARRY, HALF)
    seen = _seen(days, lift, noise, np.maximum(expected, QUIET * days.typical))
    levels = filtered(seen, days.typical, PACE)
    unit, worth = days.units
    return Posterior(
        weight=pooled(levels.foretold.reshape(size) + prior()),
        level=worth * np.maximum(levels.mean.reshape(size), 0.0),
        variance=worth**2 * levels.variance.reshape(size),
        broken=levels.broken.reshape(size),
        usual=unit * days.usual,
        noise=noise,
    )


def _sketch(days: Days, noise: Floats) -> Floats:
    """[day, channel]: about what an ordinary day at that time was worth, by a few curves only."""
    lift = _shapes(days, SKETCH_CARRY, SKETCH_HALF)
    expected = np.broadcast_to(days.typical, days.spend.shape)
    levels, trace = traced(_seen(days, lift, noise, expected), days.typical, SKETCH_PACE)
    weight = np.exp(levels.foretold - levels.foretold.max(axis=(1, 2), keepdims=True))
    weight /= weight.sum(axis=(1, 2), keepdims=True)
    made: Floats = ((weight * trace).sum(axis=3) * lift).sum(axis=2)
    return np.maximum(made, 0.0)


def _seen(days: Days, lift: Floats, noise: Floats, expected: Floats) -> Seen:
    """`expected` [day, channel] is what revenue is about, by which its noise goes."""
    spread = (noise * expected * np.maximum(days.week, 0.1)) ** 2
    return Seen(days.revenue, spread, lift * days.week[:, :, None])


def ready(told: History) -> Days:
    """Gaps in spend filled with the day before, and everything in units of its own size."""
    ordinary = np.where(told.told[:, None], told.revenue, np.nan)
    unit, worth = _size(told.spend), _size(ordinary)
    spend = _filled(told.spend / unit)
    known = np.isfinite(told.spend) & np.isfinite(ordinary)
    revenue = np.where(known, ordinary / worth, np.nan)
    paid = np.where(np.isfinite(told.spend), spend, 0.0)
    usual = paid.sum(axis=0) / np.maximum((paid > 0).sum(axis=0), 1)
    usual = np.where(usual > 0, usual, float(usual.max()) / 10 or 1.0)
    earned = np.nansum(revenue, axis=0)
    spent = float((paid * known).sum())
    returned = max(float(earned.sum()), 0.0) / spent if spent > 0 else 0.0
    days = known.sum(axis=0)
    level = (np.maximum(earned, 0.0) + ASSUMED * returned * usual) / (days + ASSUMED)
    typical: Floats = np.maximum(level, NOTHING)
    return Days(spend, revenue, np.ones_like(spend), usual, typical, (unit, worth))


def _size(values: Floats) -> float:
    """The mean of what is known, regardless of its sign; 1 where nothing is."""
    known = np.abs(values[np.isfinite(values)])
    return float(known.mean()) or 1.0 if known.size else 1.0


def _filled(spend: Floats) -> Floats:
    filled = spend.copy()
    for day in range(1, len(filled)):
        filled[day] = np.where(np.isnan(filled[day]), filled[day - 1], filled[day])
    return np.nan_to_num(filled)


def _shapes(days: Days, carry: Floats, half: Floats) -> Floats:
    """[day, channel, carry × family × half]: the curve of each day's stock, 1 at usual spend."""
    x = (stock(days.spend, carry) / days.usual[:, None])[..., None] / half
    parts = [curve(n, x) / curve(n, 1 / half) for n in range(FAMILIES)]
    lift: Floats = np.concatenate(parts, axis=-1).reshape(*days.spend.shape, -1)
    return lift


def prior() -> Floats:
    """[carry, family × half, pace]: logs of the weights before any day."""
    half = np.tile(-0.5 * ((np.log(HALF) - HALF_MEAN) / HALF_SD) ** 2, FAMILIES)
    carry = -0.5 * ((CARRY - CARRY_MEAN) / CARRY_SD) ** 2
    logs: Floats = carry[:, None, None] + half[:, None] + np.log(PACE_WEIGHT)
    return logs


def pooled(told: Floats) -> Floats:
    """Weights that sum to 1 by channel, each channel's prior moved towards what the others say.

    An empirical Bayes step on the grid (Laird 1978, JASA 73:805), kept weak by `POOLED`.
    """
    own = _normal(told)
    base = _normal(prior()[None])
    for _ in range(3):
        total = own.sum(axis=0, keepdims=True)
        others = (POOLED * base + total - own) / (POOLED + len(own) - 1)
        own = _normal(told - np.log(base) + np.log(others))
    return own


def _normal(logs: Floats) -> Floats:
    top = logs.max(axis=(1, 2, 3), keepdims=True)
    weight = np.exp(logs - top)
    result: Floats = weight / weight.sum(axis=(1, 2, 3), keepdims=True)
    return result


def _first_lifts(told: History, days: Days, noise: Floats) -> Floats:
    """Before any curve is known: what is left when spend explains as much as it usually does."""
    smooth = np.maximum(_centred(days.spend), 1e-9 * days.usual)
    paced = np.maximum(days.spend / smooth, 1e-3) ** USUAL_ELASTICITY
    return _lifts(told, days.revenue, paced * _centred(days.revenue), noise)


def _centred(values: Floats) -> Floats:
    """[day, channel]: mean of the week round each day, of the days that are known."""
    known = np.isfinite(values)
    sums = np.zeros((2, len(values) + WEEK, values.shape[1]))
    sums[0, 1 : len(values) + 1] = np.where(known, values, 0.0).cumsum(axis=0)
    sums[1, 1 : len(values) + 1] = known.cumsum(axis=0)
    sums[:, len(values) + 1 :] = sums[:, len(values) : len(values) + 1]
    after = np.minimum(np.arange(len(values)) + 4, len(values))
    before = np.maximum(np.arange(len(values)) - 3, 0)
    total, number = sums[:, after] - sums[:, before]
    result: Floats = total / np.maximum(number, 1)
    return result


def _lifts(told: History, revenue: Floats, expected: Floats, noise: Floats) -> Floats:
    """[day, channel]: revenue of the weekday as part of what is expected of an ordinary day.

    All channels' together, and of each channel's own as much as is more than chance (James & Stein
    1961); both near 1 while few weeks are known.
    """
    known = np.isfinite(revenue) & (expected > 0)
    scale = np.maximum(np.where(known, expected, 0.0).sum(axis=0), 1e-12)
    on = np.eye(WEEK)[told.weekday].T
    earned = on @ (np.where(known, revenue, 0.0) / scale)
    due = on @ (np.where(known, expected, 0.0) / scale)
    number = on @ known
    chance = noise**2 / np.maximum(number, 1)
    pooled = earned.sum(axis=1) / np.maximum(due.sum(axis=1), 1e-12)
    unsure = chance.mean(axis=1) / len(scale)
    pooled = 1 + (pooled - 1) * WEEKDAY_SD**2 / (WEEKDAY_SD**2 + unsure) * (due.sum(axis=1) > 0)
    own = np.where(due > 0, earned / np.maximum(due, 1e-12), 0) - pooled[:, None]
    own[number == 0] = 0.0
    share = np.clip(1 - chance.sum(axis=0) / np.maximum((own**2).sum(axis=0), 1e-12), 0, 1)
    lift = np.clip(pooled[:, None] + share * own, 0.2, 5.0)
    result: Floats = (lift / lift.mean(axis=0))[told.weekday]
    return result


def _noise(days: Days, expected: Floats) -> Floats:
    """[channel]: relative sd of a day, from how far days are off; what is usual while few are."""
    off = np.abs(days.revenue / (days.week * np.maximum(expected, 1e-12)) - 1)
    there = np.isfinite(off).sum(axis=0)
    middle = np.zeros(len(there))
    middle[there > 0] = np.nanmedian(off[:, there > 0], axis=0)
    own = MAD_TO_SIGMA * middle
    noise: Floats = np.sqrt((BELIEVED * NOISE**2 + there * own**2) / (BELIEVED + there))
    return noise
