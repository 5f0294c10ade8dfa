"""What a letter shows of the facts, as text in the reader's formats: tiles, rows and bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from shared.domain.anomalies.explaining.phrases import name as one_line
from shared.domain.formats import WHOLE_FROM
from shared.domain.semantics import METRICS
from shared.domain.summaries.facts import AnomalyFact, Facts, Figure, Line, Pacing
from shared.domain.summaries.phrases import ON_LIKE_DAYS, Phrases, spelt
from shared.domain.wording import UNDEFINED, capital, label, why_undefined

Tone = Literal["good", "bad", "even"]

MOST_TILES: Final = 4
MOST_ROWS: Final = 6
MOST_BARS: Final = 5
MOST_ALERTS: Final = 6
LONGEST_NAME: Final = 120
LONGEST_LINE: Final = 200
NARROWEST: Final = 1  # percent of a bar that can still be seen

NEITHER: Final = ("spend", "impressions")  # more of these is neither good nor bad

TILES: Final = {
    "revenue": ("revenue", "spend", "roas", "conversions", "clicks", "impressions"),
    "conversions": ("conversions", "spend", "cpa", "conversion_rate", "clicks", "impressions"),
    "clicks": ("clicks", "spend", "cpc", "ctr", "impressions"),
    "spend": ("spend", "impressions", "cpm", "clicks"),
}
COLUMNS: Final = {
    "revenue": ("spend", "revenue", "roas"),
    "conversions": ("spend", "conversions", "cpa"),
    "clicks": ("spend", "clicks", "cpc"),
    "spend": ("spend", "impressions", "cpm"),
}
PACES: Final[dict[str, tuple[str, Tone]]] = {
    "on_track": ("On track", "good"),
    "fast": ("Too fast", "bad"),
    "slow": ("Too slow", "bad"),
    "overspent": ("Over budget", "bad"),
    "early": ("Only just begun", "even"),
}
STATES: Final = {"opened": "new", "ongoing": "still open", "resolved": "over"}


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure moved: `▲ up 12 %`. The tone is whether that is good for what it measures."""

    sign: str
    words: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Tile:
    """A headline figure. `note` says why it has no value, or what it was when no share tells it."""

    label: str
    value: str
    change: Change | None
    average: Change | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A channel: its values by column, and how its main metric moved."""

    name: str
    values: tuple[str, ...]
    change: Change | None


@dataclass(frozen=True, slots=True)
class Bar:
    """A budget. `parts` are what is drawn, in whole percent that add up to 100.

    used: spent, as far as it was expected; over: spent beyond that; gap: expected and not spent;
    track: the rest.
    """

    name: str
    pace: str
    tone: Tone
    parts: tuple[tuple[str, int], ...]
    told: str
    ahead: str


@dataclass(frozen=True, slots=True)
class Alert:
    """An anomaly."""

    severity: str
    state: str
    headline: str
    impact: str | None


def tiles(say: Phrases) -> list[Tile]:
    """The headline figures that there are, the main one first."""
    found = (say.facts.figure(metric) for metric in TILES[say.facts.main])
    return [_tile(figure, say) for figure in found if figure is not None][:MOST_TILES]


def _tile(figure: Figure, say: Phrases) -> Tile:
    average = {
        "week_before": figure.average,
        "compared": None,
        "change": figure.against_average,
    }
    return Tile(
        label=capital(label(figure.metric)),
        value=say.told(figure),
        change=change(figure, say),
        average=change(figure.model_copy(update=average), say),
        note=_note(figure, say),
    )


def _note(figure: Figure, say: Phrases) -> str | None:
    if figure.value is None:
        return capital(why_undefined(figure.metric))
    if say.way(figure) is None or figure.week_before is None:
        return _without_change(say)
    if change(figure, say) is None:
        was = say.formats.told(figure.metric, figure.week_before)
        return f"after {was} {'the week before' if say.facts.whole else ON_LIKE_DAYS}"
    return None


def _without_change(say: Phrases) -> str:
    if say.facts.compared == "nothing":
        return "no week before to compare with"
    return "nothing in the week before to compare with"


def change(figure: Figure, say: Phrases) -> Change | None:
    """How a figure moved since the week before; None where no share tells it."""
    by, way = say.by(figure), say.way(figure)
    if by is None or way is None:
        return None
    if way == 0:
        return Change("●", "unchanged", "even")
    sign, word = ("▲", "up") if way > 0 else ("▼", "down")
    return Change(sign, f"{word} {by}", _tone(figure.metric, way))


def _tone(metric: str, way: int) -> Tone:
    if metric in NEITHER:
        return "even"
    return "good" if (way > 0) == (METRICS[metric].better == "high") else "bad"


def columns(facts: Facts) -> tuple[str, ...]:
    """What the table of channels shows, as its head says it."""
    return tuple(capital(label(metric)) for metric in COLUMNS[facts.main])


def rows(say: Phrases) -> list[Row]:
    """The channels with the largest spend."""
    shown = say.facts.channels[:MOST_ROWS]
    return [_row(line, say, _whole(shown)) for line in shown]


def _whole(lines: Sequence[Line]) -> set[str]:
    """The sums of money of which no channel's decimals are told, as the largest has none."""
    return {
        metric
        for metric in ("spend", "revenue")
        for line in lines
        if (figure := line.figure(metric)) and abs(figure.value or 0) >= WHOLE_FROM
    }


def more(facts: Facts) -> int:
    """How many channels the table leaves out."""
    return len(facts.channels[MOST_ROWS:]) + facts.more_channels


def _row(line: Line, say: Phrases, whole: set[str]) -> Row:
    found = [line.figure(metric) for metric in COLUMNS[say.facts.main]]
    main = line.figure(say.facts.main)
    return Row(
        name=one_line(spelt(line.channel, line.name), LONGEST_NAME),
        values=tuple(_cell(figure, say, whole) for figure in found),
        change=change(main, say) if main else None,
    )


def _cell(figure: Figure | None, say: Phrases, whole: set[str]) -> str:
    if figure is None or figure.value is None:
        return UNDEFINED
    rounded = round(figure.value) if figure.metric in whole else figure.value
    return say.formats.told(figure.metric, float(rounded))


def bars(say: Phrases) -> list[Bar]:
    """How budgets are spent, the furthest off first."""
    return [_bar(one, say) for one in say.facts.pacing[:MOST_BARS]]


def more_bars(facts: Facts) -> int:
    """How many campaigns with a budget are not shown."""
    return max(0, facts.paced - len(facts.pacing[:MOST_BARS]))


def _bar(one: Pacing, say: Phrases) -> Bar:
    pace, tone = PACES[one.pace]
    money = say.formats.amount
    return Bar(
        name=one_line(one.name, LONGEST_NAME),
        pace=pace,
        tone=tone,
        parts=_parts(_percent(one.spent, one.budget), _percent(one.expected, one.budget)),
        told=f"{money(one.spent)} of {money(one.budget)} spent, {money(one.expected)} expected",
        ahead=_ahead(one, say),
    )


def _ahead(one: Pacing, say: Phrases) -> str:
    end = say.day(one.end)
    if one.end <= say.facts.end:
        return f"ended {end}"
    if one.pace == "early":
        return f"ends {end}"
    if one.runs_out_on and one.pace != "overspent":
        return f"runs out on {say.day(one.runs_out_on)}, ends {end}"
    return f"{say.formats.amount(one.projected)} by {end} at this pace"


def _parts(spent: int, expected: int) -> tuple[tuple[str, int], ...]:
    used, reached = min(spent, expected), max(spent, expected)
    return (
        ("used", used),
        ("over" if spent > expected else "gap", reached - used),
        ("track", 100 - reached),
    )


def _percent(amount: float, budget: float) -> int:
    if budget <= 0 or amount <= 0:
        return 0
    return max(NARROWEST, min(100, round(100 * amount / budget)))


def alerts(say: Phrases) -> list[Alert]:
    """What was out of the usual, the newest and gravest first."""
    ordered = sorted(say.facts.anomalies, key=_urgency)
    return [_alert(one, say) for one in ordered[:MOST_ALERTS]]


def _urgency(one: AnomalyFact) -> tuple[int, bool, float]:
    return list(STATES).index(one.state), one.severity != "critical", -one.impact


def more_alerts(facts: Facts) -> int:
    """How many anomalies are not shown."""
    return len(facts.anomalies[MOST_ALERTS:]) + facts.more_anomalies


def _alert(one: AnomalyFact, say: Phrases) -> Alert:
    return Alert(
        severity=one.severity,
        state="since ended" if one.over and one.state == "ongoing" else STATES[one.state],
        headline=one_line(one.headline, LONGEST_LINE),
        impact=f"impact about {say.formats.amount(one.impact)}" if one.impact >= 1 else None,
    )
