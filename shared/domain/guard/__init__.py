"""The SQL guard: only one bounded SELECT over one tenant's own rows gets past it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from shared.domain.guard import growth
from shared.domain.guard.binding import bind, write
from shared.domain.guard.finishing import check_columns, finish
from shared.domain.guard.parsing import parse
from shared.domain.guard.reading import Reading
from shared.domain.guard.refusal import Reason, Source, UnsafeSql
from shared.domain.guard.shape import check_shape

__all__ = ["Guarded", "Reason", "UnsafeSql", "guard"]


@dataclass(frozen=True, slots=True)
class Guarded:
    """A statement that may run.

    `sql` is tenant-bound GoogleSQL; it binds @project_id, @first_day, @last_day and the parameters
    that were allowed. `tables` are the stored tables it reads, sorted.
    """

    sql: str
    tables: tuple[str, ...]


def guard(sql: str, *, parameters: frozenset[str] = frozenset(), max_rows: int = 10_000) -> Guarded:
    """Check GoogleSQL and bind it to a tenant. Raises UnsafeSql with a reason and a position.

    `parameters` are the names of the @parameters it may use: those of a compiled plan, none for
    what a person or a model wrote. The result has a LIMIT of at most `max_rows` + 1, so a caller
    can tell that rows were left out.
    """
    return _guard(sql, parameters, max_rows)


@lru_cache(maxsize=256)
def _guard(sql: str, parameters: frozenset[str], max_rows: int) -> Guarded:
    source = Source(sql)
    try:
        return _checked(source, parameters, max_rows)
    except RecursionError as wrong:
        detail = "Nest less deeply: compute the inner parts in WITH clauses first."
        raise source.refuse("too-deep", detail) from wrong


def _checked(source: Source, parameters: frozenset[str], max_rows: int) -> Guarded:
    tree = parse(source, parameters)
    check_shape(tree, source)
    reading = Reading(source, measures_text=tree.find(*growth.GROWING) is not None)
    check_columns(reading.query(tree, None, {}), tree, source)
    written = write(finish(tree, max_rows + 1), reading.references)
    bound = bind(written, reading.references, source, parameters)
    return Guarded(bound, tuple(sorted({r.table for r in reading.references})))
