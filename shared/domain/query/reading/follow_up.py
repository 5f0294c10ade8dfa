"""Follow-ups: what a short question leaves out comes from the plan before it."""

from __future__ import annotations

from dataclasses import replace

from shared.domain.periods import Relative, previous_period, same_period_last_year
from shared.domain.query.plan import Plan
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.asked import Asked, Ranking
from shared.domain.query.reading.kinds import Name, Rank
from shared.domain.query.reading.sentence import Sentence

_TIMES = ("date", "weekday")


def is_follow_up(sentence: Sentence, asked: Asked) -> bool:
    """Whether the question leans on the one before: it says so, or names no metric."""
    opens = sentence.whole[:1] in (k.FOLLOW, k.JOIN, k.EXCEPT, k.BY)
    has_metric = bool(asked.metrics or any(limit.metric for limit in asked.limits))
    return opens or not (has_metric or asked.overview)


def carried_on(asked: Asked, before: Plan) -> None:
    """Fill what the question leaves out from the plan before it."""
    _carry_comparison(asked, before)
    if asked.period is None and not asked.life:
        asked.period = before.period
    _carry_names(asked, before)
    _carry_dimensions(asked, before)
    if not asked.metrics and not any(limit.metric for limit in asked.limits):
        asked.metrics = list(before.metrics)
    if asked.dimensions:
        _carry_ranking(asked, before)
    asked.share = asked.share or (before.share and bool(asked.dimensions))
    asked.over_time = False
    if not asked.any_chart and asked.dimensions == list(before.dimensions):
        asked.chart = before.chart


def _carry_comparison(asked: Asked, before: Plan) -> None:
    if asked.earlier or asked.compared or before.compare_to is None:
        return
    if asked.period is None:
        asked.earlier = before.compare_to
        return
    days = (before.compare_to.start, before.compare_to.end)
    year_ago = same_period_last_year(before.period)
    is_year_ago = days == (year_ago.start, year_ago.end)
    is_previous = days == (previous_period(before.period).start, previous_period(before.period).end)
    asked.compared = Relative("year_ago" if is_year_ago and not is_previous else "previous")


def _carry_names(asked: Asked, before: Plan) -> None:
    """A name takes the place of earlier ones; a campaign that of a channel, and the other way."""
    for condition in before.filters:
        names = [Name(condition.field, value) for value in condition.values]
        if condition.negated:
            asked.without += [name for name in names if name not in asked.names]
        elif not asked.names:
            asked.names += [name for name in names if name not in asked.without]


def _carry_dimensions(asked: Asked, before: Plan) -> None:
    """A new dimension takes the place of one of its sort: time of time, names of names."""
    new = list(asked.dimensions)
    sorts = {dimension in _TIMES for dimension in new}
    kept = [d for d in before.dimensions if (d in _TIMES) not in sorts]
    single = {name.field for name in asked.names if len(asked.named(name.field)) == 1}
    kept = [d for d in kept if d not in single or d not in ("channel",)]
    asked.dimensions = [*kept, *new]
    if "date" in kept:
        asked.grain = before.grain


def _carry_ranking(asked: Asked, before: Plan) -> None:
    limited = [limit.item for limit in asked.limits]
    if not limited:
        asked.thresholds = list(before.thresholds)
    elif before.thresholds:
        metric = before.thresholds[0].metric
        asked.limits = [replace(limit, metric=limit.metric or metric) for limit in asked.limits]
    order = before.order
    if asked.ranking and asked.ranking.by is None and order and order.by in before.metrics:
        asked.ranking.by = order.by
    elif asked.ranking is None and order and asked.dimensions == list(before.dimensions):
        rank = Rank("high" if order.descending else "low", sort=before.limit is None)
        asked.ranking = Ranking(rank, order.by, before.limit)
