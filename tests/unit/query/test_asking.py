"""Questions and SQL from request to kept turn."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.guard import UnsafeSql
from shared.domain.query import sessions
from shared.domain.query.asking import ask, ask_sql
from shared.domain.query.models import QueryAnswer, QuestionRequest, SqlRequest
from shared.domain.requests import PageQuery
from shared.errors import NotFound
from shared.ports import Listing, every_document

from .conftest import Daily, Shop

QUESTION = "spend by channel last month"


@pytest.fixture
def open_shop(shop: Shop) -> Shop:
    days = [date(2025, 3, 1) + timedelta(days=n) for n in range(31)]
    shop.imports(
        [
            Daily(day, channel, f"{channel} brand", spend=Decimal(spend))
            for day in days
            for channel, spend in (("meta", 20), ("email", 5))
        ]
    )
    return shop


def asks(shop: Shop, question: str = QUESTION, uid: str = "ana", **more: Any) -> QueryAnswer:
    request = QuestionRequest(question=question, **more)
    return ask(shop.suite, shop.access(uid), request, "request-1")


def runs(shop: Shop, sql: str, uid: str = "ana", **more: Any) -> QueryAnswer:
    return ask_sql(shop.suite, shop.access(uid), SqlRequest(sql=sql, **more), "request-1")


def kept(shop: Shop, collection: str) -> list[dict[str, Any]]:
    listing = Listing(f"projects/shop/{collection}")
    return [document.data for document in every_document(shop.suite.documents, listing)]


def test_a_question_is_answered_with_text_table_chart_sql_and_sources(open_shop: Shop) -> None:
    answer = asks(open_shop)
    assert answer.type == "sql_result"
    assert "meta had the highest spend" in answer.answer
    assert "€620.00" in answer.answer
    assert [c.name for c in answer.columns] == ["channel", "spend"]
    assert answer.rows == [["meta", 620], ["email", 155]]
    assert (answer.row_count, answer.truncated, answer.cached) == (2, False, False)
    assert answer.chart and answer.chart.type == "bar"
    assert answer.vega_lite and len(answer.vega_lite["data"]["values"]) == 2
    assert [s.model_dump() for s in answer.sources] == [
        {"table": "channel_daily", "start": date(2025, 3, 1), "end": date(2025, 3, 31)}
    ]
    assert answer.interpretation
    assert answer.interpretation.model_dump(mode="json") == {
        "metrics": ["spend"],
        "dimensions": ["channel"],
        "filters": {},
        "period": {"start": "2025-03-01", "end": "2025-03-31"},
        "compare_to": None,
        "order": None,
        "limit": None,
    }
    assert len(answer.suggestions) == 3
    assert answer.engine == "offline"


def test_the_answers_sql_run_by_an_analyst_gives_the_same_rows(open_shop: Shop) -> None:
    answer = asks(open_shop, "spend, ROAS and CPA by channel last month vs previous month")
    again = runs(open_shop, str(answer.sql))
    assert again.rows == answer.rows
    assert again.columns == answer.columns


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("how much did we spend last month", "prose"),
        (QUESTION, "sql_result"),
        ("show spend by channel last month as a bar chart", "chart_config"),
        ("what will the weather be tomorrow", "unanswerable"),
    ],
)
def test_the_type_follows_what_comes_back(open_shop: Shop, question: str, kind: str) -> None:
    answer = asks(open_shop, question)
    assert answer.type == kind
    assert answer.answer


def test_what_cannot_be_answered_ran_nothing(open_shop: Shop) -> None:
    answer = asks(open_shop, "what will the weather be tomorrow")
    assert (answer.sql, answer.rows, answer.chart, answer.interpretation) == (None, [], None, None)
    assert answer.suggestions


def test_of_several_readings_each_is_a_question_to_ask(open_shop: Shop) -> None:
    answer = asks(open_shop, "channel mix last month")
    assert (answer.type, answer.rows) == ("clarification", [])
    assert len(answer.suggestions) >= 2
    assert all(asks(open_shop, choice).type == "sql_result" for choice in answer.suggestions)


def test_a_project_without_data_says_so(shop: Shop) -> None:
    answer = asks(shop, "how much did we spend last month")
    assert (answer.type, answer.rows) == ("prose", [])
    assert answer.answer.startswith("No data have been imported yet.")


def test_the_same_question_on_the_same_data_is_not_run_again(open_shop: Shop) -> None:
    first, second = asks(open_shop), asks(open_shop)
    assert (first.cached, second.cached) == (False, True)
    assert replaced(second) == replaced(first)


def replaced(answer: QueryAnswer) -> dict[str, Any]:
    return answer.model_dump(exclude={"session_id", "turn_id", "cached", "elapsed_ms"})


def test_an_import_makes_kept_answers_unfindable(open_shop: Shop) -> None:
    asks(open_shop)
    open_shop.imports([Daily(date(2025, 3, 1), "tiktok", "T", spend=Decimal(999))])
    answer = asks(open_shop)
    assert not answer.cached
    assert answer.rows[0] == ["tiktok", 999]


def test_another_tenant_never_gets_a_kept_answer(open_shop: Shop) -> None:
    asks(open_shop)
    open_shop.imports([Daily(date(2025, 3, 1), "x", spend=Decimal(1))], project="rival")
    request = QuestionRequest(question=QUESTION)
    theirs = ask(open_shop.suite, open_shop.access("eve", "rival"), request, "r")
    assert (theirs.cached, theirs.rows) == (False, [["x", 1]])


def test_a_large_result_is_not_kept_for_the_next_one(
    open_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.domain.query.running.LARGEST_KEPT", 20)
    assert [asks(open_shop).cached for _ in range(2)] == [False, False]


def test_a_follow_up_changes_the_plan_before(open_shop: Shop) -> None:
    first = asks(open_shop)
    second = asks(open_shop, "and for email?", session_id=first.session_id)
    assert second.session_id == first.session_id
    assert second.interpretation and second.interpretation.filters == {"channel": ["email"]}
    assert second.rows == [[155]]


def test_a_question_that_fails_leaves_the_plan_for_the_next_follow_up(open_shop: Shop) -> None:
    session = asks(open_shop).session_id
    asks(open_shop, "what will the weather be tomorrow", session_id=session)
    answer = asks(open_shop, "and for email?", session_id=session)
    assert answer.rows == [[155]]


def test_a_session_can_be_listed_read_and_deleted(open_shop: Shop) -> None:
    first = asks(open_shop)
    open_shop.clock.passes(minutes=1)
    second = asks(open_shop, "and for email?", session_id=first.session_id)
    access = open_shop.access()
    (listed,) = sessions.listed(open_shop.suite, access, PageQuery()).items
    assert (listed.id, listed.title) == (first.session_id, QUESTION)
    assert listed.expires_at - listed.updated_at == timedelta(hours=24)
    read = sessions.read(open_shop.suite, access, first.session_id)
    assert [t.question for t in read.turns] == [QUESTION, "and for email?"]
    assert [t.answer for t in read.turns] == [first, second]
    sessions.delete(open_shop.suite, access, first.session_id)
    assert sessions.listed(open_shop.suite, access, PageQuery()).items == []
    assert kept(open_shop, f"sessions/{first.session_id}/turns") == []
    with pytest.raises(NotFound):
        sessions.read(open_shop.suite, access, first.session_id)


def test_sessions_come_latest_first_a_page_at_a_time(open_shop: Shop) -> None:
    ids = []
    for _ in range(3):
        ids.append(asks(open_shop).session_id)
        open_shop.clock.passes(minutes=1)
    asks(open_shop, session_id=ids[0])
    access = open_shop.access()
    first = sessions.listed(open_shop.suite, access, PageQuery(page_size=2))
    assert [s.id for s in first.items] == [ids[0], ids[2]]
    rest = PageQuery(page_size=2, page_token=first.next_page_token)
    assert [s.id for s in sessions.listed(open_shop.suite, access, rest).items] == [ids[1]]


@pytest.mark.parametrize("who", ["somebody else", "another project", "too late", "unknown"])
def test_a_session_is_there_for_its_owner_alone_and_for_a_day(open_shop: Shop, who: str) -> None:
    session = asks(open_shop).session_id
    access = open_shop.access(
        "eve" if who == "somebody else" else "ana",
        "rival" if who == "another project" else "shop",
    )
    if who == "too late":
        open_shop.clock.passes(hours=24)
    wanted = "nothing" if who == "unknown" else session
    request = QuestionRequest(question=QUESTION, session_id=wanted)
    for attempt in (
        lambda: ask(open_shop.suite, access, request, "r"),
        lambda: sessions.read(open_shop.suite, access, wanted),
        lambda: sessions.delete(open_shop.suite, access, wanted),
    ):
        with pytest.raises(NotFound, match="no such session"):
            attempt()
    listed = sessions.listed(open_shop.suite, access, PageQuery()).items
    assert [s.id for s in listed] == ([session] if who == "unknown" else [])


def test_every_turn_gives_a_session_another_day(open_shop: Shop) -> None:
    session = asks(open_shop).session_id
    for _ in range(3):
        open_shop.clock.passes(hours=23)
        assert asks(open_shop, session_id=session).session_id == session
    assert len(sessions.read(open_shop.suite, open_shop.access(), session).turns) == 4


def test_a_session_deleted_while_a_question_is_answered_stays_deleted(open_shop: Shop) -> None:
    session = asks(open_shop).session_id
    access = open_shop.access()

    class Racing:
        """The session is deleted just before the turn is written."""

        def __getattr__(self, name: str) -> Any:
            return getattr(open_shop.suite.documents, name)

        def commit(self, *writes: Any) -> None:
            if any(f"{session}/turns/" in w.path for w in writes):
                sessions.delete(open_shop.suite, access, session)
            open_shop.suite.documents.commit(*writes)

    suite = replace(open_shop.suite, documents=Racing())
    with pytest.raises(NotFound):
        ask(suite, access, QuestionRequest(question=QUESTION, session_id=session), "r")
    assert kept(open_shop, "sessions") == []


def test_two_turns_at_once_are_both_kept(open_shop: Shop) -> None:
    session = asks(open_shop).session_id
    access = open_shop.access()

    class Racing:
        """Another turn of the session is written first, once."""

        raced = False

        def __getattr__(self, name: str) -> Any:
            return getattr(open_shop.suite.documents, name)

        def commit(self, *writes: Any) -> None:
            if not self.raced and any("/turns/" in w.path for w in writes):
                self.raced = True
                asks(open_shop, "clicks by channel last month", session_id=session)
            open_shop.suite.documents.commit(*writes)

    suite = replace(open_shop.suite, documents=Racing())
    ask(suite, access, QuestionRequest(question=QUESTION, session_id=session), "r")
    assert len(sessions.read(open_shop.suite, access, session).turns) == 3


def test_a_turn_is_an_insight_and_audited_without_a_word_of_the_question(open_shop: Shop) -> None:
    answer = asks(open_shop, "spend by channel last month")
    (insight,) = kept(open_shop, "insights")
    assert insight["report_type"] == "natural_language_query"
    assert (insight["engine"], insight["session_id"]) == ("offline", answer.session_id)
    assert insight["bytes"] > 0
    asked = [a for a in kept(open_shop, "audit") if a["action"] == "query.asked"]
    assert [(a["uid"], a["what"]["turn_id"]) for a in asked] == [("ana", answer.turn_id)]
    assert "channel last month" not in json.dumps([insight, *asked])


def test_large_rows_are_cut_in_the_session_and_whole_in_the_answer(
    open_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.domain.query.sessions.LARGEST_TURN", 1_600)
    answer = asks(open_shop, "spend by day last month")
    (turn,) = sessions.read(open_shop.suite, open_shop.access(), answer.session_id).turns
    assert len(answer.rows) == turn.answer.row_count == 31
    assert 0 < len(turn.answer.rows) < 31
    assert turn.answer.rows == answer.rows[: len(turn.answer.rows)]
    assert turn.answer.answer == answer.answer


SQL = "SELECT channel, SUM(spend) AS spend FROM channel_daily GROUP BY channel ORDER BY spend"


def test_sql_is_answered_in_the_same_shape(open_shop: Shop) -> None:
    answer = runs(open_shop, SQL)
    assert (answer.type, answer.sql, answer.interpretation) == ("sql_result", SQL, None)
    assert answer.rows == [["email", 155], ["meta", 620]]
    assert answer.chart and answer.chart.type == "bar"
    assert answer.answer == "The query gives a table of channel and spend (source: channel_daily)."
    assert [s.table for s in answer.sources] == ["channel_daily"]
    assert answer.sources[0].end == date(2025, 3, 31)


def test_one_row_of_sql_is_told(open_shop: Shop) -> None:
    answer = runs(open_shop, "SELECT SUM(spend) AS spend, MAX(date) AS day FROM channel_daily")
    assert (
        answer.answer == "The query gives spend = 775 and day = 2025-03-31 (source: channel_daily)."
    )


def test_sql_joins_a_session_and_leaves_its_plan(open_shop: Shop) -> None:
    session = asks(open_shop).session_id
    assert runs(open_shop, SQL, session_id=session).session_id == session
    answer = asks(open_shop, "and for email?", session_id=session)
    assert answer.rows == [[155]]


def test_sql_reads_one_tenant_only(open_shop: Shop) -> None:
    open_shop.imports([Daily(date(2025, 3, 1), "x")], project="rival")
    answer = runs(open_shop, "SELECT DISTINCT channel FROM channel_daily ORDER BY channel")
    assert answer.rows == [["email"], ["meta"]]


@pytest.mark.parametrize(
    "sql", ["DELETE FROM channel_daily WHERE TRUE", "SELECT * FROM users", "SELECT @project_id"]
)
def test_refused_sql_leaves_nothing_behind(open_shop: Shop, sql: str) -> None:
    with pytest.raises(UnsafeSql):
        runs(open_shop, sql)
    assert kept(open_shop, "sessions") == kept(open_shop, "insights") == []


def test_a_result_over_the_row_cap_is_cut_and_says_so(
    open_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.domain.query.running.MOST_ROWS", 3)
    answer = asks(open_shop, "spend by day last month")
    assert (answer.row_count, answer.truncated) == (3, True)
    assert answer.answer.endswith("The table is cut: there are more rows.")


def test_an_answer_is_json_without_nan(open_shop: Shop) -> None:
    sql = "SELECT CAST('NaN' AS FLOAT64) AS a, CAST('inf' AS FLOAT64) AS b, 1.5 AS c"
    answer = runs(open_shop, f"{sql}, NUMERIC '2.50' AS d, DATE '2025-01-31' AS e, TRUE AS f")
    assert answer.rows == [[None, None, 1.5, 2.5, "2025-01-31", True]]
    json.loads(answer.model_dump_json(), parse_constant=pytest.fail)
