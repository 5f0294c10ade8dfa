"""The level of each channel, day by day, under many curves at once.

For each curve of a grid and each pace at which the level may wander, a local-level model (Harvey
1989, "Forecasting, Structural Time Series Models and the Kalman Filter", ch. 3): revenue is level ×
lift + noise. Days far off weigh less, days gone by tell less about the curve, and where days are
off in one direction for long (Page 1954, Biometrika 41:100) the level is learnt anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.domain.budget.history import Floats

FORGET = 0.997  # of what the days before told about the curve
OUTLIER = 3.0  # standard deviations, from which a day weighs less
MOST = 3.0  # of them count towards a break
SLACK, ALARM = 0.75, 6.0  # of the cumulated sums
JUMP = 0.6  # sd of a level after a break, as part of it
START = 0.7  # and before anything is known
UNBROKEN = -1.0


@dataclass(slots=True)
class Levels:
    """All [channel, curve, pace]: mean and variance of the level after the last day, the log of how
    well the days were foretold, and the day of the last break (UNBROKEN: none).

    `rise` and `fall` are the cumulated sums.
    """

    mean: Floats
    variance: Floats
    foretold: Floats
    broken: Floats
    rise: Floats
    fall: Floats


@dataclass(frozen=True, slots=True)
class Seen:
    """What is filtered: `revenue` [day, channel] (NaN: nothing told) and its `noise` as a variance,
    and `lift` [day, channel, curve], the revenue at a level of 1."""

    revenue: Floats
    noise: Floats
    lift: Floats


def filtered(seen: Seen, typical: Floats, pace: Floats) -> Levels:
    """The levels after the last day; `typical` [channel] is where they start, `pace` a day's sd."""
    levels = _start((*seen.lift.shape[1:], len(pace)), typical)
    for day in range(len(seen.revenue)):
        _step(levels, seen, day, pace)
    return levels


def traced(seen: Seen, typical: Floats, pace: Floats) -> tuple[Levels, Floats]:
    """The same, and the mean level after each day [day, channel, curve, pace]."""
    levels = _start((*seen.lift.shape[1:], len(pace)), typical)
    trace = np.empty((len(seen.revenue), *levels.mean.shape))
    for day in range(len(seen.revenue)):
        _step(levels, seen, day, pace)
        trace[day] = levels.mean
    return levels, trace


def _start(size: tuple[int, int, int], typical: Floats) -> Levels:
    mean = np.broadcast_to(typical[:, None, None], size).copy()
    zero = [np.zeros(size) for _ in range(3)]
    return Levels(mean, (START * mean) ** 2, zero[0], np.full(size, UNBROKEN), zero[1], zero[2])


def _step(levels: Levels, seen: Seen, day: int, pace: Floats) -> None:
    levels.variance += (levels.mean * pace) ** 2
    told = np.isfinite(seen.revenue[day])
    if not told.any():
        return
    lift = seen.lift[day][:, :, None]
    noise = np.where(told, seen.noise[day], 1.0)[:, None, None]
    known = told[:, None, None].astype(np.float64)
    off = (np.where(told, seen.revenue[day], 0.0)[:, None, None] - lift * levels.mean) * known
    total = lift * lift * levels.variance + noise
    away = off / np.sqrt(total)
    if _breaks(levels, away, day):
        total = lift * lift * levels.variance + noise
        away = off / np.sqrt(total)
    square = away * away
    if square.max() > OUTLIER**2:
        total *= np.maximum(square / OUTLIER**2, 1.0)
        square = np.minimum(square, OUTLIER**2)
    levels.foretold *= FORGET
    levels.foretold -= (0.5 * known) * (np.log(total / noise) + square)
    gain = levels.variance * lift / total * known
    levels.mean += gain * off
    levels.variance *= 1 - gain * lift


def _breaks(levels: Levels, away: Floats, day: int) -> bool:
    """Add to the cumulated sums; where one is too large, the level may be anything again."""
    part = np.clip(away, -MOST, MOST)
    levels.rise = np.maximum(levels.rise + part - SLACK, 0.0)
    levels.fall = np.maximum(levels.fall - part - SLACK, 0.0)
    alarm = (levels.rise > ALARM) | (levels.fall > ALARM)
    if not alarm.any():
        return False
    levels.variance[alarm] += (JUMP * levels.mean[alarm]) ** 2
    levels.rise[alarm] = levels.fall[alarm] = 0.0
    levels.broken[alarm] = day
    return True
