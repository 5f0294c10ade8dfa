"""The kinds of error the suite knows. Both edges judge an error by its kind alone.

The HTTP edge turns a kind into an RFC 9457 problem document with this slug, title and status.
The event edge acknowledges what is not retryable (it can never succeed) and raises what is.
A capability subclasses a kind to say what happened; `detail` always tells a person what to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field of the input; `field` is a dotted path such as `body.name`."""

    field: str
    message: str


class AimsError(Exception):
    """The root of every kind. Raise a kind below, never this."""

    slug: ClassVar[str] = "internal"
    title: ClassVar[str] = "Something went wrong on our side"
    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)
        self.extra = dict(extra or {})


class Malformed(AimsError):
    """The request cannot be read at all."""

    slug, title, status = "malformed-request", "The request cannot be read", 400


class Unauthenticated(AimsError):
    """No token, or one that does not hold."""

    slug, title, status = "unauthenticated", "Sign in first", 401


class Forbidden(AimsError):
    """Known caller, known project, not the role."""

    slug, title, status = "forbidden", "Your role does not allow this", 403


class NotFound(AimsError):
    """Not there, or not to be seen by this caller: the two are told apart by nothing."""

    slug, title, status = "not-found", "Not found", 404


class Conflict(AimsError):
    """The state of things does not allow this now."""

    slug, title, status = "conflict", "This conflicts with what is there", 409


class AlreadyExists(Conflict):
    """A create found the document there."""

    slug, title = "already-exists", "It exists already"


class Stale(AimsError):
    """An edit was based on a version that is no longer the newest."""

    slug, title, status = "stale-version", "Somebody changed it in the meantime", 412


class TooLarge(AimsError):
    """A body, file or result over its bound."""

    slug, title, status = "too-large", "Too large", 413


class Invalid(AimsError):
    """Readable, and wrong: the caller can mend it."""

    slug, title, status = "invalid-input", "Some input is not valid", 422


class RateLimited(AimsError):
    """Over the caller's own limit; `retry_after` in seconds."""

    slug, title, status, retryable = "rate-limited", "Too many requests", 429, True

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unavailable(AimsError):
    """Something we depend on is busy, down or too slow; the same call may succeed later."""

    slug, title, status, retryable = "unavailable", "Not available right now", 503, True


class TimedOut(Unavailable):
    """Work was stopped at its deadline."""

    slug, title, status = "timed-out", "This took too long", 504
