"""Who may do what: callers, roles and membership of a project."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from shared.domain.projects import PROJECT_ID, Project
from shared.errors import Forbidden, NotFound
from shared.ports import Documents

Role = Literal["viewer", "editor", "owner"]
ACCOUNT = r"[!-.0-~]{1,128}"  # visible ASCII without the slash of a path
ROLES: tuple[Role, ...] = get_args(Role)  # each may do what those before it may

_PROJECT_ID = re.compile(PROJECT_ID)


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in person. `email` only when the issuer vouches for it."""

    uid: str
    email: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What a membership may name this person by: the uid, or an invited e-mail address."""
        return (self.uid,) if self.email in (None, self.uid) else (self.uid, str(self.email))


@dataclass(frozen=True, slots=True)
class Access:
    """A caller inside one project."""

    caller: Caller
    project: Project
    role: Role
    version: str  # of the project's document


def enter(documents: Documents, caller: Caller, project_id: str, needed: Role) -> Access:
    """Let a member in who has the role.

    Raises NotFound for a project that does not exist and, alike to the letter, for one that the
    caller does not belong to; Forbidden for a member whose role is too small.
    """
    if not _PROJECT_ID.fullmatch(project_id):
        raise _no_such_project()
    paths = [f"projects/{project_id}/members/{name}" for name in caller.names]
    project, *members = documents.get_many([f"projects/{project_id}", *paths])
    member = next((m for m in members if m is not None), None)
    if project is None or member is None:
        raise _no_such_project()
    role: Role = member.data["role"]
    if ROLES.index(role) < ROLES.index(needed):
        raise Forbidden(f"This needs the role {needed}; yours is {role}. Ask an owner.")
    return Access(caller, Project.model_validate(project.data), role, project.version)


def _no_such_project() -> NotFound:
    return NotFound("There is no such project, or you are not a member of it.")
