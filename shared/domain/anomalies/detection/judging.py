"""Which rows deviate today: significant, large enough to matter, and worth money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from shared.domain.anomalies.detection.drivers import TABLE, counts
from shared.domain.anomalies.detection.evidence import Evidence
from shared.domain.anomalies.detection.medians import Bools, Days, Floats
from shared.domain.anomalies.detection.rows import MONTH, Rows
from shared.domain.anomalies.finding import Rules

FALSE_A_DAY = 0.0002  # how many false findings chance may make in one project a day
TAIL = 0.45  # how much further out a restless series goes than a normal one
LEAN = 1.0  # standard deviations that a change must be larger than the warning band
STAYING = 0.5  # of what it takes to be found is enough to stay found on the next day
MIN_COUNTS = 8.0
TOGETHER = 7  # days that are taken together
EACH = 1.0  # standard deviations that each of these days must show, beside the warning band
PART = 0.8  # of the warning band that each of several days must show
LATER = 1.3  # standard deviations more where a second look is taken
FLOOR = 0.0015  # of the project's revenue a day is what a change must be worth,
FLOOR_OF_SPEND = 0.006  # and one of spend of its spend


@dataclass(frozen=True, slots=True)
class Verdict:
    """Rows that deviate today: `days` [row] since when (0: not), `money` [row] what it is worth."""

    evidence: Evidence
    days: Days
    money: Floats


def judge(rows: Rows, evidence: Evidence, rules: Rules) -> Verdict:
    """Find the rows that deviate today and since when they have done so.

    The needed score grows with the number of series tested, which bounds false findings (as
    Bonferroni); a deviation found earlier stays with less.
    """
    money = np.abs(evidence.observed - evidence.expected) * worth(rows, evidence.metric)[:, None]
    tested = rows.judged & np.isfinite(evidence.score[:, -1])
    band = rows.warning(rules, evidence.metric)
    may = np.flatnonzero(tested & (np.abs(evidence.effect[:, -1]) >= STAYING * band))
    needed = _needed(int(tested.sum())) * _raised(rows, rules, evidence)[may]
    some, band = evidence.of(may), band[may, None]
    strong = _strong(some, needed, band) & (money[may] >= money_floor(rows, evidence.metric))
    weak = np.abs(some.score) >= STAYING * needed * _tail(some, 1)
    weak &= np.abs(some.effect) >= STAYING * band
    days = np.zeros(len(tested), dtype=np.int64)
    days[may] = _since(strong, weak, np.sign(some.effect))
    return Verdict(evidence, days, money)


def _strong(evidence: Evidence, needed: Floats, band: Floats) -> Bools:
    """[row, day]: far outside chance and large, alone or together with the days before."""
    strong = np.zeros(needed.shape, dtype=np.bool_)
    together = zip(_means(evidence.score), _means(evidence.effect), _least(evidence), strict=True)
    for days, (mean, size, least) in enumerate(together, 1):
        score = np.abs(mean) * np.sqrt(days)
        lean = LEAN * evidence.sigma / np.sqrt(days)
        hurdle = needed * _tail(evidence, days) + LATER * (days > 1)
        enough = (score >= hurdle) & (np.abs(size) >= band + lean)
        each = PART * band if days > 1 else band
        strong |= enough & (least >= np.maximum(each, EACH * evidence.sigma))
    if evidence.metric != "spend":
        drawn = counts(evidence.metric, evidence.expected, evidence.exposure)
        strong &= np.maximum(drawn, drawn * np.exp(evidence.effect)) >= MIN_COUNTS
    return strong


def _means(values: Floats) -> Iterator[Floats]:
    """[row, day]: the mean of a day alone, of it and the one before, and so on; NaN with a gap."""
    sums = values.copy()
    yield sums
    for back in range(1, TOGETHER):
        sums[:, back:] += values[:, :-back]
        sums[:, :back] = np.nan
        yield sums / (back + 1)


def _least(evidence: Evidence) -> Iterator[Floats]:
    """[row, day]: the smallest effect of these days, in the last day's own direction."""
    effect = evidence.effect
    least = np.abs(effect)
    yield least
    for back in range(1, TOGETHER):
        before = np.sign(effect[:, back:]) * effect[:, :-back]
        least[:, back:] = np.minimum(least[:, back:], before)
        yield least


def _needed(tested: int) -> float:
    """Standard deviations that chance exceeds in FALSE_A_DAY of days in any of the tests."""
    return NormalDist().inv_cdf(1 - FALSE_A_DAY / 2 / max(tested, 1))


def _tail(evidence: Evidence, days: int) -> Floats:
    """How much further out chance goes than a normal; not where it counts, less over days."""
    share: Floats = (evidence.spread / evidence.sigma) ** 2
    result: Floats = 1 + TAIL / np.sqrt(days) * share
    return result


def worth(rows: Rows, metric: str) -> Floats:
    """[row]: money that one more of what is counted brings, as revenue (without: spend)."""
    values = rows.panel.values
    if metric in ("spend", "revenue"):
        return np.ones(len(rows.judged))
    total = TABLE[metric].total
    month = slice(-MONTH - 1, None)
    revenue, spend, number = (
        rows.with_channels(np.nansum(values[name][:, month], axis=1))
        for name in ("revenue", "spend", total)
    )
    return np.where(revenue > 0, revenue, spend) / np.maximum(number, 1.0)


def money_floor(rows: Rows, metric: str) -> float:
    """What a day's change must be worth: a share of what the whole project spends or earns."""
    values = rows.panel.values
    spend, revenue = (
        float(np.nansum(values[name][:, -MONTH - 1 : -1])) / MONTH for name in ("spend", "revenue")
    )
    return FLOOR_OF_SPEND * spend if metric == "spend" or not revenue else FLOOR * revenue


def _raised(rows: Rows, rules: Rules, evidence: Evidence) -> Floats:
    factor = np.ones(evidence.score.shape)
    place = {rows.named(row): row for row in range(len(factor))} if rules.raised else {}
    for key, times in rules.raised.items():
        row = place.get((key.channel, key.campaign_id))
        if row is not None and key.metric == evidence.metric:
            same = (evidence.effect[row] > 0) == (key.direction == "spike")
            factor[row, same] = times
    return factor


def _since(strong: Bools, weak: Bools, sign: Floats) -> Days:
    """[row]: how many days on end, today the last, a deviation has lasted that was found once."""
    alive = weak[:, -1] | strong[:, -1]
    found = np.zeros_like(alive)
    days = np.zeros(len(alive), dtype=np.int64)
    for back in range(1, strong.shape[1] + 1):
        alive = alive & (weak | strong)[:, -back] & (sign[:, -back] == sign[:, -1])
        found |= alive & strong[:, -back]
        days += alive
    return np.where(found, days, 0)
