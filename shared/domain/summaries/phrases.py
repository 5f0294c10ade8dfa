"""The parts that a summary's sentences are made of: names, figures and changes, in words.

How something is put varies from week to week, but never by chance: the project and the week say
which of several ways it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from shared.domain.anomalies.explaining.phrases import name as one_line
from shared.domain.channels import CHANNELS
from shared.domain.formats import Formats
from shared.domain.semantics import METRICS
from shared.domain.summaries import lexicon
from shared.domain.summaries.facts import Facts, Figure
from shared.domain.wording import listing

UNCHANGED = 0.01  # a change below this is told as none
BEYOND = 3.0  # and above this as what it was and is: nobody reads "rose 1,900 %"
NEARLY_ALL = -0.995  # and below this likewise: "fell 100 %" is to nothing
ON_LIKE_DAYS = "on the days that both weeks have"
MOST_NAME = 48
LONGEST = 900  # characters of a text of ours, and of a model's in its place
MOST_NAMED = 3

_PLAIN_NAME = re.compile(r"[\w&+./-]+( [\w&+./-]+){0,3}")
_SPELT = {"tiktok": "TikTok", "linkedin": "LinkedIn", "youtube": "YouTube", "sms": "SMS"}


class Phrases:
    """How the summary of these facts speaks, in a locale."""

    def __init__(self, facts: Facts, locale: str | None) -> None:
        self.facts = facts
        self.formats = Formats(locale, facts.currency)
        self._channels = {
            line.channel: line.name for line in facts.channels if line.campaign_id is None
        }

    def pick(self, slot: str, *ways: str) -> str:
        """One of several ways to say the same, by project and week."""
        seed = f"{self.facts.project_id} {self.facts.week} {slot}"
        return ways[int.from_bytes(sha256(seed.encode()).digest()[:4]) % len(ways)]

    @property
    def weeks_before(self) -> str:
        """What an average is the average of."""
        short = any(caveat.code == "short_history" for caveat in self.facts.caveats)
        return "the weeks before" if short else "the four weeks before"

    def channel(self, channel: str) -> str:
        """A channel by its id."""
        return shown(spelt(channel, self._channels.get(channel, channel)))

    def channels(self, channels: Sequence[str]) -> str:
        """Some channels by their ids."""
        names = [self.channel(one) for one in channels]
        if len(names) > MOST_NAMED + 1:
            return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more channels"
        return listing(names)

    def told(self, figure: Figure) -> str:
        """Its value."""
        return self.formats.told(figure.metric, figure.value)

    def day(self, value: date) -> str:
        """A day; its year goes without saying in the week's own."""
        near = value.year in (self.facts.start.year, self.facts.end.year)
        return (self.formats.near if near else self.formats.days)(value, value)

    def was(self, figure: Figure) -> str | None:
        """Its value the week before, where the change is the step from that to now."""
        if not self.facts.whole or figure.value is None or figure.week_before is None:
            return None
        return self.formats.told(figure.metric, figure.week_before)

    def way(self, figure: Figure) -> int | None:
        """Its direction; 0 where readers see nothing before and after."""
        sides = (figure.compared, figure.week_before)
        return 0 if all(self.nothing(figure.metric, one) for one in sides) else direction(figure)

    def nothing(self, metric: str, value: float | None) -> bool:
        """Whether readers see a value as zero."""
        return value is not None and self._bare(metric, value) == self._bare(metric, 0.0)

    def _bare(self, metric: str, value: float) -> str:
        return self.formats.told(metric, abs(value))

    def by(self, figure: Figure) -> str | None:
        """How much it changed, where a percentage says something: both sides above zero."""
        change = figure.change
        if change is None or change > BEYOND or (figure.value or 0) <= 0 or change < NEARLY_ALL:
            return None
        return self.formats.change(change)

    def size(self, metric: str, change: float) -> str:
        """`€2,310 less revenue`, `1,200 fewer clicks`."""
        counted = METRICS[metric].unit in ("count", "decimal")
        word = "more" if change > 0 else "fewer" if counted else "less"
        return f"{self.formats.told(metric, abs(change))} {word} {METRICS[metric].label}"


def direction(figure: Figure) -> int | None:
    """1 if it rose, -1 if it fell, 0 if it is practically what it was, None without comparison."""
    if figure.change is not None and (figure.week_before or 0) > 0:
        return 0 if abs(figure.change) < UNCHANGED else (1 if figure.change > 0 else -1)
    if figure.compared is None or figure.week_before is None:
        return None
    return (figure.compared > figure.week_before) - (figure.compared < figure.week_before)


def spelt(channel: str, name: str) -> str:
    """A known channel as people write it: google_ads is Google Ads; any other name as it is."""
    if name != channel or channel not in CHANNELS:
        return name
    return _SPELT.get(channel) or channel.replace("_", " ").title()


def shown(name: str) -> str:
    """A name inside a sentence: on one line, cut, in quotes where it could be read as text."""
    text = one_line(name, MOST_NAME)
    words = re.findall(r"[^\W\d_]+", text.lower())
    if _PLAIN_NAME.fullmatch(text) and words and not lexicon.READ_AS_TEXT.intersection(words):
        return text
    return f"“{text.translate(_NO_QUOTES)}”"


_NO_QUOTES = str.maketrans('“”"', "'''")
