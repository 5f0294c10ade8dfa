"""Answers that a person's browser shows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from shared.runtime.http.operations import Reply

HTML, TEXT = "text/html", "text/plain"
NONE: Mapping[str, str] = MappingProxyType({})
# A page of ours runs and loads nothing, and nobody may put it into theirs.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action {form}; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def page(
    html: str,
    *,
    status: int = 200,
    version: str | None = None,
    form: bool = False,
    headers: Mapping[str, str] = NONE,
) -> Reply:
    """A page; with `form` it may send one to where it came from."""
    policy = _POLICY.format(form="'self'" if form else "'none'")
    return Reply(
        html,
        status=status,
        version=version,
        media_type=f"{HTML}; charset=utf-8",
        headers={
            "Content-Security-Policy": policy,
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex",
            **headers,
        },
    )
