"""Structured JSON logs on standard output, in the fields that Cloud Logging reads.

No secret and no personal data is logged: callers appear as a short one-way tag, request bodies,
questions, tokens and e-mail addresses never.
https://cloud.google.com/logging/docs/structured-logging
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO

from werkzeug.datastructures import Headers

_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_CLOUD_TRACE = re.compile(r"([0-9a-f]{32})(?:/.*)?")
_LOGGER = logging.getLogger("aims")
_sink: list[TextIO] = [sys.stdout]


class JsonLines(logging.Formatter):
    """One JSON object a line: severity, message, time and the fields of the record."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC)
        line = {
            "severity": record.levelname,
            "message": record.getMessage(),
            "time": at.isoformat(timespec="milliseconds"),
            **getattr(record, "fields", {}),
        }
        return json.dumps(line, ensure_ascii=False, default=str)


def send_to(sink: TextIO) -> None:
    """Write logs here instead of to standard output; call before `configure`."""
    _sink[:] = [sink]


def configure(level: str) -> None:
    """Log from this severity on."""
    handler = logging.StreamHandler(_sink[0])
    handler.setFormatter(JsonLines())
    _LOGGER.handlers = [handler]
    _LOGGER.propagate = False
    _LOGGER.setLevel(level.upper())


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
    found = traceback.extract_tb(wrong.__traceback__)[-12:]
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in found]
    fields = {**fields, "error": type(wrong).__name__, "frames": frames}
    _LOGGER.error("unexpected error", extra={"fields": fields})


def request(headers: Headers, *, status: int, **fields: Any) -> None:
    """Log one answered request: what was called and how it went, never what was sent."""
    if trace := trace_of(headers):
        fields["logging.googleapis.com/trace"] = trace
    level = logging.ERROR if status >= 500 else logging.INFO
    _LOGGER.log(level, "request", extra={"fields": {"status": status, **fields}})
