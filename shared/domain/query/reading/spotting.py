"""Spotting the tenant's names among the tokens of a question.

Names are matched whole, the longest first. A name made of nothing but grammar words ("Sales",
"May") counts only in quotation marks or next to the word campaign. Misspelt words count for the
name they are closest to. Names that are equally good stay together for the person to choose from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from shared.domain.periods.tokens import Token
from shared.domain.query.reading.kinds import Name
from shared.domain.query.reading.lexicon import known_words, ordinary_words
from shared.domain.query.reading.names import NameIndex, name_words

MOST_UNKNOWN = 12  # of more unknown words no spelling makes a question
_BESIDE = {
    "campaign": frozenset({"campaign", "campaigns"}),
    "channel": frozenset({"channel", "channels", "platform", "platforms"}),
}
_BREAKS = frozenset({",", "<", ">", "=", "<=", ">="})


@dataclass(frozen=True, slots=True)
class Hit:
    """Names that the tokens from `first` up to (not including) `stop` stand for."""

    first: int
    stop: int
    names: tuple[Name, ...]


@dataclass(frozen=True)
class Question:
    """A question and its tokens."""

    text: str
    tokens: Sequence[Token]

    @cached_property
    def letters(self) -> list[str]:
        """The letters and digits of each token; none of a quoted one, which stands alone."""
        return ["" if t.quoted else "".join(filter(str.isalnum, t.word)) for t in self.tokens]

    def written(self, first: int, stop: int) -> str:
        """The tokens as they were written."""
        return self.text[self.tokens[first].start : self.tokens[stop - 1].end]

    def stops(self, at: int, longest: int) -> Iterator[int]:
        """Where a name that begins with this token may end."""
        if not self.letters[at]:
            return
        for stop in range(at + 1, min(at + longest, len(self.tokens)) + 1):
            last = self.tokens[stop - 1]
            if last.quoted or last.word in _BREAKS:
                return
            if self.letters[stop - 1]:
                yield stop


def spot_names(question: Question, index: NameIndex) -> list[Hit]:
    """All names, no two of which share a token."""
    exact = _exact(question, index)
    return _without_overlaps([*_misspelt(question, index, exact), *exact])


def is_unknown(token: Token) -> bool:
    """Whether a word is none of the grammar's."""
    return not token.quoted and token.word.isalpha() and token.word not in known_words()


def _exact(question: Question, index: NameIndex) -> list[Hit]:
    hits: list[Hit] = []
    for at, token in enumerate(question.tokens):
        if token.quoted:
            names = index.find(name_words(token.word))
            hits.append(Hit(at, at + 1, _as_written(names, question.written(at, at + 1))))
        for stop in question.stops(at, index.longest):
            names = _meant(index.find(question.letters[at:stop]), question, at, stop)
            hits.append(Hit(at, stop, names))
    found = [hit for hit in hits if hit.names]
    return _without_overlaps(sorted(found, key=lambda hit: (hit.first - hit.stop, hit.first)))


def _meant(names: tuple[Name, ...], question: Question, first: int, stop: int) -> tuple[Name, ...]:
    """Of names with the same letters those that the words round them and their signs allow."""
    if not names:
        return ()
    tokens = question.tokens
    beside = {t.word for t in (*tokens[max(first - 1, 0) : first], *tokens[stop : stop + 1])}
    called = tuple(name for name in names if not beside.isdisjoint(_BESIDE[name.field]))
    # A tenant's own "Cart Abandonment" is a name, though the words are known; "Mobile" is not.
    known = ordinary_words() if stop > first + 1 else known_words()
    ordinary = all(t.word in known or t.word.isdigit() for t in tokens[first:stop])
    own_word = _is_one_piece(question, first, stop) or _is_numbered(tokens[first:stop])
    if not called and ordinary and not own_word:
        return tuple(name for name in names if name.field == "channel")
    return _as_written(called or names, question.written(first, stop))


def _is_one_piece(question: Question, first: int, stop: int) -> bool:
    """`Campaign_77`: several words that no space parts."""
    return stop > first + 1 and " " not in question.written(first, stop)


def _is_numbered(tokens: Sequence[Token]) -> bool:
    """`campaign 77`, where that is the whole name."""
    words = [token.word for token in tokens if not token.word.isdigit()]
    return 0 < len(words) < len(tokens) and _BESIDE["campaign"].issuperset(words)


def _as_written(names: tuple[Name, ...], written: str) -> tuple[Name, ...]:
    """Of names that differ in case or signs only, the one that was written so."""
    exactly = tuple(name for name in names if name.value == written)
    one_field = len({name.field for name in names}) == 1
    return exactly if one_field and len(exactly) == 1 else names


def _misspelt(question: Question, index: NameIndex, exact: Sequence[Hit]) -> list[Hit]:
    named = {n for hit in exact for n in range(hit.first, hit.stop)}
    tokens = enumerate(question.tokens)
    unknown = {n for n, token in tokens if n not in named and is_unknown(token)}
    if not unknown or len(unknown) > MOST_UNKNOWN:
        return []
    found: list[tuple[float, Hit]] = []
    for at in range(len(question.tokens)):
        for stop in question.stops(at, index.longest + 1):
            if unknown.isdisjoint(range(at, stop)):
                continue
            distance, names = index.find_misspelt(question.letters[at:stop])
            found += [(distance, Hit(at, stop, names))] if names else []
    found.sort(key=lambda pair: (pair[0], pair[1].first - pair[1].stop, pair[1].first))
    return [hit for _, hit in found]


def _without_overlaps(hits: Sequence[Hit]) -> list[Hit]:
    """The hits in this order of precedence, none of which takes a token of one before it."""
    kept: list[Hit] = []
    taken: set[int] = set()
    for hit in hits:
        span = set(range(hit.first, hit.stop))
        if span.isdisjoint(taken):
            kept.append(hit)
            taken |= span
    return kept
