"""What a question asks for, before it is known how: filled rule by rule, then made a plan."""

from __future__ import annotations

from dataclasses import dataclass, field

from shared.domain.periods.days import Relative
from shared.domain.periods.period import Period
from shared.domain.query.plan import (
    ChangeLimit,
    ChartType,
    Dimension,
    Filter,
    Grain,
    MetricId,
    Operator,
    Threshold,
)
from shared.domain.query.reading.kinds import Item, Name, Rank


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold whose metric may still be open: the only one asked for.

    `item` is the number, or the word that says there is none (then `zero`).
    """

    operator: Operator
    item: Item
    metric: MetricId | None = None
    zero: bool = False
    value: float = 0  # of a limit without a number


@dataclass
class Ranking:
    """What comes first: by which metric (None: the one asked for), and how many."""

    rank: Rank
    by: str | None = None
    limit: int | None = None
    plural: bool = False  # "top campaigns", not "top campaign"


@dataclass
class Asked:
    """The parts of a question."""

    metrics: list[MetricId] = field(default_factory=list)
    dimensions: list[Dimension] = field(default_factory=list)
    grain: Grain | None = None
    over_time: bool = False  # a trend, by a grain that fits the period
    names: list[Name] = field(default_factory=list)
    without: list[Name] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    ranking: Ranking | None = None
    change: str | None = None  # any, up, down, better, worse
    change_limit: ChangeLimit | None = None
    chosen: bool = False  # "which campaigns grew", not "growth by campaign"
    comparing: bool = False
    than: bool = False  # "beat", "against": something has to follow
    number: Item | None = None  # alone, in a follow-up: "make that 100"
    count: bool = False  # how many there are
    average: Grain | None = None  # of the days, weeks … of the period
    apart: bool = False  # names of one field in different places of the question
    share: bool = False
    within: bool = False  # the named parts are the whole: "the split between google and meta"
    chart: ChartType | None = None
    any_chart: bool = False
    overview: str | None = None  # weak: "how did …", full: "performance", "results"
    period: Period | None = None
    earlier: Period | None = None
    compared: Relative | None = None  # of whatever the period will be
    life: bool = False
    since: bool = False  # the period runs from a day up to now
    order_metrics: list[MetricId] = field(default_factory=list)  # "by revenue and roas"
    every: list[str] = field(default_factory=list)  # dimensions of "all channels"
    thresholds: list[Threshold] = field(default_factory=list)  # of the plan before

    @property
    def change_ranked(self) -> bool:
        """`grew the most`."""
        return self.change is not None and self.ranking is not None

    def compare_previous(self) -> None:
        """Compare with the period just before, whichever that will be."""
        self.compared = Relative("previous")

    def filters(self) -> tuple[Filter, ...]:
        """The filters, channels first."""
        groups = ((self.names, False), (self.without, True))
        return tuple(
            Filter(field=kind, values=tuple(values), negated=negated)
            for names, negated in groups
            for kind in ("channel", "campaign")
            if (values := dict.fromkeys(n.value for n in names if n.field == kind))
        )

    def named(self, field_: str) -> list[str]:
        """The names of one field that the question keeps to."""
        return [name.value for name in self.names if name.field == field_]
