"""From tokens to items: names first, then periods, then the words of the grammar, then numbers.

Names are matched whole, the longest first. A name made of nothing but grammar words ("Sales",
"May") counts only in quotation marks or next to the word campaign. A misspelt word becomes the name
or the grammar word that it is closest to; of two equally close names the person chooses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shared.domain.periods import Frame, find_periods
from shared.domain.periods.tokens import Token
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.kinds import Item, Name, Named
from shared.domain.query.reading.lexicon import known_words, lexicon, longest_phrase
from shared.domain.query.reading.names import NameIndex, name_words
from shared.domain.query.reading.numbers import number_at
from shared.domain.query.reading.spelling import closest

_CAMPAIGN = frozenset({"campaign", "campaigns"})
_CHANNEL = frozenset({"channel", "channels", "platform"})
_COMPARING = frozenset({"compare", "comparing", "comparison", "compared", "vs", "versus"})
_BREAKS = frozenset({",", "<", ">", "=", "<=", ">="})
_MOST_UNKNOWN = 12  # of more unknown words no spelling makes a question
_NOT_A_WORD = "\x00"


@dataclass(frozen=True, slots=True)
class Hit:
    """Names that a stretch of tokens stands for; several when they are equally good."""

    first: int
    stop: int
    names: tuple[Name, ...]


def items_of(tokens: Sequence[Token], index: NameIndex, frame: Frame) -> tuple[Item, ...]:
    """Every token in exactly one item, left to right."""
    hits = _with_misspelt(tokens, index, _exact(tokens, index))
    named = {n: hit for hit in hits for n in range(hit.first, hit.stop)}
    words = [_NOT_A_WORD if n in named else t.word for n, t in enumerate(tokens)]
    words = _spelt(words, tokens, index)
    spelt = [replace(t, word=word) for t, word in zip(tokens, words, strict=True)]
    comparing = not _COMPARING.isdisjoint(words)
    periods = {found.first: found for found in find_periods(words, frame, pairs=comparing)}
    items: list[Item] = []
    at = 0
    while at < len(tokens):
        if at in named:
            hit = named[at]
            items.append(Item(k.NAME, Named(hit.names), hit.first, hit.stop))
        elif at in periods:
            items.append(Item(k.PERIOD, periods[at], at, periods[at].stop))
        else:
            items.append(_phrase(spelt, at))
        at = items[-1].stop
    return tuple(items)


def _phrase(tokens: Sequence[Token], at: int) -> Item:
    words = () if tokens[at].quoted else tuple(t.word for t in tokens[at : at + longest_phrase()])
    for length in range(len(words), 0, -1):
        entry = lexicon().get(words[:length])
        if entry is not None:
            return Item(*entry, at, at + length)
    number = number_at(tokens, at)
    if number is not None:
        return Item(k.NUMBER, number[0], at, number[1])
    return Item(k.UNKNOWN, None, at, at + 1)


def _exact(tokens: Sequence[Token], index: NameIndex) -> list[Hit]:
    letters = [_letters(token) for token in tokens]
    hits: list[Hit] = []
    for at, token in enumerate(tokens):
        if token.quoted:
            names = index.find(name_words(token.word))
            hits += [Hit(at, at + 1, names)] if names else []
        for stop in _stops(tokens, letters, at, index.longest):
            names = _meant(index.find(letters[at:stop]), tokens, at, stop)
            hits += [Hit(at, stop, names)] if names else []
    return _without_overlaps(sorted(hits, key=lambda hit: (hit.first - hit.stop, hit.first)))


def _letters(token: Token) -> str:
    return "" if token.quoted else "".join(filter(str.isalnum, token.word))


def _stops(tokens: Sequence[Token], letters: Sequence[str], at: int, longest: int) -> Iterator[int]:
    """Where a name that begins with this token may end."""
    if not letters[at]:
        return
    for stop in range(at + 1, min(at + longest, len(tokens)) + 1):
        if tokens[stop - 1].quoted or tokens[stop - 1].word in _BREAKS:
            return
        if letters[stop - 1]:
            yield stop


def _meant(
    names: tuple[Name, ...], tokens: Sequence[Token], first: int, stop: int
) -> tuple[Name, ...]:
    """Of names with the same letters those that the words round them allow."""
    beside = {t.word for t in (*tokens[max(first - 1, 0) : first], *tokens[stop : stop + 1])}
    campaigns = tuple(name for name in names if name.field == "campaign")
    channels = tuple(name for name in names if name.field == "channel")
    if campaigns and beside & _CAMPAIGN:
        return campaigns
    if channels and beside & _CHANNEL:
        return channels
    ordinary = all(t.word in known_words() or t.word.isdigit() for t in tokens[first:stop])
    return channels if ordinary else names


def _without_overlaps(hits: Sequence[Hit]) -> list[Hit]:
    """The hits in this order of precedence, none of which takes a token of one before it."""
    kept: list[Hit] = []
    taken: set[int] = set()
    for hit in hits:
        span = set(range(hit.first, hit.stop))
        if not span & taken:
            kept.append(hit)
            taken |= span
    return kept


def _with_misspelt(
    tokens: Sequence[Token], index: NameIndex, exact: Sequence[Hit]
) -> Sequence[Hit]:
    named = {n for hit in exact for n in range(hit.first, hit.stop)}
    unknown = {n for n, t in enumerate(tokens) if n not in named and _is_unknown(t)}
    if not unknown or len(unknown) > _MOST_UNKNOWN:
        return exact
    letters = [_letters(token) for token in tokens]
    found: list[tuple[float, Hit]] = []
    for at in range(len(tokens)):
        for stop in _stops(tokens, letters, at, index.longest + 1):
            if unknown.isdisjoint(range(at, stop)):
                continue
            distance, names = index.find_misspelt(letters[at:stop])
            found += [(distance, Hit(at, stop, names))] if names else []
    found.sort(key=lambda pair: (pair[0], pair[1].first - pair[1].stop, pair[1].first))
    return _without_overlaps([*(hit for _, hit in found), *exact])


def _is_unknown(token: Token) -> bool:
    return not token.quoted and token.word.isalpha() and token.word not in known_words()


def _spelt(words: list[str], tokens: Sequence[Token], index: NameIndex) -> list[str]:
    unknown = {t.word for t in tokens if _is_unknown(t)} - index.campaigns_with.keys()
    if len(unknown) > _MOST_UNKNOWN:
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
