"""What a summary says of budgets."""

from __future__ import annotations

from collections.abc import Iterator

from shared.domain.summaries.facts import Pacing
from shared.domain.summaries.phrases import Phrases, shown

MOST_PACING = 3


def pacing(say: Phrases) -> Iterator[str]:
    """How budgets are spent, the furthest off first."""
    facts = say.facts
    off = [one for one in facts.pacing if one.pace not in ("on_track", "early")]
    if off:
        yield from (_paced(say, one) for one in off[:MOST_PACING])
    elif facts.paced == 1:
        yield from (_paced(say, one) for one in facts.pacing)
    elif facts.paced:
        yield _all_paced(facts.paced, facts.begun)


def _all_paced(paced: int, begun: int) -> str:
    """Of budgets of which none is off pace."""
    if not begun:
        return f"All {paced} campaigns with a budget are on track."
    if begun == paced:
        return f"All {paced} campaigns with a budget only just began."
    on = paced - begun
    are = "is" if on == 1 else "are"
    return f"Of {paced} campaigns with a budget {on} {are} on track and {begun} only just began."


def _paced(say: Phrases, one: Pacing) -> str:
    name, money, end = shown(one.name), say.formats.amount, say.day(one.end)
    used = f"{money(one.spent)} of {money(one.budget)}"
    if one.end <= say.facts.end:
        return _ended(say, one, used)
    if one.pace == "overspent":
        over = money(one.spent - one.budget)
        return f"{name} is {over} over its budget of {money(one.budget)} and runs until {end}."
    if one.pace == "early":
        return f"{name} only just began: {used} spent so far, to last until {end}."
    if one.pace == "on_track":
        return f"{name} is on track with its budget: {used} spent, to last until {end}."
    by_end = f"at this pace {money(one.projected)} by {end}"
    if one.pace == "slow":
        return f"{name} is spending too slowly: {used} so far, and {by_end}."
    if one.runs_out_on is None:
        return f"{name} is spending too fast: {used} so far, and {by_end}."
    out = say.day(one.runs_out_on)
    return (
        f"{name} is spending too fast: {used} so far, and at this pace the rest lasts until {out}"
        f" instead of {end}."
    )


def _ended(say: Phrases, one: Pacing, used: str) -> str:
    """Of a campaign that the week saw end, though perhaps not all of its days' data."""
    name, end = shown(one.name), say.day(one.end)
    if one.pace == "overspent":
        over, budget = (say.formats.amount(n) for n in (one.spent - one.budget, one.budget))
        return f"{name} ended on {end} and is {over} over its budget of {budget}."
    if one.left_a_day is not None:
        return f"{name} ended on {end}; the data so far have {used} spent."
    return f"{name} ended on {end} with {used} spent."
