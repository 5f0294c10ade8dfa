"""What names mean at one place of a query: relations, their columns, and the scopes around."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from shared.domain.semantics import TABLES

DATASET = "marketing"
NARROW = frozenset({"date", "campaign_id", "campaign", "name"})
Key = frozenset[str]
HIDDEN = frozenset({"project_id", "loaded_at"})

EXPOSED: dict[str, tuple[str, ...]] = {
    name: tuple(c.name for c in table.columns if c.name not in HIDDEN)
    for name, table in TABLES.items()
}
"""The tables a query may read and the columns of each, in the order that `SELECT *` gives."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a relation.

    `width` is its longest text, in units of one stored value; `constant` when no stored value is
    in it, so that joining on it is joining everything with everything; `narrow` when it is a day
    or a campaign as stored, so that few rows share a value.
    """

    width: int = 1
    constant: bool = False
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """Rows with named columns: a table, a WITH part, a subquery or an UNNEST.

    `rows` is the most it can have, None if not known. `scans` counts the tables read for it once
    every WITH part is written out. `scalar` when its name is its column (UNNEST). `used` collects
    the columns that the query names. `key`: no two rows are equal in these columns; None if not
    known.
    """

    fields: Mapping[str, Field]
    repeated: frozenset[str] = frozenset()
    rows: int | None = None
    scans: int = 0
    scalar: bool = False
    used: set[str] = field(default_factory=set)
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """One place where a stored table is read, and its relation, which knows the columns used."""

    node: exp.Table
    table: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gives: its columns in order (None without a name), and as in Relation."""

    columns: tuple[tuple[str | None, Field], ...]
    rows: int | None
    scans: int
    key: Key | None = None

    def relation(self) -> Relation:
        """The result under a name in FROM."""
        names = Counter(name.lower() for name, _ in self.columns if name)
        repeated = frozenset(name for name, times in names.items() if times > 1)
        fields = {name.lower(): field for name, field in self.columns if name}
        key = frozenset() if self.rows == 1 else self.key
        return Relation(fields, repeated, self.rows, self.scans, key=key)


@dataclass(slots=True)
class Scope:
    """One SELECT being read: what its FROM has brought so far, and the query around it.

    `merged` holds columns that USING made one. `correlated` when something in it names a column
    of a query around it. `key` tells its rows apart, by relation and column.
    """

    parent: Scope | None
    ctes: Mapping[str, Relation]
    relations: dict[str, Relation] = field(default_factory=dict)
    merged: set[str] = field(default_factory=set)
    rows: int | None = 1
    scans: int = 0
    correlated: bool = False
    key: frozenset[tuple[str, str]] | None = None

    def outwards(self) -> Iterator[Scope]:
        """This scope and those around it, the innermost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def homes(self, column: str) -> list[str]:
        """The relations of this scope that have the column."""
        return [name for name, relation in self.relations.items() if column in relation.fields]

    def is_row(self, name: str) -> bool:
        """Whether the bare name would be a whole row."""
        relation = self.relations.get(name)
        return relation is not None and not relation.scalar

    def known(self) -> set[str]:
        """Every column name that can be written here."""
        return {c for s in self.outwards() for r in s.relations.values() for c in r.fields}
