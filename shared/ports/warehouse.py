"""The Warehouse port: marketing metrics, one GoogleSQL dialect."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

Scalar = str | int | float | bool | Decimal | date | datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """A result column; `type` is a GoogleSQL type name: STRING, INT64, FLOAT64, NUMERIC, DATE …"""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Table:
    """A stored table: `key` names the columns that make a row the same row."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def values(self) -> tuple[str, ...]:
        """The columns an upsert compares: neither the key nor `loaded_at`."""
        return tuple(
            c.name for c in self.columns if c.name not in self.key and c.name != "loaded_at"
        )


@dataclass(frozen=True, slots=True)
class Query:
    """One read of one tenant: GoogleSQL with named parameters and its bounds.

    `@project_id` is always bound to `project_id`. A parameter that is a tuple binds as an array.
    """

    project_id: str
    sql: str
    params: Mapping[str, Scalar | tuple[Scalar, ...]] = field(default_factory=dict)
    max_rows: int = 10_000
    max_bytes: int = 1 << 30
    timeout_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Rows:
    """A result, at most `max_rows` rows; `truncated` when there were more."""

    columns: tuple[Column, ...]
    rows: list[tuple[Scalar, ...]]
    truncated: bool
    bytes_processed: int


@dataclass(frozen=True, slots=True)
class UpsertCounts:
    """What an upsert did, or would do."""

    inserted: int
    updated: int
    unchanged: int
    repeated: int = 0  # staged rows that a later staged row with the same key replaced


class Staging(Protocol):
    """Rows on their way into one table of one project; nothing is visible before `merge`."""

    def append(self, batch: pa.RecordBatch) -> None:
        """Add rows. The batch has every column of the table except project_id and loaded_at."""

    def compare(self) -> UpsertCounts:
        """What `merge` would do, without doing it."""

    def merge(self, loaded_at: datetime, *, replace_campaigns: bool = False) -> UpsertCounts:
        """Upsert by key in one atomic step; of rows with one key the last appended counts.

        A row equal in every value is left untouched. With `replace_campaigns`, stored rows of a
        staged campaign_id that are not staged themselves are removed.
        """


class Warehouse(Protocol):
    """Marketing metrics, one GoogleSQL dialect."""

    def run(self, query: Query) -> Rows:
        """Run one SELECT. Raises Invalid (the SQL is wrong), TooLarge (byte cap), TimedOut.

        NaN and infinities come as None. Unnamed columns are f0_, f1_ …
        """

    def estimate(self, query: Query) -> int:
        """An upper bound of the bytes the query would read, without running it. Raises Invalid.

        The rows of the days (and at best the project) asked for, times the width of the columns
        used; the embedded family counts a string as 32 bytes.
        """

    def stage(
        self, table: Table, project_id: str, given: tuple[str, ...] | None = None
    ) -> AbstractContextManager[Staging]:
        """Open a staging area; leaving the context discards what was not merged.

        `given` names the value columns that the rows bring (None: all). In a stored row the others
        are neither compared nor changed; a new row takes every column from its batch.
        """

    def ping(self) -> None:
        """Return if the store answers; raise Unavailable otherwise."""
