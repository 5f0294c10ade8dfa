"""What every request model shares: closed, finite, paged."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import IO, Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.errors import Malformed


class Body(BaseModel):
    """Input of a caller: unknown fields are refused, and so are NaN and Infinity."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True, defer_build=True)


class Nothing(Body):
    """No input at all."""


class PageQuery(Body):
    """How much of a list, from where."""

    page_size: int = Field(default=50, ge=1, le=500)
    page_token: Annotated[str, StringConstraints(max_length=1024)] | None = None


def page_token(key: str) -> str:
    """An opaque token that says: go on after this key."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def key_of(token: str) -> str:
    """The key behind a page token of ours. Raises Malformed for anything else."""
    try:
        padded = token + "=" * (-len(token) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as wrong:
        raise Malformed("This page_token is not one of ours: take next_page_token as it is.") from (
            wrong
        )


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a caller sent: seekable, bounded by the edge. `digest` is its SHA-256."""

    file: IO[bytes]
    media_type: str = ""
    filename: str | None = None
    digest: str = ""
