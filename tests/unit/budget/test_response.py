from __future__ import annotations

import numpy as np
import pytest

from shared.domain.budget.response import FAMILIES, Curves, curve, slope, stock

X = np.exp(np.linspace(-3, 3, 40))


@pytest.mark.parametrize("family", range(FAMILIES))
def test_a_curve_is_half_way_at_one_and_concave(family: int) -> None:
    assert curve(family, np.array(1.0)) == pytest.approx(0.5)
    assert (np.diff(curve(family, X)) > 0).all()
    assert (np.diff(slope(family, X)) < 0).all()
    assert curve(family, np.array(0.0)) == 0


@pytest.mark.parametrize("family", range(FAMILIES))
def test_a_slope_is_the_derivative(family: int) -> None:
    step = 1e-6 * X
    numeric = (curve(family, X + step) - curve(family, X - step)) / (2 * step)
    assert slope(family, X) == pytest.approx(numeric, rel=1e-6)


def test_steady_spend_is_its_own_stock_and_a_day_carries_over() -> None:
    spend = np.full((20, 1), 100.0)
    spend[10] = 200.0
    stocks = stock(spend, np.array([0.0, 0.5]))[:, 0]
    assert stocks[:10] == pytest.approx(np.full((10, 2), 100.0))
    after = stocks[10:13].T
    assert after == pytest.approx(np.array([[200, 100, 100], [150, 125, 112.5]]))
    assert (stocks - 100).sum(axis=0) == pytest.approx([100, 100], abs=0.2)


def test_the_mean_of_curves_is_taken_over_all_of_them() -> None:
    some = Curves(np.array([[0, 1], [2, 1]]), np.full((2, 2), 50.0), np.array([[1.0, 2], [3, 4]]))
    split = np.array([40.0, 70.0])
    assert some.mean_revenue(split[:, None])[:, 0] == pytest.approx(
        some.revenue(split).mean(axis=0)
    )
    near = np.array([[39.999, 40.001], [69.999, 70.001]])
    rise = np.diff(some.mean_revenue(near), axis=1)[:, 0] / 0.002
    assert some.marginal(split[:, None])[:, 0] == pytest.approx(rise, rel=1e-6)
