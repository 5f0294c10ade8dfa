"""The measurement itself: what is measured against must be right."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from shared.domain.budget.constraints import Contradiction
from shared.domain.budget.policy import split
from tests.bench.budget.rivals import by_roas, equal, oracle
from tests.bench.budget.season import past, play
from tests.bench.budget.world import BEFORE, SCENARIOS, TOTAL, optimum, world


@pytest.mark.parametrize("seed", range(4))
def test_the_oracle_knows_the_best_split(seed: int) -> None:
    made = world(seed)

    def revenue(parts: np.ndarray) -> float:
        return float(made.curve(BEFORE, parts).sum())

    found = minimize(
        lambda parts: -revenue(parts * TOTAL) / TOTAL,
        np.full(6, 1 / 6),
        method="SLSQP",
        bounds=[(1e-6, 1.0)] * 6,
        constraints={"type": "eq", "fun": lambda parts: parts.sum() - 1},
    )
    assert revenue(optimum(made, BEFORE)) >= revenue(found.x * TOTAL) * (1 - 1e-6)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_nobody_beats_the_oracle(scenario: str) -> None:
    made = world(7, scenario)
    best = play(made, oracle(made), days=15)
    assert best.broken == 0
    for policy in (equal, by_roas):
        assert play(made, policy, days=15).total < best.total


def test_a_model_keeps_floors_ceilings_and_steps() -> None:
    assert play(world(5, "capped"), split, days=12).broken == 0


def test_a_model_brings_more_than_average_returns_where_those_mislead() -> None:
    made = world(2, "trap")
    assert play(made, split, days=15).total > 1.02 * play(made, by_roas, days=15).total


@pytest.mark.parametrize("seed", range(5))
def test_in_the_trap_the_best_return_is_the_most_saturated(seed: int) -> None:
    made = world(seed, "trap")
    told = past(made)
    roas = np.nansum(told.revenue, axis=0) / told.spend.sum(axis=0)
    marginal = made.marginal(BEFORE, told.spend.mean(axis=0)[:, None])[:, 0]
    assert np.argmax(roas) == np.argmin(marginal / roas)


def test_a_broken_constraint_is_counted() -> None:
    made = world(0, "capped")
    assert play(made, lambda *_: np.full(6, 999.0), days=1).broken >= 1
    with pytest.raises(Contradiction):
        play(made, lambda *_: np.array([TOTAL, 0, 0, 0, 0, 0]), days=2)


def test_a_world_is_its_seed() -> None:
    assert np.array_equal(world(3).noise, world(3).noise)
    assert not np.array_equal(world(3).noise, world(4).noise)
