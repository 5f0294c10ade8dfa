"""Each Monday, one order for each project: sum up the week that is over.

The clock fires once for all the world. Where it is not yet Monday morning then, the order waits
until it is, so that what Sunday brought has arrived.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.domain.dispatch import order_each
from shared.domain.outbox import Announcement
from shared.domain.suite import Suite
from shared.domain.summaries.week import week_over
from shared.ports import Message

TOPIC = "weekly-summary-requests"
ORDER = "WriteSummary"
MORNING = time(6)  # of Monday, by the clock of the project


def order_summaries(suite: Suite, firing: str) -> int:
    """Order the summary of each project's week; how many. Raises Unavailable."""
    now = suite.clock.now()
    week = week_over(now.astimezone(UTC).date())

    def summary(project_id: str, zone: ZoneInfo) -> Announcement:
        due = datetime.combine(week.end + timedelta(days=1), MORNING, zone)
        event_id = f"weekly-summary:{project_id}:{week.name}:{firing}"
        order = Message(event_id, project_id, ORDER, {"week": week.name})
        return Announcement(TOPIC, order, due if due > now else None)

    return order_each(suite, summary)
