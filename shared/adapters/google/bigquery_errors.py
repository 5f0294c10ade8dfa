"""BigQuery's errors as ours: by their reason, in one table.

A detail never carries an id of a cloud project, a job or a dataset. The vendor's own words stay on
the error as its cause, for the log.
https://cloud.google.com/bigquery/docs/error-messages
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import TimeoutError as WaitedTooLong
from contextlib import contextmanager

from google.api_core.exceptions import GoogleAPICallError, RetryError
from google.auth.exceptions import GoogleAuthError
from requests.exceptions import RequestException

from shared.errors import AimsError, Invalid, TimedOut, TooLarge, Unavailable

_LATER = "The warehouse is busy. Try again in a moment."
_OPERATOR = "The warehouse refuses this service. An operator has to see to its access or quota."
_TOO_MANY_BYTES = (
    "The query would read more than it may. Ask for a shorter period or for fewer columns."
)
_TOO_MUCH = "The query needs more than there is. Ask for a shorter period or for fewer columns."
_TOO_LATE = "The query was stopped at its deadline. Ask for a shorter period."

_REASONS: dict[str, tuple[type[AimsError], str]] = {
    "bytesBilledLimitExceeded": (TooLarge, _TOO_MANY_BYTES),
    "billingTierLimitExceeded": (TooLarge, _TOO_MUCH),
    "resourcesExceeded": (TooLarge, _TOO_MUCH),
    "responseTooLarge": (TooLarge, _TOO_MUCH),
    "stopped": (TimedOut, _TOO_LATE),
    "timeout": (TimedOut, _TOO_LATE),
    "rateLimitExceeded": (Unavailable, _LATER),
    "jobRateLimitExceeded": (Unavailable, _LATER),
    "backendError": (Unavailable, _LATER),
    "jobBackendError": (Unavailable, _LATER),
    "internalError": (Unavailable, _LATER),
    "jobInternalError": (Unavailable, _LATER),
    "tableUnavailable": (Unavailable, _LATER),
    "quotaExceeded": (Unavailable, _OPERATOR),
    "accessDenied": (Unavailable, _OPERATOR),
    "billingNotEnabled": (Unavailable, _OPERATOR),
    "blocked": (Unavailable, _OPERATOR),
    "policyViolation": (Unavailable, _OPERATOR),
}
# What BigQuery calls an invalid query, or not found, and is something else.
_WORDS: tuple[tuple[re.Pattern[str], type[AimsError], str], ...] = (
    (re.compile(r"concurrent update|could not serialize", re.I), Unavailable, _LATER),
    (re.compile(r"not found: (dataset|project|job)", re.I), Unavailable, _OPERATOR),
    (re.compile(r"timed? ?out", re.I), TimedOut, _TOO_LATE),
    (
        re.compile(r"overflow", re.I),
        Invalid,
        "A number became too large to be computed. Ask for less at once.",
    ),
)
_CALLERS_FAULT = {"invalidQuery", "invalid", "notFound", "notImplemented", "parseError"}
_CLOUD_NAME = re.compile(
    r"`?[a-z][\w-]*(?:\.[a-z]+)?[:.]\w+\.(\w+)`?", re.I
)  # project.dataset.table
_NOISE = re.compile(r"; reason: .*|\s+was not found in location \S+|\s*Location: .*|\s*Job ID: .*")
_MOST_CHARS = 300


@contextmanager
def translated(refused: str = "This SQL cannot be run") -> Iterator[None]:
    """Whatever BigQuery, its client or the road to it raises inside, as one of shared.errors.

    `refused` opens the detail of what BigQuery finds wrong.
    """
    try:
        yield
    except RetryError as error:
        raise _kind_of(error.cause, refused) from error
    except (GoogleAPICallError, GoogleAuthError, RequestException, WaitedTooLong) as error:
        raise _kind_of(error, refused) from error


def _kind_of(error: BaseException | None, refused: str) -> AimsError:
    if isinstance(error, WaitedTooLong):
        return TimedOut(_TOO_LATE)
    if isinstance(error, GoogleAuthError):
        return Unavailable(_OPERATOR)
    if not isinstance(error, GoogleAPICallError):
        return Unavailable("The warehouse cannot be reached. Try again in a moment.")
    first = error.errors[0] if error.errors and isinstance(error.errors[0], dict) else {}
    message = str(first.get("message") or error.message)
    return _judged(str(first.get("reason", "")), message, refused)


def _judged(reason: str, message: str, refused: str) -> AimsError:
    if reason in _REASONS:
        kind, detail = _REASONS[reason]
        return kind(detail)
    for words, kind, detail in _WORDS:
        if words.search(message):
            return kind(detail)
    if reason in _CALLERS_FAULT:
        return Invalid(f"{refused}: {_clean(message)}")
    return Unavailable(_LATER)


def _clean(message: str) -> str:
    """The first line of BigQuery's reason, its tables by their own name alone."""
    line = _NOISE.sub("", message.strip().splitlines()[0] if message.strip() else "")
    return _CLOUD_NAME.sub(r"\1", line)[:_MOST_CHARS].rstrip(". ") + "."
