"""The API's description and the suite's health."""

from __future__ import annotations

from shared.domain import health
from shared.domain.health import Health
from shared.domain.suite import Suite
from shared.runtime.catalog import OPENAPI
from shared.runtime.http.edge import http_function
from shared.runtime.http.operations import Call, Operation, Reply


def _readiness(suite: Suite, _: Call) -> Reply:
    state = health.readiness(suite)
    return Reply(state, status=200 if state.status == "ready" else 503)


def _openapi(_: Suite, __: Call) -> Reply:
    return Reply(OPENAPI.read_bytes(), version=str(OPENAPI.stat().st_mtime_ns))


_LIVENESS = Operation(lambda _, __: Health(status="ok"), answer=Health)
_READINESS = Operation(_readiness, answer=Health)

platform = http_function(
    "platform",
    {
        "openapi": Operation(_openapi),
        "liveness": _LIVENESS,
        "readiness": _READINESS,
        "health": _LIVENESS,
        "ready": _READINESS,
    },
)
