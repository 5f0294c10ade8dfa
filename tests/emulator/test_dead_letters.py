"""Messages that were given up: shown, and tried again, against the Pub/Sub emulator."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from click.testing import CliRunner, Result
from google.cloud import pubsub_v1

from infra.dead_letters import cli
from infra.emulators import PUBSUB
from shared.runtime.catalog import functions
from tests.emulators import started

TOPIC = next(f.topic for f in functions().values() if f.topic)


@dataclass
class Project:
    """A project of its own, with a topic, what listens to it, and its dead letters."""

    name: str = field(default_factory=lambda: f"letters-{uuid.uuid4().hex[:12]}")

    def __post_init__(self) -> None:
        self.writer = pubsub_v1.PublisherClient()
        self.reader = pubsub_v1.SubscriberClient()
        for name in (TOPIC, f"{TOPIC}-dead-letter"):
            topic = f"projects/{self.name}/topics/{name}"
            self.writer.create_topic(request={"name": topic})
            place = f"projects/{self.name}/subscriptions/{name}"
            self.reader.create_subscription(request={"name": place, "topic": topic})

    def give_up(self, count: int, **attributes: str) -> None:
        topic = f"projects/{self.name}/topics/{TOPIC}-dead-letter"
        sent = [
            self.writer.publish(topic, json.dumps({"event_id": f"e{n}"}).encode(), **attributes)
            for n in range(count)
        ]
        for future in sent:
            future.result(timeout=10)

    def arrived(self, count: int) -> list[pubsub_v1.types.PubsubMessage]:
        place = f"projects/{self.name}/subscriptions/{TOPIC}"
        found: list[pubsub_v1.types.PubsubMessage] = []
        for _ in range(20):
            asked = {"subscription": place, "max_messages": 100}
            pulled = self.reader.pull(request=asked, timeout=10).received_messages
            found += [received.message for received in pulled]
            if len(found) >= count:
                return found
        return found

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(cli, [words[0], TOPIC, "--project", self.name, *words[1:]])

    def close(self) -> None:
        self.writer.stop()
        self.writer.transport.close()
        self.reader.close()


@pytest.fixture
def project() -> Iterator[Project]:
    started(PUBSUB)
    project = Project()
    yield project
    project.close()


def ids(result: Result) -> list[str]:
    return sorted(json.loads(line)["payload"]["event_id"] for line in result.output.splitlines())


def test_listing_shows_every_letter_and_takes_none_away(project):
    project.give_up(3, type="DataImported")
    first = project.run("list")
    assert first.exit_code == 0, first.output
    assert ids(first) == ["e0", "e1", "e2"]
    assert json.loads(first.output.splitlines()[0])["attributes"]["type"] == "DataImported"
    assert ids(project.run("list")) == ids(first)


def test_a_replay_publishes_each_letter_as_it_was_and_empties_the_box(project):
    project.give_up(3, type="DataImported", CloudPubSubDeadLetterSourceDeliveryCount="5")
    result = project.run("replay")
    assert result.output == f"3 published again to {TOPIC}\n"
    messages = project.arrived(3)
    assert sorted(json.loads(m.data)["event_id"] for m in messages) == ["e0", "e1", "e2"]
    assert all(dict(m.attributes) == {"type": "DataImported"} for m in messages)
    assert project.run("list").output == ""


def test_a_replay_takes_no_more_than_it_is_told(project):
    project.give_up(3)
    assert project.run("replay", "--limit", "2").output.startswith("2 published")
    assert len(ids(project.run("list"))) == 1


def test_a_project_without_the_topic_is_said_plainly(project):
    result = CliRunner().invoke(cli, ["list", TOPIC, "--project", "nobody-here"])
    assert result.exit_code == 1
    assert result.output == "Error: There is no such topic in this project.\n"


def test_a_topic_that_is_none_is_refused():
    result = CliRunner().invoke(cli, ["list", "nonsense", "--project", "x"])
    assert result.exit_code == 2
    assert TOPIC in result.output
