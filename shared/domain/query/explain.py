"""How a question was read, shown back to the person."""

from __future__ import annotations

from typing import Any

from shared.domain import wording
from shared.domain.query import phrasing
from shared.domain.query.models import Days, Interpretation, OrderShown, Source
from shared.domain.query.plan import CampaignPlan, Period, Plan


def interpretation_of(plan: Plan | CampaignPlan) -> Interpretation:
    """The plan in the words of the API."""
    order = OrderShown(by=plan.order.by, descending=plan.order.descending) if plan.order else None
    if isinstance(plan, CampaignPlan):
        return Interpretation(
            metrics=[],
            dimensions=list(plan.facts),
            filters={"campaign": list(plan.campaigns)} if plan.campaigns else {},
            period=Days(start=plan.active_on, end=plan.active_on) if plan.active_on else None,
            compare_to=None,
            order=order,
            limit=plan.limit,
        )
    return Interpretation(
        metrics=list(plan.metrics),
        dimensions=list(plan.dimensions),
        filters=_filters(plan),
        period=_days(plan.period),
        compare_to=_days(plan.compare_to) if plan.compare_to else None,
        order=order,
        limit=plan.limit,
    )


def _filters(plan: Plan) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for condition in plan.filters:
        name = f"not_{condition.field}" if condition.negated else condition.field
        shown[name] = [*shown.get(name, []), *condition.values]
    for threshold in plan.thresholds:
        limits = shown.setdefault(threshold.metric, {})
        limits[threshold.operator] = threshold.value
    if plan.moved:
        shown[f"{plan.metrics[0]}_change"] = {">" if plan.moved == "up" else "<": 0}
    return shown


def _days(period: Period) -> Days:
    return Days(start=period.start, end=period.end)


def sources_of(plan: Plan | CampaignPlan) -> list[Source]:
    """The tables read, each with its days; a comparison reads one table twice."""
    if isinstance(plan, CampaignPlan):
        return [Source(table="campaigns", start=None, end=None)]
    periods = [plan.period, *([plan.compare_to] if plan.compare_to else [])]
    return [Source(table="channel_daily", start=p.start, end=p.end) for p in periods]


def title_of(plan: Plan) -> str:
    """A heading for a chart: Spend and ROAS by channel, 1–31 March 2025."""
    metrics = wording.listing([wording.label(metric) for metric in plan.metrics])
    steps = [str(plan.grain) if d == "date" else d for d in plan.dimensions]
    by = f" by {' and '.join(steps)}" if steps else ""
    dates = wording.days(plan.period.start, plan.period.end)
    return wording.capital(f"{metrics}{by}{phrasing.whose(plan)}, {dates}")
