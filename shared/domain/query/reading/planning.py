"""From what is asked to the plan: defaults, and what no plan can say."""

from __future__ import annotations

from typing import Any, cast

from shared.domain.periods.days import Frame
from shared.domain.periods.period import Period
from shared.domain.query.plan import Grain, MetricId, Order, Plan, Threshold
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.asked import Asked, Ranking
from shared.domain.query.reading.averages import average_of
from shared.domain.query.reading.changes import (
    change_descends,
    moved_of,
    ranking_by_change,
    refuse_unclear_change,
    settle_comparative,
    settle_counts,
    settle_ranked_name,
)
from shared.domain.query.reading.refusals import refused, unclear
from shared.domain.query.reading.sentence import Sentence
from shared.domain.query.reading.thresholds import threshold_of
from shared.domain.query.reading.timing import earlier_period, main_period
from shared.domain.semantics import METRICS, STORED_METRICS
from shared.domain.vocabulary import Vocabulary

OVERVIEW: tuple[MetricId, ...] = ("spend", "conversions", "revenue", "roas")
BEST_BY: tuple[MetricId, ...] = ("roas", "revenue", "spend", "conversions")
MOST_LISTED = 10  # of "top campaigns" without a number
_LONGEST_OF: dict[Grain, int] = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
DAYS_FOR_WEEKS, DAYS_FOR_MONTHS = 32, 190  # a trend has steps of a week, a month from so many on


def plan_of(asked: Asked, sentence: Sentence, frame: Frame, known: Vocabulary) -> Plan:
    """The plan. Raises NoPlan where a part is missing, unclear or beyond what a plan can say."""
    _settle(asked, sentence)
    period = main_period(asked, frame, known)
    _settle_steps(asked, period)
    _settle_time(asked, period)
    _settle_dimensions(asked, sentence)
    compare_to = earlier_period(asked, period)
    moved = moved_of(asked, compared=compare_to is not None)
    return Plan(
        metrics=tuple(asked.metrics),
        dimensions=tuple(asked.dimensions),
        grain=asked.grain,
        filters=asked.filters(),
        period=period,
        compare_to=compare_to,
        thresholds=_thresholds(asked, sentence),
        share=asked.share,
        week_start=frame.week_start,
        chart=_chart(asked),
        moved=moved,
        change_limit=asked.change_limit,
        average=average_of(asked, period),
        count=asked.count,
        notes=sentence.notes,
        **_order(asked, compared=compare_to is not None),
    )


def _settle(asked: Asked, sentence: Sentence) -> None:
    """What is meant by the parts together, before their days are known."""
    settle_counts(asked)
    settle_ranked_name(asked)
    settle_comparative(asked, sentence)
    refuse_unclear_change(asked, sentence)
    _settle_metrics(asked, sentence)
    _settle_comparison(asked)
    _settle_share(asked, sentence)


def _settle_metrics(asked: Asked, sentence: Sentence) -> None:
    ranking = asked.ranking
    if ranking and ranking.by in METRICS and ranking.by not in asked.metrics:
        asked.metrics.append(cast(MetricId, ranking.by))
    if not asked.metrics:
        asked.metrics = list(dict.fromkeys(limit.metric for limit in asked.limits if limit.metric))
    if asked.metrics:
        return
    if asked.share:
        said = sentence.text.strip()
        stored = ("spend", "revenue", "conversions")
        choices = [f"Share of {metric}: {said}" for metric in stored]
        raise unclear("A share of what?", choices)
    if ranking:
        asked.metrics = ["cpa"] if ranking.rank.cost else _best_by(ranking, sentence)
    elif sentence.has(k.TOTAL) and not asked.overview:
        raise refused("Name what to count, such as spend, revenue, clicks or conversions.")
    elif asked.change == "any":  # "what changed last week"
        asked.metrics = list(OVERVIEW)
    elif asked.change in ("better", "worse") and (asked.dimensions or asked.comparing):
        asked.metrics = list(BEST_BY)
    elif asked.overview or asked.comparing or asked.names or asked.without or asked.dimensions:
        asked.metrics = list(OVERVIEW)
    else:
        raise refused("Name a metric, such as spend, revenue, conversions, CPA or ROAS.")


def _best_by(ranking: Ranking, sentence: Sentence) -> list[MetricId]:
    """The best are so by ROAS; the most, or the highest, are so by nothing in particular."""
    if ranking.rank.end in ("high", "low") and not ranking.rank.sort:
        said = sentence.text.strip().rstrip("?.! ")
        raise unclear("The most of what?", [f"{said} by {metric}" for metric in OVERVIEW])
    return list(BEST_BY)


def _settle_comparison(asked: Asked) -> None:
    two_things = len(asked.names) > 1 or len(asked.metrics) > 1 or asked.dimensions
    if asked.comparing and len(asked.names) > 1 and asked.names[0].field not in asked.dimensions:
        asked.dimensions.insert(0, asked.names[0].field)
    if asked.change and asked.since and not asked.compared:
        _settle_change_since(asked)
    in_steps = asked.over_time or asked.grain is not None
    if asked.earlier or asked.compared:
        return
    if asked.change_limit and not in_steps:
        asked.compare_previous()
    if asked.than and not two_things and not asked.change:
        raise refused(
            "Say what to compare with, such as the previous period.",
            ("Spend last month compared to the previous period",),
        )
    if (asked.change and not in_steps) or (asked.comparing and not two_things):
        asked.compare_previous()


def _settle_change_since(asked: Asked) -> None:
    """A change since a day is a course, not a comparison with as many days before it."""
    picks = asked.ranking is not None and not asked.ranking.rank.sort
    if picks or (asked.chosen and asked.change != "any"):
        raise refused(
            "A change since a day is no comparison of two periods: name both.",
            ("Which campaign grew the most in revenue in February compared to January?",),
        )
    asked.over_time = True


def _settle_share(asked: Asked, sentence: Sentence) -> None:
    """A share is of the whole: the parts that are asked for are rows, never a filter."""
    if not asked.share:
        return
    if not any(metric in STORED_METRICS for metric in asked.metrics):
        raise refused(f"A ratio such as {METRICS[asked.metrics[0]].label} has no shares.")
    fields = list(dict.fromkeys(name.field for name in asked.names))
    if not asked.dimensions:
        asked.dimensions.append("campaign" if "campaign" in fields else "channel")
    parts = [part for part in fields if part in asked.dimensions]
    several = any(len(asked.named(part)) > 1 for part in parts)
    if several and asked.within:
        return
    if several and asked.apart:
        raise refused(
            "A share is of one whole: name the parts beside each other.",
            (f"Share of {METRICS[asked.metrics[0]].label} by {parts[0]} last month",),
        )
    if several and any(total.value == "together" for total in sentence.left(k.TOTAL)):
        sentence.notes += ("Each share is told by itself; together they are their sum.",)
    asked.names = [name for name in asked.names if name.field not in parts]


def _settle_steps(asked: Asked, period: Period) -> None:
    """`month over month` in a year is by month; of a month it is a comparison."""
    unit = asked.compared.unit if asked.compared else None
    if asked.compared is None or unit is None:
        return
    if not asked.compared.in_steps:
        _refuse_other_length(unit, asked.compared.count, period)
        return
    if period.days <= _LONGEST_OF[unit]:
        return
    asked.compared = None
    if asked.grain is None:
        asked.grain = unit
        asked.dimensions.append("date")


def _refuse_other_length(unit: Grain, count: int, period: Period) -> None:
    longest = _LONGEST_OF[unit] * count
    shortest = 1 if period.partial else longest * 0.9
    if not shortest <= period.days <= longest:
        raise refused(
            f"The {unit} before has another length than the period: name the days to compare.",
            ("Spend last month compared to the previous period",),
        )


def _settle_time(asked: Asked, period: Period) -> None:
    wants_line = asked.chart == "line" or (asked.any_chart and not asked.chart)
    if asked.grain is None and (asked.over_time or (wants_line and not asked.dimensions)):
        asked.grain = _fitting(period)
        asked.dimensions.append("date")


def _fitting(period: Period) -> Grain:
    if period.days < DAYS_FOR_WEEKS:
        return "day"
    return "week" if period.days < DAYS_FOR_MONTHS else "month"


def _settle_dimensions(asked: Asked, sentence: Sentence) -> None:
    ranking = asked.ranking
    if asked.chart in ("bar", "pie", "scatter") and not asked.dimensions:
        asked.dimensions.append("campaign" if asked.chart == "scatter" else "channel")
    if ranking and not asked.dimensions and not ranking.rank.sort:
        if len(asked.names) > 1:
            asked.dimensions.append(asked.names[0].field)
        else:
            raise _what_is_ranked(sentence)
    picks = ranking is not None and not ranking.rank.sort
    if picks and len(asked.dimensions) > 1:
        raise refused(
            "Picking the best within each group is not possible; ask for one list, or for a table.",
            ("Top 3 campaigns by ROAS last month", "ROAS by channel and campaign last month"),
        )


def _what_is_ranked(sentence: Sentence) -> Exception:
    said = sentence.text.strip().rstrip("?.! ")
    return unclear("Ranked by what?", [f"{said} by {by}" for by in ("channel", "campaign", "day")])


def _thresholds(asked: Asked, sentence: Sentence) -> tuple[Threshold, ...]:
    found = list(asked.thresholds)
    for limit in asked.limits:
        metric = limit.metric or (asked.metrics[0] if len(asked.metrics) == 1 else None)
        if metric is None:
            raise refused(f"Say which metric “{sentence.said(limit.item)}” limits.")
        found.append(threshold_of(limit, metric, sentence))
    return tuple(found)


def _order(asked: Asked, *, compared: bool) -> dict[str, Any]:
    ranking = ranking_by_change(asked, compared=compared)
    if ranking is None or not asked.dimensions:
        return {}
    metric = ranking.by or asked.metrics[0]
    picked = not ranking.rank.sort
    own = not picked and not asked.chosen and ranking.by is not None  # growth, sorted by revenue
    by_change = compared and asked.change is not None and not own
    descending = (
        change_descends(asked, ranking.rank, metric) if by_change else _descends(ranking, metric)
    )
    limit = ranking.limit
    if limit is None and not ranking.rank.sort:
        limit = MOST_LISTED if ranking.plural else 1
    if limit is not None and not 1 <= limit <= 10_000:
        raise refused("A list has at least 1 and at most 10,000 entries.")
    by = f"{metric}_change" if by_change else metric
    return {"order": Order(by=by, descending=descending), "limit": limit}


def _descends(ranking: Ranking, metric: str) -> bool:
    end = ranking.rank.end
    if end in ("high", "low"):
        return end == "high"
    return (end == "best") == (METRICS[metric].better == "high")


def _chart(asked: Asked) -> Any:
    if asked.chart or not asked.any_chart:
        return asked.chart
    if "date" in asked.dimensions:
        return "line"
    return "pie" if asked.share else "bar" if asked.dimensions else None
