"""The ports: what the suite needs from the world, in its own words.

Two families keep each promise: `adapters/local` (embedded) and `adapters/google`. The promises are
written once, as contract tests in tests/contract. Every vendor error leaves an adapter as one of
shared.errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from shared.errors import Unavailable

if TYPE_CHECKING:
    import pyarrow as pa

Scalar = str | int | float | bool | Decimal | date | datetime | None
Json = Mapping[str, Any]
Answer = TypeVar("Answer", bound=BaseModel)


class Clock(Protocol):
    """What time it is: the only source of it."""

    def now(self) -> datetime:
        """The current instant, UTC-aware."""

    def today(self, zone: ZoneInfo) -> date:
        """The current calendar day in a zone; it is not over, so its numbers are incomplete."""


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
        """Run one SELECT. Raises Invalid (the SQL is wrong), TooLarge (byte cap), TimedOut."""

    def estimate(self, query: Query) -> int:
        """An upper bound of the bytes the query would read, without running it. Raises Invalid."""

    def stage(self, table: Table, project_id: str) -> AbstractContextManager[Staging]:
        """Open a staging area; leaving the context discards what was not merged."""

    def ping(self) -> None:
        """Return if the store answers; raise Unavailable otherwise."""


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document. `version` changes with every write and is opaque."""

    path: str
    data: dict[str, Any]
    version: str

    @property
    def id(self) -> str:
        """The last segment of the path."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Create:
    """Write a document that must not be there. An expired one counts as not there."""

    path: str
    data: Json
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Put:
    """Write a document whole; with `if_version`, only over exactly that version."""

    path: str
    data: Json
    if_version: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove a document if it is there; with `if_version`, only that version."""

    path: str
    if_version: str | None = None


Write = Create | Put | Delete


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a collection; `next_cursor` is None at the end."""

    items: list[Document]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """What to list: documents directly in `collection` whose fields equal `where`.

    Ordered by one top-level field (ties by id; documents without it are left out) or by id.
    `after` is a cursor from the page before.
    """

    collection: str
    where: Mapping[str, str | int | bool] = field(default_factory=dict)
    order_by: str | None = None
    descending: bool = False
    limit: int = 50
    after: str | None = None


class Documents(Protocol):
    """JSON documents at slash-separated paths (collection/id/collection/id …).

    Data are JSON values. A document whose `expires_at` has passed is never returned or counted.
    """

    def get(self, path: str) -> Document | None:
        """One document, or None."""

    def get_many(self, paths: Sequence[str]) -> list[Document | None]:
        """Documents in the order asked for, read in one round trip."""

    def commit(self, *writes: Write) -> None:
        """All writes or none. Raises AlreadyExists (a Create) or Stale (an `if_version`)."""

    def update(
        self, path: str, change: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> Document | None:
        """Replace a document's data by `change(data)` without losing another's write.

        `change` may be called more than once. None if the document is not there. Keeps expiry.
        """

    def increment(self, path: str, field: str, by: int, expires_at: datetime) -> int:
        """Add to a counter (from 0 if missing) without a lock; the value after this call's add."""

    def list(self, listing: Listing) -> Page:
        """Documents in a stable order. Raises Malformed for a cursor that is not ours."""

    def ping(self) -> None:
        """Return if the store answers; raise Unavailable otherwise."""


def every_document(documents: Documents, listing: Listing) -> Iterator[Document]:
    """All pages of a listing, one document at a time."""
    while True:
        page = documents.list(listing)
        yield from page.items
        if page.next_cursor is None:
            return
        listing = replace(listing, after=page.next_cursor)


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `event_id` is the same for the same fact, so a repeat is recognised."""

    event_id: str
    project_id: str
    type: str  # imperative for an order, past tense for a fact
    body: Json = field(default_factory=dict)
    schema_version: int = 1

    def payload(self) -> dict[str, Any]:
        """The JSON that travels."""
        return {
            "schema_version": self.schema_version,
            "event_id": self.event_id,
            "project_id": self.project_id,
            "type": self.type,
            "body": dict(self.body),
        }

    def attributes(self) -> dict[str, str]:
        """What a subscription may filter on."""
        return {"event_id": self.event_id, "project_id": self.project_id, "type": self.type}


class Bus(Protocol):
    """Topics. At-least-once delivery by HTTP push, with retry, backoff and a dead letter."""

    def publish(self, topic: str, messages: Sequence[Message]) -> None:
        """Hand over messages durably. Raises Unavailable; then some may have been published."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is asked. `draft` is the answer our own code already has, if it has one."""

    project_id: str
    system: str
    user: str
    draft: BaseModel | None = None
    deadline_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Completion(Generic[Answer]):
    """A validated answer and who gave it: `offline` or `gemini`."""

    value: Answer
    engine: str


class ModelBusy(Unavailable):
    """No answer within the deadline, over quota, or no model here: ask again later."""


class ModelBlocked(Unavailable):
    """The model declined for safety; the same prompt will be declined again."""

    retryable = False


class ModelMalformed(Unavailable):
    """The answer did not fit the type."""

    retryable = False


class TextModel(Protocol):
    """A language model that answers in a type, or says why not."""

    def complete(self, prompt: Prompt, answer: type[Answer]) -> Completion[Answer]:
        """Raises ModelBusy, ModelBlocked or ModelMalformed."""
