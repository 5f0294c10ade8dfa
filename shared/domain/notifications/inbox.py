"""The inbox: what a person was told inside the suite, kept for 90 days."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.domain.access import Caller
from shared.domain.notifications.models import (
    InboxQuery,
    MarkedRead,
    Notification,
    NotificationList,
)
from shared.domain.suite import Suite
from shared.errors import NotFound, Stale, Unavailable
from shared.ports import Create, Document, Listing, Put

LIVES = timedelta(days=90)
A_BATCH = 200
MOST_BATCHES = 100
MOST_COUNTED = 100


def entry(uid: str, notification: Notification) -> Create:
    """The write that puts a notification into somebody's inbox."""
    return Create(path(uid, notification.id), _kept(notification), expires_at=_end(notification))


def path(uid: str, notification_id: str) -> str:
    """Where an entry is kept."""
    return f"{_home(uid)}/{notification_id}"


def list_notifications(suite: Suite, caller: Caller, query: InboxQuery) -> NotificationList:
    """The caller's notifications, the newest first."""
    page = suite.documents.list(
        Listing(
            _home(caller.uid),
            where={"read": False} if query.unread else {},
            order_by="created_at",
            descending=True,
            limit=query.page_size,
            after=query.page_token,
        )
    )
    return NotificationList(
        items=[Notification.model_validate(found.data) for found in page.items],
        next_page_token=page.next_cursor,
    )


def unread(suite: Suite, caller: Caller) -> int:
    """How many the caller has not read, counted to 100."""
    return len(suite.documents.list(_unread(caller.uid, MOST_COUNTED)).items)


def mark_read(suite: Suite, caller: Caller, notification_id: str) -> Notification:
    """Note that the caller has read it; the first time counts. Raises NotFound."""
    now = suite.clock.now()
    found = suite.documents.update(
        path(caller.uid, notification_id),
        lambda held: held if held["read"] else _kept(_read(held, now)),
    )
    if found is None:
        raise NotFound("You have no such notification.")
    return Notification.model_validate(found.data)


def mark_all_read(suite: Suite, caller: Caller) -> MarkedRead:
    """Note that the caller has read all. Raises Unavailable for more than one call can do."""
    marked, after, now = 0, None, suite.clock.now()
    for _ in range(MOST_BATCHES):
        page = suite.documents.list(_unread(caller.uid, A_BATCH, after))
        try:
            suite.documents.commit(*(_mark(found, now) for found in page.items))
        except Stale:  # one was read elsewhere just now: the batch is read again without it
            continue
        marked, after = marked + len(page.items), page.next_cursor
        if after is None:
            return MarkedRead(marked=marked)
    raise Unavailable("There is more: ask again.")


def _mark(found: Document, now: datetime) -> Put:
    read = _read(found.data, now)
    return Put(found.path, _kept(read), if_version=found.version, expires_at=_end(read))


def _read(held: dict[str, object], now: datetime) -> Notification:
    return Notification.model_validate(held).model_copy(update={"read": True, "read_at": now})


def _kept(notification: Notification) -> dict[str, object]:
    # One length for all instants, so that they sort as text.
    at = notification.created_at.isoformat(timespec="microseconds")
    return notification.model_dump(mode="json") | {"created_at": at}


def _end(notification: Notification) -> datetime:
    return notification.created_at + LIVES


def _unread(uid: str, limit: int, after: str | None = None) -> Listing:
    return Listing(_home(uid), where={"read": False}, limit=limit, after=after)


def _home(uid: str) -> str:
    return f"users/{uid}/notifications"
