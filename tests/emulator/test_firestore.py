"""What only Firestore shows: how documents lie there, several clients, a connection that breaks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from google.cloud.firestore import Client, Query
from google.cloud.firestore_v1.base_query import FieldFilter

from infra.emulators import FIRESTORE
from shared.adapters.google.documents import FirestoreDocuments
from shared.adapters.local.clock import SystemClock
from shared.errors import AlreadyExists, TooLarge, Unavailable
from shared.ports import Create, Listing, Put
from tests.emulators import started
from tests.servers.relay import Relay

LATER = datetime(2100, 1, 1, 12, 30, 0, 1, UTC)


@pytest.fixture
def project():
    started(FIRESTORE)
    return f"test-{uuid4().hex[:12]}"


@pytest.fixture
def opened(project):
    """Opens as many adapters on one project as a test needs, each with a connection of its own."""
    kept = []

    def open_one():
        kept.append(FirestoreDocuments(project, SystemClock()))
        return kept[-1]

    yield open_one
    for documents in kept:
        documents.close()


@pytest.fixture
def raw(project) -> Iterator[Client]:
    client = Client(project=project)
    yield client
    client.close()


@pytest.fixture
def relay(project, monkeypatch) -> Iterator[Relay]:
    """What stands between the emulator and all who connect in this test."""
    relay = Relay(started(FIRESTORE))
    monkeypatch.setenv(FIRESTORE.variable, relay.address)
    yield relay
    relay.close()


def test_the_field_of_the_ttl_policy_is_a_timestamp(opened, raw):
    documents = opened()
    documents.commit(Put("a/put", {"n": 1}, expires_at=LATER), Put("a/never", {}))
    documents.increment("a/counter", "n", 1, LATER)
    for name in ("put", "counter"):
        assert raw.document(f"a/{name}").get().get("expires_at") == LATER
    assert "expires_at" not in raw.document("a/never").get().to_dict()


def test_the_field_of_the_ttl_policy_follows_the_expiry(opened, raw):
    documents = opened()
    documents.increment("a/1", "n", 1, LATER)
    documents.increment("a/1", "n", 1, LATER + timedelta(days=1))
    documents.update("a/1", lambda data: data)
    assert raw.document("a/1").get().get("expires_at") == LATER + timedelta(days=1)
    documents.commit(Put("a/1", {}))
    assert "expires_at" not in raw.document("a/1").get().to_dict()


def test_top_level_fields_are_what_an_index_can_name(opened, raw):
    opened().commit(
        *(Put(f"a/{n}", {"uid": f"u{n % 2}", "updated_at": n, "turns": [[n]]}) for n in range(6))
    )
    query = Query(raw.collection("a")).where(filter=FieldFilter("d.uid", "==", "u1"))
    found = query.order_by("d.updated_at", direction=Query.DESCENDING).get()
    assert [one.id for one in found] == ["5", "3", "1"]
    assert found[0].get("d") == {"uid": "u1", "updated_at": 5}


def test_counts_and_changes_through_several_connections_are_exact(opened):
    both = [opened(), opened()]
    both[0].commit(Create("a/list", {"seen": []}))

    def work(n):
        documents = both[n % 2]
        documents.update("a/list", lambda data: {"seen": [*data["seen"], n]})
        return documents.increment("a/counter", "n", 1, LATER)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(work, range(40))) == list(range(1, 41))
    assert sorted(both[0].get("a/list").data["seen"]) == list(range(40))


def test_of_20_callers_with_connections_of_their_own_one_creates(opened):
    def create(documents):
        try:
            documents.commit(Create("a/1", {"by": id(documents)}))
        except AlreadyExists:
            return None
        return id(documents)

    with ThreadPoolExecutor(20) as pool:
        winners = [one for one in pool.map(create, [opened() for _ in range(20)]) if one]
    assert [opened().get("a/1").data["by"]] == winners


def test_what_is_too_large_with_its_names_is_too_large(opened):
    documents = opened()
    with pytest.raises(TooLarge):
        documents.commit(Create("a/1", {"s": "x" * (2**20 - 10)}))
    assert documents.get("a/1") is None


def test_a_large_document_is_read_in_a_list_and_by_name(opened):
    documents = opened()
    data = {"list": ["x" * 500_000], "s": "y" * 400_000}
    for n in range(6):
        documents.commit(Put(f"a/{n}", data))
    assert [one.data for one in documents.list(Listing("a")).items] == [data] * 6
    assert documents.get_many([f"a/{n}" for n in range(6)])[5].data == data


def test_calls_without_a_store_end_soon_and_work_once_it_is_back(opened, relay):
    documents = opened()
    documents.ping()
    with relay.cut():
        for call in (documents.ping, lambda: documents.increment("a/1", "n", 1, LATER)):
            began = time.monotonic()
            with pytest.raises(Unavailable, match="Try again"):
                call()
            assert time.monotonic() - began < 10
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with suppress(Unavailable):
            documents.ping()
            break
    assert documents.increment("a/1", "n", 1, LATER) == 1


def test_a_write_whose_answer_is_lost_is_done_and_no_conflict_with_itself(opened, relay):
    documents = opened()
    documents.commit(Create("a/old", {"n": 1}))
    version = documents.get("a/old").version
    relay.lose_next_answer()
    documents.commit(Create("a/new", {"n": 1}), Put("a/old", {"n": 2}, if_version=version))
    assert [one.data["n"] for one in documents.get_many(["a/new", "a/old"])] == [1, 2]


def test_an_update_whose_answer_is_lost_is_done_once(opened, relay):
    documents = opened()
    documents.commit(Create("a/1", {"n": 1}))

    def change(data):
        relay.lose_next_answer()
        return {"n": data["n"] + 1}

    assert documents.update("a/1", change) == documents.get("a/1")
    assert documents.get("a/1").data == {"n": 2}


def test_a_count_whose_answer_is_lost_is_not_counted_twice(opened, relay):
    documents = opened()
    documents.increment("a/1", "n", 1, LATER)
    relay.lose_next_answer()
    with pytest.raises(Unavailable):
        documents.increment("a/1", "n", 1, LATER)
    assert documents.get("a/1").data == {"n": 2}


def test_a_list_whose_answer_is_lost_is_read_again(opened, relay):
    documents = opened()
    documents.commit(*(Create(f"a/{n}", {"n": n}) for n in range(5)))
    relay.lose_next_answer()
    assert [one.id for one in documents.list(Listing("a")).items] == ["0", "1", "2", "3", "4"]
