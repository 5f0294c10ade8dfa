"""Share a total so that the last unit of money brings the same everywhere.

With concave returns, a split is best where marginal returns are equal, but for channels at a bound
(the Kuhn–Tucker conditions; Everett 1963, Operations Research 11:399): one bisection on the common
marginal return finds it, whatever the number of channels.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np

from shared.domain.budget.history import Floats

HALVINGS = 60
CENT = Decimal("0.01")
Marginal = Callable[[Floats], Floats]


def grid(low: Floats, high: Floats, points: int = 129) -> Floats:
    """[channel, point]: from the least to the most of each channel."""
    result: Floats = low[:, None] + (high - low)[:, None] * np.linspace(0.0, 1.0, points)
    return result


def equalise(spends: Floats, marginals: Floats, total: float) -> Floats:
    """The best split [channel] of `total`, which lies between the sums of first and last spends.

    `spends` and `marginals` are [channel, point], spends rising; marginal return is taken to be
    straight between points, and a rise in it is levelled, for it is none of a concave return.
    """
    falling = np.minimum.accumulate(marginals, axis=1)
    below, above = float(np.nextafter(falling.min(), -np.inf)), float(falling.max())
    for _ in range(HALVINGS):
        middle = (below + above) / 2
        if _demand(spends, falling, middle).sum() > total:
            below = middle
        else:
            above = middle
    least, most = (_demand(spends, falling, price) for price in (above, below))
    gap = float((most - least).sum())
    part = (total - float(least.sum())) / gap if gap > 0 else 0.0
    result: Floats = least + np.clip(part, 0.0, 1.0) * (most - least)
    return result


def _demand(spends: Floats, falling: Floats, price: float) -> Floats:
    """[channel]: how far each goes until its marginal return is down to `price`."""
    rows = np.arange(len(spends))
    at = (falling > price).sum(axis=1)
    after, before = np.minimum(at, spends.shape[1] - 1), np.maximum(at - 1, 0)
    high, low = falling[rows, before], falling[rows, after]
    part = np.where(high > low, (high - price) / np.where(high > low, high - low, 1.0), 0.0)
    result: Floats = spends[rows, before] + np.clip(part, 0, 1) * (
        spends[rows, after] - spends[rows, before]
    )
    return result


def nearest(wanted: Floats, low: Floats, high: Floats, total: float) -> Floats:
    """The split within bounds that is nearest to what is `wanted` (least squares)."""
    below, above = float((low - wanted).min()), float((high - wanted).max())
    for _ in range(HALVINGS):
        middle = (below + above) / 2
        if np.clip(wanted + middle, low, high).sum() > total:
            above = middle
        else:
            below = middle
    return _settled(np.clip(wanted + below, low, high), low, high, total)


def _settled(split: Floats, low: Floats, high: Floats, total: float) -> Floats:
    """The same split with what floats left over given to whoever has room."""
    left = total - float(split.sum())
    room = high - split if left > 0 else split - low
    free = float(room[np.isfinite(room)].sum())
    if not np.isfinite(room).all():
        room, free = np.where(np.isinf(room), 1.0, 0.0), float(np.isinf(room).sum())
    result: Floats = split + left * room / free if free > 0 else split
    return result


def to_cents(
    split: Floats, total: Decimal, low: Floats | None = None, high: Floats | None = None
) -> tuple[Decimal, ...]:
    """The split in whole cents that come to `total` exactly, by the largest remainder.

    Cents stay within the bounds too, unless the bounds leave no whole cents that do.
    """
    exact = [Decimal(float(part)) / CENT for part in split]
    least = _cents(low, ROUND_CEILING) or [0] * len(exact)
    most = _cents(high, ROUND_FLOOR) or [int(total / CENT)] * len(exact)
    whole = [
        max(min(int(part.to_integral_value(ROUND_FLOOR)), top), bottom)
        for part, bottom, top in zip(exact, least, most, strict=True)
    ]
    left = int(total / CENT) - sum(whole)
    way = 1 if left > 0 else -1
    order = sorted(range(len(exact)), key=lambda n: (way * (whole[n] - exact[n]), n))
    for bound in (most if way > 0 else least, None):
        left = _given(whole, order, left, bound)
    return tuple(part * CENT for part in map(Decimal, whole))


def _given(whole: list[int], order: list[int], left: int, bound: list[int] | None) -> int:
    """Hand out the cents left, one each in turn, to whoever is not at the bound; what remains."""
    way = 1 if left > 0 else -1
    while left:
        open_to = [n for n in order if bound is None or whole[n] != bound[n]]
        if not open_to:
            break
        each = max(abs(left) // len(open_to), 1)
        for n in open_to[: abs(left)]:
            room = each if bound is None else min(each, abs(bound[n] - whole[n]))
            whole[n] += way * room
            left -= way * room
    return left


def _cents(bound: Floats | None, rounding: str) -> list[int] | None:
    if bound is None:
        return None
    near = [round(float(part) / 0.01, 4) for part in bound]  # 0.07 / 0.01 is 7, not a bit more
    return [int(Decimal(part).to_integral_value(rounding)) for part in near]
