"""A suite with people, anomalies and everything that is sent to them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.domain.anomalies.records.record import Impact, Record, Window
from shared.ports import Listing, Message, every_document
from shared.runtime import app as composition
from tests.servers.webhook import Receiver

TOPICS = {"notifications": "notify", "deliveries": "deliver"}
SECRET = "a-secret-of-the-receiver"


@dataclass
class LaterClock:
    """The suite's clock, so much later."""

    clock: Any
    by: timedelta

    def now(self) -> datetime:
        return self.clock.now() + self.by

    def today(self, zone: ZoneInfo) -> date:
        return self.now().astimezone(zone).date()


@dataclass
class Office:
    """Everything that belongs to one suite, reached as its callers and Pub/Sub reach it."""

    world: Any

    def __post_init__(self) -> None:
        for topic, function in TOPICS.items():
            self.suite.bus.subscribe(topic, function, "http://127.0.0.1:9/")

    @property
    def suite(self):
        return self.world.app.suite

    def record(self, project: str = "shop", anomaly: str = "a1", **changes: Any) -> Record:
        """Store an anomaly."""
        day = date(2025, 3, 31)
        fields: dict[str, Any] = {
            "id": anomaly,
            "project_id": project,
            "channel": "meta",
            "campaign_id": "c1",
            "campaign": "IG_Influencer",
            "metric": "ctr",
            "kind": "gradual",
            "direction": "drop",
            "severity": "warning",
            "detected_at": datetime(2025, 4, 1, 6, tzinfo=UTC),
            "window": Window(start=date(2025, 3, 25), end=day),
            "current_value": 0.023,
            "baseline_value": 0.025,
            "deviation_pct": -8.0,
            "impact": Impact(amount=1234.5, currency="EUR"),
            "headline": "CTR of IG_Influencer fell 8 %",
            "explanation": "CTR was 2.3 % instead of 2.5 %, which cost about €1,234.50.",
            "last_seen": day,
        }
        record = Record.model_validate({**fields, **changes})
        path = f"projects/{project}/anomalies/{anomaly}"
        held = self.suite.documents.get(path)
        self.suite.documents.commit(record.written(held.version if held else None))
        return record

    def push(self, function: str, payload: dict[str, Any]) -> int:
        """Deliver a message as Pub/Sub does; the status of the answer."""
        claims = {"aud": "aims-events", "sub": "1", "email": "push@aims.local"}
        token = self.world.issuer.token(
            {**claims, "email_verified": True}, now=datetime.now(UTC), ttl=timedelta(minutes=5)
        )
        envelope = {
            "message": {
                "data": base64.b64encode(json.dumps(payload).encode()).decode(),
                "messageId": "1",
            },
            "subscription": "projects/local/subscriptions/test",
        }
        answer = self.world.client(function).post(
            f"/events/{function}", json=envelope, headers={"Authorization": f"Bearer {token}"}
        )
        return answer.status_code

    def found(self, project: str = "shop", *anomalies: str, scan: str = "scan-1", **why: str):
        """The message of a scan."""
        named = [{"id": a, "why": why.get(a, "opened")} for a in anomalies or ("a1",)]
        body = {"as_of": "2025-03-31", "anomalies": named}
        return Message(scan, project, "AnomaliesFound", body).payload()

    def tell(self, project: str = "shop", *anomalies: str, **more: str) -> None:
        """A scan's message, and all that follows from it."""
        assert self.push("notify", self.found(project, *anomalies, **more)) == 204
        self.drain()

    def claim(self, most: int = 1000) -> list[dict[str, Any]]:
        """Take what was published."""
        taken = self.suite.bus.claim(most)
        for delivery in taken:
            self.suite.bus.acknowledge(delivery)
        return [{**json.loads(d.data), "topic": d.topic} for d in taken]

    def drain(self) -> None:
        """Deliver all that was published, and what that publishes."""
        while messages := self.claim():
            for message in messages:
                self.push(TOPICS[message.pop("topic")], message)

    def later(self, **by: float) -> None:
        """Let time pass."""
        clock = LaterClock(self.suite.clock, timedelta(**by))
        app = self.world.app
        self.world.app = composition.install(replace(app, suite=replace(app.suite, clock=clock)))

    def mails(self, to: str | None = None) -> list[EmailMessage]:
        """The mail that was sent."""
        folder = self.world.app.settings.data_dir / "mail"
        read = [message_from_bytes(f.read_bytes(), policy=default) for f in folder.glob("*.eml")]
        return [mail for mail in read if to in (None, mail["To"])]

    def inbox(self, email: str, query: str = "") -> list[dict[str, Any]]:
        """What somebody finds in their inbox."""
        answer = self.world.person(email).get(f"/v1/me/notifications{query}")
        assert answer.status_code == 200, answer.text
        return answer.get_json()["items"]

    def prefers(self, email: str, **preferences: Any) -> None:
        """Edit somebody's preferences."""
        person = self.world.person(email)
        answer = person.call("PATCH", "/v1/me/preferences", json=preferences)
        assert answer.status_code == 200, answer.text

    def joins(self, email: str, project: str = "shop", owner: str = "ann@example.com") -> None:
        """Somebody is invited and signs in."""
        new = {"email": email, "role": "viewer"}
        added = self.world.person(owner).post(f"/v1/projects/{project}/members", new)
        assert added.status_code == 201, added.text
        assert self.world.person(email).get("/v1/me").status_code == 200

    def outbox(self) -> list[dict[str, Any]]:
        """What waits to be published."""
        return [d.data for d in every_document(self.suite.documents, Listing("outbox"))]

    def failures(self, project: str = "shop") -> list[dict[str, Any]]:
        """What could not be done."""
        return [
            d.data for d in self.suite.documents.list(Listing(f"projects/{project}/failures")).items
        ]


@pytest.fixture
def office(worlds) -> Office:
    """A suite that may post to this machine, with ann's shop and its first anomaly."""
    made = Office(worlds(AIMS_WEBHOOK_NETWORKS="127.0.0.0/8"))
    made.world.person("ann@example.com").opens("shop", name="Demo shop")
    made.record()
    return made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somebody's webhook."""
    started = Receiver().start()
    yield started
    started.close()


def hook(receiver: Receiver, **more: Any) -> dict[str, Any]:
    """Preferences that send anomalies there and nowhere else."""
    url = f"http://127.0.0.1:{receiver.port}/in?key=hidden"
    return {
        "webhook": {"url": url, "secret": SECRET, **more},
        "anomalies": {"webhook": True, "email": False},
    }


def quiet(office: Office, **more: Any) -> dict[str, Any]:
    """Quiet hours that hold now, for about two hours."""
    now = office.suite.clock.now()
    start, end = (f"{now + timedelta(hours=h):%H:%M}" for h in (-1, 2))
    return {"start": start, "end": end, "timezone": "UTC", **more}
