"""Budget: ninety days of spending in shops whose responses are known, beside an oracle.

What is true there: tests/bench/budget/world.py. The shops here are others than those on which the
policy was tuned. Revenue is a percentage of the oracle's, which knows every curve; the bandit is
MABWiser's Thompson sampling, tuned on other shops. Some ten minutes of one core.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache

import numpy as np
from scipy.optimize import minimize

from shared.domain.budget.advice import advise
from shared.domain.budget.allocation import equalise, grid
from shared.domain.budget.constraints import unconstrained
from shared.domain.budget.history import Floats, History, history
from shared.domain.budget.policy import split
from tests.bench.budget.peers import thompson
from tests.bench.budget.promises import Promise, first_advice, within_season
from tests.bench.budget.rivals import by_roas, equal, oracle
from tests.bench.budget.season import Outcome, Policy, play
from tests.bench.budget.world import SCENARIOS, World, world
from tests.bench.peer_environment import Missing
from tests.bench.rows import Row, table_row

FRESH = range(5000, 5012)
PROMISED = range(6000, 6080)
ASKED = (30, 60)  # days of a season
TARGETS = {"stable": 98.0, "drifting": 98.0, "collapse": 97.5, "trap": 98.0, "capped": 97.0}
TITLES = {
    "stable": "steady responses",
    "drifting": "drifting responses",
    "collapse": "one channel collapses half way",
    "trap": "best return is the most saturated channel",
    "capped": "floors, ceilings, 10 % a day",
    "cold": "no history but a day",
}
MANY = 200
ROUNDS = 3


def run() -> list[Row]:
    """The rows: how good the splits are, whether promises are kept, and how fast."""
    return [*_revenue(), *_bandit(), _constraints(), _equal(), *_promises(), *_speed()]


@cache
def _world(seed: int, scenario: str) -> World:
    return world(seed, scenario)


@cache
def _best(seed: int, scenario: str) -> float:
    made = _world(seed, scenario)
    return play(made, oracle(made)).total


@cache
def _ours(seed: int, scenario: str) -> Outcome:
    return play(_world(seed, scenario), split)


@cache
def _played(policy: Policy, seed: int, scenario: str) -> float:
    return play(_world(seed, scenario), policy).total


def _percent(totals: Callable[[int, str], float], scenario: str) -> float:
    """Of the oracle's revenue, the mean of the worlds."""
    return float(np.mean([100 * totals(n, scenario) / _best(n, scenario) for n in FRESH]))


def _of(policy: Policy) -> Callable[[int, str], float]:
    return lambda seed, scenario: _played(policy, seed, scenario)


def _own(seed: int, scenario: str) -> float:
    return _ours(seed, scenario).total


def _revenue() -> list[Row]:
    rows = []
    for scenario in (*SCENARIOS, "cold"):
        ours = _percent(_own, scenario)
        roas, same = (_percent(_of(policy), scenario) for policy in (by_roas, equal))
        bound = TARGETS.get(scenario)
        aim = {"target": f"≥ {bound} %", "met": ours >= bound} if bound else {}
        what = f"revenue, {TITLES[scenario]}, {len(FRESH)} shops"
        theirs = f"{roas:.1f} % by return, {same:.1f} % equal"
        rows.append(table_row(what, f"{ours:.2f} %", theirs, f"{ours / roas:.3f} ×", **aim))
    return rows


def _bandit() -> list[Row]:
    try:
        with thompson() as policy:
            theirs = {one: _percent(_of(policy), one) for one in SCENARIOS}
    except Missing as why:
        return [table_row("revenue above the bandit", "", f"not measured: {why}")]
    ours = {one: _percent(_own, one) for one in SCENARIOS}
    return [
        table_row(
            f"revenue, {TITLES[one]}",
            f"{ours[one]:.2f} %",
            f"{theirs[one]:.1f} % bandit",
            f"{ours[one] / theirs[one]:.3f} ×",
            target="more",
            met=ours[one] > theirs[one],
        )
        for one in SCENARIOS
    ]


def _constraints() -> Row:
    broken = sum(_ours(seed, one).broken for seed in FRESH for one in SCENARIOS)
    days = 90 * len(FRESH) * len(SCENARIOS)
    return table_row(
        f"constraints broken on {days:,} days", str(broken), target="0", met=broken == 0
    )


def _equal() -> Row:
    """The worst season beside the equal split."""
    seasons = [(seed, one) for seed in FRESH for one in SCENARIOS]
    ratios = [_own(*season) / _played(equal, *season) for season in seasons]
    lost = sum(ratio < 1 for ratio in ratios)
    what = f"worst season beside an equal split, {lost} of {len(ratios)} below"
    return table_row(what, f"{min(ratios):.3f} ×", target="≥ 1", met=min(ratios) >= 1)


def _promises() -> list[Row]:
    """Of the first advice in shops of their own, and of any day's best split within seasons."""
    rows: list[Row] = []
    for scenario in ("stable", "drifting", "trap"):
        first = [first_advice(world(seed, scenario)) for seed in PROMISED]
        moved = [one for one in first if one]
        rows.append(_kept(f"first advice, {TITLES[scenario]}, {len(moved)} changes", moved))
        gained = float(np.mean([one.true > 0 for one in moved]))
        rows.append(table_row("… of which gain", f"{gained:.0%}"))
    later = [
        one
        for scenario in SCENARIOS
        for seed in FRESH
        for one in within_season(_world(seed, scenario), _ours(seed, scenario), ASKED)
    ]
    return [*rows, _kept(f"within seasons, {len(later)} splits", later)]


def _kept(what: str, promises: Sequence[Promise]) -> Row:
    share = float(np.mean([one.kept for one in promises]))
    aim = {"target": "80–97 %", "met": 0.80 <= share <= 0.97}
    return table_row(f"90 % intervals that hold the truth, {what}", f"{share:.1%}", **aim)


def _speed() -> list[Row]:
    year, big = _year(10), _year(MANY)
    took, most = (_seconds(lambda told=told: _advised(told)) for told in (year, big))
    rows = [
        table_row(
            "advice, 10 channels × 365 days", f"{took:.2f} s", target="≤ 1.5 s", met=took <= 1.5
        ),
        table_row(f"advice, {MANY} channels × 365 days", f"{most:.2f} s"),
    ]
    fast, slow = _seconds(_bisected), _seconds(_by_slsqp)
    what = f"allocation, {MANY} channels, beside SLSQP"
    aim = {"target": "≤ 20 ms", "met": fast <= 0.020}
    both = (f"{1000 * fast:.1f} ms", f"{1000 * slow:,.0f} ms", f"{slow / fast:,.0f} ×")
    return [*rows, table_row(what, *both, **aim)]


@cache
def _year(channels: int) -> History:
    rng = np.random.default_rng(channels)
    spend = 1000 * np.exp(0.3 * rng.standard_normal((365, channels)))
    revenue = 100 * np.sqrt(spend) * np.exp(0.15 * rng.standard_normal(spend.shape))
    return history([f"channel {n}" for n in range(channels)], date(2025, 1, 1), spend, revenue)


def _advised(told: History) -> None:
    current = [Decimal("1000.00")] * len(told.channels)
    given = unconstrained(1000.0 * len(current), len(current))
    advise(told, current, given, np.random.default_rng(0))


HALF = np.exp(np.random.default_rng(1).uniform(4, 8, MANY))
HEIGHT = HALF * np.exp(np.random.default_rng(2).uniform(0, 2, MANY))


def _bisected() -> Floats:
    spends = grid(np.zeros(MANY), np.full(MANY, 20_000.0))
    return equalise(
        spends, (HEIGHT / HALF)[:, None] / (1 + spends / HALF[:, None]) ** 2, 1000.0 * MANY
    )


def _by_slsqp() -> Floats:
    def lost(part: Floats) -> float:
        return -float((HEIGHT * part / (part + HALF)).sum()) / 1e5

    total = {"type": "eq", "fun": lambda part: part.sum() / MANY - 1000.0}
    start, within = np.full(MANY, 1000.0), [(0.0, 20_000.0)] * MANY
    exact = {"ftol": 1e-10, "maxiter": 500}
    asked = {"bounds": within, "constraints": total, "options": exact}
    found: Floats = minimize(lost, start, method="SLSQP", **asked).x
    return found


def _seconds(work: Callable[[], object]) -> float:
    """Time of a core, the least of some rounds."""
    least = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        least = min(least, time.process_time() - began)
    return least
