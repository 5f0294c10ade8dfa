"""Brings one notification to one person by mail or webhook, exactly once.

Where to is looked up only now, and so is whether it is still wanted: who switched it off, muted the
project or left it in the meantime is told nothing, nor is anybody of what is over by now.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from typing import Any

from shared.domain import people
from shared.domain.notifications import hooks, inbox, mail
from shared.domain.notifications.models import Delivery, Notice, Notification, read
from shared.domain.notifications.notice import LONGEST_TEXT, line, only, wanted
from shared.domain.notifications.notify import announced, name_of, open_records, waits_until
from shared.domain.notifications.once import once
from shared.domain.notifications.preferences import Preferences, Webhook, chosen, host
from shared.domain.outbox import Effect
from shared.domain.people import Person
from shared.domain.projects import Project
from shared.domain.suite import Suite
from shared.errors import AimsError, AlreadyExists, Malformed

PATIENCE = timedelta(minutes=30)  # with a webhook that may come back, before its owner is told


def delivered(suite: Suite, project_id: str, body: Mapping[str, Any]) -> list[Effect]:
    """Send it, or put it off to the end of the quiet hours.

    Raises Malformed, Invalid or TooLarge (never sent), or Unavailable (to be tried again).
    """
    delivery = _read(project_id, body)
    # What becomes of it is decided inside the claim: a repeat puts off nothing that is being sent.
    with once(suite, _turn(delivery)):
        return _brought(suite, delivery)


def _brought(suite: Suite, delivery: Delivery) -> list[Effect]:
    person = people.account(suite.documents, delivery.uid)
    if person is None or not people.belongs(suite.documents, person, delivery.notice.project_id):
        return []
    preferences = chosen(person.preferences)
    meant = _still(suite, delivery.notice, preferences)
    if meant is None or not _on(preferences, person, delivery):
        return []
    due = waits_until(preferences, meant, suite.clock.now())
    if due is not None:
        return [announced(delivery, due, again=f":{due:%Y%m%dT%H%M}")]
    _send(suite, person, preferences, delivery.model_copy(update={"notice": meant}))
    return []


def _read(project_id: str, body: Mapping[str, Any]) -> Delivery:
    delivery = read(Delivery, body, "This message does not say what to bring to whom.")
    if delivery.notice.project_id != project_id or not delivery.notice.items:
        raise Malformed("This message is about nothing, or about another project than it says.")
    return delivery


def _turn(delivery: Delivery) -> str:
    """What is claimed: an order that was put off is another than the one before it."""
    put_off = f"-{delivery.due:%Y%m%dT%H%M}" if delivery.due else ""
    return name_of(delivery) + put_off


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
    if delivery.channel == "email":
        written = mail.written(delivery.notice, name_of(delivery), str(person.email))
        suite.courier.send(written)
    elif preferences.webhook is not None:
        _post(suite, person, preferences.webhook, delivery)


def _post(suite: Suite, person: Person, hook: Webhook, delivery: Delivery) -> None:
    try:
        suite.webhooks.post(hooks.message(hook, delivery.notice, name_of(delivery)))
    except AimsError as error:
        late = suite.clock.now() > (delivery.due or delivery.notice.created_at) + PATIENCE
        if late or not error.retryable:
            _complain(suite, person, hook, delivery.notice, error)
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
