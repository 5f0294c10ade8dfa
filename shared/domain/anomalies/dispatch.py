"""Each morning, one order for each project: look at what yesterday brought."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from shared.domain.dispatch import order_each
from shared.domain.outbox import Announcement
from shared.domain.suite import Suite
from shared.ports import Message

TOPIC = "anomaly-scan-requests"
ORDER = "DetectAnomalies"


def order_scans(suite: Suite, firing: str) -> int:
    """Order a scan of each project; how many. Raises Unavailable."""

    def scan(project_id: str, zone: ZoneInfo) -> Announcement:
        as_of = suite.clock.today(zone).isoformat()
        event_id = f"anomaly-scan:{project_id}:{firing}"
        return Announcement(TOPIC, Message(event_id, project_id, ORDER, {"as_of": as_of}))

    return order_each(suite, scan)
