"""Which anomalies a week tells of."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.unit.summaries.facts.shops import (
    BEFORE,
    FIVE_WEEKS,
    LAST_WEEK,
    THIS_WEEK,
    day,
    rows,
    scan,
)

# The window's first and last day, and what else is known; how the week tells of it.
ANOMALIES = {
    "begins and lasts": (2, 6, {}, "opened"),
    "of its Monday": (0, 0, {}, "opened"),
    "of its Sunday, found on Monday": (6, 6, {"detected_at": scan(7)}, "opened"),
    "of the Sunday before, found on this Monday": (-1, 3, {"detected_at": scan(0)}, "ongoing"),
    "of the next Monday": (7, 7, {}, None),
    "slid for weeks, found now": (-25, 3, {"detected_at": scan(4)}, "opened"),
    "found before": (-25, 3, {"detected_at": scan(-3)}, "ongoing"),
    "slid for weeks, found after the week": (-18, 9, {"detected_at": scan(9)}, "ongoing"),
    "silent, and still open": (-9, -5, {}, "ongoing"),
    "recovered on Sunday": (-9, 4, {"resolved_at": scan(7), "resolved_by": "recovery"}, "resolved"),
    "recovered on the Sunday before": (
        -9, -2, {"resolved_at": scan(0), "resolved_by": "recovery"}, None,
    ),
    "recovered after the week": (
        3, 8, {"resolved_at": scan(10), "resolved_by": "recovery"}, "opened",
    ),
    "older, recovered after the week": (
        -3, 8, {"resolved_at": scan(10), "resolved_by": "recovery"}, "ongoing",
    ),
    "closed by a person on Sunday": (
        2, 5, {"resolved_at": scan(6), "resolved_by": "ann"}, "resolved",
    ),
    "closed by a person on Monday": (
        2, 5, {"resolved_at": scan(7), "resolved_by": "ann"}, "opened",
    ),
    "began and was over": (1, 2, {"resolved_at": scan(5), "resolved_by": "recovery"}, "resolved"),
    "added long after it was over": (
        -20, -18, {"detected_at": scan(5), "resolved_at": scan(5), "resolved_by": "recovery"}, None,
    ),
    "added after it was over in the week": (
        1, 2, {"detected_at": scan(12), "resolved_at": scan(12), "resolved_by": "recovery"},
        "resolved",
    ),
    "muted": (2, 6, {"muted_until": day(30)}, None),
    "no more muted": (2, 6, {"muted_until": day(6)}, "opened"),
}  # fmt: skip


@pytest.mark.parametrize("case", ANOMALIES)
def test_an_anomaly_is_told_by_its_window_and_when_it_was_over(shop, case):
    start, end, told, state = ANOMALIES[case]
    shop.has(rows(FIVE_WEEKS))
    shop.notices("a", start, end, **told)
    assert [one.state for one in shop.facts().anomalies] == ([state] if state else [])


@pytest.mark.parametrize(
    ("zone", "state"), [("Pacific/Kiritimati", None), ("Pacific/Pago_Pago", "resolved")]
)
def test_the_day_of_a_resolution_is_one_of_the_project(shop, zone, state):
    shop.is_of(timezone=zone)
    shop.has(rows(FIVE_WEEKS))
    closed = datetime(2025, 3, 9, 12, tzinfo=UTC)  # there it is Monday, here still Sunday
    shop.notices("a", -9, -2, resolved_at=closed.replace(day=17, hour=10), resolved_by="ann")
    found = [one.state for one in shop.facts().anomalies]
    assert found == ([state] if state else ["ongoing"])


def test_the_weightiest_come_first_and_the_others_are_counted(shop):
    shop.has(rows(FIVE_WEEKS))
    for n in range(13):
        over = {"resolved_at": scan(5), "resolved_by": "recovery"} if n % 2 else {}
        shop.notices(f"a{n:02}", 2, 3, impact=float(n), **over)
    shop.notices("none of this week", 9, 9, impact=99.0)
    facts = shop.facts()
    assert [one.impact for one in facts.anomalies] == [float(n) for n in range(12, 2, -1)]
    assert {one.state for one in facts.anomalies} == {"opened", "resolved"}
    assert facts.more_anomalies == 3
    assert facts.anomalies[0].headline == "Headline of a12"


def test_another_projects_anomalies_are_not_told(shop):
    shop.has(rows(FIVE_WEEKS))
    shop.notices("a", 2, 3)
    shop.is_of(id="other")
    shop.has(rows(FIVE_WEEKS))
    assert shop.facts().anomalies == ()


GAP = {"kind": "missing_data", "direction": "drop", "resolved_at": scan(5)}


@pytest.mark.parametrize(("days", "told"), [(BEFORE, 0), (FIVE_WEEKS, 1)])
def test_data_that_came_again_are_not_told_of_a_channel_that_is_silent(shop, days, told):
    shop.has(rows(FIVE_WEEKS, channel="email"), rows(days))
    shop.notices("a", -1, 3, **GAP)
    assert len(shop.facts().anomalies) == told


# Of which campaign, its window, what else is known; whether a rise may be more than a recovery.
FALLS = {
    "none": (None, None, False),
    "of the channel": ((-5, -3), {"resolved_at": scan(-1), "resolved_by": "recovery"}, True),
    "of the campaign": ((-5, 1), {"campaign_id": "Spring", "resolved_at": scan(3)}, True),
    "a spike": ((-5, -3), {"direction": "spike"}, False),
    "of another channel": ((-5, -3), {"channel": "email"}, False),
    "long over": ((-20, -15), {"resolved_at": scan(-13), "resolved_by": "recovery"}, False),
}


@pytest.mark.parametrize("case", FALLS)
def test_nothing_is_built_on_a_recovery(shop, case):
    window, told, recovers = FALLS[case]
    shop.has(rows(LAST_WEEK, revenue=10), rows(THIS_WEEK, revenue=90))
    if window is not None:
        shop.notices("a", *window, **({"direction": "drop"} | told))
    found = {one.code for one in shop.facts().actions}
    assert ("build_on_rising" in found) != recovers
