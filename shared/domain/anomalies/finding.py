"""What detection finds, and what it is told beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Kind = Literal["point", "sustained", "gradual", "zero_spend", "missing_data"]
Direction = Literal["spike", "drop"]
Severity = Literal["warning", "critical"]

# The metrics that move on their own, and the metric a person reads each of them as: spend, what an
# impression costs (so impressions, at that spend), CTR, conversion rate, and what an order is worth
# (so revenue, at those orders). What is said about every other metric is derived from these.
DRIVERS: Mapping[str, str] = {
    "spend": "spend",
    "cpm": "impressions",
    "ctr": "ctr",
    "conversion_rate": "conversion_rate",
    "aov": "revenue",
}


CERTAIN = 100.0  # standard deviations: no matter of chance
UNPLANNED = (
    10.0  # spend that stopped without a plan or a row that says so: somebody may have meant it
)


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """What a finding is about; `campaign_id` None is the whole channel."""

    channel: str
    campaign_id: str | None
    metric: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class Finding:
    """One deviation as of the panel's last day.

    `metric` is one of DRIVERS' values. `start` and `end` are the days it spans, `current` and
    `baseline` the metric over these days and what was to be expected of them (None: undefined);
    `deviation` = current / baseline − 1. `impact` is money in the project's currency over the span,
    never negative: spend beyond or below what was expected, or revenue (without revenue: spend)
    that what happened is away from it: how many too many or too few, times the revenue that each
    brought over the last four weeks. `score` is how far outside chance it is, in standard
    deviations. `explained` lists the campaigns that a channel's finding is made of. Of a gradual
    one, `current` is the last week and `baseline` what it was before it slid for four weeks; rows
    that are missing have no `current` and no `deviation`.
    """

    key: SeriesKey
    kind: Kind
    start: date
    end: date
    current: float | None
    baseline: float | None
    deviation: float | None
    impact: float
    score: float
    explained: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bands:
    """Where a warning begins and where it becomes critical, as fractions of the baseline."""

    warning: float = 0.20
    critical: float = 0.40


BandsBy = Mapping[tuple[str, str], Bands]  # by channel and metric; "" is any of them


def closest(bands: BandsBy, channel: str, metric: str) -> Bands | None:
    """The closest bands: of channel and metric, of the metric, of the channel, of neither."""
    order = ((channel, metric), ("", metric), (channel, ""), ("", ""))
    return next((bands[place] for place in order if place in bands), None)


@dataclass(frozen=True, slots=True)
class KnownSpan:
    """Days on which a series was known to deviate: they are no part of its baseline.

    `metric` is the record's; "" is every metric.
    """

    channel: str
    campaign_id: str | None
    start: date
    end: date
    metric: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What is known of a project besides its numbers.

    `holidays` are days with a name, also days to come. `raised` multiplies what a series must show
    before it is reported (feedback: not useful). `bands` by (channel, metric); "" is any of them.
    """

    holidays: Mapping[date, str] = field(default_factory=dict)
    known: tuple[KnownSpan, ...] = ()
    raised: Mapping[SeriesKey, float] = field(default_factory=dict)
    bands: BandsBy = field(default_factory=dict)
