"""Starts on the Google family: load and first answer with documents in Firestore's emulator.

Each function stands beside a bare one that imports the vendor's clients and asks the emulator for
one document: what any function pays that talks to these services.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from infra import topics
from infra.emulators import FIRESTORE, PUBSUB, Missing, running
from infra.local.emulated import PROJECT, SETTINGS
from tests.bench.bench_functions import STARTS, Target, row, start_seconds, targets

BARE = """
from google.cloud import firestore
client = firestore.Client(project="bare")
def bare(request):
    client.document("a/b").get()
    return "ok"
"""
BARE_WRITER = BARE.replace("bare(request)", "bare_writer(request)").replace(
    "import firestore", "import bigquery, firestore, pubsub_v1"
)


def run() -> list[dict[str, Any]]:
    """All rows; one that says why where there is no emulator."""
    held = dict(os.environ)
    try:
        with running(FIRESTORE, PUBSUB) as addresses, tempfile.TemporaryDirectory() as name:
            os.environ.update(addresses | SETTINGS)
            topics.prepare(addresses[PUBSUB.variable], PROJECT, lambda _: "http://127.0.0.1:9/")
            return _rows(Path(name))
    except Missing as why:
        return [{"what": f"not measured: {why}"}]
    finally:
        os.environ.clear()
        os.environ.update(held)


def _rows(folder: Path) -> list[dict[str, Any]]:
    known = {target.function: target for target in targets(folder)}
    for name, text in (("bare", BARE), ("bare_writer", BARE_WRITER)):
        (folder / f"{name}.py").write_text(text)
        known[name] = Target(name, folder / f"{name}.py")
    chosen = ("bare", "bare_writer", "platform", "projects", "vocabulary")
    seen: dict[str, list[float]] = {name: [] for name in chosen}
    for _ in range(STARTS):
        for name in chosen:
            seen[name].append(start_seconds(known[name], folder))
    rows = []
    for base, said in (("bare", "Firestore"), ("bare_writer", "Firestore, Pub/Sub, BigQuery")):
        for name in chosen[2:]:
            ratio = median(o / b for o, b in zip(seen[name], seen[base], strict=True))
            ours, beside = f"{median(seen[name]):.3f} s", f"{median(seen[base]):.3f} s bare, {said}"
            rows.append(row(f"load and first answer: {name}", ours, beside, ratio, None))
    return rows
