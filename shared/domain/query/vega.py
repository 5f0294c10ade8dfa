"""A chart as a complete Vega-Lite specification, its data inline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.domain.query.models import Chart
from shared.domain.query.result import INSTANTS, Result
from shared.domain.semantics import METRICS

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"  # names the grammar; never fetched
MOST_BARS = 30
MOST_POINTS = 2_000
MOST_DOTTED = 62
LONG_LABEL = 12
FORMATS = {"money": ",.2f", "count": ",d", "decimal": ",.1f", "percent": ".1%", "ratio": ".2f"}

# In UTC: a calendar day must not move with the reader's time zone.
STEPS = {
    "day": ("utcyearmonthdate", "%e %b %Y"),
    "week": ("utcyearmonthdate", "%e %b %Y"),
    "month": ("utcyearmonth", "%b %Y"),
    "quarter": ("utcyearquarter", "Q%q %Y"),
    "year": ("utcyear", "%Y"),
}

Encoding = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a specification needs besides the chart. `week` is the weekdays in order."""

    result: Result
    title: str
    currency: str
    grain: str = "day"
    week: tuple[str, ...] = ()


def vega_lite(chart: Chart, drawing: Drawing) -> dict[str, Any]:
    """The specification. A long table is drawn by its first rows, and the subtitle says so."""
    rows = drawing.result.rows[: MOST_BARS if chart.type in ("bar", "pie") else MOST_POINTS]
    cut = len(rows) < len(drawing.result.rows)
    names = drawing.result.names
    return {
        "$schema": SCHEMA,
        "title": {"text": drawing.title} | ({"subtitle": "The table's first rows"} if cut else {}),
        "width": "container",
        "data": {"values": [dict(zip(names, row, strict=True)) for row in rows]},
        **_BODIES[chart.type](chart, drawing),
    }


def _line(chart: Chart, drawing: Drawing) -> dict[str, Any]:
    body = _along(chart, drawing)
    body["mark"] = {"type": "line", "point": len(drawing.result.rows) <= MOST_DOTTED, **_TOOLTIP}
    return body


def _bar(chart: Chart, drawing: Drawing) -> dict[str, Any]:
    body = _along(chart, drawing)
    body["mark"] = {"type": "bar", **_TOOLTIP}
    encoding = body["encoding"]
    along = encoding["x"]
    if along["type"] == "temporal":
        along["type"] = "ordinal"  # steps, so that bars can stand beside each other
    if chart.x is not None and "color" in encoding:
        encoding["xOffset"] = {"field": encoding["color"]["field"], "type": "nominal"}
    if _are_long(chart, drawing):
        encoding["x"], encoding["y"] = encoding["y"], along
        if "xOffset" in encoding:
            encoding["yOffset"] = encoding.pop("xOffset")
    return body


def _are_long(chart: Chart, drawing: Drawing) -> bool:
    if chart.x in (None, "weekday") or _type_of(str(chart.x), drawing) in INSTANTS:
        return False
    return any(len(str(label)) > LONG_LABEL for label in drawing.result.values(str(chart.x)))


def _along(chart: Chart, drawing: Drawing) -> dict[str, Any]:
    """Values over x; the columns of a comparison are folded into one, told apart by name."""
    folded = isinstance(chart.series, list)
    field, series = ("value", "column") if folded else (_path(chart.y), chart.series)
    encoding: Encoding = {"y": {**_measure(chart.y, drawing), "field": field}}
    if chart.x is not None:
        encoding["x"] = _category(chart.x, drawing)
    elif folded:
        encoding["x"] = {"field": "column", "type": "nominal", "sort": None, "title": None}
    if series:
        title = None if folded else _title(str(series))
        encoding["color"] = {"field": _path(str(series)), "type": "nominal", "title": title}
    body: dict[str, Any] = {"encoding": encoding}
    if folded:
        body["transform"] = [{"fold": chart.series, "as": ["column", "value"]}]
    return body


def _pie(chart: Chart, drawing: Drawing) -> dict[str, Any]:
    theta = _measure(chart.y, drawing)
    color = _category(str(chart.x), drawing)
    theta.pop("axis", None)
    color.pop("axis", None)
    return {
        "mark": {"type": "arc", **_TOOLTIP},
        "encoding": {"theta": {**theta, "stack": True}, "color": color},
    }


def _scatter(chart: Chart, drawing: Drawing) -> dict[str, Any]:
    encoding = {"x": _measure(str(chart.x), drawing), "y": _measure(chart.y, drawing)}
    if isinstance(chart.series, str):
        encoding["color"] = _category(chart.series, drawing)
    return {"mark": {"type": "point", "filled": True, **_TOOLTIP}, "encoding": encoding}


_TOOLTIP = {"tooltip": True}
_BODIES = {"line": _line, "bar": _bar, "pie": _pie, "scatter": _scatter}


def _measure(column: str, drawing: Drawing) -> Encoding:
    name = next((m for m in METRICS if column in (m, f"{m}_previous", f"{m}_share")), None)
    axis: Encoding = {"field": _path(column), "type": "quantitative", "title": _title(column)}
    if name is None:
        return axis
    unit = "percent" if column.endswith("_share") else METRICS[name].unit
    if unit == "money":
        axis["title"] = f"{axis['title']} ({drawing.currency})"
    return {**axis, "axis": {"format": FORMATS[unit]}}


def _category(column: str, drawing: Drawing) -> Encoding:
    shared: Encoding = {"field": _path(column), "title": _title(column)}
    if _type_of(column, drawing) == "DATE":
        unit, shown = STEPS[drawing.grain]
        return {**shared, "type": "temporal", "timeUnit": unit, "axis": {"format": shown}}
    if _type_of(column, drawing) in INSTANTS:
        return {**shared, "type": "temporal"}
    week = list(drawing.week) if column == "weekday" and drawing.week else None
    return {**shared, "type": "nominal", "sort": week}


def _type_of(column: str, drawing: Drawing) -> str:
    return next((c.type for c in drawing.result.columns if c.name == column), "STRING")


def _path(column: str) -> str:
    # Dots and brackets in a field's name would be read as a path into the row.
    return "".join(f"\\{c}" if c in ".[]\\\"'" else c for c in column)


def _title(column: str) -> str:
    for suffix in ("", "_previous", "_change", "_share"):
        name = column.removesuffix(suffix)
        if column.endswith(suffix) and name in METRICS:
            return f"{METRICS[name].label}{suffix.replace('_', ' ')}"
    return column.replace("_", " ")
