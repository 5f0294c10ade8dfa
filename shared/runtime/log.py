"""Structured JSON logs on standard output, in the fields that Cloud Logging reads.

No secret and no personal data is logged: callers appear as a short one-way tag, request bodies,
questions, tokens and e-mail addresses never.
https://cloud.google.com/logging/docs/structured-logging
"""

from __future__ import annotations

import hashlib
import logging
import re
import sys
import traceback
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict
from werkzeug.datastructures import Headers

_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_CLOUD_TRACE = re.compile(r"([0-9a-f]{32})(?:/.*)?")


def _cloud_names(_: Any, __: str, event: EventDict) -> EventDict:
    event["severity"] = event.pop("level", "info").upper()
    event["message"] = event.pop("event", "")
    return event


_sink: list[TextIO] = [sys.stdout]


def send_to(sink: TextIO) -> None:
    """Write logs here instead of to standard output; call before `configure`."""
    _sink[:] = [sink]


def configure(level: str) -> None:
    """Send the suite's logs to standard output, one JSON object a line."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            structlog.processors.format_exc_info,
            _cloud_names,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.WriteLoggerFactory(_sink[0]),
        cache_logger_on_first_use=False,
    )


def logger() -> Any:
    """The suite's logger: `logger().info("what happened", field=value)`."""
    return structlog.get_logger()


def tag(uid: str) -> str:
    """A short one-way name for a person: enough to follow one through the logs."""
    return hashlib.sha256(uid.encode()).hexdigest()[:12]


def trace_of(headers: Headers) -> str | None:
    """The trace id of a request, from W3C `traceparent` or `X-Cloud-Trace-Context`."""
    if found := _TRACEPARENT.fullmatch(headers.get("traceparent", "")):
        return found[1]
    if found := _CLOUD_TRACE.fullmatch(headers.get("X-Cloud-Trace-Context", "")):
        return found[1]
    return None


def bug(wrong: BaseException, **fields: Any) -> None:
    """Log a fault of ours: type and frames only, for a message may quote what a caller sent."""
    frames = [
        f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(wrong.__traceback__)
    ]
    logger().error("unexpected error", error=type(wrong).__name__, frames=frames[-12:], **fields)


def request(headers: Headers, *, status: int, **fields: Any) -> None:
    """Log one answered request: what was called and how it went, never what was sent."""
    if trace := trace_of(headers):
        fields["logging.googleapis.com/trace"] = trace
    level = "error" if status >= 500 else "info"
    getattr(logger(), level)("request", status=status, **fields)
