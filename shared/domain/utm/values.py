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

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
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
    """A value in a spelling. Control characters count as spaces; macros stay."""
    value = _UNSEEN.sub(" ", value).strip()
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
