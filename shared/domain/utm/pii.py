"""E-mail addresses and phone numbers, which must not reach Google Analytics.

https://support.google.com/analytics/answer/6366371 (read in November 2026). Text is looked at as it
is and decoded up to three times, so that an address encoded twice is found too.

An e-mail address is something, `@`, and a domain whose last label is letters and no file type
(`logo@2x.png` is an image). A phone number is one of:
- `+` at the start of a word and 8 to 15 digits, separators between them or not (E.164);
- 3-3-4 digits with a separator or brackets, area and exchange starting from 2 (North America);
- 9 to 14 digits that start with 0 or 00, in 3 groups or more, and are no date (a national number);
- 7 to 15 digits in a parameter that is named for phones.
A bare run of digits (an id, a timestamp) is none, and neither are digits that touch a letter.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

_MAIL = re.compile(r"(?<=[^\s@/?&=;,:<>()\[\]\"\\])@(?:[^\W_](?:[\w-]*[^\W_])?\.)+([^\W\d_]{2,})")
_FILES = frozenset(("avif", "css", "gif", "html", "jpeg", "jpg", "js", "png", "svg", "webp"))
_GAP = r"[ ._()/-]{0,2}"
_START, _END = r"(?<![\w.+-])", r"(?![\w]|[.-]\d)"
_PHONES = re.compile(
    rf"(?<![^\s:=(\"'])\+(?=[1-9(])(?:{_GAP}\d){{8,15}}(?!\d)"
    rf"|{_START}(?:1[ ._-])?(?:\([2-9]\d\d\)[ ._-]?|[2-9]\d\d[ ._-])[2-9]\d\d[ ._-]\d{{4}}{_END}"
    rf"|{_START}(?:00[1-9]\d{{0,3}}|\(?0\d{{1,5}}\)?)(?:[ ._/-]{{1,2}}\d{{2,8}}){{2,5}}{_END}"
)
_DATE = re.compile(r"\d{1,2}[ ._/-]\d{1,2}[ ._/-](?:19|20)\d\d|(?:19|20)\d\d[ ._/-]\d\d[ ._/-]\d\d")
_PHONE_NAME = re.compile(
    r"(?:^|[_.-])(?:phone|phone_?number|tel|telephone|mobile|mobile_?number|cell|msisdn|whatsapp)$",
    re.IGNORECASE,
)
_SUSPECT = re.compile(r"[@%]|\d(?:\D{0,3}\d){6}")
_ROUNDS = 3


def suspect(text: str) -> bool:
    """Whether text needs a closer look; most does not."""
    return _SUSPECT.search(text) is not None


def personal(name: str, value: str) -> str | None:
    """What personal data a parameter holds: "an e-mail address", "a phone number" or None.

    `value` may be as it stands in a URL.
    """
    return _personal(name, value) if suspect(value) else None


@lru_cache(maxsize=1024)
def _personal(name: str, value: str) -> str | None:
    for text in _readings(value):
        if has_mail(text):
            return "an e-mail address"
        if _has_phone(text) or (_PHONE_NAME.search(name) and _is_number(text)):
            return "a phone number"
    return None


def _readings(value: str) -> list[str]:
    """The value as it stands and decoded, as often as that changes it.

    A plus stands for a space in a query, and for itself in text: both are read.
    """
    texts = [value, value.replace("+", " ")] if "+" in value else [value]
    for text in tuple(texts):
        for _ in range(_ROUNDS):
            decoded = unquote(text)
            if decoded == text:
                break
            texts.append(text := decoded)
    return texts


def mail_in(text: str) -> bool:
    """Whether text, as it stands in a URL, holds an e-mail address."""
    return ("@" in text or "%" in text) and any(map(has_mail, _readings(text)))


def has_mail(text: str) -> bool:
    """Whether decoded text holds an e-mail address."""
    if "@" not in text:
        return False
    return any(found[1].lower() not in _FILES for found in _MAIL.finditer(text))


def _has_phone(text: str) -> bool:
    return any(_is_phone(found[0]) for found in _PHONES.finditer(text))


def _is_phone(text: str) -> bool:
    digits = sum(c.isdigit() for c in text)
    return 8 <= digits <= 15 and (text.startswith("+") or (digits >= 9 and not _DATE.search(text)))


def _is_number(text: str) -> bool:
    digits = sum(c.isdigit() for c in text)
    return 7 <= digits <= 15 and not any(c.isalpha() for c in text)
