"""Running a query for one tenant: guarded, capped, kept for the same question on the same data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from shared.domain.guard import guard
from shared.domain.projects import Project
from shared.domain.query.plan import AnyPlan, CampaignPlan, Plan
from shared.domain.query.result import Result, packed, result_of, unpacked
from shared.domain.suite import Suite
from shared.domain.vocabulary import Vocabulary
from shared.ports import Put, Query, Scalar

MOST_ROWS = 10_000
MOST_SECONDS = 30.0
MOST_BYTES = 10 << 30
KEPT = timedelta(hours=24)
LARGEST_KEPT = 500_000  # bytes of JSON


@dataclass(frozen=True, slots=True)
class Statement:
    """GoogleSQL with its parameters; no day outside `first_day` … `last_day` is read."""

    sql: str
    params: Mapping[str, Scalar]
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Ran:
    """What a statement gave; `keep` is the write that lets the next one find it, if it may."""

    result: Result
    tables: tuple[str, ...]
    cached: bool
    keep: Put | None


def days_read(plan: AnyPlan, vocabulary: Vocabulary) -> tuple[date, date]:
    """The first and last day that a plan's query has to read."""
    if isinstance(plan, CampaignPlan):
        return days_known(vocabulary)
    compare_to = plan.compare_to if isinstance(plan, Plan) else None
    periods = [plan.period, *([compare_to] if compare_to else [])]
    return min(p.start for p in periods), max(p.end for p in periods)


def days_known(vocabulary: Vocabulary) -> tuple[date, date]:
    """The days there are data for; without data, one long past."""
    first, last = vocabulary.first_day, vocabulary.last_day
    return (first, last) if first and last else (date.min, date.min)


def run(suite: Suite, project: Project, statement: Statement, data_version: int) -> Ran:
    """Run a statement for a project. Raises UnsafeSql, TooLarge or TimedOut.

    Results are kept by tenant, statement and data version: an import makes them unfindable.
    """
    guarded = guard(statement.sql, parameters=frozenset(statement.params), max_rows=MOST_ROWS)
    params = {
        **statement.params,
        "first_day": statement.first_day,
        "last_day": statement.last_day,
    }
    name = _name(guarded.sql, params, data_version)
    path = f"projects/{project.id}/answers/{name}"
    kept = suite.documents.get(path)
    if kept is not None:
        return Ran(unpacked(kept.data["result"]), guarded.tables, cached=True, keep=None)
    query = Query(project.id, guarded.sql, params, MOST_ROWS, MOST_BYTES, MOST_SECONDS)
    result = result_of(suite.warehouse.run(query))
    text = packed(result)
    keep = Put(path, {"result": text}, expires_at=suite.clock.now() + KEPT)
    return Ran(
        result, guarded.tables, cached=False, keep=keep if len(text) <= LARGEST_KEPT else None
    )


def _name(sql: str, params: Mapping[str, Scalar], data_version: int) -> str:
    return sha256(
        json.dumps([sql, sorted(params.items()), data_version], default=str).encode()
    ).hexdigest()
