"""The summary in this suite's own words: what happened, against what, and why."""

from __future__ import annotations

from shared.domain.summaries import sentences
from shared.domain.summaries.budget_sentences import pacing
from shared.domain.summaries.caveat_sentences import caveats
from shared.domain.summaries.facts import Facts, Figure
from shared.domain.summaries.models import Narrative
from shared.domain.summaries.phrases import BEYOND, NEARLY_ALL, ON_LIKE_DAYS, Phrases, shown
from shared.domain.summaries.step_sentences import next_steps
from shared.domain.wording import capital, label

MOST_WORDS = 250

# What the money is judged by, beside the main metric; and what it means when that goes up or down.
_PRICE_OF = {"revenue": "roas", "conversions": "cpa", "clicks": "cpc", "spend": "cpm"}
_MEANS = {
    "roas": ("spend paid back better", "spend paid back less"),
    "cpa": ("each conversion cost more", "each conversion cost less"),
    "cpc": ("each click cost more", "each click cost less"),
    "cpm": ("impressions cost more", "impressions cost less"),
}
_NEAR = 0.02  # to the average
_MAY_GIVE = ("anomalies", "next", "pacing", "changed")
NO_DATA = "No data available for this period"


def write(facts: Facts, locale: str | None) -> Narrative:
    """The words for these facts, the most important first; the same words for the same facts."""
    say = Phrases(facts, locale)
    if facts.empty:
        return _without_data(say)
    return _fitted(
        Narrative(
            subject=_subject(say),
            preheader=_preheader(say),
            opening=_opening(say),
            changed=tuple(sentences.changed(say)),
            anomalies=tuple(sentences.anomalies(say)),
            pacing=tuple(pacing(say)),
            next=tuple(next_steps(say)),
            caveats=tuple(caveats(say)),
        )
    )


def _without_data(say: Phrases) -> Narrative:
    facts = say.facts
    days = say.formats.days(facts.start, facts.end)
    return Narrative(
        subject=f"{shown(facts.project)}: no data for {days}",
        preheader="Nothing was imported for that week.",
        opening=f"{NO_DATA} ({days}).",
        next=(
            "Check whether your imports still run; once the data are here, this summary can be"
            " written again.",
        ),
        caveats=tuple(caveats(say)),
    )


def _subject(say: Phrases) -> str:
    main = say.facts.figure(say.facts.main) or say.facts.figures[0]
    if main.value is None:
        text = f"your week of {say.formats.near(say.facts.start, say.facts.end)}"
    else:
        text = f"{label(main.metric)} {_headed(say, main)}"
    return f"{shown(say.facts.project)}: {text}"


def _headed(say: Phrases, main: Figure) -> str:
    way = say.way(main)
    if way is None:
        return say.pick("subject", f"at {say.told(main)}", f"of {say.told(main)} this week")
    if not say.facts.whole:
        return f"of {say.told(main)}, {_moved(say, main)} on days both weeks have"
    return f"steady at {say.told(main)}" if way == 0 else f"{_moved(say, main)} to {say.told(main)}"


def _moved(say: Phrases, figure: Figure) -> str:
    """`up 12 %`, `down`, `much the same`."""
    way, by = say.way(figure), say.by(figure)
    if not way:
        return "much the same"
    return f"{'up' if way > 0 else 'down'}{f' {by}' if by else ''}"


def _preheader(say: Phrases) -> str:
    """What the subject leaves out: the days, who moved it most, what it cost, and what waits."""
    facts = say.facts
    figures = (facts.figure("spend"), facts.figure(_PRICE_OF[facts.main]))
    told = [
        f"{label(one.metric)} {say.told(one)}"
        for one in figures
        if one is not None and (one.value or -1) > 0 and one.metric != facts.main
    ]
    opened = sum(one.state == "opened" for one in facts.anomalies)
    new = [f"{opened} new {'anomaly' if opened == 1 else 'anomalies'}"] if opened else []
    days = say.formats.days(facts.start, facts.end)
    parts = [*sentences.led_by(say), *([", ".join(told)] if told else []), *new]
    return f"{days}: {'; '.join(parts) or 'how the week went'}."


def _opening(say: Phrases) -> str:
    main = say.facts.figure(say.facts.main) or say.facts.figures[0]
    parts = (_main(say, main), _against_average(say, main), _money(say))
    return " ".join(part for part in parts if part)


def _main(say: Phrases, main: Figure) -> str:
    name, now = capital(label(main.metric)), say.told(main)
    if main.value is None:
        return f"There is no figure for {label(main.metric)} this week."
    was, way = say.was(main), say.way(main)
    if way is None:
        return f"{name} came to {now}{_alone(say)}."
    if was is None:
        return f"{name} came to {now}, {_moved(say, main)} {ON_LIKE_DAYS}."
    if way == 0:
        steady = say.pick("main", "was practically unchanged", "held steady")
        return f"{name} {steady} at {now}, after {was} the week before."
    return f"{_stepped(say, main, was, way)}{_refunded(main)}."


def _alone(say: Phrases) -> str:
    if any(one.code == "first_week" for one in say.facts.caveats):
        return " in the first week with data"
    if say.facts.compared == "nothing":
        return "; the week before has no data"
    return "; there is nothing in the week before to compare it with"


def _stepped(say: Phrases, main: Figure, was: str, way: int) -> str:
    name, now, by = capital(label(main.metric)), say.told(main), say.by(main)
    verb = "rose" if way > 0 else "fell"
    if by is None:
        return f"{name} {verb} to {now}, from {was} the week before"
    return say.pick(
        "main",
        f"{name} {verb} {by} to {now}, from {was} the week before",
        f"{name} came to {now}, {_moved(say, main)} from {was} the week before",
        f"{name} {verb} {by}, from {was} the week before to {now}",
    )


def _refunded(main: Figure) -> str:
    refunded = main.metric == "revenue" and (main.value or 0) < 0
    return ": refunds outweighed sales" if refunded else ""


def _against_average(say: Phrases, main: Figure) -> str:
    gap, average, now = main.against_average, main.average or 0, main.value or 0
    days = {"weeks": "", "these_days": "these days in "}.get(say.facts.averaged)
    if days is None or gap is None or average <= 0 or now <= 0:
        return ""
    if not NEARLY_ALL <= gap <= BEYOND or average == main.week_before:
        return ""
    if abs(gap) < _NEAR:
        return f"That is in line with the average of {days}{say.weeks_before}."
    side = "above" if gap > 0 else "below"
    still = "still " if (say.way(main) or 0) * gap < 0 else ""
    by = say.formats.change(gap)
    return f"That is {still}{by} {side} the average of {days}{say.weeks_before}."


def _money(say: Phrases) -> str:
    """What it cost, and whether the money did better or worse for it."""
    spend, price = say.facts.figure("spend"), say.facts.figure(_PRICE_OF[say.facts.main])
    if spend is None or spend.value is None or say.facts.main == "spend":
        return _priced(say, price) if price else ""
    if spend.value == 0:
        was = say.was(spend) if spend.week_before else None
        return f"Nothing was spent, after {was} the week before." if was else "Nothing was spent."
    if on_days := _on_like_days(say, spend, price):
        return on_days
    text = _step(say, spend)
    if price is None or price.value is None or price.value < 0:
        return f"{text}."
    if say.way(spend) is None:
        return f"{text} and {label(price.metric)} {say.told(price)}."
    if say.way(spend) == say.way(price) == 0:
        name = label(price.metric)
        return f"Spend ({say.told(spend)}) and {name} ({say.told(price)}) were much the same."
    return f"{text}, and {_step(say, price, capitals=False)}{_meaning(say, price)}."


def _priced(say: Phrases, price: Figure) -> str:
    if price.value is None:
        return ""
    return _on_like_days(say, price) or f"{_step(say, price)}{_meaning(say, price)}."


def _on_like_days(say: Phrases, *figures: Figure | None) -> str:
    """How they moved, where that is not from the whole week before to the whole of this one."""
    known = [one for one in figures if one is not None and say.way(one) is not None]
    told = [one for one in known if (one.value or 0) >= 0]
    if say.facts.whole or not told:
        return ""
    main = say.facts.figure(say.facts.main)
    said = main is not None and say.way(main) is not None
    lead = "On these days" if said else capital(ON_LIKE_DAYS)
    moved = [_went(say, one) for one in told]
    return f"{lead} {', and '.join(moved)}{_meaning(say, told[-1])}."


def _went(say: Phrases, figure: Figure) -> str:
    """`spend rose 4 %`, `CPA was practically unchanged`."""
    way, by = say.way(figure), say.by(figure)
    verb = {1: "rose", -1: "fell"}.get(way or 0)
    moved = f"{verb} {by}" if verb and by else verb
    return f"{label(figure.metric)} {moved or 'was practically unchanged'}"


def _step(say: Phrases, figure: Figure, capitals: bool = True) -> str:
    """`Spend rose 4 % to €3,210`, `CPA was practically unchanged at €12.30`."""
    name = label(figure.metric)
    name, way, by = capital(name) if capitals else name, say.way(figure), say.by(figure)
    if way is None or figure.value is None:
        return f"{name} was {say.told(figure)}"
    if way == 0:
        return f"{name} was practically unchanged at {say.told(figure)}"
    verb = "rose" if way > 0 else "fell"
    return f"{name} {verb} {f'{by} ' if by else ''}to {say.told(figure)}"


def _meaning(say: Phrases, price: Figure) -> str:
    way = say.way(price)
    if not way or price.metric not in _MEANS:
        return ""
    return f": {_MEANS[price.metric][0 if way > 0 else 1]}"


def _fitted(told: Narrative) -> Narrative:
    """Without the last entries of the parts with most of them, if it is too long to be read."""
    while words(told) > MOST_WORDS:
        longest = max(_MAY_GIVE, key=lambda part: len(getattr(told, part)))
        if len(getattr(told, longest)) < 2:
            break
        told = told.model_copy(update={longest: getattr(told, longest)[:-1]})
    return told


def words(told: Narrative) -> int:
    """How many words it has."""
    lists = (told.changed, told.anomalies, told.pacing, told.next, told.caveats)
    texts = [told.subject, told.preheader, told.opening, *(one for part in lists for one in part)]
    return sum(len(text.split()) for text in texts)
