"""How campaigns spend their budgets."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.unit.summaries.facts.shops import FIVE_WEEKS, THIS_WEEK, day, rows


def plan(budget, start, end, campaign_id="Spring", **more):
    return {
        "campaign_id": campaign_id, "name": campaign_id, "budget": budget,
        "start_date": day(start), "end_date": day(end), **more,
    }  # fmt: skip


def paced(shop, *plans, daily=10):
    shop.has(rows(FIVE_WEEKS, spend=daily))
    shop.plans(*plans)
    return shop.facts().pacing


# Of 10 a day: budget, first and last day; what follows of it, as of day 6.
FLIGHTS = {
    "on track": ((280, -7, 20), 140, 140, 280, "on_track", None, 10),
    "in reach": ((305, -7, 20), 140, 152.5, 280, "on_track", None, 165 / 14),
    "fast": ((210, -7, 20), 140, 105, 280, "fast", day(13), 5),
    "a day short": ((270, -7, 20), 140, 135, 280, "on_track", day(19), 130 / 14),
    "slow": ((400, -7, 20), 140, 200, 280, "slow", None, 260 / 14),
    "overspent": ((100, -7, 20), 140, 50, 280, "overspent", None, 0),
    "begun on the last day": ((1000, 6, 20), 10, 1000 / 15, 150, "early", None, 990 / 14),
    "ended in the week": ((80, -2, 3), 60, 80, 60, "slow", None, None),
    "ended with it": ((140, -7, 6), 140, 140, 140, "on_track", None, None),
    "ends tomorrow": ((141, -7, 7), 140, 131.6, 150, "on_track", None, 1),
}


@pytest.mark.parametrize("case", FLIGHTS)
def test_a_flight_is_held_against_its_budget(shop, case):
    flight, spent, expected, projected, pace, out, left = FLIGHTS[case]
    (one,) = paced(shop, plan(*flight))
    assert (one.spent, one.projected, one.pace) == (spent, pytest.approx(projected), pace)
    assert one.expected == pytest.approx(expected)
    assert one.runs_out_on == out
    assert one.left_a_day == (left if left is None else pytest.approx(left))


def test_the_pace_is_that_of_the_week(shop):
    shop.has(rows(range(-28, 0), spend=1), rows(THIS_WEEK, spend=20))
    shop.plans(plan(300, -28, 20))
    (one,) = shop.facts().pacing
    assert (one.spent, one.projected) == (168, 448)
    assert (one.pace, one.runs_out_on) == ("fast", day(13))


LEFT_OUT = {
    "ended before the week": plan(100, -20, -1),
    "begins after it": plan(100, 7, 20),
    "no budget": plan(None, -7, 20),
    "nothing to spend": plan(0, -7, 20),
    "no end": plan(100, -7, 20, end_date=None),
    "no start": plan(100, -7, 20, start_date=None),
    "backwards": plan(100, 5, 2),
    "begun more than two years before": plan(100, -740, 20),
    "no rows": plan(100, -7, 20, "Other"),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_what_cannot_be_paced_is_left_out(shop, case):
    assert paced(shop, LEFT_OUT[case]) == ()
    assert shop.facts().paced == 0


def test_a_flight_of_two_years_is_told_of(shop):
    shop.has(rows((-720, -700), spend=500))
    (one,) = paced(shop, plan(1600, -720, 20))
    assert one.spent == 1350


def test_only_days_of_the_flight_and_of_the_project_count(shop):
    shop.has(rows(FIVE_WEEKS, spend=900), project="other")
    shop.plans(plan(100, -7, 20), project="other")
    shop.has(rows(range(7, 9), spend=900))
    (one,) = paced(shop, plan(100, 3, 10))
    assert (one.spent, one.expected) == (40, 50)


def test_a_day_that_has_not_come_does_not_slow_a_campaign_down(shop):
    shop.has(rows(range(-7, 4), spend=10))
    shop.plans(plan(280, -7, 20))
    (one,) = shop.facts().pacing
    assert (one.spent, one.expected, one.projected, one.pace) == (110, 110, 280, "on_track")


def test_a_campaign_of_a_silent_channel_is_not_told_to_be_slow(shop):
    shop.has(rows(range(-28, 0), channel="x", campaign="Quiet"))
    assert paced(shop, plan(100, -7, 20, "Quiet")) == ()


def test_a_campaign_that_stopped_beside_others_is_slow(shop):
    shop.has(rows(range(-7, 0), campaign="Quiet"))
    (one,) = paced(shop, plan(280, -7, 20, "Quiet"))
    assert (one.spent, one.projected, one.pace) == (70, 70, "slow")


@pytest.mark.parametrize(
    ("plans", "spent"),
    [
        ([plan(500, -7, 20, "77", name="Spring")], {"77": 140}),
        ([plan(500, -7, 20, "Spring", name="Else")], {"Spring": 140}),
        ([plan(500, -7, 20, "Spring", name="A"), plan(400, -7, 20, "7", name="Spring")],
         {"Spring": 140}),
        ([plan(500, -7, 20, "7", name="Spring"), plan(400, -7, 20, "8", name="Spring")], {}),
    ],
    ids=["by name", "by id", "the id wins", "two of one name"],
)  # fmt: skip
def test_rows_are_found_by_id_or_else_by_name(shop, plans, spent):
    assert {one.campaign_id: one.spent for one in paced(shop, *plans)} == spent


def test_the_furthest_off_come_first_and_all_are_counted(shop):
    names = [f"C{n:02}" for n in range(15)]
    shop.has(*(rows(FIVE_WEEKS, campaign=name) for name in names))
    shop.plans(*(plan(280 + 10 * n, -7, 20, name) for n, name in enumerate(names)))
    facts = shop.facts()
    assert [one.name for one in facts.pacing] == [f"C{n:02}" for n in range(14, 4, -1)]
    assert facts.paced == 15


def test_a_week_that_is_not_over_is_paced_as_far_as_it_is(shop):
    shop.clock.at = datetime(2025, 3, 12, 12, tzinfo=UTC)
    (one,) = paced(shop, plan(280, -7, 20))
    assert (one.spent, one.expected, one.projected) == (90, 90, 280)


def test_credits_do_not_make_a_pace(shop):
    shop.has(rows(range(-7, 0), spend=50), rows(THIS_WEEK, spend=-10))
    shop.plans(plan(500, -7, 20))
    (one,) = shop.facts().pacing
    assert (one.spent, one.projected, one.runs_out_on) == (280, 280, None)
