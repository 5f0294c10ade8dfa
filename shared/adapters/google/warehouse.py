"""The Warehouse port on BigQuery.

A query is one round trip: `jobs.query` waits for the result and brings its first page, and a short
query makes no job at all. Results hold 10,000 rows at most, so REST pages carry them; the Storage
Read API pays for itself from tens of megabytes on, and would cost every call a second channel.

Never point `run` at a server that tells of a failed query in the job alone and answers with an
empty result (the emulation on PyPI does): the client takes that for a result.

Least privilege. Reading (`warehouse`): bigquery.jobs.create on the project, on the dataset
bigquery.datasets.get and bigquery.tables.getData, .get. Writing (`warehouse-write`): besides
these bigquery.tables.updateData on the dataset, and on `<dataset>_staging` bigquery.tables.create,
.delete, .get, .getData, .updateData. A job may be read and cancelled by who created it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from google.auth.credentials import Credentials

from shared.adapters.google.bigquery_errors import translated
from shared.adapters.google.bigquery_road import Road, until
from shared.adapters.google.bigquery_upsert import BigQueryUpsert
from shared.adapters.google.bigquery_values import columns, plain
from shared.adapters.google.staging import BigQueryStaging
from shared.ports import Query, Rows, Table

PING_S = 5.0


class BigQueryWarehouse:
    """Keeps shared.ports.Warehouse in the dataset `dataset` of one Google Cloud project.

    Rows on their way in wait in `<dataset>_staging`, whose tables should expire by themselves.
    `endpoint` and `credentials` are for servers other than Google's.
    """

    def __init__(
        self,
        project: str,
        dataset: str = "marketing",
        location: str = "EU",
        *,
        endpoint: str | None = None,
        credentials: Credentials | None = None,
    ) -> None:
        self._road = Road((project, dataset, location), endpoint, credentials)

    def run(self, query: Query) -> Rows:
        """Run one SELECT within its bounds; BigQuery itself stops it at the deadline too.

        The byte cap is one of billed bytes, at least 10 MB a table: a lower one refuses all tables.
        """
        sql, config = self._road.asked(query, "query")
        config.maximum_bytes_billed = query.max_bytes
        config.job_timeout_ms = int(query.timeout_s * 1000)
        with translated():
            found = self._road.client().query_and_wait(
                sql,
                job_config=config,
                # One half is for waiting in the first call, the other for waiting afterwards.
                api_timeout=query.timeout_s / 2,
                wait_timeout=query.timeout_s / 2,
                retry=until(query.timeout_s),
                job_retry=None,  # type: ignore[arg-type]  # None is what its documentation says
                max_results=query.max_rows + 1,
            )
            named = columns(found.schema)
            rows = plain(found, named)
        truncated = len(rows) > query.max_rows
        size = found.total_bytes_processed or 0
        return Rows(named, rows[: query.max_rows], truncated, size)

    def estimate(self, query: Query) -> int:
        """What BigQuery's dry run says: free, and exact but for clusters, which read less."""
        sql, config = self._road.asked(query, "estimate")
        config.dry_run, config.use_query_cache = True, False
        with translated():
            job = self._road.client().query(
                sql,
                job_config=config,
                timeout=query.timeout_s,
                retry=until(query.timeout_s),
                job_retry=None,
            )
        return int(job.total_bytes_processed or 0)

    @contextmanager
    def stage(
        self, table: Table, project_id: str, given: tuple[str, ...] | None = None
    ) -> Iterator[BigQueryStaging]:
        """Rows wait in memory, then in a table of their own; merges into one table queue."""
        upsert = BigQueryUpsert(table, project_id, table.values if given is None else given)
        staging = BigQueryStaging(self._road, upsert)
        try:
            yield staging
        finally:
            staging.discard()

    def ping(self) -> None:
        """Ask for the dataset's description."""
        with translated():
            self._road.client().get_dataset(self._road.dataset, retry=until(PING_S), timeout=PING_S)

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        self._road.close()
