"""The promises of shared.ports.Courier, read from what arrives."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import pytest

from shared.errors import Invalid, TooLarge
from shared.ports import Image, Mail

LEAVE = f"<https://suite.example/v1/unsubscribe?token={'eyJhbGciOi.J9-_' * 20}>"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9 + b"\r\n.\r\n"
CHART = Image("chart-0123456789abcdef@summary", PNG)
ODD_NAMES = (
    "",
    "a b",
    "a>\r\nBcc: eve@example.com",
    "ü",
    "a/../b",
    "<a>",
    "a" * 200,
    "a@b@c",
    "a\n",
)
PLAIN = Mail("weekly-shop-2025-W14", "ada@example.com", "Your week", "Spend rose.\n")


@pytest.fixture
def courier(family):
    return family.courier()


def received(courier):
    return [message_from_bytes(raw, policy=policy.default) for raw in courier.arrived()]


def content(part):
    return part.get_content().replace("\r\n", "\n")  # a line travels with CRLF at its end


def test_a_mail_arrives_as_it_was_written(courier, clock):
    courier.send(
        Mail(
            mail_id="weekly-shop-2025-W14",
            to='"Jörg Müller, CMO" <joerg@example.com>',
            subject="Ihre Woche: Umsatz +12 % – größter Sprung seit März " * 3,
            text="Grüße\n.\n..\nFrom here\n" + "lang " * 400 + "\n",
            html="<p>Grüße &amp; <b>Küsse</b>" + "<i>x</i>" * 400 + "</p>\n",
        )
    )
    (mail,) = received(courier)
    (to,) = mail["To"].addresses
    assert (to.display_name, to.addr_spec) == ("Jörg Müller, CMO", "joerg@example.com")
    assert str(mail["From"]) == "AIMS Möbel <aims@suite.example>"
    assert mail["Subject"] == "Ihre Woche: Umsatz +12 % – größter Sprung seit März " * 3
    assert mail["Message-ID"] == "<weekly-shop-2025-W14@suite.example>"
    assert mail["Date"].datetime == clock.now()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert content(text) == "Grüße\n.\n..\nFrom here\n" + "lang " * 400 + "\n"
    assert html.get_content_type() == "text/html"
    assert content(html) == "<p>Grüße &amp; <b>Küsse</b>" + "<i>x</i>" * 400 + "</p>\n"


def test_a_mail_without_html_is_plain_text(courier):
    courier.send(PLAIN)
    (mail,) = received(courier)
    assert (mail.get_content_type(), content(mail)) == ("text/plain", "Spend rose.\n")


def test_a_long_link_to_unsubscribe_arrives_untouched(courier):
    given = {"List-Unsubscribe": LEAVE, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    courier.send(Mail("m1", "ada@example.com", "Your week", "Hello\n", None, given))
    (raw,) = courier.arrived()
    assert f"\r\nList-Unsubscribe: {LEAVE}\r\n".encode() in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


def test_images_arrive_beside_the_html_that_shows_them(courier):
    shown = f'<p>Grüße</p><img src="cid:{CHART.name}" alt=""><img src="cid:second">\n'
    second = Image("second", PNG[::-1].join([PNG, b""]))
    given = {"List-Unsubscribe": LEAVE, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    courier.send(
        Mail("m1", "ada@example.com", "Your week", "Grüße\n", shown, given, (CHART, second))
    )
    (mail,) = received(courier)
    text, whole = mail.iter_parts()
    html, *images = whole.iter_parts()
    assert [part.get_content_type() for part in (mail, text, whole, html, *images)] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "image/png",
    ]
    assert whole.get_param("type") == "text/html"
    assert (content(text), content(html)) == ("Grüße\n", shown)
    assert [part.get_content() for part in images] == [CHART.png, second.png]
    assert [part["Content-ID"] for part in images] == [f"<{CHART.name}>", "<second>"]
    assert [part.get_content_disposition() for part in images] == ["inline", "inline"]
    (raw,) = courier.arrived()
    assert f"\r\nList-Unsubscribe: {LEAVE}\r\n".encode() in raw
    assert f"\r\nContent-ID: <{CHART.name}>\r\n".encode() in raw


def test_a_repeat_is_known_by_its_message_id(courier):
    courier.send(PLAIN)
    courier.send(PLAIN)
    assert {mail["Message-ID"] for mail in received(courier)} == {
        "<weekly-shop-2025-W14@suite.example>"
    }


@pytest.mark.parametrize("mail_id", ["../../etc/x", "a b", "über:1", "a.b.", "<x@y>", "CON/.."])
def test_an_odd_id_still_names_one_mail(courier, mail_id):
    courier.send(Mail(mail_id, "ada@example.com", "Your week", "Hello\n"))
    courier.send(Mail(mail_id + "!", "ada@example.com", "Your week", "Hello\n"))
    ids = {mail["Message-ID"] for mail in received(courier)}
    assert len(ids) == 2
    assert all(re.fullmatch(r"<[A-Za-z0-9_~%-]+@suite\.example>", one) for one in ids)


@pytest.mark.parametrize(
    "mail",
    [
        Mail("m", "nobody", "Hi", "x"),
        Mail("m", "ada@example.com, eve@example.com", "Hi", "x"),
        Mail("m", "ada@example.com\r\nBcc: eve@example.com", "Hi", "x"),
        Mail("m", "Ada\r\nBcc: eve@example.com <ada@example.com>", "Hi", "x"),
        Mail("m", "ada@example.com", "Hi\r\nBcc: eve@example.com", "x"),
        Mail("m", "ada@example.com", "Hi\x00", "x"),
        Mail("m", "ada@example.com", "Hi", "x", None, {"X-A": "1\r\nBcc: eve@example.com"}),
        Mail("m", "ada@example.com", "Hi", "x", None, {"X-A: 1\r\nBcc": "eve@example.com"}),
        Mail("m", "ada@example.com", "Hi", "x", None, {"Bcc": "eve@example.com"}),
        Mail("m", "ada@example.com", "Hi", "x", None, {"subject": "Other"}),
        Mail("m", "ada@example.com", "Hi", "x", None, {"X-A": "ü"}),
        Mail("m", "ada@example.com", "Hi", "x", None, {"X-A": "y" * 1000}),
        Mail("m", "ada@example.com", "Hi", "\ud800"),
        Mail("", "ada@example.com", "Hi", "x"),
        Mail("m" * 500, "ada@example.com", "Hi", "x"),
        *(
            Mail("m", "ada@example.com", "Hi", "x", "<p>", images=images)
            for images in (
                *((Image(name, PNG),) for name in ODD_NAMES),
                (Image("chart", b""),),
                (Image("chart", b"GIF89a"),),
                (Image("chart", b"<svg/>"),),
                (CHART, CHART),
                tuple(Image(f"chart-{n}", PNG) for n in range(11)),
            )
        ),
        Mail("m", "ada@example.com", "Hi", "x", images=(CHART,)),
        Mail("m", "ada@example.com", "Hi", "x", "<p>", {"Content-ID": "<chart>"}),
    ],
)
def test_what_is_no_mail_is_refused_and_nothing_arrives(courier, mail):
    with pytest.raises(Invalid):
        courier.send(mail)
    assert courier.arrived() == []


@pytest.mark.parametrize("text", ["x" * (1 << 20), "ü" * 400_000], ids=["long", "long-as-sent"])
def test_a_mail_beyond_a_mebibyte_is_too_large(courier, text):
    with pytest.raises(TooLarge):
        courier.send(Mail("m", "ada@example.com", "Hi", text))
    assert courier.arrived() == []


@pytest.mark.parametrize("size", [1 << 20, 800_000], ids=["large", "large-as-sent"])
def test_a_mail_with_an_image_beyond_a_mebibyte_is_too_large(courier, size):
    image = Image("chart", PNG + bytes(size))
    with pytest.raises(TooLarge):
        courier.send(Mail("m", "ada@example.com", "Hi", "x", "<p>", images=(image,)))
    assert courier.arrived() == []
