"""What a finding does to the metrics that depend on the one that moved."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

from shared.domain.anomalies.explaining.usual import Change, Totals
from shared.domain.anomalies.finding import Finding

MATERIAL = 0.10
BEYOND_CHANCE = 2.0  # standard deviations

# Which metrics a metric moves, along with it (1) or against it (-1). More spend buys more of
# everything at a higher price; whatever gets lost on the way from an impression to an order makes
# all that comes after it fewer and dearer; a dearer order changes the return alone.
_VOLUME = {"clicks": 1, "conversions": 1, "revenue": 1}
_AFTER_THE_SPEND = {"cpc": -1, "cpa": -1, "roas": 1}
MOVES: Mapping[str, Mapping[str, int]] = {
    "spend": {"impressions": 1, **_VOLUME, "cpc": 1, "cpa": 1, "roas": -1},
    "impressions": {**_VOLUME, **_AFTER_THE_SPEND},
    "ctr": {**_VOLUME, **_AFTER_THE_SPEND},
    "conversion_rate": {"conversions": 1, "revenue": 1, "cpa": -1, "roas": 1},
    "revenue": {"roas": 1},
}
# What is counted to know a metric, and whether more of it makes the metric higher.
_COUNTED: Mapping[str, tuple[str, bool]] = {
    "impressions": ("impressions", True),
    "clicks": ("clicks", True),
    "cpc": ("clicks", False),
    "conversions": ("conversions", True),
    "revenue": ("conversions", True),
    "cpa": ("conversions", False),
    "roas": ("conversions", True),
}


def effects_of(finding: Finding, totals: Totals) -> tuple[Change, ...]:
    """The metrics that moved by MATERIAL or more because of the finding, the largest first.

    That is: they depend on what was found, moved the way it drives them, and by more than counts
    of that size move by chance. Of days without data nothing is known.
    """
    if finding.kind == "missing_data":
        return ()
    way = 1 if finding.key.direction == "spike" else -1
    moves = MOVES.get(finding.key.metric, {})
    found = (totals.change(metric) for metric in moves)
    kept = [c for c in found if _is_moved(c, way * moves[c.metric], totals)]
    return tuple(sorted(kept, key=lambda c: -abs(c.deviation or 0.0)))


def _is_moved(change: Change, way: int, totals: Totals) -> bool:
    deviation = change.deviation
    if deviation is None or deviation * way < MATERIAL:
        return False
    return _distance(change.metric, 1 + deviation, totals) >= BEYOND_CHANCE


def _distance(metric: str, factor: float, totals: Totals) -> float:
    """How far the count behind a metric is from what it would be without the change.

    In standard deviations: the square root of a Poisson count has a variance of 1/4, whatever the
    count (Bartlett 1936).
    """
    counted, higher = _COUNTED[metric]
    count = max(totals.current[counted], 0.0)
    if factor <= 0:  # nothing is left of it, or it is paid back: no count tells how far
        return 2 * sqrt(max(totals.usual[counted], 0.0))
    return 2 * abs(sqrt(count) - sqrt(count / factor if higher else count * factor))
