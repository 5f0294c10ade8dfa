"""What questions would read in BigQuery, computed from documented sizes (no project was asked).

Every question goes through the HTTP door; the SQL of its answer is then reckoned as BigQuery's
dry run documents it: rows of the days asked for, of all tenants, times the bytes of the columns
used. Clusters make the bill smaller than this and never larger; they are left out. A table that
a question reads twice is counted twice.

Sizes: https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#data_type_sizes
Price, an assumption: 6.25 $ a TiB on demand, at least 10 MB a table and query, full MB
(https://cloud.google.com/bigquery/pricing, multi-region EU); the first TiB a month is free.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

from shared.domain.semantics import TABLES

TENANTS, ROWS_A_DAY, DAYS = 100, 40, 3 * 365  # one dataset: rows a day of each tenant, three years
CHARACTERS = {"project_id": 12, "channel": 8, "campaign_id": 12, "campaign": 24}
BYTES = {"INT64": 8, "FLOAT64": 8, "NUMERIC": 16, "DATE": 8, "TIMESTAMP": 8}
DOLLARS_A_TIB, LEAST_MB = 6.25, 10
TARGET_DOLLARS = 0.25  # a thousand questions
MB = 1 << 20
END = date(2025, 3, 31)
QUESTIONS = (
    "How much did we spend yesterday?",
    "How much did we spend last week?",
    "Revenue by channel last month",
    "Top 5 campaigns by ROAS last 30 days",
    "CPA in the last 90 days by week",
    "What share of spend went to each channel last quarter?",
    "Clicks for email this year",
    "Conversions by channel last month compared with the previous month",
    "Which campaigns had a CPA above 20 last 30 days?",
    "CTR and CPC by channel last 7 days",
)


def run() -> list[dict[str, Any]]:
    """A row a question, and the price of a thousand of them."""
    whole = DAYS * _width("channel_daily", {c.name for c in TABLES["channel_daily"].columns})
    read = {question: _bytes(sql) for question, sql in _statements()}
    rows = [
        _row(question, f"{size / MB:.2f} MB", f"{whole / MB:.0f} MB (SELECT *)", size / whole)
        for question, size in read.items()
    ]
    ours = 1000 * sum(map(_dollars, read.values())) / len(read)
    base = 1000 * _dollars(whole)
    total = _row("1,000 questions, billed", f"{ours:.2f} $", f"{base:.2f} $", ours / base)
    met = "yes" if ours <= TARGET_DOLLARS else "NO"
    return [*rows, total | {"target": f"≤ {TARGET_DOLLARS:.2f} $", "met": met}]


def _row(what: str, ours: str, baseline: str, ratio: float) -> dict[str, Any]:
    return {
        "what": what, "ours": ours, "baseline": baseline, "ratio": f"{ratio:.4f} ×", "target": "–",
    }  # fmt: skip


def _dollars(size: float) -> float:
    return max(LEAST_MB, math.ceil(size / MB)) * MB / (1 << 40) * DOLLARS_A_TIB


def _statements() -> Iterator[tuple[str, str]]:
    from tests.conftest import make_world

    with tempfile.TemporaryDirectory() as name:
        world = make_world(Path(name), AIMS_TODAY="2025-04-01", AIMS_AI_OPERATIONS_PER_HOUR="1000")
        person = world.person("ann@example.com").opens("shop")
        assert person.imports("shop", _csv()).status_code == 200
        for question in QUESTIONS:
            yield question, person.asks("shop", question)["sql"]
        world.app.close()


def _csv() -> str:
    days = (END - timedelta(days=n) for n in range(400))
    lines = [
        f"{day},{channel},{channel}-1,{channel} sale,100,1000,50,2,300"
        for day in days
        for channel in ("meta", "email", "google_ads")
    ]
    head = "date,channel,campaign_id,campaign,spend,impressions,clicks,conversions,revenue"
    return "\n".join([head, *lines])


def _bytes(sql: str) -> int:
    """Over all reads of a table: the days it is bound to times the width of what is used."""
    schema = {name: {c.name: c.type for c in table.columns} for name, table in TABLES.items()}
    tree = qualify(sqlglot.parse_one(sql, read="bigquery"), schema=schema, dialect="bigquery")
    total = 0
    for scope in traverse_scope(tree):
        for alias, (_, source) in scope.selected_sources.items():
            if isinstance(source, exp.Table):
                used = {column.name for column in scope.columns if column.table == alias}
                # The guard adds the tenant to every read; the day is there to skip partitions.
                total += _days(scope.expression) * _width(source.name, used | {"project_id"})
    return total


def _days(select: exp.Expr) -> int:
    between = select.args["where"].find(exp.Between)
    first, last = (
        date.fromisoformat(between.args[end].find(exp.Literal).name) for end in ("low", "high")
    )
    return (last - first).days + 1


def _width(table: str, used: set[str]) -> int:
    """Bytes of one day: every tenant's rows, the columns used."""
    sizes = {
        c.name: 2 + CHARACTERS.get(c.name, 0) if c.type == "STRING" else BYTES[c.type]
        for c in TABLES[table].columns
    }
    return TENANTS * ROWS_A_DAY * sum(sizes[name] for name in used)
