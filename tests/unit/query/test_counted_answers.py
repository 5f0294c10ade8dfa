"""What answers say of numbers of rows, averages, first and last times, and budgets."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shared.domain.query.answer import answer_text
from shared.domain.query.models import ResultColumn
from shared.domain.query.plan import (
    AnyPlan,
    Average,
    BudgetPlan,
    CampaignPlan,
    ChangeLimit,
    Days,
    Order,
    Period,
    Plan,
    Threshold,
)
from shared.domain.query.result import Result
from shared.domain.vocabulary import Vocabulary

from .conftest import check_numbers

MARCH = Period(start=date(2025, 3, 1), end=date(2025, 3, 31), words="last month")
FEBRUARY = Period(start=date(2025, 2, 1), end=date(2025, 2, 28), words="the month before")
KNOWN = Vocabulary(1, date(2025, 1, 1), date(2025, 3, 31), ("email", "meta"), ())
WHEN = "last month (1–31 March 2025; source: channel_daily)"
LIFE = Period(start=date(2025, 1, 1), end=date(2025, 3, 31), words="so far")
UNTIL = "up to 31 March 2025; sources: channel_daily, campaigns"
ABOVE = (Threshold(metric="spend", operator=">", value=5),)
BUDGETS = "campaign spend budget budget_left budget_used"


def plan(*metrics: str, by: tuple[str, ...] = (), **more: Any) -> Plan:
    return Plan(metrics=metrics, dimensions=by, period=MARCH, **more)


def table(names: str, *rows: list[Any], truncated: bool = False) -> Result:
    columns = tuple(ResultColumn(name=name, type="STRING") for name in names.split())
    return Result(columns, list(rows), truncated)


CASES: dict[str, tuple[AnyPlan, Result, str]] = {
    "how many rows pass a limit": (
        plan("spend", by=("campaign",), thresholds=ABOVE, count=True),
        table("campaign spend", ["A", 9], ["B", 7]),
        f"2 campaigns had spend above €5.00 {WHEN}. A and B.",
    ),
    "how many rows there are": (
        plan("spend", by=("channel",), count=True),
        table("channel spend", ["meta", 9]),
        f"1 channel had data {WHEN}. Meta.",
    ),
    "no row to count": (
        plan("spend", by=("campaign",), thresholds=ABOVE, count=True),
        table("campaign spend"),
        f"No campaign had spend above €5.00 {WHEN}.",
    ),
    "a count of a table that was cut": (
        plan("spend", by=("campaign",), thresholds=ABOVE, count=True),
        table("campaign spend", ["A", 9], ["B", 7], truncated=True),
        f"More than 2 campaigns had spend above €5.00 {WHEN}. A and B. "
        "The table is cut: there are more rows.",
    ),
    "an average a day": (
        plan("spend", "clicks", average=Average(step="day", steps=31)),
        table("spend clicks spend_per_day clicks_per_day", [62, 93, 2, 3]),
        "On average spend was €2.00 per day (€62.00 in total) and clicks were 3 per day (93 in "
        f"total) {WHEN}, which is 31 days.",
    ),
    "the last time": (
        plan(
            "spend",
            by=("date",),
            grain="day",
            thresholds=ABOVE,
            order=Order(by="date"),
            limit=1,
        ),
        table("date spend", ["2025-03-09", 7]),
        f"The last day with spend above €5.00 {WHEN} was 9 March 2025: spend €7.00.",
    ),
    "those that fell far": (
        plan(
            "clicks",
            by=("channel",),
            compare_to=FEBRUARY,
            moved="down",
            change_limit=ChangeLimit(operator="<", value=-0.2),
        ),
        table("channel clicks clicks_previous clicks_change", ["b", 3, 4, -0.25]),
        "Last month (1–31 March 2025; source: channel_daily) compared with the month before (1–28 "
        "February 2025), down more than 20 %, clicks: b 3, down 25 % from 4.",
    ),
    "how a word was understood": (
        plan("spend", notes=("Read as the campaign Brand.",)),
        table("spend", [7]),
        f"Spend was €7.00 {WHEN}. Read as the campaign Brand.",
    ),
    "how many campaigns run": (
        CampaignPlan(
            facts=("name",), active=Days(start="2025-03-01", end="2025-03-31"), count=True
        ),
        table("name", ["A"], ["B"]),
        "2 campaigns active within 1–31 March 2025 (source: campaigns). "
        "Campaigns without stored dates are not counted.",
    ),
    "campaigns that end": (
        CampaignPlan(facts=("end_date",), ends=Days(start="2025-04-01", end="2025-04-30")),
        table("name end_date"),
        "No campaigns that end within 1–30 April 2025 are stored (source: campaigns).",
    ),
    "spend beside a budget": (
        BudgetPlan(campaigns=("A",), period=LIFE),
        table(BUDGETS, ["A", 50, 200, 150, 0.25]),
        f"A has spent €50.00 of its budget of €200.00, 25 % ({UNTIL}).",
    ),
    "campaigns over their budget": (
        BudgetPlan(period=LIFE, over=True),
        table(BUDGETS, ["A", 300, 200, -100, 1.5]),
        f"Campaigns over budget: A has spent €300.00 of its budget of €200.00, 150 % ({UNTIL}).",
    ),
    "no campaign over its budget": (
        BudgetPlan(period=LIFE, over=True),
        table(BUDGETS),
        f"There is no campaign over its budget ({UNTIL}).",
    ),
}


@pytest.mark.parametrize(("asked", "found", "text"), CASES.values(), ids=CASES)
def test_the_answer_says(asked: AnyPlan, found: Result, text: str) -> None:
    assert answer_text(asked, found, "EUR", KNOWN) == text
    check_numbers(asked, found, text)
