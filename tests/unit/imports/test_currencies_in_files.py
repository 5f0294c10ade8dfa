"""A project has one currency: amounts in another are never stored as if they were in it."""

from __future__ import annotations

import pytest

from shared.errors import Invalid

HEAD = "date,channel,campaign"
ROW = "2025-03-01,meta,A"

FOREIGN_LINES = {
    "a column of codes": (f"{HEAD},Currency code,spend\n{ROW},USD,5\n", "EUR", "Currency code"),
    "a code that few use": (f"{HEAD},Currency code,spend\n{ROW},KWD,5\n", "EUR", "Currency code"),
    "a dollar": (f"{HEAD},spend\n{ROW},$5\n", "EUR", "spend"),
    "a code in a cell": (f"{HEAD},spend\n{ROW},USD 5\n", "CAD", "spend"),
    "another dollar by name": (f"{HEAD},spend\n{ROW},A$5\n", "USD", "spend"),
    "euros": (f"{HEAD},revenue\n{ROW},5 €\n", "USD", "revenue"),
    "pounds": (f"{HEAD},spend\n{ROW},£5\n", "EUR", "spend"),
    "yen": (f"{HEAD},spend\n{ROW},¥5\n", "EUR", "spend"),
    "crowns": (f"{HEAD},spend\n{ROW},5 kr\n", "EUR", "spend"),
    "a column of budgets": ("campaign id,budget\nA,CHF 5\n", "EUR", "budget"),
}


@pytest.mark.parametrize(("text", "own", "column"), FOREIGN_LINES.values(), ids=FOREIGN_LINES)
def test_an_amount_in_another_currency_is_an_error(project, text, own, column) -> None:
    load = project.load_campaigns if "budget" in text else project.load
    report = load(text, currency=own)
    assert (report.inserted, report.rejected) == (0, 1)
    [error] = report.errors
    assert (error.line, error.column) == (2, column)
    assert f", the project in {own}; convert it or import it into a project in " in error.message


def test_the_currency_is_named_where_its_sign_is_of_one(project) -> None:
    [error] = project.load(f"{HEAD},spend\n{ROW},US$5\n", currency="EUR").errors
    assert error.message.startswith("The value is in USD, the project in EUR;")


@pytest.mark.parametrize("header", ["Cost (USD)", "Amount spent ($)", "cost usd", "cost_usd"])
def test_a_column_headed_by_another_currency_refuses_the_file(project, header) -> None:
    with pytest.raises(Invalid, match="the project in EUR; convert it or import it"):
        project.load(f"{HEAD},{header}\n{ROW},5\n", currency="EUR")
    assert project.rows("spend") == []


OWN = {
    "by header": (f"{HEAD},Cost (EUR)\n{ROW},5\n", "EUR"),
    "by sign in the header": (f"{HEAD},Cost (€)\n{ROW},5\n", "EUR"),
    "by column": (f"{HEAD},Currency,spend\n{ROW},eur,5\n", "EUR"),
    "by a code that few use": (f"{HEAD},Currency,spend\n{ROW},KWD,5\n", "KWD"),
    "US dollars": (f"{HEAD},spend\n{ROW},$5\n", "USD"),
    "Canadian dollars": (f"{HEAD},Cost ($)\n{ROW},$5\n", "CAD"),
    "Chinese yuan": (f"{HEAD},spend\n{ROW},¥5\n", "CNY"),
    "Danish crowns": (f"{HEAD},spend\n{ROW},5 kr.\n", "DKK"),
    "not said": (f"{HEAD},spend\n{ROW},5\n", "EUR"),
}


@pytest.mark.parametrize(("text", "own"), OWN.values(), ids=OWN)
def test_amounts_in_the_currency_of_the_project_are_read(project, text, own) -> None:
    report = project.load(text, currency=own)
    assert report.errors == []
    assert project.rows("spend") == [(5,)]


def test_only_the_lines_in_another_currency_are_left_out(project) -> None:
    text = f"{HEAD},Currency,spend\n{ROW},EUR,1\n2025-03-02,meta,A,USD,2\n"
    report = project.load(text, currency="EUR", on_error="skip_rows")
    assert (report.inserted, report.rejected) == (1, 1)
    assert project.rows("spend") == [(1,)]
