"""Gathers what is known of a project's week: every figure that its summary shows or says."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from shared.domain.projects import Project
from shared.domain.suite import Suite
from shared.domain.summaries import keeping
from shared.domain.summaries.actions import actions_of
from shared.domain.summaries.caveats import Data, caveats_of
from shared.domain.summaries.facts import Day, Facts, MainMetric
from shared.domain.summaries.figures import Likeness, figures_of, main_of, measured, total
from shared.domain.summaries.moving import READ, Look, movers_of, untold_in
from shared.domain.summaries.naming import told_apart
from shared.domain.summaries.noticing import anomalies_of
from shared.domain.summaries.pacing import pacing_of
from shared.domain.summaries.reading import (
    Series,
    campaigns_that_moved,
    channels_of,
    read,
    whole,
)
from shared.domain.summaries.span import THIS, Span
from shared.domain.summaries.week import Week

MOST_CHANNELS: Final = 12


@dataclass(frozen=True, slots=True, eq=False)
class _Desk:
    """What facts are gathered with."""

    suite: Suite
    project: Project
    span: Span

    def read(self, name: str, **params: Any) -> list[Any]:
        return read(self.suite.warehouse, self.project.id, name, **params)


def facts_of(suite: Suite, project: Project, week: Week) -> Facts:
    """All that is known of a week as of now; `empty` if nothing has arrived for it.

    Days that are not over in the project's time zone do not count. Raises Unavailable or TimedOut
    if a store does not answer.
    """
    yesterday = suite.clock.today(project.zone) - timedelta(days=1)
    desk = _Desk(suite, project, Span(week, yesterday, project.zone))
    channels = channels_of(suite.warehouse, project.id, desk.span) if desk.span.begun else []
    if not channels:
        return _facts(desk, "spend")
    everything = whole(channels)
    main = main_of(everything)
    if not everything.arrived[THIS].any():
        return _facts(desk, main)
    like = Likeness(everything.arrived)
    untold = untold_in(channels, main, like)
    return _known(desk, Look(everything, main, measured(everything, main), like, untold), channels)


def _facts(desk: _Desk, main: MainMetric, **more: Any) -> Facts:
    project, week = desk.project, desk.span.week
    return Facts(
        project_id=project.id,
        project=project.name,
        currency=project.currency,
        locale=project.locale,
        week=week.name,
        start=week.start,
        end=week.end,
        main=main,
        **more,
    )


def _known(desk: _Desk, look: Look, channels: list[Series]) -> Facts:
    data = Data(
        desk.span, look.project, channels, look.like, _restated_before(desk, look, channels)
    )
    caveats = caveats_of(data)
    silent = [c for one in caveats if one.code == "channel_without_data" for c in one.channels]
    facts = _facts(
        desk,
        look.main,
        compared=look.like.compared,
        averaged=look.like.averaged,
        figures=figures_of(look.project, look.metrics, look.like),
        caveats=caveats,
        days=_days(desk.span, look),
        **_channels(desk, look, data),
        **_campaigns(desk, look, data),
        **_anomalies(desk, silent),
    )
    facts = told_apart(facts)
    return facts.model_copy(update={"actions": actions_of(facts)})


def _restated_before(desk: _Desk, look: Look, channels: list[Series]) -> tuple[date, ...]:
    """The days of the week before that came again since its summary, if that told otherwise."""
    week = desk.span.week.before(1)
    told = keeping.held(desk.suite.documents, desk.project.id, week)
    then = told.summary.facts.figure(look.main) if told else None
    if told is None or then is None or then.value is None:
        return ()
    whole_week = np.zeros(look.like.arrived.shape)
    whole_week[THIS - 1] = 1.0
    now = total(look.project, look.main, whole_week)
    if now is not None and math.isclose(now, then.value, rel_tol=1e-6, abs_tol=1e-6):
        return ()
    days = {
        day
        for one in channels
        for day, (_, last) in one.loaded.items()
        if week.start <= day <= week.end and last > told.summary.updated_at
    }
    return tuple(sorted(days))


def _channels(desk: _Desk, look: Look, data: Data) -> dict[str, Any]:
    here = sorted((one for one in data.named if one.arrived[THIS].any()), key=_by_spend(look.like))
    (counts,) = desk.read("counts.sql", first_day=desk.span.week.start, last_day=desk.span.last)
    lines = tuple(look.line(one) for one in here[:MOST_CHANNELS])
    rising, falling = movers_of(look, data.channels)
    return {
        "channels": lines,
        "more_channels": counts["channels"] - len(lines),
        "campaign_count": counts["campaigns"],
        "rising_channels": rising,
        "falling_channels": falling,
    }


def _campaigns(desk: _Desk, look: Look, data: Data) -> dict[str, Any]:
    rising, falling = movers_of(look, _moved(desk, look))
    pacing = pacing_of(desk.suite.warehouse, desk.project.id, data)
    return {"rising_campaigns": rising, "falling_campaigns": falling, **pacing}


def _anomalies(desk: _Desk, silent: list[str]) -> dict[str, Any]:
    today = desk.suite.clock.today(desk.project.zone)
    return anomalies_of(desk.suite.documents, desk.project.id, desk.span, today, silent)


def _by_spend(like: Likeness) -> Callable[[Series], tuple[float, float, str]]:
    def order(series: Series) -> tuple[float, float, str]:
        spend, clicks = (total(series, column, like.now) or 0.0 for column in ("spend", "clicks"))
        return -spend, -clicks, series.channel

    return order


def _moved(desk: _Desk, look: Look) -> list[Series]:
    like = look.like.now_like[THIS] > 0
    if not like.any():
        return []
    days, before = (
        tuple(d for d, wanted in zip(desk.span.days(week), like, strict=True) if wanted)
        for week in (THIS, THIS - 1)
    )
    return campaigns_that_moved(
        desk.suite.warehouse,
        desk.project.id,
        desk.span,
        metric=look.main,
        days=days,
        days_before=before,
        most=READ,
    )


def _days(span: Span, look: Look) -> tuple[Day, ...]:
    grid, spend = look.project.values[look.main], look.project.values["spend"]
    arrived = look.like.arrived[:THIS]
    usual = np.nansum(np.where(arrived, grid[:THIS], 0.0), axis=0) / np.maximum(arrived.sum(0), 1)
    return tuple(
        Day(
            day=day,
            value=_number(grid[THIS, n]),
            usual=float(usual[n]) if arrived[:, n].any() else None,
            spend=_number(spend[THIS, n]),
        )
        for n, day in enumerate(span.days())
    )


def _number(found: float) -> float | None:
    return float(found) if np.isfinite(found) else None
