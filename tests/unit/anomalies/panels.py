"""Small panels for tests: a steady project to change, and the demo story as a panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from infra.local import demo
from shared.domain.anomalies.panel import OPEN_END, OPEN_START, Panel

FIELDS = ("spend", "impressions", "clicks", "conversions", "revenue")
FIRST_DAY = date(2025, 1, 6)  # a Monday


@dataclass(frozen=True, slots=True)
class Ordinary:
    """A campaign's ordinary day; `conversions` are of a day."""

    name: str
    channel: str = "google_ads"
    spend: float = 1000.0
    impressions: float = 100_000.0
    clicks: float = 5_000.0
    conversions: float = 500.0
    revenue: float = 20_000.0


def steady(campaigns: Sequence[Ordinary], days: int = 90, noise: float = 0.0) -> Panel:
    """Campaigns that do the same every day, give or take `noise` (a share, seeded)."""
    told = sorted(campaigns, key=lambda c: c.channel)
    draw = np.random.default_rng(7)
    shape = (len(told), days)
    values = {
        field: np.array([[getattr(c, field)] * days for c in told])
        * np.exp(noise * draw.standard_normal(shape))
        for field in FIELDS
    }
    return Panel(
        first_day=FIRST_DAY,
        channels=tuple(c.channel for c in told),
        campaign_ids=tuple(c.name for c in told),
        names=tuple(c.name for c in told),
        values=values,
        unfinished=np.zeros(shape, dtype=bool),
        starts=np.full(len(told), OPEN_START),
        ends=np.full(len(told), OPEN_END),
    )


def project(days: int = 90, noise: float = 0.0) -> Panel:
    """Eight alike campaigns on three channels; e-mail costs nothing."""
    ads = [Ordinary(f"ads_{n}", "google_ads") for n in range(4)]
    social = [Ordinary(f"social_{n}", "meta") for n in range(3)]
    return steady([*ads, *social, Ordinary("mail", "email", spend=0.0)], days, noise)


def times(panel: Panel, who: str, days: slice, **factors: float | Sequence[float]) -> Panel:
    """The panel with some fields of some campaigns, on some days, times a factor.

    `who` is the beginning of the campaigns' names; `every` stands for all fields.
    """
    fields = dict.fromkeys(FIELDS, factors["every"]) if "every" in factors else factors
    rows = [n for n, name in enumerate(panel.names) if name.startswith(who)]
    values = {field: array.copy() for field, array in panel.values.items()}
    for field, factor in fields.items():
        values[field][rows, days] *= np.asarray(factor)
    return replace(panel, values=values)


def without(panel: Panel, who: str, days: slice) -> Panel:
    """The panel without the rows of some campaigns on some days."""
    return times(panel, who, days, every=np.nan)


def planned(panel: Panel, who: str, ends: int) -> Panel:
    """The panel with a planned end of some campaigns."""
    rows = [name.startswith(who) for name in panel.names]
    return replace(panel, ends=np.where(rows, ends, panel.ends))


def until(panel: Panel, days: int) -> Panel:
    """The panel as it was known when its first `days` days were over."""
    values = {field: array[:, :days] for field, array in panel.values.items()}
    return replace(panel, values=values, unfinished=panel.unfinished[:, :days])


def demo_panel(seed: int = 42, last_day: date = demo.LAST_STORY_DAY, planned: bool = True) -> Panel:
    """The demo quarter; `planned` gives the campaigns' flights."""
    told = sorted(demo.CAMPAIGNS, key=lambda c: (c.channel, c.name))
    row_of = {c.name: n for n, c in enumerate(told)}
    story = list(demo.rows(seed, last_day))
    first_day = min(r.date for r in story)
    shape = (len(told), (last_day - first_day).days + 1)
    values = {field: np.full(shape, np.nan) for field in FIELDS}
    for row in story:
        for field in FIELDS:
            values[field][row_of[row.campaign], (row.date - first_day).days] = getattr(row, field)
    starts, ends = zip(*(_flight(c, first_day, last_day) for c in told), strict=True)
    return Panel(
        first_day=first_day,
        channels=tuple(c.channel for c in told),
        campaign_ids=tuple(c.name for c in told),
        names=tuple(c.name for c in told),
        values=values,
        unfinished=np.zeros(shape, dtype=bool),
        starts=np.array(starts if planned else [OPEN_START] * len(told)),
        ends=np.array(ends if planned else [OPEN_END] * len(told)),
    )


def _flight(campaign: demo.Campaign, first_day: date, last_day: date) -> tuple[int, int]:
    """The planned days as of the campaigns file: what runs to the end goes on for a month."""
    moved = last_day - demo.LAST_STORY_DAY
    longer = 30 if campaign.last == demo.LAST_STORY_DAY else 0
    first, last = ((day + moved - first_day).days for day in (campaign.first, campaign.last))
    return first, last + longer
