"""What to ask next: whole questions in words that the reader knows, each answerable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.domain.query.phrasing import in_words
from shared.domain.query.plan import AnyPlan, BudgetPlan, CampaignPlan, Period, Plan
from shared.domain.vocabulary import Vocabulary
from shared.domain.wording import capital, label

MOST = 3
LONG_ENOUGH_FOR_WEEKS = 21
_PLAIN_NAME = re.compile(r"[\w-]{1,100}")


def first_questions(vocabulary: Vocabulary) -> list[str]:
    """Questions to begin with."""
    questions = [
        "Spend by channel in the past 30 days",
        "Top 5 campaigns by ROAS in the past 30 days",
        "Revenue by week in the past 8 weeks",
    ]
    return questions if vocabulary.channels else []


def follow_ups(plan: AnyPlan, vocabulary: Vocabulary) -> list[str]:
    """Three questions that go on from a plan; none while there are no data."""
    if not vocabulary.channels:
        return []
    own = _about(plan) if isinstance(plan, Plan) else _about_campaign(plan)
    return list(dict.fromkeys([*own, *first_questions(vocabulary)]))[:MOST]


def _about_campaign(plan: CampaignPlan | BudgetPlan) -> list[str]:
    name = _quoted(plan.campaigns[0]) if plan.campaigns else ""
    return [f"Spend of {name} so far", f"ROAS of {name} so far"] if name else []


def _about(plan: Plan) -> list[str]:
    asked = {*plan.dimensions, *(["earlier"] if plan.compare_to else [])}
    return [capital(text) for topic, text in _ideas(plan) if topic not in asked][:MOST]


def _ideas(plan: Plan) -> Iterator[tuple[str, str]]:
    metric, named, when = label(plan.metrics[0]), _named(plan), _when(plan.period)
    step = "week" if plan.period.days >= LONG_ENOUGH_FOR_WEEKS else "day"
    yield "channel", f"{metric}{named} {when} by channel"
    yield "date", f"{metric}{named} {when} by {step}"
    yield "campaign", f"Top 5 campaigns by {metric}{named} {when}"
    yield "earlier", f"{metric}{named} {when} compared with the previous period"


def _named(plan: Plan) -> str:
    """The one channel or campaign that the plan is about."""
    only = [f for f in plan.filters if not f.negated and len(f.values) == 1]
    name = _quoted(only[0].values[0]) if len(only) == 1 else ""
    return f" for {name}" if name else ""


def _quoted(name: str) -> str:
    if _PLAIN_NAME.fullmatch(name):
        return name
    return "" if '"' in name else f'"{name}"'


def _when(period: Period) -> str:
    if period.words and not period.partial:
        return in_words(period.words)
    start, end = period.start.isoformat(), period.end.isoformat()
    return f"on {start}" if start == end else f"from {start} to {end}"
