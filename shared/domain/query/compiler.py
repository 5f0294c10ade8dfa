"""From a plan to GoogleSQL: every value a named parameter, every other word a constant of ours.

The text depends on the plan's shape alone, so it is built once a shape and kept. Tables are named
without a dataset; the guard binds the tenant.

Two decisions. A campaign is its display name: rows of one name are one campaign, whatever their
channel or id, and adding the dimension channel tells them apart. Without dimensions a period that
holds no rows gives no row, which tells "no data" from "zero below the line".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from shared.domain.query.campaign_statements import (
    BudgetShape,
    CampaignShape,
    budgets_text,
    campaigns_text,
)
from shared.domain.query.plan import AnyPlan, BudgetPlan, CampaignPlan, Days, Plan
from shared.domain.query.statements import Shape, metrics_text

Value = str | int | float | date


@dataclass(frozen=True, slots=True)
class Compiled:
    """`sql` with its `params`; `display_sql` is the same query with the values written out."""

    sql: str
    params: Mapping[str, Value]
    display_sql: str


def compile_plan(plan: AnyPlan) -> Compiled:
    """The query of a plan. Raises Invalid for an order by something it does not compute."""
    if isinstance(plan, Plan):
        sql, params = _metrics_sql(_shape(plan)), _metrics_params(plan)
    elif isinstance(plan, BudgetPlan):
        shape = BudgetShape(len(plan.campaigns), plan.over)
        sql, params = _budgets_sql(shape), _budget_params(plan)
    else:
        sql, params = _campaigns_sql(_campaign_shape(plan)), _campaign_params(plan)
    return Compiled(sql, params, _written_out(sql, params))


_metrics_sql = lru_cache(maxsize=512)(metrics_text)
_campaigns_sql = lru_cache(maxsize=128)(campaigns_text)
_budgets_sql = lru_cache(maxsize=32)(budgets_text)


def _shape(plan: Plan) -> Shape:
    return Shape(
        metrics=plan.metrics,
        dimensions=plan.dimensions,
        grain=plan.grain,
        filters=tuple((f.field, f.negated, len(f.values)) for f in plan.filters),
        thresholds=tuple((t.metric, t.operator) for t in plan.thresholds),
        order=(plan.order.by, plan.order.descending) if plan.order else None,
        limit=plan.limit,
        share=plan.share,
        moved=plan.moved,
        changed=plan.change_limit.operator if plan.change_limit else None,
        average=plan.average.step if plan.average else None,
        compared=plan.compare_to is not None,
        shift=_shift(plan.compare_to.start, plan.period.start, plan) if plan.compare_to else 0,
        week_start=plan.week_start,
    )


def _metrics_params(plan: Plan) -> dict[str, Value]:
    params: dict[str, Value] = {"start": plan.period.start, "end": plan.period.end}
    if plan.compare_to is not None:
        params |= {"previous_start": plan.compare_to.start, "previous_end": plan.compare_to.end}
    if plan.change_limit is not None:
        params["change_limit"] = plan.change_limit.value
    if plan.average is not None:
        params["steps"] = plan.average.steps
    for field in ("channel", "campaign"):
        values = [v for f in plan.filters if f.field == field for v in f.values]
        params |= {f"{field}_{n}": value for n, value in enumerate(values)}
    return params | {f"threshold_{n}": t.value for n, t in enumerate(plan.thresholds)}


def _shift(earlier: date, later: date, plan: Plan) -> int:
    """How many grains lie between the first of one period and the first of the other."""
    years = later.year - earlier.year
    if plan.grain == "day":
        return (later - earlier).days
    if plan.grain == "week":
        first = [d - timedelta(days=(d.weekday() - plan.week_start) % 7) for d in (earlier, later)]
        return (first[1] - first[0]).days // 7
    if plan.grain == "quarter":
        return years * 4 + (later.month - 1) // 3 - (earlier.month - 1) // 3
    if plan.grain == "month":
        return years * 12 + later.month - earlier.month
    return years if plan.grain == "year" else 0


def _campaign_shape(plan: CampaignPlan) -> CampaignShape:
    order = (plan.order.by, plan.order.descending) if plan.order else None
    dates = tuple(name for name, days in _dates(plan).items() if days)
    active = plan.active is not None
    return CampaignShape(plan.facts, len(plan.campaigns), active, dates, order, plan.limit)


def _dates(plan: CampaignPlan) -> dict[str, Days | None]:
    return {"start_date": plan.starts, "end_date": plan.ends}


def _campaign_params(plan: CampaignPlan) -> dict[str, Value]:
    params: dict[str, Value] = _campaign_names(plan.campaigns)
    for name, days in {**_dates(plan), "active": plan.active}.items():
        if days is not None:
            params |= {f"{name}_from": days.start, f"{name}_to": days.end}
    return params


def _budget_params(plan: BudgetPlan) -> dict[str, Value]:
    return {**_campaign_names(plan.campaigns), "start": plan.period.start, "end": plan.period.end}


def _campaign_names(campaigns: tuple[str, ...]) -> dict[str, Value]:
    return {f"campaign_{n}": name for n, name in enumerate(campaigns)}


_PARAMETER = re.compile(r"@(\w+)")
_ESCAPED = str.maketrans({"\\": r"\\", "'": r"\'", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def _written_out(sql: str, params: Mapping[str, Value]) -> str:
    # The text holds nothing of the caller's yet, so an @word in it can only be a parameter.
    return _PARAMETER.sub(lambda found: _literal(params[found[1]]), sql)


def _literal(value: Value) -> str:
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return f"'{value.translate(_ESCAPED)}'" if isinstance(value, str) else repr(value)
