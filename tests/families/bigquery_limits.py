# ruff: noqa: E501 (tables read better with a case a line)
"""What the emulation of BigQuery cannot show: tests, or cases of a test, and who could.

The adapter's half of most of these is in tests/emulator/test_bigquery_protocol.py.
"""

from __future__ import annotations

import re

import pytest

BYTES = "the emulation counts no bytes: a real project's dry run and byte cap show it"
ENGINE = (
    "the emulation's engine means something else here: a real project shows what GoogleSQL does"
)
BOUNDS = "the emulation has none of BigQuery's bounds of a query's size and dies of it: a real project shows them"
FUNCTIONS = "the emulation's engine has what BigQuery has not: a real project shows that it is unknown there"
HOSTILE = "test_sql_reaches_neither_files_nor_settings"
WRONG = "test_sql_that_is_wrong_is_invalid"
SCALAR = "test_an_expression_means_what_the_reference_says"
QUERY = "test_a_query_means_what_the_reference_says"
METRIC = "test_a_metric_has_the_value_and_type_that_its_columns_give_it"

CANNOT_SHOW = {
    "test_columns_are_named_as_they_were_written": "the emulation names a column by its expression: a real project shows f0_",
    "test_a_query_is_stopped_at_its_deadline_and_the_next_one_runs": "the emulation answers nobody while it computes: a real project shows that a job is stopped",
    "test_a_query_over_its_byte_cap_is_refused_with_what_to_do": BYTES,
    "test_the_estimate_bounds_what_a_query_reads": BYTES,
    "test_fewer_columns_fewer_days_and_one_project_cost_less": BYTES,
    "test_only_what_holds_for_every_row_makes_an_estimate_smaller": BYTES,
    f"{WRONG}[parentheses]": BOUNDS,
    f"{WRONG}[subqueries]": BOUNDS,
    f"{WRONG}[alias bomb]": BOUNDS,
    **{
        f"{HOSTILE}[{case}]": FUNCTIONS
        for case in (
            "file function", "text function", "blob function", "settings table", "schema",
            "setting function", "query function",
        )
    },
    "test_a_table_is_found_with_and_without_its_dataset_and_cloud_project": "another cloud project's table is another table: the guard takes the name away before",
    "test_grouping_by_an_alias_groups_by_what_it_stands_for": ENGINE,
    **{
        f"{SCALAR}[{case}]": ENGINE
        for case in (
            "NULL / 0", "NUMERIC '1.5' * 2.0", "NUMERIC '1.5' + 0.5", "ROUND(7)",
            "CAST(2.5 AS INT64)", "CAST(-2.5 AS INT64)", "CAST(0.123456789123 AS NUMERIC)",
            "CAST(12.0 AS STRING)", "CAST(NUMERIC '1.50' AS STRING)",
            "CAST(NUMERIC '100' AS STRING)", "DATE_TRUNC(@day, QUARTER)", "DATE_TRUNC(@day, YEAR)",
            "DATE_TRUNC(DATE '2017-11-05', WEEK(MONDAY))",
            "DATE_TRUNC(DATE '2017-11-05', ISOWEEK)", "DATE_TRUNC(@day, WEEK(MONDAY))",
            "DATE_DIFF(DATE '2017-12-18', DATE '2017-12-17', WEEK(MONDAY))",
            "DATE_DIFF(DATE '2017-12-18', DATE '2017-12-17', ISOWEEK)",
            "EXTRACT(WEEK FROM DATE '2017-11-05')", "EXTRACT(WEEK(MONDAY) FROM DATE '2017-11-05')",
            "EXTRACT(WEEK FROM DATE '2017-11-06')", "EXTRACT(WEEK(MONDAY) FROM DATE '2017-11-06')",
            "LAST_DAY(DATE '2008-11-10', WEEK(MONDAY))",
            "FORMAT_DATE('%A, %B %e', DATE '2025-01-05')", "FORMAT_DATE('%Y-Q%Q', @day)",
            "FORMAT_DATE('%C %g %h %E4Y', @day)",
            "TIMESTAMP_DIFF(TIMESTAMP '2010-07-07 10:20:00+00', TIMESTAMP '2008-12-25 15:30:00+00', HOUR)",
            "SUBSTR('apple', 0, 2)", r"'100%' LIKE r'100\\%'",
        )
    },
    **{
        f"{QUERY}[{case}]": ENGINE
        for case in (
            "SELECT AVG(x) FROM UNNEST([NUMERIC '1', 2, 2]) AS x",
            "SELECT ARRAY_AGG(x IGNORE NULLS ORDER BY x DESC LIMIT 2) FROM UNNEST([3, 1, NULL, 2]) AS x",
            "SELECT ARRAY_AGG(DISTINCT x IGNORE NULLS ORDER BY x) FROM UNNEST([3, 1, NULL, 2]) AS x",
            "SELECT UPPER(x) AS x FROM UNNEST(['a', 'A']) AS x GROUP BY x",
        )
    },
    f"{METRIC}[SAFE_DIVIDE(SUM(spend), SUM(conversions))-4.0]": ENGINE,
    f"{METRIC}[COUNT(DISTINCT DATE_TRUNC(date, WEEK))-1]": ENGINE,
}  # fmt: skip


def skip_what_it_cannot_show(request: pytest.FixtureRequest) -> None:
    """Skip a test of the Google family that is in the table, alone or with its case."""
    name = request.node.name
    if "[google" not in name:
        return
    case = re.sub(r"\[google-?", "[", name, count=1).replace("[]", "")
    why = CANNOT_SHOW.get(request.node.originalname) or CANNOT_SHOW.get(case)
    if why:
        pytest.skip(why)
