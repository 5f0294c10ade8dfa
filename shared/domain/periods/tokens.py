"""A question as tokens: words, numbers, dates and the few signs that mean something.

Underscores and hyphens part words, except that a dash between two things that can bound a range
("1-15", "Jan–Mar") is a token of its own. Other punctuation is dropped. One pass, linear.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTH = (
    "jan(?:uary)?|feb(?:r|ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
WEEKDAY = (
    "mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|"
    "sat(?:urday)?|sun(?:day)?"
)
DASH = "–"
QUOTED = '"'

_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]+"[^"]+"|[^"]+)"
    | (?P<date> (?: \d{4}[-/.]\d{1,2}[-/.]\d{1,2} | \d{1,2}(?P<sep>[-/.])\d{1,2}(?P=sep)\d{4}
                  | (?:[0-2]?\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?=\s*(?:$|[^\s\d]))
                  | \d{4}-?[wqh]\d{1,2} | \d{4}-\d{2} | \d{1,2}/\d{4} ) (?!\w) )
    | '(?P<short_year>\d\d) (?!\w)
    | (?P<number> [$€£¥₹]? \d+ (?:[.,]\d+)* [^\W_]* [%€£]? )
    | '(?:s|re|ve|m|d|ll) \b
    | (?P<word> [^\W\d_] [^\W_]* (?:'t\b)? )
    | (?P<dash> \.\. | [-–—−] )
    | (?P<sign> <= | >= | != | <> | [<>=≤≥≠%&+,/] )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BOUND = re.compile(rf"\d.*|[qh][1-4]|(?:w|cw|kw)\d+|{MONTH}|{WEEKDAY}")
_QUOTES = str.maketrans("“”„«»‟’‘`´", '""""""' + "''''")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the question: `word` is casefolded, `start` and `end` are offsets in the text.

    `quoted` when it stood in quotation marks and so can only be a name.
    """

    word: str
    start: int
    end: int
    quoted: bool = False


def plain(question: str) -> str:
    """The text that offsets count in: NFKC, with straight quotation marks."""
    return unicodedata.normalize("NFKC", question).translate(_QUOTES).replace('\\"', '"')


def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of a plain text."""
    found: list[Token] = []
    dash: Token | None = None
    for match in _TOKEN.finditer(text):
        token = _token(match)
        if token is None:
            continue
        if token.word == DASH:
            dash = token
            continue
        if dash and found and _bounds(found[-1]) and _bounds(token):
            found.append(dash)
        dash = None
        found.append(token)
    return tuple(found)


def _token(match: re.Match[str]) -> Token | None:
    kind = match.lastgroup
    if kind is None:
        return None
    start, end = match.span()
    if kind == "quoted":
        return Token(match["quoted"].strip().casefold(), start + 1, end - 1, quoted=True)
    if kind == "short_year":
        return Token(f"20{match[kind]}", start, end)
    return Token(DASH if kind == "dash" else match[0].casefold(), start, end)


def _bounds(token: Token) -> bool:
    return _BOUND.fullmatch(token.word) is not None
