"""How the reader says that it cannot: why, and what can be asked instead."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.query.plan import Clarification, Unanswerable
from shared.domain.query.reading.kinds import Item, Name, Number
from shared.domain.query.reading.sentence import NoPlan, Sentence
from shared.domain.query.reading.unsupported import UNSUPPORTED
from shared.domain.vocabulary import Vocabulary

MOST_CHOICES = 8
EXAMPLES = (
    "Spend by channel last month",
    "Top 3 campaigns by ROAS in the past 30 days",
    "Revenue by week this year",
)
INSTEAD: dict[str, tuple[str, ...]] = {
    "customers": ("Conversions by channel last month", "CPA by channel last month"),
    "profit": ("ROAS by channel last month", "Revenue and spend by channel last month"),
    "roi": ("ROAS by channel last month", "Revenue and spend by channel last month"),
    "visits": ("Clicks by channel last month", "Conversion rate by channel last month"),
    "why": (
        "How did revenue change by channel last week?",
        "How did spend change by campaign last week?",
    ),
    "future": ("Revenue this month", "Revenue by month last year"),
    "budget": ("Budget by campaign", "Spend by campaign last month"),
    "weekday": ("Spend by weekday last month",),
}


def refused(because: str, instead: Sequence[str] = EXAMPLES) -> NoPlan:
    """Cannot be answered."""
    return NoPlan(Unanswerable(because=because, instead=tuple(instead)))


def unclear(question: str, choices: Sequence[str]) -> NoPlan:
    """Several readings are equally good."""
    return NoPlan(Clarification(question=question, choices=tuple(choices[:MOST_CHOICES])))


def unsupported(topic: str) -> NoPlan:
    """What these data do not hold."""
    because = next(reason for name, reason, _ in UNSUPPORTED if name == topic)
    return refused(because, INSTEAD.get(topic, EXAMPLES))


def unknown(
    sentence: Sentence, items: Sequence[Item], close: Sequence[str], known: Vocabulary
) -> NoPlan:
    """A word that nothing in the grammar or in the tenant's names accounts for."""
    said = sentence.said(*items)
    because = f"“{said}” is no channel, campaign or metric of these data."
    if close:
        rewritten = [sentence.with_words_for(items, f"“{name}”") for name in close]
        return refused(f"{because} Did you mean {_or(close)}?", rewritten)
    channels = f" The channels are {', '.join(known.channels)}." if known.channels else ""
    return refused(because + channels)


def which_name(sentence: Sentence, item: Item, names: Sequence[Name]) -> NoPlan:
    """Several names are equally good."""
    mixed = len({name.field for name in names}) > 1
    kinds = [f"{name.field} " if mixed else "" for name in names]
    choices = [
        sentence.with_words_for([item], f"{kind}“{name.value}”")
        for kind, name in zip(kinds, names, strict=True)
    ]
    return unclear(f"Which one do you mean by “{sentence.said(item)}”?", choices)


def refuse_unclear_amount(sentence: Sentence, item: Item) -> None:
    """Raises NoPlan for "20.000", which is twenty or twenty thousand."""
    number = item.value
    if isinstance(number, Number) and number.either:
        sign = " %" if number.percent else ""
        readings = [f"{amount:,.10g}{sign}" for amount in (number.amount * 1_000, number.amount)]
        choices = [sentence.with_words_for([item], reading) for reading in readings]
        raise unclear(f"Does “{sentence.said(item)}” mean {_or(readings)}?", choices)


def _or(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
