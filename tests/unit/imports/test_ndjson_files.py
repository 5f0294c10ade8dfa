"""NDJSON: the same targets and rules, one object a line."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from shared.errors import Invalid, Malformed

ROW = {"date": "2025-03-01", "channel": "meta", "campaign": "A", "spend": 1.5, "clicks": 3}


def lines(*rows: object) -> str:
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)


@pytest.mark.parametrize("media_type", ["application/x-ndjson", "text/csv", "", "text/plain"])
def test_objects_are_rows_whatever_they_are_sent_as(project, media_type) -> None:
    report = project.load(lines(ROW, {**ROW, "date": "2025-03-02", "Revenue": "2"}), media_type)
    assert (report.inserted, report.errors) == (2, [])
    assert project.rows("spend, clicks, revenue") == [
        (Decimal("1.5"), 3, None),
        (Decimal("1.5"), 3, Decimal(2)),
    ]


NUMBERS = {
    "three decimals are decimals": ('{"spend": 1.234}', Decimal("1.234")),
    "in a text too": ('{"spend": "1.234"}', Decimal("1.234")),
    "thousands in a text": ('{"spend": "1,234.5"}', Decimal("1234.5")),
    "exponent": ('{"spend": 1.5e2}', Decimal(150)),
    "exact": ('{"spend": 123456789012345.123456789}', "exact"),
    "null": ('{"spend": null}', None),
}


@pytest.mark.parametrize(("text", "meant"), NUMBERS.values(), ids=NUMBERS)
def test_a_number_has_a_decimal_point(project, text, meant) -> None:
    head = '{"date": 20250301, "channel": "meta", '
    report = project.load(head + text.removeprefix("{"), "application/x-ndjson")
    assert report.errors == []
    assert not any("two ways" in warning for warning in report.warnings)
    if meant == "exact":
        meant = Decimal("123456789012345.123456789")
    assert project.rows("spend") == [(meant,)]


BAD = {
    "no JSON": ("{", "is not valid JSON"),
    "no object": ("[1]", "is not a JSON object"),
    "a number": ("7", "is not a JSON object"),
    "NaN": ('{"date": "2025-03-01", "channel": "meta", "spend": NaN}', "holds NaN"),
    "Infinity": ('{"spend": -Infinity}', "holds -Infinity"),
    "nested": ('{"spend": {"amount": 1}}', "nested value under 'spend'"),
    "deeply nested": ("[" * 100_000, "is not valid JSON"),
    "half a character": ('{"campaign": "\\ud800"}', "is not valid JSON"),
    "true": (json.dumps({**ROW, "spend": True}), "is not a number"),
}


@pytest.mark.parametrize(("line", "why"), BAD.values(), ids=BAD)
def test_a_bad_line_is_an_error_with_its_number(project, line, why) -> None:
    report = project.load(lines(ROW, "", line, ROW), "application/x-ndjson")
    assert report.rejected == 1
    [error] = report.errors
    assert error.line == 3
    assert why in error.message


def test_values_of_no_use_may_be_nested(project) -> None:
    report = project.load(lines({**ROW, "targeting": {"age": [18, 24]}}))
    assert report.inserted == 1
    assert "Columns that are not used: 'targeting'." in report.warnings


def test_bad_values_and_bad_lines_are_listed_in_order(project) -> None:
    report = project.load(lines("{", {**ROW, "clicks": -1}, ROW, "}"), "application/x-ndjson")
    assert [(error.line, error.column) for error in report.errors] == [
        (1, None),
        (2, "clicks"),
        (4, None),
    ]


def test_an_object_without_a_day_is_an_error_and_no_total(project) -> None:
    report = project.load(lines(ROW, {"channel": "email", "campaign": None, "clicks": 1}))
    assert [(error.line, error.column) for error in report.errors] == [(2, "date")]


def test_an_array_is_told_how_to_become_lines(project) -> None:
    with pytest.raises(Malformed, match="one object a line"):
        project.load(json.dumps([ROW]), "application/json")


def test_two_hundred_keys_are_the_most(project) -> None:
    with pytest.raises(Invalid, match="200 different keys"):
        project.load(lines({**ROW, **{f"k{i}": 1 for i in range(200)}}))
