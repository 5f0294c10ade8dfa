"""The event edge: Pub/Sub push in, once-only effect out.

A push may be delivered twice, late or out of order. A handler returns its effects: writes, and
announcements of them. The edge commits these together with a receipt named by the event id, so the
effect happens once, and then publishes what was announced. A handler whose writes met somebody
else's is asked again.
What can never succeed is acknowledged and kept under `failures`; what may succeed later is
answered with an error, so that Pub/Sub retries with backoff and at last dead-letters.
https://cloud.google.com/pubsub/docs/push
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any

from flask import Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.domain.outbox import Effect, commit
from shared.domain.projects import PROJECT_ID
from shared.domain.suite import Suite
from shared.errors import (
    AimsError,
    AlreadyExists,
    Malformed,
    Stale,
    Unauthenticated,
    Unavailable,
)
from shared.ports import Create, Put
from shared.runtime import log
from shared.runtime.app import App, app
from shared.runtime.http import bodies

LARGEST_PUSH = 14 << 20  # a 10 MB message, base64-encoded, with its envelope
LARGEST_KEPT = 64 << 10
ATTEMPTS = 5  # of a handler whose writes meet others
SCHEDULED = "Scheduled"  # the type of message that the clock publishes
RECEIPTS_LIVE = timedelta(days=14)  # twice the longest retention of a subscription
FAILURES_LIVE = timedelta(days=30)


class Event(BaseModel):
    """A message as the suite sent it: the payload of ports.Message.

    What the clock sends belongs to no project: its `project_id` is empty.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    schema_version: int = Field(ge=1, le=1)
    event_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,200}$")]
    project_id: Annotated[str, StringConstraints(pattern=f"^({PROJECT_ID})?$")]
    type: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{1,60}$")]
    body: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _of_a_project(self) -> Event:
        if (self.type == SCHEDULED) == bool(self.project_id):
            raise ValueError("what the clock sends belongs to no project, and all else to one")
        return self


Handler = Callable[[Suite, Event], Sequence[Effect]]


def event_function(name: str, handlers: Mapping[str, Handler]) -> Callable[[Request], Response]:
    """The entry point of a catalog row with a topic: one handler for each message type."""

    def entry(request: Request) -> Response:
        return _deliver(app(), name, handlers, request)

    return entry


def _deliver(app: App, name: str, handlers: Mapping[str, Handler], request: Request) -> Response:
    raw = b""
    event: Event | None = None
    try:
        app.require_pusher(request.headers.get("Authorization"))
        raw = b"".join(bodies.blocks(request, LARGEST_PUSH))
        event = parse(raw)
        outcome = _handle(app.suite, name, handlers, event)
        status = 204
    except Unauthenticated:
        outcome, status = "refused", 401
    except AimsError as error:
        outcome, status = _judge(app.suite, name, error, raw, event)
    except Exception as bug:  # noqa: BLE001 (the edge: a bug is retried and at last dead-lettered)
        log.bug(bug, operation=name)
        outcome, status = "bug", 500
    bodies.finish(request)
    log.request(
        request.headers,
        status=status,
        operation=name,
        outcome=outcome,
        event_id=event.event_id if event else None,
        project_id=event.project_id if event else None,
    )
    return Response(status=status)


def parse(raw: bytes) -> Event:
    """The event in a push envelope, bare or inside a CloudEvent. Raises Malformed."""
    try:
        envelope = json.loads(raw)
        if "specversion" in envelope:  # Eventarc, structured mode; binary mode has the bare body
            envelope = envelope["data"]
        message = envelope["message"]
        payload = json.loads(base64.b64decode(message["data"], validate=True))
        if payload["type"] == SCHEDULED and "event_id" not in payload:
            payload |= _firing(message)
        return Event.model_validate(payload)
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as wrong:
        raise Malformed("This is not a message of this suite.") from wrong


def _firing(message: Mapping[str, Any]) -> dict[str, str]:
    """What tells one firing from another: Cloud Scheduler's message is always the same text.

    It may publish one firing twice, at once; a run by hand in another minute is another firing.
    """
    minute = datetime.fromisoformat(message["publishTime"]).astimezone(UTC).strftime("%Y%m%dT%H%MZ")
    return {"event_id": f"scheduled:{minute}", "project_id": ""}


def _handle(suite: Suite, name: str, handlers: Mapping[str, Handler], event: Event) -> str:
    handler = handlers.get(event.type)
    if handler is None:
        raise Malformed(f"{name} has no handler for this type of message.")
    receipt = f"receipts/{name}:{event.event_id}"
    if suite.documents.get(receipt) is not None:
        return "repeated"
    for _ in range(ATTEMPTS):
        effects = handler(suite, event)
        now = suite.clock.now()
        record = {"at": now.isoformat(), "project_id": event.project_id}
        try:
            commit(suite, Create(receipt, record, expires_at=now + RECEIPTS_LIVE), *effects)
        except (AlreadyExists, Stale):
            if suite.documents.get(receipt) is not None:
                return "repeated"
            continue
        return "done"
    raise Unavailable("Others write the same documents at once: it is tried again later.")


def _judge(
    suite: Suite, name: str, error: AimsError, raw: bytes, event: Event | None
) -> tuple[str, int]:
    if error.retryable:
        return f"retry: {error.slug}", 503
    try:
        _keep_failure(suite, name, error, raw, event)
    except AimsError as again:
        return f"retry: {again.slug}", 503
    return f"failed: {error.slug}", 204


def _keep_failure(
    suite: Suite, name: str, error: AimsError, raw: bytes, event: Event | None
) -> None:
    now = suite.clock.now()
    mark = sha256(raw).hexdigest()[:24]
    home = f"projects/{event.project_id}/failures" if event and event.project_id else "failures"
    failure = {
        "at": now.isoformat(),
        "function": name,
        "error": error.slug,
        "detail": error.detail,
        "event_id": event.event_id if event else None,
        "push": raw[:LARGEST_KEPT].decode("utf-8", "replace"),
    }
    suite.documents.commit(Put(f"{home}/{name}-{mark}", failure, expires_at=now + FAILURES_LIVE))
