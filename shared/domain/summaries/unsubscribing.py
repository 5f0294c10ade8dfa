"""Taking oneself off the weekly summary's list, by a link that needs no sign-in.

The link's token says who and from which list, and is signed: payload.signature, both base64url,
the signature HMAC-SHA256 of the payload. It never runs out, for a mail may be opened years later;
whoever has it can do no more than switch the summaries of one account off.
One click, without a page: RFC 8058.
"""

from __future__ import annotations

import hmac
import json
import logging
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict

from shared.domain.notifications.preferences import chosen
from shared.domain.pages import templates
from shared.domain.suite import Suite
from shared.errors import NotFound, Unavailable

SECRET = "unsubscribe-key"  # noqa: S105 (a name)
SHORTEST_KEY = 32  # bytes
PATH = "/v1/unsubscribe"
LIST, VERSION = "weekly-summary", 1
LIST_NAME = "the weekly summary"
LONGEST = 1024  # a uid has 128 characters

TEMPLATES = Path(__file__).parent / "templates"

_log = logging.getLogger(__name__)


class NoKey(Unavailable):
    """There is no key to sign links with, until an operator stores one."""


class UnsubscribeQuery(BaseModel):
    """The token of a link. Mail programs may add what they like: it is not looked at."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    token: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page and its status."""

    html: str
    status: int = 200


def link(suite: Suite, uid: str) -> str | None:
    """Where somebody takes themselves off the list; None if nobody knows where the suite is.

    Raises NoKey while there is none to sign with.
    """
    if not suite.public_url:
        return None
    return f"{suite.public_url}{PATH}?{urlencode({'token': token_for(suite, uid)})}"


def headers(url: str | None) -> dict[str, str]:
    """What tells a mail program that one click is enough."""
    if url is None:
        return {}
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def token_for(suite: Suite, uid: str) -> str:
    """The token of somebody's links."""
    payload = _text(json.dumps([VERSION, LIST, uid], separators=(",", ":")).encode())
    return f"{payload}.{_signature(_keys(suite)[0], payload)}"


def uid_in(suite: Suite, token: str) -> str | None:
    """Whose token it is; None for one that we did not sign for this list."""
    if len(token) > LONGEST or not token.isascii():
        return None
    payload, _, given = token.partition(".")
    uid = _uid(payload)
    if uid is None:
        return None
    # Every key is tried, whichever fits, so that the time taken says nothing.
    fits = [hmac.compare_digest(_signature(key, payload), given) for key in _keys(suite)]
    return uid if any(fits) else None


def asked(suite: Suite, token: str) -> Shown:
    """The page that a link leads to. It asks; looking at it changes nothing."""
    return _ask(token) if uid_in(suite, token) is not None else _invalid()


def unsubscribed(suite: Suite, token: str) -> Shown:
    """Switch the summaries off, and say so; again, it is so already. Raises Unavailable."""
    uid = uid_in(suite, token)
    if uid is None:
        return _invalid()
    _switch_off(suite, uid)
    return Shown(_page("done"))


def _switch_off(suite: Suite, uid: str) -> None:
    """Note that somebody wants no summaries; nothing is written if that is so already."""
    path, now = f"users/{uid}", suite.clock.now().isoformat()
    found = suite.documents.get(path)
    if found is None or not chosen(found.data["preferences"]).marketing_summaries:
        return

    def off(held: dict[str, Any]) -> dict[str, Any]:
        preferences = {**held["preferences"], "marketing_summaries": False}
        return {**held, "preferences": preferences, "updated_at": now}

    suite.documents.update(path, off)


def _ask(token: str) -> Shown:
    return Shown(_page("ask", f"?{urlencode({'token': token})}"))  # the same address, wherever


def _invalid() -> Shown:
    return Shown(_page("invalid"), status=400)


def _uid(payload: str) -> str | None:
    try:
        padded = payload + "=" * (-len(payload) % 4)
        said: Any = json.loads(b64decode(padded, altchars=b"-_", validate=True))
        version, named, uid = said
    except (ValueError, TypeError, RecursionError):
        return None
    return uid if (version, named) == (VERSION, LIST) and isinstance(uid, str) else None


def _keys(suite: Suite) -> list[bytes]:
    """The keys, a line each: the first signs, all are taken. So one is replaced without a gap.

    What is too short is no key, and in no other's way.
    """
    try:
        lines = suite.secrets.get(SECRET).split()
    except NotFound as missing:
        raise _no_key() from missing
    keys = [key for line in lines if len(key := line.encode()) >= SHORTEST_KEY]
    if not keys:
        raise _no_key()
    if len(keys) < len(lines):
        _log.warning("secret %s: a line that is too short for a key is left out", SECRET)
    return keys


def _no_key() -> NoKey:
    return NoKey(
        f"Links to unsubscribe cannot be signed as it is set up here. An operator must store the "
        f"secret {SECRET}: at least {SHORTEST_KEY} random bytes as text."
    )


def _signature(key: bytes, payload: str) -> str:
    return _text(hmac.digest(key, payload.encode(), "sha256"))


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _page(state: Literal["ask", "done", "invalid"], action: str = "") -> str:
    words = {"state": state, "action": action, "list_name": LIST_NAME}
    return templates(TEMPLATES).get_template("unsubscribe.html").render(words)
