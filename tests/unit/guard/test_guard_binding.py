"""What comes out: every table bound to the tenant and its days, rows bounded, meaning kept."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any

import pytest
from sqlglot import exp

from shared.domain.guard import Guarded, UnsafeSql, guard
from shared.domain.guard.binding import bind
from shared.domain.guard.refusal import Source
from shared.domain.guard.scope import Reference, Relation
from shared.domain.query.compiler import compile_plan
from shared.domain.query.plan import Filter, Order, Period, Plan, Threshold
from shared.ports import Query

CHANNEL = (
    "(SELECT IF(project_id = @project_id, channel, NULL) AS channel FROM marketing.channel_daily"
    " WHERE project_id = @project_id AND date BETWEEN @first_day AND @last_day)"
)
NAME = (
    "(SELECT IF(project_id = @project_id, name, NULL) AS name FROM marketing.campaigns"
    " WHERE project_id = @project_id)"
)


@pytest.mark.parametrize(
    ("sql", "bound", "tables"),
    [
        (
            "SELECT channel FROM channel_daily",
            f"SELECT channel FROM {CHANNEL} AS channel_daily LIMIT 10001",
            ("channel_daily",),
        ),
        (
            "select D.Channel from `Marketing`.`CHANNEL_DAILY` d limit 5",
            f"SELECT D.Channel FROM {CHANNEL} AS d LIMIT 5",
            ("channel_daily",),
        ),
        (
            "SELECT channel FROM channel_daily UNION ALL SELECT name FROM campaigns",
            f"SELECT channel FROM {CHANNEL} AS channel_daily UNION ALL SELECT name FROM {NAME} AS"
            " campaigns LIMIT 10001",
            ("campaigns", "channel_daily"),
        ),
        (
            "WITH t AS (SELECT name FROM campaigns) SELECT name FROM t",
            f"WITH t AS (SELECT name FROM {NAME} AS campaigns) SELECT name FROM t LIMIT 10001",
            ("campaigns",),
        ),
        (
            "SELECT EXISTS (SELECT 1 FROM campaigns AS c WHERE c.name = d.channel) AS x"
            " FROM channel_daily AS d",
            f"SELECT EXISTS(SELECT 1 FROM {NAME} AS c WHERE c.name = d.channel) AS x FROM {CHANNEL}"
            " AS d LIMIT 10001",
            ("campaigns", "channel_daily"),
        ),
        (
            "SELECT c.name AS name, COUNT(*) AS n FROM campaigns AS c GROUP BY c.name ORDER BY n",
            f"SELECT c.name AS name, COUNT(*) AS n FROM {NAME} AS c GROUP BY c.name ORDER BY n"
            " LIMIT 10001",
            ("campaigns",),
        ),
        (  # the engine decides what `name` means in GROUP BY, and must see the same columns
            "SELECT COUNT(*) AS name FROM campaigns GROUP BY name",
            f"SELECT COUNT(*) AS name FROM {NAME} AS campaigns GROUP BY name LIMIT 10001",
            ("campaigns",),
        ),
        ("SELECT 1 AS one", "SELECT 1 AS one LIMIT 10001", ()),
    ],
)
def test_every_stored_table_becomes_the_tenants_own_rows(
    sql: str, bound: str, tables: tuple[str, ...]
) -> None:
    assert guard(sql) == Guarded(bound, tables)


def test_a_count_of_rows_needs_no_column_of_them(worlds: Any) -> None:
    assert "IF(" not in guard("SELECT COUNT(*) FROM channel_daily").sql
    assert worlds.both("SELECT COUNT(*) AS n FROM campaigns")[1] == Counter({(3,): 1})


@pytest.mark.parametrize(
    ("limit", "most", "kept"),
    [
        ("", 100, "LIMIT 101"),
        (" LIMIT 7", 100, "LIMIT 7"),
        (" LIMIT 101", 100, "LIMIT 101"),
        (" LIMIT 102", 100, "LIMIT 101"),
        (" LIMIT 999999", 100, "LIMIT 101"),
        (" LIMIT 0", 100, "LIMIT 0"),
        (" LIMIT 500 OFFSET 20", 100, "LIMIT 101 OFFSET 20"),
        (" UNION ALL SELECT 2 LIMIT 999", 100, "LIMIT 101"),
    ],
)
def test_rows_are_bounded_one_past_what_the_caller_shows(limit: str, most: int, kept: str) -> None:
    assert guard(f"SELECT 1{limit}", max_rows=most).sql.endswith(kept)


def test_an_inner_limit_does_not_stand_for_the_outer_one() -> None:
    assert guard("(SELECT 1 AS a LIMIT 5) UNION ALL (SELECT 2)").sql.endswith(
        "(SELECT 2) LIMIT 10001"
    )
    assert guard("((SELECT 1 AS a))").sql == "SELECT 1 AS a LIMIT 10001"


def test_days_outside_the_bounds_are_not_read(worlds: Any) -> None:
    bound = guard("SELECT MIN(date) AS a, MAX(date) AS b FROM channel_daily").sql
    days = {"first_day": date(2025, 1, 3), "last_day": date(2025, 1, 5)}
    rows = worlds.crowded.run(Query("mine", bound, days)).rows
    assert rows == [(date(2025, 1, 3), date(2025, 1, 5))]


def test_an_engine_that_tests_predicates_before_the_tenant_sees_only_nulls(worlds: Any) -> None:
    for table, columns in (("channel_daily", 8), ("campaigns", 6)):
        bound = guard(f"SELECT * FROM {table}").sql
        careless = bound.replace("WHERE project_id = @project_id AND ", "WHERE ")
        careless = careless.replace(" WHERE project_id = @project_id", "")
        seen = worlds.ask(worlds.crowded, careless)
        foreign = seen - worlds.ask(worlds.crowded, bound)
        assert sum(foreign.values()) >= 9
        for row in foreign:
            assert row[-columns:] == (None,) * columns


def test_other_tenants_are_there_to_be_found(worlds: Any) -> None:
    days = {"first_day": date(2025, 1, 1), "last_day": date(2025, 1, 12)}
    sql = guard("SELECT campaign FROM channel_daily").sql
    for project in ("aaa", "other", "zzz"):
        rows = worlds.crowded.run(Query(project, sql, days)).rows
        assert (f"secret of {project}",) in rows


def test_division_by_zero_is_null(worlds: Any) -> None:
    alone, _ = worlds.both("SELECT 1 / 0 AS a, (2 + 4) / (1 + 1) AS b, 0.0 / 0 AS c")
    assert alone == Counter({(None, 3.0, None): 1})


PERIOD = Period(start=date(2025, 1, 1), end=date(2025, 1, 12))
EARLIER = Period(start=date(2024, 12, 20), end=date(2024, 12, 31))
PLANS = {
    "one number": Plan(metrics=("spend",), period=PERIOD),
    "all metrics by channel": Plan(
        metrics=("spend", "roas", "ctr", "cpa", "cpm"), dimensions=("channel",), period=PERIOD
    ),
    "filters, thresholds and rank": Plan(
        metrics=("roas",),
        dimensions=("campaign",),
        filters=(
            Filter(field="channel", values=("meta", "email")),
            Filter(field="campaign", values=("DE_Brand_1",), negated=True),
        ),
        thresholds=(Threshold(metric="spend", operator=">", value=1.0),),
        order=Order(by="roas"),
        limit=3,
        period=PERIOD,
    ),
    "comparison by week": Plan(
        metrics=("spend", "revenue"),
        dimensions=("date", "channel"),
        grain="week",
        period=PERIOD,
        compare_to=EARLIER,
    ),
    "comparison of totals": Plan(metrics=("spend",), period=PERIOD, compare_to=EARLIER),
    "shares by weekday": Plan(
        metrics=("spend",), dimensions=("weekday", "channel"), share=True, period=PERIOD
    ),
}


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_a_compiled_plan_passes_with_its_parameters_and_runs(worlds: Any, plan: Plan) -> None:
    compiled = compile_plan(plan)
    bound = guard(compiled.sql, parameters=frozenset(compiled.params))
    params = {**compiled.params, "first_day": date(2024, 12, 1), "last_day": date(2025, 1, 12)}
    assert set(re.findall(r"@(\w+)", bound.sql)) <= {*params, "project_id"}
    assert worlds.alone.run(Query("mine", bound.sql, params)).rows
    assert bound.tables == ("channel_daily",)


def test_an_array_parameter_may_be_searched() -> None:
    sql = "SELECT channel FROM channel_daily WHERE channel IN UNNEST(@wanted)"
    assert "IN UNNEST(@wanted)" in guard(sql, parameters=frozenset({"wanted"})).sql


@pytest.mark.parametrize("name", ["other", "WANTED", "project_id", "first_day"])
def test_a_parameter_that_is_not_named_is_refused(name: str) -> None:
    with pytest.raises(UnsafeSql) as caught:
        guard(f"SELECT @{name}", parameters=frozenset({"wanted"}))
    assert caught.value.extra["reason"] == "parameter"
    assert caught.value.status == 422
    assert caught.value.slug == "unsafe-sql"


@pytest.mark.parametrize(
    "written",
    [
        "SELECT * FROM secrets",
        "SELECT * FROM marketing.channel_daily",
        "SELECT * FROM channel_daily",
        "SELECT * FROM _bound_0",
        "SELECT * FROM x._bound_0",
        "WITH a AS (SELECT 1) SELECT * FROM marketing.a",
        "SELECT 1; SELECT 2",
        "SELECT @other",
        "SELECT RAND()",
        "DROP TABLE x",
        "SELECT (",
        "",
    ],
)
def test_the_second_reading_trusts_no_text(written: str) -> None:
    with pytest.raises(UnsafeSql) as caught:
        bind(written, [], Source(""), frozenset())
    assert caught.value.extra["reason"] == "unproven"


@pytest.mark.parametrize(
    "written", ["SELECT 1", "SELECT '_bound_0'", "SELECT 1 FROM _bound_0 JOIN _bound_0 ON TRUE"]
)
def test_every_table_that_was_checked_is_in_the_text_once(written: str) -> None:
    checked = Reference(exp.Table(), "campaigns", Relation({}))
    with pytest.raises(UnsafeSql) as caught:
        bind(written, [checked], Source(""), frozenset())
    assert caught.value.extra["reason"] == "unproven"
