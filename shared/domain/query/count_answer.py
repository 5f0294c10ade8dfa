"""How answers tell a number of rows, an average, and the first or last time."""

from __future__ import annotations

from shared.domain import wording
from shared.domain.query import phrasing
from shared.domain.query.answer_facts import Facts
from shared.domain.semantics import METRICS
from shared.domain.wording import capital, listing

MOST_NAMED = 5


def counted(facts: Facts, *, cut: bool) -> list[str]:
    """How many rows there are, and the first of them."""
    plan, count = facts.plan, len(facts.rows)
    limits = [phrasing.limit_of(t, facts.currency) for t in plan.thresholds]
    number = f"More than {count}" if cut else str(count)
    noun = facts.groups if count == 1 else f"{facts.groups}s"
    had = listing(limits) if limits else "data"
    names = [facts.named(row) for row in facts.rows[: MOST_NAMED + 1]]
    return [f"{number} {noun} had {had}{facts.scope}", capital(wording.some(names))]


def averaged(facts: Facts) -> list[str]:
    """The totals by the steps of the period, and the totals."""
    plan, (row,) = facts.plan, facts.rows
    average = plan.average
    assert average is not None
    told = []
    for metric in plan.metrics:
        unit = METRICS[metric].unit
        value = row[f"{metric}_per_{average.step}"]
        number = wording.figure(value, "decimal" if unit == "count" else unit, facts.currency)
        total = facts.value(row, metric)
        told.append(f"{wording.was(metric)} {number} per {average.step} ({total} in total)")
    steps = f"{average.steps} {average.step}{'' if average.steps == 1 else 's'}"
    return [f"On average {listing(told)}{facts.scope}, which is {steps}"]


def occasion(facts: Facts) -> list[str]:
    """The first or the last step on which the limits held."""
    plan, (row,) = facts.plan, facts.rows
    assert plan.order is not None
    limits = listing([phrasing.limit_of(t, facts.currency) for t in plan.thresholds])
    end = "last" if plan.order.descending else "first"
    values = listing([f"{wording.label(m)} {facts.value(row, m)}" for m in plan.metrics])
    lead = f"The {end} {facts.groups} with {limits}{facts.scope}"
    return [f"{lead} was {facts.named(row)}: {values}"]
