"""Which campaigns a change is made of, and whether by how much they had or what it brought.

Two factors are parted as Bennet (1920, The Theory of Measurement of Changes in Cost of Living)
parts a change in value: each factor's change is weighed by the other's average before and after,
which leaves no remainder and treats both days alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from shared.domain.anomalies.finding import Finding
from shared.domain.anomalies.medians import Floats
from shared.domain.anomalies.panel import REST, Panel
from shared.domain.anomalies.usual import each, rows_of, span_of, usual_of_each, value
from shared.domain.semantics import METRICS

Part = Literal["volume", "rate"]
MOST_NAMED = 5

# What a sum is a rate of: revenue is clicks times what a click brings. Spend is a rate of nothing.
_VOLUME_OF = {
    "impressions": "spend",
    "clicks": "impressions",
    "conversions": "clicks",
    "revenue": "clicks",
}


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


@dataclass(frozen=True, slots=True)
class Parts:
    """The change of a channel's metric, by campaign: volume + rate over all of them is `total`."""

    volume: Floats
    rate: Floats

    @property
    def total(self) -> float:
        """The change of the channel."""
        return float((self.volume + self.rate).sum())

    def share(self, row: int) -> float | None:
        """One campaign's part of the total, signed."""
        total = self.total
        size = float(np.abs(self.volume).sum() + np.abs(self.rate).sum())
        if abs(total) <= 1e-9 * size:
            return None
        return float(self.volume[row] + self.rate[row]) / total


def parts_of(metric: str, now: Mapping[str, Floats], usual: Mapping[str, Floats]) -> Parts:
    """Split a metric's change; `now` and `usual` hold the stored columns by campaign.

    A ratio's change is parted into campaigns that weigh more or less in the channel (volume: their
    share of the denominator, measured against the channel's average) and campaigns whose own ratio
    changed (rate).
    """
    above, below = METRICS[metric].numerator, METRICS[metric].denominator
    if below is None:
        return _of_sum(above, now, usual)
    brought, weight = (
        [_over(columns[c], columns[below].sum()) for columns in (now, usual)]
        for c in (above, below)
    )
    mean = sum(_rates((now[above], usual[above]), (now[below], usual[below]))) / 2
    shift = weight[0] - weight[1]
    volume = shift * (mean - (brought[0].sum() + brought[1].sum()) / 2)
    rate = brought[0] - brought[1] - shift * mean
    return Parts(METRICS[metric].scale * volume, METRICS[metric].scale * rate)


def _of_sum(column: str, now: Mapping[str, Floats], usual: Mapping[str, Floats]) -> Parts:
    change = now[column] - usual[column]
    if column not in _VOLUME_OF:
        return Parts(change, np.zeros_like(change))
    had = _VOLUME_OF[column]
    rates = _rates((now[column], usual[column]), (now[had], usual[had]))
    volume = (now[had] - usual[had]) * sum(rates) / 2
    return Parts(volume, change - volume)


def _rates(above: tuple[Floats, Floats], below: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Ratios now and as usual; one that is undefined is taken to be as the other."""
    now, usual = _over(above[0], below[0]), _over(above[1], below[1])
    return np.where(below[0] != 0, now, usual), np.where(below[1] != 0, usual, now)


def _over(above: Floats, below: Floats) -> Floats:
    """The quotient, 0 over a zero."""
    return np.divide(above, below, out=np.zeros_like(above), where=np.not_equal(below, 0))


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
            part=_part(metric, parts, at),
        )
        for at, row in enumerate(rows)
        if row in told and (parts.volume[at] or parts.rate[at])
    ]
    return tuple(sorted(found, key=lambda c: -abs(c.share or 0.0))[:MOST_NAMED])


def _value(metric: str, sums: Mapping[str, Floats], at: int) -> float | None:
    return value(metric, {c: float(v[at]) for c, v in sums.items()})


def _part(metric: str, parts: Parts, at: int) -> Part | None:
    if metric == "spend":
        return None
    return "volume" if abs(parts.volume[at]) > abs(parts.rate[at]) else "rate"


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
