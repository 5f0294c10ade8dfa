"""Anomalies as a frontend lists them and acts on them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.adapters.local.clock import FixedDayClock
from shared.domain.anomalies.explaining.explanation import Description
from shared.domain.anomalies.explaining.usual import Change
from shared.domain.anomalies.finding import SeriesKey
from shared.domain.anomalies.records import listing
from shared.domain.anomalies.records.course import begun
from shared.domain.anomalies.records.lifecycle import Held, Ledger, settle
from shared.domain.anomalies.records.record import AnomalyQuery
from shared.domain.anomalies.records.remembered import MOST_SERIES, raised, voted
from shared.ports import Listing, every_document
from tests.unit.anomalies.scans import Watch, day, seen

HOME = "/v1/projects/shop/anomalies"
ACTIONS = {
    "acknowledge": {},
    "resolve": {},
    "mute": {"until": "2025-04-10"},
    "feedback": {"useful": False},
}
SERIES = SeriesKey("meta", None, "spend", "spike")


@pytest.fixture
def ann(world):
    return world.person("ann@example.com").opens("shop")


@pytest.fixture
def watch(ann):
    return Watch(ann.world.app.suite)


@pytest.fixture
def anomaly(watch):
    """The id of an open one."""
    [write, _] = watch.scan(1, "w").writes
    return write.path.rpartition("/")[2]


def many(count):
    """So many names of channels."""
    return [f"{'abcdefghijklmnopqrst'[n % 20] * (n // 20 + 1)}" for n in range(count)]


def member(ann, email, role):
    body = {"email": email, "role": role}
    assert ann.post("/v1/projects/shop/members", body).status_code == 201
    return ann.world.person(email)


def audit(world):
    stored = every_document(world.app.suite.documents, Listing("projects/shop/audit"))
    return [d.data["action"] for d in stored if d.data["action"].startswith("anomaly.")]


def ids(answer):
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.get_json()["items"]]


def channels(person, query="", home=HOME):
    """The channels of a list, read page by page."""
    found, token = [], ""
    while token is not None:
        sign = "&" if "?" in query else "?"
        page = person.get(home + query + (f"{sign}page_token={token}" if token else ""))
        assert page.status_code == 200, page.text
        found += [item["channel"] for item in page.get_json()["items"]]
        token = page.get_json()["next_page_token"]
    return found


def test_one_anomaly_is_shown_whole(ann, anomaly):
    answer = ann.get(f"{HOME}/{anomaly}")
    shown = answer.get_json()
    assert answer.headers["ETag"]
    assert shown.pop("vega_lite")["mark"] == "line"
    detected = shown.pop("detected_at")
    assert datetime.fromisoformat(detected) == datetime(2025, 4, 1, 6, tzinfo=UTC)
    assert shown == {
        "id": anomaly,
        "project_id": "shop",
        "channel": "meta",
        "campaign_id": None,
        "campaign": "Spring",
        "metric": "spend",
        "kind": "point",
        "direction": "spike",
        "severity": "warning",
        "window": {"start": "2025-03-31", "end": "2025-03-31"},
        "current_value": 130.0,
        "baseline_value": 100.0,
        "deviation_pct": 30.0,
        "impact": {"amount": 100.0, "currency": "EUR"},
        "headline": "Spend rose",
        "explanation": "Spend was 130 instead of 100.",
        "effects": [],
        "contributors": [],
        "is_resolved": False,
        "resolved_at": None,
        "resolved_by": None,
        "acknowledged_by": None,
        "acknowledged_at": None,
        "muted_until": None,
        "useful": None,
        "last_seen": "2025-04-01",
    }
    [listed] = ann.get(HOME).get_json()["items"]
    assert listed == shown | {"detected_at": detected}


@pytest.mark.parametrize("action,body", ACTIONS.items(), ids=ACTIONS)
def test_an_action_answers_the_record_and_is_audited_once_however_often_it_is_sent(
    ann, anomaly, action, body
):
    first = ann.post(f"{HOME}/{anomaly}:{action}", body)
    again = ann.post(f"{HOME}/{anomaly}:{action}", body)
    assert (first.status_code, again.status_code) == (200, 200), first.text
    assert first.get_json() == again.get_json() == ann.get(f"{HOME}/{anomaly}").get_json()
    assert first.headers["ETag"] == again.headers["ETag"]
    assert len(audit(ann.world)) == 1


@pytest.mark.parametrize("action,body", ACTIONS.items(), ids=ACTIONS)
def test_an_action_meant_for_an_earlier_version_is_refused(ann, watch, anomaly, action, body):
    path = f"{HOME}/{anomaly}:{action}"
    read = ann.get(f"{HOME}/{anomaly}").headers["ETag"]
    watch.scan(2, "w")
    assert ann.post(path, body, headers={"If-Match": read}).status_code == 412
    assert audit(ann.world) == []
    newest = ann.get(f"{HOME}/{anomaly}").headers["ETag"]
    done = ann.post(path, body, headers={"If-Match": newest})
    assert done.status_code == 200
    assert done.headers["ETag"] == ann.get(f"{HOME}/{anomaly}").headers["ETag"] != newest


@pytest.mark.parametrize("action,body", ACTIONS.items(), ids=ACTIONS)
def test_nobody_acts_on_an_anomaly_of_another_project(ann, anomaly, action, body):
    ann.opens("other")
    for home in ("/v1/projects/other/anomalies", HOME):
        unknown = anomaly if "other" in home else "nothing-such"
        assert ann.post(f"{home}/{unknown}:{action}", body).status_code == 404
        assert ann.get(f"{home}/{unknown}").status_code == 404
    eve = ann.world.person("eve@example.com")
    assert eve.post(f"{HOME}/{anomaly}:{action}", body).status_code == 404


@pytest.mark.parametrize("action,status", [("acknowledge", 403), ("resolve", 403), ("mute", 403)])
def test_a_viewer_reads_and_judges_and_leaves_the_rest_to_editors(ann, anomaly, action, status):
    viewer = member(ann, "vic@example.com", "viewer")
    assert viewer.post(f"{HOME}/{anomaly}:{action}", ACTIONS[action]).status_code == status
    assert viewer.post(f"{HOME}/{anomaly}:feedback", {"useful": True}).status_code == 200
    assert ids(viewer.get(HOME)) == [anomaly]


def test_who_resolved_first_and_when_is_kept(ann, anomaly):
    bob = member(ann, "bob@example.com", "editor")
    first = ann.post(f"{HOME}/{anomaly}:resolve").get_json()
    second = bob.post(f"{HOME}/{anomaly}:resolve").get_json()
    assert first["is_resolved"] and first["resolved_at"]
    assert first["resolved_by"] == second["resolved_by"] != "recovery"
    assert second == first


def test_who_acknowledged_first_is_kept(ann, anomaly):
    bob = member(ann, "bob@example.com", "editor")
    first = ann.post(f"{HOME}/{anomaly}:acknowledge").get_json()
    assert bob.post(f"{HOME}/{anomaly}:acknowledge").get_json() == first
    assert first["acknowledged_by"] and first["acknowledged_at"]


@pytest.mark.parametrize("action", ["acknowledge", "mute"])
def test_what_is_resolved_is_not_looked_after_any_more(ann, anomaly, action):
    ann.post(f"{HOME}/{anomaly}:resolve")
    refused = ann.post(f"{HOME}/{anomaly}:{action}", ACTIONS[action])
    assert refused.status_code == 409
    assert "resolved" in refused.get_json()["detail"]


def test_an_acknowledgement_sent_again_after_resolving_is_no_conflict(ann, anomaly):
    for action in ("acknowledge", "resolve", "acknowledge"):
        assert ann.post(f"{HOME}/{anomaly}:{action}").status_code == 200


@pytest.mark.parametrize(
    "body,status",
    [
        ({"until": "2025-04-01"}, 200),
        ({"until": "2026-04-02"}, 200),
        ({"until": None}, 200),
        ({"until": "2025-03-31"}, 422),
        ({"until": "2026-04-03"}, 422),
        ({"until": "soon"}, 422),
        ({}, 422),
        ({"until": "2025-04-10", "why": "sale"}, 422),
    ],
)
def test_a_mute_ends_today_or_later_and_within_a_year(ann, anomaly, body, status):
    answer = ann.post(f"{HOME}/{anomaly}:mute", body)
    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.get_json()["muted_until"] == body["until"]
    else:
        assert answer.get_json()["errors"][0]["field"]


def test_a_muted_one_is_listed_as_muted_until_the_day_is_over(ann, watch, anomaly):
    ann.post(f"{HOME}/{anomaly}:mute", {"until": "2025-04-10"})
    suite = watch.suite
    for today, state in [(1, "muted"), (10, "muted"), (11, "open")]:
        later = replace(suite, clock=FixedDayClock(day(today), datetime.now(UTC)))
        for asked in ("open", "muted"):
            shown = listing.list_anomalies(later, watch.access, AnomalyQuery(state=asked)).items
            assert [a.id for a in shown] == ([anomaly] if asked == state else [])
    assert ids(ann.get(f"{HOME}?state=all")) == [anomaly]


# Of two deviations of one series: which is judged useful or not, and the threshold afterwards.
JUDGED = [
    ("", None),
    ("a-", 1.5),
    ("a- a-", 1.5),
    ("a- b-", 2.25),
    ("a+", None),
    ("a- a+", None),
    ("a- a+ a-", 1.5),
    ("a- b- a+", 1.5),
    ("a- b+", 1.5),
    ("a- b- c- d- e-", 4.0),
    ("a- b- c- d- e- a+ b+ c+", 2.25),
]


@pytest.mark.parametrize("words,factor", JUDGED)
def test_what_was_not_worth_telling_must_be_clearer_the_next_time(watch, words, factor):
    found = {}
    for turn, name in enumerate("abcde"):
        watch.scan(10 * turn + 1, "w")
        found[name] = watch.records()[-1].id
    for word in words.split():
        watch.judge(found[word[0]], word[1] == "+")
    expected = {} if factor is None else {SERIES: factor}
    assert raised(watch.suite.documents, "shop", day(1)) == expected
    useful = {r.id: r.useful for r in watch.records()}
    last = {word[0]: word[1] == "+" for word in words.split()}
    assert useful == {found[name]: last.get(name) for name in "abcde"}


def test_what_people_said_is_forgotten_after_90_days(watch, anomaly):
    watch.judge(anomaly, False)
    assert raised(watch.suite.documents, "shop", day(90)) == {SERIES: 1.5}
    assert raised(watch.suite.documents, "shop", day(91)) == {}


@pytest.mark.slow
def test_what_people_said_of_many_series_is_bounded(watch):
    documents, names = watch.suite.documents, many(MOST_SERIES + 1)
    for turn, name in enumerate(names):
        record = begun(seen(f"{name}.w", 1), watch.moment(1), None)
        useless = record.model_copy(update={"useful": False})
        documents.commit(*voted(documents, useless, day(1 if turn else 0)))
    kept = raised(documents, "shop", day(1))
    assert {key.channel for key in kept} == set(names[1:])  # the oldest is forgotten


def test_many_people_and_a_scan_act_at_once_and_nothing_is_lost(ann, watch, anomaly):
    bob = member(ann, "bob@example.com", "editor")
    suite, path = watch.suite, f"{HOME}/{anomaly}"
    calls = [
        (who, action) for who in (ann, bob) for action in ("acknowledge", "mute", "feedback")
    ] * 2

    def send(call):
        who, action = call
        return who.post(f"{path}:{action}", ACTIONS[action]).status_code

    ann.get(path)  # the door is there before the threads are
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, calls))
    assert set(answers) == {200}
    shown = ann.get(path).get_json()
    assert shown["acknowledged_by"]
    assert (shown["muted_until"], shown["useful"]) == ("2025-04-10", False)
    assert sorted(audit(ann.world)) == ["anomaly.acknowledged", "anomaly.judged", "anomaly.muted"]
    assert raised(suite.documents, "shop", day(1)) == {SERIES: 1.5}


@pytest.fixture
def shelf(watch):
    """Open: a (impact 10), b (30, critical), c (20), d (20, which also moved roas); e is muted,
    f to k are resolved, h and k of them critical.
    """
    for as_of, name in enumerate("fghijk", start=1):
        watch.scan(as_of, f"{name}.{'c' if name in 'hk' else 'w'}")
    watch.scan(8)
    roas = (Change("roas", 1.0, 2.0),)
    found = [
        seen("e.w", 9),
        seen("a.w", 9, impact=10.0),
        seen("b.c", 9, impact=30.0),
        seen("c.w", 9, impact=20.0),
        seen("d.w", 9, impact=20.0, effects=roas),
    ]
    watch.scan(9, found[0])
    watch.act("mute 20")
    watch.scan(9, *found)
    return watch


RANKS = {"c": "c or d", "d": "c or d"}  # alike in impact
LISTS = {
    "": "bcda",
    "?state=open": "bcda",
    "?state=muted": "e",
    "?state=resolved": "kjihgf",
    "?severity=critical": "b",
    "?severity=critical&state=resolved": "kh",
    "?state=all&channel=c": "c",
    "?state=all&severity=critical": "bkh",
    "?channel=c": "c",
    "?channel=c&state=muted": "",
    "?channel=g&state=resolved": "g",
    "?metric=roas": "d",
    "?metric=spend": "bcda",
    "?metric=roas&state=all": "d",
    "?metric=revenue&state=all": "",
    "?metric=ctr&state=all": "",
}


@pytest.mark.parametrize("size", [1, 2, 3, 500])
@pytest.mark.parametrize("query,expected", LISTS.items(), ids=LISTS)
def test_lists_are_filtered_ordered_and_paged(ann, shelf, query, expected, size):
    sign = "&" if query else "?"
    found = channels(ann, f"{query}{sign}page_size={size}")
    assert sorted(found) == sorted(expected)
    assert [RANKS.get(c, c) for c in found] == [RANKS.get(c, c) for c in expected]


def test_paging_keeps_its_place_while_others_resolve_more(ann, shelf):
    first = ann.get(f"{HOME}?state=resolved&page_size=4").get_json()
    shelf.scan(10)
    assert shelf.scan(11).resolved == 5
    token = first["next_page_token"]
    second = ann.get(f"{HOME}?state=resolved&page_size=4&page_token={token}").get_json()
    shown = [item["channel"] for page in (first, second) for item in page["items"]]
    assert shown == list("kjihgf")


@pytest.mark.parametrize("token", ["x", "é", "bm9uZQ", "WyJvcGVuIiwxXQ", "W1tbW1tb"])
@pytest.mark.parametrize("state", ["open", "resolved", "all"])
def test_a_page_token_of_no_list_is_refused(ann, shelf, token, state):
    assert ann.get(f"{HOME}?state={state}&page_token={token}").status_code == 400


def test_a_page_token_belongs_to_its_list(ann, shelf):
    token = ann.get(f"{HOME}?state=resolved&page_size=1").get_json()["next_page_token"]
    for state in ("open", "muted", "all"):
        assert ann.get(f"{HOME}?state={state}&page_token={token}").status_code == 400


@pytest.mark.parametrize(
    "query", ["state=gone", "severity=bad", "metric=cpm", "page_size=0", "x=1"]
)
def test_what_a_list_does_not_know_is_said(ann, query):
    assert ann.get(f"{HOME}?{query}").status_code == 422


def test_a_rare_one_among_thousands_is_found_in_bounded_pages(ann, watch):
    past = Held(Ledger(scanned_to=day(40)), "1")
    for as_of, found in [
        (1, ["rare.c"]),
        *((n, [f"{x}.w" for x in many(400)]) for n in range(2, 8)),
    ]:
        findings = [seen(text, as_of) for text in found]
        watch.suite.documents.commit(*settle(past, findings, watch.moment(as_of)).writes)
    rare = f"{HOME}?state=resolved&severity=critical"
    first = ann.get(rare).get_json()
    assert first["items"] == []
    rest = ann.get(f"{rare}&page_token={first['next_page_token']}").get_json()
    assert [item["channel"] for item in rest["items"]] == ["rare"]
    assert rest["next_page_token"] is None


def test_a_description_with_parts_is_stored_and_shown(ann, watch):
    said = seen("w", 1, effects=(Change("cpc", 2.0, 1.0), Change("roas", None, 1.0)))
    assert isinstance(said.said, Description)
    watch.scan(1, said)
    [shown] = ann.get(HOME).get_json()["items"]
    assert shown["effects"] == [
        {"metric": "cpc", "current_value": 2.0, "baseline_value": 1.0, "deviation_pct": 100.0},
        {"metric": "roas", "current_value": None, "baseline_value": 1.0, "deviation_pct": None},
    ]
