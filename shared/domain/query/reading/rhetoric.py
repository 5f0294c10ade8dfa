"""A sentence before the question that asks for nothing: "why is email so cheap? Its CPA"."""

from __future__ import annotations

import re

from shared.domain.query.plan import Plan
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.sentence import Sentence

_END = re.compile(r"(?<=[^\W\d_])[.?!]+\s+(?=\S)")
# What people wonder about before they ask for figures.
_WONDERING = frozenset({"why", "weekday", "advice"})
_NARROWING = frozenset((k.PERIOD, k.NUMBER, k.OPERATOR, k.EXCEPT, k.BY, k.COMPARE, k.FACT))
NOTE = "Only the last sentence is answered."


def last_sentence(question: str) -> tuple[str, str] | None:
    """What comes before the last sentence, and that; None if there is one sentence only."""
    ends = list(_END.finditer(question))
    return (question[: ends[-1].end()], question[ends[-1].end() :]) if ends else None


def only_wonders(before: Sentence, plan: Plan) -> bool:
    """Whether a sentence asks for nothing that the plan of the next one leaves out."""
    wonders = {str(item.value) for item in before.items if item.kind == k.UNSUPPORTED}
    kinds = {item.kind for item in before.items}
    metrics = {item.value for item in before.items if item.kind == k.METRIC}
    named = [n for item in before.items if item.kind == k.NAME for n in item.value.names]
    kept = {(f.field, value) for f in plan.filters for value in f.values}
    return (
        bool(wonders)
        and wonders <= _WONDERING
        and not kinds & _NARROWING
        and metrics <= set(plan.metrics)
        and {(name.field, name.value) for name in named} <= kept
    )
