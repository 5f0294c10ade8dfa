"""The walk over the syntax tree: every node is of an allowed form and nothing nests too deeply."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.dialects.bigquery import BigQuery

from shared.domain.guard.forms import SYNTAX
from shared.domain.guard.functions import FUNCTIONS, HINTS
from shared.domain.guard.refusal import Reason, Source, UnsafeSql

MAX_TREE_DEPTH = 250
MAX_WRITTEN = 20_000  # nodes, once every argument is written as often as a dialect may need it
COPIES: dict[type[exp.Expr], int] = {
    exp.DateDiff: 2,
    exp.DateTrunc: 2,
    exp.Div: 2,
    exp.Extract: 2,
    exp.Greatest: 3,
    exp.In: 2,
    exp.LastDay: 2,
    exp.Least: 3,
    exp.SafeDivide: 2,
    exp.TimeToStr: 4,
}
"""How often the text of an argument may be written for one call in another dialect: without a
bound, calls inside calls would grow by that factor at every level."""

FORMS = {**SYNTAX, **FUNCTIONS}
_NAME = BigQuery.ORIGINAL_NAME_META_KEY
_REASONS: dict[type[exp.Expr], Reason] = {
    exp.Identifier: "bad-name",
    exp.Join: "not-allowed",
    exp.Literal: "literal",
    exp.RawString: "literal",
    exp.Select: "syntax",
    exp.Table: "unknown-table",
}
_WORDS: dict[str, str] = {
    "any": "= ANY",
    "attimezone": "AT TIME ZONE",
    "bytestring": "A bytes literal",
    "by_name": "BY NAME",
    "cube": "CUBE",
    "db": "A name of three parts",
    "fetch": "FETCH FIRST; use LIMIT",
    "filter": "FILTER; use IF inside the aggregate",
    "groupingsets": "GROUPING SETS",
    "hexstring": "A hexadecimal number",
    "ilike": "ILIKE; use LOWER(…) LIKE",
    "into": "SELECT INTO",
    "kind": "SELECT AS STRUCT or AS VALUE",
    "lateral": "LATERAL",
    "locks": "FOR UPDATE",
    "method": "NATURAL JOIN; use USING",
    "pivots": "PIVOT or UNPIVOT; use SUM(IF(…))",
    "recursive": "WITH RECURSIVE",
    "sample": "TABLESAMPLE",
    "tuple": "A list of values in parentheses",
    "version": "FOR SYSTEM_TIME AS OF",
    "when": "FOR SYSTEM_TIME AS OF",
}
"""How a person calls a kind of node or a part of one; what is not here is called a form of SQL."""


def check_shape(tree: exp.Expr, source: Source) -> None:
    """Raise unless every node of the tree has an allowed form."""
    stack: list[tuple[exp.Expr, int, int]] = [(tree, 1, 1)]
    written = 0
    while stack:
        node, depth, copies = stack.pop()
        written += copies
        if depth > MAX_TREE_DEPTH or written > MAX_WRITTEN:
            detail = "Nest less deeply: compute the inner parts in WITH clauses first."
            raise source.refuse("too-deep", detail, node)
        _check_node(node, source)
        copies *= COPIES.get(type(node), 1)
        stack.extend((n, depth + 1, copies) for n in node.iter_expressions(reverse=True))


def _check_node(node: exp.Expr, source: Source) -> None:
    form = FORMS.get(type(node))
    if form is None:
        raise _closed(node, source)
    for part, value in node.args.items():
        if part not in form.parts and value is not None and value is not False and value != []:
            raise _closed_part(node, part, source)
    name = node.meta.get(_NAME)
    if name is not None and name.upper() not in form.names:
        raise _closed(node, source)
    if form.rule and (advice := form.rule(node)):
        raise source.refuse(_REASONS.get(type(node), "argument"), advice, node)


def _closed(node: exp.Expr, source: Source) -> UnsafeSql:
    if not isinstance(node, exp.Func | exp.Dot | exp.SafeFunc | exp.NetFunc):
        return _closed_syntax(node, node.key, source)
    name = _written_name(node)
    advice = HINTS.get(name, "Use an aggregate, window, date, text or number function.")
    return source.refuse("function", f"{name} is not open here. {advice}", node)


def _closed_syntax(node: exp.Expr, word: str, source: Source) -> UnsafeSql:
    words, _, instead = _WORDS.get(word, "This form of SQL").partition("; ")
    advice = f" {instead.capitalize()}." if instead else ""
    return source.refuse("not-allowed", f"{words} is not open here.{advice}", node)


def _closed_part(node: exp.Expr, part: str, source: Source) -> UnsafeSql:
    if type(node) in FUNCTIONS:
        detail = f"{_written_name(node)} takes fewer arguments here. Leave out the optional ones."
        return source.refuse("argument", detail, node)
    return _closed_syntax(node, part, source)


def _written_name(node: exp.Expr) -> str:
    """The function's name as the person wrote it, as far as the tree knows."""
    while isinstance(node, exp.Dot):
        node = node.this
    if isinstance(node, exp.SafeFunc | exp.NetFunc):
        return type(node).__name__.removesuffix("Func").upper()
    written = node.meta.get(_NAME) or node.name or getattr(node, "sql_name", lambda: node.key)()
    return str(written)[:64].upper()
