"""The suite as its callers meet it: doors of main.py over fresh embedded stores."""

from __future__ import annotations

import atexit
import io
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import functions_framework
import pytest
from hypothesis import settings as hypothesis_settings

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from infra.local.keys import Issuer, issuer  # noqa: E402
from shared.runtime import app as composition  # noqa: E402
from shared.runtime import log  # noqa: E402
from shared.runtime.app import App  # noqa: E402
from shared.runtime.settings import load  # noqa: E402

TODAY = date(2025, 4, 1)  # the demo data end the day before

hypothesis_settings.register_profile("aims", deadline=None, derandomize=True)
hypothesis_settings.load_profile("aims")


@dataclass
class Person:
    """Somebody with a token, calling doors."""

    world: World
    email: str

    def headers(self, **more: str) -> dict[str, str]:
        token = self.world.issuer.person(
            self.email,
            audience=self.world.app.settings.token_audience,
            now=datetime.now(UTC),
            ttl=timedelta(hours=1),
        )
        return {"Authorization": f"Bearer {token}", **more}

    def call(self, method: str, path: str, *, headers: dict[str, str] | None = None, **kw: Any):
        return self.world.call(method, path, headers=self.headers(**(headers or {})), **kw)

    def get(self, path: str, **kw: Any):
        return self.call("GET", path, **kw)

    def post(self, path: str, body: Any = None, **kw: Any):
        if body is not None:
            kw["json"] = body
        return self.call("POST", path, **kw)

    def opens(self, project: str, **fields: str) -> Person:
        """Open a project of one's own."""
        new = {"id": project, "name": project.title(), "timezone": "Europe/Berlin", **fields}
        assert self.post("/v1/projects", new).status_code == 201
        return self

    def imports(self, project: str, csv: str | bytes, query: str = ""):
        """Send a CSV to metrics:import."""
        return self.call(
            "POST",
            f"/v1/projects/{project}/metrics:import{query}",
            data=csv,
            headers={"Content-Type": "text/csv"},
        )

    def asks(self, project: str, question: str, **more: Any) -> dict[str, Any]:
        """The answer to a question."""
        answer = self.post(f"/v1/projects/{project}/query", {"question": question, **more})
        assert answer.status_code == 200, answer.text
        return answer.get_json()


@dataclass
class World:
    """One composed suite and the doors in front of it."""

    app: App
    issuer: Issuer
    log: io.StringIO
    clients: dict[str, Any] = field(default_factory=dict)

    def person(self, email: str) -> Person:
        return Person(self, email)

    def client(self, function: str):
        if function not in self.clients:
            wsgi = functions_framework.create_app(function, str(ROOT / "main.py"))
            self.clients[function] = wsgi.test_client()
        return self.clients[function]

    def call(self, method: str, path: str, **kw: Any):
        from infra.local.gateway import owner

        return self.client(owner(path.partition("?")[0])).open(path, method=method, **kw)

    def logged(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.getvalue().splitlines()]


@cache
def signing_keys() -> Path:
    """One key pair for all worlds of this process: making one takes longer than most tests."""
    folder = Path(tempfile.mkdtemp(prefix="aims-keys-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    issuer(folder, "https://aims.local")
    return folder / "auth"


def make_world(folder: Path, **environment: str) -> World:
    shutil.copytree(signing_keys(), folder / "auth")
    written = io.StringIO()
    log.send_to(written)
    settings = load({"AIMS_DATA_DIR": str(folder), "AIMS_TODAY": TODAY.isoformat(), **environment})
    app = composition.install(composition.compose(settings))
    return World(app, issuer(folder, settings.token_issuer), written)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = make_world(tmp_path)
    yield made
    made.app.close()


@pytest.fixture
def worlds(tmp_path: Path) -> Iterator[Any]:
    """Makes worlds with settings of the test's own."""
    made: list[World] = []

    def make(**environment: str) -> World:
        folder = tmp_path / f"world{len(made)}"
        folder.mkdir()
        made.append(make_world(folder, **environment))
        return made[-1]

    yield make
    for world in made:
        world.app.close()
