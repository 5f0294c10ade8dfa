"""Find what deviates in a project as of its last day.

The five drivers are tested, of every campaign and every channel, against what the same weekday was
to be expected to bring (`expected`), in units of chance (`evidence`), for being large and costly
enough (`judging`); what belongs together becomes one finding (`grouping`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from shared.domain.anomalies.detection.drivers import Ratios, counts, ratios
from shared.domain.anomalies.detection.evidence import HOLIDAY, evidence
from shared.domain.anomalies.detection.expected import Expected, expect, of_few
from shared.domain.anomalies.detection.gaps import gaps
from shared.domain.anomalies.detection.grouping import Candidate, candidates, causes, unfinished
from shared.domain.anomalies.detection.judging import Verdict, judge
from shared.domain.anomalies.detection.medians import Bools, Floats, median
from shared.domain.anomalies.detection.rows import MONTH, Rows
from shared.domain.anomalies.detection.slopes import slopes
from shared.domain.anomalies.finding import DRIVERS, Finding, Rules, SeriesKey
from shared.domain.anomalies.panel import Panel

MIN_DAYS = 29  # four weeks to know a project by, and the day to judge
FORTNIGHT = 14
FEW = 2.0  # counts a day from which a campaign shows anything of what all have in common
UNHEARD = 0.8  # of all campaigns at once, as a logarithm: less than 45 % is no season and no sale
ALMOST = 0.95
RESTLESS = 0.02  # variance of a day that no count explains, where weights are concerned


def detect(panel: Panel, rules: Rules) -> list[Finding]:
    """Every deviation as of the panel's last day, the costliest first.

    Needs four weeks of history for anything but missing rows and campaigns without spend.
    """
    if not panel.campaign_ids:
        return []
    rows = Rows(panel)
    found = gaps(rows)
    if panel.days >= MIN_DAYS:
        found += _deviations(rows, rules, found)
    return sorted(found, key=lambda one: (-one.impact, -one.score))


def _deviations(rows: Rows, rules: Rules, gone: list[Finding]) -> list[Finding]:
    chain: list[list[Candidate]] = []
    slow: list[Finding] = []
    for test in judged(rows, rules):
        chain.append(candidates(rows, test.verdict))
        calm = np.where(test.brief, np.nan, test.base.calm)
        slow += slopes(rows, test.ratio, calm, rules)
    sliding = {one.key for one in slow}
    fast = [_finding(rows, one) for one in causes(chain) if not unfinished(rows, one)]
    taken = {one.key for one in gone}
    return slow + [one for one in fast if one.key not in taken | sliding]


@dataclass(frozen=True, slots=True)
class Judged:
    """A driver of every campaign and channel: what it was and should have been, and what deviates.

    `brief` [series, day] are the days that tell nothing of the ordinary and have not lasted.
    """

    ratio: Ratios
    base: Expected
    verdict: Verdict
    brief: Bools


def judged(rows: Rows, rules: Rules) -> Iterator[Judged]:
    """The tests themselves, driver by driver."""
    panel, known = rows.panel, _placed(rows, rules)
    holidays = _holidays(panel, rules)
    pace = np.ones(panel.days)
    for metric in DRIVERS.values():
        ratio = ratios(panel, metric, pace)
        own = [span for span in known if span.metric in ("", metric)]
        spoiled = _spoiled(panel, holidays, own, panel.days)
        brief = _spoiled(panel, holidays, own, FORTNIGHT)
        usual = np.inf if metric == "spend" else UNHEARD
        counted = _usual_counts(ratio)
        base = expect(ratio.log, spoiled, _weights(rows, counted), counted, usual)
        if metric != "spend":
            base = of_few(base, ratio.total, ratio.exposure, counted)
        pace = np.exp(base.common) if metric == "spend" else pace
        seen = evidence(ratio, base, rows.members, HOLIDAY**2 * holidays)
        yield Judged(ratio, base, judge(rows, seen, rules), brief)


@dataclass(frozen=True, slots=True)
class _Known:
    """A known span in the panel: its series, its days, and how many they are."""

    metric: str
    series: list[int]
    days: slice
    length: int


def _placed(rows: Rows, rules: Rules) -> list[_Known]:
    """The known spans, each found once for all drivers."""
    panel = rows.panel
    by_name: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for row, (channel, campaign) in enumerate(zip(panel.channels, panel.campaign_ids, strict=True)):
        by_name[channel, campaign].append(row)
        by_name[channel, None].append(row)
    placed = []
    for span in rules.known:
        first, last = ((day - panel.first_day).days for day in (span.start, span.end))
        series = by_name.get((span.channel, span.campaign_id), [])
        days = slice(max(first, 0), max(last + 1, 0))
        placed.append(_Known(span.metric, series, days, last - first))
    return placed


def _spoiled(panel: Panel, holidays: Floats, known: list[_Known], longest: int) -> Bools:
    """[series, day]: days that tell nothing of the ordinary; known spans up to `longest` days."""
    spoiled = panel.unfinished | (holidays > 0)
    for span in known:
        if span.length < longest:
            spoiled[span.series, span.days] = True
    return spoiled


def _holidays(panel: Panel, rules: Rules) -> Floats:
    return np.array([float(panel.day(n) in rules.holidays) for n in range(panel.days)])


def _usual_counts(ratio: Ratios) -> Floats:
    """[series]: what is counted on the middle day of the last four weeks."""
    month = slice(-MONTH - 1, -1)
    drawn = counts(ratio.metric, ratio.total[:, month], ratio.exposure[:, month])
    return np.nan_to_num(median(drawn))


def _weights(rows: Rows, usual: Floats) -> Floats:
    """[series]: the precision of a campaign's day, by its counts and the usual restlessness.

    Of three channels and more, none weighs as much as all others: what one does is not common.
    """
    weights = np.where(usual >= FEW, 1 / (1 / np.maximum(usual, FEW) + RESTLESS), 0.0)
    by_channel = rows.members @ weights
    others = by_channel.sum() - by_channel
    most = np.where(len(others) > 2, ALMOST * others, np.inf)
    result: Floats = weights * np.minimum(1.0, most / np.maximum(by_channel, 1e-9))[rows.channel_of]
    return result


def _finding(rows: Rows, one: Candidate) -> Finding:
    seen, row = one.verdict.evidence, one.row
    span = slice(-one.days, None)
    observed, expected, exposure = (
        float(np.nansum(part[row, span])) for part in (seen.observed, seen.expected, seen.exposure)
    )
    per = exposure if seen.metric in ("ctr", "conversion_rate") else 1.0
    channel, campaign = rows.named(row)
    last = rows.panel.last_day
    return Finding(
        key=SeriesKey(channel, campaign, seen.metric, "spike" if one.effect > 0 else "drop"),
        kind="sustained" if one.days > 1 else "point",
        start=last - timedelta(days=one.days - 1),
        end=last,
        current=observed / per,
        baseline=expected / per,
        deviation=observed / expected - 1,
        impact=float(np.nansum(one.verdict.money[row, span])),
        score=float(np.nanmax(np.abs(seen.score[row, span]))),
        explained=tuple(rows.panel.campaign_ids[s] for s in one.explained),
    )
