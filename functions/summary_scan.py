"""Has every project's week summed up, each Monday."""

from __future__ import annotations

from shared.domain.outbox import Effect
from shared.domain.suite import Suite
from shared.domain.summaries.dispatch import order_summaries
from shared.runtime.events import SCHEDULED, Event, event_function


def _order(suite: Suite, event: Event) -> tuple[Effect, ...]:
    order_summaries(suite, event.event_id)
    return ()


summary_scan = event_function("summary_scan", {SCHEDULED: _order})
