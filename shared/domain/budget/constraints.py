"""What a split may be: a total, floors, ceilings, and how far one step goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shared.domain.budget.history import Floats
from shared.errors import Invalid

CLOSE = 1e-9  # of the total: what sums of floats differ by


class Contradiction(Invalid):
    """No split keeps all constraints; `detail` says which of them stand against each other."""


@dataclass(frozen=True, slots=True)
class Constraints:
    """A day's `total`, `floor` and `ceiling` [channel] in currency, and the largest `step`.

    A step of 0.1 lets a channel change by a tenth of what it spends now; infinity is no limit.
    """

    total: float
    floor: Floats
    ceiling: Floats
    step: float = np.inf


def unconstrained(total: float, channels: int) -> Constraints:
    """Only the total is fixed."""
    return Constraints(total, np.zeros(channels), np.full(channels, np.inf))


def bounds(given: Constraints, current: Floats, names: Sequence[str]) -> tuple[Floats, Floats]:
    """The least and the most of each channel [channel]; Contradiction where there is no split."""
    _sane(given, current)
    reach = current * given.step if np.isfinite(given.step) else np.full(len(current), np.inf)
    low = np.maximum(given.floor, np.maximum(current - reach, 0.0))
    high = np.minimum(np.minimum(given.ceiling, current + reach), given.total)
    slack = CLOSE * given.total
    _each(given, current, reach, names)
    if given.floor.sum() > given.total + slack:
        _stop(f"The floors come to {given.floor.sum():,.2f}, the total is {given.total:,.2f}.")
    if np.minimum(given.ceiling, given.total).sum() < given.total - slack:
        _stop(f"The ceilings come to {given.ceiling.sum():,.2f}, below {given.total:,.2f}.")
    if low.sum() > given.total + slack:
        _stop(f"A step of {given.step:.0%} cannot bring spend down to {given.total:,.2f} at once.")
    if high.sum() < given.total - slack:
        _stop(f"A step of {given.step:.0%} cannot bring spend up to {given.total:,.2f} at once.")
    return np.minimum(low, high), high


def _sane(given: Constraints, current: Floats) -> None:
    numbers = (given.floor, given.ceiling, current)
    if any(len(part) != len(current) for part in numbers):
        raise Invalid("Give a floor and a ceiling for each channel.")
    if not (np.isfinite(given.total) and given.total >= 0 and given.step >= 0):
        raise Invalid("Give a total and a largest change of zero or more.")
    if any(bool((np.isnan(part) | (part < 0)).any()) for part in numbers):
        raise Invalid("Give floors, ceilings and spend of zero or more.")


def _each(given: Constraints, current: Floats, reach: Floats, names: Sequence[str]) -> None:
    """Contradictions within one channel."""
    slack = CLOSE * given.total
    for n, name in enumerate(names):
        if given.floor[n] > given.ceiling[n] + slack:
            _stop(f"The floor of {name} is above its ceiling.")
        if given.floor[n] > current[n] + reach[n] + slack:
            _stop(f"The floor of {name} is more than a step of {given.step:.0%} away.")
        if given.ceiling[n] < current[n] - reach[n] - slack:
            _stop(f"The ceiling of {name} is more than a step of {given.step:.0%} away.")


def _stop(why: str) -> None:
    raise Contradiction(f"{why} Relax one of them.")
