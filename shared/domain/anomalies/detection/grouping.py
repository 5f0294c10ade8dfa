"""One incident, one finding: campaign or channel, and the first driver in the chain that moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shared.domain.anomalies.detection.judging import Verdict, money_floor
from shared.domain.anomalies.detection.rows import Rows

EXPLAINS = 0.7  # share of a channel's change that makes it one campaign's
ALIKE = 0.5  # of the channel's own effect is moving alike
SAME = 0.3  # log effects this near are the same
MOSTLY_GONE = 1.5  # what is left of a day is rarely less than that
CANCELS = 0.35  # of an effect may be left where the next driver only undoes it


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of a driver that deviates today, for `days` days."""

    verdict: Verdict
    row: int
    days: int
    explained: tuple[int, ...] = ()

    @property
    def effect(self) -> float:
        """Today's log of observed by expected."""
        return float(self.verdict.evidence.effect[self.row, -1])


def candidates(rows: Rows, verdict: Verdict) -> list[Candidate]:
    """What one driver has to report, each change once: as a campaign's or as a channel's."""
    found = {
        int(row): Candidate(verdict, int(row), int(verdict.days[row]))
        for row in np.flatnonzero(verdict.days)
        if rows.judged[row]
    }
    for row in [row for row in found if row >= rows.campaigns]:
        _settle(rows, found, row)
    return list(found.values())


def _settle(rows: Rows, found: dict[int, Candidate], row: int) -> None:
    channel = found[row]
    seen = channel.verdict.evidence
    series = np.flatnonzero(rows.members[row - rows.campaigns])
    change = seen.observed[series, -1] - seen.expected[series, -1]
    share = np.nan_to_num(change) / np.nansum(change)
    top = int(series[np.argmax(share)])
    if share.max() >= EXPLAINS and rows.judged[top]:
        del found[row]
        if channel.verdict.money[top, -1] >= money_floor(rows, seen.metric):
            found.setdefault(top, replace(channel, row=top))
        return
    same = np.nan_to_num(seen.effect[series, -1]) / channel.effect >= ALIKE
    alike = [int(s) for s in series[same & (share > 0)] if rows.judged[s]]
    found[row] = replace(channel, explained=tuple(alike))
    for one in alike:
        found.pop(one, None)


def causes(chain: Sequence[Iterable[Candidate]]) -> list[Candidate]:
    """Drop what merely undoes an earlier driver's change: a metric further on is as it was."""
    kept: list[Candidate] = []
    for driver in chain:
        kept += [one for one in driver if not any(_undone(one, earlier) for earlier in kept)]
    return kept


def _undone(one: Candidate, earlier: Candidate) -> bool:
    left = abs(one.effect + earlier.effect)
    return one.row == earlier.row and left <= CANCELS * abs(earlier.effect)


def unfinished(rows: Rows, one: Candidate) -> bool:
    """Whether it looks like a channel whose day was loaded before it was over.

    Then all of its campaigns are short of spend by much the same, on this day only.
    """
    seen = one.verdict.evidence
    if seen.metric != "spend" or not one.explained or one.days > 1 or one.effect > 0:
        return False
    effects = seen.effect[np.flatnonzero(rows.members[one.row - rows.campaigns]), -1]
    alike = bool(np.nanmax(np.abs(effects - one.effect)) <= SAME)
    return alike and one.effect > -MOSTLY_GONE
