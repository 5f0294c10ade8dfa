"""Whether the table of an answer tells what is right."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from shared.domain.query.models import QueryAnswer
from tests.bench.questions.reference import (
    GRAINS,
    Expected,
    Spec,
    average,
    counted,
    expected,
    listed,
)
from tests.bench.questions.world import facts

RELATIVE, ABSOLUTE = 1e-6, 1.5e-9  # answers are rounded to nine decimals
_NAMES = {
    **{grain: (grain, "date", *GRAINS) for grain in GRAINS},
    "campaign": ("campaign", "name"),
    "name": ("name", "campaign"),
}
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
Row = dict[str, Any]


def right(answer: QueryAnswer, spec: Spec) -> bool:
    """Whether the answer's table is the one described."""
    told = [dict(zip((c.name for c in answer.columns), row, strict=True)) for row in answer.rows]
    if answer.truncated or not _drawn(answer, spec):
        return False
    if "count" in spec:
        return _counts(answer, told, counted(spec))
    if "average" in spec:
        return len(told) == 1 and _holds(told[0], average(spec))
    if spec.get("share") == "total":
        return len(told) == 1 and _holds(told[0], float(expected(spec).table.iloc[0, -1]))
    return _budgets(told, spec) and tells(told, expected(spec))


def nothing(answer: QueryAnswer) -> bool:
    """Whether the answer has no figure at all."""
    return not any(_number(cell) is not None for row in answer.rows for cell in row)


def tells(told: Sequence[Row], wanted: Expected) -> bool:
    """Whether rows tell what is wanted; a row without any figure tells nothing."""
    if not told:
        return set(wanted.table.index) <= wanted.optional
    names = {c: _column(c, told[0]) for c in (*wanted.keys, *wanted.table.columns)}
    if any(names[key] is None for key in wanted.keys):
        return False
    if not all(any(names.get(c) for c in together) for together in wanted.needed):
        return False
    values = [c for c in wanted.table.columns if names[c] is not None]
    rows = [(_key(row, wanted.keys, names), {c: row[names[c]] for c in values}) for row in told]
    rows = [(key, cells) for key, cells in rows if not values or _any_told(cells)]
    return _same(rows, wanted) and (wanted.order is None or _in_order(rows, wanted))


def _any_told(cells: Mapping[str, Any]) -> bool:
    return any(not _blank(cell) for cell in cells.values())


def _same(rows: list[tuple[Any, Row]], wanted: Expected) -> bool:
    known = wanted.table.to_dict("index")
    if not wanted.keys:
        known = dict(zip([()], known.values(), strict=False))
    keys = [key for key, _ in rows]
    if len(set(keys)) != len(keys):
        return False
    if not all(_row_is_right(key, cells, known, wanted) for key, cells in rows):
        return False
    if wanted.order is not None:
        return wanted.least <= len(rows) <= len(known)
    blank = {key for key, row in known.items() if row and not _any_told(row)}
    return known.keys() - wanted.optional - blank <= set(keys)


def _row_is_right(key: Any, cells: Row, known: Mapping[Any, Row], wanted: Expected) -> bool:
    if key in known:
        return _equal_row(cells, known[key], key in wanted.optional)
    # Equals may stand for each other at the end of a ranking; the order is checked by value.
    return wanted.order is not None and wanted.order in cells


def _in_order(rows: list[tuple[Any, Row]], wanted: Expected) -> bool:
    column = str(wanted.order)
    if column in wanted.table.columns and all(column in cells for _, cells in rows):
        ranked = wanted.table[column].tolist()
        return all(_equal(cells[column], r) for (_, cells), r in zip(rows, ranked, strict=False))
    return all(key == r for (key, _), r in zip(rows, wanted.table.index, strict=False))


def _equal_row(told: Row, wanted: Row, lenient: bool) -> bool:
    return all(
        _equal(cell, wanted[name]) or (lenient and _blank(wanted[name]))
        for name, cell in told.items()
    )


def _equal(told: Any, wanted: Any) -> bool:
    if _blank(wanted) or _blank(told):
        return _blank(wanted) and _blank(told)
    if isinstance(wanted, str):
        return str(told).casefold() == wanted.casefold()
    number = _number(told)
    return number is not None and math.isclose(number, wanted, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


def _blank(cell: Any) -> bool:
    return cell is None or bool(pd.isna(cell))


def _number(cell: Any) -> float | None:
    return float(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else None


def _holds(row: Row, number: float) -> bool:
    return any(_equal(cell, number) for cell in row.values() if _number(cell) is not None)


def _column(name: str, row: Row) -> str | None:
    return next((known for known in _NAMES.get(name, (name,)) if known in row), None)


def _key(row: Row, keys: Sequence[str], names: Mapping[str, str | None]) -> Any:
    parts = [_label(row[str(names[key])], key) for key in keys]
    return parts[0] if len(parts) == 1 else tuple(parts)


def _label(cell: Any, key: str) -> Any:
    if key == "weekday":
        return _weekday(cell)
    if key not in GRAINS:
        return cell
    text = f"{cell}-01" if re.fullmatch(r"\d{4}-\d\d", str(cell)) else str(cell)[:10]
    day = pd.Timestamp(date.fromisoformat(text))
    return day.to_period(GRAINS[key]).start_time.strftime("%Y-%m-%d")


def _weekday(cell: Any) -> str:
    at = int(cell) - 1 if isinstance(cell, int) else _WEEKDAYS.index(str(cell)[:3].lower())
    return pd.Timestamp(2026, 3, 1 + at).day_name()  # a Sunday and the days after it


def _counts(answer: QueryAnswer, told: list[Row], groups: Expected) -> bool:
    """The number itself, or the groups with their number in the answer's words."""
    size = len(set(groups.table.index) - groups.optional)
    if len(told) == 1 and _holds(told[0], size):
        return True
    listing = Expected(groups.table[[]], groups.keys, [], optional=groups.optional)
    return tells(told, listing) and bool(re.search(rf"\b{size}\b", answer.answer))


def _budgets(told: list[Row], spec: Spec) -> bool:
    if not spec.get("budget"):
        return True
    known = facts().set_index("name")["budget"]
    return len(told) == 1 and all(_holds(told[0], known[c]) for c in listed(spec["campaign"]))


def _drawn(answer: QueryAnswer, spec: Spec) -> bool:
    return "chart" not in spec or (answer.chart is not None and answer.chart.type == spec["chart"])
