"""Looks at one project for anomalies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from shared.domain.anomalies.dispatch import ORDER
from shared.domain.outbox import Effect
from shared.domain.suite import Suite
from shared.errors import Malformed
from shared.runtime.events import Event, event_function


def _scan(suite: Suite, event: Event) -> Sequence[Effect]:
    from shared.domain.anomalies.scanning import ordered_scan  # with numpy and pandas

    return ordered_scan(suite, event.project_id, _day(event.body.get("as_of")))


def _day(said: object) -> date:
    try:
        return date.fromisoformat(str(said))
    except ValueError as wrong:
        raise Malformed("An order to scan names its morning: as_of, YYYY-MM-DD.") from wrong


anomaly_detect = event_function("anomaly_detect", {ORDER: _scan})
