"""Looking up phrases: the words of the grammar, the metrics, what the data cannot tell."""

from __future__ import annotations

from functools import cache
from typing import Any

from shared.domain.periods.phrases import DIGITS
from shared.domain.periods.tokens import MONTHS, WEEKDAYS, plain, tokens_of
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.change_words import CHANGE_WORDS
from shared.domain.query.reading.everyday_words import EVERYDAY_WORDS
from shared.domain.query.reading.stop_words import PERIOD_WORDS, STOP_PHRASES, STOP_WORDS
from shared.domain.query.reading.unsupported import UNSUPPORTED
from shared.domain.query.reading.words import WORDS
from shared.domain.semantics import METRICS

Entry = tuple[str, Any]  # kind and meaning


@cache
def lexicon() -> dict[tuple[str, ...], Entry]:
    """Phrases as tuples of words. What stands lower here has the last word."""
    found: dict[tuple[str, ...], Entry] = {(word,): (k.STOP, None) for word in STOP_WORDS.split()}
    found |= _phrases(STOP_PHRASES, (k.STOP, None))
    for topic, _, phrases in UNSUPPORTED:
        found |= _phrases(phrases, (k.UNSUPPORTED, topic))
    for kind, value, phrases in (*WORDS, *EVERYDAY_WORDS, *CHANGE_WORDS):
        found |= _phrases(phrases, (kind, value))
    for metric in METRICS.values():
        own = "|".join((metric.id, metric.label, *metric.synonyms))
        found |= _phrases(f"{own}|{own.replace(' per ', ' / ')}", (k.METRIC, metric.id))
    return found


def _phrases(text: str, entry: Entry) -> dict[tuple[str, ...], Entry]:
    words = (tuple(token.word for token in tokens_of(plain(part))) for part in text.split("|"))
    return dict.fromkeys(words, entry)


@cache
def longest_phrase() -> int:
    """How many words the longest phrase has."""
    return max(map(len, lexicon()))


@cache
def ordinary_words() -> frozenset[str]:
    """Known words that are more than a name for what the data cannot tell."""
    kept = (words for words, entry in lexicon().items() if entry[0] != k.UNSUPPORTED)
    words = {word for phrase in kept for word in phrase}
    return frozenset({*words, *PERIOD_WORDS.split(), *MONTHS, *WEEKDAYS, *DIGITS})


@cache
def known_words() -> frozenset[str]:
    """Every word the grammar or the period phrases may use: none of them is a misspelt name."""
    words = {word for phrase in lexicon() for word in phrase}
    return frozenset({*words, *PERIOD_WORDS.split(), *MONTHS, *WEEKDAYS, *DIGITS})
