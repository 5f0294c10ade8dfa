"""From tokens to items: names first, then periods, then the words of the grammar, then numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.periods.days import Frame
from shared.domain.periods.finding import find_periods
from shared.domain.periods.tokens import Token
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.amounts import number_at
from shared.domain.query.reading.kinds import Item, Named
from shared.domain.query.reading.lexicon import known_words, lexicon, longest_phrase
from shared.domain.query.reading.names import NameIndex
from shared.domain.query.reading.occasions import is_occasion
from shared.domain.query.reading.shorthand import SHORT
from shared.domain.query.reading.spelling import closest
from shared.domain.query.reading.spotting import MOST_UNKNOWN, Question, is_unknown, spot_names

_COMPARING = frozenset({"compare", "comparing", "comparison", "compared", "vs", "versus"})
_BEFORE_NUMBERS = frozenset({"than", "below", "above", "under", "exceeding"})
_NO_WORD = "\x00"  # in the place of a name, so that no phrase reaches over it


def items_of(question: Question, index: NameIndex, frame: Frame) -> list[Item]:
    """Every token in exactly one item, left to right."""
    tokens = question.tokens
    hits = {n: hit for hit in spot_names(question, index) for n in range(hit.first, hit.stop)}
    words = [_NO_WORD if n in hits or t.quoted else t.word for n, t in enumerate(tokens)]
    words = _spelt(words, tokens, index)
    spelt = [replace(t, word=word) for t, word in zip(tokens, words, strict=True)]
    comparing = not _COMPARING.isdisjoint(words)
    found_periods = find_periods(words, frame, pairs=comparing)
    periods = {f.first: f for f in found_periods if not is_occasion(words, f, found_periods)}
    items: list[Item] = []
    at = 0
    while at < len(tokens):
        if at in hits:
            items.append(Item(k.NAME, Named(hits[at].names), at, hits[at].stop))
        elif at in periods:
            items.append(Item(k.PERIOD, periods[at], at, periods[at].stop))
        else:
            items.append(_phrase(spelt, at))
        at = items[-1].stop
    return items


def _phrase(tokens: Sequence[Token], at: int) -> Item:
    number = number_at(tokens, at)
    if number is not None and tokens[at].word.isalpha() and number[1] > at + 1:
        return Item(k.NUMBER, number[0], at, number[1])  # "USD 500", "two thousand"
    if number is not None and at and tokens[at - 1].word in _BEFORE_NUMBERS:
        return Item(k.NUMBER, number[0], at, number[1])  # "less than one"
    words = tuple(token.word for token in tokens[at : at + longest_phrase()])
    for length in range(len(words), 0, -1):
        entry = lexicon().get(words[:length])
        if entry is not None:
            return Item(*entry, at, at + length)
    if number is not None:
        return Item(k.NUMBER, number[0], at, number[1])
    return Item(k.UNKNOWN, None, at, at + 1)


def _spelt(words: list[str], tokens: Sequence[Token], index: NameIndex) -> list[str]:
    own = index.campaigns_with.keys()
    words = [SHORT.get(word, word) if word not in own else word for word in words]
    unknown = {t.word for t in tokens if is_unknown(t)} - own - SHORT.keys()
    if len(unknown) > MOST_UNKNOWN:
        return words
    return [_corrected(word) if word in unknown else word for word in words]


def _corrected(word: str) -> str:
    near = closest(word, known_words())
    meanings = {lexicon().get((w,), w) for w in near}
    if len(meanings) != 1:
        return word
    # To take a name for a stop word would drop it silently, so only swapped letters count there.
    meant = min(near)
    kind = lexicon().get((meant,), ("", None))[0]
    return word if kind in k.IGNORED and sorted(meant) != sorted(word) else meant
