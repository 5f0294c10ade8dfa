"""Starts and stops the official Firestore and Pub/Sub emulators of the gcloud command line."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

STARTS_WITHIN_S = 90.0
STOPS_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Emulator:
    """One emulator: the gcloud command that starts it and the variable its clients read."""

    name: str
    variable: str
    command: tuple[str, ...]
    data_dir: bool = False


FIRESTORE = Emulator(
    "firestore", "FIRESTORE_EMULATOR_HOST", ("gcloud", "emulators", "firestore", "start", "--quiet")
)
PUBSUB = Emulator(
    "pubsub",
    "PUBSUB_EMULATOR_HOST",
    ("gcloud", "beta", "emulators", "pubsub", "start", "--quiet"),
    data_dir=True,
)


class Missing(Exception):
    """An emulator cannot be started here; the text says why."""


def missing() -> str | None:
    """Why the emulators cannot be started on this machine; None if they can."""
    for tool in ("gcloud", "java"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed"
    return None


@contextmanager
def running(*emulators: Emulator) -> Iterator[Mapping[str, str]]:
    """Start emulators on free ports; their variables with host and port. Raises Missing."""
    why = missing()
    if why:
        raise Missing(why)
    with ExitStack() as stack:
        yield {e.variable: stack.enter_context(_started(e)) for e in emulators}


@contextmanager
def _started(emulator: Emulator) -> Iterator[str]:
    address = f"127.0.0.1:{free_port()}"
    with tempfile.TemporaryDirectory(prefix=f"aims-{emulator.name}-") as folder:
        log = Path(folder) / "emulator.log"
        place = [f"--data-dir={folder}"] if emulator.data_dir else []
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*emulator.command, f"--host-port={address}", *place],
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # gcloud starts java below itself: all end together
            )
        try:
            await_answer(address, process, log)
            yield address
        finally:
            stop(process)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_answer(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once a server speaks HTTP. Raises Missing, with the end of its log, if it does not."""
    until = monotonic() + STARTS_WITHIN_S
    while monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"http://{address}/", timeout=1):
                return
        except HTTPError:
            return  # it answers
        except (URLError, OSError):
            sleep(0.1)
    raise Missing(f"it did not start:\n{log.read_text(errors='replace')[-2000:]}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads its own session, and all that it started."""
    for way in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, way)
            process.wait(STOPS_WITHIN_S)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
