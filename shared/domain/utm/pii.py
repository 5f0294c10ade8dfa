"""E-mail addresses and phone numbers, which must not reach Google Analytics.

https://support.google.com/analytics/answer/6366371 (read in November 2026). A parameter is looked
at as it stands and decoded again and again, so that what is encoded four times is found too.

An e-mail address is something, `@`, and a domain whose last label is letters and no file type
(`logo@2x.png` is an image). What stands before `@` ends in no `.`, `_` or `-`: `us_@brand.official`
names an account.

A phone number is refused only when it is plainly one of:
- `+` or `00`, a country's code and 8 to 15 digits in all (00: 10 to 15; +1 and +7: 11), which are
  no date, no decimal and no grouped thousands;
- an area code in brackets and 7 to 9 digits: `(415) 555-2671`;
- `tel:` and 7 to 15 digits;
- 7 to 15 digits and no letters, no date, in a parameter whose name ends in phone, mobile, tel,
  cell, msisdn or whatsapp (`userPhone`, `user[phone]`, `phone_no`).
What may be either is warned about: 3-3-4 digits; a 0 with 8 to 11 digits more in groups, of which
none is a year; `@example.com` after a word and a space, `.`, `_` or `-`. A bare run of digits (an
id, a timestamp) is none.
Platforms make click ids, so nothing but an e-mail address is read into one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote

from shared.domain.utm.clicks import CLICK_ID_OF

MAIL, PHONE = "an e-mail address", "a phone number"

_DOMAIN = r"@(?:[^\W_](?:[\w-]*[^\W_])?\.)+([^\W\d_]{2,})"
_MAIL = re.compile(rf"(?:(?<=\w\")|(?<=[^\s@/?&=;,:<>()\[\]\"\\._-])){_DOMAIN}")
_HANDLE = re.compile(rf"(?<=\w[\s._-]){_DOMAIN}")
_FILES = frozenset(("avif", "css", "gif", "html", "jpeg", "jpg", "js", "png", "svg", "webp"))

_GAP = r"[ ._()/-]{0,2}"
_COUNTRY = (  # https://www.itu.int/pub/T-SP-E.164D
    r"(?:2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
    r"|(?:2[1-689]|3[578]|42|5[09]|6[789]|8[058]|9[679])\d)"
)
_PHONE = re.compile(
    rf"(?<![^\s:=(\"',;/\[|])(?:\+\(?(?:[17](?:{_GAP}\d){{10}}|{_COUNTRY}(?:{_GAP}\d){{5,13}})"
    rf"|00(?:[17](?:{_GAP}\d){{10}}|{_COUNTRY}(?:{_GAP}\d){{7,13}}))(?!\d|[.,]\d)"
    r"|(?<![\w.])\((?!19|20)\d{2,5}\)(?:[ ._-]{0,2}\d){7,9}(?!\w)"
    rf"|\b(?i:tel):[ /]{{0,2}}\+?\d(?:{_GAP}\d){{6,14}}(?!\w)"
)
_NAMED = re.compile(
    r"(?:(?<![A-Za-z])(?i:(?:user|cell|mobile|home|work|tele)?phone|mobile|tel|cell|msisdn|whatsapp)"
    r"|(?<=[a-z])(?:Phone|Mobile|Tel|Whatsapp|WhatsApp))"
    r"(?:[\W_]{0,2}(?i:no|num|nr|number))?[\d_\[\]]{0,3}=([\d\s+()./-]{7,30})(?![^&;])"
)
_MAYBE = re.compile(
    r"(?<![\w.+-])(?:(?:1[ .-])?[2-9]\d\d[ .-][2-9]\d\d[ .-]\d{4}"
    r"|0[1-9]\d{0,4}(?:[ ./-]\d{2,8}){1,4})(?!\w|[.-]\d)"
)
_THOUSANDS = re.compile(r"\+?\d{1,3}(?:[.,]\d{3})+")
_DECIMAL = re.compile(r"\+?\d+\.\d+")
_DATE = re.compile(
    r"\D*(?:(?:19|20)\d\d[ ._/-]?(?:0[1-9]|1[0-2])[ ._/-]?(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[ ._/-]?(?:0?[1-9]|[12]\d|3[01])[ ._/-]?(?:19|20)\d\d)\D*"
)
_GROUPS_OF_DATES = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d\d[ ./-]\d\d[ ./-]\d\d(?!\d)")
_DIGITS = re.compile(r"\d(?:\D{0,3}\d){6}")
_SUSPECT = re.compile(rf"[@%]|{_DIGITS.pattern}")
_ROUNDS = 8


def suspect(text: str) -> bool:
    """Whether text needs a closer look; most does not."""
    return _SUSPECT.search(text) is not None


def suspect_any(texts: Iterable[str]) -> bool:
    """Whether one of several texts does: looked through together, which is quicker."""
    return suspect("    ".join(texts))  # too far apart for digits to count as one number


def personal(name: str, value: str) -> str | None:
    """What personal data a parameter holds: "an e-mail address", "a phone number" or None.

    Both may be as they stand in a URL.
    """
    return _found(name, value)[0] if suspect(value) or suspect(name) else None


def doubtful(name: str, value: str) -> bool:
    """Whether a parameter holds nothing that is refused and yet something that may be personal."""
    return (suspect(value) or suspect(name)) and _found(name, value) == (None, True)


@lru_cache(maxsize=1024)
def _found(name: str, value: str) -> tuple[str | None, bool]:
    texts = _readings(f"{name}={value}")
    if any(map(has_mail, texts)):
        return MAIL, False
    if unquote(name).lower() in CLICK_ID_OF:
        return None, False
    numbers = [text for text in texts if _DIGITS.search(text)]
    if any(map(_has_phone, numbers)):
        return PHONE, False
    handle = "@" in texts[-1] and any(map(_HANDLE.search, texts))
    return None, handle or any(map(_may_have_phone, numbers))


def _readings(text: str) -> list[str]:
    """The text as it stands and decoded, as often as that changes it.

    A plus stands for a space in a query, and for itself in text: both are read.
    """
    texts = [text, text.replace("+", " ")] if "+" in text else [text]
    for start in tuple(texts):
        for _ in range(_ROUNDS):
            decoded = unquote(start)
            if decoded == start:
                break
            texts.append(start := decoded)
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
    numbers = [found[0] for found in _PHONE.finditer(text)]
    numbers += [found[1] for found in _NAMED.finditer(text)]
    return any(map(_is_phone, numbers))


def _is_phone(text: str) -> bool:
    others = (_DATE, _DECIMAL, _THOUSANDS)
    return 7 <= _digits(text) <= 17 and not any(other.fullmatch(text) for other in others)


def _may_have_phone(text: str) -> bool:
    return any(
        9 <= _digits(found[0]) <= 12 and not _GROUPS_OF_DATES.search(found[0])
        for found in _MAYBE.finditer(text)
    )


def _digits(text: str) -> int:
    return sum(c.isdigit() for c in text)
