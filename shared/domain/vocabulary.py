"""The words of one tenant: its channels, its campaigns and the days its data cover.

Read by question reading (names are matched whole over all values, never a sample), by the guard's
partition bounds and by autocomplete. A vocabulary belongs to a data version, which every import
raises: it is learned from the warehouse once a version, stored in documents, kept in the process.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from cachetools import LRUCache

from shared.domain import outbox
from shared.domain.access import Caller
from shared.domain.audit import audited
from shared.domain.outbox import Announcement
from shared.domain.suite import Suite
from shared.errors import AlreadyExists, Conflict, Stale
from shared.ports import Create, Document, Documents, Message, Put, Query, Scalar, Write

TOPIC = "data-imported"
NAMES_A_DOCUMENT = 2_000
MOST_NAMES = 50_000  # of more, those with the latest rows are known
MOST_BYTES_READ = 1 << 36
LARGEST_DOCUMENT = 900_000
LARGEST_COMMIT = 8_000_000
KEPT_A_PROCESS = 64
ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class CampaignName:
    """A campaign as the data know it.

    First and last day are those it has rows for; without any, `channels` is empty and they are
    the days it is planned for.
    """

    id: str
    name: str
    channels: tuple[str, ...]
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All known names of a tenant at one data version; first and last day are None without data."""

    data_version: int
    first_day: date | None
    last_day: date | None
    channels: tuple[str, ...]
    campaigns: tuple[CampaignName, ...]


def load_vocabulary(suite: Suite, project_id: str) -> Vocabulary:
    """The vocabulary of the project's newest data: from this process, else stored, else learned."""
    version = _newest(suite.documents, project_id)
    known = _known(suite.documents, project_id, version)
    if known is None:
        known = _learned(suite, project_id, version)
        if parts := _parts(project_id, known):
            suite.documents.commit(*parts)
        _keep(suite.documents, project_id, known)
    return known


def known_vocabulary(documents: Documents, project_id: str) -> Vocabulary | None:
    """The same without asking the warehouse; None while the newest data's names are not learned."""
    return _known(documents, project_id, _newest(documents, project_id))


def _known(documents: Documents, project_id: str, version: int) -> Vocabulary | None:
    if version == 0:
        return _vocabulary(0, ())
    kept = _kept(documents)
    with _LOCK:
        known = kept.get((project_id, version))
    if known is None and (known := _stored(documents, project_id, version)):
        _keep(documents, project_id, known)
    return known


def _keep(documents: Documents, project_id: str, known: Vocabulary) -> None:
    kept = _kept(documents)
    with _LOCK:
        kept[project_id, known.data_version] = known


def refreshed(suite: Suite, project_id: str, data_version: int) -> Sequence[Write]:
    """The writes that store the names of a data version; none if they are stored or outdated.

    What an import's event asks for, so that the first question after it does not wait.
    """
    newest = _newest(suite.documents, project_id)
    if newest != data_version or _stored(suite.documents, project_id, data_version):
        return ()
    return _parts(project_id, _learned(suite, project_id, data_version))


def record_import(suite: Suite, project_id: str, actor_uid: str, what: Mapping[str, Any]) -> int:
    """Raise the data version, audit `what` was imported, announce it; the new version.

    The announcement is committed with the version and published after it.
    """
    path = _state(project_id)
    now = suite.clock.now()
    for _ in range(ATTEMPTS):
        held = suite.documents.get(path)
        version = 1 + (held.data["version"] if held else 0)
        state = {"version": version}
        told = {**what, "data_version": version}
        imported = _imported(project_id, version)
        try:
            outbox.commit(
                suite,
                Put(path, state, if_version=held.version) if held else Create(path, state),
                audited(project_id, Caller(actor_uid), "data.imported", now, told),
                imported,
            )
        except (AlreadyExists, Stale):
            continue
        return version
    raise Conflict("Many imports run at once. The rows are in; send the file again in a moment.")


def _imported(project_id: str, version: int) -> Announcement:
    event_id = f"data-imported:{project_id}:{version}"
    body = {"data_version": version}
    return Announcement(TOPIC, Message(event_id, project_id, "DataImported", body))


def _newest(documents: Documents, project_id: str) -> int:
    state = documents.get(_state(project_id))
    version: int = state.data["version"] if state else 0
    return version


def _state(project_id: str) -> str:
    return f"projects/{project_id}/state/data"


_LOCK = Lock()
_KEPT: WeakKeyDictionary[Documents, LRUCache[tuple[str, int], Vocabulary]] = WeakKeyDictionary()


def _kept(documents: Documents) -> LRUCache[tuple[str, int], Vocabulary]:
    with _LOCK:
        return _KEPT.setdefault(documents, LRUCache(KEPT_A_PROCESS))


def _learned(suite: Suite, project_id: str, version: int) -> Vocabulary:
    found = suite.warehouse.run(
        Query(
            project_id,
            _names_sql(),
            {"first_day": date.min, "last_day": date.max},
            max_rows=MOST_NAMES,
            max_bytes=MOST_BYTES_READ,
        )
    )
    return _vocabulary(version, found.rows)


@cache
def _names_sql() -> str:
    return (Path(__file__).parents[1] / "sql" / "vocabulary" / "names.sql").read_text("utf-8")


def _vocabulary(version: int, rows: Sequence[tuple[Scalar, ...]]) -> Vocabulary:
    """Rows are (campaign_id, name, channel, first_day, last_day)."""
    named: list[Any] = sorted(rows, key=lambda row: (str(row[1]), str(row[0]), row[2] or ""))
    campaigns = tuple(
        _campaign(list(group)) for _, group in groupby(named, key=lambda row: (row[1], row[0]))
    )
    return _of(version, campaigns)


def _campaign(rows: list[tuple[str, str, str | None, date, date]]) -> CampaignName:
    return CampaignName(
        id=rows[0][0],
        name=rows[0][1],
        channels=tuple(row[2] for row in rows if row[2] is not None),
        first_day=min(row[3] for row in rows),
        last_day=max(row[4] for row in rows),
    )


def _of(version: int, campaigns: tuple[CampaignName, ...]) -> Vocabulary:
    measured = [c for c in campaigns if c.channels]
    return Vocabulary(
        data_version=version,
        first_day=min((c.first_day for c in measured), default=None),
        last_day=max((c.last_day for c in measured), default=None),
        channels=tuple(sorted({channel for c in measured for channel in c.channels})),
        campaigns=campaigns,
    )


def _parts(project_id: str, known: Vocabulary) -> list[Put]:
    # Names go as one text a document: a store that indexes fields has nothing to index.
    names, most = known.campaigns, NAMES_A_DOCUMENT
    parts = [names[n : n + most] for n in range(0, len(names) or 1, most)]
    texts = [json.dumps([_packed(c) for c in part], ensure_ascii=False) for part in parts]
    sizes = [len(text.encode()) for text in texts]
    if max(sizes) > LARGEST_DOCUMENT or sum(sizes) > LARGEST_COMMIT:
        return []
    shared = {"data_version": known.data_version, "parts": len(parts)}
    return [Put(_part(project_id, n), {**shared, "names": text}) for n, text in enumerate(texts)]


def _stored(documents: Documents, project_id: str, version: int) -> Vocabulary | None:
    """The stored names of exactly this version: a part of another one makes them unusable."""
    first = documents.get(_part(project_id, 0))
    if first is None:
        return None
    others = documents.get_many([_part(project_id, n) for n in range(1, first.data["parts"])])
    parts = [part for part in (first, *others) if part and part.data["data_version"] == version]
    if len(parts) <= len(others):
        return None
    return _of(version, tuple(name for part in parts for name in _unpacked(part)))


def _part(project_id: str, n: int) -> str:
    return f"projects/{project_id}/vocabulary/{n}"


def _packed(c: CampaignName) -> list[Any]:
    return [c.id, c.name, list(c.channels), c.first_day.isoformat(), c.last_day.isoformat()]


def _unpacked(part: Document) -> list[CampaignName]:
    day = date.fromisoformat
    return [
        CampaignName(id_, name, tuple(channels), day(first), day(last))
        for id_, name, channels, first, last in json.loads(part.data["names"])
    ]
