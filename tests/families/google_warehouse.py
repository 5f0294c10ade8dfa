"""The warehouse of the Google family on the emulation of BigQuery, and what that cannot show."""

from __future__ import annotations

from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

from shared.adapters.google.warehouse import BigQueryWarehouse
from shared.domain.semantics import TABLES
from shared.ports import Table


def open_warehouse(project: str) -> BigQueryWarehouse:
    """A warehouse whose project is new, with the tables of shared/schema; skips without it."""
    from tests.families.bigquery_emulator import started

    endpoint = started()
    client = bigquery.Client(
        project,
        credentials=AnonymousCredentials(),
        client_options=ClientOptions(api_endpoint=endpoint),
    )
    for dataset in ("marketing", "marketing_staging"):
        client.create_dataset(dataset, timeout=10)
    for table in TABLES.values():
        client.create_table(
            bigquery.Table(f"{project}.marketing.{table.name}", _fields(table)), timeout=10
        )
    client.close()
    return BigQueryWarehouse(project, endpoint=endpoint, credentials=AnonymousCredentials())


def _fields(table: Table) -> list[bigquery.SchemaField]:
    """The columns; partitions and clusters change nothing that the emulation can show."""
    return [
        bigquery.SchemaField(c.name, c.type, "REQUIRED" if c.name in table.key else "NULLABLE")
        for c in table.columns
    ]
