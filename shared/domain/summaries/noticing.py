"""The anomalies of a week: what began in it, what was over in it, what went on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice, takewhile
from typing import Any, Final, Literal

from shared.domain.anomalies.records.ledger import read_ledger
from shared.domain.anomalies.records.record import (
    BY_ITSELF,
    Anomaly,
    collection_of,
    listed,
    order_of,
)
from shared.domain.summaries.facts import AnomalyFact
from shared.domain.summaries.span import Span
from shared.ports import Documents, Listing, every_document

MOST: Final = 10
MOST_READ: Final = 1_000  # open ones, and resolved ones: twice what scans open
A_PAGE: Final = 100
State = Literal["opened", "resolved", "ongoing"]
_DAY = timedelta(days=1)


def anomalies_of(
    documents: Documents,
    project_id: str,
    span: Span,
    today: date,
    silent: Collection[str] = (),
) -> dict[str, Any]:
    """The weightiest of the week, how many there are besides, and whether anybody looked, by fact.

    What is muted is only counted. That data came again is not told of channels that are `silent`.
    """
    read = [*_read(documents, project_id, span)]
    seen = [
        (one, state)
        for one in read
        if (state := state_in(one, span)) is not None
        and not (state == "resolved" and one.kind == "missing_data" and one.channel in silent)
    ]
    found = [pair for pair in seen if not pair[0].muted(today)]
    scanned_to = read_ledger(documents, project_id)[0].scanned_to
    return {
        "anomalies": _told(found),
        "more_anomalies": max(0, len(found) - MOST),
        "recovering": tuple((one.channel, one.campaign_id) for one in read if _fell(one, span)),
        "muted_anomalies": len(seen) - len(found),
        "scanned": scanned_to is not None and scanned_to > span.last,
    }


def _fell(anomaly: Anomaly, span: Span) -> bool:
    """Whether the week before had less than is usual: what comes after may be a recovery."""
    first, last = span.week.before(1).start, span.week.before(1).end
    over = _over(anomaly, span)
    touched = anomaly.window.start <= last and max(anomaly.window.end, over or first) >= first
    fell = anomaly.kind == "zero_spend" or anomaly.direction == "drop"
    return fell and touched


def _told(found: Sequence[tuple[Anomaly, State]]) -> tuple[AnomalyFact, ...]:
    weightiest = sorted(found, key=lambda pair: order_of(pair[0]))[:MOST]
    return tuple(
        AnomalyFact(
            id=one.id,
            state=state,
            severity=one.severity,
            headline=one.headline,
            impact=one.impact.amount,
            start=one.window.start,
            end=one.window.end,
            over=one.is_resolved,
        )
        for one, state in weightiest
    )


def state_in(anomaly: Anomaly, span: Span) -> State | None:
    """What the week saw of it, as is known now; None if it is of other weeks.

    A scan tells of the day before it: what a Monday's scan finds or sees recovered is Sunday's.
    """
    first, last = span.week.start, span.week.end
    began, over = anomaly.window.start, _over(anomaly, span)
    if began > last or (over is not None and over < first):
        return None
    if over is not None and over <= last:
        return "resolved"
    seen = _day(anomaly.detected_at, span) - _DAY
    return "opened" if began >= first or first <= seen <= last else "ongoing"


def _over(anomaly: Anomaly, span: Span) -> date | None:
    """The day on which it was over. What was over before anybody looked was so with its window."""
    if anomaly.resolved_at is None:
        return None
    if anomaly.resolved_at <= anomaly.detected_at:
        return anomaly.window.end
    by_scan = anomaly.resolved_by in BY_ITSELF
    return _day(anomaly.resolved_at, span) - by_scan * _DAY


def _day(instant: datetime, span: Span) -> date:
    return instant.astimezone(span.zone).date()


def _read(documents: Documents, project_id: str, span: Span) -> Iterator[Anomaly]:
    """Those that are open, and those that were resolved since the week before began."""
    where = collection_of(project_id)
    still = Listing(where, where={"is_resolved": False}, limit=A_PAGE)
    done = Listing(
        where,
        where={"is_resolved": True},
        order_by="resolved_at",
        descending=True,
        limit=A_PAGE,
    )
    since = span.end_of(span.week.before(1).start - _DAY)
    yield from _anomalies(documents, still)
    yield from takewhile(
        lambda one: one.resolved_at is not None and one.resolved_at >= since,
        _anomalies(documents, done),
    )


def _anomalies(documents: Documents, listing: Listing) -> Iterable[Anomaly]:
    return (listed(one.data) for one in islice(every_document(documents, listing), MOST_READ))
