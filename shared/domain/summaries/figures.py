"""The figures of a channel, a campaign or the project, and what they are compared with."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from shared.domain.semantics import METRICS, STORED_METRICS
from shared.domain.summaries.facts import Days, Figure, MainMetric
from shared.domain.summaries.reading import Series
from shared.domain.summaries.span import THIS, WEEKS_BEFORE
from shared.domain.summaries.week import DAYS

if TYPE_CHECKING:
    from shared.domain.summaries.span import Bools, Floats

HEADLINE: Final = (
    "spend",
    "impressions",
    "clicks",
    "conversions",
    "revenue",
    "roas",
    "cpa",
    "ctr",
    "conversion_rate",
    "aov",
)
MAIN: Final[tuple[MainMetric, ...]] = ("revenue", "conversions", "clicks")  # the first there is
# What is told of a project that does not measure better: the price of its main metric.
_PRICE: Final[Mapping[MainMetric, str]] = {"clicks": "cpc", "spend": "cpm"}
_PLACES = 9  # of money in the warehouse; what is left beyond it comes of adding up


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """Which days are compared, as weights by [week, weekday], from the days with any rows.

    `now` is all of the week; `now_like` and `before` are the weekdays that it shares with the week
    before; `now_usual` and `usual` those that any of the four weeks has, each weekday at its mean.
    """

    arrived: Bools
    now: Floats = field(init=False)
    now_like: Floats = field(init=False)
    before: Floats = field(init=False)
    now_usual: Floats = field(init=False)
    usual: Floats = field(init=False)

    def __post_init__(self) -> None:
        this, last, earlier = self.arrived[THIS], self.arrived[THIS - 1], self.arrived[:THIS]
        times = earlier.sum(axis=0)
        mean = np.zeros(self.arrived.shape)
        mean[:THIS] = (earlier & this) / np.maximum(times, 1)
        for name, weights in {
            "now": _only(THIS, this),
            "now_like": _only(THIS, this & last),
            "before": _only(THIS - 1, this & last),
            "now_usual": _only(THIS, this & (times > 0)),
            "usual": mean,
        }.items():
            object.__setattr__(self, name, weights)

    @property
    def compared(self) -> Days:
        """Which days stand beside those of the week before."""
        return _days(self.arrived[THIS], self.arrived[THIS - 1])

    @property
    def averaged(self) -> Days:
        """Which days stand beside the average."""
        return _days(self.arrived[THIS], np.asarray(self.arrived[:THIS].any(axis=0)))

    @property
    def weeks_before(self) -> int:
        """How many of the four weeks before have any rows."""
        return int(self.arrived[:THIS].any(axis=1).sum())


def _days(this: Bools, other: Bools) -> Days:
    rules: tuple[tuple[bool, Days], ...] = (
        (not other.any(), "nothing"),
        (bool((this == other).all()), "weeks"),
        (not (this & other).any(), "no_days"),
        (not (this & ~other).any(), "these_days"),
    )
    return next((days for holds, days in rules if holds), "like_days")


def _only(week: int, days: Bools) -> Floats:
    weights = np.zeros((WEEKS_BEFORE + 1, DAYS))
    weights[week] = days
    return weights


def total(series: Series, column: str, weights: Floats) -> float | None:
    """A stored metric over the weighted days; None if none of them told it."""
    grid = series.values[column]
    told = np.isfinite(grid) & (weights > 0)
    if not told.any():
        return None
    return round(math.fsum(grid[told] * weights[told]), _PLACES)


def value(series: Series, metric: str, weights: Floats) -> float | None:
    """A metric over the weighted days, a ratio as the ratio of sums; None if it is undefined."""
    known = METRICS[metric]
    above = total(series, known.numerator, weights)
    if known.denominator is None or above is None:
        return above
    below = total(series, known.denominator, weights)
    return known.scale * above / below if below else None


def change(now: float | None, then: float | None) -> float | None:
    """A fraction: 0.25 is a quarter more. None where either is undefined or `then` is not above
    zero.
    """
    return now / then - 1 if now is not None and then is not None and then > 0 else None


def figure(series: Series, metric: str, like: Likeness) -> Figure:
    """A metric of the week beside the week before and the average."""
    before, usual = (value(series, metric, weights) for weights in (like.before, like.usual))
    compared = value(series, metric, like.now_like)
    return Figure(
        metric=metric,
        value=value(series, metric, like.now),
        week_before=before,
        compared=compared,
        average=usual,
        change=change(compared, before),
        against_average=change(value(series, metric, like.now_usual), usual),
    )


def measured(project: Series, main: MainMetric) -> tuple[str, ...]:
    """The headline metrics of which the five weeks tell anything; of revenue, other than zero."""
    wanted = (*HEADLINE, _PRICE[main]) if main in _PRICE else HEADLINE
    grids = project.values
    there = {column for column in STORED_METRICS if np.isfinite(grids[column]).any()}
    if len(there) > 1 and not np.nan_to_num(grids["revenue"]).any():
        there -= {"revenue"}  # a shop that never sells does not measure it
    return tuple(
        metric
        for metric in wanted
        if {METRICS[metric].numerator, METRICS[metric].denominator or METRICS[metric].numerator}
        <= there
    )


def main_of(project: Series) -> MainMetric:
    """The metric that a summary is about: revenue, or what comes closest to it."""
    found = (m for m in MAIN if np.any(np.nan_to_num(project.values[m]) != 0))
    return next(found, "spend")


def figures_of(series: Series, metrics: Sequence[str], like: Likeness) -> tuple[Figure, ...]:
    """The metrics, each with what it is compared with."""
    return tuple(figure(series, metric, like) for metric in metrics)
