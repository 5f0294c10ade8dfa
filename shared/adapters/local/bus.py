"""The Bus port on a SQLite file: one row for each message and subscription still to be served.

As in Pub/Sub, a message for a topic without a subscription is dropped, and one that is given up
goes to `<topic>-dead-letter`, which here also keeps a copy to look at. Subscriptions are remembered
in the file, so that what another process publishes waits for them. Nothing is kept past 7 days.
`Deliverer` (delivery.py) pushes what is due.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from secrets import randbits
from typing import Any
from urllib.parse import urlsplit

from shared.adapters.local.sqlite import SqliteFile, micros
from shared.adapters.wire import check_topic, encoded
from shared.errors import Invalid
from shared.ports import Clock, Message

_SCHEMA = """
    CREATE TABLE IF NOT EXISTS subscriptions (name TEXT PRIMARY KEY, topic TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS deliveries (
        id           INTEGER PRIMARY KEY,
        topic        TEXT NOT NULL,
        subscription TEXT NOT NULL,  -- empty: the kept copy of a dead letter, never due
        message_id   TEXT NOT NULL,
        data         TEXT NOT NULL,
        attributes   TEXT NOT NULL,
        published_at INTEGER NOT NULL,  -- microseconds since 1970
        attempts     INTEGER NOT NULL DEFAULT 0,
        due_at       INTEGER
    );
    CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (subscription, due_at);
    CREATE INDEX IF NOT EXISTS deliveries_published ON deliveries (published_at);
"""
_SUBSCRIBE = """
    INSERT INTO subscriptions VALUES (:name, :topic)
    ON CONFLICT DO UPDATE SET topic = excluded.topic
"""
_PUBLISH = """
    INSERT INTO deliveries (topic, subscription, message_id, data, attributes, published_at, due_at)
    SELECT :topic, name, :message_id, :data, :attributes, :now, :now
    FROM subscriptions WHERE topic = :topic
"""
_KEEP = """
    INSERT INTO deliveries (topic, subscription, message_id, data, attributes, published_at)
    VALUES (:topic, '', :message_id, :data, :attributes, :now)
"""
_MINE = "subscription IN (SELECT value FROM json_each(:names))"
_CLAIM = f"""
    UPDATE deliveries SET attempts = attempts + 1, due_at = :now + :lease
    WHERE id IN (SELECT id FROM deliveries WHERE {_MINE} AND due_at <= :now
                 ORDER BY due_at, id LIMIT :most)
    RETURNING id, topic, subscription, message_id, data, attributes, published_at, attempts
"""  # noqa: S608
_NEXT = f"SELECT min(due_at) FROM deliveries WHERE {_MINE}"  # noqa: S608
_RESUME = f"UPDATE deliveries SET due_at = min(due_at, :now) WHERE {_MINE}"  # noqa: S608
_FORGET = """
    DELETE FROM deliveries WHERE id IN
        (SELECT id FROM deliveries WHERE published_at < :before LIMIT 1000)
"""
_DEAD = """
    SELECT topic, data, attributes FROM deliveries WHERE subscription = '' ORDER BY id
"""

_DEAD_LETTER = "-dead-letter"
_KEPT = timedelta(days=7)
_FORGET_EVERY = 64  # publishes
_SECOND = 1_000_000
_LEASE_MARGIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Policy:
    """How a subscription retries. The wait doubles with each attempt, from least to most."""

    least_backoff_s: float = 1.0
    most_backoff_s: float = 600.0
    most_attempts: int = 5
    ack_deadline_s: float = 60.0

    def backoff_s(self, attempts: int) -> float:
        """Seconds to wait after this many attempts."""
        return min(self.most_backoff_s, self.least_backoff_s * 2.0 ** min(attempts - 1, 30))


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where messages of a topic are pushed; `token` makes a bearer token for an audience."""

    topic: str
    name: str
    endpoint: str
    token: Callable[[str], str] | None = None
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way to one subscription; `attempts` counts this one."""

    id: int
    topic: str
    subscription: Subscription
    message_id: str
    data: str
    attributes: dict[str, str]
    published_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up, in its dead-letter topic."""

    topic: str
    payload: dict[str, Any]
    attributes: dict[str, str]


class SqliteBus:
    """Keeps shared.ports.Bus. A published message survives a killed process."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._file = SqliteFile(path, _SCHEMA)
        self._clock = clock
        self._subscriptions: dict[str, Subscription] = {}
        self._publishes = count(1)
        self.published = threading.Event()

    def subscribe(
        self,
        topic: str,
        name: str,
        endpoint: str,
        token: Callable[[str], str] | None = None,
        policy: Policy | None = None,
    ) -> None:
        """Push the topic's messages to an http(s) endpoint from now on."""
        check_topic(topic)
        if urlsplit(endpoint).scheme not in {"http", "https"} or not urlsplit(endpoint).hostname:
            raise Invalid("A push endpoint is an http or https address.")
        with self._file.writer() as connection:
            connection.execute(_SUBSCRIBE, {"name": name, "topic": topic})
        made = Subscription(topic, name, endpoint, token, policy or Policy())
        self._subscriptions = {**self._subscriptions, name: made}

    def publish(self, topic: str, messages: Sequence[Message]) -> None:
        """Store all messages for every subscription of the topic in one commit."""
        check_topic(topic)
        ready = [(encoded(message), message.attributes()) for message in messages]
        now = micros(self._clock.now())
        with self._file.writer() as connection:
            if next(self._publishes) % _FORGET_EVERY == 0:
                connection.execute(_FORGET, {"before": now - _KEPT // timedelta(microseconds=1)})
            for data, attributes in ready:
                connection.execute(_PUBLISH, _row(topic, data, attributes, now))
        self.published.set()

    def resume(self) -> None:
        """Make all that waits due at once: a process that died held leases and backoffs."""
        with self._file.writer() as connection:
            connection.execute(_RESUME, self._mine())

    def claim(self, most: int) -> list[Delivery]:
        """Take what is due; it is due again when its lease ends, unless it is settled."""
        deadlines = [s.policy.ack_deadline_s for s in self._subscriptions.values()]
        lease = int((max(deadlines, default=0.0) + _LEASE_MARGIN_S) * _SECOND)
        with self._file.writer() as connection:
            rows = connection.execute(_CLAIM, self._mine() | {"most": most, "lease": lease})
            return [self._delivery(row) for row in sorted(rows.fetchall())]

    def next_due_s(self) -> float | None:
        """Seconds until a delivery is due, 0 if one is; None with nothing waiting."""
        mine = self._mine()
        with self._file.reader() as connection:
            (due,) = connection.execute(_NEXT, mine).fetchone()
        return None if due is None else max(0, due - mine["now"]) / _SECOND

    def acknowledge(self, delivery: Delivery) -> None:
        """It arrived."""
        with self._file.writer() as connection:
            _remove(connection, delivery)

    def fail(self, delivery: Delivery) -> None:
        """It did not: due again after a while, or given up to the dead-letter topic."""
        policy = delivery.subscription.policy
        now = micros(self._clock.now())
        with self._file.writer() as connection:
            if delivery.attempts >= policy.most_attempts:
                _remove(connection, delivery)
                _bury(connection, delivery, now)
            else:
                again = now + int(policy.backoff_s(delivery.attempts) * _SECOND)
                at = {"id": delivery.id, "again": again}
                connection.execute("UPDATE deliveries SET due_at = :again WHERE id = :id", at)
        self.published.set()

    def dead_letters(self) -> list[DeadLetter]:
        """What was given up in the last 7 days, oldest first."""
        with self._file.reader() as connection:
            rows = connection.execute(_DEAD).fetchall()
        return [DeadLetter(topic, json.loads(data), json.loads(at)) for topic, data, at in rows]

    def close(self) -> None:
        """Release the file."""
        self._file.close()

    def _mine(self) -> dict[str, Any]:
        names = json.dumps(list(self._subscriptions))
        return {"names": names, "now": micros(self._clock.now())}

    def _delivery(self, row: Sequence[Any]) -> Delivery:
        key, topic, name, message_id, data, attributes, published_at, attempts = row
        return Delivery(
            id=key,
            topic=topic,
            subscription=self._subscriptions[name],
            message_id=message_id,
            data=data,
            attributes=json.loads(attributes),
            published_at=datetime.fromtimestamp(published_at / _SECOND, UTC),
            attempts=attempts,
        )


def written(instant: datetime) -> str:
    """An instant as Pub/Sub writes it."""
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _row(topic: str, data: str, attributes: Mapping[str, str], now: int) -> dict[str, Any]:
    return {
        "topic": topic,
        "message_id": str(randbits(60)),
        "data": data,
        "attributes": json.dumps(attributes),
        "now": now,
    }


def _remove(connection: sqlite3.Connection, delivery: Delivery) -> None:
    connection.execute("DELETE FROM deliveries WHERE id = :id", {"id": delivery.id})


def _bury(connection: sqlite3.Connection, delivery: Delivery, now: int) -> None:
    if delivery.topic.endswith(_DEAD_LETTER):
        return  # it has its copy there
    attributes = delivery.attributes | {
        "CloudPubSubDeadLetterSourceDeliveryCount": str(delivery.attempts),
        "CloudPubSubDeadLetterSourceSubscription": delivery.subscription.name,
        "CloudPubSubDeadLetterSourceSubscriptionProject": "local",
        "CloudPubSubDeadLetterSourceTopicPublishTime": written(delivery.published_at),
    }
    row = _row(delivery.topic + _DEAD_LETTER, delivery.data, attributes, now)
    connection.execute(_KEEP, row)
    connection.execute(_PUBLISH, row)
