from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from shared.domain.budget.allocation import equalise, grid, nearest, to_cents


def hill(seed: int, channels: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    half = np.exp(rng.uniform(4, 8, channels))
    return half, half * np.exp(rng.uniform(0, 1.5, channels))


def allocated(seed: int, channels: int, low: float, high: float, points: int = 129) -> np.ndarray:
    half, height = hill(seed, channels)
    spends = grid(np.full(channels, low), np.full(channels, high), points)
    slopes = (height / half)[:, None] / (1 + spends / half[:, None]) ** 2
    return equalise(spends, slopes, 1000.0 * channels)


@pytest.mark.parametrize("seed", range(5))
def test_no_general_optimiser_finds_a_better_split(seed: int) -> None:
    half, height = hill(seed, 6)

    def revenue(split: np.ndarray) -> float:
        return float((height * split / (split + half)).sum())

    found = minimize(
        lambda split: -revenue(split) / 1000,
        np.full(6, 1000.0),
        method="SLSQP",
        bounds=[(200.0, 2500.0)] * 6,
        constraints={"type": "eq", "fun": lambda split: split.sum() - 6000.0},
        options={"ftol": 1e-12, "maxiter": 500},
    )
    assert revenue(allocated(seed, 6, 200.0, 2500.0)) >= revenue(found.x) * (1 - 1e-5)


def test_marginal_returns_are_the_same_for_all_that_are_at_no_bound() -> None:
    half, height = hill(1, 8)
    split = allocated(1, 8, 100.0, 3000.0, points=4001)
    slopes = height / half / (1 + split / half) ** 2
    free = slopes[(split > 101) & (split < 2999)]
    assert len(free) > 2
    assert np.ptp(free) < 1e-4 * free.mean()


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6), channels=st.integers(1, 12), scale=st.sampled_from([1e-6, 1, 1e9])
)
def test_the_total_and_the_bounds_are_kept(seed: int, channels: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    low = scale * rng.uniform(0, 5, channels)
    high = low + scale * rng.uniform(0, 10, channels)
    total = float(low.sum() + rng.uniform() * (high - low).sum())
    spends = grid(low, high)
    slopes = rng.uniform(0, 5, (channels, 1)) * np.linspace(1, rng.uniform(), 129)
    for split in (
        equalise(spends, slopes, total),
        nearest(rng.uniform(0, 9, channels), low, high, total),
    ):
        assert split.sum() == pytest.approx(total, rel=1e-9)
        assert ((split >= low * (1 - 1e-9)) & (split <= high * (1 + 1e-9))).all()


def test_equal_channels_get_equal_shares_even_of_straight_returns() -> None:
    spends = grid(np.zeros(4), np.full(4, 100.0))
    assert equalise(spends, np.full(spends.shape, 2.0), 200.0) == pytest.approx([50.0] * 4)


def test_the_nearest_split_is_the_wanted_one_where_it_is_allowed() -> None:
    wanted = np.array([1.0, 2.0, 3.0])
    assert nearest(wanted, np.zeros(3), np.full(3, 6.0), 6.0) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("split", "total", "cents"),
    [
        ([1 / 3, 1 / 3, 1 / 3], "1.00", ["0.34", "0.33", "0.33"]),
        ([0.005, 0.005], "0.01", ["0.01", "0.00"]),
        ([33.333, 66.667], "100.00", ["33.33", "66.67"]),
        ([1e12 / 3] * 3, "1000000000000.00", ["333333333333.34"] + ["333333333333.33"] * 2),
    ],
)
def test_cents_come_to_the_total_by_the_largest_remainder(
    split: list[float], total: str, cents: list[str]
) -> None:
    rounded = to_cents(np.array(split), Decimal(total))
    assert list(map(str, rounded)) == cents
    assert sum(rounded) == Decimal(total)


def test_rounding_does_not_lift_a_channel_over_its_ceiling() -> None:
    split, high = np.array([10.006, 9.994]), np.array([10.006, 20.0])
    cents = to_cents(split, Decimal("20.00"), np.zeros(2), high)
    assert cents == (Decimal("10.00"), Decimal("10.00"))
