"""From a sheet to typed rows: what is read, what is bad, what a person should know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from shared.domain.imports.currency import check_headers, foreign_amounts
from shared.domain.imports.days import LAST_DAY, day_reader, decide_order
from shared.domain.imports.layout import NUMBERS, Kind, Layout, Target
from shared.domain.imports.mapping import listed
from shared.domain.imports.marks import read_numbers
from shared.domain.imports.model import MAX_VALUE, ImportOptions, LineError
from shared.domain.imports.numbers import MONEY
from shared.domain.imports.sheet import TEXT, Mark, Sheet
from shared.domain.imports.summary import set_aside
from shared.domain.imports.words import (
    NO_CAMPAIGN,
    Columns,
    Fault,
    derived_id,
    read_channel,
    read_each,
    read_id,
    read_name,
)
from shared.errors import Invalid

_READERS: dict[Kind, Callable[[str], str | None]] = {
    "channel": read_channel,
    "id": read_id,
    "text": read_name,
}
_MAX_DAYS = 100_000  # in a century there are fewer
_TYPES = {
    "STRING": TEXT,
    "DATE": pa.date32(),
    "NUMERIC": MONEY,
    "INT64": pa.int64(),
    "FLOAT64": pa.float64(),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows that can be written, and what is wrong with the others."""

    rows: pa.Table
    read: int  # lines that the file has after its header
    rejected: int
    given: tuple[str, ...]  # the value columns that the file has
    faults: list[Fault]
    warnings: list[str]


def check(sheet: Sheet, layout: Layout, options: ImportOptions, today: date) -> Checked:
    """Read every column, apply the rules of the rows, and part the good from the bad."""
    present = [target for target in layout.targets if target.name in sheet.columns]
    check_headers(sheet.map, layout, options.currency)
    read, comma = read_numbers(sheet, [t for t in present if t.name in NUMBERS], options.currency)
    day_first = comma or sheet.hint is Mark.COMMA or bool(options.day_first)
    _read_days(sheet, [t for t in present if t.kind == "date"], today, day_first, read)
    for target in present:
        if target.kind in _READERS:
            column = sheet.columns[target.name]
            reader = _READERS[target.kind]
            read.add(target.name, *read_each(target.name, column, reader, TEXT))
    if "currency" in sheet.columns:
        codes = sheet.columns["currency"]
        foreign = foreign_amounts("currency", codes, options.currency)
        read.faults += [foreign] if foreign else []
    _RULES[layout.table.name](sheet, read)
    return _part(sheet, layout, read)


def line_errors(sheet: Sheet, faults: Sequence[Fault], limit: int) -> Iterator[LineError]:
    """The errors of the first `limit` bad rows and of all misshapen lines, in line order."""
    if not faults and not sheet.misshapen:
        return
    bad = _any_of([fault.rows for fault in faults], sheet.rows)
    rows = set(pc.indices_nonzero(bad).slice(0, limit).to_pylist())
    for place in sheet.places(rows):
        if place.row is None:
            text = place.text[:MAX_VALUE]
            yield LineError(
                line=place.line, column=None, value=text, message=f"The line {place.problem}."
            )
            continue
        for fault in faults:
            if fault.rows[place.row].as_py():
                yield _line_error(sheet, fault, place.line, place.row)


def _line_error(sheet: Sheet, fault: Fault, line: int, row: int) -> LineError:
    column = sheet.columns.get(fault.target)
    text: str | None = column[row].as_py() if column is not None else None
    return LineError(
        line=line,
        column=sheet.map.header(fault.target) or fault.target,
        value=None if text is None else text[:MAX_VALUE],
        message=f"The value {fault.explain(text or '')}.",
    )


def _read_days(
    sheet: Sheet, targets: Sequence[Target], today: date, day_first: bool, read: Columns
) -> None:
    """The order of day and month is one for all of a file's date columns."""
    if not targets:
        return
    last = LAST_DAY if targets[0].planned else today
    columns = {target.name: sheet.columns[target.name] for target in targets}
    texts = {text: None for c in columns.values() for text in c.dictionary.to_pylist()}
    if len(texts) > _MAX_DAYS:
        names = listed([sheet.map.header(name) or name for name in columns])
        raise Invalid(f"{names} should hold days, and has more than {_MAX_DAYS:,} different texts.")
    order = decide_order(texts, last, day_first)
    read.warnings += [order.warning] if order.warning else []
    reader = day_reader(order.day_first, last)
    for name, column in columns.items():
        read.add(name, *read_each(name, column, reader, pa.date32()))


def _check_metrics(sheet: Sheet, read: Columns) -> None:
    _require(read, "date")
    if sheet.map.channel:
        read.add("channel", pa.repeat(pa.scalar(sheet.map.channel), sheet.rows))
    _require(read, "channel")
    if "period_end" in read.values:
        longer = pc.fill_null(pc.not_equal(read.values["date"], read.values["period_end"]), False)
        why = "ends a period of several days; export the report with one row a day"
        read.faults += [Fault("period_end", longer, lambda _: why)]
    _identify(sheet, read, "campaign", NO_CAMPAIGN)


def _check_campaigns(sheet: Sheet, read: Columns) -> None:
    _identify(sheet, read, "name", None)
    _require(read, "campaign_id")
    if {"start_date", "end_date"} <= read.values.keys():
        before = pc.less(read.values["end_date"], read.values["start_date"])
        why = "lies before the campaign's start"
        read.faults += [Fault("end_date", pc.fill_null(before, False), lambda _: why)]


_RULES: dict[str, Callable[[Sheet, Columns], None]] = {
    "channel_daily": _check_metrics,
    "campaigns": _check_campaigns,
}


def _identify(sheet: Sheet, read: Columns, name: str, default: str | None) -> None:
    """An id from the source, else from the name, else the default; a name, else the id."""
    given = read.values.get("campaign_id", pa.nulls(sheet.rows, TEXT))
    derived = pa.nulls(sheet.rows, TEXT)
    if name in sheet.columns:
        derived, _ = read_each(name, sheet.columns[name], derived_id, TEXT)
    read.values["campaign_id"] = pc.coalesce(given, derived, pa.scalar(default, TEXT))
    read.values[name] = pc.coalesce(read.values.get(name, pa.nulls(sheet.rows, TEXT)), given)


def _require(read: Columns, target: str) -> None:
    missing = pc.is_null(read.values[target])
    for fault in read.faults:
        if fault.target == target:
            missing = pc.and_not(missing, fault.rows)
    read.faults.append(Fault(target, missing, lambda _: "is missing"))


def _part(sheet: Sheet, layout: Layout, read: Columns) -> Checked:
    total, blank = set_aside(sheet, layout)
    data = pc.invert(pc.or_(total, blank))
    faults = [Fault(f.target, pc.and_(f.rows, data), f.explain) for f in read.faults]
    faults = [fault for fault in faults if pc.any(fault.rows).as_py()]
    bad = _any_of([fault.rows for fault in faults], sheet.rows)
    good = pc.and_not(data, bad)
    stored = [c for c in layout.table.columns if c.name not in ("project_id", "loaded_at")]
    rows = pa.table(
        {c.name: read.values.get(c.name, pa.nulls(sheet.rows, _TYPES[c.type])) for c in stored}
    )
    totals = (pc.sum(total).as_py() or 0) + sheet.totals
    warnings = [f"Rows of totals and footers that were left out: {totals}."] if totals else []
    return Checked(
        rows=rows if pc.all(good).as_py() else rows.filter(good),
        read=sheet.rows + sheet.misshapen + sheet.totals,
        rejected=(pc.sum(bad).as_py() or 0) + sheet.misshapen,
        given=tuple(name for name in layout.table.values if name in sheet.columns),
        faults=faults,
        warnings=[*sheet.warnings, *read.warnings, *warnings],
    )


def _any_of(masks: Sequence[pa.Array], rows: int) -> pa.Array:
    return reduce(pc.or_, masks, pa.repeat(False, rows))
