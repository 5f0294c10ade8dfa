"""What was to be expected of each day: a level, a weekday, and what all campaigns had in common.

Everything is a logarithm, so effects multiply. Levels are medians of weeks, and medians of the four
weeks before: a few odd days move nothing. The days that are judged are no part of their baseline.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shared.domain.anomalies.detection.medians import (
    MAD_TO_SIGMA,
    WEEK,
    Bools,
    Floats,
    median,
    trailing,
    weeks,
    weighted_median,
)

LEVEL_WEEKS = 4
RECENT_WEEKS = 2  # so recent that a deviation may still be going on
MIN_DAYS = 14  # of the last four weeks
LAUNCH = 28  # days that a campaign takes to find its level
FEW = 8.0  # counts a day, below which sums tell more than medians
FEW_WEEKS = 4
MIN_IN_COMMON = 4  # campaigns that can have something in common
ENOUGH = 100  # of the most precise ones show it as well as all
ODD = 4.0  # standard deviations that keep a day out of the baseline
ODD_EFFECT = 0.18  # and logarithms
MOST_DOUBT = 0.005  # variance; more of it is one channel that moved rather than ignorance
SPIKE = 1.2  # sales and seasons raise numbers further than they let them fall


@dataclass(frozen=True, slots=True)
class Expected:
    """Expected logs [series, day] (NaN: nothing can be said), and what they were made of.

    `common` [day] is what the project's campaigns shared, as part of what was expected, and `doubt`
    its variance; `shape` [series, day] it and the weekdays, `calm` the logs without them, `odd` the
    days that were left out.
    """

    log: Floats
    shape: Floats
    common: Floats
    doubt: Floats
    calm: Floats
    odd: Bools
    spoiled: Bools


def expect(log: Floats, spoiled: Bools, weights: Floats, counted: Floats, usual: float) -> Expected:
    """What each day should have been.

    `spoiled` days tell nothing about the ordinary; `weights` [series] say how precisely a campaign
    shows what all campaigns have in common, which is expected of all unless it is beyond `usual`;
    `counted` [series] are the counts of an ordinary day: of few there is no weekday to be seen.
    """
    known = _without(log, spoiled)
    known[:, -1] = np.nan
    weekday = _weekdays(known, counted >= FEW)
    telling = np.argsort(-weights, kind="stable")[:ENOUGH]
    common, doubt = _common((log - weekday)[telling], weights[telling])
    unheard = (common < -usual) | (common > SPIKE * usual)
    common, doubt = np.where(unheard, 0.0, common), np.where(unheard, 0.0, doubt)
    shape = weekday + common.astype(log.dtype)
    calm = log - shape
    recent = np.isfinite(log[:, -LEVEL_WEEKS * WEEK - 1 : -1]).sum(axis=1)
    able = (recent >= MIN_DAYS) & np.isfinite(log[:, : -LAUNCH - 1]).any(axis=1)
    level, odd = np.full_like(log, np.nan), spoiled.copy()
    level[able], odd[able] = _level(calm[able], spoiled[able])
    return Expected(level + shape, shape, common, doubt, calm, odd, spoiled)


def _level(calm: Floats, spoiled: Bools) -> tuple[Floats, Bools]:
    """[series, day]: the level without odd days, and which days these are."""
    first = _levels(_without(calm, spoiled))
    away = np.abs(calm - first)
    sigma = MAD_TO_SIGMA * median(away[:, :-1])
    odd = spoiled | (away > np.maximum(ODD * sigma[:, None], ODD_EFFECT))
    level = _levels(_without(calm, odd))
    np.copyto(level, first, where=np.isnan(level))
    unknown = np.isnan(level[:, -1])
    level[unknown] = _levels(calm[unknown])
    return level, odd


def _without(log: Floats, days: Bools) -> Floats:
    """The same without some days."""
    rest = log.copy()
    np.copyto(rest, np.nan, where=days)
    return rest


def of_few(base: Expected, total: Floats, exposure: Floats, usual: Floats) -> Expected:
    """The same, where so little is counted that the middle day is none to go by: sums over weeks.

    `usual` [series] are the counts of an ordinary day.
    """
    few = np.flatnonzero((usual < FEW) & np.isfinite(base.log[:, -1]))
    days = slice(-FEW_WEEKS * WEEK - 1, -1)
    told = np.isfinite(total[few, days]) & ~base.spoiled[few, days]
    happened = np.where(told, total[few, days], 0.0).sum(axis=1)
    shaped = exposure[few, days] * np.exp(base.shape[few, days])
    level = np.log((happened + 0.5) / np.maximum(np.where(told, shaped, 0.0).sum(axis=1), 1e-9))
    log = base.log.copy()
    log[few] = level[:, None] + base.shape[few]
    return replace(base, log=log)


def _levels(calm: Floats) -> Floats:
    """The level before each week, and for the recent weeks the one before all of them were odd."""
    by_week = trailing(median(weeks(calm[:, :-1])), LEVEL_WEEKS)
    days = np.full_like(calm, np.nan)
    whole = (by_week.shape[1] - 1) * WEEK
    days[:, calm.shape[1] - 1 - whole : -1] = np.repeat(by_week[:, :-1], WEEK, axis=1)
    days[:, -RECENT_WEEKS * WEEK - 1 :] = by_week[:, -1:]
    return days


def _weekdays(log: Floats, telling: Bools) -> Floats:
    """[series, day]: how a weekday differs, the series' own as far as it is more than chance.

    Own and pooled effects are weighed as by James & Stein (1961).
    """
    by_week = weeks(log[:, :-1])
    apart = by_week - median(by_week)[..., None]
    columns = np.swapaxes(apart, 1, 2)
    own = median(columns)
    away = np.abs(columns - own[..., None]).reshape(len(log), -1)
    noise = (MAD_TO_SIGMA * median(away)[:, None]) ** 2
    there = np.maximum(np.isfinite(columns).sum(axis=-1), 1)
    pooled = median(own.T)
    differs = own - pooled
    chance = np.nansum(1.57 * noise / there, axis=1)
    seen = telling & (there.min(axis=1) >= LEVEL_WEEKS)
    share = seen * np.clip(1 - chance / np.maximum(np.nansum(differs**2, axis=1), 1e-12), 0, 1)
    effect = np.nan_to_num(pooled + share[:, None] * np.nan_to_num(differs))
    days = log.shape[1]
    columns_of = (np.arange(days) - (days - 1)) % WEEK
    result: Floats = effect.astype(log.dtype)[:, columns_of]
    return result


def _common(log: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """[day]: the middle campaign's way through the whole panel, relative to now; its variance."""
    by_week = weeks(log[:, :-1])
    centre = median(by_week)
    now = trailing(centre, LEVEL_WEEKS)[:, -1:]
    slow, _ = _middle(centre - now, weights)
    within = (by_week - centre[..., None]).reshape(log.shape[0], -1)
    fast, doubt = _middle(np.hstack([within, log[:, -1:] - now]), weights)
    moves = np.maximum((MAD_TO_SIGMA * median(np.abs(fast))) ** 2 - np.median(doubt), 0.0)
    moves = np.maximum(moves, fast**2 - doubt)
    fast = fast * moves / np.maximum(moves + doubt, 1e-12)
    common = np.zeros(log.shape[1])
    common[-fast.size :] = fast
    common[-fast.size : -1] += np.repeat(slow, WEEK)
    left = np.zeros(log.shape[1])
    left[-fast.size :] = np.minimum(doubt * moves / np.maximum(moves + doubt, 1e-12), MOST_DOUBT)
    return common, left


def _middle(apart: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """The weighted median campaign [day], and how uncertain it is, as a variance."""
    there = np.isfinite(apart) & (weights[:, None] > 0)
    number = there.sum(axis=0)
    middle = weighted_median(apart, np.broadcast_to(weights[:, None], apart.shape))
    away = np.abs(np.where(there, apart, np.nan) - middle)
    spread = MAD_TO_SIGMA * weighted_median(away, np.broadcast_to(weights[:, None], apart.shape))
    enough = number >= MIN_IN_COMMON
    doubt = np.pi / 2 * spread**2 / np.maximum(number, 1)
    return np.where(enough, middle, 0.0), np.where(enough, doubt, 0.0)
