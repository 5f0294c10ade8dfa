"""Numbers as exports and people write them.

A column of plain numbers (digits and a point) is cast as it is. Any other column is taken by its
distinct texts: these are brought to one form, searched for evidence on the decimal mark, and, when
the mark is decided (see marks.py), checked against that mark's grammar and cast.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from shared.domain.imports.currency import CURRENCY
from shared.domain.imports.layout import Kind, Target
from shared.domain.imports.sheet import PLACEHOLDERS, TEXT, Mark
from shared.domain.imports.words import Fault

MONEY = pa.decimal128(38, 9)
TYPES: dict[Kind, pa.DataType] = {"money": MONEY, "count": pa.int64(), "decimal": pa.float64()}
_CASTABLE: dict[Kind, str] = {
    "money": r"^-?\d{1,29}(?:\.\d{1,9})?$",
    "count": r"^-?\d{1,18}$",
    "decimal": r"^-?\d{1,29}(?:\.\d{1,20})?$",
}
MAX_NUMBER = 10**15
TOO_LARGE = f"is out of range; the largest number is {MAX_NUMBER:,}"
_PLACES, _WIDE = Decimal("1e-9"), Context(prec=200)
_MAX_LENGTH = 60

_CANONICAL: tuple[tuple[str, str], ...] = (
    (r"[\x{200B}\x{200E}\x{200F}\x{2060}\x{FEFF}]", ""),
    (r"[\p{Z}\s]+", " "),
    (r"^ | $", ""),
    (r"[’‘`´]", "'"),
    (r"[−–‒]", "-"),
    (rf"^([-+(]?) ?{CURRENCY} ?", r"\1"),
    (rf" ?{CURRENCY} ?([-)]?)$", r"\1"),
    (r"^\( ?([^()]*?) ?\)$", r"-\1"),
    (r"^([^-].*?) ?-$", r"-\1"),
    (r"^([-+]) ", r"\1"),
    (r"^\+", ""),
)
"""RE2 rewrites in order: spaces, signs, currency before and after, (5.00) and 5.00- as -5.00."""

UNCLEAR = r"^-?[1-9]\d{0,2}[.,]\d{3}$"
"""`1.234` and `1,234`: thousands or decimals."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A number column that is not plain: its distinct texts in one form, and each row's."""

    target: Target
    encoded: pa.DictionaryArray  # as it stands in the file
    texts: pa.Array

    @property
    def indices(self) -> pa.Array:
        """Which of `texts` each row has."""
        return self.encoded.indices


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many distinct texts prove each decimal mark, and examples of what proves neither."""

    point: int = 0
    comma: int = 0
    unclear: tuple[str, ...] = ()

    @property
    def mark(self) -> Mark | None:
        """The mark that more texts prove."""
        if self.point == self.comma:
            return None
        return Mark.POINT if self.point > self.comma else Mark.COMMA


def plain_numbers(column: pa.Array, target: Target) -> tuple[pa.Array, Evidence] | None:
    """The column cast as it stands, or None when some text is not plain or not clear."""
    if target.kind == "count":
        if not pc.all(pc.ascii_is_decimal(column)).as_py():
            return None
        fits = pc.all(pc.less_equal(pc.binary_length(column), 18)).as_py()
        return (pc.cast(column, pa.int64()), Evidence()) if fits else None
    if not pc.all(pc.match_substring_regex(column, _CASTABLE[target.kind])).as_py():
        return None
    for part in (column.slice(0, 10_000), column):
        if _any(part, _proof(Mark.POINT)):
            return pc.cast(column, TYPES[target.kind]), Evidence(point=1)
    return None if _any(column, UNCLEAR) else (pc.cast(column, TYPES[target.kind]), Evidence())


def figures(column: pa.Array, target: Target) -> Figures:
    """Bring a column's distinct texts to one form."""
    encoded = column.dictionary_encode()
    return Figures(target, encoded, canonical(encoded.dictionary))


def canonical(texts: pa.Array) -> pa.Array:
    """One form: no spaces around, no currency, a leading minus; placeholders are null."""
    fits = pc.less_equal(pc.utf8_length(texts), _MAX_LENGTH)
    texts = pc.if_else(fits, texts, "?")
    for pattern, replacement in _CANONICAL:
        texts = pc.replace_substring_regex(texts, pattern, replacement)
    empty = pc.is_in(texts, value_set=pa.array(PLACEHOLDERS))
    return pc.if_else(empty, pa.scalar(None, TEXT), texts)


def evidence(column: Figures) -> Evidence:
    """What a column's own texts prove."""
    unclear = column.texts.filter(pc.match_substring_regex(column.texts, UNCLEAR))
    return Evidence(
        _count(column.texts, _proof(Mark.POINT)),
        _count(column.texts, _proof(Mark.COMMA)),
        tuple(unclear.slice(0, 1000).to_pylist()),
    )


def _proof(mark: Mark) -> str:
    """Texts that can only be read with this decimal mark."""
    d, t = re.escape(mark), re.escape(mark.other)
    return "|".join(
        (
            rf"{t}\d+{d}",  # 1,234.5
            rf"^-?\d{{1,3}}{t}\d+{t}\d{{3}}",  # 1,234,567
            rf"^-?\d*{d}(?:\d{{1,2}}|\d{{4,}})(?:[eE].*)?$",  # 12.5, 12.3456
            rf"^-?(?:\d{{4,}}|0+|){d}\d",  # 1234.567, 0.125, .125
            rf"[ ']\d{{3}}{d}\d",  # 1 234.5
        )
    )


def _grammar(mark: Mark) -> str:
    d, t = re.escape(mark), re.escape(mark.other)
    groups = (
        rf"\d{{1,3}}(?:{t}\d{{3}})+"
        rf"|\d{{1,2}}(?:{t}\d{{2}})+{t}\d{{3}}"  # 12,34,567 as written in India
        r"|\d{1,3}(?: \d{3})+|\d{1,3}(?:'\d{3})+"
    )
    digits = rf"(?:\d+(?:{d}\d*)?|{d}\d+)(?:[eE][+-]?\d{{1,2}})?"
    return rf"^-?(?:(?:{groups})(?:{d}\d*)?|{digits})$"


def read_figures(column: Figures, mark: Mark) -> tuple[pa.Array, Fault | None]:
    """Cast a column under the decided mark."""
    kind = column.target.kind
    valid = pc.match_substring_regex(column.texts, _grammar(mark))
    digits = pc.replace_substring_regex(column.texts, rf"[ '{mark.other}]", "")
    digits = pc.replace_substring(pc.if_else(valid, digits, None), mark.value, ".")
    castable = pc.match_substring_regex(digits, _CASTABLE[kind])
    values = pc.cast(pc.if_else(castable, digits, None), TYPES[kind])
    rest = pc.and_(pc.is_valid(digits), pc.invert(castable))
    if pc.any(rest).as_py():
        rescued = [_rescue(text, kind) for text in digits.filter(rest).to_pylist()]
        values = pc.replace_with_mask(values, rest, pa.array(rescued, TYPES[kind]))
    bad = pc.and_(pc.is_valid(column.texts), pc.is_null(values))
    found = values.take(column.indices)
    if not pc.any(bad).as_py():
        return found, None
    rows = pc.fill_null(bad.take(column.indices), False)
    return found, Fault(column.target.name, rows, partial(_why_not, column.target, mark))


def _rescue(text: str, kind: Kind) -> Decimal | int | float | None:
    """A valid number that Arrow does not cast: 1e3, too many decimals, `12.0` as a count."""
    try:
        value = Decimal(text)
        if kind == "decimal":
            return float(value)
        if kind == "money":
            rounded = value.quantize(_PLACES, context=_WIDE)
            return rounded if abs(rounded) < Decimal("1e29") else None
        whole = value == value.to_integral_value() and abs(value) < Decimal("1e18")
        return int(value) if whole else None
    except InvalidOperation:
        return None


def limits(values: pa.Array, target: Target) -> Iterator[Fault]:
    """Only revenue may be negative, by refunds; and a project's sums must never overflow."""
    least, most = pc.min_max(values).as_py().values()
    if least is None:
        return
    if least < 0 and not target.signed:
        below = pc.fill_null(pc.less(values, 0), False)
        yield Fault(target.name, below, lambda _: "is negative; only revenue can be, by refunds")
    if max(-least, most) > MAX_NUMBER:
        beyond = pc.fill_null(pc.greater(pc.abs(values), MAX_NUMBER), False)
        yield Fault(target.name, beyond, lambda _: TOO_LARGE)


def _why_not(target: Target, mark: Mark, text: str) -> str:
    form = canonical(pa.array([text], TEXT))[0].as_py() or ""
    fits = {m: re.fullmatch(_grammar(m)[1:-1], form, re.ASCII) for m in Mark}
    if "%" in text:
        return "is a percentage; a number that can be summed is needed"
    if fits[mark] and target.kind == "count" and re.search(rf"\{mark}0*[1-9]", form):
        return "is not a whole number"
    if fits[mark]:
        return TOO_LARGE
    if fits[mark.other]:
        written = {Mark.POINT: "point", Mark.COMMA: "comma"}[mark]
        return f"does not fit its column, which has a decimal {written}"
    return "is not a number"


def _any(column: pa.Array, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(column, pattern)).as_py())


def _count(column: pa.Array, pattern: str) -> int:
    return int(pc.sum(pc.match_substring_regex(column, pattern)).as_py() or 0)
