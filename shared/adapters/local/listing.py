"""A Listing as SQL over the table of documents, and its cursor."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from typing import Any

from shared.errors import Invalid, Malformed
from shared.ports import Document, Listing, Page

_MAX_LIMIT = 10_000
_MAX_CURSOR = 8_192
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_COLLECTION = re.compile(r"[^/\x00-\x1f\x7f]{1,500}(?:/[^/\x00-\x1f\x7f]{1,500}){0,20}")
# JSON knows true from 1; SQLite's values do not.
_EQUALS = {
    bool: "{type} = iif(:{value}, 'true', 'false')",
    int: "{type} IN ('integer', 'real') AND json_extract(data, :{path}) = :{value}",
    str: "{type} = 'text' AND json_extract(data, :{path}) = :{value}",
}
# A null sorts before every value; two keys make it comparable.
_ORDER_KEYS = (
    "json_extract(data, :order_path) IS NOT NULL",
    "coalesce(json_extract(data, :order_path), 0)",
)


def json_path(field: str) -> str:
    """The SQLite JSON path of a top-level field. Raises Invalid for what is no plain name."""
    if not _FIELD.fullmatch(field):
        raise Invalid("A field's name is letters, digits and underscores.")
    return f"$.{field}"


class Selection:
    """One page of a listing: `sql` with its `values` (all but :now), and `page` to read it."""

    def __init__(self, listing: Listing) -> None:
        if not _COLLECTION.fullmatch(listing.collection) or listing.collection.count("/") % 2:
            raise Malformed("A collection's path is a name, or a document's path and a name.")
        if not 1 <= listing.limit <= _MAX_LIMIT:
            raise Invalid(f"A page holds 1 to {_MAX_LIMIT:,} documents.")
        self._listing = listing
        self._keys = ["id"]
        self.values: dict[str, Any] = {"collection": listing.collection, "rows": listing.limit + 1}
        conditions = ["collection = :collection", "(expires_at IS NULL OR expires_at > :now)"]
        conditions += self._where()
        conditions += self._ordered()
        conditions += self._after()
        self.sql = self._select(conditions)

    def page(self, rows: list[Any]) -> Page:
        """The page of the rows that `sql` gave."""
        listing = self._listing
        items = [
            Document(f"{listing.collection}/{name}", json.loads(data), version)
            for name, data, version, *_ in rows[: listing.limit]
        ]
        more = len(rows) > listing.limit
        return Page(items, self._cursor(rows[listing.limit - 1][3:]) if more else None)

    def _where(self) -> list[str]:
        conditions = []
        for number, (field, value) in enumerate(self._listing.where.items()):
            path, name = f"path_{number}", f"value_{number}"
            self.values |= {path: json_path(field), name: value}
            kind = f"json_type(data, :{path})"
            conditions.append(_EQUALS[type(value)].format(type=kind, path=path, value=name))
        return conditions

    def _ordered(self) -> list[str]:
        if self._listing.order_by is None:
            return []
        self.values["order_path"] = json_path(self._listing.order_by)
        self._keys = [*_ORDER_KEYS, "id"]
        return ["json_type(data, :order_path) IS NOT NULL"]

    def _after(self) -> list[str]:
        if self._listing.after is None:
            return []
        names = [f"after_{number}" for number in range(len(self._keys))]
        self.values |= zip(names, self._position(self._listing.after), strict=True)
        keys, values = ", ".join(self._keys), ", ".join(f":{name}" for name in names)
        return [f"({keys}) {'<' if self._listing.descending else '>'} ({values})"]

    def _select(self, conditions: list[str]) -> str:
        direction = " DESC" if self._listing.descending else ""
        return " ".join(
            (
                "SELECT id, data, version,",
                ", ".join(self._keys),
                "FROM documents WHERE",
                " AND ".join(f"({condition})" for condition in conditions),
                "ORDER BY",
                ", ".join(f"{key}{direction}" for key in self._keys),
                "LIMIT :rows",
            )
        )

    def _cursor(self, position: tuple[Any, ...]) -> str:
        text = json.dumps([self._fingerprint(), *position], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def _position(self, cursor: str) -> list[Any]:
        """Where a cursor of this same listing left off. Raises Malformed for any other."""
        try:
            if len(cursor) > _MAX_CURSOR:
                raise ValueError
            padded = cursor + "=" * (-len(cursor) % 4)
            fingerprint, *position = list(
                json.loads(base64.b64decode(padded, b"-_", validate=True))
            )
            if fingerprint != self._fingerprint() or len(position) != len(self._keys):
                raise ValueError
            if not all(isinstance(p, str | int | float) and _storable(p) for p in position):
                raise ValueError
        except (ValueError, TypeError, binascii.Error, RecursionError):
            raise Malformed("This page token is not one of this list. Start again.") from None
        return position

    def _fingerprint(self) -> str:
        listing = self._listing
        asked = (
            listing.collection,
            sorted(listing.where.items()),
            listing.order_by,
            listing.descending,
        )
        return hashlib.blake2b(repr(asked).encode(), digest_size=6).hexdigest()


def _storable(value: str | int | float) -> bool:
    return not isinstance(value, int) or -(2**63) <= value < 2**63
