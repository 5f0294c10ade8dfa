"""Of what parts a change of a metric is made: whose, and by how much they had or what it brought.

Two factors are parted as Bennet (1920, The Theory of Measurement of Changes in Cost of Living)
parts a change in value: each factor's change is weighed by the other's average before and after,
which leaves no remainder and treats both times alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from shared.domain.semantics import METRICS

Floats = NDArray[np.float64]
Part = Literal["volume", "rate"]

# What a sum is a rate of: revenue is clicks times what a click brings. Spend is a rate of nothing.
_VOLUME_OF = {
    "impressions": "spend",
    "clicks": "impressions",
    "conversions": "clicks",
    "revenue": "clicks",
}


@dataclass(frozen=True, slots=True)
class Parts:
    """The change of a whole, by its rows: volume + rate over all of them is `total`."""

    volume: Floats
    rate: Floats

    @property
    def total(self) -> float:
        """The change of the whole."""
        return float((self.volume + self.rate).sum())

    def share(self, row: int) -> float | None:
        """One row's part of the total, signed; None where the whole did not change."""
        total = self.total
        size = float(np.abs(self.volume).sum() + np.abs(self.rate).sum())
        if abs(total) <= 1e-9 * size:
            return None
        return float(self.volume[row] + self.rate[row]) / total


def parts_of(metric: str, now: Mapping[str, Floats], usual: Mapping[str, Floats]) -> Parts:
    """Split a metric's change; `now` and `usual` hold the stored columns by row: by
    campaign of a channel, say.

    A ratio's change is parted into rows that weigh more or less in the whole (volume: their share
    of the denominator, measured against the whole's average) and rows whose own ratio changed
    (rate).
    """
    above, below = METRICS[metric].numerator, METRICS[metric].denominator
    if below is None:
        return _of_sum(above, now, usual)
    brought, weight = (
        [_over(columns[c], columns[below].sum()) for columns in (now, usual)]
        for c in (above, below)
    )
    mean = sum(_rates((now[above], usual[above]), (now[below], usual[below]))) / 2
    shift = weight[0] - weight[1]
    volume = shift * (mean - (brought[0].sum() + brought[1].sum()) / 2)
    rate = brought[0] - brought[1] - shift * mean
    return Parts(METRICS[metric].scale * volume, METRICS[metric].scale * rate)


def _of_sum(column: str, now: Mapping[str, Floats], usual: Mapping[str, Floats]) -> Parts:
    change = now[column] - usual[column]
    if column not in _VOLUME_OF:
        return Parts(change, np.zeros_like(change))
    had = _VOLUME_OF[column]
    rates = _rates((now[column], usual[column]), (now[had], usual[had]))
    volume = (now[had] - usual[had]) * sum(rates) / 2
    return Parts(volume, change - volume)


def _rates(above: tuple[Floats, Floats], below: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Ratios now and as usual; one that is undefined is taken to be as the other."""
    now, usual = _over(above[0], below[0]), _over(above[1], below[1])
    return np.where(below[0] != 0, now, usual), np.where(below[1] != 0, usual, now)


def _over(above: Floats, below: Floats) -> Floats:
    """The quotient, 0 over a zero."""
    return np.divide(above, below, out=np.zeros_like(above), where=np.not_equal(below, 0))


def larger_part(metric: str, parts: Parts, row: int) -> Part | None:
    """What weighs more in one row's change; None for spend, which is a rate of nothing."""
    if metric == "spend":
        return None
    return "volume" if abs(parts.volume[row]) > abs(parts.rate[row]) else "rate"
