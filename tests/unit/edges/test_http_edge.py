"""Promises of the HTTP edge, kept for every function."""

from __future__ import annotations

import base64
import hmac
import json
import logging
from datetime import UTC, datetime, timedelta
from random import randbytes
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from shared.runtime.http.edge import http_function
from shared.runtime.http.operations import Operation

NEW = {"id": "shop", "name": "Shop", "timezone": "Europe/Berlin", "currency": "EUR"}


def problem(answer: Any, status: int, slug: str) -> dict[str, Any]:
    document = json.loads(answer.data)
    assert (answer.status_code, document["type"]) == (status, f"/problems/{slug}"), document
    assert answer.content_type.startswith("application/problem+json")
    assert document["status"] == status
    assert document["instance"] == answer.headers["X-Request-Id"]
    assert document["title"] and document["detail"]
    return document


# Who calls


def claims(**changes: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    good = {
        "iss": "https://aims.local",
        "aud": "aims",
        "sub": "ann@example.com",
        "email": "ann@example.com",
        "email_verified": True,
        "iat": now,
        "exp": now + timedelta(minutes=5),
    }
    return {k: v for k, v in {**good, **changes}.items() if v is not None}


HOUR = timedelta(hours=1)
BAD_CLAIMS = {
    "expired": lambda now: {"iat": now - 2 * HOUR, "exp": now - HOUR},
    "just expired": lambda now: {"iat": now - HOUR, "exp": now - timedelta(seconds=1)},
    "without expiry": lambda _: {"exp": None},
    "without issue time": lambda _: {"iat": None},
    "issued in the future": lambda now: {"iat": now + HOUR},
    "not valid yet": lambda now: {"nbf": now + HOUR},
    "of another issuer": lambda _: {"iss": "https://evil.example"},
    "for another audience": lambda _: {"aud": "other"},
    "for several audiences": lambda _: {"aud": ["aims", "other"]},
    "without audience": lambda _: {"aud": None},
    "for events": lambda _: {"aud": "aims-events"},
    "without subject": lambda _: {"sub": None},
    "with a path as subject": lambda _: {"sub": "../projects/shop"},
    "with an empty subject": lambda _: {"sub": ""},
}


@pytest.mark.parametrize("change", BAD_CLAIMS.values(), ids=BAD_CLAIMS.keys())
def test_a_token_with_a_wrong_claim_is_refused(world, change):
    token = jwt.encode(
        claims(**change(datetime.now(UTC))),
        world.issuer.key,
        algorithm="RS256",
        headers={"kid": world.issuer.kid},
    )
    answer = world.call("GET", "/v1/projects", headers={"Authorization": f"Bearer {token}"})
    problem(answer, 401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def forged(world) -> dict[str, str]:
    kid = {"kid": world.issuer.kid}
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = world.issuer.key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    good = jwt.encode(claims(), world.issuer.key, algorithm="RS256", headers=kid)
    head, body, signature = good.split(".")
    return {
        "no token": "",
        "not a token": "Bearer abc",
        "another scheme": f"Basic {good}",
        "signed by a stranger": "Bearer "
        + jwt.encode(claims(), stranger, algorithm="RS256", headers=kid),
        "an unknown key id": "Bearer "
        + jwt.encode(claims(), world.issuer.key, algorithm="RS256", headers={"kid": "x"}),
        "no key id": "Bearer " + jwt.encode(claims(), world.issuer.key, algorithm="RS256"),
        "algorithm none": "Bearer " + jwt.encode(claims(), None, algorithm="none", headers=kid),
        "an HMAC with the public key": f"Bearer {hmac_signed(good, public, world.issuer.kid)}",
        "another RSA algorithm": "Bearer "
        + jwt.encode(claims(), world.issuer.key, algorithm="RS512", headers=kid),
        "a changed body": f"Bearer {head}.{body[:-4]}AAAA.{signature}",
        "a cut signature": f"Bearer {head}.{body}.",
        "too long": "Bearer " + "a" * 9000,
        "bytes that are no text": "Bearer \xff\xfe",
    }


def hmac_signed(token: str, key: bytes, kid: str) -> str:
    def text(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    head = text(json.dumps({"alg": "HS256", "typ": "JWT", "kid": kid}).encode())
    signed = f"{head}.{token.split('.')[1]}"
    return f"{signed}.{text(hmac.digest(key, signed.encode(), 'sha256'))}"


def test_a_forged_token_is_refused(world):
    for name, header in forged(world).items():
        answer = world.call("GET", "/v1/projects", headers={"Authorization": header})
        assert answer.status_code == 401, name


def test_made_up_key_ids_do_not_ask_the_issuer_again(world, tmp_path):
    ann = world.person("ann@example.com")
    assert ann.get("/v1/projects").status_code == 200
    (tmp_path / "auth" / "jwks.json").unlink()
    for kid in "abc":
        token = jwt.encode(claims(), world.issuer.key, algorithm="RS256", headers={"kid": kid})
        answer = world.call("GET", "/v1/projects", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401
    assert ann.get("/v1/projects").status_code == 200


def test_an_unverified_address_opens_no_invitation(world):
    ann = world.person("ann@example.com").opens("shop")
    ann.post("/v1/projects/shop/members", {"email": "bob@example.com", "role": "viewer"})
    token = jwt.encode(
        claims(sub="uid-7", email="bob@example.com", email_verified=False),
        world.issuer.key,
        algorithm="RS256",
        headers={"kid": world.issuer.kid},
    )
    bearer = {"Authorization": f"Bearer {token}"}
    problem(world.call("GET", "/v1/projects/shop", headers=bearer), 404, "not-found")


def test_an_invited_address_enters_once_it_is_verified(world):
    ann = world.person("ann@example.com").opens("shop")
    ann.post("/v1/projects/shop/members", {"email": "Bob@Example.com", "role": "viewer"})
    token = jwt.encode(
        claims(sub="uid-7", email="bob@example.com"),
        world.issuer.key,
        algorithm="RS256",
        headers={"kid": world.issuer.kid},
    )
    bearer = {"Authorization": f"Bearer {token}"}
    assert world.call("GET", "/v1/projects/shop", headers=bearer).status_code == 200
    listed = world.call("GET", "/v1/projects", headers=bearer).get_json()
    assert [(p["id"], p["role"]) for p in listed["items"]] == [("shop", "viewer")]


# Paths, methods, bodies


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/v1/projects/", "/v1/projects/shop/members/a/b", "/v1/projects/shop:drop"],
)
def test_a_path_that_is_none_is_a_problem(world, path):
    problem(world.person("ann@example.com").get(path), 404, "not-found")


def test_a_method_that_a_path_does_not_take_names_those_it_takes(world):
    answer = world.person("ann@example.com").call("PUT", "/v1/projects")
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == "GET, HEAD, POST, OPTIONS"


BAD_BODIES = {
    "no JSON": (b"{", 400, "malformed-request"),
    "not UTF-8": (b'{"id": "\xff"}', 400, "malformed-request"),
    "very deep": (b'{"id":' + b"[" * 100_000, 400, "malformed-request"),
    "a list": (b"[]", 422, "invalid-input"),
    "empty": (b"", 422, "invalid-input"),
    "NaN": (b'{"id": NaN}', 422, "invalid-input"),
    "an unknown field": (json.dumps({**NEW, "role": "owner"}).encode(), 422, "invalid-input"),
    "a wrong id": (json.dumps({**NEW, "id": "../x"}).encode(), 422, "invalid-input"),
    "a wrong zone": (json.dumps({**NEW, "timezone": "../../x"}).encode(), 422, "invalid-input"),
    "no such zone": (json.dumps({**NEW, "timezone": "Mars/Base"}).encode(), 422, "invalid-input"),
    "a name of spaces": (json.dumps({**NEW, "name": "   "}).encode(), 422, "invalid-input"),
    "a name with a newline": (json.dumps({**NEW, "name": "a\nb"}).encode(), 422, "invalid-input"),
    "too large": (b'"' + b"x" * (1 << 20) + b'"', 413, "too-large"),
}


@pytest.mark.parametrize("body,status,slug", BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_a_bad_body_is_a_problem_that_says_so(world, body, status, slug):
    answer = world.person("ann@example.com").call(
        "POST", "/v1/projects", data=body, headers={"Content-Type": "application/json"}
    )
    problem(answer, status, slug)


def test_a_validation_problem_names_the_field(world):
    answer = world.person("ann@example.com").post("/v1/projects", {**NEW, "currency": "euro"})
    document = problem(answer, 422, "invalid-input")
    assert [e["field"] for e in document["errors"]] == ["currency"]


def test_a_body_that_is_not_json_is_not_taken(world):
    answer = world.person("ann@example.com").call("POST", "/v1/projects", data={"id": "shop"})
    problem(answer, 415, "unsupported-media-type")


def test_a_compressed_body_is_not_taken(world):
    answer = world.person("ann@example.com").call(
        "POST",
        "/v1/projects",
        data=b"\x1f\x8b",
        headers={"Content-Type": "application/json", "Content-Encoding": "gzip"},
    )
    problem(answer, 415, "unsupported-media-type")


@pytest.mark.parametrize(
    "query,status",
    [
        ("page_size=0", 422),
        ("page_size=501", 422),
        ("page_size=x", 422),
        ("nonsense=1", 422),
        ("page_token=%21%21", 400),
        ("page_size=1&page_size=2", 400),
    ],
)
def test_a_bad_query_is_a_problem(world, query, status):
    answer = world.person("ann@example.com").get(f"/v1/projects?{query}")
    assert answer.status_code == status, answer.text


def test_pages_cover_a_list_once(world):
    ann = world.person("ann@example.com")
    for number in range(5):
        ann.opens(f"shop-{number}")
    seen, token = [], ""
    while token is not None:
        more = f"&page_token={token}" if token else ""
        page = ann.get(f"/v1/projects?page_size=2{more}").get_json()
        seen += [p["id"] for p in page["items"]]
        token = page["next_page_token"]
    assert seen == [f"shop-{n}" for n in range(5)]


# Answers


def test_a_request_id_is_taken_over_only_if_it_is_harmless(world):
    ann = world.person("ann@example.com")
    kept = ann.get("/v1/projects", headers={"X-Request-Id": "abc-1"})
    made = ann.get("/v1/projects", headers={"X-Request-Id": "<script>"})
    assert kept.headers["X-Request-Id"] == "abc-1"
    assert len(made.headers["X-Request-Id"]) == 32


def test_a_read_that_has_not_changed_is_304(world):
    ann = world.person("ann@example.com").opens("shop")
    first = ann.get("/v1/projects/shop")
    again = ann.get("/v1/projects/shop", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_an_edit_of_an_old_version_is_412(world):
    ann = world.person("ann@example.com").opens("shop")
    version = ann.get("/v1/projects/shop").headers["ETag"]
    edit = {"headers": {"If-Match": version}, "json": {"name": "New"}}
    assert ann.call("PATCH", "/v1/projects/shop", **edit).get_json()["name"] == "New"
    problem(ann.call("PATCH", "/v1/projects/shop", **edit), 412, "stale-version")


def test_an_edit_of_any_version_is_taken(world):
    ann = world.person("ann@example.com").opens("shop")
    edit = {"headers": {"If-Match": "*"}, "json": {"name": "New"}}
    assert ann.call("PATCH", "/v1/projects/shop", **edit).status_code == 200


def test_an_edit_answers_with_the_new_version(world):
    ann = world.person("ann@example.com").opens("shop")
    edited = ann.call("PATCH", "/v1/projects/shop", json={"name": "New"})
    assert edited.headers["ETag"] == ann.get("/v1/projects/shop").headers["ETag"]


# Once


def test_the_same_key_and_body_return_the_first_answer(world):
    ann = world.person("ann@example.com")
    key = {"headers": {"Idempotency-Key": "k1"}}
    first, again = ann.post("/v1/projects", NEW, **key), ann.post("/v1/projects", NEW, **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    assert again.headers["Idempotent-Replayed"] == "true"


def test_the_same_key_with_another_body_is_422(world):
    ann = world.person("ann@example.com")
    key = {"headers": {"Idempotency-Key": "k1"}}
    ann.post("/v1/projects", NEW, **key)
    answer = ann.post("/v1/projects", {**NEW, "id": "other"}, **key)
    problem(answer, 422, "idempotency-key-reused")


def test_a_key_belongs_to_one_person(world):
    key = {"headers": {"Idempotency-Key": "k1"}}
    world.person("ann@example.com").post("/v1/projects", NEW, **key)
    other = world.person("bob@example.com").post("/v1/projects", {**NEW, "id": "own"}, **key)
    assert other.get_json()["id"] == "own"


def test_after_an_error_the_same_key_may_try_again(world):
    ann = world.person("ann@example.com")
    key = {"headers": {"Idempotency-Key": "k1"}}
    assert ann.post("/v1/projects", {**NEW, "currency": "?"}, **key).status_code == 422
    assert ann.post("/v1/projects", NEW, **key).status_code == 201


def test_a_key_of_an_answer_too_large_to_keep_still_refuses_another_request(world):
    ann = world.person("ann@example.com").opens("shop")
    lines = [f"https://a.example/,s,email,{randbytes(60).hex()}" for _ in range(9_000)]
    path = "/v1/projects/shop/utm/links:batch"

    def send(lines):
        body = "\n".join(["url,source,medium,campaign", *lines])
        headers = {"Idempotency-Key": "k1", "Content-Type": "text/csv"}
        return ann.call("POST", path, data=body, headers=headers)

    first, again = send(lines), send(lines)
    assert (first.status_code, again.status_code) == (200, 200)
    assert "Idempotent-Replayed" not in again.headers
    problem(send(lines[:1]), 422, "idempotency-key-reused")


def test_an_upload_has_the_bound_of_its_route(world):
    ann = world.person("ann@example.com").opens("shop")
    body = b"x" * ((8 << 20) + 1)
    headers = {"Content-Type": "text/csv"}
    answer = ann.call("POST", "/v1/projects/shop/utm/links:batch", data=body, headers=headers)
    problem(answer, 413, "too-large")
    imported = ann.call("POST", "/v1/projects/shop/metrics:import", data=body, headers=headers)
    assert imported.status_code == 400  # read, and no table


def test_an_id_in_the_middle_of_a_path_may_hold_a_colon(world):
    ann = world.person("ann@example.com").opens("shop")
    path = "/v1/projects/shop/campaigns/urn%3Ali%3A12/utm"
    assert ann.call("PUT", path, json={"source": "linkedin"}).status_code == 200
    assert ann.get("/v1/projects/shop/campaigns/urn:li:12/utm").get_json()["source"] == "linkedin"


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "ä"])
def test_a_key_that_is_none_is_refused(world, key):
    answer = world.person("ann@example.com").post(
        "/v1/projects", NEW, headers={"Idempotency-Key": key}
    )
    problem(answer, 400, "malformed-request")


# Cross-origin


def test_only_listed_origins_may_read(worlds):
    world = worlds(AIMS_CORS_ORIGINS="https://app.example.com, https://b.example.com")
    ann = world.person("ann@example.com")
    listed = ann.get("/v1/projects", headers={"Origin": "https://app.example.com"})
    other = ann.get("/v1/projects", headers={"Origin": "https://evil.example"})
    assert listed.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
    assert "X-Request-Id" in listed.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Origin" not in other.headers
    assert listed.headers["Vary"] == other.headers["Vary"] == "Origin"


def test_a_preflight_needs_no_token(worlds):
    world = worlds(AIMS_CORS_ORIGINS="https://app.example.com")
    answer = world.call("OPTIONS", "/v1/projects", headers={"Origin": "https://app.example.com"})
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST"
    assert "Idempotency-Key" in answer.headers["Access-Control-Allow-Headers"]


def test_a_problem_may_be_read_across_origins_too(worlds):
    world = worlds(AIMS_CORS_ORIGINS="https://app.example.com")
    answer = world.call("GET", "/v1/projects", headers={"Origin": "https://app.example.com"})
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example.com"


# Demo sign-in


@pytest.mark.parametrize(
    "host,origin,status",
    [
        ("127.0.0.1:8080", None, 200),
        ("localhost:8080", "http://localhost:8080", 200),
        ("[::1]:8080", None, 200),
        ("127.0.0.1:8080", "https://evil.example", 401),
        ("rebound.evil.example", None, 401),
        ("127.0.0.1.evil.example:8080", None, 401),
    ],
)
def test_the_demo_signs_in_this_machine_only(worlds, host, origin, status):
    world = worlds(AIMS_AUTH="demo")
    headers = {"Host": host, **({"Origin": origin} if origin else {})}
    assert world.call("GET", "/v1/projects", headers=headers).status_code == status


# Logs


def test_a_log_line_names_the_call_and_the_trace_but_no_person_and_no_input(world):
    ann = world.person("ann@example.com").opens("shop", name="Secret Launch")
    trace = "0af7651916cd43dd8448eb211c80319c"
    ann.get(
        "/v1/projects/shop",
        headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01", "X-Request-Id": "r-1"},
    )
    line = world.logged()[-1]
    assert line["logging.googleapis.com/trace"] == trace
    assert (line["request_id"], line["operation"], line["status"]) == ("r-1", "read_project", 200)
    assert line["severity"] == "INFO"
    text = world.log.getvalue()
    assert not [s for s in ("ann@", "example.com", "Secret", "Bearer", "eyJ") if s in text]


def test_a_fault_of_ours_is_500_without_a_word_of_its_cause(world):
    def broken(*_: object) -> None:
        raise RuntimeError("ann@example.com and a secret")

    fine = Operation(lambda *_: None)
    entry = http_function(
        "platform",
        dict.fromkeys(("openapi", "readiness", "health", "ready"), fine)
        | {"liveness": Operation(broken)},
    )
    with Flask("test").test_request_context("/healthz") as context:
        answer = entry(context.request)
    document = json.loads(answer.get_data())
    assert (answer.status_code, document["type"]) == (500, "/problems/internal")
    assert "secret" not in answer.get_data(as_text=True) + world.log.getvalue()
    assert world.logged()[-2]["error"] == "RuntimeError"


def test_a_door_that_does_not_fit_the_catalog_does_not_load():
    with pytest.raises(LookupError, match="platform"):
        http_function("platform", {"openapi": Operation(lambda *_: None)})


def test_on_google_cloud_a_trace_is_named_in_its_project(worlds):
    world = worlds(AIMS_GOOGLE_PROJECT="our-project")
    trace = "0af7651916cd43dd8448eb211c80319c"
    world.call("GET", "/healthz", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
    named = world.logged()[-1]["logging.googleapis.com/trace"]
    assert named == f"projects/our-project/traces/{trace}"


def test_what_a_library_warns_of_is_a_log_line_without_the_text_of_its_error(world):
    logger = logging.getLogger("vendor.client")
    logger.debug("not worth a line")
    try:
        raise ValueError("secret")
    except ValueError:
        logger.exception("a call failed: %s", "twice")
    assert [(x["severity"], x["message"], x["error"]) for x in world.logged()] == [
        ("ERROR", "a call failed: twice", "ValueError")
    ]
    assert "secret" not in world.log.getvalue()
