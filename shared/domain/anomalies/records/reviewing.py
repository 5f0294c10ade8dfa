"""What people do about an anomaly: look at it, acknowledge, resolve, mute it, say if it was useful.

Every action may be sent again: what is so already stays as it is, and by whom. Several people and a
scan may act at once: who comes second acts on what the first has left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from shared.domain.access import Access
from shared.domain.anomalies.records.course import known
from shared.domain.anomalies.records.record import (
    AnomalyDetail,
    Feedback,
    Mute,
    Record,
    path_of,
    read_record,
)
from shared.domain.anomalies.records.remembered import voted
from shared.domain.audit import audited
from shared.domain.suite import Suite
from shared.errors import AlreadyExists, Conflict, FieldError, Invalid, NotFound, Stale
from shared.ports import Document, Write

ATTEMPTS = 20
LONGEST_MUTE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Sent:
    """An action on one anomaly, as it was sent; `if_match` is the version it was meant for."""

    anomaly_id: str
    if_match: str | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An anomaly and its document's version."""

    anomaly: AnomalyDetail
    version: str


@dataclass(frozen=True, slots=True)
class _Action:
    """What an action is called, what it makes of a record and what else is written with that."""

    name: str
    change: Callable[[Record], Record]
    what: Mapping[str, Any] = field(default_factory=dict)
    more: Callable[[Record], tuple[Write, ...]] = lambda _: ()


def read_anomaly(suite: Suite, access: Access, anomaly_id: str) -> Reviewed:
    """One anomaly with its chart. Raises NotFound."""
    return _shown(_stored(suite, access, anomaly_id))


def acknowledge(suite: Suite, access: Access, sent: Sent) -> Reviewed:
    """Somebody looks after it: it is told again only if it becomes critical.

    Raises NotFound, Stale, or Conflict if it is resolved.
    """

    def change(record: Record) -> Record:
        if record.acknowledged_by is not None:
            return record
        _require_open(record, "there is nothing left to look after")
        who, now = access.caller.uid, suite.clock.now()
        return known(record).model_copy(update={"acknowledged_by": who, "acknowledged_at": now})

    return _act(suite, access, sent, _Action("acknowledged", change))


def resolve(suite: Suite, access: Access, sent: Sent) -> Reviewed:
    """It is dealt with: it stays resolved while the same deviation lasts, unless that gets worse.

    Raises NotFound or Stale.
    """

    def change(record: Record) -> Record:
        if record.is_resolved:
            return record
        done = {"is_resolved": True, "muted_until": None}
        who = {"resolved_by": access.caller.uid, "resolved_at": suite.clock.now()}
        return known(record).model_copy(update=done | who)

    return _act(suite, access, sent, _Action("resolved", change))


def mute(suite: Suite, access: Access, sent: Sent, body: Mute) -> Reviewed:
    """Be quiet about it through a day in the project's time zone; without a day, no longer.

    Raises NotFound, Stale, Conflict if it is resolved, or Invalid for a day that is past or more
    than a year ahead.
    """
    today = suite.clock.today(access.project.zone)
    if body.until is not None and not today <= body.until <= today + LONGEST_MUTE:
        wrong = FieldError("body.until", "is a day from today on, at most a year ahead")
        raise Invalid("Choose a day from today on, at most a year ahead.", errors=[wrong])

    def change(record: Record) -> Record:
        if record.muted_until != body.until:
            _require_open(record, "there is nothing left to be quiet about")
        return record.model_copy(update={"muted_until": body.until})

    what = {"until": body.until.isoformat() if body.until else None}
    return _act(suite, access, sent, _Action("muted", change, what))


def give_feedback(suite: Suite, access: Access, sent: Sent, body: Feedback) -> Reviewed:
    """Say whether it was worth telling, or change one's mind. Raises NotFound or Stale."""
    today = suite.clock.today(access.project.zone)
    action = _Action(
        "judged",
        lambda record: record.model_copy(update={"useful": body.useful}),
        {"useful": body.useful},
        lambda record: voted(suite.documents, record, today),
    )
    return _act(suite, access, sent, action)


def _act(suite: Suite, access: Access, sent: Sent, action: _Action) -> Reviewed:
    for _ in range(ATTEMPTS):
        stored = _stored(suite, access, sent.anomaly_id)
        if sent.if_match not in (None, stored.version):
            raise Stale("The anomaly was changed in the meantime: read it again, then act.")
        before = read_record(stored)
        after = action.change(before)
        if after == before:
            return _shown(stored)
        what = {"anomaly": sent.anomaly_id, **action.what}
        now, project = suite.clock.now(), access.project.id
        record = audited(project, access.caller, f"anomaly.{action.name}", now, what)
        try:
            suite.documents.commit(after.written(stored.version), *action.more(after), record)
        except (AlreadyExists, Stale):
            continue
        return _shown(_stored(suite, access, sent.anomaly_id))
    raise Conflict("Many change this anomaly at once just now: try again.")


def _require_open(record: Record, so: str) -> None:
    if record.is_resolved:
        raise Conflict(f"This anomaly is resolved: {so}. If it returns, a scan opens it again.")


def _stored(suite: Suite, access: Access, anomaly_id: str) -> Document:
    found = suite.documents.get(path_of(access.project.id, anomaly_id))
    if found is None:
        raise NotFound("This project has no such anomaly. Resolved ones are kept for 400 days.")
    return found


def _shown(stored: Document) -> Reviewed:
    return Reviewed(read_record(stored).detail(), stored.version)
