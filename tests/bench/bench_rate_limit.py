"""The rate limit on Firestore's emulator: 50 callers of one user at once.

Ours is `shared.runtime.http.limits.count` over the Firestore adapter: one increment on the server a
call. One baseline is the usual counter: read and write back in a `transactional` function of the
vendor's, stopped after 20 s, since it all but stops by itself. The other is the vendor's bare
increment, by turns with ours: what counting costs at least.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import quantiles
from threading import Lock
from typing import Any

from google.cloud import firestore

from infra.emulators import FIRESTORE, Missing, running
from shared.adapters.google.documents import FirestoreDocuments
from shared.adapters.local.clock import SystemClock
from shared.domain.access import Caller
from shared.runtime.http.limits import count

CALLERS = 50
OURS, THEIRS = 600, 100  # calls a round
ROUNDS = 4
BASELINE_S = 20.0
TARGET_OF_BARE = 0.7
PROJECT = "bench"


@dataclass
class Run:
    """What calls gave and how long they took, in milliseconds."""

    values: list[int] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    asked: int = 0
    seconds: float = 0.0

    def add(self, other: Run) -> None:
        """Take in another round."""
        self.values += other.values
        self.took += other.took
        self.asked += other.asked
        self.seconds += other.seconds

    @property
    def per_s(self) -> float:
        return len(self.took) / self.seconds

    @property
    def failed(self) -> float:
        return 1 - len(self.took) / self.asked

    def percentile(self, which: int) -> float:
        """Of the calls that gave a value."""
        return quantiles(self.took, n=100)[which - 1]

    @property
    def exact(self) -> str:
        """Whether every value from 1 on was given once."""
        return "yes" if sorted(self.values) == list(range(1, len(self.values) + 1)) else "NO"


def run() -> list[dict[str, Any]]:
    """The rows; why there are none, without the emulator."""
    try:
        with running(FIRESTORE) as variables:
            os.environ.update(variables)
            client = firestore.Client(project=PROJECT)
            ours, bare = _by_turns(client)
            return _rows(ours, bare, _transactional(client))
    except Missing as why:
        return [{"what": f"not measured: {why}"}]


def _rows(ours: Run, bare: Run, theirs: Run) -> list[dict[str, Any]]:
    share = ours.per_s / bare.per_s
    least = theirs.per_s or 1 / BASELINE_S
    return [
        {
            "what": f"calls, {CALLERS} at once for one user",
            "ours": f"{ours.per_s:,.0f}/s",
            "baseline": f"{bare.per_s:,.0f}/s bare increment",
            "ratio": f"{share:.2f} ×",
            "target": f"≥ {TARGET_OF_BARE} ×",
            "met": "yes" if share >= TARGET_OF_BARE else "NO",
        },
        {
            "what": "the same",
            "ours": f"{ours.per_s:,.0f}/s",
            "baseline": f"{theirs.per_s:.1f}/s transactional",
            "ratio": f"{'' if theirs.took else '> '}{ours.per_s / least:,.0f} ×",
            "target": "≥ 100 ×",
            "met": "yes" if ours.per_s >= 100 * least else "NO",
        },
        *(_latency(ours, bare, which) for which in (50, 99)),
        {
            "what": f"calls that fail; of the baseline's {THEIRS}, within {BASELINE_S:.0f} s",
            "ours": f"{ours.failed:.1%}",
            "baseline": f"{theirs.failed:.0%} transactional",
            "target": "0.0%",
            "met": "yes" if not ours.failed else "NO",
        },
        {
            "what": f"each value given exactly once, of {len(ours.values):,}",
            "ours": ours.exact,
            "baseline": f"{bare.exact} bare increment",
            "target": "yes",
            "met": ours.exact,
        },
    ]


def _latency(ours: Run, bare: Run, which: int) -> dict[str, Any]:
    mine, other = ours.percentile(which), bare.percentile(which)
    return {
        "what": f"a call, p{which}",
        "ours": f"{mine:.0f} ms",
        "baseline": f"{other:.0f} ms bare increment",
        "ratio": f"{mine / other:.2f} ×",
        "target": "–",
    }


def _by_turns(client: firestore.Client) -> tuple[Run, Run]:
    clock = SystemClock()
    documents = FirestoreDocuments(PROJECT, clock)
    caller, place = Caller("one-user"), client.document("bare/one-user")

    def ours() -> int:
        return count(documents, clock, caller, "ai", OURS).used

    def bare() -> int:
        result = place.set({"n": firestore.Increment(1)}, merge=True)
        return int(result.transform_results[0].integer_value)

    total = Run(), Run()
    for number in range(1 + ROUNDS):
        for run, call in zip(total, (ours, bare), strict=True):
            measured = _measure(OURS, call)
            run.add(measured) if number else run.values.extend(measured.values)  # the first warms
    documents.close()
    return total


def _transactional(client: firestore.Client) -> Run:
    counter = client.document("transactional/one-user")

    @firestore.transactional
    def add(transaction: Any) -> int:
        found = counter.get(transaction=transaction)
        value = (found.get("n") if found.exists else 0) + 1
        transaction.set(counter, {"n": value})
        return value

    return _measure(THEIRS, lambda: add(client.transaction()), BASELINE_S, client.close)


def _measure(
    calls: int,
    call: Callable[[], int],
    within_s: float = 600.0,
    stop: Callable[[], None] = lambda: None,
) -> Run:
    """Let all callers call; after `within_s` stop, and leave out what ends later."""
    result, lock = Run(asked=calls), Lock()
    began = time.perf_counter()

    def one(_: int) -> None:
        start = time.perf_counter()
        try:
            if start - began > within_s:
                return
            value = call()
        except Exception:  # noqa: BLE001 - whatever it is, the call gave no value
            return
        end = time.perf_counter()
        with lock:
            if end - began <= within_s:
                result.values.append(value)
                result.took.append((end - start) * 1e3)

    with ThreadPoolExecutor(CALLERS) as pool:
        waiting = [pool.submit(one, n) for n in range(calls)]
        while not all(future.done() for future in waiting):
            if time.perf_counter() - began > within_s:
                stop()
                break
            time.sleep(0.05)
    result.seconds = min(time.perf_counter() - began, within_s)
    return result
