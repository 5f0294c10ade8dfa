"""A question as its shape: one letter an item, and what the rules have not taken yet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from shared.domain.periods.tokens import DASH, Token
from shared.domain.query.plan import Clarification, Unanswerable
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.kinds import Item

_TAKEN = " "
_MINUS = ("-", "−", "–")


_JOINED_BY_BUT = (k.METRIC, k.MONEY, k.OPERATOR, k.FOLLOW, k.EXCEPT, k.WHICH, k.BY)
_LEFT_OUT_OF = (k.DIMENSION, k.UNIT, k.ALL, k.NAME)  # "all campaigns but the top 3"


def _joined(items: list[Item], tokens: Sequence[Token]) -> list[Item]:
    """`but` leaves names out; before a metric or a limit it is "and". `less Brand` leaves out."""
    found = []
    for n, item in enumerate(items):
        but = (
            item.kind == k.EXCEPT and tokens[item.first].word == "but" == tokens[item.stop - 1].word
        )
        word = tokens[item.first].word
        rest = "".join(after.kind for after in items[n + 1 :])
        whole = n > 0 and items[n - 1].kind in _LEFT_OUT_OF
        joins = rest[:1] in _JOINED_BY_BUT or (rest[:1] in (k.RANK, k.NUMBER) and not whole)
        less = item.kind == k.RANK and word == "less" and rest[:1] == k.NAME
        meant = k.JOIN if but and joins else k.EXCEPT if less else item.kind
        found.append(item if meant == item.kind else replace(item, kind=meant, value="but"))
    return found


class NoPlan(Exception):
    """The question has no plan: it must be asked otherwise, or cannot be answered."""

    def __init__(self, reading: Clarification | Unanswerable) -> None:
        super().__init__(reading.kind)
        self.reading = reading


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


class Sentence:
    """The items of a question without stop words. Rules take items by patterns over the shape."""

    def __init__(self, text: str, tokens: Sequence[Token], items: Sequence[Item]) -> None:
        self.text = text
        self.tokens = tokens
        self.items = _joined([item for item in items if item.kind != k.STOP], tokens)
        self.shape = "".join(item.kind for item in self.items)
        self.whole = self.shape
        self.notes: tuple[str, ...] = ()  # how a word was understood, for the answer to say

    def has(self, pattern: str) -> bool:
        """Whether the pattern is found in what is left."""
        return _pattern(pattern).search(self.shape) is not None

    def find(self, pattern: str) -> list[Sequence[Item]]:
        """The items of every match in what is left."""
        matches = _pattern(pattern).finditer(self.shape)
        return [self.items[match.start() : match.end()] for match in matches]

    def find_whole(self, pattern: str) -> list[Sequence[Item]]:
        """The items of every match in the whole question, taken or not."""
        matches = _pattern(pattern).finditer(self.whole)
        return [self.items[match.start() : match.end()] for match in matches]

    def take(self, pattern: str) -> list[list[Item]]:
        """The items of every match in what is left, taken out of it."""
        found: list[list[Item]] = []
        for match in list(_pattern(pattern).finditer(self.shape)):
            if match.end() > match.start():
                found.append(self.items[match.start() : match.end()])
                self._blank(match.start(), match.end())
        return found

    def take_each(self, kind: str) -> list[Item]:
        """Every item of a kind in what is left, taken out of it."""
        return [item for match in self.take(re.escape(kind)) for item in match]

    def left(self, kinds: str) -> list[Item]:
        """The items of these kinds in what is left."""
        pairs = zip(self.items, self.shape, strict=True)
        return [item for item, kind in pairs if kind in kinds]

    def unread(self) -> list[Item]:
        """What no rule took and may not be passed over."""
        pairs = zip(self.items, self.shape, strict=True)
        return [item for item, kind in pairs if kind != _TAKEN and kind not in k.IGNORED]

    def drop(self, item: Item) -> None:
        """Take one item out."""
        at = self.items.index(item)
        self._blank(at, at + 1)

    def said(self, *items: Item) -> str:
        """The words that items stand in, as they were written."""
        first, last = items[0], items[-1]
        return self.text[self.tokens[first.first].start : self.tokens[last.stop - 1].end]

    def unbroken(self, items: Sequence[Item]) -> list[Item]:
        """The items, with those that no space parts from them: `FB_Remarketing` is one word."""
        first, last = self.items.index(items[0]), self.items.index(items[-1])
        while first and not self._has_space_before(self.items[first]):
            first -= 1
        while last + 1 < len(self.items) and not self._has_space_before(self.items[last + 1]):
            last += 1
        return list(self.items[first : last + 1])

    def _has_space_before(self, item: Item) -> bool:
        before = self.text[: self.tokens[item.first].start].rstrip('"')
        return not before[-1:].isalnum() and before[-1:] not in ("_", "-")

    def is_negative(self, item: Item) -> bool:
        """Whether a minus stands right before a number in the item; dashes bound ranges too."""
        for at in range(item.first, item.stop):
            token = self.tokens[at]
            sign = self.text[max(token.start - 2, 0) : token.start]
            ranged = at > 0 and self.tokens[at - 1].word == DASH
            if token.word[0].isdigit() and sign[-1:] in _MINUS and not ranged:
                return not sign[0].isalnum() if len(sign) > 1 else True
        return False

    def with_words_for(self, items: Sequence[Item], words: str) -> str:
        """The question with other words in the place of these items."""
        first, last = self.tokens[items[0].first], self.tokens[items[-1].stop - 1]
        start, end = first.start - first.quoted, last.end + last.quoted
        return f"{self.text[:start]}{words}{self.text[end:]}"

    def before(self, item: Item) -> Item | None:
        """The item that stands before this one and is still left."""
        return self._left_at(self.items.index(item) - 1)

    def after(self, item: Item) -> Item | None:
        """The item that stands after this one and is still left."""
        return self._left_at(self.items.index(item) + 1)

    def following(self, item: Item) -> Item | None:
        """The item that stands after this one, left or taken."""
        at = self.items.index(item) + 1
        return self.items[at] if at < len(self.items) else None

    def _left_at(self, at: int) -> Item | None:
        there = 0 <= at < len(self.items) and self.shape[at] != _TAKEN
        return self.items[at] if there else None

    def _blank(self, start: int, end: int) -> None:
        self.shape = self.shape[:start] + _TAKEN * (end - start) + self.shape[end:]
