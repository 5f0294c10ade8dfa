"""A CSV file in any dialect as a sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import IO, Any

import pyarrow as pa
import pyarrow.csv as arrow_csv

from shared.domain.imports.header import Header, find_header
from shared.domain.imports.layout import NUMBERS, Layout
from shared.domain.imports.mapping import match
from shared.domain.imports.sheet import PLACEHOLDERS, TEXT, WORDS, Mark, Place, Sheet
from shared.domain.imports.summary import Odd, what_is
from shared.domain.imports.text import Text, inspect
from shared.errors import Malformed

_BLOCK = 2 << 20  # twice the longest line, so that every line fits
_MAX_ODD = 100_000
_FIRST = "first"


def read_csv(file: IO[bytes], layout: Layout, chosen: Mapping[str, str]) -> Sheet:
    """The file's columns as text. Raises Malformed, Invalid or TooLarge, saying what to do."""
    text = inspect(file)
    header = find_header(file, text, layout, chosen)
    columns = match(header.cells, layout, chosen)
    names = {column: target for target, column in columns.source.items()}
    odd: list[Odd] = []
    table = _read_table(file, text, header, names, odd)
    return Sheet(
        map=columns,
        columns={t: table[t].combine_chunks() for t in columns.source},
        rows=table.num_rows,
        places=partial(_places, file, text, header),
        first=table[names.get(0, _FIRST)].combine_chunks(),
        misshapen=odd.count(Odd.BROKEN),
        totals=odd.count(Odd.TOTAL),
        hint=Mark.COMMA if header.delimiter == ";" else None,
        warnings=[*text.warnings, *columns.warnings],
    )


def _read_table(
    file: IO[bytes], text: Text, header: Header, names: Mapping[int, str], odd: list[Odd]
) -> pa.Table:
    """Rows as strings. `odd` collects what each line of another width is."""
    columns = [names.get(i, _FIRST if i == 0 else f"column {i}") for i in range(len(header.cells))]
    wanted = {name: _type_of(name) for name in (*names.values(), columns[0])}
    try:
        return arrow_csv.read_csv(
            _utf8(file, text, header),
            read_options=arrow_csv.ReadOptions(column_names=columns, block_size=_BLOCK),
            parse_options=arrow_csv.ParseOptions(
                delimiter=header.delimiter,
                quote_char='"' if text.quoted else False,
                newlines_in_values=text.quoted,
                invalid_row_handler=partial(_note_odd, header.delimiter, odd),
            ),
            convert_options=arrow_csv.ConvertOptions(
                check_utf8=False,  # the inspection decoded every byte
                column_types=wanted,
                include_columns=list(wanted),
                strings_can_be_null=True,
                null_values=[*PLACEHOLDERS, *(f" {p}" for p in PLACEHOLDERS)],
            ),
        )
    except pa.ArrowInvalid as error:
        if str(error).startswith("Empty CSV file"):
            return pa.schema(list(wanted.items())).empty_table()
        raise _refusal(odd, len(columns)) from error


def _refusal(odd: list[Odd], width: int) -> Malformed:
    if len(odd) > _MAX_ODD:
        return Malformed(
            f"More than {_MAX_ODD:,} lines do not have the {width} cells of the header. "
            "Export the table again, with one delimiter throughout."
        )
    return Malformed(
        "A quoted cell does not end: a double quote is missing its pair. "
        'Write a quote inside a cell as "" or export the file again.'
    )


def _type_of(name: str) -> pa.DataType:
    return TEXT if name in NUMBERS else WORDS


def _utf8(file: IO[bytes], text: Text, header: Header) -> pa.NativeFile:
    """The rows below the header as UTF-8."""
    file.seek(header.offset)
    stream = pa.PythonFile(file, mode="r")
    if text.encoding == "utf-8":
        return stream
    return pa.transcoding_input_stream(stream, text.encoding, "utf-8")


def _note_odd(delimiter: str, odd: list[Odd], row: arrow_csv.InvalidRow) -> str:
    try:
        cells = next(csv.reader(io.StringIO(row.text, newline=""), delimiter=delimiter), [])
        odd.append(what_is(cells))
    except csv.Error:  # a cell of more than 128 KiB, which the second reading reports
        odd.append(Odd.BROKEN)
    return "skip" if len(odd) <= _MAX_ODD else "error"


def _places(file: IO[bytes], text: Text, header: Header, rows: Collection[int]) -> Iterator[Place]:
    """Read the file again for the line numbers, which are only needed when something is wrong."""
    file.seek(header.offset)
    lines = io.TextIOWrapper(file, encoding=text.encoding, newline="")
    try:
        yield from _find(csv.reader(lines, delimiter=header.delimiter), header, rows)
    except csv.Error as error:
        raise Malformed(
            "A cell is longer than 128 KiB; a double quote may be missing its pair."
        ) from error
    finally:
        lines.detach()


def _find(reader: Any, header: Header, rows: Collection[int]) -> Iterator[Place]:
    width, row, line = len(header.cells), -1, header.lines + 1
    for cells in reader:
        if len(cells) == width:
            row += 1
            if row in rows:
                yield Place(line, row)
        elif what_is(cells) is Odd.BROKEN:
            problem = f"has {len(cells)} cells where the header has {width}"
            yield Place(line, None, problem, header.delimiter.join(cells))
        line = header.lines + reader.line_num + 1
