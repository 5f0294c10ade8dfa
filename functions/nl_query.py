"""Ask your data."""

from __future__ import annotations

from shared.domain.query import sessions
from shared.domain.query.asking import ask, ask_sql
from shared.domain.query.models import (
    QueryAnswer,
    QuestionRequest,
    Session,
    SessionList,
    SqlRequest,
)
from shared.domain.requests import PageQuery
from shared.domain.suite import Suite
from shared.runtime.http.edge import http_function
from shared.runtime.http.operations import Call, Operation


def _delete(suite: Suite, call: Call) -> None:
    sessions.delete(suite, call.access, call.path["session"])


nl_query = http_function(
    "nl_query",
    {
        "ask": Operation(
            lambda suite, call: ask(suite, call.access, call.body, call.request_id),
            body=QuestionRequest,
            answer=QueryAnswer,
        ),
        "ask_sql": Operation(
            lambda suite, call: ask_sql(suite, call.access, call.body, call.request_id),
            body=SqlRequest,
            answer=QueryAnswer,
        ),
        "list_sessions": Operation(
            lambda suite, call: sessions.listed(suite, call.access, call.query),
            query=PageQuery,
            answer=SessionList,
        ),
        "read_session": Operation(
            lambda suite, call: sessions.read(suite, call.access, call.path["session"], call.query),
            query=PageQuery,
            answer=Session,
        ),
        "delete_session": Operation(_delete, status=204),
    },
)
