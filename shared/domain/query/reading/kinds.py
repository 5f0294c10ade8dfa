"""The kinds of things a question is made of, and the things themselves.

Each kind is one letter, so that the kinds of a whole question are a short text (its shape) and a
rule of the grammar is a pattern over that text: `M O #` finds "CPA above 50".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

METRIC = "M"
MONEY = "m"  # "make", "go to": revenue or spend, if no metric is named
DIMENSION = "D"
UNIT = "G"  # day, week …
PACE = "T"  # daily, weekly …; over time
BY = "B"
RANK = "R"
SORT = "s"
OPERATOR = "O"
BETWEEN = "W"
NUMBER = "#"
EXCEPT = "X"
COMPARE = "C"
CHANGE = "H"
SHARE = "S"
CHART = "V"
FACT = "F"
ACTIVE = "A"
BUDGET = "b"  # over budget, left: what is spent beside what may be
PERFORMANCE = "I"
TOTAL = "t"
AVERAGE = "a"
ALL = "L"
WHICH = "w"
WHERE = "Y"
FOLLOW = "U"
JOIN = "J"
SLASH = "/"
NAME = "N"
PERIOD = "P"
LOSS = "o"  # lost money
EVENT = "E"  # the first or the last time that something was so
UNSUPPORTED = "!"
STOP = "."
UNKNOWN = "_"
IGNORED = frozenset((STOP, JOIN, SLASH, TOTAL, ALL, WHICH, FOLLOW))
"""Kinds that may be left when every rule has taken its own."""


@dataclass(frozen=True, slots=True)
class Item:
    """A phrase of the question: its kind, what it means, and the tokens it took."""

    kind: str
    value: Any
    first: int
    stop: int


@dataclass(frozen=True, slots=True)
class Name:
    """A channel (canonical id) or a campaign (display name)."""

    field: Literal["channel", "campaign"]
    value: str


@dataclass(frozen=True, slots=True)
class Named:
    """What a stretch of the question names.

    `whole`: one of the names, and if there are several they are equally good. `all`: every one of
    them ("the search campaigns"). `guess`: the words are a part of this name and of no other.
    `part`: they are, but may as well mean something else.
    """

    names: tuple[Name, ...]
    how: Literal["whole", "all", "guess", "part"] = "whole"


@dataclass(frozen=True, slots=True)
class Noun:
    """A dimension or a unit of time, and whether there are many."""

    name: str
    plural: bool = False


@dataclass(frozen=True, slots=True)
class Rank:
    """Which end comes first: `best` and `worst` depend on the metric, `high` and `low` do not.

    `sort` ranks all instead of picking; `cost` says that a cost decides ("cheapest");
    `comparative` is "higher" or "worse": than what, the question may leave open. `nth` is the place
    asked for: 2 for "second best".
    """

    end: Literal["best", "worst", "high", "low"]
    sort: bool = False
    cost: bool = False
    comparative: bool = False
    nth: int = 1


@dataclass(frozen=True, slots=True)
class Number:
    """An amount; `percent` if it was written so (2 for "2 %").

    `either` if its dot may part thousands as well: 20.000 is 20 here, and may mean 20,000.
    """

    amount: float
    percent: bool = False
    either: bool = False
