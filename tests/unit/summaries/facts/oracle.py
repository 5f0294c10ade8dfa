"""The headline figures once more: plain sums over rows, written down from their definitions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from shared.domain.summaries.week import Week
from tests.unit.summaries.facts.shops import WEEK, Row

RATIOS = {
    "roas": ("revenue", "spend"),
    "cpa": ("spend", "conversions"),
    "cpc": ("spend", "clicks"),
    "cpm": ("spend", "impressions"),
    "ctr": ("clicks", "impressions"),
    "conversion_rate": ("conversions", "clicks"),
    "aov": ("revenue", "conversions"),
}
Number = Fraction | None


def expected(found: Sequence[Row], week: Week, metric: str) -> tuple[Number, ...]:
    """The value, the week before, the average, and the change from each."""
    days = {row.date for row in found}
    now = [week.start + timedelta(days=n) for n in range(7)]
    earlier = {d: [e for w in range(1, 5) if (e := d - timedelta(weeks=w)) in days] for d in now}
    here = [d for d in now if d in days]
    like = [d for d in here if d - timedelta(weeks=1) in days]
    usual = [d for d in here if earlier[d]]

    def over(some: Iterable[tuple[date, Fraction]]) -> Number:
        return _value(found, metric, dict(some))

    one = Fraction(1)
    before = over((d - timedelta(weeks=1), one) for d in like)
    average = over((e, one / len(earlier[d])) for d in usual for e in earlier[d])
    return (
        over((d, one) for d in here),
        before,
        average,
        _change(over((d, one) for d in like), before),
        _change(over((d, one) for d in usual), average),
    )


def moved(own: Sequence[Row], found: Sequence[Row], metric: str, week: Week = WEEK) -> Fraction:
    """What some of the rows brought more than the week before, on days that both weeks have."""
    days = {row.date for row in found}
    now = [week.start + timedelta(days=n) for n in range(7)]
    like = [d for d in now if d in days and d - timedelta(weeks=1) in days]
    before = [d - timedelta(weeks=1) for d in like]
    sums = [_sum(own, metric, dict.fromkeys(some, Fraction(1))) for some in (like, before)]
    return (sums[0] or 0) - (sums[1] or Fraction(0))


def _value(found: Sequence[Row], metric: str, weights: dict[date, Fraction]) -> Number:
    above, below = RATIOS.get(metric, (metric, None))
    top = _sum(found, above, weights)
    if below is None or top is None:
        return top
    bottom = _sum(found, below, weights)
    return (1000 if metric == "cpm" else 1) * top / bottom if bottom else None


def _sum(found: Sequence[Row], column: str, weights: dict[date, Fraction]) -> Number:
    told = [
        Fraction(str(getattr(row, column))) * weights[row.date]
        for row in found
        if row.date in weights and getattr(row, column) is not None
    ]
    return sum(told, Fraction(0)) if told else None


def _change(now: Number, then: Number) -> Number:
    return now / then - 1 if now is not None and then is not None and then > 0 else None
