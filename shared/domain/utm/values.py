"""What becomes of a value: the convention's spelling, and how it stands in a URL.

Macros that an advertising platform fills in when an ad is shown stay as they are: Google and
Microsoft `{campaignid}` and `{keyword:Default text}`, Meta, LinkedIn and Snap
`{{campaign.name}}`, TikTok `__CAMPAIGN_NAME__`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

MACRO = re.compile(r"(\{\{[\w.-]+\}\}|\{[\w.-]+(?::[^{}]*)?\}|__[A-Z](?:_?[A-Z0-9])*__)", re.ASCII)

INVISIBLE = "\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
"""Signs that show nothing and change no letter, for a class of characters in an expression."""

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_BLANK = re.compile(r"[\s\u115f\u1160\u200c\u200d\u2800\u3164\ufe00-\ufe0f\uffa0]*")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Spelling:
    """How values are written: in lower case or not, with what between words; None: as given."""

    lowercase: bool = True
    separator: str | None = "_"


DEFAULT = Spelling()
AS_GIVEN = Spelling(lowercase=False, separator=None)


@lru_cache(maxsize=4096)
def spelled(value: str, spelling: Spelling) -> str:
    """A value in a spelling; empty if nothing of it shows.

    Control characters count as spaces, invisible ones as none; macros stay.
    """
    value = _UNSEEN.sub(" ", value)
    if not value.isascii():
        value = _INVISIBLE.sub("", value)
        value = "" if _BLANK.fullmatch(value) else value
    value = value.strip()
    if spelling == AS_GIVEN:
        return value
    return "".join(
        part if number % 2 else _spelled(part, spelling)
        for number, part in enumerate(MACRO.split(value))
    )


def _spelled(text: str, spelling: Spelling) -> str:
    if spelling.lowercase:
        text = text.lower()
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if spelling.separator is not None:
        text = _SPACES.sub(spelling.separator, text)
    return text


@lru_cache(maxsize=4096)
def encoded(value: str) -> str:
    """A value as it stands in a URL: UTF-8, everything but letters, digits and `-._~` escaped.

    A macro's braces and colon stay.
    """
    return "".join(
        quote(part, safe="{}:" if number % 2 else "")
        for number, part in enumerate(MACRO.split(value))
    )


def has_macro(value: str) -> bool:
    """Whether a platform will fill in a part of the value."""
    return MACRO.search(value) is not None
