"""Whether the suite can work: each dependency asked, each with its latency."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from pydantic import BaseModel

from shared.domain.suite import Suite
from shared.errors import AimsError


class Dependency(BaseModel):
    """One dependency's answer; `latency_ms` is how long it took."""

    ok: bool
    latency_ms: float


class Health(BaseModel):
    """The suite's state: `ok` (alive), `ready`, or `not ready`."""

    status: str
    dependencies: dict[str, Dependency] | None = None


def readiness(suite: Suite) -> Health:
    """Ask the stores. A store that fails makes the suite `not ready`."""
    asked = {"documents": suite.documents.ping, "warehouse": suite.warehouse.ping}
    found = {name: _ask(suite, ping) for name, ping in asked.items()}
    ready = all(dependency.ok for dependency in found.values())
    return Health(status="ready" if ready else "not ready", dependencies=found)


def _ask(suite: Suite, ping: Callable[[], None]) -> Dependency:
    started = suite.clock.now()
    try:
        ping()
        ok = True
    except AimsError:
        ok = False
    taken = (suite.clock.now() - started) / timedelta(milliseconds=1)
    return Dependency(ok=ok, latency_ms=round(taken, 2))
