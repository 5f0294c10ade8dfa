"""Anomalies: labelled projects replayed day by day, beside the plain rule and published detectors.

What is generated and what counts as right: tests/bench/anomalies. Projects here are others than
those on which thresholds were tuned; the peers see the first of them only, since they are slow: a
few minutes the first time, after which their scores are kept. A series is one driver of one
campaign over 180 days.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Sequence
from functools import cache

from shared.domain.anomalies.detection.detect import detect, judged
from shared.domain.anomalies.detection.rows import Rows
from shared.domain.anomalies.finding import DRIVERS, Finding, Rules
from shared.domain.anomalies.panel import Panel
from tests.bench.anomalies.crowd import crowd
from tests.bench.anomalies.generator import project
from tests.bench.anomalies.peers import NAMES, says
from tests.bench.anomalies.plain import plain
from tests.bench.anomalies.replay import Detect, Said, replay
from tests.bench.anomalies.scoring import KINDS, PROMPT, Score
from tests.bench.anomalies.thresholds import TUNED
from tests.bench.peer_environment import Missing
from tests.bench.rows import Row, table_row

FRESH = range(500, 560)
SHOWN_TO_PEERS = FRESH[:6]
SIZES = (1_000, 10_000, 40_000)
ROUNDS = 3


def run() -> list[Row]:
    """The rows: how right it is, how much more so than others, and how fast."""
    return [*_rightness(), *_peers(), *_speed()]


def _scored(detect: Detect, seeds: Sequence[int]) -> Score:
    score = Score()
    for seed in seeds:
        score.add(project(seed), _said(detect, seed))
    return score


@cache
def _said(detect: Detect, seed: int) -> Said:
    return replay(project(seed), detect)


def _rightness() -> list[Row]:
    ours, naive = (_scored(one, FRESH) for one in (detect, plain))
    table: tuple[tuple[str, Callable[[Score], float], str, float], ...] = (
        ("F1", Score.f1, "≥", 0.88),
        ("precision", Score.precision, "≥", 0.92),
        ("recall", Score.recall, "", 0),
        ("false incidents a project and week", Score.false_a_week, "≤", 0.08),
        ("kind named right", Score.named_right, "≥", 0.85),
        ("days until point, sustained, zero spend", lambda s: s.delay(*PROMPT), "≤", 1),
    )
    rows = []
    for what, measure, way, bound in table:
        mine, other = measure(ours), measure(naive)
        met = None if not way else mine >= bound if way == "≥" else mine <= bound
        rows.append(
            table_row(
                f"{what}, {ours.events.total()} events of {len(FRESH)} projects",
                f"{mine:.3f}",
                f"{other:.3f} plain rule 20 %",
                f"{mine / other:.2f} ×" if other else "",
                target=f"{way} {bound}" if way else "–",
                met=met,
            )
        )
    return rows + [_of_kind(ours, naive, kind) for kind in KINDS]


def _of_kind(ours: Score, naive: Score, kind: str) -> Row:
    """Found of the kind, and falsely called so."""
    mine, other = (
        f"{score.found[kind]} of {score.events[kind]}, {score.false[kind]} false"
        for score in (ours, naive)
    )
    return table_row(f"kind {kind}: found, false", mine, other)


def _peers() -> list[Row]:
    """Each detector bare and behind the layer; last, ours against the best behind it."""
    ours = _scored(detect, SHOWN_TO_PEERS).f1()
    rows, best = [], ("", 0.0)
    try:
        for name, title in NAMES.items():
            bare, behind = (_peer(name, layered=layered) for layered in (False, True))
            best = max(best, (title, behind.f1()), key=lambda one: one[1])
            rows.append(table_row(f"F1: {title}, tuned", f"{ours:.3f}", f"{bare.f1():.3f} bare"))
            both = f"{behind.f1():.3f} behind the layer"
            rows.append(table_row("", "", both, f"precision {behind.precision():.2f}"))
    except Missing as why:
        return [table_row("F1 above the best peer", f"{ours:.3f}", f"not measured: {why}")]
    more = ours - best[1]
    what = f"F1 above the best behind the layer, {len(SHOWN_TO_PEERS)} projects"
    theirs = f"{best[1]:.3f} {best[0]}"
    row = table_row(what, f"{ours:.3f}", theirs, f"{more:+.3f}", target="≥ +0.15", met=more >= 0.15)
    return [*rows, row]


def _peer(name: str, *, layered: bool) -> Score:
    score = Score()
    for seed in SHOWN_TO_PEERS:
        score.add(project(seed), says(seed, name, TUNED[name, layered], layered=layered))
    return score


def _speed() -> list[Row]:
    panels = {size: crowd(size // len(DRIVERS)) for size in SIZES}
    took = {size: _seconds(detect, panel) for size, panel in panels.items()}
    naive = {size: _seconds(plain, panel) for size, panel in panels.items()}
    rows = []
    for size, panel in panels.items():
        ours, base = size / took[size], size / naive[size]
        what = f"series a second, {size:,} in one panel, {_peak(panel):,.0f} MB at most"
        mine, other = f"{ours:,.0f}/s", f"{base:,.0f}/s plain rule"
        rows.append(table_row(what, mine, other, f"{ours / base:.2f} ×"))
    alone = SIZES[1] / _seconds(_tests, panels[SIZES[1]])
    what = f"the tests themselves, {SIZES[1]:,} series in one panel"
    rows.append(table_row(what, f"{alone:,.0f}/s", target="≥ 50,000/s", met=alone >= 50_000))
    most = took[SIZES[-1]] / took[SIZES[1]]
    times = SIZES[-1] / SIZES[1]
    what = f"time for {times:.0f} times the series (linear)"
    row = table_row(
        what, f"{most:.1f} ×", target=f"≤ {1.25 * times:.0f} ×", met=most <= 1.25 * times
    )
    return [*rows, row]


def _tests(panel: Panel, rules: Rules) -> list[Finding]:
    """What is expected, the evidence and the verdict: without words, grouping and slow drift."""
    for _ in judged(Rows(panel), rules):
        pass
    return []


def _seconds(detect: Detect, panel: Panel) -> float:
    """Time of a core, the least of some rounds."""
    least = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        detect(panel, Rules())
        least = min(least, time.process_time() - began)
    return least


def _peak(panel: Panel) -> float:
    """Megabytes that detection adds at its peak."""
    tracemalloc.start()
    detect(panel, Rules())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6
