"""Periods: the days that words name, and the periods they are compared with.

A small grammar as tables instead of a general date parser, which reads most of these phrases wrong.
`tokens` parts a text into words, `phrases` is the table of single phrases (built by `relative` and
`named`), `finding` puts two of them together and cuts what is not over, `earlier` steps back.
Nothing here reads a clock: today comes in a `Frame`.
"""

from __future__ import annotations

from shared.domain.periods.days import Days, Frame, Problem, Relative
from shared.domain.periods.earlier import previous_period, same_period_last_year
from shared.domain.periods.finding import Found, find_periods
from shared.domain.periods.period import Grain, Period
from shared.domain.periods.tokens import plain, tokens_of

__all__ = [
    "Days",
    "Found",
    "Frame",
    "Grain",
    "Period",
    "Problem",
    "Relative",
    "find_periods",
    "previous_period",
    "read_period",
    "same_period_last_year",
]

_PREPOSITIONS = frozenset({"in", "on", "for", "during", "within", "over", "of"})


def read_period(text: str, frame: Frame) -> Period | Problem | Relative | None:
    """What a text means that is a period phrase and nothing else; None if it is not."""
    words = [token.word for token in tokens_of(plain(text))]
    if words[:1] and words[0] in _PREPOSITIONS:
        words = words[1:]
    found = find_periods(words, frame)
    whole = len(found) == 1 and (found[0].first, found[0].stop) == (0, len(words))
    return found[0].meaning if whole else None
