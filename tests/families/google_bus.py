"""Pub/Sub in the official emulator: topics that push to their endpoints, and what they gave up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from infra.emulators import PUBSUB
from infra.topics import DeadLetter, Push, Retries, Topics
from shared.adapters.google.bus import PubSubBus
from tests.emulators import started


@dataclass(frozen=True)
class EmulatedBus:
    """A bus and the topics behind it."""

    bus: PubSubBus
    topics: Topics

    def dead_letters(self) -> list[DeadLetter]:
        """What was given up."""
        return self.topics.dead_letters()

    def close(self) -> None:
        """Also end what is still pushed: the next test may listen on the same port."""
        self.bus.close()
        self.topics.remove()
        self.topics.close()


def open_bus(project: str, endpoints: dict[str, list[str]], policy: Any) -> EmulatedBus:
    """A bus whose topics push each message to their endpoints."""
    topics = Topics(started(PUBSUB), project)
    topics.make(
        [
            Push(
                topic=topic,
                name=f"{topic}-{number}",
                endpoint=url,
                ack_deadline_s=round(policy.ack_deadline_s),
                retries=Retries(policy.backoff_s, policy.most_s, policy.attempts),
            )
            for topic, urls in endpoints.items()
            for number, url in enumerate(urls)
        ],
        more=endpoints,
    )
    return EmulatedBus(PubSubBus(project), topics)
