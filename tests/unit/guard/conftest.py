"""Two worlds: one with a single tenant's rows, and the same with other tenants' rows between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from shared.adapters.local.warehouse import DuckDbWarehouse
from shared.domain.guard import guard
from shared.domain.semantics import CAMPAIGNS, CHANNEL_DAILY
from shared.errors import Invalid
from shared.ports import Query, Table

FIRST, LAST = date(2025, 1, 1), date(2025, 1, 12)
NOW = datetime(2025, 4, 1, tzinfo=UTC)
TYPES = {
    "STRING": pa.string(),
    "INT64": pa.int64(),
    "FLOAT64": pa.float64(),
    "NUMERIC": pa.decimal128(38, 9),
    "DATE": pa.date32(),
}
PLACES = (("meta", "DE_Brand_1"), ("meta", "DE_Sale_2"), ("email", "US_News"), ("google_ads", None))


@dataclass(frozen=True)
class Worlds:
    """The same question to both worlds."""

    alone: DuckDbWarehouse
    crowded: DuckDbWarehouse

    def ask(self, world: DuckDbWarehouse, sql: str) -> Any:
        """Rows as a bag, since SQL promises no order, or the error as text."""
        days = {"first_day": FIRST, "last_day": LAST}
        try:
            rows = world.run(Query("mine", sql, days)).rows
        except Invalid as wrong:
            return wrong.detail
        return Counter(tuple(_rounded(value) for value in row) for row in rows)

    def both(self, sql: str) -> tuple[Any, Any]:
        """What each world answers to a guarded statement."""
        bound = guard(sql).sql
        return self.ask(self.alone, bound), self.ask(self.crowded, bound)


def _rounded(value: Any) -> Any:
    # The order in which an engine adds floats is not part of the answer.
    return float(f"{value:.9g}") if isinstance(value, float) else value


def _days(project: str) -> list[dict[str, Any]]:
    rows = []
    strange = project != "mine"
    for day in range(-3, 15) if strange else range(12):
        for place, (channel, campaign) in enumerate(PLACES):
            if (day + place) % 5 == 4 and not strange:
                continue
            size = 10**15 if strange else 1
            rows.append(
                {
                    "date": FIRST + timedelta(days=day),
                    "channel": f"{project}_only" if strange and place == 2 else channel,
                    "campaign_id": f"c{place}",
                    "campaign": f"secret of {project}" if strange and place == 1 else campaign,
                    "spend": None if place == 3 and day == 2 else Decimal(5 * size + 3 * day),
                    "impressions": 1000 * size + 17 * day,
                    "clicks": 0 if place == 2 and day == 1 else 10 * size + day * place,
                    "conversions": 0.5 * day,
                    "revenue": Decimal(20 * size + day * day),
                }
            )
    return rows


def _campaigns(project: str) -> list[dict[str, Any]]:
    return [
        {
            "campaign_id": f"c{n}",
            "name": f"{project} {n}" if project != "mine" else PLACES[n][1],
            "objective": ("leads", "sales")[n % 2],
            "budget": Decimal(100 * (n + 1)),
            "start_date": FIRST - timedelta(days=n),
            "end_date": None if n == 1 else LAST + timedelta(days=n),
        }
        for n in range(3)
    ]


def _put(warehouse: DuckDbWarehouse, table: Table, project: str, rows: list[Any]) -> None:
    columns = [c for c in table.columns if c.name not in ("project_id", "loaded_at")]
    schema = pa.schema([(c.name, TYPES[c.type]) for c in columns])
    with warehouse.stage(table, project) as staging:
        staging.append(pa.RecordBatch.from_pylist(rows, schema=schema))
        staging.merge(NOW)


def _world(*projects: str) -> DuckDbWarehouse:
    warehouse = DuckDbWarehouse(None, threads=1)
    for project in projects:
        _put(warehouse, CHANNEL_DAILY, project, _days(project))
        _put(warehouse, CAMPAIGNS, project, _campaigns(project))
    return warehouse


@pytest.fixture(scope="session")
def worlds() -> Iterator[Worlds]:
    built = Worlds(_world("mine"), _world("aaa", "mine", "other", "zzz"))
    yield built
    built.alone.close()
    built.crowded.close()
