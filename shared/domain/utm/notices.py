"""What to know about a link that is built all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from shared.domain.utm.address import Address, name_of
from shared.domain.utm.channels import UNASSIGNED
from shared.domain.utm.clicks import CLICK_ID_OF
from shared.domain.utm.fields import Field
from shared.domain.utm.pii import mail_in
from shared.domain.utm.refusal import Notice

LONGEST_LINK = 2_048
REPLACED = Notice("replaced_utm", "The URL had utm parameters already; they were replaced.")

_NESTED = re.compile(
    r"(?:[=/?&]|%(?:25)*(?:3d|2f|3f|26))https?(?::|%(?:25)*3a)(?:/|%(?:25)*2f){2}"
    r"|(?:=|%(?:25)*3d)(?:/|%(?:25)*2f){2}\w[\w-]*\.",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_INTERNAL = frozenset(("internal", "onsite", "on-site", "on_site"))
_NESTED_URL = Notice(
    "nested_url",
    "The URL holds another one, and the tags go onto the outer one. Tag the inner one too "
    "if visitors are sent on to it.",
)
_MAIL_IN_PATH = Notice(
    "pii_in_path",
    "The URL's path holds an e-mail address, and Google Analytics forbids personal data there too.",
)
_INTERNAL_LINK = Notice(
    "internal_link",
    "This looks like a link from the site to itself: a tag there ends the visitor's session and "
    "hides where they came from. Use an event instead.",
)


def about_url(address: Address, tokens: Sequence[str]) -> Iterator[Notice]:
    """About a URL and those of its parameters that are not ours."""
    yield from about_path(address.before)
    for click in click_ids(tokens) if tokens else ():
        yield Notice(
            "click_id",
            f"The URL carries {click}: where automatic and manual tags meet, Analytics may "
            "prefer the automatic ones. Share a URL without it.",
        )
    rest = "&".join((address.before.partition("://")[2], *tokens, address.fragment[1:]))
    if ("//" in rest or "%" in rest) and _NESTED.search(rest):
        yield _NESTED_URL


def about_path(path: str) -> Iterator[Notice]:
    """About a URL's path."""
    if mail_in(path):
        yield _MAIL_IN_PATH


def about_tags(host: str, tags: Mapping[Field, str], group: str) -> Iterator[Notice]:
    """About the tags of a link to a host."""
    if is_internal(host, tags["source"], tags["medium"]):
        yield _INTERNAL_LINK
    if group == UNASSIGNED:
        yield Notice(
            "unassigned",
            f"Google Analytics puts {tags['source']} / {tags['medium']} into Unassigned. Use a "
            "medium that it knows, such as cpc, paid_social, social, email, display or referral.",
        )
    for name, value in tags.items():
        if "%" in value and _ESCAPED.search(value):
            yield Notice(
                "escaped_value",
                f"{name} looks percent-encoded already and was encoded again. Give plain text.",
            )


def too_long(length: int) -> Notice:
    """About a link that is cut somewhere."""
    return Notice(
        "too_long",
        f"The link has {length:,} characters; some browsers, mail programs and ad platforms cut "
        f"at {LONGEST_LINK:,}. Shorten it.",
    )


def click_ids(tokens: Sequence[str]) -> list[str]:
    """The names of the click ids among tokens, each once."""
    found = [CLICK_ID_OF.get(name_of(t)) for t in tokens if not t.endswith("=")]
    return list(dict.fromkeys(click.name for click in found if click))


def is_internal(host: str, source: str, medium: str) -> bool:
    """Whether source or medium say that the link stands on the site it leads to."""
    if "." not in source:
        return medium.lower() in _INTERNAL
    site, source = host.removeprefix("www."), source.lower().removeprefix("www.")
    return source == site or site.endswith(f".{source}") or source.endswith(f".{site}")
