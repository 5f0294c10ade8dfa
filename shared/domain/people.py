"""Accounts: who somebody is, and where mail reaches them.

users/{uid} holds the address that the account last proved, and its preferences. emails/{address}
names the account that last proved an address: through it a membership by an invited address finds
its person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from shared.domain.access import Caller
from shared.domain.suite import Suite
from shared.errors import AlreadyExists, Conflict, Stale
from shared.ports import Create, Delete, Document, Documents, Put, Write

EMAIL = r"^[!-.0-?A-~]+@[!-.0-?A-~]+$"  # told from a uid by its one @; no slash, no spaces
LONGEST = 128
ATTEMPTS = 10  # of remembering somebody who comes in at many doors at once

_EMAIL = re.compile(EMAIL)


@dataclass(frozen=True, slots=True)
class Person:
    """An account; `preferences` as stored: what was chosen, without the defaults.

    `email` is an address that is theirs now: one that another account has proved since is none.
    """

    uid: str
    email: str | None = None
    preferences: dict[str, Any] = field(default_factory=dict)


def remember(suite: Suite, caller: Caller) -> Document:
    """The caller's account, written only if it is new or a token now vouches for another address.

    Raises Conflict if very many do this for one account at once.
    """
    path, documents = f"users/{caller.uid}", suite.documents
    email = caller.email if caller.email is not None and _is_address(caller.email) else None
    paths = [path, f"emails/{email}"] if email else [path]
    for _ in range(ATTEMPTS):
        user, pointer = [*documents.get_many(paths), None][:2]
        writes = [*_account(suite, caller.uid, email, user)]
        writes += _pointers(documents, caller.uid, email, (user, pointer)) if email else []
        if user is not None and not writes:
            return user
        with suppress(AlreadyExists, Stale):
            documents.commit(*writes)
    raise Conflict("Your account is being changed from many places at once. Try again.")


def account(documents: Documents, uid: str) -> Person | None:
    """Somebody's account, if they ever signed in."""
    found = documents.get(f"users/{uid}")
    return _persons(documents, [found])[0] if found else None


def behind(documents: Documents, names: Sequence[str]) -> list[Person]:
    """The accounts that members' names stand for, each once, by uid.

    A uid is an account even before it is remembered; an invited address that nobody has proved
    stands for nobody. Three round trips at most, however many names.
    """
    invited = [name for name in names if _is_address(name)]
    pointers = documents.get_many([f"emails/{name}" for name in invited]) if invited else []
    proved = {pointer.data["uid"] for pointer in pointers if pointer is not None}
    uids = sorted(proved.union(names))
    users = documents.get_many([f"users/{uid}" for uid in uids]) if uids else []
    known = _persons(documents, [user for user in users if user is not None])
    found = {person.uid: person for person in known}
    return [found.get(uid) or Person(uid) for uid in uids if uid in found or not _is_address(uid)]


def belongs(documents: Documents, person: Person, project_id: str) -> bool:
    """Whether somebody is a member now, by uid or by their address."""
    names = [person.uid] if person.email is None else [person.uid, person.email]
    entries = documents.get_many([f"projects/{project_id}/members/{name}" for name in names])
    return any(entry is not None for entry in entries)


def _is_address(name: str) -> bool:
    return len(name) <= LONGEST and _EMAIL.fullmatch(name) is not None


def _persons(documents: Documents, users: Sequence[Document]) -> list[Person]:
    emails = sorted({user.data["email"] for user in users} - {None})
    pointers = documents.get_many([f"emails/{email}" for email in emails]) if emails else []
    theirs = {(p.data["uid"], p.id) for p in pointers if p is not None}
    return [
        Person(
            uid=user.id,
            email=user.data["email"] if (user.id, user.data["email"]) in theirs else None,
            preferences=user.data["preferences"],
        )
        for user in users
    ]


def _account(suite: Suite, uid: str, email: str | None, user: Document | None) -> Iterator[Write]:
    now = suite.clock.now().isoformat()
    if user is None:
        data: dict[str, Any] = {"uid": uid, "email": email, "preferences": {}, "updated_at": now}
        yield Create(f"users/{uid}", data)
    elif email not in (None, user.data["email"]):  # a token without an address takes none away
        changed = {**user.data, "email": email, "updated_at": now}
        yield Put(user.path, changed, if_version=user.version)


def _pointers(
    documents: Documents,
    uid: str,
    email: str,
    held: tuple[Document | None, Document | None],
) -> Iterable[Write]:
    user, pointer = held
    if pointer is None:
        yield Create(f"emails/{email}", {"uid": uid})
    elif pointer.data["uid"] != uid:
        yield Put(pointer.path, {"uid": uid}, if_version=pointer.version)
    if user is not None and user.data["email"] not in (None, email):
        left = documents.get(f"emails/{user.data['email']}")
        if left is not None and left.data["uid"] == uid:
            yield Delete(left.path, if_version=left.version)
