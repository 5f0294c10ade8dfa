"""The Bus port: topics with at-least-once delivery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from shared.ports.documents import Json


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `event_id` is the same for the same fact, so a repeat is recognised."""

    event_id: str
    project_id: str
    type: str  # imperative for an order, past tense for a fact
    body: Json = field(default_factory=dict)
    schema_version: int = 1

    def payload(self) -> dict[str, Any]:
        """The JSON that travels."""
        return {
            "schema_version": self.schema_version,
            "event_id": self.event_id,
            "project_id": self.project_id,
            "type": self.type,
            "body": dict(self.body),
        }

    def attributes(self) -> dict[str, str]:
        """What a subscription may filter on."""
        return {"event_id": self.event_id, "project_id": self.project_id, "type": self.type}


class Bus(Protocol):
    """Topics. At-least-once delivery by HTTP push, with retry, backoff and a dead letter.

    Every subscription of a topic gets a copy; a topic without one drops what it is given. A message
    that an endpoint does not accept (102, 200, 201, 202, 204) comes again with the same data, at
    last to `<topic>-dead-letter`. Order is not promised.
    """

    def publish(self, topic: str, messages: Sequence[Message]) -> None:
        """Hand over messages durably.

        Raises Unavailable (then some may have been published; also for a topic that is not
        deployed), or before anything is sent Invalid (no JSON, no topic's name, an attribute over
        1,024 bytes) or TooLarge (10 MB a message).
        """
