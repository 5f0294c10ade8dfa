"""One mail for each recipient and week; by the wishes of the moment; to members only."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import pytest

from shared.adapters.local.documents import SqliteDocuments
from shared.adapters.mail import SmtpCourier, SmtpServer
from shared.domain import outbox
from shared.domain.access import Caller
from shared.domain.people import remember
from shared.domain.summaries.delivering import WAITS, delivered
from shared.errors import Invalid, Unavailable
from shared.ports import Delete, Listing
from tests.servers.smtp import SmtpPost

from .conftest import ADDRESS, ANN, WEEK, HandClock, token_of
from .test_routing import EVE, quiet


def plain(mail) -> str:
    return mail.get_body(("plain",)).get_content().replace("\N{NO-BREAK SPACE}", " ")


def forget(bureau, *collections: str) -> None:
    """As if the time of all that is in there had run out."""
    for collection in collections:
        found = bureau.suite.documents.list(Listing(collection, limit=1000)).items
        bureau.suite.documents.commit(*(Delete(one.path) for one in found))


def test_a_mail_tells_the_week_in_text_and_html_with_its_chart(bureau):
    bureau.tell()
    [mail] = bureau.mails()
    shown = bureau.summary()
    assert mail["To"] == ANN
    assert mail["Subject"] == shown["narrative"]["subject"]
    assert shown["narrative"]["opening"].split()[0] in plain(mail)
    html = mail.get_body(("related", "html"))
    assert "cid:" in html.as_string()
    assert [part for part in mail.walk() if part.get_content_type() == "image/png"]


def test_a_mail_program_unsubscribes_with_one_click(bureau):
    bureau.tell()
    [sent] = bureau.post.sent
    url = sent.headers["List-Unsubscribe"]
    assert url.startswith(f"<{ADDRESS}/v1/unsubscribe?token=") and url.endswith(">")
    assert sent.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    folder = bureau.world.app.settings.data_dir / "mail"
    [raw] = [file.read_bytes() for file in folder.glob("*.eml")]
    assert f"List-Unsubscribe: {url}\r\n".encode() in raw


def test_an_order_that_comes_any_number_of_times_sends_one_mail(bureau):
    [order] = bureau.deliveries()
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: bureau.push("deliver", order), range(8)))
    assert set(statuses) <= {204, 503} and 204 in statuses
    assert bureau.push("deliver", order) == 204
    assert bureau.to() == [ANN]


def test_orders_in_any_order_send_one_mail_each(bureau):
    for number in range(5):
        bureau.joins(f"m{number}@example.com")
    orders = bureau.deliveries() * 3
    Random(1).shuffle(orders)
    for order in orders:
        bureau.push("deliver", order)
    assert bureau.to() == sorted([ANN, *(f"m{n}@example.com" for n in range(5))])


@pytest.mark.parametrize("lost", [("receipts",), ("claims", "receipts")])
def test_a_mail_that_was_sent_is_never_sent_again(bureau, lost):
    [order] = bureau.deliveries()
    assert bureau.push("deliver", order) == 204
    forget(bureau, "claims")
    for number in range(3):  # published again, long after: as itself, or under another id
        forget(bureau, *lost)
        again = {**order, "event_id": f"{order['event_id']}{':x' * number}"}
        assert bureau.push("deliver", again) == (204 if "claims" in lost or not number else 503)
    assert bureau.to() == [ANN]


def test_a_sender_that_dies_before_its_receipt_sends_the_same_mail_again_once(bureau):
    [order] = bureau.deliveries()
    delivered(bureau.suite, "shop", order["body"])  # and dies here
    assert bureau.push("deliver", order) == 503  # its claim still holds
    forget(bureau, "claims")
    assert [bureau.push("deliver", order) for _ in range(3)] == [204] * 3
    assert bureau.to() == [ANN, ANN]  # a mail server knows them by their Message-ID
    assert len(bureau.mails()) == 1


def test_who_died_before_sending_leaves_it_to_the_next(bureau):
    [order] = bureau.deliveries()
    bureau.post.fails[ANN] = Unavailable("The server is down.")
    assert [bureau.push("deliver", order) for _ in range(3)] == [503] * 3
    del bureau.post.fails[ANN]
    assert bureau.push("deliver", order) == 204
    assert bureau.to() == [ANN]


def test_one_recipient_who_fails_does_not_stop_the_others(bureau):
    for name in ("bob", "eve"):
        bureau.joins(f"{name}@example.com")
    bureau.post.fails = {ANN: Invalid("No such mailbox."), "bob@example.com": Unavailable("Later.")}
    statuses = {o["body"]["uid"]: bureau.push("deliver", o) for o in bureau.deliveries()}
    assert statuses == {ANN: 204, "bob@example.com": 503, EVE: 204}
    assert bureau.to() == [EVE]
    assert [f["error"] for f in bureau.failures()] == ["invalid-input"]


def left(bureau):
    path = f"/v1/projects/shop/members/{EVE}"
    assert bureau.ann.call("DELETE", path).status_code == 204


def no_data(bureau):
    path = f"projects/shop/insights/weekly-summary-{WEEK}"
    bureau.suite.documents.update(path, lambda held: {**held, "status": "no_data"})


MEANWHILE = {
    "left the project": left,
    "switched summaries off": lambda b: b.prefers(EVE, marketing_summaries=False),
    "muted the project": lambda b: b.prefers(EVE, muted_projects=["shop"]),
    "lost the address": lambda b: remember(b.suite, Caller("u2", EVE)),
    "there is no data any more": no_data,
    "the summary is gone": lambda b: b.suite.documents.commit(
        Delete(f"projects/shop/insights/weekly-summary-{WEEK}")
    ),
}


@pytest.mark.parametrize("change", MEANWHILE.values(), ids=MEANWHILE)
def test_what_is_no_longer_wanted_is_acknowledged_and_not_sent(bureau, change):
    bureau.joins(EVE)
    [order] = [o for o in bureau.deliveries() if o["body"]["uid"] == EVE]
    change(bureau)
    assert bureau.push("deliver", order) == 204
    assert (bureau.to(), bureau.failures()) == ([], [])


def test_the_address_is_the_one_of_the_moment(bureau):
    remember(bureau.suite, Caller("u1", "old@example.com"))
    bureau.ann.post("/v1/projects/shop/members", {"uid": "u1", "role": "viewer"})
    [order] = [o for o in bureau.deliveries() if o["body"]["uid"] == "u1"]
    remember(bureau.suite, Caller("u1", "new@example.com"))
    assert bureau.push("deliver", order) == 204
    assert bureau.to() == ["new@example.com"]


def test_an_order_that_comes_inside_the_quiet_hours_is_put_off_once(bureau):
    [order] = bureau.deliveries()
    bureau.prefers(ANN, **quiet(bureau, -1, 2))
    assert [bureau.push("deliver", order) for _ in range(2)] == [204, 204]
    assert (bureau.to(), len(bureau.outbox())) == ([], 1)
    bureau.clock.at += timedelta(hours=3)
    forget(bureau, "claims")
    assert outbox.relay(bureau.suite) == 1
    bureau.drain()
    assert bureau.to() == [ANN]


# What somebody chose, and what the project has
LOCALES = [(None, "en-GB"), ("de-DE", "en-GB"), ("en-GB", "de-DE"), ("de-DE", "de-DE")]


@pytest.mark.parametrize(("own", "projects"), LOCALES)
def test_a_recipient_reads_figures_as_they_write_them(bureau, own, projects):
    edit = bureau.ann.call("PATCH", "/v1/projects/shop", json={"locale": projects})
    assert edit.status_code == 200
    bureau.prefers(ANN, locale=own)
    bureau.tell()
    [mail] = bureau.mails()
    figures = bureau.summary()["facts"]["figures"]
    [revenue] = [f["value"] for f in figures if f["metric"] == "revenue"]
    english = f"{revenue:,.0f}"
    german = english.translate(str.maketrans(",.", ".,"))
    wanted, other = (german, english) if (own or projects) == "de-DE" else (english, german)
    assert wanted in plain(mail)
    assert other not in plain(mail)


def test_without_a_public_address_a_mail_has_no_links(bureaus):
    bureau = bureaus()
    bureau.loads()
    bureau.tell()
    [sent] = bureau.post.sent
    assert "List-Unsubscribe" not in sent.headers
    assert "unsubscribe?" not in sent.text + (sent.html or "")


def loses_its_keys(bureau, *keys: str) -> None:
    (bureau.world.app.settings.data_dir / "secrets" / "unsubscribe-key").unlink()
    if keys:
        bureau.keys(*keys)


def complaints(bureau, severity: str) -> list[str]:
    mine = "shared.domain.summaries."
    lines = [line for line in bureau.world.logged() if line["severity"] == severity]
    return [line["message"] for line in lines if line.get("logger", "").startswith(mine)]


def an_hour_passes(bureau) -> int:
    """What was put off comes due, and is delivered; how much that was."""
    bureau.clock.at += timedelta(hours=1, minutes=1)
    relayed = outbox.relay(bureau.suite)
    bureau.drain()
    return relayed


@pytest.mark.parametrize("keys", [(), ("short",), ("",), ("k" * 31, "short")])
def test_without_a_key_mail_waits_for_the_operator_from_hour_to_hour(bureau, keys):
    [order] = bureau.deliveries()
    loses_its_keys(bureau, *keys)
    assert [bureau.push("deliver", order) for _ in range(2)] == [204, 204]
    assert (bureau.to(), len(bureau.outbox())) == ([], 1)
    assert complaints(bureau, "ERROR") == [WAITS]
    assert [an_hour_passes(bureau) for _ in range(3)] == [1, 1, 1]
    assert (bureau.to(), complaints(bureau, "ERROR")) == ([], [WAITS] * 4)
    bureau.keys("k" * 32)
    assert an_hour_passes(bureau) == 1
    assert (bureau.to(), bureau.outbox(), bureau.failures()) == ([ANN], [], [])
    assert an_hour_passes(bureau) == 0


def test_mail_that_waited_three_days_for_a_key_is_kept_as_a_failure(bureau):
    [order] = bureau.deliveries()
    begun = bureau.clock.at
    loses_its_keys(bureau)
    assert bureau.push("deliver", order) == 204
    while bureau.outbox():
        assert bureau.failures() == []
        assert an_hour_passes(bureau) == 1
    assert timedelta(days=3) <= bureau.clock.at - begun < timedelta(days=3, hours=2)
    [failure] = bureau.failures()
    assert failure["error"] == "conflict"
    assert "An operator must store the secret unsubscribe-key" in failure["detail"]
    bureau.keys("k" * 32)
    kept = json.loads(base64.b64decode(json.loads(failure["push"])["message"]["data"]))
    assert bureau.push("deliver", kept) == 204  # published again by hand
    assert bureau.to() == [ANN]


def test_what_waits_for_a_key_is_by_then_as_wanted_as_anything_else(bureau):
    [order] = bureau.deliveries()
    loses_its_keys(bureau)
    assert bureau.push("deliver", order) == 204
    bureau.prefers(ANN, marketing_summaries=False)
    bureau.keys("k" * 32)
    assert an_hour_passes(bureau) == 1
    assert (bureau.to(), bureau.outbox()) == ([], [])


@pytest.mark.parametrize("keys", [("k" * 32, "short"), ("short", "k" * 32)])
def test_a_line_that_is_no_key_is_in_no_other_s_way(bureau, keys):
    bureau.keys(*keys)
    bureau.tell()
    assert bureau.to() == [ANN]
    [line] = complaints(bureau, "WARNING")
    assert "unsubscribe-key" in line and "too short" in line
    assert not [key for key in keys if key in bureau.world.log.getvalue().replace("too short", "")]


def test_a_mail_of_a_week_that_is_long_over_is_sent_to_nobody(bureau):
    [order] = bureau.deliveries()
    bureau.clock.at += timedelta(days=28)
    assert bureau.push("deliver", order) == 204
    assert (bureau.to(), bureau.outbox(), bureau.failures()) == ([], [], [])


def test_who_has_had_a_summary_is_known_for_four_hundred_days(bureau):
    bureau.tell()
    marks = Listing("projects/shop/sent_summaries")
    for days, known in ((399, 1), (400, 0)):
        later = SqliteDocuments(bureau.file, HandClock(bureau.clock.at + timedelta(days=days)))
        found = later.list(marks).items
        later.close()
        assert len(found) == known


@pytest.fixture
def served(bureau):
    """A mail server between the suite and its readers."""
    server = SmtpPost(starttls=False, auth=False).start()
    where = SmtpServer("127.0.0.1", server.port, "", "aims@suite.example", deadline_s=2)
    bureau.post.courier = SmtpCourier(where, lambda: "", bureau.clock)
    yield server
    server.close()


# What the server says for good → what is kept
REFUSED = [
    ({"RCPT": "550 No such user"}, "invalid-input"),
    ({"DATA": "554 Looks like spam"}, "invalid-input"),
    ({"DATA": "552 Too big"}, "too-large"),
]


@pytest.mark.parametrize(("says", "error"), REFUSED)
def test_a_mail_that_the_server_refuses_is_kept_as_a_failure_and_not_tried_again(
    bureau, served, says, error
):
    [order] = bureau.deliveries()
    served.says = says
    assert bureau.push("deliver", order) == 204
    assert [f["error"] for f in bureau.failures()] == [error]
    assert (served.taken, bureau.outbox()) == ([], [])
    assert "@" not in bureau.failures()[0]["detail"]


# Where the server is busy, or hangs up
LATER = [
    {"says": {"RCPT": "450 Greylisted"}},
    {"says": {"MAIL": "421 Closing"}},
    {"hangs_up": {"MAIL"}},
    {"hangs_up": {"RCPT"}},
    {"hangs_up": {"DATA"}},
]


@pytest.mark.parametrize("how", LATER, ids=str)
def test_a_mail_whose_connection_is_lost_is_sent_once_when_it_is_tried_again(bureau, served, how):
    [order] = bureau.deliveries()
    for name, value in how.items():
        setattr(served, name, value)
    assert [bureau.push("deliver", order) for _ in range(2)] == [503, 503]
    assert (served.taken, bureau.failures()) == ([], [])
    served.says, served.hangs_up = {}, set()
    assert [bureau.push("deliver", order) for _ in range(2)] == [204, 204]
    [mail] = served.taken
    assert mail.recipients == [ANN]
    assert b"List-Unsubscribe: <" in mail.raw


def test_a_link_is_the_recipient_s_own(bureau):
    bureau.joins(EVE)
    bureau.tell()
    tokens = {mail.to: token_of(mail) for mail in bureau.post.sent}
    assert tokens[ANN] != tokens[EVE]


@pytest.mark.parametrize(
    "body", [{}, {"uid": 1}, {"uid": ANN}, {"uid": ANN, "week": "soon"}, {"uid": "\ud800"}]
)
def test_a_message_that_says_nothing_is_kept_as_a_failure(bureau, body):
    message = {**bureau.order(), "type": "DeliverSummary", "body": body}
    assert bureau.push("deliver", message) == 204
    assert [f["error"] for f in bureau.failures()] == ["malformed-request"]


def test_messages_hold_no_address(bureau):
    remember(bureau.suite, Caller("u1", EVE))
    bureau.ann.post("/v1/projects/shop/members", {"uid": "u1", "role": "viewer"})
    [order] = [o for o in bureau.deliveries() if o["body"]["uid"] == "u1"]
    assert EVE not in str(order)
