"""What each behaviour of a receiver becomes, and that none of them takes long or costs much."""

from __future__ import annotations

import gzip
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from threading import Event

import pytest

from shared.adapters.webhooks import HttpsWebhooks
from shared.errors import Invalid, Unavailable
from shared.ports import Hook
from tests.servers.webhook import OK, Receiver, authority, status

DEADLINE_S = 0.5
HERE = [ip_network("127.0.0.1/32"), ip_network("::1/128")]
HEAD = b"HTTP/1.1 200 OK\r\n"
BLANK = b"\r\n\r\n"


class Noon:
    def now(self):
        return datetime(2025, 4, 1, 12, tzinfo=UTC)


@contextmanager
def serving(behaves=OK, **how):
    receiver = Receiver(behaves, **how).start()
    try:
        yield receiver
    finally:
        receiver.close()


def post(url, networks=HERE, body=None, **how):
    how = {"deadline_s": DEADLINE_S, "trust": authority().trust()} | how
    HttpsWebhooks(Noon(), networks, **how).post(Hook("1", url, body or {"a": 1}))


def plain(receiver, path="/"):
    return f"http://127.0.0.1:{receiver.port}{path}"


@contextmanager
def soon(seconds=DEADLINE_S + 1.0):
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds


def sends(*parts):
    def behave(_, line):
        for part in parts:
            line.sendall(part)

    return behave


def endless(start, more):
    def behave(receiver, line):
        line.sendall(start)
        while not receiver.closing.is_set():
            line.sendall(more)

    return behave


def drips(start, drop):
    def behave(receiver, line):
        line.sendall(start)
        receiver.drip(line, drop)

    return behave


def waits(receiver, _):
    receiver.closing.wait(10)


def cuts(_, line):
    line.close()


TAKEN = {
    "no body": status(204),
    "body": OK,
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\n\r\nok",
    "no reason": b"HTTP/1.1 200\r\n\r\n",
    "empty reason": b"HTTP/1.1 200 \r\n\r\n",
    "odd reason": b"HTTP/1.1 200 \xff\xfe\r\n\r\n",
    "chunked": HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "in parts": sends(b"HT", b"TP/1.1 20", b"0 OK\r", b"\n\r", b"\n"),
    "continue first": b"HTTP/1.1 100 Continue\r\n\r\n" + OK,
    "hints first": b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 3 + OK,
    "headers near the bound": HEAD + b"X: " + b"y" * 12_000 + BLANK,
    "no end of a body": endless(HEAD + BLANK, b"x" * 65_536),
    "a body that drips": drips(HEAD + b"Content-Length: 9999\r\n\r\n", b"x"),
    "a body that is cut": sends(HEAD + b"Content-Length: 9999\r\n\r\nok"),
    "a bomb": HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"0" * (8 << 20)),
    "a broken bomb": HEAD + b"Content-Encoding: br\r\nContent-Length: -1\r\n\r\n\x00\xff",
}


@pytest.mark.parametrize("behaves", TAKEN.values(), ids=TAKEN)
def test_a_message_is_taken_whatever_else_the_receiver_says(behaves):
    with serving(behaves) as receiver:
        with soon():
            post(plain(receiver))
        assert receiver.connections == 1


def test_an_honest_receiver_is_not_cut_off_in_its_answer():
    finished = Event()

    def slowly(receiver, line):
        for part in (HEAD + BLANK, b"x" * 500, b"x" * 500, b"x" * 500):
            line.sendall(part)
            receiver.closing.wait(0.05)
        finished.set()

    with serving(slowly) as receiver:
        post(plain(receiver), deadline_s=5)
        assert finished.wait(5)


def test_an_answer_without_end_is_not_read():
    sent = []

    def endlessly(receiver, line):
        line.sendall(HEAD + BLANK)
        while not receiver.closing.is_set():
            sent.append(line.send(b"x" * 65_536))

    with serving(endlessly) as receiver:
        post(plain(receiver))
    assert sum(sent) < 10 << 20  # what waits in the system's buffers


FOR_GOOD = {
    "another protocol": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "no protocol": b"\x00" * 64 + BLANK,
    "HTTP/2": b"HTTP/2 200 OK\r\n\r\n",
    "HTTP/0.9": b"<html>200</html>\r\n\r\n",
    "no status": b"HTTP/1.1 OK\r\n\r\n",
    "status of two digits": b"HTTP/1.1 20 OK\r\n\r\n",
    "status of four digits": b"HTTP/1.1 2000 OK\r\n\r\n",
    "status beyond all": b"HTTP/1.1 999 Denied\r\n\r\n",
    "status 0": b"HTTP/1.1 000 OK\r\n\r\n",
    "status in other digits": "HTTP/1.1 ２００ OK\r\n\r\n".encode(),
    "another protocol from here": status(101, "Upgrade: x"),
    "one huge header": HEAD + b"X: " + b"y" * 50_000 + BLANK,
    "many headers": HEAD + b"X: y\r\n" * 10_000 + BLANK,
    "no end of headers": endless(HEAD, b"X: y\r\n" * 1_000),
    "a status line without end": endless(b"HTTP/1.1 200 ", b"K" * 4_096),
    "no end of hints": endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "to metadata": status(302, "Location: http://169.254.169.254/latest/meta-data/"),
    "to metadata by name": status(307, "Location: http://metadata.google.internal/"),
}


@pytest.mark.parametrize("behaves", FOR_GOOD.values(), ids=FOR_GOOD)
def test_what_is_no_answer_is_refused_for_good(behaves):
    with serving(behaves) as receiver:
        with soon(), pytest.raises(Invalid):
            post(plain(receiver))
        assert receiver.connections == 1


LATER = {
    "closes without a word": cuts,
    "closes in the status": sends(b"HTTP/1.1 2"),
    "closes in the headers": sends(HEAD + b"X: y\r\n"),
    "closes after a hint": sends(b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "is silent": waits,
    "is silent after a hint": lambda *both: (sends(b"HTTP/1.1 100 C\r\n\r\n")(*both), waits(*both)),
    "drips its status": drips(b"", HEAD),
    "drips its headers": drips(HEAD, b"X: y\r\n"),
    "drips hints": drips(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
}


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("behaves", LATER.values(), ids=LATER)
def test_a_receiver_that_breaks_off_or_is_slow_is_asked_again_later(behaves, tls):
    with serving(behaves, tls=authority().server("127.0.0.1") if tls else None) as receiver:
        url = plain(receiver).replace("http:", "https:") if tls else plain(receiver)
        with soon(), pytest.raises(Unavailable):
            post(url)
        assert receiver.connections == 1


def test_a_receiver_that_never_reads_is_left_at_the_deadline():
    with serving(first=waits) as receiver, soon(), pytest.raises(Unavailable):
        post(plain(receiver), body={"a": "x" * 260_000})


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_a_refusal_before_the_last_byte_is_heard(tls):
    def refuses(receiver, line):
        line.recv(100)
        line.sendall(status(413))
        receiver.closing.wait(10)

    certificate = authority().server("127.0.0.1") if tls else None
    with serving(first=refuses, tls=certificate) as receiver:
        url = plain(receiver).replace("http:", "https:") if tls else plain(receiver)
        with soon(), pytest.raises(Invalid, match="413"):
            post(url, body={"a": "x" * 9_000})


@pytest.mark.parametrize("first", [waits, lambda r, line: r.drip(line, b"\x16\x03\x03\x40\x00")])
def test_a_handshake_that_never_ends_is_left_at_the_deadline(first):
    with serving(first=first) as receiver, soon(), pytest.raises(Unavailable):
        post(plain(receiver).replace("http:", "https:"))


def test_a_receiver_that_speaks_no_tls_gets_no_message():
    with serving(OK) as receiver:
        with pytest.raises(Unavailable):
            post(plain(receiver).replace("http:", "https:"))
        assert receiver.arrivals == []


NAME = "hooks.example.com"
CERTIFICATES = {
    "another name": lambda: authority().server("other.example.com"),
    "a name below": lambda: authority().server("a.hooks.example.com"),
    "the address, not the name": lambda: authority().server("127.0.0.1"),
    "expired": lambda: authority().server(NAME, ended=timedelta(hours=1)),
    "not valid yet": lambda: authority().server(NAME, ended=timedelta(days=-30)),
    "of a stranger": lambda: authority("Stranger").server(NAME),
}


def named(receiver, path="/", name=NAME):
    return f"https://{name}:{receiver.port}{path}"


@pytest.mark.parametrize("tls", CERTIFICATES.values(), ids=CERTIFICATES)
def test_a_certificate_that_does_not_hold_may_be_renewed_and_nothing_is_sent(tls):
    with serving(tls=tls()) as receiver:
        with soon(), pytest.raises(Unavailable, match="certificate"):
            post(named(receiver), resolve=lambda _: ["127.0.0.1"])
        assert receiver.arrivals == []


@pytest.mark.parametrize("names", [(NAME,), ("*.example.com",), ("other.example.com", NAME)])
def test_the_certificate_is_that_of_the_name_while_the_line_goes_to_the_address(names):
    with serving(tls=authority().server(*names)) as receiver:
        post(named(receiver, "/in"), resolve=lambda _: ["127.0.0.1"])
        (arrival,) = receiver.arrivals
        assert receiver.named == [NAME]
        assert arrival.headers["host"] == f"{NAME}:{receiver.port}"


def test_an_authority_that_the_system_does_not_know_is_not_trusted():
    with serving(tls=authority().server(NAME)) as receiver:
        with pytest.raises(Unavailable, match="certificate"):
            post(named(receiver), resolve=lambda _: ["127.0.0.1"], trust=None)
        assert receiver.arrivals == []


def test_a_name_in_other_letters_is_asked_for_as_dns_knows_it():
    asked = []
    with serving(tls=authority().server("xn--mbel-5qa.example")) as receiver:
        url = named(receiver, name="MÖBEL.example.")
        post(url, resolve=lambda name: asked.append(name) or ["127.0.0.1"])
        assert asked == receiver.named == ["xn--mbel-5qa.example"]


def test_an_address_of_ipv6_is_reached_and_named_in_brackets():
    with serving(tls=authority().server("::1"), host="::1") as receiver:
        post(f"https://[0:0::1]:{receiver.port}/")
        assert receiver.arrivals[0].headers["host"] == f"[::1]:{receiver.port}"


def test_a_name_that_changes_between_two_looks_is_looked_at_once():
    """DNS rebinding: allowed when it is checked, another when it is used."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"], ["127.0.0.1", "127.0.0.2"]])
    with (
        serving() as receiver,
        serving(host="127.0.0.2", port=receiver.port) as victim,
    ):
        url = f"http://{NAME}:{receiver.port}/"
        webhooks = HttpsWebhooks(Noon(), HERE, resolve=lambda _: next(answers))
        webhooks.post(Hook("1", url, {}))
        for _ in range(2):
            with pytest.raises(Invalid, match="private network"):
                webhooks.post(Hook("1", url, {}))
        assert (receiver.connections, victim.connections) == (1, 0)


@pytest.mark.parametrize("found", [["127.0.0.1", "::1"], ["::1", "127.0.0.1"]])
def test_the_next_address_is_tried_where_the_first_does_not_answer(found):
    with serving() as receiver:
        post(f"http://{NAME}:{receiver.port}/", resolve=lambda _: found)
        assert len(receiver.arrivals) == 1


def test_not_every_address_of_a_crowd_is_knocked_at():
    with serving() as receiver, pytest.raises(Unavailable):
        crowd = ["::1"] * 4 + ["127.0.0.1"]
        post(f"http://{NAME}:{receiver.port}/", resolve=lambda _: crowd)
    assert receiver.connections == 0


def test_a_name_is_looked_up_by_the_system():
    with serving() as receiver:
        networks = [ip_network("127.0.0.0/8"), ip_network("::1/128")]
        post(f"http://localhost:{receiver.port}/", networks)
        assert receiver.arrivals[0].headers["host"] == f"localhost:{receiver.port}"


def test_a_resolver_that_never_answers_is_left_at_the_deadline():
    answered = Event()
    with soon(), pytest.raises(Unavailable, match="in time"):
        post(f"https://{NAME}/", resolve=lambda _: answered.wait(10) and [])
    answered.set()


@pytest.mark.parametrize("error", [OSError(-2, "unknown"), UnicodeError("label too long")])
def test_a_resolver_that_fails_is_asked_again_later(error):
    def fails(_):
        raise error

    with pytest.raises(Unavailable):
        post(f"https://{NAME}/", resolve=fails)


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch):
    with serving() as receiver, serving() as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, plain(proxy))
        post(plain(receiver))
        assert (receiver.connections, proxy.connections) == (1, 0)


@pytest.mark.parametrize("behaves", [status(404), status(302), status(503), cuts, b"no" + BLANK])
def test_an_error_repeats_no_part_of_the_url(behaves):
    with serving(behaves) as receiver, pytest.raises((Invalid, Unavailable)) as failed:
        post(plain(receiver, "/services/T0/s3cret?token=pa55"))
    said = failed.value.detail
    assert not [word for word in ("s3cret", "pa55", "127.0.0", str(receiver.port)) if word in said]
    assert not failed.value.extra


def test_many_messages_at_once_each_arrive_once():
    from concurrent.futures import ThreadPoolExecutor

    with serving(tls=authority().server(NAME)) as receiver:
        webhooks = HttpsWebhooks(
            Noon(), HERE, resolve=lambda _: ["127.0.0.1"], trust=authority().trust()
        )
        hooks = [Hook(f"hook:{n}", named(receiver), {"n": n}) for n in range(40)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(webhooks.post, hooks))
        assert sorted(one.headers["webhook-id"] for one in receiver.arrivals) == sorted(
            hook.hook_id for hook in hooks
        )
