"""Projects, members and what one tenant may know of another: nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.fixture
def ann(world):
    return world.person("ann@example.com").opens("shop")


@pytest.fixture
def bob(world):
    return world.person("bob@example.com").opens("bakery")


def member(person, project, email, role):
    return person.post(f"/v1/projects/{project}/members", {"email": email, "role": role})


def test_who_opens_a_project_owns_it(ann):
    assert ann.get("/v1/projects").get_json()["items"] == [
        {
            "id": "shop",
            "name": "Shop",
            "timezone": "Europe/Berlin",
            "currency": "EUR",
            "role": "owner",
        }
    ]
    members = ann.get("/v1/projects/shop/members").get_json()["items"]
    assert [(m["uid"], m["role"]) for m in members] == [("ann@example.com", "owner")]


def test_an_edit_changes_what_it_names_and_nothing_else(ann):
    before = ann.get("/v1/projects/shop").get_json()
    edited = ann.call("PATCH", "/v1/projects/shop", json={"currency": "CHF"}).get_json()
    assert edited == {**before, "currency": "CHF"}
    assert ann.get("/v1/projects/shop").get_json() == edited


FOREIGN = [
    ("GET", "/v1/projects/{p}", None),
    ("PATCH", "/v1/projects/{p}", {"name": "Mine"}),
    ("GET", "/v1/projects/{p}/members", None),
    ("POST", "/v1/projects/{p}/members", {"uid": "bob@example.com", "role": "owner"}),
    ("DELETE", "/v1/projects/{p}/members/ann@example.com", None),
]


@pytest.mark.parametrize("method,path,body", FOREIGN, ids=[f"{m} {p}" for m, p, _ in FOREIGN])
def test_a_strangers_project_and_none_at_all_answer_alike(ann, bob, method, path, body):
    def answer(project):
        kw = {"json": body} if body else {}
        found = bob.call(method, path.format(p=project), headers={"X-Request-Id": "r"}, **kw)
        return found.status_code, found.data, sorted(found.headers.items())

    assert answer("shop") == answer("nothing-here")
    assert answer("shop")[0] == 404


def test_a_taken_id_and_a_reserved_one_answer_alike(ann, bob):
    def answer(project):
        new = {"id": project, "name": "x"}
        found = bob.post("/v1/projects", new, headers={"X-Request-Id": "r"})
        return found.status_code, found.data

    assert answer("shop") == answer("admin")
    assert answer("shop")[0] == 409


NEEDS = [
    ("GET", "/v1/projects/shop", None, "viewer", 200),
    ("GET", "/v1/projects/shop/members", None, "viewer", 200),
    ("PATCH", "/v1/projects/shop", {"name": "x"}, "owner", 200),
    ("POST", "/v1/projects/shop/members", {"uid": "u", "role": "viewer"}, "owner", 201),
    ("DELETE", "/v1/projects/shop/members/ann@example.com", None, "owner", 204),
]


@pytest.mark.parametrize("role", ["viewer", "editor", "owner"])
@pytest.mark.parametrize(
    "method,path,body,needed,status", NEEDS, ids=[f"{m} {p}" for m, p, *_ in NEEDS]
)
def test_a_role_may_do_its_own_and_no_more(ann, world, role, method, path, body, needed, status):
    member(ann, "shop", "eve@example.com", role)
    kw = {"json": body} if body else {}
    answer = world.person("eve@example.com").call(method, path, **kw)
    order = ["viewer", "editor", "owner"]
    allowed = order.index(role) >= order.index(needed)
    assert answer.status_code == (status if allowed else 403), answer.text


def test_a_member_who_is_removed_is_a_stranger_again(ann, world):
    eve = world.person("eve@example.com")
    member(ann, "shop", "eve@example.com", "editor")
    assert eve.get("/v1/projects/shop").status_code == 200
    assert ann.call("DELETE", "/v1/projects/shop/members/eve@example.com").status_code == 204
    assert eve.get("/v1/projects/shop").status_code == 404
    assert eve.get("/v1/projects").get_json()["items"] == []


def test_removing_nobody_is_404(ann):
    answer = ann.call("DELETE", "/v1/projects/shop/members/nobody")
    assert answer.status_code == 404


def test_the_last_owner_stays(ann):
    assert ann.call("DELETE", "/v1/projects/shop/members/ann@example.com").status_code == 409
    assert member(ann, "shop", "ann@example.com", "viewer").status_code == 409
    assert ann.get("/v1/projects/shop").status_code == 200


def test_owners_who_leave_at_once_do_not_orphan_the_project(ann, world):
    owners = ["ann@example.com", "eve@example.com", "ned@example.com"]
    for email in owners[1:]:
        member(ann, "shop", email, "owner")

    def leave(email):
        path = f"/v1/projects/shop/members/{email}"
        return world.person(email).call("DELETE", path).status_code

    world.client("projects")
    with ThreadPoolExecutor(3) as pool:
        statuses = list(pool.map(leave, owners))
    left = [e for e in owners if world.person(e).get("/v1/projects/shop").status_code == 200]
    assert left, statuses
    assert set(statuses) <= {204, 409, 404, 403}


@pytest.mark.parametrize(
    "body",
    [
        {"role": "viewer"},
        {"uid": "a", "email": "a@example.com", "role": "viewer"},
        {"uid": "a/b", "role": "viewer"},
        {"uid": "", "role": "viewer"},
        {"email": "no-address", "role": "viewer"},
        {"uid": "a", "role": "admin"},
    ],
)
def test_a_member_that_is_none_is_refused(ann, body):
    assert ann.post("/v1/projects/shop/members", body).status_code == 422


def test_every_change_is_on_record(ann, world):
    from shared.ports import Listing

    member(ann, "shop", "eve@example.com", "viewer")
    ann.call("PATCH", "/v1/projects/shop", json={"name": "New"})
    ann.call("DELETE", "/v1/projects/shop/members/eve@example.com")
    records = world.app.suite.documents.list(Listing("projects/shop/audit")).items
    assert [(r.data["action"], r.data["uid"]) for r in records] == [
        ("project.created", "ann@example.com"),
        ("member.added", "ann@example.com"),
        ("project.edited", "ann@example.com"),
        ("member.removed", "ann@example.com"),
    ]
