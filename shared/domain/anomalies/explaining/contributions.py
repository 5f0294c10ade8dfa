"""Which campaigns a change is made of, and whether by how much they had or what it brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shared.domain.anomalies.detection.medians import Floats
from shared.domain.anomalies.explaining.usual import each, rows_of, span_of, usual_of_each, value
from shared.domain.anomalies.finding import Finding
from shared.domain.anomalies.panel import REST, Panel
from shared.domain.contributions import Part, larger_part, parts_of

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Contributor:
    """One campaign's part of its channel's change of a metric.

    `share` is signed; over all campaigns of the channel shares add up to 1. None: the channel as a
    whole did not change. `campaign_id` None stands for the campaigns too small to be told apart.
    `part` is what weighs more: volume (it had more of what the metric is a rate of: spend,
    impressions, clicks) or rate (it got more out of it); None for spend.
    """

    campaign_id: str | None
    campaign: str
    share: float | None
    current_value: float | None
    baseline_value: float | None
    part: Part | None


def contributors_of(panel: Panel, finding: Finding) -> tuple[Contributor, ...]:
    """The campaigns that make up most of a channel's change, or a campaign's part in its channel's.

    Shares are of sums over the finding's days on which the channel has data. A campaign whose
    planned end is past counts no more, and one that is new counts as usual from its first day on.
    A campaign that is all that the finding is about has the finding's own values.
    """
    metric = finding.key.metric
    rows = [r for r, channel in enumerate(panel.channels) if channel == finding.key.channel]
    now, usual = _sums(panel, rows, finding)
    if finding.kind == "missing_data" or not now:
        return ()
    parts = parts_of(metric, now, usual)
    told = rows_of(panel, finding)
    only = told if len(told) == 1 else []  # the finding's own series: its figures are the finding's
    found = [
        Contributor(
            campaign_id=None if panel.campaign_ids[row] == REST else panel.campaign_ids[row],
            campaign="other campaigns" if panel.campaign_ids[row] == REST else panel.names[row],
            share=parts.share(at),
            current_value=finding.current if row in only else _value(metric, now, at),
            baseline_value=finding.baseline if row in only else _value(metric, usual, at),
            part=larger_part(metric, parts, at),
        )
        for at, row in enumerate(rows)
        if row in told and (parts.volume[at] or parts.rate[at])
    ]
    return tuple(sorted(found, key=lambda c: -abs(c.share or 0.0))[:MOST_NAMED])


def _value(metric: str, sums: Mapping[str, Floats], at: int) -> float | None:
    return value(metric, {c: float(v[at]) for c, v in sums.items()})


def _sums(
    panel: Panel, rows: list[int], finding: Finding
) -> tuple[Mapping[str, Floats], Mapping[str, Floats]]:
    """The stored columns by campaign over the finding's days, as they were and as is usual."""
    first, last = span_of(panel, finding)
    columns = each(panel, rows)
    before = usual_of_each(panel, rows, (first, last))
    known = (np.isfinite(columns["spend"][:, first:last]), np.isfinite(before["spend"]))
    judged = known[0].max(axis=0) & known[1].max(axis=0)
    if not judged.any():
        return {}, {}
    now = {c: v[:, first:last][:, judged] for c, v in columns.items()}
    sums = [{c: np.nansum(v, axis=1) for c, v in now.items()}]
    sums += [{c: np.nansum(v[:, judged], axis=1) for c, v in before.items()}]
    return sums[0], sums[1]
