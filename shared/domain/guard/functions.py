"""The functions that are open, each with the arguments it may take. Everything else is refused.

Left out on purpose: what depends on the moment, the person or chance (the same question must give
the same answer), what builds text or rows without bound, what reads outside the tables, and what
the warehouse families would answer differently.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from sqlglot import exp

from shared.domain.guard.forms import (
    DATE_PARTS,
    MAX_INTERVAL,
    Form,
    Rule,
    day_advice,
    form,
    interval_days,
)

MAX_PATTERN = 200
MAX_GENERATED = 10_000
MAX_QUANTILES = 100
_FORMAT = re.compile(r"([^%]|%(-d|[YymdejBbhAauUwVGgQC%]))*")  # %-d is how the parser keeps %e


def literal_text(node: Any) -> str | None:
    """The value of a string literal, plain or raw; None for anything else."""
    is_text = isinstance(node, exp.RawString) or (isinstance(node, exp.Literal) and node.is_string)
    return node.name if is_text else None


def _short_text(part: str, word: str) -> Rule:
    def rule(node: Any) -> str | None:
        text = literal_text(node.args.get(part))
        if text is not None and len(text) <= MAX_PATTERN:
            return None
        return f"Write the {word} as a text literal of at most {MAX_PATTERN} characters."

    return rule


_pattern = _short_text("expression", "pattern")
_replacement = _short_text("replacement", "replacement")


def _contained(node: exp.Contains) -> str | None:
    return _pattern(exp.Contains(expression=node.expression.this))  # the parser adds LOWER


def _replace(node: Any) -> str | None:
    return _pattern(node) or _replacement(node)


def _unit(node: Any) -> str | None:
    unit = node.args.get("unit")
    if unit is None or isinstance(unit, exp.WeekStart) or unit.name.upper() in DATE_PARTS:
        return None
    return f"Use a date part: {', '.join(sorted(DATE_PARTS))}."


def _shift(node: Any) -> str | None:
    if interval_days(node.expression, node.text("unit").upper()) is not None:
        return None
    return f"Use INTERVAL with a whole number and one of {', '.join(MAX_INTERVAL)}, 100 years most."


def _date(node: exp.Date) -> str | None:
    return day_advice(node.this) if node.this else "Name the day, as in DATE '2025-01-31'."


def _format(node: exp.TimeToStr) -> str | None:
    text = literal_text(node.args["format"])
    if text is not None and len(text) <= MAX_PATTERN and _FORMAT.fullmatch(text):
        return None
    return "Write the format as text with %Y %y %m %d %e %j %B %b %A %a %u %w %U %V %G %Q only."


def _split(node: exp.Split) -> str | None:
    if isinstance(node.parent, exp.Bracket) and literal_text(node.expression):
        return None
    return "Use SPLIT with a text literal and an index: SPLIT(campaign, '_')[SAFE_OFFSET(0)]."


def _quantiles(node: exp.ApproxQuantiles) -> str | None:
    number = node.expression
    few = isinstance(number, exp.Literal) and number.is_int and int(number.name) >= 1
    if isinstance(node.parent, exp.Bracket) and few and int(number.name) <= MAX_QUANTILES:
        return None
    return "Use APPROX_QUANTILES with an index: APPROX_QUANTILES(spend, 100)[OFFSET(50)]."


def _string_agg(node: exp.GroupConcat) -> str | None:
    separator = node.args.get("separator")
    if isinstance(node.parent, exp.Window):
        return "Use STRING_AGG with GROUP BY, not as a window function."
    if separator is not None and len(literal_text(separator) or "x" * 51) > 50:
        return "Write the separator as a text literal of at most 50 characters."
    return None


def generated(node: Any) -> int | None:
    """How many elements GENERATE_ARRAY or GENERATE_DATE_ARRAY gives; None if not known or none."""
    days = isinstance(node, exp.GenerateDateArray)
    start, end = (_bound(node.args[part], days) for part in ("start", "end"))
    step = _step(node.args.get("step"), days)
    if start is None or end is None or not step:
        return None
    return max(0, (end - start) // step + 1)


def _bound(node: Any, days: bool) -> int | None:
    while isinstance(node, exp.Cast | exp.Date):
        node = node.this
    if days:
        text = literal_text(node)
        return None if text is None or day_advice(node) else date.fromisoformat(text).toordinal()
    sign, node = (-1, node.this) if isinstance(node, exp.Neg) else (1, node)
    whole = isinstance(node, exp.Literal) and node.is_int and len(node.name) <= 9
    return sign * int(node.name) if whole else None


def _step(node: Any, days: bool) -> int | None:
    """The step, in days as short as the unit can be; only upward."""
    if not days:
        return 1 if node is None else max(_bound(node, False) or 0, 0)
    unit = node.text("unit").upper() if isinstance(node, exp.Interval) else ""
    number = interval_days(node.this, unit) if unit else None
    return (number or 0) * {"DAY": 1, "WEEK": 7, "MONTH": 28, "QUARTER": 90, "YEAR": 365}.get(
        unit, 0
    )


def _generate(node: Any) -> str | None:
    count = generated(node)
    if isinstance(node.parent, exp.Unnest) and count is not None and count <= MAX_GENERATED:
        return None
    return f"Use it in FROM UNNEST(…), upward, between literal bounds, {MAX_GENERATED:,} at most."


FUNCTIONS: dict[type[exp.Expr], Form] = {
    # Aggregates
    exp.Count: form("this big_int", names="COUNT"),
    exp.CountIf: form("this", names="COUNTIF"),
    exp.Sum: form("this", names="SUM"),
    exp.Avg: form("this", names="AVG"),
    exp.Min: form("this", names="MIN"),
    exp.Max: form("this", names="MAX"),
    exp.AnyValue: form("this", names="ANY_VALUE"),
    exp.ArgMax: form("this expression", names="MAX_BY"),
    exp.ArgMin: form("this expression", names="MIN_BY"),
    exp.LogicalAnd: form("this", names="LOGICAL_AND"),
    exp.LogicalOr: form("this", names="LOGICAL_OR"),
    exp.GroupConcat: form("this separator", _string_agg, "STRING_AGG"),
    exp.ApproxDistinct: form("this", names="APPROX_COUNT_DISTINCT"),
    exp.ApproxQuantiles: form("this expression", _quantiles, "APPROX_QUANTILES"),
    exp.Stddev: form("this", names="STDDEV"),
    exp.StddevSamp: form("this", names="STDDEV_SAMP"),
    exp.StddevPop: form("this", names="STDDEV_POP"),
    exp.Variance: form("this", names="VARIANCE VAR_SAMP"),
    exp.VariancePop: form("this", names="VAR_POP"),
    exp.Corr: form("this expression", names="CORR"),
    exp.CovarPop: form("this expression", names="COVAR_POP"),
    exp.CovarSamp: form("this expression", names="COVAR_SAMP"),
    # Windows
    exp.RowNumber: form("", names="ROW_NUMBER"),
    exp.Rank: form("", names="RANK"),
    exp.DenseRank: form("", names="DENSE_RANK"),
    exp.PercentRank: form("", names="PERCENT_RANK"),
    exp.CumeDist: form("", names="CUME_DIST"),
    exp.Ntile: form("this", names="NTILE"),
    exp.Lag: form("this offset default", names="LAG"),
    exp.Lead: form("this offset default", names="LEAD"),
    exp.FirstValue: form("this", names="FIRST_VALUE"),
    exp.LastValue: form("this", names="LAST_VALUE"),
    exp.NthValue: form("this offset", names="NTH_VALUE"),
    exp.PercentileCont: form("this expression", names="PERCENTILE_CONT"),
    exp.PercentileDisc: form("this expression", names="PERCENTILE_DISC"),
    # Numbers
    exp.Abs: form("this", names="ABS"),
    exp.Sign: form("this", names="SIGN"),
    exp.Round: form("this decimals", names="ROUND"),
    exp.Trunc: form("this decimals", names="TRUNC"),
    exp.Floor: form("this", names="FLOOR"),
    exp.Ceil: form("this", names="CEIL CEILING"),
    exp.IntDiv: form("this expression", names="DIV"),
    exp.SafeDivide: form("this expression", names="SAFE_DIVIDE"),
    exp.Sqrt: form("this", names="SQRT"),
    exp.Pow: form("this expression", names="POW POWER"),
    exp.Exp: form("this", names="EXP"),
    exp.Ln: form("this", names="LN LOG"),
    exp.Log: form("this expression", names="LOG LOG10"),
    exp.Greatest: form("this expressions ignore_nulls", names="GREATEST"),
    exp.Least: form("this expressions ignore_nulls", names="LEAST"),
    # Choices
    exp.Coalesce: form("this expressions", names="COALESCE IFNULL"),
    exp.Nullif: form("this expression", names="NULLIF"),
    # Dates
    exp.Date: form("this", _date, "DATE"),
    exp.DateFromParts: form("year month day", names="DATE"),
    exp.DateTrunc: form("this unit", _unit, "DATE_TRUNC"),
    exp.DateAdd: form("this expression unit", _shift, "DATE_ADD"),
    exp.DateSub: form("this expression unit", _shift, "DATE_SUB"),
    exp.DateDiff: form("this expression unit date_part_boundary", _unit, "DATE_DIFF"),
    exp.LastDay: form("this unit", _unit, "LAST_DAY"),
    exp.TimeToStr: form("this format", _format, "FORMAT_DATE"),
    exp.TsOrDsToDate: form("this"),  # what the parser puts round the date in FORMAT_DATE
    exp.UnixDate: form("this", names="UNIX_DATE"),
    exp.GenerateDateArray: form("start end step", _generate, "GENERATE_DATE_ARRAY"),
    exp.GenerateSeries: form("start end step", _generate, "GENERATE_ARRAY"),
    # Text
    exp.Lower: form("this", names="LOWER"),
    exp.Upper: form("this", names="UPPER"),
    exp.Trim: form("this expression position", names="TRIM LTRIM RTRIM"),
    exp.Length: form("this binary", names="LENGTH CHAR_LENGTH CHARACTER_LENGTH"),
    exp.Substring: form("this start length", names="SUBSTR SUBSTRING"),
    exp.Left: form("this expression", names="LEFT"),
    exp.Right: form("this expression", names="RIGHT"),
    exp.StartsWith: form("this expression", names="STARTS_WITH"),
    exp.EndsWith: form("this expression", names="ENDS_WITH"),
    exp.Contains: form("this expression", _contained, "CONTAINS_SUBSTR"),
    exp.StrPosition: form("this substr", names="STRPOS INSTR"),
    exp.Replace: form("this expression replacement", _replace, "REPLACE"),
    exp.Concat: form("expressions safe", names="CONCAT"),
    exp.Split: form("this expression", _split, "SPLIT"),
    exp.RegexpLike: form("this expression", _pattern, "REGEXP_CONTAINS"),
    exp.RegexpExtract: form(
        "this expression group null_if_pos_overflow null_if_no_match", _pattern, "REGEXP_EXTRACT"
    ),
    exp.RegexpReplace: form("this expression replacement", _replace, "REGEXP_REPLACE"),
}

HINTS: dict[str, str] = {
    "ARRAY_AGG": "Use MAX_BY, MIN_BY or QUALIFY ROW_NUMBER() OVER (…) = 1 for the first one.",
    "FORMAT": "Use ROUND for numbers and FORMAT_DATE for dates.",
    "PARSE_DATE": "Use SAFE_CAST(… AS DATE).",
    "SAFE": "Use SAFE_DIVIDE and SAFE_CAST; other functions take no SAFE. prefix.",
    "IEEE_DIVIDE": "Use SAFE_DIVIDE.",
    "APPROX_TOP_COUNT": "Use GROUP BY with ORDER BY and LIMIT.",
    "RAND": "An answer must be repeatable: order by a column instead.",
}
"""What to do instead, for functions that people reach for."""
