"""Has every project looked at for anomalies, each morning."""

from __future__ import annotations

from shared.domain.anomalies.dispatch import order_scans
from shared.domain.outbox import Effect
from shared.domain.suite import Suite
from shared.runtime.events import SCHEDULED, Event, event_function


def _order(suite: Suite, event: Event) -> tuple[Effect, ...]:
    order_scans(suite, event.event_id)
    return ()


anomaly_scan = event_function("anomaly_scan", {SCHEDULED: _order})
