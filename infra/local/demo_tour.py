"""`make demo`: the suite, headless, through its own HTTP doors: five questions with their answers
as tables, and the anomalies that it finds by itself.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any
from urllib.request import Request, urlopen

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from infra.local.demo import ANOMALIES

QUESTIONS = (
    "How much did we spend last month?",
    "Which channel had the best ROAS last month?",
    "Top 3 campaigns by revenue in the past 30 days",
    "Compare conversions by channel in the past 14 days with the previous period",
    "What share of spend went to each channel in the past 90 days?",
)
MOST_ROWS = 10
NOTICED_WITHIN_S = 30
RATES = ("ctr", "conversion_rate")


def tour() -> None:
    """Ask, print, exit. Raises RuntimeError if the suite does not come up."""
    console = Console(width=None if sys.stdout.isatty() else 110)
    with tempfile.TemporaryDirectory(prefix="aims-demo-") as folder, suite(folder) as address:
        for question in QUESTIONS:
            show(console, question, ask(address, question))
        console.print("\n[bold]What it noticed by itself[/bold]")
        for anomaly in noticed(address):
            tell(console, anomaly)


@contextmanager
def suite(folder: str) -> Iterator[str]:
    """A suite on a free port over this folder; its address."""
    command = [sys.executable, "-m", "infra.local", "serve", "--port", "0", "--data-dir", folder]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line.startswith("ready: "):
            raise RuntimeError("The suite did not start; suite.log in its data folder says why.")
        yield line.removeprefix("ready: ").strip()
    finally:
        process.terminate()
        process.wait()


def ask(address: str, question: str) -> dict[str, Any]:
    """The answer to a question about the demo project."""
    request = Request(  # noqa: S310 (the address of our own suite)
        f"{address}/v1/projects/demo/query",
        data=json.dumps({"question": question}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urlopen(request, timeout=60) as answer:  # noqa: S310
        found: dict[str, Any] = json.load(answer)
    return found


def noticed(address: str) -> list[dict[str, Any]]:
    """The anomalies of the demo's story by day: mornings are replayed while the suite serves."""
    until = monotonic() + NOTICED_WITHIN_S
    found: list[dict[str, Any]] = []
    while len(found) < len(ANOMALIES) and monotonic() < until:
        sleep(0.2)
        with urlopen(f"{address}/v1/projects/demo/anomalies?state=all", timeout=60) as answer:  # noqa: S310
            found = json.load(answer)["items"]
    return sorted(found, key=lambda anomaly: str(anomaly["window"]["start"]))


def tell(console: Console, anomaly: dict[str, Any]) -> None:
    """Print an anomaly."""
    console.print(f"\n! {anomaly['headline']} ({anomaly['severity']})", highlight=False)
    console.print(Padding(anomaly["explanation"], (0, 2)), highlight=False)


def show(console: Console, question: str, answer: dict[str, Any]) -> None:
    """Print a question and its answer; the rows as a table if there is more than one number."""
    console.print(f"\n[bold]? {question}[/bold]")
    console.print(Padding(answer["answer"], (0, 2)), highlight=False)
    rows = answer["rows"]
    if len(rows) < 2:
        return
    table = Table(box=None, pad_edge=True, padding=(0, 2))
    for column in answer["columns"]:
        numeric = column["type"] not in ("STRING", "DATE")
        table.add_column(column["name"], justify="right" if numeric else "left")
    names = [column["name"] for column in answer["columns"]]
    for row in rows[:MOST_ROWS]:
        table.add_row(*(cell(name, value) for name, value in zip(names, row, strict=True)))
    console.print(table)


def cell(name: str, value: Any) -> str:
    """A value as a person reads it."""
    if value is None:
        return "–"
    if name in RATES or name.endswith(("_share", "_change")):
        return f"{value:,.1%}"
    if isinstance(value, float):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
