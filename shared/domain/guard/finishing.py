"""Small rewrites of a checked tree, so that both warehouse families answer the same."""

from __future__ import annotations

from sqlglot import exp

from shared.domain.guard.refusal import Source
from shared.domain.guard.scope import Result


def finish(tree: exp.Expr, most: int) -> exp.Expr:
    """The tree to write: total division, numbers in intervals, bounded rows."""
    while isinstance(tree, exp.Subquery):
        tree = tree.this
    _normalise(tree)
    limit = tree.args.get("limit")
    if limit is None or int(limit.expression.name) > most:
        tree.set("limit", exp.Limit(expression=exp.Literal.number(most)))
    return tree


def check_columns(result: Result, tree: exp.Expr, source: Source) -> None:
    """The answer's columns must have different names; BigQuery demands it."""
    if repeated := result.relation().repeated:
        detail = (
            f"The answer has two columns called {min(repeated)}. Give one another name with AS."
        )
        raise source.refuse("repeated-column", detail, tree)


def _normalise(tree: exp.Expr) -> None:
    for node in list(tree.walk()):
        if isinstance(node, exp.DateAdd | exp.DateSub):
            node.set("expression", exp.Literal.number(node.expression.name))
        elif isinstance(node, exp.Interval):
            node.set("this", exp.Literal.number(node.this.name))
        elif isinstance(node, exp.Div):
            over, under = _bare(node.this), _bare(node.expression)
            node.replace(exp.SafeDivide(this=over, expression=under))


def _bare(node: exp.Expr) -> exp.Expr:
    """Without parentheses, which an argument does not need; a subquery keeps its own."""
    return node.unnest() if isinstance(node, exp.Paren) else node
