"""Sums up one project's week."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.outbox import Effect
from shared.domain.suite import Suite
from shared.domain.summaries.dispatch import ORDER
from shared.runtime.events import Event, event_function


def _write(suite: Suite, event: Event) -> Sequence[Effect]:
    from shared.domain.summaries.producing import ordered  # with arrays and what draws charts

    return ordered(suite, event.project_id, event.body)


summary_write = event_function("summary_write", {ORDER: _write})
