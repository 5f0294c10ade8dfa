"""Numbers for dashboards: parameters in, table or CSV out."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from shared.domain.query.dashboard import MetricsQuery, MetricsTable, as_csv, read_metrics
from shared.domain.query.result import to_csv
from shared.errors import Invalid

from .conftest import Daily, Shop


def read(shop: Shop, **params: str) -> MetricsTable:
    """Parameters are texts, as they stand in a URL."""
    query = MetricsQuery.model_validate(params)
    return read_metrics(shop.suite, shop.access().project, query)


@pytest.fixture
def open_shop(shop: Shop) -> Shop:
    days = [date(2025, 2, 1) + timedelta(days=n) for n in range(59)]
    shop.imports(
        [
            Daily(day, channel, name, spend=Decimal(spend))
            for day in days
            for channel, name, spend in (
                ("meta", "Spring, Summer", 20),
                ("google_ads", "Brand", 5),
            )
        ]
    )
    return shop


def test_metrics_by_dimensions_as_a_table(open_shop: Shop) -> None:
    table = read(
        open_shop,
        metrics="spend,ctr",
        dimensions="channel, date",
        grain="month",
        start="2025-02-01",
        end="2025-03-31",
    )
    assert [(c.name, c.type) for c in table.columns] == [
        ("channel", "STRING"),
        ("date", "DATE"),
        ("spend", "NUMERIC"),
        ("ctr", "FLOAT64"),
    ]
    assert table.rows == [
        ["google_ads", "2025-02-01", 140, 0.05],
        ["meta", "2025-02-01", 560, 0.05],
        ["google_ads", "2025-03-01", 155, 0.05],
        ["meta", "2025-03-01", 620, 0.05],
    ]
    assert (table.row_count, table.truncated, table.compare_to) == (4, False, None)


def test_without_metrics_all_that_are_stored_are_shown(open_shop: Shop) -> None:
    table = read(open_shop)
    assert [c.name for c in table.columns] == [
        "spend",
        "impressions",
        "clicks",
        "conversions",
        "revenue",
    ]


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ({}, ("2025-03-02", "2025-03-31")),
        ({"start": "2025-03-20"}, ("2025-03-20", "2025-03-31")),
        ({"end": "2025-03-20"}, ("2025-02-19", "2025-03-20")),
    ],
    ids=["no dates", "a start", "an end"],
)
def test_the_period_is_the_past_30_days_unless_named(
    open_shop: Shop, given: dict[str, str], days: tuple[str, str]
) -> None:
    period = read(open_shop, metrics="spend", **given).period
    assert (period.start.isoformat(), period.end.isoformat()) == days


@pytest.mark.parametrize(
    ("params", "earlier"),
    [
        ({"compare": "previous_period"}, ("2025-02-22", "2025-02-28")),
        ({"compare": "previous_year"}, ("2024-03-01", "2024-03-07")),
        (
            {"compare": "previous_year", "dimensions": "date"},  # by day: the same weekdays
            ("2024-03-02", "2024-03-08"),
        ),
    ],
    ids=["period", "year", "year by day"],
)
def test_a_comparison_has_its_own_days(
    open_shop: Shop, params: dict[str, str], earlier: tuple[str, str]
) -> None:
    table = read(open_shop, metrics="spend", start="2025-03-01", end="2025-03-07", **params)
    assert table.compare_to
    assert (table.compare_to.start.isoformat(), table.compare_to.end.isoformat()) == earlier
    assert [c.name for c in table.columns][-2:] == ["spend_previous", "spend_change"]


@pytest.mark.parametrize(
    ("params", "channels"),
    [
        ({"channel": "Google Ads"}, ["google_ads"]),
        ({"channel": "facebook,adwords"}, ["meta", "google_ads"]),
        ({"campaign": '"Spring, Summer"'}, ["meta"]),
        ({"campaign": 'Brand, "Spring, Summer"'}, ["meta", "google_ads"]),
        ({"channel": "nobody"}, []),
    ],
)
def test_filters_know_the_names_people_use(
    open_shop: Shop, params: dict[str, str], channels: list[str]
) -> None:
    table = read(open_shop, metrics="spend", dimensions="channel", **params)
    assert [row[0] for row in table.rows] == channels


def test_weeks_begin_on_the_projects_day(open_shop: Shop) -> None:
    project = open_shop.access(week_start="sunday").project
    query = MetricsQuery.model_validate(
        {
            "metrics": "spend",
            "dimensions": "date",
            "grain": "week",
            "start": "2025-03-09",
            "end": "2025-03-22",
        }
    )
    table = read_metrics(open_shop.suite, project, query)
    assert [row[0] for row in table.rows] == ["2025-03-09", "2025-03-16"]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"metrics": ""}, "metrics"),
        ({"metrics": "profit"}, "metrics"),
        ({"metrics": "spend,spend"}, "metrics"),
        ({"metrics": "spend", "dimensions": "country"}, "dimensions"),
        ({"metrics": "spend", "grain": "week"}, "grain"),
        ({"metrics": "spend", "grain": "hour", "dimensions": "date"}, "grain"),
        ({"metrics": "spend", "start": "yesterday"}, "start"),
        ({"metrics": "spend", "start": "0001-01-01"}, "start"),
        ({"metrics": "spend", "compare": "never"}, "compare"),
        ({"metrics": "spend", "campaign": '"open'}, "campaign"),
        ({"metrics": "spend", "sql": "SELECT 1"}, "sql"),
    ],
)
def test_a_wrong_parameter_is_named(params: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        MetricsQuery.model_validate(params)


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"start": "2025-03-02", "end": "2025-03-01"}, "end"),
        ({"start": "2010-01-01", "end": "2025-01-01"}, "start"),
    ],
)
def test_days_that_are_no_period_are_named(
    open_shop: Shop, days: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read(open_shop, metrics="spend", **days)
    assert [e.field for e in refused.value.errors] == [field]


def test_no_data_is_an_empty_table_with_its_columns(shop: Shop) -> None:
    table = read(shop, metrics="spend", dimensions="channel")
    assert ([c.name for c in table.columns], table.rows) == (["channel", "spend"], [])


def test_a_table_as_csv(open_shop: Shop) -> None:
    table = read(open_shop, metrics="spend,cpa", dimensions="campaign", channel="meta")
    assert as_csv(table) == 'campaign,spend,cpa\r\n"Spring, Summer",600,4.0\r\n'


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("plain = fine", "plain = fine"),
        (-5, "-5"),
        (None, ""),
        (0.1, "0.1"),
    ],
)
def test_csv_holds_nothing_that_a_spreadsheet_would_run(cell: Any, written: str) -> None:
    (row,) = list(csv.reader(io.StringIO(to_csv(["a"], [[cell, "x"]]), newline="")))[1:]
    assert row == [written, "x"]
