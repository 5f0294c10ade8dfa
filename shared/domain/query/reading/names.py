"""The tenant's own names: channels and campaigns, found whole, over all values, typos tolerated.

Case, underscores, hyphens and spaces do not count: a name is looked up by its letters and digits.
Common abbreviations are the same word (fb, Facebook). The index is built once a vocabulary.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

from cachetools import LRUCache
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from shared.domain.channels import CHANNELS
from shared.domain.periods.tokens import plain, tokens_of
from shared.domain.query.reading.kinds import Name
from shared.domain.query.reading.spelling import SHORTEST, closest, edits_of_words
from shared.domain.vocabulary import Vocabulary

_SAME = {"fb": "facebook", "ig": "instagram", "insta": "instagram", "yt": "youtube"}
_MOST_WORDS = 30
_LONG = 7  # letters of a word that is known with a typo though it is only a part of a name
_SIGNS = str.maketrans({"+": " plus ", "&": " and ", "%": " percent "})
_KEPT = 16


@dataclass
class NameIndex:
    """All names of one vocabulary by their letters and digits."""

    exact: dict[str, tuple[Name, ...]] = field(default_factory=dict)
    words_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    own: dict[str, None] = field(default_factory=dict)  # keys of names themselves, no aliases
    campaigns_with: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    longest: int = 1

    def add(self, written: str, name: Name) -> None:
        """Let a name be found by this writing of it."""
        words = name_words(written)
        for variant in (words, tuple(_SAME.get(word, word) for word in words)):
            key = "".join(variant)
            if key and name not in self.exact.get(key, ()):
                self.exact[key] = (*self.exact.get(key, ()), name)
                self.words_of[key] = variant
                self.own |= {key: None} if written == name.value else {}
        if name.field == "campaign" and written == name.value:
            for word in words:
                self.campaigns_with[word].add(name.value)
        parts = max(len(words), len("".join(words)) // 4)  # GoogleSearch may be asked as two words
        self.longest = min(max(self.longest, parts), _MOST_WORDS)

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        lengths: dict[int, list[str]] = defaultdict(list)
        for key in self.exact:
            lengths[len(key)].append(key)
        return lengths

    def find(self, words: Sequence[str]) -> tuple[Name, ...]:
        """The names that are exactly these words; several if they differ in signs or case only."""
        return self.exact.get("".join(words)) or self.exact.get(_key(words)) or ()

    def find_misspelt(self, words: Sequence[str]) -> tuple[float, tuple[Name, ...]]:
        """The closest names, and how far they are relative to their length (1.0: none)."""
        variant = tuple(_SAME.get(word, word) for word in words)
        key = "".join(variant)
        reach = 1 + len(key) // 6
        lengths = range(len(key) - reach, len(key) + reach + 1)
        near = [k for n in lengths for k in self._by_length.get(n, ())]
        hits = process.extract(key, near, scorer=OSA.distance, score_cutoff=reach, limit=20)
        counts = {hit: edits_of_words(variant, self.words_of[hit]) for hit, _, _ in hits}
        known = {hit: count for hit, count in counts.items() if count is not None}
        least = min(known.values(), default=None)
        if least is None:
            return 1.0, ()
        best = [name for hit, count in known.items() if count == least for name in self.exact[hit]]
        return least / len(key), tuple(dict.fromkeys(best))

    def meant(self, word: str) -> str:
        """The word of campaign names that a long misspelt word is closest to, or itself."""
        if len(word) < _LONG or word in self.campaigns_with or not word.isalpha():
            return word
        near = closest(word, self.campaigns_with.keys())
        return near[0] if len(near) == 1 else word

    def campaigns_with_all(self, words: Iterable[str]) -> tuple[str, ...]:
        """The campaigns whose names hold all of these words."""
        sets = [self.campaigns_with.get(word, set()) for word in words]
        return tuple(sorted(set.intersection(*sets))) if sets else ()

    def close_to(self, text: str) -> tuple[str, ...]:
        """Up to three names that look like a text or hold it, for "did you mean"."""
        key = _key(name_words(text))
        if len(key) < SHORTEST:
            return ()
        keys = list(self.own)
        alike = process.extract(key, keys, scorer=fuzz.ratio, score_cutoff=70, limit=3)
        within = process.extract(key, keys, scorer=fuzz.partial_ratio, score_cutoff=90, limit=3)
        names = [name.value for hit, *_ in (*alike, *within) for name in self.exact[hit]]
        return tuple(dict.fromkeys(names))[:3]


def name_words(text: str) -> tuple[str, ...]:
    """The words of a name, without signs."""
    words = (token.word for token in tokens_of(plain(text.replace('"', " "))))
    return tuple(kept for word in words if (kept := "".join(filter(str.isalnum, word))))


def _key(words: Sequence[str]) -> str:
    return "".join(_SAME.get(word, word) for word in words)


_LOCK = Lock()
_INDEXES: LRUCache[int, tuple[Vocabulary, NameIndex]] = LRUCache(_KEPT)


def name_index(vocabulary: Vocabulary) -> NameIndex:
    """The index of a vocabulary, kept for as long as questions ask for the same object."""
    with _LOCK:
        kept = _INDEXES.get(id(vocabulary))
    if kept is not None and kept[0] is vocabulary:
        return kept[1]
    index = _built(vocabulary)
    with _LOCK:
        _INDEXES[id(vocabulary)] = (vocabulary, index)
    return index


def _built(vocabulary: Vocabulary) -> NameIndex:
    index = NameIndex()
    for channel in vocabulary.channels:
        for written in (channel, *CHANNELS.get(channel, ())):
            index.add(written, Name("channel", channel))
    for campaign in vocabulary.campaigns:
        name = Name("campaign", campaign.name)
        index.add(campaign.name, name)
        spoken = campaign.name.translate(_SIGNS)
        if spoken != campaign.name:  # Advantage+ is said "advantage plus"
            index.add(spoken, name)
    return index
