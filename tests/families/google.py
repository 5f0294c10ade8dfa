"""The Google family, each port against the most real thing that runs without an account."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

from shared.ports import Bus, Clock, Documents, TextModel, Warehouse


class GoogleFamily:
    """Firestore and Pub/Sub emulators, BigQuery and Vertex AI by protocol servers.

    Every family has a project id of its own, so tests share an emulator and nothing in it.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder, self._clock = folder, clock
        self._project = f"test-{uuid4().hex[:12]}"
        self._open: list[Any] = []

    def documents(self) -> Documents:
        from tests.families.google_documents import open_documents

        return self._kept(open_documents(self._project, self._clock))

    def warehouse(self) -> Warehouse:
        from tests.families.google_warehouse import open_warehouse

        return self._kept(open_warehouse(self._project))

    def text_model(self) -> TextModel:
        from tests.families.google_text_model import open_text_model

        return self._kept(open_text_model(self._project))

    def courier(self) -> Any:
        """A courier by SMTP, and what it delivered."""
        from tests.families.couriers import ServedPost

        return self._kept(ServedPost(self._clock))

    def secrets(self) -> Any:
        """Secret Manager, and a way to put secrets there."""
        from tests.families.secrets import ServedSecrets

        return self._kept(ServedSecrets(self._project, self._clock))

    def bus(self, endpoints: dict[str, list[str]], policy: Any) -> Bus:
        """A bus whose topics push to their endpoints."""
        from tests.families.google_bus import open_bus

        self._bus = self._kept(open_bus(self._project, endpoints, policy))
        return self._bus.bus

    def dead_letters(self) -> list[Any]:
        """What the bus gave up."""
        return self._bus.dead_letters()

    def close(self) -> None:
        for port in reversed(self._open):
            port.close()
        self._open.clear()

    def _kept(self, port: Any) -> Any:
        self._open.append(port)
        return port
