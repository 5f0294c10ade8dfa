"""Promises of routing: everybody is told once, by their own preferences, and nobody else is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.domain.access import Caller
from shared.domain.anomalies.records.record import Impact
from shared.domain.people import remember
from shared.ports import Create, Listing, every_document

from .conftest import SECRET, quiet

ANN = "ann@example.com"
HOOK = {"url": "https://hooks.example.com/in", "secret": SECRET}
CHOICES = [
    # preferences, severity → in the inbox, channels at once, channels later
    ({}, "warning", 1, ["email"], []),
    ({}, "critical", 1, ["email"], []),
    ({"anomalies": {"in_app": False}}, "warning", 0, ["email"], []),
    ({"anomalies": {"email": False}}, "warning", 1, [], []),
    ({"anomalies": {"in_app": False, "email": False}}, "critical", 0, [], []),
    ({"anomalies": {"webhook": True}}, "warning", 1, ["email", "webhook"], []),
    ({"anomalies": {"least_severity": "critical"}}, "warning", 0, [], []),
    ({"anomalies": {"least_severity": "critical"}}, "critical", 1, ["email"], []),
    ({"muted_projects": ["shop"]}, "critical", 0, [], []),
    ({"muted_projects": ["bakery"]}, "warning", 1, ["email"], []),
    ({"quiet": {}}, "warning", 1, [], ["email"]),
    ({"quiet": {}}, "critical", 1, [], ["email"]),
    ({"quiet": {"except_critical": True}}, "warning", 1, [], ["email"]),
    ({"quiet": {"except_critical": True}}, "critical", 1, ["email"], []),
    ({"quiet": {}, "anomalies": {"webhook": True}}, "warning", 1, [], ["email", "webhook"]),
    ({"marketing_summaries": False}, "warning", 1, ["email"], []),
]


@pytest.mark.parametrize("preferences,severity,inbox,now,later", CHOICES)
def test_preferences_say_where_and_when(office, preferences, severity, inbox, now, later):
    edit = {k: v for k, v in preferences.items() if k != "quiet"}
    if "quiet" in preferences:
        edit["quiet_hours"] = quiet(office, **preferences["quiet"])
    office.prefers(ANN, webhook=HOOK, **edit)
    office.record(severity=severity)
    assert office.push("notify", office.found()) == 204
    assert len(office.inbox(ANN)) == inbox
    assert sorted(m["body"]["channel"] for m in office.claim()) == now
    assert sorted(kept["body"]["channel"] for kept in office.outbox()) == later


def test_a_delivery_waits_for_the_end_of_the_quiet_hours(office):
    hours = quiet(office)
    office.prefers(ANN, quiet_hours=hours)
    office.push("notify", office.found())
    due = datetime.fromisoformat(office.outbox()[0]["at"])
    assert f"{due:%H:%M}" == hours["end"]
    assert timedelta(0) < due - office.suite.clock.now() <= timedelta(hours=2)


def test_the_inbox_tells_what_the_anomalies_are(office):
    office.record(
        anomaly="a2",
        severity="critical",
        impact=Impact(amount=9000, currency="EUR"),
        headline="Spend of Brand doubled",
    )
    office.tell("shop", "a1", "a2")
    (entry,) = office.inbox(ANN)
    assert entry["title"] == "2 anomalies in Demo shop: Spend of Brand doubled"
    assert entry["text"] == "Spend of Brand doubled. CTR of IG_Influencer fell 8 %."
    assert (entry["type"], entry["project_id"], entry["project"]) == (
        "marketing_anomaly",
        "shop",
        "Demo shop",
    )
    assert entry["items"] == [
        {
            "anomaly_id": "a2",
            "severity": "critical",
            "headline": "Spend of Brand doubled",
            "impact": {"amount": 9000.0, "currency": "EUR"},
        },
        {
            "anomaly_id": "a1",
            "severity": "warning",
            "headline": "CTR of IG_Influencer fell 8 %",
            "impact": {"amount": 1234.5, "currency": "EUR"},
        },
    ]


OVER = {
    "resolved": {"is_resolved": True, "resolved_at": datetime(2025, 4, 1, 7, tzinfo=UTC)},
    "muted": {"muted_until": date(2025, 4, 1)},
}


@pytest.mark.parametrize("changes", OVER.values(), ids=OVER)
def test_what_is_over_by_now_is_not_told(office, changes):
    office.record(anomaly="a2", **changes)
    office.tell("shop", "a1", "a2", "gone")
    assert [len(e["items"]) for e in office.inbox(ANN)] == [1]
    office.record(**changes)
    office.tell("shop", "a1", scan="scan-2")
    assert (len(office.inbox(ANN)), len(office.mails())) == (1, 1)


def test_a_mute_that_has_run_out_is_none(office):
    office.record(muted_until=date(2025, 3, 31))
    office.tell()
    assert len(office.inbox(ANN)) == 1


def test_a_scan_is_told_once_however_often_its_message_comes(office):
    for _ in range(3):
        office.tell()
    assert (len(office.inbox(ANN)), len(office.mails())) == (1, 1)


def test_the_next_scan_is_told_again(office):
    office.tell()
    office.tell(scan="scan-2", a1="escalated")
    assert (len(office.inbox(ANN)), len(office.mails())) == (2, 2)


def test_an_address_that_never_signed_in_gets_nothing(office):
    new = {"email": "eve@example.com", "role": "viewer"}
    office.world.person(ANN).post("/v1/projects/shop/members", new)
    office.tell()
    assert [mail["To"] for mail in office.mails()] == [ANN]
    assert office.inbox("eve@example.com") == []


def test_an_invited_address_is_told_once_its_owner_has_proved_it(office):
    office.joins("eve@example.com")
    office.tell()
    assert sorted(mail["To"] for mail in office.mails()) == [ANN, "eve@example.com"]


def test_who_is_a_member_by_uid_and_by_address_is_told_once(office):
    remember(office.suite, Caller("u1", "eve@example.com"))
    owner = office.world.person(ANN)
    for name in ({"uid": "u1"}, {"email": "eve@example.com"}):
        assert (
            owner.post("/v1/projects/shop/members", {**name, "role": "viewer"}).status_code == 201
        )
    office.tell()
    assert len(office.mails("eve@example.com")) == 1
    entries = Listing("users/u1/notifications")
    assert len(office.suite.documents.list(entries).items) == 1


def test_nothing_of_one_project_reaches_the_members_of_another(office):
    office.world.person("bob@example.com").opens("bakery")
    office.record("bakery", "a1", headline="Secret of the bakery")
    office.tell("shop", "a1")
    assert office.inbox("bob@example.com") == []
    assert [mail["To"] for mail in office.mails()] == [ANN]
    office.tell("bakery", "a1")
    assert len(office.inbox(ANN)) == 1
    assert "bakery" not in str(office.inbox(ANN))


def many_members(office, count: int) -> list[str]:
    """Half of them by uid, half by an address of theirs."""
    suite = office.suite
    now = suite.clock.now().isoformat()
    uids = [f"u{n:03}" for n in range(count)]
    for start in range(0, count, 100):
        writes = []
        for number, uid in enumerate(uids[start : start + 100]):
            email = f"{uid}@example.com"
            name = email if number % 2 else uid
            account = {"uid": uid, "email": email, "preferences": {}, "updated_at": now}
            entry = {"uid": name, "role": "viewer", "added_at": now}
            writes += [
                Create(f"users/{uid}", account),
                Create(f"emails/{email}", {"uid": uid}),
                Create(f"projects/shop/members/{name}", entry),
            ]
        suite.documents.commit(*writes)
    return uids


def told(office, uids: list[str]) -> list[int]:
    listings = (Listing(f"users/{uid}/notifications") for uid in uids)
    return [len(list(every_document(office.suite.documents, listing))) for listing in listings]


@pytest.mark.parametrize("anomalies,pages", [(1, 3), (60, 5)])
def test_500_members_are_told_page_by_page_once_each(office, anomalies, pages):
    uids = many_members(office, 500)
    ids = [f"b{n}" for n in range(anomalies)]
    words = {"headline": "x" * 200, "explanation": "y" * 800} if anomalies > 1 else {}
    for name in ids:
        office.record(anomaly=name, **words)
    office.push("notify", office.found("shop", *ids))
    runs = 1
    deliveries = []
    while messages := office.claim(10_000):
        for message in messages:
            if message.pop("topic") == "notifications":
                runs += 1
                assert [office.push("notify", message) for _ in range(2)] == [204, 204]
            else:
                deliveries.append(message)
    assert told(office, uids) == [1] * 500
    assert len({d["event_id"] for d in deliveries}) == len(deliveries) == 501
    assert runs >= pages
    largest = max(len(d["body"]["notice"]["items"]) for d in deliveries)
    assert largest == min(anomalies, 20)


# Stored, as it may come out of another machine or an older suite → channels of what is told
BROKEN = [
    ({"quiet_hours": {"start": "00:00", "end": "23:59", "timezone": "Mars/Base"}}, ["email"]),
    ({"quiet_hours": "Mars/Base", "anomalies": {"email": False}}, []),
    ({"anomalies": {"email": "Mars/Base"}}, ["email"]),
    ({"webhook": {"url": "Mars/Base", "secret": "whsec_===="}}, ["email"]),
    ({"Mars/Base": 1, "muted_projects": ["shop"]}, []),
]


@pytest.mark.parametrize(("stored", "channels"), BROKEN)
def test_a_broken_preference_counts_as_not_chosen_and_keeps_nobody_uninformed(
    office, stored, channels
):
    office.joins("eve@example.com")
    office.suite.documents.update(
        "users/eve@example.com", lambda user: {**user, "preferences": stored}
    )
    assert office.push("notify", office.found()) == 204
    told = {"eve@example.com": [], ANN: []}
    for message in office.claim():
        told[message["body"]["uid"]].append(message["body"]["channel"])
        message.pop("topic")
        assert office.push("deliver", message) == 204
    assert told == {"eve@example.com": channels, ANN: ["email"]}
    assert len(office.mails()) == 1 + len(channels)
    for path in ("/v1/me", "/v1/me/preferences"):
        assert office.world.person("eve@example.com").get(path).status_code == 200
    assert "Mars" not in office.world.log.getvalue()


def test_messages_hold_neither_addresses_nor_secrets(office):
    remember(office.suite, Caller("u1", "eve@example.com"))
    owner = office.world.person(ANN)
    owner.post("/v1/projects/shop/members", {"uid": "u1", "role": "viewer"})
    hooked = {"webhook": HOOK, "anomalies": {"webhook": True}}
    found = office.suite.documents.get("users/u1")
    office.suite.documents.update(found.path, lambda user: {**user, "preferences": hooked})
    office.push("notify", office.found())
    sent = str([m for m in office.claim() if m["body"].get("uid") == "u1"])
    assert "'email'" in sent and "'webhook'" in sent
    assert not [secret for secret in ("eve@", SECRET, "hooks.example") if secret in sent]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"anomalies": "a1"},
        {"anomalies": [{"id": "a1"}]},
        {"anomalies": [{"id": "\ud800", "why": "opened"}]},
        {"anomalies": [{"id": "a1", "why": "opened"}], "scan": "\ud800"},
        {"anomalies": [{"id": "a1", "why": "opened"}], "after": "\ud800"},
        {"anomalies": [{"id": "a1", "why": "opened"}], "more": {"\ud800": 1}},
        {"anomalies": [], "after": "x"},
    ],
)
def test_a_message_that_says_nothing_is_kept_or_has_no_effect(office, body):
    message = {**office.found(), "body": body}
    assert office.push("notify", message) == 204
    assert len(office.failures()) == (0 if body.get("anomalies") == [] else 1)
    assert office.inbox(ANN) == []


def test_a_project_that_is_not_there_tells_nobody(office):
    assert office.push("notify", office.found("nothing-here")) == 204
    assert office.claim() == []
