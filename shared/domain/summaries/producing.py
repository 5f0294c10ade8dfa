"""Sums up one week of one project: its facts, the words and the chart, kept as one insight.

A week that was summed up before is brought up to date; of those who do so at once, the one who
read the facts last is kept. It is announced once, when it is first ordered by the clock, there is
something to tell and it is still news.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shared.domain.access import Access
from shared.domain.audit import audited
from shared.domain.dispatch import zone_of
from shared.domain.outbox import Effect
from shared.domain.projects import Project
from shared.domain.suite import Suite
from shared.domain.summaries import keeping
from shared.domain.summaries.chart import chart_of
from shared.domain.summaries.facts import Facts
from shared.domain.summaries.gathering import facts_of
from shared.domain.summaries.keeping import Held
from shared.domain.summaries.models import Digest, Narrative, Summary
from shared.domain.summaries.rendering import png_of
from shared.domain.summaries.requests import GenerateRequest
from shared.domain.summaries.rewriting import rewrite
from shared.domain.summaries.routing import announced, is_news
from shared.domain.summaries.week import Week, week_named, week_over
from shared.domain.summaries.writing import write
from shared.errors import AlreadyExists, Conflict, FieldError, Invalid, Malformed, Stale
from shared.ports import Write

EARLIEST = Week(date(2000, 1, 3))
ATTEMPTS = 3
ON_A_CARD = ("revenue", "spend", "roas", "conversions")


@dataclass(frozen=True, slots=True)
class Draft:
    """What is told of a week, before it is kept."""

    facts: Facts
    narrative: Narrative
    vega_lite: dict[str, Any] | None
    png: bytes | None


def ordered(suite: Suite, project_id: str, body: Mapping[str, Any]) -> Sequence[Effect]:
    """What an order leads to, to be committed; nothing if the project is gone. Raises Malformed."""
    week = week_named(str(body.get("week")))
    stored = suite.documents.get(f"projects/{project_id}")
    if stored is None:
        return ()
    project = _known(Project.model_validate(stored.data))
    if week > week_over(suite.clock.today(project.zone) + timedelta(days=1)):
        raise Malformed("This order names a week that is not over.")
    before = keeping.held(suite.documents, project_id, week)
    told = before is not None and before.told
    draft = drafted(suite, project, week)
    tell = not told and not draft.facts.empty and is_news(suite, week)
    kept = _kept(suite, draft, before, told=told or tell)
    return (*kept, announced(project_id, week.name)) if tell else kept


def generate(suite: Suite, access: Access, request: GenerateRequest) -> Held:
    """Sum up a week now, without telling anybody. Raises Invalid for a week that is not over."""
    project = _known(access.project)
    newest = week_over(suite.clock.today(project.zone))
    week = week_named(request.week) if request.week else newest
    if not EARLIEST <= week <= newest:
        what = FieldError("week", f"is between {EARLIEST.name} and {newest.name}, the newest over")
        raise Invalid("A summary tells of a week that is over.", errors=[what])
    now = suite.clock.now()
    by = audited(project.id, access.caller, "summary.generated", now, {"week": week.name})
    return sum_up(suite, project, week, by)


def sum_up(suite: Suite, project: Project, week: Week, *besides: Write) -> Held:
    """Keep the summary of a week, and what is written with it. Raises Conflict."""
    for _ in range(ATTEMPTS):
        before = keeping.held(suite.documents, project.id, week)
        told = before is not None and before.told
        draft = drafted(suite, project, week)  # after `before`: nothing newer is overwritten
        with suppress(AlreadyExists, Stale):
            suite.documents.commit(*_kept(suite, draft, before, told=told), *besides)
            break
    else:
        raise Conflict("This week is being summed up by others at once: try again in a moment.")
    return keeping.required(suite.documents, project.id, week)


def drafted(suite: Suite, project: Project, week: Week) -> Draft:
    """The facts of a week in words and as a picture; nothing is written yet."""
    facts = facts_of(suite, project, week)
    own = write(facts, project.locale)
    if facts.empty:
        return Draft(facts, own, None, None)
    narrative = rewrite(suite.model, facts, own, project.locale)
    chart = chart_of(facts, project.locale)
    png = None
    with suppress(Invalid):  # a week is rather told without its picture than not at all
        png = png_of(chart) if chart else None
    return Draft(facts, narrative, chart, png)


def _kept(suite: Suite, draft: Draft, before: Held | None, *, told: bool) -> list[Write]:
    facts, narrative, now = draft.facts, draft.narrative, suite.clock.now()
    summary = Summary(
        id=keeping.id_of(Week(facts.start)),
        project_id=facts.project_id,
        week=facts.week,
        start=facts.start,
        end=facts.end,
        status="no_data" if facts.empty else "ready",
        digest=_digest(facts, narrative),
        created_at=before.summary.created_at if before else now,
        updated_at=now,
        facts=facts,
        narrative=narrative,
        vega_lite=draft.vega_lite,
    )
    return keeping.writes(summary, draft.png, before, told=told)


def _digest(facts: Facts, narrative: Narrative) -> Digest:
    shown = (facts.figure(metric) for metric in ON_A_CARD)
    figures = tuple(figure for figure in shown if figure is not None)
    return Digest(
        title=narrative.subject,
        text=narrative.opening,
        figures=figures,
        like_days=facts.compared in ("these_days", "like_days"),
    )


def _known(project: Project) -> Project:
    """The project, in UTC where its zone is unknown here."""
    return project.model_copy(update={"timezone": zone_of(project.timezone).key})
