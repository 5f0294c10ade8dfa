"""Reads what a summary needs from the warehouse: sums by day, a bounded number of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from shared.domain.semantics import STORED_METRICS
from shared.domain.summaries.span import WEEKS_BEFORE, Span
from shared.domain.summaries.week import DAYS
from shared.ports import Query, Warehouse

if TYPE_CHECKING:
    from shared.domain.summaries.span import Bools, Floats

MOST_CHANNELS: Final = 60  # those with the largest spend are read one by one
MOST_ROWS: Final = 10_000
MOST_BYTES_READ: Final = 1 << 36
LARGEST: Final = 1e15  # what is beyond, of a day or a budget, is no figure
REST: Final = "\x00rest"  # what all the other channels had

_SQL = Path(__file__).parents[2] / "sql" / "summaries"
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A channel (`campaign_id` None) or a campaign: its sums by [week, weekday], the oldest first.

    NaN where a metric was not told. `loaded` holds, by day, when its first and last rows came.
    """

    channel: str
    campaign_id: str | None
    name: str
    values: Mapping[str, Floats]
    loaded: Mapping[date, tuple[datetime, datetime]]

    @property
    def arrived(self) -> Bools:
        """[week, weekday]: whether anything came."""
        told: Bools = np.isfinite(np.array(list(self.values.values())))
        return np.asarray(told.any(axis=0))


def read(warehouse: Warehouse, project_id: str, name: str, **params: Any) -> list[Record]:
    """The rows of one of the summaries' queries. Raises Unavailable, TimedOut or TooLarge."""
    query = Query(project_id, _text(name), params, max_rows=MOST_ROWS, max_bytes=MOST_BYTES_READ)
    found = warehouse.run(query)
    names = [column.name for column in found.columns]
    return [dict(zip(names, row, strict=True)) for row in found.rows]


def channels_of(warehouse: Warehouse, project_id: str, span: Span) -> list[Series]:
    """Every channel of the five weeks, and the sum of those that are too many under REST.

    Those with the largest spend come first.
    """
    rows = read(
        warehouse,
        project_id,
        "channels.sql",
        first_day=span.first,
        last_day=span.last,
        most=MOST_CHANNELS,
        rest=REST,
    )
    found = [_series((name, None), own, span) for (name,), own in _grouped(rows, "line").items()]
    return sorted(found, key=lambda one: -float(np.nansum(one.values["spend"])))


def campaigns_that_moved(
    warehouse: Warehouse, project_id: str, span: Span, **wanted: Any
) -> list[Series]:
    """The campaigns that rose and fell most by `metric` between `days_before` and `days`."""
    params = {"first_day": span.first, "last_day": span.last, **wanted}
    rows = read(warehouse, project_id, "movers.sql", **params)
    keys = _grouped(rows, "channel", "campaign_id")
    return [_series((channel, campaign), own, span) for (channel, campaign), own in keys.items()]


def whole(series: Sequence[Series]) -> Series:
    """All of them together: the project."""
    return Series(
        "", None, "", {m: _sum([one.values[m] for one in series]) for m in STORED_METRICS}, {}
    )


def _sum(grids: Sequence[Floats]) -> Floats:
    stacked = np.array(grids)
    told = np.isfinite(stacked).any(axis=0)
    return np.where(told, np.nansum(stacked, axis=0), np.nan)


def _grouped(rows: Iterable[Record], *by: str) -> dict[tuple[str, ...], list[Record]]:
    found: dict[tuple[str, ...], list[Record]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in by), []).append(row)
    return found


def _series(key: tuple[str, str | None], rows: Sequence[Record], span: Span) -> Series:
    channel, campaign_id = key
    grids = {metric: np.full((WEEKS_BEFORE + 1, DAYS), np.nan) for metric in STORED_METRICS}
    for row in rows:
        for metric, grid in grids.items():
            if row[metric] is not None and abs(row[metric]) <= LARGEST:
                grid[span.place(row["date"])] = row[metric]
    loaded = {
        row["date"]: (row["first_loaded"], row["last_loaded"])
        for row in rows
        if row.get("first_loaded") is not None
    }
    latest = max(rows, key=lambda row: row["date"])
    return Series(channel, campaign_id, latest.get("name") or campaign_id or channel, grids, loaded)


@cache
def _text(name: str) -> str:
    return (_SQL / name).read_text("utf-8")
