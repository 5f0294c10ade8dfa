"""What is deployed: nothing but the allow-list, and every function starts from it alone."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import yaml

from infra import archive
from shared.runtime.catalog import Function, functions

ROOT = Path(__file__).parents[1]
FILES = archive.files()
SHIPPED = "3.13"
STARTS_WITHIN_S = 30


def test_the_archive_holds_what_a_function_runs():
    assert {"main.py", "requirements.txt", "functions/catalog.yaml"} <= set(FILES)
    assert {f"functions/{name}.py" for name in functions()} <= set(FILES)


def test_the_archive_holds_nothing_else():
    roots = {name.partition("/")[0] for name in FILES}
    assert roots == {"main.py", "requirements.txt", "functions", "shared"}
    kinds = {Path(name).suffix for name in FILES}
    assert kinds <= {".py", ".sql", ".md", ".json", ".yaml", ".txt", ".html"}
    assert not [name for name in FILES if "/." in name or "__pycache__" in name]


def test_a_stray_file_stays_behind(tmp_path):
    shutil.copyfile(ROOT / ".gcloudignore", tmp_path / ".gcloudignore")
    kept = ["main.py", "requirements.txt", "functions/a.py", "shared/b/c.sql"]
    stray = [".env", "key.json", ".data/documents.sqlite", "tests/main.py", "infra/functions/a.py"]
    stray += ["functions/.env", "shared/__pycache__/b.cpython-313.pyc", "terraform/main.py"]
    stray += [".git/config", "requirements-dev.txt", "docs/shared/b.py", "shared/b/.secret"]
    for name in kept + stray:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert archive.files(tmp_path) == sorted(kept)


def test_the_archive_is_small():
    assert sum((ROOT / name).stat().st_size for name in FILES) < 5 << 20


def test_the_fingerprint_stands_for_names_and_content(tmp_path):
    archive.copy(tmp_path)
    shutil.copyfile(ROOT / ".gcloudignore", tmp_path / ".gcloudignore")
    assert archive.fingerprint(tmp_path) == archive.fingerprint()
    (tmp_path / "README.md").write_text("not in it")
    assert archive.fingerprint(tmp_path) == archive.fingerprint()
    (tmp_path / "main.py").rename(tmp_path / "functions" / "main.py")
    assert archive.fingerprint(tmp_path) != archive.fingerprint()


@pytest.mark.skipif(shutil.which("gcloud") is None, reason="gcloud is not installed")
def test_gcloud_sends_the_same_files():
    listed = subprocess.run(
        ["gcloud", "meta", "list-files-for-upload"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(listed.stdout.split()) == FILES


def start_command() -> list[str]:
    """The command that the image starts with, from the build that sets it."""
    build = yaml.safe_load((ROOT / "infra" / "cloudbuild.yaml").read_text())
    key = "--env=GOOGLE_ENTRYPOINT="
    (entry,) = [a for a in build["steps"][0]["args"] if a.startswith(key)]
    return shlex.split(entry.removeprefix(key))


@pytest.fixture(scope="module")
def programs() -> Path:
    """The programs of an environment with requirements.txt and nothing else, kept in build/."""
    uv = str(Path(sys.executable).with_name("uv"))
    found = subprocess.run([uv, "python", "find", SHIPPED], capture_output=True, text=True)
    python = found.stdout.strip() or sys.executable
    mark = sha256((ROOT / "requirements.txt").read_bytes() + python.encode()).hexdigest()[:12]
    place = ROOT / "build" / f"archive-{mark}"
    if not (place / "done").exists():
        own = place.with_name(f"{place.name}-{os.getpid()}")  # tests run side by side
        subprocess.run([uv, "venv", "-q", "--relocatable", "--python", python, own], check=True)
        installed = [uv, "pip", "install", "-q", "--python", own / "bin" / "python"]
        subprocess.run(
            [*installed, "--require-hashes", "-r", ROOT / "requirements.txt"], check=True
        )
        (own / "done").touch()
        try:
            own.rename(place)
        except OSError:  # another was first
            shutil.rmtree(own)
    return place / "bin"


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    archive.copy(folder)
    return folder


@contextmanager
def served(programs: Path, folder: Path, function: Function) -> Iterator[str]:
    """The function as its container runs it: only these variables, only these files."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "PATH": f"{programs}:/usr/bin:/bin",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "FUNCTION_TARGET": function.name,
        "WORKERS": "1",
        "THREADS": str(function.concurrency),
        "K_SERVICE": f"aims-{function.name.replace('_', '-')}",
        "AIMS_PLATFORM": "google",
        "AIMS_GOOGLE_PROJECT": "aims-archive-test",
        "AIMS_TOKEN_KEYS": "https://keys.invalid/people",  # nothing here carries a token
        "AIMS_EVENT_KEYS": "https://keys.invalid/pushes",
    }
    program, *words = start_command()
    log = folder.parent / f"{function.name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [programs / program, *words], cwd=folder, env=environment, stdout=out, stderr=out
        )
        try:
            wait_until_it_listens(process, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)
            print(log.read_text(errors="replace")[-3000:])  # shown if the test fails


def wait_until_it_listens(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = monotonic() + STARTS_WITHIN_S
    while monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.05)
    pytest.fail(f"it did not start:\n{log.read_text(errors='replace')[-3000:]}")


def answer(url: str, method: str = "GET") -> tuple[int, str, bytes]:
    """Status, content type and body."""
    sent = b"{}" if method != "GET" else None
    asked = Request(url, data=sent, method=method, headers={"Content-Type": "application/json"})
    try:
        with urlopen(asked, timeout=20) as said:
            return said.status, said.headers["Content-Type"], said.read()
    except HTTPError as said:
        with said:
            return said.code, said.headers["Content-Type"], said.read()


def check_routes(url: str, function: Function) -> None:
    for route in function.routes:
        path = route.path.replace("{", "").replace("}", "")
        status, kind, body = answer(url + path, route.method)
        if route.path in ("/readyz", "/ready"):  # they ask the stores, which are not there
            assert (status, json.loads(body)["status"]) == (503, "not ready"), route
        elif route.path == "/v1/unsubscribe":  # without a token
            assert (status, kind) == (400, "text/html; charset=utf-8"), route
        elif route.role == "anyone":
            assert (status, kind) == (200, "application/json"), route
        else:
            assert (status, kind) == (401, "application/problem+json"), route
            assert json.loads(body)["title"] == "Sign in first"
    status, kind, _ = answer(f"{url}/nothing/here")
    assert (status, kind) == (404, "application/problem+json")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(functions()))
def test_a_function_starts_from_the_archive_alone(programs, laid_out, name):
    function = functions()[name]
    with served(programs, laid_out, function) as url:
        if function.topic:
            assert answer(f"{url}/events/{name}", "POST")[0] == 401
        else:
            check_routes(url, function)
