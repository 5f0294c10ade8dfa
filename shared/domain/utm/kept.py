"""One document that people edit, with its version: an edit of an outdated one is refused."""

from __future__ import annotations

from typing import Any

from shared.errors import AlreadyExists, Conflict, Stale
from shared.ports import Create, Document, Documents, Json, Put, Write


def replace_document(
    documents: Documents, path: str, data: Json, if_match: str | None, *more: Write
) -> Document:
    """Write a document whole, with other writes. Raises Stale if `if_match` is not the newest."""
    held = documents.get(path)
    if if_match is not None and (held is None or held.version != if_match):
        raise _stale()
    write: Write = Put(path, data, if_version=held.version) if held else Create(path, data)
    try:
        documents.commit(write, *more)
    except (AlreadyExists, Stale) as raced:
        raise _stale() from raced
    stored = documents.get(path)
    if stored is None:
        raise Conflict("It was removed in the meantime. Send it again.")
    return stored


def data_of(document: Document | None) -> dict[str, Any]:
    """What a document holds; nothing if it is not there."""
    return document.data if document else {}


def _stale() -> Stale:
    return Stale("It was changed in the meantime: read it again and redo the edit.")
