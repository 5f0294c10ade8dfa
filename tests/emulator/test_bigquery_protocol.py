# ruff: noqa: E501 (tables read better with a case a line)
"""BigQuery's adapter against its REST protocol: what goes over the wire, what comes of answers."""

from __future__ import annotations

import io
import time
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from google.auth.credentials import AnonymousCredentials

from shared.adapters.google.warehouse import BigQueryWarehouse
from shared.domain.semantics import CAMPAIGNS, CHANNEL_DAILY
from shared.errors import Invalid, TimedOut, TooLarge, Unavailable
from shared.ports import Column, Query, UpsertCounts
from tests.servers.bigquery import PROJECT, BigQueryServer, job, refuses, rows, unfinished

DAY = date(2025, 3, 1)
LOADED = datetime(2025, 4, 1, 6, tzinfo=UTC)
MERGED = {"dmlStats": {"insertedRowCount": "1", "updatedRowCount": "1", "deletedRowCount": "0"}}


@pytest.fixture
def server():
    server = BigQueryServer()
    yield server
    server.close()


@pytest.fixture
def warehouse(server):
    made = open_warehouse(server)
    yield made
    made.close()


def open_warehouse(server, **options):
    return BigQueryWarehouse(
        PROJECT, endpoint=server.url, credentials=AnonymousCredentials(), **options
    )


def sent(server, operation="query"):
    [call] = server.asked(operation)
    return call.body


PARAMETERS = {
    "text": ("blue", "STRING", "blue"),
    "whole": (5, "INT64", "5"),
    "huge": (2**70, "NUMERIC", str(2**70)),
    "float": (0.5, "FLOAT64", 0.5),
    "truth": (True, "BOOL", "true"),
    "money": (Decimal("1.50"), "NUMERIC", "1.50"),
    "most money": (Decimal("9" * 29 + ".123456789"), "NUMERIC", "9" * 29 + ".123456789"),
    "small money": (Decimal("0.0000000001"), "BIGNUMERIC", "1E-10"),
    "day": (DAY, "DATE", "2025-03-01"),
    "first day": (date.min, "DATE", "0001-01-01"),
    "instant": (LOADED, "TIMESTAMP", "2025-04-01 06:00:00+00:00"),
    "nothing": (None, "STRING", None),
    "words": (("a", "b"), "ARRAY<STRING>", ["a", "b"]),
    "none at all": ((), "ARRAY<STRING>", []),
    "nothing among them": ((None, 1), "ARRAY<INT64>", [None, "1"]),
    "numbers": ((1, Decimal("2.5")), "ARRAY<NUMERIC>", ["1", "2.5"]),
    "wide numbers": ((1, 2.5), "ARRAY<FLOAT64>", [1.0, 2.5]),
    "days": ((DAY,), "ARRAY<DATE>", ["2025-03-01"]),
}


@pytest.mark.parametrize(("value", "kind", "wire"), PARAMETERS.values(), ids=PARAMETERS)
def test_a_parameter_travels_with_its_exact_type(server, warehouse, value, kind, wire):
    warehouse.run(Query("shop", "SELECT @v AS x", {"v": value}))
    [parameter] = sent(server)["queryParameters"]
    found, given = parameter["parameterType"], parameter["parameterValue"]
    if found["type"] == "ARRAY":
        assert f"ARRAY<{found['arrayType']['type']}>" == kind
        assert [item["value"] for item in given["arrayValues"]] == wire
    else:
        assert (found["type"], given["value"]) == (kind, wire)


def test_the_tenant_is_bound_whatever_the_caller_binds(server, warehouse):
    warehouse.run(Query("shop", "SELECT @Project_Id AS x", {"project_id": "other", "unused": 1}))
    [parameter] = sent(server)["queryParameters"]
    assert parameter["name"] == "project_id"
    assert parameter["parameterValue"]["value"] == "shop"


@pytest.mark.parametrize("value", [("a", 1), (DAY, "a"), Decimal("NaN")])
def test_a_parameter_without_one_type_is_invalid(warehouse, value):
    with pytest.raises(Invalid):
        warehouse.run(Query("shop", "SELECT @v", {"v": value}))


NO_SELECT = {
    "delete": "DELETE FROM channel_daily WHERE TRUE",
    "hidden": "/* SELECT */ DROP TABLE channel_daily",
    "script": "SELECT 1; DROP TABLE channel_daily",
    "after a quote": r"SELECT 'it\'s'; DROP TABLE channel_daily",
    "raw quote": r"SELECT r'\'; DROP TABLE channel_daily --'; SELECT 2",
    "after a comment": "SELECT 1 -- '\n; DELETE FROM channel_daily WHERE TRUE",
    "triple quote": "SELECT '''a'b'''; SELECT 2",
    "empty": "",
    "words": "how much did we spend?",
    "call": "CALL marketing.erase()",
    "too long": "SELECT '" + "x" * (1 << 20) + "'",
}


@pytest.mark.parametrize("sql", NO_SELECT.values(), ids=NO_SELECT)
def test_what_is_not_one_select_never_leaves(server, warehouse, sql):
    for ask in (warehouse.run, warehouse.estimate):
        with pytest.raises(Invalid):
            ask(Query("shop", sql))
    assert server.calls == []


ONE_SELECT = {
    "semicolon in quotes": "SELECT ';' AS x, `a;b` FROM t",
    "semicolon in a comment": "SELECT 1 AS x # ; DROP TABLE t\n-- ; x\n/* ; */",
    "semicolon at the end": "SELECT 1 AS x;\n",
    "parentheses": "(WITH t AS (SELECT 1 AS x) SELECT x FROM t)",
    "address in quotes": "SELECT 'ann@example.com' AS x",
}


@pytest.mark.parametrize("sql", ONE_SELECT.values(), ids=ONE_SELECT)
def test_one_select_goes_out_as_it_was_written(server, warehouse, sql):
    warehouse.run(Query("shop", sql))
    assert sent(server)["query"] == sql


def test_tables_are_looked_for_in_the_dataset_of_the_setting(server):
    sql = (
        "SELECT 'marketing.channel_daily' AS marketing FROM marketing.channel_daily AS d, campaigns"
    )
    warehouse = open_warehouse(server, dataset="marketing_test", location="US")
    warehouse.run(Query("shop", sql))
    body = sent(server)
    assert body["query"] == sql.replace("FROM marketing.", "FROM marketing_test.")
    assert body["defaultDataset"] == {"projectId": PROJECT, "datasetId": "marketing_test"}
    assert body["location"] == "US"
    warehouse.close()


def test_a_short_query_is_one_request_with_its_bounds_and_labels(server, warehouse):
    warehouse.run(Query("Shop.EU", "SELECT 1 AS x", max_bytes=5 << 30, max_rows=500, timeout_s=20))
    body = sent(server)
    assert len(server.calls) == 1
    assert body["maximumBytesBilled"] == str(5 << 30)
    assert body["maxResults"] == 501
    assert body["jobTimeoutMs"] in ("20000", 20000)
    assert body["useQueryCache"] is True
    assert body["useLegacySql"] is False
    assert body["jobCreationMode"] == "JOB_CREATION_OPTIONAL"
    assert body["labels"] == {"aims_project": "shop-eu", "aims_operation": "query"}


def test_values_come_back_plain_and_typed(server, warehouse):
    fields = [
        ("s", "STRING"), ("i", "INTEGER"), ("f", "FLOAT"), ("n", "NUMERIC"), ("b", "BOOLEAN"),
        ("d", "DATE"), ("t", "TIMESTAMP"), ("f0_", "FLOAT"), ("nan", "FLOAT"), ("inf", "FLOAT"),
    ]  # fmt: skip
    line = [
        "x",
        "1",
        "0.5",
        "1.5",
        "true",
        "2025-03-01",
        "1743487200000000",
        None,
        "NaN",
        "-Infinity",
    ]
    server.says("query", rows(fields, line, totalBytesProcessed="1234"))
    found = warehouse.run(Query("shop", "SELECT 1"))
    assert [column.type for column in found.columns] == [
        "STRING", "INT64", "FLOAT64", "NUMERIC", "BOOL", "DATE", "TIMESTAMP", "FLOAT64", "FLOAT64",
        "FLOAT64",
    ]  # fmt: skip
    assert found.columns[7] == Column("f0_", "FLOAT64")
    assert found.rows == [("x", 1, 0.5, Decimal("1.5"), True, DAY, LOADED, None, None, None)]
    assert found.bytes_processed == 1234


def test_what_is_not_a_number_in_an_array_is_none(server, warehouse):
    reply = rows([("a", "FLOAT")], [[{"v": "1.5"}, {"v": "NaN"}]])
    reply.body["schema"]["fields"][0]["mode"] = "REPEATED"
    server.says("query", reply)
    found = warehouse.run(Query("shop", "SELECT 1"))
    assert (found.columns, found.rows) == ((Column("a", "ARRAY<FLOAT64>"),), [([1.5, None],)])


def test_a_result_that_came_without_a_job_is_a_result(server, warehouse):
    reply = rows([("x", "INTEGER")], ["1"], totalBytesProcessed="12", queryId="q_1")
    del reply.body["jobReference"]
    server.says("query", reply)
    found = warehouse.run(Query("shop", "SELECT 1 AS x"))
    assert (found.rows, found.bytes_processed) == ([(1,)], 12)


@pytest.mark.parametrize(("most", "truncated"), [(4, True), (5, False), (6, False)])
def test_rows_come_page_by_page_up_to_the_bound(server, warehouse, most, truncated):
    x = [("x", "INTEGER")]
    server.says("query", rows(x, ["1"], ["2"], ["3"], totalRows="5", pageToken="p2"))
    server.says("results", rows(x, ["4"], ["5"], totalRows="5"))
    found = warehouse.run(Query("shop", "SELECT 1", max_rows=most))
    assert found.rows == [(1,), (2,), (3,), (4,), (5,)][:most]
    assert found.truncated is truncated
    [page] = server.asked("results")
    assert page.arguments["pageToken"] == "p2"


def test_a_query_that_takes_longer_is_waited_for(server, warehouse):
    server.says("query", unfinished())
    server.says("job", job("job_1", "RUNNING"))
    server.says("results", rows([("x", "INTEGER")], ["7"]))
    assert warehouse.run(Query("shop", "SELECT 1 AS x", timeout_s=5)).rows == [(7,)]
    assert server.asked("cancel") == []


def test_a_query_is_cancelled_at_its_deadline(server, warehouse):
    server.says("query", unfinished())
    server.says("job", *[job("job_1", "RUNNING")] * 500)
    server.says("results", *[unfinished()] * 500)
    began = time.monotonic()
    with pytest.raises(TimedOut, match="shorter period"):
        warehouse.run(Query("shop", "SELECT 1", timeout_s=0.4))
    assert time.monotonic() - began < 2
    [cancelled] = server.asked("cancel")
    assert cancelled.names == {"job": "job_1"}


ADDRESS = f"{PROJECT}:marketing.nope"
ERRORS = {
    "byte cap": (400, "bytesBilledLimitExceeded", "Query exceeded limit for bytes billed: 10485760. 20971520 or higher required.", TooLarge, "shorter period"),
    "resources": (400, "resourcesExceeded", "Resources exceeded during query execution", TooLarge, "Ask for"),
    "response": (403, "responseTooLarge", "Response too large to return", TooLarge, "Ask for"),
    "syntax": (400, "invalidQuery", "Syntax error: Unexpected keyword FROM at [1:8]", Invalid, r"Unexpected keyword FROM at \[1:8\]"),
    "table": (404, "notFound", f"Not found: Table {ADDRESS} was not found in location EU", Invalid, "Not found: Table nope"),
    "quoted table": (400, "invalidQuery", f"Cannot query over table '{PROJECT}.marketing.channel_daily' without a filter over column(s) 'date'", Invalid, "'channel_daily' without a filter"),
    "overflow": (400, "invalidQuery", "numeric overflow: SUM", Invalid, "^A number became too large"),
    "dataset": (404, "notFound", f"Not found: Dataset {PROJECT}:marketing was not found in location EU", Unavailable, "operator"),
    "access": (403, "accessDenied", f"Access Denied: Table {ADDRESS}: Permission bigquery.tables.getData denied", Unavailable, "operator"),
    "quota": (403, "quotaExceeded", "Quota exceeded: Your project exceeded quota", Unavailable, "operator"),
    "concurrent": (400, "invalidQuery", f"Could not serialize access to table {ADDRESS} due to concurrent update", Unavailable, "Try again"),
    "stopped": (400, "stopped", "Job execution was cancelled: Job timed out after 30s", TimedOut, "deadline"),
    "unheard of": (400, "somethingNew", f"{ADDRESS} said no", Unavailable, "Try again"),
}  # fmt: skip


@pytest.mark.parametrize(("status", "reason", "message", "kind", "says"), ERRORS.values(), ids=ERRORS)  # fmt: skip
def test_an_error_becomes_one_of_ours_and_tells_no_ids(
    server, warehouse, status, reason, message, kind, says
):
    server.says("query", refuses(status, reason, message))
    server.says("insert", refuses(status, reason, message))
    for ask in (warehouse.run, warehouse.estimate):
        with pytest.raises(kind, match=says) as error:
            ask(Query("shop", "SELECT 1"))
        assert type(error.value) is kind
        assert PROJECT not in error.value.detail
        assert "EU" not in error.value.detail
        assert message in str(error.value.__cause__)  # for the log


def test_a_query_that_fails_after_a_while_is_told_without_its_job(server, warehouse):
    words = ("invalidQuery", f"Division by zero: 1 / 0\nJob ID: {PROJECT}:EU.job_1")
    server.says("query", unfinished())
    server.says("job", job("job_1", error=words))
    with pytest.raises(Invalid) as error:
        warehouse.run(Query("shop", "SELECT 1 / 0", timeout_s=5))
    assert error.value.detail == "This SQL cannot be run: Division by zero: 1 / 0."


BUSY = {
    "rate": (429, "rateLimitExceeded"),
    "backend": (503, "backendError"),
    "inside": (500, "internalError"),
}


@pytest.mark.parametrize(("status", "reason"), BUSY.values(), ids=BUSY)
def test_a_passing_fault_is_tried_again_as_the_same_request(server, warehouse, status, reason):
    server.says("query", refuses(status, reason, "Try later"), refuses(status, reason, "Try later"))
    assert warehouse.run(Query("shop", "SELECT 1", timeout_s=10)).rows == [(1,)]
    assert len({call.body["requestId"] for call in server.asked("query")}) == 1


@pytest.mark.parametrize(("status", "reason"), BUSY.values(), ids=BUSY)
def test_a_fault_that_stays_is_unavailable_at_the_deadline(server, warehouse, status, reason):
    server.says("query", *[refuses(status, reason, f"{ADDRESS} is busy")] * 100)
    began = time.monotonic()
    with pytest.raises(Unavailable, match="Try again") as error:
        warehouse.run(Query("shop", "SELECT 1", timeout_s=0.5))
    assert time.monotonic() - began < 3
    assert PROJECT not in error.value.detail


def test_a_server_that_is_not_there_is_unavailable():
    server = BigQueryServer()
    server.close()
    warehouse = open_warehouse(server)
    with pytest.raises(Unavailable, match="cannot be reached"):
        warehouse.run(Query("shop", "SELECT 1", timeout_s=0.3))
    warehouse.close()


def test_an_estimate_is_a_dry_run(server, warehouse):
    server.stats = {"totalBytesProcessed": "987654"}
    assert warehouse.estimate(Query("shop", "SELECT @project_id")) == 987654
    [asked] = server.asked("insert")
    assert asked.body["configuration"]["dryRun"] is True
    assert asked.body["configuration"]["labels"]["aims_operation"] == "estimate"
    assert len(server.calls) == 1


def test_a_ping_asks_for_the_dataset(server, warehouse):
    warehouse.ping()
    server.says("dataset", refuses(403, "accessDenied", f"Access Denied: Dataset {ADDRESS}"))
    with pytest.raises(Unavailable):
        warehouse.ping()


def batch(*days, campaign="c1", **columns):
    values = {
        "date": pa.array(days, pa.date32()),
        "channel": ["meta"] * len(days),
        "campaign_id": [campaign] * len(days),
        "campaign": pa.array([None] * len(days), pa.string()),
        "spend": pa.array([Decimal("1.5")] * len(days), pa.decimal128(38, 9)),
        "impressions": [1] * len(days),
        "clicks": [1] * len(days),
        "conversions": [0.5] * len(days),
        "revenue": pa.array([None] * len(days), pa.decimal128(38, 9)),
        **columns,
    }
    return pa.RecordBatch.from_pydict(values)


def merge(warehouse, *batches, **options):
    with warehouse.stage(CHANNEL_DAILY, "shop") as staging:
        for rows_ in batches:
            staging.append(rows_)
        return staging.merge(LOADED, **options)


def test_rows_are_loaded_once_each_key_once_into_a_table_that_is_dropped(server, warehouse):
    server.stats = MERGED
    days = [date(2025, 3, 1), date(2025, 3, 2), date(2025, 3, 1), date(2025, 3, 3)]
    assert merge(warehouse, batch(*days, clicks=[1, 2, 3, 4])) == UpsertCounts(1, 1, 1, repeated=1)
    load = sent(server, "upload")["configuration"]
    assert load["labels"] == {"aims_project": "shop", "aims_operation": "load"}
    assert load["load"]["sourceFormat"] == "PARQUET"
    assert load["load"]["writeDisposition"] == "WRITE_TRUNCATE"
    where = load["load"]["destinationTable"]
    assert where["datasetId"] == "marketing_staging"
    content = pq.read_table(io.BytesIO(sent(server, "content")))
    assert content.column("clicks").to_pylist() == [2, 3, 4]
    assert [call.names["table"] for call in server.asked("drop")] == [where["tableId"]]


def test_a_merge_is_one_statement_bounded_by_the_staged_days(server, warehouse):
    server.stats = MERGED
    merge(warehouse, batch(date(2025, 3, 1), date(2025, 3, 9)))
    query = sent(server, "insert")["configuration"]["query"]
    given = {
        p["name"]: (p["parameterType"]["type"], p["parameterValue"].get("value"))
        for p in query["queryParameters"]
    }
    assert given == {
        "project_id": ("STRING", "shop"),
        "first_day": ("DATE", "2025-03-01"),
        "last_day": ("DATE", "2025-03-09"),
        "loaded_at": ("TIMESTAMP", "2025-04-01 06:00:00+00:00"),
    }
    sql = query["query"]
    assert sql.startswith(f"MERGE INTO `{PROJECT}.marketing.channel_daily` AS t\n")
    assert "t.project_id = @project_id AND t.date BETWEEN @first_day AND @last_day" in sql
    assert "WHEN MATCHED AND (t.campaign IS DISTINCT FROM s.campaign OR " in sql
    assert "DELETE" not in sql
    assert int(query["maximumBytesBilled"]) > 0


def test_replacing_campaigns_is_in_the_same_statement_and_reaches_every_day(server, warehouse):
    server.stats = MERGED
    merge(warehouse, batch(DAY), batch(DAY, campaign="c2"), replace_campaigns=True)
    query = sent(server, "insert")["configuration"]["query"]
    values = {p["name"]: p["parameterValue"] for p in query["queryParameters"]}
    assert [v["value"] for v in values["campaigns"]["arrayValues"]] == ["c1", "c2"]
    assert (values["first_day"]["value"], values["last_day"]["value"]) == (
        "0001-01-01",
        "9999-12-31",
    )
    assert query["query"].endswith(
        "WHEN NOT MATCHED BY SOURCE AND t.project_id = @project_id AND t.date BETWEEN @first_day"
        " AND @last_day AND t.campaign_id IN UNNEST(@campaigns) THEN\n  DELETE"
    )


def test_a_table_without_days_is_merged_without_their_bounds(server, warehouse):
    server.stats = MERGED
    names = [c.name for c in CAMPAIGNS.columns if c.name not in ("project_id", "loaded_at")]
    row = dict.fromkeys(names) | {"campaign_id": "c1"}
    with warehouse.stage(CAMPAIGNS, "shop", ("budget",)) as staging:
        staging.append(pa.RecordBatch.from_pylist([row, row | {"campaign_id": "c2"}]))
        staging.merge(LOADED)
    sql = sent(server, "insert")["configuration"]["query"]["query"]
    assert "first_day" not in sql
    assert "UPDATE SET budget = s.budget, loaded_at = @loaded_at" in sql


def test_comparing_and_merging_load_once(server, warehouse):
    server.stats = MERGED
    server.says("results", rows([("f0_", "INTEGER"), ("f1_", "INTEGER")], ["1", "0"]))
    with warehouse.stage(CHANNEL_DAILY, "shop") as staging:
        staging.append(batch(DAY, date(2025, 3, 2)))
        assert staging.compare() == UpsertCounts(1, 0, 1)
        assert staging.merge(LOADED) == UpsertCounts(1, 1, 0)
    assert len(server.asked("upload")) == 1
    compare, _ = server.asked("insert")
    assert compare.body["configuration"]["query"]["query"].startswith("SELECT")
    assert compare.body["configuration"]["labels"]["aims_operation"] == "compare"


@pytest.mark.parametrize("operation", ["insert", "content"])
def test_a_job_whose_answer_was_lost_is_found_and_not_run_twice(server, warehouse, operation):
    server.stats = MERGED
    server.says(operation, refuses(503, "backendError", "Lost on the way", begins=True))
    assert merge(warehouse, batch(DAY, date(2025, 3, 2))) == UpsertCounts(1, 1, 0)
    names = {call.body["jobReference"]["jobId"] for call in server.asked("insert")}
    assert len(names) == 1
    assert next(iter(names)).startswith("aims-merge-channel_daily_")


def test_a_merge_that_fails_tells_why_and_drops_its_table(server, warehouse):
    busy = (
        "invalidQuery",
        f"Could not serialize access to table {ADDRESS} due to concurrent update",
    )
    server.says("insert", job("m", error=busy))
    with pytest.raises(Unavailable) as error:
        merge(warehouse, batch(DAY))
    assert PROJECT not in error.value.detail
    assert len(server.asked("drop")) == 1


def test_nothing_staged_is_nothing_asked(server, warehouse):
    with warehouse.stage(CHANNEL_DAILY, "shop") as staging:
        assert staging.compare() == staging.merge(LOADED) == UpsertCounts(0, 0, 0)
    assert server.calls == []
