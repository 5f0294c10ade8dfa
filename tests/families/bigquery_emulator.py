"""Starts the emulation of BigQuery in an environment of its own: build/bigquery-emulator.

It needs another DuckDB than the embedded family, so it cannot live in .venv. Its home is inside
its environment, and it is offline: it has no other host to ask than one that refuses.
`python -m tests.families.bigquery_emulator` makes the environment.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import tempfile
import venv
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest

from infra.emulators import Missing, await_answer, free_port, stop
from shared.domain.semantics import TABLES
from tests.emulators import REQUIRED
from tests.servers.bigquery_front import BigQueryFront

ROOT = Path(__file__).parents[2]
HOME = ROOT / "build" / "bigquery-emulator"
REQUIREMENTS = ROOT / "requirements-bigquery-emulator.txt"
# The engine installs its extension from a file, where it would otherwise load it from its makers.
EXTENSION = """
import duckdb, duckdb_extension_spatial, pathlib
[folder] = duckdb_extension_spatial.__path__
[file] = pathlib.Path(folder).rglob("spatial.duckdb_extension")
duckdb.execute(f"INSTALL '{file}'")
"""
NOWHERE = "http://127.0.0.1:9"

_stack = ExitStack()
atexit.register(_stack.close)


def started() -> str:
    """The address of the emulation behind its front; skips without it."""
    try:
        return _address()
    except Missing as why:
        if os.environ.get(REQUIRED):
            raise
        pytest.skip(f"needs the emulation of BigQuery: {why}")


@cache
def _address() -> str:
    front = BigQueryFront(
        _stack.enter_context(_running()), {name: table.key for name, table in TABLES.items()}
    )
    _stack.callback(front.close)
    return front.url


@contextmanager
def _running() -> Iterator[str]:
    if not (HOME / "ready").exists():
        raise Missing("python -m tests.families.bigquery_emulator has not set it up")
    command = HOME / "bin" / "bqemulator"
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="aims-bigquery-") as folder:
        log = Path(folder) / "emulator.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [
                    command,
                    "start",
                    "--rest-port",
                    str(port),
                    "--grpc-port",
                    "0",
                    "--log-level",
                    "error",
                ],
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env={"PATH": os.environ["PATH"], "HOME": str(HOME), "HTTP_PROXY": NOWHERE},
                cwd=folder,
                start_new_session=True,
            )
        try:
            await_answer(f"127.0.0.1:{port}", process, log)
            yield f"127.0.0.1:{port}"
        finally:
            stop(process)


def set_up() -> None:
    """Make the environment, from the pinned requirements only."""
    python = HOME / "bin" / "python"
    venv.create(HOME, clear=True, with_pip=True)
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes")
    subprocess.run([python, *pip, "-r", REQUIREMENTS], check=True)
    subprocess.run([python, "-c", EXTENSION], env={"HOME": str(HOME)}, check=True)
    (HOME / "ready").touch()


if __name__ == "__main__":
    set_up()
