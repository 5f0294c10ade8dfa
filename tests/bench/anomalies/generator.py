"""Labelled daily marketing series by seed: about twenty campaigns over three to five channels.

Counts are drawn (clicks and conversions negative-binomial, revenue a sum of baskets), and what has
arrived is drawn from what turned out: conversions of the last days are still coming in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from tests.bench.anomalies.benign import Course, benign, incomplete
from tests.bench.anomalies.calm import Plan, calm
from tests.bench.anomalies.events import happen
from tests.bench.anomalies.truth import DAYS, Event, Project, history

if TYPE_CHECKING:
    from shared.domain.anomalies.panel import Bools, Floats

__all__ = ["history", "project"]

EPOCH = date(2024, 1, 1)  # a Monday
# Share of conversions known on the first, second and third morning after the day.
ARRIVED = ((0.80, 0.95), (0.95, 0.98), (0.985, 0.995))


def project(seed: int) -> Project:
    """The project of a seed; the same on every machine."""
    rng = np.random.default_rng(seed)
    offset = int(rng.integers(0, 600))
    first_day = EPOCH + timedelta(days=offset)
    plan = calm(rng, offset % 7)
    course = benign(rng, plan, first_day)
    events = happen(rng, plan, course)
    cut, unfinished, causes = incomplete(rng, plan, _days_of(events, plan))
    final = _realised(rng, plan, course)
    return Project(
        seed=seed,
        first_day=first_day,
        channels=plan.channels,
        campaign_ids=plan.campaign_ids,
        final=final,
        arrived=_arrived(rng, final),
        seen_from=course.seen_from,
        cut=cut,
        unfinished=unfinished,
        starts=course.starts,
        ends=course.ends,
        holidays=course.holidays,
        events=events,
        causes=(*course.causes, *causes),
    )


def _days_of(events: tuple[Event, ...], plan: Plan) -> Bools:
    """Days of short events, [series, day]: an incomplete day would hide them."""
    taken = np.zeros((plan.size, DAYS), dtype=np.bool_)
    for event in events:
        if event.kind != "gradual":
            taken[:, event.first : event.last + 1] = True
    return taken


def _realised(rng: np.random.Generator, plan: Plan, course: Course) -> Mapping[str, Floats]:
    """Draw the stored sums; a day of zero spend has rows of zeros."""
    runs = ~course.zero
    volume = plan.expected("spend") * runs
    reach = np.exp(plan.log[1])
    impressions = np.round(volume * reach)
    clicks = np.minimum(
        _counts(rng, impressions * np.exp(plan.log[2]), plan.clumping[0]), impressions
    )
    orders = np.minimum(_counts(rng, clicks * np.exp(plan.log[3]), plan.clumping[1]), clicks)
    shape = 1 / plan.basket[:, None] ** 2
    worth = np.where(orders > 0, rng.gamma(np.maximum(orders, 1) * shape) / shape, 0)
    return {
        "spend": np.round(volume * plan.paid[:, None], 2),
        "impressions": impressions,
        "clicks": clicks,
        "conversions": orders,
        "revenue": np.round(worth * np.exp(plan.log[4]), 2),
    }


def _counts(rng: np.random.Generator, mean: Floats, clumping: Floats) -> Floats:
    """Negative-binomial counts: variance = mean + clumping × mean²."""
    shape = 1 / np.broadcast_to(clumping[:, None], mean.shape)
    return rng.poisson(mean * rng.gamma(shape) / shape).astype(np.float64)


def _arrived(
    rng: np.random.Generator, final: Mapping[str, Floats]
) -> tuple[dict[str, Floats], ...]:
    """Conversions by age: each is one that has arrived by then, and brings its part of revenue."""
    habit = rng.uniform(0, 1)
    orders = final["conversions"].astype(np.int64)
    known, before = orders, np.ones(DAYS)
    tables: list[Mapping[str, Floats]] = []
    for low, high in reversed(ARRIVED):  # what is known early is among what is known later
        share = np.clip(low + (high - low) * (habit + rng.normal(0, 0.15, DAYS)), low, high)
        known = rng.binomial(known, share / before)
        before = share
        part = np.divide(known, orders, out=np.ones(known.shape), where=orders > 0)
        revenue = np.round(final["revenue"] * part, 2)
        tables.append({"conversions": known.astype(np.float64), "revenue": revenue})
    return tuple(reversed(tables))
