"""Who gets the summary: members who want it and can be reached, once each, when they may be."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from shared.domain import outbox
from shared.domain.access import Caller
from shared.domain.people import remember
from shared.ports import Create

from .conftest import ANN, WEEK

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


def test_five_hundred_members_are_told_page_by_page_once_each(bureau):
    for start in range(0, 500, 100):
        writes = []
        for number in range(start, start + 100):
            uid, email = f"u{number:03}", f"u{number:03}@example.com"
            account = {"uid": uid, "email": email, "preferences": {}, "updated_at": "2025"}
            entry = {"uid": uid, "role": "viewer", "added_at": "2025-01-01T00:00:00+00:00"}
            writes += [
                Create(f"users/{uid}", account),
                Create(f"emails/{email}", {"uid": uid}),
                Create(f"projects/shop/members/{uid}", entry),
            ]
        bureau.suite.documents.commit(*writes)
    assert bureau.push("summary_write", bureau.order()) == 204
    pages, orders = 0, []
    while messages := bureau.claim():
        for message in messages:
            if message.pop("topic") == "notifications":
                pages += 1
                assert [bureau.push("notify", message) for _ in range(2)] == [204, 204]
            else:
                orders.append(message)
    assert (pages, len(orders), len({order["event_id"] for order in orders})) == (3, 501, 501)
    assert "@" not in str(orders[0]["event_id"])


@pytest.mark.parametrize(
    "body",
    [{}, {"week": 13}, {"week": "soon"}, {"week": "\ud800"}, {"week": WEEK, "after": "\ud800"}],
)
def test_a_message_that_names_no_week_is_kept_as_a_failure(bureau, body):
    message = {**bureau.order(), "type": "SummaryWritten", "body": body}
    assert bureau.push("notify", message) == 204
    assert [f["error"] for f in bureau.failures()] == ["malformed-request"]
    assert bureau.claim() == []
