"""An upsert into one stored table, for both families: its rows in Arrow, the parts of its SQL."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from shared.errors import Invalid
from shared.ports import Column, Table

_ARROW = {
    "STRING": pa.string(),
    "INT64": pa.int64(),
    "FLOAT64": pa.float64(),
    "NUMERIC": pa.decimal128(38, 9),
    "DATE": pa.date32(),
    "BOOL": pa.bool_(),
    "TIMESTAMP": pa.timestamp("us", "UTC"),
}
_OWN = ("project_id", "loaded_at")  # columns that the merge fills


@dataclass(frozen=True, slots=True)
class Upsert:
    """Where rows go, and the value columns that they bring."""

    table: Table
    project_id: str
    given: tuple[str, ...]

    @property
    def staged(self) -> list[Column]:
        """The columns that rows bring."""
        return [column for column in self.table.columns if column.name not in _OWN]

    @property
    def key(self) -> list[str]:
        """The staged columns of the key."""
        return [name for name in self.table.key if name not in _OWN]

    @property
    def schema(self) -> pa.Schema:
        """The staged columns in Arrow."""
        return pa.schema([(column.name, _ARROW[column.type]) for column in self.staged])

    def fitted(self, batch: pa.RecordBatch) -> pa.Table:
        """A batch in the types of the table. Raises Invalid for what does not fit."""
        try:
            return pa.Table.from_batches([batch]).select(self.schema.names).cast(self.schema)
        except (KeyError, pa.ArrowException) as error:
            raise Invalid(f"These rows do not fit the table: {error}") from error

    def parts(self) -> dict[str, str]:
        """The pieces of its statements, over stored rows `t` and staged rows `s`.

        Names come from the semantic layer only.
        """
        given = [name for name in self.table.values if name in self.given]
        columns = [column.name for column in self.staged]
        return {
            "columns": ", ".join(columns),
            "staged_columns": ", ".join(f"s.{name}" for name in columns),
            "same": " AND ".join(f"t.{name} = s.{name}" for name in self.key),
            "changed": " OR ".join(f"t.{n} IS DISTINCT FROM s.{n}" for n in given) or "FALSE",
            "assigned": "".join(f"{name} = s.{name}, " for name in given),
        }
