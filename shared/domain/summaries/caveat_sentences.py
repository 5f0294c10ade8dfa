"""What a summary says of its data, before a figure is trusted."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.summaries.facts import Caveat, CaveatCode
from shared.domain.summaries.phrases import Phrases

MOST = 4  # entries
MOST_GROUPS = 2  # of channels, by the days that they miss
_OF_DAYS: CaveatCode = "channel_missing_days"


def caveats(say: Phrases) -> list[str]:
    """What to know before trusting a figure; all of it, in MOST entries at most.

    Channels that miss days are told of together where they are many, so that no entry gets long.
    """
    told = [_caveat(say, one) for one in _grouped(say.facts.caveats)]
    return [*told[: MOST - 1], " ".join(told[MOST - 1 :])] if len(told) >= MOST else told


def _grouped(found: Sequence[Caveat]) -> list[Caveat]:
    """The caveats, those of channels' days as one if there are more than MOST_GROUPS."""
    apart = [one for one in found if one.code == _OF_DAYS]
    if len(apart) <= MOST_GROUPS:
        return [*found]
    days = sorted({day for one in apart for day in one.days})
    channels = tuple(channel for one in apart for channel in one.channels)
    all_of_them = Caveat(code=_OF_DAYS, days=tuple(days), channels=channels)
    at = found.index(apart[0])
    others = [one for one in found if one.code != _OF_DAYS]
    return [*others[:at], all_of_them, *others[at:]]


def _caveat(say: Phrases, one: Caveat) -> str:
    days, channels = say.formats.these(one.days), say.channels(one.channels)
    of = f" of {channels}" if one.channels else ""
    first = any(other.code == "first_week" for other in say.facts.caveats)
    compared = "" if first else "; only days that both weeks have are compared"
    has = "has" if len(one.channels) == 1 else "have"
    return {
        "missing_days": f"No data arrived for {days}{compared}.",
        "channel_missing_days": f"{channels} {has} no data for {days}."
        if one in say.facts.caveats
        else f"{channels} do not have data for each day of {days}.",
        "channel_without_data": f"{channels} {has} no data this week, unlike the weeks before.",
        "unfinished_days": f"The data{of} for {days} were loaded before the day was over.",
        "first_week": "With no earlier week in the data, nothing is compared yet.",
        "short_history": "There are fewer than four earlier weeks to compare with.",
        "no_revenue": "No revenue is in the data of this week, so nothing is said about ROAS.",
        "restated": f"The data{of} for {days} were loaded again later; figures may differ.",
    }[one.code]
