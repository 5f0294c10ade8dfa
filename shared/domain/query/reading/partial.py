"""Words that are a part of campaign names: "the retargeting campaign", "search campaigns".

Names are matched whole, so a part counts only where the question says that it means campaigns:
`campaign` takes the one that has the words, `campaigns` all. Anywhere else the person is asked,
since the same word may as well be a country or a device.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.kinds import Item, Name, Named, Noun
from shared.domain.query.reading.names import NameIndex
from shared.domain.query.reading.spotting import Question


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
        if not self._campaigns(self.first, self.stop):
            return None
        while self.stop < len(self.items) and self._campaigns(self.first, self.stop + 1):
            self.stop += 1
        while self.first and self._campaigns(self.first - 1, self.stop):
            self.first -= 1
        campaigns = self._campaigns(self.first, self.stop)
        names = tuple(Name("campaign", campaign) for campaign in campaigns)
        beside = [*self.items[max(self.first - 1, 0) : self.first], *self._after()]
        nouns = [item.value for item in beside if item.kind == k.DIMENSION]
        if Noun("campaign", plural=True) in nouns:
            return self._item(Named(names, "all"))
        if self._has_another_number():
            self.stop += 1
            return self._item(Named(names, "part"))
        whole = Noun("campaign") in nouns or len(names) > 1
        return self._item(Named(names, "whole" if whole else "part"))

    def _campaigns(self, first: int, stop: int) -> tuple[str, ...]:
        begin, end = self.items[first].first, self.items[stop - 1].stop
        words = self.question.letters[begin:end]
        return self.index.campaigns_with_all(words) if all(words) else ()

    def _after(self) -> Sequence[Item]:
        return self.items[self.stop : self.stop + 1]

    def _has_another_number(self) -> bool:
        """`Spring Sale 2023` is no part of Spring_Sale_2024."""
        return any(self.question.letters[item.first].isdigit() for item in self._after())

    def _item(self, named: Named) -> Item:
        begin, end = self.items[self.first].first, self.items[self.stop - 1].stop
        return Item(k.NAME, named, begin, end)
