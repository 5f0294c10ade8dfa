"""A running suite, as a person runs it: one command, one port, real HTTP."""

from __future__ import annotations

import json
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

ROOT = Path(__file__).parents[1]
LOCAL = [sys.executable, "-m", "infra.local"]
TODAY = "2025-04-01"
GERMAN = (
    "Datum;Kanal;Kampagne;Cost;Impressionen;Klicks;Conversions;Umsatz\r\n"
    "01.03.2025;Facebook Ads;Frühling;1.234,56 €;10.000;500;12,5;€ 4.938,24\r\n"
    "02.03.2025;Facebook Ads;Frühling;1.000,44 €;9.000;450;10,0;€ 2.061,76\r\n"
    "02.03.2025;Newsletter;Post;50,00 €;1.000;100;5,0;€ 800,00\r\n"
)
NEW = {"id": "laden", "name": "Laden", "timezone": "Europe/Berlin", "currency": "EUR"}


class Server:
    """A running suite and how to call it.

    `folder` is its data folder; `emulators` the variables with their addresses, if it has any.
    """

    def __init__(self, process: subprocess.Popen[str], folder: Path, ready: str) -> None:
        self.process = process
        self.folder = folder
        self.address, *emulators = ready.split()
        self.emulators = dict(pair.split("=") for pair in emulators)

    def call(
        self, method: str, path: str, body: Any = None, *, token: str = "", **headers: str
    ) -> tuple[int, Any]:
        data = body.encode() if isinstance(body, str) else body
        if isinstance(body, dict):
            data, headers["Content_Type"] = json.dumps(body).encode(), "application/json"
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
        data = folder / "emulators" if "--emulators" in options else folder
        yield Server(process, data, line.removeprefix("ready: "))
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def token(folder: Path, email: str, *more: str) -> str:
    command = [*LOCAL, "token", "--data-dir", str(folder), "--email", email, *more]
    return subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()


def fired(folder: Path, function: str) -> None:
    """Fire a timed function of the suite that runs on a folder."""
    command = [*LOCAL, "fire", "--data-dir", str(folder), function]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def handled(folder: Path, event_id: str, seconds: float = 10) -> list[str]:
    """The outcomes of an event, once one is final: it was pushed, and what became of it."""
    until = time.monotonic() + seconds
    outcomes: list[str] = []
    while time.monotonic() < until:
        lines = [json.loads(x) for x in (folder / "suite.log").read_text().splitlines()]
        outcomes = [x["outcome"] for x in lines if x.get("event_id") == event_id]
        if "done" in outcomes:
            break
        time.sleep(0.1)
    return outcomes
