"""Values between Python and BigQuery: typed parameters there, plain rows back."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from google.cloud import bigquery

from shared.errors import Invalid
from shared.ports import Column

Parameter = bigquery.ScalarQueryParameter | bigquery.ArrayQueryParameter

_NUMERIC_WHOLE, _NUMERIC_SCALE = 29, 9  # digits before and after the point
_WIDENING = ("INT64", "NUMERIC", "BIGNUMERIC", "FLOAT64")  # each reads the ones before it
_FORMS: dict[str, Callable[[Any], Any]] = {
    "NUMERIC": Decimal,
    "BIGNUMERIC": Decimal,
    "FLOAT64": float,
}
_NAMES = {"INTEGER": "INT64", "FLOAT": "FLOAT64", "BOOLEAN": "BOOL", "RECORD": "STRUCT"}


def parameters(values: Mapping[str, Any], used: frozenset[str]) -> list[Parameter]:
    """The named parameters that a text uses, typed.

    What has no type of its own (None, an empty array) is a STRING, which BigQuery reads as DATE
    and TIMESTAMP too. Raises Invalid for a name without a value and for an array of two types.
    """
    given = {name.lower(): value for name, value in values.items()}
    missing = sorted(used - given.keys())
    if missing:
        raise Invalid(f"The SQL uses @{missing[0]}, and no value was given for it.")
    return [_parameter(name, given[name]) for name in sorted(used)]


def _parameter(name: str, value: Any) -> Parameter:
    if isinstance(value, tuple):
        kind = _common(name, {_kind(item) for item in value if item is not None})
        return bigquery.ArrayQueryParameter(name, kind, [_as(kind, item) for item in value])
    kind = _kind(value)
    return bigquery.ScalarQueryParameter(name, kind, _as(kind, value))


def _as(kind: str, value: Any) -> Any:
    """A whole number in a parameter of a wider type: the wire has another form for it."""
    return _FORMS[kind](value) if kind in _FORMS and value is not None else value


def _common(name: str, kinds: set[str]) -> str:
    if len(kinds) < 2:
        return next(iter(kinds), "STRING")
    if not kinds <= set(_WIDENING):
        raise Invalid(f"The values of @{name} are of different types: {', '.join(sorted(kinds))}.")
    return max(kinds, key=_WIDENING.index)


def _kind(value: Any) -> str:
    for python, kind in _KINDS.items():
        if isinstance(value, python):
            return kind(value) if callable(kind) else kind
    return "STRING"


def _exact(value: Decimal) -> str:
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise Invalid("NaN and infinities are no exact numbers.")
    fits = -exponent <= _NUMERIC_SCALE and len(digits) + exponent <= _NUMERIC_WHOLE
    return "NUMERIC" if fits else "BIGNUMERIC"


# The first that fits: a bool is an int, and a datetime a date, in Python.
_KINDS: dict[type, str | Callable[[Any], str]] = {
    bool: "BOOL",
    int: lambda value: "INT64" if -(2**63) <= value < 2**63 else _exact(Decimal(value)),
    float: "FLOAT64",
    Decimal: _exact,
    datetime: "TIMESTAMP",
    date: "DATE",
}


def columns(schema: Iterable[bigquery.SchemaField]) -> tuple[Column, ...]:
    """Result columns under the names of GoogleSQL, not those of the older dialect."""
    return tuple(Column(field.name, _type_name(field)) for field in schema)


def _type_name(field: bigquery.SchemaField) -> str:
    name = _NAMES.get(field.field_type, field.field_type)
    return f"ARRAY<{name}>" if field.mode == "REPEATED" else name


def plain(rows: Iterable[bigquery.Row], columns: Sequence[Column]) -> list[tuple[Any, ...]]:
    """Rows with NaN and infinities as None, for JSON has none."""
    floats = [place for place, column in enumerate(columns) if "FLOAT64" in column.type]
    return [_mended(row.values(), floats) for row in rows]  # type: ignore[no-untyped-call]


def _mended(row: tuple[Any, ...], floats: Sequence[int]) -> tuple[Any, ...]:
    if not floats:
        return row
    values = list(row)
    for place in floats:
        values[place] = _finite(values[place])
    return tuple(values)


def _finite(value: Any) -> Any:
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return value if value is None or math.isfinite(value) else None
