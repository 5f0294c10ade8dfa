"""Fires the catalog's schedules, as Cloud Scheduler does: by a message to the function's topic."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from cronsim import CronSim

from shared.domain.suite import Suite
from shared.errors import Unavailable
from shared.ports import Message
from shared.runtime.catalog import Function, functions
from shared.runtime.events import SCHEDULED

LOOKS_EVERY_S = 30.0  # the suite's clock may be moved


def scheduled() -> dict[str, Function]:
    """The functions with a schedule, by name."""
    return {name: function for name, function in functions().items() if function.schedule}


def fire(suite: Suite, function: Function, firing: str) -> None:
    """Publish one firing. The same firing twice is recognised as a repeat."""
    suite.bus.publish(function.topic or "", [Message(f"scheduled:{firing}", "", SCHEDULED)])


class Scheduler:
    """A thread that fires what is due, until it is stopped."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)
        self._next = {name: self._after(f, suite.clock.now()) for name, f in scheduled().items()}

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is due later is not fired."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._wait_s()):
            self.fire_due()

    def fire_due(self) -> list[str]:
        """Fire what is due by now; the names of the functions."""
        now = self._suite.clock.now()
        due = [name for name, at in self._next.items() if at <= now]
        for name in due:
            function = scheduled()[name]
            try:
                fire(self._suite, function, f"{self._next[name]:%Y%m%dT%H%MZ}")
            except Unavailable:
                continue  # the bus is busy: due again at the next look
            self._next[name] = self._after(function, now)
        return due

    def _wait_s(self) -> float:
        now = self._suite.clock.now()
        wait = min(self._next.values(), default=now + timedelta(days=1)) - now
        return min(LOOKS_EVERY_S, max(1.0, wait / timedelta(seconds=1)))

    @staticmethod
    def _after(function: Function, now: datetime) -> datetime:
        found: datetime = next(CronSim(function.schedule or "", now.astimezone(UTC)))
        return found
