"""Where the header row is and what parts the cells.

Both are found together: the delimiter under which an early record names the columns that an import
needs. So title lines, comment lines and `sep=;` before the header need no rule of their own.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import IO

from shared.domain.imports.layout import Layout
from shared.domain.imports.mapping import complete, listed, recognised
from shared.domain.imports.text import Text
from shared.errors import Invalid

_DELIMITERS = (",", ";", "\t", "|")
_HEAD = 256 << 10
_RECORDS = 50


@dataclass(frozen=True, slots=True)
class Header:
    """The header row. It and all before it take `lines` lines and end at byte `offset`."""

    cells: tuple[str, ...]
    delimiter: str
    lines: int
    offset: int


def find_header(file: IO[bytes], text: Text, layout: Layout, chosen: Mapping[str, str]) -> Header:
    """The best header among the first records. Raises Invalid when none is recognised."""
    file.seek(text.start)
    head = codecs.getincrementaldecoder(text.encoding)().decode(file.read(_HEAD))
    best: tuple[tuple[bool, int], Header] | None = None
    for delimiter in _DELIMITERS:
        for cells, lines, width in _records(head, delimiter):
            targets = recognised(cells, layout, chosen)
            rank = (complete(targets, layout), len(targets))
            if targets and (best is None or rank > best[0]):
                padded = tuple(cells) + ("",) * (width - len(cells))
                best = rank, Header(padded, delimiter, lines, 0)
    if best is None:
        raise _no_header(head, layout)
    header = best[1]
    before = "".join(islice(io.StringIO(head, newline=""), header.lines))
    offset = text.start + len(before.encode(text.encoding))
    return Header(header.cells, header.delimiter, header.lines, offset)


def _records(head: str, delimiter: str) -> Iterator[tuple[list[str], int, int]]:
    """The first records, how many lines end with each, and how wide its table is.

    Some exports end every row but the header with a delimiter: those cells widen the table.
    """
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    records: list[tuple[list[str], int]] = []
    with suppress(csv.Error):  # a cell too long to be a header: what stands before it may be one
        records.extend((cells, reader.line_num) for cells in islice(reader, _RECORDS) if cells)
    for (cells, lines), (after, _) in zip(records, [*records[1:], ([], 0)], strict=False):
        trailing = after[len(cells) :]
        yield cells, lines, len(cells) if any(trailing) else max(len(cells), len(after))


def _no_header(head: str, layout: Layout) -> Invalid:
    first = next((line.strip() for line in head.splitlines() if line.strip()), "")
    needed = ", ".join(target.name for target in layout.targets)
    return Invalid(
        f"No header row was recognised; the file begins with {listed([first])}. "
        f"Name the columns in the first row ({needed}), or give ?map=Your column:target."
    )
