"""The demo data tell the story that the documentation promises, on whatever calendar."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from statistics import fmean

import pytest

from infra.local import demo
from infra.local.demo import ANOMALIES, CAMPAIGNS, Row, rows

SEEDS = (1, 42, 2025)
LATER = date(2026, 10, 21)


def ordinary(found: Iterable[Row], last_day: date = demo.LAST_STORY_DAY) -> list[Row]:
    """Days without an anomaly, a season or a month-end push."""
    moved = last_day - demo.LAST_STORY_DAY
    odd = {
        (a.campaign, a.first + moved + timedelta(days=n))
        for a in ANOMALIES
        for n in range((a.last - a.first).days + 1)
    }
    season = {day + moved for day in demo.SEASON}
    return [
        r
        for r in found
        if (r.campaign, r.date) not in odd
        and r.date not in season
        and (r.date + timedelta(days=3)).month == r.date.month
    ]


def of(found: Iterable[Row], campaign: str, first: date, last: date | None = None) -> list[Row]:
    return [r for r in found if r.campaign == campaign and first <= r.date <= (last or first)]


def mean(found: Iterable[Row], value: Callable[[Row], float]) -> float:
    return fmean(value(r) for r in found)


def text(seed: int = 42, last_day: date = demo.LAST_STORY_DAY) -> str:
    out = io.StringIO()
    demo.write_csv(out, seed, last_day)
    return out.getvalue()


@pytest.fixture(params=SEEDS)
def told(request: pytest.FixtureRequest) -> list[Row]:
    return list(rows(request.param))


def test_eight_campaigns_over_four_channels_in_the_first_quarter(told: list[Row]) -> None:
    assert len({r.campaign for r in told}) == 8
    assert len({r.channel for r in told}) == 4
    assert (told[0].date, told[-1].date) == (date(2025, 1, 1), date(2025, 3, 31))
    assert {r.date for r in told} == {date(2025, 1, 1) + timedelta(days=n) for n in range(90)}


def test_between_550_and_600_rows_and_no_day_of_a_campaign_twice(told: list[Row]) -> None:
    assert 550 <= len(told) <= 600
    assert len({(r.date, r.channel, r.campaign) for r in told}) == len(told)


def test_the_same_seed_gives_the_same_bytes_on_every_python() -> None:
    digest = hashlib.sha256(text(seed=42).encode()).hexdigest()
    assert digest == "d5c2db63ab376c28c0f175c19c21fbb6a657baf732f9baee8fe3c8d69ee9a516"
    assert text(seed=42) != text(seed=43)


@pytest.mark.parametrize("last_day", [demo.LAST_STORY_DAY, LATER], ids=str)
def test_weekends_of_the_real_calendar_have_forty_percent_fewer_conversions(last_day: date) -> None:
    rates: dict[bool, list[float]] = defaultdict(list)
    for r in ordinary(rows(42, last_day), last_day):
        usual = next(c for c in CAMPAIGNS if c.name == r.campaign).conversion_rate
        rates[r.date.weekday() >= 5].append(r.conversions / r.clicks / usual)
    assert fmean(rates[True]) / fmean(rates[False]) == pytest.approx(0.6, abs=0.02)


@pytest.mark.parametrize("last_day", [demo.LAST_STORY_DAY, LATER], ids=str)
def test_spend_is_pushed_in_the_last_three_days_of_a_real_month(last_day: date) -> None:
    brand = [r for r in rows(42, last_day) if r.campaign == "Google_Search_NonBrand"]
    last_days = [r for r in brand if (r.date + timedelta(days=3)).month != r.date.month]
    others = [r for r in brand if r not in last_days]
    assert mean(last_days, lambda r: r.spend) / mean(others, lambda r: r.spend) == pytest.approx(
        1.25, abs=0.05
    )


@pytest.mark.parametrize(
    ("days", "lift"),
    [
        ((date(2025, 1, 1), date(2025, 1, 3)), 1.35),
        ((date(2025, 2, 12), date(2025, 2, 14)), 1.6),
    ],
    ids=["New Year", "Valentine's Day"],
)
def test_the_season_lifts_conversions(
    told: list[Row], days: tuple[date, date], lift: float
) -> None:
    name = "Google_Search_NonBrand"
    season = of(told, name, *days)
    usual = [r for r in ordinary(told) if r.campaign == name and r.date.weekday() < 5]
    rate = [mean(part, lambda r: r.conversions / r.clicks) for part in (season, usual)]
    assert rate[0] / rate[1] == pytest.approx(lift, abs=0.09)


def test_brand_search_spends_about_700_on_15_february(told: list[Row]) -> None:
    (spike,) = of(told, "Google_Search_Brand", date(2025, 2, 15))
    before = of(told, "Google_Search_Brand", date(2025, 1, 18), date(2025, 2, 14))
    assert spike.spend == pytest.approx(700, abs=10)
    assert spike.spend > 2 * max(r.spend for r in before)


@pytest.mark.parametrize("value", ["impressions", "clicks", "conversions", "revenue"])
def test_retargeting_performs_70_percent_below_normal_from_10_to_15_march(
    told: list[Row], value: str
) -> None:
    name = "FB_Retargeting"
    slump = of(told, name, date(2025, 3, 10), date(2025, 3, 15))
    # The same weekdays of the two weeks around.
    usual = of(told, name, date(2025, 3, 3), date(2025, 3, 8))
    usual += of(told, name, date(2025, 3, 17), date(2025, 3, 22))
    level = mean(slump, lambda r: getattr(r, value)) / mean(usual, lambda r: getattr(r, value))
    assert level == pytest.approx(0.3, abs=0.03)
    assert mean(slump, lambda r: r.spend) == pytest.approx(mean(usual, lambda r: r.spend), rel=0.06)


def test_the_newsletter_earns_four_times_the_normal_on_23_february(told: list[Row]) -> None:
    name, day = "Email_Newsletter", date(2025, 2, 23)
    (windfall,) = of(told, name, day)
    sundays = [r for n in (-3, -1, 1, 2) for r in of(told, name, day + timedelta(weeks=n))]
    assert windfall.revenue / mean(sundays, lambda r: r.revenue) == pytest.approx(4, abs=0.4)
    assert windfall.conversions < 1.3 * mean(sundays, lambda r: r.conversions)


def test_influencer_ctr_slides_8_percent_over_february_and_recovers(told: list[Row]) -> None:
    def ctr(first: date, last: date) -> float:
        return mean(of(told, "IG_Influencer", first, last), lambda r: r.clicks / r.impressions)

    january = ctr(date(2025, 1, 1), date(2025, 1, 31))
    weeks = [ctr(date(2025, 2, 1 + 7 * n), date(2025, 2, 7 + 7 * n)) for n in range(4)]
    days = of(told, "IG_Influencer", date(2025, 2, 1), date(2025, 2, 28))
    rates = [r.clicks / r.impressions for r in days]
    middle = (len(rates) - 1) / 2
    slope = sum((n - middle) * x for n, x in enumerate(rates)) / sum(
        (n - middle) ** 2 for n in range(28)
    )
    assert slope * 27 / january == pytest.approx(-0.08, abs=0.012)
    assert weeks == sorted(weeks, reverse=True)
    assert ctr(date(2025, 3, 1), date(2025, 3, 10)) == pytest.approx(january, rel=0.02)


def test_display_is_there_with_nothing_spent_on_22_and_23_march(told: list[Row]) -> None:
    dry = of(told, "Google_Display", date(2025, 3, 22), date(2025, 3, 23))
    around = of(told, "Google_Display", date(2025, 3, 20), date(2025, 3, 25))
    assert [(r.spend, r.impressions, r.clicks, r.conversions, r.revenue) for r in dry] == [
        (0, 0, 0, 0, 0)
    ] * 2
    assert all(r.spend > 100 for r in around if r not in dry)


@pytest.mark.parametrize("anomaly", ANOMALIES, ids=lambda a: a.kind)
def test_every_anomaly_has_four_weeks_of_its_campaign_before_it(anomaly: demo.Anomaly) -> None:
    campaign = next(c for c in CAMPAIGNS if c.name == anomaly.campaign)
    assert campaign.first <= anomaly.first - timedelta(days=28)
    assert anomaly.last <= campaign.last


def test_the_story_ends_on_the_last_day_asked_for() -> None:
    moved = LATER - demo.LAST_STORY_DAY
    later = list(rows(42, LATER))
    assert (later[0].date, later[-1].date) == (date(2025, 1, 1) + moved, LATER)
    (spike,) = of(later, "Google_Search_Brand", date(2025, 2, 15) + moved)
    dry = of(later, "Google_Display", date(2025, 3, 22) + moved, date(2025, 3, 23) + moved)
    assert spike.spend == pytest.approx(700, abs=10)
    assert [r.spend for r in dry] == [0, 0]


def test_the_file_has_the_columns_and_decimals_that_the_import_expects() -> None:
    lines = list(csv.reader(io.StringIO(text())))
    assert lines[0] == [
        "date",
        "channel",
        "campaign",
        "spend",
        "impressions",
        "clicks",
        "conversions",
        "revenue",
    ]
    for day, _, _, spend, impressions, clicks, conversions, revenue in lines[1:]:
        assert date.fromisoformat(day)
        assert [len(x.partition(".")[2]) for x in (spend, conversions, revenue)] == [2, 1, 2]
        assert int(impressions) >= int(clicks) >= float(conversions) >= 0


def test_every_campaign_has_a_budget_an_objective_and_its_flight() -> None:
    out = io.StringIO()
    demo.write_campaigns_csv(out, LATER)
    facts = {line["name"]: line for line in csv.DictReader(io.StringIO(out.getvalue()))}
    flights: dict[str, list[date]] = defaultdict(list)
    for r in rows(42, LATER):
        flights[r.campaign].append(r.date)
    assert set(facts) == set(flights)
    for name, days in flights.items():
        assert facts[name]["start_date"] == min(days).isoformat()
        assert facts[name]["end_date"] >= max(days).isoformat()
        assert float(facts[name]["budget"]) > 0
        assert facts[name]["objective"]


def test_rates_are_what_one_sees_in_such_channels(told: list[Row]) -> None:
    for campaign in CAMPAIGNS:
        own = [r for r in told if r.campaign == campaign.name]
        spend, clicks = (sum(getattr(r, f) for r in own) for f in ("spend", "clicks"))
        roas = sum(r.revenue for r in own) / spend
        assert 0.002 < clicks / sum(r.impressions for r in own) < 0.12
        assert 0.02 < spend / clicks < 3
        assert 0.3 < roas < 60, (campaign.name, roas)
