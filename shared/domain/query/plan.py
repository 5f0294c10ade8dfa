"""The plan: all that a question can mean, typed. Reader, compiler and answer meet only here."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.domain.periods.period import Grain as Grain
from shared.domain.periods.period import Period as Period

MetricId = Literal[
    "spend",
    "impressions",
    "clicks",
    "conversions",
    "revenue",
    "ctr",
    "cpc",
    "cpm",
    "cpa",
    "conversion_rate",
    "aov",
    "roas",
]
Dimension = Literal["channel", "campaign", "date", "weekday"]
ChartType = Literal["line", "bar", "pie", "scatter"]
Move = Literal["up", "down"]
Operator = Literal[">", ">=", "<", "<=", "=", "!="]
CampaignFact = Literal["name", "objective", "budget", "start_date", "end_date"]


class Part(BaseModel):
    """Frozen, closed, comparable: equal plans are equal values."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Filter(Part):
    """Rows whose channel or campaign is (or, negated, is not) one of the values.

    Channel values are canonical ids, campaign values display names as they are in the data.
    """

    field: Literal["channel", "campaign"]
    values: tuple[str, ...] = Field(min_length=1, max_length=500)
    negated: bool = False


class Threshold(Part):
    """Groups whose metric compares so with a number, in the metric's own unit (0.034 = 3.4 %)."""

    metric: MetricId
    operator: Operator
    value: float = Field(allow_inf_nan=False)


class ChangeLimit(Part):
    """Groups whose first metric changed so much: a fraction, below zero where it fell."""

    operator: Operator
    value: float = Field(allow_inf_nan=False)


class Average(Part):
    """Totals by the steps of the period: so many days, weeks …, which the data cover or not."""

    step: Grain
    steps: int = Field(ge=1)


class Order(Part):
    """What comes first."""

    by: str
    descending: bool = True


class Plan(Part):
    """Metrics by dimensions over a period, filtered, compared, ranked.

    `grain` goes with the dimension `date`. `compare_to` adds `<metric>_previous` and
    `<metric>_change` (a fraction); `share` adds `<metric>_share` (a fraction of the whole that the
    filters leave). `moved` keeps only the rows whose first metric rose, or fell, in a comparison.
    `change_limit` keeps those that moved so far. `average` adds `<metric>_per_<step>` to sums.
    `count` wants to know how many rows there are. `chart` is a wish of the person; None lets the
    answer choose. `notes` are sentences for the answer: how a word was understood.
    """

    kind: Literal["metrics"] = "metrics"
    metrics: tuple[MetricId, ...] = Field(min_length=1, max_length=12)
    dimensions: tuple[Dimension, ...] = Field(default=(), max_length=3)
    grain: Grain | None = None
    filters: tuple[Filter, ...] = ()
    period: Period
    compare_to: Period | None = None
    thresholds: tuple[Threshold, ...] = ()
    order: Order | None = None
    limit: int | None = Field(default=None, ge=1, le=10_000)
    share: bool = False
    moved: Move | None = None
    change_limit: ChangeLimit | None = None
    average: Average | None = None
    count: bool = False
    week_start: int = Field(default=0, ge=0, le=6)  # 0 is Monday
    chart: ChartType | None = None
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Plan:
        if ("date" in self.dimensions) != (self.grain is not None):
            raise ValueError("the dimension date and a grain go together")
        if (self.moved or self.change_limit) and self.compare_to is None:
            raise ValueError("what moved is known only beside another period")
        if len(set(self.metrics)) != len(self.metrics):
            raise ValueError("a metric is named twice")
        if len(set(self.dimensions)) != len(self.dimensions):
            raise ValueError("a dimension is named twice")
        return self


class Days(Part):
    """Calendar days, inclusive at both ends."""

    start: date
    end: date


class CampaignPlan(Part):
    """Facts about campaigns, from the table `campaigns`; no campaigns named means all.

    `active` keeps those that run on at least one of the days, `starts` and `ends` those that
    start, or end, on one of them; the days may be to come. `count` and `notes` as in a Plan.
    """

    kind: Literal["campaigns"] = "campaigns"
    facts: tuple[CampaignFact, ...] = Field(min_length=1)
    campaigns: tuple[str, ...] = ()
    active: Days | None = None
    starts: Days | None = None
    ends: Days | None = None
    order: Order | None = None
    limit: int | None = Field(default=None, ge=1, le=10_000)
    count: bool = False
    notes: tuple[str, ...] = ()


class BudgetPlan(Part):
    """What campaigns have spent in the period, which is their whole life, beside their budget.

    No campaigns named means all that have a budget; `over` keeps those above it, or not above it.
    """

    kind: Literal["budgets"] = "budgets"
    campaigns: tuple[str, ...] = ()
    period: Period
    over: bool | None = None
    count: bool = False
    notes: tuple[str, ...] = ()


AnyPlan = Plan | CampaignPlan | BudgetPlan


class Clarification(Part):
    """The question has two or more equally good readings; each choice is a question to ask."""

    kind: Literal["clarification"] = "clarification"
    question: str
    choices: tuple[str, ...] = Field(min_length=2, max_length=8)


class Unanswerable(Part):
    """These data cannot answer it; `because` says why, `instead` what can be asked."""

    kind: Literal["unanswerable"] = "unanswerable"
    because: str
    instead: tuple[str, ...] = ()


Reading = AnyPlan | Clarification | Unanswerable
