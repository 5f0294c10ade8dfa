"""The two files that can be imported: their columns, what these hold and which must be there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shared.domain.semantics import CAMPAIGNS, CHANNEL_DAILY, STORED_METRICS
from shared.ports import Table

Kind = Literal["date", "channel", "id", "text", "money", "count", "decimal"]


@dataclass(frozen=True, slots=True)
class Target:
    """One column an import fills or checks.

    `signed`: may be negative (refunds). `planned`: may lie in the future. A target that is not a
    column of the table is only checked.
    """

    name: str
    kind: Kind
    signed: bool = False
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A file's targets; of each group in `required` at least one must have a column."""

    table: Table
    targets: tuple[Target, ...]
    required: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]  # the texts that tell rows apart: a row without a day and these is a sum

    @property
    def by_name(self) -> dict[str, Target]:
        """Targets by name."""
        return {target.name: target for target in self.targets}


METRICS_FILE = Layout(
    table=CHANNEL_DAILY,
    targets=(
        Target("date", "date"),
        Target("channel", "channel"),
        Target("campaign_id", "id"),
        Target("campaign", "text"),
        Target("spend", "money"),
        Target("impressions", "count"),
        Target("clicks", "count"),
        Target("conversions", "decimal"),
        Target("revenue", "money", signed=True),
        Target("period_end", "date"),
        Target("currency", "text"),
    ),
    required=(("date",), STORED_METRICS),
    names=("channel", "campaign", "campaign_id"),
)

CAMPAIGNS_FILE = Layout(
    table=CAMPAIGNS,
    targets=(
        Target("campaign_id", "id"),
        Target("name", "text"),
        Target("objective", "text"),
        Target("budget", "money"),
        Target("start_date", "date", planned=True),
        Target("end_date", "date", planned=True),
        Target("currency", "text"),
    ),
    required=(("campaign_id", "name"),),
    names=("campaign_id", "name"),
)

NUMBERS = frozenset(
    target.name
    for layout in (METRICS_FILE, CAMPAIGNS_FILE)
    for target in layout.targets
    if target.kind in ("money", "count", "decimal")
)
