"""The members of a project, page by page: whom something is told to.

A page is told in one step; what comes after it is a message of its own, so that a project may have
any number of members.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from shared.domain import people
from shared.domain.outbox import Announcement
from shared.domain.people import Person
from shared.domain.suite import Suite
from shared.ports import Listing, Message

TOPIC, DELIVERIES = "notifications", "deliveries"
MOST_MEMBERS = 200  # a page of them


def members(
    suite: Suite, project_id: str, after: str | None, most: int = MOST_MEMBERS
) -> tuple[list[Person], str | None]:
    """The accounts behind a page of members, each once, and after which member to go on."""
    listing = Listing(f"projects/{project_id}/members", limit=most, after=after)
    page = suite.documents.list(listing)
    return people.behind(suite.documents, [found.id for found in page.items]), page.next_cursor


def continued(project_id: str, kind: str, body: Mapping[str, Any], about: str) -> Announcement:
    """The message that goes on after the member that `body` names; `about` tells one from all
    others of the project.
    """
    mark = sha256(f"{project_id}\n{about}\n{body['after']}".encode()).hexdigest()[:24]
    return Announcement(TOPIC, Message(f"notify:{mark}", project_id, kind, body))


def whose(uid: str) -> str:
    """A short one-way name for a person, to tell what is theirs without saying whose it is."""
    return sha256(uid.encode()).hexdigest()[:16]
