"""What people found not worth telling: its series must show more before it is told again.

A vote counts for 90 days and belongs to the record that it is about, so taking it back takes back
what it did. Each raises the threshold of the series by half, together at most fourfold.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from shared.domain.anomalies.finding import SeriesKey
from shared.domain.anomalies.records.record import Record, mark_of
from shared.ports import Create, Document, Documents, Put, Write

STEP = 1.5
MOST = 4.0
FORGOTTEN_AFTER = timedelta(days=90)
MOST_SERIES = 500  # of a project; beyond it, the oldest are forgotten
MOST_VOTES = 8  # of a series: more than it takes for MOST

_Votes = dict[str, str]  # the day by the record's id
_Series = dict[str, dict[str, Any]]  # by mark: channel, campaign_id, metric, direction, votes


def raised(documents: Documents, project_id: str, today: date) -> dict[SeriesKey, float]:
    """What the threshold of each series is multiplied by: 1.5 to 4; the others are not in it."""
    series = _alive(documents.get(_path(project_id)), today)
    return {_key(kept): min(MOST, STEP ** len(kept["votes"])) for kept in series.values()}


def voted(documents: Documents, record: Record, day: date) -> tuple[Write, ...]:
    """The write that remembers what is said of a record, if anything changes by it."""
    path = _path(record.project_id)
    found = documents.get(path)
    mark, series = mark_of(record.key), _alive(found, day)
    votes: _Votes = dict(series.get(mark, {}).get("votes", {}))
    before = dict(votes)
    if record.useful is False:
        votes[record.id] = day.isoformat()
    else:
        votes.pop(record.id, None)
    if votes == before:
        return ()
    data = {"series": _bounded(series | {mark: _kept(record.key, votes)})}
    return (Put(path, data, if_version=found.version) if found else Create(path, data),)


def _alive(found: Document | None, today: date) -> _Series:
    since = (today - FORGOTTEN_AFTER).isoformat()
    stored: _Series = found.data["series"] if found else {}
    fresh = {
        mark: kept | {"votes": {i: day for i, day in kept["votes"].items() if day > since}}
        for mark, kept in stored.items()
    }
    return {mark: kept for mark, kept in fresh.items() if kept["votes"]}


def _bounded(series: _Series) -> _Series:
    alive = [(mark, kept) for mark, kept in series.items() if kept["votes"]]
    return dict(sorted(alive, key=lambda item: max(item[1]["votes"].values()))[-MOST_SERIES:])


def _kept(key: SeriesKey, votes: _Votes) -> dict[str, Any]:
    newest = sorted(votes.items(), key=lambda vote: vote[1])[-MOST_VOTES:]
    return {
        "channel": key.channel,
        "campaign_id": key.campaign_id,
        "metric": key.metric,
        "direction": key.direction,
        "votes": dict(newest),
    }


def _key(kept: dict[str, Any]) -> SeriesKey:
    return SeriesKey(kept["channel"], kept["campaign_id"], kept["metric"], kept["direction"])


def _path(project_id: str) -> str:
    return f"projects/{project_id}/state/anomaly_feedback"
