"""A finding as a small Vega-Lite chart: eight weeks, what is usual, and the days that are not."""

from __future__ import annotations

from typing import Any

import numpy as np

from shared.domain.anomalies.finding import Finding
from shared.domain.anomalies.panel import Panel
from shared.domain.anomalies.usual import (
    LOOKBACK,
    Daily,
    rows_of,
    same_weekdays,
    span_of,
    together,
    usual_on,
    value,
)
from shared.domain.query.vega import FORMATS, SCHEMA
from shared.domain.semantics import METRICS, STORED_METRICS
from shared.domain.wording import capital, label

SHOWN = 56  # days
MOST_SHOWN = 70  # when the finding began earlier
DECIMALS = 6
# Of a middle lightness: three times as light as a dark page and three times as dark as a white one.
LINE, UNUSUAL = "#4c78a8", "#e45756"

Row = dict[str, Any]


def picture_of(panel: Panel, finding: Finding, words: tuple[str, str, str]) -> dict[str, Any]:
    """The specification; `words` are its title, its description (alt text) and the currency.

    Its rows: date, value, usual, low and high (the least and the most of that weekday in the four
    weeks before), unusual (the value again on the finding's days). What is undefined is null.
    """
    title, description, currency = words
    metric = finding.key.metric
    called = capital(label(metric))
    unit = METRICS[metric].unit
    y = {
        "type": "quantitative",
        "title": f"{called} ({currency})" if unit == "money" else called,
        "axis": {"format": FORMATS[unit]},
        "scale": {"zero": METRICS[metric].denominator is None},
    }
    return {
        "$schema": SCHEMA,
        "title": title,
        "description": description,
        "width": "container",
        "height": 200,
        "data": {"values": _rows(panel, finding)},
        "encoding": {"x": _X},
        "layer": _layers(y, FORMATS[unit], called),
    }


# In UTC: a calendar day must not move with the reader's time zone.
_X = {
    "field": "date",
    "type": "temporal",
    "timeUnit": "utcyearmonthdate",
    "title": None,
    "axis": {"format": "%e %b"},
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
    week = [_usual(metric, series, values, (first, first + n)) for n in range(7)]
    rows = []
    for day in range(begin, panel.days):
        row: Row = {"date": panel.day(day).isoformat(), "value": values[day]}
        row |= dict.fromkeys(("usual", "low", "high"))
        if day >= first - LOOKBACK:
            row |= week[(day - first) % 7]
        row["unusual"] = values[day] if first <= day < last else None
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


def _short(shown: float | None) -> float | None:
    return None if shown is None else round(shown, DECIMALS)
