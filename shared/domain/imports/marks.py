"""Is the point or the comma the decimal mark? Decided per column, over the whole file.

A column's own proof counts first, then what the file's other columns prove. Where both are silent,
`1.234` in a column of counts can only be thousands, and tells the other columns too. What is still
open follows the file's habits (a semicolon between cells goes with decimal commas), and is said.
"""

from __future__ import annotations

from collections.abc import Iterable

from shared.domain.imports.currency import foreign_amounts
from shared.domain.imports.layout import Target
from shared.domain.imports.numbers import (
    Evidence,
    Figures,
    evidence,
    figures,
    limits,
    plain_numbers,
    read_figures,
)
from shared.domain.imports.sheet import Mark, Sheet
from shared.domain.imports.words import Columns

_WRITTEN = {Mark.POINT: "point", Mark.COMMA: "comma"}


def read_numbers(
    sheet: Sheet, targets: Iterable[Target], currency: str | None
) -> tuple[Columns, bool]:
    """Read every number column that the sheet has; and whether some column has decimal commas.

    `currency` is the only one that amounts may name; None: that of most rows.
    """
    read = Columns()
    proofs: dict[Target, Evidence] = {}
    unread: dict[Target, Figures] = {}
    for target in targets:
        column = sheet.columns[target.name]
        plain = plain_numbers(column, target)
        if plain:
            values, proofs[target] = plain
            read.add(target.name, values, *limits(values, target))
        else:
            unread[target] = figures(column, target)
            proofs[target] = evidence(unread[target])
    comma = False
    for target, column in unread.items():
        mark = _known(target, proofs, sheet) or sheet.hint or Mark.POINT
        comma |= mark is Mark.COMMA
        read.warnings += _said(target, proofs, sheet, mark)
        values, fault = read_figures(column, mark)
        foreign = foreign_amounts(target.name, column.encoded, currency)
        read.add(target.name, values, fault, foreign, *limits(values, target))
    return read, comma


def _known(target: Target, proofs: dict[Target, Evidence], sheet: Sheet) -> Mark | None:
    """The mark that follows from the file's numbers, or from its format."""
    if sheet.exact:
        return Mark.POINT
    counts = [proof for t, proof in proofs.items() if t.kind == "count"]
    own = [proofs[target]] if target.kind == "count" else []
    return (
        proofs[target].mark
        or _agreed(proof.mark for proof in proofs.values())
        or _agreed(mark for proof in own for mark in _thousands(proof))
        or _agreed(mark for proof in counts for mark in _thousands(proof))
    )


def _agreed(marks: Iterable[Mark | None]) -> Mark | None:
    distinct = {mark for mark in marks if mark}
    return distinct.pop() if len(distinct) == 1 else None


def _thousands(proof: Evidence) -> set[Mark]:
    """The decimal marks that go with the thousands of a column of counts."""
    return {Mark.COMMA if "." in text else Mark.POINT for text in proof.unclear}


def _said(target: Target, proofs: dict[Target, Evidence], sheet: Sheet, mark: Mark) -> list[str]:
    proof, header = proofs[target], sheet.map.header(target.name)
    if proof.point and proof.comma:
        return [
            f"'{header}' has both decimal points and decimal commas; it was read with a decimal "
            f"{_WRITTEN[mark]}, and what does not fit is an error."
        ]
    if proof.unclear and not _known(target, proofs, sheet):
        text = proof.unclear[0]
        return [
            f"Numbers such as '{text}' in '{header}' can be read two ways; this one was read as "
            f"{text.replace(mark.other, '').replace(mark, '.')}. To be sure, write numbers without "
            "marks between thousands."
        ]
    return []
