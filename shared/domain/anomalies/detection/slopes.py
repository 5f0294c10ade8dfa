"""Slow drift: too small on any one day, far outside the series' own wandering over a month.

A slide is a straight line that leaves a level and stays where it led; it is looked for in ten weeks
by generalised least squares (Aitken, 1936): days differ by chance, and levels wander by themselves,
forgetting in about a month. How far a series wanders is read from its earlier months. A step of the
level is what a slide is most easily taken for, so it must tell the weeks worse.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import numpy as np

from shared.domain.anomalies.detection.drivers import Ratios, counts
from shared.domain.anomalies.detection.judging import MIN_COUNTS, money_floor, worth
from shared.domain.anomalies.detection.medians import (
    MAD_TO_SIGMA,
    WEEK,
    Bools,
    Floats,
    median,
    weeks,
)
from shared.domain.anomalies.detection.rows import MONTH, Rows
from shared.domain.anomalies.finding import Finding, Rules, SeriesKey

WINDOW = 10  # weeks in which a slide is looked for,
SHORTEST = 8  # or fewer where there are no more
LENGTHS = (21, 28, 35)  # days that it takes
AGO = (0, 4, 8)  # days since it ended
ENOUGH = 42  # days of the window that must be there
FORGETS = 27.0  # days in which what a level wandered has mostly gone
RESTLESS = 0.5  # a level wanders at least by this part of what days differ
STILL = 0.0086  # standard deviation of the level of the steadiest series
EVEN = 0.005  # and of its days
BY_DAYS = np.geomspace(RESTLESS, 4.0, 9)  # wandering by daily noise, near enough
CONTRAST = np.array([-1.2, -0.4, 0.4, 1.2])  # of four weeks: the change over four weeks
WEEKS = len(CONTRAST)
_APART = np.abs(np.arange(WEEKS)[:, None] - np.arange(WEEKS)) * WEEK
OF_WANDER = float(CONTRAST @ np.exp(-_APART / FORGETS) @ CONTRAST)  # variance of that by wander
ODD = 2.5  # standard deviations that a day may be away from its week
MIN_DAYS = 3  # of a week
HISTORY = 3  # months of its own, overlapping, that a series needs
PRIOR_MONTHS = 6.0  # months of its own that weigh as much as the project's middle campaign
AGAIN = 2  # days ago it must have been seen too: it can wait, and chance does not
FAR = 4.5  # standard deviations
STAYED = 0.8  # of that is enough to have been found once where it is known that it was
MEMORY = 3  # days for which it stays so
LEAST = 0.05  # that is worth a word, as a logarithm
STEPS = 5.0  # deviance by which a slide of spend must beat a step: budgets mostly move in steps
STEERED = float(np.log(2))  # of a month's change of spend is a plan rather than a drift


@dataclass(frozen=True, slots=True)
class Drift:
    """[series]: the change as a logarithm, its score, and by how much deviance it beats a step.

    `noise` is the standard deviation of days, `wander` that of the level by itself.
    """

    change: Floats
    score: Floats
    beats: Floats
    noise: Floats
    wander: Floats


def slopes(rows: Rows, ratio: Ratios, calm: Floats, rules: Rules) -> list[Finding]:
    """Campaigns whose level has slid for weeks.

    `calm` [series, day] are the driver's logs without weekdays and what all have in common.
    """
    if calm.shape[1] < SHORTEST * WEEK:
        return []
    spend = ratio.metric == "spend"
    drift = _drift(calm, as_they_are=spend)
    able = rows.judged[: rows.campaigns] & _slides(drift, spend=spend)
    if spend:
        able &= ~_planned(rows, drift)
    before = _drift(calm[able, :-AGAIN], (drift.noise[able], drift.wander[able]), as_they_are=spend)
    able[able] = _slides(before, spend=spend) & (before.change * drift.change[able] > 0)
    drawn = counts(ratio.metric, ratio.total[able, -MONTH:], ratio.exposure[able, -MONTH:])
    able[able] = median(drawn) >= MIN_COUNTS
    told, money = _told(rows, rules, ratio.metric), worth(rows, ratio.metric)
    found = (_finding(rows, ratio, drift, int(row), money) for row in np.flatnonzero(able))
    return [
        one
        for one in found
        if one.score
        >= FAR
        * rules.raised.get(one.key, 1.0)
        * told.get((one.key.channel, one.key.campaign_id), 1.0)
        and one.impact >= money_floor(rows, ratio.metric) * MONTH / 2
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


def _planned(rows: Rows, drift: Drift) -> Bools:
    """[series]: spend that somebody steers: much of it within a month, or towards the end."""
    soon = rows.panel.ends < rows.panel.days + MONTH // 2
    planned: Bools = (np.abs(drift.change) > STEERED) | (soon & (drift.change < 0))
    return planned


def _slides(drift: Drift, *, spend: bool) -> Bools:
    """[series]: whether it may be a slide, rather than chance or a step."""
    may = (drift.score >= STAYED * FAR) & (np.abs(drift.change) >= LEAST)
    result: Bools = may & (drift.beats >= (STEPS if spend else 0.0))
    return result


def _drift(
    calm: Floats, unrest: tuple[Floats, Floats] | None = None, *, as_they_are: bool
) -> Drift:
    """The slide that tells each series best; a step is seen best in days `as_they_are`.

    `unrest` is the noise and the wander of the series, where they are known.
    """
    level, days = _tidy(calm, as_they_are=as_they_are)
    noise, wander = unrest or _unrest(calm, level)
    wander = wander.copy()
    known = np.isfinite(calm[:, -days.shape[1] :])
    wander[(known.sum(axis=1) < ENOUGH) | ~known[:, -WEEK:].any(axis=1)] = np.nan
    change, score, beats = np.zeros((3, len(calm)))
    nearest = np.abs(np.log(wander / noise)[:, None] - np.log(BY_DAYS)).argmin(axis=1)
    for place, by_days in enumerate(BY_DAYS):
        here = np.flatnonzero((nearest == place) & np.isfinite(wander))
        shapes, size = _shapes(float(by_days), days.shape[1])
        told = days[here] @ shapes / noise[here, None]
        slides, steps = np.abs(told[:, : len(size)]), np.abs(told[:, len(size) :])
        best = slides.argmax(axis=1)
        score[here] = slides.max(axis=1)
        change[here] = told[np.arange(len(here)), best] * noise[here] / size[best]
        beats[here] = score[here] ** 2 - steps.max(axis=1) ** 2
    return Drift(change, score, beats, noise, wander)


@cache
def _shapes(wander: float, days: int) -> tuple[Floats, Floats]:
    """[day, shape] that turn `days` into scores of slides, then steps; the size of each slide.

    `wander` is that of the level by the noise of days, of which scores are multiples.
    """
    day = np.arange(days)
    ends = [(day[-1] - ago, length) for ago in AGO for length in LENGTHS]
    slides = [np.clip((day - end + length) / length, 0, 1) for end, length in ends]
    steps = [(day >= first) * 1.0 for first in day[3:-2]]
    alike = np.exp(-np.abs(day[:, None] - day) / FORGETS)
    root = np.linalg.cholesky(np.eye(days) + wander**2 * alike)
    level, *shapes = np.linalg.solve(root, np.array([np.ones(days), *slides, *steps]).T).T
    apart = np.array(shapes) - np.outer(shapes @ level, level) / (level @ level)
    size = np.sqrt((apart**2).sum(axis=1))
    return np.linalg.solve(root.T, (apart / size[:, None]).T), size[: len(slides)]


def _tidy(calm: Floats, *, as_they_are: bool) -> tuple[Floats, Floats]:
    """[series, week]: the mean of its days, odd ones drawn in (Huber, 1964), NaN of too few days.

    [series, day]: the days of the window, what is missing of a week as its level.
    """
    by_week = weeks(calm)
    middle = median(by_week)[..., None]
    away = by_week - middle
    sigma = MAD_TO_SIGMA * median(np.abs(away).reshape(len(calm), by_week.shape[1] * WEEK))
    near = ODD * sigma[:, None, None]
    drawn = np.clip(away, -near, near)
    there = np.isfinite(drawn).sum(axis=-1)
    mean = np.nansum(drawn, axis=-1) / np.maximum(there, 1)
    level = np.where(there >= MIN_DAYS, middle[..., 0] + mean, np.nan)
    days = by_week[:, -WINDOW:] if as_they_are else (drawn + middle)[:, -WINDOW:]
    window = level[:, -WINDOW:]
    days = np.where(np.isfinite(days) & np.isfinite(window)[..., None], days, _filled(window))
    return level, days.reshape(len(calm), window.shape[1] * WEEK)


def _filled(level: Floats) -> Floats:
    """[series, week, 1]: a week that is not known is as the one before, or else the one after."""
    filled = level.copy()
    count = level.shape[1]
    for week, other in [(n, n - 1) for n in range(1, count)] + [
        (n, n + 1) for n in reversed(range(count - 1))
    ]:
        filled[:, week] = np.where(np.isnan(filled[:, week]), filled[:, other], filled[:, week])
    return filled[..., None]


def _unrest(calm: Floats, level: Floats) -> tuple[Floats, Floats]:
    """[series]: standard deviation of days, and of a level by itself; NaN: too little is known.

    The latter is read from how much months changed, beyond what the noise of days makes of them.
    """
    apart = np.abs(np.diff(calm[:, -2 * MONTH :], axis=1))
    noise = np.maximum(MAD_TO_SIGMA * median(apart) / np.sqrt(2), EVEN)
    changes = np.lib.stride_tricks.sliding_window_view(level, WEEKS, axis=1) @ CONTRAST
    changes = changes[:, : -WEEKS // 2]
    months = np.isfinite(changes).sum(axis=1)
    own = (MAD_TO_SIGMA * median(np.abs(changes))) ** 2
    usual = np.nan_to_num(median(own))
    alone = months / 2  # months that overlap by half tell little more than one of them
    mixed = (alone * np.nan_to_num(own) + PRIOR_MONTHS * usual) / (alone + PRIOR_MONTHS)
    beyond = (mixed - noise**2 * (CONTRAST @ CONTRAST) / WEEK) / OF_WANDER
    least = np.maximum(RESTLESS * noise, STILL)
    wander = np.sqrt(np.maximum(beyond, least**2))
    return noise, np.where(months >= HISTORY, wander, np.nan)


def _finding(rows: Rows, ratio: Ratios, drift: Drift, row: int, money: Floats) -> Finding:
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
        impact=abs(np.expm1(-change)) / 2 * month * float(money[row]),
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
