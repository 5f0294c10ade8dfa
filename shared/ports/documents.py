"""The Documents port: JSON documents at paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

Json = Mapping[str, Any]


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
    """Remove a document if it is there; with `if_version`, exactly that version or Stale.

    What lies below its path stays.
    """

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

    Values equal in type too: True is not 1. Ordered by one top-level field (ties by id, in the
    same direction; null first; documents without it are left out) or by id. `limit` is 1 to 10,000.
    `after` is a cursor from the page before: it keeps its place while others write.
    """

    collection: str
    where: Mapping[str, str | int | bool] = field(default_factory=dict)
    order_by: str | None = None
    descending: bool = False
    limit: int = 50
    after: str | None = None


class Documents(Protocol):
    """JSON documents at slash-separated paths (collection/id/collection/id …).

    Data are JSON values (Invalid otherwise), at most 1 MiB a document and 10 MiB a commit
    (TooLarge); an address that names no document is Malformed. A document whose `expires_at` has
    passed is never returned or counted, and in nobody's way.
    """

    def get(self, path: str) -> Document | None:
        """One document, or None."""

    def get_many(self, paths: Sequence[str]) -> list[Document | None]:
        """Documents in the order asked for, read in one round trip."""

    def commit(self, *writes: Write) -> None:
        """All writes in their order, or none.

        Raises AlreadyExists (a Create) or Stale (an `if_version`).
        """

    def update(
        self, path: str, change: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> Document | None:
        """Replace a document's data by `change(data)` without losing another's write.

        `change` may be called more than once. None if the document is not there. Keeps expiry.
        """

    def increment(self, path: str, field: str, by: int, expires_at: datetime) -> int:
        """Add to a counter without a lock; the value after this call's add.

        From 0 if the field or document is missing or expired. Keeps other fields, sets the expiry.
        """

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
