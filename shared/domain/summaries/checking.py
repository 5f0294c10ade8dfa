"""Holds a rewritten summary to our own: it must state the same, entry for entry.

Our own words say nothing but facts, so nothing is asked of the facts again. An entry may put
synonyms for ours, join sentences or part them, and move the figures of a metric about; an opening
may besides leave out what is not its main statement. Whatever else is said, left out or moved is
refused, whether or not it would be true: what is refused costs only style.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shared.domain.summaries.claims import Move, Statement, is_aside, masked, statements, tokens
from shared.domain.summaries.facts import Facts
from shared.domain.summaries.models import Narrative
from shared.domain.summaries.phrases import Phrases, shown, spelt
from shared.domain.summaries.sentences import headline

TOPS = ("subject", "preheader", "opening")
PARTS = ("changed", "anomalies", "pacing", "next", "caveats")
MOST_FLAWS = 12
# "This week" may stand by the week's own figure, and by its change if nothing else limits that.
_THIS_WEEK = {("week", "now")}
_MOVED_THIS_WEEK = {("week", "first"), ("week", "way"), ("week", "by")}
_SPACING = re.compile(r"[^\S \u00a0\u202f]|\s\s|[\ue000-\uf8ff]|^\s|\s$")


def flaws(facts: Facts, own: Narrative, theirs: Narrative) -> list[str]:
    """Why `theirs` cannot stand for `own`, for whoever is to mend it; nothing if it can."""
    names = names_of(facts)
    found: list[str] = []
    for top in TOPS:
        found += _of_text(top, getattr(own, top), getattr(theirs, top), names)
    for part in PARTS:
        found += _of_part(part, getattr(own, part), getattr(theirs, part), names)
    return list(dict.fromkeys(found))[:MOST_FLAWS]


def names_of(facts: Facts) -> list[str]:
    """Every name as our sentences write it: the project's first, then each once."""
    say = Phrases(facts, None)
    movers = (
        *facts.rising_channels,
        *facts.falling_channels,
        *facts.rising_campaigns,
        *facts.falling_campaigns,
    )
    lines = (*facts.channels, *(mover.line for mover in movers))
    campaigns = [one.name for one in lines if one.campaign_id is not None]
    channels = {line.channel for line in lines} | {
        one for caveat in facts.caveats for one in caveat.channels
    }
    loaded = [one.name for one in facts.actions if one.code == "load_data"]
    plain = [spelt(line.channel, line.name) for line in lines if line.campaign_id is None]
    acted = [
        one.name if one.campaign_id else spelt(one.channel or "", one.name)
        for one in facts.actions
        if one.code != "look_at_anomaly"
    ]
    told = [
        shown(facts.project),
        *map(say.channel, sorted(channels | set(loaded))),
        *(shown(one) for one in (*plain, *campaigns, *acted)),
        *(shown(one.name) for one in facts.pacing),
        *(headline(one.headline) for one in facts.anomalies),
        *(headline(one.name) for one in facts.actions if one.code == "look_at_anomaly"),
    ]
    return list(dict.fromkeys(told))


def _of_part(
    part: str, own: Sequence[str], theirs: Sequence[str], names: Sequence[str]
) -> Iterator[str]:
    if len(own) != len(theirs):
        yield f"{part}: write exactly {len(own)} entries, one for each of the draft's, in its order"
        return
    for at, (ours, text) in enumerate(zip(own, theirs, strict=True)):
        yield from _of_text(f"{part}[{at}]", ours, text, names)


def _of_text(place: str, own: str, text: str, names: Sequence[str]) -> Iterator[str]:
    if text == own:
        return
    ours, theirs = masked(own, names), masked(text, names)
    found = [*_form(text, theirs, ours), *_figures(theirs, ours)]
    stated = statements(ours), statements(theirs)
    if not (_opened(*stated) if place == "opening" else stated[0] == stated[1]):
        found.append("it says more, less or other than the draft: go back to the draft's words")
    yield from (f"{place}: {flaw}" for flaw in found)


def _form(text: str, theirs: str, ours: str) -> Iterator[str]:
    if not text.strip() or _SPACING.search(text):
        yield "write plain text on one line, with single spaces"
    known = {one.text for one in tokens(ours)}
    starts = True
    for one in tokens(theirs):
        small = one.text in (one.spelt, one.text.capitalize() if starts else "")
        if one.kind == "word" and not small and one.text not in known:
            yield f"“{one.text[:30]}” reads like a name"
        starts = one.text in (".", ";", ":")


def _figures(theirs: str, ours: str) -> Iterator[str]:
    known = {one.spelt for one in tokens(ours)}
    for one in tokens(theirs):
        if one.kind in ("number", "date") and one.spelt not in known:
            yield f"the figure {one.text[:30]} does not stand in the draft"


def _opened(ours: Sequence[Statement], theirs: Sequence[Statement]) -> bool:
    """Whether an opening says ours in our order, its main statement first, and leaves out only
    what may be: each other statement must follow the one that it follows in ours.
    """
    at = -1
    for one in theirs:
        found = _next(ours, at, one)
        if found is None:
            return False
        at = found
    return all(_optional(left) for left in ours[at + 1 :])


def _next(ours: Sequence[Statement], at: int, theirs: Statement) -> int | None:
    """Which of ours it is, if all between that and the last one may be left out."""
    for index in range(at + 1, len(ours)):
        if _says(ours[index], theirs, main=index == 0):
            follows = isinstance(theirs, Move) or index == at + 1
            return index if follows else None
        if index == 0 or not _optional(ours[index]):
            return None
    return None


def _optional(one: Statement) -> bool:
    return is_aside(one) or (isinstance(one, Move) and not one.rest)


def _says(ours: Statement, theirs: Statement, main: bool) -> bool:
    """Whether theirs says ours, or a part of it that is as true alone."""
    if not isinstance(ours, Move) or not isinstance(theirs, Move):
        return ours == theirs
    if (ours.metric, ours.rest, ours.tied) != (theirs.metric, theirs.rest, theirs.tied):
        return False
    added, left = theirs.facts - ours.facts, ours.facts - theirs.facts
    may_add = _THIS_WEEK if ours.rest else _THIS_WEEK | _MOVED_THIS_WEEK
    may_leave = {"week", "then"} | (set() if ours.rest else {"was"} if main else {"was", "by"})
    return added <= may_add and {part for part, _ in left} <= may_leave
