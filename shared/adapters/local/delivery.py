"""Pushes what is due on the bus over HTTP, in the envelope of a Pub/Sub push subscription.

Source: https://cloud.google.com/pubsub/docs/push
"""

from __future__ import annotations

import base64
import json
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from shared.adapters.local.bus import Delivery, SqliteBus, written
from shared.errors import Unavailable

_ACKNOWLEDGED = frozenset({102, 200, 201, 202, 204})
_AT_ONCE = 8
_POLL_S = 1.0  # for what other processes publish


class Deliverer:
    """A thread that hands due messages to a few others, until it is stopped."""

    def __init__(self, bus: SqliteBus, at_once: int = _AT_ONCE) -> None:
        self._bus = bus
        self._at_once = at_once
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="deliverer", daemon=True)
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="push")
        self._free = threading.Semaphore(at_once)

    def start(self) -> None:
        """Begin; what an earlier process left waiting goes first."""
        self._bus.resume()
        self._thread.start()

    def stop(self) -> None:
        """End once what is on its way has arrived or failed."""
        self._stopping.set()
        self._bus.published.set()
        if self._thread.is_alive():
            self._thread.join()
        self._pool.shutdown(wait=True)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._bus.published.clear()
            try:
                wait_s = self._bus.next_due_s()
                if wait_s == 0:
                    self._deliver_due()
                    continue
            except Unavailable:
                wait_s = None
            self._bus.published.wait(_POLL_S if wait_s is None else min(wait_s, _POLL_S))

    def _deliver_due(self) -> None:
        """Claim as many as there are free places, waiting for the first."""
        if not self._free.acquire(timeout=_POLL_S):
            return
        places = 1
        while places < self._at_once and self._free.acquire(blocking=False):
            places += 1
        claimed: list[Delivery] = []
        try:
            claimed = self._bus.claim(places)
        finally:
            for _ in range(places - len(claimed)):
                self._free.release()
        for delivery in claimed:
            self._pool.submit(self._deliver, delivery).add_done_callback(self._release)

    def _release(self, _: Future[None]) -> None:
        self._free.release()

    def _deliver(self, delivery: Delivery) -> None:
        """A failure to settle is left to the lease: the message is due again when it ends."""
        if _push(delivery) in _ACKNOWLEDGED:
            self._bus.acknowledge(delivery)
        else:
            self._bus.fail(delivery)


def envelope(delivery: Delivery) -> dict[str, Any]:
    """The body of a push."""
    published_at = written(delivery.published_at)
    return {
        "message": {
            "data": base64.b64encode(delivery.data.encode()).decode(),
            "attributes": delivery.attributes,
            "messageId": delivery.message_id,
            "message_id": delivery.message_id,
            "publishTime": published_at,
            "publish_time": published_at,
        },
        "subscription": f"projects/local/subscriptions/{delivery.subscription.name}",
        "deliveryAttempt": delivery.attempts,
    }


def _push(delivery: Delivery) -> int:
    """The status the endpoint answered with, 0 if it did not answer."""
    to = delivery.subscription
    headers = {"Content-Type": "application/json"}
    if to.token is not None:
        headers["Authorization"] = f"Bearer {to.token(to.endpoint)}"
    address = urlsplit(to.endpoint)
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=to.policy.ack_deadline_s)
    target = address._replace(scheme="", netloc="", fragment="").geturl() or "/"
    try:
        connection.request("POST", target, json.dumps(envelope(delivery)), headers)
        return connection.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()
