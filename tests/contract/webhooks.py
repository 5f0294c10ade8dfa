"""The promises of shared.ports.Webhooks, read from what arrives: one adapter for both families."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from shared.adapters.webhooks import HttpsWebhooks
from shared.errors import Invalid, TooLarge, Unavailable
from shared.ports import Hook
from tests.servers.webhook import Receiver, authority, status

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = {"text": "Umsatz −40 % 📉", "rows": [1, 2.5, None, True], "nested": {"é": []}}


class RealClock:
    """The signature's age is judged by the receiver's clock."""

    def now(self):
        return datetime.now(UTC)


@pytest.fixture(scope="module")
def server_tls():
    return authority().server("127.0.0.1")


@pytest.fixture
def receiver(server_tls):
    receiver = Receiver(tls=server_tls).start()
    yield receiver
    receiver.close()


def opened(clock):
    return HttpsWebhooks(clock, [ip_network("127.0.0.0/8")], trust=authority().trust())


@pytest.fixture
def webhooks(clock):
    return opened(clock)


def hook(receiver, **changes):
    url = f"https://127.0.0.1:{receiver.port}/in?channel=7"
    return Hook(**{"hook_id": "anomalies:shop:1", "url": url, "body": BODY} | changes)


def test_a_message_arrives_as_it_was_written(webhooks, receiver, clock):
    webhooks.post(hook(receiver))
    (arrival,) = receiver.arrivals
    assert arrival.line == "POST /in?channel=7 HTTP/1.1"
    assert json.loads(arrival.body.decode()) == BODY
    assert arrival.headers == {
        "host": f"127.0.0.1:{receiver.port}",
        "user-agent": "AIMS-Webhooks/1",
        "content-type": "application/json",
        "content-length": str(len(arrival.body)),
        "accept-encoding": "identity",
        "connection": "close",
        "webhook-id": "anomalies:shop:1",
        "webhook-timestamp": str(int(clock.now().timestamp())),
    }


@pytest.mark.parametrize(
    ("secret", "known_as"),
    [
        (SECRET, SECRET),
        (SECRET, SECRET.removeprefix("whsec_")),
        ("whsec_c2hvcnQ", "whsec_c2hvcnQ="),
        ("whsec_c2hvcnQ=", b"short"),
        ("plain words, ü", "plain words, ü".encode()),
        ("deadbeef", b"deadbeef"),
    ],
)
def test_a_signature_holds_for_its_receiver(receiver, secret, known_as):
    opened(RealClock()).post(hook(receiver, secret=secret))
    (arrival,) = receiver.arrivals
    assert Webhook(known_as).verify(arrival.body, arrival.headers) == BODY


@pytest.mark.parametrize("changed", ["body", "webhook-id", "webhook-timestamp"])
def test_a_signature_holds_for_nothing_else(receiver, changed):
    opened(RealClock()).post(hook(receiver, secret=SECRET))
    (arrival,) = receiver.arrivals
    body = arrival.body + b" " if changed == "body" else arrival.body
    later = str(int(arrival.headers["webhook-timestamp"]) + 1)
    more = {"webhook-id": {"webhook-id": "x"}, "webhook-timestamp": {"webhook-timestamp": later}}
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body, arrival.headers | more.get(changed, {}))


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_====", "whsec_ä", "whsec_c2hv-c2-hv-_", "\ud800"]
)
def test_a_secret_that_is_none_signs_nothing(webhooks, receiver, secret):
    with pytest.raises(Invalid, match="secret"):
        webhooks.post(hook(receiver, secret=secret))
    assert receiver.connections == 0


def test_a_repeat_is_known_by_its_id_and_signed_anew(webhooks, receiver, clock):
    webhooks.post(hook(receiver, secret=SECRET))
    clock.step(minutes=1)
    webhooks.post(hook(receiver, secret=SECRET))
    first, second = (arrival.headers for arrival in receiver.arrivals)
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 60
    assert first["webhook-signature"] != second["webhook-signature"]


@pytest.mark.parametrize(
    "hook_id", ["a\r\nX-Evil: 1", "a\nb", "../../x", "a b", "über", "a.b", "a\x00b", "a%0D%0Ab"]
)
def test_an_odd_id_names_one_message_and_stays_in_its_header(receiver, hook_id):
    webhooks = opened(RealClock())
    webhooks.post(hook(receiver, hook_id=hook_id, secret=SECRET))
    webhooks.post(hook(receiver, hook_id=hook_id + "2", secret=SECRET))
    first, second = (arrival.headers["webhook-id"] for arrival in receiver.arrivals)
    assert first != second
    assert "." not in first
    for arrival in receiver.arrivals:
        assert "x-evil" not in arrival.headers
        Webhook(SECRET).verify(arrival.body, arrival.headers)


@pytest.mark.parametrize("hook_id", ["", "x" * 201, "ü" * 40, "\ud800"])
def test_a_message_without_a_short_id_is_refused(webhooks, receiver, hook_id):
    with pytest.raises(Invalid, match="id"):
        webhooks.post(hook(receiver, hook_id=hook_id))
    assert receiver.connections == 0


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"a": float("nan")}, Invalid),
        ({"a": {1, 2}}, Invalid),
        ({"a": "\ud800"}, Invalid),
        ({"a": "x" * (256 << 10)}, TooLarge),
        ({"a": "ü" * (128 << 10)}, TooLarge),
    ],
    ids=["nan", "set", "surrogate", "large", "large-as-sent"],
)
def test_what_is_no_body_is_refused_and_nothing_arrives(webhooks, receiver, body, kind):
    with pytest.raises(kind):
        webhooks.post(hook(receiver, body=body))
    assert receiver.connections == 0


def test_the_largest_body_arrives_whole(webhooks, receiver):
    body = {"a": "x" * ((256 << 10) - len('{"a":""}'))}
    webhooks.post(hook(receiver, body=body))
    assert json.loads(receiver.arrivals[0].body) == body


@pytest.mark.parametrize("code", [200, 201, 202, 204, 206, 299])
def test_a_message_that_was_taken_returns(webhooks, receiver, code):
    receiver.behaves = status(code)
    webhooks.post(hook(receiver))
    assert len(receiver.arrivals) == 1


@pytest.mark.parametrize("code", [408, 425, 429, 500, 502, 503, 504, 507, 520, 599])
def test_a_busy_receiver_is_asked_again_later(webhooks, receiver, code):
    receiver.behaves = status(code, "Retry-After: 86400")
    with pytest.raises(Unavailable, match=str(code)):
        webhooks.post(hook(receiver))
    assert receiver.connections == 1


@pytest.mark.parametrize("code", [101, 400, 401, 403, 404, 405, 410, 413, 415, 418, 422, 451, 499])
def test_a_refusal_is_for_good(webhooks, receiver, code):
    receiver.behaves = status(code)
    with pytest.raises(Invalid, match=str(code)):
        webhooks.post(hook(receiver))


@pytest.mark.parametrize("code", [300, 301, 302, 303, 304, 305, 307, 308])
def test_a_redirect_is_not_followed(webhooks, receiver, code):
    receiver.behaves = status(code, f"Location: https://127.0.0.1:{receiver.port}/elsewhere")
    with pytest.raises(Invalid, match="not followed"):
        webhooks.post(hook(receiver))
    assert receiver.connections == 1


def test_a_receiver_that_is_not_there_may_come_back(webhooks, receiver):
    receiver.close()
    with pytest.raises(Unavailable):
        webhooks.post(hook(receiver))


@pytest.mark.parametrize(
    "url",
    ["", "hooks.example.com", "https://192.168.0.1/", "https://[::1]/", "https://x.internal:25/"],
)
def test_where_no_message_may_go_is_known_before_one_is_sent(webhooks, url):
    with pytest.raises(Invalid):
        webhooks.check(url)
    with pytest.raises(Invalid):
        webhooks.post(Hook("1", url, BODY))


@pytest.mark.parametrize("url", ["https://hooks.example.com/in", "https://8.8.8.8:8443/"])
def test_where_messages_may_go_is_known_before_one_is_sent(webhooks, url):
    webhooks.check(url)
