"""The detectors that are compared, each as what it says of projects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from shared.domain.anomalies.detection.detect import detect
from tests.bench.anomalies.generator import project
from tests.bench.anomalies.peers import NAMES, says
from tests.bench.anomalies.plain import plain
from tests.bench.anomalies.replay import Detect, Said, replay
from tests.bench.anomalies.thresholds import TUNED

Says = Callable[[int], Said]  # of the project of a seed


def _replayed(detect: Detect, seed: int) -> Said:
    return replay(project(seed), detect)


QUICK: Mapping[str, Says] = {
    "ours": partial(_replayed, detect),
    "plain 20 %": partial(_replayed, plain),
}
PEERS: Mapping[str, Says] = {
    f"{NAMES[name]}, {'layer' if layered else 'bare'}": partial(
        says, name=name, threshold=at, layered=layered
    )
    for (name, layered), at in TUNED.items()
}
