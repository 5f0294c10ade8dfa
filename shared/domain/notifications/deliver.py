"""Brings one notification to one person by mail or webhook, exactly once.

Where to is looked up only now, and so is whether it is still wanted: who switched it off, muted the
project or left it in the meantime is told nothing, nor is anybody of what is over by now.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from shared.domain import people
from shared.domain.notifications import hooks, inbox, mail
from shared.domain.notifications.models import Delivery, Notice, Notification
from shared.domain.notifications.notice import LONGEST_TEXT, line, only, wanted
from shared.domain.notifications.notify import announced, name_of, open_records, waits_until
from shared.domain.notifications.once import once
from shared.domain.notifications.preferences import Preferences, Webhook, chosen, host
from shared.domain.outbox import Effect
from shared.domain.people import Person
from shared.domain.projects import Project
from shared.domain.suite import Suite
from shared.errors import AimsError, AlreadyExists, Malformed


def delivered(suite: Suite, project_id: str, body: Mapping[str, Any]) -> list[Effect]:
    """Send it, or put it off to the end of the quiet hours.

    Raises Malformed, Invalid or TooLarge (never sent), or Unavailable (to be tried again).
    """
    delivery = _read(project_id, body)
    person = people.account(suite.documents, delivery.uid)
    if person is None or not people.belongs(suite.documents, person, project_id):
        return []
    preferences = chosen(person)
    meant = _still(suite, delivery.notice, preferences)
    if meant is None or not _on(preferences, person, delivery):
        return []
    now = suite.clock.now()
    due = waits_until(preferences, meant, now)
    if due is not None:
        return [announced(delivery, due, again=f":{due:%Y%m%dT%H%M}")]
    with once(suite, name_of(delivery)):
        _send(suite, person, preferences, delivery.model_copy(update={"notice": meant}))
    return []


def _read(project_id: str, body: Mapping[str, Any]) -> Delivery:
    try:
        delivery = Delivery.model_validate(body)
    except ValidationError as wrong:
        raise Malformed("This message does not say what to bring to whom.") from wrong
    if delivery.notice.project_id != project_id or not delivery.notice.items:
        raise Malformed("This message is about nothing, or about another project than it says.")
    return delivery


def _still(suite: Suite, told: Notice, preferences: Preferences) -> Notice | None:
    held = suite.documents.get(f"projects/{told.project_id}")
    meant = wanted(told, preferences)
    if held is None or meant is None:
        return None
    project = Project.model_validate(held.data)
    ids = [item.anomaly_id for item in meant.items]
    still = {record.id for record in open_records(suite, project, ids)}
    return only(meant, lambda item: item.anomaly_id in still)


def _on(preferences: Preferences, person: Person, delivery: Delivery) -> bool:
    channels = preferences.anomalies
    if delivery.channel == "email":
        return channels.email and person.email is not None
    return channels.webhook and preferences.webhook is not None


def _send(suite: Suite, person: Person, preferences: Preferences, delivery: Delivery) -> None:
    name, told = name_of(delivery), delivery.notice
    if delivery.channel == "email":
        suite.courier.send(mail.written(told, name, str(person.email)))
    elif preferences.webhook is not None:
        _post(suite, person, preferences.webhook, told, name)


def _post(suite: Suite, person: Person, hook: Webhook, told: Notice, name: str) -> None:
    try:
        suite.webhooks.post(hooks.message(hook, told, name))
    except AimsError as error:
        if not error.retryable:
            _complain(suite, person, hook, told, error)
        raise


def _complain(suite: Suite, person: Person, hook: Webhook, told: Notice, error: AimsError) -> None:
    """Tell somebody that their webhook takes nothing: once a day for each host."""
    now, where = suite.clock.now(), host(hook)
    mark = sha256(f"{where}\n{now:%Y-%m-%d}".encode()).hexdigest()[:24]
    complaint = Notification(
        id=f"webhook-{mark}",
        type="webhook_failed",
        project_id=told.project_id,
        project=told.project,
        title=line(f"Your webhook at {where} did not take a message", LONGEST_TEXT),
        text=line(
            f"{error.detail} Mend its address with PATCH /v1/me/preferences, or turn it off there "
            'with {"anomalies": {"webhook": false}}.',
            LONGEST_TEXT,
        ),
        created_at=now,
    )
    with suppress(AlreadyExists):
        suite.documents.commit(inbox.entry(person.uid, complaint))
