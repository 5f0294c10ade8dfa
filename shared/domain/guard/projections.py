"""The SELECT list: which columns a query gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlglot import exp

from shared.domain.guard import growth
from shared.domain.guard.columns import did_you_mean, no_column
from shared.domain.guard.scope import Field, Scope

if TYPE_CHECKING:
    from shared.domain.guard.reading import Reading

Named = tuple[str | None, Field]


def columns(reading: Reading, node: exp.Select, scope: Scope) -> Iterator[Named]:
    """The columns of a SELECT in order, stars written out."""
    for item in node.expressions:
        star = item.this if isinstance(item, exp.Column) else item
        if isinstance(star, exp.Star):
            yield from _star(reading, star, item, scope)
            continue
        inner = item.this if isinstance(item, exp.Alias) else item
        reading.expression(inner, scope)
        reading.check_hidden(item.output_name, item)
        yield item.output_name or None, _field(reading, inner)


def _field(reading: Reading, node: exp.Expr) -> Field:
    width = growth.width(reading, node) if reading.measures_text else 1
    stored = any(isinstance(found, exp.Column | exp.Star) for found in node.walk())
    home = reading.homes.get(id(node)) if isinstance(node, exp.Column) else None
    return Field(width, constant=not stored, narrow=home is not None and home.field.narrow)


def _star(reading: Reading, star: exp.Star, item: exp.Expr, scope: Scope) -> Iterator[Named]:
    table = item.table.lower() if isinstance(item, exp.Column) else ""
    if not scope.relations or (table and table not in scope.relations):
        advice = did_you_mean(table, scope.relations)
        raise reading.source.refuse("unknown-table", f"There is no such table here. {advice}", item)
    left_out = {c.name.lower() for c in star.args.get("except_") or ()}
    replaced = {a.alias.lower(): a.this for a in star.args.get("replace") or ()}
    for expression in replaced.values():
        reading.expression(expression, scope)
    offered = list(_offered(scope, [table] if table else list(scope.relations)))
    names = {name for name, _ in offered}
    if missing := {*left_out, *replaced} - names:
        raise no_column(min(missing), names, reading.source, item)
    for name, offer in offered:
        if name not in left_out:
            yield name, _field(reading, replaced[name]) if name in replaced else offer


def _offered(scope: Scope, tables: list[str]) -> Iterator[tuple[str, Field]]:
    """The columns of a star; one that USING merged comes once."""
    given: set[str] = set()
    for table in tables:
        relation = scope.relations[table]
        relation.used.update(relation.fields)
        for name, offer in relation.fields.items():
            if name not in given & scope.merged:
                yield name, offer
            given.add(name)
