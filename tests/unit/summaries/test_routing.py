"""Who gets the summary: members who want it and can be reached, once each, when they may be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain import outbox
from shared.domain.access import Caller
from shared.domain.notifications.members import MOST_MEMBERS
from shared.domain.people import remember
from shared.domain.summaries.week import week_over
from shared.ports import Create

from .conftest import ANN, HEADER, WEEK

EVE = "eve@example.com"


def quiet(bureau, start: float, end: float) -> dict[str, str]:
    """Quiet hours from so many hours from now to so many."""
    at = bureau.clock.at
    start_at, end_at = (f"{at + timedelta(hours=h):%H:%M}" for h in (start, end))
    return {"quiet_hours": {"start": start_at, "end": end_at, "timezone": "UTC"}}


WISHES = {
    "nothing chosen": ({}, True),
    "summaries on": ({"marketing_summaries": True}, True),
    "summaries off": ({"marketing_summaries": False}, False),
    "this project muted": ({"muted_projects": ["shop"]}, False),
    "another project muted": ({"muted_projects": ["bakery"]}, True),
    "no mail about anomalies": ({"anomalies": {"email": False}}, True),
    "only critical anomalies": ({"anomalies": {"least_severity": "critical"}}, True),
}


@pytest.mark.parametrize(("preferences", "told"), WISHES.values(), ids=WISHES)
def test_a_member_is_told_as_they_chose(bureau, preferences, told):
    bureau.joins(EVE, **preferences)
    bureau.tell()
    assert bureau.to() == [ANN, *([EVE] if told else [])]


def test_quiet_hours_put_it_off_to_their_end(bureau):
    bureau.joins(EVE, **quiet(bureau, -1, 2))
    bureau.tell()
    assert bureau.to() == [ANN]
    [waiting] = bureau.outbox()
    assert datetime.fromisoformat(waiting["at"]) == bureau.clock.at + timedelta(hours=2)
    assert EVE not in str({**waiting["body"], "uid": ""})
    bureau.clock.at += timedelta(hours=1)
    assert outbox.relay(bureau.suite) == 0
    bureau.clock.at += timedelta(hours=1, minutes=2)
    assert outbox.relay(bureau.suite) == 1
    bureau.drain()
    assert bureau.to() == [ANN, EVE]


# Europe's clocks went forward on 30 March 2025 and back on 27 October 2024: now and, in UTC, until
CHANGES = [
    ("2025-03-30T00:30", "22:00", "07:00", "2025-03-30T05:00"),
    ("2025-03-30T00:30", "22:00", "02:30", "2025-03-30T01:30"),  # a time that is left out
    ("2025-03-29T23:30", "22:00", "07:00", "2025-03-30T05:00"),
    ("2024-10-26T23:30", "22:00", "07:00", "2024-10-27T06:00"),
    ("2024-10-27T00:10", "22:00", "02:30", "2024-10-27T00:30"),
    ("2024-10-27T01:10", "22:00", "02:30", "2024-10-27T01:30"),  # quiet for a second time
]


@pytest.mark.parametrize(("now", "start", "end", "until"), CHANGES)
def test_quiet_hours_hold_by_the_clock_on_the_wall_when_it_is_changed(
    bureau, now, start, end, until
):
    bureau.clock.at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    bureau.prefers(ANN, quiet_hours={"start": start, "end": end, "timezone": "Europe/Berlin"})
    week = week_over(bureau.clock.at.date()).name
    if bureau.clock.at.year == 2024:
        bureau.ann.imports("shop", f"{HEADER}\n2024-10-15,meta,brand,100,9000,900,90,9000\n")
    bureau.tell(week=week)
    [waiting] = bureau.outbox()
    due = datetime.fromisoformat(waiting["at"])
    assert due == datetime.fromisoformat(until).replace(tzinfo=UTC)
    bureau.clock.at = due + timedelta(minutes=1)
    assert outbox.relay(bureau.suite) == 1
    bureau.drain()
    assert (bureau.to(), bureau.outbox()) == ([ANN], [])


def by_uid_and_address(bureau):
    remember(bureau.suite, Caller("u1", EVE))
    for name in ({"uid": "u1"}, {"email": EVE}):
        body = {**name, "role": "viewer"}
        assert bureau.ann.post("/v1/projects/shop/members", body).status_code == 201


def without_address(bureau):
    remember(bureau.suite, Caller("u1"))
    bureau.ann.post("/v1/projects/shop/members", {"uid": "u1", "role": "viewer"})


def never_signed_in(bureau):
    bureau.ann.post("/v1/projects/shop/members", {"email": EVE, "role": "viewer"})


def address_taken(bureau):
    remember(bureau.suite, Caller("u1", EVE))
    bureau.ann.post("/v1/projects/shop/members", {"uid": "u1", "role": "viewer"})
    remember(bureau.suite, Caller("u2", EVE))


def of_another_project(bureau):
    bureau.world.person(EVE).opens("bakery")


MEMBERS = {
    "a member by uid and by address": (by_uid_and_address, [ANN, EVE]),
    "an account without an address": (without_address, [ANN]),
    "an invited address that never came": (never_signed_in, [ANN]),
    "an address that another account has proved": (address_taken, [ANN]),
    "a member of another project": (of_another_project, [ANN]),
}


@pytest.mark.parametrize(("arrive", "told"), MEMBERS.values(), ids=MEMBERS)
def test_a_person_is_told_once_and_nobody_else_is(bureau, arrive, told):
    arrive(bureau)
    bureau.tell()
    assert bureau.to() == told
    assert bureau.failures() == []


def join(bureau, most: int) -> None:
    """So many accounts become members at once."""
    for start in range(0, most, 100):
        writes = []
        for number in range(start, start + 100):
            uid, email = f"u{number:04}", f"u{number:04}@example.com"
            account = {"uid": uid, "email": email, "preferences": {}, "updated_at": "2025"}
            entry = {"uid": uid, "role": "viewer", "added_at": "2025-01-01T00:00:00+00:00"}
            writes += [
                Create(f"users/{uid}", account),
                Create(f"emails/{email}", {"uid": uid}),
                Create(f"projects/shop/members/{uid}", entry),
            ]
        bureau.suite.documents.commit(*writes)


def test_five_thousand_members_are_told_page_by_page_once_each(bureau):
    join(bureau, 5_000)
    assert bureau.push("summary_write", bureau.order()) == 204
    [page] = bureau.claim()
    pages, orders = [], []
    while page:
        page.pop("topic")
        assert bureau.push("notify", page) == 204
        said = bureau.claim()
        following = [message for message in said if message["topic"] == "notifications"]
        assert bureau.push("notify", page) == 204  # once more
        assert bureau.claim() == []
        pages.append(len(said) - len(following))
        orders += [message["event_id"] for message in said if message not in following]
        [page] = following or [None]
    assert (sum(pages), len(set(orders))) == (5_001, 5_001)
    assert (len(pages), max(pages)) == (26, MOST_MEMBERS)
    assert bureau.outbox() == []
    assert "@" not in str(orders)


def test_a_page_of_members_that_comes_when_the_week_is_long_over_is_told_to_nobody(bureau):
    assert bureau.push("summary_write", bureau.order()) == 204
    [written] = bureau.claim()
    written.pop("topic")
    bureau.clock.at += timedelta(days=28)
    assert bureau.push("notify", written) == 204
    assert (bureau.claim(), bureau.outbox(), bureau.failures()) == ([], [], [])


@pytest.mark.parametrize(
    "body",
    [{}, {"week": 13}, {"week": "soon"}, {"week": "\ud800"}, {"week": WEEK, "after": "\ud800"}],
)
def test_a_message_that_names_no_week_is_kept_as_a_failure(bureau, body):
    message = {**bureau.order(), "type": "SummaryWritten", "body": body}
    assert bureau.push("notify", message) == 204
    assert [f["error"] for f in bureau.failures()] == ["malformed-request"]
    assert bureau.claim() == []
