"""The items of FROM: stored tables, WITH parts, subqueries and short lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from shared.domain.guard.columns import did_you_mean
from shared.domain.guard.functions import generated
from shared.domain.guard.scope import (
    DATASET,
    EXPOSED,
    HIDDEN,
    NARROW,
    Field,
    Reference,
    Relation,
    Scope,
)
from shared.domain.semantics import TABLES

if TYPE_CHECKING:
    from shared.domain.guard.reading import Reading

_COLUMNS = {
    table: {column: Field(narrow=column in NARROW) for column in columns}
    for table, columns in EXPOSED.items()
}
_KEYS = {name: frozenset(table.key) - HIDDEN for name, table in TABLES.items()}


def add(reading: Reading, node: exp.Expr, scope: Scope) -> tuple[str, Relation]:
    """Bring one item of FROM into scope; its name in lower case and what it is."""
    if isinstance(node, exp.Table):
        name, relation = _table(reading, node, scope)
    elif isinstance(node, exp.Subquery) and isinstance(node.this, exp.Query):
        name = node.alias.lower() or f" {len(scope.relations)}"  # no name can begin with a blank
        reading.check_name(name, node)
        relation = reading.query(node, scope.parent, scope.ctes).relation()
    elif isinstance(node, exp.Unnest):
        name, relation = _unnest(reading, node)
    else:
        detail = "Read FROM a table, a WITH part, a subquery or UNNEST, without parentheses."
        raise reading.source.refuse("not-allowed", detail, node)
    if name in scope.relations:
        detail = f"Two tables here are called {name}. Give one of them another alias."
        raise reading.source.refuse("taken-name", detail, node)
    scope.relations[name] = relation
    scope.scans += relation.scans
    return name, relation


def _table(reading: Reading, node: exp.Table, scope: Scope) -> tuple[str, Relation]:
    table, relation = _stored_or_part(reading, node, scope)
    alias = node.args.get("alias")
    if alias and alias.columns:
        detail = "Name columns in SELECT with AS, not behind the table's alias."
        raise reading.source.refuse("not-allowed", detail, node)
    if table:
        reading.references.append(Reference(node, table, relation))
    reading.check_name(node.alias_or_name, node, table)
    return node.alias_or_name.lower(), relation


def _stored_or_part(reading: Reading, node: exp.Table, scope: Scope) -> tuple[str, Relation]:
    """The stored table's name, or "" for a WITH part, and the relation."""
    name, dataset = node.name.lower(), node.db.lower()
    if isinstance(node.this, exp.Identifier) and not node.catalog:
        if not dataset and name in scope.ctes:
            return "", scope.ctes[name]
        if name in EXPOSED and dataset in {"", DATASET}:
            return name, Relation(_COLUMNS[name], scans=1, key=_KEYS[name])
    advice = did_you_mean(name, {*EXPOSED, *scope.ctes})
    raise reading.source.refuse("unknown-table", f"This table is not open. {advice}", node)


def _unnest(reading: Reading, node: exp.Unnest) -> tuple[str, Relation]:
    alias, offset = node.args.get("alias"), node.args.get("offset")
    name = alias.columns[0].name.lower() if alias and len(alias.columns) == 1 else ""
    rows = _elements(node.expressions[0])
    if not name or rows is None:
        detail = "Write UNNEST of a list of literals or a generated array, and AS with a name."
        raise reading.source.refuse("argument", detail, node)
    reading.check_name(name, node)
    fields = {name: Field()}
    if isinstance(offset, exp.Identifier):
        reading.check_name(offset.name, node)
        fields[offset.name.lower()] = Field()
    key = frozenset({name}) if _distinct(node.expressions[0]) else None
    return name, Relation(fields, rows=rows, scalar=True, key=key)


def _distinct(array: exp.Expr) -> bool:
    """Whether no value comes twice: a generated array, or literals that differ."""
    return not isinstance(array, exp.Array) or len(set(array.expressions)) == len(array.expressions)


def _elements(array: Any) -> int | None:
    if isinstance(array, exp.Array):
        return len(array.expressions)
    return generated(array) if isinstance(array, exp.Func) else None
