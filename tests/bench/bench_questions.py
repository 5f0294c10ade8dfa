"""Questions in plain English, scored by their results: how many the suite answers rightly.

What is asked, what is right and how it is scored: tests/bench/questions. The baseline is a reader
that answers nothing: it is never wrong, and right only where a refusal is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.bench.questions.scoring import CONFIDENT, RIGHT, SETS, Outcome, Scored, scored, times

TARGETS: tuple[tuple[str, tuple[Outcome, ...], float, bool], ...] = (
    ("right", RIGHT, 0.90, True),
    ("wrong but confident", CONFIDENT, 0.03, False),
)
MOST_MILLISECONDS = 50  # p95, from a question to its answer


def run() -> list[dict[str, Any]]:
    """The rows: of each set how many were right, wrong and refused, and how long they took."""
    return [row for name in SETS for row in _rows(name, scored(name))]


def _rows(name: str, found: Sequence[Scored]) -> list[dict[str, Any]]:
    silent = sum(any("refuse" in want for want in s.case.want) for s in found) / len(found)
    rows = []
    for what, outcomes, target, at_least in TARGETS:
        some = sum(s.outcome in outcomes for s in found)
        ours, base = some / len(found), silent if at_least else 0.0
        met = ours >= target if at_least else ours <= target
        rows.append(
            {
                "what": f"{name}: {what}, of {len(found)}",
                "ours": f"{ours:.1%}",
                "baseline": f"{base:.1%} refuses all",
                "ratio": f"{ours / base:.2f} ×" if base else "–",
                "target": f"{'≥' if at_least else '≤'} {target:.0%}",
                "met": "yes" if met else "NO",
            }
        )
    p50, p95 = (seconds * 1e3 for seconds in times(found))
    took = {
        "what": f"{name}: question to answer, p50 and p95",
        "ours": f"{p50:.0f}, {p95:.0f} ms",
        "baseline": "–",
        "ratio": "–",
        "target": f"p95 ≤ {MOST_MILLISECONDS} ms",
        "met": "yes" if p95 <= MOST_MILLISECONDS else "NO",
    }
    return [*rows, took]
