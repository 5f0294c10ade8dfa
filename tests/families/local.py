"""The embedded family: SQLite and DuckDB in one folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.adapters.local.bus import DeadLetter, Policy, SqliteBus
from shared.adapters.local.delivery import Deliverer
from shared.adapters.local.documents import SqliteDocuments
from shared.adapters.local.text_model import OfflineModel
from shared.adapters.local.warehouse import DuckDbWarehouse
from shared.ports import Bus, Clock, Documents, TextModel, Warehouse


@dataclass(frozen=True)
class Retry:
    """How the bus under test retries."""

    backoff_s: float = 0.02
    most_s: float = 0.1
    attempts: int = 5
    ack_deadline_s: float = 10.0


class LocalFamily:
    """SQLite and DuckDB in one folder."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder, self._clock = folder, clock
        self._open: list[Any] = []

    def documents(self) -> Documents:
        return self._kept(SqliteDocuments(self._folder / "documents.sqlite", self._clock))

    def warehouse(self) -> Warehouse:
        return self._kept(DuckDbWarehouse(self._folder / "warehouse.duckdb"))

    def text_model(self) -> TextModel:
        return OfflineModel()

    def courier(self) -> Any:
        """A courier into a folder, and what is in it."""
        from tests.families.couriers import FolderPost

        return self._kept(FolderPost(self._folder / "mail", self._clock))

    def secrets(self) -> Any:
        """Secrets in a folder, and a way to put some there."""
        from tests.families.secrets import FolderSecrets

        return self._kept(FolderSecrets(self._folder / "secrets"))

    def bus(self, endpoints: dict[str, list[str]], policy: Retry) -> Bus:
        """A bus that pushes each topic to its endpoints, and has begun to."""
        bus = SqliteBus(self._folder / "bus.sqlite", self._clock)
        for topic, urls in endpoints.items():
            for number, url in enumerate(urls):
                bus.subscribe(topic, f"{topic}-{number}", url, token, _local(policy))
        deliverer = Deliverer(bus)
        deliverer.start()
        self._open += [bus, _Stop(deliverer)]
        self._bus = bus
        return bus

    def dead_letters(self) -> list[DeadLetter]:
        """What the bus gave up."""
        return self._bus.dead_letters()

    def close(self) -> None:
        for port in reversed(self._open):
            port.close()
        self._open.clear()

    def _kept(self, port: Any) -> Any:
        self._open.append(port)
        return port


def _local(policy: Retry) -> Policy:
    return Policy(policy.backoff_s, policy.most_s, policy.attempts, policy.ack_deadline_s)


@dataclass
class _Stop:
    deliverer: Deliverer

    def close(self) -> None:
        self.deliverer.stop()


def token(audience: str) -> str:
    return f"token-for-{audience}"
