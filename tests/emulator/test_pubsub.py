"""What only Pub/Sub shows: limits of a request, a missing topic, the set-up and dead letters."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from uuid import uuid4

import grpc
import pytest
from google import pubsub_v1
from google.pubsub_v1.services.subscriber.transports.grpc import SubscriberGrpcTransport

from infra import topics
from infra.emulators import PUBSUB, running
from infra.topics import Push, Topics
from shared.adapters.google.bus import PubSubBus
from shared.errors import Unavailable
from shared.ports import Message
from shared.runtime.catalog import Function
from tests.emulators import started

TOPIC = "notifications"
NOBODY = "http://127.0.0.1:9/"


def message(number=0, **body):
    return Message(f"event-{number}", "shop", "AnomalyDetected", {"n": number, **body})


class Project:
    """A project of its own on the emulator, read by the vendor's client."""

    def __init__(self):
        self.host = started(PUBSUB)
        self.name = f"test-{uuid4().hex[:12]}"
        self.topics = Topics(self.host, self.name)
        self.bus = PubSubBus(self.name)
        channel = grpc.insecure_channel(self.host, topics.UNBOUNDED)
        self.client = pubsub_v1.SubscriberClient(transport=SubscriberGrpcTransport(channel=channel))

    def listen(self, topic):
        """Keep what is published to the topic from now on."""
        self.topics.make([], [topic])
        self.client.create_subscription(
            name=self.path("listener"), topic=f"projects/{self.name}/topics/{topic}"
        )

    def heard(self, count):
        """The numbers of so many messages, and the sizes of their data."""
        sizes = {}
        until = time.monotonic() + 20
        while len(sizes) < count and time.monotonic() < until:
            answer = self.client.pull(
                subscription=self.path("listener"), max_messages=1000, timeout=5
            )
            for received in answer.received_messages:
                data = received.message.data
                sizes[json.loads(data)["body"]["n"]] = len(data)
            acks = [received.ack_id for received in answer.received_messages]
            if acks:
                self.client.acknowledge(subscription=self.path("listener"), ack_ids=acks)
        return sizes

    def subscription(self, name):
        return self.client.get_subscription(subscription=self.path(name))

    def path(self, name):
        return f"projects/{self.name}/subscriptions/{name}"

    def close(self):
        self.bus.close()
        self.topics.remove()
        self.topics.close()
        self.client.transport.close()


@pytest.fixture
def project():
    project = Project()
    yield project
    project.close()


def test_more_messages_than_a_request_may_hold_all_arrive(project):
    project.listen(TOPIC)
    project.bus.publish(TOPIC, [message(n) for n in range(2500)])
    assert sorted(project.heard(2500)) == list(range(2500))


def test_more_bytes_than_a_request_may_hold_all_arrive(project):
    project.listen(TOPIC)
    project.bus.publish(TOPIC, [message(n, text="x" * 3_000_000) for n in range(5)])
    assert sorted(project.heard(5)) == list(range(5))


def test_the_largest_message_we_take_is_one_that_pubsub_takes(project):
    project.listen(TOPIC)
    envelope = len(json.dumps(message(1, text="").payload(), separators=(",", ":")))
    project.bus.publish(TOPIC, [message(1, text="x" * (9_990_000 - envelope))])
    assert project.heard(1) == {1: 9_990_000}


def test_a_topic_that_is_missing_is_unavailable_until_it_is_there(project):
    with pytest.raises(Unavailable, match=TOPIC):
        project.bus.publish(TOPIC, [message(1)])
    project.listen(TOPIC)
    project.bus.publish(TOPIC, [message(2)])
    assert list(project.heard(1)) == [2]


def test_a_bus_publishes_again_after_it_was_closed(project):
    project.listen(TOPIC)
    for number in range(2):
        project.bus.publish(TOPIC, [message(number)])
        project.bus.close()
    assert sorted(project.heard(2)) == [0, 1]


def test_an_emulator_that_is_gone_is_unavailable_within_the_deadline():
    before = started(PUBSUB)
    try:
        with running(PUBSUB) as address:
            os.environ.update(address)
            bus = PubSubBus("test-gone", deadline_s=1.0)
            with Topics(address[PUBSUB.variable], "test-gone") as made:
                made.make([], [TOPIC])
            bus.publish(TOPIC, [message(1)])
        start = time.monotonic()
        with pytest.raises(Unavailable):
            bus.publish(TOPIC, [message(2)])
        assert time.monotonic() - start < 2.5
        bus.close()
    finally:
        os.environ[PUBSUB.variable] = before


PUSH = Push(TOPIC, "notify", "http://127.0.0.1:9/events/notify", ack_deadline_s=60)


def test_what_is_made_has_the_settings_of_a_real_project(project):
    project.topics.make([PUSH])
    made = project.subscription("notify")
    assert made.topic == f"projects/{project.name}/topics/{TOPIC}"
    assert made.push_config.push_endpoint == PUSH.endpoint
    assert made.ack_deadline_seconds == 60
    assert made.retry_policy.minimum_backoff.total_seconds() == 10
    assert made.retry_policy.maximum_backoff.total_seconds() == 600
    assert made.dead_letter_policy.max_delivery_attempts == 20
    assert made.dead_letter_policy.dead_letter_topic.endswith(f"/topics/{TOPIC}-dead-letter")
    letters = project.subscription(f"{TOPIC}-dead-letter")
    assert letters.topic.endswith(f"/topics/{TOPIC}-dead-letter")
    assert not letters.push_config.push_endpoint


@pytest.mark.parametrize(
    "altered",
    [
        PUSH,
        replace(PUSH, endpoint="http://127.0.0.1:9/elsewhere"),
        replace(PUSH, ack_deadline_s=30),
        replace(PUSH, retries=topics.Retries(1.5, 20, 7)),
        replace(PUSH, topic="scans"),
    ],
    ids=["nothing", "endpoint", "deadline", "retries", "topic"],
)
def test_making_again_leaves_what_is_right_and_alters_what_is_not(project, altered):
    project.topics.make([replace(altered, name="fresh")])
    project.topics.make([PUSH])
    project.topics.make([altered])
    fresh, again = project.subscription("fresh"), project.subscription("notify")
    again.name = fresh.name
    assert again == fresh


def test_the_catalog_is_set_up_whole(project):
    topics.prepare(project.host, project.name, lambda name: f"http://127.0.0.1:9/events/{name}")
    made = project.subscription("vocabulary")
    assert made.topic.endswith("/topics/data-imported")
    assert made.push_config.push_endpoint == "http://127.0.0.1:9/events/vocabulary"
    assert made.ack_deadline_seconds == 120
    project.bus.publish("data-imported", [message(1)])


@pytest.mark.parametrize(("timeout", "deadline_s"), [(1, 10), (60, 60), (3600, 600)])
def test_an_event_function_has_its_timeout_to_acknowledge(timeout, deadline_s):
    row = Function("anomaly_scan", "", "1Gi", timeout, 1, "pubsub", topic="scans")
    page = replace(row, name="page", topic=None)
    assert topics.pushes({"anomaly_scan": row, "page": page}, lambda name: f"http://x/{name}") == [
        Push("scans", "anomaly-scan", "http://x/anomaly_scan", deadline_s)
    ]


def test_topics_are_set_up_on_an_emulator_only():
    with pytest.raises(ValueError, match="emulator"):
        topics.prepare("", "shop", str)


def test_a_dead_letter_tells_where_it_comes_from(project):
    project.topics.make([replace(PUSH, endpoint=NOBODY, retries=topics.QUICK)])
    project.bus.publish(TOPIC, [message(1)])
    until = time.monotonic() + 40
    while not (found := topics.dead_letters(project.host, project.name)):
        assert time.monotonic() < until
    [letter] = found
    assert letter.topic == f"{TOPIC}-dead-letter"
    assert letter.payload == message(1).payload()
    assert letter.attributes["CloudPubSubDeadLetterSourceSubscription"] == "notify"
    assert letter.attributes["CloudPubSubDeadLetterSourceSubscriptionProject"] == project.name
    assert letter.attributes["CloudPubSubDeadLetterSourceDeliveryCount"] == "5"


def test_reading_dead_letters_leaves_them_there_oldest_first(project):
    dead_topics = [f"{topic}-dead-letter" for topic in (TOPIC, "scans")]
    project.topics.make([PUSH], ["scans"])
    assert topics.dead_letters(project.host, project.name) == []
    for number in range(4):
        project.bus.publish(dead_topics[number % 2], [message(number)])
        time.sleep(0.002)  # instants are told apart by milliseconds
    for _ in range(3):
        found = topics.dead_letters(project.host, project.name)
        assert [letter.payload["body"]["n"] for letter in found] == [0, 1, 2, 3]
        assert [letter.topic for letter in found] == dead_topics * 2
