"""The UTM builder as a frontend calls it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.ports import Listing

LINKS = "/v1/projects/shop/utm/links"
PRESETS = "/v1/projects/shop/utm/presets"
CONVENTIONS = "/v1/projects/shop/utm/conventions"
PLAIN = {"source": "Newsletter", "medium": "Email", "campaign": "Spring Sale"}
NEW = {"url": "https://example.com/a?b=1#top", **PLAIN}
CSV = "url,source,medium,campaign\nhttps://example.com,news,email,spring\n"


@pytest.fixture
def ann(world):
    return world.person("ann@example.com").opens("shop")


def test_a_link_is_built_and_says_where_it_lands(ann):
    answer = ann.post(LINKS, NEW)
    assert answer.status_code == 200, answer.text
    link = answer.get_json()
    assert link == {
        "id": link["id"],
        "url": "https://example.com/a?b=1&utm_source=newsletter&utm_medium=email"
        "&utm_campaign=spring_sale#top",
        "channel_group": "Email",
        "warnings": [],
    }


def test_a_warning_has_a_code_and_a_message(ann):
    [warning] = ann.post(LINKS, {**NEW, "medium": "flyer"}).get_json()["warnings"]
    assert warning["code"] == "unassigned"
    assert warning["message"]


@pytest.mark.parametrize(
    "change,code,field",
    [
        ({"url": "ftp://example.com"}, "invalid_url", "url"),
        ({"url": ""}, "invalid_url", "url"),
        ({"source": None}, "missing_required", "source"),
        ({"campaign": " "}, "missing_required", "campaign"),
        ({"content": "jane@example.com"}, "pii", "content"),
        ({"url": "https://example.com/?e=jane%2540example.com"}, "pii", "url"),
        ({"url": "https://example.com/" + "a" * 9_000}, "invalid_url", "url"),
        ({"url": None}, "invalid_url", "url"),
        ({"url": 5}, "invalid_url", "url"),
        ({"source": "x" * 9_000}, "broken_convention", "source"),
        ({"source": 5}, "broken_convention", "source"),
    ],
)
def test_refused_input_is_a_problem_with_a_code_the_field_and_the_fix(ann, change, code, field):
    answer = ann.post(LINKS, {**NEW, **change})
    problem = answer.get_json()
    assert answer.status_code == 422
    assert answer.content_type.startswith("application/problem+json")
    assert (problem["code"], problem["field"]) == (code, field)
    assert problem["errors"][0]["field"] == field
    assert problem["detail"] == problem["errors"][0]["message"]
    assert ann.get(LINKS).get_json()["items"] == []


def test_every_missing_field_is_named(ann):
    problem = ann.post(LINKS, {"url": "https://example.com"}).get_json()
    assert [e["field"] for e in problem["errors"]] == ["source", "medium", "campaign"]


@pytest.mark.parametrize("body", [{**NEW, "utm_source": "x"}, {**NEW, "source": 5}, [1], "x"])
def test_a_body_of_another_shape_is_refused(ann, body):
    assert ann.post(LINKS, body).status_code == 422


def test_a_link_built_twice_is_kept_once_and_the_latest_comes_first(ann):
    ids = [ann.post(LINKS, {**NEW, "campaign": c}).get_json()["id"] for c in ("a", "b", "a")]
    assert ids[0] == ids[2] != ids[1]
    listed = ann.get(LINKS).get_json()["items"]
    assert [link["id"] for link in listed] == [ids[2], ids[1]]
    assert listed[0]["built_by"] == "ann@example.com"
    assert listed[0]["source"] == "newsletter"


def test_links_come_in_pages(ann):
    for n in range(5):
        ann.post(LINKS, {**NEW, "campaign": f"c{n}", "id": f"C{n}"})
    seen, token = [], ""
    while token is not None:
        page = ann.get(f"{LINKS}?page_size=2{token and f'&page_token={token}'}").get_json()
        assert len(page["items"]) <= 2
        seen += [link["utm_id"] for link in page["items"]]
        token = page["next_page_token"]
    assert seen == ["C4", "C3", "C2", "C1", "C0"]
    assert ann.get(f"{LINKS}?page_token=xyz").status_code == 400


def test_a_link_with_a_key_is_answered_once(ann):
    key = {"headers": {"Idempotency-Key": "k"}}
    first, again = (ann.post(LINKS, NEW, **key) for _ in range(2))
    assert first.get_json() == again.get_json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert ann.post(LINKS, {**NEW, "campaign": "other"}, **key).status_code == 422


def test_a_landing_is_read_and_explained(ann):
    body = {"url": "https://example.com/?fbclid=X", "referrer": "https://l.facebook.com/"}
    read = ann.post("/v1/projects/shop/utm:parse", body).get_json()
    assert (read["source"], read["medium"]) == ("l.facebook.com", "referral")
    assert read["campaign"] is None
    assert read["click_id"] == {"name": "fbclid", "value": "X", "platform": "Meta"}
    assert read["channel_group"] == "Organic Social"
    assert "referrer" in read["explanation"]
    gclid = ann.post("/v1/projects/shop/utm:parse", {"url": "https://e.com/?gclid=X"}).get_json()
    assert (gclid["source"], gclid["medium"]) == ("google", "cpc")
    assert gclid["channel_group"] == "Paid Search"
    refused = ann.post("/v1/projects/shop/utm:parse", {"url": "nonsense"})
    assert refused.get_json()["code"] == "invalid_url"
    nothing = ann.post("/v1/projects/shop/utm:parse", {})
    assert (nothing.get_json()["code"], nothing.get_json()["field"]) == ("invalid_url", "url")


def test_a_pair_has_a_channel(ann):
    path = "/v1/projects/shop/utm:channel"
    answer = ann.post(path, {"source": "google", "medium": "cpc"}).get_json()
    assert answer["channel_group"] == "Paid Search"
    shop = ann.post(path, {"source": "google", "medium": "cpc", "campaign": "shop"}).get_json()
    assert shop["channel_group"] == "Paid Shopping"
    half = ann.post(path, {"source": "google"})
    assert half.status_code == 422
    assert (half.get_json()["code"], half.get_json()["field"]) == ("missing_required", "medium")


def preset(person, name, **more):
    return person.post(PRESETS, {"name": name, "source": "google", "medium": "cpc", **more})


def test_a_preset_is_saved_listed_and_deleted(ann):
    saved = preset(ann, "Search", utm_id="7")
    assert saved.status_code == 201
    assert ann.get(PRESETS).get_json()["items"] == [saved.get_json()]
    path = f"{PRESETS}/{saved.get_json()['id']}"
    assert [ann.call("DELETE", path).status_code for _ in range(2)] == [204, 404]
    assert ann.get(PRESETS).get_json()["items"] == []


def test_the_eleventh_preset_is_refused_and_a_deleted_one_makes_room(ann):
    first, *_ = [preset(ann, f"p{n}").get_json() for n in range(10)]
    eleventh = preset(ann, "p10")
    assert eleventh.status_code == 409
    assert eleventh.get_json()["type"] == "/problems/too-many-presets"
    assert ann.call("DELETE", f"{PRESETS}/{first['id']}").status_code == 204
    assert preset(ann, "p10").status_code == 201
    assert [p["name"] for p in ann.get(PRESETS).get_json()["items"]] == [
        f"p{n}" for n in range(1, 11)
    ]


def test_of_twenty_presets_saved_at_once_exactly_ten_are_kept(ann, world):
    world.client("utm")
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda n: preset(ann, f"p{n}"), range(20)))
    assert sorted(a.status_code for a in answers) == [201] * 10 + [409] * 10
    kept = {a.get_json()["id"] for a in answers if a.status_code == 201}
    listed = ann.get(PRESETS).get_json()["items"]
    assert len(kept) == 10
    assert {p["id"] for p in listed} == kept
    refused = [a.get_json()["type"] for a in answers if a.status_code == 409]
    assert set(refused) == {"/problems/too-many-presets"}


def test_presets_are_a_persons_own(ann, world):
    mine = preset(ann, "mine").get_json()
    ann.post("/v1/projects/shop/members", {"email": "eve@example.com", "role": "editor"})
    eve = world.person("eve@example.com")
    assert eve.get(PRESETS).get_json()["items"] == []
    assert eve.call("DELETE", f"{PRESETS}/{mine['id']}").status_code == 404
    assert preset(eve, "hers").status_code == 201
    assert [p["name"] for p in ann.get(PRESETS).get_json()["items"]] == ["mine"]


def test_presets_come_in_pages_and_hold_no_personal_data(ann):
    for n in range(3):
        preset(ann, f"p{n}")
    page = ann.get(f"{PRESETS}?page_size=2").get_json()
    rest = ann.get(f"{PRESETS}?page_size=2&page_token={page['next_page_token']}").get_json()
    assert [p["name"] for p in page["items"] + rest["items"]] == ["p0", "p1", "p2"]
    assert rest["next_page_token"] is None
    assert ann.get(f"{PRESETS}?page_token=eA").status_code == 400
    assert preset(ann, "x", campaign="jane@example.com").get_json()["code"] == "pii"
    assert preset(ann, "x", campaign="x" * 1025).get_json()["code"] == "broken_convention"


TEAM = {"separator": "-", "allowed": {"medium": ["email", "cpc"]}, "required": ["content"]}


def test_conventions_are_the_teams_and_hold_for_its_links(ann):
    default = ann.get(CONVENTIONS).get_json()
    assert (default["lowercase"], default["separator"], default["required"]) == (True, "_", [])
    written = ann.call("PUT", CONVENTIONS, json=TEAM)
    assert written.status_code == 200
    assert ann.get(CONVENTIONS).get_json() == written.get_json()
    problem = ann.post(LINKS, {**NEW, "medium": "e-mail", "content": "x"}).get_json()
    assert (problem["code"], problem["field"]) == ("broken_convention", "medium")
    assert ann.post(LINKS, NEW).get_json()["field"] == "content"
    link = ann.post(LINKS, {**NEW, "content": "x"}).get_json()
    assert "utm_campaign=spring-sale&" in link["url"]
    free = ann.post(LINKS, {**NEW, "medium": "Mail", "conventions": False}).get_json()
    assert "utm_medium=Mail&utm_campaign=Spring%20Sale" in free["url"]


def test_an_outdated_edit_of_the_conventions_is_refused(ann):
    first = ann.call("PUT", CONVENTIONS, json=TEAM).headers["ETag"]
    second = ann.call("PUT", CONVENTIONS, json={}, headers={"If-Match": first})
    assert second.status_code == 200
    stale = ann.call("PUT", CONVENTIONS, json=TEAM, headers={"If-Match": first})
    assert stale.status_code == 412
    assert ann.get(CONVENTIONS).headers["ETag"] == second.headers["ETag"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"patterns": {"campaign": "(a+"}},
        {"patterns": {"campaign": r"(a)\1"}},
        {"patterns": {"nothing": "a"}},
        {"allowed": {"medium": []}},
        {"separator": "?"},
        {"required": ["url"]},
        {"other": 1},
    ],
)
def test_conventions_that_are_none_are_refused(ann, wrong):
    assert ann.call("PUT", CONVENTIONS, json=wrong).status_code == 422


@pytest.mark.parametrize(
    "wrong,field",
    [
        ({"allowed": {"source": ["abc"]}, "patterns": {"source": "x+"}}, "allowed.source"),
        ({"allowed": {"source": ["jane@example.com"]}}, "allowed.source"),
        ({"patterns": {"source": "[A-Z]+"}}, "patterns.source"),
        ({"patterns": {"source": "a b"}}, "patterns.source"),
    ],
)
def test_conventions_that_no_value_can_keep_are_refused(ann, wrong, field):
    answer = ann.call("PUT", CONVENTIONS, json=wrong)
    assert answer.status_code == 422
    assert (answer.get_json()["code"], answer.get_json()["field"]) == ("broken_convention", field)
    assert ann.get(CONVENTIONS).get_json()["allowed"] == {}


@pytest.mark.parametrize(
    "right",
    [
        {"allowed": {"source": ["abc", "xx"]}, "patterns": {"source": "x+"}},
        {"patterns": {"source": "[A-Z]+"}, "lowercase": False},
        {"patterns": {"source": "[A-Za-z]+", "id": "[A-Z ]+", "term": ".*"}},
        {"patterns": {"source": "a b"}, "separator": " "},
    ],
)
def test_conventions_that_a_value_can_keep_are_taken(ann, right):
    assert ann.call("PUT", CONVENTIONS, json=right).status_code == 200


METRICS = """date,channel,campaign,campaign_id,spend
2025-03-01,google_ads,Brand Search,g1,10
2025-03-01,meta,Launch,m1,10
2025-03-01,email,Both,b1,10
2025-03-01,meta,Both,b1,10
"""


def test_a_campaigns_tags_are_filled_from_its_data(ann):
    assert ann.imports("shop", METRICS).status_code == 200
    ann.asks("shop", "spend on 2025-03-01")  # learns the names, as the import's event does
    tags = ann.get("/v1/projects/shop/campaigns/g1/utm").get_json()
    assert (tags["name"], tags["campaign"], tags["id"]) == ("Brand Search", "brand_search", "g1")
    assert (tags["source"], tags["medium"]) == ("google", "cpc")
    both = ann.get("/v1/projects/shop/campaigns/b1/utm").get_json()
    assert (both["campaign"], both["source"]) == ("both", None)
    assert ann.get("/v1/projects/shop/campaigns/none/utm").status_code == 404


def test_a_campaigns_own_tags_stand_over_those_of_its_data(ann):
    ann.imports("shop", METRICS)
    ann.asks("shop", "spend on 2025-03-01")
    path = "/v1/projects/shop/campaigns/g1/utm"
    put = ann.call("PUT", path, json={"source": "bing", "content": "hero"})
    assert put.status_code == 200
    tags = ann.get(path)
    assert tags.get_json() == put.get_json()
    assert tags.headers["ETag"] == put.headers["ETag"]
    assert (tags.get_json()["source"], tags.get_json()["medium"]) == ("bing", "cpc")
    assert tags.get_json()["content"] == "hero"
    stale = ann.call("PUT", path, json={}, headers={"If-Match": '"old"'})
    assert stale.status_code == 412


def test_a_campaign_that_is_still_planned_may_have_tags(ann):
    path = "/v1/projects/shop/campaigns/summer 26/utm"
    assert ann.get(path).status_code == 404
    assert ann.call("PUT", path, json={"source": "news"}).status_code == 200
    tags = ann.get(path).get_json()
    assert (tags["campaign"], tags["source"], tags["name"]) == ("summer_26", "news", None)
    assert ann.call("PUT", path, json={"source": "a@example.com"}).get_json()["code"] == "pii"


@pytest.mark.parametrize("name", ["a b", "%C3%A4", "a%22b%5C", "_x_", "%00", ".", "..", "__x__"])
def test_a_campaign_id_that_can_be_written_can_be_read(ann, name):
    path = f"/v1/projects/shop/campaigns/{name}/utm"
    put = ann.call("PUT", path, json={"source": "a"})
    assert put.status_code == ann.get(path).status_code
    assert put.status_code == (404 if name in ("%00", ".", "..", "__x__") else 200)


def test_a_campaigns_tags_are_trimmed_and_never_personal(ann):
    path = "/v1/projects/shop/campaigns/jane@example.com/utm"
    put = ann.call("PUT", path, json={"source": " news ", "medium": "  "}).get_json()
    assert (put["source"], put["medium"], put["campaign"]) == ("news", None, None)


CALLS = [
    ("POST", LINKS, {"json": NEW}, "editor", 200),
    ("GET", LINKS, {}, "viewer", 200),
    ("POST", f"{LINKS}:batch", {"data": CSV, "content_type": "text/csv"}, "editor", 200),
    ("POST", "/v1/projects/shop/utm:parse", {"json": {"url": "https://e.com"}}, "viewer", 200),
    (
        "POST",
        "/v1/projects/shop/utm:channel",
        {"json": {"source": "a", "medium": "b"}},
        "viewer",
        200,
    ),
    ("GET", PRESETS, {}, "viewer", 200),
    ("POST", PRESETS, {"json": {"name": "x"}}, "editor", 201),
    ("DELETE", f"{PRESETS}/none", {}, "editor", 404),
    ("GET", CONVENTIONS, {}, "viewer", 200),
    ("PUT", CONVENTIONS, {"json": {}}, "editor", 200),
    ("GET", "/v1/projects/shop/campaigns/c/utm", {}, "viewer", 404),
    ("PUT", "/v1/projects/shop/campaigns/c/utm", {"json": {}}, "editor", 200),
]
IDS = [f"{method} {path}" for method, path, *_ in CALLS]


@pytest.mark.parametrize("role", ["viewer", "editor"])
@pytest.mark.parametrize("method,path,kw,needed,status", CALLS, ids=IDS)
def test_a_role_may_do_its_own_and_no_more(ann, world, role, method, path, kw, needed, status):
    ann.post("/v1/projects/shop/members", {"email": "eve@example.com", "role": role})
    answer = world.person("eve@example.com").call(method, path, **kw)
    allowed = role == "editor" or needed == "viewer"
    assert answer.status_code == (status if allowed else 403), answer.text


@pytest.mark.parametrize("method,path,kw,needed,status", CALLS, ids=IDS)
def test_a_strangers_project_and_none_answer_alike(ann, world, method, path, kw, needed, status):
    bob = world.person("bob@example.com").opens("bakery")

    def answer(where):
        found = bob.call(method, where, headers={"X-Request-Id": "r"}, **kw)
        return found.status_code, found.data

    assert answer(path) == answer(path.replace("shop", "nothing-here"))
    assert answer(path)[0] == 404


def test_one_tenants_links_do_not_reach_another(ann, world):
    bob = world.person("bob@example.com").opens("bakery")
    ann.post(LINKS, NEW)
    ann.call("PUT", CONVENTIONS, json=TEAM)
    assert bob.get(LINKS.replace("shop", "bakery")).get_json()["items"] == []
    assert bob.get(CONVENTIONS.replace("shop", "bakery")).get_json()["required"] == []


def test_what_a_team_agreed_on_is_on_record(ann, world):
    ann.call("PUT", CONVENTIONS, json=TEAM)
    ann.call("PUT", "/v1/projects/shop/campaigns/c/utm", json={"source": "a"})
    records = world.app.suite.documents.list(Listing("projects/shop/audit")).items
    assert [r.data["action"] for r in records] == [
        "project.created",
        "utm.conventions_changed",
        "utm.campaign_tags_changed",
    ]
