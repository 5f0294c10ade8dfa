"""A suite under faults: messages come one to three times and out of order, workers are killed
between write and publish, one call in twenty of every store fails before or after its work.
"""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import functions_framework

from shared.adapters.local.bus import Delivery, Policy, SqliteBus
from shared.adapters.local.courier import FolderCourier
from shared.adapters.local.delivery import envelope
from shared.adapters.local.documents import SqliteDocuments
from shared.adapters.webhooks import HttpsWebhooks
from shared.domain.suite import Suite
from shared.errors import Unavailable
from shared.ports import Listing, Mail, Message
from shared.runtime import app as composition
from shared.runtime.catalog import functions
from shared.runtime.events import SCHEDULED

MOST_ROUNDS = 80


class Killed(BaseException):
    """The process dies here."""


class Turning:
    """A clock that the test turns."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def today(self, zone: ZoneInfo) -> date:
        return self._now.astimezone(zone).date()

    def turn(self, by: timedelta) -> None:
        self._now += by


class Faulty:
    """A port that fails one call in twenty: half before its work, half after it is done."""

    def __init__(self, port: Any, draw: Random, *, kills: str = "") -> None:
        self._port, self._draw, self._kills = port, draw, kills
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._port, name)

        def faulty(*given: Any, **named: Any) -> Any:
            with self._lock:
                luck = self._draw.random()
            fault = Killed() if name == self._kills else Unavailable("It failed.")
            if luck < 1 / 40:
                raise fault
            answer = call(*given, **named)
            if luck < 1 / 20:
                raise fault
            return answer

        return faulty


class Counted:
    """A courier, and how often it sent something to whom."""

    def __init__(self, courier: FolderCourier) -> None:
        self._courier, self._lock = courier, threading.Lock()
        self.sent: Counter[str] = Counter()

    def send(self, mail: Mail) -> None:
        self._courier.send(mail)
        with self._lock:
            self.sent[mail.to] += 1


class Storm:
    """A suite under faults, and the bus that brings its messages."""

    def __init__(
        self, world: Any, folder: Path, draw: Random, start: datetime, *, faults: bool = True
    ) -> None:
        self.clock, self.draw = Turning(start), draw
        self.documents = SqliteDocuments(folder / "storm.sqlite", self.clock)
        self.bus = SqliteBus(folder / "storm-bus.sqlite", self.clock)
        self.folder = folder / "storm-mail"
        self.world = world
        loopback = [ip_network("127.0.0.0/8")]
        self.calm = Suite(
            warehouse=world.app.suite.warehouse,
            documents=self.documents,
            bus=self.bus,
            model=world.app.suite.model,
            courier=Counted(FolderCourier(self.folder, "aims@localhost", self.clock)),
            webhooks=HttpsWebhooks(self.clock, loopback),
            secrets=world.app.suite.secrets,
            clock=self.clock,
            public_url=world.app.settings.public_url,
        )
        suite = self._stormy() if faults else self.calm
        composition.install(replace(world.app, suite=suite))
        policy = Policy(least_backoff_s=10, most_attempts=20)
        self.doors: dict[str, Any] = {}
        for name, function in functions().items():
            if function.topic:
                self.doors[name] = functions_framework.create_app(name, "main.py")
                self.bus.subscribe(function.topic, name, "http://127.0.0.1:9/", policy=policy)

    def _stormy(self) -> Suite:
        ports = ("warehouse", "documents", "courier", "webhooks")
        faulty = {name: Faulty(getattr(self.calm, name), self.draw) for name in ports}
        return replace(self.calm, **faulty, bus=Faulty(self.bus, self.draw, kills="publish"))

    @property
    def sent(self) -> Counter[str]:
        """How often something was sent to an address."""
        return self.calm.courier.sent

    def fire(self, function: str, firing: str) -> None:
        topic = functions()[function].topic or ""
        self.bus.publish(topic, [Message(f"scheduled:{firing}", "", SCHEDULED)])

    def blow(self) -> None:
        """Until nothing is on its way any more."""
        for turn in range(MOST_ROUNDS):
            self.fire("relay", f"relay-{self.clock.now():%d%H%M}-{turn}")
            due = self.bus.claim(5_000)
            self.draw.shuffle(due)
            with ThreadPoolExecutor(4) as workers:
                list(workers.map(self._bring, due))
            self.clock.turn(timedelta(minutes=10))
            left = self.documents.list(Listing("outbox", limit=1)).items
            if len(due) == 1 and not left and self.bus.next_due_s() is None:
                return
        raise AssertionError("messages are still on their way")

    def _bring(self, delivery: Delivery) -> None:
        copies = self.draw.choice((1, 1, 2, 3))
        with ThreadPoolExecutor(copies) as pushes:
            answers = list(pushes.map(lambda _: self._push(delivery), range(copies)))
        settle = self.bus.acknowledge if 204 in answers else self.bus.fail
        settle(delivery)

    def _push(self, delivery: Delivery) -> int:
        door = self.doors[delivery.subscription.name].test_client()
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            return door.post("/", json=envelope(delivery), headers=headers).status_code
        except Killed:
            return 0

    @cached_property
    def token(self) -> str:
        account = "push@aims.local"
        claims = {"aud": "aims-events", "sub": "1", "email": account, "email_verified": True}
        return self.world.issuer.token(claims, now=datetime.now(UTC), ttl=timedelta(hours=1))
