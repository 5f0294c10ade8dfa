"""The first or the last time that something was so: "when did we last get over 1,000 clicks"."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.periods.finding import Found
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.asked import Asked, Ranking
from shared.domain.query.reading.clauses import add_dimension
from shared.domain.query.reading.kinds import Noun, Rank
from shared.domain.query.reading.refusals import refused
from shared.domain.query.reading.sentence import Sentence

_ENDS = frozenset({"last", "latest", "final"})
_STEPS = frozenset({"day", "week", "month", "quarter"})
_CLAUSES = frozenset({"with", "when", "where", "that", "which", "we", "having", "whose"})
_LIMITS = frozenset(
    (
        *(">", "<", ">=", "<=", "over", "above", "under", "below", "than", "least", "most", "no"),
        *("exceeding", "exceeded", "reached", "hit", "beyond", "zero", "without", "topped"),
    )
)
_PREPOSITIONS = frozenset({"on", "in", "during", "the"})


def is_occasion(words: Sequence[str], found: Found, periods: Sequence[Found]) -> bool:
    """Whether "last day" in "last day with ROAS under 4" is the last such day, not yesterday."""
    said = [word for word in words[found.first : found.stop] if word != "the"]
    if len(said) != 2 or said[0] not in _ENDS or said[1] not in _STEPS:
        return False
    if _LIMITS.isdisjoint(words[found.stop :]):
        return False
    after = [word for word in words[found.stop : found.stop + 3] if word not in _PREPOSITIONS]
    if said[1] == "day":
        return after[:1] != ["of"]
    return len(periods) > 1 and bool(after) and after[0] in _CLAUSES


def read_occasion(sentence: Sentence, asked: Asked) -> None:
    """Take "last time", "first day". Raises NoPlan without a limit that says what happened."""
    found = sentence.take_each(k.EVENT)
    if not found:
        return
    latest, step = found[0].value
    if not asked.limits or len({item.value[0] for item in found}) > 1:
        raise refused(
            f"Say what happened on “{sentence.said(found[0])}”, as a limit of a metric.",
            ("Last day with spend above 100 this year", "First week with ROAS above 2 this year"),
        )
    asked.life |= asked.period is None
    asked.ranking = Ranking(Rank("high" if latest else "low"), by="date", limit=1)
    sentence.take_each(k.WHERE)
    steps = [item.value for item in sentence.take_each(k.UNIT)] + ([Noun(step)] if step else [])
    paces = [Noun(str(item.value)) for item in sentence.take_each(k.PACE) if item.value]
    add_dimension(asked, (steps + paces + [Noun("day")])[0])
