"""Every way platforms and people write numbers; the decimal mark is decided over the whole file."""

from __future__ import annotations

from decimal import Decimal

import pytest


def table(spend: list[str], delimiter: str = ",", **more: list[str]) -> str:
    """A file of one campaign, one day a row; cells are quoted."""
    columns = {"spend": spend, **more}
    head = ["date", "channel", "campaign", *columns]
    rows = [
        [f"2025-03-{day + 1:02}", "meta", "A", *(cells[day] for cells in columns.values())]
        for day in range(len(spend))
    ]
    return "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in [head, *rows])


READINGS = {
    "plain": (["12", "12.5", "-0"], ["12", "12.5", "0"]),
    "point and comma": (["1,234.56", "1,234"], ["1234.56", "1234"]),
    "comma and point": (["1.234,56", "1.234"], ["1234.56", "1234"]),
    "comma": (["12,5", "1234,56"], ["12.5", "1234.56"]),
    "millions": (["1,234,567", "1,234"], ["1234567", "1234"]),
    "German millions": (["1.234.567", "1.234"], ["1234567", "1234"]),
    "space": (["1 234,56", "1 234"], ["1234.56", "1234"]),
    "no-break space": (["1\u00a0234,56"], ["1234.56"]),
    "narrow no-break space": (["1\u202f234,56"], ["1234.56"]),
    "Swiss": (["1'234.56", "1’234"], ["1234.56", "1234"]),
    "Indian": (["12,34,567.00"], ["1234567"]),
    "euro before": (["€ 1.234,56", "€5"], ["1234.56", "5"]),
    "euro after": (["1.234,56 €", "5€"], ["1234.56", "5"]),
    "code before": (["EUR 12,5"], ["12.5"]),
    "code after": (["12,5 EUR"], ["12.5"]),
    "small letters": (["12,5 eur"], ["12.5"]),
    "dollar": (["$1,234", "$0.50"], ["1234", "0.5"]),
    "francs": (["CHF 1'234.50"], ["1234.5"]),
    "kroner": (["1 234,50 kr.", "5 kr"], ["1234.5", "5"]),
    "many decimals": (["0.1234567891234", "1.5"], ["0.123456789", "1.5"]),
    "exponent": (["1e-05", "1.5E+03"], ["0.00001", "1500"]),
    "short": ([".5", "5."], ["0.5", "5"]),
    "empty": (["", "--", " --", "—", "n/a", "1.5"], [None, None, None, None, None, "1.5"]),
}


@pytest.mark.parametrize(("written", "meant"), READINGS.values(), ids=READINGS)
def test_a_number_is_read_as_its_column_means_it(project, written, meant) -> None:
    report = project.load(table(written))
    assert report.errors == []
    stored = [None if cell is None else Decimal(cell) for cell in meant]
    assert [spend for (spend,) in project.rows("spend")] == stored


REFUNDS = ["-€5", "(5.00)", "€ -5", "-5", "5.00-", "($5.00)", "−5", "- 5.00"]


@pytest.mark.parametrize("written", REFUNDS)
def test_revenue_may_be_negative_by_refunds(project, written) -> None:
    project.load(table(["1"], revenue=[written]))
    assert project.rows("revenue") == [(Decimal(-5),)]


REFUSED = {
    "negative spend": ("spend", "-1", "is negative"),
    "negative clicks": ("clicks", "-1", "is negative"),
    "negative conversions": ("conversions", "-0.5", "is negative"),
    "half a click": ("clicks", "1.5", "is not a whole number"),
    "not a number": ("spend", "NaN", "is not a number"),
    "infinity": ("conversions", "Infinity", "is not a number"),
    "inf": ("conversions", "-inf", "is not a number"),
    "a word": ("impressions", "many", "is not a number"),
    "hexadecimal": ("impressions", "0x10", "is not a number"),
    "percent": ("spend", "12%", "is a percentage"),
    "too large money": ("spend", "1" * 30, "is out of range"),
    "too large count": ("clicks", "1" * 19, "is out of range"),
    "money beyond a sum": ("spend", "1" + "0" * 29, "the largest number is 1,000,000,000,000,000"),
    "a plain count beyond a sum": ("clicks", "1000000000000001", "the largest number is 1,000"),
    "an exponent beyond a sum": ("spend", "1e29", "the largest number is 1,000"),
    "a loss beyond a sum": ("revenue", "-1000000000000000.5", "the largest number is 1,000"),
    "conversions beyond a sum": ("conversions", "1e16", "the largest number is 1,000"),
    "large exponent": ("conversions", "1e400", "is not a number"),
    "two minus signs": ("revenue", "(-5)", "is not a number"),
    "badly grouped": ("spend", "1,23,4.5", "is not a number"),
    "long": ("spend", "1" * 5000, "is not a number"),
    "other digits": ("spend", "١٢", "is not a number"),
}


@pytest.mark.parametrize(("column", "written", "why"), REFUSED.values(), ids=REFUSED)
def test_a_bad_number_is_an_error_with_its_place(project, column, written, why) -> None:
    columns = {"spend": ["1.5", "2.5"], column: ["1", written]}
    report = project.load(table(columns.pop("spend"), **columns))
    assert report.rejected == 1
    [error] = report.errors
    assert (error.line, error.column, error.value) == (3, column, written[:100])
    assert why in error.message


def test_whole_counts_may_be_written_with_decimals(project) -> None:
    project.load(table(["1"] * 3, clicks=["12.0", "3", "1.00"]))
    assert project.rows("clicks") == [(12,), (3,), (1,)]


UNCLEAR = {
    "the column itself decides": (table(["1.234", "1,5"]), "1234", None),
    "another column decides": (table(["1.234"], revenue=["0,5"]), "1234", None),
    "another column decides for points": (table(["1.234"], revenue=["0.5"]), "1.234", None),
    "thousands of a count decide": (table(["1.234"], clicks=["1.234"]), "1234", None),
    "English thousands of a count": (table(["1,234"], clicks=["1,234"]), "1234", None),
    "a semicolon goes with commas": (table(["1.234"], ";"), "1234", "read as 1234."),
    "else points are decimal": (table(["1.234"]), "1.234", "read as 1.234."),
    "else commas are thousands": (table(["1,234"]), "1234", "read as 1234."),
}


@pytest.mark.parametrize(("text", "meant", "said"), UNCLEAR.values(), ids=UNCLEAR)
def test_an_unclear_number_follows_the_best_evidence(project, text, meant, said) -> None:
    report = project.load(text)
    assert report.errors == []
    assert project.rows("spend")[0] == (Decimal(meant),)
    unclear = [warning for warning in report.warnings if "two ways" in warning]
    assert len(unclear) == (said is not None)
    assert said is None or said in unclear[0]


def test_counts_with_thousands_points_are_whole(project) -> None:
    report = project.load(table(["1"], impressions=["1.234"]))
    assert project.rows("impressions") == [(1234,)]
    assert report.errors == []


def test_contradicting_marks_are_errors_on_the_lines_that_contradict(project) -> None:
    report = project.load(table(["1.50", "2.50", "3,50"]), on_error="skip_rows")
    assert [(error.line, error.value) for error in report.errors] == [(4, "3,50")]
    assert "decimal point" in report.errors[0].message
    assert any("both decimal points and decimal commas" in w for w in report.warnings)
    assert report.inserted == 2


def test_the_largest_number_can_be_stored(project) -> None:
    project.load(table(["1000000000000000"], revenue=["-1e15"], clicks=["1000000000000000"]))
    assert project.rows("spend, revenue, clicks") == [(10**15, -(10**15), 10**15)]


def test_amounts_in_two_currencies_are_not_added(project) -> None:
    report = project.load(table(["€ 1.50", "2.50 EUR", "USD 3.50"]))
    assert [(error.line, error.value) for error in report.errors] == [(4, "USD 3.50")]
    assert "EUR" in report.errors[0].message


def test_a_currency_column_with_two_currencies_is_an_error(project) -> None:
    report = project.load(table(["1", "2", "3"], Currency=["EUR", "EUR", "GBP"]))
    assert [(error.line, error.column) for error in report.errors] == [(4, "Currency")]
