"""A suite over embedded stores, rows in it, and what a plan's SQL gives over them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from shared.adapters.local.bus import SqliteBus
from shared.adapters.local.courier import FolderCourier
from shared.adapters.local.documents import SqliteDocuments
from shared.adapters.local.secrets import SecretFiles
from shared.adapters.local.text_model import OfflineModel
from shared.adapters.local.warehouse import DuckDbWarehouse
from shared.adapters.webhooks import HttpsWebhooks
from shared.domain.access import Access, Caller
from shared.domain.guard import guard
from shared.domain.projects import Project
from shared.domain.query.compiler import compile_plan
from shared.domain.query.plan import AnyPlan
from shared.domain.query.result import Result
from shared.domain.semantics import CAMPAIGNS, CHANNEL_DAILY
from shared.domain.suite import Suite
from shared.domain.vocabulary import record_import
from shared.ports import Query, Table

NOW = datetime(2025, 4, 1, 8, tzinfo=UTC)
TYPES = {
    "STRING": pa.string(),
    "INT64": pa.int64(),
    "FLOAT64": pa.float64(),
    "NUMERIC": pa.decimal128(38, 9),
    "DATE": pa.date32(),
}


@dataclass(frozen=True)
class Daily:
    """One row of channel_daily."""

    date: date
    channel: str = "meta"
    campaign: str | None = "Spring"
    campaign_id: str = ""
    spend: Decimal | None = Decimal(10)
    impressions: int | None = 1000
    clicks: int | None = 50
    conversions: float | None = 5.0
    revenue: Decimal | None = Decimal(40)


@dataclass
class Store:
    """A warehouse and how to put rows into it and ask it."""

    warehouse: DuckDbWarehouse

    def add(self, rows: Iterable[Daily], project: str = "shop") -> None:
        named = [replace(r, campaign_id=r.campaign_id or str(r.campaign)) for r in rows]
        self._merge(CHANNEL_DAILY, [r.__dict__ for r in named], project)

    def plan_campaigns(self, rows: Iterable[Mapping[str, Any]], project: str = "shop") -> None:
        self._merge(CAMPAIGNS, list(rows), project)

    def _merge(self, table: Table, rows: list[Mapping[str, Any]], project: str) -> None:
        columns = [c for c in table.columns if c.name not in ("project_id", "loaded_at")]
        schema = pa.schema([(c.name, TYPES[c.type]) for c in columns])
        full = [{c.name: row.get(c.name) for c in columns} for row in rows]
        with self.warehouse.stage(table, project) as staging:
            staging.append(pa.RecordBatch.from_pylist(full, schema=schema))
            staging.merge(NOW)

    def run(self, sql: str, params: Mapping[str, Any] | None = None, project: str = "shop"):
        guarded = guard(sql, parameters=frozenset(params or {}))
        days = {"first_day": date(2020, 1, 1), "last_day": date(2030, 1, 1)}
        found = self.warehouse.run(Query(project, guarded.sql, {**(params or {}), **days}))
        names = [column.name for column in found.columns]
        return [dict(zip(names, row, strict=True)) for row in found.rows]

    def answer(self, plan: AnyPlan, project: str = "shop") -> list[dict[str, Any]]:
        """The rows of a plan, and the promise that the SQL shown to people gives the same."""
        compiled = compile_plan(plan)
        rows = self.run(compiled.sql, compiled.params, project)
        assert self.run(compiled.display_sql, project=project) == rows
        return rows


@pytest.fixture
def store() -> Iterator[Store]:
    warehouse = DuckDbWarehouse(None)
    yield Store(warehouse)
    warehouse.close()


class Clock:
    """Keeps shared.ports.Clock: a clock that a test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        self.at += timedelta(microseconds=1)
        return self.at

    def today(self, zone: ZoneInfo) -> date:
        return self.at.astimezone(zone).date()

    def passes(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass
class Shop:
    """A suite with one shop in it, and its people."""

    suite: Suite
    clock: Clock
    store: Store

    def access(self, uid: str = "ana", project: str = "shop", **fields: Any) -> Access:
        made = Project(id=project, name=project, timezone="Europe/Berlin", currency="EUR", **fields)
        return Access(Caller(uid), made, "viewer", "1")

    def imports(self, rows: Iterable[Daily], project: str = "shop") -> int:
        """Rows come in as an import brings them; the new data version."""
        self.store.add(rows, project)
        return record_import(self.suite, project, "ana", {})


@pytest.fixture
def shop(tmp_path: Path, store: Store) -> Iterator[Shop]:
    clock = Clock()
    documents = SqliteDocuments(tmp_path / "documents.sqlite", clock)
    bus = SqliteBus(tmp_path / "bus.sqlite", clock)
    courier = FolderCourier(tmp_path / "mail", "aims@localhost", clock)
    secrets = SecretFiles(tmp_path / "secrets")
    others = (bus, OfflineModel(), courier, HttpsWebhooks(clock), secrets, clock)
    yield Shop(Suite(store.warehouse, documents, *others), clock, store)
    documents.close()
    bus.close()


def check_numbers(asked: AnyPlan, found: Result, text: str) -> None:
    """Every number in an answer is in its rows, is their number, or is in the question."""
    known = set(re.findall(r"\d+", asked.model_dump_json() + "2025-01-01 2025-03-31"))
    known |= {str(int(digits)) for digits in known} | {str(len(found.rows))}
    values = [cell for row in found.rows for cell in row if isinstance(cell, int | float)]
    values += [t.value for t in getattr(asked, "thresholds", ())]
    limit = getattr(asked, "change_limit", None)
    values += [limit.value] if limit else []
    for value in values:
        known |= {f"{abs(v):.{n}f}" for v in (value, value * 100) for n in (0, 1, 2)}
    for cell in (str(cell) for row in found.rows for cell in row):
        known |= {str(int(digits)) for digits in re.findall(r"\d+", cell)}
    for written in re.findall(r"\d+(?:\.\d+)?", text.replace(",", "")):
        assert any(float(written) == float(number) for number in known), written
