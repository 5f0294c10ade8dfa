"""The composition root: one process's settings, its ports and how it tells who calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from flask import Request

from shared.domain.access import Caller
from shared.domain.suite import Suite
from shared.runtime import log
from shared.runtime.demo_identity import DemoIdentity
from shared.runtime.families import Late, open_suite
from shared.runtime.settings import Settings, load

if TYPE_CHECKING:
    from shared.runtime.identity import TokenVerifier


@dataclass(frozen=True, slots=True)
class App:
    """One process: its settings, its ports and how it tells who calls."""

    settings: Settings
    suite: Suite
    identify: Callable[[Request], Caller]
    require_pusher: Callable[[str | None], None]

    def close(self) -> None:
        """Close what was opened."""
        suite = self.suite
        ports = (suite.bus, suite.documents, suite.warehouse, suite.model, suite.courier)
        for port in (*ports, suite.webhooks, suite.secrets):
            if isinstance(port, Late):
                port.close()


def compose(settings: Settings) -> App:
    """Build the app that the settings describe. Nothing connects before its first use."""
    log.configure(settings.log_level, settings.google_project)
    people = _verifier(
        settings, settings.token_issuer, settings.token_audience, settings.token_keys
    )
    pushers = _verifier(
        settings, settings.event_issuer, settings.event_audience, settings.event_keys
    )
    demo = DemoIdentity(settings.cors_origins) if settings.auth == "demo" else None
    return App(
        settings=settings,
        suite=open_suite(settings),
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
