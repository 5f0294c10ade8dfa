"""How far outside chance each day is: counts by chance, and the series' own restlessness."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from shared.domain.anomalies.detection.drivers import MEDIAN_OF_COUNT, Ratios, counted, counts
from shared.domain.anomalies.detection.expected import RECENT_WEEKS, Expected
from shared.domain.anomalies.detection.medians import (
    MAD_TO_SIGMA,
    WEEK,
    Bools,
    Days,
    Floats,
    median,
    quantiles,
)

RECENT = RECENT_WEEKS * WEEK
FLOOR = 0.03  # no series is steadier than this from day to day, whatever its past looks like
ROBUST = 5.0  # variance of a robust variance, relative, times the days it is taken from
TAIL, TAIL_SIGMAS = 0.9, 1.645
FARTHEST = 1.5  # of a logarithm counts as noise; a count of zero would be any number of them
UNLIKE = 0.25  # of what all campaigns have in common is not the same for all
HOLIDAY = 0.15  # how much less a holiday can be foretold


@dataclass(frozen=True, slots=True)
class Evidence:
    """One driver; rows are campaigns and then channels, columns the recent days, today last.

    `observed` and `expected` are totals, `exposure` what they are per, `effect` the log of observed
    by expected, `score` the same in standard deviations, `sigma` the standard deviation of
    a day, of which `spread` is no matter of counting.
    """

    metric: str
    observed: Floats
    expected: Floats
    exposure: Floats
    effect: Floats
    score: Floats
    sigma: Floats
    spread: Floats

    def of(self, rows: Days) -> Evidence:
        """Only some rows."""
        parts = (getattr(self, one.name)[rows] for one in fields(self)[1:])
        return Evidence(self.metric, *parts)


def evidence(ratio: Ratios, base: Expected, members: Floats, restless: Floats) -> Evidence:
    """Score the recent days of every campaign, and of every channel as the sum of its campaigns.

    `members` [channel, series] is 1 where a campaign belongs; `restless` [day] is variance to add.
    A channel is compared like with like: only campaigns of which something was expected.
    """
    expected = np.exp(base.log) * ratio.exposure
    gone = np.isnan(expected + ratio.total)
    nobody = members @ gone.astype(np.float64) == members.sum(axis=1, keepdims=True)
    gone = np.concatenate([gone, nobody])
    observed, expected = (_with_channels(part, gone, members) for part in (ratio.total, expected))
    needed = slice(-RECENT if counted(ratio.metric) else None, None)
    exposure = _with_channels(ratio.exposure[:, needed], gone[:, needed], members)
    drawn = counts(ratio.metric, expected, exposure)
    effect = np.log((observed + MEDIAN_OF_COUNT * counted(ratio.metric)) / expected)
    quiet = effect.astype(base.calm.dtype)
    np.copyto(quiet, np.nan, where=_odd(base, members))
    own = _own_noise(quiet[:, :-1], drawn[:, :-1], members.shape[1])
    varies = own[:, None] + (restless + base.doubt + (UNLIKE * base.common) ** 2)[-RECENT:]
    tested = _counted if counted(ratio.metric) else _summed
    score = tested(drawn[:, -RECENT:], effect[:, -RECENT:], varies)
    sigma, spread = np.sqrt(varies + 1 / drawn[:, -RECENT:]), np.sqrt(varies)
    observed, expected, exposure, effect = (
        part[:, -RECENT:] for part in (observed, expected, exposure, effect)
    )
    return Evidence(ratio.metric, observed, expected, exposure, effect, score, sigma, spread)


def _odd(base: Expected, members: Floats) -> Bools:
    """[row, day] that do not show what is ordinary; of a channel, where half of it does not."""
    share = members @ base.odd.astype(np.float64) / members.sum(axis=1, keepdims=True)
    return np.concatenate([base.odd, share >= 0.5])


def _with_channels(values: Floats, gone: Bools, members: Floats) -> Floats:
    """[row, day]: the campaigns' own, and below them the sums of each channel's; NaN where gone."""
    channels, campaigns = members.shape
    whole = np.empty((campaigns + channels, values.shape[1]))
    own = whole[:campaigns]
    own[:] = values
    np.copyto(own, 0.0, where=gone[:campaigns])
    np.matmul(members, own, out=whole[campaigns:])
    np.copyto(whole, np.nan, where=gone)
    return whole


def _own_noise(effect: Floats, drawn: Floats, campaigns: int) -> Floats:
    """[row]: variance beyond that of counting, as the overdispersion of a negative binomial.

    Where counting hides a series' own noise, that of the project's middle campaign is the better
    guess: both are weighed by their precision.
    """
    away = np.abs(effect)
    near, far = quantiles(away, 0.5, TAIL)
    whole = ((MAD_TO_SIGMA * near) ** 2 + (far / TAIL_SIGMAS) ** 2) / 2
    beyond = np.maximum(whole - median((1 / drawn).astype(effect.dtype)), 0.0)
    days = np.maximum(np.isfinite(away).sum(axis=1), 1)
    usual = max(float(np.nan_to_num(median(beyond[:campaigns]))), FLOOR**2)
    doubt = whole**2 * ROBUST / days
    mixed = (beyond * usual**2 + usual * doubt) / (usual**2 + doubt)
    return np.maximum(np.where(np.isfinite(mixed), mixed, usual), FLOOR**2)


def _counted(drawn: Floats, effect: Floats, own: Floats) -> Floats:
    """Standard deviations: logarithms where a series' own noise rules, counts where counting does.

    The latter as signed root of the Poisson deviance (McCullagh & Nelder, 1989, §2.4) with half a
    count of continuity, which keeps to the exact tail down to none out of eight.
    """
    size = np.sqrt(own + 1 / drawn)
    happened = np.maximum(drawn * np.exp(effect), 0.0)
    shifted = np.maximum(np.abs(happened - drawn) - 0.5, 0.0) * np.sign(happened - drawn) + drawn
    with np.errstate(divide="ignore", invalid="ignore"):
        within = shifted * np.log(shifted / drawn) - (shifted - drawn)
    root = np.sign(effect) * np.sqrt(2 * np.maximum(within, 0.0) / drawn)
    share = own / size**2
    result: Floats = (share * np.clip(effect, -FARTHEST, FARTHEST) + (1 - share) * root) / size
    return result


def _summed(drawn: Floats, effect: Floats, own: Floats) -> Floats:
    """Standard deviations of a sum of amounts: the signed root of the gamma deviance downwards,

    logarithms upwards: few small orders are likelier than many large ones, which happen too.
    """
    within = 2 * np.maximum(np.expm1(effect) - effect, 0.0)
    result: Floats = np.where(effect < 0, -np.sqrt(within), effect) / np.sqrt(own + 1 / drawn)
    return result
