"""Routes what a scan found to the project's members, by their preferences.

One inbox entry and one delivery a channel for each person, whatever the number of anomalies. Their
ids follow from the scan, so that whatever is repeated is recognised.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.anomalies.records.announcing import FOUND, Why
from shared.domain.anomalies.records.record import Anomaly, listed, path_of
from shared.domain.notifications import inbox
from shared.domain.notifications.members import (
    DELIVERIES,
    MOST_MEMBERS,
    continued,
    members,
    whose,
)
from shared.domain.notifications.models import Delivery, Notice, read
from shared.domain.notifications.notice import News, notice, notification, wanted
from shared.domain.notifications.preferences import Preferences, chosen
from shared.domain.notifications.quiet import quiet_until
from shared.domain.outbox import Announcement, Effect
from shared.domain.people import Person
from shared.domain.projects import Project
from shared.domain.suite import Suite
from shared.ports import Message

DELIVER = "Deliver"
MOST_BYTES = 2 << 20  # of all that a page writes: a store takes 10 MiB in one step
A_READ = 300


class Named(BaseModel):
    """An anomaly, and why it is told."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(pattern="^[^/]{1,200}$")
    why: Why


class Found(BaseModel):
    """The body of AnomaliesFound. A continuation goes on after a member and names its scan."""

    model_config = ConfigDict(frozen=True)

    anomalies: tuple[Named, ...]
    after: str | None = None
    scan: str | None = None


def routed(suite: Suite, project_id: str, event_id: str, body: Mapping[str, Any]) -> list[Effect]:
    """The effects of telling a page of members. Raises Malformed for a body that is none."""
    found = read(Found, body, "This message does not say which anomalies were found.")
    scan = found.scan or event_id
    told = _told(suite, project_id, scan, found)
    if told is None:
        return []
    page, after = members(suite, project_id, found.after, _most_members(told))
    effects = list(_to_all(suite, told, page))
    if after is not None:
        again = {**body, "after": after, "scan": scan}
        effects.append(continued(project_id, FOUND, again, scan))
    return effects


def _told(suite: Suite, project_id: str, scan: str, found: Found) -> Notice | None:
    held = suite.documents.get(f"projects/{project_id}")
    if held is None:
        return None
    project = Project.model_validate(held.data)
    why = {named.id: named.why for named in found.anomalies}
    news: News = [(record, why[record.id]) for record in open_records(suite, project, why)]
    mark = sha256(f"{project_id}\n{scan}".encode()).hexdigest()[:24]
    return notice(mark, project, news, suite.clock.now()) if news else None


def open_records(suite: Suite, project: Project, ids: Iterable[str]) -> Iterator[Anomaly]:
    """Those of a project's anomalies that are still worth telling: open, and not muted."""
    paths = [path_of(project.id, anomaly_id) for anomaly_id in ids]
    today = suite.clock.today(project.zone)
    for start in range(0, len(paths), A_READ):
        for document in suite.documents.get_many(paths[start : start + A_READ]):
            record = listed(document.data) if document is not None else None
            if record is not None and not record.is_resolved and not record.muted(today):
                yield record


def _most_members(told: Notice) -> int:
    # Up to two accounts stand behind a name, and each gets up to three copies.
    return max(1, min(MOST_MEMBERS, MOST_BYTES // (6 * len(told.model_dump_json().encode()))))


def _to_all(suite: Suite, told: Notice, page: Iterable[Person]) -> Iterator[Effect]:
    by_inbox, now = {}, suite.clock.now()
    for person in page:
        preferences = chosen(person.preferences)
        meant = wanted(told, preferences)
        if meant is None:
            continue
        if preferences.anomalies.in_app:
            by_inbox[inbox.path(person.uid, meant.id)] = (person, meant)
        yield from _deliveries(person, preferences, meant, now)
    # Somebody who is a member twice may have it already.
    there = suite.documents.get_many(list(by_inbox))
    for (person, meant), entry in zip(by_inbox.values(), there, strict=True):
        if entry is None:
            yield inbox.entry(person.uid, notification(meant))


def _deliveries(
    person: Person, preferences: Preferences, meant: Notice, now: datetime
) -> Iterator[Effect]:
    due = waits_until(preferences, meant, now)
    if preferences.anomalies.email and person.email is not None:
        yield announced(Delivery(uid=person.uid, channel="email", notice=meant), due)
    if preferences.anomalies.webhook:
        yield announced(Delivery(uid=person.uid, channel="webhook", notice=meant), due)


def waits_until(preferences: Preferences, meant: Notice, now: datetime) -> datetime | None:
    """When somebody's quiet hours are over; None if they may be told now."""
    hours = preferences.quiet_hours
    if hours is not None and hours.except_critical and meant.critical:
        return None
    return quiet_until(hours, now)


def announced(delivery: Delivery, due: datetime | None, again: str = "") -> Announcement:
    """The order to deliver; `again` tells one that was put off from the one before."""
    message = Message(
        f"delivery:{name_of(delivery, ':')}{again}",
        delivery.notice.project_id,
        DELIVER,
        delivery.model_copy(update={"due": due}).body(),
    )
    return Announcement(DELIVERIES, message, due)


def name_of(delivery: Delivery, separator: str = "-") -> str:
    """What tells a delivery from every other, without saying whose it is."""
    return separator.join((delivery.notice.id, whose(delivery.uid), delivery.channel))
