"""The declarations say the same as the code beside them, where both must know something."""

from __future__ import annotations

import ast
import base64
import io
import json
import re
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from werkzeug.datastructures import Headers

from infra import tables
from infra.local.gateway import owner
from shared.domain.outbox import commit
from shared.domain.summaries.delivering import WAITS, delivered
from shared.runtime import app as composition
from shared.runtime import log
from shared.runtime.catalog import functions
from tests.terraform.policies import resources
from tests.terraform.setup import ROOT

DDL = """
-- What it is.
-- Said in two lines.
CREATE TABLE IF NOT EXISTS marketing.example (
  project_id STRING NOT NULL,
  day DATE NOT NULL,
  counted INT64,
  share FLOAT64,
  PRIMARY KEY (project_id, day) NOT ENFORCED
)
"""
PARTED = f"{DDL} PARTITION BY day CLUSTER BY project_id, counted"
FILTERED = f"{PARTED} OPTIONS (require_partition_filter = TRUE)"


def test_the_tables_are_those_of_the_ddl():
    assert tables.TABLES.read_text(encoding="utf-8") == tables.document(), "run `make tables`"


@pytest.mark.parametrize(
    ("ddl", "partition", "clusters", "required"),
    [
        (DDL, None, [], False),
        (PARTED, "day", ["project_id", "counted"], False),
        (FILTERED, "day", ["project_id", "counted"], True),
    ],
)
def test_a_table_is_described_as_its_ddl_defines_it(ddl, partition, clusters, required):
    columns = [
        ("project_id", "STRING", "REQUIRED"),
        ("day", "DATE", "REQUIRED"),
        ("counted", "INTEGER", "NULLABLE"),
        ("share", "FLOAT", "NULLABLE"),
    ]
    names = ("name", "type", "mode")
    assert tables.described(ddl) == {
        "table": "example",
        "description": "What it is. Said in two lines.",
        "columns": [dict(zip(names, column, strict=True)) for column in columns],
        "key": ["project_id", "day"],
        "partition": partition,
        "clusters": clusters,
        "partition_filter_required": required,
    }


ROUTES = [route for f in functions().values() for route in f.routes]


def test_the_front_door_sends_a_call_where_the_gateway_does(planned):
    plan = planned(domain="aims.example.com")
    door = resources(plan, "google_compute_url_map", "front_door")["this"]
    matcher = door["path_matcher"][0]
    rules = sorted(matcher["route_rules"], key=lambda rule: rule["priority"])
    assert len({rule["priority"] for rule in rules}) == len(rules)
    for path in [*(_example(route.path) for route in ROUTES), "/", "/v1/nothing", "/events/relay"]:
        found = next((r["service"] for r in rules if _matches(r["match_rules"][0], path)), None)
        service = (found or matcher["default_service"]).split(".")[1]
        expected = owner(path) if not path.startswith("/events/") else "platform"
        assert service == f"aims-{expected.replace('_', '-')}", path


def _example(path: str) -> str:
    return re.sub(r"\{[a-z_]+\}", "a-1", path)


def _matches(rule: dict, path: str) -> bool:
    template = rule["path_template_match"]
    if template is None:
        return path == rule["full_path_match"]
    pattern = "[^/]+".join(re.escape(part) for part in template.split("*"))
    return re.fullmatch(pattern, path) is not None


def test_a_template_of_the_front_door_is_one_the_load_balancer_takes(planned):
    door = resources(planned(domain="aims.example.com"), "google_compute_url_map", "front_door")
    for rule in door["this"]["path_matcher"][0]["route_rules"]:
        template = rule["match_rules"][0]["path_template_match"] or "/"
        assert len(template) <= 255
        assert template.count("*") <= 5
        assert all(s == "*" or "*" not in s for s in template.split("/"))


def test_both_ways_of_keeping_schedules_make_the_same_jobs(planned):
    from infra.schedules_jobs import Place, wanted

    place = Place("demo", "europe-west1")
    declared = resources(planned(), "google_cloud_scheduler_job")
    jobs = wanted(functions(), place)
    assert {place.job(job["name"]) for job in declared.values()} == set(jobs)
    for job in declared.values():
        own = jobs[place.job(job["name"])]
        target, retry = job["pubsub_target"][0], job["retry_config"][0]
        assert (job["description"], job["schedule"]) == (own.description, own.schedule)
        assert job["time_zone"] == own.time_zone
        assert target["topic_name"].split(".")[1] == own.pubsub_target.topic_name.rpartition("/")[2]
        assert base64.b64decode(target["data"]) == own.pubsub_target.data
        assert target["attributes"] == dict(own.pubsub_target.attributes)
        assert retry["retry_count"] == own.retry_config.retry_count
        assert retry["max_doublings"] == own.retry_config.max_doublings
        for end in ("min", "max"):
            seconds = getattr(own.retry_config, f"{end}_backoff_duration").seconds
            assert retry[f"{end}_backoff_duration"] == f"{seconds}s"


# Who lists by an equality and another field's order, and the calls that make them do it.
ORDERED_BY_ANOTHER_FIELD = {
    "sessions.py": "GET /v1/projects/acme/query/sessions",
    "listing.py": "GET /v1/projects/acme/anomalies?state=resolved",
    "inbox.py": "GET /v1/me/notifications?unread=true",
    "insights.py": "GET /v1/projects/acme/insights?report_type=weekly_summary",
    "looking_up.py": "GET /v1/projects/acme/weekly-summaries",
    "noticing.py": "POST /v1/projects/acme/weekly-summaries:generate",
}


class Watched:
    """Documents, and what was listed of them."""

    def __init__(self, documents) -> None:
        self._documents, self.listed = documents, []

    def __getattr__(self, name):
        return getattr(self._documents, name)

    def list(self, listing):
        self.listed.append(listing)
        return self._documents.list(listing)


def _ordered_lists(world) -> set[tuple[str, str, str]]:
    """Lists as they are made: collection, field, order field."""
    person = world.person("ann@example.com").opens("acme")
    documents = Watched(world.app.suite.documents)
    watched = replace(world.app, suite=replace(world.app.suite, documents=documents))
    composition.install(watched)
    for call in ORDERED_BY_ANOTHER_FIELD.values():
        assert person.call(*call.split()).status_code == 200, call
    return {
        (made.collection.rpartition("/")[2], key, made.order_by)
        for made in documents.listed
        for key in made.where
        if made.order_by
    }


def test_every_list_by_another_field_is_known():
    found = set()
    for path in (ROOT / "shared").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Listing":
                named = {word.arg for word in node.keywords}
                found |= {path.name} if {"where", "order_by"} <= named else set()
    assert found == set(ORDERED_BY_ANOTHER_FIELD)


def test_every_ordered_list_has_its_index(planned, world):
    declared = {
        (index["collection"], *(f["field_path"].removeprefix("d.") for f in index["fields"]))
        for index in resources(planned(), "google_firestore_index").values()
    }
    assert _ordered_lists(world) == declared


def test_a_listed_collection_is_not_cut_off_from_its_indexes(planned, world):
    exempt = resources(planned(), "google_firestore_field", "unindexed").values()
    cut_off = {field["collection"] for field in exempt if field["field"] == "d"}
    assert not cut_off & {collection for collection, _, _ in _ordered_lists(world)}


def test_the_fields_named_are_those_of_a_stored_document(planned):
    from shared.adapters.google import firestore_layout as layout

    stored = layout.whole("a/b", {"plain": 1, "nested": [1]}, datetime(2025, 4, 1, tzinfo=UTC))
    fields = resources(planned(), "google_firestore_field")
    assert {field["field"] for field in fields.values()} <= set(stored)
    sweeps = {field["field"] for field in fields.values() if field["ttl_config"]}
    assert {name for name, value in stored.items() if isinstance(value, datetime)} == sweeps
    assert layout.path_of("uid") == "d.uid"


CSV = "date,channel,campaign,spend,clicks\n2025-03-25,meta,Spring,10,5\n"


def test_whatever_expires_is_swept(planned, world, tmp_path):
    person = world.person("ann@example.com").opens("acme")
    headers = {"Content-Type": "text/csv", "Idempotency-Key": "once"}
    path = "/v1/projects/acme/metrics:import"
    assert person.call("POST", path, data=CSV, headers=headers).status_code == 200
    person.asks("acme", "spend by channel last month")
    assert person.post("/v1/projects/acme/weekly-summaries:generate").status_code == 200
    order = {"uid": "ann@example.com", "week": "2025-W13"}
    assert person.get("/v1/me").status_code == 200
    commit(world.app.suite, *delivered(world.app.suite, "acme", order))
    with closing(sqlite3.connect(tmp_path / "documents.sqlite")) as store:
        rows = store.execute("SELECT collection FROM documents WHERE expires_at IS NOT NULL")
        expiring = {collection.rpartition("/")[2] for (collection,) in rows}
    known = {"idempotency", "insights", "rate_limits", "sent_summaries", "sessions", "turns"}
    assert known <= expiring
    assert expiring <= set(resources(planned(), "google_firestore_field", "expiry"))


def test_the_counted_lines_are_those_that_are_written(planned):
    written = io.StringIO()
    log.configure("info")
    log.send_to(written)
    log.bug(ValueError("x"))
    log.request(Headers(), status=429)
    log.send_to(sys.stdout)
    bug, refused = (json.loads(line) for line in written.getvalue().splitlines())
    filters = {k: m["filter"] for k, m in resources(planned(), "google_logging_metric").items()}
    assert f"severity={bug['severity']} " in filters["bugs"]
    assert f'jsonPayload.message="{bug["message"]}"' in filters["bugs"]
    assert f'jsonPayload.message="{refused["message"]}"' in filters["rate-limited"]
    assert f"jsonPayload.status={refused['status']}" in filters["rate-limited"]
    assert f'severity=ERROR AND jsonPayload.message="{WAITS}"' in filters["unsigned-summaries"]
