"""Scores of published detectors, run by the interpreter of their own environment.

`python peer_scores.py in.npz out.npz`: `x` is [scan, metric, series, day], NaN where nothing is
known, the last day being judged, `wanted` [scan, metric, series] the days that are; the answer has
an array like it by detector, signed by the direction of the deviation. It knows nothing of the
suite and reads nothing but its input.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from pyod.models.ecod import ECOD
from pyod.models.iforest import IForest
from statsmodels.tsa.seasonal import STL

FEWEST = 42  # days without which a series is not scored
SEASON = 7
REFIT = 28  # scans between two fits of the forest


def filled(series: np.ndarray) -> np.ndarray:
    """The known days, with gaps between them interpolated."""
    known = np.flatnonzero(np.isfinite(series))
    return np.interp(np.arange(known[0], len(series)), known, series[known])


def stl(x: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The last day against trend and season of the days before, in robust deviations of theirs.

    Seasons are smoothed over 13 weeks, the trend over 29 days, with the jumps that R's stl takes.
    """
    scores = np.zeros(wanted.shape)
    ready = wanted & (np.isfinite(x).sum(axis=3) >= FEWEST) & np.isfinite(x[..., -1])
    for place in zip(*np.nonzero(ready), strict=True):
        series = filled(x[place])
        parts = STL(series[:-1], SEASON, 13, trend=29, seasonal_jump=2, trend_jump=3).fit()
        away = series[-1] - parts.trend[-1] - parts.seasonal[-SEASON]
        spread = 1.4826 * np.median(np.abs(parts.resid - np.median(parts.resid)))
        scores[place] = away / max(spread, 1e-3)
    return scores


def features(x: np.ndarray) -> np.ndarray:
    """[..., day, feature] of deviations from the four same weekdays before, in robust deviations.

    Of the day, the day before, three days, seven days, and seven days against the seven before.
    """
    days = x.shape[-1]
    before = np.stack([x[..., 28 - 7 * k : days - 7 * k] for k in range(1, 5)])
    away = x[..., 28:] - np.nanmedian(before, axis=0)
    spread = 1.4826 * np.nanmedian(np.abs(away), axis=-1, keepdims=True)
    z = np.clip(away / np.maximum(spread, 1e-3), -15, 15)
    sums = np.cumsum(np.nan_to_num(z), axis=-1)
    week = (sums[..., 14:] - sums[..., 7:-7]) / SEASON
    earlier = (sums[..., 7:-7] - sums[..., :-14]) / SEASON
    three = (sums[..., 14:] - sums[..., 11:-3]) / 3
    return np.stack([z[..., 14:], z[..., 13:-1], three, week, week - earlier], axis=-1)


def pooled(x: np.ndarray, wanted: np.ndarray, model: Callable[[], Any], every: int) -> np.ndarray:
    """One model for each metric over the windows of all series, fitted anew now and then."""
    scores = np.zeros(wanted.shape)
    for metric in range(x.shape[1]):
        fitted = None
        for scan in range(x.shape[0]):
            windows = features(x[scan, metric])
            now = windows[:, -1]
            usable = wanted[scan, metric] & np.isfinite(now).all(axis=1)
            if fitted is None or scan % every == 0:
                past = windows[:, :-1].reshape(-1, windows.shape[-1])
                past = past[np.isfinite(past).all(axis=1)]
                if len(past) < FEWEST:
                    continue
                fitted = model().fit(past)
            if usable.any():
                score = fitted.decision_function(now[usable])
                low, high = np.percentile(fitted.decision_scores_, (50, 99))
                score = np.maximum((score - low) / max(high - low, 1e-9), 0)
                scores[scan, metric, usable] = score * np.sign(now[usable][:, [0, 2]].sum(axis=1))
    return scores


def forest() -> IForest:
    return IForest(n_estimators=60, random_state=0, n_jobs=1)


def main(source: str, target: str) -> None:
    warnings.simplefilter("ignore")  # of medians over series without a day
    x, wanted = (np.load(source)[name] for name in ("x", "wanted"))
    np.savez(
        target,
        stl=stl(x, wanted),
        ecod=pooled(x, wanted, ECOD, SEASON),
        iforest=pooled(x, wanted, forest, REFIT),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
