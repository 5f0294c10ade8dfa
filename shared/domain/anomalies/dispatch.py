"""Each morning, one order for each project: look at what yesterday brought."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from zoneinfo import ZoneInfo

from shared.domain.suite import Suite
from shared.ports import Listing, Message, every_document

TOPIC = "anomaly-scan-requests"
ORDER = "DetectAnomalies"
AT_ONCE = 500


def order_scans(suite: Suite, firing: str) -> int:
    """Publish one order for each project; how many. Raises Unavailable.

    Nothing is kept of it: done again for the same firing, it publishes the same orders, and a
    receiver knows those that it has had by their event ids.
    """
    ordered = 0
    orders = _orders(suite, firing)
    while batch := list(islice(orders, AT_ONCE)):
        suite.bus.publish(TOPIC, batch)
        ordered += len(batch)
    return ordered


def _orders(suite: Suite, firing: str) -> Iterator[Message]:
    for stored in every_document(suite.documents, Listing("projects", limit=AT_ONCE)):
        as_of = suite.clock.today(_zone(stored.data.get("timezone"))).isoformat()
        event_id = f"anomaly-scan:{stored.id}:{firing}"
        yield Message(event_id, stored.id, ORDER, {"as_of": as_of})


def _zone(name: object) -> ZoneInfo:
    """A project's zone. One that is unknown here keeps nobody's scan from being ordered."""
    try:
        return ZoneInfo(str(name))
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
