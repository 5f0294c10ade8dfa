"""From text to a syntax tree of one query, whatever a hostile text does to the parser."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.dialects.bigquery import BigQuery
from sqlglot.errors import ParseError, SqlglotError

from shared.domain.guard.refusal import Source, UnsafeSql
from shared.domain.guard.text import tokens

_FAILURES = (
    SqlglotError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
)
"""How the parser fails over text that it did not expect, besides its own errors."""


def parse(source: Source, parameters: frozenset[str]) -> exp.Query:
    """The tree of the one query that the text holds."""
    found = tokens(source, parameters)
    try:
        trees = BigQuery().parser().parse(found, source.text)
    except ParseError as wrong:
        raise _syntax(source, wrong) from wrong
    except _FAILURES as wrong:
        raise source.refuse("syntax", "This is not GoogleSQL that can be read.") from wrong
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise source.refuse("not-a-select", "Write one query that begins with SELECT or WITH.")
    return trees[0]


def parse_written(text: str) -> exp.Query | None:
    """The tree of a text that was written from a tree; None if it is not one query."""
    dialect = BigQuery()
    try:
        trees = dialect.parser().parse(dialect.tokenize(text), text)
    except _FAILURES:
        return None
    return trees[0] if len(trees) == 1 and isinstance(trees[0], exp.Query) else None


def _syntax(source: Source, wrong: ParseError) -> UnsafeSql:
    first = wrong.errors[0] if wrong.errors else {}
    near = str(first.get("highlight") or "")[:40]
    error = source.refuse("syntax", f"This is not GoogleSQL{f' near {near!r}' if near else ''}.")
    line, column = first.get("line"), first.get("col")
    if line and column:  # the parser names the last character of the word
        error.extra["position"] = {"line": line, "column": max(1, column - len(near) + 1)}
    return error
