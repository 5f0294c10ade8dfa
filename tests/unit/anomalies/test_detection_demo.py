"""The demo story, scanned every day: its five anomalies are found, and no season, no month end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from infra.local import demo
from infra.local.demo import OUTAGE, SLIDE, SLUMP, SPIKE, WINDFALL, Anomaly
from shared.domain.anomalies.detection.detect import detect
from shared.domain.anomalies.finding import Finding, Rules
from tests.unit.anomalies.panels import demo_panel, until

LATER = date(2026, 10, 21)
TOLD: dict[str, tuple[Anomaly, str, str, str]] = {
    # metric, direction, kind as of its last day
    "a spend spike": (SPIKE, "spend", "spike", "point"),
    "a week of poor performance": (SLUMP, "impressions", "drop", "sustained"),
    "a day of fourfold revenue": (WINDFALL, "revenue", "spike", "point"),
    "a click-through rate that slides": (SLIDE, "ctr", "drop", "gradual"),
    "a budget that runs out": (OUTAGE, "spend", "drop", "zero_spend"),
}
AFTERWARDS = timedelta(days=3)  # while a slide's end is not yet told from its middle


@pytest.fixture(
    scope="module", params=[(42, demo.LAST_STORY_DAY), (7, demo.LAST_STORY_DAY), (42, LATER)]
)
def story(request: pytest.FixtureRequest) -> tuple[timedelta, list[Finding]]:
    """How far the story was moved, and every finding of its daily scans."""
    seed, last_day = request.param
    panel = demo_panel(seed, last_day)
    scans = [detect(until(panel, days), Rules()) for days in range(15, panel.days + 1)]
    return last_day - demo.LAST_STORY_DAY, [one for scan in scans for one in scan]


@pytest.mark.parametrize("name", TOLD)
def test_is_found(story: tuple[timedelta, list[Finding]], name: str) -> None:
    moved, found = story
    event, metric, direction, kind = TOLD[name]
    on_last_day = [
        (one.key.metric, one.key.direction, one.kind)
        for one in found
        if one.key.campaign_id == event.campaign and one.end == event.last + moved
    ]
    assert on_last_day == [(metric, direction, kind)]


@pytest.mark.parametrize("event", [SPIKE, SLUMP, WINDFALL, OUTAGE], ids=lambda event: event.kind)
def test_is_found_on_its_first_day(story: tuple[timedelta, list[Finding]], event: Anomaly) -> None:
    moved, found = story
    days = {one.end - moved for one in found if one.key.campaign_id == event.campaign}
    assert min(day for day in days if day >= event.first) == event.first


def test_nothing_else_is_found(story: tuple[timedelta, list[Finding]]) -> None:
    moved, found = story
    events = {event.campaign: event for event, *_ in TOLD.values()}
    for one in found:
        event = events[str(one.key.campaign_id)]
        assert event.first <= one.end - moved <= event.last + AFTERWARDS
