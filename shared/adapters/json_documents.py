"""What both families of Documents hold alike: addresses, field names, sizes and cursors."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from shared.errors import Invalid, Malformed, TooLarge
from shared.ports import Json, Listing

_MAX_COMMIT = 10 << 20  # bytes of JSON
_MAX_DOCUMENT = 1 << 20
_MAX_LIMIT = 10_000
_MAX_CURSOR = 8_192
_MAX_PATH = 5_000  # bytes; Firestore holds 6 KiB, its own prefix included
_MAX_SEGMENT = 1_500  # bytes
# Plain: no control character, no dots alone, and none of Firestore's reserved `__x__`.
_SEGMENT = r"(?!\.{1,2}(?:/|$))(?!__[^/]*__(?:/|$))[^/\x00-\x1f\x7f\ud800-\udfff]{1,500}"
_PATH = re.compile(rf"{_SEGMENT}/{_SEGMENT}(?:/{_SEGMENT}/{_SEGMENT}){{0,9}}")
_COLLECTION = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT}/{_SEGMENT}){{0,9}}")
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")


@lru_cache(maxsize=4096)
def split(path: str) -> tuple[str, str]:
    """A document's collection and id. Raises Malformed for what is no document's path."""
    if not _PATH.fullmatch(path) or not _short(path):
        raise Malformed("A document's path is collection/id, repeated, of up to 20 plain segments.")
    collection, _, name = path.rpartition("/")
    return collection, name


def is_plain(name: object) -> bool:
    """Whether a field can be listed by or counted in."""
    return isinstance(name, str) and _FIELD.fullmatch(name) is not None


def plain(name: str) -> str:
    """A field's name. Raises Invalid for one that cannot be listed by or counted in."""
    if not is_plain(name):
        raise Invalid("A field's name is letters, digits and underscores.")
    return name


def check(listing: Listing) -> None:
    """Raise Malformed or Invalid for a listing that cannot be."""
    if not _COLLECTION.fullmatch(listing.collection) or not _short(listing.collection):
        raise Malformed("A collection's path is a name, or a document's path and a name.")
    if not 1 <= listing.limit <= _MAX_LIMIT:
        raise Invalid(f"A page holds 1 to {_MAX_LIMIT:,} documents.")
    for name in (*listing.where, *([] if listing.order_by is None else [listing.order_by])):
        plain(name)
    if not all(_storable(value) for value in listing.where.values()):
        raise Invalid("A number to compare with has at most 63 bits.")


def json_text(data: Json) -> str:
    """The JSON of a document. Raises Invalid or TooLarge."""
    try:
        text = json.dumps(dict(data), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        size = _size(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise Invalid("A document holds JSON values only: no NaN, no dates, no cycles.") from error
    if size > _MAX_DOCUMENT:
        raise TooLarge(
            f"A document holds at most {_MAX_DOCUMENT >> 20} MiB. This one has {size:,} bytes."
        )
    return text


def check_commit(texts: list[str]) -> None:
    """Raise TooLarge for more JSON than one commit carries."""
    if sum(map(_size, texts)) > _MAX_COMMIT:
        raise TooLarge(f"One commit carries at most {_MAX_COMMIT >> 20} MiB. Split it.")


def write_cursor(listing: Listing, position: Sequence[Any]) -> str:
    """A place in this listing, which no other listing takes."""
    text = json.dumps([_fingerprint(listing), *position], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(listing: Listing, cursor: str, length: int) -> list[Any]:
    """The position in a cursor of this listing. Raises Malformed for any other."""
    try:
        if len(cursor) > _MAX_CURSOR:
            raise ValueError
        padded = cursor + "=" * (-len(cursor) % 4)
        fingerprint, *position = list(json.loads(base64.b64decode(padded, b"-_", validate=True)))
        if fingerprint != _fingerprint(listing) or len(position) != length:
            raise ValueError
        if not all(isinstance(p, str | int | float) and _storable(p) for p in position):
            raise ValueError
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise Malformed("This page token is not one of this list. Start again.") from None
    return position


def _fingerprint(listing: Listing) -> str:
    asked = (
        listing.collection,
        sorted(listing.where.items()),
        listing.order_by,
        listing.descending,
    )
    return hashlib.blake2b(repr(asked).encode(), digest_size=6).hexdigest()


def _size(text: str) -> int:
    """In bytes. Most texts are ASCII, which Python knows of them without a look."""
    return len(text) if text.isascii() else len(text.encode())


def _short(path: str) -> bool:
    size = len(path.encode())
    return size <= _MAX_SEGMENT or (
        size <= _MAX_PATH and all(len(s.encode()) <= _MAX_SEGMENT for s in path.split("/"))
    )


def _storable(value: str | int | float) -> bool:
    return not isinstance(value, int) or -(2**63) <= value < 2**63
