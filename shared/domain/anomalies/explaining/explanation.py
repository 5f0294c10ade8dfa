"""A finding told to a person: how bad, what happened, what it did, who made it, and a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shared.domain.anomalies.explaining.contributions import Contributor, contributors_of
from shared.domain.anomalies.explaining.effects import effects_of
from shared.domain.anomalies.explaining.headline import headline_of
from shared.domain.anomalies.explaining.phrases import days, during, length, name
from shared.domain.anomalies.explaining.picture import picture_of
from shared.domain.anomalies.explaining.sentences import Told, sentences_of
from shared.domain.anomalies.explaining.severity import severity_of
from shared.domain.anomalies.explaining.usual import Change, rows_of, totals_of
from shared.domain.anomalies.finding import Bands, Finding, Severity
from shared.domain.anomalies.panel import Panel
from shared.domain.wording import capital, label


@dataclass(frozen=True, slots=True)
class Telling:
    """What it takes to tell of a project's findings besides its numbers.

    `currency` is an ISO 4217 code, `bands` are as in Rules, `holidays` are days with a name.
    """

    currency: str
    bands: Mapping[tuple[str, str], Bands] = field(default_factory=dict)
    holidays: Mapping[date, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Description:
    """A finding as people read it.

    `headline` is one line of at most 90 characters, `explanation` one to three sentences, both
    plain text in which nothing is escaped; every number in them is the finding's or stands in
    `effects` or `contributors`. `effects` are the other metrics it moved, the largest first.
    """

    severity: Severity
    headline: str
    explanation: str
    effects: tuple[Change, ...]
    contributors: tuple[Contributor, ...]
    vega_lite: dict[str, Any]


def describe(panel: Panel, finding: Finding, telling: Telling) -> Description:
    """Everything there is to say of a finding, computed from the panel it was found in."""
    totals = totals_of(panel, finding)
    effects = effects_of(finding, totals)
    contributors = contributors_of(panel, finding)
    subject = _subject(panel, finding)
    told = Told(panel, finding, totals, effects, contributors)
    headline = headline_of(finding, subject, panel.last_day)
    title = f"{capital(label(finding.key.metric))} of {name(subject)}"
    alt = f"{title} by day up to {panel.last_day.day} {panel.last_day:%B}, beside what is usual"
    words = (title, f"{alt}. {capital(_shaded(finding))}.", telling.currency)
    return Description(
        severity=severity_of(finding, [(e.metric, e.deviation) for e in effects], telling.bands),
        headline=headline,
        explanation=" ".join(sentences_of(told, subject, telling.currency, telling.holidays)),
        effects=effects,
        contributors=contributors,
        vega_lite=picture_of(panel, finding, words),
    )


def _shaded(finding: Finding) -> str:
    """What the chart marks, for who does not see it."""
    if finding.kind == "gradual":
        went = "rising" if finding.key.direction == "spike" else "falling"
        over = length(finding.start, finding.end)
        return f"{went} over the {over} to {days(finding.end, finding.end)}"
    what = "no data" if finding.kind == "missing_data" else "unusual"
    return f"{what} {during(finding.start, finding.end)}"


def _subject(panel: Panel, finding: Finding) -> str:
    """The name of the campaign, or the channel's id."""
    if finding.key.campaign_id is None:
        return finding.key.channel
    return next((panel.names[row] for row in rows_of(panel, finding)), finding.key.campaign_id)
