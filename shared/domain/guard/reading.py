"""Reading a statement with names resolved: which table, column and alias every name means.

The walk keeps count of what a query costs in the worst case (tables read once WITH parts are
written out, rows that cross joins multiply, texts that grow) and refuses what has no bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from shared.domain.guard import growth, joins, keys, projections, relations
from shared.domain.guard.columns import Home, find_column
from shared.domain.guard.refusal import Source
from shared.domain.guard.scope import (
    DATASET,
    EXPOSED,
    HIDDEN,
    Field,
    Reference,
    Relation,
    Result,
    Scope,
)

MAX_SCANS = 24
_TAKEN = frozenset({*EXPOSED, DATASET})
_NO_ALIASES: frozenset[str] = frozenset()


@dataclass(slots=True)
class Reading:
    """One statement being read. `homes` and `widths` are kept by the identity of the node."""

    source: Source
    measures_text: bool = False
    references: list[Reference] = field(default_factory=list)
    homes: dict[int, Home] = field(default_factory=dict)
    widths: dict[int, int] = field(default_factory=dict)
    parts: set[str] = field(default_factory=set)
    fanout: int = 1
    many_to_many: int = 0

    def query(self, node: exp.Expr, parent: Scope | None, ctes: Mapping[str, Relation]) -> Result:
        """Read a SELECT, a set operation or one of them in parentheses."""
        while isinstance(node, exp.Subquery):
            node = node.this
        scope = Scope(parent, self._with(node, ctes))
        if isinstance(node, exp.SetOperation):
            result = self._set_operation(node, scope)
        elif isinstance(node, exp.Select):
            result = self._select(node, scope)
        else:
            raise self.source.refuse("not-allowed", "Write a SELECT here.", node)
        if result.scans > MAX_SCANS:
            detail = f"Read tables at most {MAX_SCANS} times, counting every use of a WITH part."
            raise self.source.refuse("too-complex", detail, node)
        return result

    def expression(
        self, node: exp.Expr, scope: Scope, aliases: frozenset[str] = _NO_ALIASES
    ) -> None:
        """Resolve every name in an expression; `aliases` are columns of the SELECT list."""
        self._names(node, scope, aliases)
        if self.measures_text:
            growth.check_width(self, node)

    def _names(self, node: exp.Expr, scope: Scope, aliases: frozenset[str]) -> None:
        stack = [node]
        while stack:
            found = stack.pop()
            if isinstance(found, exp.Column):
                self._column(found, scope, aliases)
            elif isinstance(found, exp.Query):
                result = self.query(found, scope, scope.ctes)
                scope.scans += result.scans
                self.widths[id(found)] = max((f.width for _, f in result.columns), default=1)
            elif isinstance(found, exp.Star) and not isinstance(found.parent, exp.Count):
                raise self.source.refuse("whole-row", "A star stands alone in SELECT.", found)
            else:
                stack.extend(found.iter_expressions(reverse=True))

    def check_name(self, name: str, node: exp.Expr, table: str = "") -> None:
        """A relation's name must not be that of a table which it is not, nor of the dataset."""
        if name.lower() in _TAKEN and name.lower() != table:
            detail = f"Choose another name than {name}: a part of the data is called so."
            raise self.source.refuse("taken-name", detail, node)
        self.check_hidden(name, node)

    def check_hidden(self, name: str, node: exp.Expr) -> None:
        """No name may pass for a column that is not open."""
        if name.lower() in HIDDEN:
            detail = f"Choose another name than {name}: a column that is not open is called so."
            raise self.source.refuse("taken-name", detail, node)

    def _column(self, node: exp.Column, scope: Scope, aliases: frozenset[str]) -> None:
        name = node.name.lower()
        if node.table or name not in aliases or scope.is_row(name):
            self.homes[id(node)] = find_column(node, scope, self.source)
            return
        for home in scope.homes(name):
            scope.relations[home].used.add(name)

    def _with(self, node: exp.Expr, around: Mapping[str, Relation]) -> Mapping[str, Relation]:
        clause = node.args.get("with_")
        if clause is None:
            return around
        known = dict(around)
        for part in clause.expressions:
            name = part.alias.lower()
            self.check_name(name, part)
            if part.args["alias"].columns:
                detail = "Name the columns of a WITH part inside it, with AS."
                raise self.source.refuse("not-allowed", detail, part)
            if name in self.parts:
                detail = f"Two WITH parts are called {name}. Give each its own name."
                raise self.source.refuse("taken-name", detail, part)
            self.parts.add(name)
            known[name] = self.query(part.this, None, known).relation()
        return known

    def _set_operation(self, node: exp.SetOperation, scope: Scope) -> Result:
        left = self.query(node.this, scope.parent, scope.ctes)
        right = self.query(node.expression, scope.parent, scope.ctes)
        if len(left.columns) != len(right.columns):
            detail = "Give both sides of UNION, INTERSECT or EXCEPT the same number of columns."
            raise self.source.refuse("not-allowed", detail, node.expression)
        columns = tuple(
            (name, Field(max(a.width, b.width), a.constant and b.constant, a.narrow and b.narrow))
            for (name, a), (_, b) in zip(left.columns, right.columns, strict=True)
        )
        names = frozenset(name.lower() for name, _ in columns if name)
        if order := node.args.get("order"):
            self.expression(order, scope, names)
        rows = None if left.rows is None or right.rows is None else left.rows + right.rows
        return Result(columns, _limited(node, rows), left.scans + right.scans + scope.scans)

    def _select(self, node: exp.Select, scope: Scope) -> Result:
        self._from(node, scope)
        columns = tuple(projections.columns(self, node, scope))
        aliases = frozenset(p.alias.lower() for p in node.expressions if isinstance(p, exp.Alias))
        if where := node.args.get("where"):
            self.expression(where, scope)
        for window in node.args.get("windows") or ():
            self.expression(window, scope)
        for part in ("group", "having", "qualify", "order"):
            if clause := node.args.get(part):
                self.expression(clause, scope, aliases)
        joins.check_correlation(self, node, scope)
        rows = 1 if _is_one_row(node) else scope.rows
        key = keys.of_select(self, node, scope, columns)
        return Result(columns, _limited(node, rows), scope.scans, key)

    def _from(self, node: exp.Select, scope: Scope) -> None:
        clause = node.args.get("from_")
        if clause is None:
            return
        name, first = relations.add(self, clause.this, scope)
        scope.rows, scope.key = first.rows, joins.key_of(name, first)
        for join in node.args.get("joins") or ():
            before = frozenset(scope.relations)
            name, relation = relations.add(self, join.this, scope)
            joins.check_join(self, join, scope, joins.Sides(before, name, relation))


def _limited(node: exp.Expr, rows: int | None) -> int | None:
    limit = node.args.get("limit")
    if limit is None:
        return rows
    most = int(limit.expression.name)
    return most if rows is None else min(rows, most)


def _is_one_row(node: exp.Select) -> bool:
    """Aggregates without GROUP BY give one row."""
    return not node.args.get("group") and any(
        isinstance(found, exp.AggFunc)
        for item in node.expressions
        for found in _outside_windows(item)
    )


def _outside_windows(node: exp.Expr) -> Iterator[exp.Expr]:
    return node.walk(prune=lambda found: isinstance(found, exp.Window | exp.Query))
