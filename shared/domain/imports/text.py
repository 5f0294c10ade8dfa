"""Is it text, in which encoding, and within bounds: one pass over the bytes before all else."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import IO

from shared.errors import Malformed, TooLarge

MAX_BYTES = 64 << 20
MAX_LINES = 2_000_000
MAX_LINE = 1 << 20
_BLOCK = 1 << 20

_NOT_TEXT: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF"),
    (b"PAR1", "a Parquet file"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
)
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Text:
    """What the bytes are: `start` is where text begins after a byte-order mark."""

    encoding: str
    start: int
    quoted: bool

    @property
    def warnings(self) -> tuple[str, ...]:
        """A guess is said aloud."""
        if self.encoding != "cp1252":
            return ()
        return (
            "The file is not UTF-8; it was read as Windows-1252. Check letters such as ä or é.",
        )


def inspect(file: IO[bytes]) -> Text:
    """Read the file once. Raises Malformed (not text) or TooLarge."""
    file.seek(0)
    head = file.read(8)
    for magic, what in _NOT_TEXT:
        if head.startswith(magic):
            raise Malformed(f"This is {what}. Save it as CSV (UTF-8) and send that.")
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return _scan(file, encoding, len(mark))
    try:
        return _scan(file, "utf-8", 0)
    except UnicodeDecodeError:
        return _scan(file, "cp1252", 0)


def _scan(file: IO[bytes], encoding: str, start: int) -> Text:
    try:
        return _scan_text(file, encoding, start)
    except UnicodeDecodeError as error:
        if encoding == "utf-8" and start == 0:
            raise
        raise Malformed(
            f"The file is not valid {encoding.upper()} text. Save it as CSV (UTF-8) and send that."
        ) from error


def _scan_text(file: IO[bytes], encoding: str, start: int) -> Text:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(start)
    size = lines = tail = 0
    quoted = filled = False
    while block := file.read(_BLOCK):
        size += len(block)
        text = decoder.decode(block)
        lines += max(text.count("\n"), text.count("\r"))
        tail = _open_line(text, tail)
        if size > MAX_BYTES or lines > MAX_LINES:
            raise TooLarge(
                f"A file may have {MAX_BYTES >> 20} MiB and {MAX_LINES:,} lines. Split it by month."
            )
        if "\0" in text:
            raise Malformed("The file holds binary zeros. Save it as CSV (UTF-8) and send that.")
        quoted = quoted or '"' in text
        filled = filled or not text.isspace()
    decoder.decode(b"", final=True)
    if not filled:
        raise Malformed("The file is empty. Export it again and send the file with its rows.")
    return Text(encoding, start, quoted)


def _open_line(text: str, before: int) -> int:
    """Characters of the line that is still open at the end of `text`. Raises Malformed."""
    ends = [at for at in (text.find("\n"), text.find("\r")) if at >= 0]
    if before + (min(ends) if ends else len(text)) > MAX_LINE:
        raise Malformed(
            "A line is longer than 1 MiB: this is not a table of rows. "
            "Export it as CSV with one row a line."
        )
    return len(text) - 1 - max(text.rfind("\n"), text.rfind("\r")) if ends else before + len(text)
