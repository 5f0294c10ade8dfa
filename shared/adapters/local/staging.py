"""Rows on their way into a DuckDB table: kept in Arrow, compared and merged by one hash join."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import duckdb
import pyarrow as pa

from shared.adapters.local.googlesql import DATASET, STORE
from shared.adapters.upsert import Upsert
from shared.ports import UpsertCounts

_SQL = {
    "count": "SELECT count(*) FROM {stored} WHERE project_id = $project_id",
    "distinct": "SELECT count(*), count(DISTINCT hash({key})) FROM staged",
    "last": """
        SELECT * EXCLUDE (row_no) FROM staged
        QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY row_no DESC) = 1""",
    "compare": """
        SELECT count(*) FILTER (t.project_id IS NULL),
               count(*) FILTER (t.project_id IS NOT NULL AND ({changed}))
        FROM staged AS s
        LEFT JOIN {stored} AS t ON t.project_id = $project_id AND {same}""",
    "merge": """
        MERGE INTO {stored} AS t
        USING staged AS s ON t.project_id = $project_id AND {same}
        WHEN MATCHED AND ({changed}) THEN UPDATE SET {assigned}loaded_at = $loaded_at
        WHEN NOT MATCHED THEN INSERT (project_id, {columns}, loaded_at)
            VALUES ($project_id, {staged_columns}, $loaded_at)""",
    "replace": """
        DELETE FROM {stored} AS t
        WHERE project_id = $project_id
          AND campaign_id IN (SELECT campaign_id FROM staged)
          AND NOT EXISTS (SELECT 1 FROM staged AS s WHERE {same})""",
}


class DuckDbStaging:
    """Keeps shared.ports.Staging on one cursor; `lock` makes merges queue."""

    def __init__(
        self,
        cursor: duckdb.DuckDBPyConnection,
        lock: threading.Lock,
        upsert: Upsert,
    ) -> None:
        self._cursor = cursor
        self._lock = lock
        self._project_id = upsert.project_id
        self._sql = _statements(upsert)
        self._upsert = upsert
        self._batches: list[pa.RecordBatch] = []
        self._rows = 0
        self._repeated = 0

    def append(self, batch: pa.RecordBatch) -> None:
        """Keep a batch as it is; only another type is converted."""
        self._batches += self._upsert.fitted(batch).to_batches()

    def compare(self) -> UpsertCounts:
        """What a merge would count now."""
        self._register()
        row = self._one(self._sql["compare"], project_id=self._project_id)
        return self._counts(inserted=row[0], updated=row[1])

    def merge(self, loaded_at: datetime, *, replace_campaigns: bool = False) -> UpsertCounts:
        """One transaction; a failure leaves the table as it was."""
        self._register()
        project = {"project_id": self._project_id}
        with self._lock:
            self._cursor.execute("BEGIN")
            try:
                before = self._one(self._sql["count"], **project)[0]
                instant = loaded_at.astimezone(UTC).replace(tzinfo=None)
                written = self._one(self._sql["merge"], **project, loaded_at=instant)[0]
                inserted = self._one(self._sql["count"], **project)[0] - before
                if replace_campaigns:
                    self._one(self._sql["replace"], **project)
                self._cursor.execute("COMMIT")
            except BaseException:
                self._cursor.execute("ROLLBACK")
                raise
        return self._counts(inserted=inserted, updated=written - inserted)

    def _counts(self, inserted: int, updated: int) -> UpsertCounts:
        unchanged = self._rows - self._repeated - inserted - updated
        return UpsertCounts(inserted, updated, unchanged, self._repeated)

    def _register(self) -> None:
        """Show the staged rows to SQL as `staged`, each key once."""
        staged = pa.Table.from_batches(self._batches, self._upsert.schema).combine_chunks()
        self._cursor.register("staged", staged)
        self._rows, distinct = self._one(self._sql["distinct"])
        self._repeated = 0
        if distinct < self._rows:  # or two keys share a hash: then nothing is dropped
            order = pa.array(range(self._rows), pa.int64())
            self._cursor.register("staged", staged.append_column("row_no", order))
            last = self._cursor.sql(self._sql["last"]).to_arrow_table()
            self._cursor.register("staged", last)
            self._repeated = self._rows - last.num_rows

    def _one(self, sql: str, **params: Any) -> tuple[Any, ...]:
        (row,) = self._cursor.execute(sql, params or None).fetchall()
        return tuple(row)


def _statements(upsert: Upsert) -> dict[str, str]:
    names = {
        "stored": f"{STORE}.{DATASET}.{upsert.table.name}",
        "key": ", ".join(upsert.key),
        **upsert.parts(),
    }
    return {step: sql.format(**names) for step, sql in _SQL.items()}
