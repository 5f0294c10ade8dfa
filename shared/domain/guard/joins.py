"""What keeps a join, or a subquery that looks outwards, from pairing everything with everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from shared.domain.guard.columns import Home, no_column
from shared.domain.guard.scope import Relation, Scope

if TYPE_CHECKING:
    from shared.domain.guard.reading import Reading

MAX_FANOUT = 1_000  # how many times cross joins of one statement may repeat a stored row
MAX_CROSS_ROWS = 10_000  # rows that cross joins of bounded relations may make


@dataclass(frozen=True, slots=True)
class Sides:
    """A join's sides: the names in scope before it, and the relation it brings."""

    before: frozenset[str]
    name: str
    relation: Relation


def check_join(reading: Reading, join: exp.Join, scope: Scope, sides: Sides) -> None:
    """Raise unless the join has a key: equal columns of both sides, or one side is bounded."""
    if on := join.args.get("on"):
        reading.expression(on, scope)
    keyed = _merge(reading, join, scope, sides) or (
        on is not None
        and _has_key(
            reading,
            on,
            lambda h: h.scope is scope and h.relation == sides.name,
            lambda h: h.scope is scope and h.relation in sides.before,
        )
    )
    if not keyed:
        _check_cross(reading, join, scope, sides.relation.rows)
    known = scope.rows is not None and sides.relation.rows is not None
    scope.rows = (scope.rows or 0) * (sides.relation.rows or 0) if known else None


def check_correlation(reading: Reading, node: exp.Select, scope: Scope) -> None:
    """A subquery that uses a column from outside must be tied to it by an equality."""
    if not scope.correlated or scope.rows is not None:
        return
    where = node.args.get("where")
    tied = where is not None and _has_key(
        reading, where.this, lambda h: h.scope is scope, lambda h: h.scope is not scope
    )
    if not tied:
        detail = (
            "Tie this subquery to the outer query by an equality in its WHERE, as in "
            "WHERE b.channel = a.channel, or use a JOIN."
        )
        raise reading.source.refuse("join-condition", detail, node)


def _merge(reading: Reading, join: exp.Join, scope: Scope, sides: Sides) -> bool:
    """Make the columns of USING one; False when the join has none."""
    columns = join.args.get("using") or ()
    constant = True
    for column in columns:
        name = column.name.lower()
        left = [r for r in sides.before if name in scope.relations[r].fields]
        if not left or name not in sides.relation.fields:
            both = {c for r in sides.before for c in scope.relations[r].fields}
            raise no_column(
                column.name, both & sides.relation.fields.keys(), reading.source, column
            )
        constant &= sides.relation.fields[name].constant or all(
            scope.relations[r].fields[name].constant for r in left
        )
        for relation in (sides.relation, *(scope.relations[r] for r in left)):
            relation.used.add(name)
        scope.merged.add(name)
    return bool(columns) and not constant


def _check_cross(reading: Reading, join: exp.Join, scope: Scope, rows: int | None) -> None:
    if rows is None and scope.rows is None:
        detail = (
            "Join by equal columns of both sides, as in ON a.channel = b.channel. Only a total "
            "(one row) or a short list may be joined without."
        )
        raise reading.source.refuse("join-condition", detail, join)
    if rows is not None and scope.rows is not None:
        too_many = rows * scope.rows > MAX_CROSS_ROWS
    else:
        reading.fanout *= max(rows if rows is not None else scope.rows or 0, 1)
        too_many = reading.fanout > MAX_FANOUT
    if too_many:
        detail = f"This join repeats rows too often: at most {MAX_FANOUT:,} times in a query."
        raise reading.source.refuse("too-many-rows", detail, join)


def _has_key(
    reading: Reading,
    condition: exp.Expr,
    inner: Callable[[Home], bool],
    outer: Callable[[Home], bool],
) -> bool:
    """Whether the condition demands that a value of one side equals a value of the other."""
    for test in _conjuncts(condition):
        if isinstance(test, exp.EQ | exp.NullSafeEQ):
            left, right = _homes(reading, test.this), _homes(reading, test.expression)
            for here, there in ((left, right), (right, left)):
                if here and there and all(map(inner, here)) and all(map(outer, there)):
                    return True
    return False


def _conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    stack = [condition]
    while stack:
        node = stack.pop()
        if isinstance(node, exp.And):
            stack += [node.this, node.expression]
        elif isinstance(node, exp.Paren):
            stack.append(node.this)
        else:
            yield node


def _homes(reading: Reading, node: exp.Expr) -> list[Home]:
    """Where the columns of a key lead; none if it is no key: a subquery or constants only."""
    homes = []
    for found in node.walk():
        if isinstance(found, exp.Query):
            return []
        if isinstance(found, exp.Column):
            homes.append(reading.homes[id(found)])
    return [] if all(h.field.constant for h in homes) else homes
