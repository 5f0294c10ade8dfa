"""A project with rows, budgets and anomalies, and what is known of its weeks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from shared.adapters.local.bus import SqliteBus
from shared.adapters.local.courier import FolderCourier
from shared.adapters.local.documents import SqliteDocuments
from shared.adapters.local.secrets import SecretFiles
from shared.adapters.local.text_model import OfflineModel
from shared.adapters.webhooks import HttpsWebhooks
from shared.domain.anomalies.records.record import Impact, Record, Window
from shared.domain.projects import Project
from shared.domain.semantics import CAMPAIGNS, CHANNEL_DAILY
from shared.domain.suite import Suite
from shared.domain.summaries.facts import Facts
from shared.domain.summaries.gathering import facts_of
from shared.domain.summaries.week import Week
from shared.ports import Put, Table, Warehouse

WEEK = Week(date(2025, 3, 10))  # to Sunday, 16 March
MONDAY = datetime(2025, 3, 17, 8, tzinfo=UTC)  # when its summary is written
FIVE_WEEKS, BEFORE, LAST_WEEK, THIS_WEEK = range(-28, 7), range(-28, 0), range(-7, 0), range(7)
TYPES = {
    "STRING": pa.string(),
    "INT64": pa.int64(),
    "FLOAT64": pa.float64(),
    "NUMERIC": pa.decimal128(38, 9),
    "DATE": pa.date32(),
}


@dataclass(frozen=True)
class Row:
    """One row of channel_daily. The campaign's id is its name, unless it has one."""

    date: date
    channel: str = "meta"
    campaign: str | None = "Spring"
    campaign_id: str = ""
    spend: Decimal | float | str | None = 10
    impressions: int | None = 1000
    clicks: int | None = 50
    conversions: float | None = 5.0
    revenue: Decimal | float | str | None = 40


def day(number: int, week: Week = WEEK) -> date:
    """A day by its number: 0 is the week's Monday, -7 the Monday before."""
    return week.start + timedelta(days=number)


def rows(days: Iterable[int], week: Week = WEEK, **told: Any) -> list[Row]:
    """A row for each of these days."""
    return [Row(day(number, week), **told) for number in days]


class Clock:
    """Keeps shared.ports.Clock: a clock that a test sets."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def today(self, zone: ZoneInfo) -> date:
        return self.at.astimezone(zone).date()


@dataclass
class Shop:
    """A suite with one project in it."""

    suite: Suite
    clock: Clock
    project: Project = field(
        default_factory=lambda: Project(
            id="shop", name="Shop", timezone="Europe/Berlin", currency="EUR", locale="en-GB"
        )
    )

    def is_of(self, **told: Any) -> None:
        """Change the project: its time zone, its currency."""
        self.project = self.project.model_copy(update=told)

    def has(self, *found: Iterable[Row], at: datetime = MONDAY, project: str | None = None) -> None:
        """Rows, loaded at an instant."""
        given = [asdict(row) for some in found for row in some]
        named = [row | {"campaign_id": row["campaign_id"] or str(row["campaign"])} for row in given]
        self._merge(CHANNEL_DAILY, named, project, at)

    def plans(self, *campaigns: Mapping[str, Any], project: str | None = None) -> None:
        """Campaigns with budgets: campaign_id, name, budget, start_date, end_date."""
        self._merge(CAMPAIGNS, campaigns, project, MONDAY)

    def _merge(
        self, table: Table, found: Iterable[Mapping[str, Any]], project: str | None, at: datetime
    ) -> None:
        columns = [c for c in table.columns if c.name not in ("project_id", "loaded_at")]
        schema = pa.schema([(c.name, TYPES[c.type]) for c in columns])
        batch = [{c.name: _typed(c.type, row.get(c.name)) for c in columns} for row in found]
        with self.suite.warehouse.stage(table, project or self.project.id) as staging:
            staging.append(pa.RecordBatch.from_pylist(batch, schema=schema))
            staging.merge(at)

    def notices(self, anomaly_id: str, start: int, end: int, **told: Any) -> None:
        """An anomaly over these days, found by the first scan after it began."""
        known = {
            "channel": "meta",
            "campaign_id": None,
            "campaign": None,
            "metric": "spend",
            "kind": "sustained",
            "direction": "spike",
            "severity": "warning",
            "detected_at": scan(start + 1),
            "current_value": 130.0,
            "baseline_value": 100.0,
            "deviation_pct": 30.0,
            "headline": f"Headline of {anomaly_id}",
            "explanation": "It was 130 instead of 100.",
            "last_seen": day(end + 1),
            **told,
            "impact": Impact(amount=told.get("impact", 100.0), currency="EUR"),
        }
        window = Window(start=day(start), end=day(end))
        known["is_resolved"] = "resolved_at" in told
        record = Record(id=anomaly_id, project_id=self.project.id, window=window, **known)
        made = record.written(None)
        self.suite.documents.commit(Put(made.path, made.data))

    def facts(self, week: Week = WEEK) -> Facts:
        """What is known of a week."""
        return facts_of(self.suite, self.project, week)


def _typed(kind: str, value: Any) -> Any:
    return Decimal(str(value)) if kind == "NUMERIC" and value is not None else value


def scan(number: int) -> datetime:
    """The instant of a day's scan, which tells of the day before."""
    return datetime.combine(day(number), time(6), UTC)


@contextmanager
def opened(folder: Path, warehouse: Warehouse) -> Iterator[Shop]:
    """A shop over this warehouse; everything else lies in a folder."""
    clock = Clock()
    documents = SqliteDocuments(folder / "documents.sqlite", clock)
    bus = SqliteBus(folder / "bus.sqlite", clock)
    courier = FolderCourier(folder / "mail", "aims@localhost", clock)
    secrets = SecretFiles(folder / "secrets")
    others = (bus, OfflineModel(), courier, HttpsWebhooks(clock), secrets, clock)
    yield Shop(Suite(warehouse, documents, *others), clock)
    documents.close()
    bus.close()
