"""A query's result as it travels: JSON-safe cells, the same whether fresh or from the cache."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared.domain.query.models import Cell, ResultColumn
from shared.ports import Rows, Scalar

NUMBERS = frozenset({"INT64", "FLOAT64", "NUMERIC", "BIGNUMERIC"})
DECIMALS = 9  # of a number that is not whole; NUMERIC has no more
INSTANTS = frozenset({"DATE", "DATETIME", "TIMESTAMP"})


@dataclass(frozen=True, slots=True)
class Result:
    """Dates are ISO 8601 strings, decimals are numbers, NaN and Infinity are null."""

    columns: tuple[ResultColumn, ...]
    rows: list[list[Cell]]
    truncated: bool = False
    bytes_processed: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(column.name for column in self.columns)

    def values(self, name: str) -> list[Cell]:
        """One column."""
        at = self.names.index(name)
        return [row[at] for row in self.rows]


def result_of(found: Rows) -> Result:
    """The warehouse's rows made JSON-safe."""
    return Result(
        columns=tuple(ResultColumn(name=c.name, type=c.type) for c in found.columns),
        rows=[[_cell(value) for value in row] for row in found.rows],
        truncated=found.truncated,
        bytes_processed=found.bytes_processed,
    )


def _cell(value: Scalar) -> Cell:
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        # Sums of binary fractions end in noise: 899.2999999999998 is 899.3.
        return round(value, DECIMALS) if math.isfinite(value) else None
    return value.isoformat() if isinstance(value, date) else value


def packed(result: Result) -> str:
    """The result as one text."""
    return json.dumps(
        {
            "columns": [[c.name, c.type] for c in result.columns],
            "rows": result.rows,
            "truncated": result.truncated,
            "bytes": result.bytes_processed,
        },
        separators=(",", ":"),
    )


def unpacked(text: str) -> Result:
    """What `packed` packed."""
    held = json.loads(text)
    columns = tuple(ResultColumn(name=name, type=type_) for name, type_ in held["columns"])
    return Result(columns, held["rows"], held["truncated"], held["bytes"])


def to_csv(names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """RFC 4180 text; what a spreadsheet would run as a formula gets an apostrophe before it."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow([_inert(name) for name in names])
    lines.writerows([_inert(cell) for cell in row] for row in rows)
    return out.getvalue()


def _inert(cell: Cell) -> Cell:
    starts_formula = isinstance(cell, str) and cell.lstrip(" ")[:1] in set("=+-@\t\r\n＝＋－＠")
    return f"'{cell}" if starts_formula else cell
