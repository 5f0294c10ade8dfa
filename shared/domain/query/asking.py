"""Asking: a question or an analyst's SQL in, an answer out, the turn kept.

The type of an answer: `clarification` and `unanswerable` come from the reading; `chart_config` when
the person asked for a chart and it can be drawn; `prose` when the table has at most one row; else
`sql_result`. SQL is always answered by `sql_result`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from shared.domain.access import Access
from shared.domain.audit import audited
from shared.domain.query.answer import answer_text
from shared.domain.query.chart import chart_of, chart_of_table
from shared.domain.query.compiler import compile_plan
from shared.domain.query.explain import interpretation_of, sources_of, title_of
from shared.domain.query.models import QueryAnswer, QuestionRequest, Source, SqlRequest, Turn
from shared.domain.query.plan import AnyPlan, Clarification, Plan, Unanswerable
from shared.domain.query.reading import Context, read_question
from shared.domain.query.running import Ran, Statement, days_known, days_read, run
from shared.domain.query.sessions import Conversation, enter_session, turn_writes
from shared.domain.query.statements import WEEKDAYS
from shared.domain.query.suggestions import first_questions, follow_ups
from shared.domain.query.table_answer import table_text
from shared.domain.query.vega import Drawing, vega_lite
from shared.domain.suite import Suite
from shared.domain.vocabulary import Vocabulary, load_vocabulary
from shared.errors import Conflict, Stale
from shared.ports import Put, Write

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """One question on its way: who asks where, in which conversation, since when."""

    access: Access
    text: str
    conversation: Conversation
    turn_id: str
    at: datetime
    vocabulary: Vocabulary


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of it: fields of the answer, and what of it is kept besides."""

    fields: dict[str, Any]
    plan: Plan | None = None
    ran: Ran | None = None
    engine: Literal["offline", "gemini"] = "offline"


def ask(suite: Suite, access: Access, request: QuestionRequest, request_id: str) -> QueryAnswer:
    """Answer a question. Raises NotFound (no such session), TooLarge or TimedOut."""
    asked = _begin(suite, access, request.question, request.session_id, request_id)
    context = Context(
        today=suite.clock.today(access.project.zone),
        week_start=access.project.first_weekday,
        vocabulary=asked.vocabulary,
        previous=asked.conversation.plan,
    )
    reading = read_question(request.question, context)
    if isinstance(reading, Clarification | Unanswerable):
        return _keep(suite, asked, _unanswered(reading, asked.vocabulary))
    return _keep(suite, asked, _planned(suite, asked, reading))


def ask_sql(suite: Suite, access: Access, request: SqlRequest, request_id: str) -> QueryAnswer:
    """Run an analyst's SQL under the guard. Raises UnsafeSql, NotFound, TooLarge or TimedOut."""
    asked = _begin(suite, access, request.sql, request.session_id, request_id)
    first, last = days_known(asked.vocabulary)
    statement = Statement(request.sql, {}, first, last)
    ran = run(suite, access.project, statement, asked.vocabulary.data_version)
    known = asked.vocabulary
    fields: dict[str, Any] = {
        "type": "sql_result",
        "answer": table_text(ran),
        "sql": request.sql,
        "sources": [Source(table=t, start=known.first_day, end=known.last_day) for t in ran.tables],
        "suggestions": first_questions(known),
    }
    if chart := chart_of_table(ran.result):
        drawing = Drawing(ran.result, "Result", access.project.currency)
        fields |= {"chart": chart, "vega_lite": vega_lite(chart, drawing)}
    return _keep(suite, asked, Answered(fields, ran=ran))


def _begin(
    suite: Suite, access: Access, text: str, session_id: str | None, request_id: str
) -> Asked:
    at = suite.clock.now()
    turn_id = _turn_id(access, at, request_id)
    return Asked(
        access=access,
        text=text,
        conversation=enter_session(suite.documents, access, session_id, new_id=turn_id),
        turn_id=turn_id,
        at=at,
        vocabulary=load_vocabulary(suite, access.project.id),
    )


def _turn_id(access: Access, at: datetime, request_id: str) -> str:
    # Sorts by time. A caller may choose the request id, so that alone must not name a turn.
    mark = sha256(f"{access.caller.uid}\n{request_id}".encode()).hexdigest()[:12]
    return f"{at:%Y%m%dT%H%M%S%f}-{mark}"


def _unanswered(reading: Clarification | Unanswerable, vocabulary: Vocabulary) -> Answered:
    if isinstance(reading, Clarification):
        text, choices = reading.question, reading.choices
    else:
        text, choices = reading.because, reading.instead or tuple(first_questions(vocabulary))
    return Answered({"type": reading.kind, "answer": text, "suggestions": list(choices)})


def _planned(suite: Suite, asked: Asked, plan: AnyPlan) -> Answered:
    project, known = asked.access.project, asked.vocabulary
    compiled = compile_plan(plan)
    statement = Statement(compiled.sql, compiled.params, *days_read(plan, known))
    ran = run(suite, project, statement, known.data_version)
    fields = {
        "answer": answer_text(plan, ran.result, project.currency, known),
        "interpretation": interpretation_of(plan),
        "sql": compiled.display_sql,
        "sources": sources_of(plan),
        "suggestions": follow_ups(plan, known),
        **_drawn(plan, ran, project.currency),
    }
    wished = isinstance(plan, Plan) and plan.chart is not None and "chart" in fields
    rows = len(ran.result.rows)
    fields["type"] = "chart_config" if wished else "prose" if rows <= 1 else "sql_result"
    return Answered(fields, plan if isinstance(plan, Plan) else None, ran)


def _drawn(plan: AnyPlan, ran: Ran, currency: str) -> dict[str, Any]:
    chart = chart_of(plan, ran.result)
    if chart is None or not isinstance(plan, Plan):
        return {}
    week = WEEKDAYS[plan.week_start :] + WEEKDAYS[: plan.week_start]
    drawing = Drawing(ran.result, title_of(plan), currency, plan.grain or "day", week)
    return {"chart": chart, "vega_lite": vega_lite(chart, drawing)}


def _keep(suite: Suite, asked: Asked, answered: Answered) -> QueryAnswer:
    """Write the turn, its session, what is known about its quality, and the result, at once."""
    elapsed = suite.clock.now() - asked.at
    answer = QueryAnswer(
        session_id=asked.conversation.id,
        turn_id=asked.turn_id,
        engine=answered.engine,
        elapsed_ms=round(elapsed.total_seconds() * 1000),
        **_table(answered.ran),
        **answered.fields,
    )
    turn = Turn(asked_at=asked.at, question=asked.text, answer=answer)
    for _ in range(ATTEMPTS):
        writes = turn_writes(asked.access, asked.conversation, turn, answered.plan)
        try:
            suite.documents.commit(*writes, *_records(asked, answer, answered))
        except Stale:  # another turn came first, or the session was deleted: NotFound then
            session = asked.conversation.id
            again = enter_session(suite.documents, asked.access, session, new_id=session)
            asked = replace(asked, conversation=again)
            continue
        return answer
    raise Conflict("Too many questions at once in this session. Ask again.")


def _table(ran: Ran | None) -> dict[str, Any]:
    if ran is None:
        return {}
    return {
        "columns": list(ran.result.columns),
        "rows": ran.result.rows,
        "row_count": len(ran.result.rows),
        "truncated": ran.result.truncated,
        "cached": ran.cached,
    }


def _records(asked: Asked, answer: QueryAnswer, answered: Answered) -> list[Write]:
    """What outlives the session holds no word of the question."""
    project_id, ran = asked.access.project.id, answered.ran
    insight = {
        "report_type": "natural_language_query",
        "created_at": asked.at.isoformat(),
        "session_id": answer.session_id,
        "type": answer.type,
        "engine": answer.engine,
        "cached": answer.cached,
        "latency_ms": answer.elapsed_ms,
        "bytes": ran.result.bytes_processed if ran and not ran.cached else 0,
        "row_count": answer.row_count,
        "feedback": None,
    }
    what = {"turn_id": answer.turn_id, "session_id": answer.session_id, "type": answer.type}
    return [
        Put(f"projects/{project_id}/insights/{answer.turn_id}", insight),
        audited(project_id, asked.access.caller, "query.asked", asked.at, what),
        *([ran.keep] if ran and ran.keep else []),
    ]
