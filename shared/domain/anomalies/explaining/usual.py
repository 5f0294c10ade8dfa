"""What is usual for a day: the medians of the same weekday over the four weeks before a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite

import numpy as np

from shared.domain.anomalies.detection.medians import Bools, Floats, median
from shared.domain.anomalies.finding import Finding
from shared.domain.anomalies.panel import Panel
from shared.domain.semantics import METRICS, STORED_METRICS

LOOKBACK = 28  # days, each weekday four times
Daily = Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Change:
    """A metric over some days, and what is usual for them; None over a zero denominator.

    Either may be negative: revenue is where more was paid back than earned.
    """

    metric: str
    current_value: float | None
    baseline_value: float | None

    @property
    def deviation(self) -> float | None:
        """0.25 is +25 %, below −1 is below zero; None without both values or a usual above zero."""
        now, usual = self.current_value, self.baseline_value
        if now is None or usual is None or usual <= 0:
            return None
        return _finite(now / usual - 1)

    @property
    def deviation_pct(self) -> float | None:
        """The same in percent."""
        return None if self.deviation is None else round(100 * self.deviation, 2)


@dataclass(frozen=True, slots=True)
class Totals:
    """The stored columns summed over the same days, as they were and as is usual for them."""

    current: Mapping[str, float]
    usual: Mapping[str, float]

    def change(self, metric: str) -> Change:
        """A metric as the ratio of its sums."""
        return Change(metric, value(metric, self.current), value(metric, self.usual))


def value(metric: str, sums: Mapping[str, float]) -> float | None:
    """A metric of sums; None where it is undefined."""
    wanted = METRICS[metric]
    above, below = sums[wanted.numerator], sums[wanted.denominator] if wanted.denominator else 1.0
    return _finite(float(wanted.scale * above / below)) if below else None


def _finite(number: float) -> float | None:
    return number if isfinite(number) else None


def rows_of(panel: Panel, finding: Finding) -> list[int]:
    """The rows a finding is about: its campaign's, or all of its channel."""
    key = finding.key
    return [
        row
        for row, channel in enumerate(panel.channels)
        if channel == key.channel and key.campaign_id in (None, panel.campaign_ids[row])
    ]


def span_of(panel: Panel, finding: Finding) -> tuple[int, int]:
    """The finding's days as columns of the panel: the first, and the one after the last."""
    return _column(panel, finding.start), _column(panel, finding.end) + 1


def _column(panel: Panel, day: date) -> int:
    return min(max((day - panel.first_day).days, 0), panel.days - 1)


def each(panel: Panel, rows: list[int]) -> Daily:
    """The stored columns of some rows, [row, day]; NaN without data or on an unfinished day.

    A campaign that has no row on a day on which others of its channel do had nothing, once begun.
    """
    unfinished = panel.unfinished[rows]
    there = np.isfinite([panel.values[c][rows] for c in STORED_METRICS]).max(axis=0)
    begun = np.logical_or.accumulate(there, axis=1)
    silent = begun & ~there & there.max(axis=0, initial=False)
    values = ((c, np.where(silent, 0.0, panel.values[c][rows])) for c in STORED_METRICS)
    return {c: np.where(unfinished, np.nan, v) for c, v in values}


def together(panel: Panel, rows: list[int]) -> Daily:
    """The stored columns summed over some rows, [day]; NaN on days on which none has data."""
    return {c: _sum(v) for c, v in each(panel, rows).items()}


def _sum(values: Floats) -> Floats:
    known = np.isfinite(values).max(axis=0, initial=False)
    return np.where(known, np.nansum(values, axis=0), np.nan)


def same_weekdays(values: Floats, first: int, day: int) -> Floats:
    """What was on the weekday of `day` in the four weeks before the column `first`: [..., week]."""
    return values[..., [c for c in range(max(first - LOOKBACK, 0), first) if (day - c) % 7 == 0]]


def medians(values: Floats, first: int, last: int) -> Floats:
    """What is usual for the columns from `first` to before `last`; NaN where nothing is known."""
    week = [usual_on(values, first, day) for day in range(first, min(first + 7, last))]
    return np.stack([week[n % 7] for n in range(last - first)], axis=-1)


def usual_on(values: Floats, first: int, day: int) -> Floats:
    """What is usual for one column: [...]."""
    before = same_weekdays(values, first, day)
    return median(before) if before.shape[-1] else np.full(before.shape[:-1], np.nan)


def totals_of(panel: Panel, finding: Finding) -> Totals:
    """The finding's own series over its days, those without data or without a past left out."""
    first, last = span_of(panel, finding)
    rows = rows_of(panel, finding)
    current = {c: values[first:last] for c, values in together(panel, rows).items()}
    usual = _usual_together(panel, rows, (first, last))
    judged = np.isfinite([*current.values(), *usual.values()]).min(axis=0)
    return Totals(_sums(current, judged), _sums(usual, judged))


def usual_of_each(panel: Panel, rows: list[int], span: tuple[int, int]) -> Daily:
    """What is usual for some rows one by one, [row, day of the span].

    NaN where nothing is known, and after the planned end of a campaign that did end.
    """
    first, last = span
    came = np.isfinite(panel.values["spend"][rows, first:last])
    over = (np.arange(first, last) > panel.ends[rows][:, None]) & ~came
    known = each(panel, rows).items()
    return {c: np.where(over, np.nan, medians(v, first, last)) for c, v in known}


def _usual_together(panel: Panel, rows: list[int], span: tuple[int, int]) -> Daily:
    """What is usual for some rows together, [day of the span].

    The sum is the steadier one to take a median of. A campaign that began within the four weeks or
    ends within the span is looked at by itself: what was usual without it is not what to expect.
    """
    first, last = span
    begun = np.isfinite(panel.values["spend"][:, : max(first - LOOKBACK, 0) + 7]).max(axis=1)
    settled = [r for r in rows if begun[r] and panel.ends[r] >= last - 1]
    others = usual_of_each(panel, [r for r in rows if r not in settled], span)
    sums = together(panel, settled) if settled else {}
    return {
        c: _sum(np.vstack([v, medians(sums[c], first, last)]) if settled else v)
        for c, v in others.items()
    }


def _sums(columns: Daily, judged: Bools) -> dict[str, float]:
    some = bool(judged.any())
    return {c: float(v[judged].sum()) if some else float("nan") for c, v in columns.items()}
