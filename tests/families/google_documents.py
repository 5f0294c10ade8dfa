"""Documents of the Google family: Firestore's official emulator."""

from __future__ import annotations

from infra.emulators import FIRESTORE
from shared.adapters.google.documents import FirestoreDocuments
from shared.ports import Clock
from tests.emulators import started


def open_documents(project: str, clock: Clock) -> FirestoreDocuments:
    """The documents of a project of the emulator."""
    started(FIRESTORE)
    return FirestoreDocuments(project, clock)
