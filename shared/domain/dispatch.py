"""When the clock fires: one order for each project."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from zoneinfo import ZoneInfo

from shared.domain.outbox import Announcement
from shared.domain.suite import Suite
from shared.ports import Listing, every_document

AT_ONCE = 500


def order_each(suite: Suite, order: Callable[[str, ZoneInfo], Announcement]) -> int:
    """Hand over what `order` makes of each project's id and zone; how many. Raises Unavailable.

    Nothing is kept of an order but of one that is due later, which waits in the outbox: done again
    for the same firing, the same orders go out, and a receiver knows those that it has had by
    their event ids.
    """
    ordered = 0
    stored = every_document(suite.documents, Listing("projects", limit=AT_ONCE))
    while batch := list(islice(stored, AT_ONCE)):
        _hand_over(suite, [order(one.id, zone_of(one.data.get("timezone"))) for one in batch])
        ordered += len(batch)
    return ordered


def zone_of(name: object) -> ZoneInfo:
    """A project's zone. One that is unknown here keeps nothing from being ordered: it is UTC."""
    try:
        return ZoneInfo(str(name))
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def _hand_over(suite: Suite, orders: Sequence[Announcement]) -> None:
    now = suite.clock.now()
    if later := [order.kept(now) for order in orders if order.due is not None]:
        suite.documents.commit(*later)
    for topic in {order.topic for order in orders}:
        if ready := [o.message for o in orders if o.topic == topic and o.due is None]:
            suite.bus.publish(topic, ready)
