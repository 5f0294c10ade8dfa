"""A message as bytes: what a mail server reads, whatever the mail says."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.mail import message
from shared.errors import Invalid
from shared.ports import Image, Mail

AT = datetime(2025, 4, 1, 8, 30, tzinfo=UTC)
SENDER = "AIMS <aims@suite.example>"

a_line = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200)
a_text = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r"), max_size=500)
an_atom = st.text(
    "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=64
)


def as_sent(mail, sender=SENDER):
    return bytes(message(mail, sender, AT))


def read(raw):
    return message_from_bytes(raw, policy=policy.default)


@given(subject=a_line, text=a_text, html=st.none() | a_text)
def test_any_subject_and_text_survive_the_road(subject, text, html):
    raw = as_sent(Mail("m", "ada@example.com", subject, text, html))
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert raw.count(b"\n") == raw.count(b"\r\n")
    mail = read(raw)
    assert mail["Subject"].split() == subject.split()
    bodies = list(mail.iter_parts()) or [mail]
    for said, part in zip([text, html], bodies, strict=False):
        ended = said if said.endswith("\n") else said + "\n"
        assert part.get_content().splitlines() == ended.splitlines()


@given(local=an_atom, name=a_line.filter(lambda n: not set(n) & set('<>"')))
def test_any_address_with_any_name_stays_one_address(local, name):
    raw = as_sent(Mail("m", f'"{name}" <{local}@shop.example>', "Hi", "x"))
    # Read by the plain parts: the library's newer reader puts a blank between encoded-words.
    written, to = parseaddr(message_from_bytes(raw)["To"])
    assert to == f"{local}@shop.example"
    assert str(make_header(decode_header(written))).split() == name.split()


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "ada", "@example.com", "ada@", "ada@-x.com", "ada@example..com", "ada@[127.0.0.1]",
        "a da@example.com", ".ada@example.com", "ada.@example.com", "a..da@example.com",
        "ada@example.com>", "<ada@example.com", "<ada@example.com> <eve@example.com>",
        "ada@example.com,eve@example.com", "ada@exämple.com", "ädä@example.com",
        '"a b"@example.com', "a" * 400 + "@example.com", "\t" * 100_000 + "<", '"' * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_for_both_ends(text):
    with pytest.raises(Invalid):
        as_sent(Mail("m", text, "Hi", "x"))
    with pytest.raises(Invalid):
        as_sent(Mail("m", "ada@example.com", "Hi", "x"), sender=text)


@pytest.mark.parametrize(
    "value",
    ["a  b", "=?utf-8?q?x?=", "<https://x.example/a?b=c&d=%20>, <mailto:a@b.example>", "(c)"],
)
def test_a_given_header_is_written_byte_for_byte(value):
    raw = as_sent(Mail("m", "ada@example.com", "Hi", "x", None, {"X-Given": value}))
    assert f"\r\nX-Given: {value}\r\n".encode() in raw


def test_no_encoded_word_is_longer_than_mail_allows():
    raw = as_sent(Mail("m", "ada@example.com", "überall " * 60, "x"))
    assert max(len(word) for word in raw.split() if word.startswith(b"=?")) <= 75


def test_a_long_id_is_not_folded():
    raw = as_sent(Mail("m" * 190, "ada@example.com", "Hi", "x"))
    assert f"\r\nMessage-ID: <{'m' * 190}@suite.example>\r\n".encode() in raw


def test_the_name_of_an_image_is_not_folded():
    name = f"{'c' * 40}@{'d' * 40}.{'e' * 40}"
    image = Image(name, b"\x89PNG\r\n\x1a\n")
    raw = as_sent(Mail("m", "ada@example.com", "Hi", "x", "<p>", images=(image,)))
    assert f"\r\nContent-ID: <{name}>\r\n".encode() in raw


@given(pictures=st.lists(st.binary(max_size=300), max_size=4), html=a_text)
def test_any_images_survive_the_road(pictures, html):
    images = tuple(Image(f"i{n}", b"\x89PNG\r\n\x1a\n" + p) for n, p in enumerate(pictures))
    raw = as_sent(Mail("m", "ada@example.com", "Hi", "x", html, images=images))
    assert raw.count(b"\n") == raw.count(b"\r\n")
    found = [part for part in read(raw).walk() if part.get_content_type() == "image/png"]
    assert [part.get_content() for part in found] == [image.png for image in images]
