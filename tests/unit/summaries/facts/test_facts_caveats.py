"""What a reader must know of the data, and what to do next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.summaries.producing import sum_up
from tests.unit.summaries.facts.shops import (
    BEFORE,
    FIVE_WEEKS,
    LAST_WEEK,
    MONDAY,
    THIS_WEEK,
    WEEK,
    day,
    rows,
    scan,
)

WORKDAYS = [n for n in FIVE_WEEKS if n % 7 < 5]


def short(caveats):
    """`code`, with the numbers of its days and its channels."""
    return [(c.code, [(d - WEEK.start).days for d in c.days], list(c.channels)) for c in caveats]


def also(channel, days):
    return rows(days, channel=channel)


# The rows; the caveats.
CAVEATS = {
    "nothing to say": ([rows(FIVE_WEEKS)], []),
    "missing days": ([rows((*BEFORE, 0, 1, 3))], [("missing_days", [2, 4, 5, 6], [])]),
    "first week": ([rows(THIS_WEEK)], [("first_week", [], [])]),
    "short history": ([rows((-3, *THIS_WEEK))], [("short_history", [], [])]),
    "a gap before": ([rows((*range(-28, -7), *THIS_WEEK))], [("short_history", [], [])]),
    "a channel misses days": (
        [rows(FIVE_WEEKS), also("x", (*BEFORE, 0, 2, 3))],
        [("channel_missing_days", [1, 4, 5, 6], ["x"])],
    ),
    "channels that miss the same days are told together": (
        [rows(FIVE_WEEKS), also("x", (*BEFORE, *range(6))), also("y", (*BEFORE, *range(6))),
         also("z", (*BEFORE, *range(5)))],
        [("channel_missing_days", [6], ["x", "y"]), ("channel_missing_days", [5, 6], ["z"])],
    ),
    "a channel that rests on weekends misses nothing": (
        [rows(FIVE_WEEKS), also("x", WORKDAYS)], [],
    ),
    "days that nobody has are told once": (
        [rows((*BEFORE, *range(6))), also("x", (*BEFORE, *range(6)))],
        [("missing_days", [6], [])],
    ),
    "a new channel misses nothing before it began": (
        [rows(FIVE_WEEKS), also("x", (2, 3, 4, 5, 6))], [],
    ),
    "a new channel with a gap": (
        [rows(FIVE_WEEKS), also("x", (2, 5, 6))], [("channel_missing_days", [3, 4], ["x"])],
    ),
    "a channel that stopped": (
        [rows(FIVE_WEEKS), also("x", BEFORE)], [("channel_without_data", [], ["x"])],
    ),
    "a channel that stopped long ago is told no more": (
        [rows(FIVE_WEEKS), also("x", range(-28, -14))], [],
    ),
    "no revenue": ([rows(FIVE_WEEKS, revenue=None)], [("no_revenue", [], [])]),
    "only zeros of it": ([rows(FIVE_WEEKS, revenue=0)], [("no_revenue", [], [])]),
    "none that this week tells": (
        [rows(BEFORE), rows(THIS_WEEK, revenue=None)], [("no_revenue", [], [])],
    ),
    "a week that brought nothing": ([rows(BEFORE), rows(THIS_WEEK, revenue=0)], []),
    "neither spend nor revenue": ([rows(FIVE_WEEKS, spend=0, revenue=None)], []),
}  # fmt: skip


@pytest.mark.parametrize("case", CAVEATS)
def test_what_the_data_lack_is_told(shop, case):
    found, caveats = CAVEATS[case]
    shop.has(*found)
    assert short(shop.facts().caveats) == caveats


# When the week's days were loaded, by day; which of them were not over.
LOADED = {
    "after it": ("Europe/Berlin", datetime(2025, 3, 16, 23, 0, tzinfo=UTC), []),
    "an hour before its end": ("Europe/Berlin", datetime(2025, 3, 16, 22, 0, tzinfo=UTC), [6]),
    "two days early": ("UTC", datetime(2025, 3, 15, 12, 0, tzinfo=UTC), [5, 6]),
    "over in Kiritimati": ("Pacific/Kiritimati", datetime(2025, 3, 16, 10, 0, tzinfo=UTC), []),
    "not over in Pago Pago": ("Pacific/Pago_Pago", datetime(2025, 3, 17, 8, 0, tzinfo=UTC), [6]),
}


@pytest.mark.parametrize("case", LOADED)
def test_a_day_that_was_loaded_before_it_was_over_is_told(shop, case):
    zone, at, unfinished = LOADED[case]
    shop.is_of(timezone=zone)
    shop.clock.at = MONDAY + timedelta(days=1)
    shop.has(rows(FIVE_WEEKS), at=at)
    expected = [("unfinished_days", unfinished, [])] if unfinished else []
    assert short(shop.facts().caveats) == expected


def test_a_channel_that_is_finished_does_not_hide_another_that_is_not(shop):
    shop.has(rows(FIVE_WEEKS), at=scan(7))
    shop.has(also("x", FIVE_WEEKS), at=scan(6))
    assert short(shop.facts().caveats) == [("unfinished_days", [6], ["x"])]
    assert done(shop.facts()) == [("load_data", "x")]


@pytest.mark.parametrize(
    ("first", "second", "restated"),
    [(scan(7), scan(9), [3]), (scan(7), scan(7), []), (scan(9), scan(9), [])],
    ids=["after the week", "at once", "first loaded late"],
)
def test_days_that_were_loaded_again_after_the_week_are_told(shop, first, second, restated):
    shop.clock.at = MONDAY + timedelta(days=7)
    shop.has(rows(FIVE_WEEKS), rows(FIVE_WEEKS, campaign="Other"), at=first)
    shop.has(rows((3,), revenue=70), at=second)
    assert short(shop.facts().caveats) == ([("restated", restated, [])] if restated else [])


@pytest.mark.parametrize(("now", "restated"), [(70, [-4]), (None, [])])
def test_days_of_the_week_before_that_came_otherwise_again_are_told(shop, now, restated):
    shop.clock.at = MONDAY - timedelta(days=7)
    shop.has(rows(BEFORE), at=scan(0))
    sum_up(shop.suite, shop.project, WEEK.before(1))
    shop.clock.at = MONDAY
    shop.has(rows(THIS_WEEK), *([rows((-4,), revenue=now)] if now else []), at=scan(7))
    told = [one for one in shop.facts().caveats if one.code == "restated"]
    assert short(told) == ([("restated", restated, [])] if restated else [])


def test_the_most_money_that_brought_less_is_checked_first(shop):
    for name, spend, revenue in (("small", 10, 60), ("large", 90, 80)):
        shop.has(rows(LAST_WEEK, campaign=name, spend=10, revenue=100))
        shop.has(rows(THIS_WEEK, campaign=name, spend=spend, revenue=revenue))
    shop.has(rows((*LAST_WEEK, *THIS_WEEK), channel="email"))
    found = [one for one in done(shop.facts()) if one[0] == "check_falling"]
    assert found[0] == ("check_falling", "large")


def done(facts):
    return [(one.code, one.name) for one in facts.actions]


def test_a_calm_week_asks_for_nothing(shop):
    shop.has(rows(FIVE_WEEKS))
    assert shop.facts().actions == ()


def test_what_is_open_is_looked_at_the_critical_first(shop):
    shop.has(rows(FIVE_WEEKS))
    shop.notices("big", 2, 5, impact=900.0)
    shop.notices("grave", 2, 5, severity="critical")
    shop.notices("small", 2, 5)
    shop.notices("over", 2, 5, severity="critical", impact=999.0, resolved_at=scan(7))
    assert shop.facts().anomalies[0].state == "opened"  # closed on Monday, after the week
    facts = shop.facts()
    assert done(facts) == [
        ("look_at_anomaly", "Headline of grave"),
        ("look_at_anomaly", "Headline of big"),
    ]
    assert facts.actions[0].anomaly_id == "grave"


def test_missing_data_are_loaded(shop):
    shop.has(rows((*BEFORE, *range(6))), also("x", BEFORE), also("y", (*BEFORE, *range(5))))
    facts = shop.facts()
    assert done(facts)[:3] == [
        ("load_data", "all channels"),
        ("load_data", "y"),
        ("load_data", "x"),
    ]
    everything, y, x = facts.actions[:3]
    assert (everything.channel, everything.days) == (None, (day(6),))
    assert (y.channel, y.days) == ("y", (day(5),))
    assert (x.channel, x.days) == ("x", tuple(map(day, THIS_WEEK)))


def test_the_data_of_the_largest_channels_are_asked_for_first(shop):
    shop.has(rows(FIVE_WEEKS))
    shop.has(*(rows(LAST_WEEK, channel=name, spend=n) for n, name in enumerate("abcd")))
    assert shop.facts().caveats[-1].channels == ("d", "c", "b", "a")
    assert done(shop.facts()) == [("load_data", "d"), ("load_data", "c")]


def test_campaigns_are_slowed_down_and_sped_up(shop):
    names = {"Fast": 210, "Slow": 400, "Fine": 280, "Over": 90}
    shop.has(*(rows(FIVE_WEEKS, campaign=name) for name in names))
    shop.plans(
        *(
            {"campaign_id": n, "name": n, "budget": b, "start_date": day(-7), "end_date": day(20)}
            for n, b in names.items()
        ),
        {"campaign_id": "Spring", "name": "Spring", "budget": 9, "start_date": day(-7),
         "end_date": day(6)},
    )  # fmt: skip
    shop.has(rows(FIVE_WEEKS))
    facts = shop.facts()
    assert done(facts) == [("slow_down", "Over"), ("slow_down", "Fast"), ("speed_up", "Slow")]
    assert [one.amount for one in facts.actions] == [0, 5, 120]
    assert facts.actions[1].campaign_id == "Fast"


# Before and now: what is told of the one that moved.
RETURNS = {
    "brought less": ({}, {"revenue": 30}, ["check_falling"]),
    "brought more": ({}, {"revenue": 50}, ["build_on_rising"]),
    "cost less too": ({}, {"revenue": 30, "spend": 5}, []),
    "hardly less for the money": ({}, {"revenue": 37}, []),
    "grew along with spend": ({}, {"revenue": 80, "spend": 20}, []),
    "costs nothing": ({"spend": 0}, {"spend": 0, "revenue": 10}, []),
    "fewer leads": ({"revenue": None}, {"revenue": None, "conversions": 3}, ["check_falling"]),
    "more clicks": (
        {"revenue": None, "conversions": None},
        {"revenue": None, "conversions": None, "clicks": 90}, ["build_on_rising"],
    ),
    "more spend": (
        {"revenue": None, "conversions": None, "clicks": None},
        {"revenue": None, "conversions": None, "clicks": None, "spend": 20}, [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", RETURNS)
def test_what_moved_is_judged_by_what_was_spent_on_it(shop, case):
    before, now, codes = RETURNS[case]
    shop.has(rows(BEFORE, **before), rows(THIS_WEEK, **now))
    actions = shop.facts().actions
    assert [one.code for one in actions] == codes
    assert {(one.channel, one.campaign_id) for one in actions} <= {("meta", "Spring")}


def test_five_things_are_enough_the_most_urgent_ones(shop):
    shop.has(rows(LAST_WEEK), rows(range(6), revenue=9))
    shop.has(also("x", LAST_WEEK), also("y", LAST_WEEK), rows(FIVE_WEEKS, campaign="Other"))
    for n in range(4):
        shop.notices(f"a{n}", 2, 5, severity="critical")
    shop.plans({"campaign_id": "Spring", "name": "Spring", "budget": 70, "start_date": day(-7),
                "end_date": day(20)})  # fmt: skip
    codes = [one.code for one in shop.facts().actions]
    assert codes == ["look_at_anomaly"] * 2 + ["slow_down"] + ["load_data"] * 2
