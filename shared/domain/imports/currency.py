"""Amounts in two currencies cannot be added: rows that are not in the main one are bad."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from shared.domain.imports.aliases import CURRENCY_CODES, CURRENCY_SIGNS
from shared.domain.imports.sheet import TEXT
from shared.domain.imports.words import Fault

_SIGN = "|".join(re.escape(s) for s in sorted(CURRENCY_SIGNS, key=len, reverse=True))
CURRENCY = rf"(?i:{_SIGN}|{'|'.join(CURRENCY_CODES.split())})"
"""RE2 for a currency as people write it."""

_CODE_OF = {sign.casefold(): code for sign, code in CURRENCY_SIGNS.items()}


def mixed_currency(target: str, distinct: pa.Array, indices: pa.Array) -> Fault | None:
    """A fault in the rows whose text names another currency than most rows do."""
    written = pc.struct_field(pc.extract_regex(distinct, f"(?P<found>{CURRENCY})"), "found")
    codes = [sign and _code(sign) for sign in written.to_pylist()]
    rows = pa.array(codes, TEXT).take(indices)
    counts = {c["values"]: c["counts"] for c in rows.drop_null().value_counts().to_pylist()}
    if len(counts) < 2:
        return None
    main = max(counts, key=lambda code: counts[code])
    other = pc.fill_null(pc.not_equal(rows, main), False)
    why = f"is not in {main}, as most rows are; import one currency"
    return Fault(target, other, lambda _: why)


def _code(written: str) -> str | None:
    return _CODE_OF.get(written.casefold(), written.upper()) or None
