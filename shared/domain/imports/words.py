"""Texts: names, ids and channels. Distinct values are read once each."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from shared.domain.channels import canonical_channel
from shared.domain.imports.sheet import PLACEHOLDERS

MAX_TEXT = 200
NO_CAMPAIGN = "no-campaign"
_PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_MANGLED_ID = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_EDGES = " \u200b\u200e\u200f\u2060\ufeff"  # invisible signs that exports leave at the ends
T = TypeVar("T")


class Unreadable(ValueError):
    """A value does not say what its column needs; the message tells a person why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The rows of one column that are bad, and what is wrong with a text that stands there."""

    target: str
    rows: pa.Array  # booleans without nulls
    explain: Callable[[str], str]


@dataclass(slots=True)
class Columns:
    """Columns as they are read: values by target, what is bad in them, what to tell a person."""

    values: dict[str, pa.Array] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, target: str, values: pa.Array, *faults: Fault | None) -> None:
        """Take a column that was read."""
        self.values[target] = values
        self.faults += [fault for fault in faults if fault]


def read_each(
    target: str, column: pa.Array, read: Callable[[str], T | None], kind: pa.DataType
) -> tuple[pa.Array, Fault | None]:
    """Read every distinct text of a dictionary-encoded column once; `read` raises Unreadable."""
    values: list[T | None] = []
    bad: list[bool] = []
    for text in column.dictionary.to_pylist():
        value, complaint = _attempt(read, text)
        values.append(value)
        bad.append(complaint != "")
    found = pa.array(values, kind).take(column.indices)
    if not any(bad):
        return found, None
    rows = pc.fill_null(pa.array(bad, pa.bool_()).take(column.indices), False)
    return found, Fault(target, rows, lambda text: _attempt(read, text)[1])


def _attempt(read: Callable[[str], T | None], text: str) -> tuple[T | None, str]:
    try:
        return read(text), ""
    except Unreadable as error:
        return None, str(error)


def read_name(text: str) -> str | None:
    """A name in NFC without space around it; line breaks in it become spaces."""
    if len(text) > 4 * MAX_TEXT:  # also keeps normalisation cheap
        raise Unreadable(f"is longer than {MAX_TEXT} characters")
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", " ".join(text.split()))
        if _CONTROL.search(text):
            raise Unreadable("holds control characters")
    text = text.strip().strip(_EDGES)
    if len(text) > MAX_TEXT:
        raise Unreadable(f"is longer than {MAX_TEXT} characters")
    return None if text in PLACEHOLDERS else text


def read_id(text: str) -> str | None:
    """A campaign's id at its source."""
    name = read_name(text)
    if name and _MANGLED_ID.fullmatch(name):
        raise Unreadable("is an id that a spreadsheet shortened; format its column as text")
    return name


def read_channel(text: str) -> str | None:
    """The canonical id of a channel."""
    name = read_name(text)
    return canonical_channel(name) if name else None


def derived_id(text: str) -> str | None:
    """The id of a campaign that has only a name: the same name always gives the same id.

    A name of letters, digits, `_`, `-` and `.` is its own id. Any other gives its readable letters
    and ten hexadecimal digits of the SHA-256 of the name, so that two names never share an id and
    an id never needs quoting in a path.
    """
    name = read_name(text)
    if name is None or _PLAIN_ID.fullmatch(name):
        return name
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_name.casefold()).strip("-")[:60]
    digest = hashlib.sha256(name.encode()).hexdigest()[:10]
    return f"{slug}-{digest}".lstrip("-")
