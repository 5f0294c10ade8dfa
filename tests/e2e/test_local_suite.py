"""The suite as a person runs it: one command, one port, real HTTP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LOCAL = [sys.executable, "-m", "infra.local"]
TODAY = "2025-04-01"

pytestmark = pytest.mark.slow


class Server:
    """A running suite and how to call it."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.address = address

    def call(
        self, method: str, path: str, body: Any = None, *, token: str = "", **headers: str
    ) -> tuple[int, Any]:
        data = body.encode() if isinstance(body, str) else body
        if isinstance(body, dict):
            data, headers = json.dumps(body).encode(), {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or b"null")


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Server]:
    command = [*LOCAL, "serve", "--port", "0", "--data-dir", str(folder), "--today", TODAY]
    process = subprocess.Popen(
        [*command, *options], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        line = process.stdout.readline()
        assert line.startswith("ready: http://127.0.0.1:"), process.communicate()
        yield Server(process, line.removeprefix("ready: ").strip())
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def token(folder: Path, email: str, *more: str) -> str:
    command = [*LOCAL, "token", "--data-dir", str(folder), "--email", email, *more]
    return subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()


GERMAN = (
    "Datum;Kanal;Kampagne;Cost;Impressionen;Klicks;Conversions;Umsatz\r\n"
    "01.03.2025;Facebook Ads;Frühling;1.234,56 €;10.000;500;12,5;€ 4.938,24\r\n"
    "02.03.2025;Facebook Ads;Frühling;1.000,44 €;9.000;450;10,0;€ 2.061,76\r\n"
    "02.03.2025;Newsletter;Post;50,00 €;1.000;100;5,0;€ 800,00\r\n"
)
NEW = {"id": "laden", "name": "Laden", "timezone": "Europe/Berlin", "currency": "EUR"}


def assert_delivered(log: Path, event_id: str) -> None:
    """The event was pushed, accepted and handled, within ten seconds."""
    for _ in range(100):
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        if any(x.get("event_id") == event_id and x["outcome"] == "done" for x in lines):
            return
        time.sleep(0.1)
    raise AssertionError(f"{event_id} was not delivered")


def test_a_file_from_another_tool_is_imported_and_asked_about(tmp_path):
    with serving(tmp_path, "--auth", "required", "--no-demo") as server:
        ann, bob = token(tmp_path, "ann@example.com"), token(tmp_path, "bob@example.com")
        assert server.call("GET", "/v1/projects")[0] == 401
        assert server.call("POST", "/v1/projects", NEW, token=ann)[0] == 201
        status, report = server.call(
            "POST",
            "/v1/projects/laden/metrics:import",
            GERMAN,
            token=ann,
            Content_Type="text/csv",
        )
        assert (status, report["inserted"], report["errors"]) == (200, 3, []), report
        assert report["period"] == {"start": "2025-03-01", "end": "2025-03-02"}
        question = {"question": "What was the ROAS of Facebook in March 2025?"}
        status, answer = server.call("POST", "/v1/projects/laden/query", question, token=ann)
        assert status == 200
        assert answer["rows"] == [[pytest.approx(7000 / 2235)]]
        assert answer["interpretation"]["filters"] == {"channel": ["meta"]}
        assert_delivered(tmp_path / "suite.log", "data-imported:laden:1")
        stranger = server.call("POST", "/v1/projects/laden/query", question, token=bob)
        assert stranger[0] == 404


def test_an_acknowledged_import_survives_a_kill(tmp_path):
    with serving(tmp_path, "--no-demo") as server:
        assert server.call("POST", "/v1/projects", NEW)[0] == 201
        path = "/v1/projects/laden/metrics:import"
        assert server.call("POST", path, GERMAN, Content_Type="text/csv")[0] == 200
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(server.process.pid)], capture_output=True, text=True
        ).stdout.split()
        for pid in [server.process.pid, *map(int, children)]:
            os.kill(pid, signal.SIGKILL)
    with serving(tmp_path, "--no-demo") as server:
        status, report = server.call("POST", path, GERMAN, Content_Type="text/csv")
        assert (status, report["unchanged"], report["inserted"]) == (200, 3, 0)


def test_sigterm_stops_the_suite_cleanly(tmp_path):
    with serving(tmp_path, "--no-demo") as server:
        server.process.send_signal(signal.SIGTERM)
        _, err = server.process.communicate(timeout=30)
        assert (server.process.returncode, err) == (0, "")


def test_a_taken_port_and_a_taken_folder_are_said_plainly(tmp_path):
    with serving(tmp_path / "one", "--no-demo") as server:
        port = server.address.rpartition(":")[2]
        for options, words in [
            (["--port", port, "--data-dir", str(tmp_path / "two")], f"Port {port} is taken"),
            (["--port", "0", "--data-dir", str(tmp_path / "one")], "Another suite runs on"),
        ]:
            ended = subprocess.run(
                [*LOCAL, "serve", *options], cwd=ROOT, capture_output=True, text=True
            )
            assert ended.returncode == 1
            assert words in ended.stderr


def test_the_demo_project_ends_yesterday_and_is_not_loaded_twice(tmp_path):
    question = {"question": "total spend yesterday"}
    for _ in range(2):
        with serving(tmp_path) as server:
            status, answer = server.call("POST", "/v1/projects/demo/query", question)
            assert status == 200, answer
            assert answer["interpretation"]["period"]["start"] == "2025-03-31"
            assert answer["rows"][0][0] > 0


def test_every_function_answers_behind_one_port(tmp_path):
    with serving(tmp_path) as server:
        assert server.call("GET", "/healthz") == (200, {"status": "ok", "dependencies": None})
        status, ready = server.call("GET", "/readyz")
        assert (status, ready["status"]) == (200, "ready")
        document = server.call("GET", "/openapi.json")[1]
        assert document["openapi"] == "3.1.0"
        assert server.call("GET", "/nowhere")[0] == 404
        assert server.call("POST", "/events/vocabulary", {}) == (401, None)


def test_the_demo_asks_five_questions_and_prints_the_answers():
    shown = subprocess.run(
        [*LOCAL, "demo"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    ).stdout
    assert shown.count("\n? ") == 5
    assert "roas" in shown.lower()


def test_the_demo_data_are_the_same_every_time(tmp_path):
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for out in files:
        command = [*LOCAL, "demo-data", "--seed", "42", "--out", str(out)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert 550 <= len(files[0].read_text().splitlines()) - 1 <= 600
