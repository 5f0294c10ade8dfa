"""How a question was read, shown back to the person."""

from __future__ import annotations

from typing import Any

from shared.domain import wording
from shared.domain.query import phrasing
from shared.domain.query.models import Days, Interpretation, OrderShown, Source
from shared.domain.query.plan import AnyPlan, BudgetPlan, CampaignPlan, Period, Plan


def interpretation_of(plan: AnyPlan) -> Interpretation:
    """The plan in the words of the API."""
    if isinstance(plan, BudgetPlan):
        return _of_budgets(plan)
    order = OrderShown(by=plan.order.by, descending=plan.order.descending) if plan.order else None
    if isinstance(plan, CampaignPlan):
        active = plan.active
        return Interpretation(
            metrics=[],
            dimensions=list(plan.facts),
            filters=_campaign_filters(plan),
            period=Days(start=active.start, end=active.end) if active else None,
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


def _of_budgets(plan: BudgetPlan) -> Interpretation:
    filters: dict[str, Any] = {"campaign": list(plan.campaigns)} if plan.campaigns else {}
    if plan.over is not None:
        filters["budget_used"] = {">" if plan.over else "<=": 1}
    return Interpretation(
        metrics=["spend"],
        dimensions=["campaign", "budget"],
        filters=filters,
        period=_days(plan.period),
        compare_to=None,
        order=OrderShown(by="budget_used", descending=True),
        limit=None,
    )


def _campaign_filters(plan: CampaignPlan) -> dict[str, Any]:
    shown: dict[str, Any] = {"campaign": list(plan.campaigns)} if plan.campaigns else {}
    for name, days in (("start_date", plan.starts), ("end_date", plan.ends)):
        if days:
            shown[name] = {">=": days.start.isoformat(), "<=": days.end.isoformat()}
    return shown


def _filters(plan: Plan) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for condition in plan.filters:
        name = f"not_{condition.field}" if condition.negated else condition.field
        shown[name] = [*shown.get(name, []), *condition.values]
    for threshold in plan.thresholds:
        limits = shown.setdefault(threshold.metric, {})
        limits[threshold.operator] = threshold.value
    change: dict[str, float] = {}
    if plan.moved:
        change[">" if plan.moved == "up" else "<"] = 0
    if plan.change_limit:
        change[plan.change_limit.operator] = plan.change_limit.value
    if change:
        shown[f"{plan.metrics[0]}_change"] = change
    return shown


def _days(period: Period) -> Days:
    return Days(start=period.start, end=period.end)


def sources_of(plan: AnyPlan) -> list[Source]:
    """The tables read, each with its days; a comparison reads one table twice."""
    campaigns = Source(table="campaigns", start=None, end=None)
    if isinstance(plan, CampaignPlan):
        return [campaigns]
    compare_to = plan.compare_to if isinstance(plan, Plan) else None
    periods = [plan.period, *([compare_to] if compare_to else [])]
    read = [Source(table="channel_daily", start=p.start, end=p.end) for p in periods]
    return [*read, campaigns] if isinstance(plan, BudgetPlan) else read


def title_of(plan: Plan) -> str:
    """A heading for a chart: Spend and ROAS by channel, 1–31 March 2025."""
    metrics = wording.listing([wording.label(metric) for metric in plan.metrics])
    steps = [str(plan.grain) if d == "date" else d for d in plan.dimensions]
    by = f" by {' and '.join(steps)}" if steps else ""
    dates = wording.days(plan.period.start, plan.period.end)
    return wording.capital(f"{metrics}{by}{phrasing.whose(plan)}, {dates}")
