"""How answers tell of change: totals, groups, and the groups that rose or fell."""

from __future__ import annotations

from shared.domain import wording
from shared.domain.query.answer_facts import Facts, Row
from shared.domain.query.plan import Plan
from shared.domain.semantics import METRICS
from shared.domain.wording import capital

MOST_NAMED = 3
MOST_MOVED = 5
_FAR = {">": "more than", ">=": "at least", "<": "less than", "<=": "at most"}
_TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
_HIGHER = {"up": "higher", "down": "lower"}


def compared_totals(facts: Facts) -> list[str]:
    """The one row of two periods."""
    (row,) = facts.rows
    if len(facts.plan.metrics) == 1:
        (metric,) = facts.plan.metrics
        value = f"{capital(wording.was(metric))} {facts.value(row, metric)}{facts.scope}"
        before = facts.earlier if facts.earlier.endswith(")") else f"({facts.earlier})"
        return [f"{value}, {_change(facts, row, metric)} {before}"]
    told = [
        f"{wording.label(m)} {facts.value(row, m)}, {_change(facts, row, m)}"
        for m in facts.plan.metrics
    ]
    return [f"{_compared(facts)}: {'; '.join(told)}"]


def compared_groups(facts: Facts) -> list[str]:
    """The rows that the question singles out, or those that changed most."""
    plan, metric = facts.plan, facts.plan.metrics[0]
    lead, shown = _lead(plan), facts.rows[: MOST_MOVED if plan.moved else MOST_NAMED]
    if not lead and len(facts.rows) > MOST_NAMED and (largest := _largest(facts.rows, metric)):
        lead, shown = "largest changes of ", largest
    told = [
        f"{facts.named(row)} {facts.value(row, metric)}, {_change(facts, row, metric)}"
        for row in shown
    ]
    more = "; others in the table" if lead and plan.moved and len(facts.rows) > len(shown) else ""
    return [f"{_compared(facts)}, {lead}{wording.label(metric)}: {'; '.join(told)}{more}"]


def _lead(plan: Plan) -> str:
    """What the rows have in common, if the question chose them."""
    if plan.moved and plan.limit and plan.order and plan.order.by == f"{plan.metrics[0]}_change":
        size = "largest" if plan.order.descending == (plan.moved == "up") else "smallest"
        return f"{size} {'rise' if plan.moved == 'up' else 'fall'} of "
    if plan.change_limit:
        limit = plan.change_limit
        far = wording.percent(abs(limit.value), 2)
        way = "up" if limit.value > 0 else "down"
        said = _FAR[limit.operator if limit.value > 0 else _TURNED[limit.operator]]
        return f"{way} {said} {far}, "
    if plan.moved:
        return f"{_HIGHER[plan.moved]} "
    if plan.limit and plan.order and plan.order.by == plan.metrics[0]:
        return f"{'highest' if plan.order.descending else 'lowest'} "
    return ""


def _largest(rows: list[Row], metric: str) -> list[Row]:
    """The largest changes, up or down: of a sum in its own unit, of a ratio as a fraction."""

    def size(row: Row) -> float:
        if METRICS[metric].denominator:
            return abs(float(row[f"{metric}_change"]))
        return abs(float(row[metric] - row[f"{metric}_previous"]))

    needed = f"{metric}_change" if METRICS[metric].denominator else f"{metric}_previous"
    known = [row for row in rows if row[metric] is not None and row[needed] is not None]
    return sorted(known, key=size, reverse=True)[:MOST_NAMED]


def none_moved(facts: Facts, limits: str) -> str:
    """No row moved the way that was asked for, or there is nothing to compare with."""
    plan, known = facts.plan, facts.vocabulary
    earlier = plan.compare_to
    if earlier and known.first_day and earlier.end < known.first_day:
        return f"There are no data to compare with: they begin on {wording.day(known.first_day)}"
    moved = f"{_HIGHER[plan.moved or 'up']} {wording.label(plan.metrics[0])}"
    also = f" and {limits}" if limits else ""
    return f"No {facts.groups} had {moved}{also}{facts.scope} compared with {facts.earlier}"


def _compared(facts: Facts) -> str:
    return f"{capital(facts.scope.strip())} compared with {facts.earlier}"


def _change(facts: Facts, row: Row, metric: str) -> str:
    earlier = facts.value(row, metric, "_previous")
    change = row[f"{metric}_change"]
    return f"from {earlier}" if change is None else f"{wording.changed(change)} {earlier}"
