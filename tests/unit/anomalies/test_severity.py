"""From 20 % on a warning, above 40 % critical, either way, unless a project says otherwise."""

from __future__ import annotations

from datetime import date

import pytest

from shared.domain.anomalies.explaining.severity import bands_for, level, severity_of
from shared.domain.anomalies.finding import CERTAIN, UNPLANNED, Bands, Finding, SeriesKey

DAY = date(2025, 3, 3)


def found(deviation, kind="point", metric="spend", channel="meta", score=CERTAIN):
    key = SeriesKey(channel, "c1", metric, "drop" if (deviation or 0) < 0 else "spike")
    return Finding(key, kind, DAY, DAY, None, None, deviation, 100.0, score)


@pytest.mark.parametrize(
    ("deviation", "expected"),
    [
        (0.25, "warning"),
        (-0.45, "critical"),
        (0.199, None),
        (-0.199, None),
        (0.2, "warning"),
        (-0.2, "warning"),
        (0.4, "warning"),
        (-0.4, "warning"),
        (0.401, "critical"),
        (-0.401, "critical"),
        (4.0, "critical"),
        (0.0, None),
        (None, None),
    ],
)
def test_a_deviation_is_judged_by_its_size(deviation, expected):
    assert level(deviation, Bands()) == expected


@pytest.mark.parametrize(("now", "usual"), [(140, 100), (0.7, 0.5), (84, 60), (4.2, 3), (18, 30)])
def test_exactly_40_percent_is_a_warning_however_it_is_computed(now, usual):
    assert level(now / usual - 1, Bands()) == "warning"


@pytest.mark.parametrize(("now", "usual"), [(120, 100), (0.36, 0.3), (0.8, 1), (6, 5), (24, 30)])
def test_exactly_20_percent_is_a_warning_however_it_is_computed(now, usual):
    assert level(now / usual - 1, Bands()) == "warning"


@pytest.mark.parametrize(
    ("kind", "own", "effects", "expected"),
    [
        ("point", 0.05, [], "warning"),
        ("point", None, [], "warning"),
        ("gradual", -0.08, [], "warning"),
        ("gradual", -0.5, [], "critical"),
        ("sustained", -0.31, [("cpa", 0.45)], "critical"),
        ("sustained", -0.31, [("cpa", 0.4)], "warning"),
        ("sustained", -0.31, [("cpa", None)], "warning"),
        ("sustained", -0.31, [("cpa", 0.3), ("roas", -0.41)], "critical"),
        ("zero_spend", -1.0, [], "critical"),
        ("zero_spend", None, [], "critical"),
        ("missing_data", None, [], "warning"),
        ("missing_data", -1.0, [("cpa", 3.0)], "warning"),
    ],
)
def test_the_worst_of_a_finding_and_its_effects_counts(kind, own, effects, expected):
    assert severity_of(found(own, kind), effects, {}) == expected


def test_spend_that_somebody_may_have_stopped_is_a_warning():
    assert severity_of(found(-1.0, "zero_spend", score=UNPLANNED), [], {}) == "warning"


BOTH, METRIC, CHANNEL, ANY = Bands(0.1, 0.2), Bands(0.1, 0.3), Bands(0.1, 0.5), Bands(0.1, 0.6)
SET = {("meta", "cpa"): BOTH, ("", "cpa"): METRIC, ("meta", ""): CHANNEL, ("", ""): ANY}


@pytest.mark.parametrize(
    ("channel", "metric", "expected"),
    [
        ("meta", "cpa", BOTH),
        ("email", "cpa", METRIC),
        ("meta", "ctr", CHANNEL),
        ("email", "ctr", ANY),
    ],
)
def test_the_closest_bands_of_a_project_count(channel, metric, expected):
    assert bands_for(SET, channel, metric) == expected


def test_without_bands_the_rule_holds():
    assert bands_for({}, "meta", "cpa") == Bands(0.20, 0.40)


def test_each_effect_is_judged_by_the_bands_of_its_own_metric():
    bands = {("", "cpa"): Bands(0.5, 1.0)}
    assert severity_of(found(-0.31), [("cpa", 0.9)], bands) == "warning"
    assert severity_of(found(-0.31), [("cpc", 0.9)], bands) == "critical"
