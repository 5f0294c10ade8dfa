"""Spend beside budget: "is X over budget", "how much of the budget is spent"."""

from __future__ import annotations

from shared.domain.periods.days import Frame, Relative
from shared.domain.periods.period import Period
from shared.domain.query.plan import BudgetPlan, Plan
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.asked import Asked
from shared.domain.query.reading.clauses import read_names
from shared.domain.query.reading.facts import campaigns_of, counts
from shared.domain.query.reading.kinds import Item
from shared.domain.query.reading.refusals import refused
from shared.domain.query.reading.sentence import Sentence
from shared.domain.vocabulary import Vocabulary

_POSSESSIVES = frozenset({"the", "its", "our", "their", "my", "your", "of"})
_PARTS = frozenset({"of", "%", "against", "vs", "versus", "to"})


def is_about_budgets(sentence: Sentence) -> bool:
    """Whether spend is asked for beside a budget; as a word for spend "budget" is dropped."""
    facts = {item.value: item for item in sentence.left(k.FACT)}
    stands = {item.value for item in sentence.left(k.BUDGET)}
    budget = facts.get("budget")
    part = budget is not None and _is_part_of(sentence, budget) and not sentence.has(k.MONEY)
    if stands - {"left"} or (stands and (budget or _names_budget(sentence))):
        return True
    spend = [i for i in sentence.left(k.METRIC + k.MONEY) if i.value == "spend"]
    if budget is None or len(facts) > 1 or (not spend and not part):
        return False
    narrowed = sentence.has(f"[{k.RANK}{k.SHARE}]") or _has_period(sentence)
    if narrowed and not part and spend:
        sentence.drop(budget)  # "which campaign ate up the most budget"
    return bool(spend and not narrowed) or part


def _has_period(sentence: Sentence) -> bool:
    return any(not isinstance(i.value.meaning, Relative) for i in sentence.left(k.PERIOD))


def _names_budget(sentence: Sentence) -> bool:
    return any("budget" in sentence.said(item).casefold() for item in sentence.left(k.BUDGET))


def _is_part_of(sentence: Sentence, budget: Item) -> bool:
    """`of the budget`, `% of its budget`."""
    at = budget.first - 1
    while at > 0 and sentence.tokens[at].word in _POSSESSIVES - _PARTS:
        at -= 1
    beside = sentence.tokens[at].word if at >= 0 else ""
    shared = sentence.has(k.SHARE) or "%" in sentence.text or "percent" in sentence.text.casefold()
    return beside in ("against", "vs", "versus") or (beside in _PARTS and shared)


def budget_plan(
    sentence: Sentence, frame: Frame, known: Vocabulary, previous: Plan | None
) -> BudgetPlan:
    """The plan. Raises NoPlan for another metric or a period: a budget is for a whole life."""
    asked = Asked()
    stands = {str(item.value) for item in sentence.take_each(k.BUDGET)} - {"left"}
    read_names(sentence, asked, known)
    campaigns = campaigns_of(asked, sentence, known, previous)
    _refuse_period(sentence)
    count = counts(sentence)
    for metric in sentence.take_each(k.METRIC):
        if metric.value != "spend":
            raise refused("Beside a budget only spend is told.", ("Spend vs budget by campaign",))
    drop = (k.BY, k.WHICH, k.TOTAL, k.ALL, k.JOIN, k.FACT, k.SHARE, k.COMPARE, k.DIMENSION)
    sentence.take(f"[{''.join(drop)}{k.PERFORMANCE}{k.WHERE}]")
    filtering = len(stands) == 1 and (not campaigns or bool(asked.named("channel")))
    return BudgetPlan(
        campaigns=campaigns,
        period=_life(frame, known),
        over=("over" in stands) if filtering else None,
        count=count,
        notes=sentence.notes,
    )


def _refuse_period(sentence: Sentence) -> None:
    for item in sentence.take_each(k.PERIOD):
        meaning = item.value.meaning
        if not (isinstance(meaning, Relative) and meaning.kind == "life"):
            raise refused(
                "A budget is for the whole life of a campaign: ask without a period.",
                ("Spend vs budget by campaign",),
            )


def _life(frame: Frame, known: Vocabulary) -> Period:
    last = min(known.last_day or frame.yesterday, frame.yesterday)
    first = min(known.first_day or last, last)
    return Period(start=first, end=last, words="so far")
