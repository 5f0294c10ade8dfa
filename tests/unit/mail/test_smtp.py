"""Handing mail to a server: what each of its behaviours becomes."""

from __future__ import annotations

import socket
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from shared.adapters.mail import SmtpCourier, SmtpServer
from shared.errors import Invalid, NotFound, TooLarge, Unavailable
from shared.ports import Mail
from tests.servers.smtp import PASSWORD, USER, SmtpPost, trusting

ELSEWHERE = "127.1"  # the resolver reads 127.0.0.1; by its looks it is no loopback address
HELLO = Mail("m-1", "Ada <ada@example.com>", "Hi", "Hello\n")


class Noon:
    def now(self):
        return datetime(2025, 4, 1, 12, tzinfo=UTC)


@contextmanager
def serving(**how):
    post = SmtpPost(**how).start()
    try:
        yield post
    finally:
        post.close()


def courier(post, *, host="127.0.0.1", user=USER, password=lambda: PASSWORD, **more):
    more = {"tls": trusting()} | more
    server = SmtpServer(host, post.port, user, "AIMS <aims@suite.example>", **more)
    return SmtpCourier(server, password, Noon())


@pytest.mark.parametrize(
    ("how", "first", "user"),
    [
        ({"starttls": True}, False, USER),
        ({"tls_first": True}, True, USER),
        ({"tls_first": True, "auth": False}, True, ""),
        ({"starttls": True, "auth": False}, False, ""),
    ],
    ids=["starttls", "tls-first", "tls-first-unsigned", "starttls-unsigned"],
)
def test_a_mail_travels_encrypted_and_signed_in(how, first, user):
    with serving(**how) as post:
        courier(post, user=user, tls_first=first).send(HELLO)
        (mail,) = post.taken
    assert (mail.sender, mail.recipients) == ("aims@suite.example", ["ada@example.com"])
    assert mail.over_tls
    assert mail.user == (user or None)


def test_only_this_machine_may_do_without_tls():
    with serving(starttls=False, auth=False) as post:
        courier(post, user="").send(HELLO)
        assert not post.taken[0].over_tls
        with pytest.raises(Unavailable, match="TLS"):
            courier(post, user="", host=ELSEWHERE).send(HELLO)
        assert len(post.taken) == 1


@pytest.mark.parametrize(
    ("says", "kind", "words"),
    [
        ({"RCPT": "550 No such user"}, Invalid, "Check the address"),
        ({"RCPT": "553 Not a mailbox"}, Invalid, "Check the address"),
        ({"RCPT": "450 Greylisted"}, Unavailable, "again later"),
        ({"RCPT": "421 Too busy"}, Unavailable, "again later"),
        ({"MAIL": "451 Not now"}, Unavailable, "again later"),
        ({"MAIL": "552 Too big"}, TooLarge, "Shorten"),
        ({"MAIL": "553 Not yours"}, Unavailable, "operator .* sender"),
        ({"DATA": "452 Disk full"}, Unavailable, "again later"),
        ({"DATA": "552 Too big"}, TooLarge, "Shorten"),
        ({"DATA": "554 Looks like spam"}, Invalid, "refuses this mail"),
    ],
)
def test_a_refusal_is_told_by_its_status(says, kind, words):
    with serving(says=says) as post, pytest.raises(kind, match=words) as error:
        courier(post).send(HELLO)
    assert type(error.value) is kind
    for secret in (PASSWORD, USER + "@", "127.0.0.1", *says.values()):
        assert secret not in error.value.detail


def no_secret():
    raise NotFound("no such secret: smtp-password")


@pytest.mark.parametrize(
    "password",
    [lambda: "wrong", lambda: "pässwörd", lambda: "", no_secret],
    ids=["wrong", "not-ascii", "empty", "missing"],
)
def test_wrong_credentials_are_the_operators_to_mend_and_stay_secret(password):
    with serving() as post:
        with pytest.raises(Unavailable, match=r"operator .* user name and password") as error:
            courier(post, password=password).send(HELLO)
        assert post.taken == []
    assert error.value.retryable
    assert "smtp-password" not in error.value.detail


@pytest.mark.parametrize("first", [False, True], ids=["starttls", "tls-first"])
def test_a_certificate_that_nobody_vouches_for_stops_the_mail(first):
    with serving(tls_first=first) as post:
        with pytest.raises(Unavailable, match="operator"):
            courier(post, tls=None, tls_first=first).send(HELLO)
        assert post.taken == []


def test_a_server_without_sign_in_is_the_operators_to_mend():
    with serving(auth=False) as post, pytest.raises(Unavailable, match="operator"):
        courier(post).send(HELLO)


def test_a_server_that_is_not_there_can_be_tried_again():
    with serving() as post:
        pass
    with pytest.raises(Unavailable, match="again later"):
        courier(post).send(HELLO)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_dawdles_is_not_waited_for_beyond_the_deadline(command):
    with serving(wait={command: 3}) as post:
        begun = time.monotonic()
        with pytest.raises(Unavailable, match="again later"):
            courier(post, deadline_s=0.5).send(HELLO)
        assert time.monotonic() - begun < 1.5


def test_a_server_that_never_greets_is_not_waited_for_beyond_the_deadline():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        with pytest.raises(Unavailable, match="again later"):
            courier(SmtpPost(port=silent.getsockname()[1]), deadline_s=0.3).send(HELLO)
        assert time.monotonic() - begun < 1.3


@pytest.mark.parametrize(
    "how", [{"says": {"QUIT": "500 What?"}}, {"wait": {"QUIT": 3}}], ids=["odd", "silent"]
)
def test_a_mail_that_was_taken_is_sent_however_the_server_says_goodbye(how):
    with serving(**how) as post:
        courier(post, deadline_s=0.5).send(HELLO)
        assert len(post.taken) == 1
