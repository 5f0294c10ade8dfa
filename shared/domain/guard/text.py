"""The first look, at characters and tokens: cheap, linear, and before anything can recurse."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from sqlglot import Token, TokenType
from sqlglot.dialects.bigquery import BigQuery
from sqlglot.errors import TokenError

from shared.domain.guard.refusal import Source

MAX_CHARACTERS = 20_000
MAX_TOKENS = 4_000
MAX_LITERAL = 1_000
MAX_DEPTH = 20  # brackets and CASEs inside each other; the parser needs about 25 frames for one
MAX_RUN = 24  # tokens in a row without an operand: NOT NOT NOT …, - - - …
MAX_OF = {
    TokenType.SELECT: (32, "SELECTs"),
    TokenType.JOIN: (6, "JOINs"),
    TokenType.UNNEST: (10, "UNNESTs"),
}

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_STRINGS = frozenset({TokenType.STRING, TokenType.RAW_STRING})
_OPEN = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.CASE})
_CLOSE = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE, TokenType.END})
_OPERANDS = frozenset(
    {
        TokenType.VAR,
        TokenType.IDENTIFIER,
        TokenType.NUMBER,
        TokenType.STAR,
        TokenType.NULL,
        TokenType.TRUE,
        TokenType.FALSE,
        *_STRINGS,
        *_CLOSE,
    }
)
_NO_PARAMETER = "Write the value itself in place of the parameter."
_BEGINS = frozenset({TokenType.SELECT, TokenType.WITH})


def tokens(source: Source, parameters: frozenset[str]) -> list[Token]:
    """The tokens of one SELECT of bounded size and depth, without the semicolon at its end."""
    _check_characters(source)
    try:
        found = BigQuery().tokenize(source.text)
    except (TokenError, ValueError, LookupError) as wrong:
        detail = "A string, name or comment is not closed, or a character does not belong there."
        raise source.refuse("syntax", detail) from wrong
    if not source.text.isascii():
        _check_outside_strings(source, found)
    while found and found[-1].token_type is TokenType.SEMICOLON:
        found.pop()
    _check_start(source, found)
    _check_size(source, found)
    _check_signs(source, found, parameters)
    return found


def _check_characters(source: Source) -> None:
    if len(source.text) > MAX_CHARACTERS:
        raise source.refuse("too-long", f"Shorten the SQL to {MAX_CHARACTERS:,} characters.")
    if bad := CONTROL.search(source.text):
        detail = "Remove the control character or broken encoding at this position."
        raise source.refuse("bad-character", detail, bad.start())


def _check_outside_strings(source: Source, found: list[Token]) -> None:
    """Invisible signs and blanks may hide what a text says; only string literals may hold them."""
    inside = 0
    spans = [(t.start, t.end + 1) for t in found if t.token_type in _STRINGS]
    for start, end in [*spans, (len(source.text), len(source.text))]:
        for offset in range(inside, start):
            sign = source.text[offset]
            if not sign.isascii() and unicodedata.category(sign)[0] in "CZ":
                detail = f"Remove the invisible character U+{ord(sign):04X} at this position."
                raise source.refuse("bad-character", detail, offset)
        inside = end


def _check_start(source: Source, found: list[Token]) -> None:
    first = next((t for t in found if t.token_type is not TokenType.L_PAREN), None)
    if first is None or first.token_type not in _BEGINS:
        detail = "Write one query that begins with SELECT or WITH; nothing else can be run here."
        raise source.refuse("not-a-select", detail, first.start if first else None)


def _check_size(source: Source, found: list[Token]) -> None:
    if len(found) > MAX_TOKENS:
        raise source.refuse("too-complex", f"Shorten the SQL to {MAX_TOKENS:,} words and signs.")
    counts = Counter(t.token_type for t in found)
    for kind, (most, name) in MAX_OF.items():
        if counts[kind] > most:
            detail = f"The query has {counts[kind]} {name}; at most {most} are allowed."
            raise source.refuse("too-complex", detail)
    _check_depth(source, found)


def _check_depth(source: Source, found: list[Token]) -> None:
    depth = run = 0
    for token in found:
        kind = token.token_type
        depth += (kind in _OPEN) - (kind in _CLOSE)
        run = 0 if kind in _OPERANDS else run + 1
        if depth > MAX_DEPTH or run > MAX_RUN:
            detail = f"Nest less deeply: at most {MAX_DEPTH} levels. WITH parts keep a query flat."
            raise source.refuse("too-deep", detail, token.start)


def _check_signs(source: Source, found: list[Token], parameters: frozenset[str]) -> None:
    for index, token in enumerate(found):
        match token.token_type:
            case TokenType.PARAMETER:
                _check_parameter(source, found[index : index + 2], parameters)
            case TokenType.SEMICOLON:
                detail = "Send one statement at a time: remove what follows the semicolon."
                raise source.refuse("many-statements", detail, token.start)
            case TokenType.PIPE_GT:
                detail = "Write SELECT … FROM … instead of pipe syntax (|>)."
                raise source.refuse("not-allowed", detail, token.start)
            case TokenType.PLACEHOLDER | TokenType.COLON:
                raise source.refuse("parameter", _NO_PARAMETER, token.start)
            case TokenType.CURRENT_DATE | TokenType.CURRENT_DATETIME | TokenType.CURRENT_TIMESTAMP:
                detail = "Name the day, as in DATE '2025-01-31': an answer must be repeatable."
                raise source.refuse("function", detail, token.start)
            case TokenType.STRING | TokenType.RAW_STRING if len(token.text) > MAX_LITERAL:
                detail = f"Shorten this text to {MAX_LITERAL:,} characters."
                raise source.refuse("literal", detail, token.start)
            case _:
                pass


def _check_parameter(source: Source, pair: list[Token], parameters: frozenset[str]) -> None:
    sign, name = pair[0], pair[-1]
    if name.token_type is TokenType.PARAMETER and name is not sign:
        raise source.refuse("system-variable", "System variables (@@…) are not open.", sign.start)
    if name.start != sign.end + 1 or name.text not in parameters:
        raise source.refuse("parameter", _NO_PARAMETER, sign.start)
