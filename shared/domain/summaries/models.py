"""A summary as it is stored, shown and told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from shared.domain.summaries.facts import Facts, Figure

REPORT_TYPE: Final = "weekly_summary"


class Narrative(BaseModel):
    """The words of a summary: plain text, one sentence or two an entry, no markup.

    `subject` is a mail's subject and a card's title, `preheader` what a mail program shows beside
    it. `engine` is who wrote it: offline (this suite's own words) or gemini.
    """

    model_config = ConfigDict(frozen=True)

    subject: str
    preheader: str
    opening: str
    changed: tuple[str, ...] = ()  # what changed, and why
    anomalies: tuple[str, ...] = ()
    pacing: tuple[str, ...] = ()
    next: tuple[str, ...] = ()  # what to do
    caveats: tuple[str, ...] = ()
    engine: Literal["offline", "gemini"] = "offline"


class Digest(BaseModel):
    """What a card shows of a summary: a title, a sentence and up to four figures."""

    title: str
    text: str
    figures: tuple[Figure, ...] = ()
    like_days: bool = False  # compared are only the days that both weeks have


class SummaryItem(BaseModel):
    """A summary as lists show it. `no_data`: nothing arrived for that week."""

    id: str
    report_type: Literal["weekly_summary"] = REPORT_TYPE
    project_id: str
    week: str
    start: date
    end: date
    status: Literal["ready", "no_data"]
    digest: Digest
    created_at: datetime
    updated_at: datetime


class Summary(SummaryItem):
    """A summary with its facts, its words and its chart, a Vega-Lite specification."""

    facts: Facts
    narrative: Narrative
    vega_lite: dict[str, Any] | None = None
