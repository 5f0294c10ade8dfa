"""Campaigns of one name, told apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from shared.domain.anomalies.explaining.phrases import name as one_line
from shared.domain.summaries.facts import Facts, Mover
from shared.domain.summaries.phrases import MOST_NAME

LONGEST_MARK: Final = 16  # the end of an id tells more than its beginning
_MOVED: Final = ("rising_campaigns", "falling_campaigns")
Called = Callable[[str, str], str]  # what to call a campaign of this id and this name


def told_apart(facts: Facts) -> Facts:
    """The same facts, with the id behind each name that sentences show of several campaigns."""
    called = _called(facts)
    moved = {part: tuple(_mover(one, called) for one in getattr(facts, part)) for part in _MOVED}
    pacing = tuple(
        one.model_copy(update={"name": called(one.campaign_id, one.name)}) for one in facts.pacing
    )
    return facts.model_copy(update={**moved, "pacing": pacing})


def _mover(mover: Mover, called: Called) -> Mover:
    line = mover.line
    name = called(line.campaign_id or "", line.name)
    return mover.model_copy(update={"line": line.model_copy(update={"name": name})})


def _called(facts: Facts) -> Called:
    lines = [one.line for part in _MOVED for one in getattr(facts, part)]
    ids: dict[str, set[str]] = {}
    for one in (*lines, *facts.pacing):
        ids.setdefault(_seen(one.name), set()).add(one.campaign_id)

    def called(campaign_id: str, name: str) -> str:
        return _marked(name, campaign_id) if len(ids[_seen(name)]) > 1 else name

    return called


def _seen(name: str) -> str:
    """A name as readers tell it from others."""
    return one_line(name, MOST_NAME).casefold()


def _marked(name: str, campaign_id: str) -> str:
    mark = one_line(campaign_id[-LONGEST_MARK:], LONGEST_MARK)
    return f"{one_line(name, MOST_NAME - len(mark) - 3)} ({mark})"
