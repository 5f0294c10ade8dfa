"""Robust centre and spread of many short rows at once; NaN is a value that is not there.

The median and the median absolute deviation keep their worth with almost half of the values
spoiled; 1.4826 makes the latter a standard deviation (Rousseeuw & Croux, 1993, JASA 88:1273).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Days = NDArray[np.int64]

MAD_TO_SIGMA = 1.4826
WEEK = 7
SEVEN = (
    *((0, 5), (0, 3), (1, 6), (2, 4), (0, 1), (3, 5), (2, 6)),
    *((2, 3), (3, 6), (4, 5), (1, 4), (1, 3), (3, 4)),
)


def median(values: Floats) -> Floats:
    """The median along the last axis; NaN where a row has no value."""
    width = values.shape[-1]
    if width not in (4, WEEK):
        return quantile(values, 0.5)
    columns = [values[..., n].copy() for n in range(width)]
    result = np.asarray(_of_four(columns) if width == 4 else _of_seven(columns))
    gaps = np.isnan(result)
    if gaps.any():
        result[gaps] = quantile(values[gaps], 0.5)
    return result


def _of_four(columns: list[Floats]) -> Floats:
    low, high = columns[0], columns[0]
    for one in columns[1:]:
        low, high = np.minimum(low, one), np.maximum(high, one)
    result: Floats = (sum(columns) - low - high) / 2
    return result


def _of_seven(columns: list[Floats]) -> Floats:
    """Thirteen exchanges bring the middle of seven to the middle (Devillard, 1998)."""
    for a, b in SEVEN:
        columns[a], columns[b] = (
            np.minimum(columns[a], columns[b]),
            np.maximum(columns[a], columns[b]),
        )
    return np.where(np.isnan(sum(columns)), np.nan, columns[3])


def quantile(values: Floats, share: float) -> Floats:
    """The quantile along the last axis, between neighbours linearly; NaN where there is none."""
    ordered = np.sort(values, axis=-1)
    count = np.isfinite(ordered).sum(axis=-1)
    place = np.maximum(count - 1, 0) * share
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    low = np.take_along_axis(ordered, below[..., None], axis=-1)[..., 0]
    high = np.take_along_axis(ordered, above[..., None], axis=-1)[..., 0]
    result: Floats = np.where(count > 0, low + (high - low) * (place - below), np.nan)
    return result


def weeks(values: Floats) -> Floats:
    """[row, day] as [row, week, 7]; the last day closes the last week, what is left over goes."""
    whole = values.shape[1] // WEEK
    return values[:, values.shape[1] - whole * WEEK :].reshape(values.shape[0], whole, WEEK)


def trailing(values: Floats, width: int) -> Floats:
    """[row, week]: the median of the `width` values before each, and one more: after the last."""
    rows, count = values.shape
    padded = np.full((rows, count + width), np.nan)
    padded[:, width:] = values
    return median(np.lib.stride_tricks.sliding_window_view(padded, width, axis=1))


def weighted_median(values: Floats, weights: Floats) -> Floats:
    """The weighted median along the first axis; NaN (or no weight) counts for nothing."""
    there = np.isfinite(values) & (weights > 0)
    order = np.argsort(np.where(there, values, np.inf), axis=0)
    ordered = np.take_along_axis(np.where(there, values, np.nan), order, axis=0)
    below = np.cumsum(np.take_along_axis(np.where(there, weights, 0.0), order, axis=0), axis=0)
    place = (below < below[-1:] / 2).sum(axis=0)
    result: Floats = np.take_along_axis(ordered, np.minimum(place, len(values) - 1)[None], axis=0)[
        0
    ]
    return result
