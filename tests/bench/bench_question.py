"""A question on a million rows: what the suite adds to its bare SQL.

Each question is asked once through the HTTP door (identity, membership, reading, guard,
transpiling, answer, turn), uncached. Then the SQL of its answer runs bare, best of three. The rest
is our own.
"""

from __future__ import annotations

import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from shared.ports import Query
from tests.bench.bench_import import lines

TARGET_MS = 30.0
ROUNDS = 6
QUESTIONS = (
    "How much did we spend {period}?",
    "Revenue by channel {period}",
    "Top 5 campaigns by ROAS {period}",
    "CPA {period} by week",
    "What share of spend went to each channel {period}?",
    "Clicks for email {period}",
    "Conversions by channel {period} compared with the previous period",
    "Which campaigns had a CPA above 20 {period}?",
    "CTR and CPC by channel {period}",
    "Spend except meta {period}",
)


def run() -> list[dict[str, Any]]:
    """The rows: the suite's own time at p50 and p95."""
    from tests.conftest import make_world

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world = make_world(folder, AIMS_TODAY="2025-04-01", AIMS_AI_OPERATIONS_PER_HOUR="1000000")
        person = world.person("ann@example.com").opens("shop")
        assert person.imports("shop", "".join(lines())).status_code == 200
        person.asks("shop", "spend yesterday")  # loads what every process loads once
        own, bare = _measure(world, person)
        world.app.close()
    p95 = quantiles(own, n=20)[-1]
    rows = [("p50", median(own), None), ("p95", p95, TARGET_MS)]
    base = f"{median(bare):.1f} ms bare SQL (p50)"
    return [
        {
            "what": f"own time of a question, {figure} of {len(own)}",
            "ours": f"{value:.1f} ms",
            "baseline": base,
            "ratio": f"{value / median(bare):.2f} ×",
            "target": f"≤ {target:.0f} ms" if target else "–",
            "met": ("yes" if value <= target else "NO") if target else "",
        }
        for figure, value, target in rows
    ]


def _measure(world: Any, person: Any) -> tuple[list[float], list[float]]:
    own, bare = [], []
    headers = person.headers()
    client = world.client("nl_query")
    for turn in range(ROUNDS):
        start = date(2024, 6, 1) + timedelta(days=17 * turn)
        period = f"from {start} to {start + timedelta(days=90)}"
        for question in QUESTIONS:
            body = {"question": question.format(period=period)}
            began = time.perf_counter()
            answer = client.post("/v1/projects/shop/query", json=body, headers=headers)
            total = time.perf_counter() - began
            found = answer.get_json()
            assert found.get("sql") and not found["cached"] and found["rows"], found
            alone = min(_bare_seconds(world, found["sql"]) for _ in range(3))
            own.append((total - alone) * 1e3)
            bare.append(alone * 1e3)
    return own, bare


def _bare_seconds(world: Any, sql: str) -> float:
    began = time.perf_counter()
    world.app.suite.warehouse.run(Query("shop", sql))
    return time.perf_counter() - began
