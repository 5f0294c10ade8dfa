"""Reads a project's history from the warehouse into a panel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from shared.domain.anomalies.panel import OPEN_END, OPEN_START, REST, Panel
from shared.domain.projects import Project
from shared.domain.semantics import STORED_METRICS
from shared.errors import TooLarge
from shared.ports import Query, Rows, Warehouse

if TYPE_CHECKING:
    from shared.domain.anomalies.panel import Days, Floats

    Instants = np.ndarray[Any, np.dtype[np.datetime64]]

HISTORY_DAYS = 182
MOST_CAMPAIGNS = 1_000  # those with the largest spend are judged one by one
MOST_ROWS = 300_000
MOST_FLIGHTS = 100_000
MOST_BYTES_READ = 1 << 36
USUAL_DAYS = 14  # that tell how long after its end a day's rows come
SLACK = np.timedelta64(1, "h")

_NO_TIME = np.timedelta64(0, "us")
_SQL = Path(__file__).parents[2] / "sql" / "anomalies"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class History:
    """A panel, and for each channel the last day that can be judged, as a day of the panel.

    That is the panel's last day, whether its rows came or not. Earlier only for a channel whose
    rows are still on their way: none were loaded since that day ended, and they usually come later.
    """

    panel: Panel
    judged: Mapping[str, int]


def read_history(
    warehouse: Warehouse, project: Project, last_day: date, now: datetime
) -> History | None:
    """The history up to and with a day; None if there is none. Raises TooLarge or Unavailable."""
    first_day = last_day - (HISTORY_DAYS - 1) * _DAY
    params = {"first_day": first_day, "last_day": last_day, "most": MOST_CAMPAIGNS, "rest": REST}
    daily = _run(warehouse, project.id, "daily.sql", params, MOST_ROWS)
    if not daily.rows:
        return None
    planned = _run(warehouse, project.id, "flights.sql", {}, MOST_FLIGHTS)
    span = _Span(first_day, last_day, project.zone)
    return _history(_table(daily), span, _flights(planned.rows), now)


def _run(
    warehouse: Warehouse, project_id: str, name: str, params: Mapping[str, Any], most: int
) -> Rows:
    found = warehouse.run(
        Query(project_id, _text(name), params, max_rows=most, max_bytes=MOST_BYTES_READ)
    )
    if found.truncated:
        raise TooLarge("The project has more campaigns and channels than can be looked at.")
    return found


@cache
def _text(name: str) -> str:
    return (_SQL / name).read_text("utf-8")


@dataclass(frozen=True, slots=True)
class _Span:
    first: date
    last: date
    zone: ZoneInfo

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def index(self, day: date | None, otherwise: int) -> int:
        return otherwise if day is None else (day - self.first).days

    def ends(self) -> Instants:
        """The instant at which each day is over, in UTC."""
        after = (self.first + (n + 1) * _DAY for n in range(self.days))
        instants = (datetime.combine(d, time(), self.zone).astimezone(UTC) for d in after)
        return np.array([i.replace(tzinfo=None) for i in instants], dtype="datetime64[us]")


Flight = tuple[date | None, date | None]


def _flights(rows: Sequence[tuple[Any, ...]]) -> dict[str, Flight]:
    """Planned flights by campaign id, and by name where that is not an id."""
    named = {name: (start, end) for _, name, start, end in rows if name}
    return named | {campaign: (start, end) for campaign, _, start, end in rows}


def _table(daily: Rows) -> pd.DataFrame:
    names = [column.name for column in daily.columns]
    table = pd.DataFrame.from_records(daily.rows, columns=names)
    return table.sort_values(["channel", "campaign", "date"], ignore_index=True)


def _history(
    table: pd.DataFrame, span: _Span, flights: Mapping[str, Flight], now: datetime
) -> History:
    by_series = table.groupby(["channel", "campaign"], sort=True)
    latest = by_series.tail(1)  # with the name that a campaign has now
    grid = _Grid(
        (len(latest), span.days),
        by_series.ngroup().to_numpy(),
        (pd.to_datetime(table["date"]) - pd.Timestamp(span.first)).dt.days.to_numpy(),
    )
    ids = [str(campaign) for campaign in latest["campaign"]]
    names = [
        str(name) if isinstance(name, str) and name else campaign
        for name, campaign in zip(latest["name"], ids, strict=True)
    ]
    flown = [
        flights.get(i) or flights.get(n) or (None, None) for i, n in zip(ids, names, strict=True)
    ]
    loaded, ends = grid.instants(table["loaded_at"]), span.ends()
    panel = Panel(
        first_day=span.first,
        channels=tuple(latest["channel"]),
        campaign_ids=tuple(ids),
        names=tuple(names),
        values={metric: grid.floats(_measured(table, metric)) for metric in STORED_METRICS},
        unfinished=loaded < ends,
        starts=_days(span.index(start, OPEN_START) for start, _ in flown),
        ends=_days(span.index(end, OPEN_END) for _, end in flown),
    )
    return History(panel, _judged(panel.channels, loaded, ends, now))


def _judged(
    channels: Sequence[str], loaded: Instants, ends: Instants, now: datetime
) -> dict[str, int]:
    instant = np.datetime64(now.astimezone(UTC).replace(tzinfo=None), "us")
    whose, judged = np.array(channels), {}
    for channel in sorted(set(channels)):
        came = np.fmax.reduce(loaded[whose == channel], axis=0)  # by day; NaT: it did not
        days = np.flatnonzero(~np.isnat(came))
        usual = np.maximum(came[days] - ends[days], _NO_TIME)[-USUAL_DAYS:].min()
        due = (ends <= np.nanmax(came)) | (ends + usual + SLACK <= instant)
        judged[channel] = int(max(days[-1], np.flatnonzero(due).max(initial=0)))
    return judged


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """Where the rows of a table go: the series and the day of each."""

    shape: tuple[int, int]
    row: np.ndarray[Any, Any]
    column: np.ndarray[Any, Any]

    def floats(self, values: pd.Series[Any]) -> Floats:
        """NaN where there is no value."""
        filled = np.full(self.shape, np.nan)
        filled[self.row, self.column] = values.astype("float64")
        return filled

    def instants(self, values: pd.Series[Any]) -> Instants:
        """UTC; never where there is no row, and a comparison with that is false."""
        filled = np.full(self.shape, np.datetime64("NaT", "us"))
        filled[self.row, self.column] = pd.to_datetime(values, utc=True).dt.tz_localize(None)
        return filled


def _measured(table: pd.DataFrame, metric: str) -> pd.Series[Any]:
    """A metric's values. Platforms leave a cell empty for zero: it is one, unless the whole channel
    has no value on that day but on others, for then a file without this column came in."""
    values = table[metric].astype("float64")
    told = values.notna()
    that_day = told.groupby([table["channel"], table["date"]]).transform("any")
    ever = told.groupby(table["channel"]).transform("any")
    return values.where(told | (ever & ~that_day), 0.0)


def _days(indices: Iterable[int]) -> Days:
    return np.array(list(indices), dtype=np.int64)
