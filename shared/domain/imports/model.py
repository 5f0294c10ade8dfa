"""What goes into an import and what comes out of it."""

from __future__ import annotations

import csv
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.errors import FieldError, Invalid

MAX_ERRORS = 100
MAX_VALUE = 100
_MAX_MAP = 10_000


class ImportOptions(BaseModel):
    """How to import. `map` names targets for source columns and overrides what is recognised.

    With `replace_campaigns`, stored rows of the file's campaigns that the file lacks are removed.
    `currency` is the project's, and amounts in another are errors; None: than that of most.
    `day_first` is how the project's language writes 03/04/2025, where the file does not tell.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    map: dict[str, str] = Field(default_factory=dict)
    on_error: Literal["reject_file", "skip_rows"] = "reject_file"
    dry_run: bool = False
    replace_campaigns: bool = False
    currency: str | None = None
    day_first: bool | None = None


class LineError(BaseModel):
    """One bad cell, or one bad line when `column` is null. `line` counts the file's own lines."""

    line: int
    column: str | None
    value: str | None
    message: str


class ImportPeriod(BaseModel):
    """First and last day of the rows that count."""

    start: date
    end: date


class ImportReport(BaseModel):
    """What an import did, or would do; `errors` are the first 100, `rejected` counts all lines."""

    inserted: int
    updated: int
    unchanged: int
    rejected: int
    errors: list[LineError]
    warnings: list[str]
    period: ImportPeriod | None


def parse_map(text: str) -> dict[str, str]:
    """`Cost:spend,"Day, local":date` as source → target. Raises Invalid.

    A source that holds a comma stands in double quotes; the last colon parts source and target.
    """
    if len(text) > _MAX_MAP:
        raise _bad_map("is too long")
    try:
        pairs = next(csv.reader([text], skipinitialspace=True), [])
    except csv.Error as error:
        raise _bad_map("holds a line break") from error
    found: dict[str, str] = {}
    for pair in pairs:
        source, _, target = (part.strip() for part in pair.rpartition(":"))
        if not source or not target:
            raise _bad_map(f"holds {pair[:MAX_VALUE]!r}, which is not source:target")
        if source in found or target in found.values():
            raise _bad_map(f"names {pair[:MAX_VALUE]!r} twice")
        found[source] = target
    return found


def _bad_map(what: str) -> Invalid:
    detail = f"The column map {what}. Write it as source:target,source:target."
    return Invalid(detail, errors=[FieldError("map", what)])
