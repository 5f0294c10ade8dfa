"""What the scans of a project share, and the records that a scan has to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, takewhile
from typing import Any

from shared.domain.anomalies.records.record import Record, collection_of, path_of, read_record
from shared.ports import Documents, Listing, every_document

A_PAGE = 100
MOST_READ = 2_000


@dataclass(frozen=True, slots=True)
class Ledger:
    """What scans of a project share: the latest day, the open record of each key by its mark, and
    how long a key is to be quiet whose muted record has recovered.
    """

    scanned_to: date | None = None
    open: Mapping[str, str] = field(default_factory=dict)
    quiet: Mapping[str, date] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """What its document holds."""
        day = self.scanned_to.isoformat() if self.scanned_to else None
        quiet = {mark: until.isoformat() for mark, until in self.quiet.items()}
        return {"scanned_to": day, "open": dict(self.open), "quiet": quiet}


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored record and its document's version."""

    record: Record
    version: str


@dataclass(frozen=True, slots=True)
class Held:
    """What a scan has to know: every open record, and those resolved that were seen in the days
    before; its ledger's version is None if there is none yet.
    """

    ledger: Ledger = Ledger()
    ledger_version: str | None = None
    records: tuple[Kept, ...] = ()


def ledger_path(project_id: str) -> str:
    """Where a project's ledger is stored."""
    return f"projects/{project_id}/state/anomalies"


def read_held(documents: Documents, project_id: str, since: date) -> Held:
    """Every open record and those that were last seen on the day `since` or later.

    The ledger is read first: whatever others open after that is met when it is written over.
    """
    ledger, version = read_ledger(documents, project_id)
    open_ones = documents.get_many([path_of(project_id, i) for i in ledger.open.values()])
    latest = Listing(collection_of(project_id), order_by="last_seen", descending=True, limit=A_PAGE)
    recent = islice(every_document(documents, latest), MOST_READ)
    lately = takewhile(lambda document: document.data["last_seen"] >= since.isoformat(), recent)
    found = {document.path: document for document in (*lately, *open_ones) if document is not None}
    records = tuple(Kept(read_record(d), d.version) for d in found.values())
    return Held(ledger, version, records)


def read_ledger(documents: Documents, project_id: str) -> tuple[Ledger, str | None]:
    """The project's ledger and its version; an empty one has none."""
    found = documents.get(ledger_path(project_id))
    if found is None:
        return Ledger(), None
    day, quiet = found.data["scanned_to"], found.data["quiet"]
    ledger = Ledger(
        scanned_to=date.fromisoformat(day) if day else None,
        open=found.data["open"],
        quiet={mark: date.fromisoformat(until) for mark, until in quiet.items()},
    )
    return ledger, found.version
