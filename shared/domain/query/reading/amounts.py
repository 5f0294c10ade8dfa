"""Amounts in a question: 1,000 · 1.5k · $50 · 2 % · two thousand dollars."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.domain.periods.phrases import DIGITS
from shared.domain.periods.tokens import Token
from shared.domain.query.reading.kinds import Number

_WRITTEN = re.compile(r"[$€£¥₹]?(\d+(?:[.,]\d+)*)([^\W\d_]*)([%€£]?)")
_TIMES = {
    "": 1,
    "x": 1,
    "eur": 1,
    "usd": 1,
    "gbp": 1,
    "€": 1,
    "£": 1,
    "k": 1_000,
    "thousand": 1_000,
    "grand": 1_000,
    "hundred": 100,
    **dict.fromkeys(("m", "mn", "mio", "million"), 1_000_000),
    **dict.fromkeys(("b", "bn", "billion"), 1_000_000_000),
}
_MULTIPLIERS = ("hundred", "thousand", "grand", "k", "m", "mn", "mio", "million", "bn", "billion")
_PERCENT = ("%", "percent", "pct")
_CURRENCY = frozenset(
    ("dollar", "dollars", "euro", "euros", "eur", "usd", "gbp", "pounds", "bucks")
)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DOTTED_THOUSANDS = re.compile(r"\d{1,3}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})")
_EITHER = re.compile(r"[1-9]\d{0,2}\.\d{3}")  # 20.000: twenty, or twenty thousand
_DECIMAL_COMMA = re.compile(r"\d+,\d{1,2}")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")


def number_at(tokens: Sequence[Token], at: int) -> tuple[Number, int] | None:
    """The amount that begins with a token, and the token after it: `5 k`, `USD 500`."""
    if tokens[at].word in _CURRENCY:
        at += 1
    first = _amount(tokens[at]) if at < len(tokens) else None
    if first is None:
        return None
    amount, percent, either = first
    words = [token.word for token in tokens[at + 1 : at + 5]]
    used = 0
    while used < len(words) and words[used] in _MULTIPLIERS:
        amount *= _TIMES[words[used]]
        used += 1
    if words[used : used + 1] and words[used] in _PERCENT:
        percent, used = True, used + 1
    elif words[used : used + 2] == ["per", "cent"]:
        percent, used = True, used + 2
    elif words[used : used + 1] and words[used] in _CURRENCY:
        used += 1
    return Number(amount, percent, either), at + 1 + used


def _amount(token: Token) -> tuple[float, bool, bool] | None:
    if token.quoted:
        return None
    digits = DIGITS.get(token.word, token.word).rstrip(".")
    match = _WRITTEN.fullmatch(digits)
    if match is None or match[2] not in _TIMES:
        return None
    written = match[1]
    if _THOUSANDS.fullmatch(written):
        written = written.replace(",", "")
    elif _DOTTED_THOUSANDS.fullmatch(written):
        written = written.replace(".", "").replace(",", ".")
    elif _DECIMAL_COMMA.fullmatch(written):
        written = written.replace(",", ".")
    if not _PLAIN.fullmatch(written) or len(written) > 15:
        return None
    either = _EITHER.fullmatch(match[1]) is not None
    return float(written) * _TIMES[match[2]], match[3] == "%", either
