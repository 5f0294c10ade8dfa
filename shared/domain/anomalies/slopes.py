"""Slow drift: too small on any one day, far outside the series' own wandering over a month.

The level of a week is the mean of its days, odd ones drawn in (Huber, 1964); the drift of a month
is the least-squares slope through four weeks. How far a series drifts by itself is read from its
earlier months.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from shared.domain.anomalies.drivers import Ratios, counts
from shared.domain.anomalies.finding import Finding, Rules, SeriesKey
from shared.domain.anomalies.judging import MIN_COUNTS, money_floor, worth
from shared.domain.anomalies.medians import (
    MAD_TO_SIGMA,
    WEEK,
    Bools,
    Floats,
    median,
    quantile,
    weeks,
)
from shared.domain.anomalies.rows import MONTH, Rows

CONTRAST = np.array([-1.2, -0.4, 0.4, 1.2])  # of four weeks: the change over four weeks
WEEKS = len(CONTRAST)
ODD = 2.5  # standard deviations that a day may be away from its week
MIN_DAYS = 3  # of a week
HISTORY = 3  # months of its own, overlapping, that a series needs
PRIOR_MONTHS = 6.0  # months of its own that weigh as much as the project's middle campaign
FAR = 4.3  # standard deviations
FAR_OF_SPEND = 6.0  # which people steer
STAYING = 0.5  # of that is enough to stay found
STAYED = 0.8  # of that is enough to have been found once where it is known that it was
MEMORY = 3  # days for which it stays so
LEAST = 0.03  # of a month's change that is worth a word, as a logarithm
LEAN = 3.0  # standard deviations that the change must be beyond that
BACK = 0.6  # of the change must lead away from where the series was: no return from a detour
STEADY = 0.1  # of the whole is the least that each week must bring,
JUMP = 0.62  # and the most: a drift is no step
STEERED = 0.45  # of a month's change of spend, as a logarithm, is a plan rather than a drift
FLOOR = 0.012  # standard deviation of a month's drift in the steadiest series


@dataclass(frozen=True, slots=True)
class Drift:
    """[series]: the month's change as a logarithm, its usual size, score, whether it is a drift."""

    change: Floats
    sigma: Floats
    score: Floats
    sliding: Bools


def slopes(rows: Rows, ratio: Ratios, calm: Floats, rules: Rules) -> list[Finding]:
    """Campaigns whose level has slid for four weeks.

    `calm` [series, day] are the driver's logs without weekdays and what all have in common.
    """
    drift = _drift(calm)
    if drift is None:
        return []
    drawn = counts(ratio.metric, ratio.total, ratio.exposure)[:, -MONTH:]
    able = np.flatnonzero(
        rows.judged[: rows.campaigns]
        & (median(drawn) >= MIN_COUNTS)
        & (drift.score >= STAYING * FAR)
    )
    scores = _lately(calm[able], drift.sigma[able], np.sign(drift.change[able]))
    told = _told(rows, rules, ratio.metric)
    found = [(_finding(rows, ratio, drift, int(row)), int(row)) for row in able]
    return [
        one
        for (one, row), score in zip(found, scores, strict=True)
        if score
        >= (FAR_OF_SPEND if ratio.metric == "spend" else FAR)
        * rules.raised.get(one.key, 1.0)
        * told.get(rows.named(row), 1.0)
        and one.impact >= money_floor(rows, ratio.metric) * MONTH / 2
        and not _planned(rows, row, one)
    ]


def _told(rows: Rows, rules: Rules, metric: str) -> dict[tuple[str, str | None], float]:
    """What is asked of campaigns that were found sliding: less while they do, then no more."""
    last, told = rows.panel.last_day, {}
    for span in rules.known:
        slow = (span.end - span.start).days >= MONTH - 1 and span.metric == metric
        ago = (last - span.end).days
        if slow and ago <= MONTH:
            told[span.channel, span.campaign_id] = STAYED if ago <= MEMORY else np.inf
    return told


def _lately(calm: Floats, sigma: Floats, sign: Floats) -> Floats:
    """[series]: the best score of a straight drift in this direction as of today or days ago."""
    best = np.zeros(len(calm))
    for back in range(MEMORY + 1):
        then = calm[:, : calm.shape[1] - back]
        drift = _drift(then, sigma)
        if drift is None:
            break
        for row in np.flatnonzero(drift.sliding & (np.sign(drift.change) == sign)):
            if not _is_step(then[row, -MONTH:]):
                best[row] = max(best[row], drift.score[row])
    return best


def _drift(calm: Floats, sigma: Floats | None = None) -> Drift | None:
    level = _levels(calm)
    months = level.shape[1] - WEEKS + 1
    if months < HISTORY + WEEKS // 2:
        return None
    change = np.lib.stride_tricks.sliding_window_view(level, WEEKS, axis=1) @ CONTRAST
    if sigma is None:
        sigma = _wandering(calm, change[:, : -WEEKS // 2])
    steps = np.diff(level[:, -WEEKS:], axis=1)
    whole = steps.sum(axis=1)
    share = steps / np.where(whole == 0, np.nan, whole)[:, None]
    straight = (share.min(axis=1) >= STEADY) & (share.max(axis=1) <= JUMP)
    now = change[:, -1]
    large = np.abs(now) >= LEAST + LEAN * sigma
    before = median(level[:, -3 * WEEKS : -WEEKS])
    large &= np.sign(now) * (level[:, -1] - before) >= BACK * np.abs(now)
    return Drift(now, sigma, np.abs(now) / sigma, straight & large)


def _levels(calm: Floats) -> Floats:
    """[series, week]: the mean of a week's days, odd ones drawn in; NaN where too few are there."""
    by_week = weeks(calm)
    middle = median(by_week)[..., None]
    away = by_week - middle
    sigma = MAD_TO_SIGMA * median(np.abs(away).reshape(len(calm), by_week.shape[1] * WEEK))
    near = ODD * sigma[:, None, None]
    drawn = np.clip(away, -near, near)
    there = np.isfinite(drawn).sum(axis=-1)
    mean = np.nansum(drawn, axis=-1) / np.maximum(there, 1)
    return np.where(there >= MIN_DAYS, middle[..., 0] + mean, np.nan)


def _wandering(calm: Floats, changes: Floats) -> Floats:
    """[series]: standard deviation of a month's drift by itself; NaN where too little is known."""
    months = np.isfinite(changes).sum(axis=1)
    own = (MAD_TO_SIGMA * median(np.abs(changes))) ** 2
    usual = np.nan_to_num(quantile(own, 0.5))
    alone = months / 2  # months that overlap by half tell little more than one of them
    mixed = (alone * np.nan_to_num(own) + PRIOR_MONTHS * usual) / (alone + PRIOR_MONTHS)
    daily = MAD_TO_SIGMA * median(np.abs(np.diff(calm[:, -2 * MONTH :], axis=1))) / np.sqrt(2)
    chance = daily * np.sqrt((CONTRAST**2).sum() / WEEK)
    sigma = np.sqrt(np.maximum(mixed, np.maximum(chance, FLOOR) ** 2))
    return np.where(months >= HISTORY, sigma, np.nan)


def _planned(rows: Rows, row: int, one: Finding) -> bool:
    """Whether it is spend that somebody steers: much of it within a month, or towards the end."""
    soon = rows.panel.ends[row] < rows.panel.days + MONTH // 2
    steered = abs(np.log1p(one.deviation or 0.0)) > STEERED
    return one.key.metric == "spend" and bool(steered or (soon and one.key.direction == "drop"))


def _is_step(calm: Floats) -> bool:
    """Whether two levels tell a month better than a straight line does."""
    there = np.flatnonzero(np.isfinite(calm))
    days, logs = there - there.mean(), calm[there] - calm[there].mean()
    line = (days @ logs) ** 2 / (days @ days)
    before = np.cumsum(logs)[:-1]
    number = np.arange(1, len(logs))
    step = np.max(before**2 / number + before**2 / (len(logs) - number))
    return bool(step > line)


def _finding(rows: Rows, ratio: Ratios, drift: Drift, row: int) -> Finding:
    change = float(drift.change[row])
    week, usual = _of_a_week(ratio, row, change)
    channel, campaign = rows.named(row)
    last = rows.panel.last_day
    month = float(np.nansum(ratio.total[row, -MONTH:]))
    return Finding(
        key=SeriesKey(channel, campaign, ratio.metric, "spike" if change > 0 else "drop"),
        kind="gradual",
        start=last - timedelta(days=MONTH - 1),
        end=last,
        current=week,
        baseline=usual,
        deviation=week / usual - 1,
        impact=abs(np.expm1(-change)) / 2 * month * float(worth(rows, ratio.metric)[row]),
        score=float(drift.score[row]),
    )


def _of_a_week(ratio: Ratios, row: int, change: float) -> tuple[float, float]:
    """The last week, and the month before the slide as weeks; a rate is one of sums.

    Where that says the opposite of the slide (what all campaigns have in common went the other
    way), what the slide makes of the last week stands for it.
    """
    week = _summed(ratio, row, slice(-WEEK, None))
    usual = _summed(ratio, row, slice(-2 * MONTH, -MONTH))
    same_way = week > 0 and usual > 0 and np.log(week / usual) * change > 0
    return week, usual if same_way else week / float(np.exp(change))


def _summed(ratio: Ratios, row: int, days: slice) -> float:
    """What a week brings at the rate of these days; of a rate, the rate."""
    total, exposure = ratio.total[row, days], ratio.exposure[row, days]
    if ratio.metric in ("ctr", "conversion_rate"):
        return float(np.nansum(total)) / max(float(np.nansum(exposure)), 1.0)
    return float(np.nansum(total)) * WEEK / max(int(np.isfinite(total).sum()), 1)
