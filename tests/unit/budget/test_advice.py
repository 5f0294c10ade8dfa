from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from shared.domain.budget.advice import Advice
from shared.domain.budget.constraints import Constraints, Contradiction
from shared.domain.budget.fitting import fit
from shared.domain.budget.history import Floats, history
from shared.errors import Invalid
from tests.unit.budget.shops import FIRST, asked, days

SPEND, REVENUE = days()


def changed(values: Floats, *where: object, to: object) -> Floats:
    copy = values.copy()
    copy[where] = to
    return copy


def proposed(said: Advice) -> list[float]:
    return [float(one.proposed) for one in said.channels]


def test_money_goes_where_the_last_unit_of_it_brings_most() -> None:
    said = asked(SPEND, REVENUE)
    assert said.maintain is None
    up = [one for one in said.channels if one.proposed > one.current]
    down = [one for one in said.channels if one.proposed < one.current]
    assert min(one.marginal for one in up) > max(one.marginal for one in down)
    assert said.probability >= 0.8
    assert said.low < said.expected_change < said.high


def test_the_best_average_return_gets_less_where_it_is_saturated() -> None:
    spend, revenue = days(half=np.array([60.0, 2500.0]), height=np.array([5000.0, 9000.0]))
    said = asked(spend, revenue)
    saturated, other = said.channels
    assert saturated.roas
    assert other.roas
    assert saturated.roas > 1.5 * other.roas
    assert saturated.proposed < saturated.current
    assert other.proposed > other.current


def test_the_total_is_kept_to_the_cent() -> None:
    current = [Decimal("1000.01"), Decimal("999.98"), Decimal("1000.02")]
    said = asked(SPEND, REVENUE, current=current)
    assert said.maintain is None
    assert sum(one.proposed for one in said.channels) == said.total == Decimal("3000.01")


def test_what_truly_follows_is_within_the_interval() -> None:
    said = asked(SPEND, REVENUE)
    half, height = np.array([500.0, 1500.0, 300.0]), np.array([4000.0, 6000.0, 2500.0])
    after, before = np.array(proposed(said)), np.full(3, 1000.0)
    true = (height * after / (after + half) - height * before / (before + half)).sum()
    assert said.low <= true <= said.high


def test_constraints_bind() -> None:
    given = Constraints(3000.0, np.array([950.0, 0, 0]), np.array([np.inf, 1080.0, np.inf]), 0.1)
    said = asked(SPEND, REVENUE, given)
    first, second, third = proposed(said)
    assert first >= 950
    assert second == 1080
    assert third >= 900


def test_what_constraints_force_is_done_even_without_evidence() -> None:
    given = Constraints(3000.0, np.array([1200.0, 0, 0]), np.full(3, np.inf))
    said = asked(SPEND[:3], REVENUE[:3], given)
    assert proposed(said) == [1200, 900, 900]
    assert said.maintain is None


def test_a_contradiction_is_said() -> None:
    given = Constraints(3000.0, np.array([2000.0, 2000.0, 0]), np.full(3, np.inf))
    with pytest.raises(Contradiction, match="floors come to 4,000"):
        asked(SPEND, REVENUE, given)


@pytest.mark.parametrize(
    ("spend", "revenue", "why"),
    [
        pytest.param(SPEND[:, :1], REVENUE[:, :1], "one-channel", id="one channel only"),
        pytest.param(0 * SPEND, 0 * REVENUE, "no-history", id="no spend"),
        pytest.param(0 * SPEND, REVENUE, "no-history", id="revenue without spend"),
        pytest.param(SPEND, np.nan * REVENUE, "no-history", id="no revenue known"),
        pytest.param(SPEND, 0 * REVENUE, "no-history", id="no revenue"),
        pytest.param(SPEND, -REVENUE, "no-history", id="more refunds than sales"),
        pytest.param(np.nan * SPEND, np.nan * REVENUE, "no-history", id="nothing known"),
        pytest.param(SPEND[:1], REVENUE[:1], "few-days", id="one day"),
        pytest.param(SPEND[:3], REVENUE[:3], "few-days", id="three days"),
        pytest.param(*days(sd=0.0), "unvaried", id="spend that never varied"),
        pytest.param(
            *days(half=np.full(3, 800.0), height=np.full(3, 5000.0)), "near-best", id="all equal"
        ),
    ],
)
def test_nothing_changes_where_the_evidence_does_not_carry_it(
    spend: Floats, revenue: Floats, why: str
) -> None:
    said = asked(spend, revenue)
    assert said.maintain == why
    assert [one.maintain for one in said.channels] == [why] * len(said.channels)
    assert all(one.proposed == one.current for one in said.channels)
    assert (said.expected_change, said.low, said.high) == (0, 0, 0)


def test_no_room_is_said_to_be_the_reason() -> None:
    said = asked(SPEND, REVENUE, Constraints(3000.0, np.zeros(3), np.full(3, np.inf), step=0.0))
    assert said.maintain == "bound"


def test_what_never_varied_is_marked_and_moved_little() -> None:
    spend, revenue = days(height=np.array([400.0, 12000.0, 2500.0]), sd=0.0)
    said = asked(spend, revenue)
    for one in said.channels:
        assert one.unvaried
        assert abs(one.proposed / one.current - 1) <= Decimal("0.25")


@pytest.mark.parametrize("before", [np.nan, 0.0])
def test_a_channel_that_started_yesterday_stays_as_it_is(before: float) -> None:
    new = (slice(None, -1), 2)
    said = asked(changed(SPEND, *new, to=before), changed(REVENUE, *new, to=before))
    one = said.channels[2]
    assert (one.maintain, one.proposed) == ("few-days", one.current)
    assert all(other.maintain != "few-days" for other in said.channels[:2])


def test_missing_and_infinite_days_are_left_out() -> None:
    spend, revenue = SPEND.copy(), REVENUE.copy()
    spend[::9], revenue[4::7], revenue[3, 0], spend[5, 1] = np.nan, np.nan, np.inf, -np.inf
    whole, holed = asked(SPEND, REVENUE), asked(spend, revenue)
    assert holed.maintain is None
    assert proposed(holed) == pytest.approx(proposed(whole), rel=0.25)


def test_excluded_days_tell_nothing_of_the_ordinary() -> None:
    sale = changed(REVENUE, slice(40, 44), 2, to=10 * REVENUE[40:44, 2])
    left_out = [date.fromordinal(FIRST.toordinal() + n) for n in range(40, 44)]
    names = [str(n) for n in range(3)]
    told = history(names, FIRST, SPEND, sale, left_out)
    plain = history(names, FIRST, SPEND, REVENUE, left_out)
    assert told.told.sum() == 56
    assert np.array_equal(fit(told).level, fit(plain).level)


def test_refunds_count_as_they_stand() -> None:
    said = asked(SPEND, changed(REVENUE, slice(5, None, 11), 1, to=-500.0))
    assert np.isfinite([said.expected_change, said.low, said.high, said.revenue]).all()
    assert 0 < said.revenue < REVENUE.mean(axis=0).sum() * 1.2


@pytest.mark.parametrize("scale", [Decimal(10) ** 9, Decimal("0.01")])
def test_the_size_of_the_currency_does_not_matter(scale: Decimal) -> None:
    plain = asked(SPEND, REVENUE)
    size = float(scale)
    other = asked(size * SPEND, size * REVENUE, current=[1000 * scale] * 3)
    assert other.probability == pytest.approx(plain.probability, abs=0.02)
    assert np.array(proposed(other)) / size == pytest.approx(proposed(plain), abs=1.01)


def test_a_break_is_seen_and_the_new_level_is_believed() -> None:
    said = asked(SPEND, changed(REVENUE, slice(40, None), 1, to=0.2 * REVENUE[40:, 1]))
    broken = said.channels[1]
    assert broken.days_since_break is not None
    assert abs(broken.days_since_break - 20) <= 5
    assert broken.proposed < broken.current
    assert said.channels[0].days_since_break is None


def test_nothing_is_proposed_far_outside_of_what_was_seen() -> None:
    spend, revenue = days(half=np.array([50.0, 9000.0]), height=np.array([900.0, 90000.0]))
    said = asked(spend, revenue)
    for one in said.channels:
        least, most = one.seen
        assert 0.5 * min(least, 1000) - 0.01 <= float(one.proposed) <= 2 * max(most, 1000) + 0.01


def test_two_hundred_channels_are_advised() -> None:
    spend, revenue = days(
        30, half=np.resize([500.0, 1500.0], 200), height=np.resize([3000.0, 9000.0], 200)
    )
    said = asked(spend, revenue)
    assert said.maintain is None
    assert sum(one.proposed for one in said.channels) == 200_000


def test_response_curves_rise_and_saturate_within_their_bounds() -> None:
    for one in asked(SPEND, REVENUE).channels:
        curve = one.response
        steps = np.diff(curve.revenue)
        assert (steps > 0).all()
        assert (np.diff(steps) < 0).all()
        assert curve.spend[0] == curve.revenue[0] == 0
        inner = slice(1, None)
        assert (np.array(curve.low) <= np.array(curve.high))[inner].all()


@pytest.mark.parametrize(
    "current",
    [
        pytest.param([Decimal(1000)] * 2, id="a channel is missing"),
        pytest.param([Decimal(1000), Decimal(1000), Decimal(900)], id="not the total"),
        pytest.param(
            [Decimal("1000.001"), Decimal("999.999"), Decimal(1000)], id="not whole cents"
        ),
    ],
)
def test_a_current_split_that_does_not_fit_is_invalid(current: list[Decimal]) -> None:
    given = Constraints(3000.0, np.zeros(3), np.full(3, np.inf))
    with pytest.raises(Invalid):
        asked(SPEND, REVENUE, given, current)


def test_the_same_question_has_the_same_answer() -> None:
    assert asked(SPEND, REVENUE) == asked(SPEND, REVENUE)
    assert replace(asked(SPEND, REVENUE), total=Decimal(1)) != asked(SPEND, REVENUE)
