"""The composition root: the only place that knows which adapters stand behind the ports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from flask import Request

from shared.domain.access import Caller
from shared.domain.suite import Suite
from shared.runtime import log
from shared.runtime.demo_identity import DemoIdentity
from shared.runtime.settings import Settings, load

if TYPE_CHECKING:
    from shared.runtime.identity import TokenVerifier


class Late:
    """A port that is built at its first use, so that a call loads only the vendors it needs."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = build
        self._lock = Lock()

    @property
    def opened(self) -> bool:
        """Whether the port was used."""
        return "port" in self.__dict__

    def __getattr__(self, name: str) -> Any:
        with self._lock:
            if "port" not in self.__dict__:
                self.port = self._build()
        return getattr(self.port, name)


@dataclass(frozen=True, slots=True)
class App:
    """One process: its settings, its ports and how it tells who calls."""

    settings: Settings
    suite: Suite
    identify: Callable[[Request], Caller]
    require_pusher: Callable[[str | None], None]

    def close(self) -> None:
        """Close what was opened."""
        for port in (self.suite.bus, self.suite.documents, self.suite.warehouse):
            if not isinstance(port, Late) or port.opened:
                cast(Any, port).close()


def compose(settings: Settings) -> App:
    """Build the app that the settings describe. Nothing connects before its first use."""
    log.configure(settings.log_level)
    people = _verifier(
        settings, settings.token_issuer, settings.token_audience, settings.token_keys
    )
    pushers = _verifier(
        settings, settings.event_issuer, settings.event_audience, settings.event_keys
    )
    demo = DemoIdentity(settings.cors_origins) if settings.auth == "demo" else None
    return App(
        settings=settings,
        suite=_local(settings),
        identify=demo.caller
        if demo
        else lambda request: people().caller(request.headers.get("Authorization")),
        require_pusher=lambda header: pushers().require_service(header, settings.event_caller),
    )


def _verifier(
    settings: Settings, issuer: str, audience: str, keys: str
) -> Callable[[], TokenVerifier]:
    @cache
    def verifier() -> TokenVerifier:
        from shared.runtime.identity import TokenVerifier

        own = (settings.data_dir / "auth" / "jwks.json").absolute().as_uri()
        return TokenVerifier(issuer=issuer, audience=audience, keys_url=keys or own)

    return verifier


def _local(settings: Settings) -> Suite:
    from shared.adapters.local.bus import SqliteBus
    from shared.adapters.local.clock import FixedDayClock, SystemClock
    from shared.adapters.local.documents import SqliteDocuments

    def warehouse() -> Any:
        from shared.adapters.local.warehouse import DuckDbWarehouse

        return DuckDbWarehouse(folder / "warehouse.duckdb")

    def model() -> Any:
        from shared.adapters.local.text_model import OfflineModel

        return OfflineModel()

    folder = settings.data_dir
    folder.mkdir(parents=True, exist_ok=True)
    clock = FixedDayClock(settings.today, SystemClock().now()) if settings.today else SystemClock()
    return Suite(
        warehouse=cast(Any, Late(warehouse)),
        documents=SqliteDocuments(folder / "documents.sqlite", clock),
        bus=cast(Any, Late(lambda: SqliteBus(folder / "bus.sqlite", clock))),
        model=cast(Any, Late(model)),
        clock=clock,
    )


_installed: list[App] = []
_composing = Lock()


def install(app: App) -> App:
    """Make this the process's app: for a process that composes its own."""
    _installed[:] = [app]
    return app


def app() -> App:
    """This process's app; composed from the environment at the first request."""
    with _composing:
        return _installed[0] if _installed else install(compose(load()))
