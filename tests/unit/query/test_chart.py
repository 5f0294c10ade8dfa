"""Which chart is chosen, and that its specification stands alone."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from shared.domain.query.chart import chart_of, chart_of_table
from shared.domain.query.models import Chart, ResultColumn
from shared.domain.query.plan import CampaignPlan, Order, Period, Plan
from shared.domain.query.result import Result
from shared.domain.query.vega import Drawing, vega_lite

MARCH = Period(start=date(2025, 3, 1), end=date(2025, 3, 31))
FEBRUARY = Period(start=date(2025, 2, 1), end=date(2025, 2, 28))
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def plan(*metrics: str, by: tuple[str, ...] = (), **more: Any) -> Plan:
    return Plan(metrics=metrics, dimensions=by, period=MARCH, **more)


def table(columns: str, rows: int = 3, value: Any = 1) -> Result:
    """`date:DATE spend:NUMERIC` with so many rows of the same number."""
    typed = [
        ResultColumn(name=name, type=kind)
        for name, _, kind in (column.partition(":") for column in columns.split())
    ]
    cells = {"DATE": lambda n: f"2025-03-{n + 1:02}", "STRING": lambda n: f"name {n}"}
    made = [[cells.get(c.type, lambda _: value)(n) for c in typed] for n in range(rows)]
    return Result(tuple(typed), made)


SPEND = "channel:STRING spend:NUMERIC"
SHARE = f"{SPEND} spend_share:NUMERIC"
CHOICES: list[tuple[str, Any, Result, dict[str, Any] | None]] = [
    ("one number", plan("spend"), table("spend:NUMERIC", 1), None),
    ("no rows", plan("spend", by=("channel",)), table(SPEND, 0), None),
    ("the winner alone", plan("spend", by=("channel",), limit=1), table(SPEND, 1), None),
    (
        "time",
        plan("spend", by=("date",), grain="day"),
        table("date:DATE spend:NUMERIC"),
        {"type": "line", "x": "date", "y": "spend", "series": None},
    ),
    (
        "time by channel",
        plan("spend", by=("channel", "date"), grain="day"),
        table("channel:STRING date:DATE spend:NUMERIC"),
        {"type": "line", "x": "date", "y": "spend", "series": "channel"},
    ),
    (
        "a ranking",
        plan("spend", "roas", by=("channel",), order=Order(by="roas")),
        table(f"{SPEND} roas:NUMERIC"),
        {"type": "bar", "x": "channel", "y": "roas", "series": None},
    ),
    (
        "weekdays",
        plan("spend", by=("weekday",)),
        table("weekday:STRING spend:NUMERIC"),
        {"type": "bar", "x": "weekday", "y": "spend", "series": None},
    ),
    (
        "two names",
        plan("spend", by=("campaign", "channel")),
        table("campaign:STRING channel:STRING spend:NUMERIC"),
        {"type": "bar", "x": "campaign", "y": "spend", "series": "channel"},
    ),
    (
        "a comparison of names",
        plan("spend", by=("channel",), compare_to=FEBRUARY),
        table(f"{SPEND} spend_previous:NUMERIC spend_change:NUMERIC"),
        {"type": "bar", "x": "channel", "y": "spend", "series": ["spend", "spend_previous"]},
    ),
    (
        "a comparison of totals",
        plan("spend", compare_to=FEBRUARY),
        table("spend:NUMERIC spend_previous:NUMERIC spend_change:NUMERIC", 1),
        {"type": "bar", "x": None, "y": "spend", "series": ["spend", "spend_previous"]},
    ),
    (
        "a comparison over time",
        plan("spend", by=("date",), grain="day", compare_to=FEBRUARY),
        table("date:DATE spend:NUMERIC spend_previous:NUMERIC spend_change:NUMERIC"),
        {"type": "line", "x": "date", "y": "spend", "series": ["spend", "spend_previous"]},
    ),
    (
        "few shares",
        plan("spend", by=("channel",), share=True),
        table(SHARE, 6),
        {"type": "pie", "x": "channel", "y": "spend_share", "series": None},
    ),
    (
        "many shares",
        plan("spend", by=("channel",), share=True),
        table(SHARE, 7),
        {"type": "bar", "x": "channel", "y": "spend", "series": None},
    ),
    (
        "shares of what is below zero",
        plan("revenue", by=("channel",), share=True),
        table("channel:STRING revenue:NUMERIC revenue_share:NUMERIC", 3, value=-1),
        {"type": "bar", "x": "channel", "y": "revenue", "series": None},
    ),
    (
        "two metrics by a name",
        plan("spend", "revenue", by=("campaign",)),
        table("campaign:STRING spend:NUMERIC revenue:NUMERIC"),
        {"type": "scatter", "x": "spend", "y": "revenue", "series": "campaign"},
    ),
    (
        "a wish for a pie",
        plan("spend", by=("channel",), chart="pie"),
        table(SPEND, 8),
        {"type": "pie", "x": "channel", "y": "spend", "series": None},
    ),
    (
        "a pie of rates cannot be drawn",
        plan("ctr", by=("channel",), chart="pie"),
        table("channel:STRING ctr:FLOAT64"),
        {"type": "bar", "x": "channel", "y": "ctr", "series": None},
    ),
    (
        "a wish for bars over time",
        plan("spend", by=("date",), grain="month", chart="bar"),
        table("date:DATE spend:NUMERIC"),
        {"type": "bar", "x": "date", "y": "spend", "series": None},
    ),
    (
        "a line needs time",
        plan("spend", by=("channel",), chart="line"),
        table(SPEND),
        {"type": "bar", "x": "channel", "y": "spend", "series": None},
    ),
    (
        "a scatter needs two metrics",
        plan("spend", by=("channel",), chart="scatter"),
        table(SPEND),
        {"type": "bar", "x": "channel", "y": "spend", "series": None},
    ),
    ("facts", CampaignPlan(facts=("budget",)), table("name:STRING budget:NUMERIC"), None),
]
NAMED = [c[0] for c in CHOICES]


@pytest.mark.parametrize(("asked", "result", "chart"), [c[1:] for c in CHOICES], ids=NAMED)
def test_the_chart_follows_the_intent(asked: Any, result: Result, chart: Any) -> None:
    chosen = chart_of(asked, result)
    assert (chosen.model_dump() if chosen else None) == chart


@pytest.mark.parametrize(
    ("columns", "chart"),
    [
        ("day:DATE spend:NUMERIC", ("line", "day", "spend", None)),
        ("channel:STRING at:TIMESTAMP n:INT64", ("line", "at", "n", "channel")),
        ("a:STRING b:STRING n:INT64", ("bar", "a", "n", "b")),
        ("n:INT64 m:FLOAT64", ("scatter", "n", "m", None)),
        ("n:INT64", None),
        ("a:STRING b:STRING", None),
    ],
)
def test_the_columns_of_a_table_suggest_a_chart(columns: str, chart: Any) -> None:
    found = chart_of_table(table(columns))
    assert (tuple(found.model_dump().values()) if found else None) == chart
    assert chart_of_table(table(columns, 1)) is None


def specification(asked: Any, result: Result, **more: Any) -> dict[str, Any]:
    chart = chart_of(asked, result)
    assert chart is not None
    return vega_lite(chart, Drawing(result, "Title", "EUR", asked.grain or "day", WEEK, **more))


DRAWN = [c for c in CHOICES if c[3] is not None]


@pytest.mark.parametrize(("asked", "result"), [c[1:3] for c in DRAWN], ids=[c[0] for c in DRAWN])
def test_a_specification_is_complete_and_loads_nothing(asked: Any, result: Result) -> None:
    drawn = specification(asked, result)
    text = json.dumps(drawn, allow_nan=False)
    assert text.count("://") == 1
    assert drawn["$schema"].startswith("https://vega.github.io/schema/vega-lite/v6")
    assert drawn["title"]["text"] == "Title"
    fields = set(result.names) | {"column", "value"}
    for channel in drawn["encoding"].values():
        assert channel["field"] in fields
    assert len(drawn["data"]["values"]) == len(result.rows)


def test_days_are_drawn_in_utc_so_that_they_do_not_move_with_the_reader() -> None:
    for grain, unit in (("day", "utcyearmonthdate"), ("quarter", "utcyearquarter")):
        drawn = specification(
            plan("spend", by=("date",), grain=grain), table("date:DATE spend:NUMERIC")
        )
        assert drawn["encoding"]["x"]["timeUnit"] == unit


def test_axes_say_their_unit() -> None:
    money = specification(plan("spend", by=("channel",)), table(SPEND))
    assert money["encoding"]["y"]["title"] == "spend (EUR)"
    rate = specification(plan("ctr", by=("channel",)), table("channel:STRING ctr:FLOAT64"))
    assert rate["encoding"]["y"]["axis"]["format"] == ".1%"


def test_bars_with_long_labels_lie() -> None:
    result = table("campaign:STRING clicks:INT64")
    upright = specification(plan("clicks", by=("campaign",)), result)
    assert upright["encoding"]["x"]["field"] == "campaign"
    result.rows[0][0] = "A campaign with a long name"
    lying = specification(plan("clicks", by=("campaign",)), result)
    assert lying["encoding"]["y"]["field"] == "campaign"


def test_weekdays_keep_their_order() -> None:
    drawn = specification(plan("clicks", by=("weekday",)), table("weekday:STRING clicks:INT64"))
    assert drawn["encoding"]["x"]["sort"] == list(WEEK)


def test_a_long_table_is_drawn_by_its_first_rows_and_says_so() -> None:
    drawn = specification(plan("spend", by=("channel",)), table(SPEND, 31))
    assert len(drawn["data"]["values"]) == 30
    assert drawn["title"]["subtitle"] == "The table's first rows"


def test_a_strange_column_name_is_no_path_into_the_row() -> None:
    result = table("a.b[0]:STRING n:INT64")
    chart = Chart(type="bar", x="a.b[0]", y="n", series=None)
    drawn = vega_lite(chart, Drawing(result, "Title", "EUR"))
    assert drawn["encoding"]["x"]["field"] == "a\\.b\\[0\\]"
