"""Figures and days as somebody's locale writes them, in an English text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain import wording
from shared.domain.formats import Formats
from shared.domain.semantics import METRICS

WEEK = (date(2025, 3, 3), date(2025, 3, 9))


@pytest.mark.parametrize(
    ("locale", "currency", "value", "shown"),
    [
        (None, "EUR", 1234.56, "€1,234.56"),
        (None, "CHF", 1234.5, "1,234.50\u00a0CHF"),
        (None, "JPY", 1234.5, "¥1,234"),
        (None, "EUR", -0.001, "€0.00"),
        ("de-DE", "EUR", 1234.56, "1.234,56\u00a0€"),
        ("de-DE", "EUR", -1234.5, "−1.234,50\u00a0€"),
        ("fr-FR", "EUR", 1234567.8, "1\u202f234\u202f567,80\u00a0€"),
        ("en-US", "USD", 1234.5, "$1,234.50"),
        ("en-GB", "GBP", 1234.5, "£1,234.50"),
        ("en-IN", "INR", 1234567, "₹12,34,567.00"),
        ("ja-JP", "JPY", 1234.4, "￥1,234"),
        ("ja", "EUR", 1234.5, "€1,234.50"),
        ("ar-EG", "EUR", 1234.5, "1,234.50\u00a0€"),
        ("en-GB", "KWD", 1.2345, "KWD\u00a01.234"),
        ("de-AQ", "EUR", 1234.5, "1.234,50\u00a0€"),  # no such locale: German
        ("xx", "EUR", 1234.5, "€1,234.50"),
        ("xxx-YY", "EUR", 1234.5, "€1,234.50"),
    ],
)
def test_money_has_its_currencys_decimals_and_the_locales_signs(locale, currency, value, shown):
    assert Formats(locale, currency).money(value) == shown


@pytest.mark.parametrize(
    ("locale", "currency", "value", "shown"),
    [
        (None, "EUR", 12345.67, "€12,346"),
        (None, "EUR", 99.5, "€99.50"),
        (None, "EUR", 710.0, "€710"),
        (None, "EUR", 99.996, "€100"),
        (None, "CHF", -1500, "−1,500\u00a0CHF"),
        ("de-DE", "EUR", 12345.67, "12.346\u00a0€"),
        ("de-DE", "EUR", 12.3, "12,30\u00a0€"),
        ("fr-FR", "EUR", 12345.67, "12\u202f346\u00a0€"),
        ("ja-JP", "JPY", 12345.67, "￥12,346"),
        ("en-GB", "KWD", 1234.567, "KWD\u00a01,235"),
    ],
)
def test_a_sentence_leaves_out_decimals_that_nobody_reads(locale, currency, value, shown):
    assert Formats(locale, currency).amount(value) == shown


@pytest.mark.parametrize(
    ("locale", "percent", "number", "ratio"),
    [
        (None, "3.42\u00a0%", "1,234.6", "4.90"),
        ("de-DE", "3,42\u00a0%", "1.234,6", "4,90"),
        ("fr-FR", "3,42\u00a0%", "1\u202f234,6", "4,90"),
        ("en-US", "3.42%", "1,234.6", "4.90"),
        ("tr-TR", "%3,42", "1.234,6", "4,90"),
    ],
)
def test_numbers_follow_the_locale(locale, percent, number, ratio):
    formats = Formats(locale, "EUR")
    assert formats.figure("ctr", 0.0342) == percent
    assert formats.figure("conversions", 1234.56) == number
    assert formats.figure("roas", 4.9) == ratio
    assert formats.figure("roas", None) == "–"


@pytest.mark.parametrize(("change", "shown"), [(-0.123, "12"), (0.0761, "7.6"), (2.5, "250")])
def test_a_change_is_told_without_its_sign(change, shown):
    assert Formats(None, "EUR").change(change) == f"{shown}\u00a0%"


@pytest.mark.parametrize(
    ("locale", "week", "across", "day"),
    [
        (None, "3–9 March 2025", "29 December 2025 – 4 January 2026", "3 March 2025"),
        ("en-GB", "3–9 March 2025", "29 December 2025 – 4 January 2026", "3 March 2025"),
        ("en-US", "March 3–9, 2025", "December 29, 2025 – January 4, 2026", "March 3, 2025"),
        ("en-CA", "March 3–9, 2025", "December 29, 2025 – January 4, 2026", "March 3, 2025"),
        ("de-DE", "3–9 March 2025", "29 December 2025 – 4 January 2026", "3 March 2025"),
        ("ja-JP", "3–9 March 2025", "29 December 2025 – 4 January 2026", "3 March 2025"),
    ],
)
def test_days_are_english_in_the_locales_order(locale, week, across, day):
    formats = Formats(locale, "EUR")
    assert formats.days(*WEEK) == week
    assert formats.days(date(2025, 12, 29), date(2026, 1, 4)) == across
    assert formats.day(WEEK[0]) == formats.days(WEEK[0], WEEK[0]) == day


def test_near_days_leave_out_the_year_and_rows_of_days_are_told_together():
    days = [date(2025, 2, 28), date(2025, 3, 1), date(2025, 3, 5), date(2025, 3, 5)]
    assert Formats(None, "EUR").these(days) == "28 February – 1 March and 5 March"
    assert Formats("en-US", "EUR").these(days) == "February 28 – March 1 and March 5"


@given(
    st.from_regex(r"\A[a-z]{2,3}(-[A-Z]{2})?\Z"),
    st.from_regex(r"\A[A-Z]{3}\Z"),
    st.floats(-1e12, 1e12),
)
def test_any_locale_and_currency_that_a_project_may_have_are_written(locale, currency, value):
    formats = Formats(locale, currency)
    for metric in METRICS:
        for text in (formats.figure(metric, value), formats.told(metric, value)):
            assert text.strip() == text != ""
            assert " " not in text
    assert "2025" in formats.days(*WEEK)


@given(st.floats(-1e9, 1e9), st.sampled_from(sorted(METRICS)))
def test_without_a_locale_it_is_the_style_of_every_other_text(value, metric):
    plain = wording.figure(round(value, 2) + 0.0, METRICS[metric].unit, "EUR").replace(
        " ", "\u00a0"
    )
    assert Formats(None, "EUR").figure(metric, round(value, 2) + 0.0) == plain
