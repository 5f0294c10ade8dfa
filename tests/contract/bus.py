"""The promises of shared.ports.Bus, met by a real push endpoint."""

from __future__ import annotations

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import pairwise

import pytest

from shared.adapters.local.clock import SystemClock
from shared.errors import Invalid, TooLarge
from shared.ports import Message
from tests.families.local import Retry, token

TOPIC = "notifications"


@pytest.fixture
def clock():
    """Real time: what is pushed and what is retried happen in other threads."""
    return SystemClock()


def message(number=0, **body):
    return Message(f"event-{number}", "shop", "AnomalyDetected", {"n": number, **body})


def envelope(push):
    return json.loads(push.body)


def payload(push):
    return json.loads(base64.b64decode(envelope(push)["message"]["data"]))


def test_a_message_arrives_in_the_push_envelope_with_a_token(family, endpoint):
    bus = family.bus({TOPIC: [f"{endpoint.url}/events/notify?v=1"]}, Retry())
    bus.publish(TOPIC, [message(1, text="ü → 😀")])
    [push] = endpoint.wait_for(1, "/events/notify?v=1")
    assert payload(push) == message(1, text="ü → 😀").payload()
    body = envelope(push)
    assert body["message"]["attributes"] == message(1).attributes()
    assert body["message"]["messageId"] == body["message"]["message_id"] != ""
    assert body["message"]["publishTime"] == body["message"]["publish_time"]
    assert datetime.fromisoformat(body["message"]["publishTime"]).utcoffset() is not None
    assert body["subscription"].startswith("projects/")
    assert body["deliveryAttempt"] == 1
    assert push.headers["Content-Type"] == "application/json"
    bearer = push.headers["Authorization"].removeprefix("Bearer ")
    assert bearer == token(f"{endpoint.url}/events/notify?v=1")


def test_a_batch_arrives_whole_and_each_message_once(family, endpoint):
    bus = family.bus({TOPIC: [f"{endpoint.url}/"]}, Retry())
    bus.publish(TOPIC, [message(n) for n in range(100)])
    pushes = endpoint.wait_for(100)
    time.sleep(0.1)
    assert sorted(payload(push)["body"]["n"] for push in pushes) == list(range(100))
    assert len({envelope(push)["message"]["messageId"] for push in pushes}) == 100
    assert len(endpoint.pushes) == 100


def test_publishing_nothing_is_no_error(family, endpoint):
    assert family.bus({TOPIC: [f"{endpoint.url}/"]}, Retry()).publish(TOPIC, []) is None


def test_every_subscription_of_a_topic_gets_a_copy_and_no_other_topic_does(family, endpoint):
    topics = {TOPIC: [f"{endpoint.url}/a", f"{endpoint.url}/b"], "scans": [f"{endpoint.url}/c"]}
    bus = family.bus(topics, Retry())
    bus.publish(TOPIC, [message(1)])
    bus.publish("scans", [message(2)])
    arrived = [payload(endpoint.wait_for(1, path)[0])["event_id"] for path in ("/a", "/b", "/c")]
    assert arrived == ["event-1", "event-1", "event-2"]


def test_one_subscription_that_fails_holds_no_other_up(family, endpoint):
    endpoint.answers["/broken"] = [500] * 100
    bus = family.bus({TOPIC: [f"{endpoint.url}/broken", f"{endpoint.url}/fine"]}, Retry())
    bus.publish(TOPIC, [message(n) for n in range(20)])
    assert len(endpoint.wait_for(20, "/fine")) == 20


@pytest.mark.parametrize("status", [102, 200, 201, 202, 204])
def test_a_message_is_done_once_the_endpoint_accepts_it(family, endpoint, status):
    endpoint.answers["/"] = [status]
    bus = family.bus({TOPIC: [f"{endpoint.url}/"]}, Retry(backoff_s=0.01))
    bus.publish(TOPIC, [message(1)])
    endpoint.wait_for(1)
    time.sleep(0.15)
    assert len(endpoint.pushes) == 1


@pytest.mark.parametrize("status", [203, 302, 400, 404, 429, 500, 503])
def test_a_message_that_is_not_accepted_comes_again(family, endpoint, status):
    endpoint.answers["/"] = [status, status]
    bus = family.bus({TOPIC: [f"{endpoint.url}/"]}, Retry(backoff_s=0.01))
    bus.publish(TOPIC, [message(1)])
    pushes = endpoint.wait_for(3)
    assert [envelope(push)["deliveryAttempt"] for push in pushes] == [1, 2, 3]
    assert len({_without_attempt(push) for push in pushes}) == 1


def _without_attempt(push):
    body = envelope(push)
    del body["deliveryAttempt"]
    return json.dumps(body)


def test_an_endpoint_that_is_not_there_is_tried_again(family):
    bus = family.bus({TOPIC: ["http://127.0.0.1:9/"]}, Retry(attempts=2))
    bus.publish(TOPIC, [message(1)])
    [dead] = _until_dead(family, 1)
    assert dead.attributes["CloudPubSubDeadLetterSourceDeliveryCount"] == "2"


def test_an_endpoint_that_does_not_answer_in_time_gets_the_message_again(family, endpoint):
    endpoint.delays["/"] = [1.0]
    bus = family.bus({TOPIC: [f"{endpoint.url}/"]}, Retry(backoff_s=0.01, ack_deadline_s=0.1))
    bus.publish(TOPIC, [message(1)])
    endpoint.wait_for(1)
    assert [payload(push)["event_id"] for push in endpoint.wait_for(2)] == ["event-1"] * 2


def test_the_wait_between_attempts_doubles_up_to_its_bound(family, endpoint):
    endpoint.answers["/"] = [500] * 5
    bus = family.bus({TOPIC: [f"{endpoint.url}/"]}, Retry(backoff_s=0.05, most_s=0.2, attempts=9))
    bus.publish(TOPIC, [message(1)])
    times = [push.at for push in endpoint.wait_for(6)]
    waits = [later - earlier for earlier, later in pairwise(times)]
    assert all(wait >= least for wait, least in zip(waits, [0.05, 0.1, 0.2, 0.2, 0.2], strict=True))


def test_a_message_given_up_goes_to_the_dead_letter_topic_and_is_kept(family, endpoint):
    endpoint.answers["/"] = [500] * 100
    dead_topic = f"{TOPIC}-dead-letter"
    topics = {TOPIC: [f"{endpoint.url}/"], dead_topic: [f"{endpoint.url}/dead"]}
    bus = family.bus(topics, Retry(backoff_s=0.01, attempts=3))
    bus.publish(TOPIC, [message(1)])
    [dead] = _until_dead(family, 1)
    assert len(endpoint.at("/")) == 3
    assert dead.topic == dead_topic
    assert dead.payload == message(1).payload()
    [push] = endpoint.wait_for(1, "/dead")
    assert payload(push) == message(1).payload()
    attributes = envelope(push)["message"]["attributes"]
    assert attributes == dead.attributes
    assert attributes.items() >= message(1).attributes().items()
    assert attributes["CloudPubSubDeadLetterSourceDeliveryCount"] == "3"
    assert attributes["CloudPubSubDeadLetterSourceSubscription"] == f"{TOPIC}-0"


def _until_dead(family, count):
    for _ in range(500):
        dead = family.dead_letters()
        if len(dead) >= count:
            return dead
        time.sleep(0.01)
    raise AssertionError("nothing was given up")


def test_a_dead_letter_that_is_not_accepted_is_not_given_up_again(family, endpoint):
    endpoint.answers["/"] = endpoint.answers["/dead"] = [500] * 100
    topics = {TOPIC: [f"{endpoint.url}/"], f"{TOPIC}-dead-letter": [f"{endpoint.url}/dead"]}
    bus = family.bus(topics, Retry(backoff_s=0.01, attempts=2))
    bus.publish(TOPIC, [message(1)])
    _until_dead(family, 1)
    endpoint.wait_for(2, "/dead")
    time.sleep(0.1)
    assert [dead.topic for dead in family.dead_letters()] == [f"{TOPIC}-dead-letter"]


def test_a_message_without_a_subscription_is_dropped(family, endpoint):
    bus = family.bus({TOPIC: [f"{endpoint.url}/"]}, Retry())
    bus.publish("nobody-listens", [message(1)])
    bus.publish(TOPIC, [message(2)])
    assert [payload(push)["event_id"] for push in endpoint.wait_for(1)] == ["event-2"]


def test_messages_of_many_publishers_all_arrive(family, endpoint):
    bus = family.bus({TOPIC: [f"{endpoint.url}/"]}, Retry())
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: bus.publish(TOPIC, [message(n)]), range(100)))
    pushes = endpoint.wait_for(100)
    assert {payload(push)["body"]["n"] for push in pushes} == set(range(100))


@pytest.mark.parametrize("topic", ["", "ab", "1abc", "a b c", "goog-news", "a" * 256], ids=repr)
def test_a_topic_has_a_plain_name(family, topic):
    with pytest.raises(Invalid):
        family.bus({}, Retry()).publish(topic, [message(1)])


def test_a_message_over_ten_megabytes_is_too_large_and_none_of_its_batch_goes(family, endpoint):
    bus = family.bus({TOPIC: [f"{endpoint.url}/"]}, Retry())
    with pytest.raises(TooLarge):
        bus.publish(TOPIC, [message(1), message(2, text="x" * 10_000_001)])
    bus.publish(TOPIC, [message(3)])
    assert [payload(push)["event_id"] for push in endpoint.wait_for(1)] == ["event-3"]


@pytest.mark.parametrize("value", [float("nan"), {1, 2}], ids=["nan", "set"])
def test_what_json_cannot_say_is_invalid(family, value):
    with pytest.raises(Invalid):
        family.bus({}, Retry()).publish(TOPIC, [message(1, value=value)])
