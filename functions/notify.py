"""Routes what was found and what was summed up to people, by their preferences."""

from __future__ import annotations

from shared.domain.anomalies.records.announcing import FOUND
from shared.domain.notifications.notify import routed
from shared.domain.summaries import routing
from shared.runtime.events import event_function

notify = event_function(
    "notify",
    {
        FOUND: lambda suite, event: routed(suite, event.project_id, event.event_id, event.body),
        routing.WRITTEN: lambda suite, event: routing.routed(suite, event.project_id, event.body),
    },
)
