"""The chart of a finding: the last weeks, what is usual, and the days that are not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from shared.domain.anomalies.explaining.explanation import Telling, describe
from shared.domain.anomalies.explaining.picture import LINE, UNUSUAL
from shared.domain.anomalies.finding import Finding, SeriesKey
from tests.unit.anomalies.panels import Ordinary, demo_panel, steady, until

STORY = demo_panel()


def drawn(panel=STORY, metric="spend", days=None, subject="google_ads", **more):
    """Of a channel, or of `channel/campaign`; nothing is known of its baseline, unless told."""
    start, end = days or (panel.last_day, panel.last_day)
    channel, _, campaign = subject.partition("/")
    key = SeriesKey(channel, campaign or None, metric, "drop")
    finding = Finding(key, "point", start, end, 1.0, None, None, 10.0, 9.0)
    return describe(panel, replace(finding, **more), Telling("EUR")).vega_lite


def rows(chart):
    return chart["data"]["values"]


def heights(chart):
    return [layer["encoding"]["y"] for layer in chart["layer"] if "y" in layer["encoding"]]


def test_eight_weeks_are_drawn_up_to_the_last_day():
    shown = rows(drawn())
    assert len(shown) == 56
    assert shown[-1]["date"] == STORY.last_day.isoformat()


@pytest.mark.parametrize("days", [1, 5, 56, 90])
def test_never_more_points_than_there_are_days_or_fit(days):
    panel = until(STORY, days)
    assert len(rows(drawn(panel, days=(panel.first_day, panel.last_day)))) == min(days, 70)


def test_the_days_of_the_finding_are_marked():
    days = (date(2025, 3, 10), date(2025, 3, 15))
    shown = rows(drawn(days=days, subject="meta/FB_Retargeting", metric="cpa"))
    marked = [row["date"] for row in shown if row["unusual"] is not None]
    assert marked == [(days[0] + timedelta(days=n)).isoformat() for n in range(6)]
    assert all(row["unusual"] == row["value"] for row in shown if row["date"] in marked)


def test_the_usual_lies_between_the_least_and_the_most_of_four_weeks():
    known = [row for row in rows(drawn(metric="revenue")) if row["usual"] is not None]
    assert len(known) == 29
    assert all(row["low"] <= row["usual"] <= row["high"] for row in known)


def test_a_weekday_is_compared_with_its_like():
    panel = steady([Ordinary("one")], days=60)
    panel.values["spend"][0, 5::7] = 400.0  # Saturdays
    for row in rows(drawn(panel))[-29:]:
        saturday = date.fromisoformat(row["date"]).weekday() == 5
        assert row["usual"] == row["low"] == row["high"] == (400.0 if saturday else 1000.0)


def test_what_is_undefined_is_null_and_the_chart_is_json():
    panel = steady([Ordinary("one")], days=60)
    panel.values["impressions"][0, -3:] = 0.0
    for column in panel.values.values():
        column[0, 30:33] = np.nan
    chart = drawn(panel, metric="ctr")
    assert [row["value"] for row in rows(chart)[-3:]] == [None] * 3
    assert [row["value"] for row in rows(chart)].count(None) == 6
    json.dumps(chart, allow_nan=False)


def test_of_missing_data_what_there_is_is_drawn():
    panel = steady([Ordinary("one")], days=60)
    for column in panel.values.values():
        column[0, -2:] = np.nan
    days = (panel.last_day - timedelta(days=1), panel.last_day)
    shown = rows(drawn(panel, days=days, kind="missing_data"))
    assert [row["value"] for row in shown[-3:]] == [1000.0, None, None]
    assert [row["usual"] for row in shown[-2:]] == [1000.0, 1000.0]
    assert not [row for row in shown if row["unusual"] is not None]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("point", "Unusual from 5 to 6 March."),
        ("zero_spend", "Unusual from 5 to 6 March."),
        ("missing_data", "No data from 5 to 6 March."),
        ("gradual", "Falling over the two days to 6 March."),
    ],
)
def test_the_days_are_shaded_whether_they_have_values_or_not(kind, said):
    panel = steady([Ordinary("one")], days=60)
    for column in panel.values.values():
        column[0, -2:] = np.nan
    days = (panel.last_day - timedelta(days=1), panel.last_day)
    chart = drawn(panel, days=days, kind=kind)
    assert [row["within"] for row in rows(chart)] == [False] * 54 + [True] * 2
    assert chart["layer"][0]["mark"]["type"] == "rect"
    assert chart["layer"][0]["transform"] == [{"filter": "datum.within"}]
    assert chart["description"].endswith(said)


WEEK = np.array([1.0, 2, 3, 4, 5, 6, 7]) / 4
LAST_FIVE = (date(2025, 3, 2), date(2025, 3, 6))


@pytest.mark.parametrize(
    ("metric", "kind", "gone", "baseline", "mean"),
    [
        ("spend", "sustained", (), 6000.0, 1200.0),
        ("spend", "sustained", (-1, -3), 6000.0, 2000.0),  # of the three days that are there
        ("spend", "zero_spend", range(-5, 0), 6000.0, 1200.0),
        ("spend", "missing_data", range(-5, 0), 6000.0, 1200.0),
        ("spend", "gradual", (), 7700.0, 1100.0),  # of a week
        ("revenue", "sustained", (), -500.0, -100.0),
        ("ctr", "sustained", (), 0.0147, 0.0147),
        ("ctr", "gradual", (), 0.0147, 0.0147),
    ],
)
def test_on_the_findings_days_the_usual_is_its_baseline(metric, kind, gone, baseline, mean):
    panel = steady([Ordinary("one")], days=60)
    for column in ("spend", "clicks", "revenue"):
        panel.values[column][0] *= np.resize(WEEK, 60)
    for column in panel.values.values():
        column[0, list(gone)] = np.nan
    shown = rows(drawn(panel, metric, LAST_FIVE, kind=kind, baseline=baseline))[-5:]
    judged = shown if len(gone) == 5 else [row for row in shown if row["value"] is not None]
    assert np.mean([row["usual"] for row in judged]) == pytest.approx(mean, rel=1e-4)
    assert (len({row["usual"] for row in shown}) == 1) == (kind == "gradual" or mean < 0)
    assert all(row["low"] is None or row["low"] <= row["usual"] <= row["high"] for row in shown)


@pytest.mark.parametrize(
    ("metric", "clicks", "shown"),
    [("ctr", 20_000, ".1%"), ("ctr", 1500, ".2%"), ("ctr", 500, ".3%"), ("spend", 500, ",.2f")],
)
def test_a_small_rate_has_enough_decimals_to_see_a_slide(metric, clicks, shown):
    panel = steady([Ordinary("one", clicks=clicks)], days=60)
    panel.values["clicks"][0, -1] = 90_000.0
    chart = drawn(panel, metric)
    assert {y["axis"]["format"] for y in heights(chart)} == {shown}
    tips = [tip for layer in chart["layer"] for tip in layer["encoding"].get("tooltip", [])]
    assert {tip["format"] for tip in tips if tip["type"] == "quantitative"} == {shown}


def test_a_campaign_is_drawn_alone_and_a_channel_as_a_whole():
    panel = steady([Ordinary("one"), Ordinary("two"), Ordinary("else", channel="meta")], days=60)
    assert rows(drawn(panel))[-1]["value"] == 2000.0
    assert rows(drawn(panel, subject="google_ads/one"))[-1]["value"] == 1000.0


def test_it_says_what_it_shows():
    chart = drawn(subject="google_ads/Google_Display", days=(date(2025, 3, 22), date(2025, 3, 23)))
    assert chart["title"] == "Spend of Google_Display"
    assert chart["description"] == (
        "Spend of Google_Display by day up to 31 March, beside what is usual. "
        "Unusual from 22 to 23 March."
    )
    titles = {y["title"] for y in heights(chart)}
    assert titles == {"Spend (EUR)"}


@pytest.mark.parametrize(("metric", "zero"), [("ctr", False), ("cpa", False), ("spend", True)])
def test_a_ratio_fills_the_chart_so_that_a_slide_is_seen(metric, zero):
    scales = {y["scale"]["zero"] for y in heights(drawn(metric=metric))}
    assert scales == {zero}


def test_days_stay_days_in_every_time_zone():
    chart = drawn()
    assert chart["encoding"]["x"]["timeUnit"].startswith("utc")
    tips = [tip for layer in chart["layer"] for tip in layer["encoding"].get("tooltip", [])]
    assert all(t["timeUnit"].startswith("utc") for t in tips if t["type"] == "temporal")


def _light(color):
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("color", [LINE, UNUSUAL])
@pytest.mark.parametrize("page", ["#ffffff", "#121212"])
def test_colors_can_be_seen_on_light_and_dark_pages(color, page):
    """By 3 to 1, as WCAG 2.2 asks of graphics (1.4.11)."""
    low, high = sorted((_light(color), _light(page)))
    assert (high + 0.05) / (low + 0.05) >= 3


def test_the_page_is_left_to_the_page():
    assert "background" not in json.dumps(drawn())


def test_a_hostile_name_is_a_title_and_nothing_else():
    panel = replace(steady([Ordinary("one")], days=60), names=('<img src=x> {"expr": 1}',))
    assert drawn(panel, subject="google_ads/one")["title"] == 'Spend of <img src=x> {"expr": 1}'
