"""Days, weeks and their formats: where GoogleSQL and DuckDB count or write them differently."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sqlglot import exp

TIMESTAMP = exp.DataType.build("TIMESTAMP", dialect="duckdb")
"""An instant is kept as a UTC TIMESTAMP: DuckDB reads a TIMESTAMPTZ only with pytz at hand."""

DATE_MACROS = (
    # Weeks begin on `first` (0 is Sunday); days before the first one are in week 0.
    "gsql_week(d, first) AS (dayofyear(d) + 6 - (dayofweek(d) - first + 7) % 7) // 7",
    "gsql_week_start(d, first) AS"
    " CAST(d AS DATE) - CAST((dayofweek(d) - first + 7) % 7 AS INTEGER)",
    "gsql_quarter_text(d) AS CAST(quarter(d) AS VARCHAR)",
    "gsql_day_text(d) AS lpad(CAST(day(d) AS VARCHAR), 2, ' ')",
    "gsql_century_text(d) AS lpad(CAST(year(d) // 100 AS VARCHAR), 2, '0')",
    "gsql_iso_year_text(d) AS right(CAST(isoyear(d) AS VARCHAR), 2)",
)

_Type = exp.DType
_INSTANTS = {_Type.TIMESTAMP, _Type.TIMESTAMPTZ, _Type.DATETIME}
_DAYS = ("SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY")
_EXTRACT_AS = {"ISOWEEK": "WEEK", "DAYOFYEAR": "DAYOFYEAR"}
_FORMAT_MACROS = {
    "%Q": "gsql_quarter_text",
    "%-d": "gsql_day_text",  # GoogleSQL's %e, as sqlglot reads it
    "%C": "gsql_century_text",
    "%g": "gsql_iso_year_text",
}
_FORMAT_AS = {"%h": "%b", "%E4Y": "%Y", "%R": "%H:%M", "%n": "\n", "%t": "\t"}
_FORMAT_ELEMENT = re.compile(r"%(?:E4Y|-?[a-zA-Z%])")


def macro(name: str, *arguments: exp.Expr) -> exp.Expr:
    """A call of a DuckDB function or macro."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def _day(node: exp.Expr) -> exp.Expr | None:
    """DATE arithmetic stays a DATE; DuckDB makes a TIMESTAMP of it."""
    if node.type is not None and node.type.this in _INSTANTS:
        return None
    return exp.Cast(this=node, to=exp.DataType(this=_Type.DATE))


def _first_day(unit: exp.Expr | None) -> exp.Expr | None:
    """The weekday a week unit begins on, 0 for Sunday; None for other units."""
    if isinstance(unit, exp.WeekStart):
        return exp.Literal.number(_DAYS.index(unit.name.upper()))
    weeks = {"WEEK": 0, "ISOWEEK": 1}
    name = unit.name.upper() if unit else ""
    return exp.Literal.number(weeks[name]) if name in weeks else None


def _truncate(node: exp.Expr) -> exp.Expr | None:
    first = _first_day(node.args.get("unit"))
    return macro("gsql_week_start", node.this, first) if first else _day(node)


def _difference(node: exp.Expr) -> exp.Expr | None:
    first = _first_day(node.args.get("unit"))
    if first is None:
        return None
    start, end = (
        macro("gsql_week_start", day, first.copy()) for day in (node.expression, node.this)
    )
    days = exp.Paren(this=exp.Sub(this=end, expression=start))
    return exp.IntDiv(this=days, expression=exp.Literal.number(7))


def _elapsed(node: exp.Expr) -> exp.Expr:
    """Instants differ by whole units that have passed, not by boundaries crossed."""
    unit = exp.Literal.string(node.args["unit"].name)
    return macro("date_sub", unit, node.expression, node.this)


def _last_day(node: exp.Expr) -> exp.Expr | None:
    first = _first_day(node.args.get("unit"))
    if first is None:
        return _day(node)
    start = macro("gsql_week_start", node.this, first)
    return exp.Paren(this=exp.Add(this=start, expression=exp.Literal.number(6)))


def _extract(node: exp.Expr) -> exp.Expr | None:
    part, day = node.this, node.expression
    name = part.name.upper()
    if day.type is not None and day.type.this is _Type.TIMESTAMPTZ:
        day.type = TIMESTAMP.copy()
    if name == "DAYOFWEEK":
        return exp.Paren(this=exp.Add(this=node, expression=exp.Literal.number(1)))
    if name == "DATE":
        return exp.Cast(this=day, to=exp.DataType(this=_Type.DATE))
    if name in _EXTRACT_AS:
        node.set("this", exp.var(_EXTRACT_AS[name]))
        return node
    first = _first_day(part)
    return macro("gsql_week", day, first) if first else node


def _format_date(node: exp.Expr) -> exp.Expr | None:
    """FORMAT_DATE with its elements that strftime lacks, joined piece by piece."""
    pattern = node.args["format"]
    if not pattern.is_string:
        return None
    pieces = list(_format_pieces(node, pattern.this))
    joined = pieces[0] if pieces else exp.Literal.string("")
    for piece in pieces[1:]:
        joined = exp.DPipe(this=joined, expression=piece)
    return exp.Paren(this=joined)


def _format_pieces(node: exp.Expr, pattern: str) -> Iterator[exp.Expr]:
    plain, end = "", 0
    for element in _FORMAT_ELEMENT.finditer(pattern):
        plain += pattern[end : element.start()]
        end = element.end()
        special = _FORMAT_MACROS.get(element[0])
        if special is None:
            plain += _FORMAT_AS.get(element[0], element[0])
            continue
        if plain:
            yield _strftime(node, plain)
        plain = ""
        yield macro(special, node.this.copy())
    if plain + pattern[end:]:
        yield _strftime(node, plain + pattern[end:])


def _strftime(node: exp.Expr, pattern: str) -> exp.Expr:
    return macro("strftime", node.this.copy(), exp.Literal.string(pattern))


def _utc_now(node: exp.Expr) -> exp.Expr:
    zone = node.this or exp.Literal.string("UTC")
    now = exp.Paren(this=exp.AtTimeZone(this=macro("now"), zone=zone))
    if isinstance(node, exp.CurrentDate):
        return exp.Cast(this=now, to=exp.DataType(this=_Type.DATE))
    return now


DATE_RULES: dict[type[exp.Expr], Callable[..., exp.Expr | None]] = {
    exp.DateAdd: _day,
    exp.DateSub: _day,
    exp.DateFromUnixDate: _day,
    exp.DateTrunc: _truncate,
    exp.DateDiff: _difference,
    exp.TimestampDiff: _elapsed,
    exp.LastDay: _last_day,
    exp.Extract: _extract,
    exp.TimeToStr: _format_date,
    exp.CurrentTimestamp: _utc_now,
    exp.CurrentDate: _utc_now,
}
