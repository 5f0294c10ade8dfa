"""What the embedded family adds to the promises: its files outlive the process that wrote them."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from shared.adapters.local.bus import Policy, SqliteBus
from shared.adapters.local.clock import SystemClock
from shared.adapters.local.delivery import Deliverer
from shared.adapters.local.documents import SqliteDocuments
from shared.adapters.local.warehouse import DuckDbWarehouse
from shared.errors import Unavailable
from shared.ports import Create, Listing, Message, Query, every_document

ROOT = Path(__file__).parents[2]
TOPIC = "scans"
PRELUDE = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from shared.adapters.local.clock import SystemClock
folder = Path(sys.argv[1])
def acknowledged(n): print(n, flush=True)
"""
WRITERS = {
    "documents": """
from shared.adapters.local.documents import SqliteDocuments
from shared.ports import Create, Put
documents = SqliteDocuments(folder / "store", SystemClock())
for n in range(10**6):
    documents.commit(Create(f"a/{n:07}", {"n": n}), Put("b/last", {"n": n}))
    acknowledged(n)
""",
    "bus": """
from shared.adapters.local.bus import SqliteBus
from shared.ports import Message
bus = SqliteBus(folder / "store", SystemClock())
bus.subscribe("scans", "scans-0", "http://127.0.0.1:9/")
for n in range(10**6):
    bus.publish("scans", [Message(f"event-{n}", "shop", "ScanProject", {"n": n})])
    acknowledged(n)
""",
    "warehouse": """
import pyarrow as pa
from shared.adapters.local.warehouse import DuckDbWarehouse
from shared.domain.semantics import CAMPAIGNS
warehouse = DuckDbWarehouse(folder / "store")
names = [c.name for c in CAMPAIGNS.columns if c.name not in ("project_id", "loaded_at")]
for n in range(10**6):
    rows = [dict.fromkeys(names) | {"campaign_id": f"{n:07}-{m}", "name": "x"} for m in range(10)]
    with warehouse.stage(CAMPAIGNS, "shop") as staging:
        staging.append(pa.RecordBatch.from_pylist(rows))
        staging.merge(datetime(2025, 1, 1, tzinfo=UTC))
    acknowledged(n)
""",
}


def killed_while_writing(folder, name, count):
    """The last number that a process acknowledged before it was killed on the spot."""
    command = [sys.executable, "-c", PRELUDE + WRITERS[name], str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        for _ in range(count):
            assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split()
    return int(rest[-1]) if rest else count - 1


def test_documents_that_were_acknowledged_survive_a_killed_process(tmp_path):
    last = killed_while_writing(tmp_path, "documents", 300)
    documents = SqliteDocuments(tmp_path / "store", SystemClock())
    found = [d.data["n"] for d in every_document(documents, Listing("a", limit=1000))]
    assert found == list(range(len(found)))
    assert last < len(found) <= last + 2
    assert documents.get("b/last").data["n"] == found[-1]
    documents.close()


def test_messages_that_were_acknowledged_survive_a_killed_process(tmp_path, endpoint):
    last = killed_while_writing(tmp_path, "bus", 50)
    bus = SqliteBus(tmp_path / "store", SystemClock())
    bus.subscribe(TOPIC, "scans-0", f"{endpoint.url}/")
    deliverer = Deliverer(bus)
    deliverer.start()
    endpoint.wait_for(last + 1)
    deliverer.stop()
    bus.close()


def test_merges_that_were_acknowledged_survive_a_killed_process_whole(tmp_path):
    last = killed_while_writing(tmp_path, "warehouse", 10)
    warehouse = DuckDbWarehouse(tmp_path / "store")
    sql = "SELECT COUNT(*), COUNT(DISTINCT SUBSTR(campaign_id, 1, 7)) FROM campaigns"
    [(rows, merges)] = warehouse.run(Query("shop", sql)).rows
    assert rows == merges * 10
    assert last < merges <= last + 2
    warehouse.close()


def test_a_message_that_was_on_its_way_when_the_process_died_comes_again_at_once(
    tmp_path, endpoint
):
    first = SqliteBus(tmp_path / "store", SystemClock())
    first.subscribe(TOPIC, "scans-0", f"{endpoint.url}/")
    first.publish(TOPIC, [Message("event-1", "shop", "ScanProject")])
    assert len(first.claim(5)) == 1
    assert first.claim(5) == []
    first.close()
    second = SqliteBus(tmp_path / "store", SystemClock())
    second.subscribe(TOPIC, "scans-0", f"{endpoint.url}/")
    deliverer = Deliverer(second)
    deliverer.start()
    endpoint.wait_for(1)
    deliverer.stop()
    assert second.next_due_s() is None
    second.close()


def test_what_another_process_publishes_waits_for_the_remembered_subscription(tmp_path, endpoint):
    bus = SqliteBus(tmp_path / "store", SystemClock())
    bus.subscribe(TOPIC, "scans-0", f"{endpoint.url}/")
    deliverer = Deliverer(bus)
    deliverer.start()
    other = SqliteBus(tmp_path / "store", SystemClock())
    other.publish(TOPIC, [Message("event-1", "shop", "ScanProject")])
    endpoint.wait_for(1)
    deliverer.stop()
    bus.close()
    other.close()


def test_a_message_is_kept_for_seven_days(tmp_path, clock):
    bus = SqliteBus(tmp_path / "store", clock)
    bus.subscribe(TOPIC, "scans-0", "http://127.0.0.1:9/", policy=Policy(most_attempts=1))
    bus.publish(TOPIC, [Message("given-up", "shop", "ScanProject")])
    [delivery] = bus.claim(1)
    bus.fail(delivery)
    clock.step(days=7)
    bus.publish(TOPIC, [Message("waiting", "shop", "ScanProject")])
    assert len(bus.dead_letters()) == 1
    clock.step(seconds=1)
    for number in range(64):
        bus.publish(TOPIC, [Message(f"new-{number}", "shop", "ScanProject")])
    assert bus.dead_letters() == []
    assert "waiting" in {d.attributes["event_id"] for d in bus.claim(100)}
    bus.close()


def test_expired_documents_do_not_pile_up(tmp_path, clock):
    path = tmp_path / "store"
    documents = SqliteDocuments(path, clock)
    for number in range(2000):
        documents.increment(f"limits/{number}", "n", 1, clock.after(seconds=10))
        clock.step(seconds=1)
    documents.close()
    with closing(sqlite3.connect(path)) as connection:
        [(rows,)] = connection.execute("SELECT count(*) FROM documents").fetchall()
    assert rows < 100


@pytest.mark.parametrize("name", ["documents", "warehouse"])
def test_a_store_is_found_again_as_it_was_closed(family, name):
    write = {
        "documents": lambda store: store.commit(Create("a/1", {"n": 1})),
        "warehouse": lambda store: store.ping(),
    }[name]
    store = getattr(family, name)()
    write(store)
    store.close()
    store.ping()
    if name == "documents":
        assert store.get("a/1").data == {"n": 1}


def test_a_warehouse_that_another_process_owns_is_unavailable(tmp_path):
    script = (
        "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True);"
        "sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "store")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as owner:
        assert owner.stdout.readline() == "open\n"
        with pytest.raises(Unavailable) as error:
            DuckDbWarehouse(tmp_path / "store").ping()
        owner.stdin.close()
    assert str(tmp_path) not in error.value.detail


@pytest.mark.parametrize("store", [SqliteDocuments, SqliteBus, DuckDbWarehouse])
def test_a_file_that_is_no_store_is_unavailable(tmp_path, store):
    path = tmp_path / "store"
    path.write_bytes(b"this is no database" * 500)
    opened = DuckDbWarehouse(path) if store is DuckDbWarehouse else store(path, SystemClock())
    call = {
        SqliteDocuments: lambda: opened.get("a/1"),
        SqliteBus: lambda: opened.publish(TOPIC, []),
        DuckDbWarehouse: lambda: opened.ping(),
    }[store]
    with pytest.raises(Unavailable) as error:
        call()
    assert str(tmp_path) not in error.value.detail


HOSTILE = {
    "read": "SELECT * FROM read_csv('{path}')",
    "text": "SELECT * FROM read_text('{path}')",
    "from": "FROM '{path}'",
    "write": "COPY (SELECT 1) TO '{path}.out'",
    "attach": "ATTACH '{path}.db' AS other",
    "glob": "SELECT * FROM glob('{path}*')",
    "install": "INSTALL httpfs",
    "load": "LOAD httpfs",
    "network": "SELECT * FROM read_csv('https://example.com/x.csv')",
    "unlock": "SET enable_external_access = true",
    "configure": "SET threads = 8",
    "reset": "RESET lock_configuration",
}


@pytest.mark.parametrize("sql", HOSTILE.values(), ids=HOSTILE)
def test_the_database_itself_has_no_door_to_files_or_network(tmp_path, sql):
    secret = tmp_path / "secret.csv"
    secret.write_text("word\nopensesame\n")
    warehouse = DuckDbWarehouse(tmp_path / "store")
    with warehouse._cursor() as cursor, pytest.raises(duckdb.Error):
        cursor.execute(sql.format(path=secret)).fetchall()
    warehouse.close()
    assert [path.name for path in tmp_path.glob("secret*")] == ["secret.csv"]


def test_a_deadline_that_passes_after_the_answer_harms_nobody(tmp_path):
    warehouse = DuckDbWarehouse(None)
    for _ in range(20):
        warehouse.run(Query("shop", "SELECT 1 AS x", timeout_s=0.01))
    time.sleep(0.05)
    assert warehouse.run(Query("shop", "SELECT 2 AS x")).rows == [(2,)]
    warehouse.close()
