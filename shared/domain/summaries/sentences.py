"""What a summary says below its opening, part by part, the most important entry first."""

from __future__ import annotations

from collections.abc import Iterator

from shared.domain.anomalies.explaining.phrases import name as one_line
from shared.domain.semantics import METRICS
from shared.domain.summaries.facts import AnomalyFact, Figure, Mover
from shared.domain.summaries.phrases import (
    MOST_NAME,
    ON_LIKE_DAYS,
    UNCHANGED,
    Phrases,
    direction,
    shown,
    spelt,
)
from shared.domain.wording import capital, label

MOST = 4  # entries of a part
MOST_ANOMALIES = 3
_WITH_ARTICLE = {"conversion_rate", "aov"}
_ALL_OF_IT = 0.1  # a campaign this near to its channel's change is told with it
_MONEY_GONE = -0.5  # of the spend of the week before
_WORTH_SAYING = 0.1  # of a second reason that went the other way


def changed(say: Phrases) -> Iterator[str]:
    """Whose main metric moved the whole, and by what."""
    told = _movers(say)
    if told:
        yield from (_moved(say, mover, with_it) for mover, with_it in told[:MOST])
    elif (way := main_way(say)) is not None:
        yield _untold(say) or _nobody(say, way)
    elif first := _largest(say):
        yield first


def _nobody(say: Phrases, way: int) -> str:
    if way:
        return "No single channel stands out in this."
    on_days = "" if say.facts.whole else f" {ON_LIKE_DAYS}"
    return f"No channel moved {label(say.facts.main)} by much{on_days}."


def _untold(say: Phrases) -> str | None:
    """Whose main metric did not come this week: what the whole changed may be that."""
    main = say.facts.main
    for line in say.facts.channels:
        figure = line.figure(main)
        if figure is not None and figure.value is None and figure.week_before is not None:
            name = shown(spelt(line.channel, line.name))
            return f"{name} has no figure for {label(main)} this week."
    return None


def led_by(say: Phrases) -> list[str]:
    """Who moved the whole most since the week before, in a few words."""
    if not say.facts.whole:
        return []
    return [f"{_who(say, mover)} {brought(say, mover)}" for mover, _ in _movers(say)[:1]]


def main_way(say: Phrases) -> int | None:
    """Which way the main metric went, None if it is not compared."""
    main = say.facts.figure(say.facts.main)
    return say.way(main) if main is not None else None


def _movers(say: Phrases) -> list[tuple[Mover, Mover | None]]:
    """Movers with the campaign that explains nearly all of them; the whole's own way first."""
    facts = say.facts
    main = facts.figure(facts.main)
    fell = main_way(say) == -1
    channels = [[*facts.falling_channels], [*facts.rising_channels]]
    campaigns = [[*facts.falling_campaigns], [*facts.rising_campaigns]]
    told: list[tuple[Mover, Mover | None]] = []
    for side in (0, 1) if fell else (1, 0):
        alone = [_alone(channel, campaigns[side]) for channel in channels[side]]
        told += zip(channels[side], alone, strict=True)
        within = {one.line.campaign_id for one in alone if one}
        told += [(one, None) for one in campaigns[side] if one.line.campaign_id not in within][:1]
    if facts.campaign_count == 1:
        told = [(mover, None) for mover, _ in told if mover.line.campaign_id is None]
    floor = UNCHANGED * abs((main.value if main else None) or 0)
    return [
        pair
        for pair in told
        if abs(pair[0].change) > floor and not say.nothing(facts.main, pair[0].change)
    ]


def _alone(channel: Mover, campaigns: list[Mover]) -> Mover | None:
    """The campaign that a channel's change is nearly all made of."""
    for one in campaigns:
        near = abs(one.change - channel.change) <= _ALL_OF_IT * abs(channel.change)
        if one.line.channel == channel.line.channel and near:
            return one
    return None


def _moved(say: Phrases, mover: Mover, alone: Mover | None) -> str:
    on_days = "" if say.facts.whole else f"{capital(ON_LIKE_DAYS)}, "
    text = f"{on_days}{_who(say, mover, inside=bool(on_days))} {brought(say, mover)}"
    text = f"{text}{_why(say, mover)}."
    if alone is None:
        return text
    whole, part = (say.formats.told(say.facts.main, one.change) for one in (mover, alone))
    name = shown(alone.line.name)
    if whole == part:
        return f"{text} All of that came from the campaign {name}."
    its = f"The campaign {name} alone {_more_or_less(say, alone.change)}."
    return f"{text} {its}"


def _who(say: Phrases, mover: Mover, *, inside: bool = False) -> str:
    line = mover.line
    if line.campaign_id is None:
        return shown(spelt(line.channel, line.name))
    return f"{'the' if inside else 'The'} campaign {shown(line.name)} ({say.channel(line.channel)})"


def brought(say: Phrases, mover: Mover) -> str:
    """What it brought more or less than the week before."""
    metric, now = say.facts.main, mover.line.figure(say.facts.main)
    if not say.facts.whole:
        return _more_or_less(say, mover.change)
    verb = "spent" if metric == "spend" else "brought"
    if now is not None and not now.value and now.week_before and mover.change < 0:
        had = say.formats.told(metric, now.week_before)
        what = "nothing" if metric == "spend" else f"no {label(metric)}"
        return f"{verb} {what}, after {had} the week before"
    if now is not None and now.week_before == 0 and mover.change > 0:
        return f"{verb} {say.told(now)}{_of(metric)}, after nothing the week before"
    return _more_or_less(say, mover.change)


def _more_or_less(say: Phrases, change: float) -> str:
    size = say.size(say.facts.main, change)
    return (
        f"spent {size.removesuffix(' spend')}" if say.facts.main == "spend" else f"brought {size}"
    )


def _of(metric: str) -> str:
    """What a bare figure is a figure of."""
    if metric == "spend":
        return ""
    counted = METRICS[metric].unit in ("count", "decimal")
    return f" {label(metric)}" if counted else f" of {label(metric)}"


def _why(say: Phrases, mover: Mover) -> str:
    """The figure that moved it most, and one that weighed against it."""
    way = 1 if mover.change > 0 else -1
    led = next((one for one in mover.reasons[:1] if direction(one) == way and say.by(one)), None)
    if led is None:
        return ""
    spend = mover.line.figure("spend")
    if way < 0 and spend is not None and _stopped(spend, led):
        moved = _reason(say, spend) if spend.value else "spend stopped"
        return f", {_mostly(say)} because {moved}"
    text = f", {_mostly(say)} because {_reason(say, led)}"
    against = next(
        (
            one
            for one in mover.reasons[1:]
            if direction(one) == -way and abs(one.change or 0) >= _WORTH_SAYING and say.by(one)
        ),
        None,
    )
    if against is None:
        return text
    verb = "rose" if way < 0 else "fell"
    return f"{text}, although {_label(against)} {verb} {say.by(against)}"


def _stopped(spend: Figure, led: Figure) -> bool:
    """Whether it had less of its volume since most of its money was gone."""
    gone = spend.change is not None and spend.change <= _MONEY_GONE
    return gone and led.metric in ("clicks", "impressions")


def _mostly(say: Phrases) -> str:
    return say.pick("mostly", "mostly", "mainly")


def _reason(say: Phrases, figure: Figure) -> str:
    verb, was = ("rose" if (figure.change or 0) > 0 else "fell"), say.was(figure)
    step = f", from {was} to {say.told(figure)}" if was else ""
    return f"{_label(figure)} {verb} {say.by(figure)}{step}"


def _label(figure: Figure) -> str:
    return f"{'the ' if figure.metric in _WITH_ARTICLE else ''}{label(figure.metric)}"


def _largest(say: Phrases) -> str | None:
    """Where most of the money went, when nothing can be compared."""
    whole = say.facts.figure("spend")
    if len(say.facts.channels) < 2 or whole is None or not whole.value:
        return None
    line = say.facts.channels[0]
    spend = line.figure("spend")
    if spend is None or not spend.value:
        return None
    name = shown(spelt(line.channel, line.name))
    if 2 * spend.value <= whole.value:
        return f"No channel spent more than {name}: {say.told(spend)} of {say.told(whole)}."
    return f"Most of the spend went to {name}: {say.told(spend)} of {say.told(whole)}."


_STATES = {"opened": 0, "ongoing": 1, "resolved": 2}


def anomalies(say: Phrases) -> Iterator[str]:
    """What was out of the usual, the newest and gravest first."""
    found = sorted(
        say.facts.anomalies,
        key=lambda one: (_STATES[one.state], one.severity != "critical", -one.impact),
    )
    yield from (_anomaly(say, one) for one in found[:MOST_ANOMALIES])
    rest = len(found[MOST_ANOMALIES:]) + say.facts.more_anomalies
    if rest:
        yield f"{rest} more {'is' if rest == 1 else 'are'} in the list of anomalies."
    elif not found and say.facts.scanned and not say.facts.muted_anomalies:
        yield say.pick(
            "calm", "Nothing unusual was found this week.", "No anomaly was found this week."
        )


def _anomaly(say: Phrases, one: AnomalyFact) -> str:
    ended = one.over and one.state != "resolved"
    lead = {"opened": "New", "ongoing": "Older" if ended else "Still open"}.get(
        one.state, _resolved(say, one)
    )
    grave = " and critical" if one.severity == "critical" and one.state != "resolved" else ""
    since = ", since ended" if ended else ""
    worth = f" (impact about {say.formats.amount(one.impact)})" if one.impact >= 1 else ""
    return f"{lead}{grave}{since}: {headline(one.headline)}{worth}."


def _resolved(say: Phrases, one: AnomalyFact) -> str:
    """A headline may say "since": when it was is told before it."""
    if one.start is None or one.end is None:
        return "Resolved"
    return f"Resolved ({say.formats.near(one.start, one.end)})"


def headline(text: str) -> str:
    """An anomaly's headline inside a sentence."""
    return one_line(text, 2 * MOST_NAME).removesuffix(".")
