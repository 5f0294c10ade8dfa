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
MAX_MANY_TO_MANY = 1  # joins of one statement that find many rows for many
_MANY = (
    "This join pairs many rows with many. Make one side a row for each key first, as in WITH b AS "
    "(SELECT channel, SUM(spend) AS spend FROM channel_daily GROUP BY channel), or join by all of "
    "date, channel and campaign_id. Once in a query, an equal date or campaign is enough."
)


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
    if not _is_matched_once(reading, join, scope, sides) and keyed:
        _check_many(reading, join, scope, sides)
    known = scope.rows is not None and sides.relation.rows is not None
    scope.rows = (scope.rows or 0) * (sides.relation.rows or 0) if known else None


def key_of(name: str, relation: Relation) -> frozenset[tuple[str, str]] | None:
    """What tells the rows of a relation apart, where it is called so."""
    return None if relation.key is None else frozenset((name, column) for column in relation.key)


def _is_matched_once(reading: Reading, join: exp.Join, scope: Scope, sides: Sides) -> bool:
    """Whether the join's equalities pin all of one side's key; keeps the key of the joined rows."""
    pins = dict(_pins(reading, join, scope, sides))
    left, right = scope.key, key_of(sides.name, sides.relation)
    once_left = left is not None and left <= pins.keys()
    once_right = right is not None and right <= pins.keys()
    scope.key = left if once_right else right if once_left else left and right and left | right
    return once_left or once_right


def _check_many(reading: Reading, join: exp.Join, scope: Scope, sides: Sides) -> None:
    """Rows of which none is found once are paired: few by a day or a campaign, once in a query."""
    narrow = any(narrow for _, narrow in _pins(reading, join, scope, sides))
    if narrow and reading.many_to_many < MAX_MANY_TO_MANY:
        reading.many_to_many += 1
    elif scope.rows is not None or sides.relation.rows is not None:
        _check_cross(reading, join, scope, sides.relation.rows)
    else:
        raise reading.source.refuse("join-condition", _MANY, join)


def _pins(
    reading: Reading, join: exp.Join, scope: Scope, sides: Sides
) -> Iterator[tuple[tuple[str, str], bool]]:
    """Columns that must equal a value from the other side or a literal, and whether narrow."""
    for column in join.args.get("using") or ():
        name = column.name.lower()
        for relation in (sides.name, *sides.before):
            if found := scope.relations[relation].fields.get(name):
                yield (relation, name), found.narrow
    for test in _conjuncts(join.args["on"]) if join.args.get("on") else ():
        if isinstance(test, exp.EQ | exp.NullSafeEQ):
            for node, other in ((test.this, test.expression), (test.expression, test.this)):
                home = reading.homes.get(id(node))
                if home and home.scope is scope and _is_across(reading, other, home, sides):
                    yield (home.relation, node.name.lower()), home.field.narrow


def _is_across(reading: Reading, other: exp.Expr, home: Home, sides: Sides) -> bool:
    """Whether an expression has nothing of the side of the join where a column is at home."""
    if any(isinstance(found, exp.Query) for found in other.walk()):
        return False
    of_right = home.relation == sides.name
    found = [reading.homes[id(column)] for column in other.find_all(exp.Column)]
    return all(h.scope is not home.scope or (h.relation == sides.name) != of_right for h in found)


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
            "Join by equal columns of both sides, as in ON a.campaign_id = b.campaign_id. Only a "
            "total (one row) or a short list may be joined without."
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
