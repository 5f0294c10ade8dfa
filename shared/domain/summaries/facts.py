"""What a summary knows of a week, before anybody puts it into words.

Every figure that a summary shows or says is one of these. They are stored with it and shown with
it, so that a page can draw them and a check can hold the words to them.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from shared.domain.anomalies.finding import Severity

MainMetric = Literal["revenue", "conversions", "clicks", "spend"]
Part = Literal["volume", "rate"]  # as shared.domain.contributions has it, without its arrays
Pace = Literal["on_track", "fast", "slow", "overspent", "early"]  # early: nobody knows yet
Days = Literal[
    "weeks",  # both sides have the same weekdays
    "these_days",  # of the other side only the weekdays that this week has
    "like_days",  # only the weekdays that both have; this week has others besides
    "no_days",  # both have rows, on no weekday in common
    "nothing",  # the other side has no rows
]
CaveatCode = Literal[
    "missing_days",  # `days` on which nothing came from any channel
    "channel_missing_days",  # the `channels` have no rows on some days (`days`) of the week
    "channel_without_data",  # the `channels` had rows in the two weeks before and have none in this
    "unfinished_days",  # `days` (of the `channels`, else of all) were loaded before they were over
    "first_week",  # there is nothing earlier to compare with
    "short_history",  # fewer than four weeks before
    "no_revenue",  # spend and no revenue at all: nothing is said about ROAS
    "restated",  # `days` were loaded again after the week: figures may differ from earlier ones
]
ActionCode = Literal[
    "look_at_anomaly",  # `name` is its headline
    "load_metric",  # `name` is the main metric, which no row of the week tells
    "load_data",  # of the channel `name` (`channel` None: of them all), for `days`
    "slow_down",  # the campaign `name` spends too fast: `amount` a day is left to its end
    "speed_up",  # the campaign `name` will leave `amount` of its budget unspent
    "check_falling",  # the channel or campaign `name` brought less for what was spent
    "build_on_rising",  # the channel or campaign `name` brought more for what was spent
]


class Fact(BaseModel):
    """A part of what is known."""

    model_config = ConfigDict(frozen=True)


class Figure(Fact):
    """A metric of the week, beside the week before and the average of the four weeks before.

    `change` and `against_average` are fractions (0.25: a quarter more), None where either side is
    undefined or what it is compared with is not above zero. The average of a sum is what a week of
    the four had; that of a ratio is the ratio of their sums. `value` is of all that arrived.
    Compared are only the weekdays on which both weeks have rows of the project, and `week_before`
    and `average` are of these, as is `compared`, this week's side beside the week before: an
    average adds up the means of its weekdays. A metric that no row of the five weeks tells, as
    revenue where no shop is measured, has no figure at all; its value is None where this week
    alone does not tell it, or a denominator is zero.
    """

    metric: str
    value: float | None
    week_before: float | None = None
    compared: float | None = None
    average: float | None = None
    change: float | None = None
    against_average: float | None = None


class Line(Fact):
    """A channel (`campaign_id` None) or a campaign with its figures, by metric."""

    channel: str
    campaign_id: str | None
    name: str
    figures: tuple[Figure, ...]

    def figure(self, metric: str) -> Figure | None:
        """One of its figures."""
        return next((one for one in self.figures if one.metric == metric), None)


class Mover(Fact):
    """Whose main metric moved the project's most, one way, and why.

    `change` is in the metric's own unit, `share` its part of the project's whole change (signed;
    None where the whole did not change). `reasons` are the figures that the metric is a product of
    (revenue: clicks, conversion_rate, aov, and without clicks conversions, aov; conversions:
    clicks, conversion_rate; clicks: impressions, ctr), the one that moved it most its own way
    first, those that moved it the other way last; none where one of them is undefined. `part` is
    whether that was by how much it had or by what it brought. A channel that is silent this week
    has fallen by all it had, and its values are None.
    """

    line: Line
    change: float
    share: float | None
    part: Part | None
    reasons: tuple[Figure, ...] = ()


class AnomalyFact(Fact):
    """An anomaly that the week saw begin, end or go on, and that nobody has muted.

    resolved: it was over in the week, whenever it began. opened: it began in the week, or was first
    seen in it. ongoing: it is older. A scan speaks of the day before it, also on a Monday.
    """

    id: str
    state: Literal["opened", "resolved", "ongoing"]
    severity: Severity
    headline: str
    impact: float
    start: date | None = None  # of its window, as `end`
    end: date | None = None
    over: bool = False  # by now, though it may not have been in the week


class Pacing(Fact):
    """How a campaign spends its budget, as of the week's end; amounts in the project's currency.

    `expected` is what an even spend would have used by now, `projected` what will be used by its
    end at the pace of this week. `runs_out_on` is the day on which the budget ends, if that is
    before the campaign does; `left_a_day` is what is left for each day to its end, None once that
    is past. Told of are campaigns that run in the week and have rows, named by id or else by name.
    """

    campaign_id: str
    name: str
    budget: float
    start: date
    end: date
    spent: float
    expected: float
    projected: float
    pace: Pace
    runs_out_on: date | None = None
    left_a_day: float | None = None


class Caveat(Fact):
    """What a reader must know before trusting a figure."""

    code: CaveatCode
    days: tuple[date, ...] = ()
    channels: tuple[str, ...] = ()


class Action(Fact):
    """What to do next, the most urgent first."""

    code: ActionCode
    name: str
    channel: str | None = None
    campaign_id: str | None = None
    anomaly_id: str | None = None
    amount: float | None = None
    days: tuple[date, ...] = ()


class Day(Fact):
    """A day of the week: the main metric, what is usual on that weekday, and spend.

    None where nothing arrived. `usual` is the mean of that weekday over the four weeks before.
    """

    day: date
    value: float | None
    usual: float | None
    spend: float | None


class Facts(Fact):
    """All that is known of one week of one project. Without `figures` there is no data."""

    project_id: str
    project: str
    currency: str
    locale: str | None
    week: str
    start: date
    end: date
    main: MainMetric
    compared: Days = "weeks"  # which days of this week stand beside those of the week before
    averaged: Days = "weeks"  # and beside the average
    figures: tuple[Figure, ...] = ()
    channels: tuple[Line, ...] = ()  # the largest by spend first
    more_channels: int = 0
    campaign_count: int = 0
    rising_channels: tuple[Mover, ...] = ()
    falling_channels: tuple[Mover, ...] = ()
    rising_campaigns: tuple[Mover, ...] = ()
    falling_campaigns: tuple[Mover, ...] = ()
    anomalies: tuple[AnomalyFact, ...] = ()
    more_anomalies: int = 0
    recovering: tuple[
        tuple[str, str | None], ...
    ] = ()  # channel, campaign: fell before, see noticing
    muted_anomalies: int = 0  # of the week, and not among them
    scanned: bool = False  # scans have looked at all of the week
    pacing: tuple[Pacing, ...] = ()  # those off pace first, the furthest off before the others
    paced: int = 0  # campaigns that have a budget and an end, shown or not
    begun: int = 0  # of these: too young to have a pace
    caveats: tuple[Caveat, ...] = ()
    actions: tuple[Action, ...] = ()
    days: tuple[Day, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether this week's value stands beside all that the week before had."""
        return self.compared == "weeks"

    @property
    def empty(self) -> bool:
        """Whether nothing arrived for this week."""
        return not self.figures

    def figure(self, metric: str) -> Figure | None:
        """One of the project's figures."""
        return next((one for one in self.figures if one.metric == metric), None)
