"""One panel of very many campaigns, for measuring speed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shared.domain.anomalies.panel import Panel
from tests.bench.anomalies.generator import history, project
from tests.bench.anomalies.truth import DAYS, STORED

FIRST = 1_000  # seed; fifty projects are repeated until there are enough campaigns
PROJECTS = 50


def crowd(campaigns: int) -> Panel:
    """The campaigns of many projects as if they were one's, over 180 days."""
    parts = [history(project(FIRST + n), DAYS - 1) for n in range(PROJECTS)]
    channels = np.concatenate([part.channels for part in parts])
    rows = np.resize(np.arange(len(channels)), campaigns)
    rows = rows[np.argsort(channels[rows], kind="stable")]

    def gathered(table: Callable[[Panel], Any]) -> Any:
        return np.concatenate([table(part) for part in parts])[rows]

    names = tuple(f"campaign {n}" for n in range(campaigns))
    return Panel(
        first_day=parts[0].first_day,
        channels=tuple(str(name) for name in channels[rows]),
        campaign_ids=names,
        names=names,
        values={name: gathered(lambda part, name=name: part.values[name]) for name in STORED},
        unfinished=gathered(lambda part: part.unfinished),
        starts=gathered(lambda part: part.starts),
        ends=gathered(lambda part: part.ends),
    )
