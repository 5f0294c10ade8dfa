"""One proposal for the next days: which channel gets more, which less, and what that should bring.

Money goes where the last unit of it brings most, not where the average return is best; it stays
where it is unless the change is more likely than not, by far, to gain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np

from shared.domain.budget.allocation import CENT, nearest, to_cents
from shared.domain.budget.constraints import CLOSE, Constraints, bounds
from shared.domain.budget.fitting import fit
from shared.domain.budget.history import Bools, Floats, History
from shared.domain.budget.policy import best, trusted
from shared.domain.budget.response import Curves
from shared.domain.budget.trust import FEW_DAYS, Trust, trust
from shared.domain.budget.uncertainty import change, drawn, expected
from shared.errors import Invalid

Reason = Literal[
    "no-history",  # nothing was spent, or nothing is known of what it brought
    "few-days",  # of spend and revenue
    "one-channel",  # nothing to share with
    "uncertain",  # a change is not likely enough to gain
    "near-best",  # a change would gain next to nothing
    "bound",  # a constraint keeps the channel where it is
    "unvaried",  # spend never varied, so that nothing shows what more of it brings
]
DRAWS = 400
LIKELY = 0.8  # probability of gain that a change needs
WORTH = 0.005  # and gain, as part of today's revenue
MOVED = 0.01  # part of a channel's spend, from which it counts as changed
LEVELS = (0.05, 0.95)
PARTS = (1.0, 0.5, 0.25)  # of the way to the best split that are considered
POINTS = 25  # of a response curve
ROAS_DAYS = 28


@dataclass(frozen=True, slots=True)
class Response:
    """A curve in points: revenue of an ordinary day by steady daily spend, with 90 % bounds."""

    spend: tuple[float, ...]
    revenue: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ChannelAdvice:
    """What is proposed for one channel, daily and in currency.

    `marginal` is what one more unit brings at the `current` and `marginal_proposed` at the
    `proposed` spend, `roas` the average return of four weeks (None without spend). `maintain` says
    why a channel stays as it is, None if it changes; `unvaried` may stand beside a change too.
    """

    channel: str
    current: Decimal
    proposed: Decimal
    marginal: float
    marginal_proposed: float
    roas: float | None
    maintain: Reason | None
    unvaried: bool
    seen: tuple[float, float]
    days: int
    error: float
    identified: float
    days_since_break: int | None
    response: Response


@dataclass(frozen=True, slots=True)
class Advice:
    """The proposal as a whole; `maintain` says why nothing changes, None if something does.

    `expected_change` of daily revenue once carry-over has settled, with its 90 % interval from
    `low` to `high`, on a `revenue` of today's split; `probability` is that of any gain.
    """

    channels: tuple[ChannelAdvice, ...]
    total: Decimal
    revenue: float
    expected_change: float
    low: float
    high: float
    probability: float
    maintain: Reason | None


def advise(
    told: History, current: Sequence[Decimal], given: Constraints, rng: np.random.Generator
) -> Advice:
    """The advice on a history, the `current` daily split and its constraints.

    Contradiction where no split keeps the constraints; Invalid where the split is not of the total.
    """
    now = np.array([float(part) for part in current])
    total = sum(current, Decimal(0))
    if any(part % CENT for part in current):
        raise Invalid("Give the current spend in whole cents.")
    if (
        len(now) != len(told.channels)
        or abs(float(total) - given.total) > 0.005 + CLOSE * given.total
    ):
        raise Invalid("Give the current spend of each channel; it must come to the total.")
    limits = bounds(given, now, told.channels)
    stay = _nearest_allowed(now, limits, given.total)
    known = fit(told)
    seen = trust(told, known)
    low, high = trusted(seen, now, _free(limits, stay, _held(seen, now)), given.total)
    curves, mean = drawn(known, DRAWS, rng), expected(known)
    wanted = best(mean, low, high, given.total)
    cents, why = _worthwhile(curves, (now, stay, wanted), (total, *limits))
    if cents is None:
        cents = to_cents(stay, total, *limits)
        why = _why_not(told, seen, limits, why) if cents == tuple(current) else None
    return _advice(_Found(told, seen, curves, mean, limits), tuple(current), cents, why)


@dataclass(frozen=True, slots=True)
class _Found:
    told: History
    seen: Trust
    curves: Curves
    mean: Curves
    limits: tuple[Floats, Floats]


def _held(seen: Trust, now: Floats) -> Bools:
    """[channel]: too little is known to change anything."""
    result: Bools = (seen.days < FEW_DAYS) | ((now == 0) & (seen.most == 0))
    return result


def _nearest_allowed(now: Floats, limits: tuple[Floats, Floats], total: float) -> Floats:
    """What is spent now, or what is nearest to it where constraints forbid that."""
    allowed = ((now >= limits[0]) & (now <= limits[1])).all()
    return now if allowed else nearest(now, *limits, total)


def _free(limits: tuple[Floats, Floats], stay: Floats, held: Bools) -> tuple[Floats, Floats]:
    """Bounds in which what is held stays."""
    return np.where(held, stay, limits[0]), np.where(held, stay, limits[1])


def _worthwhile(
    curves: Curves, way: tuple[Floats, Floats, Floats], bound: tuple[Decimal, Floats, Floats]
) -> tuple[tuple[Decimal, ...] | None, Reason | None]:
    """The longest step that is likely enough to gain, or why there is none.

    The `way` is from what is spent now to where one can stay, and on to what is wanted.
    """
    now, stay, wanted = way
    revenue = float(curves.revenue(now).sum(axis=1).mean())
    why: Reason = "near-best"
    for part in PARTS:
        cents = to_cents(stay + part * (wanted - stay), *bound)
        gains = change(curves, now, np.array([float(one) for one in cents]))
        if float(gains.mean()) < WORTH * revenue or not gains.any():
            break
        if float((gains > 0).mean()) >= LIKELY:
            return cents, None
        why = "uncertain"
    return None, why


def _why_not(
    told: History, seen: Trust, limits: tuple[Floats, Floats], why: Reason | None
) -> Reason | None:
    """Why nothing changes, the most telling reason first."""
    table: tuple[tuple[bool, Reason], ...] = (
        (len(told.channels) == 1, "one-channel"),
        (told.earned <= 0, "no-history"),
        (bool((seen.days < FEW_DAYS).all()), "few-days"),
        (bool((limits[1] - limits[0] <= MOVED * limits[1]).all()), "bound"),
        (bool(seen.near.all()), "unvaried"),
    )
    return next((reason for true, reason in table if true), why)


def _advice(
    found: _Found, current: tuple[Decimal, ...], cents: tuple[Decimal, ...], why: Reason | None
) -> Advice:
    before, after = (np.array([float(one) for one in part]) for part in (current, cents))
    gains = change(found.curves, before, after)
    low, high = np.quantile(gains, LEVELS)
    return Advice(
        channels=_channels(found, current, cents, why),
        total=sum(current, Decimal(0)),
        revenue=float(found.mean.revenue(before).mean(axis=0).sum()),
        expected_change=float(gains.mean()),
        low=float(low),
        high=float(high),
        probability=float((gains > 0).mean()),
        maintain=why,
    )


def _channels(
    found: _Found, current: tuple[Decimal, ...], cents: tuple[Decimal, ...], why: Reason | None
) -> tuple[ChannelAdvice, ...]:
    seen = found.seen
    at = np.array([[float(a), float(b)] for a, b in zip(current, cents, strict=True)])
    slopes, roas = found.mean.marginal(at), _roas(found.told)
    responses = _responses(found, at)
    return tuple(
        ChannelAdvice(
            channel=name,
            current=current[n],
            proposed=cents[n],
            marginal=float(slopes[n, 0]),
            marginal_proposed=float(slopes[n, 1]),
            roas=None if np.isnan(roas[n]) else float(roas[n]),
            maintain=_reason(found, at[n], n, why),
            unvaried=bool(seen.near[n]),
            seen=(float(seen.least[n]), float(seen.most[n])),
            days=int(seen.days[n]),
            error=float(seen.error[n]),
            identified=float(seen.identified[n]),
            days_since_break=_whole(seen.since_break[n]),
            response=responses[n],
        )
        for n, name in enumerate(found.told.channels)
    )


def _whole(days: float) -> int | None:
    return int(days) if np.isfinite(days) else None


def _reason(found: _Found, at: Floats, n: int, why: Reason | None) -> Reason | None:
    """Why a channel stays where it is; None where it changes."""
    now, then = at
    if abs(then - now) > MOVED * now:
        return None
    low, high = found.limits[0][n], found.limits[1][n]
    table: tuple[tuple[bool, Reason | None], ...] = (
        (why in ("one-channel", "no-history"), why),
        (found.seen.most[n] == 0, "no-history"),
        (found.seen.days[n] < FEW_DAYS, "few-days"),
        (why is not None, why),
        (then <= low + MOVED * now or then >= high - MOVED * now, "bound"),
    )
    return next((reason for true, reason in table if true), "near-best")


def _roas(told: History) -> Floats:
    """[channel]: average return on ad spend of the last four weeks, NaN without spend."""
    recent = told.last(ROAS_DAYS)
    both = np.isfinite(recent.spend) & np.isfinite(recent.revenue)
    paid = np.where(both, recent.spend, 0.0).sum(axis=0)
    earned = np.where(both, recent.revenue, 0.0).sum(axis=0)
    return np.where(paid > 0, earned / np.where(paid > 0, paid, 1.0), np.nan)


def _responses(found: _Found, at: Floats) -> list[Response]:
    """Curves from nothing to a little more than was seen or is spent or proposed."""
    most = 1.2 * np.maximum(found.seen.most, at.max(axis=1))
    spends = most[:, None] * np.linspace(0.0, 1.0, POINTS)
    mean = found.mean.mean_revenue(spends)
    drawn_at = np.array([found.curves.revenue(spends[:, n]) for n in range(POINTS)])
    low, high = np.quantile(drawn_at, LEVELS, axis=1)
    return [
        Response(*(tuple(map(float, row)) for row in (spends[n], mean[n], low[:, n], high[:, n])))
        for n in range(len(spends))
    ]
