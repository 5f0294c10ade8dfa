"""The figures of a week: which days count, what they are compared with, and against an oracle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.domain.summaries.facts import Facts, Line
from shared.domain.summaries.figures import HEADLINE
from shared.domain.summaries.week import Week
from tests.unit.summaries.facts.oracle import expected, moved
from tests.unit.summaries.facts.shops import (
    BEFORE,
    FIVE_WEEKS,
    LAST_WEEK,
    THIS_WEEK,
    WEEK,
    Row,
    Shop,
    day,
    rows,
)


def told(shop: Shop, metric: str, week: Week = WEEK) -> tuple[float | None, ...]:
    one = shop.facts(week).figure(metric)
    assert one is not None
    return one.value, one.week_before, one.average, one.change, one.against_average


def test_a_week_stands_beside_the_week_before_and_the_average_of_four(shop):
    for number, spend in enumerate((10, 20, 30, 40, 50)):
        shop.has(rows(range(7 * number - 28, 7 * number - 21), spend=spend))
    facts = shop.facts()
    assert (facts.week, facts.start, facts.end) == ("2025-W11", day(0), day(6))
    assert [one.metric for one in facts.figures] == list(HEADLINE)
    assert told(shop, "spend") == (350.0, 280.0, 175.0, 0.25, 1.0)
    assert told(shop, "roas") == (0.8, 1.0, 1.6, pytest.approx(-0.2), pytest.approx(-0.5))


def test_a_ratio_is_one_of_sums(shop):
    shop.has(rows(THIS_WEEK, campaign="A", spend=90, conversions=1.0))
    shop.has(rows(THIS_WEEK, campaign="B", spend=10, conversions=9.0))
    assert told(shop, "cpa")[0] == 10.0


# The days with rows (0 is the week's Monday), and of spend, 10 a day: the value, the week before,
# the average, and the changes from them.
DAYS = {
    "all": (FIVE_WEEKS, (70, 70, 70, 0, 0)),
    "no earlier week": (THIS_WEEK, (70, None, None, None, None)),
    "no week before": ((*range(-28, -7), *THIS_WEEK), (70, None, 70, None, 0)),
    "only the week before": ((*LAST_WEEK, *THIS_WEEK), (70, 70, 70, 0, 0)),
    "two days are missing": ((*BEFORE, 0, 1, 2, 3, 4), (50, 50, 50, 0, 0)),
    "the week before lacks two days": ((*range(-28, -7), *range(-5, 7)), (70, 50, 70, 0, 0)),
    "no day in common": ((-7, -6, 4, 5), (20, None, None, None, None)),
    "a weekday that one week of four had": ((-28, 0, 1), (20, None, 10, None, 0)),
    "one day": ((3,), (10, None, None, None, None)),
}


@pytest.mark.parametrize("case", DAYS)
def test_only_like_days_are_compared(shop, case):
    days, figures = DAYS[case]
    shop.has(rows(days))
    assert told(shop, "spend") == figures


def test_a_day_counts_as_soon_as_any_row_of_the_project_has_come(shop):
    shop.has(rows(FIVE_WEEKS, channel="email", spend=0), rows((-7, -6, 0), channel="meta"))
    assert told(shop, "spend")[:4] == (10, 20, 5, -0.5)


@pytest.mark.parametrize(
    ("zone", "at", "value"),
    [
        ("UTC", datetime(2025, 3, 16, 23, 59, tzinfo=UTC), 60),
        ("UTC", datetime(2025, 3, 17, 0, 0, tzinfo=UTC), 70),
        ("Pacific/Kiritimati", datetime(2025, 3, 16, 9, 59, tzinfo=UTC), 60),
        ("Pacific/Kiritimati", datetime(2025, 3, 16, 10, 0, tzinfo=UTC), 70),
        ("Pacific/Pago_Pago", datetime(2025, 3, 17, 10, 59, tzinfo=UTC), 60),
        ("Pacific/Pago_Pago", datetime(2025, 3, 17, 11, 0, tzinfo=UTC), 70),
        ("UTC", datetime(2025, 3, 12, 8, 0, tzinfo=UTC), 20),
    ],
)
def test_a_day_that_is_not_over_where_the_project_is_does_not_count(shop, zone, at, value):
    shop.has(rows(FIVE_WEEKS))
    shop.is_of(timezone=zone)
    shop.clock.at = at
    assert told(shop, "spend") == (value, value, value, 0, 0)
    assert sum(one.value is not None for one in shop.facts().days) == value / 10


@pytest.mark.parametrize("week", [date(2025, 3, 24), date(2025, 10, 20), date(2024, 12, 30)])
def test_weeks_in_which_clocks_change_and_years_begin_are_weeks(shop, week):
    shop.clock.at = datetime(2025, 12, 1, tzinfo=UTC)
    shop.has(rows(FIVE_WEEKS, Week(week)), at=datetime(2025, 11, 30, tzinfo=UTC))
    assert told(shop, "spend", Week(week)) == (70, 70, 70, 0, 0)


@pytest.mark.parametrize(
    "week",
    [Week(date(2025, 3, 17)), Week(date(2025, 3, 24)), Week(date(2199, 12, 23)),
     Week(date(1900, 1, 1)), WEEK.before(1)],
)  # fmt: skip
def test_a_week_without_rows_is_empty(shop, week):
    shop.has(rows(THIS_WEEK), rows((7, 14)))
    shop.has(rows(FIVE_WEEKS), project="other")
    facts = shop.facts(week)
    assert facts.empty
    assert (facts.start, facts.currency, facts.channels, facts.actions) == (
        week.start, "EUR", (), ()
    )  # fmt: skip


def test_rows_without_any_figure_are_no_rows(shop):
    nothing = dict.fromkeys(("spend", "impressions", "clicks", "conversions", "revenue"))
    shop.has(rows(BEFORE), rows(THIS_WEEK, **nothing))
    assert shop.facts().empty


NO_REVENUE = {"revenue": None}
NO_CONVERSIONS = {**NO_REVENUE, "conversions": None}
NO_CLICKS = {**NO_CONVERSIONS, "clicks": None, "impressions": None}
MEASURED = {
    "revenue": ({}, "revenue", set()),
    "none": (NO_REVENUE, "conversions", {"revenue", "roas", "aov"}),
    "zero": ({"revenue": 0}, "conversions", {"revenue", "roas", "aov"}),
    "clicks": (NO_CONVERSIONS, "clicks",
               {"revenue", "roas", "aov", "conversions", "cpa", "conversion_rate"}),
    "spend": (NO_CLICKS, "spend", set(HEADLINE) - {"spend"}),
}  # fmt: skip


@pytest.mark.parametrize("case", MEASURED)
def test_the_main_metric_is_the_closest_to_revenue_and_what_is_not_measured_has_no_figure(
    shop, case
):
    columns, main, left_out = MEASURED[case]
    shop.has(rows(FIVE_WEEKS, **columns))
    facts = shop.facts()
    assert facts.main == main
    assert {one.metric for one in facts.figures} & set(HEADLINE) == set(HEADLINE) - left_out
    assert all([f.metric for f in line.figures] == [f.metric for f in facts.figures]
               for line in facts.channels)  # fmt: skip


def test_revenue_that_only_earlier_weeks_had_stays_the_main_metric(shop):
    shop.has(rows(BEFORE), rows(THIS_WEEK, revenue=None))
    assert shop.facts().main == "revenue"
    assert told(shop, "revenue") == (None, 280, 280, None, None)


def test_a_ratio_over_zero_is_undefined_and_spend_of_zero_is_a_figure(shop):
    shop.has(rows(FIVE_WEEKS, spend=0))
    assert told(shop, "spend") == (0, 0, 0, None, None)
    assert told(shop, "roas") == (None,) * 5


def test_refunds_can_outweigh_sales(shop):
    shop.has(rows(BEFORE, revenue=-10), rows(THIS_WEEK, revenue=-20))
    assert told(shop, "revenue") == (-140, -70, -70, None, None)
    shop.has(rows(THIS_WEEK, campaign="Other", revenue=30))
    assert told(shop, "revenue") == (70, -70, -70, None, None)


def test_amounts_that_cancel_leave_nothing(shop):
    shop.has(rows((-7,), revenue="0.1"), rows((-6,), revenue="0.2"), rows((-5,), revenue="-0.3"))
    shop.has(rows((0, 1, 2), revenue=5))
    assert told(shop, "revenue") == (15, 0, 0, None, None)


def test_the_days_of_the_week_stand_beside_what_is_usual(shop):
    shop.has(rows(range(-28, -14)), rows(range(-14, -7), revenue=10), rows((0, 2), revenue=70))
    shop.has(rows((-1,), revenue=400))
    days = shop.facts().days
    assert [one.day for one in days] == [day(n) for n in range(7)]
    assert [one.value for one in days] == [70, None, 70, None, None, None, None]
    assert [one.spend for one in days] == [10, None, 10, None, None, None, None]
    assert [one.usual for one in days] == [30] * 6 + [122.5]


def test_the_largest_channels_come_by_spend_and_the_others_are_counted(shop):
    shop.has(*(rows(THIS_WEEK, channel=f"c{n:02}", spend=n) for n in range(15)))
    shop.has(rows(BEFORE, channel="gone", spend=900), rows(THIS_WEEK, channel="c14", campaign="2"))
    facts = shop.facts()
    assert [one.name for one in facts.channels] == [f"c{n:02}" for n in range(14, 2, -1)]
    assert (facts.more_channels, facts.campaign_count) == (3, 16)
    assert facts.channels[0].figure("spend").value == 24 * 7


def test_of_very_many_channels_the_sums_are_of_all(shop):
    shop.has(*(rows((*LAST_WEEK, *THIS_WEEK), channel=f"c{n}") for n in range(80)))
    facts = shop.facts()
    assert told(shop, "spend") == (5600, 5600, 5600, 0, 0)
    assert (len(facts.channels), facts.more_channels, facts.campaign_count) == (12, 68, 80)


def test_the_project_is_told_with_its_own_currency_and_language(shop):
    shop.is_of(currency="JPY", locale="ja-JP")
    shop.has(rows(THIS_WEEK, spend=1_000_000, campaign="<b>\r\n\u202e" + "x" * 500))
    facts = shop.facts()
    assert (facts.currency, facts.locale) == ("JPY", "ja-JP")
    assert facts.figure("spend").value == 7_000_000


MONEY = st.decimals(-50, 500, places=2)
SOME_ROWS = st.lists(
    st.builds(
        Row,
        date=st.integers(-30, 8).map(day),
        channel=st.sampled_from(["meta", "email"]),
        campaign=st.sampled_from(["A", "B"]),
        spend=st.none() | MONEY.map(abs),
        impressions=st.none() | st.integers(0, 1000),
        clicks=st.none() | st.integers(0, 50),
        conversions=st.none() | st.integers(0, 40).map(lambda n: n / 4),
        revenue=st.none() | MONEY,
    ),
    max_size=40,
    unique_by=lambda row: (row.date, row.channel, row.campaign),
)
EXAMPLES = count()
_NUMBERS = ("spend", "impressions", "clicks", "conversions", "revenue")


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(found=SOME_ROWS)
def test_every_headline_figure_is_what_the_rows_add_up_to(shop, found):
    with project_of(shop) as name:
        shop.has(found or [Row(day(-90))], project=name)
        facts = shop.facts()
        told_of = [row for row in found if any(getattr(row, c) is not None for c in _NUMBERS)]
        assert facts.empty == (not any(row.date in set(map(day, THIS_WEEK)) for row in told_of))
        assert Facts.model_validate_json(facts.model_dump_json()) == facts
        for mover in (*facts.rising_campaigns, *facts.falling_campaigns):
            own = [row for row in told_of if (row.channel, row.campaign) == key(mover.line)]
            assert mover.change == pytest.approx(float(moved(own, told_of, facts.main)))
        for one in facts.figures:
            had = (one.value, one.week_before, one.average, one.change, one.against_average)
            for told_one, right in zip(had, expected(told_of, WEEK, one.metric), strict=True):
                assert (told_one is None) == (right is None), (one, right)
                if right is not None:
                    assert told_one == pytest.approx(float(right), rel=1e-9, abs=1e-9)


def key(line: Line) -> tuple[str, str | None]:
    return line.channel, line.campaign_id


@contextmanager
def project_of(shop: Shop) -> Iterator[str]:
    """A project without rows, for one example."""
    before, number = shop.project, next(EXAMPLES)
    shop.is_of(id=f"shop-{number}")
    yield shop.project.id
    shop.project = before
