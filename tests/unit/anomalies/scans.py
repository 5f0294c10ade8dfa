"""A project that is scanned day by day: findings as short texts, records as short texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from shared.domain.access import Access, Caller
from shared.domain.anomalies.explaining.explanation import Description
from shared.domain.anomalies.finding import Finding, SeriesKey
from shared.domain.anomalies.records import reviewing
from shared.domain.anomalies.records.lifecycle import Moment, Seen, Settled, read_held, settle
from shared.domain.anomalies.records.record import (
    Feedback,
    Mute,
    Record,
    collection_of,
    read_record,
)
from shared.domain.anomalies.records.reviewing import Sent
from shared.domain.projects import Project
from shared.domain.suite import Suite
from shared.ports import Listing, every_document

FIRST = date(2025, 4, 1)  # day 1; the day before is day 0
SEVERITIES = {"w": "warning", "c": "critical"}
KINDS = {"?": "missing_data", "!": "zero_spend", "~": "gradual"}
ABOUT = r"(?:([a-z]+)?(?:/([a-z]))?\.)?"
SPOKEN = re.compile(ABOUT + r"([wc])(\d+)?(?:-(\d+))?([?!~])?")
STATE = re.compile(ABOUT + "(silent|idle)")


def day(number: int) -> date:
    return FIRST + timedelta(days=number - 1)


def number(of: date) -> int:
    return (of - FIRST).days + 1


def seen(text: str, as_of: int, **said) -> Seen:
    """`w` is a warning about the day before the scan, `c4-6` a critical finding about days 4 to 6.

    `email.w` is about another channel than meta, `/a.w` about a campaign of it. `w?` says that data
    are missing, `w!` that nothing is spent, `w~` that it slides.
    """
    channel, campaign, severity, start, end, sign = SPOKEN.fullmatch(text).groups()
    first = int(start) if start else as_of - 1
    last = int(end) if end else first
    kind = KINDS[sign] if sign else "point" if first == last else "sustained"
    impact = said.pop("impact", 100.0)
    campaign_id = said.pop("campaign_id", campaign)
    explained = said.pop("explained", ())
    key = SeriesKey(channel or "meta", campaign_id, "spend", "spike")
    finding = Finding(
        key, kind, day(first), day(last), 130.0, 100.0, 0.3, impact, 5.0, explained=explained
    )
    words = {"headline": "Spend rose", "explanation": "Spend was 130 instead of 100."}
    chart = {"mark": "line", "data": {"values": ({"day": "2025-04-01", "spend": 130.0},)}}
    whole = {"effects": (), "contributors": (), "vega_lite": chart, **words, **said}
    return Seen(finding, Description(severity=SEVERITIES[severity], **whole), "Spring")


@dataclass
class Watch:
    """A project's scans and what a person does in between, on the suite's own store."""

    suite: Suite
    project: str = "shop"

    @property
    def access(self) -> Access:
        project = Project(id=self.project, name="Shop", timezone="UTC", currency="EUR")
        return Access(Caller("ann"), project, "editor", "1")

    def settled(self, as_of: int, *found: Seen | str) -> Settled:
        """What a scan leads to; `silent` and `/a.idle` are what its day is like, not findings."""
        texts = [f for f in found if isinstance(f, str)]
        states = [text for text in texts if STATE.fullmatch(text)]
        findings = [seen(f, as_of) if isinstance(f, str) else f for f in found if f not in states]
        held = read_held(self.suite.documents, self.project, day(as_of) - timedelta(days=60))
        return settle(held, findings, self.moment(as_of, *states))

    def moment(self, as_of: int, *states: str) -> Moment:
        """A scan at six in the morning."""
        now = datetime.combine(day(as_of), time(6), UTC)
        told = [STATE.fullmatch(state).groups() for state in states]
        silent = frozenset(channel or "meta" for channel, _, so in told if so == "silent")
        idle = frozenset((channel or "meta", who) for channel, who, so in told if so == "idle")
        return Moment(self.project, day(as_of), now, "EUR", silent, idle)

    def scan(self, as_of: int, *found: Seen | str) -> Settled:
        done = self.settled(as_of, *found)
        if done.writes:
            self.suite.documents.commit(*done.writes)
        return done

    def act(self, text: str) -> None:
        """`acknowledge`, `resolve`, `mute 9` or `mute` no longer: what Ann does to the latest."""
        name, _, until = text.partition(" ")
        sent = Sent(self.records()[-1].id)
        if name == "mute":
            body = Mute(until=day(int(until)) if until else None)
            reviewing.mute(self.suite, self.access, sent, body)
        else:
            getattr(reviewing, name)(self.suite, self.access, sent)

    def judge(self, anomaly_id: str, useful: bool) -> None:
        body = Feedback(useful=useful)
        reviewing.give_feedback(self.suite, self.access, Sent(anomaly_id), body)

    def records(self) -> list[Record]:
        """The stored records, the earliest first."""
        stored = every_document(self.suite.documents, Listing(collection_of(self.project)))
        return sorted(map(read_record, stored), key=lambda r: (r.window.start, r.last_seen))

    def told(self) -> Iterator[str]:
        """`open w 4-6`, `recovery c 4` or `ann w 4`: who resolved it, how bad, which days."""
        for record in self.records():
            first, last = number(record.window.start), number(record.window.end)
            days = str(first) if first == last else f"{first}-{last}"
            yield f"{record.resolved_by or 'open'} {record.severity[0]} {days}"

    def dump(self) -> dict[str, str]:
        """Every document of the project with its version."""
        collections = ("anomalies", "state", "audit")
        homes = (Listing(f"projects/{self.project}/{name}") for name in collections)
        return {d.path: d.version for x in homes for d in every_document(self.suite.documents, x)}
