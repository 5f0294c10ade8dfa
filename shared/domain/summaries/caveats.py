"""What a reader must know of the data before trusting a week's figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from shared.domain.summaries.facts import Caveat
from shared.domain.summaries.figures import Likeness, total
from shared.domain.summaries.reading import REST, Series
from shared.domain.summaries.span import THIS, WEEKS_BEFORE, Span
from shared.domain.summaries.week import DAYS

if TYPE_CHECKING:
    from shared.domain.summaries.span import Bools

SETTLED: Final = timedelta(days=1)  # after a week is over, its rows have come
USUALLY: Final = 0.5  # of the weeks before: a channel has rows on such a weekday


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """What came of a week: by channel, and of the project as a whole."""

    span: Span
    project: Series
    channels: Sequence[Series]
    like: Likeness
    restated_before: tuple[date, ...] = ()  # days of the week before, told otherwise then

    @property
    def named(self) -> list[Series]:
        """The channels that are read one by one."""
        return [one for one in self.channels if one.channel != REST]

    def on(self, wanted: Bools) -> tuple[date, ...]:
        """The days of the week, of those that are over, that are wanted by weekday."""
        counted = zip(self.span.counted(), wanted, strict=False)
        return tuple(day for day, is_wanted in counted if is_wanted)

    @property
    def here(self) -> Bools:
        """[weekday]: whether anything came."""
        week: Bools = self.like.arrived[THIS]
        return week


def caveats_of(data: Data) -> tuple[Caveat, ...]:
    """In the order of the codes."""
    return tuple(caveat for rule in _RULES for caveat in rule(data))


def _missing_days(data: Data) -> Iterator[Caveat]:
    if days := data.on(~data.here):
        yield Caveat(code="missing_days", days=days)


def _channel_missing_days(data: Data) -> Iterator[Caveat]:
    """Channels that miss the same days are told of together."""
    missing: dict[tuple[date, ...], list[str]] = {}
    for one in data.named:
        arrived = one.arrived
        if arrived[THIS].any() and (days := data.on(_due(arrived) & ~arrived[THIS] & data.here)):
            missing.setdefault(days, []).append(one.channel)
    for days, channels in missing.items():
        yield Caveat(code="channel_missing_days", days=days, channels=tuple(channels))


def _due(arrived: Bools) -> Bools:
    """[weekday]: whether a channel's rows were to come, going by the weeks before in which any did.

    Of a channel without such weeks: from the day on which it began.
    """
    weeks = arrived[:THIS][arrived[:THIS].any(axis=1)]
    if len(weeks):
        usual: Bools = weeks.mean(axis=0) > USUALLY
        return usual
    return np.arange(DAYS) > int(np.argmax(arrived[THIS]))


def _channel_without_data(data: Data) -> Iterator[Caveat]:
    """After two weeks of silence it is told no more."""
    silent = tuple(
        one.channel
        for one in data.named
        if not one.arrived[THIS].any() and one.arrived[THIS - 2 : THIS].any()
    )
    if silent:
        yield Caveat(code="channel_without_data", channels=silent)


def _unfinished_days(data: Data) -> Iterator[Caveat]:
    """Of the channels that are named, if it is not of all of them."""
    found = {
        (day, one.channel)
        for one in data.channels
        for day, (_, last) in one.loaded.items()
        if day >= data.span.week.start and last < data.span.end_of(day)
    }
    if found:
        whose = {channel for _, channel in found}
        here = [one.channel for one in data.named if one.arrived[THIS].any()]
        yield Caveat(
            code="unfinished_days",
            days=tuple(sorted({day for day, _ in found})),
            channels=tuple(c for c in here if c in whose) if whose < set(here) else (),
        )


def _first_week(data: Data) -> Iterator[Caveat]:
    if data.like.weeks_before == 0:
        yield Caveat(code="first_week")


def _short_history(data: Data) -> Iterator[Caveat]:
    if 0 < data.like.weeks_before < WEEKS_BEFORE:
        yield Caveat(code="short_history")


def _no_revenue(data: Data) -> Iterator[Caveat]:
    """None in the five weeks, or none that this one tells of; a week that brought 0 is told so."""
    spend, revenue = (total(data.project, m, data.like.now) for m in ("spend", "revenue"))
    ever = np.nan_to_num(data.project.values["revenue"]).any()
    if spend and (revenue is None or not ever):
        yield Caveat(code="no_revenue")


def _restated(data: Data) -> Iterator[Caveat]:
    """Some rows of the day are as they came, others came later: all that loading times can tell."""
    settled = data.span.end_of(data.span.week.end) + SETTLED
    days = {
        day
        for one in data.channels
        for day, (first, last) in one.loaded.items()
        if day >= data.span.week.start and first <= settled < last
    }
    days.update(data.restated_before)
    if days:
        yield Caveat(code="restated", days=tuple(sorted(days)))


_RULES: Final[tuple[Callable[[Data], Iterator[Caveat]], ...]] = (
    _missing_days,
    _channel_missing_days,
    _channel_without_data,
    _unfinished_days,
    _first_week,
    _short_history,
    _no_revenue,
    _restated,
)
