"""A shop with channels whose responses are known: the truth that policies are measured against.

A day's mean revenue of a channel is weekday × demand × scale × curve(stock / half), where the
stock is geometric adstock, stock = (1 − carry) × spend + carry × stock of the day before. What is
true of every world, drawn from the seed:

- the curve is concave and of one of three families, Hill x^s / (1 + x^s) with s from 0.6 to 1,
  exponential 1 − 2^−x, logarithmic log(1 + x): no single family fits them all;
- `half` is 0.3 to 3 times an equal share of the total (log-uniform); return on ad spend at an equal
  share is log-normal round 3 (sd 0.35 of the log); `carry` is 0.2 to 0.7;
- weekdays differ by ±20 % (Saturday least), each channel has 0.5 to 1.5 of it; demand that all
  channels share wanders by 0.5 % a day;
- noise is log-normal of mean 1, each day and channel, sd 10 to 20 % by channel, and on top of it a
  shock of sd 5 % that all channels share on a day; 0.3 % of channel days are lost (NaN);
- 56 days of history before day 0: one split, not optimal (an equal split times e^N(0, 0.5)), paced
  by hand: log spend wanders round it (AR(1) of 0.8, sd 15 %, and 6 % of daily scatter), weekends
  10 % lower in total, the last day on plan. Stocks begin as those of steady spend.

Scenarios change one thing: `drifting` lets the log of scale and of half of every channel walk at
random, 2 % a day each; `collapse` takes 70 % of the scale of the channel that the optimum gives
most to, from day 45; `trap` makes the channel with by far the best average return the most
saturated one (half 0.12 of an equal share, return 1.6 times the best other at the split of the
history); `capped` has floors of 5 % and ceilings of 30 % of the total, and a channel may change by
10 % a day at most; `cold` has no history but the first day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from shared.domain.budget.allocation import equalise, grid, nearest
from shared.domain.budget.constraints import Constraints, unconstrained
from shared.domain.budget.history import Bools, Days, Floats

BEFORE = 56
HORIZON = 90
CHANNELS = 6
TOTAL = 6_000.0
BREAK = 45
FIRST_DAY = date(2025, 3, 3)  # a Monday
SHAPE = np.array([0.05, 0.07, 0.06, 0.03, -0.02, -0.20, -0.05])
SCENARIOS = ("stable", "drifting", "collapse", "trap", "capped")


@dataclass(frozen=True, slots=True)
class World:
    """One shop. Arrays are [day, channel] over history and horizon, or [channel]."""

    seed: int
    family: Days
    shape: Floats
    carry: Floats
    half: Floats
    scale: Floats
    season: Floats
    noise: Floats
    lost: Bools
    past: Floats
    constraints: Constraints

    def mean(self, day: int, stock: Floats) -> Floats:
        """Expected revenue [channel] of a day with these stocks."""
        return self.season[day] * self.curve(day, stock)

    def curve(self, day: int, stock: Floats) -> Floats:
        """The same on an ordinary weekday with ordinary demand."""
        x = np.maximum(stock, 0.0) / self.half[day]
        hill = x**self.shape / (1 + x**self.shape)
        curves = (hill, 1 - np.exp2(-x), np.log1p(x))
        result: Floats = self.scale[day] * np.choose(self.family, curves)
        return result

    def marginal(self, day: int, stock: Floats) -> Floats:
        """What one more unit of steady spend brings, by channel; stocks are [channel, point]."""
        half, shape = self.half[day][:, None], self.shape[:, None]
        x = np.maximum(stock / half, 1e-9)
        hill = shape * x ** (shape - 1) / (1 + x**shape) ** 2
        slopes = (hill, np.log(2) * np.exp2(-x), 1 / (1 + x))
        family = np.broadcast_to(self.family[:, None], x.shape)
        result: Floats = self.scale[day][:, None] / half * np.choose(family, slopes)
        return result


def optimum(
    made: World, day: int, low: Floats | float = 0.0, high: Floats | float = TOTAL
) -> Floats:
    """The best steady split for a day's curves, within bounds."""
    nothing = np.zeros(made.past.shape[1])
    spends = grid(nothing + low, nothing + high, 2001)
    return equalise(spends, made.marginal(day, spends), made.constraints.total)


def world(seed: int, scenario: str = "stable", channels: int = CHANNELS) -> World:
    """The world of a seed; only what the scenario changes differs between scenarios."""
    rng = np.random.default_rng([seed, 77])
    share, days = TOTAL / channels, BEFORE + HORIZON
    family, shape = rng.integers(0, 3, channels), rng.uniform(0.6, 1.0, channels)
    carry, half = rng.uniform(0.2, 0.7, channels), share * np.exp(rng.uniform(-1.2, 1.1, channels))
    returns = np.exp(np.log(3) + 0.35 * rng.standard_normal(channels))
    base = np.exp(0.5 * rng.standard_normal(channels))
    base *= TOTAL / base.sum()
    past, season = _pacing(rng, base), _season(rng, days, channels)
    noise = _noise(rng, days, channels)
    lost = rng.uniform(size=(days, channels)) < 0.003
    walks = 0.02 * rng.standard_normal((2, days, channels)).cumsum(axis=1)
    best, flat = int(rng.integers(channels)), np.ones((days, channels))
    if scenario == "trap":
        half[best], family[best] = 0.12 * share, 0
    given = unconstrained(TOTAL, channels)
    curves = (family, shape, carry, half * flat, flat)
    made = World(seed, *curves, season, noise, lost, past, given)
    scaled = replace(made, scale=flat * returns * share / made.curve(0, np.full(channels, share)))
    return _changed(scaled, scenario, walks, (best, base))


def _noise(rng: np.random.Generator, days: int, channels: int) -> Floats:
    """[day, channel]: each channel's own, and the shocks that all share."""
    sd = rng.uniform(0.10, 0.20, channels)
    own = np.exp(sd * rng.standard_normal((days, channels)) - sd**2 / 2)
    result: Floats = own * np.exp(0.05 * rng.standard_normal((days, 1)))
    return result


def _pacing(rng: np.random.Generator, base: Floats) -> Floats:
    """[day, channel]: the spend of the history."""
    wander, state = np.empty((BEFORE, len(base))), 0.15 * rng.standard_normal(len(base))
    for day in range(BEFORE):
        wander[day] = state
        state = 0.8 * state + 0.15 * 0.6 * rng.standard_normal(len(base))
    spend = base * np.exp(wander + 0.06 * rng.standard_normal(wander.shape))
    weekend = np.where(np.arange(BEFORE) % 7 >= 5, 0.9, 1.04)
    weekend[-1] = 1.0
    result: Floats = np.round(spend * (TOTAL * weekend / spend.sum(axis=1))[:, None], 2)
    return result


def _season(rng: np.random.Generator, days: int, channels: int) -> Floats:
    week = SHAPE[np.arange(days) % 7][:, None] * rng.uniform(0.5, 1.5, channels)
    demand = 0.005 * rng.standard_normal((days, 1)).cumsum(axis=0)
    result: Floats = np.exp(week + demand)
    return result


def _changed(made: World, scenario: str, walks: Floats, trap: tuple[int, Floats]) -> World:
    if scenario == "drifting":
        return replace(made, scale=made.scale * np.exp(walks[0]), half=made.half * np.exp(walks[1]))
    if scenario == "collapse":
        scale = made.scale.copy()
        scale[BEFORE + BREAK :, int(np.argmax(optimum(made, BEFORE)))] *= 0.3
        return replace(made, scale=scale)
    if scenario == "trap":
        best, base = trap
        roas = made.curve(0, base) / base
        scale = made.scale.copy()
        scale[:, best] *= 1.6 * np.delete(roas, best).max() / roas[best]
        return replace(made, scale=scale)
    if scenario == "capped":
        some = np.ones(made.past.shape[1])
        given = Constraints(TOTAL, 0.05 * TOTAL * some, 0.30 * TOTAL * some, 0.10)
        past = [nearest(day, given.floor, given.ceiling, float(day.sum())) for day in made.past]
        return replace(made, constraints=given, past=np.array(past))
    return replace(made, past=made.past[-1:]) if scenario == "cold" else made
