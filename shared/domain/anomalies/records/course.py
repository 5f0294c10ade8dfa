"""The course of one record: begun, gone on with, missed, over.

Each step is the record that follows; the same step on the same day again follows to the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.domain.anomalies.finding import Finding, SeriesKey, Severity
from shared.domain.anomalies.records.record import (
    ENDED,
    RECOVERY,
    SETTLED,
    Contributor,
    Course,
    Effect,
    Impact,
    Record,
    Window,
    mark_of,
)

if TYPE_CHECKING:
    from shared.domain.anomalies.explaining.contributions import Contributor as Part
    from shared.domain.anomalies.explaining.explanation import Description
    from shared.domain.anomalies.explaining.usual import Change

CLEAR_SCANS = 2  # without the finding, until it counts as recovered
MILDER_SCANS = 2  # less severe, until it counts as less severe
NEW_USUAL = timedelta(days=28)  # without any spend, until it has stopped for good
AT_ONCE = ("missing_data", "zero_spend")  # once there is something, nothing is missing

RANK: Mapping[Severity | None, int] = {None: 0, "warning": 1, "critical": 2}


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding in words; `campaign` is the name of the campaign, if it is about one."""

    finding: Finding
    said: Description
    campaign: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A scan on the day `as_of`, which judges up to the day before, made at the instant `now`.

    `silent` are the channels without any row on the day that was judged of them: of their records
    such a scan tells nothing. `idle` are (channel, campaign_id) that spent nothing on that day, the
    channel as a whole with None.
    """

    project_id: str
    as_of: date
    now: datetime
    currency: str
    silent: frozenset[str] = frozenset()
    idle: frozenset[tuple[str, str | None]] = frozenset()


def begun(seen: Seen, moment: Moment, muted_until: date | None) -> Record:
    """A new record. One that begins while its series is muted is told of only if it is critical
    when that ends.
    """
    key = seen.finding.key
    muted = muted_until is not None and moment.as_of <= muted_until
    return Record(
        id=id_of(key, moment),
        project_id=moment.project_id,
        channel=key.channel,
        campaign_id=key.campaign_id,
        metric=key.metric,
        direction=key.direction,
        severity=seen.said.severity,
        detected_at=moment.now,
        window=Window(start=seen.finding.start, end=seen.finding.end),
        muted_until=muted_until if muted else None,
        last_seen=moment.as_of,
        course=Course(told="warning" if muted else None),
        **_facts(seen, moment),
    )


def past(seen: Seen, moment: Moment) -> Record:
    """The record of a deviation that was over before anybody looked: it is not told."""
    return over(begun(seen, moment, None), moment)


def gone_on(record: Record, seen: Seen, moment: Moment) -> Record:
    """The record of a deviation that lasts or is back; open, whatever it was."""
    severity, milder = _severity(record, seen.said.severity, moment.as_of)
    changes = {
        **_facts(seen, moment),
        "severity": severity,
        "window": _grown(record.window, seen.finding),
        "last_seen": moment.as_of,
        "is_resolved": False,
        "resolved_at": None,
        "resolved_by": None,
        "course": record.course.model_copy(update={"clear": (), "milder": milder}),
    }
    return record.model_copy(update=changes)


def _severity(record: Record, seen: Severity, day: date) -> tuple[Severity, tuple[date, ...]]:
    """The severity that a record has now, and the scan days that found it less severe."""
    if RANK[seen] >= RANK[record.severity]:
        return seen, ()
    milder = tuple(sorted({*record.course.milder, day}))
    return (seen, ()) if len(milder) >= MILDER_SCANS else (record.severity, milder)


def known(record: Record) -> Record:
    """The record once people know how severe it is."""
    told = max(record.course.told, record.severity, key=lambda severity: RANK[severity])
    return record.model_copy(update={"course": record.course.model_copy(update={"told": told})})


def lasted(record: Record, seen: Seen, moment: Moment) -> Record:
    """What a person has resolved stays so while it lasts; how it does is noted."""
    span = {"window": _grown(record.window, seen.finding), "last_seen": moment.as_of}
    return record.model_copy(update=_facts(seen, moment) | span)


def missed(record: Record, moment: Moment) -> Record:
    """The record after a scan that did not find it: over at the second such scan.

    What is told of stopped or missing data is over at once when there are some, and not before;
    only what spends nothing for long is the new usual.
    """
    as_of, course, at_once = moment.as_of, record.course, record.kind in AT_ONCE
    if record.kind == "zero_spend" and (record.channel, record.campaign_id) in moment.idle:
        long = as_of - record.window.start >= NEW_USUAL
        return _resolved(_cleared(record, as_of), moment, ENDED) if long else record
    if as_of in course.clear or (as_of <= record.last_seen and not at_once):
        return record
    after = _cleared(record, as_of)
    return over(after, moment) if at_once or len(after.course.clear) >= CLEAR_SCANS else after


def over(record: Record, moment: Moment) -> Record:
    """The record, resolved by itself: recovered, but what slid stays where it is."""
    return _resolved(record, moment, SETTLED if record.kind == "gradual" else RECOVERY)


def _cleared(record: Record, day: date) -> Record:
    clear = (*record.course.clear, day)
    return record.model_copy(update={"course": record.course.model_copy(update={"clear": clear})})


def _resolved(record: Record, moment: Moment, by: str) -> Record:
    changes = {"is_resolved": True, "resolved_at": moment.now, "resolved_by": by}
    return record.model_copy(update=changes)


def _facts(seen: Seen, moment: Moment) -> dict[str, Any]:
    finding, said = seen.finding, seen.said
    return {
        "campaign": seen.campaign,
        "kind": finding.kind,
        "current_value": _number(finding.current),
        "baseline_value": _number(finding.baseline),
        "deviation_pct": _percent(finding.deviation),
        "impact": Impact(amount=round(float(finding.impact), 2), currency=moment.currency),
        "headline": said.headline,
        "explanation": said.explanation,
        "effects": tuple(map(_effect, said.effects)),
        "contributors": tuple(map(_contributor, said.contributors)),
        "vega_lite": said.vega_lite,
    }


def _effect(moved: Change) -> Effect:
    return Effect(
        metric=moved.metric,
        current_value=_number(moved.current_value),
        baseline_value=_number(moved.baseline_value),
        deviation_pct=_percent(moved.deviation),
    )


def _contributor(part: Part) -> Contributor:
    return Contributor(
        campaign_id=part.campaign_id,
        campaign=part.campaign,
        share=_number(part.share),
        current_value=_number(part.current_value),
        baseline_value=_number(part.baseline_value),
        part=part.part,
    )


def _percent(deviation: float | None) -> float | None:
    return None if deviation is None else _number(round(100 * deviation, 2))


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(f"{value:.10g}")


def _grown(window: Window, finding: Finding) -> Window:
    return Window(start=min(window.start, finding.start), end=max(window.end, finding.end))


def id_of(key: SeriesKey, moment: Moment) -> str:
    """What a record is called that this scan opens: of a key, a scan opens one."""
    return mark_of(key, moment.project_id, moment.as_of.isoformat())
