"""Sends one notification or one summary to one person."""

from __future__ import annotations

from shared.domain.notifications.deliver import delivered
from shared.domain.notifications.notify import DELIVER
from shared.domain.summaries import delivering, routing
from shared.runtime.events import event_function

deliver = event_function(
    "deliver",
    {
        DELIVER: lambda suite, event: delivered(suite, event.project_id, event.body),
        routing.DELIVER: lambda suite, event: delivering.delivered(
            suite, event.project_id, event.body
        ),
    },
)
