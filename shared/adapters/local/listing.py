"""A Listing as SQL over the table of documents."""

from __future__ import annotations

import json
from typing import Any

from shared.adapters.json_documents import check, plain, read_cursor, write_cursor
from shared.ports import Document, Listing, Page

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
    return f"$.{plain(field)}"


class Selection:
    """One page of a listing: `sql` with its `values` (all but :now), and `page` to read it."""

    def __init__(self, listing: Listing) -> None:
        check(listing)
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
        last = write_cursor(listing, rows[listing.limit - 1][3:]) if more else None
        return Page(items, last)

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
        position = read_cursor(self._listing, self._listing.after, len(names))
        self.values |= zip(names, position, strict=True)
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
