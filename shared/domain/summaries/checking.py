"""Holds a rewritten summary to the facts: what it claims must be what our own words claim.

Our own words say nothing but facts, so each entry of theirs is read beside ours: the same names in
the same order, no figure, direction, cause or word that ours does not bear out. It refuses too
much rather than too little; what is refused costs only style.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shared.domain.summaries import lexicon
from shared.domain.summaries.claims import FIRST_MASK, Claim, Reading, masked, read, tokens
from shared.domain.summaries.facts import Facts
from shared.domain.summaries.models import Narrative
from shared.domain.summaries.phrases import Phrases, shown, spelt
from shared.domain.summaries.sentences import headline

TOPS = ("subject", "preheader", "opening")  # all of the whole project: each may use the others'
PARTS = ("changed", "anomalies", "pacing", "next", "caveats")
_WHOLE_FIGURES = {"subject", "anomalies", "pacing", "next", "caveats"}  # none may be left out
_ALWAYS = set(" .,;:()'’-–−%/\u00a0\u202f0123456789")
_GROWTH, _MORE = 1.6, 40
MOST_FLAWS = 12


class _Side:
    """Texts of ours that one of theirs is held to: the one in its place first."""

    def __init__(self, own: Sequence[str], names: Sequence[str], single: bool) -> None:
        self.texts = [masked(text, names) for text in own]
        self.own, self.names, self.single = own[0], names, single
        self.readings = [self.read(text) for text in self.texts]

    def read(self, text: str) -> Reading:
        """What a masked text claims."""
        return read(text, chr(FIRST_MASK), self.single)


def flaws(facts: Facts, own: Narrative, theirs: Narrative) -> list[str]:
    """Why `theirs` cannot stand for `own`, for whoever is to mend it; nothing if it can."""
    names = names_of(facts)
    found = [*_of_tops(own, theirs, names)]
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


def _of_tops(own: Narrative, theirs: Narrative, names: Sequence[str]) -> Iterator[str]:
    for top in TOPS:
        ours = [getattr(own, top), *(getattr(own, one) for one in TOPS if one != top)]
        if getattr(theirs, top) != ours[0]:
            yield from _of_text(top, getattr(theirs, top), _Side(ours, names, single=False))


def _of_part(
    part: str, own: Sequence[str], theirs: Sequence[str], names: Sequence[str]
) -> Iterator[str]:
    if len(own) != len(theirs):
        yield f"{part}: write exactly {len(own)} entries, one for each of the draft's, in its order"
        return
    for at, (ours, text) in enumerate(zip(own, theirs, strict=True)):
        if text != ours:
            yield from _of_text(f"{part}[{at}]", text, _Side([ours], names, single=True))


def _of_text(place: str, text: str, side: _Side) -> Iterator[str]:
    for flaw in (*_form(text, side), *_claimed(place, text, side)):
        yield f"{place}: {flaw}"


def _form(text: str, side: _Side) -> Iterator[str]:
    if not text.strip() or len(text) > _GROWTH * len(side.own) + _MORE:
        yield "keep about the draft's length"
    plain = masked(text, side.names)
    known = _ALWAYS | set("".join(side.texts))
    odd = {one for one in plain if one not in known and not (one.isascii() and one.isalpha())}
    if odd or any("\ue000" <= one <= "\uf8ff" for one in text):
        yield "use plain letters and the draft's punctuation only"
    yield from _words(plain, side)


def _words(plain: str, side: _Side) -> Iterator[str]:
    own = {one.text for text in side.texts for one in tokens(text)}
    small = {one.lower() for one in own}
    starts = True
    for one in tokens(plain):
        if one.kind == "word":
            if one.word not in small and not _allowed(one.word, side.single):
                yield f"the word “{one.text[:30]}” says something that the draft does not"
            elif one.text != one.word and not starts and one.text not in own:
                yield f"“{one.text[:30]}” reads like a name"
        starts = one.kind == "stop" and one.text in ".:;"


def _allowed(word: str, entry: bool) -> bool:
    return word in lexicon.ALLOWED and not (entry and word in lexicon.ORDER)


def _claimed(place: str, text: str, side: _Side) -> Iterator[str]:
    theirs, ours = side.read(masked(text, side.names)), side.readings[0]
    if _names(place, theirs) != _names(place, ours):
        yield "name whom the draft names, exactly so and in its order, and nobody else"
    if theirs.kept != ours.kept:
        words = ", ".join(sorted(theirs.kept ^ ours.kept))
        yield f"say these words where the draft does and nowhere else: {words}"
    yield from _figures(place, theirs, ours, side.readings)
    yield from _ways(theirs, side.readings)
    if _whole(place) and theirs.ways != ours.ways:
        yield "say all that the draft says of what rose and fell"


def _names(place: str, reading: Reading) -> tuple[str, ...]:
    """The project's own name may stand or not, but in the subject."""
    whole = chr(FIRST_MASK)
    return reading.names if place == "subject" else tuple(n for n in reading.names if n != whole)


def _whole(place: str) -> bool:
    return place.partition("[")[0] in _WHOLE_FIGURES


def _figures(place: str, theirs: Reading, ours: Reading, known: Sequence[Reading]) -> Iterator[str]:
    figures = frozenset[Claim]().union(*(one.figures for one in known))
    for claim in sorted(theirs.figures - figures, key=str):
        yield f"the figure {claim[-1]} does not stand with what it belongs to in the draft"
    others = frozenset[Claim]().union(*(one.others for one in known))
    for claim in sorted(theirs.others - others, key=str):
        yield f"the draft does not say this {claim[0]}: {claim[1] or ''}"
    if not _in_order(theirs.dates, [day for one in known for day in one.dates]):
        yield "keep to the draft's dates and their order"
    if _whole(place):
        if theirs.numbers != ours.numbers or theirs.dates != ours.dates:
            yield "keep every figure and date of the draft, in its order"
    elif ours.numbers and not set(theirs.numbers) & set(ours.numbers):
        yield "keep the draft's main figure"


def _ways(theirs: Reading, known: Sequence[Reading]) -> Iterator[str]:
    ways = frozenset[Claim]().union(*(one.ways for one in known))
    for claim in sorted(theirs.ways - ways, key=str):
        yield f"the draft does not say that {claim[1] or 'it'} went this way"
    for subject, metric, way, _ in theirs.unproved:
        others = {one[2] for one in ways if one[:2] == (subject, metric)}
        if others - {way}:
            yield f"say with its figure which way {metric or 'it'} went"
    if theirs.mixed or theirs.most_ways > max(1, known[0].most_ways):
        yield "a clause says twice which way something went: once is enough"


def _in_order(theirs: Sequence[str], ours: Sequence[str]) -> bool:
    rest = iter(ours)
    return all(any(one == other for other in rest) for one in theirs)
