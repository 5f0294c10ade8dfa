"""Anomalies under faults: 500 projects, each message delivered one to three times and out of order,
workers killed between write and publish, one call in twenty of every store failing before or after
its work. At the end: exactly the right records, and exactly one notification of each kind.
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from shared.domain.access import Caller
from shared.domain.membership import open_project
from shared.domain.notifications.preferences import PreferencesEdit, edit_preferences
from shared.domain.projects import NewProject
from shared.domain.semantics import CHANNEL_DAILY
from shared.ports import Listing, every_document
from tests.storms import Storm

pytestmark = pytest.mark.slow

PROJECTS = 500
DAYS = 56
MORNING = datetime(2025, 4, 1, 6, tzinfo=UTC)
HOOKED = 10  # every tenth owner has a webhook


class Receiver(ThreadingHTTPServer):
    """Takes webhooks and remembers their ids."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        seen = self.seen

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                seen[self.headers["webhook-id"]] += 1
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Silence."""

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


def project_of(number: int) -> str:
    return f"shop-{number:03}"


def owner_of(number: int) -> str:
    return f"owner-{number:03}@example.com"


def planted(number: int) -> tuple[str, str, str] | None:
    """Campaign, metric and direction of what happens in a project, if anything does."""
    kinds = (("brand", "spend", "spike"), ("brand", "conversion_rate", "drop"), None, None)
    return kinds[number % len(kinds)]


def history(number: int, days: range) -> pa.RecordBatch:
    """Quiet weeks of two campaigns, by days ago; from yesterday on what is planted happens."""
    draw, event = Random(number), planted(number)
    rows = []
    for ago in days:
        day = MORNING.date() - timedelta(days=1 + ago)
        for campaign, size in (("brand", 1.0), ("other", 2.0)):
            hit = event is not None and event[0] == campaign and ago <= 0
            spend = (
                size * 200 * draw.uniform(0.97, 1.03) * (3 if hit and event[1] == "spend" else 1)
            )
            clicks = round(spend * 5 * draw.uniform(0.98, 1.02))
            rate = 0.05 * (0.4 if hit and event[1] == "conversion_rate" else 1)
            conversions = round(clicks * rate * draw.uniform(0.97, 1.03), 1)
            rows.append(
                {
                    "date": day,
                    "channel": "google_ads",
                    "campaign_id": campaign,
                    "campaign": campaign,
                    "spend": round(spend, 2),
                    "impressions": clicks * 30,
                    "clicks": clicks,
                    "conversions": conversions,
                    "revenue": round(conversions * 60 * draw.uniform(0.98, 1.02), 2),
                }
            )
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    types = {"spend": pa.decimal128(38, 9), "revenue": pa.decimal128(38, 9)}
    return pa.RecordBatch.from_pydict(
        {n: pa.array(v).cast(types[n]) if n in types else pa.array(v) for n, v in columns.items()}
    )


def open_shop(storm: Storm, number: int, hook: str) -> None:
    suite, project = storm.calm, project_of(number)
    owner = Caller(owner_of(number), owner_of(number))
    open_project(suite, owner, NewProject(id=project, name=project.title(), currency="EUR"))
    if number % HOOKED == 0:
        wish = {"webhook": {"url": hook, "secret": "s" * 24}, "anomalies": {"webhook": True}}
        edit_preferences(suite, owner, PreferencesEdit.model_validate(wish), None)
    load(storm, number, range(DAYS))


def load(storm: Storm, number: int, days: range) -> None:
    with storm.calm.warehouse.stage(CHANNEL_DAILY, project_of(number)) as staging:
        staging.append(history(number, days))
        staging.merge(storm.clock.now())


def test_faults_duplicates_and_disorder_change_nothing(world, tmp_path):
    storm, receiver = Storm(world, tmp_path, Random(7), MORNING), Receiver()
    for number in range(PROJECTS):
        open_shop(storm, number, receiver.url)
    for firing in ("first", "first"):  # Cloud Scheduler may publish one twice
        storm.fire("anomaly_scan", firing)
    storm.blow()
    storm.clock.turn(MORNING + timedelta(days=1) - storm.clock.now())
    for number in range(PROJECTS):
        load(storm, number, range(-1, 0))
    storm.fire("anomaly_scan", "next")  # it lasts: nobody is told again
    storm.blow()

    happened = {n: event for n in range(PROJECTS) if (event := planted(n))}
    assert records(storm) == {
        (project_of(n), *event): (date(2025, 3, 31), date(2025, 4, 1))
        for n, event in happened.items()
    }
    assert mails(storm) == Counter(owner_of(n) for n in happened)
    assert inboxes(storm) == Counter(owner_of(n) for n in happened)
    hooked = [n for n in happened if n % HOOKED == 0]
    assert len(receiver.seen) == len(hooked) > 0
    assert storm.bus.dead_letters() == []
    receiver.shutdown()
    receiver.server_close()


def records(storm: Storm) -> dict[tuple[str, ...], tuple[date, date]]:
    found = {}
    for number in range(PROJECTS):
        collection = f"projects/{project_of(number)}/anomalies"
        for document in every_document(storm.documents, Listing(collection)):
            data = document.data
            assert not data["is_resolved"]
            key = (project_of(number), data["campaign_id"], data["metric"], data["direction"])
            assert key not in found
            window = data["window"]
            found[key] = tuple(date.fromisoformat(window[end]) for end in ("start", "end"))
    return found


def mails(storm: Storm) -> Counter[str]:
    return Counter(
        str(message_from_bytes(file.read_bytes())["To"]) for file in storm.folder.glob("*.eml")
    )


def inboxes(storm: Storm) -> Counter[str]:
    return Counter(
        {
            owner_of(n): len(entries)
            for n in range(PROJECTS)
            if (
                entries := storm.documents.list(Listing(f"users/{owner_of(n)}/notifications")).items
            )
        }
    )
