"""The benchmark's generator says the truth about its data, and its scorer counts as it says."""

from __future__ import annotations

import numpy as np
import pytest

from shared.domain.anomalies.finding import Direction, Finding, Kind, SeriesKey
from tests.bench.anomalies.generator import history, project
from tests.bench.anomalies.scoring import Score
from tests.bench.anomalies.truth import JUDGED, MOVES, NEVER, STORED, Event, Project

SEEDS = range(12)
# What a driver is per what; spend and mails are themselves.
PARTS = {
    "spend": ("spend", None),
    "impressions": ("impressions", "spend"),
    "ctr": ("clicks", "impressions"),
    "conversion_rate": ("conversions", "clicks"),
    "revenue": ("revenue", "conversions"),
}


def events(*kinds: Kind) -> list[tuple[Project, Event]]:
    pairs = [(truth, event) for truth in map(project, SEEDS) for event in truth.events]
    return [(truth, event) for truth, event in pairs if event.kind in kinds]


def rows_of(truth: Project, event: Event) -> list[int]:
    owners = zip(truth.channels, truth.campaign_ids, strict=True)
    ids = (None,) if event.campaign_id is None else (event.campaign_id,)
    return [n for n, (c, i) in enumerate(owners) if c in event.channels and ids[0] in (None, i)]


def test_a_seed_is_one_project_and_another_seed_another() -> None:
    once, again, other = project(7), project(7), project(8)
    for name in STORED:
        assert np.array_equal(once.final[name], again.final[name])
    assert (once.events, once.causes) == (again.events, again.causes)
    assert once.final["spend"].shape != other.final["spend"].shape or once.events != other.events


def test_a_project_has_the_promised_size_and_events() -> None:
    for truth in map(project, SEEDS):
        assert 16 <= len(truth.campaign_ids) <= 26
        assert 3 <= len(set(truth.channels)) <= 5
        assert list(truth.channels) == sorted(truth.channels)
        assert len(truth.events) <= 8
        assert all(JUDGED.start <= event.first <= event.last < 180 for event in truth.events)


def mean(truth: Project, event: Event, days: slice) -> float:
    """The event's driver over some days, from the numbers as they turned out."""
    rows = rows_of(truth, event)
    there = truth.seen_from[rows, days] < NEVER
    top, bottom = PARTS[event.metric]
    if bottom == "spend" and not truth.final["spend"][rows].any():
        bottom = None  # nothing is spent on mails
    over = truth.final[bottom][rows, days] * there if bottom else there
    return float((truth.final[top][rows, days] * there).sum() / over.sum())


def test_an_event_moves_its_driver_the_way_its_label_says() -> None:
    labelled = events("point", "sustained", "gradual")
    for truth, event in labelled:
        start = event.last - 6 if event.kind == "gradual" else event.first
        during = mean(truth, event, slice(start, event.last + 1))
        before = mean(truth, event, slice(event.first - 28, event.first))
        assert (during > before) == (event.direction == "spike"), (truth.seed, event)
    assert len(labelled) > 30


def test_rows_are_missing_and_spend_is_zero_on_the_days_that_are_labelled_so() -> None:
    for truth, event in events("missing_data"):
        panel = history(truth, event.first)
        rows = [n for n, name in enumerate(panel.channels) if name in event.channels]
        assert np.isnan(panel.values["spend"][rows, -1]).all()
    for truth, event in events("zero_spend"):
        panel = history(truth, event.last)
        row = panel.campaign_ids.index(event.campaign_id)
        assert not np.nan_to_num(panel.values["spend"][row, event.first :]).any()
        assert panel.values["spend"][row, event.first - 7 : event.first].sum() > 0


def test_a_scan_knows_no_more_than_had_arrived_by_its_morning() -> None:
    truth = project(3)
    day = 100
    early, late = history(truth, day), history(truth, day + 3)
    assert early.days == day + 1
    same = [late.campaign_ids.index(name) for name in early.campaign_ids]
    orders = late.values["conversions"][same, : day + 1]
    both = ~np.isnan(early.values["conversions"])
    assert (early.values["conversions"][both] <= orders[both]).all()
    settled = both[:, : day - 2]
    known = early.values["conversions"][:, : day - 2]
    assert np.array_equal(known[settled], orders[:, : day - 2][settled])
    assert early.values["conversions"][:, -1][both[:, -1]].sum() < orders[:, -1][both[:, -1]].sum()


def test_what_moves_moves_what_is_derived_from_it() -> None:
    assert all(moved[metric] == 1 for metric, moved in MOVES.items())
    assert MOVES["ctr"]["cpc"] == MOVES["conversion_rate"]["cpa"] == -1


def said(truth: Project, event: Event, **differs: object) -> tuple[int, Finding]:
    """What finds the event on its first day, unless something differs."""
    known = {"channel": event.channels[0], "campaign": event.campaign_id, "day": event.first}
    known |= {"metric": event.metric, "direction": event.direction, "kind": event.kind} | differs
    key = SeriesKey(known["channel"], known["campaign"], known["metric"], known["direction"])
    day = truth.day(known["day"])
    return known["day"], Finding(key, known["kind"], day, day, None, None, None, 0.0, 9.0)


def point_of_a_campaign() -> tuple[Project, Event]:
    return next(pair for pair in events("point") if pair[1].campaign_id)


OPPOSITE: dict[Direction, Direction] = {"spike": "drop", "drop": "spike"}


@pytest.mark.parametrize(
    ("found", "false", "tell"),
    [
        (1, 0, lambda e: [{}]),
        (1, 0, lambda e: [{"campaign": None}]),
        (1, 0, lambda e: [{}, {"campaign": None}]),
        (1, 0, lambda e: [{}, {"day": e.first + 1}]),
        (0, 1, lambda e: [{"day": e.first + 9}]),
        (0, 1, lambda e: [{"day": e.first - 3}]),
        (0, 1, lambda e: [{"direction": OPPOSITE[e.direction]}]),
        (0, 1, lambda e: [{"channel": "elsewhere"}]),
    ],
    ids=[
        "the campaign itself finds it",
        "its channel finds it",
        "both are one",
        "a second day is the same",
        "too late is false",
        "from long before is false",
        "the other way is false",
        "another channel is false",
    ],
)
def test_an_incident_counts_once_and_only_on_its_event(found, false, tell) -> None:
    truth, event = point_of_a_campaign()
    score = Score()
    score.add(truth, [said(truth, event, **differs) for differs in tell(event)])
    assert (score.found.total(), score.false.total()) == (found, false)


def test_the_same_told_anew_is_false() -> None:
    truth, event = next(pair for pair in events("gradual") if pair[1].campaign_id)
    score = Score()
    score.add(truth, [said(truth, event, day=day) for day in (event.found_from, event.last)])
    assert (score.found.total(), score.false.total(), score.causes) == (1, 1, {"told anew": 1})
    assert score.delay("gradual") == event.found_from - event.first
