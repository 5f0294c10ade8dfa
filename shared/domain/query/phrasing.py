"""How answers write periods, filters and limits, in English."""

from __future__ import annotations

import re

from shared.domain.query.plan import Filter, Period, Plan, Threshold
from shared.domain.semantics import METRICS
from shared.domain.wording import MOST_NAMED, days, figure, label, some

OPERATORS = {
    ">": "above",
    ">=": "at or above",
    "<": "below",
    "<=": "at or below",
    "=": "equal to",
    "!=": "other than",
}

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_NEEDS_IN = re.compile(
    rf"(the )?(last|past|previous) \d|({_MONTHS})\b|q[1-4]\b|\d{{4}}$", re.IGNORECASE
)


def when(period: Period, source: str = "") -> str:
    """in March 2025 (1–31 March 2025; source: channel_daily)."""
    dates = days(period.start, period.end)
    named = period.words not in ("", dates)
    inside = [*([dates] if named else []), *([f"source: {source}"] if source else [])]
    brackets = f" ({'; '.join(inside)})" if inside else ""
    if named:
        return f"{in_words(period.words)}{brackets}"
    if period.days == 1:
        return f"on {dates}{brackets}"
    return f"from {re.sub(' ?– ?', ' to ', dates)}{brackets}"


def in_words(words: str) -> str:
    """`in March 2025`, `in the last 30 days`, `last week`."""
    return f"in {words}" if _NEEDS_IN.match(words) else words


def called(period: Period) -> str:
    """the month before (1–28 February 2025), or the dates alone."""
    dates = days(period.start, period.end)
    return dates if period.words in ("", dates) else f"{period.words} ({dates})"


def whose(plan: Plan) -> str:
    """` for meta without Brand`, or nothing."""
    kept = [listing_or(f) for f in plan.filters if not f.negated]
    left_out = [listing_or(f) for f in plan.filters if f.negated]
    text = f" for {' in '.join(kept)}" if kept else ""
    return f"{text} without {' and '.join(left_out)}" if left_out else text


def listing_or(condition: Filter) -> str:
    """The values of a filter; many are counted by their first few."""
    values = condition.values
    return some(values) if len(values) <= MOST_NAMED else f"{', '.join(values[:3])} and others"


def limit_of(threshold: Threshold, currency: str) -> str:
    """`CTR above 2 %`."""
    value = figure(threshold.value, METRICS[threshold.metric].unit, currency)
    return f"{label(threshold.metric)} {OPERATORS[threshold.operator]} {value}"
