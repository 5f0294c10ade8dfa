"""A file as raw text by column, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import pyarrow as pa

from shared.domain.imports.mapping import ColumnMap

TEXT = pa.string()
WORDS = pa.dictionary(pa.int32(), pa.string())

PLACEHOLDERS = ("", "-", "--", "—", "–", "n/a", "N/A", "#N/A", "null", "NULL")
"""What exports write where there is nothing. A missing number is not a zero."""


class Mark(StrEnum):
    """The decimal mark."""

    POINT = "."
    COMMA = ","

    @property
    def other(self) -> Mark:
        """The one that then separates thousands."""
        return Mark.COMMA if self is Mark.POINT else Mark.POINT


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bad row stands; `row` is None for a line that never became a row, for `problem`."""

    line: int
    row: int | None
    problem: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows before their values are understood.

    `columns` holds text by target: numbers as strings, the rest dictionary-encoded, null for what
    is empty. `first` is the file's own first column, where exports write "Total"; None in a format
    without totals. `misshapen` counts lines that are no rows; `places(rows)` finds these and the
    given rows, in line order.
    """

    map: ColumnMap
    columns: dict[str, pa.Array]
    rows: int
    places: Callable[[Collection[int]], Iterator[Place]]
    first: pa.Array | None = None
    misshapen: int = 0
    totals: int = 0  # lines of totals that are no rows either
    hint: Mark | None = None
    exact: bool = False  # numbers have a decimal point by the format's own rule
    warnings: list[str] = field(default_factory=list)
