"""Each Monday one order for each project, for the same week, when Sunday's data are in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain import outbox
from shared.ports import Delete

from .conftest import ANN, WEEK

FIRED = datetime(2025, 3, 31, 8, tzinfo=UTC)  # a Monday

# Zone → hours after the firing at which it is Monday, 06:00 there; 0: it is past that
ZONES = {
    "UTC": 0,
    "Europe/Berlin": 0,
    "Asia/Tokyo": 0,
    "Pacific/Auckland": 0,
    "Pacific/Kiritimati": 0,
    "Atlantic/South_Georgia": 0,  # 06:00 there, to the minute
    "America/Sao_Paulo": 1,
    "America/New_York": 2,
    "America/Los_Angeles": 5,
    "Pacific/Honolulu": 8,  # Sunday, 22:00 there
    "Pacific/Midway": 9,
    "No/Such": 0,
    "": 0,
}


def orders(messages) -> set[tuple[str, str]]:
    return {(m["project_id"], m["body"]["week"]) for m in messages}


@pytest.mark.parametrize(("zone", "hours"), ZONES.items())
def test_an_order_waits_for_monday_morning_where_the_project_is(bare, zone, hours):
    bare.store("projects/shop", {"id": "shop", "timezone": zone})
    bare.clock.at = FIRED
    assert bare.fire() == 204
    if hours:
        assert bare.claim() == []
        bare.clock.at = FIRED + timedelta(hours=hours)
        assert outbox.relay(bare.suite) == 0  # it is due this minute
        bare.clock.at += outbox.LEFT_AFTER
        assert outbox.relay(bare.suite) == 1
    assert orders(bare.claim()) == {("shop", WEEK)}
    assert bare.outbox() == []


# When the clock fired, and which week is summed up
FIRINGS = [
    (FIRED, WEEK),
    (FIRED + timedelta(days=6, hours=15), WEEK),  # by hand, on the Sunday after
    (FIRED + timedelta(days=7), "2025-W14"),
    (datetime(2024, 12, 30, 8, tzinfo=UTC), "2024-W52"),
    (datetime(2026, 1, 5, 8, tzinfo=UTC), "2026-W01"),  # from 29 December on
    (datetime(2027, 1, 4, 8, tzinfo=UTC), "2026-W53"),
]


@pytest.mark.parametrize(("fired", "week"), FIRINGS)
def test_the_week_is_the_newest_one_that_is_over(bare, fired, week):
    bare.clock.at = fired
    bare.fire()
    assert orders(bare.claim()) == {("shop", week)}


def test_every_project_is_ordered_once_whatever_their_number(bare):
    for number in range(1_200):
        bare.store(f"projects/p{number:04}", {"id": f"p{number:04}", "timezone": "UTC"})
    bare.fire()
    found = bare.claim()
    assert len(found) == len(orders(found)) == 1_201


def test_a_firing_that_comes_again_or_late_changes_nothing(bureau):
    bureau.clock.at = FIRED
    assert [bureau.fire(), bureau.fire()] == [204, 204]
    [order] = bureau.claim()
    receipt = "receipts/summary_scan:scheduled:1"
    bureau.suite.documents.commit(Delete(receipt))  # it died before it could say so
    bureau.clock.at += timedelta(hours=3)
    bureau.fire()
    [again] = bureau.claim()
    assert again == order
    order.pop("topic")
    for _ in range(2):
        assert bureau.push("summary_write", order) == 204
        bureau.drain()
    assert bureau.to() == [ANN]


def test_an_order_that_waits_is_one_however_often_the_clock_fires(bare):
    bare.store("projects/shop", {"id": "shop", "timezone": "America/New_York"})
    bare.clock.at = FIRED
    bare.fire()
    bare.suite.documents.commit(Delete("receipts/summary_scan:scheduled:1"))
    bare.fire()
    assert len(bare.outbox()) == 1
