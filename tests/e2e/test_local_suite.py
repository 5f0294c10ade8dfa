"""The suite as a person runs it: one command, one port, real HTTP."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest

from tests.serving import GERMAN, LOCAL, NEW, ROOT, serving

pytestmark = pytest.mark.slow


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


def test_a_suite_that_does_not_run_cannot_be_fired_at(tmp_path):
    fire = [*LOCAL, "fire", "relay", "--data-dir", str(tmp_path / "none")]
    ended = subprocess.run(fire, cwd=ROOT, capture_output=True, text=True)
    assert (ended.returncode, "No suite runs on" in ended.stderr) == (1, True)
    with serving(tmp_path, "--no-demo"):
        fire[-1] = str(tmp_path)
        assert subprocess.run(fire, cwd=ROOT, capture_output=True, text=True).returncode == 0


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
