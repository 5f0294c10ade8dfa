"""Which chart helps: lines for time, bars for names, a pie for few shares, dots for two metrics."""

from __future__ import annotations

from shared.domain.query.models import Chart
from shared.domain.query.plan import AnyPlan, ChartType, Plan
from shared.domain.query.result import INSTANTS, NUMBERS, Result
from shared.domain.semantics import METRICS

TIMES = ("date", "weekday")
MOST_PARTS = 6
MOST_PARTS_WISHED = 12


def chart_of(plan: AnyPlan, result: Result) -> Chart | None:
    """The chart of a plan's result: the person's wish if it can be drawn, else the fitting one."""
    if not isinstance(plan, Plan) or not result.rows:
        return None
    return _wished(plan, result) or _fitting(plan, result)


def _wished(plan: Plan, result: Result) -> Chart | None:
    if plan.chart == "pie":
        return _pie(plan, result, MOST_PARTS_WISHED)
    if plan.chart == "scatter":
        return _scatter(plan)
    if plan.chart == "line" and not set(plan.dimensions) & set(TIMES):
        return None
    return _marks(plan.chart, plan) if plan.chart else None


def _fitting(plan: Plan, result: Result) -> Chart | None:
    if len(result.rows) == 1 and plan.compare_to is None:
        return None
    if "date" in plan.dimensions:
        return _marks("line", plan)
    ranked = plan.order is not None or plan.limit is not None or plan.compare_to is not None
    dots = None if ranked or plan.share or len(result.rows) < 3 else _scatter(plan)
    return dots or (_pie(plan, result, MOST_PARTS) if plan.share else None) or _marks("bar", plan)


def _marks(kind: ChartType, plan: Plan) -> Chart | None:
    """Lines or bars: time (or else the first dimension) along x, another dimension as series."""
    y = plan.order.by if plan.order and plan.order.by in plan.metrics else plan.metrics[0]
    sides = [y, f"{y}_previous"] if plan.compare_to else None
    if not plan.dimensions:
        return Chart(type="bar", x=None, y=y, series=sides) if sides else None
    x = next((d for d in TIMES if d in plan.dimensions), plan.dimensions[0])
    others = [d for d in plan.dimensions if d != x]
    return Chart(type=kind, x=x, y=y, series=others[0] if others else sides)


def _pie(plan: Plan, result: Result, most: int) -> Chart | None:
    metric = METRICS[plan.metrics[0]]
    values = result.values(metric.id)
    parts = all(isinstance(value, int | float) and value >= 0 for value in values)
    if metric.denominator or not parts or len(plan.dimensions) != 1 or not 1 < len(values) <= most:
        return None
    share = f"{metric.id}_share"
    y = share if share in result.names else metric.id
    return Chart(type="pie", x=plan.dimensions[0], y=y, series=None)


def _scatter(plan: Plan) -> Chart | None:
    if len(plan.metrics) != 2 or not plan.dimensions or set(plan.dimensions) & set(TIMES):
        return None
    return Chart(type="scatter", x=plan.metrics[0], y=plan.metrics[1], series=plan.dimensions[0])


def chart_of_table(result: Result) -> Chart | None:
    """The chart that the columns of any table suggest."""
    numbers = [c.name for c in result.columns if c.type in NUMBERS]
    times = [c.name for c in result.columns if c.type in INSTANTS]
    texts = [c.name for c in result.columns if c.type == "STRING"]
    if len(result.rows) < 2 or not numbers:
        return None
    if times:
        return Chart(type="line", x=times[0], y=numbers[0], series=texts[0] if texts else None)
    if texts:
        series = texts[1] if texts[1:] else None
        return Chart(type="bar", x=texts[0], y=numbers[0], series=series)
    return Chart(type="scatter", x=numbers[0], y=numbers[1], series=None) if numbers[1:] else None
