"""The promises of shared.ports.Warehouse, but for what GoogleSQL means (googlesql.py)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from shared.domain.semantics import CAMPAIGNS, CHANNEL_DAILY
from shared.errors import Invalid, TimedOut, TooLarge
from shared.ports import Column, Query, UpsertCounts
from tests.families.bigquery_limits import skip_what_it_cannot_show

DAY = date(2025, 3, 1)
LOADED = datetime(2025, 4, 1, 6, tzinfo=UTC)
LATER = LOADED + timedelta(days=1)
ARROW = {
    "STRING": pa.string(),
    "INT64": pa.int64(),
    "FLOAT64": pa.float64(),
    "NUMERIC": pa.decimal128(38, 9),
    "DATE": pa.date32(),
}
READ = "SELECT * FROM channel_daily WHERE project_id = @project_id AND date >= '2000-01-01'"


@pytest.fixture(autouse=True)
def shown(request):
    skip_what_it_cannot_show(request)


def row(day=DAY, channel="meta", campaign_id="c1", **values):
    defaults = {
        "campaign": "Brand",
        "spend": Decimal("1.5"),
        "impressions": 100,
        "clicks": 10,
        "conversions": 0.5,
        "revenue": Decimal("3"),
    }
    return {
        "date": day, "channel": channel, "campaign_id": campaign_id, **defaults, **values
    }  # fmt: skip


def batch(rows, table=CHANNEL_DAILY):
    names = [c for c in table.columns if c.name not in ("project_id", "loaded_at")]
    schema = pa.schema([(c.name, ARROW[c.type]) for c in names])
    return pa.RecordBatch.from_pylist(rows, schema)


def load(warehouse, rows, project="shop", at=LOADED, table=CHANNEL_DAILY, given=None, **options):
    with warehouse.stage(table, project, given) as staging:
        staging.append(batch(rows, table))
        return staging.merge(at, **options)


def read(warehouse, columns="*", project="shop"):
    sql = READ.replace("*", columns, 1) + " ORDER BY date, channel, campaign_id"
    return warehouse.run(Query(project, sql)).rows


def test_a_loaded_row_is_read_back_with_its_types(warehouse):
    load(warehouse, [row(spend=Decimal("12345678901.123456789"), conversions=0.1)])
    result = warehouse.run(Query("shop", READ))
    assert result.columns == CHANNEL_DAILY.columns
    assert result.rows == [
        ("shop", DAY, "meta", "c1", "Brand", Decimal("12345678901.123456789"), 100, 10, 0.1,
         Decimal(3), LOADED)
    ]  # fmt: skip
    assert result.rows[0][-1].utcoffset() == timedelta(0)
    assert not result.truncated


def test_a_table_that_holds_nothing_gives_no_rows_but_its_columns(warehouse):
    result = warehouse.run(Query("shop", READ))
    assert (result.rows, result.columns) == ([], CHANNEL_DAILY.columns)


def test_the_same_rows_again_change_nothing(warehouse):
    rows = [row(campaign_id=f"c{n}", campaign=None) for n in range(50)]
    assert load(warehouse, rows) == UpsertCounts(50, 0, 0)
    before = read(warehouse)
    assert load(warehouse, rows, at=LATER) == UpsertCounts(0, 0, 50)
    assert read(warehouse) == before


def test_a_corrected_row_replaces_the_old_one(warehouse):
    load(warehouse, [row(campaign_id="a"), row(campaign_id="b"), row(campaign_id="c")])
    corrected = [row(campaign_id="a"), row(campaign_id="b", clicks=11), row(campaign_id="d")]
    assert load(warehouse, corrected, at=LATER) == UpsertCounts(1, 1, 1)
    assert read(warehouse, "campaign_id, clicks, loaded_at") == [
        ("a", 10, LOADED),
        ("b", 11, LATER),
        ("c", 10, LOADED),
        ("d", 10, LATER),
    ]


@pytest.mark.parametrize("column", CHANNEL_DAILY.values)
@pytest.mark.parametrize("way", ["appears", "goes"])
def test_a_null_that_comes_or_goes_is_a_change(warehouse, column, way):
    known, unknown = row(), row(**{column: None})
    first, second = (unknown, known) if way == "appears" else (known, unknown)
    load(warehouse, [first])
    assert load(warehouse, [second]) == UpsertCounts(0, 1, 0)
    assert read(warehouse, column) == [(second[column],)]


def test_of_rows_with_one_key_the_last_appended_counts(warehouse):
    with warehouse.stage(CHANNEL_DAILY, "shop") as staging:
        staging.append(batch([row(clicks=1), row(channel="email"), row(clicks=2)]))
        staging.append(batch([row(clicks=3)]))
        assert staging.compare() == UpsertCounts(2, 0, 0, repeated=2)
        assert staging.merge(LOADED) == UpsertCounts(2, 0, 0, repeated=2)
    assert read(warehouse, "channel, clicks") == [("email", 10), ("meta", 3)]


def test_compare_counts_what_merge_would_do_and_does_nothing(warehouse):
    load(warehouse, [row(campaign_id="a"), row(campaign_id="b")])
    before = read(warehouse)
    rows = [row(campaign_id="a"), row(campaign_id="b", clicks=0), row(campaign_id="c")]
    with warehouse.stage(CHANNEL_DAILY, "shop") as staging:
        staging.append(batch(rows))
        assert staging.compare() == UpsertCounts(1, 1, 1)
        assert read(warehouse) == before
        assert staging.merge(LATER) == UpsertCounts(1, 1, 1)


def test_what_is_staged_is_not_seen_and_is_gone_without_a_merge(warehouse):
    with warehouse.stage(CHANNEL_DAILY, "shop") as staging:
        staging.append(batch([row()]))
        assert read(warehouse) == []
    assert read(warehouse) == []


def test_an_error_on_the_way_discards_what_was_staged(warehouse):
    with pytest.raises(KeyError), warehouse.stage(CHANNEL_DAILY, "shop") as staging:
        staging.append(batch([row()]))
        raise KeyError
    assert read(warehouse) == []


def test_merging_nothing_is_no_error(warehouse):
    with warehouse.stage(CHANNEL_DAILY, "shop") as staging:
        assert staging.compare() == UpsertCounts(0, 0, 0)
        assert staging.merge(LOADED) == UpsertCounts(0, 0, 0)


PARTLY = row(campaign=None, spend=Decimal(9), impressions=None, clicks=None, revenue=None)


def test_columns_that_are_not_given_keep_what_is_stored(warehouse):
    load(warehouse, [row(), row(campaign_id="c2")])
    rows = [PARTLY, {**PARTLY, "campaign_id": "new"}]
    counts = load(warehouse, rows, at=LATER, given=("spend",))
    assert counts == UpsertCounts(1, 1, 0)
    assert read(warehouse, "campaign_id, campaign, spend, clicks, loaded_at") == [
        ("c1", "Brand", Decimal(9), 10, LATER),
        ("c2", "Brand", Decimal("1.5"), 10, LOADED),
        ("new", None, Decimal(9), None, LATER),
    ]


@pytest.mark.parametrize("given", [("impressions", "clicks"), ()], ids=["some", "none"])
def test_columns_that_are_not_given_are_not_compared(warehouse, given):
    load(warehouse, [row()])
    rows = [row(spend=Decimal(9), revenue=None), row(campaign_id="new")]
    with warehouse.stage(CHANNEL_DAILY, "shop", given) as staging:
        staging.append(batch(rows))
        assert staging.compare() == UpsertCounts(1, 0, 1)
        assert staging.merge(LATER) == UpsertCounts(1, 0, 1)
    assert read(warehouse, "spend, loaded_at")[0] == (Decimal("1.5"), LOADED)


def test_an_overflow_is_said_without_the_words_of_an_engine(warehouse):
    most = Decimal(10) ** 28 * 9
    load(warehouse, [row(spend=most), row(campaign_id="c2", spend=most)])
    with pytest.raises(Invalid) as error:
        warehouse.run(Query("shop", READ.replace("*", "SUM(spend * 1000)", 1)))
    assert error.value.detail.startswith("A number became too large")


def test_the_rows_of_other_projects_are_untouched(warehouse):
    load(warehouse, [row(clicks=1)], project="other")
    load(warehouse, [row(clicks=2)], project="shop")
    assert load(warehouse, [row(clicks=3)], at=LATER, replace_campaigns=True).updated == 1
    assert read(warehouse, "clicks, loaded_at", project="other") == [(1, LOADED)]
    assert read(warehouse, "clicks") == [(3,)]


def test_replacing_campaigns_removes_what_is_not_staged_of_them(warehouse):
    load(
        warehouse,
        [row(campaign_id="a"), row(DAY + timedelta(1), campaign_id="a"), row(campaign_id="b")],
    )
    counts = load(warehouse, [row(campaign_id="a")], at=LATER, replace_campaigns=True)
    assert counts == UpsertCounts(0, 0, 1)
    assert read(warehouse, "date, campaign_id") == [(DAY, "a"), (DAY, "b")]


def test_campaign_facts_are_upserted_by_campaign(warehouse):
    facts = {"campaign_id": "c1", "name": "Brand", "objective": None, "budget": Decimal("10"),
             "start_date": DAY, "end_date": None}  # fmt: skip
    load(warehouse, [facts], table=CAMPAIGNS)
    counts = load(warehouse, [{**facts, "budget": Decimal("12.5")}], table=CAMPAIGNS)
    assert counts == UpsertCounts(0, 1, 0)
    sql = "SELECT name, budget FROM campaigns WHERE project_id = @project_id"
    assert warehouse.run(Query("shop", sql)).rows == [("Brand", Decimal("12.5"))]


def test_other_widths_of_the_same_kind_are_converted(warehouse):
    narrow = batch([row()])
    narrow = narrow.set_column(
        narrow.schema.get_field_index("spend"), "spend", pa.array([Decimal("1.50")])
    ).set_column(
        narrow.schema.get_field_index("channel"), "channel",
        pa.array(["meta"]).dictionary_encode(),
    )  # fmt: skip
    with warehouse.stage(CHANNEL_DAILY, "shop") as staging:
        staging.append(narrow)
        staging.merge(LOADED)
    assert read(warehouse, "channel, spend") == [("meta", Decimal("1.5"))]


@pytest.mark.parametrize(
    "change",
    [
        lambda b: b.drop_columns(["spend"]),
        lambda b: b.set_column(0, "date", pa.array(["someday"])),
        lambda b: b.set_column(0, "date", pa.array([None], pa.date32())),
    ],
    ids=["missing-column", "wrong-type", "null-key"],
)
def test_rows_that_do_not_fit_are_invalid_and_change_nothing(warehouse, change):
    load(warehouse, [row()])
    with pytest.raises(Invalid), warehouse.stage(CHANNEL_DAILY, "shop") as staging:
        staging.append(batch([row(campaign_id="new")]))
        staging.append(change(batch([row(campaign_id="bad")])))
        staging.merge(LATER)
    assert read(warehouse, "campaign_id") == [("c1",)]


def test_merges_of_many_threads_all_arrive(warehouse):
    def merge(worker):
        rows = [row(DAY + timedelta(n), campaign_id=f"c{worker % 4}") for n in range(20)]
        return load(warehouse, rows, project=f"p{worker % 3}")

    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(merge, range(24)))
    assert sum(c.inserted for c in counts) == 12 * 20
    assert sum(c.unchanged for c in counts) == 12 * 20
    assert [len(read(warehouse, project=f"p{n}")) for n in range(3)] == [80, 80, 80]


def test_readers_see_whole_merges_only(warehouse):
    def write():
        for version in range(1, 15):
            load(warehouse, [row(DAY + timedelta(n), clicks=version) for n in range(40)])

    write_first = [row(DAY + timedelta(n), clicks=0) for n in range(40)]
    load(warehouse, write_first)
    sql = READ.replace("*", "COUNT(*), MIN(clicks), MAX(clicks)", 1)
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        while not writing.done():
            [(count, least, most)] = warehouse.run(Query("shop", sql)).rows
            assert (count, least) == (40, most)
        writing.result()


def test_parameters_bind_by_name_and_only_those_used_are_needed(warehouse):
    load(warehouse, [row(), row(channel="email", spend=Decimal("9")), row(channel="tiktok")])
    sql = READ.replace("*", "channel", 1) + (
        " AND channel IN UNNEST(@channels) AND spend < @most AND date BETWEEN @from AND @to"
        " AND loaded_at <= @now ORDER BY channel"
    )
    params = {
        "channels": ("meta", "email", "x' OR '1'='1"), "most": Decimal("5"), "from": DAY,
        "to": DAY, "now": LOADED, "unused": 1, "project_id": "other",
    }  # fmt: skip
    assert warehouse.run(Query("shop", sql, params)).rows == [("meta",)]
    assert warehouse.run(Query("shop", sql, {**params, "channels": ()})).rows == []


def test_a_parameter_without_a_value_is_invalid(warehouse):
    with pytest.raises(Invalid, match="@channel"):
        warehouse.run(Query("shop", f"{READ} AND channel = @channel"))


def test_more_rows_than_asked_for_are_cut_and_said_to_be(warehouse):
    load(warehouse, [row(campaign_id=f"c{n}") for n in range(5)])
    for most, truncated in ((4, True), (5, False), (6, False)):
        result = warehouse.run(Query("shop", READ, max_rows=most))
        assert (len(result.rows), result.truncated) == (min(most, 5), truncated)


def test_columns_are_named_as_they_were_written(warehouse):
    sql = "SELECT 1 AS One, 'x', 2 + 3, CURRENT_DATE() AS `to day`"
    names = [column.name for column in warehouse.run(Query("shop", sql)).columns]
    assert names == ["One", "f0_", "f1_", "to day"]


def test_columns_carry_googlesql_types(warehouse):
    sql = (
        "SELECT 'x' AS s, 1 AS i, 1.5 AS f, NUMERIC '1' AS n, TRUE AS b, DATE '2025-01-01' AS d,"
        " TIMESTAMP '2025-01-01 00:00:00+00' AS t, SUM(clicks) AS si, SUM(spend) AS sn,"
        " SUM(conversions) AS sf, COUNT(*) AS c FROM channel_daily WHERE date > '2025-01-01'"
    )
    types = {column.name: column.type for column in warehouse.run(Query("shop", sql)).columns}
    assert types == {
        "s": "STRING", "i": "INT64", "f": "FLOAT64", "n": "NUMERIC", "b": "BOOL", "d": "DATE",
        "t": "TIMESTAMP", "si": "INT64", "sn": "NUMERIC", "sf": "FLOAT64", "c": "INT64",
    }  # fmt: skip


def test_nan_and_infinity_come_as_none(warehouse):
    sql = "SELECT IEEE_DIVIDE(0, 0), IEEE_DIVIDE(1, 0), IEEE_DIVIDE(-1, 0), IEEE_DIVIDE(1, 2)"
    assert warehouse.run(Query("shop", sql)).rows == [(None, None, None, 0.5)]


SLOW = (
    "SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS a"
    " CROSS JOIN UNNEST(GENERATE_ARRAY(1, 100000)) AS b WHERE MOD(a * b, 7) = 3"
)


def test_a_query_is_stopped_at_its_deadline_and_the_next_one_runs(warehouse):
    with pytest.raises(TimedOut):
        warehouse.run(Query("shop", SLOW, timeout_s=0.2))
    assert warehouse.run(Query("shop", "SELECT 1 AS x", timeout_s=5)).rows == [(1,)]


def test_a_query_over_its_byte_cap_is_refused_with_what_to_do(warehouse):
    load(warehouse, [row(campaign_id=f"c{n}") for n in range(100)])
    assert warehouse.run(Query("shop", READ, max_bytes=1 << 20)).rows
    with pytest.raises(TooLarge, match="shorter period"):
        warehouse.run(Query("shop", READ, max_bytes=100))


def test_the_estimate_bounds_what_a_query_reads(warehouse):
    load(warehouse, [row(DAY + timedelta(n), campaign_id=f"c{n}") for n in range(100)])
    load(warehouse, [row(DAY + timedelta(n)) for n in range(100)], project="other")
    everything = Query("shop", READ)
    assert warehouse.run(everything).bytes_processed <= warehouse.estimate(everything)
    assert warehouse.estimate(everything) >= 100 * (16 + 16 + 4 * 8)


def estimate(warehouse, sql, **params):
    return warehouse.estimate(Query("shop", sql, params))


def test_fewer_columns_fewer_days_and_one_project_cost_less(warehouse):
    load(warehouse, [row(DAY + timedelta(n)) for n in range(100)])
    load(warehouse, [row(DAY + timedelta(n)) for n in range(100)], project="other")
    whole = estimate(warehouse, "SELECT * FROM channel_daily WHERE date >= '2000-01-01'")
    mine = estimate(warehouse, READ)
    columns = estimate(warehouse, READ.replace("*", "clicks", 1))
    days = estimate(warehouse, f"{READ} AND date < @end", end=DAY + timedelta(10))
    inner = estimate(warehouse, f"SELECT clicks FROM ({READ}) AS t WHERE channel = 'meta'")
    assert whole >= mine > columns > 0
    assert mine > days > 0
    assert mine > inner >= columns
    assert estimate(warehouse, "SELECT 1 AS x") == 0


def test_only_what_holds_for_every_row_makes_an_estimate_smaller(warehouse):
    load(warehouse, [row(DAY + timedelta(n)) for n in range(100)])
    load(warehouse, [row(DAY + timedelta(n)) for n in range(100)], project="other")
    half, whole = DAY + timedelta(50), DAY + timedelta(100)
    days = "SELECT clicks FROM channel_daily WHERE date < @end"
    either = f"{days} OR project_id = @project_id"
    nested = (
        f"{days} AND clicks < (SELECT SUM(c.clicks) FROM channel_daily AS c WHERE c.date < @end)"
    )
    for sql, share in ((days, 0.5), (either, 0.75), (nested, 0.5)):
        assert estimate(warehouse, sql, end=half) == share * estimate(warehouse, sql, end=whole)
    assert estimate(warehouse, nested, end=half) == 2 * estimate(warehouse, days, end=half)


WRONG = {
    "syntax": "SELECT spend + FROM channel_daily",
    "not sql": "how much did we spend?",
    "empty": "",
    "unknown column": "SELECT nope FROM channel_daily",
    "unknown table": "SELECT * FROM nope",
    "unknown function": "SELECT NOPE(1)",
    "conversion": "SELECT CAST('x' AS INT64)",
    "zero denominator": "SELECT 1 / (SELECT COUNT(*) FROM campaigns)",
    "two statements": "SELECT 1; SELECT 2",
    "delete": "DELETE FROM channel_daily WHERE TRUE",
    "drop": "DROP TABLE channel_daily",
    "insert": "INSERT INTO campaigns (project_id, campaign_id) VALUES ('a', 'b')",
    "create": "CREATE TABLE marketing.mine AS SELECT 1 AS x",
    "parentheses": "SELECT " + "(" * 2000 + "1" + ")" * 2000,
    "subqueries": "SELECT * FROM " + "(SELECT * FROM " * 500 + "campaigns" + ")" * 500,
    "alias bomb": "SELECT 1 AS a0, " + ", ".join(f"a{n}+a{n} AS a{n + 1}" for n in range(60)),
    "megabyte": "SELECT '" + "x" * 1_100_000 + "'",
}


@pytest.mark.parametrize("sql", WRONG.values(), ids=WRONG)
def test_sql_that_is_wrong_is_invalid(warehouse, sql):
    load(warehouse, [row()])
    with pytest.raises(Invalid) as error:
        warehouse.run(Query("shop", sql))
    assert 10 < len(error.value.detail) < 500
    assert len(read(warehouse)) == 1


@pytest.mark.parametrize("name", ["syntax", "unknown column", "unknown table", "delete"])
def test_an_estimate_of_wrong_sql_is_invalid(warehouse, name):
    with pytest.raises(Invalid):
        warehouse.estimate(Query("shop", WRONG[name]))


HOSTILE = {
    "file function": "SELECT * FROM read_csv('{path}')",
    "text function": "SELECT * FROM read_text('{path}')",
    "blob function": "SELECT content FROM read_blob('{path}')",
    "file as table": "SELECT * FROM `{path}`",
    "string as table": "SELECT * FROM '{path}'",
    "glob": "SELECT * FROM glob('/etc/*')",
    "copy": "COPY campaigns TO '{path}.out'",
    "export": "EXPORT DATA OPTIONS (uri='{path}') AS SELECT 1",
    "attach": "ATTACH '{path}' AS other",
    "install": "INSTALL httpfs",
    "setting": "SET enable_external_access = true",
    "pragma": "PRAGMA database_list",
    "settings table": "SELECT * FROM duckdb_settings()",
    "schema": "SELECT * FROM information_schema.tables",
    "setting function": "SELECT current_setting('temp_directory')",
    "environment": "SELECT getenv('HOME')",
    "query function": "SELECT * FROM query('SELECT 1')",
}


@pytest.mark.parametrize("sql", HOSTILE.values(), ids=HOSTILE)
def test_sql_reaches_neither_files_nor_settings(warehouse, tmp_path, sql):
    secret = tmp_path / "secret.csv"
    secret.write_text("word\nopensesame\n")
    with pytest.raises(Invalid) as error:
        warehouse.run(Query("shop", sql.format(path=secret)))
    assert "opensesame" not in error.value.detail
    assert [path.name for path in tmp_path.glob("secret*")] == ["secret.csv"]


def test_the_store_answers(warehouse):
    assert warehouse.ping() is None


def test_a_column_of_the_schema_is_a_column_of_the_table(warehouse):
    for table in (CHANNEL_DAILY, CAMPAIGNS):
        sql = f"SELECT * FROM {table.name} WHERE project_id = @project_id AND TRUE"
        if Column("date", "DATE") in table.columns:
            sql += " AND date > '2000-01-01'"
        assert warehouse.run(Query("shop", sql)).columns == table.columns
