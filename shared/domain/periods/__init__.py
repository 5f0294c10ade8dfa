"""Periods: the days that words name, and the periods they are compared with.

A small grammar as tables instead of a general date parser, which reads most of these phrases wrong.
`tokens` parts a text into words, `phrases` is the table of single phrases (built by `relative` and
`named`), `finding` puts two of them together and cuts what is not over, `earlier` steps back.
Nothing here reads a clock: today comes in a `Frame`. Only `finding` loads the grammar.

Data are complete to yesterday, so a period that reaches further is cut there and marked `partial`.
Today alone stays today, `partial` too; what begins today or later is a problem, not a period.
"""

from __future__ import annotations

from shared.domain.periods.earlier import previous_period, same_period_last_year
from shared.domain.periods.period import Grain, Period

__all__ = ["Grain", "Period", "previous_period", "same_period_last_year"]
