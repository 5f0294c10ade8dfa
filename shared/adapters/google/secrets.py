"""The Secrets port kept by Secret Manager."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import google_crc32c
import grpc
from google.api_core import exceptions
from google.api_core.retry import Retry, if_exception_type
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError
from google.cloud.secretmanager_v1 import SecretManagerServiceClient, SecretPayload
from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (
    SecretManagerServiceGrpcTransport,
)

from shared.errors import NotFound, Unavailable
from shared.ports import Clock

NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
KEPT = timedelta(minutes=5)
KEPT_THROUGH_AN_OUTAGE = timedelta(hours=1)
ASKED_AGAIN = timedelta(seconds=30)  # during an outage
DEADLINE_S = 5.0

_RETRY = Retry(
    predicate=if_exception_type(
        exceptions.ServiceUnavailable, exceptions.ResourceExhausted, exceptions.Aborted
    ),
    initial=0.1,
    maximum=1.0,
    timeout=DEADLINE_S,
)
_GONE = (
    exceptions.NotFound,
    exceptions.PermissionDenied,
    exceptions.FailedPrecondition,  # the newest version is disabled or destroyed
    exceptions.InvalidArgument,
)


@dataclass(frozen=True, slots=True)
class _Held:
    value: str
    read_at: datetime
    ask_at: datetime


class SecretManager:
    """Keeps shared.ports.Secrets: the newest version of each secret, asked for once in 5 minutes.

    While the service is down, the last value read serves for up to an hour: a password that
    worked is worth more than none, and taking one away by an outage nobody intends. An answer
    that the secret is gone ends that at once. `endpoint` is the host and port of a server without
    TLS, for tests.
    """

    def __init__(
        self,
        project: str,
        *,
        endpoint: str | None = None,
        credentials: Credentials | None = None,
        clock: Clock,
    ) -> None:
        self._client = _client(endpoint, credentials)
        self._project, self._clock = project, clock
        self._held: dict[str, _Held] = {}
        self._asking: dict[str, Lock] = {}

    def get(self, name: str) -> str:
        """The newest version's text; callers who ask at once share one call."""
        if not NAME.fullmatch(name):
            raise NotFound(_MISSING)
        return self._fresh(name) or self._asked(name)

    def close(self) -> None:
        """End the connection."""
        self._client.transport.close()

    def _fresh(self, name: str) -> str | None:
        held = self._held.get(name)
        return held.value if held and self._clock.now() < held.ask_at else None

    def _asked(self, name: str) -> str:
        turn = self._asking.setdefault(name, Lock())
        if not turn.acquire(timeout=2 * DEADLINE_S):
            raise Unavailable(_DOWN)
        try:
            return self._fresh(name) or self._read(name)
        finally:
            turn.release()

    def _read(self, name: str) -> str:
        now = self._clock.now()
        try:
            value = self._latest(name)
        except NotFound:
            self._held.pop(name, None)
            raise
        except Unavailable:
            held = self._held.get(name)
            if held is None or now - held.read_at >= KEPT_THROUGH_AN_OUTAGE:
                raise
            self._held[name] = _Held(held.value, held.read_at, now + ASKED_AGAIN)
            return held.value
        self._held[name] = _Held(value, now, now + KEPT)
        return value

    def _latest(self, name: str) -> str:
        path = f"projects/{self._project}/secrets/{name}/versions/latest"
        with _translated():
            answer = self._client.access_secret_version(name=path, retry=_RETRY, timeout=DEADLINE_S)
        return _text(answer.payload)


_MISSING = "There is no such secret, or it may not be read here. An operator must check it."
_DOWN = "Secrets cannot be read right now. Try again in a minute."


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except _GONE as error:
        raise NotFound(_MISSING) from error
    except (exceptions.GoogleAPIError, GoogleAuthError) as error:
        raise Unavailable(_DOWN) from error


def _text(payload: SecretPayload) -> str:
    if "data_crc32c" in payload and google_crc32c.value(payload.data) != payload.data_crc32c:
        raise Unavailable(_DOWN)  # damaged on its way
    try:
        return payload.data.decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise NotFound(_MISSING) from error


def _client(endpoint: str | None, credentials: Credentials | None) -> Any:
    if endpoint is None:
        return SecretManagerServiceClient(credentials=credentials)
    channel = grpc.insecure_channel(endpoint)
    return SecretManagerServiceClient(transport=SecretManagerServiceGrpcTransport(channel=channel))
