"""Words that are a part of campaign names: "the retargeting campaign", "search campaigns".

Names are matched whole, so a part counts only where the question says that it means campaigns:
`campaign` takes the one that has the words, `campaigns` all. Anywhere else the person is asked,
since the same word may as well be a country or a device.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from shared.domain.periods.tokens import Token
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.kinds import Item, Name, Named, Noun
from shared.domain.query.reading.names import NameIndex, name_words


def with_partial_names(
    items: Sequence[Item], tokens: Sequence[Token], index: NameIndex
) -> list[Item]:
    """The items, with unknown words that stand in campaign names put together as names."""
    done: list[Item] = []
    at = 0
    while at < len(items):
        stop = at
        while stop < len(items) and items[stop].kind == k.UNKNOWN:
            stop += 1
        if stop == at:
            done.append(items[at])
            at += 1
            continue
        found = _named(items, at, stop, tokens, index)
        if found is None:
            done += items[at:stop]
        else:
            while done and done[-1].stop > found.first:
                done.pop()
            done.append(found)
        at = stop
    return done


def _named(
    items: Sequence[Item], first: int, stop: int, tokens: Sequence[Token], index: NameIndex
) -> Item | None:
    # "google search": the channel before is a part of the names too, if they have it.
    starts = [first - 1, first] if first and items[first - 1].kind == k.NAME else [first]
    for start in starts:
        begin, end = items[start].first, items[stop - 1].stop
        words = name_words(" ".join(token.word for token in tokens[begin:end]))
        campaigns = index.campaigns_with_all(words)
        if campaigns:
            how = _how(len(campaigns), items[start - 1 : start], items[stop : stop + 1])
            names = tuple(Name("campaign", campaign) for campaign in campaigns)
            return Item(k.NAME, Named(names, how), begin, end)
    return None


def _how(count: int, *beside: Sequence[Item]) -> Literal["whole", "all", "part"]:
    nouns = [item.value for items in beside for item in items]
    if Noun("campaign", plural=True) in nouns:
        return "all"
    return "whole" if Noun("campaign") in nouns or count > 1 else "part"
