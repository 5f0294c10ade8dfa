"""Writing the checked tree down again and binding every table in the text to one tenant.

The tree is written with a mark in place of each stored table, and the text is read once more,
knowing nothing of how it came about. What the parser then takes for a table is a mark, and is
replaced by a tenant-bound subquery, or a WITH part; anything else is refused. So no slip of the
writer can leave a table unbound.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sqlglot import exp
from sqlglot.dialects.bigquery import BigQuery
from sqlglot.generators.bigquery import BigQueryGenerator

from shared.domain.guard.parsing import parse_written
from shared.domain.guard.refusal import Source, UnsafeSql
from shared.domain.guard.scope import DATASET, EXPOSED, Reference
from shared.domain.guard.shape import FORMS

_DAYS = {"channel_daily": "date"}  # the column that partitions a table
_OWN = "project_id = @project_id"
_MARK = "_bound_"  # no name of a person's: theirs begin with a letter


def bound_table(table: str, columns: set[str]) -> str:
    """One tenant's rows of a stored table.

    Every value but the day is NULL on another tenant's row. An engine may test predicates in any
    order; without this an overflow or a bad cast in a WHERE could tell about rows that the tenant
    filter drops. The day stays bare so that conditions on it skip partitions.
    """
    day = _DAYS.get(table)
    named = [c for c in EXPOSED[table] if c in columns] or [EXPOSED[table][0]]
    values = ", ".join(c if c == day else f"IF({_OWN}, {c}, NULL) AS {c}" for c in named)
    days = f" AND {day} BETWEEN @first_day AND @last_day" if day else ""
    return f"(SELECT {values} FROM {DATASET}.{table} WHERE {_OWN}{days})"  # noqa: S608 - constants


class Writer(BigQueryGenerator):
    """GoogleSQL as it was checked, without the rewriting that the library would do."""

    TRANSFORMS: ClassVar = {
        kind: write
        for kind, write in BigQueryGenerator.TRANSFORMS.items()
        if kind not in {exp.Select, exp.Table, exp.CTE}
    }


def write(tree: exp.Expr, references: Sequence[Reference]) -> str:
    """The tree as text, a mark with the reference's number in place of every stored table."""
    for number, reference in enumerate(references):
        node = reference.node
        if not node.alias:
            node.set("alias", exp.TableAlias(this=exp.to_identifier(node.name)))
        node.set("this", exp.to_identifier(f"{_MARK}{number}"))
        node.set("db", None)
        node.meta.clear()
    return Writer(dialect=BigQuery(), comments=False).generate(tree, copy=False)


def bind(
    text: str, references: Sequence[Reference], source: Source, parameters: frozenset[str]
) -> str:
    """Read the written text again and put a tenant-bound subquery in the place of every mark."""
    tree = parse_written(text)
    if tree is None:
        raise _unproven(source)
    parts = {part.alias.lower() for part in tree.find_all(exp.CTE)}
    waiting = dict(enumerate(references))
    spans: list[tuple[int, int, str]] = []
    for node in tree.walk():
        if type(node) not in FORMS:  # an edit of the writer's
            raise _unproven(source)
        if isinstance(node, exp.Parameter) and node.name not in parameters:
            raise _unproven(source)
        if isinstance(node, exp.Table) and (node.db or node.name.lower() not in parts):
            number = node.name.removeprefix(_MARK)
            reference = waiting.pop(int(number), None) if number.isdecimal() else None
            if reference is None:
                raise _unproven(source)
            start, end = node.this.meta["start"], node.this.meta["end"]
            spans.append((start, end, bound_table(reference.table, reference.relation.used)))
    if waiting:
        raise _unproven(source)
    for start, end, subquery in sorted(spans, reverse=True):
        text = f"{text[:start]}{subquery}{text[end + 1 :]}"
    return text


def _unproven(source: Source) -> UnsafeSql:
    detail = "This query cannot be bound to your project for certain. Write it in a simpler way."
    return source.refuse("unproven", detail)
