"""How a document lies in Firestore.

| field        | type      | holds |
| `d`          | map       | top-level texts, numbers, booleans and nulls, to filter and order by |
| `rest`       | string    | all other top-level fields, as the JSON text of one object |
| `expires_at` | timestamp | when it may be swept: the field of the TTL policy |
| `expires_us` | integer   | when it expires, in microseconds since 1970: what reads compare |
| `id`         | string    | the document's own, to order by downwards, which names do not allow |
| `write`      | string    | new with every write: Firestore keeps the time of one without change |

What a document does not need, it lacks.
Composite indexes name the fields of `d`: `d.uid` ascending, `d.updated_at` descending.
Lists and objects are text because Firestore holds no list in a list, no `__x__` or empty name, no
more than 20 levels, and at most 40,000 index entries a document: one for each element.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from google.cloud.firestore import DELETE_FIELD, DocumentSnapshot, Increment, Minimum
from google.cloud.firestore_v1.field_path import FieldPath

from shared.adapters.json_documents import is_plain, plain, split
from shared.ports import Document, Json

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RESERVED = re.compile("__.*__")
_OPTIONAL = ("rest", "expires_at", "expires_us")
_INT64 = range(-(2**63), 2**63)


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as Firestore holds it, expired or not."""

    path: str
    fields: dict[str, Any]
    updated: datetime

    @classmethod
    def of(cls, path: str, snapshot: DocumentSnapshot[Any]) -> Stored:
        """What was read at a path."""
        return cls(path, snapshot.to_dict() or {}, snapshot.update_time)

    def live(self, now: int) -> bool:
        """Whether it has not expired; `now` in microseconds since 1970."""
        return "expires_us" not in self.fields or self.fields["expires_us"] > now

    @property
    def version(self) -> str:
        """When it was written and when it expires."""
        return self.version_at(self.updated)

    def version_at(self, updated: datetime) -> str:
        """The version after a write that kept the expiry."""
        return f"{micros(updated)}-{self.fields.get('expires_us', '')}"

    def has(self, mark: dict[str, str]) -> bool:
        """Whether the write with this mark was the last."""
        return bool(self.fields.get("write") == mark["write"])

    def may_live_until(self, until: int) -> bool:
        """Whether the last count asked for this expiry, which is still to be set."""
        at: datetime | None = self.fields.get("expires_at")
        return at is not None and micros(at) == until > self.fields.get("expires_us", until)

    def document(self) -> Document:
        """What the port gives."""
        return Document(self.path, data(self.fields), self.version)


def micros(instant: datetime) -> int:
    """Microseconds since 1970."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def whole(path: str, value: Json, expires_at: datetime | None) -> dict[str, Any]:
    """All fields of a document that replaces whatever was there, but for `write`."""
    until = expires_at and {"expires_at": expires_at, "expires_us": micros(expires_at)}
    return {"id": split(path)[1]} | content(value) | (until or {})


def content(value: Json) -> dict[str, Any]:
    """The fields that hold a document's data."""
    native = {n: v for n, v in value.items() if is_plain(n) and _is_native(v)}
    rest = {n: v for n, v in value.items() if n not in native}
    fields: dict[str, Any] = {"d": {_name(n): v for n, v in native.items()}}
    if rest:
        fields["rest"] = json.dumps(rest, ensure_ascii=False, separators=(",", ":"))
    return fields


def replacing(fields: dict[str, Any], absent: Iterable[str] = _OPTIONAL) -> dict[str, Any]:
    """Fields as an update that removes those of `absent` that they lack."""
    return dict.fromkeys(absent, DELETE_FIELD) | fields


def data(fields: dict[str, Any]) -> dict[str, Any]:
    """The JSON that was stored."""
    rest = json.loads(fields["rest"]) if "rest" in fields else {}
    return rest | {name.removeprefix("$"): value for name, value in fields["d"].items()}


def path_of(name: str) -> str:
    """The path of a top-level field in a query or an index. Raises Invalid if it is not plain."""
    return FieldPath("d", _name(plain(name))).to_api_repr()


def added(path: str, name: str, by: int, expires_at: datetime) -> dict[str, Any]:
    """A merge that adds to a field and lets the expiry shrink only. Raises Invalid for its name."""
    return {
        "id": split(path)[1],
        "d": {_name(plain(name)): Increment(by)},
        "expires_at": expires_at,
        "expires_us": Minimum(micros(expires_at)),
    }


def position(fields: dict[str, Any], name: str) -> Any:
    """The value of a field that was ordered by."""
    return fields["d"][_name(name)]


def new_write() -> dict[str, str]:
    """The field that tells one write from every other."""
    return {"write": uuid4().hex}


def updated_at(given: str, now: int) -> datetime | None:
    """The update time in a version; None if it never was ours or has expired."""
    time, _, expires_us = given.partition("-")
    try:
        if expires_us and int(expires_us) <= now:
            return None
        return _EPOCH + timedelta(microseconds=int(time))
    except (ValueError, OverflowError):
        return None


def _name(name: str) -> str:
    return f"${name}" if _RESERVED.fullmatch(name) else name


def _is_native(value: Any) -> bool:
    if isinstance(value, int):
        return value in _INT64
    return value is None or isinstance(value, str | float)
