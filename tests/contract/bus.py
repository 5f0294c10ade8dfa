"""The promises of shared.ports.Bus, met by a real push endpoint."""

from __future__ import annotations

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import pytest

from shared.adapters.local.clock import SystemClock
from shared.errors import Invalid, TooLarge
from shared.ports import Message
from tests.families.local import Retry, token

TOPIC = "notifications"
SLOW_S = 2.5


@pytest.fixture
def clock():
    """Real time: what is pushed and what is retried happen in other threads."""
    return SystemClock()


@dataclass(frozen=True)
class Pace:
    """The least a family can be asked for, and the seconds after which a retry has shown itself."""

    attempts: int
    ack_deadline_s: float
    settled_s: float

    def retry(self) -> Retry:
        return Retry(backoff_s=0.01, attempts=self.attempts)


# Pub/Sub makes 5 attempts or more; its emulator waits 1 s, then 3 s each, whatever it is told.
PACES = {"local": Pace(2, 0.1, 0.15), "google": Pace(5, 1, 1.5)}


@pytest.fixture
def pace(request):
    return PACES[request.node.callspec.params["family"]]


@pytest.fixture
def only_real_pubsub(request):
    """Skips the Google family where its emulator cannot show a promise; called with the reason."""

    def skip_google(does):
        if request.node.callspec.params["family"] == "google":
            pytest.skip(f"only a real project {does}")

    return skip_google


def message(number=0, **body):
    return Message(f"event-{number}", "shop", "AnomalyDetected", {"n": number, **body})


def envelope(push):
    return json.loads(push.body)


def payload(push):
    return json.loads(base64.b64decode(envelope(push)["message"]["data"]))


def test_a_message_arrives_in_the_push_envelope(family, endpoint):
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
    assert push.headers["Content-Type"] == "application/json"


def test_a_push_carries_a_token_for_its_endpoint(family, endpoint, only_real_pubsub):
    only_real_pubsub("signs its pushes: the emulator sends no Authorization header")
    bus = family.bus({TOPIC: [f"{endpoint.url}/events/notify?v=1"]}, Retry())
    bus.publish(TOPIC, [message(1)])
    [push] = endpoint.wait_for(1, "/events/notify?v=1")
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


ACCEPTED = (102, 200, 201, 204)
NOT_ACCEPTED = (302, 400, 404, 429, 500, 503)


def test_a_message_is_done_once_the_endpoint_accepts_it(family, endpoint, pace):
    endpoint.answers = {f"/{status}": [status] for status in ACCEPTED}
    urls = [f"{endpoint.url}{path}" for path in endpoint.answers]
    family.bus({TOPIC: urls}, pace.retry()).publish(TOPIC, [message(1)])
    for status in ACCEPTED:
        endpoint.wait_for(1, f"/{status}")
    time.sleep(pace.settled_s)
    assert [status for status in ACCEPTED if len(endpoint.at(f"/{status}")) > 1] == []


def test_a_message_that_is_not_accepted_comes_again_unchanged(family, endpoint):
    endpoint.answers = {f"/{status}": [status, status] for status in NOT_ACCEPTED}
    urls = [f"{endpoint.url}{path}" for path in endpoint.answers]
    family.bus({TOPIC: urls}, Retry(backoff_s=0.01)).publish(TOPIC, [message(1)])
    for status in NOT_ACCEPTED:
        pushes = endpoint.wait_for(3, f"/{status}")
        assert len({_without_attempt(push) for push in pushes}) == 1, status


def _without_attempt(push):
    body = envelope(push)
    body.pop("deliveryAttempt", None)
    return json.dumps(body, sort_keys=True)


def test_a_push_counts_its_attempts(family, endpoint, only_real_pubsub):
    only_real_pubsub("counts attempts in its pushes: the emulator leaves deliveryAttempt out")
    endpoint.answers["/"] = [500, 500]
    bus = family.bus({TOPIC: [f"{endpoint.url}/"]}, Retry(backoff_s=0.01))
    bus.publish(TOPIC, [message(1)])
    assert [envelope(push)["deliveryAttempt"] for push in endpoint.wait_for(3)] == [1, 2, 3]


@pytest.mark.parametrize(("status", "pushes"), [(202, 1), (203, 2)])
def test_202_is_accepted_and_203_is_not(family, endpoint, only_real_pubsub, status, pushes):
    only_real_pubsub("takes 202 and refuses 203: the emulator has them the other way round")
    endpoint.answers["/"] = [status]
    bus = family.bus({TOPIC: [f"{endpoint.url}/"]}, Retry(backoff_s=0.01))
    bus.publish(TOPIC, [message(1)])
    endpoint.wait_for(pushes)
    time.sleep(0.15)
    assert len(endpoint.pushes) == pushes


def test_an_endpoint_that_does_not_answer_in_time_gets_the_message_again(family, endpoint, pace):
    endpoint.delays["/"] = [SLOW_S]
    retry = Retry(backoff_s=0.01, ack_deadline_s=pace.ack_deadline_s)
    bus = family.bus({TOPIC: [f"{endpoint.url}/"]}, retry)
    bus.publish(TOPIC, [message(1)])
    first, second = endpoint.wait_for(2)
    assert payload(first) == payload(second) == message(1).payload()
    assert second.at - first.at < SLOW_S


def test_the_wait_between_attempts_doubles_up_to_its_bound(family, endpoint, only_real_pubsub):
    only_real_pubsub("keeps a retry policy: the emulator waits 1 s, then 3 s each")
    endpoint.answers["/"] = [500] * 5
    bus = family.bus({TOPIC: [f"{endpoint.url}/"]}, Retry(backoff_s=0.05, most_s=0.2, attempts=9))
    bus.publish(TOPIC, [message(1)])
    times = [push.at for push in endpoint.wait_for(6)]
    waits = [later - earlier for earlier, later in pairwise(times)]
    assert all(wait >= least for wait, least in zip(waits, [0.05, 0.1, 0.2, 0.2, 0.2], strict=True))


def test_a_message_given_up_goes_to_the_dead_letter_topic_and_is_kept(family, endpoint, pace):
    endpoint.answers["/"] = [500] * 100
    dead_topic = f"{TOPIC}-dead-letter"
    topics = {TOPIC: [f"{endpoint.url}/"], dead_topic: [f"{endpoint.url}/dead"]}
    bus = family.bus(topics, pace.retry())
    bus.publish(TOPIC, [message(1)])
    [dead] = _until_dead(family, message(1))
    assert len(endpoint.at("/")) == pace.attempts
    assert dead.topic == dead_topic
    assert dead.payload == message(1).payload()
    [push] = endpoint.wait_for(1, "/dead")
    assert payload(push) == message(1).payload()
    attributes = envelope(push)["message"]["attributes"]
    assert attributes == dead.attributes
    assert attributes.items() >= message(1).attributes().items()
    assert attributes["CloudPubSubDeadLetterSourceDeliveryCount"] == str(pace.attempts)
    assert attributes["CloudPubSubDeadLetterSourceSubscription"] == f"{TOPIC}-0"


def _until_dead(family, given_up):
    """The dead letters of a message, once there is one."""
    until = time.monotonic() + 40
    while time.monotonic() < until:
        dead = [dead for dead in family.dead_letters() if dead.payload == given_up.payload()]
        if dead:
            return dead
        time.sleep(0.01)
    raise AssertionError("it was not given up")


def test_what_a_dead_letter_topic_pushes_in_vain_is_not_given_up_again(family, endpoint, pace):
    """Beside it, an endpoint that is not there fails as often as one that refuses."""
    endpoint.answers["/dead"] = [500] * 100
    dead_topic = f"{TOPIC}-dead-letter"
    topics = {TOPIC: ["http://127.0.0.1:9/"], dead_topic: [f"{endpoint.url}/dead"]}
    bus = family.bus(topics, pace.retry())
    bus.publish(dead_topic, [message(1)])
    bus.publish(TOPIC, [message(2)])
    assert endpoint.arrived(pace.attempts, "/dead", seconds=40)
    [dead] = _until_dead(family, message(2))
    assert dead.attributes["CloudPubSubDeadLetterSourceDeliveryCount"] == str(pace.attempts)
    time.sleep(0.1)
    assert {dead.topic for dead in family.dead_letters()} == {dead_topic}


def test_a_message_without_a_subscription_is_dropped(family, endpoint):
    bus = family.bus({TOPIC: [f"{endpoint.url}/"], "nobody-listens": []}, Retry())
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


@pytest.mark.parametrize("event_id", ["é" * 513, "\ud800"], ids=ascii)
def test_an_attribute_is_text_of_at_most_1024_bytes(family, event_id):
    with pytest.raises(Invalid):
        family.bus({}, Retry()).publish(TOPIC, [Message(event_id, "shop", "Noted")])


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
