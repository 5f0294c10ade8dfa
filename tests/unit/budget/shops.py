"""Small shops with known responses, height × spend / (spend + half), to ask advice for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np

from shared.domain.budget.advice import Advice, advise
from shared.domain.budget.constraints import Constraints, unconstrained
from shared.domain.budget.history import Floats, History, history

FIRST = date(2025, 1, 6)
HALF = np.array([500.0, 1500.0, 300.0])
HEIGHT = np.array([4000.0, 6000.0, 2500.0])


def days(
    number: int = 60, half: Floats = HALF, height: Floats = HEIGHT, sd: float = 0.25
) -> tuple[Floats, Floats]:
    """Spend and revenue [day, channel]: about 1000 a day each, with a tenth of noise."""
    rng = np.random.default_rng(3)
    size = (number, len(half))
    spend = 1000 * np.exp(sd * rng.standard_normal(size))
    return spend, height * spend / (spend + half) * np.exp(0.1 * rng.standard_normal(size))


def told(spend: Floats, revenue: Floats) -> History:
    names = [f"channel {n}" for n in range(spend.shape[1])]
    return history(names, FIRST, spend, revenue)


def asked(
    spend: Floats,
    revenue: Floats,
    given: Constraints | None = None,
    current: list[Decimal] | None = None,
) -> Advice:
    """The advice on 1000 a day for each channel unless something else is current."""
    now = current or [Decimal("1000.00")] * spend.shape[1]
    limits = given or unconstrained(float(sum(now)), len(now))
    return advise(told(spend, revenue), now, limits, np.random.default_rng(0))
