"""Brings a week's summary to one person by mail, once.

Whether it is still wanted, and where to, is looked up only now: who switched it off, muted the
project, left it or lost the address in the meantime is told nothing.

Receipts of messages live for two weeks and a claim for less than a minute; that somebody has had
the summary of a week is kept for 400 days, and a week that ended more than 28 days ago is sent to
nobody: so nothing that is published again, however late, sends it twice. Only a process that dies
between handing a mail over and noting it sends the mail again, under the same Message-ID.

A mail without its link to unsubscribe is not sent. While there is no key to sign links with, it is
put off from hour to hour, for three days.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from shared.domain import people
from shared.domain.access import Access
from shared.domain.notifications.members import whose
from shared.domain.notifications.models import read
from shared.domain.notifications.once import once
from shared.domain.notifications.preferences import chosen
from shared.domain.notifications.quiet import quiet_until
from shared.domain.outbox import Announcement, Effect
from shared.domain.people import Person
from shared.domain.suite import Suite
from shared.domain.summaries import keeping, unsubscribing
from shared.domain.summaries.letter import Letter, mail_of
from shared.domain.summaries.models import Summary
from shared.domain.summaries.requests import SentTest
from shared.domain.summaries.routing import Delivery, delivery, is_news, wanted
from shared.domain.summaries.week import week_named
from shared.domain.summaries.writing import write
from shared.errors import Conflict
from shared.ports import Create, Mail

TEST = "[Test] "
AN_HOUR, PATIENCE = timedelta(hours=1), timedelta(days=3)  # with an operator who owes a key
WAITS = "a summary waits for a key that signs links to unsubscribe"  # an alert looks for it

_log = logging.getLogger(__name__)


def delivered(suite: Suite, project_id: str, body: Mapping[str, Any]) -> list[Effect]:
    """Send it, or put it off to the end of the quiet hours, or for an hour while there is no key.

    Raises Malformed, Invalid, TooLarge or Conflict (never sent), or Unavailable (to try again).
    """
    order = read(Delivery, body, "This message does not say which week to bring to whom.")
    if not is_news(suite, week_named(order.week)):
        return []
    with once(suite, _name(project_id, order)):
        if suite.documents.get(_mark(project_id, order)) is not None:
            return []
        return _brought(suite, project_id, order)


def _brought(suite: Suite, project_id: str, order: Delivery) -> list[Effect]:
    person = people.account(suite.documents, order.uid)
    if person is None or not people.belongs(suite.documents, person, project_id):
        return []
    preferences = chosen(person.preferences)
    summary = _ready(suite, project_id, order.week)
    if person.email is None or summary is None or not wanted(preferences, project_id):
        return []
    now = suite.clock.now()
    if due := quiet_until(preferences.quiet_hours, now):
        return [delivery(project_id, order, put_off=due)]
    try:
        letter = _letter(suite, summary, person)
    except unsubscribing.NoKey as missing:
        return [_put_off(project_id, order, now, missing)]
    suite.courier.send(_mail(letter, _name(project_id, order), person.email))
    mark = {"at": now.isoformat()}
    return [Create(_mark(project_id, order), mark, expires_at=now + keeping.LIVES)]


def _put_off(
    project_id: str, order: Delivery, now: datetime, missing: unsubscribing.NoKey
) -> Announcement:
    """The same order, an hour later. Raises Conflict once that has gone on for too long."""
    since = order.unsigned_since or now
    if now - since >= PATIENCE:
        raise Conflict(
            f"This summary waited {PATIENCE.days} days for a key. {missing.detail}"
        ) from missing
    _log.error(WAITS)
    waiting = order.model_copy(update={"unsigned_since": since})
    return delivery(project_id, waiting, put_off=now + AN_HOUR)


def send_test(suite: Suite, access: Access, week: str) -> SentTest:
    """Mail a week's summary to the caller's own proved address, as a test; it counts for nothing.

    Raises NotFound, or Conflict if there is nothing to send or nowhere to send it to.
    """
    held = keeping.required(suite.documents, access.project.id, week_named(week))
    caller = access.caller
    if caller.email is None:
        raise Conflict("Your sign-in proves no e-mail address: verify yours and sign in again.")
    if held.summary.status != "ready":
        raise Conflict("Nothing arrived for this week: there is no mail to test.")
    person = people.account(suite.documents, caller.uid) or Person(caller.uid)
    letter = replace(_letter(suite, held.summary, person), test=True)
    mail = _mail(letter, _test_id(held.summary, person, suite.clock.now()), caller.email)
    suite.courier.send(replace(mail, subject=f"{TEST}{mail.subject}"))
    return SentTest(to=caller.email)


def _ready(suite: Suite, project_id: str, week: str) -> Summary | None:
    held = keeping.held(suite.documents, project_id, week_named(week))
    return held.summary if held is not None and held.summary.status == "ready" else None


def _letter(suite: Suite, summary: Summary, person: Person) -> Letter:
    """The summary in the recipient's own way of writing, which may not be the project's."""
    locale = chosen(person.preferences).locale or summary.facts.locale
    own = locale == summary.facts.locale
    return Letter(
        summary=summary,
        narrative=summary.narrative if own else write(summary.facts, locale),
        locale=locale,
        chart=keeping.chart(suite.documents, summary),
        unsubscribe=unsubscribing.link(suite, person.uid),
    )


def _mail(letter: Letter, mail_id: str, to: str) -> Mail:
    mail = mail_of(letter, mail_id, to)
    return replace(mail, headers={**mail.headers, **unsubscribing.headers(letter.unsubscribe)})


def _name(project_id: str, order: Delivery) -> str:
    """What tells one person's mail of one week from every other, without saying whose it is."""
    about = f"{project_id}\n{order.week}\n{order.uid}"
    return f"summary-{sha256(about.encode()).hexdigest()[:32]}"


def _mark(project_id: str, order: Delivery) -> str:
    return f"projects/{project_id}/sent_summaries/{order.week}-{whose(order.uid)}"


def _test_id(summary: Summary, person: Person, now: datetime) -> str:
    about = f"{summary.project_id}\n{summary.week}\n{person.uid}\n{now.isoformat()}"
    return f"summary-test-{sha256(about.encode()).hexdigest()[:32]}"
