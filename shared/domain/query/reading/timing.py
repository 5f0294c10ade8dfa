"""Which of the periods of a question it asks about, and which it compares with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from shared.domain.periods import Grain, Period, previous_period, same_period_last_year
from shared.domain.periods.calendar import DAY, units_later
from shared.domain.periods.days import Frame, Problem, Relative, settled
from shared.domain.periods.finding import Found
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.asked import Asked
from shared.domain.query.reading.kinds import Item
from shared.domain.query.reading.refusals import refused, unclear
from shared.domain.query.reading.sentence import Sentence
from shared.domain.vocabulary import Vocabulary

DEFAULT_DAYS = 30
# Of these steps so many whole ones, since parts of them would not compare.
DEFAULT_STEPS: dict[Grain, int] = {"week": 12, "month": 12, "quarter": 4, "year": 10}
# A campaign without rows for longer than this, while others have some, is over.
OVER_AFTER = timedelta(days=7)

_WHY_NOT = {
    "future": "“{}” is in the future: these data end yesterday, and no forecast is made here.",
    "begins today": "“{}” begins today: no day of it is complete yet.",
    "impossible": "“{}” is no period: there are no such days.",
    "backwards": "“{}” ends before it begins.",
}


def read_times(sentence: Sentence, asked: Asked) -> None:
    """Take every period and the words of comparison. Raises NoPlan for what is no past period."""
    compared = _beside_comparison(sentence, asked)
    items = sentence.take_each(k.PERIOD)
    for item in items:
        refuse_problem(sentence, item)
    compares = sentence.take_each(k.COMPARE)
    asked.comparing |= bool(compares)
    asked.than |= any(item.value == "than" for item in compares)
    mains: list[Item] = []
    for item in items:
        meaning = item.value.meaning
        if isinstance(meaning, Relative):
            _note_relative(asked, meaning)
        elif item in compared and asked.earlier is None:
            asked.earlier = meaning
        else:
            mains.append(item)
    _settle_mains(sentence, asked, mains)
    if asked.earlier and asked.period and asked.earlier.start > asked.period.start:
        asked.earlier, asked.period = asked.period, asked.earlier  # "January vs February"


def _beside_comparison(sentence: Sentence, asked: Asked) -> list[Item]:
    """The periods right after "vs", "compared to", "higher than"; "over" is a preposition there."""
    found = []
    for word in sentence.take(f"[{k.OPERATOR}{k.COMPARE}](?={k.PERIOD})"):
        period = sentence.items[sentence.items.index(word[0]) + 1]
        said = sentence.said(word[0]).casefold()
        if said in ("over", "beyond"):
            continue
        asked.comparing = True
        if word[0].value != "verb":
            found.append(period)
    return found


def refuse_problem(sentence: Sentence, item: Item) -> None:
    """Raises NoPlan for a period that has no days, or several readings."""
    problem = item.value.meaning
    if not isinstance(problem, Problem):
        return
    said = sentence.said(item)
    if problem.choices:
        choices = [sentence.with_words_for([item], choice) for choice in problem.choices]
        raise unclear(f"Which days do you mean by “{said}”?", choices)
    raise refused(_WHY_NOT[problem.kind].format(said))


def _note_relative(asked: Asked, meaning: Relative) -> None:
    if meaning.kind == "life":
        asked.life = True
    else:
        asked.compared = meaning


def _settle_mains(sentence: Sentence, asked: Asked, items: Sequence[Item]) -> None:
    asked_to_compare = asked.comparing or sentence.has(k.CHANGE)
    if len({item.value.meaning for item in items}) == 1:
        items = items[:1]  # said twice
    founds: list[Found] = [item.value for item in items]
    if len(founds) == 1:
        asked.period = _period(founds[0])
        ends = founds[0].ends
        asked.since = founds[0].since
        if asked_to_compare and ends and all(end.step != "day" for end in ends):
            asked.earlier, asked.period = ends
    elif len(founds) == 2 and asked_to_compare and asked.earlier is None:
        pair = sorted((_period(found) for found in founds), key=lambda period: period.start)
        asked.earlier, asked.period = pair
    elif founds:
        together = _stand_together(sentence, items)
        asked.period = _joined([_period(found) for found in founds]) if together else None
        if asked.period is None or asked.earlier is not None:
            said = " and ".join(f"“{sentence.said(item)}”" for item in items)
            raise refused(f"There are two periods in this question: {said}. Ask for one.")


def _stand_together(sentence: Sentence, items: Sequence[Item]) -> bool:
    """Nothing but "and" parts them: `in January and February`."""
    places = [sentence.items.index(item) for item in items]
    return all(sentence.whole[a + 1 : b].strip(k.JOIN) == "" for a, b in pairwise(places))


def _period(found: Found) -> Period:
    assert isinstance(found.meaning, Period)
    return found.meaning


def _joined(periods: Sequence[Period]) -> Period | None:
    """Periods that follow one another, as one."""
    ordered = sorted(periods, key=lambda period: period.start)
    if any(one.end + DAY != after.start for one, after in pairwise(ordered)):
        return None
    steps = {period.step for period in ordered}
    return Period(
        start=ordered[0].start,
        end=ordered[-1].end,
        partial=ordered[-1].partial,
        step=ordered[0].step if len(steps) == 1 else "day",
    )


def main_period(asked: Asked, frame: Frame, known: Vocabulary) -> Period:
    """The period a question asks about. Without one: whole steps, 30 days, or a campaign's life.

    Raises NoPlan if the period that a comparison leaves open has no complete day.
    """
    if asked.period is not None:
        return asked.period
    life = _life(asked, frame, known)
    if asked.life and life:
        return life
    unit = asked.compared.unit if asked.compared else asked.earlier.step if asked.earlier else None
    if unit and unit != "day":
        this = settled(frame.around(unit, frame.today, f"this {unit}"), frame)
        if isinstance(this, Problem):
            raise refused(_WHY_NOT[this.kind].format(f"this {unit}"))
        return this.model_copy(update={"assumed": True})
    if life and _is_over(asked, frame, known):
        return life.model_copy(update={"assumed": True})
    # A list of weeks keeps to the usual 30 days; weeks that compete with each other are whole ones.
    if asked.grain in DEFAULT_STEPS and (asked.grain != "week" or asked.ranking is not None):
        times = 2 if asked.compared else 1  # the period before has to be covered as well
        whole = _whole_steps(asked.grain, times, frame, known) or life
        return (whole or _past_days(frame)).model_copy(update={"assumed": True})
    return _past_days(frame)


def _whole_steps(step: Grain, times: int, frame: Frame, known: Vocabulary) -> Period | None:
    """The latest whole weeks, months …, as far as the data cover so many times of them."""
    for count in range(DEFAULT_STEPS[step], 0, -1):
        days = frame.units_ago(step, 1, count)
        earliest = frame.units_ago(step, 1, count * times).start
        if known.first_day is None or earliest >= known.first_day:
            words = f"the last {count} {step}s" if count > 1 else f"last {step}"
            return Period(start=days.start, end=days.end, words=words, step=step)
    return None


def _past_days(frame: Frame) -> Period:
    return Period(
        start=frame.today - timedelta(days=DEFAULT_DAYS),
        end=frame.yesterday,
        words=f"the past {DEFAULT_DAYS} days",
        assumed=True,
    )


def _life(asked: Asked, frame: Frame, known: Vocabulary) -> Period | None:
    names = set(asked.named("campaign"))
    lives = [(c.first_day, c.last_day) for c in known.campaigns if c.name in names and c.channels]
    if not lives and known.first_day and known.last_day:
        lives = [(known.first_day, known.last_day)]
    starts, ends = [life[0] for life in lives], [life[1] for life in lives]
    if not lives or min(starts) > frame.yesterday:
        return None
    return Period(start=min(starts), end=min(max(ends), frame.yesterday), words="so far")


def _is_over(asked: Asked, frame: Frame, known: Vocabulary) -> bool:
    names = set(asked.named("campaign"))
    last = [c.last_day for c in known.campaigns if c.name in names and c.channels]
    return bool(last) and min(last) + OVER_AFTER < _data_end(frame, known)


def _data_end(frame: Frame, known: Vocabulary) -> date:
    return min(known.last_day or frame.yesterday, frame.yesterday)


def earlier_period(asked: Asked, main: Period) -> Period | None:
    """The period to compare with, if the question compares."""
    if asked.compared is not None:
        kind = asked.compared.kind
        return same_period_last_year(main) if kind == "year_ago" else previous_period(main)
    earlier = asked.earlier
    if earlier is None:
        return None
    if earlier.step == "year" and main.step != "year":  # "March vs last year"
        return same_period_last_year(main)
    just_before = earlier.end + DAY == main.start and earlier.step == main.step
    if (main.partial and just_before) or (earlier.start, earlier.end) == (main.start, main.end):
        return previous_period(main)
    if main.partial and main.step != "day" and _is_one(main.step, earlier):
        last = min(earlier.end, earlier.start + timedelta(days=main.days - 1))
        return Period(start=earlier.start, end=last, step=earlier.step)
    return earlier


def _is_one(step: Grain, period: Period) -> bool:
    return period.step == step and units_later(step, period.start, 1) == period.end + DAY
