"""Source and medium that Google Analytics gives an untagged visit by its referrer.

A search engine gives its name and `organic`, an AI assistant its host and `ai-assistant`, any other
site its host and `referral`. https://support.google.com/analytics/answer/11242841 and
https://support.google.com/analytics/answer/9164320#05132026, read in November 2026.
"""

from __future__ import annotations

import re

from shared.domain.utm.address import read_address
from shared.domain.utm.refusal import Flaw, Refused
from shared.domain.utm.sources import AI_ASSISTANTS, CATEGORY_OF, SOURCES

_ENGINES = frozenset(name for name in SOURCES["search"] if "." not in name)
_ENGINE_HOST = re.compile(
    r"(?:(?:m|search|[a-z]{2}\.search)\.)?([a-z-]+)\.(?:com?\.)?[a-z]{2,3}", re.ASCII
)
_SITE = re.compile(
    r"(?:https?://)?(?:[^/?#\s]*@)?([^/?#\s:@]+\.[^/?#\s:@]+(?::\d+)?)(?:[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_APP = re.compile(r"android-app://([A-Za-z0-9_.]+)(?:/[^\s]*)?")


def came_from(referrer: str, own_host: str) -> tuple[str, str] | None:
    """Source and medium; None for the site's own pages. Raises Refused for what names no site.

    Browsers and logs shorten and garble what comes after the host, so that is not looked at.
    """
    if app := _APP.fullmatch(referrer.strip(" ")):
        return app[1], "referral"
    host = _host(referrer).removeprefix("www.")
    if host == own_host.removeprefix("www."):
        return None
    if host in AI_ASSISTANTS:
        return host, "ai-assistant"
    if engine := _engine(host):
        return engine, "organic"
    return host, "referral"


def _host(referrer: str) -> str:
    found = _SITE.fullmatch(referrer.strip(" "))
    if found is None:
        raise Refused([Flaw("invalid_url", "referrer", "The referrer names no site.")])
    return read_address(f"https://{found[1]}").host


def _engine(host: str) -> str | None:
    if CATEGORY_OF.get(host, "search") != "search":
        return None
    found = _ENGINE_HOST.fullmatch(host)
    if found and found[1] in _ENGINES:
        return found[1]
    return host if host in CATEGORY_OF else None
