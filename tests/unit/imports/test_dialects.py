"""The same table in any dialect is the same table."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.domain.imports.sheet import PLACEHOLDERS

ENCODINGS = {
    "utf-8": b"",
    "utf-8-sig": b"",
    "utf-16-le": b"\xff\xfe",
    "utf-16-be": b"\xfe\xff",
    "cp1252": b"",
}
DAYS = {
    "iso": "%Y-%m-%d",
    "compact": "%Y%m%d",
    "dotted": "%d.%m.%Y",
    "day first": "%d/%m/%Y",
    "month first": "%m/%d/%Y",
    "named": "%b %d, %Y",
}
NAMES = st.text(st.sampled_from("abcXYZ019 _-&éüñß|;,\t\n\"'€/"), min_size=1, max_size=20)


@dataclass(frozen=True)
class Dialect:
    encoding: str
    delimiter: str
    ending: str
    day: str
    mark: str
    group: str
    currency: str
    quoted: bool
    title: str

    def number(self, value: Decimal | int, places: int) -> str:
        text = f"{value:,.{places}f}"
        return text.replace(",", "G").replace(".", self.mark).replace("G", self.group)

    def render(self, rows: list[tuple[Any, ...]]) -> bytes:
        out = io.StringIO(newline="")
        out.write(self.title)
        quoting = csv.QUOTE_ALL if self.quoted else csv.QUOTE_MINIMAL
        writer = csv.writer(out, delimiter=self.delimiter, quoting=quoting)
        writer.writerow(["Day", "Channel", "Campaign", "Cost", "Impr.", "Conversions", "Revenue"])
        for day, name, spend, impressions, conversions, revenue in rows:
            writer.writerow(
                [
                    day.strftime(DAYS[self.day]),
                    "Meta Ads",
                    name,
                    self.currency.format(self.number(spend, 2)),
                    self.number(impressions, 0),
                    self.number(conversions, 1),
                    self.currency.format(self.number(revenue, 2)),
                ]
            )
        text = out.getvalue().replace("\r\n", self.ending)
        return ENCODINGS[self.encoding] + text.encode(self.encoding)


@st.composite
def dialects(draw: st.DrawFn) -> Dialect:
    mark = draw(st.sampled_from(".,"))
    return Dialect(
        encoding=draw(st.sampled_from(list(ENCODINGS))),
        delimiter=draw(st.sampled_from(",;\t|")),
        ending=draw(st.sampled_from(["\n", "\r\n", "\r"])),
        day=draw(st.sampled_from(list(DAYS))),
        mark=mark,
        group=draw(st.sampled_from(["", ",."[mark == ","], " ", "\u00a0", "'"])),
        currency=draw(st.sampled_from(["{}", "€ {}", "{} €", "EUR {}", "{}€"])),
        quoted=draw(st.booleans()),
        title=draw(st.sampled_from(["", "Report\n\n", "# ---\n# Report\n", "sep=;\n"])),
    )


MONEY = st.decimals(0, 9_999_999, places=2)
ROWS = st.lists(
    st.tuples(
        NAMES,
        MONEY,
        st.integers(0, 99_999_999),
        st.decimals(0, 99_999, places=1),
        st.decimals(-99_999, 9_999_999, places=2),
    ),
    min_size=1,
    max_size=8,
)
EVIDENCE = ("evidence", Decimal("1234.50"), 5, Decimal("0.5"), Decimal("0.25"))


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, dialect=dialects())
def test_a_table_means_the_same_in_every_dialect(tray, rows, dialect) -> None:
    """One row proves the order of the date and the decimal mark of each column."""
    dated = [
        (date(2025, 3, 13) - timedelta(days=i), *row) for i, row in enumerate([EVIDENCE, *rows])
    ]
    tray.warehouse.rows.clear()
    report = tray.load(dialect.render(dated))
    assert (report.errors, report.rejected) == ([], 0)
    names = ("date", "channel", "campaign", "spend", "impressions", "conversions", "revenue")
    assert [tuple(row[name] for name in names) for row in tray.warehouse.rows] == [
        (day, "meta", _clean(name), spend, impressions, float(conversions), revenue)
        for day, name, spend, impressions, conversions, revenue in dated
    ]


def _clean(name: str) -> str | None:
    tidy = " ".join(name.split()) if not (name.isascii() and name.isprintable()) else name.strip()
    return None if tidy in PLACEHOLDERS else tidy


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_rows_that_end_with_a_delimiter_are_no_wider(project, delimiter, ending) -> None:
    table = [["date", "channel", "spend"], ["2025-03-01", "meta", "1", ""]]
    table += [["2025-03-02", "meta", "2", ""]]
    report = project.load(ending.join(delimiter.join(row) for row in table))
    assert (report.inserted, report.rejected) == (2, 0)


def test_a_file_that_is_not_utf8_is_read_as_windows_1252_and_it_is_said(project) -> None:
    report = project.load("date,channel,campaign,spend\n2025-03-01,meta,Küche,1".encode("cp1252"))
    assert project.rows("campaign") == [("Küche",)]
    assert any("Windows-1252" in warning for warning in report.warnings)
