"""Query sessions: a conversation of one person in one project, alive until 24 hours after its last
turn. To anybody else, and after that, it is not there.

A turn is kept for a week, so that a long session can be read back; its large results are cut.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, takewhile
from typing import Any

from pydantic import ValidationError

from shared.domain.access import Access
from shared.domain.query.models import QueryAnswer, Session, SessionList, SessionSummary, Turn
from shared.domain.query.plan import Plan
from shared.domain.requests import PageQuery
from shared.domain.suite import Suite
from shared.errors import NotFound
from shared.ports import Create, Delete, Document, Documents, Listing, Put, Write, every_document

SESSION_LIVES = timedelta(hours=24)
TURN_LIVES = timedelta(days=7)
LARGEST_TURN = 300_000  # bytes of JSON
LONGEST_TITLE = 80
DELETED_AT_ONCE = 400
FIRST_PAGE = PageQuery()


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a turn goes on: `plan` is what a follow-up changes, `stored` the session if old."""

    id: str
    plan: Plan | None = None
    stored: Document | None = None


def enter_session(
    documents: Documents, access: Access, session_id: str | None, new_id: str
) -> Conversation:
    """The caller's session, or a new one. Raises NotFound for what is not theirs or has expired."""
    if session_id is None:
        return Conversation(new_id)
    stored = _own(documents, access, session_id)
    return Conversation(session_id, _plan(stored.data["plan"]), stored)


def _plan(text: str | None) -> Plan | None:
    try:
        return Plan.model_validate_json(text) if text else None
    except ValidationError:  # of an earlier version of the suite
        return None


def _own(documents: Documents, access: Access, session_id: str) -> Document:
    found = documents.get(_path(access, session_id))
    if found is None or found.data["uid"] != access.caller.uid:
        raise NotFound("There is no such session; it may have ended. Ask without session_id.")
    return found


def turn_writes(
    access: Access, conversation: Conversation, turn: Turn, plan: Plan | None
) -> tuple[Write, ...]:
    """What makes a turn part of its session, as long as that is still as it was read."""
    at, stored = turn.asked_at, conversation.stored
    path = _path(access, conversation.id)
    last_plan = plan or conversation.plan
    session = {
        "uid": access.caller.uid,
        "title": stored.data["title"] if stored else _title(turn.question),
        "created_at": stored.data["created_at"] if stored else at.isoformat(),
        "updated_at": at.isoformat(),
        "plan": last_plan.model_dump_json() if last_plan else None,
    }
    kept: Write = (
        Put(path, session, if_version=stored.version, expires_at=at + SESSION_LIVES)
        if stored
        else Create(path, session, expires_at=at + SESSION_LIVES)
    )
    answered = {"question": turn.question, "asked_at": at.isoformat(), "answer": _cut(turn.answer)}
    turn_path = f"{path}/turns/{turn.answer.turn_id}"
    return kept, Create(turn_path, answered, expires_at=at + TURN_LIVES)


def _title(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"


def _cut(answer: QueryAnswer) -> str:
    """The answer as one text of bounded size: rows and drawing give way, the words never."""
    text = answer.model_dump_json()
    if len(text.encode()) <= LARGEST_TURN:
        return text
    bare = answer.model_copy(update={"vega_lite": None, "rows": []})
    room = LARGEST_TURN - len(bare.model_dump_json().encode())
    filled = accumulate(len(json.dumps(row)) + 1 for row in answer.rows)
    fitting = sum(1 for _ in takewhile(lambda size: size <= room, filled))
    return bare.model_copy(update={"rows": answer.rows[:fitting]}).model_dump_json()


def listed(suite: Suite, access: Access, page: PageQuery) -> SessionList:
    """The caller's own sessions, the latest first."""
    listed = suite.documents.list(
        Listing(
            f"projects/{access.project.id}/sessions",
            where={"uid": access.caller.uid},
            order_by="updated_at",
            descending=True,
            limit=page.page_size,
            after=page.page_token,
        )
    )
    items = [SessionSummary(**_summary(session)) for session in listed.items]
    return SessionList(items=items, next_page_token=listed.next_cursor)


def read(suite: Suite, access: Access, session_id: str, page: PageQuery = FIRST_PAGE) -> Session:
    """The caller's session with a page of its turns. Raises NotFound."""
    session = _own(suite.documents, access, session_id)
    turns = suite.documents.list(
        Listing(f"{_path(access, session_id)}/turns", limit=page.page_size, after=page.page_token)
    )
    return Session(
        **_summary(session),
        turns=[_turn(stored) for stored in turns.items],
        next_page_token=turns.next_cursor,
    )


def _summary(session: Document) -> dict[str, Any]:
    updated_at = datetime.fromisoformat(session.data["updated_at"])
    return {
        "id": session.id,
        "title": session.data["title"],
        "created_at": session.data["created_at"],
        "updated_at": updated_at,
        "expires_at": updated_at + SESSION_LIVES,
    }


def _turn(stored: Document) -> Turn:
    answer = QueryAnswer.model_validate_json(stored.data["answer"])
    return Turn(asked_at=stored.data["asked_at"], question=stored.data["question"], answer=answer)


def delete(suite: Suite, access: Access, session_id: str) -> None:
    """Forget the caller's session and every turn of it. Raises NotFound."""
    path = _path(access, session_id)
    _own(suite.documents, access, session_id)
    # The session first: a question that is being answered then cannot add a turn any more.
    suite.documents.commit(Delete(path))
    turns = [turn.path for turn in every_document(suite.documents, Listing(f"{path}/turns"))]
    for n in range(0, len(turns), DELETED_AT_ONCE):
        _delete(suite.documents, turns[n : n + DELETED_AT_ONCE])


def _delete(documents: Documents, paths: Sequence[str]) -> None:
    documents.commit(*(Delete(path) for path in paths))


def _path(access: Access, session_id: str) -> str:
    return f"projects/{access.project.id}/sessions/{session_id}"
