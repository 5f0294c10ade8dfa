"""The outbox: a message that belongs to a write is committed with it, and published afterwards.

A crash between the two loses nothing: the timed `relay` publishes what is left. It may publish
something twice; every receiver knows a repeat by its event id.
https://microservices.io/patterns/data/transactional-outbox.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.domain.suite import Suite
from shared.errors import Unavailable
from shared.ports import Delete, Document, Listing, Message, Put, Write

COLLECTION = "outbox"
LEFT_AFTER = timedelta(minutes=1)  # what is younger is still being published by its writer
A_BATCH = 100
MOST_A_RUN = 10_000


@dataclass(frozen=True, slots=True)
class Announcement:
    """A message on its way to a topic. One that is `due` later waits for the relay."""

    topic: str
    message: Message
    due: datetime | None = None

    def kept(self, now: datetime) -> Put:
        """The write that keeps it: part of the commit of what it announces."""
        message = self.message
        return Put(
            self.path,
            {
                "at": (self.due or now).astimezone(UTC).isoformat(timespec="microseconds"),
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


Effect = Write | Announcement


def commit(suite: Suite, *effects: Effect) -> None:
    """Commit writes and announcements in one step, then publish what was announced.

    Raises AlreadyExists or Stale as Documents.commit; then nothing is written or published.
    """
    now = suite.clock.now()
    said = [effect for effect in effects if isinstance(effect, Announcement)]
    kept = (e.kept(now) if isinstance(e, Announcement) else e for e in effects)
    suite.documents.commit(*kept)
    publish(suite, *(announcement for announcement in said if announcement.due is None))


def publish(suite: Suite, *announcements: Announcement) -> None:
    """Publish what was committed and forget it. With the bus down, the relay does it later."""
    for topic, group in _by_topic(announcements):
        with suppress(Unavailable):
            _send(suite, topic, group)


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


def _relay(suite: Suite, left: Sequence[Document]) -> None:
    for topic, group in _by_topic(_read(document) for document in left):
        _send(suite, topic, group)


def _by_topic(announcements: Iterable[Announcement]) -> Iterable[tuple[str, list[Announcement]]]:
    groups: dict[str, list[Announcement]] = defaultdict(list)
    for announcement in announcements:
        groups[announcement.topic].append(announcement)
    return groups.items()


def _send(suite: Suite, topic: str, group: Sequence[Announcement]) -> None:
    suite.bus.publish(topic, [announcement.message for announcement in group])
    suite.documents.commit(*(Delete(announcement.path) for announcement in group))


def _read(document: Document) -> Announcement:
    kept = document.data
    message = Message(kept["event_id"], kept["project_id"], kept["type"], kept["body"])
    return Announcement(kept["topic"], message)
