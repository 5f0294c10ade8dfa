"""Functions beside a bare functions-framework function: start, processor time and latency.

Each server is functions-framework's production server. Starts are taken in turn, requests in turns
of a hundred over one connection each, so a noisy machine disturbs both sides alike.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from infra.local.demo_project import load_demo_project
from infra.local.keys import Issuer, issuer
from shared.ports import Message
from shared.runtime import app as composition
from shared.runtime.settings import load

ROOT = Path(__file__).parents[2]
STARTS = 7
TURNS, PER_TURN = 20, 100
LINK = {"url": "https://a.example", "source": "news", "medium": "email", "campaign": "spring"}
START_TARGET, REQUEST_TARGET = 1.5, 1.7


@dataclass(frozen=True)
class Target:
    """A function to start and the request that it is asked."""

    function: str
    source: Path
    method: str = "GET"
    path: str = "/"
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    warehouse: bool = False
    environment: dict[str, str] = field(default_factory=dict)


def targets(folder: Path) -> list[Target]:
    """The bare function, then ours over stores with the demo project."""
    bare = folder / "bare.py"
    bare.write_text("def bare(request):\n    return 'ok'\n")
    settings = load({"AIMS_DATA_DIR": str(folder)})
    app = composition.compose(settings)
    load_demo_project(app.suite)
    app.close()
    token = issuer(folder, settings.token_issuer).person(
        "demo@example.com",
        audience=settings.token_audience,
        now=datetime.now(UTC),
        ttl=timedelta(hours=2),
    )
    signed = {"Authorization": f"Bearer {token}"}
    main, demo = ROOT / "main.py", "/v1/projects/demo"
    question = {"question": "What did we spend last week?"}
    return [
        Target("bare", bare),
        Target("platform", main, path="/healthz"),
        Target("projects", main, path=demo, headers=signed),
        Target("utm", main, "POST", f"{demo}/utm/links", LINK, signed),
        Target("metrics", main, path=f"{demo}/metrics", headers=signed, warehouse=True),
        Target("nl_query", main, "POST", f"{demo}/query", question, signed, warehouse=True),
        Target("vocabulary", main, "POST", "/", *push(issuer(folder, settings.token_issuer))),
    ]


def push(signer: Issuer) -> tuple[dict[str, Any], dict[str, str]]:
    """The envelope of an event that is too old to act on, and the token it comes with."""
    message = Message("data-imported:demo:0", "demo", "DataImported", {"data_version": 0})
    data = base64.b64encode(json.dumps(message.payload()).encode()).decode()
    claims = {"aud": "aims-events", "sub": "1", "email": "push@aims.local", "email_verified": True}
    token = signer.token(claims, now=datetime.now(UTC), ttl=timedelta(hours=2))
    return {"message": {"data": data}}, {"Authorization": f"Bearer {token}"}


@contextmanager
def serving(target: Target, folder: Path) -> Iterator[tuple[http.client.HTTPConnection, int]]:
    """A server of one function: a connection to it and its process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "functions_framework", "--target", target.function]
    process = subprocess.Popen(
        [*command, "--source", str(target.source), "--host", "127.0.0.1", "--port", str(port)],
        env={
            **os.environ,
            "AIMS_DATA_DIR": str(folder),
            "AIMS_AI_OPERATIONS_PER_HOUR": "1000000",
            **target.environment,
        },
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield http.client.HTTPConnection("127.0.0.1", port, timeout=30), process.pid
    finally:
        process.terminate()
        process.wait()


def ask(connection: http.client.HTTPConnection, target: Target) -> None:
    """One request. Raises OSError while nobody listens, RuntimeError for an answer but 200."""
    body = json.dumps(target.body) if target.body else None
    headers = {**target.headers, **({"Content-Type": "application/json"} if body else {})}
    connection.request(target.method, target.path, body, headers)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status not in (200, 204):
        raise RuntimeError(f"{target.function}: {answer.status} {content[:300]!r}")


def start_seconds(target: Target, folder: Path) -> float:
    """From the start of the process to its first answer."""
    started = time.perf_counter()
    with serving(target, folder) as (connection, _):
        while True:
            try:
                ask(connection, target)
                return time.perf_counter() - started
            except OSError:
                connection.close()
                time.sleep(0.005)


def starts(all_targets: list[Target], folder: Path) -> list[dict[str, Any]]:
    """Load and first answer of each function, in turns with the bare one."""
    seen: dict[str, list[float]] = {t.function: [] for t in all_targets}
    for _ in range(STARTS):
        for target in all_targets:
            seen[target.function].append(start_seconds(target, folder))
    bare = seen["bare"]
    rows = []
    for target in all_targets[1:]:
        ratio = median(o / b for o, b in zip(seen[target.function], bare, strict=True))
        bound = None if target.warehouse else START_TARGET
        ours, base = median(seen[target.function]), median(bare)
        what = f"load and first answer: {target.function}"
        rows.append(row(what, f"{ours:.3f} s", f"{base:.3f} s bare function", ratio, bound))
    return rows


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and its workers, in seconds."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(stat.parent.name) == pid or int(fields[1]) == pid:
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def requests(bare: Target, ours: Target, folder: Path) -> list[dict[str, Any]]:
    """Processor time per request and median latency, at one connection each."""
    latency: dict[str, list[float]] = {bare.function: [], ours.function: []}
    used: dict[str, float] = {}
    with serving(bare, folder) as b, serving(ours, folder) as o:
        sides = [(bare, *b), (ours, *o)]
        for target, connection, pid in sides:
            _until_up(connection, target)
            for _ in range(200):
                ask(connection, target)
            used[target.function] = -cpu_seconds(pid)
        for _ in range(TURNS):
            for target, connection, _pid in sides:
                for _ in range(PER_TURN):
                    started = time.perf_counter()
                    ask(connection, target)
                    latency[target.function].append(time.perf_counter() - started)
        for target, _connection, pid in sides:
            used[target.function] += cpu_seconds(pid)
    p50 = {name: median(values) * 1e3 for name, values in latency.items()}
    cpu = {name: seconds / (TURNS * PER_TURN) * 1e3 for name, seconds in used.items()}
    return [
        row(
            f"{figure}: GET a project, signed in",
            f"{values[ours.function]:.2f} ms",
            f"{values[bare.function]:.2f} ms bare function",
            values[ours.function] / values[bare.function],
            REQUEST_TARGET,
        )
        for figure, values in (("processor time a request", cpu), ("p50 at one connection", p50))
    ]


def _until_up(connection: http.client.HTTPConnection, target: Target) -> None:
    for _ in range(2000):
        try:
            ask(connection, target)
            return
        except OSError:
            connection.close()
            time.sleep(0.01)
    raise RuntimeError(f"{target.function} does not start")


def row(what: str, ours: str, base: str, ratio: float, most: float | None) -> dict[str, Any]:
    """A line of the table."""
    target = f"≤ {most} ×" if most else "–"
    met = ("yes" if ratio <= most else "NO") if most else ""
    return {"what": what, "ours": ours, "baseline": base, "ratio": f"{ratio:.2f} ×",
            "target": target, "met": met}  # fmt: skip


def run() -> list[dict[str, Any]]:
    """All rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        known = targets(folder)
        by_name = {t.function: t for t in known}
        return [
            *starts(known, folder),
            *requests(by_name["bare"], by_name["projects"], folder),
        ]
