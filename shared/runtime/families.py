"""The only place that knows which adapters stand behind the ports.

Every port is opened at its first use, so that a call loads only the vendors it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from threading import Lock
from typing import Any, cast

from shared.domain import model_usage
from shared.domain.suite import Suite
from shared.ports import Clock, Documents
from shared.runtime.settings import Settings


class Late:
    """A port that is opened at its first use."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = build
        self._lock = Lock()

    def __getattr__(self, name: str) -> Any:
        with self._lock:
            if "port" not in self.__dict__:
                self.port = self._build()
        return getattr(self.port, name)

    def close(self) -> None:
        """Close the port if it was opened and holds something."""
        if "port" in self.__dict__ and hasattr(self.port, "close"):
            self.port.close()


def open_suite(settings: Settings) -> Suite:
    """The suite that the settings describe."""
    if settings.platform == "local":
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    clock = _clock(settings)
    documents = cast(Documents, Late(lambda: _DOCUMENTS[settings.platform](settings, clock)))
    own = "duckdb" if settings.platform == "local" else "bigquery"
    model = "offline" if settings.model == "offline" else "gemini"
    courier = "smtp" if settings.smtp_host else "folder"
    late: Mapping[str, Late] = {
        "warehouse": Late(lambda: _WAREHOUSES[settings.warehouse or own](settings)),
        "bus": Late(lambda: _BUSES[settings.platform](settings, clock)),
        "model": Late(lambda: _MODELS[model](settings, documents, clock)),
        "courier": Late(lambda: _COURIERS[courier](settings, clock)),
        "webhooks": Late(lambda: _webhooks(settings, clock)),
        "secrets": Late(lambda: _SECRETS[settings.platform](settings, clock)),
    }
    ports = cast(Any, late)
    return Suite(documents=documents, clock=clock, public_url=settings.public_url, **ports)


def _clock(settings: Settings) -> Clock:
    from shared.adapters.local.clock import FixedDayClock, SystemClock

    return FixedDayClock(settings.today, SystemClock().now()) if settings.today else SystemClock()


def _sqlite(settings: Settings, clock: Clock) -> Any:
    from shared.adapters.local.documents import SqliteDocuments

    return SqliteDocuments(settings.data_dir / "documents.sqlite", clock)


def _firestore(settings: Settings, clock: Clock) -> Any:
    from shared.adapters.google.documents import FirestoreDocuments

    return FirestoreDocuments(settings.google_project, clock, settings.firestore_database)


def _duckdb(settings: Settings) -> Any:
    from shared.adapters.local.warehouse import DuckDbWarehouse

    return DuckDbWarehouse(settings.data_dir / "warehouse.duckdb")


def _bigquery(settings: Settings) -> Any:
    from shared.adapters.google.warehouse import BigQueryWarehouse

    return BigQueryWarehouse(
        settings.google_project, settings.bigquery_dataset, settings.bigquery_location
    )


def _queue(settings: Settings, clock: Clock) -> Any:
    from shared.adapters.local.bus import SqliteBus

    return SqliteBus(settings.data_dir / "bus.sqlite", clock)


def _pubsub(settings: Settings, _: Clock) -> Any:
    from shared.adapters.google.bus import PubSubBus

    return PubSubBus(settings.google_project)


def _offline(_: Settings, __: Documents, ___: Clock) -> Any:
    from shared.adapters.local.text_model import OfflineModel

    return OfflineModel()


def _gemini(settings: Settings, documents: Documents, clock: Clock) -> Any:
    from shared.adapters.google.text_model import GeminiModel

    meter = partial(model_usage.record, documents, clock)
    return GeminiModel(settings.google_project, settings.model_location, settings.model, meter)


def _folder(settings: Settings, clock: Clock) -> Any:
    from shared.adapters.local.courier import FolderCourier

    return FolderCourier(settings.data_dir / "mail", settings.smtp_from, clock)


def _smtp(settings: Settings, clock: Clock) -> Any:
    from shared.adapters.mail import SmtpCourier, SmtpServer

    secrets = _SECRETS[settings.platform](settings, clock)
    server = SmtpServer(
        settings.smtp_host, settings.smtp_port, settings.smtp_user, settings.smtp_from
    )
    return SmtpCourier(server, lambda: secrets.get(settings.smtp_password_secret), clock)


def _webhooks(settings: Settings, clock: Clock) -> Any:
    from shared.adapters.webhooks import HttpsWebhooks

    return HttpsWebhooks(clock, settings.webhook_networks)


def _secret_files(settings: Settings, _: Clock) -> Any:
    from shared.adapters.local.secrets import SecretFiles

    return SecretFiles(settings.data_dir / "secrets")


def _secret_manager(settings: Settings, clock: Clock) -> Any:
    from shared.adapters.google.secrets import SecretManager

    return SecretManager(settings.google_project, clock=clock)


_DOCUMENTS = {"local": _sqlite, "google": _firestore}
_WAREHOUSES = {"duckdb": _duckdb, "bigquery": _bigquery}
_BUSES = {"local": _queue, "google": _pubsub}
_MODELS = {"offline": _offline, "gemini": _gemini}
_COURIERS = {"folder": _folder, "smtp": _smtp}
_SECRETS = {"local": _secret_files, "google": _secret_manager}
