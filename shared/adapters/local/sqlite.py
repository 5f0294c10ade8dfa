"""SQLite as documents and bus use it: WAL, one writer at a time, readers never wait.

`synchronous=NORMAL`: what was acknowledged survives a killed process. A power cut may take the
last commits, never the file's integrity; the embedded family promises no more.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.errors import Unavailable

_BUSY_TIMEOUT_S = 10.0
_CORRUPT = sqlite3.DatabaseError
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PRAGMAS = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA foreign_keys = ON;
    PRAGMA cache_size = -8000;
"""


def micros(instant: datetime) -> int:
    """An instant as SQLite keeps it: microseconds since 1970, exact."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


class SqliteFile:
    """Connections to one file, made as threads need them and used again."""

    def __init__(self, path: Path, schema: str) -> None:
        self._path = path
        self._schema = schema
        self._idle: deque[sqlite3.Connection] = deque()
        self._all: list[sqlite3.Connection] = []
        self._opening = threading.Lock()
        self._writing = threading.Lock()

    @contextmanager
    def reader(self) -> Iterator[sqlite3.Connection]:
        """A connection; every statement sees the last commit."""
        with _translated():
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = self._open()
            try:
                yield connection
            finally:
                self._idle.append(connection)

    @contextmanager
    def writer(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: committed at the end, rolled back by any exception.

        Threads of this process queue at a lock, for SQLite itself would poll; other processes wait
        for the file.
        """
        with self._writing, self.reader() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close every connection. Call when no thread uses the file; the next use opens it."""
        with self._opening:
            self._idle.clear()
            for connection in self._all:
                connection.close()
            self._all.clear()

    def _open(self) -> sqlite3.Connection:
        with self._opening:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self._path,
                timeout=_BUSY_TIMEOUT_S,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=256,
            )
            try:
                connection.executescript(_PRAGMAS)
                if not self._all:
                    connection.executescript(self._schema)
            except BaseException:
                connection.close()
                raise
            self._all.append(connection)
            return connection


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if not isinstance(error, sqlite3.OperationalError) and type(error) is not _CORRUPT:
            raise  # a constraint or a misuse is a fault of ours, not of the moment
        raise Unavailable("The local store is busy or cannot be written. Try again.") from error
