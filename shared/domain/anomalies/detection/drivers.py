"""The five things that move on their own, each a sum per exposure, as logarithms day by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shared.domain.anomalies.detection.medians import Bools, Floats
from shared.domain.anomalies.panel import Panel

MEDIAN_OF_COUNT = 1 / 6  # the median of a Poisson count is about this much below its mean


@dataclass(frozen=True, slots=True)
class Driver:
    """`total` per `exposure` (None: per day), and where chance comes from.

    `counts` names what is counted; the logarithm of the ratio varies by `spread` / counts at least.
    """

    total: str
    exposure: str | None
    counts: str | None
    spread: float


NO_CHANCE = 1e-9  # money that is decided, not drawn
ORDER_SPREAD = 0.5  # squared variation of what single orders are worth

TABLE: Mapping[str, Driver] = {
    "spend": Driver("spend", None, None, NO_CHANCE),
    "impressions": Driver("impressions", "spend", "impressions", 1.0),
    "ctr": Driver("clicks", "impressions", "clicks", 1.0),
    "conversion_rate": Driver("conversions", "clicks", "conversions", 1.0),
    "revenue": Driver("revenue", "conversions", None, ORDER_SPREAD),
}


@dataclass(frozen=True, slots=True)
class Ratios:
    """One driver of every campaign, [series, day]: total, exposure and the log of their ratio.

    A day without the ratio (no row, no exposure, not over) is NaN in all three. Logs, and what is
    made of them, are float32: half as much to move, and seven digits are more than any of them has.
    """

    metric: str
    total: Floats
    exposure: Floats
    log: Floats


def ratios(panel: Panel, metric: str, pace: Floats) -> Ratios:
    """What a driver was on each day of the panel.

    Where nothing is ever spent, impressions are per `pace` [day]: the part of an ordinary day's
    spend that all campaigns of the project had in common.
    """
    driver = TABLE[metric]
    total, exposure = panel.values[driver.total], _exposure(panel, driver, pace)
    counted = driver.counts is not None
    there: Bools = (exposure > 0) & (total >= 0) & ~panel.unfinished
    if not counted or driver.exposure == "spend":
        there &= total > 0
    total, exposure = np.where(there, total, np.nan), np.where(there, exposure, np.nan)
    ratio = (total + MEDIAN_OF_COUNT * counted) / exposure
    return Ratios(metric, total, exposure, np.log(ratio.astype(np.float32)))


def _exposure(panel: Panel, driver: Driver, pace: Floats) -> Floats:
    if driver.exposure is None:
        return np.ones_like(panel.values[driver.total])
    exposure = panel.values[driver.exposure]
    if driver.exposure != "spend":
        return exposure
    unpaid = ~(np.nan_to_num(exposure) > 0).any(axis=1, keepdims=True)
    return np.where(unpaid, pace, exposure)


def counts(metric: str, expected: Floats, exposure: Floats) -> Floats:
    """How many things were drawn by chance where `expected` was to come of `exposure`."""
    driver = TABLE[metric]
    drawn = expected if driver.counts else exposure if driver.exposure else np.ones_like(expected)
    return drawn / driver.spread


def counted(metric: str) -> bool:
    """Whether the driver's total is a count rather than money."""
    return TABLE[metric].counts is not None
