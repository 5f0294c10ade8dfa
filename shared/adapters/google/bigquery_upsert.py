"""What an upsert into one BigQuery table is: its rows, each key once, and its statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from shared.adapters.upsert import Upsert
from shared.errors import Invalid
from shared.ports import UpsertCounts

# {mine}: the rows of `stored` that can be the same as a staged one. Its days are constants, so that
# BigQuery skips the partitions of all others, and takes the query at all.
COMPARE = """\
SELECT
  COUNTIF(t.project_id IS NULL),
  COUNTIF(t.project_id IS NOT NULL AND ({changed}))
FROM {staged} AS s
LEFT JOIN (SELECT * FROM {stored} AS t WHERE {mine}) AS t ON {same}"""
MERGE = """\
MERGE INTO {stored} AS t
USING {staged} AS s ON {mine} AND {same}
WHEN MATCHED AND ({changed}) THEN
  UPDATE SET {assigned}loaded_at = @loaded_at
WHEN NOT MATCHED BY TARGET THEN
  INSERT (project_id, {columns}, loaded_at)
  VALUES (@project_id, {staged_columns}, @loaded_at)"""
# Of a staged campaign, rows of every day go. A list, for a WHEN clause must not read a table.
REPLACE = """
WHEN NOT MATCHED BY SOURCE AND {mine} AND t.campaign_id IN UNNEST(@campaigns) THEN
  DELETE"""


@dataclass(frozen=True, slots=True)
class Staged:
    """Rows to be loaded, each key once; `repeated` counts those that a later one replaced."""

    rows: pa.Table
    repeated: int

    def counts(self, inserted: int, updated: int) -> UpsertCounts:
        """What is neither new nor changed was there."""
        unchanged = self.rows.num_rows - inserted - updated
        return UpsertCounts(inserted, updated, unchanged, self.repeated)


class BigQueryUpsert(Upsert):
    """An upsert as BigQuery runs it."""

    __slots__ = ()

    @property
    def day(self) -> str | None:
        """The column that partitions the table: the day in its key."""
        days = (c.name for c in self.table.columns if c.name in self.key and c.type == "DATE")
        return next(days, None)

    def fitted(self, batch: pa.RecordBatch) -> pa.Table:
        """A batch in the types of the table. Raises Invalid for what does not fit."""
        table = super().fitted(batch)
        empty = [name for name in self.key if table.column(name).null_count]
        if empty:
            raise Invalid(f"These rows do not fit the table: one has no {empty[0]}.")
        return table

    def once(self, batches: Sequence[pa.Table]) -> Staged:
        """The rows appended, of those with one key the last."""
        rows = pa.concat_tables([self.schema.empty_table(), *batches])
        order = pa.array(range(rows.num_rows), pa.int64())
        keyed = rows.select(self.key).append_column("row_no", order)
        last = keyed.group_by(self.key).aggregate([("row_no", "max")]).column("row_no_max")
        repeated = rows.num_rows - len(last)
        return Staged(rows.take(last.sort()) if repeated else rows, repeated)

    def statement(self, template: str, stored: str, staged: str) -> str:
        """COMPARE, MERGE or MERGE + REPLACE for two tables. Names come from our own schema only."""
        mine = "t.project_id = @project_id"
        return template.format(
            stored=f"`{stored}`",
            staged=f"`{staged}`",
            mine=f"{mine} AND t.{self.day} BETWEEN @first_day AND @last_day" if self.day else mine,
            **self.parts(),
        )

    def values(self, staged: Staged, *, replace_campaigns: bool = False) -> dict[str, Any]:
        """The values of a statement's parameters, but for the instant."""
        values: dict[str, Any] = {"project_id": self.project_id}
        if replace_campaigns:
            values["campaigns"] = tuple(pc.unique(staged.rows.column("campaign_id")).to_pylist())
        if self.day and replace_campaigns:
            values |= {"first_day": date.min, "last_day": date.max}
        elif self.day:
            days = pc.min_max(staged.rows.column(self.day)).as_py()
            values |= {"first_day": days["min"], "last_day": days["max"]}
        return values
