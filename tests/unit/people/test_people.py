"""Who somebody is: accounts, their addresses, preferences and inbox."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain import people
from shared.domain.access import Caller
from shared.domain.notifications import inbox
from shared.domain.notifications.models import Notification
from shared.ports import Listing, every_document

SLACK = "https://hooks.slack.com/services/T000/B000/very-secret"
SECRET = "0123456789abcdef"
DEFAULTS = {
    "marketing_summaries": True,
    "anomalies": {"in_app": True, "email": True, "webhook": False, "least_severity": "warning"},
    "quiet_hours": None,
    "webhook": None,
    "muted_projects": [],
    "locale": None,
}
NIGHT = {"start": "22:00", "end": "07:00", "timezone": "Europe/Berlin"}


@pytest.fixture
def ann(world):
    return world.person("ann@example.com")


def patch(person, body, **headers):
    return person.call("PATCH", "/v1/me/preferences", json=body, headers=headers)


def documents(world, collection: str):
    return {d.id: d.data for d in every_document(world.app.suite.documents, Listing(collection))}


def signed_in(world, uid: str, email: str | None, verified: bool = True):
    claims = {"aud": "aims", "sub": uid, "email_verified": verified}
    token = world.issuer.token(
        {**claims, **({"email": email} if email else {})},
        now=datetime.now(UTC),
        ttl=timedelta(hours=1),
    )
    return world.call("GET", "/v1/me", headers={"Authorization": f"Bearer {token}"})


def test_me_is_who_the_token_says_with_the_defaults(world, ann):
    ann.opens("shop")
    assert ann.get("/v1/me").get_json() == {
        "uid": "ann@example.com",
        "email": "ann@example.com",
        "locale": None,
        "projects": [{"id": "shop", "role": "owner"}],
        "unread": 0,
        "preferences": DEFAULTS,
    }


@pytest.mark.parametrize("path", ["/v1/me", "/v1/me/preferences", "/v1/me/notifications"])
def test_nobody_is_anybody_without_a_token(world, path):
    assert world.call("GET", path).status_code == 401


def test_an_account_is_remembered_where_it_comes_in(world, ann):
    ann.opens("shop")
    assert world.app.suite.documents.get("users/ann@example.com").data["email"] == ann.email
    world.person("bob@example.com").get("/v1/me/preferences")
    assert sorted(documents(world, "users")) == ["ann@example.com", "bob@example.com"]


def test_coming_again_writes_nothing(world, ann):
    ann.get("/v1/me")
    before = world.app.suite.documents.get("users/ann@example.com")
    ann.get("/v1/me")
    ann.opens("shop")
    assert world.app.suite.documents.get("users/ann@example.com") == before


def test_an_address_that_nobody_vouches_for_is_not_remembered(world):
    assert signed_in(world, "u1", "eve@example.com", verified=False).get_json()["email"] is None
    assert documents(world, "emails") == {}


def test_a_new_address_takes_the_place_of_the_old_one(world):
    signed_in(world, "u1", "old@example.com")
    assert signed_in(world, "u1", "new@example.com").get_json()["email"] == "new@example.com"
    assert documents(world, "emails") == {"new@example.com": {"uid": "u1"}}
    assert signed_in(world, "u1", None).get_json()["email"] == "new@example.com"


def test_an_address_belongs_to_who_proved_it_last(world):
    signed_in(world, "u1", "team@example.com")
    signed_in(world, "u2", "team@example.com")
    signed_in(world, "u1", "own@example.com")
    assert documents(world, "emails") == {
        "team@example.com": {"uid": "u2"},
        "own@example.com": {"uid": "u1"},
    }


def test_many_first_calls_at_once_make_one_account(world):
    suite, caller = world.app.suite, Caller("u1", "ann@example.com")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: people.remember(suite, caller).data["uid"], range(24)))
    assert found == ["u1"] * 24
    assert documents(world, "emails") == {"ann@example.com": {"uid": "u1"}}


def test_names_of_members_stand_for_accounts_each_once(world):
    suite = world.app.suite
    people.remember(suite, Caller("u1", "ann@example.com"))
    people.remember(suite, Caller("bob@example.com", "bob@example.com"))
    names = ["u1", "ann@example.com", "bob@example.com", "never@example.com", "u9"]
    found = people.behind(suite.documents, names)
    assert [(p.uid, p.email) for p in found] == [
        ("bob@example.com", "bob@example.com"),
        ("u1", "ann@example.com"),
        ("u9", None),
    ]


def test_an_address_that_another_account_has_proved_is_no_longer_ones_own(world):
    suite = world.app.suite
    people.remember(suite, Caller("u1", "team@example.com"))
    people.remember(suite, Caller("u2", "team@example.com"))
    found = people.behind(suite.documents, ["team@example.com", "u1"])
    assert [(p.uid, p.email) for p in found] == [("u1", None), ("u2", "team@example.com")]
    assert [people.account(suite.documents, p.uid) for p in found] == found


EDITS = [
    ({"marketing_summaries": False}, {"marketing_summaries": False}),
    ({"anomalies": {"email": False}}, {"anomalies": {**DEFAULTS["anomalies"], "email": False}}),
    ({"quiet_hours": NIGHT}, {"quiet_hours": {**NIGHT, "except_critical": False}}),
    ({"muted_projects": ["shop", "bakery", "shop"]}, {"muted_projects": ["shop", "bakery"]}),
    ({"locale": "de-DE"}, {"locale": "de-DE"}),
    (
        {"webhook": {"url": SLACK, "format": "slack"}},
        {
            "webhook": {
                "url": "https://hooks.slack.com/…",
                "format": "slack",
                "secret_set": False,
            }
        },
    ),
    (
        {"webhook": {"url": "https://a.example/", "secret": "whsec_MDEyMzQ1Njc4OWFiY2RlZg=="}},
        {"webhook": {"url": "https://a.example/…", "format": "json", "secret_set": True}},
    ),
    (
        {"muted_projects": [*(f"p{n:03}" for n in range(200)), "p000"]},
        {"muted_projects": [f"p{n:03}" for n in range(200)]},
    ),
    ({}, {}),
]


@pytest.mark.parametrize("edit,changed", EDITS, ids=[str(sorted(e)) for e, _ in EDITS])
def test_an_edit_changes_what_it_names_and_null_resets_it(ann, edit, changed):
    answer = patch(ann, edit)
    assert (answer.status_code, answer.get_json()) == (200, {**DEFAULTS, **changed})
    assert ann.get("/v1/me/preferences").get_json() == {**DEFAULTS, **changed}
    assert patch(ann, dict.fromkeys(edit)).get_json() == DEFAULTS


def test_edits_add_up_field_by_field(ann):
    patch(ann, {"anomalies": {"email": False}, "quiet_hours": NIGHT})
    patch(ann, {"anomalies": {"least_severity": "critical"}, "quiet_hours": {"end": "08:30"}})
    after = patch(ann, {"anomalies": {"email": None}}).get_json()
    assert after["anomalies"] == {**DEFAULTS["anomalies"], "least_severity": "critical"}
    assert after["quiet_hours"] == {**NIGHT, "end": "08:30", "except_critical": False}


HOOK = {"url": "https://hooks.example.com/aims", "secret": SECRET}
REFUSED = [
    ({"anomalies": {"webhook": True}}, "anomalies.webhook"),
    ({"webhook": {"url": "https://hooks.example.com/aims"}}, "webhook.secret"),
    ({"webhook": {"secret": SECRET}}, "webhook.url"),
    ({"webhook": {**HOOK, "url": "http://hooks.example.com/"}}, "webhook.url"),
    ({"webhook": {**HOOK, "url": "https://127.0.0.1/"}}, "webhook.url"),
    ({"webhook": {**HOOK, "url": "https://169.254.169.254/latest"}}, "webhook.url"),
    ({"webhook": {**HOOK, "url": "https://localhost/"}}, "webhook.url"),
    ({"webhook": {**HOOK, "url": "https://a:b@hooks.example.com/"}}, "webhook.url"),
    ({"webhook": {**HOOK, "url": "javascript:alert(1)"}}, "webhook.url"),
    ({"webhook": {**HOOK, "secret": "short"}}, "webhook.secret"),
    ({"webhook": {**HOOK, "secret": "x" * 201}}, "webhook.secret"),
    ({"webhook": {**HOOK, "secret": "two\r\nlines-of-a-secret"}}, "webhook.secret"),
    ({"webhook": {**HOOK, "secret": "whsec_this!is!not!base64"}}, "webhook.secret"),
    ({"webhook": {**HOOK, "secret": "whsec_=========="}}, "webhook.secret"),
    ({"webhook": {**HOOK, "secret": "whsec_MDEyMzQ1Njc4OWFiY2Rl"}}, "webhook.secret"),
    ({"webhook": {**HOOK, "format": "xml"}}, "webhook.format"),
    ({"quiet_hours": {"start": "22:00"}}, "quiet_hours.end"),
    ({"quiet_hours": {**NIGHT, "start": "24:00"}}, "quiet_hours.start"),
    ({"quiet_hours": {**NIGHT, "timezone": "Mars/Base"}}, "quiet_hours.timezone"),
    ({"quiet_hours": {**NIGHT, "timezone": "../../etc/passwd"}}, "quiet_hours.timezone"),
    ({"muted_projects": ["../x"]}, "muted_projects.0"),
    ({"muted_projects": [f"p{n:03}" for n in range(201)]}, "muted_projects"),
    ({"anomalies": {"least_severity": "mild"}}, "anomalies.least_severity"),
    ({"surprise": 1}, "surprise"),
]


@pytest.mark.parametrize(
    "edit,field", REFUSED, ids=[f"{f}-{n}" for n, (_, f) in enumerate(REFUSED)]
)
def test_what_cannot_be_is_refused_by_name_and_changes_nothing(ann, edit, field):
    answer = patch(ann, {"locale": "de-DE", **edit})
    assert answer.status_code == 422, answer.text
    assert field in [e["field"] for e in answer.get_json()["errors"]]
    assert SECRET not in answer.text
    assert ann.get("/v1/me/preferences").get_json() == DEFAULTS


WORDS = [
    ({"quiet_hours": {**NIGHT, "end": "7:00"}}, "is a time such as 22:00"),
    ({"quiet_hours": {**NIGHT, "end": "07:00\n"}}, "is a time such as 22:00"),
    ({"muted_projects": [f"p{n:03}" for n in range(201)]}, "holds at most 200 projects"),
    (
        {"webhook": {**HOOK, "secret": "short"}},
        "is 16 to 200 letters, digits and signs of ASCII, without spaces",
    ),
    (
        {"webhook": {**HOOK, "secret": "whsec_=========="}},
        "holds at least 16 bytes in base64 after whsec_",
    ),
]


@pytest.mark.parametrize(("edit", "words"), WORDS)
def test_a_refusal_says_in_words_what_is_wanted(ann, edit, words):
    assert [e["message"] for e in patch(ann, edit).get_json()["errors"]] == [words]


def test_a_webhook_that_is_in_use_cannot_be_taken_away(ann):
    assert patch(ann, {"webhook": HOOK, "anomalies": {"webhook": True}}).status_code == 200
    assert patch(ann, {"webhook": None}).status_code == 422
    assert patch(ann, {"webhook": None, "anomalies": {"webhook": None}}).status_code == 200


def test_a_secret_goes_in_and_never_comes_out(world, ann):
    patch(ann, {"webhook": {**HOOK, "url": f"{HOOK['url']}?token=hidden"}})
    shown = [ann.get("/v1/me/preferences"), ann.get("/v1/me"), patch(ann, {"locale": "en"})]
    for answer in shown:
        assert SECRET not in answer.text
        assert "hidden" not in answer.text
    kept = world.app.suite.documents.get("users/ann@example.com").data["preferences"]
    assert kept["webhook"]["secret"] == SECRET
    assert SECRET not in world.log.getvalue()
    assert "hidden" not in world.log.getvalue()


def test_an_edit_of_what_has_changed_is_refused(ann):
    first = ann.get("/v1/me/preferences").headers["ETag"]
    assert patch(ann, {"locale": "de"}, **{"If-Match": first}).status_code == 200
    assert patch(ann, {"locale": "fr"}, **{"If-Match": first}).status_code == 412
    newest = ann.get("/v1/me/preferences").headers["ETag"]
    assert patch(ann, {"locale": "fr"}, **{"If-Match": newest}).status_code == 200


def test_the_preferences_of_one_are_not_anothers(world, ann):
    patch(ann, {"marketing_summaries": False})
    assert world.person("bob@example.com").get("/v1/me/preferences").get_json() == DEFAULTS


def fill(world, email: str, count: int, first: int = 0) -> None:
    suite = world.app.suite
    entries = [
        inbox.entry(
            email,
            Notification(
                id=f"n{number:04}",
                type="marketing_anomaly",
                project_id="shop",
                project="Shop",
                title=f"Number {number}",
                text="",
                created_at=suite.clock.now() - timedelta(minutes=count - number),
            ),
        )
        for number in range(first, count)
    ]
    suite.documents.commit(*entries)


def titles(answer) -> list[str]:
    return [item["title"] for item in answer.get_json()["items"]]


def test_the_inbox_is_paged_newest_first(world, ann):
    fill(world, ann.email, 5)
    first = ann.get("/v1/me/notifications?page_size=3")
    token = first.get_json()["next_page_token"]
    second = ann.get(f"/v1/me/notifications?page_size=3&page_token={token}")
    assert titles(first) + titles(second) == [f"Number {n}" for n in (4, 3, 2, 1, 0)]
    assert second.get_json()["next_page_token"] is None


def test_what_was_read_stays_read_since_the_first_time(world, ann):
    fill(world, ann.email, 2)
    once = ann.post("/v1/me/notifications/n0001:read").get_json()
    assert once["read"] and once["read_at"]
    assert ann.post("/v1/me/notifications/n0001:read").get_json() == once
    assert titles(ann.get("/v1/me/notifications?unread=true")) == ["Number 0"]
    assert len(titles(ann.get("/v1/me/notifications"))) == 2
    assert ann.get("/v1/me").get_json()["unread"] == 1


def test_anothers_notification_and_none_at_all_answer_alike(world, ann):
    fill(world, ann.email, 1)
    bob = world.person("bob@example.com")
    for name in ("n0000", "nothing"):
        answer = bob.post(f"/v1/me/notifications/{name}:read", headers={"X-Request-Id": "r"})
        assert (answer.status_code, answer.get_json()["detail"]) == (
            404,
            "You have no such notification.",
        )
    assert titles(bob.get("/v1/me/notifications")) == []
    assert ann.get("/v1/me").get_json()["unread"] == 1


def test_all_is_read_at_once_however_much_there_is(world, ann):
    fill(world, ann.email, 450)
    fill(world, "bob@example.com", 1)
    ann.post("/v1/me/notifications/n0007:read")
    assert ann.get("/v1/me").get_json()["unread"] == 100
    assert ann.post("/v1/me/notifications:read-all").get_json() == {"marked": 449}
    assert ann.get("/v1/me").get_json()["unread"] == 0
    assert ann.post("/v1/me/notifications:read-all").get_json() == {"marked": 0}
    assert world.person("bob@example.com").get("/v1/me").get_json()["unread"] == 1


def test_reading_one_and_reading_all_at_once_lose_nothing(world, ann):
    fill(world, ann.email, 60)
    suite, caller = world.app.suite, Caller(ann.email, ann.email)
    jobs = [lambda: inbox.mark_all_read(suite, caller)] * 2
    jobs += [lambda n=n: inbox.mark_read(suite, caller, f"n{n:04}") for n in range(60)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda job: job(), jobs))
    assert inbox.unread(suite, caller) == 0


@pytest.mark.parametrize("read", [False, True])
def test_a_notification_is_gone_after_90_days(worlds, tmp_path, read):
    shared = str(tmp_path / "one")
    (tmp_path / "one").mkdir()
    world = worlds(AIMS_DATA_DIR=shared, AIMS_TODAY="2025-04-01")
    fill(world, "ann@example.com", 1)
    if read:
        caller = Caller("ann@example.com")
        assert inbox.mark_all_read(world.app.suite, caller).marked == 1
    for day, there in (("2025-06-28", 1), ("2025-07-01", 0)):
        later = worlds(AIMS_DATA_DIR=shared, AIMS_TODAY=day)
        found = inbox.list_notifications(
            later.app.suite, Caller("ann@example.com"), inbox.InboxQuery()
        )
        assert len(found.items) == there
