"""What an answer may speak of: the plan, the rows, and how both are named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.domain import wording
from shared.domain.query import phrasing
from shared.domain.query.plan import Plan
from shared.domain.semantics import METRICS
from shared.domain.vocabulary import Vocabulary

SOURCE = "channel_daily"
TIMES = ("date", "weekday")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What an answer may speak of. `currency` is an ISO 4217 code."""

    plan: Plan
    rows: list[Row]
    currency: str
    vocabulary: Vocabulary

    def value(self, row: Row, metric: str, suffix: str = "") -> str:
        """A metric of a row in its unit; undefined is a dash with the reason."""
        found = row[metric + suffix]
        text = wording.figure(found, METRICS[metric].unit, self.currency)
        return f"{text} ({wording.why_undefined(metric)})" if found is None else text

    def named(self, row: Row) -> str:
        """What a row is about: `meta / Brand`, `meta (March 2025)`."""
        names = " / ".join(str(row[d]) for d in self.plan.dimensions if d not in TIMES)
        times = ", ".join(self._time(row, d) for d in self.plan.dimensions if d in TIMES)
        return f"{names} ({times})" if names and times else names or times

    def _time(self, row: Row, dimension: str) -> str:
        if dimension == "weekday" or self.plan.grain is None:
            return str(row[dimension])
        return wording.bucket(date.fromisoformat(row[dimension]), self.plan.grain)

    @property
    def groups(self) -> str:
        """What one row is: channel, month and campaign; without dimensions a total."""
        steps = [self.plan.grain or d if d == "date" else d for d in self.plan.dimensions]
        return " and ".join(steps) or "total"

    @property
    def scope(self) -> str:
        """Filters and period: ` for meta last week (3–9 March 2025; source: channel_daily)`."""
        return f"{phrasing.whose(self.plan)} {phrasing.when(self.plan.period, SOURCE)}"

    @property
    def earlier(self) -> str:
        """The period compared with: `the month before (1–28 February 2025)`."""
        return phrasing.called(self.plan.compare_to) if self.plan.compare_to else ""
