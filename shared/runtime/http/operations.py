"""What a door declares: operations, and the calls and replies that pass through them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from shared.domain.access import Access, Caller
from shared.domain.suite import Suite


@dataclass(frozen=True, slots=True)
class Call:
    """One request that has passed the edge.

    `caller` is there from role `caller` on and `access` from role `viewer` on; `query` and `body`
    are what the operation declared, validated.
    """

    request_id: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Any = None
    body: Any = None
    if_match: str | None = None
    accept: str = ""
    signed_in: Caller | None = None
    entered: Access | None = None

    @property
    def caller(self) -> Caller:
        """The signed-in person."""
        if self.signed_in is None:
            raise LookupError("this route lets anyone in")
        return self.signed_in

    @property
    def access(self) -> Access:
        """The caller inside the project of the path."""
        if self.entered is None:
            raise LookupError("this route is not inside a project")
        return self.entered

    def prefers(self, *offered: str) -> str | None:
        """The media type among these that the caller likes best; None if they take none of them.

        By quality, then in the order of the caller's, then of the offer: RFC 9110, 12.5.1.
        """
        liked: dict[str, float] = {}  # media ranges, without what stands behind them
        for asked, quality in parse_accept_header(self.accept, Accept):
            liked.setdefault(asked.partition(";")[0].strip().lower(), quality)
        named = [one for one in liked if one in offered]
        best = max([*named, *offered], key=lambda one: _quality(liked, one), default=None)
        return best if best is not None and _quality(liked, best) > 0 else None


def _quality(liked: Mapping[str, float], media_type: str) -> float:
    """How much a media type is liked: what names it most closely counts."""
    ranges = (media_type, f"{media_type.partition('/')[0]}/*", "*/*")
    return next((liked[one] for one in ranges if one in liked), 0.0)


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back. `version` becomes the ETag."""

    content: BaseModel | str | bytes | None = None
    status: int = 200
    version: str | None = None
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing a function does: `run` and the shapes of what goes in and comes out.

    `run` returns the answer model, a Reply when it has more to say, or None for 204.
    """

    run: Callable[[Suite, Call], BaseModel | Reply | None]
    answer: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    status: int = 200
    also: tuple[str, ...] = ()  # further media types the answer comes in


Operations = Mapping[str, Operation]
