"""Weekly summaries: 1,000 projects with five members each, summed up and mailed through the doors.

Every message comes one to three times and out of order, copies of it at once. What is counted is
each sending of a mail, not what lies in a mailbox: a recipient who is sent two would show.
"""

from __future__ import annotations

import resource
import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from tests.conftest import make_world
from tests.storms import Storm
from tests.summary_shops import KEY, MONDAY, WEEK, email_of, open_shops, wanted

PROJECTS = 1_000


def run(projects: int = PROJECTS) -> list[dict[str, Any]]:
    """Rows for the table."""
    with tempfile.TemporaryDirectory(prefix="aims-bench-") as folder:
        world = make_world(_with_key(Path(folder)), AIMS_PUBLIC_URL="https://aims.example")
        storm = Storm(world, Path(folder), Random(1), MONDAY, faults=False)
        open_shops(storm, projects)
        before = _memory_mib()
        for firing in ("first", "first"):
            storm.fire("summary_scan", firing)
        started = perf_counter()
        storm.blow()
        seconds = perf_counter() - started
        rows = _rows(storm, projects, seconds, before)
        world.app.close()
    return rows


def _with_key(folder: Path) -> Path:
    secrets = folder / "world" / "secrets"
    secrets.mkdir(parents=True)
    (secrets / "unsubscribe-key").write_text(KEY)
    return folder / "world"


def _rows(storm: Storm, projects: int, seconds: float, before: int) -> list[dict[str, Any]]:
    expected = Counter(email_of(n, m) for n in range(projects) for m in wanted(n))
    paths = [f"projects/shop-{n:04}/insights/weekly-summary-{WEEK}" for n in range(projects)]
    stored = [storm.documents.get(path) for path in paths]
    summaries = sum(one is not None and one.data["status"] == "ready" for one in stored)
    wrong = sum((storm.sent - expected).values()) + sum((expected - storm.sent).values())
    mails = storm.sent.total()
    return [
        _row("summaries kept", summaries, projects, summaries == projects),
        _row("mails sent", mails, expected.total(), storm.sent == expected),
        _row("mails missing or sent twice", wrong, 0, wrong == 0),
        _row("dead letters", len(storm.bus.dead_letters()), 0, not storm.bus.dead_letters()),
        {"what": "summaries a second, with their mails", "ours": f"{summaries / seconds:.1f}"},
        {"what": "mails a second", "ours": f"{mails / seconds:.1f}"},
        {"what": "peak memory of all doors in one process, MiB", "ours": _memory_mib()},
        {"what": "of it before the first order, MiB", "ours": before},
    ]


def _row(what: str, ours: int, target: int, met: bool) -> dict[str, Any]:
    return {
        "what": what,
        "ours": f"{ours:,}",
        "target": f"{target:,}",
        "met": "yes" if met else "NO",
    }


def _memory_mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
