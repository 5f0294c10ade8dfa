"""Follow-ups: what a short question leaves out comes from the plan before it."""

from __future__ import annotations

import re
from dataclasses import replace

from shared.domain.periods import previous_period, same_period_last_year
from shared.domain.periods.days import Relative
from shared.domain.query.plan import Plan
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.asked import Asked, Limit, Ranking
from shared.domain.query.reading.kinds import Item, Name, Rank
from shared.domain.query.reading.refusals import refused
from shared.domain.query.reading.sentence import Sentence

_IT = re.compile(
    r"\b(?:its|theirs?|(?:did|does|has|was|is|do|are|were|have) (?:it|they)"
    r"|of (?:it|them|those|these))\b",
    re.IGNORECASE,
)
_TIMES = ("date", "weekday")
_CHANGE = "_change"


def is_follow_up(sentence: Sentence, asked: Asked) -> bool:
    """Whether the question leans on the one before: it says so, or names no metric."""
    opens = sentence.whole[:1] in (k.FOLLOW, k.JOIN, k.EXCEPT, k.BY, k.SORT)
    about_it = asked.overview == "weak" and not (asked.names or asked.dimensions)
    has_metric = bool(asked.metrics or any(limit.metric for limit in asked.limits))
    its = not asked.names and _IT.search(sentence.text) is not None
    return opens or about_it or its or not (has_metric or asked.overview)


def refuse_nothing_before(sentence: Sentence, before: Plan | None) -> None:
    """Raises NoPlan for "same for email" as the first question."""
    again = [i for i in sentence.items if i.kind == k.FOLLOW and "same" in sentence.said(i).lower()]
    if again and before is None:
        raise refused("There is no question before this one: ask it in full.")


def asks_why(sentence: Sentence) -> bool:
    """`why?`, `why did it change?`: about the answer before, and nothing else."""
    topics = {item.value for item in sentence.left(k.UNSUPPORTED)}
    others = set(sentence.shape) - k.IGNORED - {k.UNSUPPORTED, k.CHANGE, k.PERFORMANCE}
    return topics == {"why"} and not others


def change_of(before: Plan) -> Plan:
    """What the figures before came from: their change by the names below them."""
    channels = [v for f in before.filters if f.field == "channel" for v in f.values]
    below = "channel" in before.dimensions or len(channels) == 1 or "campaign" in before.dimensions
    compare_to = before.compare_to or previous_period(before.period)
    return Plan(
        metrics=before.metrics[:1],
        dimensions=("campaign" if below else "channel",),
        filters=before.filters,
        period=before.period,
        compare_to=compare_to,
        week_start=before.week_start,
        notes=("These data say what changed, not why.",),
    )


def lone_number(sentence: Sentence) -> Item | None:
    """The number that is all there is to take, taken."""
    return sentence.take_each(k.NUMBER)[0] if len(sentence.left(k.NUMBER)) == 1 else None


def _carry_number(asked: Asked, before: Plan) -> None:
    """`make that 100`: another number in the only limit, or another length of the list."""
    if asked.number is None:
        return
    amount = asked.number.value.amount
    if len(before.thresholds) == 1:
        only = before.thresholds[0]
        asked.limits.append(Limit(only.operator, asked.number, only.metric))
    elif before.limit and not before.thresholds and amount % 1 == 0:
        asked.ranking = asked.ranking or Ranking(Rank("best"))
        asked.ranking.limit = int(amount)
    else:
        raise refused("Say what this number is for, such as “above 100” or “top 5”.")


def carried_on(asked: Asked, before: Plan) -> None:
    """Fill what the question leaves out from the plan before it. Raises NoPlan for nothing new."""
    if asked == Asked():
        raise refused("Say what to change: the metric, the period, a channel, or what to group by.")
    _carry_number(asked, before)
    _carry_comparison(asked, before)
    if asked.period is None and not asked.life:
        asked.period = before.period
    _carry_names(asked, before)
    _carry_dimensions(asked, before)
    _carry_metrics(asked, before)
    _carry_limits(asked, before)
    if asked.dimensions:
        _carry_ranking(asked, before)
    asked.share = asked.share or (before.share and bool(asked.dimensions))
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
    """Keep to the names before, unless others take their place: a campaign that of a channel."""
    for condition in before.filters:
        names = [Name(condition.field, value) for value in condition.values]
        if condition.negated:
            asked.without += [name for name in names if name not in asked.names]
        elif not asked.names and condition.field not in asked.every:
            asked.names += [name for name in names if name not in asked.without]


def _carry_dimensions(asked: Asked, before: Plan) -> None:
    """A new dimension takes the place of one of its sort: time of time, names of names."""
    new = list(asked.dimensions)
    sorts = {dimension in _TIMES for dimension in new}
    kept = [d for d in before.dimensions if (d in _TIMES) not in sorts]
    single = {name.field for name in asked.names if len(asked.named(name.field)) == 1}
    kept = [d for d in kept if d not in single]
    asked.dimensions = [*kept, *new]
    if "date" in kept:
        asked.grain = before.grain


def _carry_metrics(asked: Asked, before: Plan) -> None:
    limited = [limit.metric for limit in asked.limits if limit.metric]
    only_ordered = asked.metrics == asked.order_metrics and before.order is None
    if not asked.metrics or only_ordered:  # "and ROAS above 2", "sort by ROAS"
        added = [*limited, *asked.order_metrics]
        asked.metrics = list(dict.fromkeys([*before.metrics, *added]))


def _carry_limits(asked: Asked, before: Plan) -> None:
    """A limit takes the place of one on the same metric."""
    if before.thresholds:
        metric = before.thresholds[0].metric
        asked.limits = [replace(limit, metric=limit.metric or metric) for limit in asked.limits]
    limited = {limit.metric for limit in asked.limits}
    asked.thresholds = [t for t in before.thresholds if t.metric not in limited]


def _carry_ranking(asked: Asked, before: Plan) -> None:
    order, ranking = before.order, asked.ranking
    if order is None:
        return
    by = order.by.removesuffix(_CHANGE)
    if ranking and ranking.by is None and by in before.metrics:
        ranking.by = by
    elif ranking and ranking.rank.sort and before.limit:  # "by revenue instead"
        asked.ranking = Ranking(Rank("best"), ranking.by, before.limit)
    elif ranking is None and asked.dimensions == list(before.dimensions):
        rank = Rank("high" if order.descending else "low", sort=before.limit is None)
        asked.ranking = Ranking(rank, by, before.limit)
        if order.by.endswith(_CHANGE):
            asked.change = asked.change or before.moved or ("up" if order.descending else "down")
            asked.chosen = before.moved is not None
            most = order.descending == (asked.change == "up")
            asked.ranking.rank = replace(rank, end="high" if most else "low")
            asked.ranking.by = by if by in asked.metrics else None
