"""What the SQL of budgets, dates of campaigns, averages and limits on a change gives."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.query.plan import (
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
from tests.unit.query.conftest import Daily, Store

MARCH = Period(start=date(2025, 3, 1), end=date(2025, 3, 31))
FEBRUARY = Period(start=date(2025, 2, 1), end=date(2025, 2, 28))


def march(day: int) -> date:
    return date(2025, 3, day)


def spent(campaign: str, day: date, spend: int) -> Daily:
    return Daily(day, campaign=campaign, spend=Decimal(spend))


def budget(name: str, amount: int | None, **dates: date) -> dict[str, Any]:
    planned = None if amount is None else Decimal(amount)
    return {"campaign_id": name, "name": name, "budget": planned, **dates}


@pytest.fixture
def budgets(store: Store) -> Store:
    store.plan_campaigns([budget("A", 10), budget("B", 100), budget("C", None), budget("D", 5)])
    days = [spent("A", march(1), 8), spent("A", march(2), 7), spent("B", march(1), 40)]
    store.add([*days, spent("C", march(1), 9)])
    return store


@pytest.mark.parametrize(
    ("campaigns", "over", "told"),
    [
        ((), None, [("A", 15, 10, -5, Decimal("1.5")), ("B", 40, 100, 60, Decimal("0.4"))]),
        ((), True, [("A", 15, 10, -5, Decimal("1.5"))]),
        ((), False, [("B", 40, 100, 60, Decimal("0.4"))]),
        (("B", "C"), None, [("B", 40, 100, 60, Decimal("0.4"))]),
    ],
)
def test_spend_stands_beside_the_budget_of_a_campaign(budgets, campaigns, over, told) -> None:
    rows = budgets.answer(BudgetPlan(campaigns=campaigns, period=MARCH, over=over))
    assert [tuple(row.values()) for row in rows] == told
    assert not rows or list(rows[0]) == [
        *("campaign", "spend", "budget", "budget_left", "budget_used")
    ]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"starts": Days(start=march(1), end=march(9))}, ["early"]),
        ({"ends": Days(start=march(20), end=date(2025, 4, 30))}, ["early", "late"]),
        ({"active": Days(start=march(1), end=march(9))}, ["early", "endless"]),
        ({"active": Days(start=march(21), end=march(21))}, ["endless", "late"]),
    ],
)
def test_campaigns_by_their_days(store: Store, asked: dict[str, Days], names: list[str]) -> None:
    store.plan_campaigns(
        [
            budget("early", 1, start_date=march(5), end_date=march(20)),
            budget("late", 1, start_date=march(10), end_date=date(2025, 4, 2)),
            budget("endless", 1, start_date=date(2025, 1, 1)),
            budget("undated", 1),
        ]
    )
    rows = store.answer(CampaignPlan(facts=("name",), **asked))
    assert [row["name"] for row in rows] == names


def test_an_average_is_the_total_by_the_steps(store: Store) -> None:
    store.add([spent("A", march(1), 8), spent("A", march(3), 4)])
    asked = Plan(metrics=("spend", "cpc"), period=MARCH, average=Average(step="day", steps=4))
    (row,) = store.answer(asked)
    assert row == {"spend": 12, "cpc": Decimal("0.12"), "spend_per_day": 3}


@pytest.mark.parametrize(
    ("operator", "value", "names"),
    [("<", -0.2, ["far"]), ("<=", -0.1, ["far", "near"]), (">", 0.1, ["risen"])],
)
def test_a_limit_on_a_change(store: Store, operator, value, names) -> None:
    before = [("far", 10), ("near", 10), ("risen", 10), ("gone", 10)]
    after = [("far", 5), ("near", 9), ("risen", 20), ("new", 10)]
    store.add([spent(name, date(2025, 2, 1), spend) for name, spend in before])
    store.add([spent(name, march(1), spend) for name, spend in after])
    asked = Plan(
        metrics=("spend",),
        dimensions=("campaign",),
        period=MARCH,
        compare_to=FEBRUARY,
        change_limit=ChangeLimit(operator=operator, value=value),
    )
    assert sorted(row["campaign"] for row in store.answer(asked)) == names


@pytest.mark.parametrize(("latest", "day"), [(True, march(4)), (False, march(2))])
def test_the_first_and_the_last_time(store: Store, latest: bool, day: date) -> None:
    spends = {1: 1, 2: 9, 3: 1, 4: 9, 5: 1}
    store.add([spent("A", march(at), spend) for at, spend in spends.items()])
    asked = Plan(
        metrics=("spend",),
        dimensions=("date",),
        grain="day",
        period=MARCH,
        thresholds=(Threshold(metric="spend", operator=">", value=5),),
        order=Order(by="date", descending=latest),
        limit=1,
    )
    assert [row["date"] for row in store.answer(asked)] == [day]
