"""A project of its own to import into, and its rows as they are stored."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from shared.adapters.local.warehouse import DuckDbWarehouse
from shared.domain.imports import (
    ImportOptions,
    ImportReport,
    Upload,
    import_campaigns,
    import_metrics,
)
from shared.ports import Query, Table, UpsertCounts

TODAY = date(2025, 4, 1)
NOW = datetime(2025, 4, 1, 12, tzinfo=UTC)
EXPORTS = Path(__file__).parent / "exports"


@dataclass
class Project:
    """Imports files of one project; `rows` reads back what is stored, in key order."""

    warehouse: Any
    name: str = "shop"

    def load(
        self, content: str | bytes, media_type: str = "text/csv", **options: Any
    ) -> ImportReport:
        return self._run(import_metrics, content, media_type, options)

    def load_campaigns(
        self, content: str | bytes, media_type: str = "text/csv", **options: Any
    ) -> ImportReport:
        return self._run(import_campaigns, content, media_type, options)

    def rows(self, columns: str) -> list[tuple[Any, ...]]:
        sql = (
            f"SELECT {columns} FROM channel_daily WHERE project_id = @project_id "
            "AND date >= '2000-01-01' ORDER BY date, channel, campaign_id"
        )
        return self.warehouse.run(Query(self.name, sql)).rows

    def campaigns(self, columns: str) -> list[tuple[Any, ...]]:
        sql = (
            f"SELECT {columns} FROM campaigns WHERE project_id = @project_id "
            "AND campaign_id != '' ORDER BY campaign_id"
        )
        return self.warehouse.run(Query(self.name, sql)).rows

    def _run(
        self, run: Any, content: str | bytes, media_type: str, options: dict[str, Any]
    ) -> ImportReport:
        raw = content.encode() if isinstance(content, str) else content
        upload = Upload(io.BytesIO(raw), media_type, options.pop("filename", None))
        today = options.pop("today", TODAY)
        report = run(
            self.warehouse, self.name, upload, ImportOptions(**options), now=NOW, today=today
        )
        assert isinstance(report, ImportReport)
        return report


class Tray:
    """A staging area of a table that is empty: what is appended can be looked at."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    @contextmanager
    def stage(
        self, table: Table, project_id: str, given: tuple[str, ...] | None = None
    ) -> Iterator[Tray]:
        yield self

    def append(self, batch: pa.RecordBatch) -> None:
        self.rows += batch.to_pylist()

    def compare(self) -> UpsertCounts:
        return UpsertCounts(len(self.rows), 0, 0)

    def merge(self, loaded_at: datetime, *, replace_campaigns: bool = False) -> UpsertCounts:
        return self.compare()


@pytest.fixture(scope="session")
def store() -> Iterator[DuckDbWarehouse]:
    warehouse = DuckDbWarehouse(None)
    yield warehouse
    warehouse.close()


@pytest.fixture
def project(store: DuckDbWarehouse, request: pytest.FixtureRequest) -> Project:
    return Project(store, request.node.name)


@pytest.fixture
def tray() -> Project:
    """A project for properties, which are tried hundreds of times: nothing of it is stored."""
    return Project(Tray())


@pytest.fixture(scope="session")
def exports() -> Path:
    return EXPORTS
