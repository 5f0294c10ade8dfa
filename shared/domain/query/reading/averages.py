"""Averages a day, a week …: totals by the number of steps. A mean of ratios is never computed."""

from __future__ import annotations

from typing import cast

from shared.domain.periods.calendar import DAY, MONTHS_IN, first_of
from shared.domain.periods.period import Grain, Period
from shared.domain.query.plan import Average
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.asked import Asked
from shared.domain.query.reading.kinds import Item
from shared.domain.query.reading.refusals import refused
from shared.domain.query.reading.sentence import Sentence
from shared.domain.semantics import STORED_METRICS

_EACH = frozenset({"per", "each"})


def read_average(sentence: Sentence, asked: Asked) -> None:
    """Take "average daily", "a day on average". Raises NoPlan for the mean of a daily ratio."""
    if not sentence.has(k.AVERAGE):
        return
    steps = _steps(sentence)
    ratios = [m for m in sentence.left(k.METRIC) if m.value not in STORED_METRICS]
    if ratios and sentence.has(f"{k.AVERAGE}{k.ALL}?{k.PACE}"):
        raise refused(
            f"“{sentence.said(ratios[0])}” is a ratio of sums, so its daily values have no mean "
            "here: ask for it as a whole, or by day.",
            ("CTR last month", "CTR by day last month"),
        )
    if len(steps) != 1 or ratios or not sentence.has(f"[{k.METRIC}{k.MONEY}]"):
        return
    sentence.take_each(k.AVERAGE)
    for item in steps[0]:
        sentence.drop(item)
    asked.average = cast(Grain, steps[0][-1].value.name if len(steps[0]) > 1 else steps[0][0].value)


def _steps(sentence: Sentence) -> list[list[Item]]:
    paces = [[item] for item in sentence.left(k.PACE) if item.value]
    pairs = [list(pair) for pair in sentence.find(f"{k.BY}{k.UNIT}") if pair[0].value in _EACH]
    return [*paces, *pairs]


def average_of(asked: Asked, period: Period) -> Average | None:
    """How many steps the period has. Raises NoPlan if it does not consist of whole ones."""
    step = asked.average
    if step is None:
        return None
    if step == "day":
        return Average(step=step, steps=period.days)
    steps = _whole(step, period)
    if steps is None:
        raise refused(
            f"The period is not made of whole {step}s, so an average {step} would not be right.",
            ("Average daily spend last month", "Average weekly spend in the last 4 weeks"),
        )
    return Average(step=step, steps=steps)


def _whole(step: Grain, period: Period) -> int | None:
    if step == "week":
        return None if period.days % 7 else period.days // 7
    after, size = period.end + DAY, MONTHS_IN[step]
    if first_of(step, period.start) != period.start or first_of(step, after) != after:
        return None
    return ((after.year - period.start.year) * 12 + after.month - period.start.month) // size
