"""Data in and numbers out, as a frontend calls them."""

from __future__ import annotations

import io

import pytest

from shared.ports import Listing

CSV = """date,channel,campaign,spend,impressions,clicks,conversions,revenue
2025-03-01,google_ads,Brand,100.50,1000,50,5,400
2025-03-01,meta,Launch,200,4000,80,4,300
2025-03-02,google_ads,Brand,110,1100,55,6.5,520
"""
IMPORT = "/v1/projects/shop/metrics:import"
METRICS = "/v1/projects/shop/metrics"
MARCH = "start=2025-03-01&end=2025-03-31"


@pytest.fixture
def ann(world):
    return world.person("ann@example.com").opens("shop")


def counts(report):
    return [report[k] for k in ("inserted", "updated", "unchanged", "rejected")]


def test_an_import_reports_what_it_did_and_twice_is_once(ann):
    first = ann.imports("shop", CSV).get_json()
    assert counts(first) == [3, 0, 0, 0]
    assert first["period"] == {"start": "2025-03-01", "end": "2025-03-02"}
    assert counts(ann.imports("shop", CSV).get_json()) == [0, 0, 3, 0]


def test_a_restated_day_replaces_the_old_one(ann):
    ann.imports("shop", CSV)
    restated = ann.imports("shop", CSV.replace("110,1100", "111,1100")).get_json()
    assert counts(restated) == [0, 1, 2, 0]
    table = ann.get(f"{METRICS}?metrics=spend&{MARCH}").get_json()
    assert table["rows"] == [[pytest.approx(411.5)]]


def test_a_dry_run_counts_and_writes_nothing(ann):
    assert counts(ann.imports("shop", CSV, "?dry_run=true").get_json()) == [3, 0, 0, 0]
    assert ann.get(f"{METRICS}?metrics=spend&{MARCH}").get_json()["rows"] == []


BAD = CSV.replace("200,4000", "2x0,4000")


def test_a_file_with_a_bad_line_is_refused_whole_and_says_where(ann):
    report = ann.imports("shop", BAD).get_json()
    assert counts(report) == [0, 0, 0, 1]
    [error] = report["errors"]
    assert (error["line"], error["column"], error["value"]) == (3, "spend", "2x0")
    assert ann.get(f"{METRICS}?metrics=spend&{MARCH}").get_json()["rows"] == []


def test_good_lines_of_a_bad_file_count_when_asked(ann):
    report = ann.imports("shop", BAD, "?on_error=skip_rows").get_json()
    assert counts(report) == [2, 0, 0, 1]


def test_a_form_field_is_a_file_too(ann):
    form = {"file": (io.BytesIO(CSV.encode()), "march.csv")}
    answer = ann.call("POST", IMPORT, data=form, content_type="multipart/form-data")
    assert counts(answer.get_json()) == [3, 0, 0, 0]


@pytest.mark.parametrize(
    "kw,status",
    [
        ({"data": {"other": "x"}, "content_type": "multipart/form-data"}, 400),
        ({"data": b"", "content_type": "text/csv"}, 400),
        ({"data": b"x" * ((64 << 20) + 1), "content_type": "text/csv"}, 413),
        ({"data": b"{}", "content_type": "application/json"}, 415),
        ({"data": b"PK\x03\x04" + b"\0" * 100, "content_type": "text/csv"}, 400),
    ],
    ids=["no file", "empty", "too large", "json", "a spreadsheet"],
)
def test_what_is_no_table_is_a_problem(ann, kw, status):
    answer = ann.call("POST", IMPORT, **kw)
    assert answer.status_code == status, answer.text
    assert answer.content_type.startswith("application/problem+json")


@pytest.mark.parametrize("query", ["?on_error=ignore", "?map=x", "?dry_run=maybe", "?other=1"])
def test_a_wrong_option_is_named(ann, query):
    assert ann.imports("shop", CSV, query).status_code == 422


def test_a_column_is_named_by_the_map(ann):
    odd = CSV.replace("spend", "Money out")
    report = ann.imports("shop", odd, "?map=Money out:spend").get_json()
    assert counts(report) == [3, 0, 0, 0]


def test_an_import_with_a_key_is_answered_once(ann):
    key = {"headers": {"Idempotency-Key": "k", "Content-Type": "text/csv"}}
    first = ann.call("POST", IMPORT, data=CSV, **key)
    again = ann.call("POST", IMPORT, data=CSV, **key)
    assert counts(first.get_json()) == counts(again.get_json()) == [3, 0, 0, 0]
    assert ann.call("POST", IMPORT, data=CSV + "\n", **key).status_code == 422


@pytest.mark.parametrize(
    "query,status",
    [
        ("metrics=spend,roas&dimensions=channel", 200),
        ("metrics=profit", 422),
        ("dimensions=channel", 200),
        ("metrics=spend&start=2025-03-02&end=2025-03-01", 422),
        ("metrics=spend&start=yesterday", 422),
        ("metrics=spend&grain=week", 422),
        ("metrics=spend&metrics=clicks", 400),
    ],
)
def test_a_dashboard_query_is_checked(ann, query, status):
    assert ann.get(f"{METRICS}?{query}").status_code == status


def test_a_dashboard_reads_columns_and_rows(ann):
    ann.imports("shop", CSV)
    table = ann.get(f"{METRICS}?metrics=spend,roas&dimensions=channel&{MARCH}").get_json()
    assert [c["name"] for c in table["columns"]] == ["channel", "spend", "roas"]
    rows = {row[0]: row[1:] for row in table["rows"]}
    assert rows["google_ads"] == [pytest.approx(210.5), pytest.approx(920 / 210.5)]
    assert rows["meta"] == [pytest.approx(200), pytest.approx(1.5)]


def test_a_file_is_read_in_the_currency_and_language_of_its_project(ann):
    head = "date,channel,campaign"
    [error] = ann.imports("shop", f"{head},spend\n2025-03-01,meta,A,$5\n").get_json()["errors"]
    assert "the project in EUR" in error["message"]
    report = ann.imports("shop", f"{head},spend\n03/04/2024,meta,A,5\n").get_json()
    assert report["period"] == {"start": "2024-04-03", "end": "2024-04-03"}


def test_a_dashboard_reads_csv_safe_for_a_spreadsheet(ann):
    ann.imports("shop", CSV.replace("Launch", "=HYPERLINK(0)"))
    path = f"{METRICS}?metrics=spend&dimensions=campaign&{MARCH}"
    answer = ann.get(path, headers={"Accept": "text/csv"})
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "\n=" not in answer.text.replace("\r", "")
    assert "HYPERLINK" in answer.text


FOREIGN = [
    ("GET", f"{METRICS}?metrics=spend", {}),
    ("POST", IMPORT, {"data": CSV, "content_type": "text/csv"}),
    ("POST", "/v1/projects/shop/campaigns:import", {"data": CSV, "content_type": "text/csv"}),
]


@pytest.mark.parametrize("method,path,kw", FOREIGN)
def test_a_strangers_project_and_none_answer_alike(ann, world, method, path, kw):
    ann.imports("shop", CSV)
    bob = world.person("bob@example.com").opens("bakery")

    def answer(where):
        found = bob.call(method, where, headers={"X-Request-Id": "r", "Idempotency-Key": "k"}, **kw)
        return found.status_code, found.data

    assert answer(path) == answer(path.replace("shop", "nothing-here"))
    assert answer(path)[0] == 404


def test_a_viewer_reads_and_does_not_import(ann, world):
    ann.post("/v1/projects/shop/members", {"email": "eve@example.com", "role": "viewer"})
    eve = world.person("eve@example.com")
    assert eve.imports("shop", CSV).status_code == 403
    assert eve.get(f"{METRICS}?metrics=spend").status_code == 200


def test_one_tenants_numbers_do_not_reach_another(ann, world):
    ann.imports("shop", CSV)
    bob = world.person("bob@example.com").opens("bakery")
    bob.imports("bakery", CSV.replace("100.50", "1"))
    path = f"metrics?metrics=spend&{MARCH}"
    assert ann.get(f"/v1/projects/shop/{path}").get_json()["rows"] == [[pytest.approx(410.5)]]
    assert bob.get(f"/v1/projects/bakery/{path}").get_json()["rows"] == [[pytest.approx(311)]]


def test_an_import_is_on_record_and_raises_the_data_version(ann, world):
    documents = world.app.suite.documents
    ann.imports("shop", CSV)
    ann.imports("shop", CSV)
    assert documents.get("projects/shop/state/data").data["version"] == 2
    actions = [d.data["action"] for d in documents.list(Listing("projects/shop/audit")).items]
    assert actions.count("data.imported") == 2


def test_campaign_facts_are_imported_by_the_same_rules(ann):
    facts = (
        "campaign_id,name,objective,budget,start_date,end_date\n"
        "Brand,Brand,Sales,5000,2025-01-01,2025-12-31\n"
    )
    path = "/v1/projects/shop/campaigns:import"
    for expected in ([1, 0, 0, 0], [0, 0, 1, 0]):
        answer = ann.call("POST", path, data=facts, headers={"Content-Type": "text/csv"})
        assert counts(answer.get_json()) == expected
