"""A CSV of links to build: its header understood, its lines one by one, within bounds."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import IO, Literal

from shared.domain.imports.text import inspect
from shared.domain.utm.fields import FIELDS, Field
from shared.errors import FieldError, Invalid, Malformed, TooLarge

MOST_LINES = 50_000
Column = Literal["url"] | Field
_ALIASES: dict[str, Column] = {
    "link": "url",
    "landing_page": "url",
    "landing_page_url": "url",
    "destination_url": "url",
    "final_url": "url",
    "website_url": "url",
    "campaign_name": "campaign",
    "campaign_id": "id",
}
_COLUMNS: dict[str, Column] = {"url": "url", **{field: field for field in FIELDS}, **_ALIASES}
_SEPARATOR = re.compile(r"\"?sep=([,;|\t])\"?[\r\n]*", re.IGNORECASE)
_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: its number there and its cells, as many as the header has or more."""

    number: int
    cells: list[str]


class Table:
    """A file's header and lines. `url` and `fields` say in which columns they stand.

    Raises Malformed, Invalid or TooLarge, saying what to do.
    """

    def __init__(self, file: IO[bytes]) -> None:
        text = inspect(file)
        file.seek(text.start)
        self._text = io.TextIOWrapper(file, encoding=text.encoding, newline="")
        opening, declared = _opening(self._text)
        delimiter = declared or max(_DELIMITERS, key=partial(_columns_by, opening[-1]))
        self._reader = csv.reader(chain(opening, self._text), delimiter=delimiter, strict=True)
        filled = (cells for cells in self._cells() if any(map(str.strip, cells)))
        self.header = next(islice(filled, 1 if declared else 0, None), [])
        columns = _columns(self.header)
        self.url = columns["url"]
        self.fields = [(field, columns[field]) for field in FIELDS if field in columns]

    def lines(self) -> Iterator[Line]:
        """The lines that hold something."""
        count = 0
        for cells in self._cells():
            if any(cells):
                count += 1
                if count > MOST_LINES:
                    raise TooLarge(f"A file may have {MOST_LINES:,} links. Split it.")
                yield Line(self._reader.line_num, self._filled(cells))

    def _filled(self, cells: list[str]) -> list[str]:
        return cells + [""] * (len(self.header) - len(cells))

    def close(self) -> None:
        """Let go of the file without closing it."""
        self._text.detach()

    def _cells(self) -> Iterator[list[str]]:
        try:
            yield from self._reader
        except csv.Error as error:
            raise Malformed(
                f"Line {self._reader.line_num} cannot be read: a double quote may be missing its "
                "pair there or further up, or a cell is longer than 128 KiB."
            ) from error


def _opening(lines: Iterable[str]) -> tuple[list[str], str]:
    """The lines up to the header's and, if a line `sep=;` as Excel knows it says so, its sign."""
    opening, declared = [""], ""
    for line in lines:
        opening.append(line)
        if found := _SEPARATOR.fullmatch(line):
            declared = found[1]
        elif line.strip():
            break
    return opening[1:] or opening, declared


def _columns_by(line: str, delimiter: str) -> int:
    """How many columns that we know a header has with a delimiter."""
    return sum(
        plain(heading) in _COLUMNS for heading in next(csv.reader([line], delimiter=delimiter))
    )


def plain(heading: str) -> str:
    """A heading as it is compared: `UTM Source` is `source`."""
    name = "_".join(heading.strip().lower().replace("-", " ").replace("_", " ").split())
    return name.removeprefix("utm_")


def _columns(header: list[str]) -> dict[Column, int]:
    found: dict[Column, int] = {}
    for position, heading in enumerate(header):
        column = _COLUMNS.get(plain(heading))
        if column in found and column is not None:
            raise _bad_header(f"The header has two columns for {column}. Remove one.")
        if column is not None:
            found[column] = position
    if "url" not in found:
        raise _bad_header("The header has no column `url`. The first line names the columns.")
    return found


def _bad_header(message: str) -> Invalid:
    return Invalid(message, errors=[FieldError("header", message)])
