"""Routes a week's summary to the project's members who want one, by mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.domain.notifications.members import DELIVERIES, TOPIC, continued, members, whose
from shared.domain.notifications.models import read
from shared.domain.notifications.preferences import Preferences, chosen
from shared.domain.notifications.quiet import quiet_until
from shared.domain.outbox import Announcement, Effect
from shared.domain.people import Person
from shared.domain.suite import Suite
from shared.domain.summaries.requests import WeekName
from shared.domain.summaries.week import Week, week_named
from shared.ports import Message

WRITTEN = "SummaryWritten"
DELIVER = "DeliverSummary"
NEWS = timedelta(days=28)  # after its end a week is told no more, whatever is published again


class Written(BaseModel):
    """The body of SummaryWritten. A continuation goes on after a member."""

    model_config = ConfigDict(frozen=True)

    week: WeekName
    after: str | None = None


class Delivery(BaseModel):
    """An order to bring a week's summary to one person; it holds neither words nor an address."""

    model_config = ConfigDict(frozen=True)

    uid: str
    week: WeekName
    due: AwareDatetime | None = None  # until when it was put off
    unsigned_since: AwareDatetime | None = None  # since when no key signs its link


def is_news(suite: Suite, week: Week) -> bool:
    """Whether a week ended so recently that people are told of it."""
    return suite.clock.now().astimezone(UTC).date() - week.end <= NEWS


def announced(project_id: str, week: str) -> Announcement:
    """That there is a summary of a week: the same, however often it is said."""
    event_id = f"summary-written:{project_id}:{week}"
    return Announcement(TOPIC, Message(event_id, project_id, WRITTEN, {"week": week}))


def routed(suite: Suite, project_id: str, body: Mapping[str, Any]) -> list[Effect]:
    """The effects of telling a page of members. Raises Malformed for a body that is none."""
    written = read(Written, body, "This message does not say which week was summed up.")
    if not is_news(suite, week_named(written.week)):
        return []
    page, after = members(suite, project_id, written.after)
    effects: list[Effect] = list(_to_all(suite, project_id, written.week, page))
    if after is not None:
        again = {"week": written.week, "after": after}
        effects.append(continued(project_id, WRITTEN, again, f"summary {written.week}"))
    return effects


def _to_all(
    suite: Suite, project_id: str, week: str, page: Iterable[Person]
) -> Iterator[Announcement]:
    now = suite.clock.now()
    for person in page:
        preferences = chosen(person.preferences)
        if person.email is not None and wanted(preferences, project_id):
            due = quiet_until(preferences.quiet_hours, now)
            yield delivery(project_id, Delivery(uid=person.uid, week=week, due=due))


def wanted(preferences: Preferences, project_id: str) -> bool:
    """Whether somebody wants the summaries of a project."""
    return preferences.marketing_summaries and project_id not in preferences.muted_projects


def delivery(project_id: str, order: Delivery, put_off: datetime | None = None) -> Announcement:
    """The order to deliver; one that is `put_off` when it comes is told from the one before."""
    again = f":{put_off:%Y%m%dT%H%M}" if put_off else ""
    due = put_off or order.due
    body = order.model_copy(update={"due": due}).model_dump(mode="json")
    event_id = f"delivery:summary:{project_id}:{order.week}:{whose(order.uid)}{again}"
    return Announcement(DELIVERIES, Message(event_id, project_id, DELIVER, body), due)
