"""Promises of delivery: exactly once, by the preferences of that moment, to members only."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from shared.domain import outbox
from shared.domain.access import Caller
from shared.domain.notifications.deliver import delivered
from shared.domain.people import remember
from shared.ports import Delete, Listing
from tests.servers.webhook import status

from .conftest import SECRET, hook, quiet

ANN = "ann@example.com"


def orders(office, *anomalies: str) -> list[dict]:
    """The orders to deliver that a scan leads to, not yet carried out."""
    assert office.push("notify", office.found("shop", *anomalies)) == 204
    messages = office.claim()
    for message in messages:
        message.pop("topic")
    return messages


def test_a_mail_tells_what_happened_in_text_and_html(office):
    office.record(anomaly="a2", severity="critical")
    office.tell("shop", "a1", "a2", a2="escalated")
    (mail,) = office.mails()
    assert mail["To"] == ANN
    assert mail["Subject"] == "2 anomalies in Demo shop: CTR of IG_Influencer fell 8 %"
    assert mail["List-Id"] is None  # this is no mailing list
    for kind in ("plain", "html"):
        content = mail.get_body((kind,)).get_content()
        content = content.replace("\N{NO-BREAK SPACE}", " ")
        for words in (
            "2 anomalies in Demo shop",
            "CTR of IG_Influencer fell 8 %",
            "CTR was 2.3 % instead of 2.5 %",
            "€1,234.50",
            "25–31 March 2025",
            "was a warning",
            "Demo shop",
            "/v1/me/preferences",
        ):
            assert words in content, (kind, words)


def test_a_mail_asks_nothing_of_the_network(office):
    office.tell()
    html = office.mails()[0].get_body(("html",)).get_content()
    assert not [
        part for part in ("<img", "<link", "<script", "href=", "url(", "http") if part in html
    ]


def test_more_than_twenty_are_counted(office):
    names = [f"b{n:02}" for n in range(23)]
    for name in names:
        office.record(anomaly=name)
    office.tell("shop", *names)
    (mail,) = office.mails()
    assert mail["Subject"].startswith("23 anomalies in Demo shop: ")
    assert "and 3 more" in mail.get_body(("plain",)).get_content()


HOSTILE = [
    "<script>alert(1)</script>",
    "Brand\r\nBcc: eve@example.com",
    "Brand\nX: y\u2028z\u0085",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "<!channel> <https://evil.example|click> & *bold*",
    "\u202eevil\u202c",
    "=?utf-8?b?eA==?=",
    "x" * 5000,
    "\x00\x07",
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_only_a_name(office, receiver, name):
    office.record(campaign=name, headline=f"CTR of {name} fell", explanation=f"It was {name}.")
    office.prefers(ANN, **hook(receiver, format="slack"))
    office.prefers(ANN, anomalies={"email": True})
    office.tell()
    (mail,) = office.mails()
    assert (mail["Bcc"], mail["X"], len(mail.get_all("Subject"))) == (None, None, 1)
    assert mail["Subject"].isprintable() and len(mail["Subject"]) <= 150
    html = mail.get_body(("html",)).get_content()
    assert "<script" not in html and "<img" not in html and "49" not in html
    text = mail.get_body(("plain",)).get_content()
    assert "\u202e" not in text and "\x00" not in text and "\u2028" not in text
    assert_slack(json.loads(receiver.arrivals[0].body))
    assert office.failures() == []


def assert_slack(message: dict) -> None:
    """What Slack takes: https://docs.slack.dev/reference/block-kit/blocks."""
    assert 1 <= len(message["blocks"]) <= 45
    header, *rest = message["blocks"]
    assert header["type"] == "header" and len(header["text"]["text"]) <= 150
    for block in rest:
        texts = [block["text"]] if block["type"] == "section" else block["elements"]
        for text in texts:
            assert text["type"] == "mrkdwn" and text["verbatim"] and len(text["text"]) <= 3000
            assert "<" not in text["text"] and ">" not in text["text"]
    assert "<" not in message["text"] and len(message["text"]) <= 4000


def test_a_slack_message_of_many_keeps_slacks_bounds(office, receiver):
    names = [f"b{n:02}" for n in range(60)]
    for name in names:
        office.record(anomaly=name, headline="&<>" * 100, explanation="&" * 5000)
    office.prefers(ANN, **hook(receiver, format="slack"))
    office.tell("shop", *names)
    (arrival,) = receiver.arrivals
    assert_slack(json.loads(arrival.body))


def test_a_json_message_is_signed_and_complete(office, receiver):
    office.prefers(ANN, **hook(receiver))
    office.tell()
    (arrival,) = receiver.arrivals
    key = base64.b64encode(SECRET.encode()).decode()
    now = office.suite.clock.now().timestamp()
    assert abs(float(arrival.headers["webhook-timestamp"]) - now) < 60
    signed = Webhook(key).sign(
        arrival.headers["webhook-id"],
        datetime.fromtimestamp(int(arrival.headers["webhook-timestamp"]), UTC),
        arrival.body.decode(),
    )
    assert arrival.headers["webhook-signature"] == signed
    message = json.loads(arrival.body)
    created = message.pop("created_at")
    assert datetime.fromisoformat(created).tzinfo is not None
    (entry,) = office.inbox(ANN)
    assert message == {
        "type": "marketing_anomaly",
        "id": entry["id"],
        "project": {"id": "shop", "name": "Demo shop"},
        "title": "1 anomaly in Demo shop: CTR of IG_Influencer fell 8 %",
        "anomalies": [
            {
                "id": "a1",
                "why": "opened",
                "severity": "warning",
                "headline": "CTR of IG_Influencer fell 8 %",
                "explanation": "CTR was 2.3 % instead of 2.5 %, which cost about €1,234.50.",
                "channel": "meta",
                "campaign_id": "c1",
                "campaign": "IG_Influencer",
                "metric": "ctr",
                "kind": "gradual",
                "direction": "drop",
                "window": {"start": "2025-03-25", "end": "2025-03-31"},
                "current_value": 0.023,
                "baseline_value": 0.025,
                "deviation_pct": -8.0,
                "impact": {"amount": 1234.5, "currency": "EUR"},
            }
        ],
        "more": 0,
    }


def test_many_deliveries_of_one_order_at_once_send_one_mail_and_one_message(office, receiver):
    def slowly(receiver, line):
        receiver.closing.wait(0.3)
        line.sendall(status(200, "Content-Length: 0"))

    receiver.behaves = slowly
    office.prefers(ANN, **hook(receiver))
    office.prefers(ANN, anomalies={"email": True})
    for order in orders(office):
        with ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(lambda _, o=order: office.push("deliver", o), range(8)))
        assert set(statuses) <= {204, 503}
        assert 204 in statuses
        assert office.push("deliver", order) == 204
    assert (len(receiver.arrivals), len(office.mails())) == (1, 1)


def test_a_sender_that_dies_before_its_receipt_does_not_let_others_send_at_once(office):
    (order,) = orders(office)
    assert delivered(office.suite, "shop", order["body"]) == []
    assert [office.push("deliver", order) for _ in range(2)] == [503, 503]
    first = office.mails()[0]["Message-ID"]
    claims = office.suite.documents.list(Listing("claims")).items
    office.suite.documents.commit(*(Delete(claim.path) for claim in claims))  # as they run out
    assert office.push("deliver", order) == 204
    assert [mail["Message-ID"] for mail in office.mails()] == [first]


@pytest.mark.parametrize(("seconds", "status"), [(15, 503), (50, 204)])
def test_what_a_crash_left_behind_is_sent_again_before_the_attempts_run_out(
    office, seconds, status
):
    (order,) = orders(office)
    office.later(seconds=-seconds)  # the store's own clock stays
    assert delivered(office.suite, "shop", order["body"]) == []
    office.later(seconds=seconds)
    assert office.push("deliver", order) == status


def test_a_repeat_at_the_start_of_quiet_hours_puts_off_nothing_that_is_being_sent(office, receiver):
    repeated = []

    def meanwhile(_, line):
        office.prefers(ANN, quiet_hours=quiet(office))
        repeated.append(office.push("deliver", order))
        line.sendall(status(200))

    receiver.behaves = meanwhile
    office.prefers(ANN, **hook(receiver))
    (order,) = orders(office)
    assert [office.push("deliver", order) for _ in range(2)] == [204, 204]
    assert (repeated, len(receiver.arrivals), office.outbox()) == ([503], 1, [])


def left(office):
    office.world.person(ANN).opens("other")
    assert (
        office.world.person(ANN)
        .call("DELETE", "/v1/projects/shop/members/eve@example.com")
        .status_code
        == 204
    )


MEANWHILE = {
    "left the project": left,
    "switched it off": lambda o: o.prefers("eve@example.com", anomalies={"email": False}),
    "muted the project": lambda o: o.prefers("eve@example.com", muted_projects=["shop"]),
    "wants critical ones only": lambda o: o.prefers(
        "eve@example.com", anomalies={"least_severity": "critical"}
    ),
    "it is over": lambda o: o.record(
        is_resolved=True, resolved_at=datetime(2025, 4, 1, 7, tzinfo=UTC)
    ),
}


@pytest.mark.parametrize("change", MEANWHILE.values(), ids=MEANWHILE)
def test_what_is_no_longer_wanted_is_acknowledged_and_not_sent(office, change):
    office.joins("eve@example.com")
    pending = [o for o in orders(office) if o["body"]["uid"] == "eve@example.com"]
    assert len(pending) == 1
    change(office)
    assert office.push("deliver", pending[0]) == 204
    assert office.mails("eve@example.com") == []
    assert office.failures() == []


def test_an_address_that_went_to_somebody_else_opens_no_door(office):
    remember(office.suite, Caller("u1", "eve@example.com"))
    new = {"email": "eve@example.com", "role": "viewer"}
    office.world.person(ANN).post("/v1/projects/shop/members", new)
    pending = [o for o in orders(office) if o["body"]["uid"] == "u1"]
    remember(office.suite, Caller("u2", "eve@example.com"))
    assert [office.push("deliver", o) for o in pending] == [204]
    assert office.mails("eve@example.com") == []


@pytest.mark.parametrize("invited", [False, True])
@pytest.mark.parametrize("ordered", [False, True], ids=["before the order", "after it"])
def test_no_mail_goes_to_an_address_that_another_account_has_proved(office, invited, ordered):
    remember(office.suite, Caller("u1", "eve@example.com"))
    names = [{"uid": "u1"}, *([{"email": "eve@example.com"}] if invited else [])]
    for name in names:
        office.world.person(ANN).post("/v1/projects/shop/members", {**name, "role": "viewer"})
    if ordered:
        pending = orders(office)
        remember(office.suite, Caller("u2", "eve@example.com"))
        assert {office.push("deliver", o) for o in pending} == {204}
        assert [mail["To"] for mail in office.mails()] == [ANN]
    else:
        remember(office.suite, Caller("u2", "eve@example.com"))
        office.tell()
        assert len(office.mails("eve@example.com")) == invited
    assert len(office.suite.documents.list(Listing("users/u1/notifications")).items) == 1
    assert office.failures() == []


def test_the_address_is_the_one_of_the_moment(office):
    remember(office.suite, Caller("u1", "old@example.com"))
    new = {"uid": "u1", "role": "viewer"}
    office.world.person(ANN).post("/v1/projects/shop/members", new)
    pending = [o for o in orders(office) if o["body"]["uid"] == "u1"]
    remember(office.suite, Caller("u1", "new@example.com"))
    assert [office.push("deliver", o) for o in pending] == [204]
    assert [mail["To"] for mail in office.mails()] == ["new@example.com"]


def test_who_has_no_address_gets_no_mail_and_that_is_no_error(office):
    remember(office.suite, Caller("u1"))
    new = {"uid": "u1", "role": "viewer"}
    office.world.person(ANN).post("/v1/projects/shop/members", new)
    office.tell()
    assert [mail["To"] for mail in office.mails()] == [ANN]
    assert len(office.suite.documents.list(Listing("users/u1/notifications")).items) == 1
    assert office.failures() == []


def test_after_the_quiet_hours_it_is_sent_once(office):
    office.prefers(ANN, quiet_hours=quiet(office))
    office.tell()
    assert (office.mails(), len(office.inbox(ANN))) == ([], 1)
    office.later(hours=1)
    assert outbox.relay(office.suite) == 0
    office.later(hours=2)
    assert outbox.relay(office.suite) == 1
    office.drain()
    assert (len(office.mails()), office.outbox()) == (1, [])


def test_an_order_that_comes_inside_the_quiet_hours_is_put_off(office):
    (order,) = orders(office)
    office.prefers(ANN, quiet_hours=quiet(office))
    assert [office.push("deliver", order) for _ in range(2)] == [204, 204]
    assert (office.mails(), len(office.outbox())) == ([], 1)
    office.later(hours=3)
    assert outbox.relay(office.suite) == 1
    office.drain()
    assert len(office.mails()) == 1


RETRIED = [status(503), status(429), status(500), b""]


@pytest.mark.parametrize("answer", RETRIED, ids=["503", "429", "500", "hangs up"])
def test_a_webhook_that_fails_is_tried_again_and_then_sent_once(office, receiver, answer):
    receiver.behaves = answer
    office.prefers(ANN, **hook(receiver))
    (order,) = orders(office)
    assert office.push("deliver", order) == 503
    receiver.behaves = status(200)
    assert [office.push("deliver", order) for _ in range(2)] == [204, 204]
    assert len(receiver.arrivals) == 2
    assert len({a.headers["webhook-id"] for a in receiver.arrivals}) == 1
    assert office.failures() == []


@pytest.mark.parametrize("code", [301, 400, 401, 404, 410])
def test_a_webhook_that_refuses_for_good_is_kept_and_its_owner_told(office, receiver, code):
    receiver.behaves = status(code, "Location: http://127.0.0.1:9/")
    office.prefers(ANN, **hook(receiver))
    office.tell()
    assert [f["error"] for f in office.failures()] == ["invalid-input"]
    told = [e for e in office.inbox(ANN) if e["type"] == "webhook_failed"]
    assert len(told) == 1
    assert f"http://127.0.0.1:{receiver.port}/…" in told[0]["title"]
    assert "hidden" not in str(told) and SECRET not in str(told)
    assert "PATCH /v1/me/preferences" in told[0]["text"]


def test_a_failing_webhook_is_reported_once_a_day(office, receiver):
    receiver.behaves = status(404)
    office.prefers(ANN, **hook(receiver))
    for scan in ("scan-1", "scan-2"):
        office.tell(scan=scan)
    office.later(days=1)
    office.tell(scan="scan-3")
    told = [e for e in office.inbox(ANN) if e["type"] == "webhook_failed"]
    assert (len(receiver.arrivals), len(told)) == (3, 2)


# When it is tried, whether it was put off until shortly before, and who hears of it
LATE = [
    ({"minutes": 29}, False, 0),
    ({"minutes": 31}, False, 1),
    ({"hours": 2, "minutes": 2}, False, 1),
    ({"hours": 2, "minutes": 2}, True, 0),
    ({"hours": 2, "minutes": 40}, True, 1),
]


@pytest.mark.parametrize(("after", "put_off", "complaints"), LATE)
def test_a_webhook_that_stays_out_of_reach_is_reported_and_still_tried(
    office, receiver, after, put_off, complaints
):
    receiver.behaves = status(503)
    office.prefers(ANN, **hook(receiver), quiet_hours=quiet(office) if put_off else None)
    office.push("notify", office.found())
    office.later(**after)
    assert outbox.relay(office.suite) == put_off
    (order,) = office.claim()
    assert [office.push("deliver", order) for _ in range(2)] == [503, 503]
    told = [e for e in office.inbox(ANN) if e["type"] == "webhook_failed"]
    assert len(told) == complaints
    receiver.behaves = status(200)
    assert office.push("deliver", order) == 204
    assert office.failures() == []


def test_mail_that_cannot_be_written_is_tried_again(office):
    (order,) = orders(office)
    name = order["event_id"].removeprefix("delivery:").replace(":", "-")
    in_the_way = office.world.app.settings.data_dir / "mail" / f"{name}.eml"
    in_the_way.mkdir(parents=True)
    assert office.push("deliver", order) == 503
    in_the_way.rmdir()
    assert office.push("deliver", order) == 204
    assert len(office.mails()) == 1


def test_a_broken_order_is_kept(office):
    (order,) = orders(office)
    notice = order["body"]["notice"]
    for body in (
        {},
        {**order["body"], "channel": "pigeon"},
        {**order["body"], "uid": "\ud800"},
        {**order["body"], "notice": {**notice, "created_at": "2025-04-01T06:00:00"}},
        {**order["body"], "notice": {**notice, "project": "\ud800"}},
        {**order["body"], "notice": {**notice, "items": []}},
        {**order["body"], "notice": {**notice, "project_id": "bakery"}},
    ):
        assert office.push("deliver", {**order, "body": body}) == 204
    assert len(office.failures()) == 7
    assert office.mails() == []
