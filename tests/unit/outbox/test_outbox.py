"""Promises of the outbox: what was committed is announced, whatever breaks in between."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest

from shared.domain import outbox
from shared.domain.outbox import Announcement
from shared.errors import AlreadyExists, Unavailable
from shared.ports import Create, Listing, Message, every_document

TOPIC = "data-imported"


@pytest.fixture
def suite(world):
    suite = world.app.suite
    suite.bus.subscribe(TOPIC, "listener", "http://127.0.0.1:9/")
    return suite


def announcement(number: int, topic: str = TOPIC) -> Announcement:
    return Announcement(topic, Message(f"fact:{number}", "shop", "FactHappened", {"n": number}))


def commit(suite, *announcements: Announcement, ago: timedelta = timedelta(0)) -> None:
    at = suite.clock.now() - ago
    suite.documents.commit(*(a.kept(at) for a in announcements))


def published(suite) -> list[dict[str, object]]:
    return [json.loads(delivery.data) for delivery in suite.bus.claim(1000)]


def left(suite) -> list[str]:
    return [d.id for d in every_document(suite.documents, Listing(outbox.COLLECTION))]


def test_what_is_published_at_once_leaves_nothing_behind(suite):
    commit(suite, announcement(1), announcement(2))
    outbox.publish(suite, announcement(1), announcement(2))
    assert published(suite) == [announcement(n).message.payload() for n in (1, 2)]
    assert left(suite) == []


def test_what_a_crash_left_is_published_by_the_relay_and_only_once(suite):
    commit(suite, announcement(1), ago=timedelta(minutes=5))
    assert [outbox.relay(suite), outbox.relay(suite)] == [1, 0]
    assert published(suite) == [announcement(1).message.payload()]
    assert left(suite) == []


def test_the_relay_leaves_what_its_writer_is_still_publishing(suite):
    commit(suite, announcement(1), ago=timedelta(seconds=59))
    commit(suite, announcement(2), ago=timedelta(seconds=61))
    assert outbox.relay(suite) == 1
    assert left(suite) == ["fact:1"]


def test_the_relay_empties_an_outbox_of_any_length_oldest_first(suite):
    for n in range(250):
        commit(suite, announcement(n), ago=timedelta(hours=5) - timedelta(seconds=n))
    assert outbox.relay(suite) == 250
    assert [p["body"]["n"] for p in published(suite)] == list(range(250))
    assert left(suite) == []


def test_an_outage_of_the_bus_loses_nothing_and_fails_nobody(suite, tmp_path, worlds):
    broken = worlds(AIMS_DATA_DIR=str(tmp_path / "broken"))
    (broken.app.settings.data_dir / "bus.sqlite").mkdir()
    commit(broken.app.suite, announcement(1), ago=timedelta(minutes=5))
    outbox.publish(broken.app.suite, announcement(1))
    assert left(broken.app.suite) == ["fact:1"]
    with pytest.raises(Unavailable):
        outbox.relay(broken.app.suite)
    (broken.app.settings.data_dir / "bus.sqlite").rmdir()
    broken.app.suite.bus.subscribe(TOPIC, "listener", "http://127.0.0.1:9/")
    assert outbox.relay(broken.app.suite) == 1
    assert published(broken.app.suite) == [announcement(1).message.payload()]


def test_an_import_that_crashed_before_its_announcement_is_announced_by_the_clock(world):
    """The relay as it is deployed: the clock's message arrives at its door."""
    suite = world.app.suite
    suite.bus.subscribe(TOPIC, "vocabulary", "http://127.0.0.1:9/")
    commit(suite, announcement(1), ago=timedelta(minutes=5))
    suite.documents.commit(Create("projects/shop", {}))
    assert push(world, "2025-04-01T06:00:03.5Z") == 204
    assert published(suite) == [announcement(1).message.payload()]


@pytest.mark.parametrize(
    ("second", "relayed"),
    [("2025-04-01T06:00:59Z", 0), ("2025-04-01T06:10:00Z", 1)],
    ids=["published twice for one firing", "the next firing"],
)
def test_one_firing_counts_once_and_the_next_is_another(world, second, relayed):
    suite = world.app.suite
    suite.bus.subscribe(TOPIC, "vocabulary", "http://127.0.0.1:9/")
    assert push(world, "2025-04-01T06:00:00.123Z") == 204
    commit(suite, announcement(1), ago=timedelta(minutes=5))
    assert push(world, second) == 204
    assert len(published(suite)) == relayed


def push(world, publish_time: str) -> int:
    """Cloud Scheduler's message, as Pub/Sub pushes it to the relay."""
    from tests.unit.edges.test_event_edge import push_token

    data = base64.b64encode(b'{"schema_version":1,"type":"Scheduled","body":{}}').decode()
    message = {"data": data, "messageId": "1", "publishTime": publish_time}
    answer = world.call(
        "POST",
        "/events/relay",
        json={"message": message, "subscription": "projects/p/subscriptions/relay"},
        headers={"Authorization": f"Bearer {push_token(world)}"},
    )
    return answer.status_code


def test_what_is_due_later_waits_for_its_time(suite):
    now = suite.clock.now()
    later = Announcement(TOPIC, Message("fact:9", "shop", "FactHappened"), now + timedelta(hours=1))
    past = Announcement(TOPIC, Message("fact:8", "shop", "FactHappened"), now - timedelta(hours=1))
    outbox.commit(suite, later, past, Create("made/x", {}))
    assert outbox.relay(suite) == 1
    assert [message["event_id"] for message in published(suite)] == ["fact:8"]
    assert left(suite) == ["fact:9"]


def test_nothing_is_announced_that_was_not_written(suite):
    suite.documents.commit(Create("made/x", {}))
    with pytest.raises(AlreadyExists):
        outbox.commit(suite, announcement(1), Create("made/x", {}))
    assert (published(suite), left(suite)) == ([], [])
