"""Words that are a part of campaign names: "the retargeting campaign", "search campaigns".

`campaigns` takes all that have the words. Otherwise exactly one campaign must have them, and the
answer says which it took; of several the person chooses. A place or a word after "in" is no part:
the UK may as well be a country, and summer a season.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.kinds import Item, Name, Named, Noun
from shared.domain.query.reading.names import NameIndex, name_words
from shared.domain.query.reading.spotting import Question

_LONG = 3
_PLACES_WORDS = """
uk usa us eu de dach emea apac latam nam na row global germany german france french spain italy
austria switzerland netherlands england britain ireland poland europe european america american
berlin london paris munich hamburg north south east west nordics benelux india china japan
canada brazil australia mexico world worldwide international local domestic
"""
_PLACES = frozenset(_PLACES_WORDS.split())
_SEASONS = frozenset(
    (
        *("spring", "summer", "autumn", "fall", "winter", "christmas", "xmas", "easter", "holiday"),
        *("holidays", "black", "cyber", "friday", "monday", "halloween", "valentine", "valentines"),
    )
)
_TIMING = frozenset(
    {"on", "over", "during", "since", "before", "after", "until", "around", "this", "last", "every"}
)
_PLACING = frozenset({"in", "at", "near", "within", "inside", "across", "throughout"})


def with_partial_names(items: Sequence[Item], question: Question, index: NameIndex) -> list[Item]:
    """The items, with unknown words that stand in campaign names put together as names."""
    done: list[Item] = []
    at = 0
    while at < len(items):
        found = None
        if items[at].kind == k.UNKNOWN:
            found = _Part(items, question, index, at).named()
        if found is None:
            done.append(items[at])
            at += 1
            continue
        while done and done[-1].stop > found.first:
            done.pop()
        done.append(found)
        while at < len(items) and items[at].first < found.stop:
            at += 1
    return done


class _Part:
    """A stretch of items round an unknown word, as long as some campaign holds all its words."""

    def __init__(
        self, items: Sequence[Item], question: Question, index: NameIndex, at: int
    ) -> None:
        self.items, self.question, self.index = items, question, index
        self.first, self.stop = at, at + 1

    def named(self) -> Item | None:
        """The campaigns that hold the words, or None."""
        if not self._begins():
            return None
        while self.stop < len(self.items) and self._campaigns(self.first, self.stop + 1):
            self.stop += 1
        while self.first and self._campaigns(self.first - 1, self.stop):
            self.first -= 1
        campaigns = self._campaigns(self.first, self.stop)
        names = tuple(Name("campaign", campaign) for campaign in campaigns)
        nouns = [item.value for item in self._beside() if item.kind == k.DIMENSION]
        if Noun("campaign", plural=True) in nouns:
            return self._item(Named(names, "all"))
        if self._has_another_number():
            self.stop += 1
            return self._item(Named(names, "part"))
        if Noun("campaign") in nouns or len(names) > 1:
            return self._item(Named(names, "whole"))
        return self._item(Named(names, "guess" if self._is_telling() else "part"))

    def _begins(self) -> bool:
        """Whether the word is of a campaign, alone or joined with the next: "gen z"."""
        if self._campaigns(self.first, self.stop):
            return True
        self.stop += 1
        return self.stop <= len(self.items) and bool(self._campaigns(self.first, self.stop))

    def _campaigns(self, first: int, stop: int) -> tuple[str, ...]:
        begin, end = self.items[first].first, self.items[stop - 1].stop
        words: Sequence[str] = self.question.letters[begin:end]
        if end == begin + 1 and self.question.tokens[begin].quoted:
            words = name_words(self.question.tokens[begin].word)
        if not words or not all(words):
            return ()
        found = (self.index.campaigns_with_all(v) for v in self._variants(words, first, stop))
        return next(filter(None, found), ())

    def _variants(self, words: Sequence[str], first: int, stop: int) -> Iterator[Sequence[str]]:
        yield words
        for at in range(len(words) - 1):
            yield [*words[:at], words[at] + words[at + 1], *words[at + 2 :]]
        if stop - first == 1:
            yield [self.index.meant(word) for word in words]

    def _beside(self) -> Sequence[Item]:
        return [*self.items[max(self.first - 1, 0) : self.first], *self._after()]

    def _after(self) -> Sequence[Item]:
        return self.items[self.stop : self.stop + 1]

    def _has_another_number(self) -> bool:
        """`Spring Sale 2023` is no part of Spring_Sale_2024."""
        return any(self.question.letters[item.first].isdigit() for item in self._after())

    def _is_telling(self) -> bool:
        """Whether the words can hardly mean anything but the campaign."""
        begin, end = self.items[self.first].first, self.items[self.stop - 1].stop
        tokens = [token.word for token in self.question.tokens]
        before = next((word for word in reversed(tokens[:begin]) if word != "the"), "")
        words = [word for word in tokens[begin:end] if word.isalpha() and len(word) >= _LONG]
        telling = [word for word in words if word not in _PLACES]
        strange = [i for i in self.items[self.first : self.stop] if i.kind == k.UNKNOWN]
        places = all(tokens[item.first] in _PLACES for item in strange)
        if not telling or before in _PLACING or (places and len(telling) < 2):
            return False
        seasons = _SEASONS.issuperset(telling)
        dated = any(word.isdigit() for word in tokens[begin:end])
        return not (seasons and (before in _TIMING or (dated and len(telling) == 1)))

    def _item(self, named: Named) -> Item:
        begin, end = self.items[self.first].first, self.items[self.stop - 1].stop
        return Item(k.NAME, named, begin, end)
