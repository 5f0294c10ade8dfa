"""Whoever holds a signed link switches off that person's summaries, and nothing else."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from urllib.parse import quote

import pytest

from shared.domain.summaries.unsubscribing import token_for, uid_in

from .conftest import ANN, KEY, token_of

EVE = "eve@example.com"
ONE_CLICK = {"data": {"List-Unsubscribe": "One-Click"}}
BODIES = {
    "a mail program's form": ONE_CLICK,
    "its form in parts": {**ONE_CLICK, "content_type": "multipart/form-data"},
    "JSON": {"json": {}},
    "nothing": {},
    "anything": {"data": b"\xff\x00", "content_type": "image/png"},
}


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def signed(said: object, key: str = KEY) -> str:
    payload = text(json.dumps(said, separators=(",", ":")).encode())
    return f"{payload}.{text(hmac.digest(key.encode(), payload.encode(), 'sha256'))}"


def token(bare, uid: str = ANN) -> str:
    return token_for(bare.suite, uid)


def wants(bare, who: str = ANN) -> bool:
    return bare.world.person(who).get("/v1/me/preferences").get_json()["marketing_summaries"]


def call(bare, method: str, given: str, **body):
    return bare.world.call(method, f"/v1/unsubscribe?token={quote(given)}", **body)


def test_the_link_of_a_mail_asks_and_one_click_on_it_is_enough(bureau):
    bureau.joins(EVE)
    bureau.tell()
    [given] = [token_of(mail) for mail in bureau.post.sent if mail.to == EVE]
    for method in ("GET", "HEAD", "GET"):
        assert call(bureau, method, given).status_code == 200
    assert wants(bureau, EVE)  # looking changes nothing
    assert call(bureau, "POST", given, **ONE_CLICK).status_code == 200
    assert (wants(bureau, EVE), wants(bureau, ANN)) == (False, True)
    bureau.tell(week="2025-W12")
    assert len([to for to in bureau.to() if to == EVE]) == 1


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_click_comes_in_any_form_and_any_number_of_times(bare, body):
    bare.prefers(ANN, locale="de-DE", muted_projects=["bakery"])
    for _ in range(3):
        answer = call(bare, "POST", token(bare), **body)
        assert answer.status_code == 200
        assert answer.content_type == "text/html; charset=utf-8"
    kept = bare.ann.get("/v1/me/preferences").get_json()
    assert kept["marketing_summaries"] is False
    assert (kept["locale"], kept["muted_projects"]) == ("de-DE", ["bakery"])


def test_a_click_again_writes_nothing(bare):
    bare.prefers(ANN)
    call(bare, "POST", token(bare))
    before = bare.suite.documents.get(f"users/{ANN}")
    call(bare, "POST", token(bare))
    assert bare.suite.documents.get(f"users/{ANN}") == before


def test_who_wants_them_again_says_so_and_the_link_holds_on(bare):
    call(bare, "POST", token(bare))
    bare.prefers(ANN, marketing_summaries=True)
    assert wants(bare)
    call(bare, "POST", token(bare))
    assert not wants(bare)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_runs_nothing_asks_nothing_of_the_network_and_is_kept_nowhere(bare, method):
    answer = call(bare, method, token(bare))
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy and "script" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for part in ("<script", "<img", "<link", "url(", "http://", "https://"):
        assert part not in answer.text
    assert ANN not in answer.text


def test_the_page_that_asks_posts_to_where_it_came_from(bare):
    given = token(bare)
    page = call(bare, "GET", given).text
    assert f'action="?token={quote(given)}"' in page
    assert 'method="post"' in page.lower()


FORGED = {
    "nothing": lambda _: "",
    "no token": lambda _: "x",
    "another key": lambda _: signed([1, "weekly-summary", ANN], "another-key-of-32-bytes-or-more"),
    "a cut signature": lambda good: good[:-1],
    "a longer signature": lambda good: good + "A",
    "no signature": lambda good: good.partition(".")[0] + ".",
    "no payload": lambda good: "." + good.partition(".")[2],
    "somebody else's payload": lambda good: ".".join(
        (signed([1, "weekly-summary", EVE]).partition(".")[0], good.partition(".")[2])
    ),
    "another list": lambda _: signed([1, "anomalies", ANN]),
    "another version": lambda _: signed([2, "weekly-summary", ANN]),
    "a uid that is no text": lambda _: signed([1, "weekly-summary", 7]),
    "more than it should hold": lambda _: signed([1, "weekly-summary", ANN, "x"]),
    "an object": lambda _: signed({"uid": ANN}),
    "very deep": lambda _: signed(json.loads("[" * 90 + "]" * 90)),
    "signs beyond ASCII": lambda good: f"{good}é",
    "digits of another script": lambda good: good.replace(".", "．"),
    "a null": lambda good: f"{good}\x00",
    "10 kB": lambda good: good + "A" * 10_000,
    "10 kB, signed": lambda _: signed([1, "weekly-summary", "a" * 7_500]),
    "twice": lambda good: f"{good}.{good}",
    "standard base64": lambda good: good.replace("-", "+").replace("_", "/") + "=",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_forged_token_changes_nothing_and_is_told_nothing(bare, forge):
    bare.prefers(ANN)
    given = forge(token(bare))
    answers = [call(bare, method, given) for method in ("GET", "POST")]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert {answer.text for answer in answers} == {call(bare, "GET", "x").text}
    assert {answer.content_type for answer in answers} == {"text/html; charset=utf-8"}
    assert wants(bare)


def test_a_link_without_a_token_is_as_good_as_a_forged_one(bare):
    assert bare.world.call("GET", "/v1/unsubscribe").status_code == 400
    more = f"/v1/unsubscribe?token={token(bare)}&utm_source=mail"
    assert bare.world.call("GET", more).status_code == 200


def test_a_token_of_an_account_that_is_gone_is_no_error(bare):
    assert call(bare, "POST", token(bare, "nobody@example.com")).status_code == 200
    assert bare.suite.documents.get("users/nobody@example.com") is None


def test_a_key_is_replaced_without_breaking_links(bare):
    old = token(bare)
    bare.keys("a-newer-key-with-32-bytes-or-more", KEY)
    new = token(bare)
    assert old != new
    assert [uid_in(bare.suite, given) for given in (old, new)] == [ANN, ANN]
    bare.keys("a-newer-key-with-32-bytes-or-more")
    assert [uid_in(bare.suite, given) for given in (old, new)] == [None, ANN]


def test_links_in_mail_hold_while_keys_are_replaced_and_end_with_the_key_that_signed_them(bureau):
    new = "a-newer-key-with-32-bytes-or-more"
    bureau.joins(EVE)
    bureau.tell()
    old = {mail.to: token_of(mail) for mail in bureau.post.sent}
    bureau.keys(new, KEY)  # the new one signs from now on
    bureau.tell(week="2025-W12")
    newer = {mail.to: token_of(mail) for mail in bureau.post.sent}
    assert not set(old.values()) & set(newer.values())
    assert call(bureau, "POST", old[ANN], **ONE_CLICK).status_code == 200
    bureau.keys(new)  # the old one leaked
    assert call(bureau, "POST", old[EVE], **ONE_CLICK).status_code == 400
    assert (wants(bureau, ANN), wants(bureau, EVE)) == (False, True)
    assert call(bureau, "POST", newer[EVE], **ONE_CLICK).status_code == 200
    assert not wants(bureau, EVE)


UIDS = ["u", "ann@example.com", "~" * 128, "!\"#$%&'()*+,-.:;<=>?@[]^_`{|}~"]


@pytest.mark.parametrize("uid", UIDS)
def test_every_account_has_a_link(bare, uid):
    assert uid_in(bare.suite, token(bare, uid)) == uid


def test_without_a_key_a_click_is_to_be_tried_again(bare):
    given = token(bare)
    (bare.world.app.settings.data_dir / "secrets" / "unsubscribe-key").unlink()
    assert call(bare, "POST", given).status_code == 503
    assert wants(bare)


def test_a_body_that_is_too_large_is_refused(bare):
    bare.prefers(ANN)
    answer = call(bare, "POST", token(bare), data=b"x" * (64 << 10 | 1))
    assert (answer.status_code, wants(bare)) == (413, True)


def test_a_broken_preference_keeps_nobody_on_the_list(bare):
    bare.prefers(ANN)
    broken = {"marketing_summaries": "Mars", "quiet_hours": 7}
    bare.suite.documents.update(f"users/{ANN}", lambda user: {**user, "preferences": broken})
    assert call(bare, "POST", token(bare)).status_code == 200
    assert not wants(bare)


def test_a_key_for_idempotency_is_not_needed_and_not_in_the_way(bare):
    for _ in range(2):
        answer = call(bare, "POST", token(bare), headers={"Idempotency-Key": "k"})
        assert answer.status_code == 200


def test_no_log_holds_a_token(bare):
    given = token(bare)
    call(bare, "POST", given)
    assert given not in bare.world.log.getvalue()
