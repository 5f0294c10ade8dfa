"""Which channels brought no row on the day that was judged of them, and which series no spend."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from shared.domain.anomalies.detection.medians import Days
from shared.domain.anomalies.reading import History

Series = tuple[str, str | None]


def silent_channels(history: History) -> frozenset[str]:
    """Channels without any row on their judged day: nobody knows how they fare."""
    rows = history.panel.arrived
    return frozenset(
        channel
        for channel, whose in _members(history)
        if not rows[whose, history.judged[channel]].any()
    )


def idle_series(history: History) -> frozenset[Series]:
    """Campaigns, and channels (with None), that spent nothing on their judged day."""
    spend = np.nan_to_num(history.panel.values["spend"])
    idle: set[Series] = set()
    for channel, whose in _members(history):
        spent = spend[whose, history.judged[channel]] > 0
        idle.update((channel, history.panel.campaign_ids[row]) for row in whose[~spent])
        idle.update([] if spent.any() else [(channel, None)])
    return frozenset(idle)


def _members(history: History) -> Iterator[tuple[str, Days]]:
    channels = np.array(history.panel.channels)
    for channel in history.judged:
        yield channel, np.flatnonzero(channels == channel)
