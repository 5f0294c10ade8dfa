"""Serves the suite on the loopback address: one process of functions, one delivering events.

gunicorn, the server that functions-framework runs in production, with one worker: DuckDB lets one
process own its file. Everything that holds a file or a thread is opened in the worker.
"""

from __future__ import annotations

import fcntl
import json
import logging
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from pathlib import Path
from time import monotonic, sleep
from typing import Any, cast
from urllib.error import URLError
from urllib.request import urlopen

from gunicorn.app.base import BaseApplication

from infra.emulators import PUBSUB, Missing
from infra.local import emulated
from infra.local.demo_project import load_demo_project, replay_demo_project, sum_up_demo_project
from infra.local.gateway import PUSH_TOKEN_LIVES, Gateway, Wsgi, subscriptions
from infra.local.keys import issuer, unsubscribe_key
from infra.local.schedule import Scheduler
from shared.adapters.local.bus import Policy, SqliteBus
from shared.adapters.local.clock import SystemClock
from shared.adapters.local.delivery import Deliverer
from shared.adapters.local.secrets import SecretFiles
from shared.runtime import app as composition
from shared.runtime import log
from shared.runtime.app import App
from shared.runtime.settings import Settings, load

HOST = "127.0.0.1"
THREADS = 16
RUNNING = "running.json"  # in the data folder, while a suite runs on it
PATIENT = Policy(most_attempts=20)  # as on Google Cloud: longer than any claim is held
LOCK_WAIT_S = 5.0
READY_WAIT_S = 60.0
LARGEST_LOG = 20 << 20


class Refused(Exception):
    """The suite cannot start; the message says what to do."""


def print_ready(address: str, emulators: Mapping[str, str]) -> None:
    """Say on standard output that every route answers, and where emulators are."""
    print("ready:", address, *(f"{name}={at}" for name, at in emulators.items()), flush=True)


@dataclass(frozen=True, slots=True)
class Options:
    """What `serve` was asked for."""

    port: int
    data_dir: Path
    today: date | None
    auth: str
    demo: bool
    on_emulators: bool = False
    emulators: Mapping[str, str] = field(default_factory=dict)  # their variables, once they run
    after_ready: Callable[[str, Mapping[str, str]], None] = print_ready

    def settings(self) -> Settings:
        """The settings of this run: the environment's, with the options on top."""
        family = emulated.SETTINGS if self.on_emulators else {"AIMS_PLATFORM": "local"}
        chosen = {"AIMS_WAREHOUSE": "duckdb", **family}
        chosen |= {"AIMS_DATA_DIR": str(self.data_dir), "AIMS_AUTH": self.auth}
        if self.today:
            chosen["AIMS_TODAY"] = self.today.isoformat()
        return load(chosen)


def serve(options: Options) -> None:
    """Serve until SIGTERM or SIGINT. Raises Refused if the port or the folder is taken."""
    options.settings()  # what is wrong with them is said here, in one line
    with _own(options.data_dir):
        (options.data_dir / RUNNING).unlink(missing_ok=True)  # a killed suite left it
        listening = _listen(options.port)
        try:
            with _emulators(options) as addresses:
                _Server(replace(options, emulators=addresses), *listening).run()
        except Missing as why:
            raise Refused(f"The emulators cannot be started: {why}") from why
        finally:
            (options.data_dir / RUNNING).unlink(missing_ok=True)


def _emulators(options: Options) -> AbstractContextManager[Mapping[str, str]]:
    return emulated.emulated(options.data_dir) if options.on_emulators else nullcontext({})


def environment_of(folder: Path) -> dict[str, str]:
    """The variables that point another process at the suite that runs on a folder.

    Raises Refused if none does.
    """
    try:
        _own(folder, wait_s=0).close()
    except Refused:
        with suppress(OSError, ValueError):
            return dict(json.loads((folder / RUNNING).read_text(encoding="utf-8")))
    raise Refused(f"No suite runs on {folder}: start one, or name its folder by --data-dir.")


def _own(folder: Path, wait_s: float = LOCK_WAIT_S) -> Any:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as wrong:
        raise Refused(f"The folder {folder} cannot be used: {wrong.strerror}.") from wrong
    until = monotonic() + wait_s
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except OSError:
            if monotonic() >= until:
                raise Refused(
                    f"Another suite runs on {folder}: stop it, or choose another --data-dir."
                ) from None
            sleep(0.1)


def _listen(port: int) -> tuple[int, int]:
    """The descriptor of a listening socket, which gunicorn takes over, and its port."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError:
        raise Refused(f"Port {port} is taken: choose another with --port.") from None
    listener.listen(128)
    listener.set_inheritable(True)
    taken = listener.getsockname()[1]
    return listener.detach(), taken


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, options: Options, descriptor: int, port: int) -> None:
        self.options = options
        self.descriptor = descriptor
        self.port = port
        super().__init__()

    def load_config(self) -> None:
        chosen = {
            "bind": f"fd://{self.descriptor}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": THREADS,
            "timeout": 0,
            "graceful_timeout": 20,
            "keepalive": 5,
            "loglevel": "error",
            "proc_name": "aims",
            "post_worker_init": self._started,
            "worker_exit": self._stopping,
        }
        for key, value in chosen.items():
            self.cfg.set(key, value)

    def load(self) -> Wsgi:
        folder = self.options.data_dir
        log.send_to(_log_file(folder / "suite.log"))
        self.suite_process = SuiteProcess(self.options, self.port)
        return self.suite_process.gateway

    def _started(self, _: Any) -> None:
        self.suite_process.start()

    def _stopping(self, _: Any, __: Any) -> None:
        self.suite_process.stop()


def _composed(options: Options, address: str) -> App:
    """The app, which knows where it is reached and has its secrets in the data folder: on the
    emulators too, for there is none of Secret Manager.
    """
    settings = options.settings()
    key = unsubscribe_key(options.data_dir)
    made = composition.compose(replace(settings, public_url=settings.public_url or address))
    return replace(made, suite=replace(made.suite, secrets=SecretFiles(key.parent)))


class SuiteProcess:
    """The worker: the functions, the demo project, and the deliverer of events."""

    def __init__(self, options: Options, port: int) -> None:
        self.options = options
        self.address = f"http://{HOST}:{port}"
        self.app = composition.install(_composed(options, self.address))
        self.issuer = issuer(options.data_dir, self.app.settings.token_issuer)
        self.gateway: Wsgi = Gateway()
        self.delivery: Deliverer | emulated.EmulatedPush = self._delivery(port)
        self.scheduler = Scheduler(self.app.suite)
        self._stopping = threading.Event()
        self._replaying = threading.Thread(target=self._replay, daemon=True)
        if options.demo:
            load_demo_project(self.app.suite)

    def _delivery(self, port: int) -> Deliverer | emulated.EmulatedPush:
        if self.options.on_emulators:
            pubsub = self.options.emulators[PUBSUB.variable]
            push = emulated.EmulatedPush(pubsub, self.address, self._push_token)
            self.gateway = push.signed(self.gateway)
            return push
        bus = cast(SqliteBus, self.app.suite.bus)
        for topic, name, endpoint in subscriptions(port):
            bus.subscribe(topic, name, endpoint, self._push_token, PATIENT)
        return Deliverer(bus)

    def _push_token(self, _: str = "") -> str:
        settings = self.app.settings
        caller = settings.event_caller
        claims = {"aud": settings.event_audience, "sub": caller, "email": caller}
        return self.issuer.token(
            {**claims, "email_verified": True}, now=SystemClock().now(), ttl=PUSH_TOKEN_LIVES
        )

    def start(self) -> None:
        """Begin delivering and firing schedules, and say so once the functions answer."""
        self.delivery.start()
        self.scheduler.start()
        threading.Thread(target=self._announce, daemon=True).start()
        self._replaying.start()

    def _replay(self) -> None:
        if not self.options.demo:
            return
        suite = self.app.suite
        for _ in chain(replay_demo_project(suite), sum_up_demo_project(suite)):
            if self._stopping.is_set():
                break

    def stop(self) -> None:
        """Stop both and close the stores."""
        self._stopping.set()
        if self._replaying.is_alive():
            self._replaying.join()
        self.scheduler.stop()
        self.delivery.stop()
        self.app.close()

    def _announce(self) -> None:
        until = monotonic() + READY_WAIT_S
        while monotonic() < until:
            try:
                with urlopen(f"{self.address}/readyz", timeout=5):  # noqa: S310 (our own address)
                    break
            except URLError:
                sleep(0.02)
        variables = {**self.options.emulators, "AIMS_DATA_DIR": str(self.options.data_dir)}
        variables |= emulated.SETTINGS if self.options.on_emulators else {}
        variables |= {"AIMS_TODAY": f"{self.options.today}"} if self.options.today else {}
        running = self.options.data_dir / RUNNING
        if not running.exists():  # else this is a worker after the first: all was said
            running.write_text(json.dumps(variables), encoding="utf-8")
            self.options.after_ready(self.address, self.options.emulators)


def _log_file(path: Path) -> Any:
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    logging.captureWarnings(True)
    return path.open("a", encoding="utf-8", buffering=1)
