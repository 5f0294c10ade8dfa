"""The plain rule: a metric of the current week against its trailing four-week average."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from shared.domain.anomalies.finding import Finding, Kind, Rules, SeriesKey
from tests.bench.anomalies.truth import STORED

if TYPE_CHECKING:
    from shared.domain.anomalies.panel import Floats, Panel

WEEK, BEFORE = 7, 28
RATIOS = {
    "ctr": ("clicks", "impressions"),
    "cpc": ("spend", "clicks"),
    "cpa": ("spend", "conversions"),
    "conversion_rate": ("conversions", "clicks"),
    "roas": ("revenue", "spend"),
}


def plain(panel: Panel, rules: Rules, share: float = 0.20) -> Sequence[Finding]:
    """Every campaign and channel whose week is away from its average by more than a share."""
    names, owners, deviation, _, _ = deviations(panel)
    found = []
    for metric, row in np.argwhere(np.abs(np.nan_to_num(deviation)) > share):
        channel, campaign = owners[row]
        change = float(deviation[metric, row])
        found.append(said(panel, (channel, campaign, names[metric]), change, "sustained"))
    return found


def said(panel: Panel, series: tuple[str, str | None, str], change: float, kind: Kind) -> Finding:
    """A finding of a detector that knows of a change and no more."""
    key = SeriesKey(*series, "spike" if change > 0 else "drop")
    day = panel.last_day
    return Finding(key, kind, day, day, None, None, change, 0.0, abs(change))


def deviations(
    panel: Panel,
) -> tuple[list[str], list[tuple[str, str | None]], Floats, Floats, Floats]:
    """Deviation [metric, series] of week from average, with both; campaigns, then channels."""
    channels = sorted(set(panel.channels))
    owners: list[tuple[str, str | None]] = [
        *zip(panel.channels, panel.campaign_ids, strict=True),
        *((name, None) for name in channels),
    ]
    last = np.stack([panel.values[name][:, -WEEK - BEFORE :] for name in STORED])
    belongs = np.array(channels)[:, None] == np.array(panel.channels)[None, :]
    daily = np.nan_to_num(last)
    daily = np.concatenate([daily, belongs.astype(float) @ daily], axis=1)
    week = _metrics(daily[:, :, -WEEK:].sum(axis=2) / WEEK)
    before = _metrics(daily[:, :, :-WEEK].sum(axis=2) / (daily.shape[2] - WEEK))
    with np.errstate(divide="ignore", invalid="ignore"):
        deviation = np.where(before > 0, week / before - 1, np.nan)
    return [*STORED, *RATIOS], owners, deviation, week, before


def _metrics(sums: Floats) -> Floats:
    """[metric, series] of the stored sums and the ratios of them."""
    by_name = dict(zip(STORED, sums, strict=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = [by_name[top] / by_name[bottom] for top, bottom in RATIOS.values()]
    return np.concatenate([sums, np.stack(ratios)])
