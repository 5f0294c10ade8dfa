"""Bad lines: where they are, what is said, and what is written all the same."""

from __future__ import annotations

import pytest

HEAD = "date,channel,campaign,spend,clicks\n"
GOOD = "2025-03-01,meta,A,1.5,10\n"


def test_nothing_is_written_when_a_line_is_bad(project) -> None:
    report = project.load(f"{HEAD}{GOOD}2025-03-02,meta,A,x,10\n")
    assert (report.inserted, report.updated, report.unchanged, report.rejected) == (0, 0, 0, 1)
    assert report.period is None
    assert project.rows("date") == []


def test_the_good_rows_are_written_when_the_person_says_so(project) -> None:
    report = project.load(f"{HEAD}{GOOD}2025-03-02,meta,A,x,10\n", on_error="skip_rows")
    assert (report.inserted, report.rejected) == (1, 1)
    assert len(project.rows("date")) == 1


def test_a_dry_run_counts_and_writes_nothing(project) -> None:
    project.load(f"{HEAD}{GOOD}2025-03-02,meta,A,2,10\n")
    report = project.load(
        f"{HEAD}{GOOD}2025-03-02,meta,A,3,10\n2025-03-03,meta,A,1,1\n", dry_run=True
    )
    assert (report.inserted, report.updated, report.unchanged) == (1, 1, 1)
    assert len(project.rows("date")) == 2


def test_a_corrected_row_replaces_the_old_one(project) -> None:
    project.load(f"{HEAD}{GOOD}")
    report = project.load(f"{HEAD}2025-03-01,meta,A,2.5,10\n")
    assert (report.inserted, report.updated) == (0, 1)
    assert project.rows("CAST(spend AS STRING)") == [("2.5",)]


def test_of_a_repeated_key_the_last_line_counts_and_it_is_said(project) -> None:
    report = project.load(f"{HEAD}{GOOD}{GOOD}2025-03-01,facebook,A,9,10\n")
    assert report.inserted == 1
    assert project.rows("CAST(spend AS STRING)") == [("9",)]
    assert any("later line: 2" in w and "ad group" in w for w in report.warnings)


PLACES = {
    "plain": (f"{HEAD}{GOOD}2025-03-02,meta,A,x,1\n", [3]),
    "two on a line": (f"{HEAD}2025-13-02,meta,A,x,1\n", [2, 2]),
    "blank lines before": (f"{HEAD}\n\n{GOOD}\n2025-03-02,meta,A,x,1\n", [6]),
    "title lines before": (f"Report\n\nMarch\n{HEAD}{GOOD}2025-03-02,meta,A,x,1\n", [6]),
    "line breaks in a cell": (f'{HEAD}2025-03-01,meta,"A\nB\nC",1,1\n2025-03-02,meta,A,x,1\n', [5]),
    "a cell with line breaks is bad": (f'{HEAD}{GOOD}2025-03-01,meta,"A\nB",x,1\n{GOOD}', [3]),
    "line breaks in the header": ('"date",channel,campaign,"spend\n"\n2025-03-02,meta,A,x\n', [3]),
    "carriage returns": (f"{HEAD}{GOOD}2025-03-02,meta,A,x,1\n".replace("\n", "\r"), [3]),
    "both": (f"{HEAD}{GOOD}2025-03-02,meta,A,x,1\n".replace("\n", "\r\n"), [3]),
    "too few cells": (f"{HEAD}{GOOD}2025-03-02,meta\n", [3]),
    "too many cells": (f"{HEAD}{GOOD}2025-03-02,meta,A,1,1,1\n{GOOD}", [3]),
    "after a total": (f"{HEAD}Total,,,1,1\n2025-03-02,meta,A,x,1\n", [3]),
    "among broken lines": (f"{HEAD}2025,\n2025-03-02,meta,A,x,1\n2025,\n", [2, 3, 4]),
}


@pytest.mark.parametrize(("text", "lines"), PLACES.values(), ids=PLACES)
def test_an_error_names_the_files_own_line(project, text, lines) -> None:
    assert [error.line for error in project.load(text).errors] == lines


def test_a_line_of_another_width_says_so(project) -> None:
    [error] = project.load(f"{HEAD}2025-03-01,meta,A\n").errors
    assert error.column is None
    assert error.value == "2025-03-01,meta,A"
    assert error.message == "The line has 3 cells where the header has 5."


def test_at_most_a_hundred_errors_are_listed_and_all_are_counted(project) -> None:
    report = project.load(HEAD + "2025-03-01,meta,A,x,1\n" * 150)
    assert len(report.errors) == 100
    assert report.rejected == 150
    assert any("first 100 errors" in w and "150 lines" in w for w in report.warnings)


def test_a_long_value_is_cut(project) -> None:
    [error] = project.load(f"{HEAD}2025-03-01,meta,{'x' * 300},1,1\n").errors
    assert error.value == "x" * 100
    assert "longer than 200" in error.message


WORDS = {
    "control characters": ("campaign", "A\x07B", "control characters"),
    "no date": ("date", "", "is missing"),
    "no channel": ("channel", "", "is missing"),
    "a placeholder as channel": ("channel", "--", "is missing"),
}


@pytest.mark.parametrize(("column", "written", "why"), WORDS.values(), ids=WORDS)
def test_a_bad_text_is_an_error_with_its_place(project, column, written, why) -> None:
    cells = {"date": "2025-03-01", "channel": "meta", "campaign": "A", "spend": "1", "clicks": "1"}
    row = ",".join({**cells, column: written}.values())
    [error] = project.load(f"{HEAD}{row}\n").errors
    assert (error.line, error.column) == (2, column)
    assert why in error.message


TOTALS = {
    "in the first column": "Total: Campaigns,,,9,9\n",
    "in the first column, with dashes": "Total, --, --,9,9\n",
    "in the campaign column": ",,Gesamt,9,9\n",
    "without a word": ",,,9,9\n",
    "in Dutch": "Eindtotaal,,,9,9\n",
    "of another width": "Grand total,9\n",
    "blank cells": ",,,,\n",
    "spaces": "   \n",
}


@pytest.mark.parametrize("line", TOTALS.values(), ids=TOTALS)
def test_totals_and_blank_rows_are_never_data(project, line) -> None:
    report = project.load(f"{HEAD}{GOOD}{line}")
    assert (report.inserted, report.rejected) == (1, 0)
    said = any("totals and footers that were left out: 1" in w for w in report.warnings)
    assert said is bool(line.strip(" ,\n"))


def test_a_campaign_called_total_stays(project) -> None:
    report = project.load(f"{HEAD}2025-03-01,meta,Total Wine,1,1\n")
    assert (report.inserted, report.warnings[1:]) == (1, [])


def test_a_header_without_rows_imports_nothing(project) -> None:
    report = project.load(HEAD)
    assert (report.inserted, report.rejected, report.period) == (0, 0, None)


def test_a_total_of_campaigns_is_no_campaign(project) -> None:
    report = project.load_campaigns("name,budget\nTotal Wine,5\nTotal: all,9\nTotal,9\n")
    assert project.campaigns("name") == [("Total Wine",)]
    assert report.warnings == ["Rows of totals and footers that were left out: 2."]


CAMPAIGNS = {
    "end before start": ("c1,A,2025-03-02,2025-03-01,5", "end_date", "before the campaign's start"),
    "negative budget": ("c1,A,2025-03-01,,-5", "budget", "is negative"),
    "neither id nor name": (",,2025-03-01,,5", "campaign_id", "is missing"),
    "a date far away": ("c1,A,2125-03-01,,5", "start_date", "lies after"),
}


@pytest.mark.parametrize(("row", "column", "why"), CAMPAIGNS.values(), ids=CAMPAIGNS)
def test_a_bad_campaign_is_an_error_with_its_place(project, row, column, why) -> None:
    report = project.load_campaigns(f"campaign_id,name,start_date,end_date,budget\n{row}\n")
    [error] = report.errors
    assert (error.line, error.column) == (2, column)
    assert why in error.message
