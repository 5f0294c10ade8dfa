"""Summaries over HTTP: made on demand, read in three forms, listed, and tried out by mail."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from shared.ports import Listing

from .conftest import ANN, WEEK

HOME = "/v1/projects/shop/weekly-summaries"
JSON, HTML, TEXT = "application/json", "text/html", "text/plain"


def generate(person, **body):
    return person.post(f"{HOME}:generate", body)


@pytest.fixture
def made(bureau):
    """The same with the summary of WEEK."""
    assert generate(bureau.ann).status_code == 200
    return bureau


def member(bureau, role: str, email: str = "vic@example.com"):
    body = {"email": email, "role": role}
    assert bureau.ann.post("/v1/projects/shop/members", body).status_code == 201
    return bureau.world.person(email)


def test_a_summary_is_made_on_demand_and_mailed_to_nobody(bureau):
    answer = generate(bureau.ann)
    shown = answer.get_json()
    assert (shown["week"], shown["status"]) == (WEEK, "ready")
    assert answer.headers["ETag"] == bureau.ann.get(f"{HOME}/{WEEK}").headers["ETag"]
    assert bureau.ann.get(f"{HOME}/{WEEK}").get_json() == shown
    assert (bureau.claim(), bureau.outbox(), bureau.to()) == ([], [], [])
    audit = bureau.suite.documents.list(Listing("projects/shop/audit", limit=100)).items
    assert [d.data["what"] for d in audit if d.data["action"] == "summary.generated"] == [
        {"week": WEEK}
    ]


# A week that is asked for → the status of the answer, at noon of Tuesday, 1 April 2025
WEEKS = [
    ({}, 200),
    ({"week": None}, 200),
    ({"week": WEEK}, 200),
    ({"week": "2025-W10"}, 200),
    ({"week": "2000-W01"}, 200),
    ({"week": "2025-W14"}, 422),  # it is not over
    ({"week": "2025-W15"}, 422),
    ({"week": "2199-W01"}, 422),
    ({"week": "9999-W01"}, 422),
    ({"week": "1999-W52"}, 422),
    ({"week": "0000-W01"}, 422),
    ({"week": "2025-W00"}, 422),
    ({"week": "2025-W53"}, 422),
    ({"week": "2025-w13"}, 422),
    ({"week": "2025W13"}, 422),
    ({"week": "2025-W13\n"}, 422),
    ({"week": "٢٠٢٥-W13"}, 422),
    ({"week": 202513}, 422),
    ({"week": "x" * 10_000}, 422),
    ({"weeks": WEEK}, 422),
]


@pytest.mark.parametrize(("body", "status"), WEEKS)
def test_a_week_that_is_over_can_be_summed_up_and_no_other(bureau, body, status):
    answer = generate(bureau.ann, **body)
    assert answer.status_code == status, answer.text
    if status == 422:
        assert [e["field"] for e in answer.get_json()["errors"]] == [next(iter(body))]


# Where the project is, and what its newest week is, early on Monday, 31 March, in UTC
PLACES = [("UTC", WEEK), ("Pacific/Auckland", WEEK), ("America/New_York", "2025-W12")]


@pytest.mark.parametrize(("zone", "week"), PLACES)
def test_the_newest_week_is_the_one_that_is_over_where_the_project_is(bureau, zone, week):
    bureau.ann.call("PATCH", "/v1/projects/shop", json={"timezone": zone})
    bureau.clock.at = datetime(2025, 3, 31, 2, tzinfo=UTC)
    assert generate(bureau.ann).get_json()["week"] == week


def test_two_who_generate_at_once_leave_one_summary(bureau):
    with ThreadPoolExecutor(4) as people:
        answers = list(people.map(lambda _: generate(bureau.ann), range(4)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert 200 in {answer.status_code for answer in answers}
    assert len({a.get_json()["created_at"] for a in answers if a.status_code == 200}) == 1
    assert [s["week"] for s in bureau.ann.get(HOME).get_json()["items"]] == [WEEK]


def test_generating_is_counted_against_the_hourly_limit(bureaus):
    bureau = bureaus(AIMS_AI_OPERATIONS_PER_HOUR="2")
    assert [generate(bureau.ann).status_code for _ in range(3)] == [200, 200, 429]


CALLS = [
    ("POST", ":generate", {"viewer": 403, "editor": 200, "owner": 200}),
    ("GET", "", {"viewer": 200, "editor": 200, "owner": 200}),
    ("GET", "/latest", {"viewer": 200, "editor": 200, "owner": 200}),
    ("GET", f"/{WEEK}", {"viewer": 200, "editor": 200, "owner": 200}),
    ("POST", f"/{WEEK}:send-test", {"viewer": 200, "editor": 200, "owner": 200}),
]


@pytest.mark.parametrize(("method", "path", "statuses"), CALLS)
def test_members_do_what_their_role_allows_and_others_find_no_project(made, method, path, statuses):
    for role, status in statuses.items():
        person = member(made, role, f"{role}@example.com")
        assert person.call(method, HOME + path).status_code == status, role
    stranger = made.world.person("eve@example.com").opens("bakery")
    assert stranger.call(method, HOME + path).status_code == 404
    assert made.world.call(method, HOME + path).status_code == 401
    other = HOME.replace("shop", "bakery") + path
    assert made.ann.call(method, other).status_code == 404


@pytest.mark.parametrize("path", ["/latest", "/2025-W13", "/2025-W12:send-test"])
def test_where_there_is_none_the_answer_says_what_to_do(bureau, path):
    method = "POST" if ":" in path else "GET"
    answer = bureau.ann.call(method, HOME + path)
    assert answer.status_code == 404
    assert "weekly-summaries:generate" in answer.get_json()["detail"]


@pytest.mark.parametrize("week", ["soon", "2025-W99", "2025-13", "%00", "a" * 129, ".."])
def test_what_is_no_week_is_no_summary(made, week):
    assert made.ann.get(f"{HOME}/{week}").status_code in (400, 404)


# What a caller accepts, and what comes
ACCEPTED = [
    (None, JSON),
    ("*/*", JSON),
    (JSON, JSON),
    (HTML, HTML),
    ("text/html; charset=utf-8", HTML),
    ("TEXT/HTML", HTML),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
    (TEXT, TEXT),
    ("text/plain, text/html", TEXT),
    ("application/json, text/html", JSON),
    ("application/pdf", JSON),
    ("text/html;q=0", JSON),
    ("text/html;q=0, text/plain", TEXT),
    ("text/html;q=0, text/*", TEXT),
    ("text/html;q=0, */*", JSON),
    ("application/json;q=0, */*", HTML),
    ("application/json;q=0", JSON),  # there is nothing else that would do
    ("text/plain;q=0.1,text/html;q=1", HTML),
    ("text/html;q=0.1,text/plain;q=1", TEXT),
    ("text/html;q=0.5, application/json", JSON),
    ("text/html;q=0.5, */*;q=0.6", JSON),
    ("*/*;q=0.9, text/html;q=0.8", JSON),
    ("application/json;q=0.1, text/*;q=0.2", HTML),
    ("application/json;q=0.1, text/*;q=0.2, text/html;q=0", TEXT),
    ("text/plain ; Q=0.3 , text/html ; q=0.4", HTML),
    ("text/html;q=high, text/plain;q=0.2", TEXT),
    ("text/html;level=1;q=0.4, application/json;q=0.5", JSON),
    ("x-text/html", JSON),
    ("text/htmlx", JSON),
    ("", JSON),
]


@pytest.mark.parametrize("path", ["/latest", f"/{WEEK}"])
@pytest.mark.parametrize(("accept", "kind"), ACCEPTED)
def test_a_summary_comes_as_the_caller_accepts_it(made, path, accept, kind):
    headers = {} if accept is None else {"Accept": accept}
    answer = made.ann.get(HOME + path, headers=headers)
    assert (answer.status_code, answer.content_type.partition(";")[0]) == (200, kind)
    assert "Accept" in answer.headers["Vary"]
    head = made.ann.call("HEAD", HOME + path, headers=headers)
    assert (head.status_code, head.data, head.content_type) == (200, b"", answer.content_type)
    assert head.headers["ETag"] == answer.headers["ETag"]
    fresh = {**headers, "If-None-Match": answer.headers["ETag"]}
    assert made.ann.get(HOME + path, headers=fresh).status_code == 304


def test_each_form_has_an_etag_of_its_own(made):
    accepts = (JSON, HTML, TEXT)
    tags = {
        made.ann.get(f"{HOME}/{WEEK}", headers={"Accept": accept}).headers["ETag"]
        for accept in accepts
    }
    assert len(tags) == 3


def test_a_page_is_the_mail_with_its_chart_in_it_and_can_do_nothing(made):
    answer = made.ann.get(f"{HOME}/{WEEK}", headers={"Accept": HTML})
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script" not in policy
    assert "form-action 'none'" in policy
    assert "data:image/png;base64," in answer.text
    assert "cid:" not in answer.text and "/v1/unsubscribe" not in answer.text
    opening = made.summary()["narrative"]["opening"].split(",")[0]
    text = made.ann.get(f"{HOME}/{WEEK}", headers={"Accept": TEXT}).text
    words = text.replace("\N{NO-BREAK SPACE}", " ").split()
    assert opening.split()[:3] == [w for w in words if w in opening.split()[:3]][:3]


def test_a_week_without_data_is_a_page_too(bare):
    assert generate(bare.ann).get_json()["status"] == "no_data"
    for accept in (HTML, TEXT):
        answer = bare.ann.get(f"{HOME}/latest", headers={"Accept": accept})
        assert "No data available for this period" in answer.text
    answer = bare.ann.post(f"{HOME}/{WEEK}:send-test")
    assert (answer.status_code, bare.to()) == (409, [])


def paged(person, path: str, key: str, size: int) -> list[str]:
    found, token = [], ""
    while token is not None:
        sign = "&" if "?" in path else "?"
        more = f"&page_token={token}" if token else ""
        page = person.get(f"{path}{sign}page_size={size}{more}")
        assert page.status_code == 200, page.text
        found += [item[key] for item in page.get_json()["items"]]
        token = page.get_json()["next_page_token"]
    return found


@pytest.mark.parametrize("size", [1, 2, 50])
def test_summaries_are_listed_by_week_the_newest_first(bureau, size):
    weeks = ["2025-W11", WEEK, "2024-W52", "2025-W12"]
    for week in weeks:
        assert generate(bureau.ann, week=week).status_code == 200
        bureau.clock.at = bureau.clock.at.replace(minute=bureau.clock.at.minute + 1)
    assert paged(bureau.ann, HOME, "week", size) == sorted(weeks, reverse=True)
    assert bureau.ann.get(f"{HOME}/latest").get_json()["week"] == WEEK
    ids = [f"weekly-summary-{week}" for week in reversed(weeks)]
    path = "/v1/projects/shop/insights?report_type=weekly_summary"
    assert paged(bureau.ann, path, "id", size) == ids


def test_a_list_holds_digests_and_not_the_whole(made):
    [item] = made.ann.get(HOME).get_json()["items"]
    whole = made.summary()
    assert item == {name: whole[name] for name in item}
    assert set(whole) - set(item) == {"facts", "narrative", "vega_lite"}
    assert item["digest"]["title"] and item["digest"]["text"] and item["digest"]["figures"]


def test_insights_are_listed_by_kind_the_newest_first(made):
    odd = {"report_type": "gossip", "created_at": "2025-04-01T11:00:00.000000+00:00"}
    made.store("projects/shop/insights/odd", odd)  # of another version of the suite
    asked = made.ann.asks("shop", "spend by channel last month")
    kinds = {
        "": ["natural_language_query", "weekly_summary"],
        "?report_type=weekly_summary": ["weekly_summary"],
        "?report_type=natural_language_query": ["natural_language_query"],
    }
    for query, expected in kinds.items():
        found = paged(made.ann, f"/v1/projects/shop/insights{query}", "report_type", 1)
        assert sorted(found) == expected
    path = "/v1/projects/shop/insights?report_type=natural_language_query"
    [question] = made.ann.get(path).get_json()["items"]
    assert (question["id"], question["type"]) == (asked["turn_id"], asked["type"])
    assert "spend" not in str(question)
    [summary] = made.ann.get("/v1/projects/shop/insights?report_type=weekly_summary").get_json()[
        "items"
    ]
    assert summary == made.ann.get(HOME).get_json()["items"][0]


@pytest.mark.parametrize("query", ["report_type=gossip", "report_type=", "kind=x", "page_size=0"])
def test_a_kind_of_insight_that_is_none_is_refused(made, query):
    assert made.ann.get(f"/v1/projects/shop/insights?{query}").status_code == 422


def test_insights_are_their_project_s_own(made):
    stranger = made.world.person("eve@example.com").opens("bakery")
    assert stranger.get("/v1/projects/shop/insights").status_code == 404
    assert stranger.get("/v1/projects/bakery/insights").get_json()["items"] == []


def test_a_test_goes_to_the_caller_alone_and_does_not_count(made):
    viewer = member(made, "viewer")
    viewer.get("/v1/me")
    answer = viewer.post(f"{HOME}/{WEEK}:send-test")
    assert (answer.status_code, answer.get_json()) == (200, {"to": "vic@example.com"})
    [sent] = made.post.sent
    assert (sent.to, sent.subject.startswith("[Test] ")) == ("vic@example.com", True)
    made.tell()
    assert made.to() == sorted([ANN, "vic@example.com", "vic@example.com"])
    assert len({mail.mail_id for mail in made.post.sent}) == 3


def test_a_caller_whose_address_nobody_vouches_for_gets_no_test(made):
    claims = {"aud": "aims", "sub": ANN, "email": "boss@example.com", "email_verified": False}
    token = made.world.issuer.token(claims, now=datetime.now(UTC), ttl=timedelta(hours=1))
    answer = made.world.call(
        "POST", f"{HOME}/{WEEK}:send-test", headers={"Authorization": f"Bearer {token}"}
    )
    assert (answer.status_code, made.to()) == (409, [])
    assert "verify" in answer.get_json()["detail"]
