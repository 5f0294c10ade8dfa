"""How campaigns spend the budgets that they have for their flights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from shared.domain.summaries.caveats import Data
from shared.domain.summaries.facts import Pace, Pacing
from shared.domain.summaries.reading import LARGEST, read
from shared.domain.summaries.span import THIS, Span
from shared.ports import Warehouse

MOST: Final = 10
LONGEST: Final = timedelta(days=731)  # since a flight began: of an older one nothing is told
TOO_FAST: Final = 1.10  # of the budget, at the pace of the week
TOO_SLOW: Final = 0.90
OVER: Final = 1.01  # platforms overshoot a day's budget by cents
TOO_EARLY: Final = 3  # days: before that, nobody knows a campaign's pace
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Flight:
    """A campaign with a budget for the days from `start` to `end`."""

    campaign_id: str
    name: str
    budget: float
    start: date
    end: date

    def days(self, first: date, last: date) -> int:
        """How many of its days lie between two days, both included."""
        return max(0, (min(last, self.end) - max(first, self.start)).days + 1)


def pacing_of(warehouse: Warehouse, project_id: str, data: Data) -> dict[str, Any]:
    """The campaigns off pace first, and how many have a budget, flight and rows, by fact.

    The last day with rows of any channel is as far as one knows; of a channel without any in the
    week nobody knows what it spends.
    """
    arrived = data.on(data.here)
    flights = _flights(warehouse, project_id, data.span, arrived[-1])
    if not flights:
        return {}
    spent = read(
        warehouse,
        project_id,
        "spent.sql",
        first_day=min(one.start for one in flights.values()),
        last_day=arrived[-1],
        week_start=arrived[0],
        campaigns=tuple(flights),
        silent=tuple(one.channel for one in data.named if not one.arrived[THIS].any()),
    )
    paced = [
        _paced(flights[row["campaign_id"]], row, arrived)
        for row in spent
        if abs(row["spent"]) <= LARGEST
    ]
    paced.sort(key=_urgency)
    begun = sum(one.pace == "early" for one in paced)
    return {"pacing": tuple(paced[:MOST]), "paced": len(paced), "begun": begun}


def _urgency(one: Pacing) -> tuple[bool, bool, float, str]:
    """Those off pace first; then those of which it is not known; the furthest off first."""
    off = -abs(one.projected / one.budget - 1)
    return one.pace in ("on_track", "early"), one.pace == "on_track", off, one.campaign_id


def _flights(warehouse: Warehouse, project_id: str, span: Span, known: date) -> dict[str, Flight]:
    rows = read(
        warehouse,
        project_id,
        "flights.sql",
        first_day=span.week.start,
        last_day=known,
        earliest=span.week.end - LONGEST,
    )
    return {
        row["campaign_id"]: Flight(
            campaign_id=row["campaign_id"],
            name=row["name"],
            budget=row["budget"],
            start=row["start_date"],
            end=row["end_date"],
        )
        for row in rows
        if row["budget"] <= LARGEST
    }


def _paced(flight: Flight, row: Mapping[str, Any], arrived: Sequence[date]) -> Pacing:
    known, spent, budget = min(arrived[-1], flight.end), row["spent"], flight.budget
    flown, whole = flight.days(flight.start, known), flight.days(flight.start, flight.end)
    measured = sum(flight.days(day, day) for day in arrived)
    a_day = row["this_week"] / measured if measured else 0.0
    left = whole - flown
    projected = spent + max(a_day, 0.0) * left
    return Pacing(
        campaign_id=flight.campaign_id,
        name=flight.name,
        budget=budget,
        start=flight.start,
        end=flight.end,
        spent=spent,
        expected=budget * flown / whole,
        projected=projected,
        pace=_pace(spent / budget, projected / budget, enough=flown >= TOO_EARLY or not left),
        runs_out_on=_runs_out(known, left, (budget - spent, a_day)),
        left_a_day=max(0.0, budget - spent) / left if left else None,
    )


def _pace(spent: float, projected: float, *, enough: bool) -> Pace:
    """`spent` and `projected` are parts of the budget."""
    if spent > OVER:
        return "overspent"
    if not enough:
        return "early"
    if TOO_SLOW <= projected <= TOO_FAST:
        return "on_track"
    return "fast" if projected > TOO_FAST else "slow"


def _runs_out(known: date, left: int, pace: tuple[float, float]) -> date | None:
    """The day, before the flight's last, on which what is left of the budget is used up."""
    rest, a_day = pace
    if rest <= 0 or a_day <= 0 or rest / a_day > left - 1:
        return None
    return known + math.ceil(rest / a_day) * _DAY
