"""What to do next: a table of rules over the facts, the most urgent first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final

from shared.domain.summaries.facts import Action, ActionCode, Facts, Line, Mover, Pacing

MOST: Final = 5
NOTABLY: Final = 0.10  # by so much what spend brings has changed

# What spend brings, by the main metric, and whether more of it is better.
_BROUGHT: Final = {"revenue": ("roas", 1), "conversions": ("cpa", -1), "clicks": ("cpc", -1)}

_OF_CHANNELS: Final = ("channel_without_data", "channel_missing_days", "unfinished_days")
EVERYWHERE: Final = "all channels"


def actions_of(facts: Facts) -> tuple[Action, ...]:
    """At most five, each of which follows from the facts."""
    found = (one for rule, most in _RULES for one in islice(rule(facts), most))
    return tuple(islice(found, MOST))


def _anomalies(facts: Facts) -> Iterator[Action]:
    """Those that go on, critical ones first; they come by impact."""
    still = [one for one in facts.anomalies if not one.over]
    for one in sorted(still, key=lambda one: one.severity != "critical"):
        yield Action(code="look_at_anomaly", name=one.headline, anomaly_id=one.id)


def _load_everything(facts: Facts) -> Iterator[Action]:
    for caveat in facts.caveats:
        if caveat.code in ("missing_days", "unfinished_days") and not caveat.channels:
            yield Action(code="load_data", name=EVERYWHERE, days=caveat.days)


def _load_metric(facts: Facts) -> Iterator[Action]:
    main = facts.figure(facts.main)
    if main is not None and main.value is None:
        yield Action(code="load_metric", name=facts.main)


def _load_channels(facts: Facts) -> Iterator[Action]:
    for caveat in facts.caveats:
        if caveat.code in _OF_CHANNELS:
            days = caveat.days or tuple(day.day for day in facts.days)
            for name in caveat.channels:
                yield Action(code="load_data", name=name, channel=name, days=days)


def _slow_down(facts: Facts) -> Iterator[Action]:
    for one in facts.pacing:
        if one.pace in ("fast", "overspent") and _runs(facts, one) and one.left_a_day is not None:
            yield _paced("slow_down", one, one.left_a_day)


def _speed_up(facts: Facts) -> Iterator[Action]:
    for one in facts.pacing:
        if one.pace == "slow" and _runs(facts, one):
            yield _paced("speed_up", one, one.budget - one.projected)


def _runs(facts: Facts, one: Pacing) -> bool:
    """Whether it goes on after the week."""
    return one.end > facts.end


def _paced(code: ActionCode, one: Pacing, amount: float) -> Action:
    return Action(code=code, name=one.name, campaign_id=one.campaign_id, amount=amount)


def _check_falling(facts: Facts) -> Iterator[Action]:
    """Where most money is lost by it first; a channel only if none of its campaigns is one."""
    metric, better = _BROUGHT.get(facts.main, ("", 0))
    worse = _notable(metric, -better, (*facts.falling_campaigns, *facts.falling_channels))
    within = {line.channel for line in worse if line.campaign_id is not None}
    told = [one for one in worse if one.campaign_id is not None or one.channel not in within]
    yield from (_of("check_falling", one) for one in sorted(told, key=lambda o: -_lost(o, metric)))


def _lost(line: Line, metric: str) -> float:
    spend, price = line.figure("spend"), line.figure(metric)
    worse = abs(price.change or 0.0) if price else 0.0
    return (spend.value or 0.0) * worse if spend else 0.0


def _build_on_rising(facts: Facts) -> Iterator[Action]:
    """None that only comes back from a fall."""
    metric, better = _BROUGHT.get(facts.main, ("", 0))
    for line in _notable(metric, better, (*facts.rising_campaigns, *facts.rising_channels)):
        if not _recovers(facts, line):
            yield _of("build_on_rising", line)


def _recovers(facts: Facts, line: Line) -> bool:
    """Whether it, its channel or one of its campaigns fell before."""
    return any(
        channel == line.channel
        and (None in (campaign, line.campaign_id) or campaign == line.campaign_id)
        for channel, campaign in facts.recovering
    )


def _notable(metric: str, way: int, movers: Sequence[Mover]) -> list[Line]:
    """Those of which that figure moved notably that way."""
    return [
        line
        for line in (mover.line for mover in movers)
        if (told := line.figure(metric))
        and told.change is not None
        and told.change * way >= NOTABLY
    ]


def _of(code: ActionCode, line: Line) -> Action:
    return Action(code=code, name=line.name, channel=line.channel, campaign_id=line.campaign_id)


_RULES: Final[tuple[tuple[Callable[[Facts], Iterator[Action]], int], ...]] = (
    (_anomalies, 2),
    (_slow_down, 2),
    (_load_everything, 1),
    (_load_metric, 1),
    (_load_channels, 2),
    (_check_falling, 2),
    (_speed_up, 1),
    (_build_on_rising, 1),
)
