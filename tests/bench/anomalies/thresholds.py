"""Thresholds of the peers, each the best F1 of its own on the development projects.

`python -m tests.bench.anomalies.thresholds` tunes them anew; the projects are others than those
that are reported.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tests.bench.anomalies.generator import project
from tests.bench.anomalies.peers import NAMES, prepared, says, scored
from tests.bench.anomalies.scoring import Score

DEVELOPMENT = range(10)
GRID = 60  # thresholds tried, at quantiles of the scores
# By detector and whether it stands behind the layer; of the plain rule nothing is left behind it
# but what the layer finds by itself: no threshold makes up for its false alarms.
TUNED: Mapping[tuple[str, bool], float] = {
    ("stl", False): 22.7,
    ("stl", True): 15.2,
    ("ecod", False): 1.62,
    ("ecod", True): 2.01,
    ("iforest", False): 1.58,
    ("iforest", True): 1.54,
    ("plain", False): 0.541,
    ("plain", True): 23.1,
}


def tuned(name: str, *, layered: bool) -> tuple[float, float]:
    """The best threshold and its F1."""
    found = ((_f1(name, at, layered=layered), at) for at in _grid(name, layered=layered))
    best, at = max(found)
    return at, best


def _grid(name: str, *, layered: bool) -> list[float]:
    scores = [
        np.abs(scored(seed, layered=layered)[name][prepared(seed, layered=layered).allowed])
        for seed in DEVELOPMENT
    ]
    above = 1 - np.geomspace(1e-4, 0.1, GRID)
    return [float(f"{at:.3g}") for at in np.quantile(np.concatenate(scores), above)]


def _f1(name: str, threshold: float, *, layered: bool) -> float:
    score = Score()
    for seed in DEVELOPMENT:
        score.add(project(seed), says(seed, name, threshold, layered=layered))
    return score.f1()


if __name__ == "__main__":
    for name in NAMES:
        for layered in (False, True):
            at, best = tuned(name, layered=layered)
            print(f"    ({name!r}, {layered}): {at},  # F1 {best:.3f}")
