"""Which channels and campaigns the change of the main metric is made of, and why they changed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from shared.domain.contributions import Parts, larger_part, parts_of
from shared.domain.semantics import STORED_METRICS
from shared.domain.summaries.facts import Figure, Line, MainMetric, Mover
from shared.domain.summaries.figures import Likeness, figure, figures_of, total
from shared.domain.summaries.reading import REST, Series

if TYPE_CHECKING:
    from shared.domain.summaries.span import Floats

MOST: Final = 3  # each way
READ: Final = 10  # each way: some of them may not be told
LEAST: Final = 0.01  # of what the project had: less is not told
DUST: Final = 1e-9  # what adding up leaves
SAME: Final = 0.05  # conversions that moved by less are as many
UNCHANGED: Final = 0.0005  # a factor that moved by less is no reason

# What a metric is a product of, the closest look first.
FACTORS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "revenue": (("clicks", "conversion_rate", "aov"), ("conversions", "aov")),
    "conversions": (("clicks", "conversion_rate"),),
    "clicks": (("impressions", "ctr"),),
}


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What a summary looks at: the project, its main metric, the metrics shown and the days."""

    project: Series
    main: MainMetric
    metrics: tuple[str, ...]
    like: Likeness
    untold: frozenset[str] = frozenset()  # channels with rows of either week, none with that metric

    def line(self, series: Series) -> Line:
        """A channel or campaign with its figures."""
        figures = figures_of(series, self.metrics, self.like)
        return Line(
            channel=series.channel,
            campaign_id=series.campaign_id,
            name=series.name,
            figures=figures,
        )


def movers_of(look: Look, series: Sequence[Series]) -> tuple[tuple[Mover, ...], tuple[Mover, ...]]:
    """Those that rose and those that fell most since the week before, the largest change first.

    What they leave of the project's change counts as one more, so that shares are of the whole.
    What nobody told has neither risen nor fallen: a file without that column came in.
    """
    weeks = (look.like.now_like, look.like.before)
    if not series or any(total(look.project, look.main, days) is None for days in weeks):
        return (), ()
    now, before = (_sums(look, series, days) for days in weeks)
    parts = parts_of(look.main, now, before)
    changes = parts.volume + parts.rate
    least = max(LEAST * abs(columns[look.main].sum()) for columns in (now, before))
    told = [
        row
        for row in np.argsort(-np.abs(changes), kind="stable").tolist()
        if row < len(series)
        and series[row].channel not in (REST, *look.untold)
        and abs(changes[row]) > max(least, DUST)
    ]
    rising, falling = ([row for row in told if way * changes[row] > 0][:MOST] for way in (1, -1))
    return (
        tuple(_mover(look, series[row], parts, row) for row in rising),
        tuple(_mover(look, series[row], parts, row) for row in falling),
    )


def untold_in(channels: Sequence[Series], main: MainMetric, like: Likeness) -> frozenset[str]:
    """The channels that have rows of a week, this one or the last, without the main metric."""
    return frozenset(
        one.channel
        for one in channels
        for days in (like.now_like, like.before)
        if (one.arrived & (days > 0)).any() and total(one, main, days) is None
    )


def _sums(look: Look, series: Sequence[Series], weights: Floats) -> Mapping[str, Floats]:
    sums = {}
    for column in STORED_METRICS:
        found = [total(one, column, weights) or 0.0 for one in series]
        rest = (total(look.project, column, weights) or 0.0) - math.fsum(found)
        sums[column] = np.array([*found, rest])
    return sums


def _mover(look: Look, series: Series, parts: Parts, row: int) -> Mover:
    moved = float(parts.volume[row] + parts.rate[row])
    return Mover(
        line=look.line(series),
        change=round(moved, 9),
        share=parts.share(row),
        part=larger_part(look.main, parts, row) if _had(look, series) else None,
        reasons=_reasons(look, series, moved),
    )


def _had(look: Look, series: Series) -> bool:
    """Whether it is known how much it had of what the main metric is a rate of."""
    column = FACTORS[look.main][0][0] if look.main in FACTORS else "spend"
    return any(total(series, column, w) for w in (look.like.now_like, look.like.before))


def _reasons(look: Look, series: Series, moved: float) -> tuple[Figure, ...]:
    """The factors of the first product all of whose changes are known.

    As logarithms their changes add up to the metric's; what moved it its own way comes first.
    """
    if look.main == "revenue" and _refunded(look, series):
        return ()
    for factors in FACTORS.get(look.main, ()):
        figures = [figure(series, metric, look.like) for metric in factors]
        steps = [one.change for one in figures]
        if all(step is not None and step > -1 for step in steps):
            way = math.copysign(1, moved)
            order = sorted(figures, key=lambda one: -way * math.log1p(one.change or 0.0))
            return tuple(one for one in order if abs(one.change or 0.0) >= UNCHANGED)
    return ()


def _refunded(look: Look, series: Series) -> bool:
    """Whether refunds may have moved revenue: what an order is worth is then no reason.

    A day fell below zero, or revenue fell by more than half with as many conversions.
    """
    days = (look.like.now_like + look.like.before) > 0
    if (np.nan_to_num(series.values["revenue"])[days] < 0).any():
        return True
    moved = [figure(series, one, look.like).change for one in ("revenue", "conversions")]
    return None not in moved and (moved[0] or 0) < -0.5 and abs(moved[1] or 0) < SAME
