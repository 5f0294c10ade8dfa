# ruff: noqa: E501 (tables read better with a case a line)
"""What GoogleSQL means: results that the reference of BigQuery states, asked of every family.

https://cloud.google.com/bigquery/docs/reference/standard-sql
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from shared.domain.semantics import CHANNEL_DAILY
from shared.errors import Invalid
from shared.ports import Query
from tests.families.bigquery_limits import skip_what_it_cannot_show

from .conftest import FAMILIES, OPENED, SteppedClock

PARAMS = {
    "day": date(2008, 12, 25), "five": 5, "names": ("b", "c"), "none": (), "with_null": ("b", None),
    "ids": (1, 2), "text": "blue",
}  # fmt: skip
INF = None  # beyond JSON


def day(text):
    return date.fromisoformat(text)


SCALARS = {
    # division
    "1 / 2": 0.5, "6 / 3": 2.0, "NUMERIC '1' / 3": Decimal("0.333333333"),
    "2 / NUMERIC '3'": Decimal("0.666666667"), "NULL / 0": None,
    "SAFE_DIVIDE(20, 4)": 5.0, "SAFE_DIVIDE(0, 20)": 0.0, "SAFE_DIVIDE(20, 0)": None,
    "SAFE_DIVIDE(NUMERIC '1', 3)": Decimal("0.333333333"), "SAFE_DIVIDE(NULL, 3)": None,
    "IEEE_DIVIDE(20, 4)": 5.0, "IEEE_DIVIDE(25, 0)": INF,
    "DIV(20, 4)": 5, "DIV(12, -7)": -1, "DIV(20, 3)": 6, "MOD(25, 12)": 1, "MOD(-7, 2)": -1,
    # numbers
    "NUMERIC '1.5' * NUMERIC '1.5'": Decimal("2.25"), "NUMERIC '0.1' + NUMERIC '0.2'": Decimal("0.3"),
    "1.5 + 1": 2.5, "NUMERIC '1.5' + 1": Decimal("2.5"), "NUMERIC '1.5' * 2.0": Decimal("3"), "NUMERIC '1.5' + 0.5": Decimal("2"),
    "ROUND(2.3)": 2.0, "ROUND(2.8)": 3.0, "ROUND(2.5)": 3.0, "ROUND(-2.5)": -3.0, "ROUND(0.5)": 1.0,
    "ROUND(123.7, -1)": 120.0, "ROUND(1.25, 1)": 1.3, "ROUND(7)": 7.0,
    "ROUND(NUMERIC '2.345', 2)": Decimal("2.35"), "ROUND(NUMERIC '-2.345', 2)": Decimal("-2.35"),
    "TRUNC(2.8)": 2.0, "TRUNC(-2.8)": -2.0, "CEIL(2.3)": 3.0, "FLOOR(-2.3)": -3.0,
    "ABS(-5)": 5, "SIGN(-25)": -1, "POW(2.0, 3.0)": 8.0, "SQRT(25.0)": 5.0, "LN(1.0)": 0.0,
    "LOG(100.0, 10.0)": 2.0, "LOG10(100.0)": 2.0, "EXP(0.0)": 1.0,
    "GREATEST(3, 5, 1)": 5, "LEAST(3, 5, 1)": 1, "GREATEST(3, NULL)": None, "LEAST(NULL, 3)": None,
    "SAFE_ADD(9223372036854775807, 1)": None, "SAFE_MULTIPLY(2, 3)": 6, "SAFE_SUBTRACT(5, 4)": 1,
    # conditions
    "IF(TRUE, 1, 2)": 1, "IF(NULL, 1, 2)": 2, "IFNULL(NULL, 10)": 10, "NULLIF(10, 10)": None,
    "COALESCE(NULL, 'B', 'C')": "B", "CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END": "b",
    "NULL = NULL": None, "NULL IS DISTINCT FROM NULL": False, "1 IS NOT DISTINCT FROM NULL": False,
    "TRUE AND NULL": None, "FALSE AND NULL": False, "TRUE OR NULL": True, "NOT NULL": None,
    "2 BETWEEN 1 AND 3": True, "'b' IN ('a', 'b')": True, "'c' NOT IN ('a', NULL)": None,
    # arrays as parameters
    "'b' IN UNNEST(@names)": True, "'a' IN UNNEST(@names)": False, "NULL IN UNNEST(@names)": None,
    "'a' IN UNNEST(@none)": False, "'a' NOT IN UNNEST(@none)": True, "2 IN UNNEST(@ids)": True,
    "'a' IN UNNEST(@with_null)": None, "'a' NOT IN UNNEST(@names)": True,
    "ARRAY_LENGTH(@names)": 2, "2 IN UNNEST([1, 2])": True,
    # casts
    "CAST(2.5 AS INT64)": 3, "CAST(-2.5 AS INT64)": -3, "CAST(1.4 AS INT64)": 1,
    "CAST(NUMERIC '2.5' AS INT64)": 3, "CAST('7' AS INT64)": 7, "SAFE_CAST('apple' AS INT64)": None,
    "CAST('1.25' AS NUMERIC)": Decimal("1.25"), "CAST(0.123456789123 AS NUMERIC)": Decimal("0.123456789"),
    "CAST(12.0 AS STRING)": "12", "CAST(0.1 AS STRING)": "0.1", "CAST(NUMERIC '1.50' AS STRING)": "1.5",
    "CAST(NUMERIC '100' AS STRING)": "100", "CAST(7 AS STRING)": "7", "CAST(TRUE AS STRING)": "true",
    "CAST(DATE '2008-12-25' AS STRING)": "2008-12-25", "CAST('2008-12-25' AS DATE)": day("2008-12-25"),
    "SAFE_CAST('soon' AS DATE)": None, "CAST(1 AS FLOAT64)": 1.0, "CAST('true' AS BOOL)": True,
    # dates
    "DATE(2016, 12, 25)": day("2016-12-25"), "DATE '2008-12-25'": day("2008-12-25"),
    "DATE_ADD(DATE '2008-12-25', INTERVAL 5 DAY)": day("2008-12-30"),
    "DATE_SUB(DATE '2008-12-25', INTERVAL 5 DAY)": day("2008-12-20"),
    "DATE_ADD(DATE '2025-01-31', INTERVAL 1 MONTH)": day("2025-02-28"),
    "DATE_SUB(DATE '2024-02-29', INTERVAL 1 YEAR)": day("2023-02-28"),
    "DATE_ADD(@day, INTERVAL 2 WEEK)": day("2009-01-08"),
    "DATE_SUB(@day, INTERVAL @five DAY)": day("2008-12-20"),
    "DATE_SUB(@day, INTERVAL 1 QUARTER)": day("2008-09-25"), "@day + 1": day("2008-12-26"),
    "DATE_TRUNC(DATE '2008-12-25', MONTH)": day("2008-12-01"),
    "DATE_TRUNC(@day, QUARTER)": day("2008-10-01"), "DATE_TRUNC(@day, YEAR)": day("2008-01-01"),
    "DATE_TRUNC(DATE '2017-11-05', WEEK)": day("2017-11-05"),
    "DATE_TRUNC(DATE '2017-11-05', WEEK(MONDAY))": day("2017-10-30"),
    "DATE_TRUNC(DATE '2017-11-05', WEEK(SATURDAY))": day("2017-11-04"),
    "DATE_TRUNC(DATE '2017-11-05', ISOWEEK)": day("2017-10-30"),
    "DATE_TRUNC(DATE '2015-06-15', ISOYEAR)": day("2014-12-29"),
    "DATE_TRUNC(@day, WEEK(MONDAY))": day("2008-12-22"),
    "DATE_DIFF(DATE '2010-07-07', DATE '2008-12-25', DAY)": 559,
    "DATE_DIFF(DATE '2017-10-15', DATE '2017-10-14', DAY)": 1,
    "DATE_DIFF(DATE '2017-10-15', DATE '2017-10-14', WEEK)": 1,
    "DATE_DIFF(DATE '2017-12-18', DATE '2017-12-17', WEEK)": 0,
    "DATE_DIFF(DATE '2017-12-18', DATE '2017-12-17', WEEK(MONDAY))": 1,
    "DATE_DIFF(DATE '2017-12-18', DATE '2017-12-17', ISOWEEK)": 1,
    "DATE_DIFF(DATE '2017-12-30', DATE '2014-12-30', YEAR)": 3,
    "DATE_DIFF(DATE '2017-12-30', DATE '2014-12-30', ISOYEAR)": 2,
    "DATE_DIFF(DATE '2025-01-01', DATE '2024-12-31', MONTH)": 1,
    "DATE_DIFF(DATE '2025-01-01', DATE '2025-01-31', DAY)": -30,
    "EXTRACT(DAY FROM DATE '2013-12-25')": 25,
    "EXTRACT(DAYOFWEEK FROM DATE '2025-01-05')": 1, "EXTRACT(DAYOFWEEK FROM DATE '2025-01-04')": 7,
    "EXTRACT(DAYOFWEEK FROM @day)": 5, "EXTRACT(DAYOFYEAR FROM DATE '2025-02-01')": 32,
    "EXTRACT(QUARTER FROM @day)": 4,
    "EXTRACT(ISOYEAR FROM DATE '2016-01-02')": 2015, "EXTRACT(ISOWEEK FROM DATE '2016-01-02')": 53,
    "EXTRACT(WEEK FROM DATE '2016-01-02')": 0, "EXTRACT(WEEK FROM DATE '2015-12-27')": 52,
    "EXTRACT(WEEK FROM DATE '2015-12-23')": 51, "EXTRACT(ISOWEEK FROM DATE '2015-12-27')": 52,
    "EXTRACT(WEEK FROM DATE '2017-11-05')": 45, "EXTRACT(WEEK(MONDAY) FROM DATE '2017-11-05')": 44,
    "EXTRACT(WEEK FROM DATE '2017-11-06')": 45, "EXTRACT(WEEK(MONDAY) FROM DATE '2017-11-06')": 45,
    "LAST_DAY(DATE '2008-11-25')": day("2008-11-30"),
    "LAST_DAY(DATE '2008-11-25', YEAR)": day("2008-12-31"),
    "LAST_DAY(DATE '2008-11-10', WEEK(SUNDAY))": day("2008-11-15"),
    "LAST_DAY(DATE '2008-11-10', WEEK(MONDAY))": day("2008-11-16"),
    "FORMAT_DATE('%x', DATE '2008-12-25')": "12/25/08",
    "FORMAT_DATE('%b-%d-%Y', DATE '2008-12-25')": "Dec-25-2008",
    "FORMAT_DATE('%b %Y', @day)": "Dec 2008", "FORMAT_DATE('%A, %B %e', DATE '2025-01-05')": "Sunday, January  5",
    "FORMAT_DATE('%Y-Q%Q', @day)": "2008-Q4", "FORMAT_DATE('%G-W%V', DATE '2016-01-02')": "2015-W53",
    "FORMAT_DATE('%F %D %y %j %u %w %%', @day)": "2008-12-25 12/25/08 08 360 4 4 %",
    "FORMAT_DATE('%U %W', DATE '2017-11-05')": "45 44", "FORMAT_DATE('%C %g %h %E4Y', @day)": "20 08 Dec 2008",
    "PARSE_DATE('%Y%m%d', '20081225')": day("2008-12-25"),
    "PARSE_DATE('%x', '12/25/08')": day("2008-12-25"),
    "UNIX_DATE(DATE '2008-12-25')": 14238, "DATE_FROM_UNIX_DATE(14238)": day("2008-12-25"),
    "TIMESTAMP '2008-12-25 15:30:00+02'": datetime(2008, 12, 25, 13, 30, tzinfo=UTC),
    "DATE(TIMESTAMP '2008-12-25 23:30:00+00')": day("2008-12-25"),
    "TIMESTAMP_TRUNC(TIMESTAMP '2008-12-25 15:30:00+00', DAY)": datetime(2008, 12, 25, tzinfo=UTC),
    "TIMESTAMP_DIFF(TIMESTAMP '2010-07-07 10:20:00+00', TIMESTAMP '2008-12-25 15:30:00+00', HOUR)": 13410,
    "EXTRACT(HOUR FROM TIMESTAMP '2008-12-25 05:30:00+00')": 5,
    "FORMAT_TIMESTAMP('%b-%d-%Y', TIMESTAMP '2008-12-25 15:30:00+00')": "Dec-25-2008",
    # strings
    "'a' || 'b'": "ab", "CONCAT('T.P.', ' ', 'Bar')": "T.P. Bar", "CONCAT('a', NULL)": None,
    "'a' < 'B'": False, "'a' = 'A'": False, "'Z' < 'a'": True, "LOWER('ÄBC')": "äbc", "UPPER('äbc')": "ÄBC",
    "LENGTH('абвгд')": 5, "CHAR_LENGTH('äb')": 2, "REVERSE('abc')": "cba", "REPEAT('abc', 3)": "abcabcabc",
    "TRIM('   apple   ')": "apple", "TRIM('***apple***', '*')": "apple", "LTRIM('  a')": "a",
    "LPAD('abc', 5)": "  abc", "LPAD('abc', 2)": "ab", "RPAD('abc', 5, '-')": "abc--",
    "SUBSTR('apple', 2)": "pple", "SUBSTR('apple', 2, 2)": "pp", "SUBSTR('apple', -2)": "le",
    "SUBSTR('apple', 123)": "", "SUBSTR('apple', 0, 2)": "ap", "LEFT('apple', 3)": "app", "RIGHT('apple', 3)": "ple",
    "STRPOS('foo@example.com', '@')": 4, "STRPOS('foo', '@')": 0, "REPLACE('desserts', 'ss', 'x')": "dexerts",
    "STARTS_WITH('bar', 'b')": True, "ENDS_WITH('apple', 'e')": True, "INITCAP('Hello World-everyone!')": "Hello World-Everyone!",
    "CONTAINS_SUBSTR('the Blue house', 'blue HOUSE')": True, "SPLIT('b,c,d', ',')[OFFSET(1)]": "c",
    "SPLIT('a b', ' ')[SAFE_OFFSET(5)]": None, "ARRAY_TO_STRING(['a', 'b'], '--')": "a--b",
    "REGEXP_CONTAINS('foo@example.com', r'@[a-z]+\\.com$')": True, "REGEXP_CONTAINS('a', '^$')": False,
    "REGEXP_EXTRACT('foo@example.com', r'^[a-z0-9_.+-]+')": "foo", "REGEXP_EXTRACT('foo@example.com', r'@([a-z]+)')": "example",
    "REGEXP_EXTRACT('abc', 'x')": None, "REGEXP_REPLACE('# Heading', r'^# ([a-zA-Z ]+)$', r'<h1>\\1</h1>')": "<h1>Heading</h1>",
    "'100%' LIKE r'100\\%'": True, "'1000' LIKE r'100\\%'": False, "'1000' LIKE '100%'": True,
    "'Abc' LIKE 'abc'": False, "'abc' LIKE 'a_c'": True, "'a' LIKE NULL": None,
    "FORMAT('%d items at %.2f', 3, 2.5)": "3 items at 2.50", "TO_JSON_STRING([1, 2])": "[1,2]",
    "'it\\'s'": "it's", "r'a\\d'": "a\\d", "\"double\"": "double", "@text": "blue",
    # arrays
    "[1, 2, 3][OFFSET(0)]": 1, "[1, 2, 3][ORDINAL(1)]": 1, "[1, 2][SAFE_OFFSET(5)]": None,
    "ARRAY_LENGTH(GENERATE_ARRAY(1, 5))": 5, "ARRAY_LENGTH(GENERATE_DATE_ARRAY('2016-10-05', '2016-10-08'))": 4,
    "ARRAY_LENGTH(GENERATE_DATE_ARRAY('2016-10-05', '2016-10-01'))": 0,
    "ARRAY_LENGTH(GENERATE_DATE_ARRAY('2016-01-01', '2016-12-31', INTERVAL 2 MONTH))": 6,
}  # fmt: skip

NUMBERS = "UNNEST([3, 1, NULL, 2]) AS x"
WORDS = "UNNEST(['apple', NULL, 'pear', 'banana', 'pear']) AS x"
QUERIES = {
    # order and nulls
    f"SELECT x FROM {NUMBERS} ORDER BY x": [None, 1, 2, 3],
    f"SELECT x FROM {NUMBERS} ORDER BY x DESC": [3, 2, 1, None],
    f"SELECT x FROM {NUMBERS} ORDER BY x NULLS LAST": [1, 2, 3, None],
    f"SELECT x FROM {NUMBERS} WHERE x NOT IN (1) ORDER BY x": [2, 3],
    f"SELECT ROW_NUMBER() OVER (ORDER BY x) FROM {NUMBERS} WHERE x IS NULL": [1],
    f"SELECT LAG(x) OVER (ORDER BY x) FROM {NUMBERS} ORDER BY x": [None, None, 1, 2],
    f"SELECT RANK() OVER (ORDER BY x DESC) FROM {NUMBERS} ORDER BY x": [4, 3, 2, 1],
    f"SELECT SUM(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM {NUMBERS} ORDER BY x": [None, 1, 3, 5],
    f"SELECT x FROM {NUMBERS} WHERE TRUE QUALIFY ROW_NUMBER() OVER (ORDER BY x DESC) = 1": [3],
    f"SELECT FIRST_VALUE(x IGNORE NULLS) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM {NUMBERS} LIMIT 1": [1],
    # aggregates
    "SELECT COUNTIF(x < 0) FROM UNNEST([5, -2, 3, 6, -10, -7, 4, 0]) AS x": [3],
    "SELECT APPROX_COUNT_DISTINCT(x) FROM UNNEST([0, 1, 1, 2, 3, 5]) AS x": [5],
    "SELECT AVG(x) FROM UNNEST([0, 2, 4, 4, 5]) AS x": [3.0],
    "SELECT AVG(DISTINCT x) FROM UNNEST([0, 2, 4, 4, 5]) AS x": [2.75],
    "SELECT AVG(x) FROM UNNEST([NUMERIC '1', 2, 2]) AS x": [Decimal("1.666666667")],
    "SELECT AVG(x) OVER () FROM UNNEST([NUMERIC '1', 2]) AS x": [Decimal("1.5")] * 2,
    "SELECT SUM(x) FROM UNNEST([NUMERIC '0.1', NUMERIC '0.2']) AS x": [Decimal("0.3")],
    "SELECT SUM(x) FROM UNNEST([9223372036854775806, 1]) AS x": [2**63 - 1],
    "SELECT SUM(x) FROM UNNEST([1]) AS x WHERE x > 1": [None],
    "SELECT COUNT(x) FROM UNNEST([1]) AS x WHERE x > 1": [0],
    f"SELECT COUNT(*) FROM {WORDS}": [5], f"SELECT COUNT(x) FROM {WORDS}": [4],
    f"SELECT COUNT(DISTINCT x) FROM {WORDS}": [3],
    f"SELECT LOGICAL_AND(x > 0) FROM {NUMBERS}": [True], f"SELECT LOGICAL_OR(x > 2) FROM {NUMBERS}": [True],
    f"SELECT ANY_VALUE(x) FROM {NUMBERS} WHERE x = 2": [2],
    f"SELECT MAX_BY(x, -x) FROM {NUMBERS}": [1],
    f"SELECT STRING_AGG(x, ' & ' ORDER BY x) FROM {WORDS}": ["apple & banana & pear & pear"],
    f"SELECT STRING_AGG(DISTINCT x ORDER BY x) FROM {WORDS}": ["apple,banana,pear"],
    f"SELECT ARRAY_AGG(x IGNORE NULLS ORDER BY x DESC LIMIT 2) FROM {NUMBERS}": [[3, 2]],
    f"SELECT ARRAY_AGG(DISTINCT x IGNORE NULLS ORDER BY x) FROM {NUMBERS}": [[1, 2, 3]],
    "SELECT STDDEV_SAMP(x) FROM UNNEST([1]) AS x": [None],
    "SELECT STDDEV_POP(x) FROM UNNEST([2, 4, 4, 4, 5, 5, 7, 9]) AS x": [2.0],
    "SELECT CORR(x, 2 * x) FROM UNNEST([1.0, 5.0, 9.0]) AS x": [1.0],
    "SELECT DISTINCT PERCENTILE_CONT(x, 0.5) OVER () FROM UNNEST([0, 3, NULL, 1, 2]) AS x": [1.5],
    "SELECT DISTINCT PERCENTILE_CONT(x, 0.9) OVER () FROM UNNEST([0, 3, NULL, 1, 2]) AS x": [2.7],
    "SELECT DISTINCT PERCENTILE_DISC(x, 0.5) OVER () FROM UNNEST(['c', NULL, 'b', 'a']) AS x": ["b"],
    # generated rows
    "SELECT d FROM UNNEST(GENERATE_DATE_ARRAY('2016-10-05', '2016-10-07')) AS d ORDER BY d":
        [day("2016-10-05"), day("2016-10-06"), day("2016-10-07")],
    "SELECT d FROM UNNEST(GENERATE_DATE_ARRAY('2016-10-05', '2016-09-29', INTERVAL -3 DAY)) AS d ORDER BY d":
        [day("2016-09-29"), day("2016-10-02"), day("2016-10-05")],
    "SELECT d FROM UNNEST(GENERATE_DATE_ARRAY(DATE_SUB(@day, INTERVAL 1 DAY), @day)) AS d ORDER BY d":
        [day("2008-12-24"), day("2008-12-25")],
    "SELECT o FROM UNNEST(['x', 'y']) AS w WITH OFFSET AS o ORDER BY o": [0, 1],
    "SELECT x FROM UNNEST(@names) AS x ORDER BY x": ["b", "c"],
    # names
    "SELECT Spend FROM (SELECT 1 AS SPEND) AS T WHERE t.spend = 1": [1],
    "WITH channel_daily AS (SELECT 7 AS spend) SELECT spend FROM channel_daily": [7],
    "SELECT UPPER(x) AS x FROM UNNEST(['a', 'A']) AS x GROUP BY x": ["A"],
    "SELECT x AS y FROM UNNEST([1, 2, 3]) AS x GROUP BY y HAVING y > 2": [3],
    "SELECT x + 1 FROM UNNEST([1, 2]) AS x GROUP BY 1 ORDER BY 1 DESC": [3, 2],
    "SELECT 1 AS x UNION ALL SELECT 2 UNION ALL SELECT 2 ORDER BY x": [1, 2, 2],
    "SELECT 1 AS x UNION DISTINCT SELECT 1": [1],
    "SELECT 1 AS x EXCEPT DISTINCT SELECT 1": [],
    "SELECT * EXCEPT (b) FROM (SELECT 1 AS a, 2 AS b)": [1],
    "SELECT COUNT(*) FROM (SELECT 1 AS k) JOIN (SELECT 1 AS k) USING (k)": [1],
    "SELECT x FROM UNNEST([1, 2, 2]) AS x GROUP BY ROLLUP (x) ORDER BY x": [None, 1, 2],
}  # fmt: skip


@pytest.fixture(autouse=True)
def shown(request):
    skip_what_it_cannot_show(request)


@pytest.fixture(scope="module", params=OPENED)
def ask(request, tmp_path_factory):
    family = FAMILIES[request.param](tmp_path_factory.mktemp("googlesql"), SteppedClock())
    warehouse = family.warehouse()
    load(warehouse)
    yield lambda sql: [row[0] for row in warehouse.run(Query("shop", sql, PARAMS)).rows]
    family.close()


def load(warehouse):
    rows = [
        (date(2025, 1, 5), "meta", "c1", "Sale", Decimal("1"), 10, 3, 0.5, Decimal("2")),
        (date(2025, 1, 6), "meta", "c1", "Sale", Decimal("1"), 10, 0, 0.0, Decimal("0")),
        (date(2025, 1, 6), "email", "c2", None, None, None, None, None, None),
    ]
    names = [c.name for c in CHANNEL_DAILY.columns if c.name not in ("project_id", "loaded_at")]
    batch = pa.RecordBatch.from_pylist([dict(zip(names, row, strict=True)) for row in rows])
    with warehouse.stage(CHANNEL_DAILY, "shop") as staging:
        staging.append(batch)
        staging.merge(datetime(2025, 2, 1, tzinfo=UTC))


@pytest.mark.parametrize(("expression", "expected"), SCALARS.items(), ids=SCALARS)
def test_an_expression_means_what_the_reference_says(ask, expression, expected):
    [value] = ask(f"SELECT {expression}")
    assert value == (pytest.approx(expected) if isinstance(expected, float) else expected)
    assert type(value) is type(expected)


@pytest.mark.parametrize(("sql", "expected"), QUERIES.items(), ids=QUERIES)
def test_a_query_means_what_the_reference_says(ask, sql, expected):
    near = [pytest.approx(v) if isinstance(v, float) else v for v in expected]
    assert ask(sql) == near


TABLE = "FROM marketing.channel_daily WHERE project_id = @project_id AND date >= '2025-01-01'"


@pytest.mark.parametrize(
    ("columns", "expected"),
    {
        "SUM(spend) / SUM(clicks)": Decimal("0.666666667"),
        "SAFE_DIVIDE(SUM(revenue), SUM(spend))": Decimal("1"),
        "SAFE_DIVIDE(SUM(clicks), SUM(impressions))": 0.15,
        "SAFE_DIVIDE(SUM(spend), SUM(conversions))": 4.0,
        "1000 * SAFE_DIVIDE(SUM(spend), SUM(impressions))": Decimal("100"),
        "AVG(spend)": Decimal("1"),
        "SUM(SAFE_DIVIDE(spend, clicks))": Decimal("0.333333333"),
        "COUNT(DISTINCT DATE_TRUNC(date, WEEK))": 1,
        "COUNT(DISTINCT DATE_TRUNC(date, WEEK(MONDAY)))": 2,
        "COUNTIF(EXTRACT(DAYOFWEEK FROM date) = 1)": 1,
        "MAX(EXTRACT(YEAR FROM loaded_at))": 2025,
    }.items(),
)
def test_a_metric_has_the_value_and_type_that_its_columns_give_it(ask, columns, expected):
    [value] = ask(f"SELECT {columns} {TABLE}")
    assert value == pytest.approx(expected)
    assert type(value) is type(expected)


def test_a_table_is_found_with_and_without_its_dataset_and_cloud_project(ask):
    for name in (
        "channel_daily",
        "marketing.channel_daily",
        "`my-project.marketing.channel_daily`",
    ):
        assert ask(f"SELECT COUNT(*) FROM {name} AS d WHERE d.date >= '2025-01-01'") == [3]


def test_grouping_by_an_alias_groups_by_what_it_stands_for(ask):
    sql = f"SELECT DATE_TRUNC(date, MONTH) AS date, SUM(clicks) {TABLE} GROUP BY date"
    assert ask(sql) == [date(2025, 1, 1)]


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT spend / clicks {TABLE}",
        "SELECT 1 / 0",
        "SELECT NUMERIC '1' / 0",
        "SELECT CAST('x' AS INT64)",
        "SELECT CAST('2025-02-30' AS DATE)",
        f"SELECT channel, SUM(spend) {TABLE}",
        "SELECT 9223372036854775807 + 1",
        "SELECT 'a' + 1",
    ],
)
def test_what_is_an_error_in_bigquery_is_invalid(ask, sql):
    with pytest.raises(Invalid):
        ask(sql)
