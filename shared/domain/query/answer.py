"""The answer's text, from the plan and the rows alone: every number in it is in one of the two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from shared.domain import wording
from shared.domain.periods.calendar import first_of, last_of
from shared.domain.query import phrasing
from shared.domain.query.answer_facts import Facts
from shared.domain.query.budget_answer import budgets_told
from shared.domain.query.campaign_answer import facts_of_campaigns
from shared.domain.query.change_answer import compared_groups, compared_totals, none_moved
from shared.domain.query.count_answer import averaged, counted, occasion
from shared.domain.query.plan import AnyPlan, BudgetPlan, CampaignPlan, Plan
from shared.domain.query.result import Result
from shared.domain.semantics import METRICS
from shared.domain.vocabulary import Vocabulary
from shared.domain.wording import capital, listing


def answer_text(plan: AnyPlan, result: Result, currency: str, vocabulary: Vocabulary) -> str:
    """One or two sentences, then what must be said about the period or the data."""
    names = result.names
    rows = [dict(zip(names, row, strict=True)) for row in result.rows]
    if isinstance(plan, CampaignPlan):
        return " ".join([facts_of_campaigns(plan, rows, currency), *plan.notes])
    if isinstance(plan, BudgetPlan):
        return " ".join([budgets_told(plan, rows, currency), *plan.notes])
    facts = Facts(plan, rows, currency, vocabulary)
    counts = plan.count and bool(rows)
    texts = counted(facts, cut=result.truncated) if counts else _teller(facts)(facts)
    cut = ["The table is cut: there are more rows."] if result.truncated else []
    return " ".join([*(f"{text}." for text in texts), *_notes(facts), *cut, *plan.notes])


def _teller(facts: Facts) -> Callable[[Facts], list[str]]:
    plan = facts.plan
    if not facts.rows:
        return _nothing
    if plan.compare_to is not None:
        return compared_groups if plan.dimensions else compared_totals
    if not plan.dimensions:
        return averaged if plan.average else _totals
    if plan.thresholds and plan.limit == 1 and plan.order and plan.order.by == "date":
        return occasion
    if plan.thresholds and plan.limit != 1:
        return _passing
    if plan.share and METRICS[plan.metrics[0]].denominator is None:
        return _shares
    chronological = plan.order is None or plan.order.by == "date"
    return _trend if plan.dimensions == ("date",) and chronological else _ranking


def _totals(facts: Facts) -> list[str]:
    (row,) = facts.rows
    values = [f"{wording.was(m)} {facts.value(row, m)}" for m in facts.plan.metrics]
    return [f"{capital(listing(values))}{facts.scope}"]


def _ranking(facts: Facts) -> list[str]:
    metric, descending = _ranked_by(facts.plan)
    known = [row for row in facts.rows if row[metric] is not None]
    known.sort(key=lambda row: row[metric], reverse=descending)
    if not known:
        return [_undefined(facts, metric)]
    first = [row for row in known if row[metric] == known[0][metric]]
    others = known[len(first) :][:3]
    value = facts.value(first[0], metric)
    also = [m for m in facts.plan.metrics if m != metric]
    if also and len(first) == 1:
        more = [f"{wording.label(m)} {facts.value(first[0], m)}" for m in also]
        value = f"{value} with {listing(more)}"
    names = wording.some([facts.named(row) for row in first])
    end = f"{'highest' if descending else 'lowest'} {wording.label(metric)}"
    texts = [f"{names} had the {end}{facts.scope}: {value}"]
    if others:
        named = [f"{facts.named(row)} ({facts.value(row, metric)})" for row in others]
        texts.append(f"Next {'were' if others[1:] else 'was'} {listing(named)}")
    return texts


def _ranked_by(plan: Plan) -> tuple[str, bool]:
    if plan.order is not None and plan.order.by in plan.metrics:
        return plan.order.by, plan.order.descending
    return plan.metrics[0], True


def _undefined(facts: Facts, metric: str) -> str:
    why = wording.why_undefined(metric)
    return f"{capital(wording.label(metric))} is undefined ({why}){facts.scope}"


def _passing(facts: Facts) -> list[str]:
    plan = facts.plan
    limits = [phrasing.limit_of(t, facts.currency) for t in plan.thresholds]
    metric = next((t.metric for t in plan.thresholds if t.metric in plan.metrics), plan.metrics[0])
    shown = facts.rows[: wording.MOST_NAMED + 1]
    named = [f"{facts.named(row)} ({facts.value(row, metric)})" for row in shown]
    unit = "" if metric == plan.thresholds[0].metric else f"; {wording.label(metric)} in brackets"
    return [f"{wording.some(named)} had {listing(limits)}{facts.scope}{unit}"]


def _shares(facts: Facts) -> list[str]:
    metric = facts.plan.metrics[0]
    known = [row for row in facts.rows if row[f"{metric}_share"] is not None]
    named = [
        f"{facts.named(row)} {wording.percent(row[f'{metric}_share'], 1)}"
        f" ({facts.value(row, metric)})"
        for row in known[: wording.MOST_NAMED + 1]
    ]
    if not named:
        return [f"There was no {wording.label(metric)} to have a share of{facts.scope}"]
    return [f"Shares of {wording.label(metric)}{facts.scope}: {wording.some(named)}"]


def _trend(facts: Facts) -> list[str]:
    return [_course(facts, metric) for metric in facts.plan.metrics[:2]]


def _course(facts: Facts, metric: str) -> str:
    known = [row for row in facts.rows if row[metric] is not None]
    known.sort(key=lambda row: str(row["date"]))
    if not known:
        return _undefined(facts, metric)
    # Half a week is low for no reason: only whole ones compete for the highest and the lowest.
    whole = [row for row in known if not _cut(facts.plan, date.fromisoformat(str(row["date"])))]
    high, low = (end(whole or known, key=lambda row: row[metric]) for end in (max, min))
    told = [
        f"{facts.value(r, metric)} ({facts.named(r)})" for r in (known[0], known[-1], high, low)
    ]
    if len(known) == 1:
        return f"{capital(wording.was(metric))} {told[0]}{facts.scope}"
    course = f"went from {told[0]} to {told[1]}; highest {told[2]}, lowest {told[3]}"
    return f"{capital(wording.label(metric))}{facts.scope} {course}"


def _cut(plan: Plan, first: date) -> bool:
    """Whether the period holds only a part of the week, month … that begins on this day."""
    unit = plan.grain or "day"
    last = last_of(unit, first, plan.week_start)
    return first < plan.period.start or last > plan.period.end


def _nothing(facts: Facts) -> list[str]:
    plan, known = facts.plan, facts.vocabulary
    if known.first_day is None or known.last_day is None:
        return ["No data have been imported yet"]
    covered = wording.days(known.first_day, known.last_day)
    overlaps = plan.period.start <= known.last_day and plan.period.end >= known.first_day
    limits = listing([phrasing.limit_of(t, facts.currency) for t in plan.thresholds])
    if plan.moved and overlaps:
        return [none_moved(facts, limits)]
    if plan.thresholds and overlaps:
        return [f"No {facts.groups} had {limits}{facts.scope}"]
    return [f"There are no data{facts.scope}; data cover {covered}"]


def _cut_ends(plan: Plan) -> list[str]:
    unit, period = plan.grain or "day", plan.period
    first, last = (first_of(unit, day, plan.week_start) for day in (period.start, period.end))
    notes = []
    if first < period.start:
        notes.append(f"The first {unit} counts from {wording.day(period.start)}.")
    if _cut(plan, last) and not period.partial and first != last:
        notes.append(f"The last {unit} counts up to {wording.day(period.end)}.")
    return notes


def _notes(facts: Facts) -> list[str]:
    period, known, notes = facts.plan.period, facts.vocabulary, []
    if period.assumed:
        notes.append("No period was named, so this one is assumed.")
    if period.partial:
        notes.append(f"The period is not over: it counts up to {wording.day(period.end)}.")
    if facts.rows and facts.plan.grain is not None:
        notes += _cut_ends(facts.plan)
    if not facts.rows or known.first_day is None or known.last_day is None:
        return notes
    if period.start < known.first_day:
        notes.append(f"Data begin on {wording.day(known.first_day)}.")
    if period.end > known.last_day:
        notes.append(f"Data end on {wording.day(known.last_day)}.")
    return notes
