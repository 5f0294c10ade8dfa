"""Amounts in two currencies cannot be added: what names another than the project's is bad."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from shared.domain.imports.aliases import CURRENCY_CODES, CURRENCY_SIGNS
from shared.domain.imports.layout import Layout
from shared.domain.imports.mapping import ColumnMap
from shared.domain.imports.words import Fault
from shared.errors import Invalid

_SIGN = "|".join(re.escape(s) for s in sorted(CURRENCY_SIGNS, key=len, reverse=True))
CURRENCY = rf"(?i:{_SIGN}|{'|'.join(CURRENCY_CODES.split())})"
"""RE2 for a currency as people write it."""

_IN_HEADER = re.compile(rf"(?<![^\W_])(?:{CURRENCY})(?![^\W_])")
_CODES_OF = {sign.casefold(): frozenset(codes.split()) for sign, codes in CURRENCY_SIGNS.items()}
_NONE: frozenset[str] = frozenset()


def check_headers(columns: ColumnMap, layout: Layout, own: str | None) -> None:
    """Raise Invalid if a column of money is headed by another currency than the project's own."""
    for target in layout.targets:
        header = columns.header(target.name) if target.kind == "money" else None
        found = _IN_HEADER.search(header or "")
        if own and found and own not in _codes(found[0]):
            raise Invalid(f"The column '{header}' {_foreign(found[0], own)}.")


def foreign_amounts(target: str, column: pa.DictionaryArray, own: str | None) -> Fault | None:
    """A fault in the rows whose text names another currency than `own`, or than most rows do."""
    named = _named(target, column.dictionary)
    main = own or _most(named, column.indices)
    other = [bool(text) and main is not None and main not in _codes(text) for text in named]
    if not any(other):
        return None
    rows = pc.fill_null(pa.array(other, pa.bool_()).take(column.indices), False)
    names = dict(zip(column.dictionary.to_pylist(), named, strict=True))
    if own is None:
        why = f"is not in {main}, as most rows are; import one currency"
        return Fault(target, rows, lambda _: why)
    return Fault(target, rows, lambda text: _foreign(names[text], own))


def _foreign(written: str, own: str) -> str:
    codes = _codes(written)
    name = next(iter(codes)) if len(codes) == 1 else written
    return f"is in {name}, the project in {own}; convert it or import it into a project in {name}"


def _named(target: str, texts: pa.Array) -> list[str]:
    """The currency that each text names, as it is written there, or ""."""
    pattern = f"(?P<found>{CURRENCY})"
    if target == "currency":  # any code of three letters, also one that few use
        pattern = rf"^\s*(?P<code>[A-Za-z]{{3}})\s*$|{pattern}"
    found = pc.extract_regex(texts, pattern).to_pylist()
    return [next(filter(None, (parts or {}).values()), "") for parts in found]


def _most(named: list[str], indices: pa.Array) -> str | None:
    """The currency that most rows name beyond doubt."""
    sure = [next(iter(codes)) if len(codes := _codes(text)) == 1 else None for text in named]
    rows = pa.array(sure, pa.string()).take(indices).drop_null()
    counts = {c["values"]: c["counts"] for c in rows.value_counts().to_pylist()}
    return max(counts, key=lambda code: counts[code], default=None)


def _codes(written: str) -> frozenset[str]:
    """Every currency that a sign or code may be."""
    if not written:
        return _NONE
    return _CODES_OF.get(written.casefold(), frozenset({written.upper()}))
