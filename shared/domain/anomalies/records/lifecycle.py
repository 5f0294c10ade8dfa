"""The course of a record: opened, updated while it lasts, resolved when it is over.

Pure: what is held and what a scan has found give what is to be written and who is to hear of it.
Every record is written over the version it was read at and every opening changes the project's
ledger, so of two scans at once one has to look again: one key never has two open records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, islice

from shared.domain.anomalies.finding import Finding, SeriesKey
from shared.domain.anomalies.records.announcing import Why, told
from shared.domain.anomalies.records.course import (
    RANK,
    Moment,
    Seen,
    begun,
    gone_on,
    id_of,
    lasted,
    missed,
    over,
    past,
)
from shared.domain.anomalies.records.ledger import (
    Held,
    Kept,
    Ledger,
    ledger_path,
    read_held,
    read_ledger,
)
from shared.domain.anomalies.records.record import BY_ITSELF, Record, mark_of, order_of
from shared.ports import Create, Put, Write

__all__ = [
    "Held",
    "Kept",
    "Ledger",
    "Moment",
    "News",
    "Seen",
    "Settled",
    "Why",
    "read_held",
    "read_ledger",
    "settle",
]

REMEMBERED = timedelta(days=14)  # since it was last seen, what is resolved may still go on
NEAR = timedelta(days=3)  # so far apart two spans of days are still one deviation
SOON = timedelta(days=3)  # after recovering, what returns is the same deviation
MOST_OPEN = 500  # of a project, or added by one scan; beyond it, what matters least is not


@dataclass(frozen=True, slots=True)
class News:
    """A record that people are to hear of."""

    record: Record
    why: Why


@dataclass(frozen=True, slots=True)
class Settled:
    """What a scan leads to.

    `found` are the records of what it found, by impact. `opened` counts what is open again, too,
    and what an older day's scan only adds to the past.
    """

    writes: tuple[Write, ...]
    news: tuple[News, ...]
    found: tuple[Record, ...]
    opened: int
    updated: int
    resolved: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class _Turn:
    """What becomes of one record."""

    before: Kept | None
    after: Record
    why: Why | None = None
    found: bool = True

    @property
    def was_open(self) -> bool:
        return self.before is not None and not self.before.record.is_resolved

    @property
    def opens(self) -> bool:
        return self.before is None or not (self.was_open or self.after.is_resolved)

    @property
    def ends(self) -> bool:
        return self.was_open and self.after.is_resolved

    def outcome(self) -> str:
        """What is counted, and whether there is anything to write."""
        if self.before is None or self.opens:
            return "opened"
        if self.ends:
            return "resolved"
        same = self.before.record.data() == self.after.data()
        return "unchanged" if same else "updated"


def settle(held: Held, seen: Sequence[Seen], moment: Moment) -> Settled:
    """Bring what is held up to what a scan has seen.

    The same scan again changes nothing. A scan of an older day than the latest changes no record
    and tells nobody: what no record covers it adds as over.
    """
    last = held.ledger.scanned_to
    found = _by_key(seen)
    if last is not None and moment.as_of < last:
        return _settled(held, list(_added(held, found, moment)), held.ledger, moment)
    turns = _told([*_met_all(held, found, moment), *_missed_all(held, found, moment)], moment)
    return _settled(held, turns, _ledger(held.ledger, turns, moment), moment)


def _by_key(seen: Sequence[Seen]) -> dict[SeriesKey, Seen]:
    """The weightiest of each key, the weightiest first."""
    found: dict[SeriesKey, Seen] = {}
    for one in sorted(seen, key=_weight, reverse=True):
        found.setdefault(one.finding.key, one)
    return found


def _weight(seen: Seen) -> tuple[int, float]:
    return RANK[seen.said.severity], seen.finding.impact


def _settled(held: Held, turns: Sequence[_Turn], ledger: Ledger, moment: Moment) -> Settled:
    outcomes = [turn.outcome() for turn in turns]
    writes: list[Write] = [
        turn.after.written(turn.before.version if turn.before else None)
        for turn, outcome in zip(turns, outcomes, strict=True)
        if outcome != "unchanged"
    ]
    if ledger != held.ledger:
        path, version = ledger_path(moment.project_id), held.ledger_version
        data = ledger.data()
        writes.append(Put(path, data, if_version=version) if version else Create(path, data))
    return Settled(
        writes=tuple(writes),
        news=tuple(News(turn.after, turn.why) for turn in turns if turn.why),
        found=tuple(sorted((turn.after for turn in turns if turn.found), key=order_of)),
        opened=outcomes.count("opened"),
        updated=outcomes.count("updated"),
        resolved=outcomes.count("resolved"),
        unchanged=outcomes.count("unchanged"),
    )


def _told(turns: Sequence[_Turn], moment: Moment) -> list[_Turn]:
    """The turns, each with what people know after it."""
    found = [turn.after for turn in turns if turn.found]
    steps = {s.record.id: s for s in told(found, [turn.after for turn in turns], moment)}
    return [
        replace(turn, after=step.record, why=step.why)
        if (step := steps.get(turn.after.id))
        else turn
        for turn in turns
    ]


def _ledger(before: Ledger, turns: Sequence[_Turn], moment: Moment) -> Ledger:
    as_of = moment.as_of
    opened = {mark_of(t.after.key): t.after.id for t in turns if not t.after.is_resolved}
    muted = {
        mark_of(t.after.key): t.after.muted_until for t in turns if t.ends and t.after.muted_until
    }
    quiet = {
        mark: until
        for mark, until in (dict(before.quiet) | muted).items()
        if until >= as_of and mark not in opened
    }
    return Ledger(as_of, opened, quiet)


def _met_all(held: Held, found: Mapping[SeriesKey, Seen], moment: Moment) -> Iterator[_Turn]:
    latest = _latest(held.records, moment.as_of - REMEMBERED)
    room = MOST_OPEN - sum(not kept.record.is_resolved for kept in held.records)
    for key, seen in found.items():
        turns = _met(latest.get(key), seen, moment, held.ledger.quiet.get(mark_of(key)))
        more = sum(turn.opens - turn.ends for turn in turns)
        if more <= max(room, 0):  # what takes another's place needs no room
            room -= more
            yield from turns


def _latest(records: Iterable[Kept], since: date) -> dict[SeriesKey, Kept]:
    """The record of each key that a finding may go on with: the open one, else the latest."""

    def place(kept: Kept) -> tuple[bool, date, date]:
        record = kept.record
        return not record.is_resolved, record.last_seen, record.window.end

    in_order = sorted(records, key=place)
    latest = {kept.record.key: kept for kept in in_order}
    return {
        key: kept
        for key, kept in latest.items()
        if not kept.record.is_resolved or kept.record.last_seen >= since
    }


def _met(latest: Kept | None, seen: Seen, moment: Moment, quiet: date | None) -> list[_Turn]:
    if latest is None:
        return [_Turn(None, begun(seen, moment, quiet))]
    record = latest.record
    goes_on = seen.finding.start <= record.window.end + NEAR or record.id == id_of(
        record.key, moment
    )
    if not record.is_resolved and not goes_on:
        ended = _Turn(latest, over(record, moment), found=False)
        return [ended, _Turn(None, begun(seen, moment, record.muted_until))]
    if not goes_on or _long_over(record, moment):
        return [_Turn(None, begun(seen, moment, quiet))]
    done = record.is_resolved and record.resolved_by not in BY_ITSELF
    if done and RANK[seen.said.severity] <= RANK[record.course.told]:
        return [_Turn(latest, lasted(record, seen, moment))]
    return [_Turn(latest, gone_on(record, seen, moment))]


def _long_over(record: Record, moment: Moment) -> bool:
    since = max((record.last_seen, *record.course.clear))
    return record.resolved_by in BY_ITSELF and moment.as_of > since + SOON


def _missed_all(held: Held, found: Mapping[SeriesKey, Seen], moment: Moment) -> Iterator[_Turn]:
    findings = [seen.finding for seen in found.values()]
    blind = {(f.key.channel, f.key.campaign_id) for f in findings if f.kind == "missing_data"}
    explained = set(chain.from_iterable(map(_parts, findings)))
    for kept in held.records:
        key = kept.record.key
        if kept.record.is_resolved or key in found:
            continue
        unknown = {(key.channel, None), (key.channel, key.campaign_id)} & blind
        # Without data nobody knows, and what makes up a channel's finding is told there.
        judged = not unknown and key.channel not in moment.silent and key not in explained
        after = missed(kept.record, moment) if judged else kept.record
        yield _Turn(kept, after, found=False)


def _parts(finding: Finding) -> Iterator[SeriesKey]:
    key = finding.key
    for campaign_id in finding.explained:
        yield SeriesKey(key.channel, campaign_id, key.metric, key.direction)


def _added(held: Held, found: Mapping[SeriesKey, Seen], moment: Moment) -> Iterator[_Turn]:
    unknown = []
    for key, seen in found.items():
        covering = (k for k in held.records if k.record.key == key and _covers(k, seen, moment))
        if kept := next(covering, None):
            yield _Turn(kept, kept.record)
        else:
            unknown.append(seen)
    for seen in islice(unknown, MOST_OPEN):
        yield _Turn(None, past(seen, moment))


def _covers(kept: Kept, seen: Seen, moment: Moment) -> bool:
    record, finding = kept.record, seen.finding
    near = record.window.start - NEAR <= finding.end and finding.start <= record.window.end + NEAR
    return near or record.id == id_of(record.key, moment)
