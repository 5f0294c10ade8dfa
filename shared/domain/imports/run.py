"""One import from the upload to the report."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from itertools import islice

import pyarrow as pa
import pyarrow.compute as pc

from shared.domain.imports.check import Checked, check, line_errors
from shared.domain.imports.csv_file import read_csv
from shared.domain.imports.layout import Layout
from shared.domain.imports.model import (
    MAX_ERRORS,
    ImportOptions,
    ImportPeriod,
    ImportReport,
    LineError,
)
from shared.domain.imports.ndjson import read_ndjson
from shared.domain.imports.sheet import Sheet
from shared.domain.imports.words import NO_CAMPAIGN
from shared.domain.requests import Upload
from shared.errors import Malformed
from shared.ports import Staging, UpsertCounts

Stage = Callable[[tuple[str, ...]], AbstractContextManager[Staging]]
_ROWS_AT_ONCE = 1 << 17
_JSON_TYPES = ("ndjson", "jsonl", "json-lines", "jsonlines", "json-seq")


def run(
    stage: Stage,
    layout: Layout,
    upload: Upload,
    options: ImportOptions,
    moment: tuple[datetime, date],
) -> ImportReport:
    """Read, check and, unless told not to, write.

    `stage` opens a staging area for rows with the given value columns; `moment` is now and the
    project's today.
    """
    now, today = moment
    checked, errors = _examine(upload, layout, options, today)
    refused = checked.rejected > 0 and options.on_error == "reject_file"
    rows = checked.rows.slice(0, 0) if refused else checked.rows
    counts = _write(stage(checked.given), rows, options, now)
    return ImportReport(
        inserted=counts.inserted,
        updated=counts.updated,
        unchanged=counts.unchanged,
        rejected=checked.rejected,
        errors=errors[:MAX_ERRORS],
        warnings=[
            *checked.warnings,
            *_notes(rows, counts, today, held=bool(checked.read)),
            *_too_many(errors, checked.rejected),
        ],
        period=_period(rows),
    )


def _examine(
    upload: Upload, layout: Layout, options: ImportOptions, today: date
) -> tuple[Checked, list[LineError]]:
    """Typed rows and the first errors. The file's text is let go on return: it is large."""
    sheet = _read(upload, layout, options)
    checked = check(sheet, layout, options, today)
    errors = line_errors(sheet, checked.faults, MAX_ERRORS + 1)
    return checked, list(islice(errors, MAX_ERRORS + 1))


def _read(upload: Upload, layout: Layout, options: ImportOptions) -> Sheet:
    """By media type or name where these say NDJSON, else by the first character."""
    kind, name = upload.media_type.partition(";")[0].lower(), (upload.filename or "").lower()
    upload.file.seek(0)
    head = upload.file.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"["):
        raise Malformed("This is a JSON array. Send NDJSON: one object a line, without brackets.")
    says_so = any(word in kind for word in _JSON_TYPES) or name.endswith((".ndjson", ".jsonl"))
    if says_so or head.startswith(b"{"):
        return read_ndjson(upload.file, layout, options.map)
    return read_csv(upload.file, layout, options.map)


def _write(
    opened: AbstractContextManager[Staging],
    rows: pa.Table,
    options: ImportOptions,
    now: datetime,
) -> UpsertCounts:
    """Merge the rows, or only compare them in a dry run."""
    if rows.num_rows == 0:
        return UpsertCounts(0, 0, 0)
    with opened as staging:
        for batch in rows.to_batches(max_chunksize=_ROWS_AT_ONCE):
            staging.append(batch)
        if options.dry_run:
            return staging.compare()
        return staging.merge(now, replace_campaigns=options.replace_campaigns)


def _notes(rows: pa.Table, counts: UpsertCounts, today: date, held: bool) -> list[str]:
    notes = [] if held else ["The file has a header and no rows."]
    if counts.repeated:
        notes.append(
            f"Lines with the day, channel and campaign of a later line: {counts.repeated}; the "
            "last one counts. Export without a split by device, ad group or ad."
        )
    unnamed = _count(rows, "campaign_id", NO_CAMPAIGN)
    if unnamed:
        notes.append(f"Rows without a campaign: {unnamed}; their campaign_id is '{NO_CAMPAIGN}'.")
    unfinished = _count(rows, "date", today)
    if unfinished:
        notes.append(f"Rows of {today}, which is not over: {unfinished}; import that day again.")
    return notes


def _count(rows: pa.Table, column: str, value: str | date) -> int:
    if column not in rows.column_names:
        return 0
    return int(pc.sum(pc.equal(rows[column], value)).as_py() or 0)


def _too_many(errors: list[LineError], rejected: int) -> list[str]:
    if len(errors) <= MAX_ERRORS:
        return []
    return [f"Only the first {MAX_ERRORS} errors are listed; {rejected} lines are bad in all."]


def _period(rows: pa.Table) -> ImportPeriod | None:
    first, last = ("date", "date") if "date" in rows.column_names else ("start_date", "end_date")
    start, end = pc.min(rows[first]).as_py(), pc.max(rows[last]).as_py()
    return ImportPeriod(start=start, end=end) if start and end and start <= end else None
