"""Rows that are no data: totals, footers and blank rows. They are never counted as data.

A total is told by its word where a day should be, or by its word (or no name at all) in a row that
has no day. So a campaign called "Total Wine" stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum

import pyarrow as pa
import pyarrow.compute as pc

from shared.domain.imports.layout import Layout
from shared.domain.imports.sheet import Sheet

_WORDS = re.compile(
    r"\s*(?:(?:grand |sub)?totals?|gesamt(?:summe|ergebnis)?|summe|insgesamt|ergebnis"
    r"|(?:eind)?totaal|total g[eé]n[eé]ral|total general|suma|somme|ensemble)\b|\s*©",
    re.IGNORECASE,
)
_DAY = re.compile(r"\s*\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|\s*\d{8}\s*$")


class Odd(Enum):
    """What a line of the wrong width is."""

    BLANK = 0
    TOTAL = 1
    BROKEN = 2


def what_is(cells: Sequence[str]) -> Odd:
    """Tell a blank line and a total or a footer from a broken row."""
    filled = [cell for cell in cells if cell.strip()]
    if not filled:
        return Odd.BLANK
    total = any(map(_WORDS.match, filled)) and not any(map(_DAY.match, filled))
    return Odd.TOTAL if total else Odd.BROKEN


def set_aside(sheet: Sheet, layout: Layout) -> tuple[pa.Array, pa.Array]:
    """Two masks: the rows that are totals, the rows in which no column that is used has a value."""
    blank = _all([pc.is_null(column) for column in sheet.columns.values()])
    if sheet.first is None:
        return pa.repeat(False, sheet.rows), blank
    total = _undated_totals(sheet, layout) if "date" in sheet.columns else _lone_totals(sheet)
    return pc.and_not(total, blank), blank


def _undated_totals(sheet: Sheet, layout: Layout) -> pa.Array:
    told = _says(_WORDS.match, sheet.columns["date"])
    undated = pc.or_(pc.is_null(sheet.columns["date"]), told)
    if not pc.any(undated).as_py():
        return undated
    for column in (*sheet.columns.values(), sheet.first):
        told = pc.or_(told, _says(_WORDS.match, column))
    names = [sheet.columns[name] for name in layout.names if name in sheet.columns]
    if names:
        told = pc.or_(told, _all([pc.is_null(name) for name in names]))
    return pc.and_(undated, told)


def _lone_totals(sheet: Sheet) -> pa.Array:
    return _says(re.compile(rf"(?:{_WORDS.pattern})\s*(?::.*)?", re.I).fullmatch, sheet.first)


def _says(test: Callable[[str], object], column: pa.Array) -> pa.Array:
    """The rows whose text passes; a column of numbers has none."""
    if not pa.types.is_dictionary(column.type):
        return pa.repeat(False, len(column))
    told = [test(text) is not None for text in column.dictionary.to_pylist()]
    return pc.fill_null(pa.array(told, pa.bool_()).take(column.indices), False)


def _all(masks: Sequence[pa.Array]) -> pa.Array:
    both = masks[0]
    for mask in masks[1:]:
        both = pc.and_(both, mask)
    return both
