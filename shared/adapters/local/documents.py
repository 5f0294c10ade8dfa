"""The Documents port on a SQLite file: one table, JSON text, one row a document.

Expiry is compared on every read; expired rows are swept a few at a time by later writes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from shared.adapters.json_documents import check_commit, json_text, split
from shared.adapters.local.listing import Selection, json_path
from shared.adapters.local.sqlite import SqliteFile, micros
from shared.errors import AlreadyExists, Stale, Unavailable
from shared.ports import Clock, Create, Delete, Document, Listing, Page, Put, Write

_SCHEMA = """
    CREATE TABLE IF NOT EXISTS documents (
        collection TEXT NOT NULL,
        id         TEXT NOT NULL,
        data       TEXT NOT NULL,
        version    TEXT NOT NULL,
        expires_at INTEGER,  -- microseconds since 1970
        PRIMARY KEY (collection, id)
    );
    CREATE INDEX IF NOT EXISTS documents_expiring ON documents (expires_at)
        WHERE expires_at IS NOT NULL;
"""
_LIVE = "(expires_at IS NULL OR expires_at > :now)"
_AT = "collection = :collection AND id = :id"
_WRITE = """
    INSERT INTO documents VALUES (:collection, :id, :data, hex(randomblob(8)), :expires_at)
    ON CONFLICT DO UPDATE SET
        data = excluded.data, version = excluded.version, expires_at = excluded.expires_at
"""
_CREATE = _WRITE + "WHERE documents.expires_at <= :now"
_GET = f"SELECT data, version FROM documents WHERE {_AT} AND {_LIVE}"  # noqa: S608
_REPLACE = f"""
    UPDATE documents SET data = :data, version = hex(randomblob(8)), expires_at = :expires_at
    WHERE {_AT} AND {_LIVE} AND version = :version
"""  # noqa: S608
_CHANGE = f"""
    UPDATE documents SET data = :data, version = hex(randomblob(8))
    WHERE {_AT} AND {_LIVE} AND version = :version RETURNING version
"""  # noqa: S608
_DELETE = f"DELETE FROM documents WHERE {_AT}"  # noqa: S608
_DELETE_VERSION = f"{_DELETE} AND {_LIVE} AND version = :version"
_INCREMENT = """
    INSERT INTO documents
    VALUES (:collection, :id, json_object(:field, :by), hex(randomblob(8)), :expires_at)
    ON CONFLICT DO UPDATE SET
        data = iif(expires_at <= :now, excluded.data,
                   json_set(data, :path, coalesce(json_extract(data, :path), 0) + :by)),
        version = excluded.version, expires_at = excluded.expires_at
    RETURNING json_extract(data, :path)
"""
_SWEEP = """
    DELETE FROM documents WHERE rowid IN
        (SELECT rowid FROM documents WHERE expires_at <= :now ORDER BY expires_at LIMIT 256)
"""
_SWEEP_EVERY = 64  # writes; fewer than a sweep removes, so that expired rows cannot pile up

_ATTEMPTS = 1000


class SqliteDocuments:
    """Keeps shared.ports.Documents. An acknowledged write survives a killed process."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._file = SqliteFile(path, _SCHEMA)
        self._clock = clock
        self._writes = count(1)

    def get(self, path: str) -> Document | None:
        """One document, or None."""
        with self._file.reader() as connection:
            return _get(connection, path, self._now())

    def get_many(self, paths: Sequence[str]) -> list[Document | None]:
        """Documents in the order asked for."""
        now = self._now()
        with self._file.reader() as connection:
            return [_get(connection, path, now) for path in paths]

    def commit(self, *writes: Write) -> None:
        """All writes in order in one transaction, or none."""
        now = self._now()
        bound = [_bind(write, now) for write in writes]
        check_commit([values.get("data", "") for values in bound])
        with self._writer(now) as connection:
            for write, values in zip(writes, bound, strict=True):
                _write(connection, write, values)

    def update(
        self, path: str, change: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> Document | None:
        """Compare and set, again until nobody else came between."""
        for _ in range(_ATTEMPTS):
            now = self._now()
            with self._file.reader() as connection:
                found = _get(connection, path, now)
            if found is None:
                return None
            data = json_text(change(found.data))
            values = _place(path) | {"data": data, "version": found.version, "now": now}
            with self._writer(now) as connection:
                row = connection.execute(_CHANGE, values).fetchone()
            if row is not None:
                return Document(path, json.loads(data), row[0])
        raise Unavailable("Too many others are changing this document. Try again.")

    def increment(self, path: str, field: str, by: int, expires_at: datetime) -> int:
        """Add in one statement; an expired or missing counter starts from 0."""
        now = self._now()
        values = _place(path) | {
            "field": field,
            "path": json_path(field),
            "by": by,
            "expires_at": micros(expires_at),
            "now": now,
        }
        with self._writer(now) as connection:
            return int(connection.execute(_INCREMENT, values).fetchone()[0])

    def list(self, listing: Listing) -> Page:
        """One page, in the order of a key that does not move when others write."""
        selection = Selection(listing)
        with self._file.reader() as connection:
            rows = connection.execute(selection.sql, selection.values | {"now": self._now()})
            found = rows.fetchall()
        return selection.page(found)

    def ping(self) -> None:
        """Open the file if it is not open, and read from it."""
        with self._file.reader() as connection:
            connection.execute("SELECT 1 FROM documents LIMIT 1").fetchone()

    def close(self) -> None:
        """Release the file."""
        self._file.close()

    def _now(self) -> int:
        return micros(self._clock.now())

    @contextmanager
    def _writer(self, now: int) -> Iterator[sqlite3.Connection]:
        with self._file.writer() as connection:
            if next(self._writes) % _SWEEP_EVERY == 0:
                connection.execute(_SWEEP, {"now": now})
            yield connection


def _get(connection: sqlite3.Connection, path: str, now: int) -> Document | None:
    row = connection.execute(_GET, _place(path) | {"now": now}).fetchone()
    return Document(path, json.loads(row[0]), row[1]) if row else None


def _bind(write: Write, now: int) -> dict[str, Any]:
    """The parameters of a write, checked before the transaction begins."""
    values = _place(write.path) | {"now": now}
    if isinstance(write, Create | Put):
        expires_at = write.expires_at and micros(write.expires_at)
        values |= {"data": json_text(write.data), "expires_at": expires_at}
    if isinstance(write, Put | Delete) and write.if_version is not None:
        values["version"] = write.if_version
    return values


def _write(connection: sqlite3.Connection, write: Write, values: Mapping[str, Any]) -> None:
    versioned = "version" in values
    match write:
        case Create():
            statement = _CREATE
        case Put():
            statement = _REPLACE if versioned else _WRITE
        case Delete():
            statement = _DELETE_VERSION if versioned else _DELETE
    written = connection.execute(statement, values).rowcount
    if isinstance(write, Create) and not written:
        raise AlreadyExists(f"{write.path} exists already.")
    if versioned and not written:
        raise Stale(f"{write.path} is no longer at the version this was based on. Read it again.")


def _place(path: str) -> dict[str, Any]:
    collection, name = split(path)
    return {"collection": collection, "id": name}
