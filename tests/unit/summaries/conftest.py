"""A suite whose projects are summed up, and the people who get it by mail."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from shared.adapters.local.documents import SqliteDocuments
from shared.ports import Listing, Mail, Put, every_document
from shared.runtime import app as composition

ANN = "ann@example.com"
ADDRESS = "https://aims.example"
KEY = "the-first-key-of-32-bytes-or-more"
TOPICS = {
    "weekly-summaries": "summary_scan",
    "weekly-summary-requests": "summary_write",
    "notifications": "notify",
    "deliveries": "deliver",
}
WEEK = "2025-W13"  # 24 to 30 March, the newest that is over on the suite's day
MONDAY = date(2025, 3, 24)
HEADER = "date,channel,campaign,spend,impressions,clicks,conversions,revenue"


@dataclass
class HandClock:
    """A clock that the test sets."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def today(self, zone: ZoneInfo) -> date:
        return self.at.astimezone(zone).date()


@dataclass
class Post:
    """A courier that remembers each sending, and fails for those that it is told of."""

    courier: Any
    sent: list[Mail] = field(default_factory=list)
    fails: dict[str, Exception] = field(default_factory=dict)

    def send(self, mail: Mail) -> None:
        if mail.to in self.fails:
            raise self.fails[mail.to]
        self.courier.send(mail)
        self.sent.append(mail)


class Bureau:
    """One suite, reached as its callers and Pub/Sub reach it. It is Tuesday, 1 April 2025, noon."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.clock = HandClock(datetime(2025, 4, 1, 12, tzinfo=UTC))
        self.post = Post(self.suite.courier)
        self.file = world.app.settings.data_dir / "documents.sqlite"
        documents = SqliteDocuments(self.file, self.clock)  # its time is the same
        self._with(clock=self.clock, courier=self.post, documents=documents)
        for topic, function in TOPICS.items():
            self.suite.bus.subscribe(topic, function, "http://127.0.0.1:9/")

    def _with(self, **ports: Any) -> None:
        app = self.world.app
        self.world.app = composition.install(replace(app, suite=replace(app.suite, **ports)))

    @property
    def suite(self):
        return self.world.app.suite

    @property
    def ann(self):
        return self.world.person(ANN)

    def keys(self, *keys: str) -> None:
        """Store the keys that sign links."""
        folder = self.world.app.settings.data_dir / "secrets"
        folder.mkdir(exist_ok=True)
        (folder / "unsubscribe-key").write_text("\n".join(keys))

    def loads(self, project: str = "shop", weeks: int = 6, owner: str = ANN) -> None:
        """Import so many weeks up to and with WEEK."""
        rows = [HEADER]
        for ago in range(weeks * 7):
            day = MONDAY + timedelta(days=6 - ago)
            for number, campaign in enumerate(("brand", "spring")):
                spend = 100 + 10 * number + day.day
                counts = f"{spend * 50},{spend * 2},{spend / 5:.1f}"
                rows.append(f"{day},meta,{campaign},{spend},{counts},{spend * 4}")
        answer = self.world.person(owner).imports(project, "\n".join(rows))
        assert answer.get_json()["rejected"] == 0, answer.text

    def push(self, function: str, payload: dict[str, Any]) -> int:
        """Deliver a message as Pub/Sub does; the status of the answer."""
        claims = {"aud": "aims-events", "sub": "1", "email": "push@aims.local"}
        token = self.world.issuer.token(
            {**claims, "email_verified": True}, now=datetime.now(UTC), ttl=timedelta(minutes=5)
        )
        data = base64.b64encode(json.dumps(payload).encode()).decode()
        answer = self.world.client(function).post(
            f"/events/{function}",
            json={"message": {"data": data, "messageId": "1"}},
            headers={"Authorization": f"Bearer {token}"},
        )
        return answer.status_code

    def order(self, week: str = WEEK, project: str = "shop", firing: str = "f1") -> dict[str, Any]:
        """The order to sum up a week."""
        return {
            "schema_version": 1,
            "event_id": f"weekly-summary:{project}:{week}:{firing}",
            "project_id": project,
            "type": "WriteSummary",
            "body": {"week": week},
        }

    def fire(self, firing: str = "scheduled:1") -> int:
        """The clock fires."""
        message = {"schema_version": 1, "event_id": firing, "project_id": "", "type": "Scheduled"}
        return self.push("summary_scan", message)

    def claim(self) -> list[dict[str, Any]]:
        """Take what was published."""
        taken = self.suite.bus.claim(10_000)
        for delivery in taken:
            self.suite.bus.acknowledge(delivery)
        return [{**json.loads(d.data), "topic": d.topic} for d in taken]

    def deliveries(self) -> list[dict[str, Any]]:
        """The orders to deliver that the summary leads to, not yet carried out."""
        assert self.push("summary_write", self.order()) == 204
        [written] = self.claim()
        assert written.pop("topic") == "notifications"
        assert self.push("notify", written) == 204
        found = self.claim()
        return [{k: v for k, v in order.items() if k != "topic"} for order in found]

    def drain(self) -> None:
        """Deliver all that was published, and what that publishes."""
        while messages := self.claim():
            for message in messages:
                self.push(TOPICS[message.pop("topic")], message)

    def tell(self, **order: str) -> None:
        """Sum up a week by order, and all that follows."""
        assert self.push("summary_write", self.order(**order)) == 204
        self.drain()

    def joins(self, email: str, project: str = "shop", **preferences: Any) -> None:
        """Somebody is invited, signs in and chooses."""
        new = {"email": email, "role": "viewer"}
        assert self.ann.post(f"/v1/projects/{project}/members", new).status_code == 201
        self.prefers(email, **preferences)

    def prefers(self, email: str, **preferences: Any) -> None:
        """Edit somebody's preferences."""
        answer = self.world.person(email).call("PATCH", "/v1/me/preferences", json=preferences)
        assert answer.status_code == 200, answer.text

    def mails(self, to: str | None = None) -> list[EmailMessage]:
        """The mail that was sent, as files."""
        folder = self.world.app.settings.data_dir / "mail"
        read = [message_from_bytes(f.read_bytes(), policy=default) for f in folder.glob("*.eml")]
        return [mail for mail in read if to in (None, mail["To"])]

    def to(self) -> list[str]:
        """Whom mail was sent to, once for each sending."""
        return sorted(mail.to for mail in self.post.sent)

    def outbox(self) -> list[dict[str, Any]]:
        """What waits to be published."""
        return [d.data for d in every_document(self.suite.documents, Listing("outbox"))]

    def failures(self, project: str = "shop") -> list[dict[str, Any]]:
        """What could not be done."""
        listing = Listing(f"projects/{project}/failures")
        return [d.data for d in self.suite.documents.list(listing).items]

    def summary(self, week: str = WEEK, project: str = "shop") -> dict[str, Any]:
        """A summary as its owner reads it."""
        answer = self.ann.get(f"/v1/projects/{project}/weekly-summaries/{week}")
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def store(self, path: str, data: dict[str, Any]) -> None:
        self.suite.documents.commit(Put(path, data))


def token_of(mail: Mail) -> str:
    """The token in a mail's link to unsubscribe."""
    url = mail.headers["List-Unsubscribe"].strip("<>")
    return parse_qs(urlsplit(url).query)["token"][0]


@pytest.fixture
def bureaus(worlds) -> Iterator[Any]:
    """Makes suites with settings of the test's own, each with ann's shop without data."""
    made: list[Bureau] = []

    def make(**environment: str) -> Bureau:
        made.append(Bureau(worlds(**environment)))
        made[-1].ann.opens("shop", name="Demo shop")
        return made[-1]

    yield make
    for bureau in made:
        bureau.suite.documents.close()


@pytest.fixture
def bare(bureaus) -> Bureau:
    """A suite with a key and an address, and ann's shop without data."""
    made = bureaus(AIMS_PUBLIC_URL=ADDRESS)
    made.keys(KEY)
    return made


@pytest.fixture
def bureau(bare) -> Bureau:
    """The same with six weeks of data."""
    bare.loads()
    return bare
