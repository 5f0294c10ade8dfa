"""A channel's change is parted among its campaigns without a remainder."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.anomalies.explaining.contributions import contributors_of
from shared.domain.anomalies.finding import Finding, SeriesKey
from shared.domain.anomalies.panel import REST
from shared.domain.contributions import parts_of
from shared.domain.semantics import METRICS, STORED_METRICS
from tests.unit.anomalies.panels import Ordinary, steady

TEN = [m for m in METRICS if m not in ("cpm", "aov")]
counts = st.lists(st.integers(0, 10_000).map(float), min_size=4, max_size=4)
refunded = st.lists(st.integers(-10_000, 10_000).map(float), min_size=4, max_size=4)
amounts = st.tuples(*(refunded if c == "revenue" else counts for c in STORED_METRICS))


def columns(drawn):
    return dict(zip(STORED_METRICS, map(np.array, drawn), strict=True))


def overall(metric, sums):
    known = METRICS[metric]
    below = sums[known.denominator].sum() if known.denominator else 1.0
    return known.scale * sums[known.numerator].sum() / below if below else None


@settings(deadline=None)
@given(st.sampled_from(TEN), amounts, amounts)
def test_volumes_and_rates_add_up_to_the_change(metric, now, usual):
    now, usual = columns(now), columns(usual)
    after, before = overall(metric, now), overall(metric, usual)
    if after is None or before is None:
        return
    parts = parts_of(metric, now, usual)
    most = max(abs(after), abs(before))
    assert parts.total == pytest.approx(after - before, rel=1e-9, abs=1e-9 * max(most, 1))
    shares = [parts.share(row) for row in range(4)]
    if None not in shares and abs(after - before) > 1e-6 * most:
        assert sum(shares) == pytest.approx(1)


@settings(deadline=None)
@given(st.sampled_from(TEN), amounts, amounts)
def test_before_and_after_are_treated_alike(metric, now, usual):
    there, back = (
        parts_of(metric, columns(a), columns(b)) for a, b in ((now, usual), (usual, now))
    )
    np.testing.assert_allclose(there.volume, -back.volume, atol=1e-6)
    np.testing.assert_allclose(there.rate, -back.rate, atol=1e-6)


def test_a_ratio_changes_by_mix_or_by_itself():
    usual = {"clicks": np.array([10.0, 40.0]), "impressions": np.array([1000.0, 1000.0])}
    shifted = {"clicks": np.array([15.0, 20.0]), "impressions": np.array([1500.0, 500.0])}
    worse = {"clicks": np.array([10.0, 20.0]), "impressions": np.array([1000.0, 1000.0])}
    mix, own = parts_of("ctr", shifted, usual), parts_of("ctr", worse, usual)
    assert np.allclose(mix.rate, 0)
    assert mix.total == pytest.approx(35 / 2000 - 50 / 2000)
    assert np.allclose(own.volume, 0)
    assert own.rate.tolist() == pytest.approx([0, -0.01])


def changed(panel, name, **factors):
    """The panel with a campaign's last day multiplied."""
    row = panel.names.index(name)
    values = {c: v.copy() for c, v in panel.values.items()}
    for column, factor in factors.items():
        values[column][row, -1] *= factor
    return replace(panel, values=values)


def told(panel, metric, campaign=None, kind="point"):
    key = SeriesKey("meta", campaign, metric, "drop")
    day = panel.last_day
    return contributors_of(panel, Finding(key, kind, day, day, 1.0, 2.0, -0.5, 10.0, 9.0))


SEVEN = [Ordinary(f"c{n}", "meta", spend=100.0 * (n + 1)) for n in range(7)]


def test_a_channels_change_is_told_by_its_five_largest_parts():
    panel = changed(steady([*SEVEN, Ordinary("other")]), "c3", impressions=0.3)
    for n in (0, 1, 2, 4, 5):
        panel = changed(panel, f"c{n}", impressions=1 - 0.01 * (n + 1))
    found = told(panel, "impressions")
    assert [c.campaign for c in found] == ["c3", "c5", "c4", "c2", "c1"]
    assert found[0].share == pytest.approx(0.7 / 0.87)
    assert (found[0].current_value, found[0].baseline_value) == pytest.approx((30_000, 100_000))
    assert found[0].part == "rate"


def test_a_share_is_signed():
    panel = changed(changed(steady(SEVEN), "c1", revenue=0.2), "c2", revenue=1.4)
    assert [c.share for c in told(panel, "revenue")] == pytest.approx([2.0, -1.0])


@pytest.mark.parametrize(
    ("metric", "factors", "part"),
    [
        ("revenue", {"clicks": 0.5, "conversions": 0.5, "revenue": 0.5}, "volume"),
        ("revenue", {"conversions": 0.5, "revenue": 0.5}, "rate"),
        ("impressions", {"spend": 0.4, "impressions": 0.4}, "volume"),
        ("impressions", {"impressions": 0.4}, "rate"),
        ("spend", {"spend": 0.4}, None),
    ],
)
def test_a_campaign_is_told_as_its_part_of_the_channels_change(metric, factors, part):
    panel = changed(changed(steady(SEVEN), "c1", **factors), "c2", **{metric: 0.9})
    (found,) = told(panel, metric, "c1")
    (whole,) = (c for c in told(panel, metric) if c.campaign == "c1")
    assert found == replace(whole, current_value=1.0, baseline_value=2.0)  # the finding's own
    assert found.part == part
    assert 0 < found.share < 1


def test_where_the_channel_did_not_change_there_is_no_share():
    panel = changed(changed(steady(SEVEN[:2]), "c0", revenue=0.5), "c1", revenue=1.5)
    assert [c.share for c in told(panel, "revenue")] == [None, None]


def test_of_days_without_data_nobody_contributes():
    assert told(steady(SEVEN), "spend", kind="missing_data") == ()
    panel = steady(SEVEN)
    gone = {c: v.copy() for c, v in panel.values.items()}
    for column in gone.values():
        column[:, -1] = np.nan
    assert told(replace(panel, values=gone), "spend") == ()


def test_a_campaign_that_ended_as_planned_is_no_part_of_a_fall():
    panel = changed(steady(SEVEN[:3]), "c2", spend=0.5)
    values = {c: v.copy() for c, v in panel.values.items()}
    for column in values.values():
        column[0, -1] = np.nan
    unplanned = replace(panel, values=values)
    planned = replace(unplanned, ends=np.array([panel.days - 2, 1 << 30, 1 << 30]))
    assert {c.campaign for c in told(unplanned, "spend")} == {"c0", "c2"}
    assert [(c.campaign, c.share) for c in told(planned, "spend")] == [("c2", 1.0)]


def test_a_new_campaign_counts_as_usual_from_its_first_day_on():
    panel = changed(steady(SEVEN[:3]), "c2", spend=2.0)
    values = {c: v.copy() for c, v in panel.values.items()}
    for column in values.values():
        column[0, :-10] = np.nan
    assert [c.campaign for c in told(replace(panel, values=values), "spend")] == ["c2"]


def test_small_campaigns_are_told_together_without_an_id():
    panel = changed(steady(SEVEN[:2]), "c1", spend=2.0)
    panel = replace(panel, campaign_ids=("c0", REST), names=("c0", "whatever"))
    (found,) = told(panel, "spend")
    assert (found.campaign_id, found.campaign) == (None, "other campaigns")


def test_a_window_before_the_panel_is_judged_by_what_there_is():
    panel = steady(SEVEN[:2], days=9)
    key = SeriesKey("meta", None, "spend", "spike")
    first = panel.first_day
    early = Finding(key, "sustained", first, first + timedelta(days=3), 1.0, 1.0, 0.0, 1.0, 1.0)
    assert contributors_of(panel, early) == ()
