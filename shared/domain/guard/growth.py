"""How long texts can become: CONCAT of CONCAT of … grows by a factor at every step."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from sqlglot import exp

from shared.domain.guard.functions import literal_text

if TYPE_CHECKING:
    from shared.domain.guard.reading import Reading

MAX_WIDTH = 400  # in stored values of text
AGGREGATED = 100  # what STRING_AGG is taken for: its length depends on the rows
LITERAL_UNIT = 50  # characters of a literal that count as one stored value
GROWING = (exp.Concat, exp.DPipe, exp.Replace, exp.RegexpReplace, exp.GroupConcat)


def check_width(reading: Reading, node: exp.Expr) -> None:
    """Raise if a text in the expression can be too long."""
    if width(reading, node) > MAX_WIDTH:
        detail = "This text can grow without bound. Put together fewer or shorter parts."
        raise reading.source.refuse("text-growth", detail, node)


def width(reading: Reading, node: exp.Expr) -> int:
    """The longest text of an expression, in units of one stored value."""
    if isinstance(node, exp.Column):
        home = reading.homes.get(id(node))
        return home.field.width if home else MAX_WIDTH  # a column of the SELECT list, by its alias
    if isinstance(node, exp.Query):
        return reading.widths.get(id(node), 1)
    if (text := literal_text(node)) is not None:
        return 1 + len(text) // LITERAL_UNIT
    parts = [width(reading, child) for child in node.iter_expressions()] or [1]
    if isinstance(node, exp.Concat | exp.DPipe):
        return sum(parts)
    return max(parts) * _factor(node)


def _factor(node: exp.Expr) -> int:
    if isinstance(node, exp.GroupConcat):
        return AGGREGATED
    if isinstance(node, exp.Replace):
        return max(1, ceil(_length(node, "replacement") / max(1, _length(node, "expression"))))
    # A pattern may match between any two characters, and each match puts all of the replacement.
    return 1 + _length(node, "replacement") if isinstance(node, exp.RegexpReplace) else 1


def _length(node: exp.Expr, part: str) -> int:
    return len(literal_text(node.args.get(part)) or "")
