"""The Warehouse port on a DuckDB file.

One process owns the file; threads share it, each call on a cursor of its own, so readers see whole
merges only. SQL reaches neither the file system nor the network, whatever a query says. A commit
is in the write-ahead log before `merge` returns: a killed process loses nothing it acknowledged.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from shared.adapters.local.googlesql import STORE, Statement, table_definitions, to_duckdb
from shared.adapters.local.googlesql_rules import MACROS
from shared.adapters.local.staging import DuckDbStaging
from shared.adapters.upsert import Upsert
from shared.errors import Invalid, TimedOut, TooLarge, Unavailable
from shared.ports import Column, Query, Rows, Table

_TYPE_NAMES = {
    "VARCHAR": "STRING",
    "DOUBLE": "FLOAT64",
    "FLOAT": "FLOAT64",
    "BOOLEAN": "BOOL",
    "BLOB": "BYTES",
    "DATE": "DATE",
    "TIME": "TIME",
    "TIMESTAMP": "TIMESTAMP",
    "INTERVAL": "INTERVAL",
}
_ERROR_CLASS = re.compile(r"^[A-Z][A-Za-z ]* Error: ")


class DuckDbWarehouse:
    """Keeps shared.ports.Warehouse; `path` None keeps everything in memory."""

    def __init__(self, path: Path | None, *, memory_limit: str = "1GB", threads: int = 2) -> None:
        self._path = path
        self._options = {"memory_limit": memory_limit, "threads": threads}
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._opening = threading.Lock()
        self._merging = threading.Lock()

    def run(self, query: Query) -> Rows:
        """Run one SELECT within its bounds."""
        statement = to_duckdb(query.sql)
        params = _bound(query, statement.params)
        with self._cursor() as cursor, _deadline(cursor, query.timeout_s):
            size = _size(cursor, query, statement)
            if size > query.max_bytes:
                raise TooLarge(
                    f"The query would read about {size:,} bytes and may read {query.max_bytes:,}."
                    " Ask for a shorter period or for fewer columns."
                )
            cursor.execute(statement.sql, params)
            rows = cursor.fetchmany(query.max_rows + 1)
            columns = _columns(cursor.description or [], statement.columns)
        truncated = len(rows) > query.max_rows
        return Rows(columns, _plain(columns, rows[: query.max_rows]), truncated, size)

    def estimate(self, query: Query) -> int:
        """The rows in the asked days and projects times the stored width of the columns used."""
        statement = to_duckdb(query.sql)
        params = _bound(query, statement.params)
        with self._cursor() as cursor, _deadline(cursor, query.timeout_s):
            cursor.execute(f"EXPLAIN {statement.sql}", params)
            return _size(cursor, query, statement)

    @contextmanager
    def stage(
        self, table: Table, project_id: str, given: tuple[str, ...] | None = None
    ) -> Iterator[DuckDbStaging]:
        """Rows wait in Arrow memory; merges of all threads queue."""
        upsert = Upsert(table, project_id, table.values if given is None else given)
        with self._cursor() as cursor:
            yield DuckDbStaging(cursor, self._merging, upsert)

    def ping(self) -> None:
        """Open the file if it is not open, and ask it for a row."""
        with self._cursor() as cursor:
            cursor.execute("SELECT 1").fetchall()

    def close(self) -> None:
        """Write the log into the file and release it; the next call opens it again."""
        with self._opening:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with _translated(self.close), self._open().cursor() as cursor:
            yield cursor

    def _open(self) -> duckdb.DuckDBPyConnection:
        with self._opening:
            if self._connection is None:
                self._connection = _connect(self._path, self._options)
            return self._connection


def _connect(path: Path | None, options: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
    """Attach the store, make what is missing, then shut the doors for good."""
    where, spill = ":memory:", ""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        where, spill = str(path).replace("'", "''"), f"{path}.tmp"
    connection = duckdb.connect(
        ":memory:",
        config={
            **options,
            "temp_directory": spill,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
        },
    )
    try:
        connection.execute(f"ATTACH '{where}' AS {STORE}")
        for statement in (
            *table_definitions(),
            *(f"CREATE MACRO {macro}" for macro in MACROS),
            "SET GLOBAL TimeZone = 'UTC'",
            "SET enable_external_access = false",
            "SET lock_configuration = true",
        ):
            connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _deadline(cursor: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    def stop() -> None:
        with suppress(duckdb.Error):  # it may have ended in the same moment
            cursor.interrupt()

    timer = threading.Timer(seconds, stop)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def _translated(reset: Callable[[], None]) -> Iterator[None]:
    """DuckDB's errors as ours: no SQL of ours, no path; `reset` mends a broken instance."""
    try:
        yield
    except duckdb.InterruptException:
        raise TimedOut("The query was stopped at its deadline. Ask for a shorter period.") from None
    except duckdb.OutOfMemoryException:
        raise TooLarge("The query needs more memory than there is. Ask for less.") from None
    except (duckdb.FatalException, duckdb.InternalException) as error:
        reset()
        raise Unavailable("The warehouse had to be reopened. Try again.") from error
    except (duckdb.IOException, duckdb.TransactionException, duckdb.ConnectionException) as error:
        raise Unavailable("The warehouse cannot be opened or is busy. Try again.") from error
    except duckdb.OutOfRangeException:
        raise Invalid("A number became too large to be computed. Ask for less at once.") from None
    except duckdb.PermissionException:
        raise Invalid("SQL cannot read or write files.") from None
    except duckdb.Error as error:
        reason = _ERROR_CLASS.sub("", str(error).splitlines()[0])
        raise Invalid(f"This SQL cannot be run: {reason}") from None


def _bound(query: Query, names: frozenset[str]) -> dict[str, Any]:
    given: dict[str, Any] = {**query.params, "project_id": query.project_id}
    missing = sorted(names - given.keys())
    if missing:
        raise Invalid(f"The SQL uses @{missing[0]}, and no value was given for it.")
    return {name: _parameter(given[name]) for name in names}


def _parameter(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_parameter(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return value


def _size(cursor: duckdb.DuckDBPyConnection, query: Query, statement: Statement) -> int:
    cursor.execute(statement.cost, _bound(query, statement.cost_params))
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def _columns(description: list[Any], names: tuple[str, ...]) -> tuple[Column, ...]:
    if len(names) != len(description):
        names = tuple(column[0] for column in description)
    types = (_type_name(str(column[1])) for column in description)
    return tuple(Column(name, kind) for name, kind in zip(names, types, strict=True))


def _type_name(duckdb_type: str) -> str:
    if duckdb_type.endswith("[]"):
        return f"ARRAY<{_type_name(duckdb_type[:-2])}>"
    if duckdb_type.startswith(("DECIMAL", "STRUCT")):
        return "NUMERIC" if duckdb_type.startswith("DECIMAL") else "STRUCT"
    return _TYPE_NAMES.get(duckdb_type, "INT64")


def _plain(columns: tuple[Column, ...], rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """NaN and infinities as None, for JSON has none; instants aware of UTC."""
    mend = [(i, _MENDED[c.type]) for i, c in enumerate(columns) if c.type in _MENDED]
    if not mend:
        return rows
    plain = []
    for row in rows:
        values = list(row)
        for index, mended in mend:
            if values[index] is not None:
                values[index] = mended(values[index])
        plain.append(tuple(values))
    return plain


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _aware(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC)


_MENDED: dict[str, Callable[[Any], Any]] = {"FLOAT64": _finite, "TIMESTAMP": _aware}
