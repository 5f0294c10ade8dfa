"""A person's own preferences and inbox."""

from __future__ import annotations

from shared.domain.notifications import inbox, me, preferences
from shared.domain.notifications.models import (
    InboxQuery,
    MarkedRead,
    Notification,
    NotificationList,
)
from shared.domain.notifications.preferences import Preferences, PreferencesEdit, PreferencesShown
from shared.domain.summaries import unsubscribing
from shared.runtime.http.edge import http_function
from shared.runtime.http.operations import Operation, Reply
from shared.runtime.http.pages import HTML, page


def _shown(held: tuple[Preferences, str]) -> Reply:
    return Reply(preferences.shown(held[0]), version=held[1])


def _page(shown: unsubscribing.Shown) -> Reply:
    return page(shown.html, status=shown.status, form=True)


people = http_function(
    "people",
    {
        "read_me": Operation(lambda suite, call: me.read_me(suite, call.caller), answer=me.Me),
        "read_preferences": Operation(
            lambda suite, call: _shown(preferences.read_preferences(suite, call.caller)),
            answer=PreferencesShown,
        ),
        "edit_preferences": Operation(
            lambda suite, call: _shown(
                preferences.edit_preferences(suite, call.caller, call.body, call.if_match)
            ),
            body=PreferencesEdit,
            answer=PreferencesShown,
        ),
        "list_notifications": Operation(
            lambda suite, call: inbox.list_notifications(suite, call.caller, call.query),
            query=InboxQuery,
            answer=NotificationList,
        ),
        "mark_read": Operation(
            lambda suite, call: inbox.mark_read(suite, call.caller, call.path["notification"]),
            answer=Notification,
        ),
        "mark_all_read": Operation(
            lambda suite, call: inbox.mark_all_read(suite, call.caller),
            answer=MarkedRead,
        ),
        "ask_to_unsubscribe": Operation(
            lambda suite, call: _page(unsubscribing.asked(suite, call.query.token)),
            query=unsubscribing.UnsubscribeQuery,
            also=(HTML,),
        ),
        "unsubscribe": Operation(
            lambda suite, call: _page(unsubscribing.unsubscribed(suite, call.query.token)),
            query=unsubscribing.UnsubscribeQuery,
            also=(HTML,),
        ),
    },
)
