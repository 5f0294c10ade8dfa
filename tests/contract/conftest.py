"""The families that keep the ports. Every test here runs over each of them.

A new family is one more entry in FAMILIES: what opens its ports in a folder, with a clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Condition, Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.ports import Clock, Documents, TextModel, Warehouse
from tests.families.google import GoogleFamily
from tests.families.local import LocalFamily


class SteppedClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self._now = datetime(2025, 6, 15, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def today(self, zone: ZoneInfo) -> date:
        return self._now.astimezone(zone).date()

    def step(self, **by: float) -> None:
        self._now += timedelta(**by)

    def after(self, **by: float) -> datetime:
        return self._now + timedelta(**by)


FAMILIES: dict[str, Callable[[Path, Clock], Any]] = {
    "local": LocalFamily,
    "google": GoogleFamily,
}


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


OPENED = [
    pytest.param(name, marks=[] if name == "local" else pytest.mark.emulator) for name in FAMILIES
]


@pytest.fixture(params=OPENED)
def family(request: pytest.FixtureRequest, tmp_path: Path, clock: SteppedClock) -> Iterator[Any]:
    family = FAMILIES[request.param](tmp_path, clock)
    yield family
    family.close()


@pytest.fixture
def documents(family: Any) -> Documents:
    return family.documents()


@pytest.fixture
def warehouse(family: Any) -> Warehouse:
    return family.warehouse()


@pytest.fixture
def text_model(family: Any) -> TextModel:
    return family.text_model()


@dataclass(frozen=True)
class Push:
    """A request that arrived at the endpoint."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)


@dataclass
class Endpoint:
    """A real push endpoint: keeps what arrives and answers with the statuses it is given.

    `answers` maps a path to the statuses of its next requests, then it is 204; `delays` to the
    seconds that they take.
    """

    url: str = ""
    answers: dict[str, list[int]] = field(default_factory=dict)
    delays: dict[str, list[float]] = field(default_factory=dict)
    pushes: list[Push] = field(default_factory=list)
    changed: Condition = field(default_factory=Condition)

    def at(self, path: str) -> list[Push]:
        return [push for push in self.pushes if push.path == path]

    def arrived(self, count: int, path: str = "/", seconds: float = 10) -> bool:
        """Whether so many pushes arrive at a path in time."""
        with self.changed:
            return self.changed.wait_for(lambda: len(self.at(path)) >= count, seconds)

    def wait_for(self, count: int, path: str = "/") -> list[Push]:
        """What arrived at a path, once there are so many."""
        assert self.arrived(count, path), f"{len(self.at(path))} of {count} arrived at {path}"
        return self.at(path)

    def receive(self, push: Push) -> int:
        with self.changed:
            self.pushes.append(push)
            self.changed.notify_all()
            status = next_of(self.answers, push.path, 204)
            delay = next_of(self.delays, push.path, 0.0)
        time.sleep(delay)
        return status


def next_of(waiting: dict[str, list[Any]], path: str, otherwise: Any) -> Any:
    return waiting[path].pop(0) if waiting.get(path) else otherwise


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = endpoint.receive(Push(self.path, dict(self.headers), body))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    endpoint.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield endpoint
    server.shutdown()
    thread.join()
    server.server_close()
