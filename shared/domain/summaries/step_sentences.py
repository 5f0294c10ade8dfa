"""What a summary asks its readers to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shared.domain.summaries.actions import EVERYWHERE
from shared.domain.summaries.facts import Action
from shared.domain.summaries.phrases import Phrases, shown, spelt
from shared.domain.summaries.sentences import MOST, headline
from shared.domain.wording import label

_FELL_FAR: Final = -0.2  # the main metric: nobody is told to carry on
_HARMLESS: Final = ("short_history", "no_revenue")  # a calm week is calm with these too


def next_steps(say: Phrases) -> Iterator[str]:
    """What to do, the most urgent first."""
    steps = [_step(say, one) for one in say.facts.actions[:MOST]] or [*_unsettled(say)]
    yield from steps or [
        say.pick("calm next", "Nothing here asks for action this week.", "Nothing to do: carry on.")
    ]


def _unsettled(say: Phrases) -> Iterator[str]:
    """Why it is not said that there is nothing to do, though no rule asks for anything."""
    facts, main = say.facts, say.facts.figure(say.facts.main)
    if main is not None and main.change is not None and main.change <= _FELL_FAR:
        yield f"Look into why {label(main.metric)} fell."
    for line in (mover.line for mover in facts.falling_channels):
        now = line.figure(facts.main)
        if now is not None and not now.value and now.week_before:
            yield f"See whether {shown(spelt(line.channel, line.name))} was meant to stop."
    if any(one.code not in _HARMLESS for one in facts.caveats):
        yield "Read what is said of the data before this week is judged."
    if not facts.scanned:
        yield "Come back later: nobody looked for anomalies in all of this week yet."


def _elsewhere(say: Phrases, action: Action) -> bool:
    """Whether another step is of a campaign of the same name in another channel."""
    return bool(action.campaign_id and action.channel) and any(
        one.name == action.name and one.channel not in (None, action.channel)
        for one in say.facts.actions
    )


def _step(say: Phrases, action: Action) -> str:
    name = shown(
        spelt(action.channel or "", action.name) if not action.campaign_id else action.name
    )
    if _elsewhere(say, action):
        name = f"{name} ({say.channel(action.channel or '')})"
    amount = say.formats.amount(action.amount) if action.amount is not None else None
    if action.code == "look_at_anomaly":
        return f"Look into this anomaly: {headline(action.name)}."
    if action.code == "load_metric":
        return f"Load the {label(action.name)} of this week: the data have none."
    if action.code == "load_data":
        days = f" for {say.formats.these(action.days)}" if action.days else ""
        whose = action.name if action.name == EVERYWHERE else say.channel(action.name)
        return f"Load the data of {whose}{days}{_or_paused(say, action)}."
    if action.code == "slow_down" and (action.amount or 0) <= 0:
        return f"Stop {name} or raise its budget: nothing is left of it."
    if action.code == "slow_down":
        left = f": {amount} a day is left until it ends" if amount else ""
        return f"Slow {name} down{left}."
    if action.code == "speed_up":
        left = f": {amount} of its budget would stay unspent" if amount else ""
        return f"Let {name} spend faster, or move its money{left}."
    if action.code == "check_falling":
        return f"Check {name}: it brought less for what was spent."
    return f"See whether {name} can take more budget: it brought more for what was spent."


def _or_paused(say: Phrases, action: Action) -> str:
    silent = {
        channel
        for one in say.facts.caveats
        if one.code == "channel_without_data"
        for channel in one.channels
    }
    return ", or ignore this if it was paused" if action.name in silent else ""
