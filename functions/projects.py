"""Projects and who belongs to them."""

from __future__ import annotations

from shared.domain import membership
from shared.domain.access import Access
from shared.domain.membership import Member, MemberList, NewMember
from shared.domain.projects import NewProject, Project, ProjectEdit, ProjectList
from shared.domain.requests import PageQuery
from shared.domain.suite import Suite
from shared.runtime.http.edge import http_function
from shared.runtime.http.operations import Call, Operation, Reply


def _remove(suite: Suite, call: Call) -> None:
    membership.remove_member(suite, call.access, call.path["uid"])


def _shown(access: Access) -> Reply:
    return Reply(access.project, version=access.version)


projects = http_function(
    "projects",
    {
        "list_projects": Operation(
            lambda suite, call: membership.list_projects(suite, call.caller, call.query),
            query=PageQuery,
            answer=ProjectList,
        ),
        "open_project": Operation(
            lambda suite, call: membership.open_project(suite, call.caller, call.body),
            body=NewProject,
            answer=Project,
            status=201,
        ),
        "read_project": Operation(
            lambda _, call: _shown(call.access),
            answer=Project,
        ),
        "edit_project": Operation(
            lambda suite, call: _shown(
                membership.edit_project(suite, call.access, call.body, call.if_match)
            ),
            body=ProjectEdit,
            answer=Project,
        ),
        "list_members": Operation(
            lambda suite, call: membership.list_members(suite, call.access, call.query),
            query=PageQuery,
            answer=MemberList,
        ),
        "add_member": Operation(
            lambda suite, call: membership.add_member(suite, call.access, call.body),
            body=NewMember,
            answer=Member,
            status=201,
        ),
        "remove_member": Operation(_remove, status=204),
    },
)
