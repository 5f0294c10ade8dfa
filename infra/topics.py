"""Sets up the suite's topics on a Pub/Sub emulator and shows what was given up there.

Terraform declares the same for real projects from the same catalog; this reaches emulators alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import grpc
from google import pubsub_v1
from google.api_core.exceptions import AlreadyExists, DeadlineExceeded
from google.pubsub_v1.services.publisher.transports.grpc import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber.transports.grpc import SubscriberGrpcTransport

from shared.runtime.catalog import Function, functions

DEAD_LETTER = "-dead-letter"
CALL_S = 10.0
EMPTY_AFTER_S = 1.1  # of a pull; the emulator says that there is nothing a second before this
UNBOUNDED = [("grpc.max_receive_message_length", -1)]  # a message may hold 10 MB
_AT_ONCE = 1000
_ALTERABLE = ("push_config", "ack_deadline_seconds", "retry_policy", "dead_letter_policy")


@dataclass(frozen=True, slots=True)
class Retries:
    """How a subscription retries; as given here, like a real project's.

    The emulator keeps the attempts (5 and more) and its own waits: 1 s, then 3 s each. Now and then
    it loses messages of one subscription that fail at the same instant.
    """

    least_backoff_s: float = 10.0
    most_backoff_s: float = 600.0
    most_attempts: int = 20


PATIENT = Retries()
QUICK = Retries(least_backoff_s=0.0, most_backoff_s=1.0, most_attempts=5)


@dataclass(frozen=True, slots=True)
class Push:
    """One push subscription of a topic."""

    topic: str
    name: str
    endpoint: str
    ack_deadline_s: int = 10
    retries: Retries = PATIENT


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up, in its dead-letter topic."""

    topic: str
    payload: dict[str, Any]
    attributes: dict[str, str]


def prepare(
    host: str, project: str, endpoint: Callable[[str], str], retries: Retries = PATIENT
) -> None:
    """Make, or alter to fit, the topics and subscriptions of the catalog, with dead letters.

    `host` is the emulator's host:port; `endpoint` gives the address that a function is pushed to.
    """
    with Topics(host, project) as topics:
        published = [topic for function in functions().values() for topic in function.publishes]
        topics.make(pushes(functions(), endpoint, retries), published)


def dead_letters(host: str, project: str) -> list[DeadLetter]:
    """What waits in the dead-letter topics, oldest first; it goes on waiting."""
    with Topics(host, project) as topics:
        return topics.dead_letters()


def pushes(
    catalog: Mapping[str, Function], endpoint: Callable[[str], str], retries: Retries = PATIENT
) -> list[Push]:
    """What the event functions subscribe to."""
    return [
        Push(
            topic=function.topic,
            name=function.slug,
            endpoint=endpoint(function.name),
            ack_deadline_s=min(max(function.timeout, 10), 600),
            retries=retries,
        )
        for function in catalog.values()
        if function.topic
    ]


class Topics:
    """The topics of one project on the emulator at `host` (host:port). Close it after use."""

    def __init__(self, host: str, project: str) -> None:
        if not host:
            raise ValueError("Topics are set up on an emulator only: give its host and port.")
        self._project = f"projects/{project}"
        self._channel = grpc.insecure_channel(host, UNBOUNDED)
        self._publisher = pubsub_v1.PublisherClient(
            transport=PublisherGrpcTransport(channel=self._channel)
        )
        self._subscriber = pubsub_v1.SubscriberClient(
            transport=SubscriberGrpcTransport(channel=self._channel)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the connection."""
        self._channel.close()

    def make(self, wanted: Sequence[Push], more: Iterable[str] = ()) -> None:
        """Make the topics of these subscriptions and `more`, the subscriptions and dead letters.

        What is there already gets the settings given now.
        """
        for topic in {*more, *(push.topic for push in wanted)}:
            self._make_topic(topic)
            if not topic.endswith(DEAD_LETTER):
                self._make_topic(topic + DEAD_LETTER)
                self._subscribe(self._pull(topic + DEAD_LETTER))
        for push in wanted:
            self._subscribe(self._pushing(push))

    def remove(self) -> None:
        """Delete every subscription of the project: nothing is pushed any more."""
        for there in self._subscriptions():
            self._subscriber.delete_subscription(subscription=there.name, timeout=CALL_S)

    def dead_letters(self) -> list[DeadLetter]:
        """What waits there, oldest first."""
        found: dict[str, tuple[Any, DeadLetter]] = {}
        for subscription in self._subscriptions():
            if subscription.name.endswith(DEAD_LETTER):
                topic = subscription.topic.rpartition("/")[2]
                for message in self._waiting(subscription.name):
                    letter = DeadLetter(topic, json.loads(message.data), dict(message.attributes))
                    found[message.message_id] = (message.publish_time, letter)
        return [letter for _, letter in sorted(found.values(), key=lambda pair: pair[0])]

    def _subscriptions(self) -> list[pubsub_v1.Subscription]:
        return list(self._subscriber.list_subscriptions(project=self._project, timeout=CALL_S))

    def _waiting(self, subscription: str) -> list[pubsub_v1.PubsubMessage]:
        """Take all there is, then give it back at once."""
        taken: list[pubsub_v1.ReceivedMessage] = []
        with suppress(DeadlineExceeded):
            while batch := self._take(subscription):
                taken += batch
        for start in range(0, len(taken), _AT_ONCE):
            self._subscriber.modify_ack_deadline(
                subscription=subscription,
                ack_ids=[message.ack_id for message in taken[start : start + _AT_ONCE]],
                ack_deadline_seconds=0,
                timeout=CALL_S,
            )
        return [message.message for message in taken]

    def _take(self, subscription: str) -> Sequence[pubsub_v1.ReceivedMessage]:
        return self._subscriber.pull(
            subscription=subscription, max_messages=_AT_ONCE, retry=None, timeout=EMPTY_AFTER_S
        ).received_messages

    def _make_topic(self, topic: str) -> None:
        with suppress(AlreadyExists):
            self._publisher.create_topic(name=self._topic(topic), timeout=CALL_S)

    def _subscribe(self, wanted: pubsub_v1.Subscription) -> None:
        try:
            self._subscriber.create_subscription(request=wanted, timeout=CALL_S)
        except AlreadyExists:
            self._alter(wanted)

    def _alter(self, wanted: pubsub_v1.Subscription) -> None:
        there = self._subscriber.get_subscription(subscription=wanted.name, timeout=CALL_S)
        if there.topic == wanted.topic:
            self._subscriber.update_subscription(
                subscription=wanted, update_mask={"paths": _ALTERABLE}, timeout=CALL_S
            )
        else:  # the one setting that cannot change
            self._subscriber.delete_subscription(subscription=wanted.name, timeout=CALL_S)
            self._subscriber.create_subscription(request=wanted, timeout=CALL_S)

    def _pull(self, topic: str) -> pubsub_v1.Subscription:
        return pubsub_v1.Subscription(name=self._subscription(topic), topic=self._topic(topic))

    def _pushing(self, push: Push) -> pubsub_v1.Subscription:
        policies: dict[str, Any] = {
            "retry_policy": {
                "minimum_backoff": _duration(push.retries.least_backoff_s),
                "maximum_backoff": _duration(push.retries.most_backoff_s),
            }
        }
        if not push.topic.endswith(DEAD_LETTER):  # nothing is given up twice
            policies["dead_letter_policy"] = {
                "dead_letter_topic": self._topic(push.topic + DEAD_LETTER),
                "max_delivery_attempts": push.retries.most_attempts,
            }
        return pubsub_v1.Subscription(
            name=self._subscription(push.name),
            topic=self._topic(push.topic),
            push_config={"push_endpoint": push.endpoint},
            ack_deadline_seconds=push.ack_deadline_s,
            **policies,
        )

    def _topic(self, name: str) -> str:
        return f"{self._project}/topics/{name}"

    def _subscription(self, name: str) -> str:
        return f"{self._project}/subscriptions/{name}"


def _duration(seconds: float) -> dict[str, int]:
    micros = round(seconds * 1_000_000)
    return {"seconds": micros // 1_000_000, "nanos": micros % 1_000_000 * 1000}
