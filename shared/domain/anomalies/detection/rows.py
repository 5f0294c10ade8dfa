"""What is tested: the campaigns of a panel, and after them its channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from shared.domain.anomalies.detection.medians import Bools, Days, Floats
from shared.domain.anomalies.finding import Bands, Rules, closest
from shared.domain.anomalies.panel import REST, Panel

MONTH = 28
# What follows when a driver moves, as its record names it.
MOVES: Mapping[str, tuple[str, ...]] = {
    "spend": (),
    "impressions": ("clicks", "cpc", "cpa", "conversions", "revenue", "roas"),
    "ctr": ("clicks", "cpc", "cpa", "conversions", "revenue", "roas"),
    "conversion_rate": ("conversions", "cpa", "revenue", "roas"),
    "revenue": ("roas",),
}
STEP = 1.05  # budgets are planned in steps below that, and a step's first day looks like a spike


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of every test: first each campaign, then each channel.

    `channel_of` [series] numbers `channels`; `members` [channel, series] is 1 where a campaign
    belongs. `judged` [row] are those a finding may be about: no remainder of small campaigns, and
    no channel of a single campaign.
    """

    panel: Panel
    channels: tuple[str, ...] = field(init=False)
    channel_of: Days = field(init=False)
    members: Floats = field(init=False)
    judged: Bools = field(init=False)

    def __post_init__(self) -> None:
        channels = tuple(dict.fromkeys(self.panel.channels))
        number = {name: n for n, name in enumerate(channels)}
        channel_of = np.array([number[name] for name in self.panel.channels], dtype=np.int64)
        members = (np.arange(len(channels))[:, None] == channel_of).astype(np.float64)
        alone = self._recently_seen(members) < 2
        single = np.array([name != REST for name in self.panel.campaign_ids])
        for name, value in (
            ("channels", channels),
            ("channel_of", channel_of),
            ("members", members),
            ("judged", np.concatenate([single, ~alone])),
        ):
            object.__setattr__(self, name, value)

    def _recently_seen(self, members: Floats) -> Floats:
        seen = np.isfinite(self.panel.values["impressions"][:, -MONTH:]).any(axis=1)
        return members @ seen.astype(np.float64)

    @property
    def campaigns(self) -> int:
        """Number of campaigns: the row of the first channel."""
        return len(self.panel.campaign_ids)

    def named(self, row: int) -> tuple[str, str | None]:
        """Channel and campaign of a row; None is the channel as a whole."""
        if row >= self.campaigns:
            return self.channels[row - self.campaigns], None
        return self.panel.channels[row], self.panel.campaign_ids[row]

    def warning(self, rules: Rules, metric: str) -> Floats:
        """[row]: from which change on a warning is due, as a logarithm."""
        found = [np.log1p(_warning(rules, name, metric)) for name in self.channels]
        by_channel = np.array(found)
        return np.concatenate([by_channel[self.channel_of], by_channel])

    def with_channels(self, values: Floats) -> Floats:
        """Sums over each channel below the campaigns' own rows; NaN counts as nothing."""
        whole = np.nan_to_num(values)
        return np.concatenate([whole, self.members @ whole])


def _warning(rules: Rules, channel: str, metric: str) -> float:
    """The least of the project's own bands for the metric and those that it moves.

    Without any, the usual one; below STEP, spend is planned rather than gone.
    """
    usual = Bands(warning=STEP) if metric == "spend" else Bands()
    own = closest(rules.bands, channel, metric) or usual
    places = [(where, moved) for moved in MOVES[metric] for where in (channel, "")]
    named = (rules.bands[place].warning for place in places if place in rules.bands)
    return min([own.warning, *named])
