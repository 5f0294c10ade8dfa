"""What is true of a generated project: its events, what else happened, and what is undecidable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from shared.domain.anomalies.finding import KnownSpan, Rules
from shared.domain.anomalies.panel import Panel

if TYPE_CHECKING:
    from shared.domain.anomalies.finding import Direction, Kind
    from shared.domain.anomalies.panel import Bools, Days, Floats

DAYS = 180
JUDGED = range(60, DAYS)  # the days that are replayed; what lies before is history
STORED = ("spend", "impressions", "clicks", "conversions", "revenue")
NEVER = 1 << 20

# What an event of one driver does to every metric: +1 follows it, -1 goes the other way. An event
# of "impressions" is one of what an impression costs: more of them for the same spend.
MOVES: Mapping[str, Mapping[str, int]] = {
    "spend": dict.fromkeys(STORED, 1),
    "impressions": {
        **dict.fromkeys(("impressions", "clicks", "conversions", "revenue", "roas"), 1),
        **dict.fromkeys(("cpc", "cpa"), -1),
    },
    "ctr": {
        **dict.fromkeys(("ctr", "clicks", "conversions", "revenue", "roas"), 1),
        **dict.fromkeys(("cpc", "cpa"), -1),
    },
    "conversion_rate": {
        **dict.fromkeys(("conversion_rate", "conversions", "revenue", "roas"), 1),
        "cpa": -1,
    },
    "revenue": {"revenue": 1, "roas": 1},
}


@dataclass(frozen=True, slots=True)
class Event:
    """One labelled anomaly: `first` to `last` are day numbers, `metric` the driver that moves.

    `channels` are those it is seen on, `campaign_id` None is every campaign of them. It counts as
    found by what is said from `found_from` to `found_to`; what is said from `first` on is no fault.
    """

    kind: Kind
    channels: tuple[str, ...]
    campaign_id: str | None
    metric: str
    direction: Direction
    first: int
    last: int
    found_from: int
    found_to: int

    def moves(self, metric: str, direction: Direction) -> bool:
        """Whether it moves a metric this way; rows that are missing move nothing but spend down."""
        if self.kind == "missing_data":
            return direction == "drop"
        sign = MOVES[self.metric].get(metric, 0)
        return sign != 0 and (sign > 0) == (direction == self.direction)


@dataclass(frozen=True, slots=True)
class Cause:
    """Something benign that happened; `undecidable` is what nobody can tell from a fault yet.

    `channel` and `campaign_id` None are all of them, `metric` None is every metric.
    """

    name: str
    channel: str | None
    campaign_id: str | None
    first: int
    last: int
    undecidable: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """180 days as they turned out, what had arrived of them by when, and the truth about them.

    Arrays are [series, day]. `arrived[age]` are conversions and revenue as known `age` + 1 mornings
    after the day. `seen_from` is the day whose scan first sees a row, `cut` what the scan of the
    day itself sees of it, `unfinished` whether it is told so.
    """

    seed: int
    first_day: date
    channels: tuple[str, ...]
    campaign_ids: tuple[str, ...]
    final: Mapping[str, Floats]
    arrived: tuple[Mapping[str, Floats], ...]
    seen_from: Days
    cut: Floats
    unfinished: Bools
    starts: Days
    ends: Days
    holidays: Mapping[date, str]
    events: tuple[Event, ...]
    causes: tuple[Cause, ...]

    def day(self, index: int) -> date:
        return self.first_day + timedelta(days=index)

    def index(self, day: date) -> int:
        return (day - self.first_day).days

    def rules(self, known: tuple[KnownSpan, ...] = ()) -> Rules:
        return Rules(holidays=self.holidays, known=known)


def history(project: Project, day: int) -> Panel:
    """Exactly what the scan of `day` may know, on the morning after it."""
    until = day + 1
    values = {name: project.final[name][:, :until].copy() for name in STORED}
    for age, partial in enumerate(project.arrived):
        for name, known in partial.items():
            values[name][:, day - age] = known[:, day - age]
    hidden = project.seen_from[:, :until] > day
    share = project.cut[:, day]
    for name, table in values.items():
        whole = table[:, day] * share
        table[:, day] = np.where(share < 1, np.round(whole, 2 if name in MONEY else 0), whole)
        table[hidden] = np.nan
    unfinished = np.zeros(hidden.shape, dtype=np.bool_)
    unfinished[:, day] = project.unfinished[:, day]
    return _known(project, values, unfinished, ~hidden.all(axis=1))


MONEY = ("spend", "revenue")


def _known(project: Project, values: Mapping[str, Floats], unfinished: Bools, seen: Bools) -> Panel:
    """The campaigns that ever had a row: the others are not in the warehouse yet."""
    ids = tuple(np.array(project.campaign_ids)[seen])
    return Panel(
        first_day=project.first_day,
        channels=tuple(str(name) for name in np.array(project.channels)[seen]),
        campaign_ids=tuple(str(name) for name in ids),
        names=tuple(str(name).replace("_", " ").title() for name in ids),
        values={name: table[seen] for name, table in values.items()},
        unfinished=unfinished[seen],
        starts=project.starts[seen],
        ends=project.ends[seen],
    )
