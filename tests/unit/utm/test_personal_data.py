"""Personal data is found, and what only looks like it is not.

https://support.google.com/analytics/answer/6366371; numbers as E.164, the North American Numbering
Plan and national authorities write them.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest

from shared.domain.utm.pii import doubtful, personal

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
    '"jane"@example.com',
]


@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize("rounds", range(5))
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
    "(415)5552671",
    "0049 151 2345678",
    "0049-1711234567",
    "00491711234567",
    "tel:4155552671",
    "Tel: 030 123 45 67",
    "(030) 123 45 67",
    "(11) 91234-5678",
    "jane,%2B14155552671",
    "[%2B14155552671]",
    "https%3A%2F%2Fwa.me%2F%2B14155552671",
    "https%3A%2F%2Fe.com%2F%3Fphone%3D4155552671",
]
MAYBE_PHONES = [
    "212-555-0123",
    "212.555.0123",
    "1-800-234-5678",
    "0151 234 56789",
    "030/1234 5678",
    "020 7946 0958",
    "07911%20123456",
    "0171-1234567",
    "jane @example.com",
    "jane_%40example.com",
]


@pytest.mark.parametrize("text", PHONES)
def test_a_phone_number_is_found(text):
    assert personal("q", text) == "a phone number"


@pytest.mark.parametrize("text", MAYBE_PHONES)
def test_what_may_be_personal_is_doubtful_and_not_refused(text):
    assert personal("q", text) is None
    assert doubtful("q", text)


PHONE_NAMES = [
    *("phone", "tel", "user_phone", "Mobile", "phone_number", "msisdn", "%70hone", "user[phone]"),
    *("user%5Bphone%5D", "userPhone", "phone%5Fnumber", "mobilePhone", "phone_no", "phone[0]"),
    *("/r?phone", "?phone", "WhatsApp"),
]


@pytest.mark.parametrize("name", PHONE_NAMES)
@pytest.mark.parametrize("value", ["015123456789", "4155552671", "(0)151-234+567"])
def test_digits_in_a_parameter_for_phones_are_a_phone_number(name, value):
    assert personal(name, value) == "a phone number"


@pytest.mark.parametrize(
    "name,value",
    [
        ("mobile", "20250301"),
        ("mobile", "123456"),
        ("iphone", "1234567"),
        ("hotel", "1234567"),
        ("phone_model", "1234567"),
        ("phone", "EAN4006381"),
        ("phone", ""),
    ],
)
def test_other_values_and_names_are_none(name, value):
    assert personal(name, value) is None


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
        "03 2025 1234",
        "040_2025_12345",
        "01-12-25-1430 flash",
        "0042-2025-1187",
        "05-10-15-20-25",
        "+52.520008,+13.404954",
        "03-2025-000123",
        "01-02-03-04-05",
        "01 23 45 67 89",
        "+20250301",
        "+1700000000",
        "+1700000000123",
        "(2025) 100 200 300",
        "(100) 200-300",
        "1.0049123456789",
        "%2B12.345.678",
    ],
)
def test_ids_dates_and_timestamps_are_no_phone_numbers(text):
    assert personal("q", text) is None
    assert not doubtful("q", text)


@pytest.mark.parametrize(
    "name,value",
    [
        ("px", "300.250.1200"),
        ("cid", "456-789-0123"),
        ("id", "234-567-8901"),
        ("sku", "0815-4711-01"),
    ],
)
def test_what_has_the_form_of_a_number_by_chance_is_not_refused(name, value):
    assert personal(name, value) is None


def test_no_phone_number_is_read_into_a_click_id_and_a_mail_address_is():
    for name, number in (("gclid", "(212) 555-0123"), ("fb%63lid", "+4915123456789")):
        assert personal(name, number) is None
        assert not doubtful(name, number)
        assert personal(name, "jane%40example.com") == "an e-mail address"


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "@",
        "a@",
        "a.",
        "@a.",
        "%40",
        "+1",
        "0 ",
        "0-",
        "1 ",
        "-a@a-",
        "(0",
        "00",
        "tel:",
        "phone=",
        "_@a",
    ],
)
def test_long_text_is_looked_through_at_once(unit):
    text = unit * (200_000 // len(unit))
    personal("q", text + "!")
