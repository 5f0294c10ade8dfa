"""What Firestore's errors are to the suite, and how long we try again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from google.api_core import exceptions as vendor
from google.api_core.retry import Retry, if_exception_type
from google.auth.exceptions import GoogleAuthError

from shared.errors import AimsError, TimedOut, TooLarge, Unavailable

T = TypeVar("T")

CONFLICTS = (vendor.AlreadyExists, vendor.FailedPrecondition, vendor.NotFound)
PATIENCE_S = 6.0
_ATTEMPTS = 40
_LONGEST_PAUSE_S = 0.5

_BUSY = "The document store is busy or down. Try again in a moment."
_DENIED = (
    "The document store refuses this service. Give its service account the role"
    " roles/datastore.user."
)
_ABSENT = "The document store is not set up: apply Terraform, which declares it and its indexes."
_LARGE = "A document holds at most 1 MiB, its names included. Store less in it."
# The first that fits decides.
_KINDS: tuple[tuple[type[Exception], type[AimsError], str], ...] = (
    (vendor.DeadlineExceeded, TimedOut, "The document store took too long. Try again."),
    (vendor.Forbidden, Unavailable, _DENIED),
    (vendor.Unauthorized, Unavailable, _DENIED),
    (GoogleAuthError, Unavailable, _DENIED),
    (vendor.FailedPrecondition, Unavailable, _ABSENT),
    (vendor.NotFound, Unavailable, _ABSENT),
    (vendor.InvalidArgument, TooLarge, _LARGE),  # all else that is wrong was refused before
    (vendor.GoogleAPIError, Unavailable, _BUSY),
)
_NOT_DONE = (vendor.Aborted, vendor.ResourceExhausted)
_MAYBE_DONE = (*_NOT_DONE, vendor.ServiceUnavailable, vendor.InternalServerError)

ONCE = Retry(predicate=lambda _: False)  # the vendor's own retries go on for minutes


@contextmanager
def translated() -> Iterator[None]:
    """Vendor errors leave as kinds of shared.errors."""
    try:
        yield
    except (vendor.GoogleAPIError, GoogleAuthError) as error:
        cause = error.cause if isinstance(error, vendor.RetryError) else error
        for fits, kind, detail in _KINDS:
            if isinstance(cause, fits):
                raise kind(detail) from error
        raise


def again(call: Callable[[], T]) -> T:
    """Call until it succeeds or patience ends: for what may be done twice."""
    return Retry(if_exception_type(*_MAYBE_DONE), 0.05, 1.0, timeout=PATIENCE_S)(call)()


def again_if_not_done(call: Callable[[], T]) -> T:
    """Call again only after what surely was not done: for what must not be done twice."""
    return Retry(if_exception_type(*_NOT_DONE), 0.05, 1.0, timeout=PATIENCE_S)(call)()


def rounds() -> Iterator[None]:
    """Rounds of compare-and-set, with longer and longer random pauses between them."""
    for attempt in range(_ATTEMPTS):
        yield
        time.sleep(random.uniform(0, min(_LONGEST_PAUSE_S, 0.01 * 2**attempt)))  # noqa: S311


def crowded() -> Unavailable:
    """The error at the end of all rounds."""
    return Unavailable("Too many others are changing this document. Try again.")
