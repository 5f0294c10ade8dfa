"""Who is to hear of what a scan found: of one deviation once, as its channel's or its campaign's.

What people were told on the other level is held back, and told once that has ended.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from shared.domain.anomalies.finding import SeriesKey
from shared.domain.anomalies.records.course import RANK, Moment, known
from shared.domain.anomalies.records.record import Record

FOUND, TOPIC = "AnomaliesFound", "notifications"  # the message that says so, and where it goes
Why = Literal["opened", "escalated"]

FRESH = timedelta(days=3)  # so long after it was announced, what begins beside it is the same


@dataclass(frozen=True, slots=True)
class Step:
    """A record as people know it now, and why they are to hear of it, if they are."""

    record: Record
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class _Left:
    """The records as the scan leaves them, told as they were before it."""

    by_id: Mapping[str, Record]
    open: Mapping[SeriesKey, Sequence[Record]]  # by the series of the whole channel


def told(found: Iterable[Record], left: Sequence[Record], moment: Moment) -> Iterator[Step]:
    """What becomes of each record that was found; `left` are all that the scan knows of."""
    alike: dict[SeriesKey, list[Record]] = defaultdict(list)
    for record in left:
        if not record.is_resolved:
            alike[_whole(record)].append(record)
    around = _Left({record.id: record for record in left}, alike)
    return (_told(record, around, moment) for record in found)


def _told(record: Record, left: _Left, moment: Moment) -> Step:
    course = record.course
    heard = record.muted(moment.as_of) or RANK[record.severity] <= RANK[course.told]
    if record.is_resolved or heard:
        return Step(record)
    if other := _told_instead(record, left, moment):
        return Step(_noted(record, echo_of=other.id))
    echoed = left.by_id.get(course.echo_of or "")
    worse = echoed is not None and RANK[record.severity] > RANK[echoed.course.told]
    now = _noted(known(record), announced_on=moment.as_of, echo_of=None)
    return Step(now, "escalated" if course.told or worse else "opened")


def _told_instead(record: Record, left: _Left, moment: Moment) -> Record | None:
    """What people have heard of already: the channel's of a campaign's, or the other way round."""
    echo = record.course.echo_of

    def same(other: Record) -> bool:
        announced = other.course.announced_on
        return (
            (other.campaign_id is None) != (record.campaign_id is None)
            and RANK[other.course.told] >= RANK[record.severity]
            and not other.muted(moment.as_of)
            and announced is not None
            and (other.id == echo or moment.as_of - announced <= FRESH)
        )

    beside = filter(same, left.open.get(_whole(record), ()))
    return min(beside, key=lambda other: (other.id != echo, other.id), default=None)


def _noted(record: Record, **changes: object) -> Record:
    return record.model_copy(update={"course": record.course.model_copy(update=changes)})


def _whole(record: Record) -> SeriesKey:
    return replace(record.key, campaign_id=None)
