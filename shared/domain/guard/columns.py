"""Finding the column that a name means, or saying why there is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from sqlglot import exp

from shared.domain.guard.refusal import Source, UnsafeSql
from shared.domain.guard.scope import HIDDEN, Field, Scope


@dataclass(frozen=True, slots=True)
class Home:
    """Where a column reference leads."""

    scope: Scope
    relation: str
    field: Field


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence that helps: the nearest name, or all there are."""
    choices = sorted(known)[:200]
    if near := get_close_matches(name.lower(), choices, 1):
        return f"Did you mean {near[0]}?"
    return f"There are: {', '.join(choices[:20])}." if choices else "Nothing can be named here."


def no_column(name: str, known: Iterable[str], source: Source, at: exp.Expr) -> UnsafeSql:
    """The refusal of a column that is not there, or not open."""
    if name.lower() in HIDDEN:
        detail = f"The column {name} is not open; every query reads your project only."
        return source.refuse("hidden-column", detail, at)
    detail = f"There is no column {name} here. {did_you_mean(name, known)}"
    return source.refuse("unknown-column", detail, at)


def find_column(node: exp.Column, scope: Scope, source: Source) -> Home:
    """The home of a column reference, nearest scope first; marks what it makes correlated."""
    name, table = node.name.lower(), node.table.lower()
    if isinstance(node.this, exp.Star):
        detail = "Name columns: a star stands alone in SELECT, or in COUNT(*)."
        raise source.refuse("whole-row", detail, node)
    for candidate in scope.outwards():
        home = _in_scope(node, candidate, source)
        if home is not None:
            for passed in scope.outwards():
                if passed is candidate:
                    return home
                passed.correlated = True
    if table and name not in HIDDEN:
        advice = did_you_mean(table, {n for s in scope.outwards() for n in s.relations})
        detail = f"There is no table or alias {node.table} here. {advice}"
        raise source.refuse("unknown-column", detail, node)
    raise no_column(node.name, scope.known(), source, node)


def _in_scope(node: exp.Column, scope: Scope, source: Source) -> Home | None:
    name = node.name.lower()
    if node.table:
        return _qualified(node, scope, source)
    if scope.is_row(name):
        detail = (
            f"{node.name} names a whole table here. Name its columns, and give the table or the "
            "column another alias if both have this name."
        )
        raise source.refuse("whole-row", detail, node)
    homes = scope.homes(name)
    if len(homes) > 1 and name not in scope.merged:
        tables = " or ".join(f"{home}.{name}" for home in homes[:3])
        detail = f"{node.name} is in more than one table here. Write {tables}."
        raise source.refuse("ambiguous-column", detail, node)
    return _home(node, scope, homes[0], source) if homes else None


def _qualified(node: exp.Column, scope: Scope, source: Source) -> Home | None:
    relation = scope.relations.get(node.table.lower())
    if relation is None:
        return None
    if node.name.lower() in relation.fields:
        return _home(node, scope, node.table.lower(), source)
    raise no_column(node.name, relation.fields, source, node)


def _home(node: exp.Column, scope: Scope, relation: str, source: Source) -> Home:
    name = node.name.lower()
    found = scope.relations[relation]
    if name in found.repeated:
        detail = f"{relation} has the column {node.name} twice. Give one of them another alias."
        raise source.refuse("ambiguous-column", detail, node)
    found.used.add(name)
    return Home(scope, relation, found.fields[name])
