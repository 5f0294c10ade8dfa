"""What SQL may be made of: every kind of syntax node that is let through, and its parts.

An allow-list. A kind of node, or a part of one, that is in no table here is refused, so a release
of the parser that learns new syntax opens nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlglot import exp

from shared.domain.guard.text import CONTROL

DATE_PARTS = frozenset({"DAY", "WEEK", "ISOWEEK", "MONTH", "QUARTER", "YEAR", "ISOYEAR"})
WEEKDAYS = frozenset({"MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"})
EXTRACT_PARTS = DATE_PARTS | {"DAYOFWEEK", "DAYOFYEAR"}
CAST_TYPES = frozenset(
    {
        exp.DType.TEXT,
        exp.DType.BIGINT,
        exp.DType.DOUBLE,
        exp.DType.DECIMAL,
        exp.DType.BOOLEAN,
        exp.DType.DATE,
    }
)
MAX_INTERVAL = {"DAY": 36_600, "WEEK": 5_200, "MONTH": 1_200, "QUARTER": 400, "YEAR": 100}
MAX_ROWS_NAMED = 1_000_000_000

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,127}")
_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORDS = EXTRACT_PARTS | WEEKDAYS

Rule = Callable[[Any], str | None]
"""Looks at one node; says what the person should do, or None when it is fine."""


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of node: the parts it may have and a rule for their values.

    `names` are the GoogleSQL names by which a person may call it as a function.
    """

    parts: frozenset[str]
    rule: Rule | None = None
    names: frozenset[str] = frozenset()


def interval_days(value: Any, unit: str) -> int | None:
    """The number in `INTERVAL <number> <unit>` if it is a literal within bounds."""
    text = value.name if isinstance(value, exp.Literal) else ""
    if not re.fullmatch(r"-?\d{1,6}", text) or unit not in MAX_INTERVAL:
        return None
    return int(text) if abs(int(text)) <= MAX_INTERVAL[unit] else None


def _literal(node: exp.Literal) -> str | None:
    text = node.name
    if node.is_string:
        found = CONTROL.search(text)
        return "Remove the control character from this text." if found else None
    if len(text) > 40 or not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        return "Write this number in plain decimal form."
    return None


def _raw(node: exp.RawString) -> str | None:
    return "Remove the control character from this text." if CONTROL.search(node.name) else None


def _table(node: exp.Table) -> str | None:
    if all(NAME.fullmatch(part.name) for part in node.parts):
        return None
    return "Only the tables campaigns and channel_daily are open."


def _select(node: exp.Select) -> str | None:
    return None if node.expressions else "Name the columns to SELECT."


def _name(node: exp.Identifier) -> str | None:
    if NAME.fullmatch(node.name):
        return None
    return "Use a name of letters, digits and underscores that begins with a letter."


def _word(node: exp.Var) -> str | None:
    if isinstance(node.parent, exp.Parameter) or node.name.upper() in _WORDS:
        return None
    return f"Use a date part: {', '.join(sorted(DATE_PARTS))}."


def _join(node: exp.Join) -> str | None:
    sides = node.side in {"", "LEFT", "RIGHT", "FULL"} and node.kind in {"", "INNER", "OUTER"}
    bare = node.kind == "CROSS" and not (node.side or node.args.get("on") or node.args.get("using"))
    if sides or bare:
        return None
    return "Use JOIN, LEFT JOIN, RIGHT JOIN, FULL JOIN or CROSS JOIN."


def _cast(node: exp.Cast) -> str | None:
    if node.to.this not in CAST_TYPES:
        return "Cast to STRING, INT64, FLOAT64, NUMERIC, BOOL or DATE."
    if isinstance(node, exp.TryCast) or node.to.this is not exp.DType.DATE:
        return None
    return day_advice(node.this)


def day_advice(node: exp.Expr) -> str | None:
    """A literal that is to be a date must be one."""
    if not (isinstance(node, exp.Literal) and node.is_string):
        return None
    try:
        good = _DAY.fullmatch(node.name) and date.fromisoformat(node.name)
    except ValueError:
        good = None
    return None if good else "Write dates as YYYY-MM-DD, and only days that exist."


def _interval(node: exp.Interval) -> str | None:
    if interval_days(node.this, node.text("unit").upper()) is not None:
        return None
    return "Use a whole number in INTERVAL, of at most 100 years, with DAY, WEEK, MONTH or YEAR."


def _extract(node: exp.Extract) -> str | None:
    known = isinstance(node.this, exp.Var) and node.name.upper() in EXTRACT_PARTS
    if known or isinstance(node.this, exp.WeekStart):
        return None
    return f"EXTRACT one of {', '.join(sorted(EXTRACT_PARTS))}."


def _bracket(node: exp.Bracket) -> str | None:
    of_list = isinstance(node.this, exp.Split | exp.ApproxQuantiles)
    at = node.expressions[0] if len(node.expressions) == 1 else None
    if of_list and isinstance(at, exp.Literal) and at.is_int and int(at.name) <= 100:
        return None
    return "Use [SAFE_OFFSET(n)] with a whole number, after SPLIT or APPROX_QUANTILES only."


def _array(node: exp.Array) -> str | None:
    plain = exp.Literal | exp.RawString | exp.Neg | exp.Null | exp.Boolean | exp.Cast | exp.DataType
    if isinstance(node.parent, exp.Unnest) and all(
        isinstance(found, plain) for item in node.expressions for found in item.walk()
    ):
        return None
    return "Use a list of literals, inside UNNEST only."


def _unnest(node: exp.Unnest) -> str | None:
    array = node.expressions[0] if len(node.expressions) == 1 else None
    bound = isinstance(array, exp.Parameter) and isinstance(node.parent, exp.In)
    listed = isinstance(array, exp.Array | exp.GenerateSeries | exp.GenerateDateArray)
    if bound or (listed and isinstance(node.parent, exp.In | exp.From | exp.Join)):
        return None
    return "Use UNNEST of a list of literals or a generated array, in FROM, JOIN or IN."


def _rows(node: exp.Expr) -> str | None:
    number = node.args["expression"]
    if isinstance(number, exp.Literal) and number.is_int and int(number.name) <= MAX_ROWS_NAMED:
        return None
    return "Use a whole number after LIMIT and OFFSET."


def _star(node: exp.Star) -> str | None:
    for part in (*(node.args.get("except_") or ()), *(node.args.get("replace") or ())):
        if not isinstance(part, exp.Column | exp.Alias) or isinstance(part.this, exp.Star):
            return "Name plain columns in EXCEPT, and `expression AS column` in REPLACE."
    return None


def form(parts: str, rule: Rule | None = None, names: str = "") -> Form:
    """A form from blank-separated words."""
    return Form(frozenset(parts.split()), rule, frozenset(names.split()))


_SET = "with_ this expression distinct order limit offset"
_PAIR = form("this expression")

SYNTAX: dict[type[exp.Expr], Form] = {
    exp.Select: form(
        "with_ expressions distinct from_ joins where group having qualify windows order limit"
        " offset",
        _select,
    ),
    exp.Union: form(_SET),
    exp.Intersect: form(_SET),
    exp.Except: form(_SET),
    exp.Subquery: form("this alias"),
    exp.With: form("expressions"),
    exp.CTE: form("this alias"),
    exp.TableAlias: form("this columns"),
    exp.From: form("this"),
    exp.Join: form("this on side kind using", _join),
    exp.Table: form("this alias db catalog", _table),
    exp.Unnest: form("expressions alias offset", _unnest),
    exp.Where: form("this"),
    exp.Group: form("expressions all"),
    exp.Rollup: form("expressions"),
    exp.Having: form("this"),
    exp.Qualify: form("this"),
    exp.Order: form("this expressions"),
    exp.Ordered: form("this desc nulls_first"),
    exp.Limit: form("expression", _rows),
    exp.Offset: form("expression", _rows),
    exp.Distinct: form("expressions"),
    exp.Alias: form("this alias"),
    exp.Column: form("this table"),
    exp.Identifier: form("this quoted", _name),
    exp.Star: form("except_ replace", _star),
    exp.Literal: form("this is_string", _literal),
    exp.RawString: form("this", _raw),
    exp.Null: form(""),
    exp.Boolean: form("this"),
    exp.Parameter: form("this"),
    exp.Var: form("this", _word),
    exp.Paren: form("this"),
    exp.Array: form("expressions struct_name_inheritance", _array),
    exp.Bracket: form("this expressions offset safe", _bracket),
    exp.In: form("this expressions query unnest"),
    exp.Between: form("this low high"),
    exp.Like: form("this expression negate"),
    exp.Is: form("this expression negate"),
    exp.Exists: form("this"),
    exp.Case: form("this ifs default"),
    exp.If: form("this true false"),
    exp.Cast: form("this to", _cast),
    exp.TryCast: form("this to safe requires_string", _cast),
    exp.DataType: form("this"),
    exp.Interval: form("this unit", _interval),
    exp.Extract: form("this expression", _extract),
    exp.WeekStart: form("this", names="WEEK"),
    exp.Window: form("this partition_by order spec alias over"),
    exp.WindowSpec: form("kind start start_side end end_side"),
    exp.IgnoreNulls: form("this"),
    exp.HavingMax: form("this expression max"),
    exp.Not: form("this"),
    exp.Neg: form("this"),
    exp.Div: form("this expression typed safe"),
    exp.DPipe: form("this expression safe"),
    exp.Mod: form("this expression", names="MOD"),
    exp.And: _PAIR,
    exp.Or: _PAIR,
    exp.Add: _PAIR,
    exp.Sub: _PAIR,
    exp.Mul: _PAIR,
    exp.EQ: _PAIR,
    exp.NEQ: _PAIR,
    exp.GT: _PAIR,
    exp.GTE: _PAIR,
    exp.LT: _PAIR,
    exp.LTE: _PAIR,
    exp.NullSafeEQ: _PAIR,
    exp.NullSafeNEQ: _PAIR,
}
