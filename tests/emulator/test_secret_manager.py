"""Secret Manager's adapter against its protocol: what is kept, for how long, and what fails."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import grpc
import pytest

from shared.adapters.google.secrets import DEADLINE_S, SecretManager
from shared.errors import NotFound, Unavailable
from tests.servers.secret_manager import SecretManagerServer

NAME = "smtp-password"


class Steps:
    def __init__(self):
        self._now = datetime(2025, 4, 1, 12, tzinfo=UTC)

    def now(self):
        return self._now

    def step(self, **by):
        self._now += timedelta(**by)


@pytest.fixture
def server():
    server = SecretManagerServer("acme-prod").start()
    server.add(NAME, b"old")
    yield server
    server.close()


@pytest.fixture
def clock():
    return Steps()


@pytest.fixture
def secrets(server, clock):
    secrets = SecretManager("acme-prod", endpoint=server.address, clock=clock)
    yield secrets
    secrets.close()


def test_a_secret_is_asked_for_once_in_five_minutes(server, secrets, clock):
    assert [secrets.get(NAME) for _ in range(3)] == ["old"] * 3
    clock.step(minutes=4, seconds=59)
    secrets.get(NAME)
    assert server.calls == [f"projects/acme-prod/secrets/{NAME}/versions/latest"]
    clock.step(seconds=1)
    secrets.get(NAME)
    assert len(server.calls) == 2


def test_callers_at_once_share_one_call(server, secrets):
    server.wait = 0.1
    with ThreadPoolExecutor(16) as callers:
        assert set(callers.map(lambda _: secrets.get(NAME), range(16))) == {"old"}
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (grpc.StatusCode.NOT_FOUND, NotFound),
        (grpc.StatusCode.PERMISSION_DENIED, NotFound),
        (grpc.StatusCode.FAILED_PRECONDITION, NotFound),
        (grpc.StatusCode.UNAUTHENTICATED, Unavailable),
        (grpc.StatusCode.INTERNAL, Unavailable),
        (grpc.StatusCode.DEADLINE_EXCEEDED, Unavailable),
        (grpc.StatusCode.UNKNOWN, Unavailable),
    ],
    ids=lambda value: getattr(value, "name", None) or value.__name__,
)
def test_a_refusal_is_told_by_its_status_and_names_nothing(server, secrets, code, kind):
    server.faults = [code]
    with pytest.raises(kind) as error:
        secrets.get(NAME)
    assert type(error.value) is kind
    assert "acme-prod" not in error.value.detail
    assert NAME not in error.value.detail
    assert secrets.get(NAME) == "old"


@pytest.mark.parametrize("code", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED])
def test_what_passes_is_tried_again_within_the_call(server, secrets, code):
    server.faults = [code, code]
    assert secrets.get(NAME) == "old"
    assert len(server.calls) == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    "trouble",
    [{"wait": DEADLINE_S + 2}, {"faults": [grpc.StatusCode.UNAVAILABLE] * 200}],
    ids=["silent", "down"],
)
def test_a_server_in_trouble_is_not_waited_for_beyond_the_deadline(server, secrets, trouble):
    for name, value in trouble.items():
        setattr(server, name, value)
    begun = time.monotonic()
    with pytest.raises(Unavailable):
        secrets.get(NAME)
    assert time.monotonic() - begun < DEADLINE_S + 1


@pytest.mark.parametrize("name", ["a/b", "../other", f"{NAME}\n", ""])
def test_what_names_no_secret_is_never_asked_for(server, secrets, name):
    with pytest.raises(NotFound):
        secrets.get(name)
    assert server.calls == []


def test_a_destroyed_version_is_not_found_although_an_older_one_is_there(server, secrets):
    server.add(NAME, None)
    with pytest.raises(NotFound):
        secrets.get(NAME)


def test_a_payload_damaged_on_its_way_is_not_used(server, secrets):
    server.damaged = True
    with pytest.raises(Unavailable):
        secrets.get(NAME)
    server.damaged = False
    assert secrets.get(NAME) == "old"


def test_a_payload_without_a_checksum_is_used(server, secrets):
    server.unsummed = True
    assert secrets.get(NAME) == "old"


def test_an_outage_leaves_the_last_value_for_an_hour(server, secrets, clock):
    secrets.get(NAME)
    server.faults = [grpc.StatusCode.INTERNAL] * 9
    clock.step(minutes=59)
    assert secrets.get(NAME) == "old"
    clock.step(minutes=1)
    with pytest.raises(Unavailable):
        secrets.get(NAME)


def test_in_an_outage_the_service_is_asked_again_every_half_minute(server, secrets, clock):
    secrets.get(NAME)
    server.faults = [grpc.StatusCode.INTERNAL]
    clock.step(minutes=5)
    server.add(NAME, b"new")
    assert [secrets.get(NAME) for _ in range(3)] == ["old"] * 3
    assert len(server.calls) == 2
    clock.step(seconds=30)
    assert secrets.get(NAME) == "new"


def test_a_secret_that_is_gone_is_not_served_from_memory(server, secrets, clock):
    secrets.get(NAME)
    clock.step(minutes=5)
    server.faults = [grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.INTERNAL]
    with pytest.raises(NotFound):
        secrets.get(NAME)
    with pytest.raises(Unavailable):
        secrets.get(NAME)
