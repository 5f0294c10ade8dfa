"""Errors as RFC 9457 problem documents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response
from pydantic import ValidationError

from shared.errors import AimsError, FieldError, Invalid, Malformed, RateLimited

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 50


class MethodNotAllowed(Malformed):
    """The path is there, the method is not."""

    slug, title, status = "method-not-allowed", "This path does not take this method", 405


class UnsupportedMedia(Malformed):
    """A body in a form that is not taken."""

    slug, title, status = "unsupported-media-type", "This kind of body is not taken", 415


def response(error: AimsError, request_id: str) -> Response:
    """The problem document of an error."""
    document: dict[str, Any] = {
        "type": f"/problems/{error.slug}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "instance": request_id,
        **error.extra,
    }
    if error.errors:
        document["errors"] = [
            {"field": e.field, "message": e.message} for e in error.errors[:MOST_ERRORS]
        ]
    answer = Response(
        json.dumps(document, ensure_ascii=False), status=error.status, mimetype=MEDIA_TYPE
    )
    answer.headers["Cache-Control"] = "no-store"
    if error.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, RateLimited):
        answer.headers["Retry-After"] = str(error.retry_after)
    elif error.retryable:
        answer.headers["Retry-After"] = "5"
    return answer


def of_validation(wrong: ValidationError, where: str) -> AimsError:
    """What pydantic found, as an error of ours: 400 if it is no JSON, 422 naming the fields."""
    found = wrong.errors(include_url=False, include_context=False, include_input=False)
    if any(e["type"] == "json_invalid" for e in found):
        return Malformed(f"The {where} is not valid JSON.")
    errors = [FieldError(_field(e, where), _sentence(e["msg"])) for e in found]
    return Invalid(f"Mend what is named in `errors` and send the {where} again.", errors=errors)


def _field(found: Mapping[str, Any], where: str) -> str:
    return ".".join(str(part)[:80] for part in _location(found["loc"])) or where


def _location(parts: Iterable[int | str]) -> Iterable[int | str]:
    return [part for part in parts if not (isinstance(part, str) and "[" in part)]


def _sentence(message: str) -> str:
    return message.removeprefix("Value error, ")[:300]
