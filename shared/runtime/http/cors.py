"""Cross-origin calls: an allowlist of origins, no wildcard, no credentials.

Tokens travel in a header, so no cookie is ever needed. https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from flask import Request, Response

EXPOSED = (
    "ETag, Idempotent-Replayed, Location, RateLimit-Limit, RateLimit-Policy, RateLimit-Remaining, "
    "RateLimit-Reset, Retry-After, X-Request-Id"
)
ALLOWED = (
    "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-Id"
)


def preflight(methods: list[str]) -> Response:
    """The answer to an OPTIONS request; `open_to` adds whose it is."""
    answer = Response(status=204)
    answer.headers["Allow"] = ", ".join([*methods, "OPTIONS"])
    answer.headers["Access-Control-Allow-Methods"] = ", ".join(methods)
    answer.headers["Access-Control-Allow-Headers"] = ALLOWED
    answer.headers["Access-Control-Max-Age"] = "600"
    return answer


def open_to(request: Request, answer: Response, origins: tuple[str, ...]) -> None:
    """Let the calling page read the answer if its origin is on the list."""
    if not origins:
        return
    answer.headers.add("Vary", "Origin")
    origin = request.headers.get("Origin")
    if origin in origins:
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Access-Control-Expose-Headers"] = EXPOSED
