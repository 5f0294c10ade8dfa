"""Published detectors in an environment of their own, below build/, made when first asked for.

`statsmodels`: STL residuals in robust deviations (Cleveland et al. 1990). `pyod`: ECOD (Li et al.
2022) and isolation forest (Liu et al. 2008) over windows of deviations, as their guides advise for
time series. Scores of a project are kept beside them and used again while the project is the same.
"""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from shared.domain.anomalies.finding import Finding, Kind, SeriesKey
from tests.bench.anomalies.alert_layer import Prepared, prepare
from tests.bench.anomalies.calm import DRIVERS
from tests.bench.anomalies.generator import EPOCH, project
from tests.bench.anomalies.replay import Said
from tests.bench.anomalies.truth import JUDGED
from tests.bench.peer_environment import home, set_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.domain.anomalies.panel import Floats

GROUP = "anomaly-peers"
SCORES = Path(__file__).with_name("peer_scores.py")
NAMES: Mapping[str, str] = {
    "stl": "STL + MAD (statsmodels)",
    "ecod": "ECOD (PyOD)",
    "iforest": "isolation forest (PyOD)",
    "plain": "plain rule",
}
AGAIN = 14  # days after an alert in which the way back is no alert: the layer knows what it said


@lru_cache(maxsize=12)  # an entry is 10 MB
def prepared(seed: int, *, layered: bool) -> Prepared:
    return prepare(project(seed), layered=layered)


@lru_cache(maxsize=12)  # an entry is 10 MB
def scored(seed: int, *, layered: bool) -> Mapping[str, Floats]:
    """Arrays [scan, metric, series] by detector; Missing without the environment."""
    ready = prepared(seed, layered=layered)
    ours = {"plain": ready.plain}
    python = set_up(GROUP)
    content = hashlib.sha256(ready.x.tobytes() + ready.allowed.tobytes() + SCORES.read_bytes())
    kept = home(GROUP) / "scores" / f"{content.hexdigest()[:32]}.npz"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            given, made = Path(folder) / "in.npz", Path(folder) / "out.npz"
            np.savez(given, x=ready.x, wanted=ready.allowed)
            subprocess.run([python, SCORES, given, made], check=True)
            made.rename(kept)
    with np.load(kept) as file:
        return ours | {name: file[name] for name in file.files}


def says(seed: int, name: str, threshold: float, *, layered: bool) -> Said:
    """What a detector says of a project at a threshold, with what its layer adds."""
    ready = prepared(seed, layered=layered)
    scores = ready.plain if name == "plain" else scored(seed, layered=layered)[name]
    loud = (np.abs(scores) >= threshold) & ready.allowed
    said = list(ready.ruled)
    last: dict[object, tuple[int, bool]] = {}
    runs: dict[object, int] = defaultdict(int)
    for scan, metric, row in np.argwhere(loud):
        series, up = (metric, row), bool(scores[scan, metric, row] > 0)
        before, way = last.get(series, (-AGAIN, up))
        if layered and way != up and scan - before < AGAIN:
            continue
        runs[series] = runs[series] + 1 if scan - before == 1 else 1
        last[series] = (scan, up)
        key = SeriesKey(*ready.owners[row], DRIVERS[metric], "spike" if up else "drop")
        kind: Kind = "sustained" if runs[series] >= 3 else "point"
        said.append((JUDGED[scan], _finding(key, kind)))
    return sorted(said, key=lambda one: one[0])


def _finding(key: SeriesKey, kind: Kind) -> Finding:
    return Finding(key, kind, EPOCH, EPOCH, None, None, None, 0.0, 0.0)  # the scan's day counts
