"""Which columns tell the rows of a relation apart: what a join needs to find one row, not many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlglot import exp

from shared.domain.guard.scope import Key, Scope

if TYPE_CHECKING:
    from shared.domain.guard.projections import Named
    from shared.domain.guard.reading import Reading


def of_select(
    reading: Reading, node: exp.Select, scope: Scope, columns: tuple[Named, ...]
) -> Key | None:
    """The output columns that tell the rows of a SELECT apart; None if not known."""
    names = [(name or "").lower() for name, _ in columns]
    if node.args.get("distinct"):
        return frozenset(names) if all(names) else None
    if group := node.args.get("group"):
        found = [_grouped(term, node, scope) for term in group.expressions]
        known = (
            bool(found)
            and all(found)
            and not any(v for k, v in group.args.items() if k != "expressions")
        )
        return frozenset(name for name in found if name) if known else None
    if scope.key is None:
        return None
    given = dict(_plain(reading, node, scope, names))
    return frozenset(given[part] for part in scope.key) if scope.key <= given.keys() else None


def _grouped(term: exp.Expr, node: exp.Select, scope: Scope) -> str:
    """The output column that holds a term of GROUP BY, or ""."""
    items = node.expressions
    if any(item.is_star for item in items):
        return ""
    if isinstance(term, exp.Literal):
        number = int(term.name) if term.name.isdecimal() else 0
        return str(items[number - 1].output_name).lower() if 0 < number <= len(items) else ""
    alias = term.name.lower() if isinstance(term, exp.Column) and not term.table else ""
    for item in items:
        name = str(item.output_name).lower()
        inner = item.unalias()
        same = inner == term or (
            isinstance(inner, exp.Column)
            and isinstance(term, exp.Column)
            and inner.name.lower() == term.name.lower()
            and (not inner.table or not term.table)
        )
        if same or (name == alias and not scope.homes(alias)):
            return name
    return ""


def _plain(
    reading: Reading, node: exp.Select, scope: Scope, names: list[str]
) -> Iterator[tuple[tuple[str, str], str]]:
    """Columns that a SELECT hands on as they are: where from, and under which name."""
    for item in node.expressions:
        inner = item.unalias()
        if item.is_star:
            star = item.this if isinstance(item, exp.Column) else item
            if len(scope.relations) == 1 and not star.args.get("replace"):
                [(relation, held)] = scope.relations.items()
                yield from (((relation, c), c) for c in held.fields if c in names)
        elif isinstance(inner, exp.Column) and _is_of(reading, inner, scope):
            yield (reading.homes[id(inner)].relation, inner.name.lower()), item.output_name.lower()


def _is_of(reading: Reading, column: exp.Column, scope: Scope) -> bool:
    home = reading.homes.get(id(column))
    return home is not None and home.scope is scope
