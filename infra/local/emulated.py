"""The suite on the official emulators: Firestore and Pub/Sub as on Google Cloud, DuckDB below.

Pub/Sub's emulator pushes without an identity. So each endpoint carries a key that only this run
knows, and the gateway signs a push that brings it, as Pub/Sub signs its own on Google Cloud.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from infra import emulators
from infra.local.gateway import Wsgi
from shared.runtime.settings import export

PROJECT = "aims-local"
SETTINGS = {
    "AIMS_PLATFORM": "google",
    "AIMS_GOOGLE_PROJECT": PROJECT,
    "AIMS_WAREHOUSE": "duckdb",
}


@contextmanager
def emulated(folder: Path) -> Iterator[Mapping[str, str]]:
    """Start both emulators with an empty folder for the rest; they keep nothing when they stop.

    Raises Missing. Call it as the owner of the folder.
    """
    if find_spec("grpc") is None:
        raise emulators.Missing("Google's packages are not installed; `make run-emulators` does it")
    for kept in folder.glob("warehouse.duckdb*"):
        kept.unlink()
    with emulators.running(emulators.FIRESTORE, emulators.PUBSUB) as addresses:
        export(addresses)
        yield addresses


class EmulatedPush:
    """The push subscriptions of the catalog on the emulator, into one gateway."""

    def __init__(self, pubsub: str, address: str, token: Callable[[], str]) -> None:
        from infra import topics  # loads Pub/Sub's client, which a plain run does not have

        self._key = secrets.token_urlsafe(24)
        self._token = token
        topics.prepare(
            pubsub, PROJECT, lambda name: f"{address}/events/{name}?key={self._key}", topics.QUICK
        )

    def start(self) -> None:
        """Pub/Sub pushes by itself."""

    def stop(self) -> None:
        """It ends with the emulator."""

    def signed(self, app: Wsgi) -> Wsgi:
        """The app with a token on the pushes of this run."""

        def entry(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            [key] = parse_qs(environ.get("QUERY_STRING", "")).get("key", [""])[:1]
            if environ["PATH_INFO"].startswith("/events/") and secrets.compare_digest(
                key.encode(), self._key.encode()
            ):
                environ["HTTP_AUTHORIZATION"] = f"Bearer {self._token()}"
            return app(environ, start_response)

        return entry
