"""What GoogleSQL and DuckDB understand differently: one rule per kind of node, one table of rules.

A rule takes a resolved and typed GoogleSQL node and returns what DuckDB must be asked instead.
Source: the GoogleSQL reference of BigQuery.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from shared.adapters.local.googlesql_dates import DATE_MACROS, DATE_RULES, TIMESTAMP, macro

NUMERIC = exp.DataType.build("DECIMAL(38, 9)", dialect="duckdb")

MACROS = (
    *DATE_MACROS,
    # A zero denominator is an error, and NULL / 0 is NULL.
    "gsql_divide(a, b) AS CASE WHEN b = 0 AND a IS NOT NULL"
    " THEN error('division by zero') ELSE a / b END",
    "gsql_ieee_divide(a, b) AS CAST(a AS DOUBLE) / CAST(b AS DOUBLE)",
    "gsql_safe_divide(a, b) AS CASE WHEN b <> 0 THEN a / b END",
    "gsql_float_text(x) AS regexp_replace(CAST(x AS VARCHAR), '\\.0$', '')",
    "gsql_numeric_text(x) AS rtrim(rtrim(CAST(CAST(x AS DECIMAL(38, 9)) AS VARCHAR), '0'), '.')",
)

_Type = exp.DType
_NUMERIC_TYPES = {_Type.DECIMAL, _Type.BIGDECIMAL}


def rewrite(tree: exp.Expr) -> exp.Expr:
    """Apply the rules from the leaves up."""
    for node in reversed(list(tree.walk())):
        rule = _RULES.get(type(node))
        if rule is None:
            continue
        parent, key, index = node.parent, node.arg_key, node.index
        changed = rule(node)
        if changed is not None and parent is not None and key is not None:
            changed.type = changed.type or node.type
            parent.set(key, changed, index)
    return tree


def _is(node: exp.Expr, *types: exp.DType) -> bool:
    return node.type is not None and node.type.this in types


def _as_typed(node: exp.Expr) -> exp.Expr | None:
    """DuckDB computes a wider or narrower type than GoogleSQL: cast to the type GoogleSQL has."""
    if _is(node, *_NUMERIC_TYPES):
        return exp.Cast(this=node, to=NUMERIC.copy())
    if _is(node, _Type.DOUBLE):
        return exp.Cast(this=node, to=exp.DataType(this=_Type.DOUBLE))
    return None


def _divide(node: exp.Expr) -> exp.Expr:
    name = "gsql_divide" if isinstance(node, exp.Div) else "gsql_safe_divide"
    call = macro(name, node.this, node.expression)
    call.type = node.type
    return _as_typed(call) or call


def _aggregate(node: exp.Expr) -> exp.Expr | None:
    return None if isinstance(node.parent, exp.Window) else _as_typed(node)


def _window(node: exp.Expr) -> exp.Expr | None:
    function = node.this
    while isinstance(function, exp.IgnoreNulls | exp.RespectNulls):
        function = function.this
    return _as_typed(node) if isinstance(function, exp.Avg) else None


def _cast(node: exp.Expr) -> exp.Expr | None:
    source, target = node.this, node.args["to"]
    if target.this in _NUMERIC_TYPES and not target.expressions:
        node.set("to", NUMERIC.copy())
    elif target.this is _Type.TIMESTAMPTZ:  # as such it heeds an offset in a string
        return exp.Cast(this=node, to=TIMESTAMP.copy())
    elif target.this is _Type.BIGINT and _is(source, _Type.DOUBLE):
        node.set("this", exp.Round(this=source))  # half away from zero, not to even
    elif target.this is _Type.TEXT and _is(source, _Type.DOUBLE):
        return macro("gsql_float_text", source)
    elif target.this is _Type.TEXT and _is(source, *_NUMERIC_TYPES):
        return macro("gsql_numeric_text", source)
    return node


def _literal(node: exp.Expr) -> exp.Expr | None:
    """1.5 is a FLOAT64; DuckDB would make it a DECIMAL."""
    if node.is_string or "e" in node.this.lower() or "." not in node.this:
        return None
    return exp.Literal.number(f"{node.this}e0")


def _in_array(node: exp.Expr) -> exp.Expr | None:
    """IN UNNEST(@array) as a semi-join: hashed, and NULLs mean what they mean to IN."""
    unnest = node.args.get("unnest")
    if unnest is None or not isinstance(unnest.expressions[0], exp.Parameter):
        return None
    array = exp.select(macro("UNNEST", unnest.expressions[0]))
    return exp.In(this=node.this, query=array.subquery())


def _like(node: exp.Expr) -> exp.Expr | None:
    """A backslash escapes in GoogleSQL; DuckDB wants to be told. Plain patterns stay fast."""
    pattern = node.expression
    if isinstance(node.parent, exp.Escape) or (pattern.is_string and "\\" not in pattern.this):
        return None
    return exp.Escape(this=node, expression=exp.Literal.string("\\"))


def _first_of_array(node: exp.Expr) -> exp.Expr | None:
    """ARRAY_AGG(… LIMIT n) as a slice of the whole array."""
    limit = node.this
    if not isinstance(limit, exp.Limit):
        return None
    node.set("this", limit.this)
    part = exp.Slice(this=exp.Literal.number(1), expression=limit.expression)
    return exp.Bracket(this=node, expressions=[part], offset=1)


def _without_nulls(node: exp.Expr) -> exp.Expr | None:
    """ARRAY_AGG(x IGNORE NULLS): DuckDB knows IGNORE NULLS of window functions only."""
    aggregate = node.find(exp.ArrayAgg)
    if aggregate is None or isinstance(node.parent, exp.Window):
        return None
    value = aggregate.this
    while isinstance(value, exp.Order):
        value = value.this
    if isinstance(value, exp.Distinct):
        value = value.expressions[0]
    present = exp.Not(this=exp.Is(this=value.copy(), expression=exp.null()))
    filtered = exp.Filter(this=aggregate.copy(), expression=exp.Where(this=present))
    aggregate.replace(filtered)
    return exp.Paren(this=node.this)


def _from_zero(node: exp.Expr) -> exp.Expr | None:
    """UNNEST … WITH OFFSET counts from 0; DuckDB's WITH ORDINALITY from 1."""
    offset, alias = node.args.get("offset"), node.args.get("alias")
    if not isinstance(offset, exp.Identifier) or alias is None:
        return None
    names = [column.copy() for column in alias.columns]
    number = exp.Sub(this=exp.column(offset.copy()), expression=exp.Literal.number(1))
    columns = [*(exp.column(n) for n in names), exp.alias_(number, offset.copy())]
    return exp.select(*columns).from_(node).subquery(alias.this.copy())


def _substring(node: exp.Expr) -> exp.Expr | None:
    """Position 0 means 1."""
    start = node.args.get("start")
    if start is None or start.this != "0":
        return None
    node.set("start", exp.Literal.number(1))
    return node


_RULES: dict[type[exp.Expr], Callable[..., exp.Expr | None]] = {
    **DATE_RULES,
    exp.Div: _divide,
    exp.SafeDivide: _divide,
    exp.Add: _as_typed,
    exp.Sub: _as_typed,
    exp.Mul: _as_typed,
    exp.Round: _as_typed,
    exp.Avg: _aggregate,
    exp.Window: _window,
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.Literal: _literal,
    exp.In: _in_array,
    exp.Like: _like,
    exp.ArrayAgg: _first_of_array,
    exp.IgnoreNulls: _without_nulls,
    exp.Unnest: _from_zero,
    exp.Substring: _substring,
    exp.Anonymous: lambda node: macro("gsql_ieee_divide", *node.expressions),
    exp.ApproxDistinct: lambda node: exp.Count(this=exp.Distinct(expressions=[node.this])),
    exp.Format: lambda node: macro("printf", node.this, *node.expressions),
    exp.SafeFunc: lambda node: macro("TRY", node.this),
    exp.SafeAdd: lambda node: macro("TRY", exp.Add(**node.args)),
    exp.SafeSubtract: lambda node: macro("TRY", exp.Sub(**node.args)),
    exp.SafeMultiply: lambda node: macro("TRY", exp.Mul(**node.args)),
}
