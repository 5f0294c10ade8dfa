"""A URL in its raw parts, none of them changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_plus

from shared.domain.utm.fields import FIELD_OF, Field
from shared.domain.utm.refusal import Flaw, Refused
from shared.domain.utm.values import INVISIBLE

MOST_CHARACTERS = 8_192

_SHAPE = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?")
_CONTROL = re.compile(rf"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{INVISIBLE}]")
_FORBIDDEN = re.compile(rf"\s|{_CONTROL.pattern}")
_HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
    r"(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)$", re.IGNORECASE)  # an address, or none
_AUTHORITY = re.compile(r"(\[[^\]]*\]|[^:]*)(?::(.*))?")
_PORT = re.compile(r"[0-9]{0,5}")


@dataclass(frozen=True, slots=True)
class Address:
    """A web address. `before` is scheme, host, port and path, `query` what follows `?`, `tokens`
    what `&` parts in it; `fragment` has its `#`.
    """

    before: str
    host: str
    query: str
    fragment: str

    @property
    def tokens(self) -> list[str]:
        """The query's parts, in their order."""
        return self.query.split("&") if self.query else []


def read_address(text: str) -> Address:
    """The parts of a URL. Raises Refused (`invalid_url`) saying how to mend it."""
    text = text.strip(" ")
    _check_characters(text)
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise _invalid("Write the whole URL, such as https://example.com/page.")
    scheme, authority, path, query, fragment = found.groups("")
    if scheme.lower() not in ("http", "https"):
        raise _invalid("A tagged link starts with https:// or http://.")
    host = _host(authority)
    before = f"{scheme}://{authority}{path}"
    return Address(before, host, query[1:], fragment)


def _check_characters(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise _invalid(f"The URL is longer than {MOST_CHARACTERS:,} characters. Shorten it.")
    if _FORBIDDEN.search(text):
        if _CONTROL.search(text):
            raise _invalid(
                "The URL holds control characters, such as a line break or "
                "a space of no width. Remove them."
            )
        raise _invalid("The URL holds a space. Write it as %20.")


@lru_cache(maxsize=1024)
def _host(authority: str) -> str:
    if "@" in authority:
        raise _invalid("The URL holds a user name or password before the host. Remove it.")
    found = _AUTHORITY.fullmatch(authority)
    host, port = found.groups("0") if found else ("", "")
    if not _PORT.fullmatch(port) or int(port or 0) > 65_535:
        raise _invalid("The URL's port is not a number up to 65535.")
    if not _is_host(host):
        raise _invalid("The URL has no host that can be reached, such as example.com.")
    return host.lower()


def _is_host(host: str) -> bool:
    if host.startswith("["):
        return host.endswith("]") and _is_address(host[1:-1], 6)
    if not host.isascii():
        return len(host) < 254 and _is_international(host)
    host = host.removesuffix(".")
    return bool(_HOST.fullmatch(host)) and (not _NUMBER.match(host) or _is_address(host, 4))


def _is_international(host: str) -> bool:
    import idna  # few hosts are

    try:
        return _is_host(idna.encode(host, uts46=True).decode())
    except idna.IDNAError:
        return _is_of_old(host)


def _is_of_old(host: str) -> bool:
    # Browsers take what the first standard took too: signs such as ☃.
    try:
        return _is_host(host.encode("idna").decode())
    except UnicodeError:
        return False


def _is_address(text: str, version: int) -> bool:
    from ipaddress import ip_address

    try:
        return ip_address(text).version == version
    except ValueError:
        return False


def name_of(token: str) -> str:
    """The decoded name of a token, in lower case."""
    name = token.partition("=")[0]
    return (unquote_plus(name) if "%" in name or "+" in name else name).lower()


def value_of(token: str) -> str:
    """The decoded value of a token."""
    value = token.partition("=")[2]
    return unquote_plus(value) if "%" in value or "+" in value else value


def field_of(token: str) -> Field | None:
    """The field that a token fills, if it is a utm parameter that Google Analytics knows."""
    return FIELD_OF.get(name_of(token))


def tags_of(fragment: str) -> tuple[str, ...]:
    """The tokens of a fragment that holds utm parameters and nothing else; none of any other."""
    if "=" not in fragment:
        return ()
    tokens = tuple(t for t in fragment[1:].removeprefix("?").split("&") if t)
    return tokens if all(field_of(t) for t in tokens) else ()


def _invalid(message: str) -> Refused:
    return Refused([Flaw("invalid_url", "url", message)])
