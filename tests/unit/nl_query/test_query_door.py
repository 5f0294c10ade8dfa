"""Questions as a frontend asks them: who may, how often, and what nobody else gets to see."""

from __future__ import annotations

import pytest

CSV = """date,channel,campaign,spend,impressions,clicks,conversions,revenue
2025-03-01,google_ads,Brand,{spend},1000,50,5,400
2025-03-02,meta,{campaign},20,1000,50,5,400
"""
ASK = "/v1/projects/shop/query"
SQL = "/v1/projects/shop/query:sql"
SPEND = {"question": "spend in March 2025"}


def filled(person, project, spend, campaign):
    person.opens(project)
    assert person.imports(project, CSV.format(spend=spend, campaign=campaign)).status_code == 200
    return person


@pytest.fixture
def ann(world):
    return filled(world.person("ann@example.com"), "shop", 100, "Secret_Launch")


@pytest.fixture
def bob(world):
    return filled(world.person("bob@example.com"), "bakery", 7, "Buns")


def test_an_answer_has_the_shape_that_is_promised(ann):
    answer = ann.asks("shop", "spend by channel in March 2025")
    assert set(answer) == {
        *("session_id", "turn_id", "type", "answer", "interpretation", "sql", "columns", "rows"),
        *("row_count", "truncated", "chart", "vega_lite", "sources", "suggestions", "engine"),
        *("cached", "elapsed_ms"),
    }
    assert answer["rows"] == [["google_ads", 100], ["meta", 20]]
    assert answer["interpretation"]["period"]["start"] == "2025-03-01"
    assert answer["sources"][0]["table"] == "channel_daily"


def test_the_sql_of_an_answer_may_be_posted_back(ann):
    answer = ann.asks("shop", "ROAS by channel in March 2025")
    again = ann.post(SQL, {"sql": answer["sql"]})
    assert again.status_code == 200, again.text
    assert again.get_json()["rows"] == answer["rows"]


def test_the_same_question_is_answered_from_the_cache_until_data_come_in(ann):
    assert [ann.asks("shop", SPEND["question"])["cached"] for _ in range(2)] == [False, True]
    ann.imports("shop", CSV.format(spend=101, campaign="Secret_Launch"))
    answer = ann.asks("shop", SPEND["question"])
    assert (answer["cached"], answer["rows"]) == (False, [[121]])


def test_no_answer_of_one_tenant_reaches_another(ann, bob):
    ann.asks("shop", SPEND["question"])
    mine = bob.asks("bakery", SPEND["question"])
    assert (mine["cached"], mine["rows"]) == (False, [[27]])
    named = bob.asks("bakery", "spend of Secret_Launch in March 2025")
    assert named["type"] == "unanswerable"
    assert "Secret" not in " ".join(named["suggestions"])
    raw = bob.post("/v1/projects/bakery/query:sql", {"sql": "SELECT * FROM channel_daily"})
    assert "Secret" not in raw.text
    assert len(raw.get_json()["rows"]) == 2


HOSTILE = [
    "SELECT * FROM channel_daily WHERE project_id = 'shop'",
    "SELECT * FROM other.channel_daily",
    "SELECT 1; DROP TABLE channel_daily",
    "DELETE FROM channel_daily WHERE TRUE",
    "SELECT * FROM INFORMATION_SCHEMA.TABLES",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM channel_daily a CROSS JOIN channel_daily b",
]


@pytest.mark.parametrize("sql", HOSTILE)
def test_unsafe_sql_is_a_problem_with_a_reason_and_a_place(bob, sql):
    answer = bob.post("/v1/projects/bakery/query:sql", {"sql": sql})
    document = answer.get_json(force=True)
    assert (answer.status_code, document["type"]) == (422, "/problems/unsafe-sql")
    assert document["reason"]
    assert "position" in document


def test_a_session_is_its_owners_alone(ann, bob, world):
    session = ann.asks("shop", SPEND["question"])["session_id"]
    ann.post("/v1/projects/shop/members", {"email": "eve@example.com", "role": "owner"})
    eve = world.person("eve@example.com")
    path = f"{ASK}/sessions/{session}"
    for other in (eve, bob):
        assert other.get(path).status_code == 404
        assert other.call("DELETE", path).status_code == 404
        assert other.post(ASK, {**SPEND, "session_id": session}).status_code == 404
    assert eve.get(f"{ASK}/sessions").get_json()["items"] == []
    assert ann.get(path).get_json()["turns"][0]["question"] == SPEND["question"]


def test_a_session_that_is_deleted_is_gone(ann):
    session = ann.asks("shop", SPEND["question"])["session_id"]
    path = f"{ASK}/sessions/{session}"
    assert ann.call("DELETE", path).status_code == 204
    assert ann.get(path).status_code == 404
    assert ann.get(f"{ASK}/sessions").get_json()["items"] == []


def test_a_follow_up_changes_the_question_before(ann):
    first = ann.asks("shop", "spend for google in March 2025")
    second = ann.asks("shop", "and for meta?", session_id=first["session_id"])
    assert (first["rows"], second["rows"]) == ([[100]], [[20]])
    assert second["session_id"] == first["session_id"]


def test_the_hourly_limit_is_told_before_and_when_it_is_reached(worlds):
    world = worlds(AIMS_AI_OPERATIONS_PER_HOUR="2")
    ann = filled(world.person("ann@example.com"), "shop", 100, "Launch")
    assert ann.post(ASK, {"question": ""}).status_code == 422  # not counted
    left = [ann.post(ASK, SPEND).headers["RateLimit-Remaining"] for _ in range(2)]
    assert left == ["1", "0"]
    over = ann.post(SQL, {"sql": "SELECT 1 AS one FROM campaigns"})
    assert (over.status_code, over.get_json(force=True)["type"]) == (429, "/problems/rate-limited")
    assert 0 < int(over.headers["Retry-After"]) <= 3600
    assert over.headers["RateLimit-Limit"] == "2"
    assert ann.get(f"{ASK}/sessions").status_code == 200


def test_a_repeat_with_a_key_is_not_counted(worlds):
    world = worlds(AIMS_AI_OPERATIONS_PER_HOUR="1")
    ann = filled(world.person("ann@example.com"), "shop", 100, "Launch")
    key = {"headers": {"Idempotency-Key": "k"}}
    first, again = ann.post(ASK, SPEND, **key), ann.post(ASK, SPEND, **key)
    assert first.data == again.data
    assert again.status_code == 200


def test_parallel_calls_do_not_slip_past_the_limit(worlds):
    from concurrent.futures import ThreadPoolExecutor

    world = worlds(AIMS_AI_OPERATIONS_PER_HOUR="3")
    ann = filled(world.person("ann@example.com"), "shop", 100, "Launch")
    headers, client = ann.headers(), world.client("nl_query")
    with ThreadPoolExecutor(8) as pool:
        asked = pool.map(
            lambda _: client.application.test_client().post(ASK, json=SPEND, headers=headers),
            range(12),
        )
    assert sorted(a.status_code for a in asked) == [200] * 3 + [429] * 9


@pytest.mark.parametrize(
    "body", [{}, {"question": ""}, {"question": "x" * 1001}, {"question": "a", "user": "b"}]
)
def test_a_question_that_is_none_is_refused(ann, body):
    assert ann.post(ASK, body).status_code == 422


def test_logs_hold_no_word_of_a_question(ann, world):
    ann.asks("shop", "spend of Secret_Launch in March 2025")
    assert "Secret" not in world.log.getvalue()
    assert "spend" not in world.log.getvalue()
