from __future__ import annotations

import numpy as np
import pytest

from shared.domain.budget.constraints import Constraints, unconstrained
from shared.domain.budget.history import Floats
from shared.domain.budget.policy import split
from tests.unit.budget.shops import days, told

SPEND, REVENUE = days()
FREE = unconstrained(3000.0, 3)


def day(spend: Floats, revenue: Floats, given: Constraints = FREE) -> Floats:
    return split(0, told(spend, revenue), given, np.random.default_rng(0))


def test_a_day_spends_the_total_where_it_brings_most() -> None:
    parts = day(SPEND, REVENUE)
    assert parts.sum() == pytest.approx(3000.0)
    assert parts[1] > 1200 > 700 > parts[2]


@pytest.mark.parametrize(
    ("spend", "revenue"),
    [
        pytest.param(0 * SPEND, REVENUE, id="no spend"),
        pytest.param(np.nan * SPEND, REVENUE, id="no spend known"),
    ],
)
def test_without_any_spend_all_get_the_same(spend: Floats, revenue: Floats) -> None:
    assert day(spend, revenue) == pytest.approx([1000.0] * 3)


def test_without_revenue_spend_stays_as_it_is() -> None:
    given = unconstrained(float(SPEND[-1].sum()), 3)
    assert day(SPEND, np.nan * REVENUE, given) == pytest.approx(SPEND[-1])


def test_a_step_is_from_the_spend_last_known() -> None:
    spend = SPEND.copy()
    spend[-1] = 1000.0
    spend[-2:, 1] = 1000.0, np.nan
    parts = day(spend, REVENUE, Constraints(3000.0, np.zeros(3), np.full(3, np.inf), 0.1))
    assert ((parts >= 900 - 1e-6) & (parts <= 1100 + 1e-6)).all()
    assert parts[1] == pytest.approx(1100)


def test_it_tries_more_where_less_is_known() -> None:
    def scatter(number: int) -> float:
        past = told(SPEND[:number], REVENUE[:number])
        rng = np.random.default_rng(1)
        return float(np.std([split(0, past, FREE, rng) for _ in range(12)], axis=0).mean())

    assert scatter(12) > scatter(60) > 0


def test_a_channel_alone_gets_everything() -> None:
    assert day(SPEND[:, :1], REVENUE[:, :1], unconstrained(500.0, 1)) == pytest.approx([500.0])
