"""A project on which nothing happened: its campaigns, and what their drivers do by themselves.

Ranges follow what platforms publish: benchmarks by WordStream (2024/25: CTR 0.5–7 %, conversion
rate 2–9 %, cost per thousand 4–30), mail benchmarks by Mailchimp (click rate 1–4 %), and conversion
lags that Google Ads and Meta describe as most conversions within a day, the rest within three.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tests.bench.anomalies.truth import DAYS

if TYPE_CHECKING:
    from shared.domain.anomalies.panel import Floats

# spend (of an unpaid channel: mails sent), impressions per spend, CTR, conversion rate, order value
DRIVERS = ("spend", "impressions", "ctr", "conversion_rate", "revenue")
EMAIL = "email"
# Range of a channel's cost per thousand, CTR and conversion rate.
PROFILES: Mapping[str, tuple[tuple[float, float], ...]] = {
    "google_ads": ((14, 30), (0.02, 0.07), (0.03, 0.09)),
    "linkedin": ((20, 35), (0.004, 0.009), (0.02, 0.05)),
    "meta": ((6, 14), (0.008, 0.02), (0.015, 0.05)),
    "tiktok": ((4, 9), (0.006, 0.015), (0.008, 0.025)),
}
# Day-to-day noise of a driver and how far it wanders, from the steadiest campaign to the wildest.
NOISE = ((0.03, 0.12), (0.03, 0.10), (0.02, 0.07), (0.02, 0.10), (0.02, 0.06))
TAIL = 15  # degrees of freedom of the daily noise: days far out are a little more than normal
WANDER = ((0.01, 0.05), (0.01, 0.05), (0.01, 0.05), (0.01, 0.05), (0.005, 0.03))


@dataclass(slots=True, eq=False)
class Plan:
    """A project while it is made: `log` is [driver, series, day] of natural logarithms.

    `noise` and `wander` are the standard deviations [driver, series] of what is put into `log`;
    `clumping` the extra relative variance of clicks and conversions, `basket` the relative
    variation of one order's value. `first_weekday` is 0 on a Monday.
    """

    channels: tuple[str, ...]
    campaign_ids: tuple[str, ...]
    paid: Floats
    log: Floats
    noise: Floats
    wander: Floats
    clumping: Floats
    basket: Floats
    first_weekday: int

    @property
    def size(self) -> int:
        return len(self.campaign_ids)

    def expected(self, until: str) -> Floats:
        """[series, day] of the mean of what drivers up to `until` make: spend × … × driver."""
        return np.exp(self.log[: DRIVERS.index(until) + 1].sum(axis=0))


def calm(rng: np.random.Generator, first_weekday: int) -> Plan:
    """Draw a project's campaigns and their 180 days without events."""
    channels = _channels(rng)
    size = len(channels)
    steady = rng.uniform(0, 1, size)
    noise = _between(NOISE, steady, rng)
    wander = _between(WANDER, steady, rng)
    plan = Plan(
        channels=channels,
        campaign_ids=tuple(f"{name}_{n:02d}" for n, name in enumerate(channels)),
        paid=np.array([float(name != EMAIL) for name in channels]),
        log=np.repeat(_levels(rng, channels)[:, :, None], DAYS, axis=2),
        noise=noise,
        wander=wander,
        clumping=np.stack([rng.uniform(0.0005, 0.004, size), rng.uniform(0.001, 0.01, size)]),
        basket=rng.uniform(0.4, 0.9, size),
        first_weekday=first_weekday,
    )
    plan.log += _trend(rng, size) + _wandering(rng, wander) + _weekdays(rng, plan)
    daily = rng.standard_t(TAIL, plan.log.shape) * np.sqrt((TAIL - 2) / TAIL)
    plan.log += daily * noise[:, :, None]
    plan.log += _demand(rng, size)
    return plan


def _channels(rng: np.random.Generator) -> tuple[str, ...]:
    paid = sorted(rng.choice(sorted(PROFILES), rng.integers(2, 5), replace=False))
    many = [str(name) for name in rng.choice(paid, rng.integers(16, 20))]
    return tuple(sorted([*many, *map(str, paid), *[EMAIL] * rng.integers(1, 4)]))


def _between(
    ranges: tuple[tuple[float, float], ...], steady: Floats, rng: np.random.Generator
) -> Floats:
    """A campaign that is steady in one driver is mostly steady in the others."""
    at = np.clip(steady + rng.normal(0, 0.15, (len(ranges), len(steady))), 0, 1)
    low, high = np.array(ranges).T[:, :, None]
    return low + (high - low) * at


def _levels(rng: np.random.Generator, channels: tuple[str, ...]) -> Floats:
    return np.log(np.array([_level(rng, name) for name in channels]).T)


def _level(rng: np.random.Generator, channel: str) -> list[float]:
    """One campaign's drivers; spend is lognormal, so a project has a few large ones and a tail."""
    worth = rng.uniform(35, 140)
    if channel == EMAIL:
        return [rng.lognormal(8.8, 0.7), 1.0, rng.uniform(0.01, 0.04), rng.uniform(0.01, 0.05), 60]
    thousand, ctr, rate = (rng.uniform(*ends) for ends in PROFILES[channel])
    return [rng.lognormal(5.3, 1.0), 1000 / thousand, ctr, rate, worth]


def _trend(rng: np.random.Generator, size: int) -> Floats:
    slope = rng.normal(0, (0.08, 0.05, 0.04, 0.04, 0.03), (size, 5)).T
    return slope[:, :, None] * np.linspace(-1, 1, DAYS)


def _wandering(rng: np.random.Generator, spread: Floats) -> Floats:
    """A mean-reverting walk of the given spread that forgets in two to six weeks."""
    keep = np.exp(-1 / rng.uniform(15, 40, spread.shape))
    steps = rng.normal(0, 1, (DAYS, *spread.shape))
    walk = np.empty(steps.shape)
    walk[0] = steps[0]
    for day in range(1, DAYS):
        walk[day] = keep * walk[day - 1] + np.sqrt(1 - keep**2) * steps[day]
    return np.moveaxis(walk, 0, 2) * spread[:, :, None]


def _weekdays(rng: np.random.Generator, plan: Plan) -> Floats:
    """Channels have their week, campaigns their own shade of it; weekends convert less."""
    names = sorted(set(plan.channels))
    common = {name: rng.normal(0, 0.06, (5, 7)) for name in names}
    weekend = rng.uniform(-0.5, 0.05)
    for week in common.values():
        week[0, 5:] += rng.uniform(-0.35, 0.1)
        week[3, 5:] += weekend + rng.normal(0, 0.05)
        week *= np.array([1, 0.6, 0.5, 1, 0.3])[:, None]
    weeks = np.stack([common[name] for name in plan.channels], axis=1)
    weeks = weeks + rng.normal(0, 0.03, weeks.shape)
    return weeks[:, :, (np.arange(DAYS) + plan.first_weekday) % 7]


def _demand(rng: np.random.Generator, size: int) -> Floats:
    """The demand that all campaigns share, each to its own degree, with a few days of shock."""
    days = _wandering(rng, np.array([[0.04]]))[0, 0]
    for first in rng.integers(5, DAYS - 3, rng.integers(3, 7)):
        days[first : first + rng.integers(1, 3)] += rng.choice((-1, 1)) * rng.uniform(0.1, 0.25)
    load = np.array([0.2, 0.1, 0.2, 1.0, 0.1])[:, None] * rng.uniform(0.75, 1.25, (5, size))
    return load[:, :, None] * days
