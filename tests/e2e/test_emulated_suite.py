"""What only Pub/Sub and Firestore show: redelivery, dead letters, firings, a killed worker."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from infra import emulators, topics
from infra.emulators import PUBSUB
from infra.local.emulated import PROJECT
from shared.adapters.google.bus import PubSubBus
from shared.adapters.google.documents import FirestoreDocuments
from shared.adapters.local.clock import FixedDayClock, SystemClock
from shared.domain.outbox import Announcement
from shared.ports import Create, Listing, Message
from tests.emulators import require
from tests.serving import LOCAL, ROOT, TODAY, handled, serving

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory):
    require(emulators.missing())
    with serving(tmp_path_factory.mktemp("emulated"), "--emulators") as server:
        held = {name: os.environ.get(name) for name in server.emulators}
        os.environ.update(server.emulators)
        yield server
        for name, value in held.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def imported(project: str, version: int, **body: object) -> Message:
    event_id = f"data-imported:{project}:{version}"
    return Message(event_id, project, "DataImported", body or {"data_version": version})


def test_an_event_that_is_published_twice_has_one_effect(suite):
    with_twin = [imported("demo", 900), imported("demo", 900)]
    PubSubBus(PROJECT).publish("data-imported", with_twin)
    outcomes = handled(suite.folder, "data-imported:demo:900")
    assert outcomes.count("done") == 1


def test_what_fails_again_and_again_ends_as_a_dead_letter(suite):
    documents = FirestoreDocuments(PROJECT, SystemClock())
    documents.commit(Create("projects/broken/state/data", {"no": "version"}))
    documents.close()
    PubSubBus(PROJECT).publish("data-imported", [imported("broken", 901)])
    until = time.monotonic() + 60
    found = []
    while not found and time.monotonic() < until:
        dead = topics.dead_letters(suite.emulators[PUBSUB.variable], PROJECT)
        found = [d for d in dead if d.payload["event_id"] == "data-imported:broken:901"]
    assert [d.topic for d in found] == ["data-imported-dead-letter"]
    assert handled(suite.folder, "data-imported:broken:901", 0.2) == ["bug"] * 5


def test_what_can_never_succeed_is_kept_and_not_tried_again(suite):
    PubSubBus(PROJECT).publish("data-imported", [imported("demo", 903, nothing="here")])
    suites_day = FixedDayClock(date.fromisoformat(TODAY), SystemClock().now())
    documents = FirestoreDocuments(PROJECT, suites_day)
    until = time.monotonic() + 10
    kept = []
    while not kept and time.monotonic() < until:
        kept = documents.list(Listing("projects/demo/failures")).items
    documents.close()
    assert [failure.data["event_id"] for failure in kept] == ["data-imported:demo:903"]
    assert handled(suite.folder, "data-imported:demo:903", 0.2) == ["failed: malformed-request"]


def test_a_schedule_fired_by_hand_empties_the_outbox(suite):
    documents = FirestoreDocuments(PROJECT, SystemClock())
    left = Announcement("data-imported", imported("demo", 902))
    before_the_suites_day = datetime.fromisoformat(TODAY).replace(tzinfo=UTC) - timedelta(days=1)
    documents.commit(left.kept(before_the_suites_day))
    fire = [*LOCAL, "fire", "relay", "--data-dir", str(suite.folder)]
    subprocess.run(fire, cwd=ROOT, check=True, capture_output=True)
    assert handled(suite.folder, "data-imported:demo:902") == ["done"]
    assert documents.list(Listing("outbox")).items == []
    documents.close()


def test_a_killed_worker_gets_its_events_again(suite):
    """gunicorn starts another worker; Pub/Sub delivers what the first did not acknowledge."""
    [worker] = subprocess.run(
        ["pgrep", "-P", str(suite.process.pid), "-f", "infra.local serve"],
        capture_output=True,
        text=True,
    ).stdout.split()
    os.kill(int(worker), signal.SIGKILL)
    events = [imported("demo", number) for number in range(910, 930)]
    PubSubBus(PROJECT).publish("data-imported", events)
    for event in events:
        assert handled(suite.folder, event.event_id, 30).count("done") == 1, event.event_id
