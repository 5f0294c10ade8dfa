"""The Documents port on Firestore in native mode.

The TTL policy is on `expires_at`; composite indexes name `d.<field>`: see firestore_layout.py.
No transaction is ever opened: a commit is one atomic batch whose writes carry preconditions, an
update is a compare-and-set on the time of the last write, a count is a transform on the server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from threading import Lock
from typing import Any

from google.cloud.firestore import Client, WriteBatch

from shared.adapters.google import firestore_layout as layout
from shared.adapters.google.firestore_errors import (
    CONFLICTS,
    ONCE,
    again,
    again_if_not_done,
    crowded,
    rounds,
    translated,
)
from shared.adapters.google.firestore_layout import Stored
from shared.adapters.google.listing import Search
from shared.adapters.json_documents import check_commit, json_text, split
from shared.errors import AlreadyExists, Stale
from shared.ports import Clock, Create, Delete, Document, Listing, Page, Write

_TIMEOUT_S = 20.0
_NEW = object()  # the version of what this commit itself writes: nobody knows it yet


class FirestoreDocuments:
    """Keeps shared.ports.Documents. Safe for threads; connects at the first use."""

    def __init__(self, project: str, clock: Clock, database: str = "(default)") -> None:
        self._project, self._database, self._clock = project, database, clock
        self._connecting = Lock()
        self._client: Client | None = None

    def get(self, path: str) -> Document | None:
        """One document, or None."""
        return self.get_many([path])[0]

    def get_many(self, paths: Sequence[str]) -> list[Document | None]:
        """Documents in the order asked for, read in one round trip."""
        with translated():
            found, now = self._read(paths), self._now()
        wanted = [found[path] for path in paths]
        return [each.document() if each and each.live(now) else None for each in wanted]

    def commit(self, *writes: Write) -> None:
        """All writes in order in one batch, or none."""
        mark, fields = layout.new_write(), _fields(writes)
        now, found = self._now(), dict[str, Stored | None]()
        for _ in rounds():
            _judge(writes, found, now)
            with translated():
                batch = self._batch(writes, [one | mark for one in fields], found, now)
                try:
                    _send(batch)
                    return
                except CONFLICTS:
                    found = self._read([write.path for write in writes if _is_conditional(write)])
            if any(stored and stored.has(mark) for stored in found.values()):
                return  # it was done, and the answer lost on its way
        raise crowded()

    def update(
        self, path: str, change: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> Document | None:
        """Compare and set, again until nobody else came between."""
        mark = layout.new_write()
        for _ in rounds():
            now = self._now()
            with translated():
                found = self._read([path])[path]
            if found is None or not found.live(now):
                return None
            if found.has(mark):
                return found.document()
            changed = change(found.document().data)
            json_text(changed)
            fields = layout.content(changed) | mark
            with translated():
                updated = self._set(found, layout.replacing(fields, ["rest"]))
            if updated:
                return Document(path, layout.data(fields), found.version_at(updated))
        raise crowded()

    def increment(self, path: str, field: str, by: int, expires_at: datetime) -> int:
        """Add on the server and read the sum and the earliest expiry from its answer.

        One round trip; two when the expiry moves on. What may have counted is not tried again.
        """
        adding = layout.added(path, field, by, expires_at)
        anew = layout.replacing(layout.whole(path, {field: by}, expires_at))
        for _ in rounds():
            now = self._now()
            with translated():
                value = self._add(path, adding, now)
                if value is not None:
                    return value
                found = self._read([path])[path]
                if found and not found.live(now) and self._set(found, anew | layout.new_write()):
                    return by
        raise crowded()

    def list(self, listing: Listing) -> Page:
        """One page, in the order of a key that does not move when others write."""
        search = Search(listing)
        with translated():
            return search.page(self._open(), self._now())

    def ping(self) -> None:
        """Read a document that need not be there."""
        with translated():
            self._read(["ping/ping"])

    def close(self) -> None:
        """End the connection; the next call opens another."""
        with self._connecting:
            client, self._client = self._client, None
        if client is not None:
            client.close()  # type: ignore[no-untyped-call]

    def _open(self) -> Client:
        with self._connecting:
            if self._client is None:
                self._client = Client(project=self._project, database=self._database)
            return self._client

    def _now(self) -> int:
        return layout.micros(self._clock.now())

    def _read(self, paths: Iterable[str]) -> dict[str, Stored | None]:
        """Documents as they are, expired ones too."""
        found: dict[str, Stored | None] = dict.fromkeys(paths)
        for path in found:
            split(path)
        if not found:
            return found
        client = self._open()
        asked = [client.document(path) for path in found]
        for snapshot in again(lambda: list(client.get_all(asked, retry=ONCE, timeout=_TIMEOUT_S))):
            if snapshot.exists:
                path = snapshot.reference.path
                found[path] = Stored.of(path, snapshot)
        return found

    def _set(self, found: Stored, fields: Mapping[str, Any]) -> datetime | None:
        """Change fields of exactly what was found; when, or None if it is that no longer."""
        client = self._open()
        batch = client.batch()
        option = client.write_option(last_update_time=found.updated)
        batch.update(client.document(found.path), dict(fields), option=option)
        try:
            updated: datetime = _send(batch)[0].update_time
        except CONFLICTS:
            return None
        return updated

    def _add(self, path: str, adding: dict[str, Any], now: int) -> int | None:
        """Add to what is there; None, and nothing that counts, if that has expired.

        In the write that adds, the expiry only ever shrinks: nobody brings an expired counter
        back, so all who meet one see it, and one of them begins again.
        """
        place, until = self._open().document(path), layout.micros(adding["expires_at"])
        merged = adding | layout.new_write()
        result = again_if_not_done(
            lambda: place.set(merged, merge=True, retry=ONCE, timeout=_TIMEOUT_S)
        )
        value, earliest = (one.integer_value for one in result.transform_results)
        if earliest <= now:
            return None
        if earliest < until:
            self._extend(Stored(path, {}, result.update_time), until, now)
        return int(value)

    def _extend(self, added: Stored, until: int, now: int) -> None:
        """Let a counter live longer, unless a later count or write has decided otherwise."""
        found: Stored | None = added
        for _ in rounds():
            if found is None or self._set(found, {"expires_us": until}):
                return
            found = self._read([added.path])[added.path]
            if found and not (found.live(now) and found.may_live_until(until)):
                return
        raise crowded()

    def _batch(
        self,
        writes: Sequence[Write],
        fields: Sequence[dict[str, Any]],
        found: Mapping[str, Stored | None],
        now: int,
    ) -> WriteBatch:
        """The writes with their preconditions; a Create replaces what was found expired."""
        client, left = self._open(), dict(found)
        batch = client.batch()
        for write, stored in zip(writes, fields, strict=True):
            place = client.document(write.path)
            updated = _based_on(write, left.pop(write.path, None), now)
            option = client.write_option(last_update_time=updated) if updated else None
            if isinstance(write, Delete):
                batch.delete(place, option=option)
            elif option:
                batch.update(place, layout.replacing(stored), option=option)
            elif isinstance(write, Create):
                batch.create(place, stored)
            else:
                batch.set(place, stored)
        return batch


def _send(batch: WriteBatch) -> list[Any]:
    return again(lambda: batch.commit(retry=ONCE, timeout=_TIMEOUT_S))


def _fields(writes: Iterable[Write]) -> list[dict[str, Any]]:
    """What each write stores, checked before anything is sent."""
    for write in writes:
        split(write.path)
    kept = [write for write in writes if not isinstance(write, Delete)]
    check_commit([json_text(write.data) for write in kept])
    return [
        {} if isinstance(write, Delete) else layout.whole(write.path, write.data, write.expires_at)
        for write in writes
    ]


def _is_conditional(write: Write) -> bool:
    return isinstance(write, Create) or write.if_version is not None


def _based_on(write: Write, found: Stored | None, now: int) -> datetime | None:
    """The update time of what a write must replace; a Create finds only what has expired."""
    if isinstance(write, Create):
        return found.updated if found else None
    return None if write.if_version is None else layout.updated_at(write.if_version, now)


def _judge(writes: Iterable[Write], found: Mapping[str, Stored | None], now: int) -> None:
    """Raise what a commit deserves over what was found; what is not in `found` may be anything."""
    versions: dict[str, object] = {
        path: stored.version if stored and stored.live(now) else None
        for path, stored in found.items()
    }
    for write in writes:
        path = write.path
        if isinstance(write, Create):
            if versions.get(path) is not None:
                raise AlreadyExists(f"{path} exists already.")
        elif write.if_version is not None and (
            versions.get(path, write.if_version) != write.if_version
            or layout.updated_at(write.if_version, now) is None
        ):
            raise Stale(f"{path} is no longer at the version this was based on. Read it again.")
        versions[path] = None if isinstance(write, Delete) else _NEW
