from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from shared.domain.budget.filtering import START, UNBROKEN, Seen, filtered
from shared.domain.budget.fitting import CARRY, fit
from shared.domain.budget.history import Floats, history
from shared.domain.budget.response import stock
from shared.domain.budget.trust import trust
from shared.domain.budget.uncertainty import drawn, expected
from shared.errors import Invalid
from tests.unit.budget.shops import FIRST, HALF, HEIGHT, days, told


def test_a_level_that_does_not_wander_is_that_of_a_regression() -> None:
    rng = np.random.default_rng(1)
    lift = rng.uniform(0.5, 1.5, (40, 1, 1))
    revenue = 10 * lift[:, :, 0] + rng.standard_normal((40, 1))
    revenue[7] = np.nan
    levels = filtered(Seen(revenue, np.ones((40, 1)), lift), np.array([8.0]), np.array([0.0]))
    known, x = np.isfinite(revenue[:, 0]), lift[:, 0, 0]
    precision = (x[known] ** 2).sum() + 1 / (START * 8) ** 2
    mean = ((x * revenue[:, 0])[known].sum() + 8 / (START * 8) ** 2) / precision
    assert levels.mean.item() == pytest.approx(mean)
    assert levels.variance.item() == pytest.approx(1 / precision)


@pytest.mark.parametrize(("part", "broke"), [(1.0, False), (0.3, True), (2.5, True)])
def test_only_a_break_is_taken_for_one(part: float, broke: bool) -> None:
    rng = np.random.default_rng(2)
    mean = np.where(np.arange(60) < 40, 100.0, 100.0 * part)[:, None]
    revenue = mean * (1 + 0.1 * rng.standard_normal((60, 1)))
    seen = Seen(revenue, (0.1 * mean) ** 2, np.ones((60, 1, 1)))
    levels = filtered(seen, np.array([100.0]), np.array([0.005]))
    assert (levels.broken.item() > UNBROKEN) == broke
    assert levels.mean.item() == pytest.approx(100 * part, rel=0.1)
    if broke:
        assert 40 <= levels.broken.item() <= 45


def test_one_odd_day_moves_little() -> None:
    revenue = np.full((40, 1), 100.0)
    revenue[30] = 1000.0
    seen = Seen(revenue, np.full((40, 1), 100.0), np.ones((40, 1, 1)))
    levels = filtered(seen, np.array([100.0]), np.array([0.005]))
    assert levels.mean.item() == pytest.approx(100, rel=0.03)


def response(spend: Floats, carry: float) -> Floats:
    """A season with weekdays, whose weekends also have less spend."""
    stocks = stock(spend, np.array([carry]))[:, :, 0]
    rng = np.random.default_rng(4)
    week = np.array([1.1, 1.1, 1.05, 1.0, 1.0, 0.8, 0.95])[np.arange(len(spend)) % 7, None]
    noise = np.exp(0.1 * rng.standard_normal(spend.shape))
    return HEIGHT * stocks / (stocks + HALF) * week * noise


@pytest.mark.parametrize("carry", [0.2, 0.65])
def test_a_known_response_is_found_among_weekdays(carry: float) -> None:
    spend, _ = days(300, sd=0.5)
    spend[5::7] *= 0.8
    known = fit(told(spend, response(spend, carry)))
    found = (known.weight.sum(axis=(2, 3)) @ CARRY).mean()
    assert found == pytest.approx(carry, abs=0.12)
    spends = np.array([[500.0, 1000.0, 2000.0]] * 3)
    true = HEIGHT[:, None] * spends / (spends + HALF[:, None])
    assert expected(known).mean_revenue(spends) == pytest.approx(true, rel=0.12)


def test_spend_that_never_varied_identifies_nothing() -> None:
    still, moved = (told(*days(120, sd=sd)) for sd in (0.0, 0.4))
    unsure, sure = (trust(one, fit(one)) for one in (still, moved))
    assert (unsure.identified < 0.3).all()
    assert (sure.identified > 0.4).all()
    assert unsure.near.all()
    assert not sure.near.any()


def test_draws_have_the_mean_and_differ_more_where_less_is_known() -> None:
    short, long = (fit(told(*days(number))) for number in (15, 200))
    split = np.full(3, 1300.0)
    mean = expected(long).mean_revenue(split[:, None])[:, 0]
    many = drawn(long, 4000, np.random.default_rng(0)).revenue(split)
    assert many.mean(axis=0) == pytest.approx(mean, rel=0.02)
    few = drawn(short, 4000, np.random.default_rng(0)).revenue(split)
    assert (few.std(axis=0) > 1.3 * many.std(axis=0)).all()


@pytest.mark.parametrize(
    ("names", "spend", "revenue"),
    [
        (["a"], np.ones((3, 2)), np.ones((3, 2))),
        (["a", "b"], np.ones((3, 2)), np.ones((4, 2))),
        (["a", "a"], np.ones((3, 2)), np.ones((3, 2))),
        ([], np.ones((3, 0)), np.ones((3, 0))),
        (["a"], np.ones((0, 1)), np.ones((0, 1))),
    ],
)
def test_a_history_that_does_not_fit_together_is_invalid(
    names: list[str], spend: Floats, revenue: Floats
) -> None:
    with pytest.raises(Invalid):
        history(names, FIRST, spend, revenue)


def test_a_history_knows_its_weekdays_and_what_was_spent_last() -> None:
    spend = np.array([[1.0, 2.0], [3.0, np.nan], [-1.0, np.inf]])
    made = history(["a", "b"], date(2025, 1, 8), spend, np.ones((3, 2)))
    assert made.weekday.tolist() == [2, 3, 4]
    assert made.latest.tolist() == [3.0, 2.0]
    assert made.last(2).first_day == date(2025, 1, 9)
