"""The outbox: a message that belongs to a write is committed with it, and published afterwards.

A crash between the two loses nothing: the timed `relay` publishes what is left. It may publish
something twice; every receiver knows a repeat by its event id.
https://microservices.io/patterns/data/transactional-outbox.html
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.suite import Suite
from shared.errors import Unavailable
from shared.ports import Delete, Document, Listing, Message, Put

COLLECTION = "outbox"
LEFT_AFTER = timedelta(minutes=1)  # what is younger is still being published by its writer
A_BATCH = 100
MOST_A_RUN = 10_000


@dataclass(frozen=True, slots=True)
class Announcement:
    """A message on its way to a topic."""

    topic: str
    message: Message

    def kept(self, now: datetime) -> Put:
        """The write that keeps it: part of the commit of what it announces."""
        message = self.message
        return Put(
            self.path,
            {
                "at": now.isoformat(timespec="microseconds"),
                "topic": self.topic,
                "event_id": message.event_id,
                "project_id": message.project_id,
                "type": message.type,
                "body": dict(message.body),
            },
        )

    @property
    def path(self) -> str:
        """Where it is kept."""
        return f"{COLLECTION}/{self.message.event_id}"


def publish(suite: Suite, *announcements: Announcement) -> None:
    """Publish what was committed and forget it. With the bus down, the relay does it later."""
    by_topic: dict[str, list[Announcement]] = defaultdict(list)
    for announcement in announcements:
        by_topic[announcement.topic].append(announcement)
    for topic, group in by_topic.items():
        try:
            suite.bus.publish(topic, [a.message for a in group])
            suite.documents.commit(*(Delete(a.path) for a in group))
        except Unavailable:
            continue


def relay(suite: Suite) -> int:
    """Publish what writers left behind, oldest first; how many. Raises Unavailable."""
    before = (suite.clock.now() - LEFT_AFTER).isoformat(timespec="microseconds")
    relayed, after = 0, None
    while relayed < MOST_A_RUN:
        page = suite.documents.list(Listing(COLLECTION, order_by="at", limit=A_BATCH, after=after))
        left = [document for document in page.items if document.data["at"] <= before]
        _relay(suite, left)
        relayed, after = relayed + len(left), page.next_cursor
        if len(left) < len(page.items) or after is None:
            break
    return relayed


def _relay(suite: Suite, left: list[Document]) -> None:
    by_topic: dict[str, list[Document]] = defaultdict(list)
    for document in left:
        by_topic[document.data["topic"]].append(document)
    for topic, documents in by_topic.items():
        suite.bus.publish(topic, [_message(document) for document in documents])
        suite.documents.commit(*(Delete(document.path) for document in documents))


def _message(document: Document) -> Message:
    kept = document.data
    return Message(kept["event_id"], kept["project_id"], kept["type"], kept["body"])
