"""What is found in a project and what is not, each promise one row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from shared.domain.anomalies.detection.detect import detect
from shared.domain.anomalies.finding import Bands, Finding, KnownSpan, Rules, SeriesKey
from shared.domain.anomalies.panel import Panel
from tests.unit.anomalies.panels import (
    FIELDS,
    Ordinary,
    planned,
    project,
    steady,
    times,
    until,
    without,
)

TODAY = slice(-1, None)
SALES = ("conversions", "revenue")


def last(days: int) -> slice:
    return slice(-days, None)


def sales(factor: float) -> dict[str, float]:
    return dict.fromkeys(SALES, factor)


def seen(panel: Panel, rules: Rules | None = None) -> list[tuple[str, str, str, str]]:
    """Each finding in short: whose, metric, direction, kind."""
    return [short(one) for one in detect(panel, rules or Rules())]


def short(one: Finding) -> tuple[str, str, str, str]:
    whose = one.key.campaign_id or one.key.channel
    return (whose, one.key.metric, one.key.direction, one.kind)


STEADY = project(noise=0.03)
WEEKEND = (np.arange(90) % 7 >= 5) * -0.4 + 1
SMALL = Ordinary("tiny", "google_ads", 3, 300, 15, 1.5, 60)
SLIDE = np.linspace(1, 0.92, 28)

FOUND: dict[str, tuple[Panel, tuple[str, str, str, str]]] = {
    "a spend spike": (
        times(STEADY, "ads_1", TODAY, every=3.0),
        ("ads_1", "spend", "spike", "point"),
    ),
    "a spend spike that brings nothing is one of spend alone": (
        times(STEADY, "ads_1", TODAY, spend=3.0),
        ("ads_1", "spend", "spike", "point"),
    ),
    "clicks that bring nothing are one of the click-through rate alone": (
        times(STEADY, "ads_1", TODAY, clicks=3.0),
        ("ads_1", "ctr", "spike", "point"),
    ),
    "dearer impressions": (
        times(STEADY, "ads_1", TODAY, **dict.fromkeys(FIELDS[1:], 0.4)),
        ("ads_1", "impressions", "drop", "point"),
    ),
    "a conversion rate at 55 % on its first day": (
        times(STEADY, "ads_1", TODAY, **sales(0.55)),
        ("ads_1", "conversion_rate", "drop", "point"),
    ),
    "the same on its third day": (
        times(STEADY, "ads_1", last(3), **sales(0.55)),
        ("ads_1", "conversion_rate", "drop", "sustained"),
    ),
    "the same after twelve days": (
        times(STEADY, "ads_1", last(12), **sales(0.55)),
        ("ads_1", "conversion_rate", "drop", "sustained"),
    ),
    "cost per order up by exactly a quarter where all else is steady": (
        times(project(), "ads_1", last(7), **sales(0.8)),
        ("ads_1", "conversion_rate", "drop", "sustained"),
    ),
    "no conversions at all": (
        times(STEADY, "ads_1", TODAY, **sales(0.0)),
        ("ads_1", "conversion_rate", "drop", "point"),
    ),
    "orders worth four times the usual, on a channel that costs nothing": (
        times(STEADY, "mail", TODAY, revenue=4.0),
        ("mail", "revenue", "spike", "point"),
    ),
    "mails that were not sent": (
        times(STEADY, "mail", TODAY, **dict.fromkeys(FIELDS[1:], 0.2)),
        ("mail", "impressions", "drop", "point"),
    ),
    "a change of all campaigns of a channel is the channel's": (
        times(STEADY, "ads", TODAY, **sales(0.5)),
        ("google_ads", "conversion_rate", "drop", "point"),
    ),
    "a click-through rate that slides by 8 % in four weeks": (
        times(project(noise=0.004), "ads_1", last(28), clicks=SLIDE, **dict.fromkeys(SALES, SLIDE)),
        ("ads_1", "ctr", "drop", "gradual"),
    ),
    "spend that slides by a third in four weeks": (
        times(STEADY, "ads_1", last(28), every=np.linspace(1, 0.67, 28)),
        ("ads_1", "spend", "drop", "gradual"),
    ),
    "a budget that has run out, rows still coming": (
        times(STEADY, "ads_1", TODAY, every=0.0),
        ("ads_1", "spend", "drop", "zero_spend"),
    ),
    "rows of a campaign that stop without a plan": (
        without(STEADY, "ads_1", TODAY),
        ("ads_1", "spend", "drop", "zero_spend"),
    ),
    "a channel whose budget has run out": (
        times(STEADY, "ads", last(2), every=0.0),
        ("google_ads", "spend", "drop", "zero_spend"),
    ),
    "a budget that has run out before the planned end, no rows any more": (
        without(planned(STEADY, "ads_1", 120), "ads_1", last(2)),
        ("ads_1", "spend", "drop", "zero_spend"),
    ),
    "rows of a channel that have not arrived": (
        without(STEADY, "ads", TODAY),
        ("google_ads", "spend", "drop", "missing_data"),
    ),
    "a row that is missing today of a channel's only campaign, which had one every day": (
        without(STEADY, "mail", TODAY),
        ("email", "impressions", "drop", "missing_data"),
    ),
}

SILENT: dict[str, Panel] = {
    "nothing happened": STEADY,
    "nothing happened, and nothing ever moved": project(),
    "a week has weekends": times(STEADY, "", slice(None), conversions=WEEKEND, revenue=WEEKEND),
    "a handful of conversions is chance": times(
        steady([SMALL, *(Ordinary(f"c{n}") for n in range(4))], noise=0.03),
        "tiny",
        TODAY,
        **sales(3.0),
    ),
    "a few cents are not worth a word": times(
        steady([SMALL, *(Ordinary(f"c{n}") for n in range(9))], noise=0.03),
        "tiny",
        TODAY,
        every=3.0,
    ),
    "under four weeks nothing is known": times(until(STEADY, 25), "ads_1", TODAY, every=3.0),
    "a launch": times(
        without(STEADY, "ads_1", slice(0, -9)), "ads_1", last(9), every=np.linspace(0.3, 1.5, 9)
    ),
    "a planned end, no rows": without(planned(STEADY, "ads_1", 86), "ads_1", last(3)),
    "a planned end, rows of zeros": times(
        planned(STEADY, "ads_1", 86), "ads_1", last(3), every=0.0
    ),
    "a budget that tapers off": times(
        times(STEADY, "ads_1", last(4), every=(0.7, 0.4, 0.2, 0.0)), "ads_1", last(1), every=1.0
    ),
    "a day that is not over": times(
        replace(STEADY, unfinished=np.arange(90)[None, :].repeat(8, 0) == 89), "", TODAY, every=0.4
    ),
    "a day of the project that is not over, unsaid": times(STEADY, "", TODAY, every=0.5),
    "a day of a channel that is not over, unsaid": times(STEADY, "social", TODAY, every=0.4),
    "a row that is missing today of an only campaign that lacks rows now and then": without(
        without(STEADY, "mail", slice(-41, -40)), "mail", TODAY
    ),
    "a planned end of a channel's only campaign": without(
        planned(STEADY, "mail", 86), "mail", last(3)
    ),
    "days without rows in the past": without(STEADY, "", slice(-12, -9)),
    "a row that is missing yesterday": without(STEADY, "ads_1", slice(-2, -1)),
    "a row that is missing today of a small campaign": without(
        steady([SMALL, *(Ordinary(f"c{n}") for n in range(9))], noise=0.03), "tiny", TODAY
    ),
    "a row that is missing today of one that lacks rows now and then": without(
        without(STEADY, "ads_1", slice(-12, -11)), "ads_1", TODAY
    ),
    "conversions that are still coming in": times(
        STEADY, "", last(3), **dict.fromkeys(SALES, (0.95, 0.9, 0.75))
    ),
    "a sale of the whole project": times(STEADY, "", last(3), **sales(1.6)),
    "month-end pacing of the whole project": times(STEADY, "", last(3), every=1.25),
    "month-end pacing of one campaign": times(STEADY, "ads_1", last(3), every=1.25),
    "a budget step on its first day": times(STEADY, "ads_1", TODAY, every=1.6),
    "a budget step after days": times(STEADY, "ads_1", last(5), every=1.6),
    "a budget step weeks ago": times(STEADY, "ads_1", last(17), every=1.4),
    "the end of a slump": times(STEADY, "ads_1", slice(-8, -1), **sales(0.4)),
    "the end of a spike": times(STEADY, "ads_1", slice(-2, -1), every=3.0),
    "what all campaigns lose together and slowly": times(
        project(noise=0.004), "", last(28), clicks=SLIDE, **dict.fromkeys(SALES, SLIDE)
    ),
    "no campaign at all": replace(
        STEADY,
        channels=(),
        campaign_ids=(),
        names=(),
        values={name: array[:0] for name, array in STEADY.values.items()},
        unfinished=STEADY.unfinished[:0],
        starts=STEADY.starts[:0],
        ends=STEADY.ends[:0],
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_is_found_once_and_named(name: str) -> None:
    panel, expected = FOUND[name]
    assert seen(panel) == [expected]


@pytest.mark.parametrize("name", SILENT)
def test_is_no_fault(name: str) -> None:
    assert seen(SILENT[name]) == []


def test_conversions_lost_everywhere_are_told_once_per_channel() -> None:
    found = detect(times(STEADY, "", last(2), **sales(0.1)), Rules())
    assert {short(one)[:3] for one in found} == {
        ("google_ads", "conversion_rate", "drop"),
        ("meta", "conversion_rate", "drop"),
        ("mail", "conversion_rate", "drop"),
    }
    explained = {one.key.channel: len(one.explained) for one in found}
    assert explained == {"google_ads": 4, "meta": 3, "email": 0}


def test_nothing_arrived_at_all() -> None:
    found = seen(without(STEADY, "", TODAY))
    assert {(whose, kind) for whose, _, _, kind in found} >= {
        ("google_ads", "missing_data"),
        ("meta", "missing_data"),
    }


def test_the_channel_explains_itself_by_the_campaigns_that_moved() -> None:
    moved = times(STEADY, "ads_1", TODAY, **sales(0.3))
    (found,) = detect(times(moved, "ads_2", TODAY, **sales(0.3)), Rules())
    assert (found.key.campaign_id, found.explained) == (None, ("ads_1", "ads_2"))


def test_the_costliest_comes_first() -> None:
    panel = times(times(STEADY, "ads_1", TODAY, **sales(0.5)), "social_1", TODAY, every=4.0)
    panel = times(panel, "mail", TODAY, revenue=3.0)
    found = detect(panel, Rules())
    assert [one.key.campaign_id for one in found] == ["mail", "ads_1", "social_1"]
    assert found[0].impact > found[1].impact > found[2].impact


NUMBERS: dict[str, tuple[Panel, float, float, float]] = {
    # current, baseline, impact, all for the days of the finding
    "spend": (times(project(), "ads_1", TODAY, every=3.0), 3000, 1000, 2000),
    "impressions": (
        times(project(), "ads_1", TODAY, **dict.fromkeys(FIELDS[1:], 0.4)), 40_000, 100_000, 12_000
    ),
    "conversion rate": (times(project(), "ads_1", last(3), **sales(0.5)), 0.05, 0.1, 30_000),
    "revenue": (times(project(), "ads_1", TODAY, revenue=3.0), 60_000, 20_000, 40_000),
    "zero spend": (times(project(), "ads_1", last(2), every=0.0), 0, 2000, 2000),
}  # fmt: skip


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_of_the_days_of_the_finding(name: str) -> None:
    panel, current, baseline, impact = NUMBERS[name]
    (one,) = detect(panel, Rules())
    assert one.baseline is not None
    assert one.current == pytest.approx(current)
    assert one.baseline == pytest.approx(baseline, rel=0.01)
    assert one.impact == pytest.approx(impact, rel=0.1)
    assert one.deviation == pytest.approx(current / baseline - 1, abs=0.01)


def test_a_finding_begins_where_the_deviation_began() -> None:
    slump = times(STEADY, "ads_1", last(5), **sales(0.5))
    (one,) = detect(slump, Rules())
    assert (one.start, one.end) == (slump.day(85), slump.day(89))
    (first,) = detect(until(slump, 86), Rules())
    assert (first.start, first.end, first.kind) == (slump.day(85), slump.day(85), "point")


def test_without_noise_a_score_stays_finite() -> None:
    (one,) = detect(times(project(), "ads_1", TODAY, every=3.0), Rules())
    assert 5 < one.score < 100


DROP = times(STEADY, "ads_1", last(3), **sales(0.6))
LITTLE = times(
    steady([Ordinary(f"c{n}", clicks=2e6, conversions=1e6) for n in range(5)]),
    "c1",
    last(3),
    **sales(0.88),
)
STEP = times(STEADY, "ads_1", TODAY, every=1.6)
LESS = times(STEADY, "ads_1", TODAY, **sales(0.68))
LOST = times(STEADY, "ads_1", TODAY, **sales(0.1))
HOLIDAY = Rules(holidays={STEADY.last_day: "a day"})
LATE = Bands(0.8, 0.9)
RATE_OF = {name: (name, "conversion_rate") for name in ("google_ads", "meta")}
KEY = SeriesKey("google_ads", "ads_1", "conversion_rate", "drop")

RULED: dict[str, tuple[Panel, Rules, bool]] = {
    "a series that was raised needs more": (DROP, Rules(raised={KEY: 5.0}), False),
    "another direction was raised": (
        DROP, Rules(raised={replace(KEY, direction="spike"): 5.0}), True
    ),
    "a project that warns later": (DROP, Rules(bands={RATE_OF["google_ads"]: LATE}), False),
    "another channel warns later": (DROP, Rules(bands={RATE_OF["meta"]: LATE}), True),
    "12 % are not worth a warning": (LITTLE, Rules(), False),
    "a project that warns earlier of what it does to the CPA": (
        LITTLE,
        Rules(bands={("google_ads", "cpa"): Bands(0.08, 0.2)}),
        True,
    ),
    "a project that warns earlier": (LITTLE, Rules(bands={("", ""): Bands(0.08, 0.2)}), True),
    "a step that the project wants to hear of": (
        STEP, Rules(bands={("", "spend"): Bands(0.2, 0.4)}), True
    ),
    "a holiday is another day": (
        LESS, HOLIDAY, False
    ),
    "the same on an ordinary day": (LESS, Rules(), True),
    "everything lost on a holiday": (LOST, HOLIDAY, True),
}  # fmt: skip


@pytest.mark.parametrize("name", RULED)
def test_rules_are_heard(name: str) -> None:
    panel, rules, found = RULED[name]
    assert bool(seen(panel, rules)) is found


def test_known_days_are_no_part_of_the_baseline() -> None:
    days = 24
    panel = times(STEADY, "ads_1", last(days), **sales(0.5))
    first = panel.last_day - timedelta(days=days - 1)
    known = KnownSpan("google_ads", "ads_1", first, panel.last_day - timedelta(days=1))
    assert seen(panel) == []  # by itself, it has become the usual
    assert seen(panel, Rules(known=(known,))) == [("ads_1", "conversion_rate", "drop", "sustained")]


CHANGES: dict[str, Callable[[Panel], Panel]] = {
    "another currency": lambda panel: times(panel, "", slice(None), spend=150.0, revenue=150.0),
    "another order of campaigns": lambda panel: steady_order(panel),
}


def steady_order(panel: Panel) -> Panel:
    order = sorted(range(len(panel.names)), key=lambda n: (panel.channels[n], -n))
    return replace(
        panel,
        channels=tuple(panel.channels[n] for n in order),
        campaign_ids=tuple(panel.campaign_ids[n] for n in order),
        names=tuple(panel.names[n] for n in order),
        values={field: array[order] for field, array in panel.values.items()},
    )


@pytest.mark.parametrize("name", CHANGES)
def test_is_the_same_in(name: str) -> None:
    panel = times(times(STEADY, "ads_1", TODAY, every=3.0), "social", last(2), **sales(0.5))
    assert sorted(seen(CHANGES[name](panel))) == sorted(seen(panel)) != []


def test_leaves_its_panel_as_it_was() -> None:
    panel = times(STEADY, "ads_1", TODAY, every=3.0)
    before = {field: array.copy() for field, array in panel.values.items()}
    detect(panel, Rules())
    assert all(np.array_equal(before[field], panel.values[field]) for field in FIELDS)
