"""A Listing as a Firestore query, and the page it gives."""

from __future__ import annotations

from typing import Any

from google.cloud.firestore import Client, Query
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.adapters.google import firestore_layout as layout
from shared.adapters.google.firestore_errors import ONCE, again
from shared.adapters.google.firestore_layout import Stored
from shared.adapters.json_documents import check, read_cursor, split, write_cursor
from shared.ports import Listing, Page

_TIMEOUT_S = 20.0
_ROUNDS = 20
_CHUNK = 500


class Search:
    """One page of a listing. Expired documents are read and passed over."""

    def __init__(self, listing: Listing) -> None:
        check(listing)
        self._listing = listing
        self._after = self._place(listing.after) if listing.after is not None else None

    def page(self, client: Client, now: int) -> Page:
        """The live documents after the cursor, at most `limit`.

        Short, with a cursor, after very many expired documents in a row.
        """
        listing, query = self._listing, self._query(client)
        live: list[Stored] = []
        after = self._after
        for chunk in _chunks(listing.limit + 1):
            found = self._fetch(query.start_after(after) if after else query, chunk)
            live += [stored for stored in found if stored.live(now)]
            if len(live) > listing.limit:
                return self._page(live[: listing.limit], live[listing.limit - 1])
            if len(found) < chunk:
                return self._page(live, None)
            after = self._values(self._position(found[-1]))
        return self._page(live, found[-1])

    def _page(self, live: list[Stored], last: Stored | None) -> Page:
        cursor = write_cursor(self._listing, self._position(last)) if last else None
        return Page([stored.document() for stored in live], cursor)

    def _query(self, client: Client) -> Query:
        listing = self._listing
        direction = Query.DESCENDING if listing.descending else Query.ASCENDING
        query = Query(client.collection(listing.collection))
        for name, value in listing.where.items():
            query = query.where(filter=FieldFilter(layout.path_of(name), "==", value))
        if listing.order_by is not None:
            query = query.order_by(layout.path_of(listing.order_by), direction)
        elif listing.descending:
            return query.order_by("id", direction)
        return query.order_by("__name__", direction)

    def _fetch(self, query: Query, count: int) -> list[Stored]:
        limited = query.limit(count)
        snapshots = again(lambda: list(limited.stream(retry=ONCE, timeout=_TIMEOUT_S)))
        collection = self._listing.collection
        return [Stored.of(f"{collection}/{found.id}", found) for found in snapshots]

    def _position(self, stored: Stored) -> list[Any]:
        """Where a document stands: whether its value is not null, the value, its id."""
        name = stored.path.rpartition("/")[2]
        if self._listing.order_by is None:
            return [name]
        value = layout.position(stored.fields, self._listing.order_by)
        return [value is not None, 0 if value is None else value, name]

    def _values(self, position: list[Any]) -> list[Any]:
        """A position as the query takes it."""
        if len(position) == 1:
            return position
        there, value, name = position
        return [value if there else None, name]

    def _place(self, cursor: str) -> list[Any]:
        listing = self._listing
        position = read_cursor(listing, cursor, 1 if listing.order_by is None else 3)
        split(f"{listing.collection}/{position[-1]}")
        return self._values(position)


def _chunks(first: int) -> list[int]:
    return [first] + [max(first, _CHUNK)] * (_ROUNDS - 1)
