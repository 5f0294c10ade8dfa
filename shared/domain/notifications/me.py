"""Who the caller is to the suite."""

from __future__ import annotations

from pydantic import BaseModel

from shared.domain import people
from shared.domain.access import Caller
from shared.domain.membership import projects_of
from shared.domain.notifications import inbox
from shared.domain.notifications.preferences import PreferencesShown, chosen, shown
from shared.domain.requests import PageQuery
from shared.domain.suite import Suite

MOST_PROJECTS = 100


class Membership(BaseModel):
    """A project and the caller's role in it."""

    id: str
    role: str


class Me(BaseModel):
    """The caller: the first 100 projects by id, and unread notifications counted to 100."""

    uid: str
    email: str | None
    locale: str | None
    projects: list[Membership]
    unread: int
    preferences: PreferencesShown


def read_me(suite: Suite, caller: Caller) -> Me:
    """The caller's account, remembered."""
    user = people.remember(suite, caller)
    preferences = chosen(user.data["preferences"])
    projects = projects_of(suite, caller, PageQuery(page_size=MOST_PROJECTS)).items
    return Me(
        uid=caller.uid,
        email=user.data["email"],
        locale=preferences.locale,
        projects=[Membership(id=project.id, role=project.role) for project in projects],
        unread=inbox.unread(suite, caller),
        preferences=shown(preferences),
    )
