"""NDJSON, one JSON object a line, as a sheet. Numbers have a decimal point, as JSON's do."""

from __future__ import annotations

import io
import json
from array import array
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any, NoReturn

import pyarrow as pa

from shared.domain.imports.layout import NUMBERS, Layout
from shared.domain.imports.mapping import MAX_COLUMNS, match, recognised
from shared.domain.imports.model import MAX_ERRORS
from shared.domain.imports.sheet import PLACEHOLDERS, TEXT, Place, Sheet
from shared.domain.imports.text import inspect
from shared.errors import Invalid

_BLOCK = 50_000  # rows


def read_ndjson(file: IO[bytes], layout: Layout, chosen: Mapping[str, str]) -> Sheet:
    """The file's values as text. Raises Malformed, Invalid or TooLarge, saying what to do."""
    text = inspect(file)
    file.seek(text.start)
    lines = io.TextIOWrapper(file, encoding=text.encoding, newline="\n")
    try:
        objects = _Objects(layout, chosen)
        objects.read(lines)
    finally:
        lines.detach()
    headers = tuple(objects.keys)
    columns = match(headers, layout, chosen)
    return Sheet(
        map=columns,
        columns={t: objects.column(headers[i], t) for t, i in columns.source.items()},
        rows=len(objects.lines),
        places=objects.places,
        misshapen=objects.bad,
        exact=True,
        warnings=[*text.warnings, *columns.warnings],
    )


class _Objects:
    """Objects as they are read, in blocks of Arrow text by key; keys of no use are dropped."""

    def __init__(self, layout: Layout, chosen: Mapping[str, str]) -> None:
        self._layout, self._chosen = layout, chosen
        self.keys: dict[str, bool] = {}  # in order of appearance → may fill a target
        self.lines = array("L")  # the line of each row
        self.bad = 0
        self._first_bad: list[Place] = []
        self._blocks: list[tuple[int, dict[str, pa.Array]]] = []

    def read(self, lines: Iterator[str]) -> None:
        """Read all lines."""
        block: list[dict[str, Any]] = []
        for number, line in enumerate(lines, start=1):
            if line.isspace():
                continue
            try:
                block.append(self._object(line))
                self.lines.append(number)
            except (ValueError, RecursionError) as error:
                self._note(number, line, error)
            if len(block) == _BLOCK:
                self._close(block)
        self._close(block)

    def column(self, key: str, target: str) -> pa.Array:
        """All rows of one key."""
        parts = [block.get(key, pa.nulls(rows, TEXT)) for rows, block in self._blocks]
        column = pa.chunked_array(parts, TEXT).combine_chunks()
        return column if target in NUMBERS else column.dictionary_encode()

    def places(self, rows: Collection[int]) -> Iterator[Place]:
        """Bad lines and the given rows, in line order."""
        found = [Place(self.lines[row], row) for row in rows]
        yield from sorted([*found, *self._first_bad], key=lambda place: place.line)

    def _object(self, line: str) -> dict[str, Any]:
        parsed = json.loads(line, parse_float=str, parse_int=str, parse_constant=_no_constant)
        if not isinstance(parsed, dict):
            raise ValueError('is not a JSON object such as {"date": "2025-03-01", …}')
        if "\\u" in line:
            json.dumps(parsed, ensure_ascii=False).encode()  # half a surrogate pair is no text
        for key, value in parsed.items():
            if key not in self.keys:
                self._meet(key)
            if self.keys[key] and isinstance(value, dict | list):
                raise ValueError(f"has a nested value under '{key[:60]}'")
        return parsed

    def _meet(self, key: str) -> None:
        if len(self.keys) == MAX_COLUMNS:
            raise Invalid(f"The objects have more than {MAX_COLUMNS} different keys.")
        self.keys[key] = bool(recognised([key], self._layout, self._chosen))

    def _note(self, number: int, line: str, error: Exception) -> None:
        self.bad += 1
        if len(self._first_bad) <= MAX_ERRORS:
            broken = isinstance(error, json.JSONDecodeError | RecursionError | UnicodeError)
            problem = "is not valid JSON" if broken else str(error)
            self._first_bad.append(Place(number, None, problem, line.strip()))

    def _close(self, block: list[dict[str, Any]]) -> None:
        used = [key for key, useful in self.keys.items() if useful]
        arrays = {key: pa.array([_text(o.get(key)) for o in block], TEXT) for key in used}
        self._blocks.append((len(block), arrays))
        block.clear()


def _text(value: str | bool | None) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return None if value in PLACEHOLDERS else value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"holds {name}, which is no number")
