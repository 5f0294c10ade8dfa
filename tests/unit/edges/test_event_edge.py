"""Promises of the event edge: once-only effect, and no message lost or stuck."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from shared.domain.outbox import Announcement
from shared.errors import Conflict, Unavailable
from shared.ports import Create, Listing, Message, Put
from shared.runtime.events import Event, event_function, parse

RECORDED = sorted((Path(__file__).parents[2] / "events").glob("*.json"))
MESSAGE = Message(event_id="fact:1", project_id="shop", type="FactHappened", body={"n": 1})


def envelope(message: Message = MESSAGE, **changes: Any) -> dict[str, Any]:
    payload = {**message.payload(), **changes}
    data = base64.b64encode(json.dumps(payload).encode()).decode()
    return {
        "message": {"data": data, "messageId": "1", "attributes": message.attributes()},
        "subscription": "projects/local/subscriptions/test",
    }


class Door:
    """A door with one handler, reached as Pub/Sub reaches it."""

    def __init__(self, world, handle) -> None:
        self.world = world
        self.entry = event_function("test", {"FactHappened": handle})

    def push(self, body: Any, token: str | None = "", **headers: str) -> int:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        token = push_token(self.world) if token == "" else token
        if token:
            headers["Authorization"] = f"Bearer {token}"
        context = Flask("test").test_request_context("/", method="POST", data=raw, headers=headers)
        with context:
            return self.entry(context.request).status_code


def push_token(world, **changes: Any) -> str:
    account = "push@aims.local"
    claims = {"aud": "aims-events", "sub": "1", "email": account, "email_verified": True}
    return world.issuer.token(
        {**claims, **changes}, now=datetime.now(UTC), ttl=timedelta(minutes=5)
    )


def counting(suite, event: Event):
    """An effect that is seen if it happens twice."""
    found = suite.documents.get("counts/all")
    number = found.data["n"] if found else 0
    return [Put("counts/all", {"n": number + event.body["n"]})]


def total(world) -> int:
    found = world.app.suite.documents.get("counts/all")
    return found.data["n"] if found else 0


def failures(world, collection: str = "projects/shop/failures") -> list[dict[str, Any]]:
    return [d.data for d in world.app.suite.documents.list(Listing(collection)).items]


@pytest.mark.parametrize("path", RECORDED, ids=lambda p: p.stem)
def test_every_form_of_push_is_the_same_event(path):
    event = parse(path.read_bytes())
    assert (event.event_id, event.project_id) == ("data-imported:shop:7", "shop")
    assert (event.type, event.body) == ("DataImported", {"data_version": 7})


def test_an_effect_happens_once_however_often_it_is_delivered(world):
    door = Door(world, counting)
    assert [door.push(envelope()) for _ in range(3)] == [204, 204, 204]
    assert total(world) == 1


def test_a_structured_cloud_event_is_the_same_event(world):
    door = Door(world, counting)
    event = {
        "specversion": "1.0",
        "type": "google.cloud.pubsub.topic.v1.messagePublished",
        "source": "//pubsub",
        "id": "1",
        "data": envelope(),
    }
    assert door.push(event, **{"Content-Type": "application/cloudevents+json"}) == 204
    assert door.push(envelope(), **{"ce-specversion": "1.0", "ce-id": "2"}) == 204
    assert total(world) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "aims"},
        {"email": "someone@else.example"},
        {"email_verified": False},
        {"email": None},
        {"iss": "https://evil.example"},
    ],
)
def test_a_push_from_anybody_else_is_refused_and_has_no_effect(world, changes):
    door = Door(world, counting)
    assert door.push(envelope(), token=push_token(world, **changes)) == 401
    assert door.push(envelope(), token=None) == 401
    assert total(world) == 0


POISON = {
    "no JSON": b"{",
    "a list": b"[]",
    "a number": b"7",
    "very deep": b"[" * 100_000,
    "no message": b"{}",
    "no data": b'{"message": {}}',
    "data that are no base64": b'{"message": {"data": "!"}}',
    "data that are no JSON": b'{"message": {"data": "eA=="}}',
    "a message that is no object": b'{"message": "x"}',
    "another schema version": json.dumps(envelope(schema_version=2)).encode(),
    "an event id with a path": json.dumps(envelope(event_id="../x")).encode(),
    "a project id with a path": json.dumps(envelope(project_id="a/b")).encode(),
    "a fact of no project": json.dumps(envelope(project_id="")).encode(),
    "a firing of a project": json.dumps(envelope(type="Scheduled")).encode(),
    "a firing at no time": json.dumps(
        {"message": {"data": base64.b64encode(b'{"schema_version":1,"type":"Scheduled"}').decode()}}
    ).encode(),
}


@pytest.mark.parametrize("raw", POISON.values(), ids=POISON.keys())
def test_poison_is_acknowledged_and_kept(world, raw):
    door = Door(world, counting)
    assert [door.push(raw), door.push(raw)] == [204, 204]
    kept = failures(world, "failures")
    assert [f["error"] for f in kept] == ["malformed-request"]
    assert total(world) == 0


def test_what_can_never_succeed_is_acknowledged_and_kept_with_its_project(world):
    def refuse(suite, event):
        raise Conflict("Not like this.")

    assert Door(world, refuse).push(envelope()) == 204
    kept = failures(world)
    assert [(f["error"], f["event_id"]) for f in kept] == [("conflict", "fact:1")]


def test_a_type_without_handler_is_kept(world):
    assert Door(world, counting).push(envelope(type="Unknown")) == 204
    assert len(failures(world)) == 1


@pytest.mark.parametrize("error,status", [(Unavailable("busy"), 503), (RuntimeError("bug"), 500)])
def test_what_may_succeed_later_is_left_to_a_retry(world, error, status):
    outcomes = [error]

    def flaky(suite, event):
        if outcomes:
            raise outcomes.pop()
        return counting(suite, event)

    door = Door(world, flaky)
    assert [door.push(envelope()), door.push(envelope())] == [status, 204]
    assert (total(world), failures(world)) == (1, [])


def test_a_handler_whose_writes_meet_others_is_asked_again(world):
    """And after a few times the message comes again later: it is no repeat and not lost."""
    documents = world.app.suite.documents
    asked = []

    def late(suite, event):
        asked.append(found := documents.get("taken/x"))
        if found is None:  # somebody is quicker than our commit
            documents.commit(Create("taken/x", {"n": 1}))
            return [Create("taken/x", {"n": 1})]
        return [Put("taken/x", {"n": found.data["n"] + 1}, if_version=found.version)]

    def collide(suite, event):
        return [Create("taken/x", {})]

    assert Door(world, late).push(envelope()) == 204
    assert (len(asked), documents.get("taken/x").data) == (2, {"n": 2})
    other = replace(MESSAGE, event_id="fact:2")
    assert Door(world, collide).push(envelope(other)) == 503
    assert (failures(world), documents.get("receipts/test:fact:2")) == ([], None)


def test_what_a_handler_announces_is_published_once_with_its_effect(world):
    said = Announcement("facts", Message("said:1", "shop", "Said"))
    later = Announcement(
        "facts",
        Message("said:2", "shop", "Said"),
        due=world.app.suite.clock.now() + timedelta(hours=1),
    )
    bus = world.app.suite.bus
    bus.subscribe("facts", "listener", "http://127.0.0.1:9/")
    door = Door(world, lambda suite, event: [*counting(suite, event), said, later])
    assert [door.push(envelope()) for _ in range(3)] == [204] * 3
    assert [json.loads(d.data)["event_id"] for d in bus.claim(9)] == ["said:1"]
    assert [d.id for d in world.app.suite.documents.list(Listing("outbox")).items] == ["said:2"]


def test_two_deliveries_at_once_have_one_effect(world):
    from concurrent.futures import ThreadPoolExecutor

    door = Door(world, lambda suite, event: [Create(f"made/{suite.clock.now():%f}-x", {})])
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: door.push(envelope()), range(24)))
    assert set(statuses) == {204}
    assert len(world.app.suite.documents.list(Listing("made")).items) == 1
