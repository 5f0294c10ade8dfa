"""The text of an answer to SQL: one row is told, a table is described."""

from __future__ import annotations

from shared.domain.query.models import Cell
from shared.domain.query.running import Ran
from shared.domain.wording import UNDEFINED, listing, number, some

MOST_TOLD = 4


def table_text(ran: Ran) -> str:
    """One or two sentences; every number in them is in the rows."""
    result, source = ran.result, f"(source: {', '.join(ran.tables)})" if ran.tables else ""
    if not result.rows:
        return f"The query gives no rows {source}".strip() + "."
    if len(result.rows) == 1 and len(result.names) <= MOST_TOLD:
        cells = zip(result.names, result.rows[0], strict=True)
        told = listing([f"{name} = {_written(cell)}" for name, cell in cells])
        return f"The query gives {told} {source}".strip() + "."
    cut = " The table is cut: there are more rows." if result.truncated else ""
    return f"The query gives a table of {some(result.names)} {source}".strip() + f".{cut}"


def _written(cell: Cell) -> str:
    if cell is None:
        return UNDEFINED
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return number(cell, 4)
    return str(cell)[:100]
