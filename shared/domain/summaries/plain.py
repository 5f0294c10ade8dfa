"""Plain text in lines that any mail program shows whole."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Final

from shared.domain.anomalies.explaining.phrases import name as one_line
from shared.domain.pages import unlinked

COLUMNS: Final = 76
BETWEEN: Final = 2
SHORTEST: Final = 12  # a name


def wrapped(text: str, first: str = "") -> str:
    """Text in lines; `first` stands before it, as many blanks before the lines below."""
    below = " " * len(first)
    return unlinked(textwrap.fill(text, COLUMNS, initial_indent=first, subsequent_indent=below))


def aligned(rows: Sequence[tuple[str, ...]]) -> str:
    """Rows below each other: names to the left, cut where they leave no room, figures right."""
    if not rows:
        return ""
    names, *figures = zip(*rows, strict=True)
    widths = [max(map(len, column)) for column in figures]
    room = max(COLUMNS - sum(widths) - BETWEEN * len(widths), SHORTEST)
    longest = min(max(map(len, names)), room)
    lines = zip(names, zip(*figures, strict=True), strict=True)
    return "\n".join(
        _line(one_line(name, longest), longest, values, widths) for name, values in lines
    )


def _line(name: str, longest: int, values: Sequence[str], widths: Sequence[int]) -> str:
    told = (f"{value:>{width + BETWEEN}}" for value, width in zip(values, widths, strict=True))
    return unlinked(f"{name:<{longest}}{''.join(told)}")
