"""Personal data is found, and what only looks like it is not.

https://support.google.com/analytics/answer/6366371; numbers as E.164, the North American Numbering
Plan and national authorities write them.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest

from shared.domain.utm.pii import personal

MAILS = [
    "jane@example.com",
    "jane.doe+news@sub.example.co.uk",
    "JANE@EXAMPLE.COM",
    "o'neil@example.org",
    "user_name-1@ex-ample.travel",
    "müller@bücher.de",
    "<jane@example.com>",
    "x jane@example.com y",
    "mailto:jane@example.com",
]


@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize("rounds", range(4))
def test_a_mail_address_is_found_raw_and_encoded_again_and_again(mail, rounds):
    for _ in range(rounds):
        mail = quote(mail, safe="")
    assert personal("q", mail) == "an e-mail address"


@pytest.mark.parametrize(
    "text",
    [
        "@user",
        "user@",
        "user@localhost",
        "logo@2x.png",
        "a@b",
        "@example.com",
        "price@ 5.00",
        "foo@1.2",
        "npm-package@1.2.3",
        "%40",
        "100%",
        "spring_sale",
    ],
)
def test_an_at_sign_alone_is_no_mail_address(text):
    assert personal("q", text) is None


PHONES = [
    "+4915123456789",
    "+49 151 23456789",
    "+49 (0)30 1234567",
    "+1 (555) 234-5678",
    "+1-212-555-0123",
    "+44 20 7946 0958",
    "+33 6 12 34 56 78",
    "%2B4915123456789",
    "%252B4915123456789",
    "call+%2B4915123456789",
    "call +49 151 23456789 now",
    "tel:+4915123456789",
    "(212) 555-0123",
    "212-555-0123",
    "212.555.0123",
    "1-800-234-5678",
    "0151 234 56789",
    "030/1234 5678",
    "020 7946 0958",
    "01 23 45 67 89",
    "0049 151 2345678",
]


@pytest.mark.parametrize("text", PHONES)
def test_a_phone_number_is_found(text):
    assert personal("q", text) == "a phone number"


@pytest.mark.parametrize("name", ["phone", "tel", "user_phone", "Mobile", "phone_number", "msisdn"])
def test_digits_in_a_parameter_for_phones_are_a_phone_number(name):
    assert personal(name, "015123456789") == "a phone number"


@pytest.mark.parametrize(
    "text",
    [
        "1700000000",
        "1700000000123",
        "015123456789",
        "20250301",
        "2025-03-01",
        "2025-03-01T10:00:00+0100",
        "01.03.2025",
        "01-03-2025-0930",
        "2025_03_01_09_30",
        "120210000000000001",
        "123-456-7890",
        "1234567890.1700000000",
        "fb.1.1596403881668.1116446470",
        "GA1.2.1234567890.1700000000",
        "978-3-16-148410-0",
        "192.168.100.200",
        "4.12.0-rc.1",
        "52.520008,13.404954",
        "550e8400-e29b-41d4-a716-446655440000",
        "CjwKCAiA0ZC9BhBfEiwA-212-555-0123x",
        "shoes+12345678901",
        "a+b+123456789012",
        "50%+off+2025+2026+2027",
        "black_friday_2025",
        "v2-0001-0002-0003",
        "EAN4006381333931",
        "0",
    ],
)
def test_ids_dates_and_timestamps_are_no_phone_numbers(text):
    assert personal("q", text) is None


def test_a_click_id_is_never_taken_for_personal_data():
    from shared.domain.utm.build import build
    from shared.domain.utm.conventions import Rules
    from tests.unit.utm.cases import PLAIN

    assert build("https://e.com/?gclid=212-555-0123&fbclid=+4915123456789", PLAIN, Rules()).url


@pytest.mark.parametrize(
    "unit", ["a", "@", "a@", "a.", "@a.", "%40", "+1", "0 ", "0-", "1 ", "-a@a-"]
)
def test_long_text_is_looked_through_at_once(unit):
    text = unit * (200_000 // len(unit))
    personal("q", text + "!")
