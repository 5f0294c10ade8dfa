"""functions/catalog.yaml is the one table of functions: what it names is there, and only that."""

from __future__ import annotations

import ast
import hmac
import io
import json
import subprocess
import sys
from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from infra import openapi
from shared.domain.imports import import_metrics
from shared.domain.imports.model import ImportOptions
from shared.domain.requests import Upload
from shared.runtime.catalog import OPENAPI, functions

ROOT = Path(__file__).parents[1]
DOORS = sorted(p.stem for p in (ROOT / "functions").glob("[a-z]*.py"))
HTTP = [f.name for f in functions().values() if f.routes]


def test_every_row_has_its_door_and_every_door_its_row():
    assert sorted(functions()) == DOORS


@pytest.mark.parametrize("name", DOORS)
def test_a_door_is_short(name):
    lines = (ROOT / "functions" / f"{name}.py").read_text().splitlines()
    assert sum(1 for line in lines if line.strip()) <= 80


def test_no_two_routes_answer_the_same_call():
    calls = [(r.method, r.path) for f in functions().values() for r in f.routes]
    assert len(calls) == len(set(calls))


def test_a_member_route_names_its_project():
    for function in functions().values():
        for route in function.routes:
            inside = route.role in ("viewer", "editor", "owner")
            assert inside == ("project" in route.parameters), route


def test_what_anyone_may_call_is_meant():
    open_to_all = {r.path for f in functions().values() for r in f.routes if r.role == "anyone"}
    health = {"/healthz", "/readyz", "/health", "/ready"}
    assert open_to_all == {"/openapi.json", "/v1/unsubscribe", *health}


def test_every_topic_that_is_published_to_is_listened_to():
    topics = {f.topic for f in functions().values() if f.topic}
    assert {t for f in functions().values() for t in f.publishes} <= topics
    assert len(topics) == sum(1 for f in functions().values() if f.topic)


def test_the_relay_may_publish_whatever_a_function_puts_into_the_outbox():
    published = {t for f in functions().values() for t in f.publishes}
    assert set(functions()["relay"].publishes) == published


@pytest.mark.parametrize("name", [f.name for f in functions().values() if f.schedule])
def test_a_schedule_is_a_cron_line(name):
    from cronsim import CronSim

    assert next(CronSim(functions()[name].schedule, datetime(2025, 1, 1, tzinfo=UTC)))


KEY = b"k" * 32


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


SIGNED = text(b'[1,"weekly-summary","ann@example.com"]')
TOKEN = f"{SIGNED}.{text(hmac.digest(KEY, SIGNED.encode(), 'sha256'))}"
CALLS = {
    "platform": [("GET", "/readyz", None)],
    "projects": [("GET", "/v1/projects/shop/members", None)],
    "metrics": [("GET", "/v1/projects/shop/metrics?metrics=spend", None)],
    "utm": [("GET", "/v1/projects/shop/utm/links", None)],
    "anomalies": [
        ("GET", "/v1/projects/shop/anomalies", None),
        ("POST", "/v1/projects/shop/anomalies:scan", {}),
    ],
    "summaries": [
        ("POST", "/v1/projects/shop/weekly-summaries:generate", {}),
        ("POST", "/v1/projects/shop/weekly-summaries/2025-W13:send-test", None),
        ("GET", "/v1/projects/shop/insights", None),
    ],
    "people": [
        ("GET", f"/v1/unsubscribe?token={TOKEN}", None),
        ("GET", "/v1/me/notifications", None),
        (
            "PATCH",
            "/v1/me/preferences",
            {"webhook": {"url": "https://93.184.215.14/", "format": "slack"}},
        ),
    ],
    "nl_query": [
        ("POST", "/v1/projects/shop/query", {"question": "spend by channel last month"}),
        ("GET", "/v1/projects/shop/query/sessions", None),
    ],
}


@pytest.mark.parametrize("name", CALLS)
def test_a_function_opens_only_the_ports_that_it_names(worlds, name):
    """Its account on Google Cloud may do no more than what `uses` and `publishes` say."""
    world = worlds(AIMS_PUBLIC_URL="https://aims.example")
    secrets = world.app.settings.data_dir / "secrets"
    secrets.mkdir()
    (secrets / "unsubscribe-key").write_bytes(KEY)
    ann = world.person("ann@example.com").opens("shop")
    days = [date(2025, 3, 31) - timedelta(n) for n in range(50)]
    rows = [f"{day},meta,a,{100 + day.day % 3 if n else 900}" for n, day in enumerate(days)]
    file = "\n".join(["date,channel,campaign,spend", *rows])
    if name in ("metrics", "anomalies"):
        assert ann.imports("shop", file).status_code == 200
    if name == "summaries":  # an import at the door announces itself
        known = {"now": datetime(2025, 4, 1, tzinfo=UTC), "today": date(2025, 4, 1)}
        upload = Upload(io.BytesIO(file.encode()), "text/csv")
        import_metrics(world.app.suite.warehouse, "shop", upload, ImportOptions(), **known)
    for method, path, body in CALLS[name]:
        assert ann.call(method, path, json=body).status_code == 200, path
    function, suite = functions()[name], world.app.suite
    ports = ("documents", "warehouse", "bus", "model", "courier", "webhooks", "secrets")
    opened = {port for port in ports if "port" in vars(getattr(suite, port))}
    used = {use.partition("-")[0].replace("mail", "courier") for use in function.uses}
    assert opened == used | ({"bus"} if function.publishes else set())


def test_the_openapi_document_is_current():
    assert OPENAPI.read_text(encoding="utf-8") == openapi.document(), "run `make openapi`"


def test_the_openapi_document_is_valid():
    from openapi_spec_validator import validate

    validate(json.loads(OPENAPI.read_text(encoding="utf-8")))


HEAVY = {"duckdb", "sqlglot", "pyarrow", "pandas", "numpy", "rapidfuzz", "jwt"}
HEAVY |= {"google.genai", "google.cloud.bigquery", "google.cloud.firestore"}
LIGHT = ["platform", "projects", "relay", "utm", "people", "notify", "deliver"]
LIGHT += ["anomalies", "anomaly_scan", "anomaly_detect"]  # until they look at a project
LIGHT += ["summaries", "summary_scan", "summary_write"]  # until they sum one up


@pytest.mark.parametrize("name", LIGHT)
def test_a_light_function_loads_nothing_heavy(name):
    found = _modules_after(f"import main; main.{name}")
    assert not found & HEAVY


@pytest.mark.parametrize("name", DOORS)
def test_a_function_loads_only_its_own_door(name):
    found = _modules_after(f"import main; main.{name}")
    doors = {m.removeprefix("functions.") for m in found if m.startswith("functions.")}
    assert doors == {name}


def _modules_after(code: str) -> set[str]:
    shown = subprocess.run(
        [sys.executable, "-c", f"{code}; import sys; print(sorted(sys.modules))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ast.literal_eval(shown.stdout))


def test_main_names_no_function_that_is_not_there():
    import main

    with pytest.raises(AttributeError):
        _ = main.nothing
    with pytest.raises(AttributeError):
        _ = main.__version__
