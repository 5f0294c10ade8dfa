"""What stands between a score and an alert, for detectors that bring no such layer of their own.

Bare, a detector gets the logarithm of each metric and reports what is above its threshold. Behind
the layer it gets these without the movement that all campaigns share (demand, promotions, an early
load, conversions that are still to come), and is heard only on series that are large enough, run
and have run for three weeks, on finished days that are no holiday, and on changes of a fifth.
The layer also tells missing rows and stopped spend by their own rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from shared.domain.anomalies.finding import Finding, Rules, SeriesKey
from tests.bench.anomalies.calm import DRIVERS
from tests.bench.anomalies.plain import deviations
from tests.bench.anomalies.truth import JUDGED, STORED, Project, history

if TYPE_CHECKING:
    from shared.domain.anomalies.finding import Kind
    from shared.domain.anomalies.panel import Bools, Floats, Panel

WINDOW = 84
VOLUME = (30.0, 300.0, 20.0, 4.0, 4.0)  # a day: spend, impressions, clicks, conversions twice
LEAST = np.log(1.2)  # the least change worth telling
SETTLING = 21  # days after its first row in which a campaign is left alone
CONVERTING, LOST = 3, -0.9  # conversions that all campaigns lose beyond this are no demand
HABIT = 56  # days in which a campaign that now and then lacks a row shows it
NOTICED = 60.0  # spend a day whose end is an alert
FORGOTTEN = 10  # days after which a stopped campaign is no news


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """What detectors score: `x` [scan, metric, series, day], by the names of the series.

    `allowed` and `plain` (the plain rule's deviation) are [scan, metric, series]; `ruled` is what
    the layer finds by itself.
    """

    owners: tuple[tuple[str, str | None], ...]
    x: Floats
    allowed: Bools
    plain: Floats
    ruled: tuple[tuple[int, Finding], ...]


def prepare(project: Project, *, layered: bool) -> Prepared:
    """Every scan of a project, as detectors get it."""
    owners: tuple[tuple[str, str | None], ...] = (
        *zip(project.channels, project.campaign_ids, strict=True),
        *((name, None) for name in sorted(set(project.channels))),
    )
    place = {owner: n for n, owner in enumerate(owners)}
    shape = (len(JUDGED), len(DRIVERS), len(owners))
    x = np.full((*shape, WINDOW), np.nan)
    allowed, plain = np.zeros(shape, dtype=np.bool_), np.zeros(shape)
    ruled: list[tuple[int, Finding]] = []
    for scan, day in enumerate(JUDGED):
        panel, rules = history(project, day), project.rules()
        names, own, away, _, _ = deviations(panel)
        rows = [place[owner] for owner in own]
        plain[scan][:, rows] = np.nan_to_num(away[[names.index(name) for name in DRIVERS]])
        sums = _sums(panel)
        logs = _logs(sums, layered=layered)
        if layered:
            logs = logs - _shared(logs, _large(sums), len(panel.channels))
            allowed[scan][:, rows] = _worth(panel, rules, sums, logs)
            ruled += [(day, finding) for finding in _gaps(panel)]
        else:
            allowed[scan] = True
        x[scan][:, rows, -min(WINDOW, day + 1) :] = logs[..., -WINDOW:]
    return Prepared(owners, x, allowed, plain, tuple(ruled))


def _sums(panel: Panel) -> Floats:
    """[stored, series, day] of campaigns, then channels; NaN without any row."""
    own = np.stack([panel.values[name] for name in STORED])
    names = np.array(panel.channels)
    whole = []
    for channel in sorted(set(panel.channels)):
        rows = own[:, names == channel]
        whole.append(np.where(np.isnan(rows).all(axis=1), np.nan, np.nansum(rows, axis=1)))
    return np.concatenate([own, np.stack(whole, axis=1)], axis=1)


def _logs(sums: Floats, *, layered: bool) -> Floats:
    """[metric, series, day]; bare, a day without rows is one of nearly nothing."""
    spend, impressions, clicks, orders, revenue = sums
    paid = np.nanmax(np.nan_to_num(spend), axis=1, keepdims=True) > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.stack(
            [
                np.log(np.where(paid, spend, np.nan)),
                np.log(impressions) - np.where(paid, np.log(spend), 0),
                np.log((clicks + 0.5) / (impressions + 1)),
                np.log((orders + 0.5) / (clicks + 1)),
                np.log(revenue / orders),
            ]
        )
    logs[~np.isfinite(logs)] = np.nan
    if not layered:
        began = np.cumsum(np.nan_to_num(spend) > 0, axis=1) > 0
        gone = began & (np.nan_to_num(spend) == 0) & paid
        logs[0][gone] = np.log(0.01 * np.nanmax(spend))
    return logs


def _large(sums: Floats) -> Bools:
    """[metric, series]: enough a day over four weeks."""
    spend, impressions, clicks, orders, _ = np.nan_to_num(sums[..., -29:-1]).mean(axis=2)
    volumes = (spend, impressions, clicks, orders, orders)
    return np.stack([volume >= least for volume, least in zip(volumes, VOLUME, strict=True)])


def _away(logs: Floats) -> Floats:
    """[metric, series, day − 28]: what a day is away from the four same weekdays before it."""
    days = logs.shape[-1]
    before = np.sort(np.stack([logs[..., 28 - 7 * k : days - 7 * k] for k in range(1, 5)]), axis=0)
    known = np.isfinite(before).sum(axis=0)  # NaN sorts last
    low = np.take_along_axis(before, np.maximum((known - 1) // 2, 0)[None], axis=0)[0]
    high = np.take_along_axis(before, np.minimum(known // 2, 3)[None], axis=0)[0]
    result: Floats = logs[..., 28:] - np.where(known > 1, (low + high) / 2, low)
    return result


def _shared(logs: Floats, large: Bools, campaigns: int) -> Floats:
    """[metric, 1, day]: the median movement of campaigns that are large enough to show it."""
    shared = np.zeros((logs.shape[0], 1, logs.shape[-1]))
    away = _away(logs[:, :campaigns])
    for metric in range(len(shared)):
        seen = away[metric][large[metric, :campaigns]]
        enough = np.isfinite(seen).sum(axis=0) >= 4
        middle = np.zeros(seen.shape[1])
        middle[enough] = np.nanmedian(seen[:, enough], axis=0)
        lost = (middle < LOST) & (metric == CONVERTING)
        shared[metric, 0, 28:] = np.where(lost, 0, middle)
    return shared


def _worth(panel: Panel, rules: Rules, sums: Floats, logs: Floats) -> Bools:
    """[metric, series]: whether an alert of today would be heard."""
    today = panel.days - 1
    count = len(panel.channels)
    running = np.ones(sums.shape[1], dtype=np.bool_)
    running[:count] = (panel.starts <= today) & (today <= panel.ends)
    running[:count] &= ~panel.unfinished[:, -1]
    for n, channel in enumerate(sorted(set(panel.channels))):
        running[count + n] = not panel.unfinished[np.array(panel.channels) == channel, -1].any()
    rows = np.isfinite(sums[0])
    settled = rows[:, :-SETTLING].any(axis=1)
    holiday = panel.last_day in rules.holidays
    changed = np.abs(np.nan_to_num(_away(logs[..., -29:])[..., -1])) >= LEAST
    large = _large(sums)
    large[0] |= ~np.isfinite(logs[0]).any(axis=1)
    result: Bools = large & changed & (running & settled)[None, :] & (not holiday)
    return result


def _gaps(panel: Panel) -> Iterator[Finding]:
    """Channels whose usual rows are missing, campaigns that stopped although they should run."""
    spend = panel.values["spend"]
    rows = np.isfinite(spend)
    if not rows[:, -1].any():
        return
    usual = rows[:, [-8, -15, -22, -29]].sum(axis=1) >= 3
    names, today = np.array(panel.channels), panel.days - 1
    spent = np.nan_to_num(spend) > 0
    silent = ~spent[:, -FORGOTTEN:].any(axis=1)
    whole = np.stack([rows[names == name].any(axis=0) for name in names])
    lacks = (whole & ~spent)[:, -HABIT:-FORGOTTEN].any(axis=1) | ~spent[:, -HABIT:].any(axis=1)
    planned = (panel.starts <= today) & (today <= panel.ends)
    large = np.nan_to_num(spend[:, -29:-1]).mean(axis=1) >= NOTICED
    stopped = planned & large & ~silent & ~lacks & ~spent[:, -1]
    for channel in sorted(set(panel.channels)):
        inside = names == channel
        if usual[inside].any() and not rows[inside, -1].any():
            yield _finding(panel, SeriesKey(channel, None, "spend", "drop"), "missing_data")
            continue
        for row in np.flatnonzero(inside & stopped):
            key = SeriesKey(channel, panel.campaign_ids[row], "spend", "drop")
            yield _finding(panel, key, "zero_spend")


def _finding(panel: Panel, key: SeriesKey, kind: Kind) -> Finding:
    day = panel.last_day
    return Finding(key, kind, day, day, None, None, -1.0, 0.0, 99.0)
