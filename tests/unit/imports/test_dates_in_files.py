"""Every way exports write days; the order of day and month is decided over the whole column."""

from __future__ import annotations

from datetime import date

import pytest

MARCH_1 = date(2025, 3, 1)


def days(*written: str, delimiter: str = ",", extra: str = "1") -> str:
    rows = [f'"{day}"{delimiter}meta{delimiter}A{delimiter}"{extra}"' for day in written]
    return "\n".join([delimiter.join(["date", "channel", "campaign", "spend"]), *rows])


WRITTEN = [
    "2025-03-01",
    "2025/03/01",
    "2025.3.1",
    "20250301",
    "01.03.2025",
    "1.3.25",
    "1. 3. 2025",
    "Mar 1, 2025",
    "March 1, 2025",
    "March 1 2025",
    "Mar. 1st, 2025",
    "1 Mar 2025",
    "1-Mar-2025",
    "1-Mar-25",
    "Sat, Mar 1, 2025",
    "Sa., 01.03.2025",
    "Sat 1 March 2025",
    "1. März 2025",
    "1er mars 2025",
    "1 de marzo de 2025",
    "1 mrt 2025",
    "01-03-2025",
    "2025-03-01 00:00:00",
    "2025-03-01T00:00:00Z",
    "2025-03-01T00:00:00.000+00:00",
    " 2025-03-01 ",
]


@pytest.mark.parametrize("written", WRITTEN)
def test_a_day_is_read_however_it_is_written(project, written) -> None:
    report = project.load(days(written, "31-01-2025" if "-03-2025" in written else "2025-01-31"))
    assert report.errors == []
    assert project.rows("date")[-1] == (MARCH_1,)


ORDERS = {
    "a part above 12 first": (days("01/03/2025", "13/03/2025"), [(3, 1), (3, 13)], False),
    "a part above 12 second": (days("03/01/2025", "03/13/2025"), [(3, 1), (3, 13)], False),
    "the other way lies ahead": (days("01/03/2025", "05/03/2025"), [(3, 1), (3, 5)], True),
    "semicolons go with day first": (days("01/03/2025", delimiter=";"), [(3, 1)], True),
    "decimal commas go with day first": (days("01/03/2025", extra="1,50"), [(3, 1)], True),
    "else month first": (days("03/01/2025"), [(3, 1)], True),
}


@pytest.mark.parametrize(("text", "expected", "said"), ORDERS.values(), ids=ORDERS)
def test_the_order_of_day_and_month_follows_the_evidence(project, text, expected, said) -> None:
    report = project.load(text)
    assert [(day.month, day.day) for (day,) in project.rows("date")] == expected
    assert any("can be read two ways" in warning for warning in report.warnings) is said


CUSTOMS = {
    "day first": (days("03/04/2024"), True, date(2024, 4, 3)),
    "month first": (days("03/04/2024"), False, date(2024, 3, 4)),
    "not known": (days("03/04/2024"), None, date(2024, 3, 4)),
    "the file knows better": (days("03/13/2024", "03/04/2024"), True, date(2024, 3, 4)),
    "the file knows better about days": (days("13/03/2024", "03/04/2024"), False, date(2024, 4, 3)),
    "the future knows better": (days("03/04/2025"), True, date(2025, 3, 4)),
    "semicolons know better": (days("03/04/2024", delimiter=";"), False, date(2024, 4, 3)),
}


@pytest.mark.parametrize(("text", "day_first", "meant"), CUSTOMS.values(), ids=CUSTOMS)
def test_the_language_of_the_project_decides_where_the_file_does_not(
    project, text, day_first, meant
) -> None:
    assert project.load(text, day_first=day_first).errors == []
    assert (meant,) in project.rows("date")


def test_an_open_date_is_said_as_it_was_read(project) -> None:
    [warning] = [w for w in project.load(days("03/04/2024"), day_first=True).warnings if "two" in w]
    assert "'03/04/2024'" in warning
    assert "2024-04-03" in warning
    assert "write days as YYYY-MM-DD" in warning


def test_days_in_both_orders_are_errors_where_they_contradict(project) -> None:
    report = project.load(days("13/03/2025", "14/03/2025", "03/15/2025"))
    assert [(error.line, error.value) for error in report.errors] == [(4, "03/15/2025")]
    assert any("both day first and month first" in warning for warning in report.warnings)


REFUSED = {
    "tomorrow": ("2025-04-02", "lies after 2025-04-01"),
    "long ago": ("1999-12-31", "lies before 2000-01-01"),
    "no such day": ("2025-02-30", "is no day of the calendar"),
    "no such month": ("2025-13-01", "is no day of the calendar"),
    "a time of day": ("2025-03-01 14:30", "time of day"),
    "a spreadsheet's number": ("45717", "spreadsheet"),
    "a month": ("2025-03", "is not a date"),
    "a week": ("2025-W10", "is not a date"),
    "a word": ("yesterday", "is not a date"),
    "a month nobody knows": ("1 Foo 2025", "is not a date"),
    "nothing": ("--", "is missing"),
}


@pytest.mark.parametrize(("written", "why"), REFUSED.values(), ids=REFUSED)
def test_a_bad_day_is_an_error_with_its_place(project, written, why) -> None:
    report = project.load(days("2025-03-01", written))
    [error] = report.errors
    assert (error.line, error.column) == (3, "date")
    assert error.value == (None if written == "--" else written)
    assert why in error.message


def test_today_is_taken_and_said_to_be_unfinished(project) -> None:
    report = project.load(days("2025-03-31", "2025-04-01"))
    assert report.inserted == 2
    assert any("2025-04-01, which is not over" in warning for warning in report.warnings)


def test_the_period_is_that_of_the_rows(project) -> None:
    report = project.load(days("2025-03-07", "2025-02-01", "2025-03-31"))
    assert report.model_dump(mode="json")["period"] == {"start": "2025-02-01", "end": "2025-03-31"}
