"""Demo data: one quarter of an invented shop, the same bytes for the same seed on every Python.

The story runs on its own calendar, 1 January to 31 March 2025, and is told on any: with another
last day everything moves along, while weekends and month ends are those of the real dates.

What there is to find, on story days (`ANOMALIES`): a spend spike, a week of poor performance, a day
of fourfold revenue, a click-through rate that slides, and a budget that runs out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TextIO

LAST_STORY_DAY = date(2025, 3, 31)
HEADER = ("date", "channel", "campaign", "spend", "impressions", "clicks", "conversions", "revenue")
CAMPAIGNS_HEADER = ("campaign_id", "name", "objective", "budget", "start_date", "end_date")
WEEKEND_CONVERSIONS = 0.6
MONTH_END_DAYS, MONTH_END_PACE = 3, 1.25
SPIKE_SPEND = 700.0


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a campaign does on an ordinary day between its first and last story day.

    `cpm` is money for 1,000 impressions, `ctr` and `conversion_rate` are fractions.
    """

    name: str
    channel: str
    objective: str
    first: date
    last: date
    spend: float
    cpm: float
    ctr: float
    conversion_rate: float
    order_value: float


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Something to be found: what happened to a campaign, on which story days."""

    campaign: str
    kind: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Row:
    """One campaign on one real day."""

    date: date
    channel: str
    campaign: str
    spend: float
    impressions: int
    clicks: int
    conversions: float
    revenue: float


def _day(month: int, day: int) -> date:
    return date(2025, month, day)


_START, _END = _day(1, 1), LAST_STORY_DAY

# fmt: off
CAMPAIGNS = (
    Campaign("Google_Search_Brand", "google_ads", "conversions", _START, _END,
             240, 42, 0.082, 0.064, 68),
    Campaign("Google_Search_NonBrand", "google_ads", "conversions", _START, _END,
             410, 31, 0.034, 0.031, 74),
    Campaign("Google_Display", "google_ads", "awareness", _day(2, 3), _END,
             150, 2.6, 0.006, 0.012, 61),
    Campaign("FB_Retargeting", "meta", "conversions", _START, _END,
             190, 8.4, 0.016, 0.044, 66),
    Campaign("FB_Valentines_Gifts", "meta", "conversions", _day(1, 20), _day(2, 18),
             130, 7.1, 0.014, 0.028, 58),
    Campaign("IG_Influencer", "meta", "traffic", _START, _day(3, 10),
             540, 4.5, 0.015, 0.011, 63),
    Campaign("Email_Newsletter", "email", "retention", _START, _END,
             22, 1.8, 0.031, 0.028, 57),
    Campaign("TikTok_Video", "tiktok", "awareness", _day(2, 1), _END,
             260, 3.9, 0.009, 0.008, 54),
)
# fmt: on

SPIKE = Anomaly("Google_Search_Brand", "spend_spike", _day(2, 15), _day(2, 15))
SLUMP = Anomaly("FB_Retargeting", "performance_drop", _day(3, 10), _day(3, 15))
WINDFALL = Anomaly("Email_Newsletter", "revenue_spike", _day(2, 23), _day(2, 23))
SLIDE = Anomaly("IG_Influencer", "ctr_slide", _day(2, 1), _day(2, 28))
OUTAGE = Anomaly("Google_Display", "zero_spend", _day(3, 22), _day(3, 23))
ANOMALIES = (SPIKE, SLUMP, WINDFALL, SLIDE, OUTAGE)

# What the season does to conversions, by story day.
SEASON = {
    **{_day(1, d): 1.35 for d in range(1, 6)},  # New Year
    **{_day(2, d): 1.20 for d in range(7, 12)},  # the way to Valentine's Day
    **{_day(2, d): 1.60 for d in range(12, 15)},
}


def rows(seed: int, last_day: date = LAST_STORY_DAY) -> Iterator[Row]:
    """The rows in order of day, channel and campaign; the last are of `last_day`."""
    draw = Random(seed)  # noqa: S311 (an invented shop, no secret)
    moved = last_day - LAST_STORY_DAY
    told = sorted(CAMPAIGNS, key=lambda c: (c.channel, c.name))
    for n in range((_END - _START).days + 1):
        story_day = _START + timedelta(days=n)
        for campaign in told:
            if campaign.first <= story_day <= campaign.last:
                yield _row(campaign, story_day, story_day + moved, draw)


def _row(campaign: Campaign, story_day: date, real_day: date, draw: Random) -> Row:
    hit = {a.kind for a in ANOMALIES if a.campaign == campaign.name and _within(a, story_day)}
    pace = MONTH_END_PACE if _is_month_end(real_day) else 1.0
    spend = campaign.spend * pace * _noise(draw, 0.04)
    impressions = spend / campaign.cpm * 1000 * _noise(draw, 0.02)
    clicks = impressions * campaign.ctr * _slid(hit, story_day) * _noise(draw, 0.012)
    weekend = WEEKEND_CONVERSIONS if real_day.weekday() >= 5 else 1.0
    bought = clicks * campaign.conversion_rate * weekend * SEASON.get(story_day, 1.0)
    conversions = bought * _noise(draw, 0.04)
    revenue = conversions * campaign.order_value * _noise(draw, 0.03)
    if SPIKE.kind in hit:
        spend = SPIKE_SPEND * _noise(draw, 0.01)
    performance = 0.3 if SLUMP.kind in hit else 0.0 if OUTAGE.kind in hit else 1.0
    return Row(
        date=real_day,
        channel=campaign.channel,
        campaign=campaign.name,
        spend=0.0 if OUTAGE.kind in hit else round(spend, 2),
        impressions=round(impressions * performance),
        clicks=round(clicks * performance),
        conversions=round(conversions * performance, 1),
        revenue=round(revenue * performance * (4 if WINDFALL.kind in hit else 1), 2),
    )


def _noise(draw: Random, spread: float) -> float:
    # Random.random alone is promised to give the same numbers on every version of Python.
    return 1.0 + spread * (2.0 * draw.random() - 1.0)


def _within(anomaly: Anomaly, story_day: date) -> bool:
    return anomaly.first <= story_day <= anomaly.last


def _slid(hit: set[str], story_day: date) -> float:
    if SLIDE.kind not in hit:
        return 1.0
    return 1.0 - 0.08 * (story_day - SLIDE.first).days / (SLIDE.last - SLIDE.first).days


def _is_month_end(day: date) -> bool:
    return (day + timedelta(days=MONTH_END_DAYS)).month != day.month


def write_csv(out: TextIO, seed: int, last_day: date = LAST_STORY_DAY) -> None:
    """The rows as the metrics import takes them: money with 2 decimals, conversions with 1."""
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(HEADER)
    for r in rows(seed, last_day):
        money = (f"{r.spend:.2f}", f"{r.revenue:.2f}")
        counts = (r.impressions, r.clicks, f"{r.conversions:.1f}")
        lines.writerow((r.date.isoformat(), r.channel, r.campaign, money[0], *counts, money[1]))


def write_campaigns_csv(out: TextIO, last_day: date = LAST_STORY_DAY) -> None:
    """The campaigns as the campaigns import takes them; a campaign's id is its name.

    One that runs to the end of the story goes on for a month; budgets are round and above plan.
    """
    moved = last_day - LAST_STORY_DAY
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(CAMPAIGNS_HEADER)
    for c in CAMPAIGNS:
        last = c.last + timedelta(days=30 if c.last == _END else 0)
        budget = -(-c.spend * ((last - c.first).days + 1) * 1.1 // 500) * 500
        flight = ((c.first + moved).isoformat(), (last + moved).isoformat())
        lines.writerow((c.name, c.name, c.objective, f"{budget:.2f}", *flight))
