"""Whose main metric moved the project's, by how much, and why."""

from __future__ import annotations

import math

import pytest

from tests.unit.summaries.facts.shops import BEFORE, FIVE_WEEKS, LAST_WEEK, THIS_WEEK, rows


def short(movers):
    return [(one.line.name, one.change, one.share) for one in movers]


def test_channels_and_campaigns_come_with_their_change_and_their_part_of_the_whole(shop):
    shop.has(rows(BEFORE, campaign="A", revenue=100), rows(THIS_WEEK, campaign="A", revenue=60))
    shop.has(rows(BEFORE, campaign="B", revenue=50), rows(THIS_WEEK, campaign="B", revenue=60))
    shop.has(rows(FIVE_WEEKS, channel="email", campaign="C", revenue=30))
    shop.has(rows(BEFORE, channel="tiktok", campaign="D", revenue=20))
    shop.has(rows(THIS_WEEK, channel="tiktok", campaign="D", revenue=40))
    facts = shop.facts()
    assert facts.figure("revenue").value - facts.figure("revenue").week_before == -70
    assert short(facts.falling_channels) == [("meta", -210, pytest.approx(3))]
    assert short(facts.rising_channels) == [("tiktok", 140, pytest.approx(-2))]
    assert short(facts.falling_campaigns) == [("A", -280, pytest.approx(4))]
    assert short(facts.rising_campaigns) == [
        ("D", 140, pytest.approx(-2)),
        ("B", 70, pytest.approx(-1)),
    ]
    (fallen,) = facts.falling_campaigns
    assert (fallen.line.channel, fallen.line.campaign_id) == ("meta", "A")
    assert fallen.line.figure("roas").change == pytest.approx(-0.4)


def test_a_whole_that_did_not_change_has_no_parts(shop):
    shop.has(rows(LAST_WEEK, campaign="A", revenue=10), rows(THIS_WEEK, campaign="A", revenue=20))
    shop.has(rows(LAST_WEEK, campaign="B", revenue=20), rows(THIS_WEEK, campaign="B", revenue=10))
    facts = shop.facts()
    assert short(facts.rising_campaigns) == [("A", 70, None)]
    assert short(facts.falling_campaigns) == [("B", -70, None)]


def test_at_most_three_each_way_the_largest_changes_first_however_small_their_spend(shop):
    revenue = [40 + (n - 100) * (n > 190 or n < 9) for n in range(200)]
    shop.has(*(rows((-1,), campaign=f"C{n}", spend=1000 - n) for n in range(200)))
    shop.has(
        *(
            rows((6,), campaign=f"C{n}", spend=1000 - n, revenue=now)
            for n, now in enumerate(revenue)
        )
    )
    facts = shop.facts()
    assert facts.campaign_count == 200
    assert [one.line.name for one in facts.rising_campaigns] == ["C199", "C198", "C197"]
    assert [one.line.name for one in facts.falling_campaigns] == ["C0", "C1", "C2"]
    assert facts.falling_campaigns[0].change == -100


@pytest.mark.parametrize(
    "days",
    [THIS_WEEK, (*range(-28, -7), *THIS_WEEK), FIVE_WEEKS],
    ids=["first week", "no week before", "nothing moved"],
)
def test_without_a_change_since_the_week_before_nobody_moved(shop, days):
    shop.has(rows(days))
    facts = shop.facts()
    assert facts.rising_channels == facts.falling_channels == ()
    assert facts.rising_campaigns == facts.falling_campaigns == ()


def test_what_moved_less_than_a_hundredth_of_the_whole_is_not_told(shop):
    shop.has(rows(LAST_WEEK, campaign="A", revenue=1000), rows(THIS_WEEK, revenue=1100))
    shop.has(rows(LAST_WEEK, campaign="B", revenue=10), rows(THIS_WEEK, campaign="B", revenue=19))
    assert [one.line.name for one in shop.facts().rising_campaigns] == ["Spring"]


def test_only_days_that_both_weeks_have_move_anything(shop):
    shop.has(rows(range(-7, -2)), rows(THIS_WEEK, revenue=50))
    assert short(shop.facts().rising_channels) == [("meta", 50, 1)]


@pytest.mark.parametrize("lacking", [LAST_WEEK, THIS_WEEK])
def test_a_file_without_the_column_moves_nobody(shop, lacking):
    others = [n for n in FIVE_WEEKS if n not in lacking]
    shop.has(rows(lacking, channel="x", revenue=None), rows(others, channel="x"))
    assert shop.facts().figure("revenue").change is None
    assert shop.facts().falling_channels == shop.facts().rising_channels == ()
    shop.has(rows(BEFORE), rows(THIS_WEEK, revenue=50))
    facts = shop.facts()
    assert short(facts.rising_channels)[0][:2] == ("meta", 70)
    assert [one.line.channel for one in facts.rising_campaigns] == ["meta"]
    assert facts.falling_channels == facts.falling_campaigns == ()


def test_a_channel_that_stopped_has_fallen_by_all_it_had_and_a_new_one_risen(shop):
    shop.has(rows(FIVE_WEEKS), rows(BEFORE, channel="email", campaign="News"))
    shop.has(rows(THIS_WEEK, channel="x", campaign="New", revenue=10))
    facts = shop.facts()
    assert short(facts.falling_channels) == [("email", -280, pytest.approx(280 / 210))]
    assert facts.falling_channels[0].line.figure("revenue").value is None
    assert facts.falling_channels[0].line.figure("revenue").week_before == 280
    assert short(facts.rising_channels) == [("x", 70, pytest.approx(-70 / 210))]
    assert [one.name for one in facts.channels] == ["meta", "x"]


# What a day had before and has now; the reasons; whether volume or rate moved it more.
REASONS = {
    "clicks": ({}, {"clicks": 25, "conversions": 2.5, "revenue": 20}, ["clicks"], "volume"),
    "rate": ({}, {"conversions": 2.5, "revenue": 20}, ["conversion_rate"], "rate"),
    "basket": ({}, {"revenue": 20}, ["aov"], "rate"),
    "against": (
        {}, {"clicks": 100, "conversions": 5, "revenue": 20},
        ["conversion_rate", "aov", "clicks"], "rate",
    ),
    "its own way first": (
        {}, {"clicks": 40, "conversions": 8, "revenue": 39}, ["aov", "clicks", "conversion_rate"],
        "volume",
    ),
    "without clicks": (
        {"clicks": None}, {"clicks": None, "conversions": 2, "revenue": 20},
        ["conversions", "aov"], None,
    ),
    "nothing to divide by": ({"clicks": 0, "conversions": 0}, {"clicks": 0, "conversions": 0,
                              "revenue": 20}, [], None),
    "refunds": ({}, {"revenue": -5}, [], "rate"),
    "only leads": (
        {"revenue": None}, {"revenue": None, "conversions": 2}, ["conversion_rate"], "rate",
    ),
    "only clicks": (
        {"revenue": None, "conversions": None},
        {"revenue": None, "conversions": None, "impressions": 500, "clicks": 25},
        ["impressions"], "volume",
    ),
    "only spend": (
        {"revenue": None, "conversions": None, "clicks": None},
        {"revenue": None, "conversions": None, "clicks": None, "spend": 1}, [], None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REASONS)
def test_the_reasons_are_what_the_main_metric_is_a_product_of(shop, case):
    before, now, reasons, part = REASONS[case]
    shop.has(rows(BEFORE, **before), rows(THIS_WEEK, **now))
    for (mover,) in (shop.facts().falling_campaigns, shop.facts().falling_channels):
        assert [one.metric for one in mover.reasons] == reasons
        assert mover.part == part


def test_as_logarithms_the_reasons_add_up_to_the_change(shop):
    shop.has(rows(BEFORE), rows(THIS_WEEK, clicks=40, conversions=6, revenue=71))
    (mover,) = shop.facts().rising_campaigns
    steps = [math.log1p(one.change) for one in mover.reasons]
    assert sum(steps) == pytest.approx(math.log(71 / 40))


def test_a_campaign_has_the_name_that_it_had_last(shop):
    shop.has(rows(LAST_WEEK, campaign_id="1", campaign="Old"))
    shop.has(rows(THIS_WEEK, campaign_id="1", campaign="New\r\n<b>", revenue=90))
    shop.has(rows(THIS_WEEK, campaign_id="2", campaign=None, revenue=5))
    names = [one.line.name for one in shop.facts().rising_campaigns]
    assert names == ["New\r\n<b>", "2"]


def test_one_id_on_two_channels_is_two_campaigns(shop):
    shop.has(rows(LAST_WEEK, campaign_id="1"), rows(THIS_WEEK, campaign_id="1", revenue=50))
    shop.has(
        rows(LAST_WEEK, channel="x", campaign_id="1"), rows((0,), channel="x", campaign_id="1")
    )
    facts = shop.facts()
    assert facts.campaign_count == 2
    assert short(facts.rising_campaigns)[0][:2] == ("Spring", 70)
    assert short(facts.falling_campaigns)[0][:2] == ("Spring", -240)
