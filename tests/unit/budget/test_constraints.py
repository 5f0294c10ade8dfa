from __future__ import annotations

import numpy as np
import pytest

from shared.domain.budget.constraints import Constraints, Contradiction, bounds, unconstrained
from shared.errors import Invalid

INF = float("inf")
NOW = np.array([100.0, 200.0, 300.0])
NAMES = ("search", "social", "mail")


@pytest.mark.parametrize(
    ("total", "floor", "ceiling", "step", "said"),
    [
        (600, [300, 300, 100], [INF] * 3, INF, "The floors come to 700.00, the total is 600.00"),
        (600, [0, 0, 0], [100, 100, 100], INF, "The ceilings come to 300.00, below 600.00"),
        (600, [0, 90, 0], [INF, 80, INF], INF, "floor of social is above its ceiling"),
        (600, [150, 0, 0], [INF] * 3, 0.1, "floor of search is more than a step of 10% away"),
        (600, [0, 0, 0], [INF, INF, 100], 0.1, "ceiling of mail is more than a step of 10% away"),
        (900, [0, 0, 0], [INF] * 3, 0.1, "cannot bring spend up to 900.00"),
        (300, [0, 0, 0], [INF] * 3, 0.1, "cannot bring spend down to 300.00"),
    ],
)
def test_a_contradiction_names_what_stands_against_what(
    total: float, floor: list[float], ceiling: list[float], step: float, said: str
) -> None:
    given = Constraints(total, np.array(floor, float), np.array(ceiling, float), step)
    with pytest.raises(Contradiction, match=said):
        bounds(given, NOW, NAMES)


@pytest.mark.parametrize(
    "given",
    [
        Constraints(float("nan"), np.zeros(3), np.full(3, INF)),
        Constraints(-1.0, np.zeros(3), np.full(3, INF)),
        Constraints(600.0, np.array([0, np.nan, 0]), np.full(3, INF)),
        Constraints(600.0, np.zeros(3), np.full(3, -1.0)),
        Constraints(600.0, np.zeros(2), np.full(2, INF)),
        Constraints(600.0, np.zeros(3), np.full(3, INF), -0.1),
    ],
)
def test_numbers_that_make_no_sense_are_invalid(given: Constraints) -> None:
    with pytest.raises(Invalid):
        bounds(given, NOW, NAMES)


def test_a_step_is_a_part_of_what_is_spent_now() -> None:
    low, high = bounds(Constraints(600.0, np.zeros(3), np.full(3, INF), 0.1), NOW, NAMES)
    assert low == pytest.approx([90, 180, 270])
    assert high == pytest.approx([110, 220, 330])


def test_without_constraints_only_the_total_bounds() -> None:
    low, high = bounds(unconstrained(600.0, 3), NOW, NAMES)
    assert low.tolist() == [0, 0, 0]
    assert high.tolist() == [600, 600, 600]
