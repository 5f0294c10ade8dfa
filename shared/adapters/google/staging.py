"""Rows on their way into a BigQuery table: Parquet, one load job, then one MERGE.

Rows wait in Arrow memory until they are compared or merged. Then one load job writes them, each
key once, into a table of their own in `<dataset>_staging`, whose tables expire by themselves if a
process dies before it drops them. A MERGE is atomic, and one batch is one MERGE, for BigQuery runs
two changes of a table at a time and lets the others queue.

Jobs are named after their staging, so a retried call finds the job that the first one began: it
is waited for, never run twice.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
from google.api_core.exceptions import Conflict
from google.cloud import bigquery

from shared.adapters.google.bigquery_errors import translated
from shared.adapters.google.bigquery_road import Road, labels, until
from shared.adapters.google.bigquery_upsert import COMPARE, MERGE, REPLACE, BigQueryUpsert, Staged
from shared.adapters.google.bigquery_values import parameters
from shared.errors import AimsError
from shared.ports import UpsertCounts

JOB_S, CALL_S, DROP_S = 120.0, 30.0, 5.0
MOST_BYTES = 100 << 30  # of a compare or a merge: a bound for accidents, not for imports
UPLOAD_RETRIES = 3


class BigQueryStaging:
    """Keeps shared.ports.Staging by one staging table of its own."""

    def __init__(self, road: Road, upsert: BigQueryUpsert) -> None:
        self._road, self._upsert = road, upsert
        self._batches: list[pa.Table] = []
        self._loaded: Staged | None = None
        self._jobs = 0
        self._name = f"{upsert.table.name}_{uuid4().hex}"
        self._stored = f"{road.project}.{road.dataset}.{upsert.table.name}"
        self._staged = f"{road.project}.{road.dataset}_staging.{self._name}"

    def append(self, batch: pa.RecordBatch) -> None:
        """Keep a batch as it is; only another type is converted."""
        self._batches.append(self._upsert.fitted(batch))
        self._loaded = None

    def compare(self) -> UpsertCounts:
        """What a merge would count now; one query."""
        staged = self._load()
        if not staged.rows.num_rows:
            return staged.counts(0, 0)
        sql, config = self._statement("compare", COMPARE, self._upsert.values(staged))
        job = self._settled("compare", lambda name: self._begun(sql, config, name))
        with translated():
            [[inserted, updated]] = job.result(retry=until(CALL_S), timeout=CALL_S)
        return staged.counts(inserted, updated)

    def merge(self, loaded_at: datetime, *, replace_campaigns: bool = False) -> UpsertCounts:
        """One statement; a failure leaves the table as it was."""
        staged = self._load()
        if not staged.rows.num_rows:
            return staged.counts(0, 0)
        values = self._upsert.values(staged, replace_campaigns=replace_campaigns)
        text = MERGE + REPLACE if replace_campaigns else MERGE
        sql, config = self._statement("merge", text, {**values, "loaded_at": loaded_at})
        stats = self._settled("merge", lambda name: self._begun(sql, config, name)).dml_stats
        return staged.counts(stats.inserted_row_count, stats.updated_row_count)

    def discard(self) -> None:
        """Drop the staging table, if one was begun; it expires if this fails."""
        if self._jobs:
            with suppress(AimsError), translated():
                self._road.client().delete_table(
                    self._staged, not_found_ok=True, retry=until(DROP_S), timeout=DROP_S
                )

    def _load(self) -> Staged:
        """Write what was appended into the staging table, once."""
        if self._loaded is None:
            staged = self._upsert.once(self._batches)
            if staged.rows.num_rows:
                self._settled("load", self._upload(staged))
            self._loaded = staged
        return self._loaded

    def _upload(self, staged: Staged) -> Callable[[str], Any]:
        file = io.BytesIO()
        pq.write_table(staged.rows, file)
        config = bigquery.LoadJobConfig(
            source_format=bigquery.SourceFormat.PARQUET,
            schema=[bigquery.SchemaField(c.name, c.type) for c in self._upsert.staged],
            create_disposition=bigquery.CreateDisposition.CREATE_IF_NEEDED,
            write_disposition=bigquery.WriteDisposition.WRITE_TRUNCATE,
            labels=labels(self._upsert.project_id, "load"),
        )
        return lambda name: self._road.client().load_table_from_file(
            file,
            self._staged,
            rewind=True,
            num_retries=UPLOAD_RETRIES,
            job_id=name,
            job_config=config,
            timeout=CALL_S,
        )

    def _statement(
        self, operation: str, template: str, values: dict[str, Any]
    ) -> tuple[str, bigquery.QueryJobConfig]:
        sql = self._upsert.statement(template, self._stored, self._staged)
        given = parameters(values, frozenset(values))
        config = self._road.job(self._upsert.project_id, operation, given)
        config.maximum_bytes_billed = MOST_BYTES
        config.job_timeout_ms = int(JOB_S * 1000)
        return sql, config

    def _begun(self, sql: str, config: bigquery.QueryJobConfig, name: str) -> Any:
        return self._road.client().query(
            sql,
            job_config=config,
            job_id=name,
            job_retry=None,
            retry=until(CALL_S),
            timeout=CALL_S,
        )

    def _settled(self, operation: str, begin: Callable[[str], Any]) -> Any:
        """A finished job: begun here, or found where a call that broke off had begun it."""
        self._jobs += 1
        name = f"aims-{operation}-{self._name}-{self._jobs}"
        with translated("These rows cannot be stored"):
            try:
                job = begin(name)
            except Conflict:
                job = self._road.client().get_job(name, retry=until(CALL_S), timeout=CALL_S)
            try:
                job.result(retry=until(JOB_S), timeout=JOB_S)
            except TimeoutError:
                with suppress(AimsError), translated():
                    job.cancel(retry=None, timeout=DROP_S)
                raise
        return job
