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
NETWORKS = {  # exchanges that sort so many (Knuth, 1998, The Art of Computer Programming 3, 5.3.4)
    4: ((0, 1), (2, 3), (0, 2), (1, 3), (1, 2)),
    WEEK: (
        *((0, 6), (2, 3), (4, 5), (0, 2), (1, 4), (3, 6), (0, 1), (2, 5)),
        *((3, 4), (1, 2), (4, 6), (2, 3), (4, 5), (1, 2), (3, 4), (5, 6)),
    ),
}


def median(values: Floats) -> Floats:
    """The median along the last axis; NaN where a row has no value."""
    width = values.shape[-1]
    if width not in NETWORKS or values.ndim == 1:
        return quantiles(values, 0.5)[0]
    columns = [values[..., n].copy() for n in range(width)]
    there = np.full(values.shape[:-1], width, dtype=np.int8)
    for column in columns:
        gone = np.isnan(column)
        there -= gone
        np.copyto(column, np.inf, where=gone)  # so that it comes last
    for a, b in NETWORKS[width]:
        low = np.minimum(columns[a], columns[b])
        np.maximum(columns[a], columns[b], out=columns[b])
        columns[a] = low
    return _middle(columns, there)


def _middle(columns: list[Floats], there: NDArray[np.int8]) -> Floats:
    """The middle of the first so many that are `there`."""
    width = len(columns)
    result: Floats = (columns[(width - 1) // 2] + columns[width // 2]) / 2
    for count in range(1, width):
        some = there == count
        result[some] = (columns[(count - 1) // 2][some] + columns[count // 2][some]) / 2
    result[there == 0] = np.nan
    return result


def quantiles(values: Floats, *shares: float) -> list[Floats]:
    """Quantiles along the last axis, between neighbours linearly; NaN where there is no value."""
    width = values.shape[-1]
    ordered = np.sort(values, axis=-1).reshape(-1, width)
    there = (ordered == ordered).astype(np.float32) @ np.ones(width, np.float32)
    last = there.astype(np.int64) - 1  # what is not there comes last
    first = np.arange(len(ordered)) * width
    flat, found = ordered.reshape(-1), []
    for share in shares:
        place = np.maximum(last, 0) * share
        below = place.astype(np.int64)
        part = (place - below).astype(values.dtype)
        low = flat[first + below]
        high = flat[first + np.minimum(below + 1, np.maximum(last, 0))]
        found.append((low + (high - low) * part).reshape(values.shape[:-1]))
    return found


def weeks(values: Floats) -> Floats:
    """[row, day] as [row, week, 7]; the last day closes the last week, what is left over goes."""
    whole = values.shape[1] // WEEK
    return values[:, values.shape[1] - whole * WEEK :].reshape(values.shape[0], whole, WEEK)


def trailing(values: Floats, width: int) -> Floats:
    """[row, week]: the median of the `width` values before each, and one more: after the last."""
    rows, count = values.shape
    padded = np.full((rows, count + width), np.nan, dtype=values.dtype)
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
