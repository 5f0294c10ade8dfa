"""What a plan's SQL computes, by running it."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.local.warehouse import DuckDbWarehouse
from shared.domain.query.compiler import compile_plan
from shared.domain.query.plan import CampaignPlan, Days, Filter, Order, Period, Plan, Threshold
from shared.domain.semantics import METRICS
from shared.errors import Invalid

from .conftest import Daily, Store

MARCH = Period(start=date(2025, 3, 1), end=date(2025, 3, 31))
FEBRUARY = Period(start=date(2025, 2, 1), end=date(2025, 2, 28))


def march(day: int) -> date:
    return date(2025, 3, day)


def plan(*metrics: str, by: tuple[str, ...] = (), period: Period = MARCH, **more: Any) -> Plan:
    return Plan(metrics=metrics, dimensions=by, period=period, **more)


def column(rows: list[dict[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in rows]


def test_ratios_are_ratios_of_sums_never_averages_of_ratios(store: Store) -> None:
    store.add(
        [
            Daily(march(1), impressions=1000, clicks=100, spend=Decimal(10)),
            Daily(march(2), impressions=9000, clicks=100, spend=Decimal(90)),
        ]
    )
    (row,) = store.answer(plan("ctr", "cpc", "cpm"))
    assert row["ctr"] == pytest.approx(0.02)
    assert row["cpc"] == Decimal("0.5")
    assert row["cpm"] == Decimal(10)


def test_a_zero_denominator_gives_null(store: Store) -> None:
    store.add([Daily(march(1), clicks=0, conversions=0.0, spend=Decimal(0), impressions=0)])
    ratios = [m.id for m in METRICS.values() if m.denominator]
    (row,) = store.answer(plan(*ratios))
    assert row == dict.fromkeys(ratios)


def test_money_is_exact_and_counts_are_whole(store: Store) -> None:
    cents = [Daily(march(day), spend=Decimal("0.1")) for day in range(1, 31)]
    store.add(cents)
    (row,) = store.answer(plan("spend", "clicks"))
    assert row == {"spend": Decimal(3), "clicks": 1500}
    assert isinstance(row["spend"], Decimal)
    assert isinstance(row["clicks"], int)


def test_a_period_without_rows_gives_no_row_at_all(store: Store) -> None:
    store.add([Daily(march(1))])
    assert store.answer(plan("spend", period=FEBRUARY)) == []


def test_missing_days_stay_missing(store: Store) -> None:
    store.add([Daily(march(1)), Daily(march(5))])
    rows = store.answer(plan("spend", by=("date",), grain="day"))
    assert column(rows, "date") == [march(1), march(5)]


@pytest.mark.parametrize(
    ("grain", "week_start", "expected"),
    [
        ("day", 0, [march(1), march(3), march(9)]),
        ("week", 0, [date(2025, 2, 24), march(3)]),  # weeks begin on Monday
        ("week", 6, [date(2025, 2, 23), march(2), march(9)]),  # on Sunday
        ("week", 5, [march(1), march(8)]),  # on Saturday
        ("month", 0, [march(1)]),
        ("quarter", 0, [date(2025, 1, 1)]),
        ("year", 0, [date(2025, 1, 1)]),
    ],
)
def test_a_grain_is_named_by_its_first_day(
    store: Store, grain: Any, week_start: int, expected: list[date]
) -> None:
    store.add([Daily(march(1)), Daily(march(3)), Daily(march(9))])  # Saturday, Monday, Sunday
    rows = store.answer(plan("spend", by=("date",), grain=grain, week_start=week_start))
    assert column(rows, "date") == expected


def test_weekdays_are_names_in_the_order_of_the_projects_week(store: Store) -> None:
    store.add([Daily(march(day)) for day in range(1, 8)])
    rows = store.answer(plan("spend", by=("weekday",), week_start=6))
    assert column(rows, "weekday") == [
        "Sunday",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
    ]


def test_rows_of_one_campaign_name_are_one_campaign_and_the_channel_tells_them_apart(
    store: Store,
) -> None:
    store.add(
        [
            Daily(march(1), "meta", "Brand", "m-1"),
            Daily(march(1), "google_ads", "Brand", "g-1"),
            Daily(march(1), "meta", None, "m-2"),
        ]
    )
    by_name = store.answer(plan("spend", by=("campaign",)))
    assert [(r["campaign"], r["spend"]) for r in by_name] == [("Brand", 20), ("m-2", 10)]
    by_both = store.answer(plan("spend", by=("campaign", "channel")))
    assert [(r["campaign"], r["channel"]) for r in by_both] == [
        ("Brand", "google_ads"),
        ("Brand", "meta"),
        ("m-2", "meta"),
    ]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Filter(field="channel", values=("meta", "x")), ["meta", "x"]),
        (Filter(field="channel", values=("meta", "x"), negated=True), ["email"]),
        (Filter(field="campaign", values=("A",)), ["email"]),
        (Filter(field="campaign", values=("A",), negated=True), ["meta", "x"]),  # unnamed stays in
    ],
    ids=["is", "is not", "campaign is", "campaign is not"],
)
def test_filters_keep_or_leave_out(store: Store, condition: Filter, expected: list[str]) -> None:
    store.add(
        [
            Daily(march(1), "email", "A"),
            Daily(march(1), "meta", "B"),
            Daily(march(1), "x", None, "7"),
        ]
    )
    rows = store.answer(plan("spend", by=("channel",), filters=(condition,)))
    assert column(rows, "channel") == expected


def test_two_filters_on_one_field_both_hold(store: Store) -> None:
    store.add([Daily(march(1), channel) for channel in ("a", "b", "c")])
    conditions = (
        Filter(field="channel", values=("a", "b")),
        Filter(field="channel", values=("b", "c"), negated=True),
    )
    rows = store.answer(plan("spend", by=("channel",), filters=conditions))
    assert column(rows, "channel") == ["a"]


HOSTILE = [
    "'; DROP TABLE channel_daily; --",
    "back\\slash\\",
    'quote"',
    "\\' OR 1=1 --",
    "@start @channel_0",
    "tab\tand line\n",
    "`backtick` /* */",
    "emoji 🎯 ümläut",
    "{curly} %s $1 ?",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_data_whatever_they_hold(store: Store, name: str) -> None:
    store.add([Daily(march(1), campaign=name), Daily(march(1), campaign="other")])
    condition = Filter(field="campaign", values=(name, "nobody"))
    compiled = compile_plan(plan("spend", by=("campaign",), filters=(condition,)))
    assert name not in compiled.sql
    rows = store.run(compiled.sql, compiled.params)
    assert column(rows, "campaign") == [name]


@pytest.mark.parametrize("name", [n for n in HOSTILE if n.isprintable()])
def test_the_shown_sql_says_hostile_names_correctly(store: Store, name: str) -> None:
    store.add([Daily(march(1), campaign=name), Daily(march(1), campaign="other")])
    condition = Filter(field="campaign", values=(name,))
    rows = store.answer(plan("spend", by=("campaign",), filters=(condition,)))
    assert column(rows, "campaign") == [name]


def test_a_ranking_is_by_the_first_metric_with_ties_by_name(store: Store) -> None:
    spends = {"a": 5, "b": 9, "c": 9, "d": 1}
    store.add([Daily(march(1), c, spend=Decimal(s)) for c, s in spends.items()])
    assert column(store.answer(plan("spend", by=("channel",))), "channel") == ["b", "c", "a", "d"]


def test_the_cheapest_comes_first_and_the_undefined_last(store: Store) -> None:
    store.add(
        [
            Daily(march(1), "none", conversions=0.0),
            Daily(march(1), "dear", conversions=1.0),
            Daily(march(1), "cheap", conversions=9.0),
        ]
    )
    lowest = plan("cpa", by=("channel",), order=Order(by="cpa", descending=False))
    assert column(store.answer(lowest), "channel") == ["cheap", "dear", "none"]
    highest = plan("cpa", by=("channel",), order=Order(by="cpa"))
    assert column(store.answer(highest), "channel") == ["dear", "cheap", "none"]


def test_an_order_by_a_metric_that_is_not_shown(store: Store) -> None:
    store.add([Daily(march(1), c, clicks=n) for n, c in enumerate(("a", "b", "c"))])
    rows = store.answer(plan("spend", by=("channel",), order=Order(by="clicks"), limit=2))
    assert [tuple(row) for row in rows] == [("channel", "spend")] * 2
    assert column(rows, "channel") == ["c", "b"]


def test_an_order_by_what_is_not_computed_is_refused() -> None:
    with pytest.raises(Invalid, match="no column 'spend_change'"):
        compile_plan(plan("spend", by=("channel",), order=Order(by="spend_change")))


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        (">", ["c"]),
        (">=", ["b", "c"]),
        ("<", ["a"]),
        ("<=", ["a", "b"]),
        ("=", ["b"]),
        ("!=", ["a", "c"]),
    ],
)
def test_thresholds_keep_groups(store: Store, operator: Any, expected: list[str]) -> None:
    store.add([Daily(march(1), c, clicks=n * 10) for n, c in enumerate("abc")])
    limit = Threshold(metric="ctr", operator=operator, value=0.01)
    rows = store.answer(plan("spend", by=("channel",), thresholds=(limit,)))
    assert column(rows, "channel") == expected


def test_a_comparison_shows_both_periods_and_the_change(store: Store) -> None:
    store.add(
        [
            Daily(march(1), spend=Decimal(150), clicks=10),
            Daily(date(2025, 2, 1), spend=Decimal(100), clicks=40),
        ]
    )
    (row,) = store.answer(plan("spend", "cpc", compare_to=FEBRUARY))
    assert row == {
        "spend": 150,
        "spend_previous": 100,
        "spend_change": Decimal("0.5"),
        "cpc": 15,
        "cpc_previous": Decimal("2.5"),
        "cpc_change": 5,
    }


def test_a_comparison_keeps_what_only_one_period_has(store: Store) -> None:
    store.add([Daily(march(1), "new"), Daily(date(2025, 2, 1), "gone", spend=Decimal(7))])
    rows = store.answer(plan("spend", by=("channel",), compare_to=FEBRUARY))
    assert [tuple(row.values()) for row in rows] == [
        ("new", 10, None, None),
        ("gone", None, 7, None),
    ]


@pytest.mark.parametrize("side", [MARCH, FEBRUARY], ids=["only now", "only before"])
def test_a_comparison_of_totals_with_one_empty_period(store: Store, side: Period) -> None:
    store.add([Daily(side.start)])
    (row,) = store.answer(plan("spend", compare_to=FEBRUARY))
    present, absent = ("", "_previous") if side is MARCH else ("_previous", "")
    assert (row[f"spend{present}"], row[f"spend{absent}"], row["spend_change"]) == (10, None, None)


def test_a_comparison_without_any_rows_gives_none(store: Store) -> None:
    assert store.answer(plan("spend", compare_to=FEBRUARY)) == []


def test_the_change_from_zero_is_undefined(store: Store) -> None:
    store.add([Daily(march(1)), Daily(date(2025, 2, 1), spend=Decimal(0))])
    (row,) = store.answer(plan("spend", compare_to=FEBRUARY))
    assert (row["spend_previous"], row["spend_change"]) == (0, None)


@pytest.mark.parametrize(
    ("grain", "now", "before", "here", "there"),
    [
        ("day", "2025-03-10 2025-03-16", "2025-03-03 2025-03-09", "2025-03-12", "2025-03-05"),
        ("day", "2025-03-01 2025-03-31", "2025-02-01 2025-02-28", "2025-03-28", "2025-02-28"),
        ("week", "2025-03-10 2025-03-23", "2025-02-24 2025-03-09", "2025-03-20", "2025-03-06"),
        ("month", "2025-01-01 2025-03-31", "2024-10-01 2024-12-31", "2025-03-31", "2024-12-01"),
        ("month", "2024-02-29 2024-02-29", "2023-02-28 2023-02-28", "2024-02-29", "2023-02-28"),
        ("quarter", "2025-01-01 2025-06-30", "2024-07-01 2024-12-31", "2025-05-05", "2024-11-30"),
        ("year", "2025-01-01 2025-03-31", "2024-01-01 2024-03-31", "2025-03-03", "2024-01-02"),
    ],
    ids=["days", "days of months", "weeks", "months", "leap day", "quarters", "years"],
)
def test_a_comparison_over_time_puts_the_nth_step_beside_the_nth(
    store: Store, grain: Any, now: str, before: str, here: str, there: str
) -> None:
    day = date.fromisoformat
    store.add([Daily(day(here), spend=Decimal(3)), Daily(day(there), spend=Decimal(2))])
    periods = [Period(start=p.split()[0], end=p.split()[1]) for p in (now, before)]
    rows = store.answer(
        plan("spend", by=("date",), grain=grain, period=periods[0], compare_to=periods[1])
    )
    assert [(r["spend"], r["spend_previous"]) for r in rows] == [(3, 2)]
    assert type(rows[0]["date"]) is date


def test_a_comparison_by_weekday(store: Store) -> None:
    store.add([Daily(march(3)), Daily(march(4)), Daily(date(2025, 2, 3), spend=Decimal(20))])
    rows = store.answer(plan("spend", by=("weekday",), compare_to=FEBRUARY))
    assert [tuple(row.values()) for row in rows] == [
        ("Monday", 10, 20, Decimal("-0.5")),
        ("Tuesday", 10, None, None),
    ]


def test_a_comparison_can_be_ranked_by_the_change(store: Store) -> None:
    for channel, spend in (("a", 30), ("b", 20), ("c", 5)):
        store.add(
            [Daily(march(1), channel, spend=Decimal(spend)), Daily(date(2025, 2, 1), channel)]
        )
    falling = Order(by="spend_change", descending=False)
    rows = store.answer(plan("spend", by=("channel",), compare_to=FEBRUARY, order=falling, limit=1))
    assert column(rows, "channel") == ["c"]


@pytest.mark.parametrize(
    ("moved", "more", "expected"),
    [
        ("up", {}, ["a", "was zero"]),
        ("down", {}, ["d", "c"]),
        ("down", {"order": Order(by="spend_change"), "limit": 1}, ["c"]),
        ("down", {"share": True}, ["d", "c"]),
        ("down", {"thresholds": (Threshold(metric="spend", operator=">", value=5),)}, ["c"]),
    ],
    ids=["rose", "fell", "the smallest fall", "beside a share", "beside a threshold"],
)
def test_only_what_moved_that_way_is_kept(
    store: Store, moved: Any, more: dict[str, Any], expected: list[str]
) -> None:
    now = {"a": 30, "same": 10, "c": 8, "d": 5, "was zero": 5, "new": 50}
    before = {"a": 10, "same": 10, "c": 10, "d": 10, "was zero": 0, "gone": 9}
    store.add([Daily(march(1), name, spend=Decimal(n)) for name, n in now.items()])
    store.add([Daily(date(2025, 2, 1), name, spend=Decimal(n)) for name, n in before.items()])
    ranked = {"order": Order(by="spend_change", descending=moved == "up"), **more}
    asked = plan("spend", by=("channel",), compare_to=FEBRUARY, moved=moved, **ranked)
    assert column(store.answer(asked), "channel") == expected


def test_what_moved_needs_another_period() -> None:
    with pytest.raises(ValueError, match="beside another period"):
        plan("spend", by=("channel",), moved="up")


def test_a_share_is_a_part_of_what_the_filters_leave(store: Store) -> None:
    store.add([Daily(march(1), c, spend=Decimal(s)) for c, s in (("a", 60), ("b", 30), ("c", 10))])
    without = Filter(field="channel", values=("c",), negated=True)
    rows = store.answer(plan("spend", by=("channel",), filters=(without,), share=True))
    assert column(rows, "spend_share") == [
        pytest.approx(Decimal(2) / 3),
        pytest.approx(Decimal(1) / 3),
    ]


def test_the_whole_of_a_share_does_not_shrink_with_a_threshold_or_a_limit(store: Store) -> None:
    store.add([Daily(march(1), c, spend=Decimal(s)) for c, s in (("a", 60), ("b", 30), ("c", 10))])
    limit = Threshold(metric="spend", operator=">", value=20)
    rows = store.answer(plan("spend", by=("channel",), thresholds=(limit,), limit=1, share=True))
    assert [(r["channel"], r["spend_share"]) for r in rows] == [("a", Decimal("0.6"))]


def test_shares_over_time_are_shares_of_each_step(store: Store) -> None:
    store.add([Daily(march(1), "a"), Daily(march(1), "b"), Daily(march(2), "a")])
    rows = store.answer(plan("spend", by=("date", "channel"), grain="day", share=True))
    assert column(rows, "spend_share") == [Decimal("0.5"), Decimal("0.5"), 1]


def test_a_ratio_has_no_share(store: Store) -> None:
    store.add([Daily(march(1))])
    rows = store.answer(plan("spend", "ctr", by=("channel",), share=True))
    assert list(rows[0]) == ["channel", "spend", "ctr", "spend_share"]


def test_a_share_beside_a_comparison(store: Store) -> None:
    store.add([Daily(march(1), "a"), Daily(march(1), "b"), Daily(date(2025, 2, 1), "a")])
    rows = store.answer(plan("spend", by=("channel",), compare_to=FEBRUARY, share=True))
    assert [(r["channel"], r["spend_change"], r["spend_share"]) for r in rows] == [
        ("a", 0, Decimal("0.5")),
        ("b", None, Decimal("0.5")),
    ]


def test_another_tenants_rows_do_not_count(store: Store) -> None:
    store.add([Daily(march(1))])
    store.add([Daily(march(1), spend=Decimal(999))], project="rival")
    assert column(store.answer(plan("spend")), "spend") == [10]
    assert column(store.answer(plan("spend"), project="rival"), "spend") == [999]


def test_facts_about_campaigns(store: Store) -> None:
    store.plan_campaigns(
        [
            {"campaign_id": "1", "name": "A", "budget": Decimal(500), "end_date": march(31)},
            {"campaign_id": "2", "name": "B", "objective": "leads"},
        ]
    )
    rows = store.answer(CampaignPlan(facts=("budget", "end_date"), campaigns=("A",)))
    assert rows == [{"name": "A", "budget": 500, "end_date": march(31)}]
    everything = store.answer(CampaignPlan(facts=("objective",)))
    assert [tuple(row.values()) for row in everything] == [("A", None), ("B", "leads")]


def test_campaigns_active_on_a_day_in_order_of_a_fact(store: Store) -> None:
    store.plan_campaigns(
        [
            {"campaign_id": "1", "name": "past", "start_date": march(1), "end_date": march(9)},
            {"campaign_id": "2", "name": "small", "start_date": march(1), "budget": Decimal(1)},
            {"campaign_id": "3", "name": "large", "start_date": march(10), "budget": Decimal(9)},
            {"campaign_id": "4", "name": "future", "start_date": march(11)},
        ]
    )
    asked = CampaignPlan(
        facts=("budget",), active=Days(start=march(10), end=march(10)), order=Order(by="budget")
    )
    assert column(store.answer(asked), "name") == ["large", "small"]


def test_campaign_facts_in_an_unknown_order_are_refused() -> None:
    with pytest.raises(Invalid, match="no column 'spend'"):
        compile_plan(CampaignPlan(facts=("budget",), order=Order(by="spend")))


def test_plans_of_one_shape_share_one_text() -> None:
    texts = {
        compile_plan(
            plan("spend", filters=(Filter(field="channel", values=(name,)),), period=p)
        ).sql
        for name in ("meta", "email")
        for p in (MARCH, FEBRUARY)
    }
    assert len(texts) == 1


# --- Against a second, plain implementation -------------------------------------------------

CHANNELS = ("email", "google_ads", "meta")
SAMPLE = [
    Daily(
        date(2025, 2, 20) + timedelta(days=n // 3),
        CHANNELS[n % 3],
        f"Campaign {n % 5}",
        f"id-{n % 3}-{n % 5}",
        spend=Decimal(n * 37 % 101) / 4,
        impressions=n * 53 % 997,
        clicks=n * 29 % 31,
        conversions=(n * 17 % 7) / 2,
        revenue=Decimal(n * 41 % 211) / 2,
    )
    for n in range(90)
]


@pytest.fixture(scope="module")
def sample() -> Any:
    warehouse = DuckDbWarehouse(None)
    held = Store(warehouse)
    held.add(SAMPLE)
    yield held
    warehouse.close()


def periods() -> st.SearchStrategy[Period]:
    days = st.integers(0, 29).map(lambda n: date(2025, 2, 20) + timedelta(days=n))
    return st.tuples(days, days).map(lambda p: Period(start=min(p), end=max(p)))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    dimensions = tuple(
        draw(
            st.lists(
                st.sampled_from(["channel", "campaign", "date", "weekday"]), max_size=2, unique=True
            )
        )
    )
    some = st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=2, unique=True).map(tuple)
    conditions = st.builds(Filter, field=st.just("channel"), values=some, negated=st.booleans())
    limits = st.builds(
        Threshold,
        metric=st.sampled_from(["spend", "ctr", "roas"]),
        operator=st.sampled_from([">", "<="]),
        value=st.sampled_from([0.03, 1.0, 55.0]),
    )
    return Plan(
        metrics=tuple(
            draw(st.lists(st.sampled_from(list(METRICS)), min_size=1, max_size=3, unique=True))
        ),
        dimensions=dimensions,
        grain=draw(st.sampled_from(["day", "week", "month"])) if "date" in dimensions else None,
        filters=tuple(draw(st.lists(conditions, max_size=1))),
        period=draw(periods()),
        compare_to=draw(st.none() | periods()),
        thresholds=tuple(draw(st.lists(limits, max_size=1))) if dimensions else (),
        week_start=draw(st.integers(0, 6)),
    )


def step(day: date, asked: Plan) -> date:
    if asked.grain == "week":
        return day - timedelta(days=(day.weekday() - asked.week_start) % 7)
    return day.replace(day=1) if asked.grain == "month" else day


def groups(asked: Plan, period: Period) -> dict[tuple[Any, ...], list[Daily]]:
    found: dict[tuple[Any, ...], list[Daily]] = defaultdict(list)
    key: dict[str, Callable[[Daily], Any]] = {
        "channel": lambda r: r.channel,
        "campaign": lambda r: r.campaign,
        "weekday": lambda r: r.date.strftime("%A"),
        "date": lambda r: aligned(step(r.date, asked), asked, period),
    }
    for row in SAMPLE:
        kept = all((row.channel in f.values) != f.negated for f in asked.filters)
        if kept and period.start <= row.date <= period.end:
            found[tuple(key[d](row) for d in asked.dimensions)].append(row)
    return found


def aligned(first: date, asked: Plan, period: Period) -> date:
    """The step of the asked period at the same place as this one in its own."""
    if period is asked.period:
        return first
    start, end = step(period.start, asked), step(asked.period.start, asked)
    if asked.grain == "month":
        months = (end.year - start.year) * 12 + end.month - start.month + first.month - 1
        return date(first.year + months // 12, months % 12 + 1, 1)
    return first + (end - start)


def value(metric_id: str, rows: list[Daily]) -> float | None:
    metric = METRICS[metric_id]
    top = float(sum(getattr(r, metric.numerator) for r in rows))
    if metric.denominator is None:
        return top if rows else None
    below = float(sum(getattr(r, metric.denominator) for r in rows))
    return metric.scale * top / below if below else None


def expected(asked: Plan) -> dict[tuple[Any, ...], list[float | None]]:
    now = groups(asked, asked.period)
    before = groups(asked, asked.compare_to) if asked.compare_to else {}
    out = {}
    for key in now.keys() | before.keys():
        here = {m: value(m, now.get(key, [])) for m in METRICS}
        if not all(holds(here[t.metric], t) for t in asked.thresholds):
            continue
        cells: list[float | None] = []
        for m in asked.metrics:
            earlier = value(m, before.get(key, []))
            change = (here[m] - earlier) / earlier if here[m] is not None and earlier else None
            cells += [here[m], earlier, change] if asked.compare_to else [here[m]]
        out[key] = cells
    return out


def holds(found: float | None, limit: Threshold) -> bool:
    if found is None:
        return False
    return found > limit.value if limit.operator == ">" else found <= limit.value


@settings(max_examples=60)
@given(asked=plans())
def test_any_plan_gives_what_a_plain_implementation_gives(sample: Store, asked: Plan) -> None:
    rows = sample.answer(asked)
    width = len(asked.dimensions)
    got = {
        tuple(itertools.islice(row.values(), width)): list(
            itertools.islice(row.values(), width, None)
        )
        for row in rows
    }
    wanted = expected(asked)
    assert len(got) == len(rows)
    assert got.keys() == wanted.keys()
    for key, cells in got.items():
        for cell, right in zip(cells, wanted[key], strict=True):
            assert (cell is None) == (right is None)
            assert cell is None or float(cell) == pytest.approx(right, rel=1e-6, abs=1e-8)
