"""A finding as a small Vega-Lite chart: eight weeks, what is usual, and the days that are not."""

from __future__ import annotations

from math import isfinite
from statistics import fmean, median
from typing import Any

import numpy as np

from shared.domain.anomalies.explaining.usual import (
    LOOKBACK,
    Daily,
    rows_of,
    same_weekdays,
    span_of,
    together,
    usual_on,
    value,
)
from shared.domain.anomalies.finding import Finding
from shared.domain.anomalies.panel import Panel
from shared.domain.query.vega import FORMATS, SCHEMA
from shared.domain.semantics import METRICS, STORED_METRICS
from shared.domain.wording import capital, label

SHOWN = 56  # days
MOST_SHOWN = 70  # when the finding began earlier
DECIMALS = 6
# Of a middle lightness: three times as light as a dark page and three times as dark as a white one.
LINE, UNUSUAL = "#4c78a8", "#e45756"

# How a percentage is written whose middle value is at least this: a slide of 0.1 must be seen.
PERCENT = ((0.1, FORMATS["percent"]), (0.01, ".2%"), (0.0, ".3%"))

Row = dict[str, Any]


def picture_of(panel: Panel, finding: Finding, words: tuple[str, str, str]) -> dict[str, Any]:
    """The specification; `words` are its title, its description (alt text) and the currency.

    Its rows: date, value, usual, low and high (the least and the most of that weekday in the four
    weeks before), unusual (the value again on the finding's days), within (whether it is one of
    these days, with a value or without). What is undefined is null. On the finding's days usual is
    on average the finding's baseline, low and high in proportion; of a gradual one it is the
    baseline on every day, low and high those of any day.
    """
    title, description, currency = words
    metric = finding.key.metric
    called = capital(label(metric))
    unit = METRICS[metric].unit
    rows = _rows(panel, finding)
    shown = _format(unit, [row["value"] for row in rows])
    y = {
        "type": "quantitative",
        "title": f"{called} ({currency})" if unit == "money" else called,
        "axis": {"format": shown},
        "scale": {"zero": METRICS[metric].denominator is None},
    }
    return {
        "$schema": SCHEMA,
        "title": title,
        "description": description,
        "width": "container",
        "height": 200,
        "data": {"values": rows},
        "encoding": {"x": _X},
        "layer": [_SHADE, *_layers(y, shown, called)],
    }


def _format(unit: str, values: list[float | None]) -> str:
    if unit != "percent":
        return FORMATS[unit]
    middle = median([abs(v) for v in values if v] or [1.0])
    return next(shown for least, shown in PERCENT if middle >= least)


# In UTC: a calendar day must not move with the reader's time zone.
_X = {
    "field": "date",
    "type": "temporal",
    "timeUnit": "utcyearmonthdate",
    "bandPosition": 0.5,  # points stand in the middle of their day's shade
    "title": None,
    "axis": {"format": "%e %b"},
}

_SHADE = {
    "transform": [{"filter": "datum.within"}],
    "mark": {"type": "rect", "color": UNUSUAL, "opacity": 0.12},
    "encoding": {},
}


def _layers(y: Row, shown: str, called: str) -> list[Row]:
    tips = (("value", called), ("usual", "Usual"), ("low", "Least"), ("high", "Most"))
    tooltip = [
        {"field": "date", "type": "temporal", "timeUnit": "utcyearmonthdate", "title": "Day"},
        *({"field": f, "type": "quantitative", "format": shown, "title": t} for f, t in tips),
    ]
    band = {"y": {**y, "field": "low"}, "y2": {"field": "high"}}
    return [
        {"mark": {"type": "area", "color": LINE, "opacity": 0.2}, "encoding": band},
        {
            "mark": {"type": "line", "color": LINE, "strokeDash": [4, 3], "strokeWidth": 1},
            "encoding": {"y": {**y, "field": "usual"}},
        },
        {
            "mark": {"type": "line", "color": LINE, "point": {"color": LINE, "size": 12}},
            "encoding": {"y": {**y, "field": "value"}, "tooltip": tooltip},
        },
        {
            "mark": {"type": "point", "color": UNUSUAL, "filled": True, "opacity": 1, "size": 60},
            "encoding": {"y": {**y, "field": "unusual"}, "tooltip": tooltip},
        },
    ]


def _rows(panel: Panel, finding: Finding) -> list[Row]:
    """One a day; what is usual is known from four weeks before the finding on."""
    first, last = span_of(panel, finding)
    begin = max(min(panel.days - SHOWN, first - 14), panel.days - MOST_SHOWN, 0)
    series = together(panel, rows_of(panel, finding))
    metric = finding.key.metric
    values = [_value(metric, series, day) for day in range(panel.days)]
    if finding.kind == "gradual":
        before = found = _level(finding, values[max(first - LOOKBACK, 0) : first])
    else:
        before = [_usual(metric, series, values, (first, first + n)) for n in range(7)]
        found = _fitted(finding, before, values[first:last])
    rows = []
    for day in range(begin, panel.days):
        within = first <= day < last
        row: Row = {"date": panel.day(day).isoformat(), "value": values[day]}
        row |= dict.fromkeys(("usual", "low", "high"))
        if day >= first - LOOKBACK:
            row |= (found if within else before)[(day - first) % 7]
        row |= {"unusual": values[day] if within else None, "within": within}
        rows.append(row)
    return rows


def _value(metric: str, columns: Daily, at: int) -> float | None:
    return _short(value(metric, {c: float(columns[c][at]) for c in STORED_METRICS}))


def _usual(metric: str, series: Daily, values: list[float | None], at: tuple[int, int]) -> Row:
    first, day = at
    before = same_weekdays(np.array(values, dtype=float), first, day)
    before = before[np.isfinite(before)]
    if not before.size:
        return {}
    sums = {c: float(usual_on(v, first, day)) for c, v in series.items()}
    return {
        "usual": _short(value(metric, sums)),
        "low": float(before.min()),
        "high": float(before.max()),
    }


def _level(finding: Finding, before: list[float | None]) -> list[Row]:
    """The week of a slide: every day what was before it, of a sum a seventh of its week."""
    level: Row = {"usual": _daily(finding, 7)}
    known = [v for v in before if v is not None]
    return [level | ({"low": min(known), "high": max(known)} if known else {})] * 7


def _fitted(finding: Finding, week: list[Row], values: list[float | None]) -> list[Row]:
    """The week of what is usual, times what makes it the finding's baseline over its days.

    These are the days with a value; where rows are what is missing, all of them.
    """
    gap = finding.kind in ("zero_spend", "missing_data")
    judged = [n % 7 for n, v in enumerate(values) if gap or v is not None]
    daily = _daily(finding, len(judged))
    if daily is None:
        return week
    known = [week[n]["usual"] for n in judged if week[n].get("usual") is not None]
    mean = fmean(known) if known else 0.0
    if mean <= 0 or daily < 0 or not isfinite(daily / mean):
        return [{"usual": daily}] * 7
    return [{name: _short(v and v * daily / mean) for name, v in row.items()} for row in week]


def _daily(finding: Finding, days: int) -> float | None:
    """The finding's baseline on one of so many days."""
    ratio = METRICS[finding.key.metric].denominator is not None
    if finding.baseline is None or not (ratio or days):
        return None
    return _short(finding.baseline if ratio else finding.baseline / days)


def _short(shown: float | None) -> float | None:
    return None if shown is None else round(shown, DECIMALS)
