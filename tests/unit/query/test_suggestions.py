"""What is suggested can be asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shared.domain.query.plan import CampaignPlan, Filter, Period, Plan
from shared.domain.query.reading import Context, read_question
from shared.domain.query.suggestions import first_questions, follow_ups
from shared.domain.semantics import METRICS
from shared.domain.vocabulary import CampaignName, Vocabulary

FIRST, LAST = date(2025, 1, 1), date(2025, 3, 31)
KNOWN = Vocabulary(
    1,
    FIRST,
    LAST,
    ("email", "google_ads", "my_portal"),
    tuple(
        CampaignName(name, name, ("email",), FIRST, LAST)
        for name in ("Google_Search_Brand", "Spring Sale 2025 (DE)", "Last week's offer")
    ),
)
TODAY = date(2025, 4, 1)
MONTH = Period(start=date(2025, 3, 1), end=LAST, words="last month")
WEEK = Period(start=date(2025, 3, 24), end=date(2025, 3, 30), words="last week")


def of(metric: str, *by: str, period: Period = MONTH, **more: Any) -> Plan:
    grain = "day" if "date" in by else None
    return Plan(metrics=(metric,), dimensions=by, grain=grain, period=period, **more)


PLANS = [
    *(of(metric) for metric in METRICS),
    *(of("spend", by) for by in ("channel", "campaign", "date", "weekday")),
    of("spend", "channel", period=WEEK),
    of("clicks", compare_to=WEEK),
    of("roas", filters=(Filter(field="channel", values=("my_portal",)),)),
    *(
        of("roas", filters=(Filter(field="campaign", values=(campaign.name,)),))
        for campaign in KNOWN.campaigns
    ),
    *(
        of("roas", period=Period(start=date(2025, 3, 1), end=LAST, words=words))
        for words in (
            "March 2025",
            "Q1 2025",
            "2025",
            "the last 30 days",
            "the last 4 weeks",
            "the week before last",
            "last weekend",
            "in week 12 of 2025",
            "in the first half of 2025",
            "on Monday",
            "yesterday",
            "",
        )
    ),
    of("roas", period=Period(start=LAST, end=LAST)),
    CampaignPlan(facts=("budget",)),
    CampaignPlan(facts=("budget",), campaigns=("Google_Search_Brand",)),
]


def readable(question: str) -> bool:
    reading = read_question(question, Context(TODAY, 0, KNOWN, None))
    return isinstance(reading, Plan | CampaignPlan)


@pytest.mark.parametrize("plan", PLANS, ids=str)
def test_three_follow_ups_that_are_answerable_and_different(plan: Any) -> None:
    questions = follow_ups(plan, KNOWN)
    assert len(set(questions)) == 3
    assert [q for q in questions if not readable(q)] == []


def test_a_follow_up_does_not_ask_the_same_again() -> None:
    plan = of("spend", "channel")
    readings = [read_question(q, Context(TODAY, 0, KNOWN, None)) for q in follow_ups(plan, KNOWN)]
    assert all(isinstance(r, Plan) and r.dimensions != ("channel",) for r in readings)


def test_nothing_is_suggested_while_there_is_nothing_to_ask_about() -> None:
    nothing = Vocabulary(0, None, None, (), ())
    assert first_questions(nothing) == follow_ups(of("spend"), nothing) == []


def test_first_questions_are_answerable() -> None:
    assert all(readable(question) for question in first_questions(KNOWN))
