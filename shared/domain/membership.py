"""Opening and changing projects, and who belongs to them.

A membership is two documents written together: projects/{p}/members/{name} says who may enter, and
users/{name}/projects/{p} lets a person list theirs. `name` is a uid, or the e-mail address that an
invitation was sent to; the address counts once its owner's token carries it as verified.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, StringConstraints, model_validator

from shared.domain.access import ACCOUNT, Access, Caller, Role
from shared.domain.audit import audited
from shared.domain.people import EMAIL, remember
from shared.domain.projects import NewProject, Project, ProjectEdit, ProjectList, ProjectSummary
from shared.domain.requests import Body, PageQuery, key_of, page_token
from shared.domain.suite import Suite
from shared.errors import AlreadyExists, Conflict, NotFound, Stale
from shared.ports import Create, Delete, Document, Listing, Put, Write, every_document

ATTEMPTS = 40  # of a change of members, while others change them too
RESERVED_IDS = frozenset({"admin", "aims", "api", "public", "system"})


class NewMember(Body):
    """Whom to let in: an account id, or the e-mail address to invite."""

    uid: Annotated[str, StringConstraints(pattern=f"^{ACCOUNT}$")] | None = None
    email: Annotated[str, StringConstraints(max_length=128, pattern=EMAIL)] | None = None
    role: Role

    @model_validator(mode="after")
    def _named(self) -> NewMember:
        if (self.uid is None) == (self.email is None):
            raise ValueError("name the member by `uid` or by `email`, one of them")
        return self

    @property
    def name(self) -> str:
        """What the membership is stored under."""
        return self.uid if self.uid is not None else str(self.email).casefold()


class Member(BaseModel):
    """A member: `uid` is the account id or, until they first sign in, the invited address."""

    uid: str
    role: Role
    added_at: datetime


class MemberList(BaseModel):
    """A page of members."""

    items: list[Member]
    next_page_token: str | None = None


def open_project(suite: Suite, caller: Caller, new: NewProject) -> Project:
    """Create a project owned by the caller. Raises Conflict if the id is not to be had."""
    if new.id in RESERVED_IDS:
        raise _taken()
    remember(suite, caller)
    now = suite.clock.now()
    project = Project(**new.model_dump(), created_at=now)
    member = NewMember(uid=caller.uid, role="owner")
    try:
        suite.documents.commit(
            Create(f"projects/{project.id}", project.model_dump(mode="json")),
            *_joined(project.id, member, now),
            audited(project.id, caller, "project.created", now, {"id": project.id}),
        )
    except AlreadyExists as exists:
        raise _taken() from exists
    return project


def _taken() -> Conflict:
    # The same words for a reserved id and for somebody's project.
    return Conflict("This id cannot be had. Choose another.")


def list_projects(suite: Suite, caller: Caller, page: PageQuery) -> ProjectList:
    """The caller's projects by id; from here on they are told of them."""
    remember(suite, caller)
    return projects_of(suite, caller, page)


def projects_of(suite: Suite, caller: Caller, page: PageQuery) -> ProjectList:
    """The same of somebody who is remembered already."""
    after = key_of(page.page_token) if page.page_token else ""
    roles: dict[str, str] = {}
    for name in reversed(caller.names):  # the uid's own role wins over an invitation's
        for entry in every_document(suite.documents, Listing(f"users/{name}/projects", limit=500)):
            roles[entry.id] = entry.data["role"]
    ids = sorted(i for i in roles if i > after)
    shown = ids[: page.page_size]
    found = suite.documents.get_many([f"projects/{i}" for i in shown])
    items = [_summary(project, roles) for project in found if project is not None]
    return ProjectList(
        items=items, next_page_token=page_token(shown[-1]) if len(ids) > len(shown) else None
    )


def _summary(project: Document, roles: dict[str, str]) -> ProjectSummary:
    fields = ("id", "name", "timezone", "currency")
    return ProjectSummary(**{f: project.data[f] for f in fields}, role=roles[project.id])


def edit_project(suite: Suite, access: Access, edit: ProjectEdit, if_match: str | None) -> Access:
    """Change what the edit names. Raises Stale if `if_match` is not the newest version."""
    if if_match is not None and if_match != access.version:
        raise Stale("The project was changed in the meantime: read it again and redo the edit.")
    changes = edit.changes()
    changed = access.project.model_copy(update=changes)
    now = suite.clock.now()
    suite.documents.commit(
        Put(
            f"projects/{changed.id}",
            changed.model_dump(mode="json"),
            if_version=access.version,
        ),
        audited(changed.id, access.caller, "project.edited", now, changes),
    )
    newest = suite.documents.get(f"projects/{changed.id}")
    if newest is None:
        raise NotFound("The project is gone.")
    return replace(access, project=Project.model_validate(newest.data), version=newest.version)


def list_members(suite: Suite, access: Access, page: PageQuery) -> MemberList:
    """The project's members by name."""
    listed = suite.documents.list(
        Listing(
            f"projects/{access.project.id}/members", limit=page.page_size, after=page.page_token
        )
    )
    return MemberList(
        items=[Member.model_validate(d.data) for d in listed.items],
        next_page_token=listed.next_cursor,
    )


def add_member(suite: Suite, access: Access, new: NewMember) -> Member:
    """Let somebody in, or give a member another role. The last owner stays an owner."""
    now = suite.clock.now()
    what = {"member": new.name, "role": new.role}
    _change_members(
        suite,
        access.project.id,
        () if new.role == "owner" else (new.name,),
        *_joined(access.project.id, new, now),
        audited(access.project.id, access.caller, "member.added", now, what),
    )
    return Member(uid=new.name, role=new.role, added_at=now)


def remove_member(suite: Suite, access: Access, name: str) -> None:
    """Take a membership away. Raises NotFound, or Conflict for the last owner."""
    path = f"projects/{access.project.id}/members/{name}"
    if suite.documents.get(path) is None:
        raise NotFound("This project has no such member.")
    now = suite.clock.now()
    _change_members(
        suite,
        access.project.id,
        (name,),
        Delete(path),
        Delete(f"users/{name}/projects/{access.project.id}"),
        audited(access.project.id, access.caller, "member.removed", now, {"member": name}),
    )


def _change_members(
    suite: Suite, project_id: str, no_longer_owners: tuple[str, ...], *writes: Write
) -> None:
    # Every change of members replaces one document, so two of them cannot both pass the check
    # below and leave a project without an owner. Who comes second looks again.
    path = f"projects/{project_id}/state/members"
    owners = Listing(f"projects/{project_id}/members", where={"role": "owner"}, limit=2)
    for _ in range(ATTEMPTS):
        turn = suite.documents.get(path)
        if all(owner.id in no_longer_owners for owner in suite.documents.list(owners).items):
            raise Conflict("A project keeps at least one owner: make somebody else an owner first.")
        next_turn = {"changes": 1 + (turn.data["changes"] if turn else 0)}
        try:
            suite.documents.commit(
                Put(path, next_turn, if_version=turn.version) if turn else Create(path, next_turn),
                *writes,
            )
        except (AlreadyExists, Stale):
            continue
        return
    raise Conflict("Many change the members at once just now: try again.")


def _joined(project_id: str, member: NewMember, now: datetime) -> Iterable[Write]:
    entry: dict[str, Any] = {
        "uid": member.name,
        "role": member.role,
        "added_at": now.isoformat(),
    }
    return (
        Put(f"projects/{project_id}/members/{member.name}", entry),
        Put(f"users/{member.name}/projects/{project_id}", {"id": project_id, "role": member.role}),
    )
