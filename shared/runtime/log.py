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
SEVERITIES = ("debug", "info", "warning", "error")
_as_json = json.JSONEncoder(ensure_ascii=False, default=str).encode
_sink: list[TextIO] = [sys.stdout]
_least = [SEVERITIES.index("info")]
_project: list[str] = [""]


def send_to(sink: TextIO) -> None:
    """Write logs here instead of to standard output."""
    _sink[:] = [sink]


class _FromLibraries(logging.Handler):
    """What libraries warn of, in lines of the same form."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write it; of an exception only its type, for its text may quote what was sent."""
        severity = "error" if record.levelno >= logging.ERROR else "warning"
        kind = record.exc_info and record.exc_info[0]
        write(severity, record.getMessage()[:500], logger=record.name, error=kind and kind.__name__)


_from_libraries = _FromLibraries(logging.WARNING)


def configure(level: str, google_project: str = "") -> None:
    """Log from this severity on, one of SEVERITIES; name traces as those of a Google project."""
    _least[:] = [SEVERITIES.index(level)]
    _project[:] = [google_project]
    logging.getLogger().addHandler(_from_libraries)  # a second time changes nothing


def write(severity: str, message: str, **fields: Any) -> None:
    """Write one line: severity, message, time and the fields."""
    if SEVERITIES.index(severity) < _least[0]:
        return
    at = datetime.now(UTC).isoformat(timespec="milliseconds")  # noqa: TID251 (logs: real time)
    line = {"severity": severity.upper(), "message": message, "time": at, **fields}
    sink = _sink[0]
    sink.write(_as_json(line) + "\n")
    sink.flush()


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
    write("error", "unexpected error", error=type(wrong).__name__, frames=frames, **fields)


def request(headers: Headers, *, status: int, **fields: Any) -> None:
    """Log one answered request: what was called and how it went, never what was sent."""
    if trace := trace_of(headers):
        prefix = f"projects/{_project[0]}/traces/" if _project[0] else ""
        fields["logging.googleapis.com/trace"] = prefix + trace
    write("error" if status >= 500 else "info", "request", status=status, **fields)
