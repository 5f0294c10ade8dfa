"""The week as a chart: its main metric by day, beside what is usual on that weekday."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import floor, log10
from typing import Any, Final

from shared.domain.formats import Formats
from shared.domain.query.vega import SCHEMA
from shared.domain.semantics import METRICS
from shared.domain.summaries.facts import Day, Facts
from shared.domain.wording import capital, label

# Of a middle lightness: at least three times as light as a dark page and three times as dark as a
# white one; what is read, four times.
BAR: Final = "#4c78a8"
USUAL: Final = "#c8741a"
INK: Final = "#7e8084"
KEY: Final = "Bars: this week. Lines: usual on that weekday."
HEIGHT: Final = 220
STEPS: Final = 4  # of the axis, about
FLAT: Final = 1e-6  # what spans less is drawn as zeros are: no text shows it
HIGHEST: Final = 1e15  # what reaches beyond is not drawn; nor is what is no number

_UNITS = ((1e9, "billion"), (1e6, "million"), (1.0, ""))
_UNIT_FROM = 5  # 5,000,000 is 5 million

_TEXT = {"labelFontSize": 16, "labelColor": INK, "labelFont": "Arial, sans-serif"}
_QUIET = {"domain": False, "ticks": False, "title": None, "labelPadding": 8}

Row = dict[str, Any]


def heading(facts: Facts) -> str:
    """Revenue by day, in million JPY."""
    money = facts.currency if METRICS[facts.main].unit == "money" else ""
    unit = " ".join(word for word in (_unit(_steps(facts.days))[1], money) if word)
    return f"{capital(label(facts.main))} by day{f', in {unit}' if unit else ''}"


def described(facts: Facts, locale: str | None) -> str:
    """The chart in words (alt text), each day with its figures."""
    formats = Formats(locale, facts.currency)
    days = "; ".join(_told(day, formats, facts.main) for day in facts.days)
    span = formats.days(facts.start, facts.end)
    return (
        f"{capital(label(facts.main))} by day, {span}, and what is usual on that weekday: {days}."
    )


def chart_of(facts: Facts, locale: str | None) -> dict[str, Any] | None:
    """The Vega-Lite specification, as wide as its page; None where there is nothing to draw.

    Its rows: day (as shown), date, value, usual (None: no bar, no line), shown and shown_usual (as
    the reader writes them). Numbers are written here, so that they look the same wherever it is
    drawn, and nothing in it depends on a time zone.
    """
    drawable = all(map(_drawable, _values(facts.days)))
    if not (rows := rows_of(facts, locale) if drawable else []):
        return None
    formats = Formats(locale, facts.currency)
    steps = _steps(facts.days)
    y = {
        "type": "quantitative",
        "scale": {"domain": [steps[0], steps[-1]], "nice": False},
        "axis": _value_axis(steps, formats),
    }
    return {
        "$schema": SCHEMA,
        "title": {"text": heading(facts), "subtitle": KEY, "anchor": "start"},
        "description": described(facts, locale),
        "width": "container",
        "height": HEIGHT,
        "background": "transparent",
        "config": {"view": {"stroke": None}},
        "data": {"values": rows},
        "encoding": {"x": _x([_name(day) for day in facts.days])},
        "layer": _layers(y),
    }


def _x(days: Sequence[str]) -> Row:
    return {
        "field": "day",
        "type": "ordinal",
        "scale": {"domain": list(days), "paddingInner": 0.3, "paddingOuter": 0.1},
        "axis": {**_TEXT, **_QUIET, "labelAngle": 0},
    }


def _layers(y: Row) -> list[Row]:
    tooltip = [
        {"field": "day", "type": "nominal", "title": "Day"},
        {"field": "shown", "type": "nominal", "title": "This week"},
        {"field": "shown_usual", "type": "nominal", "title": "Usual"},
    ]
    return [
        {
            "mark": {"type": "bar", "color": BAR, "cornerRadiusEnd": 3},
            "encoding": {"y": {**y, "field": "value"}, "tooltip": tooltip},
        },
        {
            "transform": [{"filter": "datum.value === null"}],
            "mark": {"type": "text", "text": "no data", "baseline": "bottom"}
            | {"fontSize": 14, "color": INK, "font": "Arial, sans-serif"},
            "encoding": {"y": {"value": HEIGHT - 6}},
        },
        {
            "mark": {"type": "tick", "color": USUAL, "thickness": 3, "width": {"band": 1.2}}
            | {"opacity": 1, "cornerRadius": 1.5},
            "encoding": {"y": {**y, "field": "usual"}, "tooltip": tooltip},
        },
    ]


def _value_axis(steps: Sequence[float], formats: Formats) -> Row:
    unit, _ = _unit(steps)
    decimals = max(0, 1 - floor(log10((steps[1] - steps[0]) / unit)))
    # The fonts of a machine without any know no narrow space.
    names = [formats.number(step / unit, decimals).replace("\u202f", "\u00a0") for step in steps]
    return {
        **_TEXT,
        **_QUIET,
        "values": list(steps),
        "labelExpr": f"{json.dumps(names)}[indexof({json.dumps(list(steps))}, datum.value)]",
        "gridColor": INK,
        "gridOpacity": 0.4,
    }


def _unit(steps: Sequence[float]) -> tuple[float, str]:
    """What the axis counts in."""
    most = max(-steps[0], steps[-1])
    return next(one for one in _UNITS if most >= one[0] * _UNIT_FROM or one[0] == 1)


def _steps(days: Sequence[Day]) -> list[float]:
    """Round values from the least to the most that is drawn, zero among them."""
    drawn = [0.0, *filter(_drawable, _values(days))]
    low, high = min(drawn), max(drawn)
    step = _round((high - low) / STEPS if high - low >= FLAT else 1.0)
    first, last = floor(low / step), -floor(-high / step)
    return [round(n * step, 9) for n in range(first, max(last, first + 1) + 1)]


def _values(days: Sequence[Day]) -> list[float]:
    return [v for day in days for v in (day.value, day.usual) if v is not None]


def _drawable(value: float) -> bool:
    """Whether an axis can be drawn that reaches as far."""
    return abs(value) <= HIGHEST


def _round(step: float) -> float:
    """1, 2, 2.5 or 5 times a power of ten: the next from here on."""
    power = 10.0 ** floor(log10(step))
    return next(n for n in (1.0, 2.0, 2.5, 5.0, 10.0) if n * power >= step * (1 - 1e-9)) * power


def _name(day: Day) -> str:
    return f"{day.day:%a} {day.day.day}"


def rows_of(facts: Facts, locale: str | None) -> list[Row]:
    """What is drawn, a row a day; none where there is nothing to draw."""
    if all(day.value is None for day in facts.days):
        return []
    formats = Formats(locale, facts.currency)
    return [_row(day, formats, facts.main) for day in facts.days]


def _row(day: Day, formats: Formats, metric: str) -> Row:
    return {
        "day": _name(day),
        "date": day.day.isoformat(),
        "value": day.value,
        "usual": day.usual,
        "shown": "no data" if day.value is None else formats.told(metric, day.value),
        "shown_usual": formats.told(metric, day.usual),
    }


def _told(day: Day, formats: Formats, metric: str) -> str:
    name = f"{day.day:%A}"
    if day.value is None:
        return f"{name} no data"
    usual = f" (usual {formats.told(metric, day.usual)})" if day.usual is not None else ""
    return f"{name} {formats.told(metric, day.value)}{usual}"
